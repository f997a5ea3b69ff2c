// Closed forms of models/chip/duration.h at their edges; what a chip does with them is measured in tests/accelerator.
#include "models/chip/duration.h"
#include "tests/support/training_machine.h"

#include <gtest/gtest.h>

namespace tessera::test {
namespace {

TEST(Duration, FlopsRoundUpOnceToWholeClocks)
{
    EXPECT_EQ(tsr_duration_flops(1024, 175'000'000'000, 1), 5'852U); // 5851.43
    EXPECT_EQ(tsr_duration_flops(1024, 175'000'000'000, 0), 5'852U); // no clock
    EXPECT_EQ(tsr_duration_flops(1024, 175'000'000'000, 1'000), 6'000U);
    EXPECT_EQ(tsr_duration_flops(1000, 1'000'000'000'000, 1'000), 1'000U); // exact: nothing to round
    EXPECT_EQ(tsr_duration_flops(1001, 1'000'000'000'000, 1'000), 2'000U);
    EXPECT_EQ(tsr_duration_flops(1, 3'000'000'000'000, 1), 1U); // never less than a picosecond
    EXPECT_EQ(tsr_duration_flops(0, 1, 1'000), 0U);
    EXPECT_EQ(tsr_duration_flops(1024, 0, 1'000), 0U); // infinitely fast
}

TEST(Duration, FlopsDoNotOverflow)
{
    // 10^12 flop at 10^6 flop/s: 10^18 ps, while the product flop · 10^12 needs 80 bits
    EXPECT_EQ(tsr_duration_flops(1'000'000'000'000, 1'000'000, 1), 1'000'000'000'000'000'000U);
}

TEST(Duration, BitsTakeWholeClocks)
{
    EXPECT_EQ(tsr_duration_bits(256, 256, 1'000), 1'000U);
    EXPECT_EQ(tsr_duration_bits(257, 256, 1'000), 2'000U);
    EXPECT_EQ(tsr_duration_bits(0, 256, 1'000), 0U);
    EXPECT_EQ(tsr_duration_bits(257, 0, 1'000), 0U); // a port without a width takes no time
}

TEST(Duration, BitsOfACoderIncludeTheSign)
{
    tsr_chip_spec chip = testing::square_chip(16, 1);
    tsr_io_spec   io = tsr_io_default();
    const auto    bits = [&](double res) {
        io.inp_res = res;
        return tsr_dac_bits(&chip, &io);
    };
    EXPECT_EQ(bits(1.0 / 126), 7U); // −63 … 63
    EXPECT_EQ(bits(1.0 / 254), 8U);
    EXPECT_EQ(bits(1.0 / 128), 8U); // −64 … 64 is one code too many for 7 bits
    EXPECT_EQ(bits(1.0 / 2), 2U);   // −1, 0, 1
    EXPECT_EQ(bits(1.0 / 6), 3U);
    EXPECT_EQ(bits(0.0), chip.word_bits); // does not quantise
    io.is_perfect = true;
    EXPECT_EQ(bits(1.0 / 126), chip.word_bits);
}

TEST(Duration, IntegrationByCoding)
{
    tsr_chip_spec chip = testing::square_chip(16, 1);
    tsr_io_spec   io = tsr_io_default(); // 7 bits
    chip.t_read_ps = 40'000;
    chip.t_slot_ps = 1'100;
    chip.read_phases = 2;
    chip.t_settle_ps = 0;
    chip.read_mode = TSR_READ_FLAT;
    EXPECT_EQ(tsr_duration_integrate(&chip, &io, 0), 40'000U);
    EXPECT_EQ(tsr_duration_integrate(&chip, &io, 3), 40'000U);
    chip.read_mode = TSR_READ_PULSE_WIDTH;
    for (std::uint32_t retry = 0; retry < 7; ++retry)
        EXPECT_EQ(tsr_duration_integrate(&chip, &io, retry), (64U >> retry) * 1'100 * 2) << retry;
    EXPECT_EQ(tsr_duration_integrate(&chip, &io, 7), 2'200U); // at least one slot
    EXPECT_EQ(tsr_duration_integrate(&chip, &io, 40), 2'200U);
    chip.read_mode = TSR_READ_BIT_SERIAL;
    EXPECT_EQ(tsr_duration_integrate(&chip, &io, 0), 7U * 1'100);
    EXPECT_EQ(tsr_duration_integrate(&chip, &io, 2), 7U * 1'100);
    chip.t_settle_ps = 9'000;
    EXPECT_EQ(tsr_duration_integrate(&chip, &io, 0), 9'000U);
}

TEST(Duration, ConversionByAdcs)
{
    tsr_chip_spec chip = testing::square_chip(256, 1);
    chip.t_conv_ps = 10'000;
    chip.lines_per_adc = 1;
    EXPECT_EQ(tsr_duration_convert(&chip, 256, 256), 10'000U);
    chip.lines_per_adc = 8; // 32 ADCs
    EXPECT_EQ(tsr_duration_convert(&chip, 256, 256), 80'000U);
    EXPECT_EQ(tsr_duration_convert(&chip, 196, 256), 70'000U); // the lines in use share all of them
    EXPECT_EQ(tsr_duration_convert(&chip, 1, 256), 10'000U);
    chip.lines_per_adc = 300; // one ADC
    EXPECT_EQ(tsr_duration_convert(&chip, 128, 256), 1'280'000U);
}

} // namespace
} // namespace tessera::test
