#include "models/chip/access.h"

#include <stdio.h>

tsr_state tsr_state_make(tsr_state_kind kind, uint32_t index)
{
    return (uint32_t)kind << TSR_STATE_INDEX_BITS | (index & TSR_STATE_INDEX_MAX);
}

tsr_state_kind tsr_state_kind_of(tsr_state state) { return (tsr_state_kind)(state >> TSR_STATE_INDEX_BITS); }

uint32_t tsr_state_index_of(tsr_state state) { return state & TSR_STATE_INDEX_MAX; }

/* -- the list of one op -------------------------------------------------------------------------------------------- */

typedef struct access_list {
    tsr_access *out;
    uint32_t    count, capacity;
} access_list;

static void add(access_list *list, tsr_state_kind kind, uint32_t index, bool write)
{
    if (list->count < list->capacity) {
        list->out[list->count] = (tsr_access){tsr_state_make(kind, index), write};
    }
    ++list->count;
}

static void reads(access_list *list, tsr_state_kind kind, uint32_t index) { add(list, kind, index, false); }
static void writes(access_list *list, tsr_state_kind kind, uint32_t index) { add(list, kind, index, true); }

static void reads_slot(access_list *list, tsr_slot_id slot)
{
    if (slot != TSR_SLOT_NONE) {
        reads(list, TSR_STATE_SLOT, slot);
    }
}

static void writes_slot(access_list *list, tsr_slot_id slot)
{
    if (slot != TSR_SLOT_NONE) {
        writes(list, TSR_STATE_SLOT, slot);
    }
}

static tsr_state_kind array_state(const tsr_op *op) { return op->array == TSR_ARRAY_A ? TSR_STATE_A : TSR_STATE_W; }

static void reduce_accesses(const tsr_machine *machine, const tsr_op *op, access_list *list)
{
    const tsr_layer_spec *layer = &machine->layers[op->layer].spec;
    const tsr_slot_name   partial = op->backward ? TSR_SLOT_PARTIAL_T : TSR_SLOT_PARTIAL;
    const uint32_t        tiles = layer->grid_rows * layer->grid_columns;
    for (uint32_t tile = 0; tile < tiles; ++tile) {
        reads_slot(list, tsr_machine_slot(machine, partial, op->layer, tile, op->item));
    }
    if (!op->backward && layer->bias == TSR_BIAS_DIGITAL) {
        reads(list, TSR_STATE_BIAS, op->layer);
    }
    writes_slot(list, op->target);
}

static void update_accesses(const tsr_op *op, access_list *list)
{
    const bool fast = op->array == TSR_ARRAY_A;
    reads_slot(list, op->source);
    reads_slot(list, op->source_d);
    if (fast) {
        reads(list, TSR_STATE_CHOPPERS, op->tile);
        reads(list, TSR_STATE_RATE, op->tile);
    }
    reads(list, array_state(op), op->tile);
    if (fast) {
        writes(list, TSR_STATE_RATE, op->tile);
    }
    writes(list, array_state(op), op->tile);
}

static void transfer_accesses(const tsr_op *op, access_list *list)
{
    reads(list, TSR_STATE_SLICE, op->tile);
    reads(list, TSR_STATE_RATE, op->tile); /* the gain on H may depend on the rate of A */
    reads(list, TSR_STATE_H, op->tile);
    reads(list, TSR_STATE_CHOPPERS, op->tile);
    writes(list, TSR_STATE_H, op->tile);
    writes(list, TSR_STATE_CHOPPERS, op->tile);
    writes(list, TSR_STATE_FIRE, op->tile);
}

static void vector_accesses(const tsr_machine *machine, const tsr_op *op, access_list *list)
{
    reads_slot(list, op->source);
    switch (op->vector) {
    case TSR_VECTOR_ACTIVATE: writes_slot(list, tsr_machine_slot(machine, TSR_SLOT_F, op->layer, 0, op->item)); break;
    case TSR_VECTOR_DERIVE: reads_slot(list, tsr_machine_slot(machine, TSR_SLOT_F, op->layer, 0, op->item)); break;
    case TSR_VECTOR_LOSS:
        reads(list, TSR_STATE_SCORE, 0);
        writes(list, TSR_STATE_SCORE, 0);
        break;
    case TSR_VECTOR_BIAS:
        reads(list, TSR_STATE_BIAS, op->layer);
        writes(list, TSR_STATE_BIAS, op->layer);
        break;
    case TSR_VECTOR_OP_COUNT: break;
    }
    writes_slot(list, op->target);
}

