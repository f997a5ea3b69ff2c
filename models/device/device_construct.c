/* Construction: the constants of every device of an array, drawn once ("d2d"). */
#include "models/device/device.h"

#include <math.h>

#include "models/math/scalar_math.h"
#include "models/random/draws.h"

/* Each parameter draws from its own stream (field `retry`). The order is part of what a seed means: append only. */
enum {
    PARAMETER_GAIN = 0,
    PARAMETER_UP_DOWN,
    PARAMETER_W_MAX,
    PARAMETER_W_MIN,
    PARAMETER_GAMMA_UP,
    PARAMETER_GAMMA_DOWN,
    PARAMETER_REFERENCE,
    PARAMETER_TAU,
    PARAMETER_CONVERGE,
    PARAMETER_CORRUPT,
    PARAMETER_STUCK
};

enum { CHUNK_BLOCKS = 64, CHUNK = 4 * CHUNK_BLOCKS };

/* Devices first … first+count−1 of one input line: what one pass works on. */
typedef struct chunk {
    tsr_stream stream;
    uint32_t   line[CHUNK_BLOCKS], block[CHUNK_BLOCKS];
    uint32_t   blocks, count;
    size_t     base; /* index of the first device in a plane */
} chunk;

static void chunk_set(chunk *c, uint32_t line, uint32_t first, uint32_t out, uint32_t stride)
{
    c->count = out - first < CHUNK ? out - first : CHUNK;
    c->blocks = (c->count + 3) / 4;
    c->base = (size_t)line * stride + first;
    for (uint32_t b = 0; b < c->blocks; ++b) {
        c->line[b] = line;
        c->block[b] = first / 4 + b;
    }
}

/* ξ of one parameter; zeros where σ is 0, which costs no draws. */
static void draw(chunk *c, uint8_t parameter, double sigma, float xi[CHUNK])
{
    if (sigma > 0.0) {
        c->stream.retry = parameter;
        tsr_gaussian_blocks(&c->stream, c->line, c->block, c->blocks, xi);
    } else {
        for (uint32_t i = 0; i < c->count; ++i) {
            xi[i] = 0.0f;
        }
    }
}

/* plane = |nominal·(1 + σξ)|·sign(nominal), kept off 0: laws divide by bounds, τ and R. */
static void draw_relative(chunk *c, uint8_t parameter, double nominal, double sigma, float *plane)
{
    float       xi[CHUNK];
    const float center = (float)nominal, spread = (float)sigma;
    const float least = 1e-6f * fabsf(center);
    draw(c, parameter, sigma, xi);
    for (uint32_t i = 0; i < c->count; ++i) {
        const float value = fabsf(center * (1.0f + spread * xi[i]));
        plane[c->base + i] = copysignf(value > least ? value : least, center);
    }
}

static void draw_absolute(chunk *c, uint8_t parameter, double mean, double sigma, float *plane)
{
    float       xi[CHUNK];
    const float center = (float)mean, spread = (float)sigma;
    draw(c, parameter, sigma, xi);
    for (uint32_t i = 0; i < c->count; ++i) {
        plane[c->base + i] = center + spread * xi[i];
    }
}

/* step_up = |min(u,0) + gain + r|·dw_min, step_down = |−max(u,0) + gain − r|·dw_min */
static void draw_steps(const tsr_device_spec *spec, chunk *c, tsr_device_planes *planes)
{
    float       gain[CHUNK], r[CHUNK];
    const float dw_min = (float)spec->dw_min, sigma = (float)spec->dw_min_d2d, sigma_r = (float)spec->up_down_d2d;
    const float bias_up = spec->up_down < 0.0 ? (float)spec->up_down : 0.0f;
    const float bias_down = spec->up_down > 0.0 ? -(float)spec->up_down : 0.0f;
    draw(c, PARAMETER_GAIN, spec->dw_min_d2d, gain);
    draw(c, PARAMETER_UP_DOWN, spec->up_down_d2d, r);
    for (uint32_t i = 0; i < c->count; ++i) {
        const float size = spec->dw_min_log_normal ? tsr_expf(sigma * gain[i]) : 1.0f + sigma * gain[i];
        planes->step_up[c->base + i] = fabsf(bias_up + size + sigma_r * r[i]) * dw_min;
        planes->step_down[c->base + i] = fabsf(bias_down + size - sigma_r * r[i]) * dw_min;
    }
}

