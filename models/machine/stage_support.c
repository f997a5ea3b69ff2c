#include "models/machine/stage_support.h"

#include "models/accounting/units.h"
#include "models/crossbar/conductance.h"
#include "models/machine/stages.h"

tsr_array *tsr_op_array(tsr_machine *machine, const tsr_op *op)
{
    tsr_tile *tile = &machine->tiles[op->tile];
    return op->array == TSR_ARRAY_A ? &tile->a : &tile->w;
}

const tsr_io_spec *tsr_op_io(const tsr_machine *machine, const tsr_op *op)
{
    if (op->kind == TSR_OP_READ_SLICE) {
        return &machine->spec.io_transfer;
    }
    return op->kind == TSR_OP_MVM_T ? &machine->spec.io_backward : &machine->spec.io_forward;
}

bool tsr_op_reads_transposed(const tsr_machine *machine, const tsr_op *op)
{
    return op->kind == TSR_OP_MVM_T || (op->kind == TSR_OP_READ_SLICE && !machine->spec.algorithm.transfer_columns);
}

uint32_t tsr_driven_lines(const tsr_machine *machine, const tsr_op *op)
{
    const tsr_tile *tile = &machine->tiles[op->tile];
    return tsr_op_reads_transposed(machine, op) ? tile->out : tile->in;
}

uint32_t tsr_read_lines(const tsr_machine *machine, const tsr_op *op)
{
    const tsr_tile *tile = &machine->tiles[op->tile];
    return tsr_op_reads_transposed(machine, op) ? tile->in : tile->out;
}

tsr_stream tsr_op_stream(tsr_machine *machine, const tsr_op *op)
{
    tsr_stream stream = tsr_op_array(machine, op)->stream;
    stream.op = op->number;
    stream.retry = (uint8_t)op->retry;
    return stream;
}

void tsr_enter_mode(tsr_machine *machine, tsr_op *op, tsr_array_mode mode)
{
    tsr_array_mode *last = &machine->tiles[op->tile].mode[op->evaluate][op->array];
    op->turnaround = *last != mode;
    *last = mode;
}

void tsr_charge_port_read(tsr_machine *machine, tsr_op *op, uint64_t words)
{
    const uint64_t bits = words * machine->spec.chip.word_bits;
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_PORT, bits,
                      (double)bits * machine->spec.chip.sram_read_fj_per_bit * TSR_FEMTO);
}

void tsr_charge_port_write(tsr_machine *machine, tsr_op *op, uint64_t words)
{
    const uint64_t bits = words * machine->spec.chip.word_bits;
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_PORT, bits,
                      (double)bits * machine->spec.chip.sram_write_fj_per_bit * TSR_FEMTO);
}

void tsr_charge_vector(tsr_machine *machine, tsr_op *op, uint64_t flop)
{
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_VECTOR_UNIT, flop,
                      (double)flop * machine->spec.chip.vector_fj_per_flop * TSR_FEMTO);
}

void tsr_charge_pulses(tsr_machine *machine, tsr_op *op, const tsr_array *array, const tsr_pulse_tally *tally)
{
    const tsr_chip_spec *chip = &machine->spec.chip;
    const uint64_t       pulses = tally->pulses_up + tally->pulses_down;
    double               joule = (double)pulses * chip->write_fj_per_pulse * TSR_FEMTO;
    if (chip->write_energy == TSR_WRITE_OHMIC) {
        const double siemens =
            (double)pulses * array->g_mid_s + (double)tally->weight_sum * TSR_WEIGHT_FIXED_UNIT * array->g_per_w_s;
        joule = chip->v_write_v * chip->v_write_v * siemens * (double)chip->t_pulse_ps * TSR_PICO;
    }
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_ARRAY_WRITE, pulses, joule);
}

void tsr_charge_edges(tsr_machine *machine, tsr_op *op, uint64_t edges)
{
    const tsr_chip_spec *chip = &machine->spec.chip;
    const double         joule = chip->line_capacitance_ff * TSR_FEMTO * chip->v_write_v * chip->v_write_v;
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_DRIVER, edges, (double)edges * joule);
}

uint64_t tsr_h_bits(const tsr_machine *machine, const tsr_op *op)
{
    const uint64_t matrices = machine->spec.algorithm.name == TSR_ALGORITHM_AGAD ? 3 : 1; /* H, and p, p_ref */
    return matrices * machine->tiles[op->tile].transfer.slice_length * machine->spec.chip.h_bits;
}

/* Flop per element of a digital vector operation. An exponential or a division counts as 4 (assumption). */
enum { FLOP_ACTIVATE = 8, FLOP_DERIVE = 1, FLOP_LOSS = 10, FLOP_BIAS = 2 };

uint64_t tsr_compute_flop(const tsr_machine *machine, const tsr_op *op)
{
    const tsr_layer_spec *layer = &machine->layers[op->layer].spec;
    if (op->kind == TSR_OP_REDUCE) {
        /* one addition per partial after the first, one for the bias */
        const uint64_t forward = (uint64_t)layer->out * (layer->grid_columns - 1u + (layer->bias == TSR_BIAS_DIGITAL));
        return op->backward ? (uint64_t)layer->in * (layer->grid_rows - 1u) : forward;
    }
    switch (op->vector) {
    case TSR_VECTOR_ACTIVATE: return (uint64_t)FLOP_ACTIVATE * layer->out;
    case TSR_VECTOR_DERIVE: return (uint64_t)FLOP_DERIVE * layer->out;
    case TSR_VECTOR_LOSS: return (uint64_t)FLOP_LOSS * layer->out;
    case TSR_VECTOR_BIAS: return (uint64_t)FLOP_BIAS * layer->out;
    case TSR_VECTOR_OP_COUNT: break;
    }
    return 0;
}

uint64_t tsr_train_flop(const tsr_machine *machine, const tsr_op *op)
{
    const tsr_tile *tile = &machine->tiles[op->tile];
    if (machine->spec.device_w.law == TSR_LAW_IDEAL) {
        return UINT64_C(2) * tile->in * tile->out; /* fp: the outer product is digital */
    }
    return (uint64_t)tile->in + tile->out; /* abs-max of both sides: 2N for a square tile [R24] */
}

uint64_t tsr_transfer_flop(const tsr_machine *machine, const tsr_op *op)
{
    const uint64_t per_element = machine->spec.algorithm.name == TSR_ALGORITHM_AGAD ? 6 : 2; /* [R24] */
    return per_element * machine->tiles[op->tile].transfer.slice_length;
}

uint64_t tsr_move_bits(const tsr_machine *machine, const tsr_op *op)
{
    return (uint64_t)machine->slots[op->target].length * machine->spec.chip.word_bits;
}

uint64_t tsr_dma_bits(const tsr_machine *machine, const tsr_op *op)
{
    return (uint64_t)machine->slots[op->target].length * machine->spec.chip.pixel_bits;
}
