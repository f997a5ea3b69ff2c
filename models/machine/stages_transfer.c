/* Stages of TRANSFER and PROGRAM_SLICE: the hidden matrix decides, W is programmed (2.5). */
#include "models/accounting/units.h"
#include "models/machine/stage_support.h"
#include "models/machine/stages.h"

static void charge_h(tsr_machine *machine, tsr_op *op, double fj_per_bit)
{
    const uint64_t bits = tsr_h_bits(machine, op);
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_SRAM, bits, (double)bits * fj_per_bit * TSR_FEMTO);
}

void tsr_controller_h_read(tsr_machine *machine, tsr_op *op)
{
    charge_h(machine, op, machine->spec.chip.sram_read_fj_per_bit);
}

void tsr_controller_h_compute(tsr_machine *machine, tsr_op *op)
{
    tsr_transfer_step(&machine->tiles[op->tile].transfer, op->slice, op->rate, op->number);
    const uint64_t flop = tsr_transfer_flop(machine, op);
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_CONTROLLER, flop,
                      (double)flop * machine->spec.chip.controller_fj_per_flop * TSR_FEMTO);
}

void tsr_controller_h_write(tsr_machine *machine, tsr_op *op)
{
    charge_h(machine, op, machine->spec.chip.sram_write_fj_per_bit);
}

/* What the last TRANSFER of the tile asked for. */
typedef struct slice_use {
    uint32_t most;  /* pulses on the busiest device                     */
    uint32_t signs; /* 0, 1 or 2 directions occur                       */
    uint64_t edges; /* pulses summed over devices: edges of their lines */
} slice_use;

static slice_use slice_use_of(const tsr_transfer *transfer)
{
    slice_use use = {0, 0, 0};
    uint32_t  up = 0;
    uint32_t  down = 0;
    for (uint32_t k = 0; k < transfer->slice_length; ++k) {
        const int      n = transfer->fire[k];
        const uint32_t pulses = (uint32_t)(n < 0 ? -n : n);
        use.most = pulses > use.most ? pulses : use.most;
        use.edges += pulses;
        up |= n > 0;
        down |= n < 0;
    }
    use.signs = up + down;
    return use;
}

/* The side of the slice fires one line, the other side the lines of the devices that are written. */
void tsr_driver_program_in(tsr_machine *machine, tsr_op *op)
{
    const slice_use use = slice_use_of(&machine->tiles[op->tile].transfer);
    op->pulse_slots = use.most;
    op->phases = use.signs;
    const uint64_t slice_edges = (uint64_t)use.most * use.signs;
    tsr_charge_edges(machine, op, machine->spec.algorithm.transfer_columns ? slice_edges : use.edges);
}

void tsr_driver_program_out(tsr_machine *machine, tsr_op *op)
{
    const slice_use use = slice_use_of(&machine->tiles[op->tile].transfer);
    const uint64_t  slice_edges = (uint64_t)use.most * use.signs;
    tsr_charge_edges(machine, op, machine->spec.algorithm.transfer_columns ? use.edges : slice_edges);
}

void tsr_crossbar_program(tsr_machine *machine, tsr_op *op)
{
    tsr_tile *tile = &machine->tiles[op->tile];
    if (tile->transfer.fired == 0) {
        return;
    }
    tsr_enter_mode(machine, op, TSR_MODE_WRITE);
    tsr_array_relax(&tile->w, machine->device_time_ps);
    const tsr_pulse_tally tally =
        tsr_array_pulse_slice(&tile->w, tsr_op_stream(machine, op), !machine->spec.algorithm.transfer_columns,
                              op->slice, tile->transfer.fire, &op->work->scratch);
    tsr_charge_pulses(machine, op, &tile->w, &tally);
}
