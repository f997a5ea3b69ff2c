/* models/accounting/ledger.h — the one place where energy and latency are counted.
 *
 * Every stage function charges here; C++ only reads. A charge is (op, component, count, attojoules): the energy of one charge is
 * rounded half-even once (tsr_attojoule), an op sums in 64 bits, totals in 128 bits, nothing is carried. Total = Σ ops + leakage. */
#ifndef TESSERA_MODELS_ACCOUNTING_LEDGER_H
#define TESSERA_MODELS_ACCOUNTING_LEDGER_H

#include <stdint.h>

#include "models/base/status.h"
#include "models/chip/op.h"

#ifdef __cplusplus
extern "C" {
#endif

__extension__ typedef unsigned __int128 tsr_u128;

typedef enum tsr_component {
    TSR_COMPONENT_ARRAY_READ = 0, /* I·V of the devices plus C·V² of the driven lines                     */
    TSR_COMPONENT_ARRAY_WRITE,    /* pulses on devices                                                     */
    TSR_COMPONENT_DAC,
    TSR_COMPONENT_INTEGRATOR, /* integrators and sample-and-hold                                       */
    TSR_COMPONENT_ADC,
    TSR_COMPONENT_DRIVER, /* C·V² per 0→1 edge of a pulse train                                    */
    TSR_COMPONENT_BIT_GENERATOR,
    TSR_COMPONENT_SRAM, /* H                                                                     */
    TSR_COMPONENT_CONTROLLER,
    TSR_COMPONENT_VECTOR_UNIT,
    TSR_COMPONENT_PORT, /* local buffers of the cores                                            */
    TSR_COMPONENT_LINK,
    TSR_COMPONENT_BUFFER, /* global buffer                                                         */
    TSR_COMPONENT_DMA,
    TSR_COMPONENT_LEAKAGE, /* static power × simulated training time, one row                       */
    TSR_COMPONENT_COUNT
} tsr_component;

const char *tsr_component_name(tsr_component component);

typedef struct tsr_ledger_row {
    uint64_t count;
    tsr_u128 energy_aj;
} tsr_ledger_row;

typedef struct tsr_ledger_time {
    uint64_t count;
    tsr_u128 service_ps;
    tsr_u128 wait_ps;
} tsr_ledger_time;

typedef struct tsr_charge {
    uint64_t      op;
    tsr_component component;
    uint64_t      count;
    uint64_t      energy_aj;
} tsr_charge;

typedef struct tsr_ledger {
    uint32_t         layers;
    tsr_ledger_row  *rows;  /* [phase][kind][component][layer], owned */
    tsr_ledger_time *times; /* [phase][kind][stage][layer], owned     */
    uint64_t         ops[TSR_PHASE_COUNT][TSR_OP_KIND_COUNT];
    uint64_t         retries;     /* reads repeated by bound management                 */
    uint64_t         saturations; /* conversions that left an output clipped to its bound */
    tsr_u128         leakage_aj;
    tsr_status       status; /* not TSR_OK once a recorded charge was lost (memory) */
    /* optional list of every charge, for tests: set capacity by tsr_ledger_record */
    tsr_charge *charges;
    uint64_t    charge_count, charge_capacity;
} tsr_ledger;

tsr_status tsr_ledger_create(tsr_ledger *ledger, uint32_t layers, tsr_error *error);
void       tsr_ledger_destroy(tsr_ledger *ledger);
/* From now on keeps every charge (growing as needed); for tests. */
tsr_status tsr_ledger_record(tsr_ledger *ledger);

/* Joules to whole attojoules, half to even. Negative or NaN is 0. */
uint64_t tsr_attojoule(double joule);

/* Charges `count` events of together `joule` to one component of one op. */
void tsr_ledger_charge(tsr_ledger *ledger, tsr_op *op, tsr_component component, uint64_t count, double joule);
void tsr_ledger_note_op(tsr_ledger *ledger, const tsr_op *op);
void tsr_ledger_note_stage(tsr_ledger *ledger, const tsr_op *op, tsr_stage stage, uint64_t service_ps,
                           uint64_t wait_ps);

const tsr_ledger_row *tsr_ledger_row_at(const tsr_ledger *l, tsr_phase phase, tsr_op_kind kind, tsr_component component,
                                        uint32_t layer);
const tsr_ledger_time *tsr_ledger_time_at(const tsr_ledger *l, tsr_phase phase, tsr_op_kind kind, tsr_stage stage,
                                          uint32_t layer);

/* Σ of training rows (every phase but evaluate) plus leakage; and of evaluation alone. */
tsr_u128 tsr_ledger_training_aj(const tsr_ledger *ledger);
tsr_u128 tsr_ledger_evaluation_aj(const tsr_ledger *ledger);
uint64_t tsr_ledger_training_ops(const tsr_ledger *ledger);

#ifdef __cplusplus
}
#endif
#endif
