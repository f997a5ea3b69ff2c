/* models/base/hash.h — 64-bit hash of float32 bits in a fixed order (weights_hash, op patterns). */
#ifndef TESSERA_MODELS_BASE_HASH_H
#define TESSERA_MODELS_BASE_HASH_H

#include <stdint.h>
#include <string.h>

#define TSR_HASH_START UINT64_C(0xcbf29ce484222325)

/* FNV-1a over 64-bit words, with a shift so that high bits reach low ones. */
static inline uint64_t tsr_hash_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x100000001b3);
    return hash ^ (hash >> 29);
}

/* By bits, but −0 and +0 are the same weight. */
static inline uint64_t tsr_hash_float(uint64_t hash, float value)
{
    uint32_t    bits = 0;
    const float plain = value + 0.0f;
    memcpy(&bits, &plain, sizeof bits);
    return tsr_hash_word(hash, bits);
}

#endif
