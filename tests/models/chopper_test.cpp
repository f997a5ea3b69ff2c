// Choppers: when they flip, and that a slice is read with the signs it was accumulated with (section 2.5 of the design).
#include "tests/models/transfer_support.h"

#include <cmath>
#include <gtest/gtest.h>

namespace tessera::test {
namespace {

using Choppers = TransferTest;

TEST_F(Choppers, RegularOnesFlipAtTheEndOfAPeriodOfSweeps)
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

TEST_F(Choppers, PeriodIsAtLeastTwo)
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

TEST_F(Choppers, RandomOnesFlipWithTheirProbability)
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

TEST_F(Choppers, Ttv2HasNoChoppers)
{
    build(TSR_ALGORITHM_TTV2, [](tsr_algorithm_spec &a) { a.in_chop_prob = 1.0; });
    for (std::uint32_t slice = 0; slice < in; ++slice)
        transfer(slice, {}, 0.1F);
    for (std::uint32_t slice = 0; slice < in; ++slice)
        EXPECT_EQ(state().chop_in[slice], 1);
}

// With every chopper turned, A is the mirror image and everything behind it is the same.
TEST_F(Choppers, Cancel)
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
