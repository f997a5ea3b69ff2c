/* Area and leakage of the whole chip. */
#include "models/accounting/units.h"
#include "models/machine/machine.h"

/* Arrays of a tile: W and its reference, with a fast array also A and its reference (Li 2025). A column reference is one line. */
static double array_um2(const tsr_machine *machine)
{
    const tsr_chip_spec *chip = &machine->spec.chip;
    const double         cells = (double)chip->input_lines * chip->output_lines;
    const double         column = (double)chip->input_lines;
    const bool           fast = tsr_algorithm_transfers(machine->spec.algorithm.name);
    const double         w = cells + (machine->spec.reference_w == TSR_REFERENCE_COLUMN ? column : cells);
    const double         a = cells + (machine->spec.reference_a == TSR_REFERENCE_COLUMN ? column : cells);
    return (w + (fast ? a : 0.0)) * chip->cell_um2;
}

static double periphery_um2(const tsr_chip_spec *chip)
{
    const double in = (double)chip->input_lines;
    const double out = (double)chip->output_lines;
    const double forward_adcs = (double)((chip->output_lines + chip->lines_per_adc - 1) / chip->lines_per_adc);
    const double backward_adcs = (double)((chip->input_lines + chip->lines_per_adc - 1) / chip->lines_per_adc);
    double       um2 = (in + out) * chip->driver_um2_per_line;
    um2 += in * chip->dac_um2_per_line + out * chip->integrator_um2_per_line + forward_adcs * chip->adc_um2;
    if (chip->transposed == TSR_TRANSPOSED_OWN) {
        um2 += out * chip->dac_um2_per_line + in * chip->integrator_um2_per_line + backward_adcs * chip->adc_um2;
    }
    return um2;
}

double tsr_machine_area_mm2(const tsr_machine *machine)
{
    const tsr_chip_spec *chip = &machine->spec.chip;
    const bool           fast = tsr_algorithm_transfers(machine->spec.algorithm.name);
    const double         matrices = !fast ? 0.0 : machine->spec.algorithm.name == TSR_ALGORITHM_AGAD ? 3.0 : 1.0;
    const double         h_bits = matrices * (double)chip->input_lines * chip->output_lines * chip->h_bits;
    const double         tile_um2 = array_um2(machine) + periphery_um2(chip) + h_bits * chip->sram_um2_per_bit;
    double               um2 = tile_um2 * (double)machine->core_count * chip->tiles_per_core;
    um2 += (double)machine->core_count * (chip->vector_um2 + (fast ? chip->controller_um2 : 0.0));
    um2 += chip->buffer_um2 + (double)chip->buffer_bits * chip->sram_um2_per_bit;
    return um2 * 1e-6;
}

static uint64_t clamped_devices(const tsr_array *array)
{
    uint64_t clamped = 0;
    for (uint32_t j = 0; array->memory != NULL && j < array->in; ++j) {
        const float *line = array->planes.w + (size_t)j * array->stride;
        for (uint32_t i = 0; i < array->out; ++i) {
            clamped += line[i] < array->w_clamp;
        }
    }
    return clamped;
}

double tsr_machine_clamped_share(const tsr_machine *machine)
{
    uint64_t clamped = 0;
    uint64_t devices = 0;
    for (uint32_t k = 0; k < machine->tile_count; ++k) {
        const tsr_tile *tile = &machine->tiles[k];
        clamped += clamped_devices(&tile->w) + clamped_devices(&tile->a);
        devices += (uint64_t)tile->in * tile->out * (tile->a.memory != NULL ? 2 : 1);
    }
    return (double)clamped / (double)devices;
}

void tsr_machine_charge_leakage(tsr_machine *machine, uint64_t simulated_ps)
{
    const tsr_chip_spec *chip = &machine->spec.chip;
    const double         microwatt = (double)machine->core_count * chip->leakage_core_uw + chip->leakage_global_uw;
    const double         attojoule = microwatt * (double)simulated_ps; /* 1 µW for 1 ps is 1 aJ */
    /* hours of slow devices pass 64 bits; a double that large has no fraction */
    machine->ledger.leakage_aj = attojoule < 0x1p63 ? tsr_attojoule(attojoule * TSR_ATTO) : (tsr_u128)attojoule;
}
