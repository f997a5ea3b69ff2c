/* models/chip/access.h — which state an op reads and writes.
 *
 * Two ops may swap unless one of them writes what the other reads or writes: the declarations here are all that a
 * schedule has to respect (models/chip/dependencies.h makes edges of them). Reads of one state may swap: noise is a
 * function of the op number, never of the order.
 *
 * What is not state: converters, drivers and the mode of an array (units, they only cost time), the ledger (sums of
 * integers).
 */
#ifndef TESSERA_MODELS_CHIP_ACCESS_H
#define TESSERA_MODELS_CHIP_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/chip/op.h"
#include "models/machine/machine.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tsr_state_kind {
    TSR_STATE_W = 0,    /* weights of a tile, their pulse counts and relaxation; index: machine tile               */
    TSR_STATE_A,        /* fast array of a tile                                                                    */
    TSR_STATE_H,        /* hidden matrix, with its slice index, sweep and past references                          */
    TSR_STATE_CHOPPERS, /* signs of the lines of A                                                                 */
    TSR_STATE_RATE,     /* running maxima m_x, m_d and the update counter                                          */
    TSR_STATE_SLICE,    /* register v: the slice of A that was read last                                           */
    TSR_STATE_FIRE,     /* register of signed pulses that the last TRANSFER decided                                */
    TSR_STATE_SLOT,     /* a vector in memory; index: tsr_slot_id                                                  */
    TSR_STATE_BIAS,     /* digital bias of a layer; index: layer                                                   */
    TSR_STATE_SCORE,    /* loss sum (a floating-point sum: its order counts), samples, correct predictions; 0      */
    TSR_STATE_KIND_COUNT
} tsr_state_kind;

/* A state: its kind in the upper 4 bits, its index within the kind in the lower 28. */
typedef uint32_t tsr_state;
#define TSR_STATE_INDEX_BITS 28
#define TSR_STATE_INDEX_MAX  ((UINT32_C(1) << TSR_STATE_INDEX_BITS) - 1)

tsr_state      tsr_state_make(tsr_state_kind kind, uint32_t index);
tsr_state_kind tsr_state_kind_of(tsr_state state);
uint32_t       tsr_state_index_of(tsr_state state);

typedef struct tsr_access {
    tsr_state state;
    bool      write; /* false: reads; an op that does both lists both */
} tsr_access;

/* Writes the accesses of `op` to out[0 … capacity−1], reads before writes, and returns how many there are; more than
 * `capacity` means that the list was cut there (out may be NULL for capacity 0).
 *
 *   kind             reads                                                 writes
 *   MVM, MVM_T       W, source                                             target
 *   REDUCE           partials of all tiles of its layer and item           target
 *                    (backward: those of MVM_T); forward: digital bias
 *   UPDATE on W      source, source_d, W                                   W
 *   UPDATE on A      source, source_d, choppers, rate state, A             rate state, A
 *   READ_SLICE       A                                                     slice register
 *   TRANSFER         slice register, rate state, H, choppers               H, choppers, fire register
 *   PROGRAM_SLICE    fire register, W                                      W
 *   VECTOR ACTIVATE  source                                                target, F of its layer and item
 *   VECTOR DERIVE    source, F of its layer and item                       target
 *   VECTOR LOSS      source, score                                         target, score
 *   VECTOR BIAS      source, bias of its layer                             bias of its layer
 *   MOVE             source                                                target
 *   DMA                                                                    target
 *   CALIBRATE, COPY  the array they name                                   the array they name
 *
 * A slot that an op does not have (TSR_SLOT_NONE) is no access. */
uint32_t tsr_op_accesses(const tsr_machine *machine, const tsr_op *op, tsr_access out[], uint32_t capacity);

/* The most accesses any op of this machine has: a capacity that always suffices. */
uint32_t tsr_op_access_limit(const tsr_machine *machine);

/* "W of tile 3", "slot partial of layer 0, tile 2, item 1" — for messages. Cuts at `size` (≥ 1) and terminates; returns
 * `text`. Slots are named by trying every name: not for hot paths. */
const char *tsr_state_name(const tsr_machine *machine, tsr_state state, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
