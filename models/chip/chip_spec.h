/* models/chip/chip_spec.h — what the chip is made of: counts, clocks, times, energies, areas.
 *
 * Filled from TOML (accelerator/presets/…) by cli/; every number there carries its source or says "assumption". Times in
 * picoseconds, rates in bits per clock or flop per second, energies in femtojoules, areas in square micrometres.                  */
#ifndef TESSERA_MODELS_CHIP_CHIP_SPEC_H
#define TESSERA_MODELS_CHIP_CHIP_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/status.h"
#include "models/crossbar/array.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tsr_read_mode { TSR_READ_FLAT = 0, TSR_READ_PULSE_WIDTH, TSR_READ_BIT_SERIAL } tsr_read_mode;
typedef enum tsr_phase_mode { TSR_PHASES_FIXED = 0, TSR_PHASES_OCCUPIED } tsr_phase_mode;
typedef enum tsr_transposed { TSR_TRANSPOSED_OWN = 0, TSR_TRANSPOSED_SHARED } tsr_transposed;
typedef enum tsr_write_energy { TSR_WRITE_OHMIC = 0, TSR_WRITE_CHARGE } tsr_write_energy;
typedef enum tsr_tiling { TSR_TILING_EQUAL = 0, TSR_TILING_PACKED } tsr_tiling;

#define TSR_LINES_MAX 8192 /* of one side of an array */

typedef struct tsr_chip_spec {
    /* composition */
    uint32_t       input_lines, output_lines; /* of one array */
    uint32_t       tiles_per_core;            /* tiles that share a vector unit, a controller and a local port */
    tsr_tiling     tiling;
    tsr_transposed transposed; /* own DACs and ADCs for MVM_T, or those of the forward read */
    uint32_t       lines_per_adc;
    uint32_t       queue_depth; /* requests that a unit's queue accepts */

    /* array and its periphery */
    tsr_read_mode  read_mode;
    uint64_t       t_read_ps;        /* flat: drive + integrate, whatever the vector                          */
    uint64_t       t_slot_ps;        /* pulse-width and bit-serial: one slot                                  */
    uint32_t       read_phases;      /* sign phases of a read (pulse-width): 1 | 2                            */
    uint64_t       t_settle_ps;      /* lower bound of a read, any mode                                       */
    uint64_t       t_turnaround_ps;  /* array changes between read, transposed read and write                 */
    uint64_t       t_conv_ps;        /* one conversion of one ADC                                             */
    uint64_t       t_pulse_ps;       /* one update pulse slot                                                 */
    uint64_t       t_load_driver_ps; /* trains into the drivers                                               */
    tsr_phase_mode phase_mode;
    uint32_t       fixed_phases; /* for TSR_PHASES_FIXED                                                  */

    /* digital units: a stage rounds up to whole clocks */
    uint64_t vector_flops, vector_clk_ps; /* flop/s of one vector unit                               */
    uint64_t controller_flops, controller_clk_ps;
    uint32_t h_port_bits; /* 0: traffic of H takes no time                           */
    uint64_t h_clk_ps;
    uint32_t port_bits; /* local buffer port; 0: takes no time                     */
    uint64_t port_clk_ps;
    uint32_t link_bits; /* interconnect                                            */
    uint64_t link_clk_ps, t_hop_ps;
    uint32_t dma_bits;
    uint64_t dma_clk_ps;
    uint32_t word_bits;  /* of activations and errors on ports and links            */
    uint32_t pixel_bits; /* of an input element on the DMA                          */
    uint32_t h_bits;     /* of a word of H in its SRAM                              */

    /* energy */
    tsr_conductance  conductance;
    double           v_read_v, v_write_v;
    tsr_write_energy write_energy;
    double           write_fj_per_pulse;  /* charge                                                          */
    double           line_capacitance_ff; /* one array line                                                  */
    double dac_fj, adc_fj, integrator_fj_per_line_ns; /* per conversion of one line; integrator bias per line */
    double sample_hold_fj, bit_generator_fj;          /* per line and read; per bit                    */
    double vector_fj_per_flop, controller_fj_per_flop;
    double sram_read_fj_per_bit, sram_write_fj_per_bit; /* H and local buffers                      */
    double buffer_fj_per_bit, link_fj_per_bit, dma_fj_per_bit;
    double leakage_core_uw, leakage_global_uw;

    /* area */
    double cell_um2, dac_um2_per_line, adc_um2, driver_um2_per_line, integrator_um2_per_line, sram_um2_per_bit,
        vector_um2, controller_um2, buffer_um2;
    uint32_t buffer_bits; /* global buffer */
} tsr_chip_spec;

tsr_status tsr_chip_check(const tsr_chip_spec *chip, tsr_error *error);

#ifdef __cplusplus
}
#endif
#endif
