// One transfer at a time, by hand: how a slice of A enters H, what H asks of W, when choppers flip (section 2.5 of the design).
#include "tests/support/machine_plan.h"

#include <cmath>
#include <gtest/gtest.h>

namespace tessera::test {
namespace {

constexpr std::uint32_t in = 6, out = 4;
constexpr float         g_w = 0.0625F, g_a = 0.03125F;

class TransferStep : public ::testing::Test {
protected:
    // `change` may touch the algorithm's parameters.
    void build(tsr_algorithm_name name, const std::function<void(tsr_algorithm_spec &)> &change = {})
    {
        machine_plan plan = quiet_plan(in, out, name);
        plan.spec.device_w.dw_min = static_cast<double>(g_w);
        plan.spec.device_a.dw_min = static_cast<double>(g_a);
        plan.spec.algorithm.in_chop_prob = 0.0;
        if (change)
            change(plan.spec.algorithm);
        machine = std::make_unique<built_machine>(plan);
        make = std::make_unique<op_maker>(**machine);
        const std::vector<float> zeros(in * out, 0.0F);
        tsr_array_set_weights(&machine->tile().w, zeros.data());
    }

    tsr_transfer &state() { return machine->tile().transfer; }
    float        &h(std::uint32_t slice, std::uint32_t k) { return state().h[slice * state().slice_length + k]; }

    // The whole transfer of a slice with these values in A.
    void transfer(std::uint32_t slice, const std::vector<float> &values, float rate)
    {
        std::vector<float> a = weights_of(machine->tile().a);
        for (std::uint32_t k = 0; k < values.size(); ++k)
            a[state().spec.transfer_columns ? k * in + slice : slice * in + k] = values[k];
        tsr_array_set_weights(&machine->tile().a, a.data());
        machine->execute(make->read_slice(slice));
        machine->execute(make->transfer(slice, rate));
        machine->execute(make->program_slice(slice));
    }

    float w(std::uint32_t i, std::uint32_t j) { return weights_of(machine->tile().w)[i * in + j]; }

