/* Stages of UPDATE: the rank-1 pulsed update of a tile's fast array (2.3). */
#include <string.h>

#include "models/accounting/units.h"
#include "models/machine/stage_support.h"
#include "models/machine/stages.h"
#include "models/math/kernels.h"

void tsr_vector_train(tsr_machine *machine, tsr_op *op)
{
    const tsr_tile *tile = &machine->tiles[op->tile];
    tsr_work       *work = op->work;
    memcpy(work->x, machine->slots[op->source].data + tile->in_offset, tile->in * sizeof(float));
    memcpy(work->d, machine->slots[op->source_d].data + tile->out_offset, tile->out * sizeof(float));
    work->x_max = tsr_kernels_current()->abs_max(work->x, tile->in);
    work->d_max = tsr_kernels_current()->abs_max(work->d, tile->out);
    tsr_charge_port_read(machine, op, (uint64_t)tile->in + tile->out);
    tsr_charge_vector(machine, op, tsr_train_flop(machine, op));
}

/* Algorithms with a fast array take its rate and their choppers from the controller; the others use the scheduled rate. */
void tsr_controller_rate(tsr_machine *machine, tsr_op *op)
{
    tsr_tile        *tile = &machine->tiles[op->tile];
    tsr_work        *work = op->work;
    const tsr_array *array = tsr_op_array(machine, op);
    const bool       transfers = tile->transfer.slices > 0;
    work->rate = transfers ? tsr_transfer_rate(&tile->transfer, work->x_max, work->d_max) : op->rate;
    work->chopped = transfers && tsr_algorithm_chops(&machine->spec.algorithm);
    if (work->chopped) {
        memcpy(work->chop_in, tile->transfer.chop_in, tile->in);
        memcpy(work->chop_out, tile->transfer.chop_out, tile->out);
    }
    if (array->spec.law == TSR_LAW_IDEAL) {
        work->plan = (tsr_train_plan){0, 0.0f, 0.0f};
    } else {
        work->plan =
            tsr_train_plan_make(&machine->spec.update, work->rate, (float)array->granularity, work->x_max, work->d_max);
        if (machine->spec.algorithm.closed_form_stimulus) {
            work->plan.slots = machine->spec.update.desired_bl;
        }
    }
    work->train.type = machine->spec.update.pulse_type;
    work->train.slots = work->plan.slots;
    op->pulse_slots = work->plan.slots;
}

static void charge_bits(tsr_machine *machine, tsr_op *op, uint32_t lines)
{
    const uint64_t bits = (uint64_t)lines * op->pulse_slots;
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_BIT_GENERATOR, bits,
                      (double)bits * machine->spec.chip.bit_generator_fj * TSR_FEMTO);
}

void tsr_driver_load_in(tsr_machine *machine, tsr_op *op)
{
    tsr_work  *work = op->work;
    tsr_stream stream = tsr_op_stream(machine, op);
    stream.purpose = TSR_PURPOSE_TRAIN_BITS_X;
    const uint32_t lines = machine->tiles[op->tile].in;
    tsr_train_draw(stream, work->train.type, work->plan.slots, work->x, work->plan.b,
                   work->chopped ? work->chop_in : NULL, lines, &work->train.x);
    charge_bits(machine, op, lines);
}

void tsr_driver_load_out(tsr_machine *machine, tsr_op *op)
{
    tsr_work  *work = op->work;
    tsr_stream stream = tsr_op_stream(machine, op);
    stream.purpose = TSR_PURPOSE_TRAIN_BITS_D;
    const uint32_t lines = machine->tiles[op->tile].out;
    tsr_train_draw(stream, work->train.type, work->plan.slots, work->d, work->plan.a,
                   work->chopped ? work->chop_out : NULL, lines, &work->train.d);
    charge_bits(machine, op, lines);
}

void tsr_driver_fire_in(tsr_machine *machine, tsr_op *op)
{
    op->work->cost = tsr_train_cost_of(&op->work->train); /* the first unit of the stage; the other side follows */
    op->phases = op->work->cost.phases;
    tsr_charge_edges(machine, op, op->pulse_slots > 0 ? op->work->cost.edges_x : 0);
}

void tsr_driver_fire_out(tsr_machine *machine, tsr_op *op)
{
    tsr_charge_edges(machine, op, op->pulse_slots > 0 ? op->work->cost.edges_d : 0);
}

void tsr_crossbar_coincide(tsr_machine *machine, tsr_op *op)
{
    tsr_array *array = tsr_op_array(machine, op);
    tsr_work  *work = op->work;
    tsr_enter_mode(machine, op, TSR_MODE_WRITE);
    tsr_array_relax(array, machine->device_time_ps);
    if (array->spec.law == TSR_LAW_IDEAL) {
        tsr_array_rank1(array, -work->rate, work->x, work->d);
        return;
    }
    if (machine->spec.freeze_a && op->array == TSR_ARRAY_A) {
        return;
    }
    const tsr_pulse_tally tally =
        tsr_array_pulse_train(array, &work->train, tsr_op_stream(machine, op), &work->scratch);
    tsr_charge_pulses(machine, op, array, &tally);
}
