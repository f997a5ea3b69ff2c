/* Compiled once per instruction set: models/math/isa_variant.h. */
#include "models/math/isa_variant.h"

#include "models/math/lanes.h"
#include "models/random/draws_kernels.h"
#include "models/random/normal_quantile.h"

/* Two vectors at a time hide the latency of the multiplier; the group must hold whole pairs. */
_Static_assert(TSR_DRAW_GROUP % (2 * TSR_LANES) == 0, "a group of blocks is a whole number of vector pairs");

typedef struct philox_lanes {
    tsr_lanes x0, x1, x2, x3;
} philox_lanes;

static inline void philox_round(philox_lanes *s, tsr_lanes k0, tsr_lanes k1)
{
    const tsr_lanes product0 = tsr_lanes_multiply(tsr_lanes_all(TSR_PHILOX_MULTIPLIER_0), s->x0);
    const tsr_lanes product1 = tsr_lanes_multiply(tsr_lanes_all(TSR_PHILOX_MULTIPLIER_1), s->x2);
    s->x0 = tsr_lanes_xor(tsr_lanes_high(product1), tsr_lanes_xor(s->x1, k0));
    s->x1 = product1;
    s->x2 = tsr_lanes_xor(tsr_lanes_high(product0), tsr_lanes_xor(s->x3, k1));
    s->x3 = product0;
}

static inline philox_lanes philox_start(const tsr_draw_source *source, const uint32_t *line, const uint32_t *block)
{
    return (philox_lanes){tsr_lanes_all(source->counter[0]), tsr_lanes_all(source->counter[1]), tsr_lanes_load(line),
                          tsr_lanes_load(block)};
}

static inline void draw_words(const tsr_draw_source *source, const uint32_t *line, const uint32_t *block, uint32_t *out)
{
    for (uint32_t b = 0; b < TSR_DRAW_GROUP; b += 2 * TSR_LANES) {
        philox_lanes s = philox_start(source, line + b, block + b);
        philox_lanes t = philox_start(source, line + b + TSR_LANES, block + b + TSR_LANES);
        uint32_t     k0 = source->key[0], k1 = source->key[1];
        for (int round = 0; round < TSR_PHILOX_ROUNDS; round++) {
            philox_round(&s, tsr_lanes_all(k0), tsr_lanes_all(k1));
            philox_round(&t, tsr_lanes_all(k0), tsr_lanes_all(k1));
            k0 += TSR_PHILOX_WEYL_0;
            k1 += TSR_PHILOX_WEYL_1;
        }
        tsr_lanes_store_quads(out + 4 * b, s.x0, s.x1, s.x2, s.x3);
        tsr_lanes_store_quads(out + 4 * (b + TSR_LANES), t.x0, t.x1, t.x2, t.x3);
    }
}

static void draw_gaussians(const tsr_draw_source *source, const uint32_t *line, const uint32_t *block,
                           float *restrict out)
{
    uint32_t words[4 * TSR_DRAW_GROUP];
    float    tail_bits[4 * TSR_DRAW_GROUP];
    draw_words(source, line, block, words);
    for (uint32_t k = 0; k < 4 * TSR_DRAW_GROUP; k++) {
        tail_bits[k] = tsr_normal_tail_bits(words[k]);
    }
    for (uint32_t k = 0; k < 4 * TSR_DRAW_GROUP; k++) {
        out[k] = tsr_normal_from_tail_bits(words[k], tail_bits[k]);
    }
}

const tsr_draw_kernels TSR_VARIANT(tsr_draw_kernels) = {draw_words, draw_gaussians};
