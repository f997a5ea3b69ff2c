/* Compiled once per instruction set: models/math/isa_variant.h. */
#include "models/math/isa_variant.h"

#include "models/math/kernels_variant.h"

const tsr_kernels TSR_VARIANT(tsr_kernels) = {
    .abs_max = TSR_VARIANT(tsr_abs_max),
    .sum = TSR_VARIANT(tsr_sum),
    .dot = TSR_VARIANT(tsr_dot),
    .add_scaled = TSR_VARIANT(tsr_add_scaled),
    .matvec_lines = TSR_VARIANT(tsr_matvec_lines),
    .matvec_transposed = TSR_VARIANT(tsr_matvec_transposed),
    .rank1 = TSR_VARIANT(tsr_rank1),
    .dac_quantise = TSR_VARIANT(tsr_dac_quantise),
    .adc_quantise = TSR_VARIANT(tsr_adc_quantise),
    .sigmoid = TSR_VARIANT(tsr_sigmoid),
    .tanh = TSR_VARIANT(tsr_tanh),
    .relu = TSR_VARIANT(tsr_relu),
    .exp_sum = TSR_VARIANT(tsr_exp_sum),
};
