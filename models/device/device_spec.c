/* Names, ranges and nominal figures of a device spec. */
#include "models/device/device.h"

#include <float.h>

#include "models/math/scalar_math.h"

static const char *const law_names[TSR_LAW_COUNT] = {
    "ideal",    "constant_step", "linear_step",    "soft_bounds", "soft_bounds_reference",
    "exp_step", "pow_step",      "piecewise_step",
};

const char *tsr_law_name(tsr_law law) { return (unsigned)law < TSR_LAW_COUNT ? law_names[law] : "unknown"; }

static bool divides_by_bounds(tsr_law law)
{
    return law == TSR_LAW_LINEAR_STEP || law == TSR_LAW_SOFT_BOUNDS || law == TSR_LAW_SOFT_BOUNDS_REFERENCE;
}

/* One row per number of the spec: its key and the range [low, high] it must lie in. NaN lies in none. */
typedef struct range {
    const char *key;
    double      value, low, high;
} range;

static tsr_status check_ranges(const range *ranges, size_t count, tsr_error *error)
{
    for (size_t k = 0; k < count; ++k) {
        const range *r = &ranges[k];
        if (!(r->value >= r->low && r->value <= r->high)) {
            return tsr_error_set(error, TSR_E_ARGUMENT, "%s is %g, allowed is %g to %g", r->key, r->value, r->low,
                                 r->high);
        }
    }
    return TSR_OK;
}

static tsr_status check_table(const char *key, const float *table, uint32_t length, tsr_error *error)
{
    for (uint32_t k = 0; k < length; ++k) {
        if (!(table[k] >= 0.0f && table[k] <= 1e6f)) {
            return tsr_error_set(error, TSR_E_ARGUMENT, "%s[%u] is %g, allowed is 0 to 1e6", key, k, (double)table[k]);
        }
    }
    return TSR_OK;
}

static tsr_status check_law(const tsr_device_spec *spec, tsr_error *error)
{
    tsr_status status = TSR_OK;
    if (spec->law == TSR_LAW_PIECEWISE_STEP) {
        if (spec->table_length < 1 || spec->table_length > TSR_DEVICE_TABLE_MAX) {
            return tsr_error_set(error, TSR_E_ARGUMENT,
                                 "table_up and table_down have %u entries, allowed is 1 to %d (both the same)",
                                 spec->table_length, TSR_DEVICE_TABLE_MAX);
        }
        status = check_table("table_up", spec->table_up, spec->table_length, error);
        if (status == TSR_OK) {
            status = check_table("table_down", spec->table_down, spec->table_length, error);
        }
    }
    if (status == TSR_OK && spec->law == TSR_LAW_IDEAL && spec->retention_tau_s > 0.0) {
        status = tsr_error_set(error, TSR_E_ARGUMENT,
                               "retention_tau_s is %g, but law = \"ideal\" is a number that keeps its value: "
                               "use 0 or another law",
                               spec->retention_tau_s);
    }
    if (status == TSR_OK && !(tsr_device_granularity(spec) > 0.0)) {
        status =
            tsr_error_set(error, TSR_E_ARGUMENT, "law = \"%s\" has no step at mid range (granularity %g): change %s",
                          tsr_law_name(spec->law), tsr_device_granularity(spec),
                          spec->law == TSR_LAW_PIECEWISE_STEP ? "table_up" : "exp_A_down or exp_b");
    }
    return status;
}

