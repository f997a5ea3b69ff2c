// Pulse trains of a rank-1 update and the pulses that reach the devices (section 2.3 of the design).
#include "models/periphery/pulse_train.h"
#include "tests/support/machine_plan.h"

#include <cmath>
#include <gtest/gtest.h>

namespace tessera::test {
namespace {

// -- plan ------------------------------------------------------------------------------------------------------------

tsr_update_spec spec_of(std::uint32_t desired_bl, bool management, bool bl_management)
{
    tsr_update_spec spec = tsr_update_default();
    spec.desired_bl = desired_bl;
    spec.update_management = management;
    spec.update_bl_management = bl_management;
    return spec;
}

TEST(TrainPlan, LengthFollowsTheStrongestCrossPoint)
{
    const tsr_update_spec managed = spec_of(31, true, true), fixed = spec_of(31, true, false);
    const auto            slots = [](const tsr_update_spec &spec, double k) { // k = L·x·d/g
        return tsr_train_plan_make(&spec, static_cast<float>(k / 8.0), 0.0625F, 1.0F, 0.5F).slots;
    };
    EXPECT_EQ(slots(managed, 0.25), 1U);
    EXPECT_EQ(slots(managed, 1.0), 1U);
    EXPECT_EQ(slots(managed, 1.001), 2U);
    EXPECT_EQ(slots(managed, 30.5), 31U);
    EXPECT_EQ(slots(managed, 400.0), 31U);
    EXPECT_EQ(slots(fixed, 0.25), 31U);
}

TEST(TrainPlan, NothingToDoIsNoTrain)
{
    const tsr_update_spec spec = spec_of(31, true, true);
    EXPECT_EQ(tsr_train_plan_make(&spec, 0.1F, 0.01F, 0.0F, 1.0F).slots, 0U);
    EXPECT_EQ(tsr_train_plan_make(&spec, 0.1F, 0.01F, 1.0F, 0.0F).slots, 0U);
    EXPECT_EQ(tsr_train_plan_make(&spec, 0.0F, 0.01F, 1.0F, 1.0F).slots, 0U);
    EXPECT_EQ(tsr_train_plan_make(&spec, 0.1F, 0.01F, std::nanf(""), 1.0F).slots, 0U);
}

// Update management gives both sides the same largest probability; the product, and so the mean, stays what it was.
TEST(TrainPlan, ManagementBalancesTheSides)
{
    const tsr_update_spec balanced = spec_of(10, true, false), plain = spec_of(10, false, false);
    const float           rate = 0.02F, g = 0.01F, xm = 0.9F, dm = 0.01F;
    const tsr_train_plan  a = tsr_train_plan_make(&balanced, rate, g, xm, dm),
                         b = tsr_train_plan_make(&plain, rate, g, xm, dm);
    EXPECT_NEAR(a.a * dm, a.b * xm, 1e-6F);
    EXPECT_NEAR(a.a * a.b, b.a * b.b, 1e-5F);
    EXPECT_EQ(b.a, b.b);
    EXPECT_NEAR(a.a * a.b * 10.0F, rate / g, 1e-4F);
}

// -- means -----------------------------------------------------------------------------------------------------------

constexpr std::uint32_t in = 14, out = 9;

// |values| up to 1 and 0.1; some are 0, both signs occur.
float x_of(std::uint32_t j)
{
    return (j == 4 ? 0.0F : 1.0F - 0.06F * static_cast<float>(j)) * (j % 3 == 1 ? -1.0F : 1.0F);
}
float d_of(std::uint32_t i)
{
    return (i == 7 ? 0.0F : 0.1F - 0.01F * static_cast<float>(i)) * (i % 2 == 1 ? -1.0F : 1.0F);
}

struct mean_case {
    const char   *name;
    double        k; // expected pulses at the strongest cross-point
    std::uint32_t desired_bl;
    bool          management, bl_management;
};

class PulseMeans : public ::testing::TestWithParam<mean_case> {};

// Over many trains every cross-point gets L·|x||d|/g pulses in the mean, as long as no probability is clipped; the spread is that of
// BL independent slots.
TEST_P(PulseMeans, AreTheProductOfTheVectors)
{
    const mean_case &c = GetParam();
    machine_plan     plan = quiet_plan(in, out, TSR_ALGORITHM_SGD);
    plan.spec.update = spec_of(c.desired_bl, c.management, c.bl_management);
    plan.spec.device_w.dw_min = 0.01;
    plan.spec.device_w.w_max = 1e6; // a counter: never at its bounds
    plan.spec.device_w.w_min = -1e6;
    built_machine machine(plan);
    op_maker      make(*machine);
    for (std::uint32_t j = 0; j < in; ++j)
        machine.data(TSR_SLOT_X)[j] = x_of(j);
    for (std::uint32_t i = 0; i < out; ++i)
        machine.data(TSR_SLOT_D)[i] = d_of(i);
    constexpr int                    trains = 20'000;
    const auto                       rate = static_cast<float>(c.k * 0.01 / (1.0 * 0.1));
    std::vector<std::vector<double>> sum(out, std::vector<double>(in, 0.0)), square = sum;
    std::vector<std::int32_t>        counts(in * out);
    std::uint64_t                    pulses = 0;
    for (int k = 0; k < trains; ++k) {
        machine.execute(make.update(rate));
        tsr_pulse_train_counts(&machine.work()->train, counts.data());
        for (std::uint32_t i = 0; i < out; ++i)
            for (std::uint32_t j = 0; j < in; ++j) {
                const double n = counts[i * in + j];
                sum[i][j] += n;
                square[i][j] += n * n;
                pulses += static_cast<std::uint64_t>(std::abs(counts[i * in + j]));
            }
    }
    const double slots = c.bl_management ? std::fmin(std::ceil(c.k), c.desired_bl) : c.desired_bl;
    for (std::uint32_t i = 0; i < out; ++i)
        for (std::uint32_t j = 0; j < in; ++j) {
            const double product = static_cast<double>(x_of(j)) * static_cast<double>(d_of(i));
            const double mean = std::abs(product) / 0.1 * c.k, p = mean / slots;
            const double sign = product > 0.0 ? -1.0 : 1.0; // against the gradient
            const double spread = std::sqrt(slots * p * (1.0 - p) / trains);
            EXPECT_NEAR(sum[i][j] / trains, sign * mean, 5 * spread) << i << ' ' << j;
            if (mean > 0.05) {
                const double variance = square[i][j] / trains - std::pow(sum[i][j] / trains, 2);
                EXPECT_NEAR(variance / (slots * p * (1.0 - p)), 1.0, 0.12) << i << ' ' << j;
            }
        }
    EXPECT_EQ(machine.tile().w.pulses_up + machine.tile().w.pulses_down, pulses);
}

INSTANTIATE_TEST_SUITE_P(Rates, PulseMeans,
                         ::testing::Values(mean_case{"short", 0.7, 31, true, true},
                                           mean_case{"three", 2.4, 31, true, true},
                                           mean_case{"long", 20.5, 31, true, true},
                                           mean_case{"fixed", 2.4, 31, true, false},
                                           mean_case{"longest", 30.0, 64, true, false}),
                         [](const auto &one) { return std::string(one.param.name); });

// Beyond desired_bl the stronger side is clipped: the strongest cross-point fires in every slot of d's line.
TEST(PulseClipping, StrongestLineAlwaysFires)
{
    machine_plan plan = quiet_plan(in, out, TSR_ALGORITHM_SGD);
    plan.spec.update = spec_of(5, true, true);
    built_machine machine(plan);
    op_maker      make(*machine);
    for (std::uint32_t j = 0; j < in; ++j)
        machine.data(TSR_SLOT_X)[j] = x_of(j);
    for (std::uint32_t i = 0; i < out; ++i)
        machine.data(TSR_SLOT_D)[i] = d_of(i);
    for (int k = 0; k < 200; ++k) {
        const tsr_op done = machine.execute(make.update(static_cast<float>(50 * 0.01 / 0.1)));
        EXPECT_EQ(done.pulse_slots, 5U);
        EXPECT_EQ(machine.work()->train.x.bits[0], 0x1FU); // p = 1: no draw may miss
        EXPECT_EQ(machine.work()->train.d.bits[0], 0x1FU);
        EXPECT_EQ(machine.work()->train.x.bits[4], 0U); // x = 0
    }
}

// -- what reaches the devices ----------------------------------------------------------------------------------------

class CrossbarPulses : public ::testing::TestWithParam<std::uint32_t> {};

// The bits of a line are shared by all its devices: the pulses of a cross-point are the coincidences of its two lines, no more.
TEST_P(CrossbarPulses, AreTheCoincidencesOfTwoLines)
{
    const std::uint32_t desired_bl = GetParam();
    machine_plan        plan = quiet_plan(in, out, TSR_ALGORITHM_CTTV2);
    plan.spec.update = spec_of(desired_bl, true, false);
    plan.spec.device_a.dw_min = 0x1p-10; // steps that add up exactly
    plan.spec.algorithm.auto_scale = false;
    plan.spec.algorithm.fast_lr = 0x1p-10 * desired_bl * 0.6 / 0.1;
    built_machine machine(plan);
    op_maker      make(*machine);
    for (std::uint32_t j = 0; j < in; ++j)
        machine.data(TSR_SLOT_X)[j] = x_of(j);
    for (std::uint32_t i = 0; i < out; ++i)
        machine.data(TSR_SLOT_D)[i] = d_of(i);
    tsr_transfer &transfer = machine.tile().transfer;
    std::uint64_t up = 0, down = 0;
    for (int k = 0; k < 8; ++k) {
        for (std::uint32_t j = 0; j < in; ++j)
            transfer.chop_in[j] = (j + static_cast<std::uint32_t>(k)) % 4 == 0 ? -1 : 1;
        for (std::uint32_t i = 0; i < out; ++i)
            transfer.chop_out[i] = (i * static_cast<std::uint32_t>(k)) % 3 == 1 ? -1 : 1;
        const std::vector<float> before = weights_of(machine.tile().a);
        machine.execute(make.update(0.1F));
        const std::vector<float> after = weights_of(machine.tile().a);
        const tsr_pulse_train   &train = machine.work()->train;
        for (std::uint32_t i = 0; i < out; ++i)
            for (std::uint32_t j = 0; j < in; ++j) {
                const int coincidences = __builtin_popcountll(train.x.bits[j] & train.d.bits[i]);
                const int sign =
                    -(x_of(j) > 0.0F ? 1 : -1) * (d_of(i) > 0.0F ? 1 : -1) * transfer.chop_in[j] * transfer.chop_out[i];
                EXPECT_EQ(after[i * in + j] - before[i * in + j], static_cast<float>(sign * coincidences) * 0x1p-10F)
                    << i << ' ' << j;
                (sign > 0 ? up : down) += static_cast<std::uint64_t>(coincidences);
            }
    }
    EXPECT_EQ(machine.tile().a.pulses_up, up);
    EXPECT_EQ(machine.tile().a.pulses_down, down);
    EXPECT_GT(up + down, 50U * desired_bl);
}

INSTANTIATE_TEST_SUITE_P(TrainLengths, CrossbarPulses, ::testing::Values(1U, 5U, 6U, 7U, 31U, 64U));

// The sums behind the energy of a read are those of the weights, whatever pulsed, noise included.
TEST(CrossbarSums, FollowTheWeights)
{
    machine_plan plan = quiet_plan(40, 33, TSR_ALGORITHM_TTV2);
    plan.spec.device_w = plan.spec.device_a = noisy_device(0.02);
    plan.spec.algorithm.fast_lr = 0.3;
    plan.spec.algorithm.bl_transfer = 4;
    plan.spec.chip.conductance = {10e-6, 1e-6, 2.5e-6}; // weights far below 0 are clamped
    built_machine machine(plan);
    op_maker      make(*machine);
    for (std::uint32_t k = 0; k < 60; ++k) {
        for (std::uint32_t j = 0; j < 40; ++j)
            machine.data(TSR_SLOT_X)[j] = static_cast<float>((j * 7 + k) % 11) / 11.0F - 0.4F;
        for (std::uint32_t i = 0; i < 33; ++i)
            machine.data(TSR_SLOT_D)[i] = static_cast<float>((i * 5 + k) % 13) / 13.0F - 0.5F;
        machine.execute(make.update(0.3F));
        machine.execute(make.read_slice(k % 40));
        machine.execute(make.transfer(k % 40, 3.0F));
        machine.execute(make.program_slice(k % 40));
    }
    for (tsr_array *array : {&machine.tile().w, &machine.tile().a}) {
        EXPECT_GT(array->pulses_up + array->pulses_down, 100U);
        const std::vector<std::int64_t> in_sums(array->sum_in, array->sum_in + array->in);
        const std::vector<std::int64_t> out_sums(array->sum_out, array->sum_out + array->out);
        tsr_array_resum(array);
        EXPECT_EQ(in_sums, (std::vector<std::int64_t>(array->sum_in, array->sum_in + array->in)));
        EXPECT_EQ(out_sums, (std::vector<std::int64_t>(array->sum_out, array->sum_out + array->out)));
        const std::vector<float> w = weights_of(*array);
        for (std::uint32_t j = 0; j < array->in; ++j) {
            double siemens = 0.0;
            for (std::uint32_t i = 0; i < array->out; ++i) { // −0.9 is 1 µS, 1 is 10 µS
                const double g = 1e-6 + (static_cast<double>(w[i * array->in + j]) + 0.9) * 9e-6 / 1.9;
                siemens += std::fmax(g, 2.5e-6);
            }
            EXPECT_NEAR(tsr_array_conductance_in(array, j) / siemens, 1.0, 1e-6);
        }
    }
}

// Slices of signed pulses: each device of one line gets its own number of steps.
TEST(CrossbarSlices, LinesOfBothDirections)
{
    machine_plan plan = quiet_plan(12, 20, TSR_ALGORITHM_SGD);
    plan.spec.device_w.dw_min = 0x1p-8;
    for (const bool rows : {false, true}) {
        built_machine            machine(plan);
        tsr_array               &array = machine.tile().w;
        const std::vector<float> zeros(12 * 20, 0.0F);
        tsr_array_set_weights(&array, zeros.data());
        const std::uint32_t      length = rows ? 12 : 20;
        std::vector<std::int8_t> pulses(length);
        for (std::uint32_t k = 0; k < length; ++k)
            pulses[k] = static_cast<std::int8_t>(static_cast<int>(k % 5) - 2);
        const tsr_stream      stream = tsr_stream_at(array.stream, 1, TSR_PURPOSE_C2C);
        const tsr_pulse_tally tally =
            tsr_array_pulse_slice(&array, stream, rows, 7, pulses.data(), &machine.work()->scratch);
        const std::vector<float> w = weights_of(array);
        std::uint64_t            up = 0, down = 0;
        for (std::uint32_t i = 0; i < 20; ++i)
            for (std::uint32_t j = 0; j < 12; ++j) {
                const int n = rows ? (i == 7 ? pulses[j] : 0) : (j == 7 ? pulses[i] : 0);
                EXPECT_EQ(w[i * 12 + j], static_cast<float>(n) * 0x1p-8F) << i << ' ' << j;
                up += n > 0 ? static_cast<std::uint64_t>(n) : 0;
                down += n < 0 ? static_cast<std::uint64_t>(-n) : 0;
            }
        EXPECT_EQ(tally.pulses_up, up);
        EXPECT_EQ(tally.pulses_down, down);
    }
}

// A c2c draw belongs to the rank of the touched device on its line: untouched devices cost none, other lines change nothing.
TEST(CrossbarSlices, DrawsDependOnTheRankOnTheLine)
{
    machine_plan plan = quiet_plan(6, 8, TSR_ALGORITHM_SGD);
    plan.spec.device_w.c2c = 0.3;
    const auto changes = [&](const std::vector<std::int8_t> &pulses) {
        built_machine            machine(plan);
        tsr_array               &array = machine.tile().w;
        const std::vector<float> zeros(6 * 8, 0.0F);
        tsr_array_set_weights(&array, zeros.data());
        tsr_array_pulse_slice(&array, tsr_stream_at(array.stream, 5, TSR_PURPOSE_C2C), false, 2, pulses.data(),
                              &machine.work()->scratch);
        std::vector<float>       touched;
        const std::vector<float> w = weights_of(array);
        for (std::uint32_t i = 0; i < 8; ++i)
            if (pulses[i] != 0)
                touched.push_back(w[i * 6 + 2]);
        return touched;
    };
    EXPECT_EQ(changes({1, 0, 0, 1, 0, 0, 1, 0}), changes({0, 1, 1, 0, 0, 1, 0, 0}));
    const std::vector<float> two = changes({0, 2, 0, 0, 0, 0, 0, 0}), ones = changes({1, 1, 0, 0, 0, 0, 0, 0});
    EXPECT_NEAR(two[0], ones[0] + ones[1], 1e-6F); // the second pulse takes the second draw
}

} // namespace
} // namespace tessera::test
