#include "workloads/passes.h"

/* -- single ops ---------------------------------------------------------------------------------------------------- */

static tsr_slot_id slot_of(const tsr_pass *pass, tsr_slot_name name, uint32_t layer, uint32_t tile)
{
    return tsr_machine_slot(pass->machine, name, layer, tile, pass->item);
}

/* The program has room: reserve() counted in advance. */
static tsr_op *emit(tsr_pass *pass, tsr_op_kind kind, uint32_t layer, uint32_t core)
{
    tsr_op *op = &pass->program->ops[pass->program->count++];
    *op = (tsr_op){.id = pass->producer->next_id++,
                   .kind = kind,
                   .phase = pass->phase,
                   .evaluate = pass->evaluate,
                   .layer = layer,
                   .core = core,
                   .item = pass->item,
                   .source = TSR_SLOT_NONE,
                   .source_d = TSR_SLOT_NONE,
                   .target = TSR_SLOT_NONE};
    return op;
}

/* An op that touches an array takes the next number of that array. */
static tsr_op *emit_tile(tsr_pass *pass, tsr_op_kind kind, tsr_array_role array, uint32_t index)
{
    const tsr_tile    *tile = &pass->machine->tiles[index];
    tsr_producer_tile *counters = &pass->producer->tiles[index];
    tsr_op            *op = emit(pass, kind, tile->layer, tile->core);
    op->tile = index;
    op->array = array;
    op->number = pass->evaluate ? TSR_PRODUCER_EVALUATION_BIT | counters->evaluation++ : counters->number[array]++;
    return op;
}

static tsr_op *emit_vector(tsr_pass *pass, tsr_vector_op vector, uint32_t layer, tsr_slot_id source, tsr_slot_id target)
{
    tsr_op *op = emit(pass, TSR_OP_VECTOR, layer, pass->producer->layers[layer].core);
    op->vector = vector;
    op->source = source;
    op->target = target;
    return op;
}

static tsr_op *emit_move(tsr_pass *pass, uint32_t layer, uint32_t core, tsr_slot_id source, tsr_slot_id target)
{
    tsr_op *op = emit(pass, TSR_OP_MOVE, layer, core);
    op->source = source;
    op->target = target;
    return op;
}

#define FROM_BUFFER UINT32_MAX

/* One MOVE to each core with tiles of `layer`, except the one where the vector already is. */
static void distribute(tsr_pass *pass, uint32_t layer, uint32_t from, tsr_slot_id source, tsr_slot_id target)
{
    const tsr_producer_layer *plan = &pass->producer->layers[layer];
    for (uint32_t k = 0; k < plan->core_count; ++k) {
        const uint32_t core = pass->producer->cores[plan->first_core + k];
        if (core != from) {
            (void)emit_move(pass, layer, core, source, target);
        }
    }
}

/* -- passes of one item -------------------------------------------------------------------------------------------- */

/* All tiles of a layer multiply the vector in `source`; REDUCE adds their partials in the layer's core to `target`. */
static void multiply(tsr_pass *pass, uint32_t layer, bool backward, tsr_slot_id source, tsr_slot_id target)
{
    const tsr_producer_layer *plan = &pass->producer->layers[layer];
    const tsr_op_kind         kind = backward ? TSR_OP_MVM_T : TSR_OP_MVM;
    const tsr_slot_name       name = backward ? TSR_SLOT_PARTIAL_T : TSR_SLOT_PARTIAL;
    for (uint32_t k = 0; k < plan->tile_count; ++k) {
        tsr_op *op = emit_tile(pass, kind, TSR_ARRAY_W, plan->first_tile + k);
        op->source = source;
        op->target = slot_of(pass, name, layer, k);
    }
    for (uint32_t k = 0; k < plan->tile_count; ++k) {
        const uint32_t tile = plan->first_tile + k;
        if (pass->machine->tiles[tile].core != plan->core) {
            const tsr_slot_id partial = slot_of(pass, name, layer, k);
            emit_move(pass, layer, plan->core, partial, partial)->tile = tile;
        }
    }
    tsr_op *op = emit(pass, TSR_OP_REDUCE, layer, plan->core);
    op->backward = backward;
    op->target = target;
}

static void activate(tsr_pass *pass, uint32_t layer)
{
    const tsr_producer_layer *here = &pass->producer->layers[layer];
    const tsr_producer_layer *next = &pass->producer->layers[layer + 1];
    const tsr_slot_id         z = slot_of(pass, TSR_SLOT_Z, layer, 0);
    const tsr_slot_id         x = slot_of(pass, TSR_SLOT_X, layer + 1, 0);
    if (next->core_count == 1 && pass->producer->cores[next->first_core] == here->core) {
        (void)emit_vector(pass, TSR_VECTOR_ACTIVATE, layer, z, x);
    } else {
        (void)emit_vector(pass, TSR_VECTOR_ACTIVATE, layer, z, z);
        distribute(pass, layer + 1, here->core, z, x);
    }
}

