/* models/machine/stage_support.h — what the stage functions share. Internal to models/machine. */
#ifndef TESSERA_MODELS_MACHINE_STAGE_SUPPORT_H
#define TESSERA_MODELS_MACHINE_STAGE_SUPPORT_H

#include "models/machine/machine.h"

/* Lines an op drives and lines it reads. */
uint32_t tsr_driven_lines(const tsr_machine *machine, const tsr_op *op);
uint32_t tsr_read_lines(const tsr_machine *machine, const tsr_op *op);

/* Noise stream of the op's array: op number and retry filled in, purpose left to the user. */
tsr_stream tsr_op_stream(tsr_machine *machine, const tsr_op *op);

/* The array is used in `mode` now; sets op->turnaround if it was used otherwise before. */
void tsr_enter_mode(tsr_machine *machine, tsr_op *op, tsr_array_mode mode);

/* Charges for `words` activations over the local port, and for `flop` on the vector unit. */
void tsr_charge_port_read(tsr_machine *machine, tsr_op *op, uint64_t words);
void tsr_charge_port_write(tsr_machine *machine, tsr_op *op, uint64_t words);
void tsr_charge_vector(tsr_machine *machine, tsr_op *op, uint64_t flop);

/* Charges the pulses of `tally` on devices: ohmic V²·g·t by the conductance they met, else a fixed energy each. */
void tsr_charge_pulses(tsr_machine *machine, tsr_op *op, const tsr_array *array, const tsr_pulse_tally *tally);
/* Charges 0→1 edges of line drivers: C·V² each. */
void tsr_charge_edges(tsr_machine *machine, tsr_op *op, uint64_t edges);

/* Floating point operations of a REDUCE or VECTOR op, of the TRAIN stage of an UPDATE, and of a TRANSFER. */
uint64_t tsr_compute_flop(const tsr_machine *machine, const tsr_op *op);
uint64_t tsr_train_flop(const tsr_machine *machine, const tsr_op *op);
uint64_t tsr_transfer_flop(const tsr_machine *machine, const tsr_op *op);

/* Bits of one slice of H. */
uint64_t tsr_h_bits(const tsr_machine *machine, const tsr_op *op);

/* Bits that a MOVE or DMA carries. */
uint64_t tsr_move_bits(const tsr_machine *machine, const tsr_op *op);
uint64_t tsr_dma_bits(const tsr_machine *machine, const tsr_op *op);

#endif
