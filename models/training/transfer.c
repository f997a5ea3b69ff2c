#include "models/training/transfer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/hash.h"

tsr_status tsr_transfer_create(tsr_transfer *transfer, const tsr_algorithm_spec *spec, uint32_t in, uint32_t out,
                               float g_a, float g_w, uint32_t desired_bl, tsr_stream stream, tsr_error *error)
{
    memset(transfer, 0, sizeof *transfer);
    transfer->spec = *spec;
    transfer->in = in;
    transfer->out = out;
    transfer->slices = spec->transfer_columns ? in : out;
    transfer->slice_length = spec->transfer_columns ? out : in;
    transfer->g_a = g_a;
    transfer->g_w = g_w;
    transfer->desired_bl = desired_bl;
    transfer->stream = stream;
    const bool   agad = spec->name == TSR_ALGORITHM_AGAD;
    const size_t devices = (size_t)in * out;
    transfer->h = calloc(devices, sizeof(float));
    transfer->p = agad ? calloc(devices, sizeof(float)) : NULL;
    transfer->p_ref = agad ? calloc(devices, sizeof(float)) : NULL;
    transfer->chop_in = malloc(in);
    transfer->chop_out = malloc(out);
    transfer->switched = calloc(transfer->slices, sizeof(uint8_t));
    transfer->v = calloc(transfer->slice_length, sizeof(float));
    transfer->fire = calloc(transfer->slice_length, sizeof(int8_t));
    const bool complete = transfer->h && transfer->chop_in && transfer->chop_out && transfer->switched && transfer->v &&
                          transfer->fire && (!agad || (transfer->p && transfer->p_ref));
    if (!complete) {
        tsr_transfer_destroy(transfer);
        return tsr_error_set(error, TSR_E_MEMORY, "hidden matrix of %u x %u: out of memory", out, in);
    }
    memset(transfer->chop_in, 1, in);
    memset(transfer->chop_out, 1, out);
    return TSR_OK;
}

void tsr_transfer_destroy(tsr_transfer *transfer)
{
    free(transfer->h);
    free(transfer->p);
    free(transfer->p_ref);
    free(transfer->chop_in);
    free(transfer->chop_out);
    free(transfer->switched);
    free(transfer->v);
    free(transfer->fire);
    memset(transfer, 0, sizeof *transfer);
}

/* Starts at the first value, skips zeros (2.5). */
static float running_maximum(float mean, float value, float momentum)
{
    if (mean <= 0.0f) {
        return value;
    }
    return value <= 0.0f ? mean : momentum * mean + (1.0f - momentum) * value;
}

float tsr_transfer_rate(tsr_transfer *transfer, float xm, float dm)
{
    transfer->counter += 1;
    if (!transfer->spec.auto_scale) {
        transfer->rate = (float)transfer->spec.fast_lr;
        return transfer->rate;
    }
    const float momentum = (float)transfer->spec.auto_momentum;
    transfer->m_x = running_maximum(transfer->m_x, xm, momentum);
    transfer->m_d = running_maximum(transfer->m_d, dm, momentum);
    const float product = transfer->m_x * transfer->m_d;
    const float granule = (float)transfer->desired_bl * transfer->g_a;
    transfer->rate = product > 0.0f ? (float)transfer->spec.fast_lr * granule / product : 0.0f;
    return transfer->rate;
}

float tsr_transfer_gain(const tsr_transfer *transfer, float scheduled_rate)
{
    const tsr_algorithm_spec *spec = &transfer->spec;
    const double              lambda = spec->transfer_lr * (double)scheduled_rate;
    if (spec->name == TSR_ALGORITHM_TTV1 || spec->name == TSR_ALGORITHM_TTV2) {
        return (float)lambda;
    }
    const double period = (double)transfer->slices * (double)spec->transfer_every;
    const double automatic = spec->auto_granularity > 0.0 ? spec->auto_granularity / period : 1.0;
    const double buffer = spec->buffer_granularity > 0.0 ? spec->buffer_granularity : 1.0;
    const double granule = (double)(spec->gain_reference == TSR_GAIN_A ? transfer->g_a : transfer->g_w);
    const double rate = spec->correct_gradient_magnitudes && transfer->rate > 0.0f ? (double)transfer->rate : 1.0;
    return (float)(lambda / (buffer * granule * automatic * rate));
}

float tsr_transfer_threshold(const tsr_transfer *transfer)
{
    return transfer->spec.name == TSR_ALGORITHM_TTV2 ? (float)transfer->spec.thres_scale * transfer->g_w : 1.0f;
}

/* Period of regular chopping, in sweeps: max(ceil(1/p), 2), 1/p in float32 as the published implementation computes it. */
static uint64_t chop_period(double probability)
{
    const float sweeps = ceilf(1.0f / (float)probability);
    return sweeps > 2.0f ? (uint64_t)sweeps : 2;
}

typedef struct slice_step {
    float         gain, threshold;
    float         beta;         /* agad: weight of the new value in p                       */
    bool          writes;       /* agad writes nothing in its first sweeps                  */
    bool          adopt_p;      /* agad: p becomes the reference first                      */
    int           slice_sign;   /* chopper of the slice                                     */
    const int8_t *element_sign; /* choppers along the slice                             */
} slice_step;

