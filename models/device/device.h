/* models/device/device.h — what one resistive cross-point is made of and how it answers pulses.
 *
 * Weights are normalised (1 = nominal upper bound). A law maps (weight, direction, constants of this cross-point) to the mean step;
 * c2c noise multiplies or adds. Equations: docs/devices.md and section 2.4 of the design; the exact reference is
 * tests/data/conformance (aihwkit 1.1, MIT). "d2d" is drawn once per device at construction, "c2c" per pulse, ξ ~ N(0,1).       */
#ifndef TESSERA_MODELS_DEVICE_DEVICE_H
#define TESSERA_MODELS_DEVICE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/base/status.h"
#include "models/random/philox.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tsr_law {
    TSR_LAW_IDEAL = 0, /* a plain number, no device: fp                         */
    TSR_LAW_CONSTANT_STEP,
    TSR_LAW_LINEAR_STEP,
    TSR_LAW_SOFT_BOUNDS,
    TSR_LAW_SOFT_BOUNDS_REFERENCE,
    TSR_LAW_EXP_STEP,
    TSR_LAW_POW_STEP,
    TSR_LAW_PIECEWISE_STEP,
    TSR_LAW_COUNT
} tsr_law;

#define TSR_DEVICE_TABLE_MAX 64

/* Nominal device: all values in normalised weight units unless said otherwise. */
typedef struct tsr_device_spec {
    tsr_law  law;
    double   dw_min;            /* nominal step, > 0 */
    double   w_max, w_min;      /* nominal bounds, w_max > 0 > w_min (0 allowed for w_min where no law divides by it) */
    double   up_down;           /* u: weakens one direction only (positive: down) */
    double   dw_min_d2d;        /* σ_d2d of the gain 1 + σξ */
    bool     dw_min_log_normal; /* gain = exp(σ_d2d ξ) */
    double   up_down_d2d;       /* σ_± of r */
    double   w_max_d2d;         /* σ_b, relative to the nominal bound */
    double   w_min_d2d;
    double   c2c;                  /* σ_c2c of one pulse */
    bool     c2c_additive;         /* s(… + σξ) instead of s(…)(1 + σξ) */
    double   gamma_up, gamma_down; /* linear_step slope, pow_step and exp_step exponents */
    double   gamma_d2d;            /* linear_step, pow_step; relative */
    bool     gamma_own_bounds;     /* linear_step: γ relative to the device's own bound instead of the nominal */
    double   reference_mean, reference_std;      /* soft_bounds_reference: ref ~ N(μ_r, σ_r) */
    bool     subtract_symmetry_point;            /* soft_bounds_reference: ref += symmetry point of this device */
    double   exp_a, exp_b, exp_A_up, exp_A_down; /* exp_step */
    uint32_t table_length;                       /* piecewise_step: 1 … TSR_DEVICE_TABLE_MAX */
    float    table_up[TSR_DEVICE_TABLE_MAX], table_down[TSR_DEVICE_TABLE_MAX];
    double   write_noise;     /* σ of the visible weight around the hidden state, in units of dw_min; 0 = none */
    double   corrupt_share;   /* probability that a device is stuck at a random value within its bounds */
    double   retention_tau_s; /* 0 = no retention; w ← w_c + (w − w_c)·exp(−Δt/τ) */
    double   retention_tau_d2d;
    double   retention_point;     /* w_c */
    double   retention_point_d2d; /* σ of w_c, weight units */
} tsr_device_spec;

/* Constants of each cross-point. A plane holds one float per device, `line` after line: device (i, j), i = output, j = input line,
 * is at j·stride + i. Planes that the law does not need are NULL. Owned by the tsr_array that was built from the spec. */
