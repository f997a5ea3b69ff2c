/* models/math/scalar_math.h — exp, log, tanh, logistic function and rounding in float32, the same bits on every host.
 *
 * The C library's versions differ between hosts (with and without FMA), so the core uses these. Every function is
 * branch-free float and integer arithmetic: a loop over it vectorises, and every vector width gives the bits of the
 * scalar call. Compile with -ffp-contract=off.
 *
 * Each polynomial is a minimax fit (Remez exchange, relative error of the function, coefficients then rounded to
 * float32); interval and error of the fit stand beside it. The worst errors of the finished functions, in units in
 * the last place of the exact result, are asserted in tests/models/math_test.cpp: exp 1, log 1, tanh 2, logistic
 * function 2.5.
 *
 * NaN in gives NaN out. Infinities give the mathematical limits. */
#ifndef TESSERA_MODELS_MATH_SCALAR_MATH_H
#define TESSERA_MODELS_MATH_SCALAR_MATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast" /* C, also where C++ includes it */
#endif
#ifdef __cplusplus
extern "C" {
#endif

static inline uint32_t tsr_float_bits(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float tsr_bits_float(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Bits of `a` where mask is all ones, bits of `b` where it is zero: a select that no compiler turns into a branch. */
static inline float tsr_float_select(uint32_t mask, float a, float b)
{
    const uint32_t bits_b = tsr_float_bits(b);
    return tsr_bits_float(bits_b ^ ((tsr_float_bits(a) ^ bits_b) & mask));
}

/* x rounded to the nearest integer, ties to even, the sign of zero kept; equal to C's rintf in the default rounding
 * mode, for every float. Adding 2^23 pushes the fraction out of the significand; from 2^23 on every float is an
 * integer already. */
static inline float tsr_round_half_even(float x)
{
    const float magnitude = fabsf(x);
    const float rounded = (magnitude + 0x1p23f) - 0x1p23f;
    const float kept = magnitude < 0x1p23f ? rounded : magnitude;
    return tsr_bits_float(tsr_float_bits(kept) | (tsr_float_bits(x) & 0x80000000u));
}

/* e^x; subnormal results included, 0 below about -103.97, +inf above about 88.72.
 * x = n ln2 + r with |r| <= ln2/2; e^r = 1 + r + r^2 P(r), fit error 3.1e-9 on |r| <= 0.3473. */
static inline float tsr_expf(float x)
{
    const float ln2_high = 0x1.63p-1f; /* nine bits: n * ln2_high is exact */
    const float ln2_low = -2.12194440e-4f;
    const float shift = 0x1.8p23f; /* after adding it, the low bits of the float are the rounded integer */

    const float capped = x > 89.0f ? 89.0f : x;
    const float clamped = capped < -104.0f ? -104.0f : capped;
    const float shifted = clamped * 1.44269504f + shift;
    const float n = shifted - shift;
    const float r = (clamped - n * ln2_high) - n * ln2_low;

    float p = 0.0013814328314f;
    p = p * r + 0.008368835004f;
    p = p * r + 0.041668399558f;
    p = p * r + 0.16666519698f;
    p = p * r + 0.49999993388f;
    p = (p * (r * r) + r) + 1.0f;

    /* Two factors, since 2^n alone may be subnormal or too large. Biased by 512 to halve a non-negative number. */
    const uint32_t biased = tsr_float_bits(shifted) - tsr_float_bits(shift) + 512u;
    const uint32_t half = biased >> 1;
    const uint32_t other = biased - half;
    return (p * tsr_bits_float((half - 256u + 127u) << 23)) * tsr_bits_float((other - 256u + 127u) << 23);
}

/* Natural logarithm; -inf at 0, NaN below, subnormal arguments included.
 * x = 2^e (1+f), 1+f in [1/sqrt2, sqrt2); log(1+f) = f - f^2/2 + f^3 P(f), fit error 5.8e-9. */
static inline float tsr_logf(float x)
{
    const float ln2_high = 0x1.63p-1f;
    const float ln2_low = -2.12194440e-4f;

    const int      subnormal = x < 0x1p-126f;
    const float    scaled = subnormal ? x * 0x1p23f : x;
    const float    offset = subnormal ? -23.0f : 0.0f;
    const uint32_t bits = tsr_float_bits(scaled);
    const uint32_t exponent = (bits - 0x3f3504f3u) & 0xff800000u; /* 0x3f3504f3 = 1/sqrt2 */
    const float    e = (float)(int32_t)exponent * 0x1p-23f + offset;
    const float    f = tsr_bits_float(bits - exponent) - 1.0f;

    const float f2 = f * f;
    float       p = -0.076334100983f;
    p = p * f + 0.12761072571f;
    p = p * f + -0.13160341934f;
    p = p * f + 0.14201833824f;
    p = p * f + -0.16623350498f;
    p = p * f + 0.20001224314f;
    p = p * f + -0.25000821142f;
    p = p * f + 0.33333331698f;
    const float tail = p * (f2 * f) + e * ln2_low;
    const float finite = ((tail - 0.5f * f2) + f) + e * ln2_high;

    const float limit = x < INFINITY ? finite : x; /* +inf and NaN map to themselves */
    const float positive = x > 0.0f ? limit : (x < 0.0f ? NAN : x - INFINITY);
    return x == x ? positive : x;
}

/* Hyperbolic tangent. |x| < 0.625: x + x t P(t), t = x^2, fit error 4.4e-9; beyond: 1 - 2/(e^(2|x|) + 1). */
static inline float tsr_tanhf(float x)
{
    const float magnitude = fabsf(x);
    const float t = x * x;
    float       p = -0.005705009526f;
    p = p * t + 0.020639113528f;
    p = p * t + -0.053739725691f;
    p = p * t + 0.13331442373f;
    p = p * t + -0.33333281952f;
    const float small = magnitude + magnitude * (t * p);
    const float large = 1.0f - 2.0f / (tsr_expf(2.0f * magnitude) + 1.0f);
    const float value = magnitude < 0.625f ? small : large;
    return tsr_bits_float(tsr_float_bits(value) | (tsr_float_bits(x) & 0x80000000u));
}

/* Logistic function 1/(1 + e^-x), formed from e^-|x| so that it keeps its relative accuracy for large negative x. */
static inline float tsr_sigmoidf(float x)
{
    const float e = tsr_expf(-fabsf(x));
    return (x < 0.0f ? e : 1.0f) / (1.0f + e);
}

#ifdef __cplusplus
}
#endif
#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
#endif
