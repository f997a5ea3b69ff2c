#include "workloads/producer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "workloads/passes.h"

/* -- creation ------------------------------------------------------------------------------------------------------ */

/* Fills the plan of one layer and appends the cores that hold its tiles to producer->cores; returns the new length of
 * that list. */
static uint32_t plan_layer(tsr_producer *producer, uint32_t index, uint32_t core_count)
{
    const tsr_machine    *machine = producer->machine;
    const tsr_layer_spec *spec = &machine->layers[index].spec;
    tsr_producer_layer   *layer = &producer->layers[index];
    *layer = (tsr_producer_layer){.first_tile = spec->first_tile,
                                  .tile_count = spec->grid_rows * spec->grid_columns,
                                  .core = spec->core,
                                  .first_core = core_count};
    for (uint32_t k = 0; k < layer->tile_count; ++k) {
        /* Tiles fill cores in order, so a core that was seen before is the last one of the list. */
        const uint32_t core = machine->tiles[layer->first_tile + k].core;
        if (layer->core_count == 0 || producer->cores[core_count - 1] != core) {
            producer->cores[core_count++] = core;
            ++layer->core_count;
        }
    }
    /* Per tile MVM, MVM_T, two MOVEs, UPDATE and three of the transfer; per core MOVEs of x and of d; REDUCE and VECTOR
     * in both directions, MOVE to the layer below, BIAS. */
    producer->item_ops += UINT64_C(8) * layer->tile_count + UINT64_C(2) * layer->core_count + 6;
    return core_count;
}

tsr_status tsr_producer_create(tsr_producer *producer, const tsr_machine *machine, tsr_error *error)
{
    memset(producer, 0, sizeof *producer);
    if (machine->spec.algorithm.name == TSR_ALGORITHM_MP) {
        return tsr_error_set(error, TSR_E_ARGUMENT,
                             "algorithm.name: %s cannot be run yet; choose fp, sgd, ttv2 or cttv2",
                             tsr_algorithm_name_text(machine->spec.algorithm.name));
    }
    producer->machine = machine;
    producer->tiles = calloc(machine->tile_count, sizeof *producer->tiles);
    producer->layers = calloc(machine->layer_count, sizeof *producer->layers);
    producer->cores = calloc(machine->tile_count, sizeof *producer->cores);
    if (producer->tiles == NULL || producer->layers == NULL || producer->cores == NULL) {
        tsr_producer_destroy(producer);
        return tsr_error_set(error, TSR_E_MEMORY, "no memory for the counters of %u tiles", machine->tile_count);
    }
    producer->item_ops = 1; /* DMA */
    uint32_t core_count = 0;
    for (uint32_t k = 0; k < machine->layer_count; ++k) {
        core_count = plan_layer(producer, k, core_count);
    }
    return TSR_OK;
}

void tsr_producer_destroy(tsr_producer *producer)
{
    free(producer->tiles);
    free(producer->layers);
    free(producer->cores);
    memset(producer, 0, sizeof *producer);
}

void tsr_producer_restart_evaluation(tsr_producer *producer)
{
    for (uint32_t k = 0; k < producer->machine->tile_count; ++k) {
        producer->tiles[k].evaluation = 0;
    }
}

void tsr_program_destroy(tsr_program *program)
{
    free(program->ops);
    memset(program, 0, sizeof *program);
}

/* -- programs ------------------------------------------------------------------------------------------------------ */

static tsr_status check_items(const tsr_producer *producer, const tsr_item items[], uint32_t n)
{
    const tsr_machine *machine = producer->machine;
    const uint32_t     classes = machine->layers[machine->layer_count - 1].spec.out;
    if (n == 0 || n > machine->spec.batch_size) {
        return TSR_E_ARGUMENT;
    }
    for (uint32_t k = 0; k < n; ++k) {
        if (items[k].image == NULL || items[k].label >= classes) {
            return TSR_E_ARGUMENT;
        }
    }
    return TSR_OK;
}