void tsr_pass_forward(tsr_pass *pass, const tsr_item *item, float gradient_scale)
{
    const uint32_t    layers = pass->machine->layer_count;
    const tsr_slot_id input = slot_of(pass, TSR_SLOT_INPUT, 0, 0);
    tsr_op           *dma = emit(pass, TSR_OP_DMA, 0, 0);
    dma->image = item->image;
    dma->target = input;
    distribute(pass, 0, FROM_BUFFER, input, slot_of(pass, TSR_SLOT_X, 0, 0));
    for (uint32_t k = 0; k < layers; ++k) {
        const tsr_slot_id z = slot_of(pass, TSR_SLOT_Z, k, 0);
        multiply(pass, k, false, slot_of(pass, TSR_SLOT_X, k, 0), z);
        if (k + 1 < layers) {
            activate(pass, k);
        } else {
            tsr_op *loss = emit_vector(pass, TSR_VECTOR_LOSS, k, z, slot_of(pass, TSR_SLOT_D, k, 0));
            loss->label = item->label;
            loss->rate = gradient_scale;
        }
    }
}

void tsr_pass_backward(tsr_pass *pass)
{
    for (uint32_t k = pass->machine->layer_count - 1; k > 0; --k) {
        const tsr_producer_layer *here = &pass->producer->layers[k];
        const tsr_producer_layer *below = &pass->producer->layers[k - 1];
        const tsr_slot_id         d = slot_of(pass, TSR_SLOT_D, k, 0);
        const tsr_slot_id         d_below = slot_of(pass, TSR_SLOT_D, k - 1, 0);
        distribute(pass, k, here->core, d, d);
        multiply(pass, k, true, d, d_below);
        if (below->core != here->core) {
            (void)emit_move(pass, k - 1, below->core, d_below, d_below);
        }
        (void)emit_vector(pass, TSR_VECTOR_DERIVE, k - 1, d_below, d_below);
    }
}

/* -- updates of one item ------------------------------------------------------------------------------------------- */

static void transfer(tsr_pass *pass, uint32_t index)
{
    const tsr_tile    *tile = &pass->machine->tiles[index];
    tsr_producer_tile *counters = &pass->producer->tiles[index];
    const uint32_t     slice = (uint32_t)counters->slice;

    tsr_op *read = emit_tile(pass, TSR_OP_READ_SLICE, TSR_ARRAY_A, index);
    read->slice = slice;

    tsr_op *step = emit(pass, TSR_OP_TRANSFER, tile->layer, tile->core);
    step->tile = index;
    step->array = TSR_ARRAY_A;
    step->number = read->number;
    step->slice = slice;
    step->rate = pass->rate;

    emit_tile(pass, TSR_OP_PROGRAM_SLICE, TSR_ARRAY_W, index)->slice = slice;

    const uint32_t slices = pass->machine->spec.algorithm.transfer_columns ? tile->in : tile->out;
    counters->slice = slice + 1 == slices ? 0 : slice + 1;
}

void tsr_pass_update(tsr_pass *pass)
{
    const tsr_algorithm_spec *algorithm = &pass->machine->spec.algorithm;
    const bool                transfers = tsr_algorithm_transfers(algorithm->name);
    for (uint32_t layer = 0; layer < pass->machine->layer_count; ++layer) {
        const tsr_producer_layer *plan = &pass->producer->layers[layer];
        const tsr_slot_id         x = slot_of(pass, TSR_SLOT_X, layer, 0);
        const tsr_slot_id         d = slot_of(pass, TSR_SLOT_D, layer, 0);
        pass->phase = TSR_PHASE_UPDATE;
        if (layer == 0) {
            distribute(pass, 0, plan->core, d, d); /* the other layers have it since their backward pass */
        }
        for (uint32_t k = 0; k < plan->tile_count; ++k) {
            const uint32_t tile = plan->first_tile + k;
            pass->phase = TSR_PHASE_UPDATE;
            tsr_op *op = emit_tile(pass, TSR_OP_UPDATE, transfers ? TSR_ARRAY_A : TSR_ARRAY_W, tile);
            op->source = x;
            op->source_d = d;
            op->rate = pass->rate;
            const uint64_t updates = ++pass->producer->tiles[tile].updates;
            if (transfers && updates % algorithm->transfer_every == 0) {
                pass->phase = TSR_PHASE_TRANSFER;
                transfer(pass, tile);
            }
        }
        if (pass->machine->layers[layer].spec.bias == TSR_BIAS_DIGITAL) {
            pass->phase = TSR_PHASE_UPDATE;
            emit_vector(pass, TSR_VECTOR_BIAS, layer, d, TSR_SLOT_NONE)->rate = pass->rate;
        }
    }
}
