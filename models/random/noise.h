/* models/random/noise.h — Gaussian noise on a vector: draw k of line 0 of the stream goes to element k. */
#ifndef TESSERA_MODELS_RANDOM_NOISE_H
#define TESSERA_MODELS_RANDOM_NOISE_H

#include <stdint.h>

#include "models/random/philox.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y[k] += sigma·ξ_k for k = 0 … n−1. */
void tsr_noise_add(const tsr_stream *stream, float *y, uint32_t n, float sigma);

#ifdef __cplusplus
}
#endif
#endif
