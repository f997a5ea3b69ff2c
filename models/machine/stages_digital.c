/* Stages of REDUCE, VECTOR, MOVE and DMA. */
#include <math.h>
#include <string.h>

#include "models/accounting/units.h"
#include "models/machine/stage_support.h"
#include "models/machine/stages.h"
#include "models/math/kernels.h"
#include "models/math/scalar_math.h"

/* z = Σ partials in ascending tile index, then bias. */
static void reduce_forward(tsr_machine *machine, const tsr_op *op)
{
    const tsr_layer      *layer = &machine->layers[op->layer];
    const tsr_layer_spec *spec = &layer->spec;
    float                *z = machine->slots[op->target].data;
    for (uint32_t row = 0; row < spec->grid_rows; ++row) {
        for (uint32_t column = 0; column < spec->grid_columns; ++column) {
            const uint32_t  index = row * spec->grid_columns + column;
            const tsr_tile *tile = &machine->tiles[spec->first_tile + index];
            const float    *partial =
                machine->slots[tsr_machine_slot(machine, TSR_SLOT_PARTIAL, op->layer, index, op->item)].data;
            float *block = z + tile->out_offset;
            for (uint32_t i = 0; i < tile->out; ++i) {
                block[i] = column == 0 ? partial[i] : block[i] + partial[i];
            }
        }
    }
    for (uint32_t i = 0; layer->bias != NULL && i < spec->out; ++i) {
        z[i] += layer->bias[i];
    }
}

/* Σ of the transposed partials; an analog bias line has no unit behind it and is left out. */
static void reduce_backward(tsr_machine *machine, const tsr_op *op)
{
    const tsr_layer_spec *spec = &machine->layers[op->layer].spec;
    float                *d = machine->slots[op->target].data;
    for (uint32_t row = 0; row < spec->grid_rows; ++row) {
        for (uint32_t column = 0; column < spec->grid_columns; ++column) {
            const uint32_t  index = row * spec->grid_columns + column;
            const tsr_tile *tile = &machine->tiles[spec->first_tile + index];
            const float    *partial =
                machine->slots[tsr_machine_slot(machine, TSR_SLOT_PARTIAL_T, op->layer, index, op->item)].data;
            for (uint32_t j = 0; j < tile->in && tile->in_offset + j < spec->in; ++j) {
                const uint32_t at = tile->in_offset + j;
                d[at] = row == 0 ? partial[j] : d[at] + partial[j];
            }
        }
    }
}

static void activate(tsr_machine *machine, const tsr_op *op)
{
    const tsr_kernels    *kernels = tsr_kernels_current();
    const tsr_layer_spec *spec = &machine->layers[op->layer].spec;
    const float          *z = machine->slots[op->source].data;
    float                *h = machine->slots[op->target].data;
    float                *f = machine->slots[tsr_machine_slot(machine, TSR_SLOT_F, op->layer, 0, op->item)].data;
    switch (spec->activation) {
    case TSR_ACTIVATION_SIGMOID: kernels->sigmoid(z, spec->out, h); break;
    case TSR_ACTIVATION_TANH: kernels->tanh(z, spec->out, h); break;
    case TSR_ACTIVATION_RELU: kernels->relu(z, spec->out, h); break;
    case TSR_ACTIVATION_NONE: memmove(h, z, spec->out * sizeof *h); break;
    }
    for (uint32_t i = 0; i < spec->out; ++i) {
        switch (spec->activation) {
        case TSR_ACTIVATION_SIGMOID: f[i] = h[i] * (1.0f - h[i]); break;
        case TSR_ACTIVATION_TANH: f[i] = 1.0f - h[i] * h[i]; break;
        case TSR_ACTIVATION_RELU: f[i] = h[i] > 0.0f ? 1.0f : 0.0f; break;
        case TSR_ACTIVATION_NONE: f[i] = 1.0f; break;
        }
    }
}

