// Devices as manufactured, the symmetry point, retention, write noise, and the checks of a spec.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>
#include <string>

#include "tests/models/device_support.h"

namespace tessera::testing {
namespace {

struct Moments {
    double mean = 0.0, deviation = 0.0;
};

Moments moments(const std::vector<double> &values)
{
    const auto   n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double       sum = 0.0;
    for (const double value : values) {
        sum += (value - mean) * (value - mean);
    }
    return {mean, std::sqrt(sum / n)};
}

// Gaussian of the given mean and deviation: both within 4.5 standard errors (p ≈ 7e-6 each if the seed were not fixed).
void expect_gaussian(const std::vector<double> &values, double mean, double deviation)
{
    const auto    n = static_cast<double>(values.size());
    const Moments m = moments(values);
    EXPECT_NEAR(m.mean, mean, 4.5 * deviation / std::sqrt(n));
    EXPECT_NEAR(m.deviation, deviation, 4.5 * deviation / std::sqrt(2.0 * n));
}

constexpr uint32_t lines_in = 120, lines_out = 200; // 24 000 devices

TEST(DeviceConstruct, spreads_every_parameter_as_asked)
{
    tsr_device_spec spec = device_spec(TSR_LAW_SOFT_BOUNDS_REFERENCE);
    spec.dw_min_d2d = 0.15; // small enough that no bound or step changes sign
    spec.up_down_d2d = 0.05;
    spec.w_max = 1.25;
    spec.w_max_d2d = 0.1;
    spec.w_min_d2d = 0.2;
    spec.reference_mean = 0.03;
    spec.reference_std = 0.07;
    spec.retention_tau_s = 4.0;
    spec.retention_tau_d2d = 0.1;
    spec.retention_point = 0.2;
    spec.retention_point_d2d = 0.05;
    const Devices             devices(spec, lines_in, lines_out);
    const tsr_device_planes  &p = devices.planes;
    const std::vector<double> up = devices.values(p.step_up), down = devices.values(p.step_down);
    std::vector<double>       gain, asymmetry;
    for (size_t k = 0; k < up.size(); ++k) {
        gain.push_back(0.5 * (up[k] + down[k]) / spec.dw_min);
        asymmetry.push_back(0.5 * (up[k] - down[k]) / spec.dw_min);
    }
    expect_gaussian(gain, 1.0, 0.15);
    expect_gaussian(asymmetry, 0.0, 0.05);
    expect_gaussian(devices.values(p.w_max), 1.25, 0.125);
    expect_gaussian(devices.values(p.w_min), -1.0, 0.2);
    expect_gaussian(devices.values(p.reference), 0.03, 0.07);
    expect_gaussian(devices.values(p.tau_s), 4.0, 0.4);
    expect_gaussian(devices.values(p.converge), 0.2, 0.05);
}

TEST(DeviceConstruct, log_normal_gain)
{
    tsr_device_spec spec = device_spec(TSR_LAW_CONSTANT_STEP);
    spec.dw_min_d2d = 0.8;
    spec.dw_min_log_normal = true;
    const Devices       devices(spec, lines_in, lines_out);
    std::vector<double> logarithm;
    for (const double step : devices.values(devices.planes.step_up)) {
        logarithm.push_back(std::log(step / spec.dw_min));
    }
    expect_gaussian(logarithm, 0.0, 0.8);
}

TEST(DeviceConstruct, up_down_weakens_one_direction_only)
{
    tsr_device_spec spec = device_spec(TSR_LAW_CONSTANT_STEP);
    spec.up_down = 0.25;
    const Devices positive(spec, 1, 1);
    EXPECT_FLOAT_EQ(positive.planes.step_up[0], 0.01f);
    EXPECT_FLOAT_EQ(positive.planes.step_down[0], 0.0075f);
    spec.up_down = -0.25;
    const Devices negative(spec, 1, 1);
    EXPECT_FLOAT_EQ(negative.planes.step_up[0], 0.0075f);
    EXPECT_FLOAT_EQ(negative.planes.step_down[0], 0.01f);
}

TEST(DeviceConstruct, nominal_slope_is_the_same_for_every_bound)
{
    tsr_device_spec spec = device_spec(TSR_LAW_LINEAR_STEP);
    spec.gamma_up = 0.4;
    spec.gamma_down = 0.3;
    spec.w_max = 1.2;
    spec.w_max_d2d = spec.w_min_d2d = 0.2;
    const Devices nominal(spec, 4, 8);
    spec.gamma_own_bounds = true;
    const Devices own(spec, 4, 8);
    for (uint32_t d = 0; d < 64; d += 5) {
        if (nominal.planes.w_max[d] == 0.0f) {
            continue; // padding
        }
        EXPECT_NEAR(static_cast<double>(nominal.planes.gamma_up[d] / nominal.planes.w_max[d]), 0.4 / 1.2, 1e-6);
        EXPECT_NEAR(static_cast<double>(nominal.planes.gamma_down[d] / nominal.planes.w_min[d]), -0.3, 1e-6);
        EXPECT_FLOAT_EQ(own.planes.gamma_up[d], 0.4f);
        EXPECT_FLOAT_EQ(own.planes.gamma_down[d], 0.3f);
    }
}

TEST(DeviceConstruct, one_spread_does_not_change_another_parameter)
{
    tsr_device_spec spec = device_spec(TSR_LAW_SOFT_BOUNDS);
    spec.w_max_d2d = 0.3;
    const Devices with(spec, 3, 70);
    spec.dw_min_d2d = 0.3;
    spec.corrupt_share = 0.1;
    const Devices more(spec, 3, 70), larger(spec, 5, 300);
    EXPECT_EQ(with.values(with.planes.w_max), more.values(more.planes.w_max));
    for (uint32_t j = 0; j < 3; ++j) {
        for (uint32_t i = 0; i < 70; ++i) {
            ASSERT_EQ(more.planes.step_up[more.index(i, j)], larger.planes.step_up[larger.index(i, j)]);
            ASSERT_EQ(more.planes.w[more.index(i, j)], larger.planes.w[larger.index(i, j)]);
        }
    }
}

TEST(DeviceConstruct, padding_stays_zero_and_seeds_differ)
{
    tsr_device_spec spec = device_spec(TSR_LAW_SOFT_BOUNDS_REFERENCE);
    spec.dw_min_d2d = spec.w_max_d2d = spec.reference_std = 0.3;
    spec.retention_tau_s = 1.0;
    spec.retention_point = 0.5;
    Devices       devices(spec, 2, 17);
    const Devices other(spec, 2, 17, 2);
    EXPECT_NE(devices.values(devices.planes.step_up), other.values(other.planes.step_up));
    EXPECT_TRUE(tsr_device_relax(&spec, &devices.planes, 2, 17, devices.stride, 1.0));
    devices.pulse_all(3);
    for (uint32_t j = 0; j < 2; ++j) {
        for (uint32_t i = 17; i < devices.stride; ++i) {
            EXPECT_EQ(devices.planes.w[devices.index(i, j)], 0.0f);
        }
    }
}

TEST(DeviceConstruct, corrupt_devices_are_stuck_at_values_within_their_bounds)
{
    tsr_device_spec spec = device_spec(TSR_LAW_SOFT_BOUNDS_REFERENCE);
    spec.corrupt_share = 0.2;
    spec.reference_std = 0.1;
    spec.c2c = 0.3;
    spec.c2c_additive = true;
    spec.retention_tau_s = 1.0;
    spec.write_noise = 1.0;
    Devices      devices(spec, lines_in, lines_out);
    const double n = lines_in * lines_out;
    EXPECT_NEAR(devices.corrupt, 0.2 * n, 4.5 * std::sqrt(n * 0.2 * 0.8));
    std::vector<double>   state;
    std::vector<uint32_t> stuck;
    for (uint32_t j = 0; j < lines_in; ++j) {
        for (uint32_t i = 0; i < lines_out; ++i) {
            const uint32_t d = devices.index(i, j);
            if (devices.planes.step_up[d] == 0.0f && devices.planes.step_down[d] == 0.0f) {
                stuck.push_back(d);
                state.push_back(static_cast<double>(devices.planes.w[d] + devices.planes.reference[d]));
            }
        }
    }
    ASSERT_EQ(stuck.size(), devices.corrupt);
    const Moments m = moments(state); // uniform in −1 … 1
    EXPECT_NEAR(m.mean, 0.0, 4.5 / std::sqrt(3.0 * static_cast<double>(state.size())));
    EXPECT_NEAR(m.deviation, std::sqrt(1.0 / 3.0), 0.02);
    EXPECT_LE(*std::max_element(state.begin(), state.end()), 1.0);
    const std::vector<float> before(devices.planes.w,
                                    devices.planes.w + static_cast<size_t>(lines_in) * devices.stride);
    std::vector<float>       xi(static_cast<size_t>(lines_in) * lines_out * 2, 1.5f);
    devices.pulse_all(2, xi);
    devices.write_all(0.25f);
    EXPECT_TRUE(tsr_device_relax(&spec, &devices.planes, lines_in, lines_out, devices.stride, 0.5));
    for (const uint32_t d : stuck) {
        ASSERT_EQ(devices.planes.w[d], before[d]);
    }
}

TEST(DeviceWrite, clips_the_state_and_keeps_what_fits)
{
    tsr_device_spec spec = device_spec(TSR_LAW_SOFT_BOUNDS_REFERENCE);
    spec.reference_mean = 0.3;
    Devices devices(spec, 1, 1);
    EXPECT_EQ(tsr_device_write(&spec, &devices.planes, 0, 0.123456f), 0.123456f);
    EXPECT_FLOAT_EQ(tsr_device_write(&spec, &devices.planes, 0, 5.0f), 0.7f);
    EXPECT_FLOAT_EQ(tsr_device_write(&spec, &devices.planes, 0, -5.0f), -1.3f);
}

// Alternating pulses of a soft-bounds device settle at its symmetry point, at the rate (1 − s↑/M)(1 − s↓/|m|) per pair.
TEST(DeviceSymmetry, balanced_pulses_converge_to_the_symmetry_point)
{
    for (const tsr_law law : {TSR_LAW_SOFT_BOUNDS, TSR_LAW_SOFT_BOUNDS_REFERENCE}) {
        tsr_device_spec spec = device_spec(law);
        spec.dw_min_d2d = 0.2;
        spec.up_down_d2d = 0.2;
        spec.w_max_d2d = spec.w_min_d2d = 0.1;
        Devices devices(spec, 1, 16);
        devices.write_all(0.6f);
        const std::vector<double> start = devices.values(devices.planes.w);
        constexpr int             pairs = 100;
        for (int pair = 0; pair < pairs; ++pair) {
            devices.pulse_all(1);
            devices.pulse_all(-1);
        }
        const tsr_device_planes &p = devices.planes;
        for (uint32_t d = 0; d < 16; ++d) {
            const auto   step_up = static_cast<double>(p.step_up[d]), step_down = static_cast<double>(p.step_down[d]);
            const double up = 1.0 - step_up / static_cast<double>(p.w_max[d]); // v ← up·v + step_up
            const double down = 1.0 + step_down / static_cast<double>(p.w_min[d]);
            const double low_end = (down * step_up - step_down) / (1.0 - up * down); // after the down pulse of a pair
            const double point =
                static_cast<double>(tsr_device_symmetry_point(p.step_up[d], p.step_down[d], p.w_max[d], p.w_min[d]));
            EXPECT_LT(low_end, point);
            EXPECT_GT(up * low_end + step_up, point);
            const double offset = p.reference != nullptr ? static_cast<double>(p.reference[d]) : 0.0;
            const double expected = low_end + (start[d] + offset - low_end) * std::pow(up * down, pairs);
            EXPECT_NEAR(static_cast<double>(p.w[d]) + offset, expected, 5e-6) << d;
        }
    }
}

TEST(DeviceSymmetry, subtracted_reference_puts_the_symmetry_point_at_weight_zero)
{
    tsr_device_spec spec = device_spec(TSR_LAW_SOFT_BOUNDS_REFERENCE);
    spec.up_down_d2d = 0.3;
    spec.w_max_d2d = spec.w_min_d2d = 0.1;
    spec.subtract_symmetry_point = true;
    const Devices devices(spec, 1, 16);
    for (uint32_t d = 0; d < 16; ++d) {
        const double v = static_cast<double>(devices.planes.reference[d]); // state of weight 0
        const double up =
            static_cast<double>(devices.planes.step_up[d]) * (1.0 - v / static_cast<double>(devices.planes.w_max[d]));
        const double down =
            static_cast<double>(devices.planes.step_down[d]) * (1.0 - v / static_cast<double>(devices.planes.w_min[d]));
        EXPECT_NEAR(up, down, 1e-8);
        EXPECT_EQ(devices.planes.w[d], 0.0f);
    }
}

TEST(DeviceRetention, follows_the_closed_form_for_any_partition_of_time)
{
    tsr_device_spec spec = device_spec(TSR_LAW_SOFT_BOUNDS_REFERENCE);
    spec.reference_std = 0.1;
    spec.retention_tau_s = 2.0;
    spec.retention_point = 0.25;
    for (const double d2d : {0.0, 0.2}) {
        spec.retention_tau_d2d = d2d;
        spec.retention_point_d2d = 0.1 * d2d;
        Devices once(spec, 2, 20), often(spec, 2, 20);
        once.write_all(-0.5f);
        often.write_all(-0.5f);
        const std::vector<double> before = once.values(once.planes.w);
        EXPECT_TRUE(tsr_device_relax(&spec, &once.planes, 2, 20, once.stride, 1.5));
        for (int part = 0; part < 30; ++part) {
            EXPECT_TRUE(tsr_device_relax(&spec, &often.planes, 2, 20, often.stride, 0.05));
        }
        const std::vector<double> after = once.values(once.planes.w), parts = often.values(often.planes.w);
        const std::vector<double> reference = once.values(once.planes.reference);
        for (size_t k = 0; k < after.size(); ++k) {
            const uint32_t d = once.index(static_cast<uint32_t>(k % 20), static_cast<uint32_t>(k / 20));
            const double   tau = d2d > 0.0 ? static_cast<double>(once.planes.tau_s[d]) : 2.0;
            const double   point = d2d > 0.0 ? static_cast<double>(once.planes.converge[d]) : 0.25;
            const double   v = point + (before[k] + reference[k] - point) * std::exp(-1.5 / tau);
            EXPECT_NEAR(after[k] + reference[k], v, 1e-6);
            EXPECT_NEAR(parts[k], after[k], 5e-6);
        }
    }
}

TEST(DeviceRetention, leaves_a_time_too_short_for_float32_to_the_caller)
{
    tsr_device_spec spec = device_spec(TSR_LAW_CONSTANT_STEP);
    spec.retention_tau_s = 1.0;
    Devices devices(spec, 1, 1);
    devices.write_all(0.5f);
    EXPECT_FALSE(tsr_device_relax(&spec, &devices.planes, 1, 1, devices.stride, 1e-7));
    EXPECT_EQ(devices.planes.w[0], 0.5f);
    EXPECT_TRUE(tsr_device_relax(&spec, &devices.planes, 1, 1, devices.stride, 1e-3));
    EXPECT_NEAR(static_cast<double>(devices.planes.w[0]), 0.5 * std::exp(-1e-3), 1e-7);
    spec.retention_tau_s = 0.0;
    EXPECT_FALSE(tsr_device_relax(&spec, &devices.planes, 1, 1, devices.stride, 1e9));
}

TEST(DeviceWriteNoise, redraws_the_visible_weight_around_a_hidden_state_that_takes_the_pulses)
{
    tsr_device_spec spec = device_spec(TSR_LAW_CONSTANT_STEP);
    spec.write_noise = 10.0;
    Devices        devices(spec, 1, 2);
    uint32_t       device[] = {0, 1}, draw[] = {0, 4};
    int16_t        pulses[] = {4, -2};
    const float    xi[] = {0.5f, -1.0f};
    tsr_pulse_list list{2, device, pulses, draw, nullptr, nullptr};
    for (int k = 1; k <= 3; ++k) {
        tsr_device_pulse(&spec, &devices.planes, &list, nullptr);
        tsr_device_redraw(&spec, &devices.planes, &list, xi);
        EXPECT_NEAR(static_cast<double>(devices.planes.persistent[0]), 0.04 * k, 1e-6);
        EXPECT_NEAR(static_cast<double>(devices.planes.w[0]), 0.04 * k + 0.05, 1e-6);
        EXPECT_NEAR(static_cast<double>(devices.planes.w[1]), -0.02 * k - 0.1, 1e-6);
    }
}

TEST(DeviceGranularity, is_the_step_at_mid_range_of_each_law)
{
    tsr_device_spec spec = device_spec(TSR_LAW_SOFT_BOUNDS_REFERENCE);
    EXPECT_DOUBLE_EQ(tsr_device_granularity(&spec), 0.01);
    spec.law = TSR_LAW_EXP_STEP;
    spec.exp_b = -0.5;
    spec.gamma_down = 5.0;
    spec.exp_A_down = -0.081404;
    spec.up_down = 0.2;
    EXPECT_NEAR(tsr_device_granularity(&spec), (1.0 + 0.081404 * std::exp(2.5)) * 0.01 * 0.8, 1e-8);
    spec.law = TSR_LAW_POW_STEP;
    spec.gamma_up = spec.gamma_down = 1.5;
    EXPECT_NEAR(tsr_device_granularity(&spec), 0.01 * std::pow(0.5, 1.5), 1e-8);
    spec.law = TSR_LAW_PIECEWISE_STEP;
    spec.table_length = 3;
    spec.table_up[1] = 0.7f;
    EXPECT_NEAR(tsr_device_granularity(&spec), 0.007, 1e-8);
}

TEST(DeviceCheck, accepts_good_specs_and_names_the_key_of_bad_ones)
{
    const double nan = std::nan("");
    struct Bad {
        const char                            *key;
        std::function<void(tsr_device_spec &)> spoil;
    };
    const Bad bad[] = {
        {"dw_min", [](auto &s) { s.dw_min = 0.0; }},
        {"dw_min", [nan](auto &s) { s.dw_min = nan; }},
        {"w_max", [](auto &s) { s.w_max = -1.0; }},
        {"w_min", [](auto &s) { s.w_min = 0.0; }},
        {"up_down", [](auto &s) { s.up_down = 1.0; }},
        {"dw_min_d2d", [](auto &s) { s.dw_min_d2d = -0.1; }},
        {"w_max_d2d", [nan](auto &s) { s.w_max_d2d = nan; }},
        {"c2c", [](auto &s) { s.c2c = -1.0; }},
        {"corrupt_share", [](auto &s) { s.corrupt_share = 1.5; }},
        {"retention_tau_s", [](auto &s) { s.retention_tau_s = -1.0; }},
        {"retention_point", [](auto &s) { s.retention_point = 2.0; }},
        {"write_noise", [](auto &s) { s.write_noise = -1.0; }},
        {"table_up", [](auto &s) { s.law = TSR_LAW_PIECEWISE_STEP; }},
        {"table_down",
         [](auto &s) { s.law = TSR_LAW_PIECEWISE_STEP, s.table_length = 1, s.table_up[0] = 1, s.table_down[0] = -1; }},
        {"exp_A_down", [](auto &s) { s.law = TSR_LAW_EXP_STEP, s.exp_A_down = 2.0; }},
        {"law", [](auto &s) { s.law = TSR_LAW_COUNT; }},
        {"retention_tau_s", [](auto &s) { s.law = TSR_LAW_IDEAL, s.retention_tau_s = 1.0; }},
    };
    for (const Bad &entry : bad) {
        tsr_device_spec spec = device_spec(TSR_LAW_SOFT_BOUNDS);
        EXPECT_EQ(tsr_device_check(&spec, nullptr), TSR_OK);
        entry.spoil(spec);
        tsr_error error{};
        EXPECT_EQ(tsr_device_check(&spec, &error), TSR_E_ARGUMENT) << entry.key;
        EXPECT_NE(std::string(error.text).find(entry.key), std::string::npos) << entry.key << ": " << error.text;
    }
    for (int law = 0; law < TSR_LAW_COUNT; ++law) {
        EXPECT_STRNE(tsr_law_name(static_cast<tsr_law>(law)), "unknown");
    }
}

} // namespace
} // namespace tessera::testing
