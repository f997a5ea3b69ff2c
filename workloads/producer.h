/* workloads/producer.h — turns samples into ops: what the chip does for one mini-batch, in program order.
 *
 * Program of a training mini-batch:
 *   1. For each item, forward: DMA; MOVE input → x of layer 0, once per core with tiles of that layer. Per layer: MVM
 *      per tile, a MOVE of each partial that was computed in another core, REDUCE, then ACTIVATE, or LOSS in the last
 *      layer. h goes straight to x of the next layer if all tiles of that layer are in the activating core, else in
 *      place and by one MOVE to each other core.
 *      Backward, from the last layer down to layer 1: MOVE d to the other cores of the layer, MVM_T per tile, MOVE of
 *      foreign partials, REDUCE, MOVE of the sum if the layer below lives in another core, DERIVE there.
 *   2. For each item in order, each layer (layer 0 first moves d to its other cores), each tile: UPDATE, and after
 *      every `transfer_every` updates of the tile READ_SLICE, TRANSFER, PROGRAM_SLICE of its next slice, round robin.
 *      After the tiles of a layer BIAS, if the bias is digital.
 * All weights are therefore read as of the start of the mini-batch. Evaluation has the forward part only, with phase
 * EVALUATE.
 *
 * Fields of an op where several readings are possible:
 *   - Vectors are whole: source and source_d of a tile's op are the vectors of its layer, the stage takes its block.
 *   - `core` of a MOVE is the core it leads to. A MOVE whose source is its target pays for the links and leaves the
 *     data where they are; for a partial it names the tile. Other digital ops but TRANSFER have tile 0.
 *   - `rate` is the learning rate of UPDATE, TRANSFER and BIAS, and the factor on d of LOSS (0 in evaluation, where d
 *     is not used).
 *
 * Op numbers: MVM, MVM_T, UPDATE, READ_SLICE and PROGRAM_SLICE take the next number of the array they touch; W and A of
 * a tile each count for themselves, whatever will happen on the chip (a PROGRAM_SLICE that fires nothing takes one as
 * well). A TRANSFER carries the number of its READ_SLICE. Evaluation counts for itself and sets bit 47, so that it
 * never moves the noise of training. */
#ifndef TESSERA_WORKLOADS_PRODUCER_H
#define TESSERA_WORKLOADS_PRODUCER_H

#include <stdint.h>

#include "models/base/status.h"
#include "models/chip/op.h"
#include "models/machine/machine.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TSR_PRODUCER_MAX_OPS        (UINT64_C(1) << 40) /* op ids are below                    */
#define TSR_PRODUCER_EVALUATION_BIT (UINT64_C(1) << 47) /* of an op number; both spaces below  */

typedef struct tsr_item {
    const uint8_t *image; /* pixels, as many as layer 0 has inputs; borrowed until its program has run */
    uint32_t       label; /* below the outputs of the last layer                                       */
} tsr_item;

/* Ops in program order. Start from {0}; the buffer grows and is reused: ops[] lives until the next program is written
 * here. */
typedef struct tsr_program {
    tsr_op  *ops; /* owned; the stages' part of each op is zero */
    uint64_t count, capacity;
    /* Hash over all ops of what decides their order and units: kind, phase, vector, array, layer, tile, core, item,
     * slots. Programs of one machine with the same pattern and count have the same dependencies. */
    uint64_t pattern;
} tsr_program;

void tsr_program_destroy(tsr_program *program);

/* Counters of one tile: plain values. */
typedef struct tsr_producer_tile {
    uint64_t number[TSR_ARRAY_ROLE_COUNT]; /* next op number of W, of A                          */
    uint64_t evaluation;                   /* next op number of W in evaluation, without its bit */
    uint64_t updates;                      /* vector updates so far                              */
    uint64_t slice;                        /* of the next transfer                               */
} tsr_producer_tile;

/* Where a layer lives; derived from the machine. */
typedef struct tsr_producer_layer {
    uint32_t first_tile, tile_count;
    uint32_t core;                   /* reduces and activates                                       */
    uint32_t first_core, core_count; /* in tsr_producer.cores: the cores with tiles, in tile order   */
} tsr_producer_layer;

/* A checkpoint of a producer is `next_id` and tiles[0 … machine->tile_count − 1], copied byte for byte (no pointers, no
 * padding); everything else follows from the machine. Put back into a producer of the same machine, they go on where
 * they were taken. */
typedef struct tsr_producer {
    const tsr_machine  *machine; /* borrowed; its geometry must not change */
    uint64_t            next_id;
    tsr_producer_tile  *tiles;    /* [machine->tile_count], owned  */
    tsr_producer_layer *layers;   /* [machine->layer_count], owned */
    uint32_t           *cores;    /* owned                         */
    uint64_t            item_ops; /* no item has more ops than this */
} tsr_producer;

/* `producer` need not be initialised. TSR_E_MEMORY, or TSR_E_ARGUMENT with a line in *error (may be NULL) for an
 * algorithm that has no op stream yet (mp). On failure nothing is left allocated. */
tsr_status tsr_producer_create(tsr_producer *producer, const tsr_machine *machine, tsr_error *error);
void       tsr_producer_destroy(tsr_producer *producer);

/* Writes the program of one training mini-batch of n items, 1 ≤ n ≤ batch_size of the machine. `rate` is the scheduled
 * learning rate, `gradient_scale` multiplies the error of the loss (1, or 1/n for the mean).
 * TSR_E_ARGUMENT: n, a label, a missing image, a rate or scale that is not finite. TSR_E_RANGE: an op id could reach
 * TSR_PRODUCER_MAX_OPS, or an op number bit 47. TSR_E_MEMORY. On failure the producer is as before and the program is
 * empty. */
tsr_status tsr_producer_train(tsr_producer *producer, const tsr_item items[], uint32_t n, float rate,
                              float gradient_scale, tsr_program *program);

/* The same for a forward pass that only adds to the score. Op ids are shared with training, numbers are not. */
tsr_status tsr_producer_evaluate(tsr_producer *producer, const tsr_item items[], uint32_t n, tsr_program *program);

/* Starts the op numbers of evaluation anew: a pass over the same images with the same weights then meets the same
 * noise, however often was evaluated before. */
void tsr_producer_restart_evaluation(tsr_producer *producer);

#ifdef __cplusplus
}
#endif
#endif
