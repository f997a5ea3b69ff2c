#include "models/periphery/converter.h"

#include <math.h>

#include "models/math/kernels.h"
#include "models/random/noise.h"

tsr_io_spec tsr_io_default(void)
{
    const tsr_io_spec io = {.inp_bound = 1.0,
                            .inp_res = 1.0 / 126.0,
                            .out_bound = 12.0,
                            .out_res = 1.0 / 510.0,
                            .out_noise = 0.06,
                            .noise_management = TSR_NM_ABS_MAX,
                            .nm_constant = 1.0,
                            .bound_management = TSR_BM_ITERATIVE,
                            .max_bm_factor = 16.0,
                            .ir_drop_g_ratio = 1.0 / 0.35 / 5e-6};
    return io;
}

static bool finite_at_least(double value, double least) { return isfinite(value) && value >= least; }

tsr_status tsr_io_check(const tsr_io_spec *io, tsr_error *error)
{
    const struct {
        const char *key;
        bool        good;
        const char *expected;
    } rules[] = {
        {"inp_bound", finite_at_least(io->inp_bound, 1e-30), "a number > 0"},
        {"inp_res", isfinite(io->inp_res) && io->inp_res <= 1.0, "a number <= 1"},
        {"inp_noise", finite_at_least(io->inp_noise, 0.0), "a number >= 0"},
        {"out_bound", finite_at_least(io->out_bound, 1e-30), "a number > 0"},
        {"out_res", isfinite(io->out_res) && io->out_res <= 1.0, "a number <= 1"},
        {"out_noise", finite_at_least(io->out_noise, 0.0), "a number >= 0"},
        {"w_noise", finite_at_least(io->w_noise, 0.0), "a number >= 0"},
        {"nm_constant", finite_at_least(io->nm_constant, 1e-30), "a number > 0"},
        {"max_bm_factor", finite_at_least(io->max_bm_factor, 1.0), "a number >= 1"},
        {"ir_drop", finite_at_least(io->ir_drop, 0.0), "a number >= 0"},
        {"ir_drop_g_ratio", finite_at_least(io->ir_drop_g_ratio, 1e-30), "a number > 0"},
    };
    for (size_t k = 0; k < sizeof rules / sizeof rules[0]; ++k) {
        if (!rules[k].good) {
            return tsr_error_set(error, TSR_E_ARGUMENT, "%s: expected %s", rules[k].key, rules[k].expected);
        }
    }
    return TSR_OK;
}

float tsr_io_scale(const tsr_io_spec *io, const float *x, uint32_t n)
{
    if (io->is_perfect || io->noise_management == TSR_NM_NONE) {
        return 1.0f;
    }
    if (io->noise_management == TSR_NM_CONSTANT) {
        return (float)io->nm_constant;
    }
    return tsr_kernels_current()->abs_max(x, n);
}

void tsr_dac_encode(const tsr_io_spec *io, tsr_stream stream, const float *x, uint32_t n, float s, float r, float *xq)
{
    if (io->is_perfect) {
        for (uint32_t j = 0; j < n; ++j) {
            xq[j] = x[j];
        }
        return;
    }
    const float step = io->inp_res > 0.0 ? (float)(2.0 * io->inp_bound * io->inp_res) : 0.0f;
    tsr_kernels_current()->dac_quantise(x, n, s * r, step, (float)io->inp_bound, xq);
    if (io->inp_noise > 0.0) {
        stream.purpose = TSR_PURPOSE_INPUT_NOISE;
        tsr_noise_add(&stream, xq, n, (float)io->inp_noise);
    }
}

bool tsr_adc_convert(const tsr_io_spec *io, tsr_stream stream, float *y, uint32_t n)
{
    if (io->is_perfect) {
        return false;
    }
    if (io->out_noise > 0.0) {
        stream.purpose = TSR_PURPOSE_OUTPUT_NOISE;
        tsr_noise_add(&stream, y, n, (float)io->out_noise);
    }
    const float step = io->out_res > 0.0 ? (float)(2.0 * io->out_bound * io->out_res) : 0.0f;
    return tsr_kernels_current()->adc_quantise(y, n, step, (float)io->out_bound, y);
}

bool tsr_io_retry(const tsr_io_spec *io, bool backward, bool overflow, float r)
{
    return overflow && !backward && !io->is_perfect && io->bound_management == TSR_BM_ITERATIVE &&
           (double)r < io->max_bm_factor;
}

void tsr_io_rescale(float *y, uint32_t n, float s, float r)
{
    for (uint32_t i = 0; i < n; ++i) {
        y[i] = y[i] * s * r;
    }
}
