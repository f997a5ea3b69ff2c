#include "workloads/network.h"

static tsr_status check_network(const tsr_network *network, tsr_error *error)
{
    if (network->layer_count == 0 || network->layer_count > TSR_NETWORK_MAX_LAYERS) {
        return tsr_error_set(
            error, TSR_E_ARGUMENT,
            "network.layers: %u layers of weights; give at least an input and an output size, and at most "
            "%u sizes",
            network->layer_count, TSR_NETWORK_MAX_LAYERS + 1);
    }
    for (uint32_t k = 0; k <= network->layer_count; ++k) {
        if (network->sizes[k] == 0 || network->sizes[k] > TSR_NETWORK_MAX_UNITS) {
            return tsr_error_set(error, TSR_E_ARGUMENT,
                                 "network.layers: size %u at position %u; expected 1 to %u units", network->sizes[k],
                                 k + 1, TSR_NETWORK_MAX_UNITS);
        }
    }
    switch (network->activation) {
    case TSR_ACTIVATION_NONE:
    case TSR_ACTIVATION_SIGMOID:
    case TSR_ACTIVATION_TANH:
    case TSR_ACTIVATION_RELU: break;
    default:
        return tsr_error_set(error, TSR_E_ARGUMENT,
                             "network.activation: unknown value %d; expected none, sigmoid, tanh or relu",
                             (int)network->activation);
    }
    switch (network->bias) {
    case TSR_BIAS_NONE:
    case TSR_BIAS_DIGITAL:
    case TSR_BIAS_ANALOG: break;
    default:
        return tsr_error_set(error, TSR_E_ARGUMENT, "network.bias: unknown value %d; expected none, digital or analog",
                             (int)network->bias);
    }
    return TSR_OK;
}

static tsr_status check_chip(const tsr_chip_spec *chip, tsr_error *error)
{
    const struct {
        const char *key, *unit;
        uint32_t    value;
    } sizes[] = {{"chip.input_lines", "line", chip->input_lines},
                 {"chip.output_lines", "line", chip->output_lines},
                 {"chip.tiles_per_core", "tile", chip->tiles_per_core}};
    for (uint32_t k = 0; k < sizeof sizes / sizeof sizes[0]; ++k) {
        if (sizes[k].value == 0) {
            return tsr_error_set(error, TSR_E_ARGUMENT, "%s: 0; expected at least 1 %s", sizes[k].key, sizes[k].unit);
        }
    }
    if (chip->tiling != TSR_TILING_EQUAL && chip->tiling != TSR_TILING_PACKED) {
        return tsr_error_set(error, TSR_E_ARGUMENT, "chip.tiling: unknown value %d; expected equal or packed",
                             (int)chip->tiling);
    }
    return TSR_OK;
}

/* How `lines` lines are cut for arrays of `array_lines`; 64 bits, so that no sum overflows. */
static void cut(uint64_t lines, uint64_t array_lines, tsr_tiling tiling, uint32_t *pieces, uint32_t *piece)
{
    const uint64_t count = (lines + array_lines - 1) / array_lines;
    const uint64_t full = array_lines < lines ? array_lines : lines;
    *pieces = (uint32_t)count;
    /* Rounded up, and still at most array_lines. The last piece may be short but is never empty: pieces of at most
     * array_lines lines cannot be fewer than `count`. */
    *piece = (uint32_t)(tiling == TSR_TILING_EQUAL ? (lines + count - 1) / count : full);
}

tsr_status tsr_network_map(const tsr_network *network, const tsr_chip_spec *chip, tsr_layer_spec layers[],
                           uint32_t capacity, tsr_error *error)
{
    tsr_status status = check_network(network, error);
    if (status == TSR_OK) {
        status = check_chip(chip, error);
    }
    if (status != TSR_OK) {
        return status;
    }
    if (capacity < network->layer_count) {
        return tsr_error_set(error, TSR_E_ARGUMENT, "room for %u layers, the network has %u", capacity,
                             network->layer_count);
    }

    uint32_t next_tile = 0;
    uint64_t next_place = 0; /* places of all cores in a row; some stay empty */
    for (uint32_t k = 0; k < network->layer_count; ++k) {
        const bool      last = k + 1 == network->layer_count;
        tsr_layer_spec *layer = &layers[k];
        *layer = (tsr_layer_spec){.in = network->sizes[k],
                                  .out = network->sizes[k + 1],
                                  .activation = last ? TSR_ACTIVATION_NONE : network->activation,
                                  .bias = network->bias,
                                  .lines = network->sizes[k] + (network->bias == TSR_BIAS_ANALOG ? 1 : 0),
                                  .first_tile = next_tile};
        cut(layer->out, chip->output_lines, chip->tiling, &layer->grid_rows, &layer->tile_out);
        cut(layer->lines, chip->input_lines, chip->tiling, &layer->grid_columns, &layer->tile_in);

        const uint64_t tiles = (uint64_t)layer->grid_rows * layer->grid_columns;
        if (tiles > TSR_NETWORK_MAX_TILES - next_tile) {
            return tsr_error_set(
                error, TSR_E_ARGUMENT,
                "chip.input_lines, chip.output_lines: the network needs more than %u tiles of %u × %u lines "
                "(layer %u alone %u × %u); use larger arrays",
                TSR_NETWORK_MAX_TILES, chip->output_lines, chip->input_lines, k, layer->grid_rows, layer->grid_columns);
        }
        const uint64_t used = next_place % chip->tiles_per_core;
        if (used != 0 && tiles > chip->tiles_per_core - used) {
            next_place += chip->tiles_per_core - used;
        }
        layer->core = (uint32_t)(next_place / chip->tiles_per_core);
        next_tile += (uint32_t)tiles;
        next_place += tiles;
    }
    return TSR_OK;
}
