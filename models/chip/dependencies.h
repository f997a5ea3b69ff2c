/* models/chip/dependencies.h — which op must wait for which: edges from the declared accesses.
 *
 * Ops come in program order. For every state the last writer and the readers since then are kept, so that a run can be
 * taken in pieces, one program after the other; edges then also lead from ops of earlier pieces. Edges:
 *   read after write   from the last writer to the reader,
 *   write after read   from every reader since the last write to the writer,
 *   write after write  from the last writer to the writer, unless a read between them implies it.
 * Every pair of conflicting ops is connected by a path, every edge joins two conflicting ops, none is listed twice. */
#ifndef TESSERA_MODELS_CHIP_DEPENDENCIES_H
#define TESSERA_MODELS_CHIP_DEPENDENCIES_H

#include <stdint.h>

#include "models/chip/access.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Op `to` may not start before op `from` has ended; both count ops since the last clear, from < to. */
typedef struct tsr_edge {
    uint32_t from, to;
} tsr_edge;

/* Last writer and readers of one state. */
typedef struct tsr_state_use {
    uint32_t writer;  /* op, UINT32_MAX: none                                    */
    uint32_t readers; /* head of a list in tsr_dependencies.readers, or UINT32_MAX */
} tsr_state_use;

typedef struct tsr_state_reader {
    uint32_t op, next;
} tsr_state_reader;

typedef struct tsr_dependencies {
    const tsr_machine *machine;  /* borrowed                                                      */
    uint32_t           op_count; /* ops taken since the last clear: index of the next op          */
    tsr_edge          *edges;    /* owned; of the last derive, ascending by (to, from)            */
    uint64_t           edge_count, edge_capacity;
    /* private */
    uint32_t          kind_base[TSR_STATE_KIND_COUNT]; /* where the uses of a kind start */
    uint32_t          state_count;
    tsr_state_use    *uses;    /* [state_count], owned */
    tsr_state_reader *readers; /* pool, owned          */
    uint32_t          reader_count, reader_capacity, free_reader;
    tsr_access       *accesses; /* scratch, owned       */
    uint32_t          access_capacity;
} tsr_dependencies;

/* `dependencies` need not be initialised. TSR_E_MEMORY; TSR_E_RANGE if the machine has more slots or tiles than a state
 * id can name (TSR_STATE_INDEX_MAX). On failure nothing is left allocated. */
tsr_status tsr_dependencies_create(tsr_dependencies *dependencies, const tsr_machine *machine);
void       tsr_dependencies_destroy(tsr_dependencies *dependencies);

/* Forgets all ops: the next op is number 0 and waits for nothing. Keeps its memory. */
void tsr_dependencies_clear(tsr_dependencies *dependencies);

/* Takes the next `count` ops in program order; edges[0 … edge_count−1] are then those that lead to these ops.
 * TSR_E_MEMORY; TSR_E_RANGE after 2³²−1 ops without a clear. After a failure only clear and destroy are allowed. */
tsr_status tsr_dependencies_derive(tsr_dependencies *dependencies, const tsr_op *ops, uint64_t count);

#ifdef __cplusplus
}
#endif
#endif
