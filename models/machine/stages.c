/* Which function serves which unit in which stage, how long the stage takes, and execution without time. */
#include "models/machine/stages.h"

#include "models/chip/duration.h"
#include "models/machine/stage_support.h"

typedef void (*stage_function)(tsr_machine *machine, tsr_op *op);

static const stage_function functions[TSR_STAGE_COUNT][TSR_ROLE_COUNT] = {
    [TSR_STAGE_LOAD] = {[TSR_ROLE_PORT] = tsr_port_load},
    [TSR_STAGE_ABS_MAX] = {[TSR_ROLE_VECTOR_UNIT] = tsr_vector_abs_max},
    [TSR_STAGE_DRIVE] = {[TSR_ROLE_DAC] = tsr_dac_drive, [TSR_ROLE_ARRAY] = tsr_crossbar_integrate},
    [TSR_STAGE_CONVERT] = {[TSR_ROLE_ADC] = tsr_adc_digitise},
    [TSR_STAGE_STORE] = {[TSR_ROLE_VECTOR_UNIT] = tsr_vector_rescale, [TSR_ROLE_PORT] = tsr_port_store},
    [TSR_STAGE_COMPUTE] = {[TSR_ROLE_VECTOR_UNIT] = tsr_vector_compute},
    [TSR_STAGE_TRAIN] = {[TSR_ROLE_VECTOR_UNIT] = tsr_vector_train},
    [TSR_STAGE_RATE] = {[TSR_ROLE_CONTROLLER] = tsr_controller_rate},
    [TSR_STAGE_LOAD_DRIVER] = {[TSR_ROLE_DRIVER_IN] = tsr_driver_load_in, [TSR_ROLE_DRIVER_OUT] = tsr_driver_load_out},
    [TSR_STAGE_PULSE] = {[TSR_ROLE_DRIVER_IN] = tsr_driver_fire_in,
                         [TSR_ROLE_DRIVER_OUT] = tsr_driver_fire_out,
                         [TSR_ROLE_ARRAY] = tsr_crossbar_coincide},
    [TSR_STAGE_H_READ] = {[TSR_ROLE_CONTROLLER] = tsr_controller_h_read},
    [TSR_STAGE_H_COMPUTE] = {[TSR_ROLE_CONTROLLER] = tsr_controller_h_compute},
    [TSR_STAGE_H_WRITE] = {[TSR_ROLE_CONTROLLER] = tsr_controller_h_write},
    [TSR_STAGE_PROGRAM] = {[TSR_ROLE_DRIVER_IN] = tsr_driver_program_in,
                           [TSR_ROLE_DRIVER_OUT] = tsr_driver_program_out,
                           [TSR_ROLE_ARRAY] = tsr_crossbar_program},
    [TSR_STAGE_LINK] = {[TSR_ROLE_LINK] = tsr_link_move},
    [TSR_STAGE_HOST] = {[TSR_ROLE_DMA] = tsr_dma_fetch, [TSR_ROLE_BUFFER] = tsr_buffer_write},
};

tsr_status tsr_stage_serve(tsr_machine *machine, tsr_op *op, tsr_stage stage, tsr_role role)
{
    const stage_function function = functions[stage][role];
    if (function == NULL) {
        return TSR_E_STATE;
    }
    function(machine, op);
    return TSR_OK;
}

static uint64_t larger(uint64_t a, uint64_t b) { return a > b ? a : b; }

/* Sign phases: four quadrants at most for an update, two directions at most for a programmed slice. */
static uint32_t phases_of(const tsr_chip_spec *chip, const tsr_op *op)
{
    const uint32_t most = op->kind == TSR_OP_PROGRAM_SLICE ? 2 : 4;
    const uint32_t fixed = chip->fixed_phases < most ? chip->fixed_phases : most;
    return chip->phase_mode == TSR_PHASES_FIXED ? fixed : op->phases;
}

static uint64_t drive_ps(const tsr_machine *machine, const tsr_op *op)
{
    const tsr_chip_spec *chip = &machine->spec.chip;
    return tsr_duration_integrate(chip, tsr_op_io(machine, op), op->retry) +
           (op->turnaround ? chip->t_turnaround_ps : 0);
}

static uint64_t pulse_ps(const tsr_machine *machine, const tsr_op *op)
{
    const tsr_chip_spec *chip = &machine->spec.chip;
    const uint64_t       pulses_ps = (uint64_t)op->pulse_slots * chip->t_pulse_ps * phases_of(chip, op);
    return pulses_ps > 0 && op->turnaround ? pulses_ps + chip->t_turnaround_ps : pulses_ps;
}

