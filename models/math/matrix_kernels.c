/* Compiled once per instruction set: models/math/isa_variant.h. */
#include "models/math/isa_variant.h"

#include "models/math/kernels_variant.h"
#include "models/math/partial_sums.h"

/* Four lines per sweep over y: each y_i is loaded and stored once for four products, y stays in the first-level cache
 * and the matrix streams through whole cache lines. Every output's additions are in the order of the list at any
 * vector width. */
static void add_four_lines(float *restrict y, uint32_t out, const float *m, size_t stride, const uint32_t *lines,
                           const float *x)
{
    const float *restrict m0 = m + lines[0] * stride;
    const float *restrict m1 = m + lines[1] * stride;
    const float *restrict m2 = m + lines[2] * stride;
    const float *restrict m3 = m + lines[3] * stride;
    const float x0 = x[lines[0]], x1 = x[lines[1]], x2 = x[lines[2]], x3 = x[lines[3]];
    for (uint32_t i = 0; i < out; i++) {
        y[i] = (((y[i] + m0[i] * x0) + m1[i] * x1) + m2[i] * x2) + m3[i] * x3;
    }
}

static void add_line(float *restrict y, uint32_t out, const float *restrict m, float x)
{
    for (uint32_t i = 0; i < out; i++) {
        y[i] += m[i] * x;
    }
}

void TSR_VARIANT(tsr_matvec_lines)(const float *m, size_t stride, uint32_t out, const uint32_t *lines, uint32_t count,
                                   const float *x, float *y)
{
    for (uint32_t i = 0; i < out; i++) {
        y[i] = 0.0f;
    }
    uint32_t k = 0;
    for (; count - k >= 4; k += 4) {
        add_four_lines(y, out, m, stride, lines + k, x);
    }
    for (; k < count; k++) {
        add_line(y, out, m + lines[k] * stride, x[lines[k]]);
    }
}

void TSR_VARIANT(tsr_matvec_transposed)(const float *m, size_t stride, uint32_t in, uint32_t out, const float *d,
                                        float *z)
{
    for (uint32_t j = 0; j < in; j++) {
        z[j] = tsr_partial_dot(m + j * stride, d, out);
    }
}

void TSR_VARIANT(tsr_rank1)(float *m, size_t stride, uint32_t in, uint32_t out, float scale, const float *x,
                            const float *d)
{
    for (uint32_t j = 0; j < in; j++) {
        if (x[j] != 0.0f) {
            float *const line = m + j * stride;
            const float  factor = scale * x[j];
            TSR_IVDEP
            for (uint32_t i = 0; i < out; i++) {
                line[i] += factor * d[i];
            }
        }
    }
}
