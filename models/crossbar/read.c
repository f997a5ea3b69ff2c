/* The read path of an array: products, IR drop, weight noise (2.2). */
#include <math.h>

#include "models/crossbar/array.h"
#include "models/math/kernels.h"
#include "models/random/noise.h"

static float weight_seen(const tsr_array *array, bool backward, uint32_t output, uint32_t input)
{
    const uint32_t j = backward ? output : input;
    const uint32_t i = backward ? input : output;
    return array->planes.w[(size_t)j * array->stride + i];
}

/* Voltage drop along the lines: y_i −= ir_drop·c_i·Σ M_ij xq_j (1 − (1 − j/n)²), c_i from the current a_i of the line. */
static void apply_ir_drop(const tsr_array *array, const tsr_io_spec *io, bool backward, const float *xq, float *y)
{
    const uint32_t n = backward ? array->out : array->in;
    const uint32_t outputs = backward ? array->in : array->out;
    for (uint32_t i = 0; i < outputs; ++i) {
        double current = 0.0;
        double drop = 0.0;
        for (uint32_t j = 0; j < n; ++j) {
            const double product = (double)weight_seen(array, backward, i, j) * (double)xq[j];
            const double rest = 1.0 - (double)j / (double)n;
            current += fabs(product);
            drop += product * (1.0 - rest * rest);
        }
        const double a = (double)n / io->ir_drop_g_ratio * current;
        const double c = a * (a * (0.05 * a - 0.2) + 0.5);
        y[i] = (float)((double)y[i] - io->ir_drop * c * drop);
    }
}

static float norm2(const float *x, uint32_t n)
{
    double sum = 0.0;
    for (uint32_t k = 0; k < n; ++k) {
        sum += (double)x[k] * (double)x[k];
    }
    return (float)sqrt(sum);
}

void tsr_array_read(const tsr_array *array, const tsr_io_spec *io, tsr_stream stream, bool backward, const float *xq,
                    float *y, uint32_t *lines)
{
    const tsr_kernels *kernels = tsr_kernels_current();
    if (backward) {
        kernels->matvec_transposed(array->planes.w, array->stride, array->in, array->out, xq, y);
    } else {
        uint32_t driven = 0;
        for (uint32_t j = 0; j < array->in; ++j) {
            lines[driven] = j;
            driven += xq[j] != 0.0f;
        }
        kernels->matvec_lines(array->planes.w, array->stride, array->out, lines, driven, xq, y);
    }
    if (io->is_perfect) {
        return;
    }
    if (io->ir_drop > 0.0) {
        apply_ir_drop(array, io, backward, xq, y);
    }
    if (io->w_noise > 0.0) {
        stream.purpose = TSR_PURPOSE_WEIGHT_NOISE;
        const float sigma = (float)io->w_noise * norm2(xq, backward ? array->out : array->in);
        tsr_noise_add(&stream, y, backward ? array->in : array->out, sigma);
    }
}