uint32_t tsr_op_accesses(const tsr_machine *machine, const tsr_op *op, tsr_access out[], uint32_t capacity)
{
    access_list list = {out, 0, capacity};
    switch (op->kind) {
    case TSR_OP_MVM:
    case TSR_OP_MVM_T:
        reads(&list, TSR_STATE_W, op->tile);
        reads_slot(&list, op->source);
        writes_slot(&list, op->target);
        break;
    case TSR_OP_REDUCE: reduce_accesses(machine, op, &list); break;
    case TSR_OP_UPDATE: update_accesses(op, &list); break;
    case TSR_OP_READ_SLICE:
        reads(&list, TSR_STATE_A, op->tile);
        writes(&list, TSR_STATE_SLICE, op->tile);
        break;
    case TSR_OP_TRANSFER: transfer_accesses(op, &list); break;
    case TSR_OP_PROGRAM_SLICE:
        reads(&list, TSR_STATE_FIRE, op->tile);
        reads(&list, TSR_STATE_W, op->tile);
        writes(&list, TSR_STATE_W, op->tile);
        break;
    case TSR_OP_VECTOR: vector_accesses(machine, op, &list); break;
    case TSR_OP_MOVE:
    case TSR_OP_DMA:
        reads_slot(&list, op->source);
        writes_slot(&list, op->target);
        break;
    case TSR_OP_CALIBRATE:
    case TSR_OP_COPY:
        reads(&list, array_state(op), op->tile);
        writes(&list, array_state(op), op->tile);
        break;
    case TSR_OP_KIND_COUNT: break;
    }
    return list.count;
}

uint32_t tsr_op_access_limit(const tsr_machine *machine)
{
    uint32_t limit = 7; /* TRANSFER, and UPDATE of A */
    for (uint32_t k = 0; k < machine->layer_count; ++k) {
        const tsr_layer_spec *layer = &machine->layers[k].spec;
        const uint32_t        reduce = layer->grid_rows * layer->grid_columns + 2;
        limit = reduce > limit ? reduce : limit;
    }
    return limit;
}

/* -- names --------------------------------------------------------------------------------------------------------- */

static const char *const tile_state_names[] = {
    [TSR_STATE_W] = "W",
    [TSR_STATE_A] = "A",
    [TSR_STATE_H] = "H",
    [TSR_STATE_CHOPPERS] = "choppers",
    [TSR_STATE_RATE] = "rate state",
    [TSR_STATE_SLICE] = "slice register",
    [TSR_STATE_FIRE] = "fire register",
};

static const char *const slot_names[TSR_SLOT_NAME_COUNT] = {
    [TSR_SLOT_INPUT] = "input", [TSR_SLOT_X] = "x", [TSR_SLOT_PARTIAL] = "partial",       [TSR_SLOT_Z] = "z",
    [TSR_SLOT_F] = "f",         [TSR_SLOT_D] = "d", [TSR_SLOT_PARTIAL_T] = "partial of d"};

/* Writes the name if `slot` belongs to this layer and item. */
static bool name_slot(const tsr_machine *machine, tsr_slot_id slot, uint32_t layer, uint32_t item, char *text,
                      size_t size)
{
    const tsr_layer_spec *spec = &machine->layers[layer].spec;
    for (uint32_t name = 0; name < TSR_SLOT_NAME_COUNT; ++name) {
        const bool     per_tile = name == TSR_SLOT_PARTIAL || name == TSR_SLOT_PARTIAL_T;
        const uint32_t tiles = per_tile ? spec->grid_rows * spec->grid_columns : 1;
        for (uint32_t tile = 0; tile < tiles; ++tile) {
            if (tsr_machine_slot(machine, (tsr_slot_name)name, layer, tile, item) != slot) {
                continue;
            }
            if (name == TSR_SLOT_INPUT) {
                (void)snprintf(text, size, "slot input of item %u", item);
            } else if (per_tile) {
                (void)snprintf(text, size, "slot %s of layer %u, tile %u, item %u", slot_names[name], layer, tile,
                               item);
            } else {
                (void)snprintf(text, size, "slot %s of layer %u, item %u", slot_names[name], layer, item);
            }
            return true;
        }
    }
    return false;
}

const char *tsr_state_name(const tsr_machine *machine, tsr_state state, char *text, size_t size)
{
    const tsr_state_kind kind = tsr_state_kind_of(state);
    const uint32_t       index = tsr_state_index_of(state);
    switch (kind) {
    case TSR_STATE_W:
    case TSR_STATE_A:
    case TSR_STATE_H:
    case TSR_STATE_CHOPPERS:
    case TSR_STATE_RATE:
    case TSR_STATE_SLICE:
    case TSR_STATE_FIRE: (void)snprintf(text, size, "%s of tile %u", tile_state_names[kind], index); return text;
    case TSR_STATE_BIAS: (void)snprintf(text, size, "bias of layer %u", index); return text;
    case TSR_STATE_SCORE: (void)snprintf(text, size, "loss score"); return text;
    case TSR_STATE_SLOT:
        for (uint32_t layer = 0; layer < machine->layer_count; ++layer) {
            for (uint32_t item = 0; item < machine->spec.batch_size; ++item) {
                if (name_slot(machine, index, layer, item, text, size)) {
                    return text;
                }
            }
        }
        (void)snprintf(text, size, "slot %u", index);
        return text;
    case TSR_STATE_KIND_COUNT: break;
    }
    (void)snprintf(text, size, "unknown state %#x", state);
    return text;
}
