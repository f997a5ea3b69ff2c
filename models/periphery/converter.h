/* models/periphery/converter.h — DAC and ADC banks: how vectors enter and leave a crossbar array (2.2).
 *
 * One pass of a read is  tsr_dac_encode → tsr_array_read → tsr_adc_convert ; tsr_io_scale before it chooses the scale s, and
 * tsr_io_retry after it decides about another pass with r doubled. The order of operations is fixed: same bits everywhere.       */
#ifndef TESSERA_MODELS_PERIPHERY_CONVERTER_H
#define TESSERA_MODELS_PERIPHERY_CONVERTER_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/status.h"
#include "models/random/philox.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tsr_noise_management { TSR_NM_ABS_MAX = 0, TSR_NM_NONE, TSR_NM_CONSTANT } tsr_noise_management;
typedef enum tsr_bound_management { TSR_BM_ITERATIVE = 0, TSR_BM_NONE } tsr_bound_management;

/* A resolution (`_res`) is one step divided by the full range; 0 = that converter does not quantise (clipping stays). */
typedef struct tsr_io_spec {
    bool                 is_perfect; /* exact arithmetic, nothing else acts                             */
    double               inp_bound;  /* 1                                                               */
    double               inp_res;    /* 1/126: 7-bit DAC                                                */
    double               inp_noise;  /* σ on every line, driven or not, after clipping                  */
    double               out_bound;  /* 12                                                              */
    double               out_res;    /* 1/510: 9-bit ADC with 511 codes                                 */
    double               out_noise;  /* σ before the ADC, units of the output                           */
    double               w_noise;    /* σ, times ‖xq‖₂                                                  */
    tsr_noise_management noise_management;
    double               nm_constant; /* s for TSR_NM_CONSTANT                                           */
    tsr_bound_management bound_management;
    double               max_bm_factor; /* 16: largest r tried                                             */
    double               ir_drop;       /* 0 = none                                                        */
    double ir_drop_g_ratio; /* conductance of a wire segment (0.35 Ω) over that of a device (5 µS): aihwkit 1.1 */
} tsr_io_spec;

/* Published defaults of 2.2. */
tsr_io_spec tsr_io_default(void);
tsr_status  tsr_io_check(const tsr_io_spec *io, tsr_error *error);

/* s of the noise management; 0 means: y = 0, drive nothing (abs_max of a zero vector). */
float tsr_io_scale(const tsr_io_spec *io, const float *x, uint32_t n);

/* xq[n] from x[n] at scale s·r; `stream` carries op number and retry. */
void tsr_dac_encode(const tsr_io_spec *io, tsr_stream stream, const float *x, uint32_t n, float s, float r, float *xq);

/* Noise, rounding, overflow test, clipping of y[n] in place; returns true if any rounded value exceeded out_bound. */
bool tsr_adc_convert(const tsr_io_spec *io, tsr_stream stream, float *y, uint32_t n);

/* True if bound management wants another pass after one with factor r that overflowed. */
bool tsr_io_retry(const tsr_io_spec *io, bool backward, bool overflow, float r);

/* y[n] ← y·s·r */
void tsr_io_rescale(float *y, uint32_t n, float s, float r);

#ifdef __cplusplus
}
#endif
#endif
