/* models/math/lanes.h — the widest vector of 64-bit integers of this build, with the few operations a counter-based
 * generator needs. gcc 12 does not find the 32 x 32 -> 64 bit vector multiply in portable C, hence the intrinsics;
 * the portable version has one lane and serves the scalar build and other architectures.
 *
 * A lane carries a 32-bit word in its low half. The high half may hold anything: no operation here but tsr_lanes_high
 * lets it reach a low half. */
#ifndef TESSERA_MODELS_MATH_LANES_H
#define TESSERA_MODELS_MATH_LANES_H

#include <stdint.h>

#if defined(__x86_64__) && !defined(TSR_ISA_IS_SCALAR)
#include <immintrin.h>
#define TSR_LANES_X86
#endif

#if defined(TSR_LANES_X86) && defined(__AVX512F__)

#define TSR_LANES 8
typedef __m512i tsr_lanes;

static inline tsr_lanes tsr_lanes_all(uint32_t word) { return _mm512_set1_epi32((int)word); }
static inline tsr_lanes tsr_lanes_load(const uint32_t *words)
{
    return _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)words));
}
static inline tsr_lanes tsr_lanes_multiply(tsr_lanes a, tsr_lanes b) { return _mm512_mul_epu32(a, b); }
static inline tsr_lanes tsr_lanes_high(tsr_lanes a) { return _mm512_srli_epi64(a, 32); }
static inline tsr_lanes tsr_lanes_xor(tsr_lanes a, tsr_lanes b) { return _mm512_xor_si512(a, b); }
static inline void      tsr_lanes_store_quads(uint32_t *out, tsr_lanes a, tsr_lanes b, tsr_lanes c, tsr_lanes d)
{
    const __m512i ab = _mm512_mask_blend_epi32(0xAAAA, a, _mm512_slli_epi64(b, 32));
    const __m512i cd = _mm512_mask_blend_epi32(0xAAAA, c, _mm512_slli_epi64(d, 32));
    const __m512i even = _mm512_unpacklo_epi64(ab, cd);
    const __m512i odd = _mm512_unpackhi_epi64(ab, cd);
    const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
    const __m512i second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
    _mm512_storeu_si512(out, _mm512_permutex2var_epi64(even, first, odd));
    _mm512_storeu_si512(out + 16, _mm512_permutex2var_epi64(even, second, odd));
}

#elif defined(TSR_LANES_X86) && defined(__AVX2__)

#define TSR_LANES 4
typedef __m256i tsr_lanes;

static inline tsr_lanes tsr_lanes_all(uint32_t word) { return _mm256_set1_epi32((int)word); }
static inline tsr_lanes tsr_lanes_load(const uint32_t *words)
{
    return _mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *)(const void *)words));
}
static inline tsr_lanes tsr_lanes_multiply(tsr_lanes a, tsr_lanes b) { return _mm256_mul_epu32(a, b); }
static inline tsr_lanes tsr_lanes_high(tsr_lanes a) { return _mm256_srli_epi64(a, 32); }
static inline tsr_lanes tsr_lanes_xor(tsr_lanes a, tsr_lanes b) { return _mm256_xor_si256(a, b); }
static inline void      tsr_lanes_store_quads(uint32_t *out, tsr_lanes a, tsr_lanes b, tsr_lanes c, tsr_lanes d)
{
    const __m256i ab = _mm256_blend_epi32(a, _mm256_slli_epi64(b, 32), 0xAA);
    const __m256i cd = _mm256_blend_epi32(c, _mm256_slli_epi64(d, 32), 0xAA);
    const __m256i even = _mm256_unpacklo_epi64(ab, cd);
    const __m256i odd = _mm256_unpackhi_epi64(ab, cd);
    _mm256_storeu_si256((__m256i *)(void *)out, _mm256_permute2x128_si256(even, odd, 0x20));
    _mm256_storeu_si256((__m256i *)(void *)(out + 8), _mm256_permute2x128_si256(even, odd, 0x31));
}

#elif defined(TSR_LANES_X86)

#define TSR_LANES 2
typedef __m128i tsr_lanes;

static inline tsr_lanes tsr_lanes_all(uint32_t word) { return _mm_set1_epi32((int)word); }
static inline tsr_lanes tsr_lanes_load(const uint32_t *words)
{
    return _mm_unpacklo_epi32(_mm_loadl_epi64((const __m128i *)(const void *)words), _mm_setzero_si128());
}
static inline tsr_lanes tsr_lanes_multiply(tsr_lanes a, tsr_lanes b) { return _mm_mul_epu32(a, b); }
static inline tsr_lanes tsr_lanes_high(tsr_lanes a) { return _mm_srli_epi64(a, 32); }
static inline tsr_lanes tsr_lanes_xor(tsr_lanes a, tsr_lanes b) { return _mm_xor_si128(a, b); }
static inline void      tsr_lanes_store_quads(uint32_t *out, tsr_lanes a, tsr_lanes b, tsr_lanes c, tsr_lanes d)
{
    const __m128i low = _mm_set1_epi64x(0xffffffff);
    const __m128i ab = _mm_or_si128(_mm_and_si128(a, low), _mm_slli_epi64(b, 32));
    const __m128i cd = _mm_or_si128(_mm_and_si128(c, low), _mm_slli_epi64(d, 32));
    _mm_storeu_si128((__m128i *)(void *)out, _mm_unpacklo_epi64(ab, cd));
    _mm_storeu_si128((__m128i *)(void *)(out + 4), _mm_unpackhi_epi64(ab, cd));
}

#else

#define TSR_LANES 1
typedef uint64_t tsr_lanes;

/* Every lane = word. */
static inline tsr_lanes tsr_lanes_all(uint32_t word) { return word; }
/* Lane l = words[l]; no alignment needed. */
static inline tsr_lanes tsr_lanes_load(const uint32_t *words) { return words[0]; }
/* Products of the low halves, 64 bits each. */
static inline tsr_lanes tsr_lanes_multiply(tsr_lanes a, tsr_lanes b) { return (uint64_t)(uint32_t)a * (uint32_t)b; }
/* The high half of each lane, moved to its low half. */
static inline tsr_lanes tsr_lanes_high(tsr_lanes a) { return a >> 32; }
static inline tsr_lanes tsr_lanes_xor(tsr_lanes a, tsr_lanes b) { return a ^ b; }
/* out[4 l … 4 l + 3] = low halves of lane l of a, b, c, d; no alignment needed. */
static inline void tsr_lanes_store_quads(uint32_t *out, tsr_lanes a, tsr_lanes b, tsr_lanes c, tsr_lanes d)
{
    out[0] = (uint32_t)a;
    out[1] = (uint32_t)b;
    out[2] = (uint32_t)c;
    out[3] = (uint32_t)d;
}

#endif
#endif
