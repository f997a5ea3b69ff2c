/* Writing a weight and letting time act on it. */
#include "models/device/device.h"
#include "models/device/device_law.h"
#include "models/math/scalar_math.h"

float tsr_device_symmetry_point(float step_up, float step_down, float w_max, float w_min)
{
    return (step_up - step_down) / (step_up / w_max - step_down / w_min);
}

/* Corrupt devices have no step in either direction. */
static bool is_stuck(const tsr_device_planes *planes, uint32_t device)
{
    return planes->step_up[device] == 0.0f && planes->step_down[device] == 0.0f;
}

float tsr_device_write(const tsr_device_spec *spec, tsr_device_planes *planes, uint32_t device, float w)
{
    if (spec->law == TSR_LAW_IDEAL) {
        planes->w[device] = w;
        return w;
    }
    if (is_stuck(planes, device)) {
        return planes->w[device];
    }
    const float offset = planes->reference != NULL ? planes->reference[device] : 0.0f;
    const float state = tsr_clip(w + offset, planes->w_min[device], planes->w_max[device]);
    /* A weight within the bounds is kept bit by bit, not rounded by going through state − offset. */
    const float kept = state == w + offset ? w : state - offset;
    planes->w[device] = kept;
    if (planes->persistent != NULL) {
        planes->persistent[device] = kept;
    }
    return kept;
}

void tsr_device_redraw(const tsr_device_spec *spec, tsr_device_planes *planes, const tsr_pulse_list *list,
                       const float *xi)
{
    if (planes->persistent == NULL) {
        return;
    }
    const float sigma = (float)(spec->write_noise * spec->dw_min);
    for (uint32_t k = 0; k < list->count; ++k) {
        const uint32_t d = list->device[k];
        if (!is_stuck(planes, d)) {
            planes->w[d] = planes->persistent[d] + sigma * xi[k];
        }
    }
}

/* state ← w_c + (state − w_c)·keep */
static float decay(float w, float offset, float point, float keep)
{
    return (point + ((w + offset) - point) * keep) - offset;
}

static void relax_line(const tsr_device_spec *spec, tsr_device_planes *planes, size_t base, uint32_t out, float seconds,
                       float keep_nominal)
{
    const float point_nominal = (float)spec->retention_point;
    for (size_t d = base; d < base + out; ++d) {
        const float low = planes->w_min[d], high = planes->w_max[d];
        const float offset = planes->reference != NULL ? planes->reference[d] : 0.0f;
        const float point = tsr_clip(planes->converge != NULL ? planes->converge[d] : point_nominal, low, high);
        const float moves = planes->tau_s != NULL ? tsr_expf(-seconds / planes->tau_s[d]) : keep_nominal;
        const float keep = is_stuck(planes, (uint32_t)d) ? 1.0f : moves;
        planes->w[d] = decay(planes->w[d], offset, point, keep);
        if (planes->persistent != NULL) {
            planes->persistent[d] = decay(planes->persistent[d], offset, point, keep);
        }
    }
}

bool tsr_device_relax(const tsr_device_spec *spec, tsr_device_planes *planes, uint32_t in, uint32_t out,
                      uint32_t stride, double seconds)
{
    if (spec->law == TSR_LAW_IDEAL || !(spec->retention_tau_s > 0.0) ||
        !(seconds >= TSR_RETENTION_LEAST * spec->retention_tau_s)) {
        return false;
    }
    const float keep = tsr_expf((float)(-seconds / spec->retention_tau_s));
    for (uint32_t j = 0; j < in; ++j) {
        relax_line(spec, planes, (size_t)j * stride, out, (float)seconds, keep);
    }
    return true;
}
