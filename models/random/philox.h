/* models/random/philox.h — where every random number of a run comes from.
 *
 * Philox4x32-10 (J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3",
 * SC'11) turns a counter of four words, under a key of two words, into four random words. It has no state: a draw is
 * named by what it is for, so neither the order of the draws nor the number of threads matters.
 *
 *   key      splitmix64(seed ^ splitmix64(array id)), low word first. splitmix64 is a bijection: within one
 *            seed, different array ids always have different keys.
 *   counter  word 0 = op number, low 32 bits          word 2 = line of the array
 *            word 1 = op number, high 16 bits << 16   word 3 = block
 *                     | purpose << 8 | retry
 *
 * Draw k of a line is word k % 4 of block k / 4. Bulk draws: models/random/draws.h. */
#ifndef TESSERA_MODELS_RANDOM_PHILOX_H
#define TESSERA_MODELS_RANDOM_PHILOX_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a draw is for. The numbers are part of every result: never reorder, only append. */
typedef enum tsr_purpose {
    TSR_PURPOSE_CONSTRUCT = 0, /* devices as manufactured (d2d)              */
    TSR_PURPOSE_TRAIN_BITS_X,  /* pulse-train bits of the input lines        */
    TSR_PURPOSE_TRAIN_BITS_D,  /* pulse-train bits of the output lines       */
    TSR_PURPOSE_C2C,           /* pulse to pulse                             */
    TSR_PURPOSE_INPUT_NOISE,
    TSR_PURPOSE_OUTPUT_NOISE,
    TSR_PURPOSE_WEIGHT_NOISE,
    TSR_PURPOSE_CHOPPER,
    TSR_PURPOSE_WRITE_NOISE,
    TSR_PURPOSE_CALIBRATE,
    TSR_PURPOSE_SHUFFLE, /* order of training examples                 */
    TSR_PURPOSE_INIT,    /* first weights of a network                 */
    TSR_PURPOSE_COUNT
} tsr_purpose;

/* Op numbers are below this (48 bits). */
#define TSR_OP_LIMIT (UINT64_C(1) << 48)

/* All but line and block of a counter, and the key. */
typedef struct tsr_stream {
    uint32_t key[2];
    uint64_t op;      /* < TSR_OP_LIMIT                                     */
    uint8_t  purpose; /* a tsr_purpose                                      */
    uint8_t  retry;   /* repeated reads of one op draw new noise            */
} tsr_stream;

/* The next output of a SplitMix64 generator whose state is x (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014). */
uint64_t tsr_splitmix64(uint64_t x);

/* The stream of an array, at op 0, purpose 0, retry 0. */
tsr_stream tsr_stream_create(uint64_t seed, uint64_t array_id);

/* The same key at another op and purpose, retry 0. */
tsr_stream tsr_stream_at(tsr_stream stream, uint64_t op, tsr_purpose purpose);

/* Words 0 and 1 of the counter. */
void tsr_stream_counter(const tsr_stream *stream, uint32_t counter[2]);

/* The constants of the generator, for the bulk version. */
#define TSR_PHILOX_ROUNDS       10
#define TSR_PHILOX_MULTIPLIER_0 0xD2511F53u
#define TSR_PHILOX_MULTIPLIER_1 0xCD9E8D57u
#define TSR_PHILOX_WEYL_0       0x9E3779B9u /* golden ratio */
#define TSR_PHILOX_WEYL_1       0xBB67AE85u /* sqrt(3) - 1  */

/* The generator itself: one block at a time, the reference for the bulk version. */
void tsr_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* One word: draw k of a line. For single decisions; loops use models/random/draws.h. */
uint32_t tsr_stream_word(const tsr_stream *stream, uint32_t line, uint32_t k);

#ifdef __cplusplus
}
#endif
#endif
