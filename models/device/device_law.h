/* models/device/device_law.h — one pulse of every law, as inline functions for the loops of device_pulse.c.
 *
 * A law is a pair of functions: load() fetches what one device needs for pulses of one direction, shape() is the mean step at
 * state w as a share of the device's nominal step. A pulse then is
 *     w += s·(shape(w) + σξ·(additive ? 1 : shape(w)))   clipped to [low, high],   s = +s↑ or −s↓.
 * Everything that depends on the direction is settled in load(), by bit masks: no processor predicts the direction of a pulse.  */
#ifndef TESSERA_MODELS_DEVICE_DEVICE_LAW_H
#define TESSERA_MODELS_DEVICE_DEVICE_LAW_H

#include "models/device/device.h"
#include "models/math/scalar_math.h"

#define TSR_ALWAYS_INLINE static inline __attribute__((always_inline))

/* Constants of one device for one direction. */
typedef struct tsr_law_point {
    float        step;      /* signed: +s↑ or −s↓                      */
    float        low, high; /* bounds of the state                     */
    float        offset;    /* state = weight + offset                 */
    float        k, c, e;   /* meaning depends on the law              */
    const float *table;
} tsr_law_point;

/* Constants of an array, with the scalars as float32 once. */
typedef struct tsr_law_array {
    const float *step_up, *step_down, *w_max, *w_min, *reference, *gamma_up, *gamma_down;
    float        exp_a2, exp_b, exp_A_up, exp_A_down, exp_gamma_up, exp_gamma_down;
    const float *table_up, *table_down;
    uint32_t     table_last; /* length − 1 */
} tsr_law_array;

/* `up` is all ones for a pulse up and 0 for a pulse down. */
typedef void (*tsr_law_load)(const tsr_law_array *array, uint32_t d, uint32_t up, tsr_law_point *point);
typedef float (*tsr_law_shape)(const tsr_law_array *array, const tsr_law_point *point, float w);

TSR_ALWAYS_INLINE float tsr_clip(float w, float low, float high)
{
    w = w < high ? w : high;
    return w > low ? w : low;
}

/* What every law starts from. */
TSR_ALWAYS_INLINE void tsr_load_step(const tsr_law_array *array, uint32_t d, uint32_t up, tsr_law_point *point)
{
    point->step = tsr_float_select(up, array->step_up[d], -array->step_down[d]);
    point->low = array->w_min[d];
    point->high = array->w_max[d];
    point->offset = 0.0f;
}

/* constant_step: w ± s·n */
TSR_ALWAYS_INLINE void tsr_load_constant(const tsr_law_array *array, uint32_t d, uint32_t up, tsr_law_point *point)
{
    tsr_load_step(array, d, up, point);
}
TSR_ALWAYS_INLINE float tsr_shape_constant(const tsr_law_array *array, const tsr_law_point *point, float w)
{
    (void)array, (void)point, (void)w;
    return 1.0f;
}

/* linear_step: 1 − γ↑w/M up, 1 − γ↓w/m down; k = γ/bound */
TSR_ALWAYS_INLINE void tsr_load_linear(const tsr_law_array *array, uint32_t d, uint32_t up, tsr_law_point *point)
{
    tsr_load_step(array, d, up, point);
    const float gamma = tsr_float_select(up, array->gamma_up[d], array->gamma_down[d]);
    point->k = gamma / tsr_float_select(up, point->high, point->low);
}
TSR_ALWAYS_INLINE float tsr_shape_linear(const tsr_law_array *array, const tsr_law_point *point, float w)
{
    (void)array;
    return 1.0f - w * point->k;
}

/* soft_bounds: linear with γ = 1 */
TSR_ALWAYS_INLINE void tsr_load_soft(const tsr_law_array *array, uint32_t d, uint32_t up, tsr_law_point *point)
{
    tsr_load_step(array, d, up, point);
    point->k = 1.0f / tsr_float_select(up, point->high, point->low);
}

/* soft_bounds_reference: the same on v = w + reference */
TSR_ALWAYS_INLINE void tsr_load_soft_reference(const tsr_law_array *array, uint32_t d, uint32_t up,
                                               tsr_law_point *point)
{
    tsr_load_soft(array, d, up, point);
    point->offset = array->reference[d];
}

/* exp_step: max(1 − A·e^(±γz), 0), z = 2a·w/(M − m) + b; k = 2a/(M − m), c = A, e = ±γ */
TSR_ALWAYS_INLINE void tsr_load_exp(const tsr_law_array *array, uint32_t d, uint32_t up, tsr_law_point *point)
{
    tsr_load_step(array, d, up, point);
    point->k = array->exp_a2 / (point->high - point->low);
    point->c = tsr_float_select(up, array->exp_A_up, array->exp_A_down);
    point->e = tsr_float_select(up, array->exp_gamma_up, -array->exp_gamma_down);
}
TSR_ALWAYS_INLINE float tsr_shape_exp(const tsr_law_array *array, const tsr_law_point *point, float w)
{
    const float z = w * point->k + array->exp_b;
    const float shape = 1.0f - point->c * tsr_expf(point->e * z);
    return shape > 0.0f ? shape : 0.0f;
}

/* pow_step: ((M − w)/(M − m))^γ↑ up, ((w − m)/(M − m))^γ↓ down; k = ±1/(M − m), c = the bound ahead, e = γ */
TSR_ALWAYS_INLINE void tsr_load_pow(const tsr_law_array *array, uint32_t d, uint32_t up, tsr_law_point *point)
{
    tsr_load_step(array, d, up, point);
    point->c = tsr_float_select(up, point->high, point->low);
    point->k = tsr_float_select(up, 1.0f, -1.0f) / (point->high - point->low);
    point->e = tsr_float_select(up, array->gamma_up[d], array->gamma_down[d]);
}
TSR_ALWAYS_INLINE float tsr_shape_pow(const tsr_law_array *array, const tsr_law_point *point, float w)
{
    (void)array;
    const float base = (point->c - w) * point->k;
    if (!(base > 0.0f)) {
        return point->e > 0.0f ? 0.0f : 1.0f;
    }
    return tsr_expf(point->e * tsr_logf(base));
}

/* piecewise_step: linear between table entries that divide [m, M] evenly; k = N/(M − m) */
TSR_ALWAYS_INLINE void tsr_load_piecewise(const tsr_law_array *array, uint32_t d, uint32_t up, tsr_law_point *point)
{
    tsr_load_step(array, d, up, point);
    point->k = (float)array->table_last / (point->high - point->low);
    point->table = up ? array->table_up : array->table_down;
}
TSR_ALWAYS_INLINE float tsr_shape_piecewise(const tsr_law_array *array, const tsr_law_point *point, float w)
{
    if (array->table_last == 0) {
        return point->table[0];
    }
    const float u = tsr_clip((w - point->low) * point->k, 0.0f, (float)array->table_last);
    uint32_t    cell = (uint32_t)u;
    cell = cell < array->table_last ? cell : array->table_last - 1;
    const float t = u - (float)cell;
    return (1.0f - t) * point->table[cell] + t * point->table[cell + 1];
}

#endif
