/* models/math/kernels_variant.h — internal to models/math: what one build of the kernels exports
 * (models/math/isa_variant.h).
 *
 * The functions are spread over vector_kernels.c and matrix_kernels.c; table_kernels.c collects them. */
#ifndef TESSERA_MODELS_MATH_KERNELS_VARIANT_H
#define TESSERA_MODELS_MATH_KERNELS_VARIANT_H

#include "models/math/kernels.h"

extern const tsr_kernels tsr_kernels_scalar;
extern const tsr_kernels tsr_kernels_base;
extern const tsr_kernels tsr_kernels_avx2;
extern const tsr_kernels tsr_kernels_avx512;

#ifdef TSR_VARIANT

float TSR_VARIANT(tsr_abs_max)(const float *x, size_t n);
float TSR_VARIANT(tsr_sum)(const float *x, size_t n);
float TSR_VARIANT(tsr_dot)(const float *x, const float *y, size_t n);
void  TSR_VARIANT(tsr_add_scaled)(float *y, size_t n, float a, const float *x);
void  TSR_VARIANT(tsr_matvec_lines)(const float *m, size_t stride, uint32_t out, const uint32_t *lines, uint32_t count,
                                   const float *x, float *y);
void  TSR_VARIANT(tsr_matvec_transposed)(const float *m, size_t stride, uint32_t in, uint32_t out, const float *d,
                                        float *z);
void  TSR_VARIANT(tsr_rank1)(float *m, size_t stride, uint32_t in, uint32_t out, float scale, const float *x,
                            const float *d);
void  TSR_VARIANT(tsr_dac_quantise)(const float *x, size_t n, float scale, float step, float bound, float *out);
bool  TSR_VARIANT(tsr_adc_quantise)(const float *y, size_t n, float step, float bound, float *out);
void  TSR_VARIANT(tsr_sigmoid)(const float *x, size_t n, float *out);
void  TSR_VARIANT(tsr_tanh)(const float *x, size_t n, float *out);
void  TSR_VARIANT(tsr_relu)(const float *x, size_t n, float *out);
float TSR_VARIANT(tsr_exp_sum)(const float *x, size_t n, float shift, float *out);

#endif
#endif