tsr_status tsr_device_check(const tsr_device_spec *spec, tsr_error *error)
{
    if ((unsigned)spec->law >= TSR_LAW_COUNT) {
        return tsr_error_set(error, TSR_E_ARGUMENT, "law is number %d, known are 0 to %d", (int)spec->law,
                             TSR_LAW_COUNT - 1);
    }
    const double tiny = 1e-9, large = 1e6, sigma = 1e3;
    const range  ranges[] = {
         {"dw_min", spec->dw_min, tiny, large},
         {"w_max", spec->w_max, tiny, large},
         {"w_min", spec->w_min, -large, divides_by_bounds(spec->law) ? -tiny : 0.0},
         {"up_down", spec->up_down, -0.999, 0.999},
         {"dw_min_d2d", spec->dw_min_d2d, 0.0, 10.0},
         {"up_down_d2d", spec->up_down_d2d, 0.0, 10.0},
         {"w_max_d2d", spec->w_max_d2d, 0.0, 10.0},
         {"w_min_d2d", spec->w_min_d2d, 0.0, 10.0},
         {"c2c", spec->c2c, 0.0, sigma},
         {"gamma_up", spec->gamma_up, 0.0, 1e3},
         {"gamma_down", spec->gamma_down, 0.0, 1e3},
         {"gamma_d2d", spec->gamma_d2d, 0.0, 10.0},
         {"reference_mean", spec->reference_mean, -large, large},
         {"reference_std", spec->reference_std, 0.0, large},
         {"exp_a", spec->exp_a, -100.0, 100.0},
         {"exp_b", spec->exp_b, -100.0, 100.0},
         {"exp_A_up", spec->exp_A_up, -large, large},
         {"exp_A_down", spec->exp_A_down, -large, large},
         {"write_noise", spec->write_noise, 0.0, large},
         {"corrupt_share", spec->corrupt_share, 0.0, 1.0},
         {"retention_tau_s", spec->retention_tau_s, 0.0, DBL_MAX},
         {"retention_tau_d2d", spec->retention_tau_d2d, 0.0, 10.0},
         {"retention_point", spec->retention_point, spec->w_min, spec->w_max},
         {"retention_point_d2d", spec->retention_point_d2d, 0.0, large},
    };
    const tsr_status status = check_ranges(ranges, sizeof ranges / sizeof ranges[0], error);
    return status == TSR_OK ? check_law(spec, error) : status;
}

double tsr_device_granularity(const tsr_device_spec *spec)
{
    switch (spec->law) {
    case TSR_LAW_EXP_STEP: {
        const double left = 1.0 - spec->exp_A_down * (double)tsr_expf((float)(-spec->gamma_down * spec->exp_b));
        const double weaker = spec->up_down > 0.0 ? spec->up_down : 0.0;
        return (left > 0.0 ? left : 0.0) * spec->dw_min * (1.0 - weaker);
    }
    case TSR_LAW_POW_STEP: {
        const double ln2 = 0.69314718055994530942;
        return spec->dw_min * (double)tsr_expf((float)(-0.5 * (spec->gamma_up + spec->gamma_down) * ln2));
    }
    case TSR_LAW_PIECEWISE_STEP: return spec->dw_min * (double)spec->table_up[spec->table_length / 2];
    case TSR_LAW_IDEAL:
    case TSR_LAW_CONSTANT_STEP:
    case TSR_LAW_LINEAR_STEP:
    case TSR_LAW_SOFT_BOUNDS:
    case TSR_LAW_SOFT_BOUNDS_REFERENCE:
    case TSR_LAW_COUNT: break;
    }
    return spec->dw_min;
}

tsr_device_needs tsr_device_plane_needs(const tsr_device_spec *spec)
{
    const bool       real = spec->law != TSR_LAW_IDEAL;
    const bool       decays = real && spec->retention_tau_s > 0.0;
    tsr_device_needs needs = {
        .steps = real,
        .bounds = real,
        .reference = spec->law == TSR_LAW_SOFT_BOUNDS_REFERENCE,
        .gamma = spec->law == TSR_LAW_LINEAR_STEP || spec->law == TSR_LAW_POW_STEP,
        .persistent = real && spec->write_noise > 0.0,
        .tau = decays && spec->retention_tau_d2d > 0.0,
        .converge = decays && spec->retention_point_d2d > 0.0,
    };
    return needs;
}