typedef struct tsr_device_planes {
    float *w;         /* visible weight: what a read multiplies (relative to `reference`, where there is one) */
    float *step_up;   /* s↑ > 0 */
    float *step_down; /* s↓ > 0 */
    float *w_max;     /* own bounds; for soft_bounds_reference bounds of v = w + reference */
    float *w_min;
    float *reference; /* soft_bounds_reference */
    float *gamma_up;  /* linear_step (relative to the own bound), pow_step */
    float *gamma_down;
    float *persistent; /* hidden state, only with write noise */
    float *tau_s;      /* retention, only where it varies */
    float *converge;   /* retention convergence point, only where it varies */
} tsr_device_planes;

/* Pulses that single devices of an array get, at most one entry a device, ascending in `device`. */
typedef struct tsr_pulse_list {
    uint32_t  count;
    uint32_t *device; /* j·stride + i */
    int16_t  *pulses; /* signed number of pulses, + = up, never 0 */
    uint32_t *draw;   /* index into xi of the first of this device's |pulses| draws */
    float    *before; /* out, may be NULL with `after`: state (visible weight, unless there is write noise) … */
    float    *after;  /* … before and after the pulses */
} tsr_pulse_list;

/* Checks the ranges of a spec; *error names the key and what is allowed. */
tsr_status tsr_device_check(const tsr_device_spec *spec, tsr_error *error);

/* g: nominal weight change that pulse probabilities are computed with (2.3). */
double tsr_device_granularity(const tsr_device_spec *spec);

/* Which planes the law needs (w is always needed). */
typedef struct tsr_device_needs {
    bool steps, bounds, reference, gamma, persistent, tau, converge;
} tsr_device_needs;
tsr_device_needs tsr_device_plane_needs(const tsr_device_spec *spec);

/* Draws the constants of `out` devices of every one of `in` lines and sets w = 0 (the nearest value within the bounds), or the
 * random stuck value of a corrupt device, both steps of which are 0 then. Padding is left as it is (0). Returns the number of
 * corrupt devices. Noise: purpose TSR_PURPOSE_CONSTRUCT of `stream`, one value of `retry` per parameter, line j, draw i, so the
 * values of one parameter depend neither on the σ of another nor on `in`, `out` and `stride`.                                   */
uint32_t tsr_device_construct(const tsr_device_spec *spec, const tsr_stream *stream, uint32_t in, uint32_t out,
                              uint32_t stride, tsr_device_planes *planes);

/* Applies the pulses one by one to the state (`persistent` where there is one, else `w`); xi[draw[k]…] are the c2c draws and may
 * be NULL when spec->c2c is 0. Clips to the bounds after every pulse; returns how many devices ended at a bound.                */
uint32_t tsr_device_pulse(const tsr_device_spec *spec, tsr_device_planes *planes, const tsr_pulse_list *list,
                          const float *xi);

/* Write noise: redraws the visible weight of entry k of the list around its hidden state, w = persistent + write_noise·dw_min·xi[k].
 * Call it after tsr_device_pulse; no-op without write noise.                                                                     */
void tsr_device_redraw(const tsr_device_spec *spec, tsr_device_planes *planes, const tsr_pulse_list *list,
                       const float *xi);

/* Sets the weight (visible and hidden) of one device, clipped to its bounds; a stuck device keeps its own. Returns the weight it
 * has afterwards.                                                                                                                */
float tsr_device_write(const tsr_device_spec *spec, tsr_device_planes *planes, uint32_t device, float w);

/* Symmetry point of one device of a soft-bounds law, in the units of v. */
float tsr_device_symmetry_point(float step_up, float step_down, float w_max, float w_min);

/* Retention: lets `seconds` of device time act on the state of `out` devices of every line, visible and hidden weight alike,
 * within the bounds of each device. Returns false, and does nothing, without retention and while seconds/τ is below
 * TSR_RETENTION_LEAST: float32 would lose such a change, so the caller keeps the time and comes back with the sum.              */
#define TSR_RETENTION_LEAST 0x1p-13
bool tsr_device_relax(const tsr_device_spec *spec, tsr_device_planes *planes, uint32_t in, uint32_t out,
                      uint32_t stride, double seconds);

const char *tsr_law_name(tsr_law law);

#ifdef __cplusplus
}
#endif
#endif
