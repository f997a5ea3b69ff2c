/* Layout, per item of the mini-batch: INPUT, then for each layer X, Z, F, D, then its tiles' PARTIAL and PARTIAL_T in turn. */
#include "models/machine/slots.h"

#include <stdlib.h>

enum { VECTORS_PER_LAYER = 4, VECTORS_PER_TILE = 2 };

static uint32_t layer_base(const tsr_machine *machine, uint32_t layer)
{
    return 1 + VECTORS_PER_LAYER * layer + VECTORS_PER_TILE * machine->layers[layer].spec.first_tile;
}

static uint32_t slots_per_item(const tsr_machine *machine)
{
    return 1 + VECTORS_PER_LAYER * machine->layer_count + VECTORS_PER_TILE * machine->tile_count;
}

tsr_slot_id tsr_machine_slot(const tsr_machine *machine, tsr_slot_name name, uint32_t layer, uint32_t tile,
                             uint32_t item)
{
    const uint32_t item_base = item * slots_per_item(machine);
    if (name == TSR_SLOT_INPUT) {
        return item_base;
    }
    const uint32_t base = item_base + layer_base(machine, layer);
    switch (name) {
    case TSR_SLOT_X: return base;
    case TSR_SLOT_Z: return base + 1;
    case TSR_SLOT_F: return base + 2;
    case TSR_SLOT_D: return base + 3;
    case TSR_SLOT_PARTIAL: return base + VECTORS_PER_LAYER + VECTORS_PER_TILE * tile;
    case TSR_SLOT_PARTIAL_T: return base + VECTORS_PER_LAYER + VECTORS_PER_TILE * tile + 1;
    case TSR_SLOT_INPUT:
    case TSR_SLOT_NAME_COUNT: break;
    }
    return TSR_SLOT_NONE;
}

static tsr_status create_slot(tsr_machine *machine, tsr_slot_id id, uint32_t length)
{
    machine->slots[id].length = length;
    machine->slots[id].data = calloc(length, sizeof(float));
    return machine->slots[id].data != NULL ? TSR_OK : TSR_E_MEMORY;
}

static tsr_status create_layer_slots(tsr_machine *machine, uint32_t layer, uint32_t item)
{
    const tsr_layer_spec *spec = &machine->layers[layer].spec;
    const tsr_slot_id     x = tsr_machine_slot(machine, TSR_SLOT_X, layer, 0, item);
    tsr_status            status = create_slot(machine, x, spec->lines);
    status |= create_slot(machine, tsr_machine_slot(machine, TSR_SLOT_Z, layer, 0, item), spec->out);
    status |= create_slot(machine, tsr_machine_slot(machine, TSR_SLOT_F, layer, 0, item), spec->out);
    status |= create_slot(machine, tsr_machine_slot(machine, TSR_SLOT_D, layer, 0, item), spec->out);
    for (uint32_t t = 0; t < spec->grid_rows * spec->grid_columns; ++t) {
        const tsr_tile *tile = &machine->tiles[spec->first_tile + t];
        status |= create_slot(machine, tsr_machine_slot(machine, TSR_SLOT_PARTIAL, layer, t, item), tile->out);
        status |= create_slot(machine, tsr_machine_slot(machine, TSR_SLOT_PARTIAL_T, layer, t, item), tile->in);
    }
    if (status == TSR_OK && spec->bias == TSR_BIAS_ANALOG) {
        machine->slots[x].data[spec->lines - 1] = 1.0f;
    }
    return status == TSR_OK ? TSR_OK : TSR_E_MEMORY;
}

tsr_status tsr_machine_create_slots(tsr_machine *machine, tsr_error *error)
{
    const uint32_t items = machine->spec.batch_size;
    machine->slot_count = items * slots_per_item(machine);
    machine->slots = calloc(machine->slot_count, sizeof *machine->slots);
    tsr_status status = machine->slots != NULL ? TSR_OK : TSR_E_MEMORY;
    for (uint32_t item = 0; status == TSR_OK && item < items; ++item) {
        status =
            create_slot(machine, tsr_machine_slot(machine, TSR_SLOT_INPUT, 0, 0, item), machine->layers[0].spec.in);
        for (uint32_t layer = 0; status == TSR_OK && layer < machine->layer_count; ++layer) {
            status = create_layer_slots(machine, layer, item);
        }
    }
    return status == TSR_OK
               ? TSR_OK
               : tsr_error_set(error, status, "vectors of %u samples in flight: out of memory (smaller batch_size?)",
                               items);
}

void tsr_machine_destroy_slots(tsr_machine *machine)
{
    for (uint32_t k = 0; machine->slots != NULL && k < machine->slot_count; ++k) {
        free(machine->slots[k].data);
    }
    free(machine->slots);
    machine->slots = NULL;
    machine->slot_count = 0;
}