/* Ids and numbers for `n` items at most are left, and the program has room for them. */
static tsr_status reserve(const tsr_producer *producer, uint32_t n, bool evaluate, tsr_program *program)
{
    const uint64_t most_ops = n * producer->item_ops;
    if (producer->next_id > TSR_PRODUCER_MAX_OPS || most_ops > TSR_PRODUCER_MAX_OPS - producer->next_id) {
        return TSR_E_RANGE;
    }
    /* An item touches W of a tile three times (MVM, MVM_T, and UPDATE or PROGRAM_SLICE), A twice. */
    const uint64_t last_start = TSR_PRODUCER_EVALUATION_BIT - UINT64_C(3) * n;
    for (uint32_t k = 0; k < producer->machine->tile_count; ++k) {
        const tsr_producer_tile *tile = &producer->tiles[k];
        const bool training = tile->number[TSR_ARRAY_W] <= last_start && tile->number[TSR_ARRAY_A] <= last_start;
        if (evaluate ? tile->evaluation > last_start : !training) {
            return TSR_E_RANGE;
        }
    }
    if (program->capacity < most_ops) {
        tsr_op *ops = realloc(program->ops, most_ops * sizeof *ops);
        if (ops == NULL) {
            return TSR_E_MEMORY;
        }
        program->ops = ops;
        program->capacity = most_ops;
    }
    return TSR_OK;
}

static uint64_t mix(uint64_t hash, uint32_t high, uint32_t low)
{
    hash = (hash ^ ((uint64_t)high << 32 | low)) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

static uint64_t pattern_of(const tsr_op *ops, uint64_t count)
{
    uint64_t hash = count;
    for (uint64_t k = 0; k < count; ++k) {
        const tsr_op  *op = &ops[k];
        const uint32_t what = (uint32_t)op->kind | (uint32_t)op->phase << 8 | (uint32_t)op->vector << 16 |
                              (uint32_t)op->array << 24 | (uint32_t)op->backward << 28;
        hash = mix(hash, what, op->item);
        hash = mix(hash, op->layer, op->tile);
        hash = mix(hash, op->core, op->source);
        hash = mix(hash, op->source_d, op->target);
    }
    return hash;
}

static tsr_status produce(tsr_producer *producer, const tsr_item items[], uint32_t n, bool evaluate, float rate,
                          float gradient_scale, tsr_program *program)
{
    program->count = 0;
    program->pattern = 0;
    tsr_status status = check_items(producer, items, n);
    if (status == TSR_OK) {
        status = reserve(producer, n, evaluate, program);
    }
    if (status != TSR_OK) {
        return status;
    }
    tsr_pass pass = {
        .producer = producer, .machine = producer->machine, .program = program, .evaluate = evaluate, .rate = rate};
    for (pass.item = 0; pass.item < n; ++pass.item) {
        pass.phase = evaluate ? TSR_PHASE_EVALUATE : TSR_PHASE_FORWARD;
        tsr_pass_forward(&pass, &items[pass.item], gradient_scale);
        if (!evaluate) {
            pass.phase = TSR_PHASE_BACKWARD;
            tsr_pass_backward(&pass);
        }
    }
    for (pass.item = 0; pass.item < n && !evaluate; ++pass.item) {
        tsr_pass_update(&pass);
    }
    program->pattern = pattern_of(program->ops, program->count);
    return TSR_OK;
}

tsr_status tsr_producer_train(tsr_producer *producer, const tsr_item items[], uint32_t n, float rate,
                              float gradient_scale, tsr_program *program)
{
    if (!isfinite(rate) || !isfinite(gradient_scale)) {
        program->count = 0;
        program->pattern = 0;
        return TSR_E_ARGUMENT;
    }
    return produce(producer, items, n, false, rate, gradient_scale, program);
}

tsr_status tsr_producer_evaluate(tsr_producer *producer, const tsr_item items[], uint32_t n, tsr_program *program)
{
    return produce(producer, items, n, true, 0.0F, 0.0F, program);
}
