/* Pulses on a list of devices: one loop per law and kind of c2c noise, chosen once per list. */
#include "models/device/device.h"
#include "models/device/device_law.h"

typedef enum noise_kind { NOISE_NONE, NOISE_MULTIPLICATIVE, NOISE_ADDITIVE } noise_kind;

/* Listed devices are scattered over planes that together exceed a second-level cache: ask for them this many entries ahead.
 * Measured: half the time of a list, little change between 8 and 32.                                                           */
enum { AHEAD = 16 };

TSR_ALWAYS_INLINE void fetch_ahead(const tsr_law_array *array, const float *state, uint32_t d)
{
    __builtin_prefetch(state + d, 1);
    __builtin_prefetch(array->step_up + d);
    __builtin_prefetch(array->step_down + d);
    __builtin_prefetch(array->w_max + d);
    __builtin_prefetch(array->w_min + d);
    if (array->reference != NULL) {
        __builtin_prefetch(array->reference + d);
    }
}

/* Inlined into each law's function below with constant `noise`, `load` and `shape`. */
TSR_ALWAYS_INLINE uint32_t pulse_loop(const tsr_law_array *array, float *restrict state, const tsr_pulse_list *list,
                                      const float *restrict xi, float sigma, noise_kind noise, tsr_law_load load,
                                      tsr_law_shape shape)
{
    const uint32_t last = list->count > 0 ? list->count - 1 : 0;
    const bool     keep = list->before != NULL;
    uint32_t       hits = 0;
    for (uint32_t k = 0; k < list->count; ++k) {
        fetch_ahead(array, state, list->device[k + AHEAD < last ? k + AHEAD : last]);
        const uint32_t d = list->device[k];
        const int      n = list->pulses[k];
        const float   *draw = noise == NOISE_NONE ? NULL : xi + list->draw[k];
        tsr_law_point  point;
        load(array, d, 0u - (uint32_t)(n > 0), &point);
        const float before = state[d];
        float       w = before + point.offset;
        int         left = n > 0 ? n : -n;
        do {
            float change = shape(array, &point, w);
            if (noise == NOISE_MULTIPLICATIVE) {
                change *= 1.0f + sigma * *draw++;
            } else if (noise == NOISE_ADDITIVE) {
                change += sigma * *draw++;
            }
            w = tsr_clip(w + point.step * change, point.low, point.high);
        } while (--left > 0);
        hits += (uint32_t)((w <= point.low) | (w >= point.high));
        state[d] = w - point.offset;
        if (keep) {
            list->before[k] = before;
            list->after[k] = w - point.offset;
        }
    }
    return hits;
}

#define TSR_LAW_FUNCTION(name, load, shape)                                                                            \
    static uint32_t name(const tsr_law_array *array, float *state, const tsr_pulse_list *list, const float *xi,        \
                         float sigma, noise_kind noise)                                                                \
    {                                                                                                                  \
        switch (noise) {                                                                                               \
        case NOISE_MULTIPLICATIVE:                                                                                     \
            return pulse_loop(array, state, list, xi, sigma, NOISE_MULTIPLICATIVE, load, shape);                       \
        case NOISE_ADDITIVE: return pulse_loop(array, state, list, xi, sigma, NOISE_ADDITIVE, load, shape);            \
        case NOISE_NONE: break;                                                                                        \
        }                                                                                                              \
        return pulse_loop(array, state, list, xi, sigma, NOISE_NONE, load, shape);                                     \
    }
TSR_LAW_FUNCTION(pulse_constant, tsr_load_constant, tsr_shape_constant)
TSR_LAW_FUNCTION(pulse_linear, tsr_load_linear, tsr_shape_linear)
TSR_LAW_FUNCTION(pulse_soft, tsr_load_soft, tsr_shape_linear)
TSR_LAW_FUNCTION(pulse_soft_reference, tsr_load_soft_reference, tsr_shape_linear)
TSR_LAW_FUNCTION(pulse_exp, tsr_load_exp, tsr_shape_exp)
TSR_LAW_FUNCTION(pulse_pow, tsr_load_pow, tsr_shape_pow)
TSR_LAW_FUNCTION(pulse_piecewise, tsr_load_piecewise, tsr_shape_piecewise)
#undef TSR_LAW_FUNCTION

/* ideal: a number with nominal steps, neither bounds nor noise */
static uint32_t pulse_ideal(float *state, const tsr_pulse_list *list, float step)
{
    for (uint32_t k = 0; k < list->count; ++k) {
        const float before = state[list->device[k]];
        state[list->device[k]] = before + step * (float)list->pulses[k];
        if (list->before != NULL) {
            list->before[k] = before;
            list->after[k] = state[list->device[k]];
        }
    }
    return 0;
}

static tsr_law_array law_array(const tsr_device_spec *spec, const tsr_device_planes *planes)
{
    const tsr_law_array array = {
        .step_up = planes->step_up,
        .step_down = planes->step_down,
        .w_max = planes->w_max,
        .w_min = planes->w_min,
        .reference = planes->reference,
        .gamma_up = planes->gamma_up,
        .gamma_down = planes->gamma_down,
        .exp_a2 = 2.0f * (float)spec->exp_a,
        .exp_b = (float)spec->exp_b,
        .exp_A_up = (float)spec->exp_A_up,
        .exp_A_down = (float)spec->exp_A_down,
        .exp_gamma_up = (float)spec->gamma_up,
        .exp_gamma_down = (float)spec->gamma_down,
        .table_up = spec->table_up,
        .table_down = spec->table_down,
        .table_last = spec->table_length > 0 ? spec->table_length - 1 : 0,
    };
    return array;
}

uint32_t tsr_device_pulse(const tsr_device_spec *spec, tsr_device_planes *planes, const tsr_pulse_list *list,
                          const float *xi)
{
    float              *state = planes->persistent != NULL ? planes->persistent : planes->w;
    const tsr_law_array array = law_array(spec, planes);
    const float         sigma = (float)spec->c2c;
    noise_kind          noise = spec->c2c_additive ? NOISE_ADDITIVE : NOISE_MULTIPLICATIVE;
    if (!(spec->c2c > 0.0) || xi == NULL) {
        noise = NOISE_NONE;
    }
    switch (spec->law) {
    case TSR_LAW_CONSTANT_STEP: return pulse_constant(&array, state, list, xi, sigma, noise);
    case TSR_LAW_LINEAR_STEP: return pulse_linear(&array, state, list, xi, sigma, noise);
    case TSR_LAW_SOFT_BOUNDS: return pulse_soft(&array, state, list, xi, sigma, noise);
    case TSR_LAW_SOFT_BOUNDS_REFERENCE: return pulse_soft_reference(&array, state, list, xi, sigma, noise);
    case TSR_LAW_EXP_STEP: return pulse_exp(&array, state, list, xi, sigma, noise);
    case TSR_LAW_POW_STEP: return pulse_pow(&array, state, list, xi, sigma, noise);
    case TSR_LAW_PIECEWISE_STEP: return pulse_piecewise(&array, state, list, xi, sigma, noise);
    case TSR_LAW_IDEAL:
    case TSR_LAW_COUNT: break;
    }
    return pulse_ideal(state, list, (float)spec->dw_min);
}
