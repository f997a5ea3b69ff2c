/* models/crossbar/conductance.h — weights in the fixed point of the conductance sums. */
#ifndef TESSERA_MODELS_CROSSBAR_CONDUCTANCE_H
#define TESSERA_MODELS_CROSSBAR_CONDUCTANCE_H

#include <stdint.h>
#include <string.h>

/* 2⁻²⁴ of a weight unit: integer sums have no order, so any schedule of pulses gives the same energy. */
#define TSR_WEIGHT_FIXED_UNIT (1.0 / 16777216.0)

/* Weight, clamped at the one of g_off and at 127, in that unit (half to even). */
static inline int32_t tsr_weight_fixed(float w, float w_clamp)
{
    /* adding 1.5·2⁵² leaves the rounded integer in the low bits of the sum; as bits, so that loops vectorise */
    const float  above = w > w_clamp ? w : w_clamp;
    const double shifted = (double)(above < 127.0f ? above : 127.0f) * 16777216.0 + 6755399441055744.0;
    uint64_t     bits = 0;
    memcpy(&bits, &shifted, sizeof bits);
    return (int32_t)(uint32_t)bits;
}

#endif