static slice_step plan_step(const tsr_transfer *transfer, uint32_t slice, float scheduled_rate)
{
    const tsr_algorithm_spec *spec = &transfer->spec;
    slice_step                step = {.gain = tsr_transfer_gain(transfer, scheduled_rate),
                                      .threshold = tsr_transfer_threshold(transfer),
                                      .writes = true,
                                      .slice_sign = spec->transfer_columns ? transfer->chop_in[slice] : transfer->chop_out[slice],
                                      .element_sign = spec->transfer_columns ? transfer->chop_out : transfer->chop_in};
    if (spec->name == TSR_ALGORITHM_AGAD) {
        const uint64_t period = spec->in_chop_prob > 0.0 ? chop_period(spec->in_chop_prob) : 2;
        step.beta = fminf((float)spec->tail_weightening / (float)period, 1.0f);
        step.writes = transfer->sweep > period || spec->closed_form_stimulus;
        step.adopt_p = transfer->switched[slice] != 0;
    }
    return step;
}

/* One element enters H; returns the signed pulses that W gets. */
static int accumulate(const tsr_algorithm_spec *spec, const slice_step *step, float value, float *h)
{
    const float omega = *h + step->gain * value;
    const float steps = truncf(omega / step->threshold);
    const float limit = (float)spec->bl_transfer;
    const float n = fminf(fmaxf(steps, -limit), limit);
    if (spec->closed_form_stimulus) { /* every transfer fires, whatever H holds */
        *h = omega;
        return omega < 0.0f ? -1 : 1;
    }
    if (n == 0.0f) {
        *h = omega;
        return 0;
    }
    const float momentum = (float)spec->momentum;
    *h = spec->forget_buffer ? momentum * omega : omega - (1.0f - momentum) * n * step->threshold;
    return (int)n;
}

/* Moves the agad means of one element and returns v relative to its reference. */
static float relative_to_mean(const slice_step *step, float value, float *p, float *p_ref)
{
    if (step->adopt_p) {
        *p_ref = *p;
    }
    const float relative = value - *p_ref;
    *p = (1.0f - step->beta) * *p + step->beta * value;
    return relative;
}

static bool flips(const tsr_transfer *transfer, uint32_t slice, uint64_t number)
{
    const tsr_algorithm_spec *spec = &transfer->spec;
    if (!(spec->in_chop_prob > 0.0) || !tsr_algorithm_chops(spec)) {
        return false;
    }
    if (spec->in_chop_random) {
        const tsr_stream stream = tsr_stream_at(transfer->stream, number, TSR_PURPOSE_CHOPPER);
        return (double)tsr_stream_word(&stream, slice, 0) < spec->in_chop_prob * 4294967296.0;
    }
    const uint64_t period = chop_period(spec->in_chop_prob);
    return transfer->sweep % period == period - 1;
}

/* Output choppers flip, each with its probability, when a sweep over all slices is complete. */
static void flip_elements(tsr_transfer *transfer, uint64_t number)
{
    const tsr_algorithm_spec *spec = &transfer->spec;
    if (spec->out_chop_prob > 0.0 && tsr_algorithm_chops(spec)) {
        int8_t          *chopper = spec->transfer_columns ? transfer->chop_out : transfer->chop_in;
        const tsr_stream stream = tsr_stream_at(transfer->stream, number, TSR_PURPOSE_CHOPPER);
        for (uint32_t k = 0; k < transfer->slice_length; ++k) {
            if ((double)tsr_stream_word(&stream, transfer->slices, k) < spec->out_chop_prob * 4294967296.0) {
                chopper[k] = (int8_t)-chopper[k];
            }
        }
    }
}

static void flip_and_advance(tsr_transfer *transfer, uint32_t slice, uint64_t number)
{
    int8_t    *chopper = transfer->spec.transfer_columns ? transfer->chop_in : transfer->chop_out;
    const bool flip = flips(transfer, slice, number);
    chopper[slice] = (int8_t)(flip ? -chopper[slice] : chopper[slice]);
    transfer->switched[slice] = flip;
    transfer->next_slice = (slice + 1) % transfer->slices;
    if (transfer->next_slice == 0) {
        transfer->sweep += 1;
        flip_elements(transfer, number);
    }
}

void tsr_transfer_step(tsr_transfer *transfer, uint32_t slice, float scheduled_rate, uint64_t number)
{
    const slice_step step = plan_step(transfer, slice, scheduled_rate);
    const size_t     start = (size_t)slice * transfer->slice_length;
    transfer->fired = 0;
    for (uint32_t k = 0; k < transfer->slice_length; ++k) {
        float value = transfer->v[k];
        if (transfer->p != NULL) {
            value = relative_to_mean(&step, value, &transfer->p[start + k], &transfer->p_ref[start + k]);
        }
        value *= (float)(step.slice_sign * step.element_sign[k]);
        const int n = accumulate(&transfer->spec, &step, value, &transfer->h[start + k]);
        transfer->fire[k] = (int8_t)(step.writes ? n : 0);
        transfer->fired += transfer->fire[k] != 0;
    }
    flip_and_advance(transfer, slice, number);
}

uint64_t tsr_transfer_hash(const tsr_transfer *transfer, uint64_t hash)
{
    /* row, column order of the layer, whichever way the slices lie */
    for (uint32_t i = 0; i < transfer->out; ++i) {
        for (uint32_t j = 0; j < transfer->in; ++j) {
            const size_t at = transfer->spec.transfer_columns ? (size_t)j * transfer->slice_length + i
                                                              : (size_t)i * transfer->slice_length + j;
            hash = tsr_hash_float(hash, transfer->h[at]);
        }
    }
    for (uint32_t j = 0; j < transfer->in; ++j) {
        hash = tsr_hash_word(hash, (uint64_t)(transfer->chop_in[j] > 0));
    }
    for (uint32_t i = 0; i < transfer->out; ++i) {
        hash = tsr_hash_word(hash, (uint64_t)(transfer->chop_out[i] > 0));
    }
    return hash;
}
