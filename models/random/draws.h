/* models/random/draws.h — random numbers in bulk, on the fastest kernels of the processor (models/math/isa.h).
 *
 * All functions are pure: same stream, lines and blocks, same output, on every host and with every instruction set.
 * Outputs are owned by the caller, need no alignment, are written exactly as long as stated, and must not overlap the
 * inputs. */
#ifndef TESSERA_MODELS_RANDOM_DRAWS_H
#define TESSERA_MODELS_RANDOM_DRAWS_H

#include "models/random/philox.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Draws 0 … count-1 of one line: standard normal deviates (models/random/normal_quantile.h). */
void tsr_gaussian_fill(const tsr_stream *stream, uint32_t line, uint32_t count, float *out);

/* The same draws as raw words, uniform over 0 … 2^32-1. */
void tsr_uniform_words(const tsr_stream *stream, uint32_t line, uint32_t count, uint32_t *out);

/* For b = 0 … n_blocks-1: out[4b … 4b+3] = the four deviates, or words, of block[b] on line[b]. Lists may go over
 * many lines in any order; the longer the list, the better the vector units are filled. */
void tsr_gaussian_blocks(const tsr_stream *stream, const uint32_t *line, const uint32_t *block, uint32_t n_blocks,
                         float *out);
void tsr_uniform_blocks(const tsr_stream *stream, const uint32_t *line, const uint32_t *block, uint32_t n_blocks,
                        uint32_t *out);

#ifdef __cplusplus
}
#endif
#endif
