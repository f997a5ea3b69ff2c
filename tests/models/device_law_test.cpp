// Every law against a second implementation in double precision, with and without c2c noise.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "tests/models/device_support.h"

namespace tessera::testing {
namespace {

struct Case {
    const char     *name;
    tsr_device_spec spec;
};

void PrintTo(const Case &c, std::ostream *stream) { *stream << c.name; }

tsr_device_spec spread(tsr_device_spec spec)
{
    spec.dw_min_d2d = 0.3;
    spec.up_down_d2d = 0.05;
    spec.w_max_d2d = 0.2;
    spec.w_min_d2d = 0.2;
    spec.up_down = 0.1;
    return spec;
}

std::vector<Case> cases()
{
    std::vector<Case> all;
    all.push_back({"constant", spread(device_spec(TSR_LAW_CONSTANT_STEP))});
    tsr_device_spec linear = spread(device_spec(TSR_LAW_LINEAR_STEP));
    linear.gamma_up = 0.2;
    linear.gamma_down = 0.5;
    linear.gamma_d2d = 0.05;
    all.push_back({"linear", linear});
    all.push_back({"soft_bounds", spread(device_spec(TSR_LAW_SOFT_BOUNDS))});
    tsr_device_spec reference = spread(device_spec(TSR_LAW_SOFT_BOUNDS_REFERENCE));
    reference.reference_std = 0.1;
    reference.subtract_symmetry_point = true;
    all.push_back({"soft_bounds_reference", reference});
    tsr_device_spec exponential = spread(device_spec(TSR_LAW_EXP_STEP));
    exponential.gamma_up = exponential.gamma_down = 5.0;
    exponential.exp_a = exponential.exp_b = -0.5;
    exponential.exp_A_up = -1.18445;
    exponential.exp_A_down = -0.081404;
    all.push_back({"exp", exponential});
    tsr_device_spec vanishing = exponential; // the step ends before the bound does
    vanishing.exp_a = 0.244;
    vanishing.exp_b = 0.2425;
    vanishing.gamma_up = 12.44625;
    vanishing.gamma_down = 12.78785;
    vanishing.exp_A_up = 0.00081;
    vanishing.exp_A_down = 0.36833;
    all.push_back({"exp_vanishing", vanishing});
    tsr_device_spec power = spread(device_spec(TSR_LAW_POW_STEP));
    power.gamma_up = 1.5;
    power.gamma_down = 0.7;
    all.push_back({"pow", power});
    power.gamma_up = power.gamma_down = 0.0;
    all.push_back({"pow_flat", power});
    tsr_device_spec table = spread(device_spec(TSR_LAW_PIECEWISE_STEP));
    table.table_length = 4;
    const float up[] = {1.5f, 1.2f, 0.8f, 0.1f}, down[] = {0.2f, 0.7f, 1.1f, 1.4f};
    std::copy(std::begin(up), std::end(up), table.table_up);
    std::copy(std::begin(down), std::end(down), table.table_down);
    all.push_back({"piecewise", table});
    table.table_length = 1;
    all.push_back({"piecewise_one_entry", table});
    return all;
}

// Section 2 of the conformance page, one device, double precision throughout.
class Peer {
public:
    Peer(const Devices &devices, uint32_t d) : spec_(devices.spec)
    {
        const tsr_device_planes &p = devices.planes;
        up_ = value(p.step_up, d), down_ = value(p.step_down, d);
        high_ = value(p.w_max, d), low_ = value(p.w_min, d), reference_ = value(p.reference, d);
        gamma_up_ = p.gamma_up != nullptr ? value(p.gamma_up, d) : spec_.gamma_up;
        gamma_down_ = p.gamma_down != nullptr ? value(p.gamma_down, d) : spec_.gamma_down;
        w = value(p.w, d);
    }

    void pulse(bool up, double xi)
    {
        const double v = w + reference_;
        const double f = up ? shape_up(v) : shape_down(v);
        const double noisy = spec_.c2c_additive ? f + spec_.c2c * xi : f * (1.0 + spec_.c2c * xi);
        const double next = up ? v + up_ * noisy : v - down_ * noisy;
        w = std::min(std::max(next, low_), high_) - reference_;
    }

    double w = 0.0;

private:
    static double value(const float *plane, uint32_t d)
    {
        return plane != nullptr ? static_cast<double>(plane[d]) : 0.0;
    }

