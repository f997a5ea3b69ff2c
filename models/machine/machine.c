/* Construction and destruction of a machine: layers, tiles, their first weights. */
#include "models/machine/machine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/hash.h"
#include "models/machine/slots.h"
#include "models/random/draws.h"

static tsr_status check_spec(const tsr_machine_spec *spec, tsr_error *error)
{
    if (spec->layer_count == 0 || spec->batch_size == 0) {
        return tsr_error_set(error, TSR_E_ARGUMENT, "a machine needs at least one layer and a batch of at least one");
    }
    const tsr_io_spec *ios[] = {&spec->io_forward, &spec->io_backward, &spec->io_transfer};
    for (size_t k = 0; k < sizeof ios / sizeof ios[0]; ++k) {
        const tsr_status status = tsr_io_check(ios[k], error);
        if (status != TSR_OK) {
            return status;
        }
    }
    tsr_status status = tsr_chip_check(&spec->chip, error);
    status = status == TSR_OK ? tsr_update_check(&spec->update, error) : status;
    return status == TSR_OK ? tsr_algorithm_check(&spec->algorithm, error) : status;
}

/* W starts uniform in ±scale/√in of the layer, clipped to the devices' bounds. Draws: purpose INIT, line i, draw j of the tile. */
static tsr_status draw_first_weights(const tsr_machine *machine, tsr_tile *tile, uint32_t layer_inputs)
{
    const float limit = (float)(machine->spec.init_weight_scale / sqrt((double)layer_inputs));
    float      *w = calloc((size_t)tile->in * tile->out, sizeof *w);
    uint32_t   *words = calloc(tile->in, sizeof *words);
    if (w == NULL || words == NULL) {
        free(w);
        free(words);
        return TSR_E_MEMORY;
    }
    const tsr_stream stream = tsr_stream_at(tile->w.stream, 0, TSR_PURPOSE_INIT);
    for (uint32_t i = 0; i < tile->out; ++i) {
        tsr_uniform_words(&stream, i, tile->in, words);
        for (uint32_t j = 0; j < tile->in; ++j) {
            w[(size_t)i * tile->in + j] = limit * (float)((double)words[j] / 2147483648.0 - 1.0);
        }
    }
    tsr_array_set_weights(&tile->w, w);
    free(w);
    free(words);
    return TSR_OK;
}

/* Array ids are distinct, and the key is a bijection of the id for any one seed: no two arrays share their noise. */
static tsr_status create_tile(tsr_machine *machine, tsr_tile *tile, tsr_error *error)
{
    const tsr_machine_spec *spec = &machine->spec;
    tsr_status status = tsr_array_create(&tile->w, &spec->device_w, &spec->chip.conductance, 2 * tile->index, tile->in,
                                         tile->out, spec->seed, error);
    if (status == TSR_OK) {
        status = draw_first_weights(machine, tile, machine->layers[tile->layer].spec.in);
    }
    if (status == TSR_OK && tsr_algorithm_transfers(spec->algorithm.name)) {
        status = tsr_array_create(&tile->a, &spec->device_a, &spec->chip.conductance, 2 * tile->index + 1, tile->in,
                                  tile->out, spec->seed, error);
        if (status == TSR_OK) {
            status =
                tsr_transfer_create(&tile->transfer, &spec->algorithm, tile->in, tile->out, (float)tile->a.granularity,
                                    (float)tile->w.granularity, spec->update.desired_bl, tile->a.stream, error);
        }
    }
    return status;
}

static void place_tile(tsr_machine *machine, uint32_t layer, uint32_t row, uint32_t column)
{
    const tsr_layer_spec *spec = &machine->layers[layer].spec;
    const uint32_t        index = spec->first_tile + row * spec->grid_columns + column;
    tsr_tile             *tile = &machine->tiles[index];
    tile->index = index;
    tile->layer = layer;
    tile->core = spec->core + (index - spec->first_tile) / machine->spec.chip.tiles_per_core;
    tile->out_offset = row * spec->tile_out;
    tile->in_offset = column * spec->tile_in;
    tile->out = row + 1 < spec->grid_rows ? spec->tile_out : spec->out - tile->out_offset;
    tile->in = column + 1 < spec->grid_columns ? spec->tile_in : spec->lines - tile->in_offset;
    machine->line_max = tile->in > machine->line_max ? tile->in : machine->line_max;
    machine->line_max = tile->out > machine->line_max ? tile->out : machine->line_max;
    machine->core_count = tile->core + 1 > machine->core_count ? tile->core + 1 : machine->core_count;
}

