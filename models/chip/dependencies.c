#include "models/chip/dependencies.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

tsr_status tsr_dependencies_create(tsr_dependencies *dependencies, const tsr_machine *machine)
{
    memset(dependencies, 0, sizeof *dependencies);
    dependencies->machine = machine;

    uint64_t total = 0;
    for (uint32_t kind = 0; kind < TSR_STATE_KIND_COUNT; ++kind) {
        uint32_t count = machine->tile_count;
        if (kind == TSR_STATE_SLOT) {
            count = machine->slot_count;
        } else if (kind == TSR_STATE_BIAS) {
            count = machine->layer_count;
        } else if (kind == TSR_STATE_SCORE) {
            count = 1;
        }
        if (count > TSR_STATE_INDEX_MAX) {
            return TSR_E_RANGE;
        }
        dependencies->kind_base[kind] = (uint32_t)total; /* kinds · 2²⁸ < 2³² */
        total += count;
    }
    dependencies->state_count = (uint32_t)total;
    dependencies->access_capacity = tsr_op_access_limit(machine);
    dependencies->uses = malloc(total * sizeof *dependencies->uses);
    dependencies->accesses = malloc(dependencies->access_capacity * sizeof *dependencies->accesses);
    if (dependencies->uses == NULL || dependencies->accesses == NULL) {
        tsr_dependencies_destroy(dependencies);
        return TSR_E_MEMORY;
    }
    tsr_dependencies_clear(dependencies);
    return TSR_OK;
}

void tsr_dependencies_destroy(tsr_dependencies *dependencies)
{
    free(dependencies->edges);
    free(dependencies->uses);
    free(dependencies->readers);
    free(dependencies->accesses);
    memset(dependencies, 0, sizeof *dependencies);
}

void tsr_dependencies_clear(tsr_dependencies *dependencies)
{
    for (uint32_t k = 0; k < dependencies->state_count; ++k) {
        dependencies->uses[k] = (tsr_state_use){NONE, NONE};
    }
    dependencies->op_count = 0;
    dependencies->edge_count = 0;
    dependencies->reader_count = 0;
    dependencies->free_reader = NONE;
}

/* -- growing lists ------------------------------------------------------------------------------------------------- */

static tsr_status add_edge(tsr_dependencies *dependencies, uint32_t from, uint32_t to)
{
    if (dependencies->edge_count == dependencies->edge_capacity) {
        const uint64_t capacity = dependencies->edge_capacity == 0 ? 256 : 2 * dependencies->edge_capacity;
        tsr_edge      *edges = realloc(dependencies->edges, capacity * sizeof *edges);
        if (edges == NULL) {
            return TSR_E_MEMORY;
        }
        dependencies->edges = edges;
        dependencies->edge_capacity = capacity;
    }
    dependencies->edges[dependencies->edge_count++] = (tsr_edge){from, to};
    return TSR_OK;
}

static tsr_status add_reader(tsr_dependencies *dependencies, tsr_state_use *use, uint32_t op)
{
    uint32_t node = dependencies->free_reader;
    if (node != NONE) {
        dependencies->free_reader = dependencies->readers[node].next;
    } else {
        if (dependencies->reader_count == dependencies->reader_capacity) {
            if (dependencies->reader_capacity > NONE / 2) {
                return TSR_E_RANGE;
            }
            const uint32_t    capacity = dependencies->reader_capacity == 0 ? 256 : 2 * dependencies->reader_capacity;
            tsr_state_reader *readers = realloc(dependencies->readers, capacity * sizeof *readers);
            if (readers == NULL) {
                return TSR_E_MEMORY;
            }
            dependencies->readers = readers;
            dependencies->reader_capacity = capacity;
        }
        node = dependencies->reader_count++;
    }
    dependencies->readers[node] = (tsr_state_reader){op, use->readers};
    use->readers = node;
    return TSR_OK;
}

/* -- one op -------------------------------------------------------------------------------------------------------- */

static tsr_status note_read(tsr_dependencies *dependencies, tsr_state_use *use, uint32_t op)
{
    if (use->readers != NONE && dependencies->readers[use->readers].op == op) {
        return TSR_OK; /* listed twice by this op */
    }
    if (use->writer != NONE) {
        const tsr_status status = add_edge(dependencies, use->writer, op);
        if (status != TSR_OK) {
            return status;
        }
    }
    return add_reader(dependencies, use, op);
}

static tsr_status note_write(tsr_dependencies *dependencies, tsr_state_use *use, uint32_t op)
{
    tsr_status status = TSR_OK;
    if (use->readers == NONE && use->writer != NONE && use->writer != op) {
        status = add_edge(dependencies, use->writer, op);
    }
    while (use->readers != NONE && status == TSR_OK) {
        const uint32_t    node = use->readers;
        tsr_state_reader *reader = &dependencies->readers[node];
        if (reader->op != op) {
            status = add_edge(dependencies, reader->op, op);
        }
        use->readers = reader->next;
        reader->next = dependencies->free_reader;
        dependencies->free_reader = node;
    }
    use->writer = op;
    return status;
}

static int compare_from(const void *left, const void *right)
{
    const uint32_t a = ((const tsr_edge *)left)->from;
    const uint32_t b = ((const tsr_edge *)right)->from;
    return (a > b) - (a < b);
}

/* Sorts the edges from `first` on, all of one op, and drops repetitions. */
static void settle_edges(tsr_dependencies *dependencies, uint64_t first)
{
    if (dependencies->edge_count - first < 2) {
        return;
    }
    tsr_edge *edges = dependencies->edges;
    qsort(edges + first, dependencies->edge_count - first, sizeof *edges, compare_from);
    uint64_t kept = first + 1;
    for (uint64_t k = first + 1; k < dependencies->edge_count; ++k) {
        if (edges[k].from != edges[kept - 1].from) {
            edges[kept++] = edges[k];
        }
    }
    dependencies->edge_count = kept;
}

static tsr_status take_op(tsr_dependencies *dependencies, const tsr_op *op)
{
    const uint64_t first = dependencies->edge_count;
    const uint32_t index = dependencies->op_count;
    const uint32_t count =
        tsr_op_accesses(dependencies->machine, op, dependencies->accesses, dependencies->access_capacity);

    /* Reads first, whatever the order of the list, so that an op never waits for its own write. */
    tsr_status status = TSR_OK;
    for (uint32_t pass = 0; pass < 2; ++pass) {
        for (uint32_t k = 0; k < count && status == TSR_OK; ++k) {
            const tsr_access access = dependencies->accesses[k];
            const uint32_t   base = dependencies->kind_base[tsr_state_kind_of(access.state)];
            tsr_state_use   *use = &dependencies->uses[base + tsr_state_index_of(access.state)];
            if (pass == 0 && !access.write) {
                status = note_read(dependencies, use, index);
            } else if (pass == 1 && access.write) {
                status = note_write(dependencies, use, index);
            }
        }
    }
    settle_edges(dependencies, first);
    ++dependencies->op_count;
    return status;
}

tsr_status tsr_dependencies_derive(tsr_dependencies *dependencies, const tsr_op *ops, uint64_t count)
{
    dependencies->edge_count = 0;
    if (count > NONE - dependencies->op_count) {
        return TSR_E_RANGE;
    }
    tsr_status status = TSR_OK;
    for (uint64_t k = 0; k < count && status == TSR_OK; ++k) {
        status = take_op(dependencies, &ops[k]);
    }
    return status;
}
