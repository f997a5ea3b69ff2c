/* models/math/partial_sums.h — internal to the kernels: the 16 partial sums of models/math/kernels.h. */
#ifndef TESSERA_MODELS_MATH_PARTIAL_SUMS_H
#define TESSERA_MODELS_MATH_PARTIAL_SUMS_H

#include <stddef.h>

#define TSR_PARTIAL_SUMS 16

static inline float tsr_partial_total(const float s[TSR_PARTIAL_SUMS])
{
    float by8[8], by4[4];
    for (int k = 0; k < 8; k++) {
        by8[k] = s[k] + s[k + 8];
    }
    for (int k = 0; k < 4; k++) {
        by4[k] = by8[k] + by8[k + 4];
    }
    return (by4[0] + by4[2]) + (by4[1] + by4[3]);
}

/* Sum of x_i y_i. The partial sums of the whole part stay in registers; only a rest makes the compiler spill them. */
static inline float tsr_partial_dot(const float *restrict x, const float *restrict y, size_t n)
{
    float        sums[TSR_PARTIAL_SUMS] = {0};
    const size_t rest = n % TSR_PARTIAL_SUMS;
    const size_t whole = n - rest;
    for (size_t i = 0; i < whole; i += TSR_PARTIAL_SUMS) {
        for (size_t k = 0; k < TSR_PARTIAL_SUMS; k++) {
            sums[k] += x[i + k] * y[i + k];
        }
    }
    if (rest != 0) {
        float with_rest[TSR_PARTIAL_SUMS];
        for (size_t k = 0; k < TSR_PARTIAL_SUMS; k++) {
            with_rest[k] = k < rest ? sums[k] + x[whole + k] * y[whole + k] : sums[k];
        }
        return tsr_partial_total(with_rest);
    }
    return tsr_partial_total(sums);
}

#endif
