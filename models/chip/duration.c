#include "models/chip/duration.h"

__extension__ typedef unsigned __int128 wide;

static uint64_t whole_clocks(uint64_t ps, uint64_t clk_ps)
{
    return clk_ps == 0 ? ps : (ps + clk_ps - 1) / clk_ps * clk_ps;
}

uint64_t tsr_duration_flops(uint64_t flop, uint64_t flop_per_s, uint64_t clk_ps)
{
    if (flop == 0 || flop_per_s == 0) {
        return 0;
    }
    const wide picoflop = (wide)flop * UINT64_C(1000000000000);
    return whole_clocks((uint64_t)((picoflop + flop_per_s - 1) / flop_per_s), clk_ps);
}

uint64_t tsr_duration_bits(uint64_t bits, uint32_t width, uint64_t clk_ps)
{
    return width == 0 ? 0 : (bits + width - 1) / width * clk_ps;
}

uint32_t tsr_dac_bits(const tsr_chip_spec *chip, const tsr_io_spec *io)
{
    if (io->is_perfect || !(io->inp_res > 0.0)) {
        return chip->word_bits;
    }
    const double levels = 0.5 / io->inp_res; /* of one sign */
    uint32_t     bits = 1;
    while ((double)((UINT64_C(1) << (bits - 1)) - 1) < levels - 1e-9 && bits < 32) {
        ++bits;
    }
    return bits;
}

uint64_t tsr_duration_integrate(const tsr_chip_spec *chip, const tsr_io_spec *io, uint32_t retry)
{
    const uint32_t bits = tsr_dac_bits(chip, io);
    uint64_t       ps = chip->t_read_ps;
    if (chip->read_mode == TSR_READ_PULSE_WIDTH) {
        const uint64_t full = UINT64_C(1) << (bits - 1);
        const uint64_t slots = retry < bits ? full >> retry : 1;
        ps = (slots > 0 ? slots : 1) * chip->t_slot_ps * chip->read_phases;
    } else if (chip->read_mode == TSR_READ_BIT_SERIAL) {
        ps = bits * chip->t_slot_ps;
    }
    return ps > chip->t_settle_ps ? ps : chip->t_settle_ps;
}

uint64_t tsr_duration_convert(const tsr_chip_spec *chip, uint32_t lines, uint32_t physical_lines)
{
    const uint64_t adcs = (physical_lines + chip->lines_per_adc - 1) / chip->lines_per_adc;
    return (lines + adcs - 1) / adcs * chip->t_conv_ps;
}