    double shape_up(double v) const
    {
        switch (spec_.law) {
        case TSR_LAW_LINEAR_STEP: return 1.0 - gamma_up_ * v / high_;
        case TSR_LAW_SOFT_BOUNDS:
        case TSR_LAW_SOFT_BOUNDS_REFERENCE: return 1.0 - v / high_;
        case TSR_LAW_EXP_STEP: return std::max(1.0 - spec_.exp_A_up * std::exp(gamma_up_ * z(v)), 0.0);
        case TSR_LAW_POW_STEP: return std::pow(std::max((high_ - v) / (high_ - low_), 0.0), gamma_up_);
        case TSR_LAW_PIECEWISE_STEP: return look_up(spec_.table_up, v);
        default: return 1.0;
        }
    }

    double shape_down(double v) const
    {
        switch (spec_.law) {
        case TSR_LAW_LINEAR_STEP: return 1.0 - gamma_down_ * v / low_;
        case TSR_LAW_SOFT_BOUNDS:
        case TSR_LAW_SOFT_BOUNDS_REFERENCE: return 1.0 - v / low_;
        case TSR_LAW_EXP_STEP: return std::max(1.0 - spec_.exp_A_down * std::exp(-gamma_down_ * z(v)), 0.0);
        case TSR_LAW_POW_STEP: return std::pow(std::max((v - low_) / (high_ - low_), 0.0), gamma_down_);
        case TSR_LAW_PIECEWISE_STEP: return look_up(spec_.table_down, v);
        default: return 1.0;
        }
    }

    double z(double v) const { return 2.0 * v / (high_ - low_) * spec_.exp_a + spec_.exp_b; }

    double look_up(const float *table, double v) const
    {
        const double last = spec_.table_length - 1.0;
        if (last == 0.0) {
            return static_cast<double>(table[0]);
        }
        const double u = std::max((v - low_) / (high_ - low_) * last, 0.0);
        const double cell = std::min(std::floor(u), last - 1.0);
        const double t = std::min(u - cell, 1.0);
        const auto   k = static_cast<size_t>(cell);
        return (1.0 - t) * static_cast<double>(table[k]) + t * static_cast<double>(table[k + 1]);
    }

