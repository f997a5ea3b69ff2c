#include "models/crossbar/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/hash.h"
#include "models/crossbar/conductance.h"
#include "models/math/kernels.h"

enum { LINE_ALIGN = 16, BYTE_ALIGN = 64 };

/* Hands out consecutive planes of one block. */
typedef struct plane_cursor {
    float *next;
    size_t size; /* floats of one plane */
} plane_cursor;

static float *take_plane(plane_cursor *cursor, bool needed)
{
    if (!needed) {
        return NULL;
    }
    float *plane = cursor->next;
    cursor->next += cursor->size;
    return plane;
}

static uint32_t plane_count(const tsr_device_needs *needs)
{
    return 1u + 2u * needs->steps + 2u * needs->bounds + needs->reference + 2u * needs->gamma + needs->persistent +
           needs->tau + needs->converge;
}

static void lay_out_planes(tsr_array *array, const tsr_device_needs *needs)
{
    plane_cursor       cursor = {array->memory, (size_t)array->in * array->stride};
    tsr_device_planes *planes = &array->planes;
    planes->w = take_plane(&cursor, true);
    planes->step_up = take_plane(&cursor, needs->steps);
    planes->step_down = take_plane(&cursor, needs->steps);
    planes->w_max = take_plane(&cursor, needs->bounds);
    planes->w_min = take_plane(&cursor, needs->bounds);
    planes->reference = take_plane(&cursor, needs->reference);
    planes->gamma_up = take_plane(&cursor, needs->gamma);
    planes->gamma_down = take_plane(&cursor, needs->gamma);
    planes->persistent = take_plane(&cursor, needs->persistent);
    planes->tau_s = take_plane(&cursor, needs->tau);
    planes->converge = take_plane(&cursor, needs->converge);
}

static void set_conductance(tsr_array *array, const tsr_conductance *conductance)
{
    const double w_max = array->spec.law == TSR_LAW_IDEAL ? 1.0 : array->spec.w_max;
    const double w_min = array->spec.law == TSR_LAW_IDEAL ? -1.0 : array->spec.w_min;
    array->g_per_w_s = (conductance->g_max_s - conductance->g_min_s) / (w_max - w_min);
    array->g_mid_s = conductance->g_min_s - w_min * array->g_per_w_s;
    array->w_clamp = fmaxf((float)((conductance->g_off_s - array->g_mid_s) / array->g_per_w_s), -127.0f);
}

tsr_status tsr_array_create(tsr_array *array, const tsr_device_spec *spec, const tsr_conductance *conductance,
                            uint32_t id, uint32_t in, uint32_t out, uint64_t seed, tsr_error *error)
{
    memset(array, 0, sizeof *array);
    const tsr_status checked = tsr_device_check(spec, error);
    if (checked != TSR_OK) {
        return checked;
    }
    array->id = id;
    array->in = in;
    array->out = out;
    array->stride = (out + LINE_ALIGN - 1) / LINE_ALIGN * LINE_ALIGN;
    array->spec = *spec;
    array->granularity = tsr_device_granularity(spec);
    array->stream = tsr_stream_create(seed, id);
    set_conductance(array, conductance);

    const tsr_device_needs needs = tsr_device_plane_needs(spec);
    const size_t           bytes = (size_t)plane_count(&needs) * in * array->stride * sizeof(float);
    array->memory = bytes > 0 ? aligned_alloc(BYTE_ALIGN, (bytes + BYTE_ALIGN - 1) / BYTE_ALIGN * BYTE_ALIGN) : NULL;
    array->sum_in = calloc(in, sizeof *array->sum_in);
    array->sum_out = calloc(out, sizeof *array->sum_out);
    if (array->memory == NULL || array->sum_in == NULL || array->sum_out == NULL) {
        tsr_array_destroy(array);
        return tsr_error_set(error, TSR_E_MEMORY, "array of %u x %u devices: out of memory", out, in);
    }
    memset(array->memory, 0, bytes);
    lay_out_planes(array, &needs);
    tsr_stream stream = array->stream;
    stream.purpose = TSR_PURPOSE_CONSTRUCT;
    array->corrupt_devices = tsr_device_construct(spec, &stream, in, out, array->stride, &array->planes);
    tsr_array_resum(array);
    return TSR_OK;
}

void tsr_array_destroy(tsr_array *array)
{
    free(array->memory);
    free(array->sum_in);
    free(array->sum_out);
    memset(array, 0, sizeof *array);
}

void tsr_array_set_weights(tsr_array *array, const float *w)
{
    for (uint32_t j = 0; j < array->in; ++j) {
        for (uint32_t i = 0; i < array->out; ++i) {
            (void)tsr_device_write(&array->spec, &array->planes, j * array->stride + i, w[(size_t)i * array->in + j]);
        }
    }
    tsr_array_resum(array);
}

void tsr_array_get_weights(const tsr_array *array, float *w)
{
    for (uint32_t i = 0; i < array->out; ++i) {
        for (uint32_t j = 0; j < array->in; ++j) {
            w[(size_t)i * array->in + j] = array->planes.w[(size_t)j * array->stride + i];
        }
    }
}

void tsr_array_resum(tsr_array *array)
{
    memset(array->sum_in, 0, array->in * sizeof *array->sum_in);
    memset(array->sum_out, 0, array->out * sizeof *array->sum_out);
    if (array->spec.law == TSR_LAW_IDEAL) {
        return; /* plain numbers have no conductance: charged as devices at mid-range */
    }
    for (uint32_t j = 0; j < array->in; ++j) {
        const float *line = array->planes.w + (size_t)j * array->stride;
        for (uint32_t i = 0; i < array->out; ++i) {
            const int64_t fixed = tsr_weight_fixed(line[i], array->w_clamp);
            array->sum_in[j] += fixed;
            array->sum_out[i] += fixed;
        }
    }
}

double tsr_array_conductance_in(const tsr_array *array, uint32_t line)
{
    return (double)array->out * array->g_mid_s + (double)array->sum_in[line] * TSR_WEIGHT_FIXED_UNIT * array->g_per_w_s;
}

double tsr_array_conductance_out(const tsr_array *array, uint32_t line)
{
    return (double)array->in * array->g_mid_s + (double)array->sum_out[line] * TSR_WEIGHT_FIXED_UNIT * array->g_per_w_s;
}

void tsr_array_rank1(tsr_array *array, float scale, const float *x, const float *d)
{
    tsr_kernels_current()->rank1(array->planes.w, array->stride, array->in, array->out, scale, x, d);
}

void tsr_array_relax(tsr_array *array, uint64_t now_ps)
{
    if (array->spec.retention_tau_s > 0.0 && now_ps > array->relaxed_ps) {
        const double seconds = (double)(now_ps - array->relaxed_ps) * 1e-12;
        /* a span too short to move a float32 is not lost: it acts together with the next */
        if (tsr_device_relax(&array->spec, &array->planes, array->in, array->out, array->stride, seconds)) {
            tsr_array_resum(array);
            array->relaxed_ps = now_ps;
        }
    }
}

uint64_t tsr_array_hash(const tsr_array *array, uint64_t hash)
{
    for (uint32_t i = 0; i < array->out; ++i) {
        for (uint32_t j = 0; j < array->in; ++j) {
            hash = tsr_hash_float(hash, array->planes.w[(size_t)j * array->stride + i]);
        }
    }
    return hash;
}