/* γ; for linear_step the planes hold it relative to the own bound: nominal γ/w_max becomes (γ·M/w_max)/M. */
static void draw_gamma(const tsr_device_spec *spec, chunk *c, tsr_device_planes *planes)
{
    draw_relative(c, PARAMETER_GAMMA_UP, spec->gamma_up, spec->gamma_d2d, planes->gamma_up);
    draw_relative(c, PARAMETER_GAMMA_DOWN, spec->gamma_down, spec->gamma_d2d, planes->gamma_down);
    if (spec->law == TSR_LAW_LINEAR_STEP && !spec->gamma_own_bounds) {
        const float up = 1.0f / (float)spec->w_max, down = 1.0f / (float)spec->w_min;
        for (size_t d = c->base; d < c->base + c->count; ++d) {
            planes->gamma_up[d] *= planes->w_max[d] * up;
            planes->gamma_down[d] *= planes->w_min[d] * down;
        }
    }
}

static void draw_reference(const tsr_device_spec *spec, chunk *c, tsr_device_planes *planes)
{
    draw_absolute(c, PARAMETER_REFERENCE, spec->reference_mean, spec->reference_std, planes->reference);
    if (spec->subtract_symmetry_point) {
        for (size_t d = c->base; d < c->base + c->count; ++d) {
            planes->reference[d] +=
                tsr_device_symmetry_point(planes->step_up[d], planes->step_down[d], planes->w_max[d], planes->w_min[d]);
        }
    }
}

/* Sticks the devices that are corrupt at a value uniform within their bounds; returns how many. */
static uint32_t draw_corrupt(const tsr_device_spec *spec, chunk *c, tsr_device_planes *planes)
{
    uint32_t     corrupt[CHUNK], stuck[CHUNK], found = 0;
    const double threshold = spec->corrupt_share * 0x1p32; /* share 1 is above every word */
    c->stream.retry = PARAMETER_CORRUPT;
    tsr_uniform_blocks(&c->stream, c->line, c->block, c->blocks, corrupt);
    c->stream.retry = PARAMETER_STUCK;
    tsr_uniform_blocks(&c->stream, c->line, c->block, c->blocks, stuck);
    for (uint32_t i = 0; i < c->count; ++i) {
        if ((double)corrupt[i] < threshold) {
            const size_t d = c->base + i;
            const float  low = planes->w_min[d], high = planes->w_max[d];
            const float  share = (float)(stuck[i] >> 8) * 0x1p-24f;
            const float  value = low + (high - low) * share;
            planes->w[d] = planes->reference != NULL ? value - planes->reference[d] : value;
            if (planes->persistent != NULL) {
                planes->persistent[d] = planes->w[d];
            }
            planes->step_up[d] = 0.0f;
            planes->step_down[d] = 0.0f;
            ++found;
        }
    }
    return found;
}

static uint32_t construct_chunk(const tsr_device_spec *spec, tsr_device_needs needs, chunk *c,
                                tsr_device_planes *planes)
{
    draw_steps(spec, c, planes);
    draw_relative(c, PARAMETER_W_MAX, spec->w_max, spec->w_max_d2d, planes->w_max);
    draw_relative(c, PARAMETER_W_MIN, spec->w_min, spec->w_min_d2d, planes->w_min);
    if (needs.gamma) {
        draw_gamma(spec, c, planes);
    }
    if (needs.reference) {
        draw_reference(spec, c, planes);
    }
    if (needs.tau) {
        draw_relative(c, PARAMETER_TAU, spec->retention_tau_s, spec->retention_tau_d2d, planes->tau_s);
    }
    if (needs.converge) {
        draw_absolute(c, PARAMETER_CONVERGE, spec->retention_point, spec->retention_point_d2d, planes->converge);
    }
    for (uint32_t i = 0; i < c->count; ++i) {
        (void)tsr_device_write(spec, planes, (uint32_t)(c->base + i), 0.0f);
    }
    return spec->corrupt_share > 0.0 ? draw_corrupt(spec, c, planes) : 0;
}

uint32_t tsr_device_construct(const tsr_device_spec *spec, const tsr_stream *stream, uint32_t in, uint32_t out,
                              uint32_t stride, tsr_device_planes *planes)
{
    const tsr_device_needs needs = tsr_device_plane_needs(spec);
    uint32_t               corrupt = 0;
    chunk                  c = {.stream = *stream};
    c.stream.purpose = TSR_PURPOSE_CONSTRUCT;
    for (uint32_t j = 0; j < in; ++j) {
        for (uint32_t first = 0; first < out; first += CHUNK) {
            chunk_set(&c, j, first, out, stride);
            if (needs.steps) {
                corrupt += construct_chunk(spec, needs, &c, planes);
            } else {
                for (uint32_t i = 0; i < c.count; ++i) {
                    planes->w[c.base + i] = 0.0f;
                }
            }
        }
    }
    return corrupt;
}
