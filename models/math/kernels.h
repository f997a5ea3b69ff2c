/* models/math/kernels.h — the float32 loops the core spends its time in, compiled for several instruction sets.
 *
 * Get the table once per operation: `const tsr_kernels *math = tsr_kernels_current();`. Every entry gives the same
 * bits in every build, because the order of its additions is part of its definition:
 *   "16 partial sums"  element i is added to sum i % 16; then sum k += sum k+8, k += k+4, k += k+2, k += k+1.
 * Arrays need no alignment (64 bytes is fastest) and no padding. Outputs do not overlap inputs, except that an
 * element-by-element function may write to its own input where "in place" is said. n = 0 is allowed. NaN passes
 * through unless said otherwise.
 *
 * A matrix is stored line by line: m[j * stride + i] couples input line j = 0 … in-1 to output line i = 0 … out-1;
 * stride >= out. Elements between out and stride are neither read nor written. */
#ifndef TESSERA_MODELS_MATH_KERNELS_H
#define TESSERA_MODELS_MATH_KERNELS_H

#include "models/math/isa.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tsr_kernels {
    /* Largest |x_i|; 0 if n = 0; NaN if any is NaN. */
    float (*abs_max)(const float *x, size_t n);
    /* Sum of x_i, and of x_i y_i: 16 partial sums. */
    float (*sum)(const float *x, size_t n);
    float (*dot)(const float *x, const float *y, size_t n);
    /* y_i += a x_i */
    void (*add_scaled)(float *y, size_t n, float a, const float *x);

    /* y_i = sum over k = 0 … count-1, in this order, of m[lines[k] * stride + i] x[lines[k]], starting from 0.
     * `lines` holds the driven lines (x_j != 0) in ascending order; y has `out` elements. */
    void (*matvec_lines)(const float *m, size_t stride, uint32_t out, const uint32_t *lines, uint32_t count,
                         const float *x, float *y);
    /* z_j = sum of m[j * stride + i] d_i over all i: 16 partial sums. z has `in` elements. */
    void (*matvec_transposed)(const float *m, size_t stride, uint32_t in, uint32_t out, const float *d, float *z);
    /* m[j * stride + i] += (scale x_j) d_i; lines with x_j = 0 are not touched. */
    void (*rank1)(float *m, size_t stride, uint32_t in, uint32_t out, float scale, const float *x, const float *d);

    /* Digital to analog: out_i = clip(round((x_i / scale) / step) * step, -bound … bound), round = half to even, the
     * operations in this order (with bound management a retry puts the largest input exactly on a tie). step <= 0: no
     * rounding. In place. */
    void (*dac_quantise)(const float *x, size_t n, float scale, float step, float bound, float *out);
    /* Analog to digital: r_i = round(y_i / step) * step, out_i = clip(r_i, -bound … bound); returns whether any |r_i|
     * > bound (tested after rounding, before clipping; false for NaN). step <= 0: no rounding. In place. */
    bool (*adc_quantise)(const float *y, size_t n, float step, float bound, float *out);

    /* Activations of models/math/scalar_math.h, element by element, in place; relu(x) = max(x, 0). */
    void (*sigmoid)(const float *x, size_t n, float *out);
    void (*tanh)(const float *x, size_t n, float *out);
    void (*relu)(const float *x, size_t n, float *out);
    /* out_i = exp(x_i - shift), in place; returns the sum of out_i, 16 partial sums. Softmax: shift = max x, then
     * divide. */
    float (*exp_sum)(const float *x, size_t n, float shift, float *out);
} tsr_kernels;

/* The table of the build in use (models/math/isa.h); static, never NULL. */
const tsr_kernels *tsr_kernels_current(void);

#ifdef __cplusplus
}
#endif
#endif
