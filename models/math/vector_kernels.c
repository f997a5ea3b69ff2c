/* Compiled once per instruction set: models/math/isa_variant.h. */
#include "models/math/isa_variant.h"

#include "models/math/kernels_variant.h"
#include "models/math/partial_sums.h"
#include "models/math/scalar_math.h"

/* On the bits: magnitudes order like integers, NaN above infinity, and an integer maximum may be regrouped freely. */
float TSR_VARIANT(tsr_abs_max)(const float *x, size_t n)
{
    int32_t largest = 0;
    for (size_t i = 0; i < n; i++) {
        const int32_t bits = (int32_t)(tsr_float_bits(x[i]) & 0x7fffffffu);
        largest = bits > largest ? bits : largest;
    }
    return tsr_bits_float((uint32_t)largest);
}

float TSR_VARIANT(tsr_sum)(const float *x, size_t n)
{
    float        sums[TSR_PARTIAL_SUMS] = {0};
    const size_t whole = n - n % TSR_PARTIAL_SUMS;
    for (size_t i = 0; i < whole; i += TSR_PARTIAL_SUMS) {
        for (size_t k = 0; k < TSR_PARTIAL_SUMS; k++) {
            sums[k] += x[i + k];
        }
    }
    for (size_t k = 0; k < n - whole; k++) {
        sums[k] += x[whole + k];
    }
    return tsr_partial_total(sums);
}

float TSR_VARIANT(tsr_dot)(const float *x, const float *y, size_t n) { return tsr_partial_dot(x, y, n); }

void TSR_VARIANT(tsr_add_scaled)(float *restrict y, size_t n, float a, const float *restrict x)
{
    for (size_t i = 0; i < n; i++) {
        y[i] += a * x[i];
    }
}

static inline float clip(float x, float bound)
{
    const float below = x > bound ? bound : x;
    return below < -bound ? -bound : below;
}

void TSR_VARIANT(tsr_dac_quantise)(const float *x, size_t n, float scale, float step, float bound, float *out)
{
    if (step > 0.0f) {
        TSR_IVDEP
        for (size_t i = 0; i < n; i++) {
            out[i] = clip(tsr_round_half_even(x[i] / scale / step) * step, bound);
        }
    } else {
        TSR_IVDEP
        for (size_t i = 0; i < n; i++) {
            out[i] = clip(x[i] / scale, bound);
        }
    }
}

bool TSR_VARIANT(tsr_adc_quantise)(const float *y, size_t n, float step, float bound, float *out)
{
    int32_t overflow = 0;
    if (step > 0.0f) {
        TSR_IVDEP
        for (size_t i = 0; i < n; i++) {
            const float rounded = tsr_round_half_even(y[i] / step) * step;
            overflow |= fabsf(rounded) > bound;
            out[i] = clip(rounded, bound);
        }
    } else {
        TSR_IVDEP
        for (size_t i = 0; i < n; i++) {
            overflow |= fabsf(y[i]) > bound;
            out[i] = clip(y[i], bound);
        }
    }
    return overflow != 0;
}

void TSR_VARIANT(tsr_sigmoid)(const float *x, size_t n, float *out)
{
    TSR_IVDEP
    for (size_t i = 0; i < n; i++) {
        out[i] = tsr_sigmoidf(x[i]);
    }
}

void TSR_VARIANT(tsr_tanh)(const float *x, size_t n, float *out)
{
    TSR_IVDEP
    for (size_t i = 0; i < n; i++) {
        out[i] = tsr_tanhf(x[i]);
    }
}

void TSR_VARIANT(tsr_relu)(const float *x, size_t n, float *out)
{
    TSR_IVDEP
    for (size_t i = 0; i < n; i++) {
        out[i] = x[i] < 0.0f ? 0.0f : x[i];
    }
}

float TSR_VARIANT(tsr_exp_sum)(const float *x, size_t n, float shift, float *out)
{
    TSR_IVDEP
    for (size_t i = 0; i < n; i++) {
        out[i] = tsr_expf(x[i] - shift);
    }
    return TSR_VARIANT(tsr_sum)(out, n);
}
