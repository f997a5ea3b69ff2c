/* models/random/draws_kernels.h — internal to models/random: the part of the bulk draws that is built per instruction
 * set. */
#ifndef TESSERA_MODELS_RANDOM_DRAWS_KERNELS_H
#define TESSERA_MODELS_RANDOM_DRAWS_KERNELS_H

#include "models/random/philox.h"

/* Blocks a kernel works on at a time: 64 draws, which stay in the first-level cache from word to deviate. */
#define TSR_DRAW_GROUP 16

/* What the blocks of one call share: words 0 and 1 of the counter, and the key. */
typedef struct tsr_draw_source {
    uint32_t counter[2];
    uint32_t key[2];
} tsr_draw_source;

/* Exactly TSR_DRAW_GROUP blocks. */
typedef struct tsr_draw_kernels {
    void (*words)(const tsr_draw_source *source, const uint32_t *line, const uint32_t *block, uint32_t *out);
    void (*gaussians)(const tsr_draw_source *source, const uint32_t *line, const uint32_t *block, float *out);
} tsr_draw_kernels;

extern const tsr_draw_kernels tsr_draw_kernels_scalar;
extern const tsr_draw_kernels tsr_draw_kernels_base;
extern const tsr_draw_kernels tsr_draw_kernels_avx2;
extern const tsr_draw_kernels tsr_draw_kernels_avx512;

#endif
