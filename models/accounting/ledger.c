#include "models/accounting/ledger.h"

#include <stdlib.h>
#include <string.h>

static const char *const component_names[TSR_COMPONENT_COUNT] = {
    "array_read", "array_write", "dac",  "integrator", "adc",    "driver", "bit_generator", "sram",
    "controller", "vector_unit", "port", "link",       "buffer", "dma",    "leakage"};

const char *tsr_component_name(tsr_component component)
{
    return component < TSR_COMPONENT_COUNT ? component_names[component] : "?";
}

static size_t row_count(uint32_t layers)
{
    return (size_t)TSR_PHASE_COUNT * TSR_OP_KIND_COUNT * TSR_COMPONENT_COUNT * layers;
}
static size_t time_count(uint32_t layers)
{
    return (size_t)TSR_PHASE_COUNT * TSR_OP_KIND_COUNT * TSR_STAGE_COUNT * layers;
}

static size_t row_index(const tsr_ledger *l, tsr_phase phase, tsr_op_kind kind, tsr_component component, uint32_t layer)
{
    return (((size_t)phase * TSR_OP_KIND_COUNT + kind) * TSR_COMPONENT_COUNT + component) * l->layers + layer;
}

static size_t time_index(const tsr_ledger *l, tsr_phase phase, tsr_op_kind kind, tsr_stage stage, uint32_t layer)
{
    return (((size_t)phase * TSR_OP_KIND_COUNT + kind) * TSR_STAGE_COUNT + stage) * l->layers + layer;
}

tsr_status tsr_ledger_create(tsr_ledger *ledger, uint32_t layers, tsr_error *error)
{
    memset(ledger, 0, sizeof *ledger);
    ledger->layers = layers;
    ledger->rows = calloc(row_count(layers), sizeof *ledger->rows);
    ledger->times = calloc(time_count(layers), sizeof *ledger->times);
    if (ledger->rows == NULL || ledger->times == NULL) {
        tsr_ledger_destroy(ledger);
        return tsr_error_set(error, TSR_E_MEMORY, "ledger of %u layers: out of memory", layers);
    }
    return TSR_OK;
}

void tsr_ledger_destroy(tsr_ledger *ledger)
{
    free(ledger->rows);
    free(ledger->times);
    free(ledger->charges);
    memset(ledger, 0, sizeof *ledger);
}

tsr_status tsr_ledger_record(tsr_ledger *ledger)
{
    ledger->charge_capacity = 1024;
    ledger->charges = malloc(ledger->charge_capacity * sizeof *ledger->charges);
    if (ledger->charges == NULL) {
        ledger->charge_capacity = 0;
        return TSR_E_MEMORY;
    }
    return TSR_OK;
}

static void record_charge(tsr_ledger *ledger, const tsr_charge *charge)
{
    if (ledger->charge_count == ledger->charge_capacity) {
        const uint64_t capacity = 2 * ledger->charge_capacity;
        tsr_charge    *grown = realloc(ledger->charges, capacity * sizeof *grown);
        if (grown == NULL) {
            ledger->status = TSR_E_MEMORY;
            return;
        }
        ledger->charges = grown;
        ledger->charge_capacity = capacity;
    }
    ledger->charges[ledger->charge_count++] = *charge;
}

uint64_t tsr_attojoule(double joule)
{
    const double attojoule = joule * 1e18;
    if (!(attojoule > 0.0)) {
        return 0;
    }
    if (attojoule >= 4503599627370496.0) { /* from 2⁵² on a double has no fraction */
        return attojoule < 18446744073709549568.0 ? (uint64_t)attojoule : UINT64_MAX;
    }
    /* adding 2⁵² rounds to an integer, half to even */
    return (uint64_t)((attojoule + 4503599627370496.0) - 4503599627370496.0);
}

void tsr_ledger_charge(tsr_ledger *ledger, tsr_op *op, tsr_component component, uint64_t count, double joule)
{
    if (count == 0) {
        return;
    }
    const uint64_t  energy_aj = tsr_attojoule(joule);
    tsr_ledger_row *row = &ledger->rows[row_index(ledger, op->phase, op->kind, component, op->layer)];
    row->count += count;
    row->energy_aj += energy_aj;
    op->energy_aj += energy_aj;
    if (ledger->charges != NULL) {
        const tsr_charge charge = {op->id, component, count, energy_aj};
        record_charge(ledger, &charge);
    }
}

void tsr_ledger_note_op(tsr_ledger *ledger, const tsr_op *op) { ledger->ops[op->phase][op->kind] += 1; }

void tsr_ledger_note_stage(tsr_ledger *ledger, const tsr_op *op, tsr_stage stage, uint64_t service_ps, uint64_t wait_ps)
{
    tsr_ledger_time *time = &ledger->times[time_index(ledger, op->phase, op->kind, stage, op->layer)];
    time->count += 1;
    time->service_ps += service_ps;
    time->wait_ps += wait_ps;
}

const tsr_ledger_row *tsr_ledger_row_at(const tsr_ledger *l, tsr_phase phase, tsr_op_kind kind, tsr_component component,
                                        uint32_t layer)
{
    return &l->rows[row_index(l, phase, kind, component, layer)];
}

const tsr_ledger_time *tsr_ledger_time_at(const tsr_ledger *l, tsr_phase phase, tsr_op_kind kind, tsr_stage stage,
                                          uint32_t layer)
{
    return &l->times[time_index(l, phase, kind, stage, layer)];
}

static tsr_u128 sum_phase(const tsr_ledger *ledger, tsr_phase phase)
{
    const size_t rows = row_count(ledger->layers) / TSR_PHASE_COUNT;
    tsr_u128     sum = 0;
    for (size_t k = 0; k < rows; ++k) {
        sum += ledger->rows[(size_t)phase * rows + k].energy_aj;
    }
    return sum;
}

tsr_u128 tsr_ledger_evaluation_aj(const tsr_ledger *ledger) { return sum_phase(ledger, TSR_PHASE_EVALUATE); }

tsr_u128 tsr_ledger_training_aj(const tsr_ledger *ledger)
{
    tsr_u128 sum = ledger->leakage_aj;
    for (int phase = 0; phase < TSR_PHASE_COUNT; ++phase) {
        sum += phase == TSR_PHASE_EVALUATE ? 0 : sum_phase(ledger, (tsr_phase)phase);
    }
    return sum;
}

uint64_t tsr_ledger_training_ops(const tsr_ledger *ledger)
{
    uint64_t ops = 0;
    for (int phase = 0; phase < TSR_PHASE_COUNT; ++phase) {
        for (int kind = 0; kind < TSR_OP_KIND_COUNT; ++kind) {
            ops += phase == TSR_PHASE_EVALUATE ? 0 : ledger->ops[phase][kind];
        }
    }
    return ops;
}
