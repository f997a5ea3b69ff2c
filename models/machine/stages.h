/* models/machine/stages.h — what each unit does in each stage of an op: the functional part, at its grant.
 *
 * One function per (stage, unit). Each works on the state of the unit, on the vectors that the op carries, and charges its energy.
 * A SystemC module calls the functions of its own role; tsr_stage_serve() is the same by table, for execution without time.
 * Every function needs op->work. Device time for retention is machine->device_time_ps.                                            */
#ifndef TESSERA_MODELS_MACHINE_STAGES_H
#define TESSERA_MODELS_MACHINE_STAGES_H

#include "models/machine/machine.h"
#include "models/machine/work.h"

#ifdef __cplusplus
extern "C" {
#endif

/* read: MVM, MVM_T, READ_SLICE */
void tsr_port_load(tsr_machine *machine, tsr_op *op);
void tsr_vector_abs_max(tsr_machine *machine, tsr_op *op);
void tsr_dac_drive(tsr_machine *machine, tsr_op *op);
void tsr_crossbar_integrate(tsr_machine *machine, tsr_op *op);
void tsr_adc_digitise(tsr_machine *machine, tsr_op *op);
void tsr_vector_rescale(tsr_machine *machine, tsr_op *op);
void tsr_port_store(tsr_machine *machine, tsr_op *op);

/* digital: REDUCE, VECTOR, MOVE, DMA */
void tsr_vector_compute(tsr_machine *machine, tsr_op *op);
void tsr_link_move(tsr_machine *machine, tsr_op *op);
void tsr_dma_fetch(tsr_machine *machine, tsr_op *op);
void tsr_buffer_write(tsr_machine *machine, tsr_op *op);

/* pulsed update: UPDATE */
void tsr_vector_train(tsr_machine *machine, tsr_op *op);
void tsr_controller_rate(tsr_machine *machine, tsr_op *op);
void tsr_driver_load_in(tsr_machine *machine, tsr_op *op);
void tsr_driver_load_out(tsr_machine *machine, tsr_op *op);
void tsr_driver_fire_in(tsr_machine *machine, tsr_op *op);
void tsr_driver_fire_out(tsr_machine *machine, tsr_op *op);
void tsr_crossbar_coincide(tsr_machine *machine, tsr_op *op);

/* transfer: TRANSFER, PROGRAM_SLICE */
void tsr_controller_h_read(tsr_machine *machine, tsr_op *op);
void tsr_controller_h_compute(tsr_machine *machine, tsr_op *op);
void tsr_controller_h_write(tsr_machine *machine, tsr_op *op);
void tsr_driver_program_in(tsr_machine *machine, tsr_op *op);
void tsr_driver_program_out(tsr_machine *machine, tsr_op *op);
void tsr_crossbar_program(tsr_machine *machine, tsr_op *op);

/* The function of (stage, role); TSR_E_STATE if that unit has no part in that stage. */
tsr_status tsr_stage_serve(tsr_machine *machine, tsr_op *op, tsr_stage stage, tsr_role role);

/* How long the units of the stage are held, after all their functions ran; 0: the stage is skipped. */
uint64_t tsr_stage_duration_ps(const tsr_machine *machine, const tsr_op *op, tsr_stage stage);

/* The array and the read path an op uses. */
tsr_array         *tsr_op_array(tsr_machine *machine, const tsr_op *op);
const tsr_io_spec *tsr_op_io(const tsr_machine *machine, const tsr_op *op);
/* True if the op drives the output lines and reads the input lines of its array. */
bool tsr_op_reads_transposed(const tsr_machine *machine, const tsr_op *op);

/* Executes ops[0 … count−1] one after the other without time, in the given order, with the vectors of `work`. Latencies in the
 * ledger are those of the durations, without waiting.                                                                             */
tsr_status tsr_execute_in_order(tsr_machine *machine, tsr_op *ops, uint64_t count, tsr_work *work);

#ifdef __cplusplus
}
#endif
#endif
