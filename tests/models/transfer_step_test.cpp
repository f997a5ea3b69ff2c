// One transfer at a time, by hand: how a slice of A enters H, what H asks of W, the rate of A (section 2.5 of the design).
#include "tests/models/transfer_support.h"

#include <cmath>
#include <gtest/gtest.h>

namespace tessera::test {
namespace {

using TransferStep = TransferTest;

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

} // namespace
} // namespace tessera::test
