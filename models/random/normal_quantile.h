/* models/random/normal_quantile.h — a standard normal deviate from one 32-bit word, by inversion.
 *
 * The word, read as a signed integer i, stands for the middle of its cell: x = (i + 1/2) / 2^31 in (-1, 1), and the
 * deviate is z = sqrt(2) erfinv(x): the top bit is the sign, the other 31 the magnitude. Like M. Giles,
 * "Approximating the erfinv function" (GPU Computing Gems, 2011), z is x times a function of log(1 - x^2), in a
 * centre and a tail piece. Unlike there,
 *   - 1 - x^2 is formed from the distance to the nearer end, a = 2^31 (1 - |x|), which is exact for every word of
 *     the tail;
 *   - the variable is v = -log2(1 - x^2), 0 <= v <= 31, and both pieces share one evaluation with selected
 *     coefficients;
 *   - sums are in Estrin's order, short chains that fill a vector unit.
 * Relative error of z below 7e-7 over all words (found by trying every one); |z| <= 6.34. Own minimax fits (relative
 * error): centre v <= 8, 3.2e-7; tail, in sqrt(v), 1.8e-7; log2, 4.9e-8 absolute.
 *
 * Split in two steps, so that a loop over each stays short enough for the processor to overlap its turns. */
#ifndef TESSERA_MODELS_RANDOM_NORMAL_QUANTILE_H
#define TESSERA_MODELS_RANDOM_NORMAL_QUANTILE_H

#include "models/math/scalar_math.h"

#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast" /* C, also where C++ includes it */
#endif
#ifdef __cplusplus
extern "C" {
#endif

/* Step 1: v = -log2(1 - x^2) of a word. */
static inline float tsr_normal_tail_bits(uint32_t word)
{
    const uint32_t negative = 0u - (word >> 31);
    const uint32_t to_end =
        word ^ negative ^ 0x7fffffffu; /* < 2^31: converts as a signed integer, the only vector conversion */
    const float a = (float)(int32_t)to_end + 0.5f;
    const float product = a * (0x1p32f - a); /* 2^62 (1 - x^2) */

    const uint32_t bits = tsr_float_bits(product);
    const uint32_t exponent = (bits - 0x3f3504f3u) & 0xff800000u; /* significand in [1/sqrt2, sqrt2) */
    const float    f = tsr_bits_float(bits - exponent) - 1.0f;
    const float    f2 = f * f;
    const float    low = (1.4426947746f - 0.72135709322f * f) + (0.48093933319f - 0.36008904002f * f) * f2;
    const float    high = (0.28670979784f - 0.25005341036f * f) + (0.23687330591f - 0.14576860277f * f) * f2;
    return (62.0f - (float)(int32_t)exponent * 0x1p-23f) - f * (low + high * (f2 * f2));
}

/* Step 2: the deviate of a word and its v. */
static inline float tsr_normal_from_tail_bits(uint32_t word, float v)
{
    const uint32_t tail = 0u - (tsr_float_bits(8.0f - v) >> 31);
    const float    t = tsr_float_select(tail, sqrtf(v) - 4.25f, v - 4.0f);
    const float    t2 = t * t;

/* The power of two of x is folded into the coefficients. */
#define TSR_COEFFICIENT(in_tail, in_centre) tsr_float_select(tail, (in_tail)*0x1p-31f, (in_centre)*0x1p-31f)
    const float c0 = TSR_COEFFICIENT(4.7717398024f, 2.2179198655f);
    const float c1 = TSR_COEFFICIENT(1.1863714061f, 0.23928363375f);
    const float c2 = TSR_COEFFICIENT(0.003005723987f, -0.0034691363321f);
    const float c3 = TSR_COEFFICIENT(-0.0015509152171f, -0.00048133694634f);
    const float c4 = TSR_COEFFICIENT(0.00060498961884f, 6.7881028505e-5f);
    const float c5 = TSR_COEFFICIENT(-0.00034037063933f, -2.0119600469e-6f);
    const float c6 = TSR_COEFFICIENT(0.00023670085475f, -3.9355029032e-7f);
    const float c7 = TSR_COEFFICIENT(-7.576666784e-5f, 3.6424792063e-8f);
#undef TSR_COEFFICIENT
    const float low = (c0 + c1 * t) + (c2 + c3 * t) * t2;
    const float high = (c4 + c5 * t) + (c6 + c7 * t) * t2;
    return (low + high * (t2 * t2)) * ((float)(int32_t)word + 0.5f);
}

/* The deviate of a word. */
static inline float tsr_normal_quantile(uint32_t word)
{
    return tsr_normal_from_tail_bits(word, tsr_normal_tail_bits(word));
}

#ifdef __cplusplus
}
#endif
#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
#endif