/* Softmax cross-entropy: d = (softmax(z) − onehot)·op->rate; loss and prediction go to the score. */
static void loss(tsr_machine *machine, const tsr_op *op)
{
    const uint32_t classes = machine->layers[op->layer].spec.out;
    const float   *z = machine->slots[op->source].data;
    float         *d = machine->slots[op->target].data;
    uint32_t       best = 0;
    for (uint32_t i = 1; i < classes; ++i) {
        best = z[i] > z[best] ? i : best;
    }
    const float label_z = z[op->label];
    const float top = z[best];
    const float sum = tsr_kernels_current()->exp_sum(z, classes, top, d);
    for (uint32_t i = 0; i < classes; ++i) {
        d[i] = (d[i] / sum - (i == op->label ? 1.0f : 0.0f)) * op->rate;
    }
    machine->loss_sum += (double)(tsr_logf(sum) - (label_z - top));
    machine->samples += 1;
    machine->correct += best == op->label;
}

static void vector_op(tsr_machine *machine, const tsr_op *op)
{
    const uint32_t n = machine->layers[op->layer].spec.out;
    switch (op->vector) {
    case TSR_VECTOR_ACTIVATE: activate(machine, op); break;
    case TSR_VECTOR_LOSS: loss(machine, op); break;
    case TSR_VECTOR_BIAS:
        tsr_kernels_current()->add_scaled(machine->layers[op->layer].bias, n, -op->rate,
                                          machine->slots[op->source].data);
        break;
    case TSR_VECTOR_DERIVE: {
        const float *f = machine->slots[tsr_machine_slot(machine, TSR_SLOT_F, op->layer, 0, op->item)].data;
        const float *source = machine->slots[op->source].data;
        float       *d = machine->slots[op->target].data;
        for (uint32_t i = 0; i < n; ++i) {
            d[i] = source[i] * f[i];
        }
        break;
    }
    case TSR_VECTOR_OP_COUNT: break;
    }
}

void tsr_vector_compute(tsr_machine *machine, tsr_op *op)
{
    const tsr_layer_spec *spec = &machine->layers[op->layer].spec;
    if (op->kind == TSR_OP_REDUCE) {
        const uint64_t terms =
            op->backward ? (uint64_t)spec->in * spec->grid_rows : (uint64_t)spec->out * spec->grid_columns;
        (op->backward ? reduce_backward : reduce_forward)(machine, op);
        tsr_charge_port_read(machine, op, terms);
        tsr_charge_port_write(machine, op, op->backward ? spec->in : spec->out);
    } else {
        vector_op(machine, op);
        tsr_charge_port_read(machine, op, spec->out);
        tsr_charge_port_write(machine, op, spec->out);
    }
    tsr_charge_vector(machine, op, tsr_compute_flop(machine, op));
}

void tsr_link_move(tsr_machine *machine, tsr_op *op)
{
    const tsr_slot *source = &machine->slots[op->source];
    tsr_slot       *target = &machine->slots[op->target];
    if (op->source != op->target) {
        const uint32_t words = source->length < target->length ? source->length : target->length;
        memcpy(target->data, source->data, words * sizeof *target->data);
    }
    const uint64_t bits = tsr_move_bits(machine, op);
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_LINK, bits,
                      (double)bits * machine->spec.chip.link_fj_per_bit * TSR_FEMTO);
}

void tsr_dma_fetch(tsr_machine *machine, tsr_op *op)
{
    const uint64_t bits = tsr_dma_bits(machine, op);
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_DMA, bits,
                      (double)bits * machine->spec.chip.dma_fj_per_bit * TSR_FEMTO);
}

/* Pixels 0 … 255 become activations 0 … 1. */
void tsr_buffer_write(tsr_machine *machine, tsr_op *op)
{
    tsr_slot *target = &machine->slots[op->target];
    for (uint32_t k = 0; k < target->length; ++k) {
        target->data[k] = (float)op->image[k] / 255.0f;
    }
    const uint64_t bits = tsr_dma_bits(machine, op);
    tsr_ledger_charge(&machine->ledger, op, TSR_COMPONENT_BUFFER, bits,
                      (double)bits * machine->spec.chip.buffer_fj_per_bit * TSR_FEMTO);
}