    tsr_device_spec spec_;
    double          up_ = 0, down_ = 0, high_ = 0, low_ = 0, reference_ = 0, gamma_up_ = 0, gamma_down_ = 0;
};

class DeviceLaw : public ::testing::TestWithParam<Case> {
protected:
    // 40 lists of up to 15 pulses, compared after each: 1e-5 is what float32 loses in 320 pulses.
    static void compare(tsr_device_spec spec)
    {
        ASSERT_EQ(tsr_device_check(&spec, nullptr), TSR_OK);
        Devices           devices(spec, 3, 20);
        std::vector<Peer> peers;
        for (uint32_t j = 0; j < devices.in; ++j) {
            for (uint32_t i = 0; i < devices.out; ++i) {
                peers.emplace_back(devices, devices.index(i, j));
            }
        }
        std::mt19937                       random(7);
        std::normal_distribution<float>    gaussian;
        std::uniform_int_distribution<int> any(1, 15);
        for (int step = 0; step < 40; ++step) {
            const int          pulses = (step % 4 == 3 ? -1 : 1) * (step / 10 % 2 == 0 ? 1 : -1) * any(random);
            const auto         n = static_cast<size_t>(std::abs(pulses));
            std::vector<float> xi(n * peers.size());
            std::generate(xi.begin(), xi.end(), [&] { return gaussian(random); });
            devices.pulse_all(pulses, xi);
            for (size_t k = 0; k < peers.size(); ++k) {
                for (size_t r = 0; r < n; ++r) {
                    peers[k].pulse(pulses > 0, static_cast<double>(xi[k * n + r]));
                }
            }
            const std::vector<double> w = devices.values(devices.planes.w);
            for (size_t k = 0; k < peers.size(); ++k) {
                ASSERT_NEAR(w[k], peers[k].w, 1e-5) << "device " << k << " after list " << step;
            }
        }
    }
};

TEST_P(DeviceLaw, equals_the_equations_without_noise) { compare(GetParam().spec); }

TEST_P(DeviceLaw, equals_the_equations_with_multiplicative_noise)
{
    tsr_device_spec spec = GetParam().spec;
    spec.c2c = 0.4;
    compare(spec);
}

TEST_P(DeviceLaw, equals_the_equations_with_additive_noise)
{
    tsr_device_spec spec = GetParam().spec;
    spec.c2c = 0.4;
    spec.c2c_additive = true;
    compare(spec);
}

TEST_P(DeviceLaw, never_leaves_the_bounds_and_counts_devices_that_reach_them)
{
    tsr_device_spec spec = GetParam().spec;
    spec.c2c = 1.0;
    spec.c2c_additive = true; // pushes over a bound even where the mean step is 0
    Devices                         devices(spec, 2, 16);
    std::mt19937                    random(11);
    std::normal_distribution<float> gaussian;
    for (const int direction : {1, -1}) {
        uint32_t hits = 0;
        for (int list = 0; list < 200; ++list) {
            std::vector<float> xi(32 * 8);
            std::generate(xi.begin(), xi.end(), [&] { return gaussian(random); });
            hits = devices.pulse_all(8 * direction, xi);
            uint32_t at_bound = 0;
            for (uint32_t d = 0; d < 32; ++d) {
                const float offset = devices.planes.reference != nullptr ? devices.planes.reference[d] : 0.0f;
                const float low = devices.planes.w_min[d], high = devices.planes.w_max[d];
                const float w = devices.planes.w[d];
                ASSERT_GE(w, low - offset);
                ASSERT_LE(w, high - offset);
                at_bound += (w == low - offset || w == high - offset) ? 1U : 0U;
            }
            ASSERT_EQ(hits, at_bound);
        }
        EXPECT_GT(hits, 0U) << "no device got to its bound: the test does not test clipping";
    }
}

TEST_P(DeviceLaw, leaves_devices_outside_the_list_and_padding_alone)
{
    Devices              devices(GetParam().spec, 2, 5);
    const uint32_t       device[] = {1, 18};
    const int16_t        pulses[] = {3, -2};
    const uint32_t       draw[] = {0, 3};
    const tsr_pulse_list list{
        2,      const_cast<uint32_t *>(device), const_cast<int16_t *>(pulses), const_cast<uint32_t *>(draw), nullptr,
        nullptr};
    std::vector<float> before(devices.planes.w, devices.planes.w + 32);
    tsr_device_pulse(&devices.spec, &devices.planes, &list, nullptr);
    for (uint32_t d = 0; d < 32; ++d) {
        if (d == 1 || d == 18) {
            EXPECT_NE(devices.planes.w[d], before[d]) << d;
        } else {
            EXPECT_EQ(devices.planes.w[d], before[d]) << d;
        }
    }
}

TEST_P(DeviceLaw, many_pulses_in_one_list_equal_single_lists)
{
    tsr_device_spec spec = GetParam().spec;
    spec.c2c = 0.3;
    Devices                         together(spec, 2, 9), apart(spec, 2, 9);
    std::mt19937                    random(13);
    std::normal_distribution<float> gaussian;
    std::vector<float>              xi(18 * 6);
    std::generate(xi.begin(), xi.end(), [&] { return gaussian(random); });
    together.pulse_all(6, xi);
    for (size_t r = 0; r < 6; ++r) {
        std::vector<float> one;
        for (size_t k = 0; k < 18; ++k) {
            one.push_back(xi[k * 6 + r]);
        }
        apart.pulse_all(1, one);
    }
    const std::vector<double> a = together.values(together.planes.w), b = apart.values(apart.planes.w);
    for (size_t k = 0; k < a.size(); ++k) {
        // only the reference is added and subtracted more often
        EXPECT_NEAR(a[k], b[k], spec.law == TSR_LAW_SOFT_BOUNDS_REFERENCE ? 1e-6 : 0.0);
    }
}

INSTANTIATE_TEST_SUITE_P(AllLaws, DeviceLaw, ::testing::ValuesIn(cases()),
                         [](const auto &instance) { return std::string(instance.param.name); });

TEST(DeviceIdeal, counts_nominal_steps_without_bounds)
{
    Devices devices(device_spec(TSR_LAW_IDEAL), 1, 3);
    EXPECT_EQ(devices.pulse_all(500), 0U);
    EXPECT_NEAR(static_cast<double>(devices.planes.w[2]), 5.0, 1e-6);
    EXPECT_EQ(tsr_device_write(&devices.spec, &devices.planes, 1, -7.5f), -7.5f);
}

} // namespace
} // namespace tessera::testing
