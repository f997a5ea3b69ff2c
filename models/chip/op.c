#include "models/chip/op.h"

#include <stddef.h>

static const char *const op_kind_names[TSR_OP_KIND_COUNT] = {"MVM",        "MVM_T",    "REDUCE",        "UPDATE",
                                                             "READ_SLICE", "TRANSFER", "PROGRAM_SLICE", "CALIBRATE",
                                                             "COPY",       "VECTOR",   "MOVE",          "DMA"};
static const char *const vector_op_names[TSR_VECTOR_OP_COUNT] = {"activate", "derive", "loss", "bias"};
static const char *const phase_names[TSR_PHASE_COUNT] = {"forward",  "backward",  "update",
                                                         "transfer", "calibrate", "evaluate"};
static const char *const stage_names[TSR_STAGE_COUNT] = {
    "load",        "abs_max", "drive",  "convert",   "store",   "compute", "train", "rate",
    "load_driver", "pulse",   "h_read", "h_compute", "h_write", "program", "link",  "host"};
static const char *const role_names[TSR_ROLE_COUNT] = {
    "port", "vector_unit", "dac", "array", "adc", "controller", "driver_in", "driver_out", "link", "buffer", "dma"};

const char *tsr_op_kind_name(tsr_op_kind kind) { return kind < TSR_OP_KIND_COUNT ? op_kind_names[kind] : "?"; }
const char *tsr_vector_op_name(tsr_vector_op op) { return op < TSR_VECTOR_OP_COUNT ? vector_op_names[op] : "?"; }
const char *tsr_phase_name(tsr_phase phase) { return phase < TSR_PHASE_COUNT ? phase_names[phase] : "?"; }
const char *tsr_stage_name(tsr_stage stage) { return stage < TSR_STAGE_COUNT ? stage_names[stage] : "end"; }
const char *tsr_role_name(tsr_role role) { return role < TSR_ROLE_COUNT ? role_names[role] : "?"; }

typedef struct stage_row {
    uint32_t count;
    tsr_role roles[TSR_STAGE_MAX_UNITS];
} stage_row;

static const stage_row stage_units[TSR_STAGE_COUNT] = {
    [TSR_STAGE_LOAD] = {1, {TSR_ROLE_PORT}},
    [TSR_STAGE_ABS_MAX] = {1, {TSR_ROLE_VECTOR_UNIT}},
    [TSR_STAGE_DRIVE] = {2, {TSR_ROLE_DAC, TSR_ROLE_ARRAY}},
    [TSR_STAGE_CONVERT] = {1, {TSR_ROLE_ADC}},
    [TSR_STAGE_STORE] = {2, {TSR_ROLE_VECTOR_UNIT, TSR_ROLE_PORT}},
    [TSR_STAGE_COMPUTE] = {1, {TSR_ROLE_VECTOR_UNIT}},
    [TSR_STAGE_TRAIN] = {1, {TSR_ROLE_VECTOR_UNIT}},
    [TSR_STAGE_RATE] = {1, {TSR_ROLE_CONTROLLER}},
    [TSR_STAGE_LOAD_DRIVER] = {2, {TSR_ROLE_DRIVER_IN, TSR_ROLE_DRIVER_OUT}},
    [TSR_STAGE_PULSE] = {3, {TSR_ROLE_DRIVER_IN, TSR_ROLE_DRIVER_OUT, TSR_ROLE_ARRAY}},
    [TSR_STAGE_H_READ] = {1, {TSR_ROLE_CONTROLLER}},
    [TSR_STAGE_H_COMPUTE] = {1, {TSR_ROLE_CONTROLLER}},
    [TSR_STAGE_H_WRITE] = {1, {TSR_ROLE_CONTROLLER}},
    [TSR_STAGE_PROGRAM] = {3, {TSR_ROLE_DRIVER_IN, TSR_ROLE_DRIVER_OUT, TSR_ROLE_ARRAY}},
    [TSR_STAGE_LINK] = {1, {TSR_ROLE_LINK}},
    [TSR_STAGE_HOST] = {2, {TSR_ROLE_DMA, TSR_ROLE_BUFFER}},
};

uint32_t tsr_stage_roles(tsr_stage stage, tsr_role roles[TSR_STAGE_MAX_UNITS])
{
    const stage_row *row = &stage_units[stage];
    for (uint32_t k = 0; k < row->count; ++k) {
        roles[k] = row->roles[k];
    }
    return row->count;
}

tsr_stage tsr_op_first_stage(const tsr_op *op)
{
    switch (op->kind) {
    case TSR_OP_MVM:
    case TSR_OP_MVM_T: return TSR_STAGE_LOAD;
    case TSR_OP_REDUCE:
    case TSR_OP_VECTOR: return TSR_STAGE_COMPUTE;
    case TSR_OP_UPDATE: return TSR_STAGE_TRAIN;
    case TSR_OP_READ_SLICE: return TSR_STAGE_DRIVE;
    case TSR_OP_TRANSFER: return TSR_STAGE_H_READ;
    case TSR_OP_PROGRAM_SLICE: return TSR_STAGE_PROGRAM;
    case TSR_OP_MOVE: return TSR_STAGE_LINK;
    case TSR_OP_DMA: return TSR_STAGE_HOST;
    case TSR_OP_CALIBRATE:
    case TSR_OP_COPY:
    case TSR_OP_KIND_COUNT: break;
    }
    return TSR_STAGE_END;
}

tsr_stage tsr_op_next_stage(const tsr_op *op, tsr_stage stage, bool retry_allowed)
{
    switch (stage) {
    case TSR_STAGE_LOAD: return TSR_STAGE_ABS_MAX;
    case TSR_STAGE_ABS_MAX: return op->skip_array ? TSR_STAGE_STORE : TSR_STAGE_DRIVE;
    case TSR_STAGE_DRIVE: return TSR_STAGE_CONVERT;
    case TSR_STAGE_CONVERT:
        if (op->kind == TSR_OP_READ_SLICE) {
            return TSR_STAGE_END;
        }
        return op->overflow && retry_allowed ? TSR_STAGE_DRIVE : TSR_STAGE_STORE;
    case TSR_STAGE_TRAIN: return TSR_STAGE_RATE;
    case TSR_STAGE_RATE: return TSR_STAGE_LOAD_DRIVER;
    case TSR_STAGE_LOAD_DRIVER: return TSR_STAGE_PULSE;
    case TSR_STAGE_H_READ: return TSR_STAGE_H_COMPUTE;
    case TSR_STAGE_H_COMPUTE: return TSR_STAGE_H_WRITE;
    case TSR_STAGE_STORE:
    case TSR_STAGE_COMPUTE:
    case TSR_STAGE_PULSE:
    case TSR_STAGE_H_WRITE:
    case TSR_STAGE_PROGRAM:
    case TSR_STAGE_LINK:
    case TSR_STAGE_HOST:
    case TSR_STAGE_COUNT: break;
    }
    return TSR_STAGE_END;
}