static tsr_status create_layers(tsr_machine *machine, const tsr_layer_spec *specs, tsr_error *error)
{
    for (uint32_t k = 0; k < machine->layer_count; ++k) {
        machine->layers[k].spec = specs[k];
        const uint32_t end = specs[k].first_tile + specs[k].grid_rows * specs[k].grid_columns;
        machine->tile_count = end > machine->tile_count ? end : machine->tile_count;
        if (specs[k].bias == TSR_BIAS_DIGITAL) {
            machine->layers[k].bias = calloc(specs[k].out, sizeof(float));
            if (machine->layers[k].bias == NULL) {
                return tsr_error_set(error, TSR_E_MEMORY, "biases of layer %u: out of memory", k);
            }
        }
    }
    machine->tiles = calloc(machine->tile_count, sizeof *machine->tiles);
    if (machine->tiles == NULL) {
        return tsr_error_set(error, TSR_E_MEMORY, "%u tiles: out of memory", machine->tile_count);
    }
    for (uint32_t k = 0; k < machine->layer_count; ++k) {
        for (uint32_t row = 0; row < specs[k].grid_rows; ++row) {
            for (uint32_t column = 0; column < specs[k].grid_columns; ++column) {
                place_tile(machine, k, row, column);
            }
        }
    }
    return TSR_OK;
}

tsr_status tsr_machine_create(tsr_machine *machine, const tsr_machine_spec *spec, tsr_error *error)
{
    memset(machine, 0, sizeof *machine);
    tsr_status status = check_spec(spec, error);
    if (status != TSR_OK) {
        return status;
    }
    machine->spec = *spec;
    machine->spec.layers = NULL;
    machine->layer_count = spec->layer_count;
    machine->layers = calloc(spec->layer_count, sizeof *machine->layers);
    if (machine->layers == NULL) {
        return tsr_error_set(error, TSR_E_MEMORY, "%u layers: out of memory", spec->layer_count);
    }
    status = create_layers(machine, spec->layers, error);
    for (uint32_t k = 0; status == TSR_OK && k < machine->tile_count; ++k) {
        status = create_tile(machine, &machine->tiles[k], error);
    }
    status = status == TSR_OK ? tsr_machine_create_slots(machine, error) : status;
    status = status == TSR_OK ? tsr_ledger_create(&machine->ledger, spec->layer_count, error) : status;
    if (status != TSR_OK) {
        tsr_machine_destroy(machine);
    }
    return status;
}

void tsr_machine_destroy(tsr_machine *machine)
{
    for (uint32_t k = 0; machine->tiles != NULL && k < machine->tile_count; ++k) {
        tsr_array_destroy(&machine->tiles[k].w);
        tsr_array_destroy(&machine->tiles[k].a);
        tsr_transfer_destroy(&machine->tiles[k].transfer);
    }
    for (uint32_t k = 0; machine->layers != NULL && k < machine->layer_count; ++k) {
        free(machine->layers[k].bias);
    }
    free(machine->tiles);
    free(machine->layers);
    tsr_machine_destroy_slots(machine);
    tsr_ledger_destroy(&machine->ledger);
    memset(machine, 0, sizeof *machine);
}

uint64_t tsr_machine_hash(const tsr_machine *machine)
{
    uint64_t hash = TSR_HASH_START;
    for (uint32_t k = 0; k < machine->tile_count; ++k) {
        const tsr_tile *tile = &machine->tiles[k];
        hash = tsr_array_hash(&tile->w, hash);
        if (tile->a.memory != NULL) {
            hash = tsr_array_hash(&tile->a, hash);
            hash = tsr_transfer_hash(&tile->transfer, hash);
        }
    }
    for (uint32_t k = 0; k < machine->layer_count; ++k) {
        for (uint32_t i = 0; machine->layers[k].bias != NULL && i < machine->layers[k].spec.out; ++i) {
            hash = tsr_hash_float(hash, machine->layers[k].bias[i]);
        }
    }
    return hash;
}

void tsr_machine_take_score(tsr_machine *machine, double *loss_sum, uint64_t *samples, uint64_t *correct)
{
    *loss_sum = machine->loss_sum;
    *samples = machine->samples;
    *correct = machine->correct;
    machine->loss_sum = 0.0;
    machine->samples = 0;
    machine->correct = 0;
}
