/* Stages of MVM, MVM_T and READ_SLICE. */
#include <math.h>
#include <string.h>

#include "models/accounting/units.h"
#include "models/chip/duration.h"
#include "models/machine/stage_support.h"
#include "models/machine/stages.h"

void tsr_port_load(tsr_machine *machine, tsr_op *op)
{
    const tsr_tile *tile = &machine->tiles[op->tile];
    const bool      transposed = op->kind == TSR_OP_MVM_T;
    const uint32_t  lines = transposed ? tile->out : tile->in;
    const float    *source = machine->slots[op->source].data + (transposed ? tile->out_offset : tile->in_offset);
    memcpy(op->work->x, source, lines * sizeof *source);
    tsr_charge_port_read(machine, op, lines);
}

void tsr_vector_abs_max(tsr_machine *machine, tsr_op *op)
{
    const uint32_t lines = tsr_driven_lines(machine, op);
    op->work->s = tsr_io_scale(tsr_op_io(machine, op), op->work->x, lines);
    op->work->r = 1.0f;
    op->skip_array = op->work->s == 0.0f;
    tsr_charge_vector(machine, op, lines);
}

void tsr_dac_drive(tsr_machine *machine, tsr_op *op)
{
    tsr_work      *work = op->work;
    const uint32_t lines = tsr_driven_lines(machine, op);
    if (op->kind == TSR_OP_READ_SLICE) {
        memset(work->x, 0, lines * sizeof *work->x);
        work->x[op->slice] = 1.0f;
        work->s = 1.0f;
        work->r = 1.0f;
    }
    tsr_dac_encode(tsr_op_io(machine, op), tsr_op_stream(machine, op), work->x, lines, work->s, work->r, work->xq);
    uint64_t driven = 0;
    for (uint32_t k = 0; k < lines; ++k) {
        driven += work->xq[k] != 0.0f;
    }
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_DAC, driven,
                      (double)driven * machine->spec.chip.dac_fj * TSR_FEMTO);
}

static uint32_t set_bits(uint64_t bits)
{
    uint32_t count = 0;
    for (; bits != 0; bits &= bits - 1) {
        ++count;
    }
    return count;
}

/* V²·s that one line sees for the value xq, by coding: amplitude (flat); width (pulse-width, `levels` + 1 slots for the largest
 * value: in the phase of its own sign, and shorter in a repeated read only because xq is smaller there); number of set bits
 * (bit-serial, of `levels` codes a sign).                                                                                        */
static double line_drive(const tsr_chip_spec *chip, double levels, double share, double read_s)
{
    const double v2 = chip->v_read_v * chip->v_read_v;
    const double slot_s = (double)chip->t_slot_ps * TSR_PICO;
    switch (chip->read_mode) {
    case TSR_READ_FLAT: return v2 * share * share * read_s;
    case TSR_READ_PULSE_WIDTH: return v2 * share * (levels + 1.0) * slot_s;
    case TSR_READ_BIT_SERIAL: break;
    }
    return v2 * (double)set_bits((uint64_t)(share * levels + 0.5)) * slot_s;
}

/* I·V of all devices and of the reference, and C·V² of the driven lines. */
static void charge_array_read(tsr_machine *machine, tsr_op *op, const tsr_array *array, bool transposed)
{
    const tsr_chip_spec *chip = &machine->spec.chip;
    const tsr_io_spec   *io = tsr_op_io(machine, op);
    const uint32_t       lines = transposed ? array->out : array->in;
    const uint32_t       devices = transposed ? array->in : array->out;
    const tsr_reference  reference = op->array == TSR_ARRAY_A ? machine->spec.reference_a : machine->spec.reference_w;
    const double         reference_s = array->g_mid_s * (reference == TSR_REFERENCE_COLUMN ? 1.0 : (double)devices);
    const double         read_s = (double)tsr_duration_integrate(chip, io, op->retry) * TSR_PICO;
    const double         levels = (double)((UINT64_C(1) << (tsr_dac_bits(chip, io) - 1)) - 1);
    double               joule = 0.0;
    uint64_t             driven = 0;
    for (uint32_t k = 0; k < lines; ++k) {
        const float xq = op->work->xq[k];
        if (xq != 0.0f) {
            const double magnitude = fabs((double)xq) / io->inp_bound;
            const double share = magnitude < 1.0 ? magnitude : 1.0;
            const double siemens =
                transposed ? tsr_array_conductance_out(array, k) : tsr_array_conductance_in(array, k);
            joule += line_drive(chip, levels, share, read_s) * (siemens + reference_s);
            ++driven;
        }
    }
    joule += (double)driven * chip->line_capacitance_ff * TSR_FEMTO * chip->v_read_v * chip->v_read_v;
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_ARRAY_READ, driven, joule);
    const double integrator_j = chip->integrator_fj_per_line_ns * read_s * 1e9 + chip->sample_hold_fj;
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_INTEGRATOR, devices,
                      (double)devices * integrator_j * TSR_FEMTO);
}

void tsr_crossbar_integrate(tsr_machine *machine, tsr_op *op)
{
    tsr_array *array = tsr_op_array(machine, op);
    const bool transposed = tsr_op_reads_transposed(machine, op);
    tsr_enter_mode(machine, op, transposed ? TSR_MODE_READ_T : TSR_MODE_READ);
    if (!op->evaluate) {
        tsr_array_relax(array, machine->device_time_ps);
    }
    tsr_array_read(array, tsr_op_io(machine, op), tsr_op_stream(machine, op), transposed, op->work->xq, op->work->y,
                   op->work->scratch.lines);
    charge_array_read(machine, op, array, transposed);
}

void tsr_adc_digitise(tsr_machine *machine, tsr_op *op)
{
    const uint32_t lines = tsr_read_lines(machine, op);
    op->overflow = tsr_adc_convert(tsr_op_io(machine, op), tsr_op_stream(machine, op), op->work->y, lines);
    const bool again = tsr_io_retry(tsr_op_io(machine, op), op->kind == TSR_OP_MVM_T, op->overflow, op->work->r);
    machine->ledger.saturations += op->overflow && !again; /* some outputs stay clipped */
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_ADC, lines,
                      (double)lines * machine->spec.chip.adc_fj * TSR_FEMTO);
    if (op->kind == TSR_OP_READ_SLICE) {
        memcpy(machine->tiles[op->tile].transfer.v, op->work->y, lines * sizeof(float));
    }
}

void tsr_vector_rescale(tsr_machine *machine, tsr_op *op)
{
    const uint32_t lines = tsr_read_lines(machine, op);
    if (op->skip_array) {
        memset(op->work->y, 0, lines * sizeof(float));
    } else {
        tsr_io_rescale(op->work->y, lines, op->work->s, op->work->r);
    }
    tsr_charge_vector(machine, op, lines);
}

void tsr_port_store(tsr_machine *machine, tsr_op *op)
{
    const uint32_t lines = tsr_read_lines(machine, op);
    memcpy(machine->slots[op->target].data, op->work->y, lines * sizeof(float));
    tsr_charge_port_write(machine, op, lines);
}
