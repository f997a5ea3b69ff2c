#include "workloads/shuffle.h"

#include "models/random/philox.h"

/* The words of a stream one after the other, a block of four at a time. */
typedef struct word_source {
    tsr_stream stream;
    uint32_t   block; /* of the next four words; n < 2³² needs little more than 2³⁰ blocks */
    uint32_t   used;  /* words taken of the present four                                   */
    uint32_t   words[4];
} word_source;

static uint32_t next_word(word_source *source)
{
    if (source->used == 4) {
        uint32_t counter[4] = {0, 0, 0, source->block++};
        tsr_stream_counter(&source->stream, counter);
        tsr_philox4x32(counter, source->stream.key, source->words);
        source->used = 0;
    }
    return source->words[source->used++];
}

/* Uniform in 0 … bound − 1, bound ≥ 1. The high word of word · bound is taken; where the low word shows that its
 * interval has one value too many, another word is drawn (D. Lemire, "Fast random integer generation in an interval",
 * ACM TOMACS 29, 2019).
 */
static uint32_t next_below(word_source *source, uint32_t bound)
{
    uint64_t product = (uint64_t)next_word(source) * bound;
    if ((uint32_t)product < bound) {
        const uint32_t surplus = (uint32_t)(0U - bound) % bound; /* 2³² mod bound */
        while ((uint32_t)product < surplus) {
            product = (uint64_t)next_word(source) * bound;
        }
    }
    return (uint32_t)(product >> 32);
}

void tsr_shuffle(uint64_t seed, uint32_t epoch, uint32_t n, uint32_t *order)
{
    /* No array is concerned; the purpose keeps these words apart from those of array 0. */
    word_source source = {.stream = tsr_stream_at(tsr_stream_create(seed, 0), epoch, TSR_PURPOSE_SHUFFLE), .used = 4};
    for (uint32_t k = 0; k < n; ++k) {
        order[k] = k;
    }
    for (uint32_t k = n; k > 1; --k) {
        const uint32_t other = next_below(&source, k);
        const uint32_t moved = order[k - 1];
        order[k - 1] = order[other];
        order[other] = moved;
    }
}
