#include "reports/words.h"

namespace tessera {

namespace {

const char *words_for_read(tsr_stage stage, const char *load, const char *drive, const char *convert)
{
    switch (stage) {
    case TSR_STAGE_LOAD: return load;
    case TSR_STAGE_ABS_MAX: return "scale of the input";
    case TSR_STAGE_DRIVE: return drive;
    case TSR_STAGE_CONVERT: return convert;
    case TSR_STAGE_STORE: return "rescale and store";
    default: return "";
    }
}

const char *words_for_update(tsr_stage stage)
{
    switch (stage) {
    case TSR_STAGE_TRAIN: return "length of the pulse trains";
    case TSR_STAGE_RATE: return "learning rate, choppers";
    case TSR_STAGE_LOAD_DRIVER: return "trains into the drivers";
    case TSR_STAGE_PULSE: return "coincidences on the array";
    default: return "";
    }
}

const char *words_for_transfer(tsr_stage stage)
{
    switch (stage) {
    case TSR_STAGE_H_READ: return "slice of H from its memory";
    case TSR_STAGE_H_COMPUTE: return "add to H, compare";
    case TSR_STAGE_H_WRITE: return "slice of H to its memory";
    default: return "";
    }
}

} // namespace

const char *words_for(tsr_component component)
{
    switch (component) {
    case TSR_COMPONENT_ARRAY_READ: return "devices and lines, read";
    case TSR_COMPONENT_ARRAY_WRITE: return "pulses on devices";
    case TSR_COMPONENT_DAC: return "converters of the inputs";
    case TSR_COMPONENT_INTEGRATOR: return "integrators, sample & hold";
    case TSR_COMPONENT_ADC: return "converters of the outputs";
    case TSR_COMPONENT_DRIVER: return "edges of pulse trains";
    case TSR_COMPONENT_BIT_GENERATOR: return "random bits of the trains";
    case TSR_COMPONENT_SRAM: return "memory of H";
    case TSR_COMPONENT_CONTROLLER: return "transfer arithmetic";
    case TSR_COMPONENT_VECTOR_UNIT: return "digital arithmetic";
    case TSR_COMPONENT_PORT: return "local buffers of the cores";
    case TSR_COMPONENT_LINK: return "interconnect";
    case TSR_COMPONENT_BUFFER: return "global buffer";
    case TSR_COMPONENT_DMA: return "samples from the host";
    case TSR_COMPONENT_LEAKAGE: return "static power x time";
    case TSR_COMPONENT_COUNT: break;
    }
    return "";
}

const char *words_for(tsr_phase phase)
{
    switch (phase) {
    case TSR_PHASE_FORWARD: return "y = W x, activations, loss";
    case TSR_PHASE_BACKWARD: return "errors through transposed W";
    case TSR_PHASE_UPDATE: return "rank-1 pulses, biases";
    case TSR_PHASE_TRANSFER: return "fast array to H to W";
    case TSR_PHASE_CALIBRATE: return "zero-shifting";
    case TSR_PHASE_EVALUATE: return "no training";
    case TSR_PHASE_COUNT: break;
    }
    return "";
}

const char *words_for(tsr_op_kind op, tsr_stage stage)
{
    switch (op) {
    case TSR_OP_MVM: return words_for_read(stage, "vector into the core", "array reads forward", "ADCs, forward");
    case TSR_OP_MVM_T: return words_for_read(stage, "errors into the core", "array reads backward", "ADCs, backward");
    case TSR_OP_READ_SLICE: return words_for_read(stage, "", "array reads one slice", "ADCs, one slice");
    case TSR_OP_REDUCE: return "sum over tiles, bias";
    case TSR_OP_UPDATE: return words_for_update(stage);
    case TSR_OP_TRANSFER: return words_for_transfer(stage);
    case TSR_OP_PROGRAM_SLICE: return "pulses on W";
    case TSR_OP_CALIBRATE: return "zero-shifting";
    case TSR_OP_COPY: return "into a reference array";
    case TSR_OP_VECTOR: return "activations, loss, biases";
    case TSR_OP_MOVE: return "interconnect";
    case TSR_OP_DMA: return "samples from the host";
    case TSR_OP_KIND_COUNT: break;
    }
    return "";
}

} // namespace tessera