    std::unique_ptr<built_machine> machine;
    std::unique_ptr<op_maker>      make;
};

// ttv2: H += λ·v, the threshold is the granularity of W, one pulse at most, and H forgets.
TEST_F(TransferStep, Ttv2)
{
    build(TSR_ALGORITHM_TTV2, [](tsr_algorithm_spec &a) { a.transfer_lr = 0.5; });
    transfer(2, {0.5F, -0.5F, 0.1F, 0.0F}, 0.25F); // λ = 0.125
    EXPECT_FLOAT_EQ(h(2, 0), 0.0F);                // 0.0625 reached the threshold
    EXPECT_FLOAT_EQ(h(2, 1), 0.0F);
    EXPECT_FLOAT_EQ(h(2, 2), 0.0125F);
    EXPECT_FLOAT_EQ(h(2, 3), 0.0F);
    EXPECT_FLOAT_EQ(w(0, 2), g_w);
    EXPECT_FLOAT_EQ(w(1, 2), -g_w);
    EXPECT_EQ(w(2, 2), 0.0F);
    EXPECT_EQ(w(3, 2), 0.0F);
    EXPECT_EQ(state().fired, 2U);
    for (std::uint32_t j = 0; j < in; ++j)
        for (std::uint32_t i = 0; j != 2 && i < out; ++i) {
            EXPECT_EQ(w(i, j), 0.0F);
            EXPECT_EQ(h(j, i), 0.0F);
        }
    transfer(2, {0.0F, 0.0F, 0.45F, 0.0F}, 0.25F); // 0.0125 + 0.05625
    EXPECT_FLOAT_EQ(w(2, 2), g_w);
    EXPECT_FLOAT_EQ(h(2, 2), 0.0F);
    EXPECT_EQ(state().fired, 1U);
}

TEST_F(TransferStep, RowsAsSlices)
{
    build(TSR_ALGORITHM_TTV2, [](tsr_algorithm_spec &a) { a.transfer_columns = false; });
    EXPECT_EQ(state().slices, out);
    transfer(3, {0.5F, 0.0F, -0.25F, 0.0F, 0.0F, 0.01F}, 0.25F);
    EXPECT_FLOAT_EQ(w(3, 0), g_w);
    EXPECT_FLOAT_EQ(w(3, 2), -g_w);
    EXPECT_FLOAT_EQ(h(3, 5), 0.0025F);
    EXPECT_EQ(w(0, 0), 0.0F);
}

struct write_rule {
    bool          forget;
    double        momentum;
    std::uint32_t most;
    float         omega; // in thresholds
    int           pulses;
    float         rest; // of H afterwards, in thresholds
};

// n = clamp(trunc(ω/T), ±BL): H keeps momentum·ω, or ω − (1 − momentum)·n·T where it does not forget.
TEST_F(TransferStep, WriteRules)
{
    const write_rule rules[] = {
        {true, 0.0, 1, 2.75F, 1, 0.0F},   {true, 0.0, 5, 2.75F, 2, 0.0F},   {true, 0.25, 5, 2.75F, 2, 0.6875F},
        {false, 0.0, 5, 2.75F, 2, 0.75F}, {false, 0.0, 1, 2.75F, 1, 1.75F}, {false, 0.5, 5, -2.75F, -2, -1.75F},
        {true, 0.5, 1, 0.9F, 0, 0.9F},    {false, 0.5, 1, -0.9F, 0, -0.9F}, {true, 0.0, 3, -7.5F, -3, 0.0F}};
    for (const write_rule &rule : rules) {
        for (const tsr_algorithm_name name : {TSR_ALGORITHM_TTV2, TSR_ALGORITHM_CTTV2}) {
            build(name, [&](tsr_algorithm_spec &a) {
                a.forget_buffer = rule.forget;
                a.momentum = rule.momentum;
                a.bl_transfer = rule.most;
                a.thres_scale = 2.0; // ttv2 only: T = 2 g_w
            });
            const float threshold = name == TSR_ALGORITHM_TTV2 ? 2.0F * g_w : 1.0F;
            h(0, 1) = rule.omega * threshold;
            transfer(0, {0.0F, 0.0F, 0.0F, 0.0F}, 0.1F);
            EXPECT_FLOAT_EQ(w(1, 0), static_cast<float>(rule.pulses) * g_w) << rule.omega;
            EXPECT_FLOAT_EQ(h(0, 1), rule.rest * threshold) << rule.omega;
            EXPECT_EQ(state().fire[1], rule.pulses);
        }
    }
}

// cttv2: the gain of H and everything it can depend on.
TEST_F(TransferStep, GainOfCttv2)
{
    const auto gain = [this](const std::function<void(tsr_algorithm_spec &)> &change, float rate,
                             float fast_rate = 0.0F) {
        build(TSR_ALGORITHM_CTTV2, change);
        state().rate = fast_rate;
        return static_cast<double>(tsr_transfer_gain(&state(), rate));
    };
    const double lambda = 0.5 * 0.25, g = static_cast<double>(g_a);
    const auto   base = [](tsr_algorithm_spec &a) { a.transfer_lr = 0.5; };
    EXPECT_NEAR(gain(base, 0.25F), lambda / g, 1e-6);
    EXPECT_NEAR(gain([&](auto &a) { base(a), a.buffer_granularity = 3.0; }, 0.25F), lambda / (3 * g), 1e-6);
    EXPECT_NEAR(gain([&](auto &a) { base(a), a.buffer_granularity = 0.0; }, 0.25F), lambda / g, 1e-6);
    // auto_granularity / (S · transfer_every) = 100 / (6 · 5)
    EXPECT_NEAR(gain([&](auto &a) { base(a), a.auto_granularity = 100.0, a.transfer_every = 5; }, 0.25F),
                lambda / (g * 100.0 / 30.0), 1e-6);
    EXPECT_NEAR(gain([&](auto &a) { base(a), a.gain_reference = TSR_GAIN_W; }, 0.25F),
                lambda / static_cast<double>(g_w), 1e-6);
    EXPECT_NEAR(gain([&](auto &a) { base(a), a.correct_gradient_magnitudes = true; }, 0.25F, 0.2F), lambda / (g * 0.2),
                1e-5);
    EXPECT_NEAR(gain([&](auto &a) { base(a), a.transfer_lr = 0.0; }, 0.25F), 0.0, 0.0);
    build(TSR_ALGORITHM_TTV2, base);
    EXPECT_NEAR(static_cast<double>(tsr_transfer_gain(&state(), 0.25F)), lambda, 1e-9);
}

TEST_F(TransferStep, Cttv2)
{
    build(TSR_ALGORITHM_CTTV2);
    state().chop_in[1] = -1;
    state().chop_out[3] = -1;
    const float rate = 0.5F; // gain 16
    transfer(1, {0.03125F, 0.0625F, -0.125F, 0.125F}, rate);
    // −16·v, the last once more negative; threshold 1
    EXPECT_FLOAT_EQ(h(1, 0), -0.5F);
    EXPECT_FLOAT_EQ(h(1, 1), 0.0F);
    EXPECT_FLOAT_EQ(w(1, 1), -g_w);
    EXPECT_FLOAT_EQ(w(2, 1), g_w);
    EXPECT_FLOAT_EQ(w(3, 1), g_w);
    EXPECT_EQ(w(0, 1), 0.0F);
    EXPECT_EQ(state().chop_in[1], -1); // probability 0: never flips
    EXPECT_EQ(state().next_slice, 2U);
}

// -- choppers --------------------------------------------------------------------------------------------------------

TEST_F(TransferStep, RegularChoppersFlipAtTheEndOfAPeriodOfSweeps)
{
    build(TSR_ALGORITHM_CTTV2, [](tsr_algorithm_spec &a) {
        a.in_chop_prob = 0.3; // N = 4
        a.in_chop_random = false;
    });
    const std::vector<float> zeros(out, 0.0F);
    for (std::uint64_t sweep = 0; sweep < 13; ++sweep)
        for (std::uint32_t slice = 0; slice < in; ++slice) {
            const int before = state().chop_in[slice];
            EXPECT_EQ(state().sweep, sweep);
            transfer(slice, zeros, 0.1F);
            EXPECT_EQ(state().chop_in[slice], sweep % 4 == 3 ? -before : before) << sweep << ' ' << slice;
        }
}

TEST_F(TransferStep, PeriodIsAtLeastTwo)
{
    for (const auto &[probability, period] : {std::pair{1.0, 2U}, {0.7, 2U}, {0.5, 2U}, {0.34, 3U}, {0.1, 10U}}) {
        build(TSR_ALGORITHM_CTTV2, [&p = probability](tsr_algorithm_spec &a) {
            a.in_chop_prob = p;
            a.in_chop_random = false;
        });
        std::uint32_t sweeps = 0;
        for (; state().chop_in[0] == 1; ++sweeps)
            for (std::uint32_t slice = 0; slice < in; ++slice)
                transfer(slice, {}, 0.1F);
        EXPECT_EQ(sweeps, period) << probability;
    }
}

TEST_F(TransferStep, RandomChoppersFlipWithTheirProbability)
{
    build(TSR_ALGORITHM_CTTV2, [](tsr_algorithm_spec &a) {
        a.in_chop_prob = 0.1;
        a.out_chop_prob = 0.25;
    });
    constexpr int            sweeps = 3000;
    std::vector<int>         flips(in, 0), out_flips(out, 0);
    std::vector<std::int8_t> before(state().chop_in, state().chop_in + in);
    std::vector<std::int8_t> out_before(state().chop_out, state().chop_out + out);
    for (int sweep = 0; sweep < sweeps; ++sweep)
        for (std::uint32_t slice = 0; slice < in; ++slice) {
            transfer(slice, {}, 0.1F);
            for (std::uint32_t j = 0; j < in; ++j) {
                flips[j] += state().chop_in[j] != before[j];
                EXPECT_TRUE(j == slice || state().chop_in[j] == before[j]); // only the slice that was read
                before[j] = state().chop_in[j];
            }
            for (std::uint32_t i = 0; i < out; ++i) { // those of the other side between sweeps
                EXPECT_TRUE(slice == in - 1 || state().chop_out[i] == out_before[i]);
                out_flips[i] += state().chop_out[i] != out_before[i];
                out_before[i] = state().chop_out[i];
            }
        }
    for (const int n : flips)
        EXPECT_NEAR(n, sweeps * 0.1, 5 * std::sqrt(sweeps * 0.1 * 0.9));
    for (const int n : out_flips)
        EXPECT_NEAR(n, sweeps * 0.25, 5 * std::sqrt(sweeps * 0.25 * 0.75));
}

TEST_F(TransferStep, Ttv2HasNoChoppers)
{
    build(TSR_ALGORITHM_TTV2, [](tsr_algorithm_spec &a) { a.in_chop_prob = 1.0; });
    for (std::uint32_t slice = 0; slice < in; ++slice)
        transfer(slice, {}, 0.1F);
    for (std::uint32_t slice = 0; slice < in; ++slice)
        EXPECT_EQ(state().chop_in[slice], 1);
}

// -- learning rate of A ----------------------------------------------------------------------------------------------

TEST_F(TransferStep, RateFollowsTheRunningMaxima)
{
    build(TSR_ALGORITHM_CTTV2, [](tsr_algorithm_spec &a) {
        a.auto_scale = true;
        a.fast_lr = 0.2;
        a.auto_momentum = 0.75;
    });
    const double granule = 31 * static_cast<double>(g_a); // desired_bl 31
    const auto   rate = [this](float xm, float dm) { return static_cast<double>(tsr_transfer_rate(&state(), xm, dm)); };
    EXPECT_EQ(rate(0.0F, 0.5F), 0.0); // no x yet: no rate, and no division by zero
    EXPECT_NEAR(rate(0.8F, 0.5F), 0.2 * granule / (0.8 * 0.5), 1e-5);
    EXPECT_NEAR(rate(0.4F, 0.1F), 0.2 * granule / (0.7 * 0.4), 1e-5); // 0.75·0.8 + 0.25·0.4
    EXPECT_NEAR(rate(0.0F, 0.0F), 0.2 * granule / (0.7 * 0.4), 1e-5); // zeros are skipped
    EXPECT_EQ(state().counter, 4U);                                   // but counted
    build(TSR_ALGORITHM_TTV2, [](tsr_algorithm_spec &a) { a.fast_lr = 0.3; });
    EXPECT_NEAR(rate(0.5F, 9.0F), 0.3, 1e-7);
    EXPECT_EQ(state().m_x, 0.0F);
}

// -- agad ------------------------------------------------------------------------------------------------------------

// The mean follows v; what it was at a flip becomes the reference of the next period; the first sweeps write nothing.
TEST_F(TransferStep, Agad)
{
    build(TSR_ALGORITHM_AGAD, [](tsr_algorithm_spec &a) {
        a.in_chop_prob = 0.5;     // N = 2
        a.tail_weightening = 0.5; // β = 1/4
        a.forget_buffer = false;
    });
    const float rate = g_a; // gain 1
    double      p = 0.0, p_ref = 0.0, sum = 0.0, written = 0.0;
    int         chopper = 1;
    bool        flipped = false;
    for (std::uint64_t sweep = 0; sweep < 24; ++sweep)
        for (std::uint32_t slice = 0; slice < in; ++slice) {
            const double v = slice == 4 ? 0.5 + 0.375 * chopper : 0.0; // A follows the chopped gradient, with an offset
            transfer(slice, {0.0F, static_cast<float>(v), 0.0F, 0.0F}, rate);
            if (slice != 4)
                continue;
            if (flipped)
                p_ref = p;
            sum += chopper * (v - p_ref);
            p = 0.75 * p + 0.25 * v;
            const double n = std::fmin(std::fmax(std::trunc(sum), -1.0), 1.0);
            sum -= n; // H gives up what it asked for, also while nothing is written
            written += sweep > 2 ? n : 0.0;
            flipped = sweep % 2 == 1;
            chopper *= flipped ? -1 : 1;
            EXPECT_NEAR(static_cast<double>(state().p[4 * out + 1]), p, 1e-5) << sweep;
            EXPECT_NEAR(static_cast<double>(state().p_ref[4 * out + 1]), p_ref, 1e-5) << sweep;
            EXPECT_NEAR(static_cast<double>(h(4, 1)), sum, 1e-4) << sweep;
            EXPECT_NEAR(static_cast<double>(w(1, 4)), written * static_cast<double>(g_w), 1e-5) << sweep;
            EXPECT_EQ(state().chop_in[4], chopper);
        }
    EXPECT_GT(written, 3.0); // the offset is gone, the gradient is not
}

// -- accumulation and read use the same signs ------------------------------------------------------------------------

// With every chopper turned, A is the mirror image and everything behind it is the same.
TEST_F(TransferStep, ChoppersCancel)
{
    const auto train = [this](std::int8_t sign_in, std::int8_t sign_out) {
        build(TSR_ALGORITHM_CTTV2, [](tsr_algorithm_spec &a) {
            a.in_chop_prob = 0.2;
            a.fast_lr = 0.5;
        });
        for (std::uint32_t j = 0; j < in; ++j)
            state().chop_in[j] = static_cast<std::int8_t>(j % 2 == 0 ? sign_in : 1);
        for (std::uint32_t i = 0; i < out; ++i)
            state().chop_out[i] = static_cast<std::int8_t>(i % 2 == 0 ? sign_out : 1);
        for (std::uint32_t k = 0; k < 90; ++k) {
            for (std::uint32_t j = 0; j < in; ++j)
                machine->data(TSR_SLOT_X)[j] = static_cast<float>((j * 5 + k) % 7) / 7.0F;
            for (std::uint32_t i = 0; i < out; ++i)
                machine->data(TSR_SLOT_D)[i] = static_cast<float>((i * 3 + k) % 5) / 5.0F - 0.35F;
            machine->execute(make->update(0.05F));
            machine->execute(make->read_slice(k % in));
            machine->execute(make->transfer(k % in, 0.05F));
            machine->execute(make->program_slice(k % in));
        }
        std::vector<float> behind(state().h, state().h + in * out);
        for (const float value : weights_of(machine->tile().w))
            behind.push_back(value);
        EXPECT_GT(machine->tile().w.pulses_up, 10U);
        return std::pair{behind, weights_of(machine->tile().a)};
    };
    const auto [plain_behind, plain_a] = train(1, 1);
    const auto [turned_behind, turned_a] = train(-1, -1);
    EXPECT_EQ(plain_behind, turned_behind);
    std::uint32_t mirrored = 0;
    for (std::uint32_t i = 0; i < out; ++i)
        for (std::uint32_t j = 0; j < in; ++j) {
            const float sign = (j % 2 == 0 ? -1.0F : 1.0F) * (i % 2 == 0 ? -1.0F : 1.0F);
            EXPECT_EQ(turned_a[i * in + j], sign * plain_a[i * in + j]);
            mirrored += sign < 0.0F && plain_a[i * in + j] != 0.0F;
        }
    EXPECT_GT(mirrored, 3U);
}

} // namespace
} // namespace tessera::test