uint64_t tsr_stage_duration_ps(const tsr_machine *machine, const tsr_op *op, tsr_stage stage)
{
    const tsr_chip_spec *chip = &machine->spec.chip;
    const uint64_t       h_ps = chip->h_clk_ps;
    switch (stage) {
    case TSR_STAGE_LOAD:
        return tsr_duration_bits((uint64_t)tsr_driven_lines(machine, op) * chip->word_bits, chip->port_bits,
                                 chip->port_clk_ps);
    case TSR_STAGE_ABS_MAX:
        return tsr_duration_flops(tsr_driven_lines(machine, op), chip->vector_flops, chip->vector_clk_ps);
    case TSR_STAGE_DRIVE: return drive_ps(machine, op);
    case TSR_STAGE_CONVERT: {
        /* a transposed read has the ADCs of the input lines, or shares those of the output lines */
        const bool     own = tsr_op_reads_transposed(machine, op) && chip->transposed == TSR_TRANSPOSED_OWN;
        const uint32_t served = own ? chip->input_lines : chip->output_lines;
        return tsr_duration_convert(chip, tsr_read_lines(machine, op), served);
    }
    case TSR_STAGE_STORE: {
        const uint64_t lines = tsr_read_lines(machine, op);
        return larger(tsr_duration_flops(lines, chip->vector_flops, chip->vector_clk_ps),
                      tsr_duration_bits(lines * chip->word_bits, chip->port_bits, chip->port_clk_ps));
    }
    case TSR_STAGE_COMPUTE:
        return tsr_duration_flops(tsr_compute_flop(machine, op), chip->vector_flops, chip->vector_clk_ps);
    case TSR_STAGE_TRAIN:
        return tsr_duration_flops(tsr_train_flop(machine, op), chip->vector_flops, chip->vector_clk_ps);
    case TSR_STAGE_RATE: return 0;
    case TSR_STAGE_LOAD_DRIVER: return op->pulse_slots > 0 ? chip->t_load_driver_ps : 0;
    case TSR_STAGE_PULSE:
    case TSR_STAGE_PROGRAM: return pulse_ps(machine, op);
    case TSR_STAGE_H_READ:
    case TSR_STAGE_H_WRITE: return tsr_duration_bits(tsr_h_bits(machine, op), chip->h_port_bits, h_ps);
    case TSR_STAGE_H_COMPUTE:
        return tsr_duration_flops(tsr_transfer_flop(machine, op), chip->controller_flops, chip->controller_clk_ps);
    case TSR_STAGE_LINK:
        return chip->t_hop_ps + tsr_duration_bits(tsr_move_bits(machine, op), chip->link_bits, chip->link_clk_ps);
    case TSR_STAGE_HOST: return tsr_duration_bits(tsr_dma_bits(machine, op), chip->dma_bits, chip->dma_clk_ps);
    case TSR_STAGE_COUNT: break;
    }
    return 0;
}

tsr_stage tsr_machine_next_stage(const tsr_machine *machine, tsr_op *op, tsr_stage stage)
{
    const bool read = stage == TSR_STAGE_CONVERT;
    const bool again =
        read && tsr_io_retry(tsr_op_io(machine, op), op->kind == TSR_OP_MVM_T, op->overflow, op->work->r);
    const tsr_stage next = tsr_op_next_stage(op, stage, again);
    if (read && next == TSR_STAGE_DRIVE) {
        op->retry += 1;
        op->work->r *= 2.0f;
    }
    return next;
}

static tsr_status execute_op(tsr_machine *machine, tsr_op *op)
{
    for (tsr_stage stage = tsr_op_first_stage(op); stage != TSR_STAGE_END;
         stage = tsr_machine_next_stage(machine, op, stage)) {
        tsr_role       roles[TSR_STAGE_MAX_UNITS];
        const uint32_t units = tsr_stage_roles(stage, roles);
        for (uint32_t k = 0; k < units; ++k) {
            const tsr_status status = tsr_stage_serve(machine, op, stage, roles[k]);
            if (status != TSR_OK) {
                return status;
            }
        }
        const uint64_t service_ps = tsr_stage_duration_ps(machine, op, stage);
        tsr_ledger_note_stage(&machine->ledger, op, stage, service_ps, 0);
    }
    machine->ledger.retries += op->retry;
    tsr_ledger_note_op(&machine->ledger, op);
    return TSR_OK;
}

tsr_status tsr_execute_in_order(tsr_machine *machine, tsr_op *ops, uint64_t count, tsr_work *work)
{
    for (uint64_t k = 0; k < count; ++k) {
        ops[k].work = work;
        const tsr_status status = execute_op(machine, &ops[k]);
        if (status != TSR_OK) {
            return status;
        }
    }
    return TSR_OK;
}
