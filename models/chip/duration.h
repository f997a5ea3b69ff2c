/* models/chip/duration.h — how long a unit takes: the closed forms of page 3.1 of the design (docs/timing.md).
 *
 * Everything is in whole picoseconds and rounded up once, in 128-bit integer arithmetic.                                          */
#ifndef TESSERA_MODELS_CHIP_DURATION_H
#define TESSERA_MODELS_CHIP_DURATION_H

#include <stdint.h>

#include "models/chip/chip_spec.h"
#include "models/periphery/converter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* `flop` at `flop_per_s`, up to whole clocks of clk_ps (0: no clock). flop_per_s 0 means infinitely fast. */
uint64_t tsr_duration_flops(uint64_t flop, uint64_t flop_per_s, uint64_t clk_ps);

/* `bits` over a port of `width` bits per clock; width 0: takes no time. */
uint64_t tsr_duration_bits(uint64_t bits, uint32_t width, uint64_t clk_ps);

/* One drive-and-integrate pass: flat, pulse-width or bit-serial, never shorter than the settling time. `retry` halves the widths
 * of pulse-width coding each time.                                                                                                */
uint64_t tsr_duration_integrate(const tsr_chip_spec *chip, const tsr_io_spec *io, uint32_t retry);

/* `lines` conversions on ADCs that each serve chip->lines_per_adc of `physical_lines`. */
uint64_t tsr_duration_convert(const tsr_chip_spec *chip, uint32_t lines, uint32_t physical_lines);

/* Bits of the DAC code, sign included; the chip's word when the DAC does not quantise. */
uint32_t tsr_dac_bits(const tsr_chip_spec *chip, const tsr_io_spec *io);

#ifdef __cplusplus
}
#endif
#endif
