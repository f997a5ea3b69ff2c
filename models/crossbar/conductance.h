/* models/crossbar/conductance.h — weights in the fixed point of the conductance sums. */
#ifndef TESSERA_MODELS_CROSSBAR_CONDUCTANCE_H
#define TESSERA_MODELS_CROSSBAR_CONDUCTANCE_H

#include <stdint.h>

/* 2⁻²⁴ of a weight unit: integer sums have no order, so any schedule of pulses gives the same energy. */
#define TSR_WEIGHT_FIXED_UNIT (1.0 / 16777216.0)

/* Weight, clamped at the one of g_off, in that unit (half to even); |w| < 128. */
static inline int64_t tsr_weight_fixed(float w, float w_clamp)
{
    const double scaled = (double)(w > w_clamp ? w : w_clamp) * 16777216.0;
    /* adding 1.5·2⁵² rounds to an integer, half to even, without a library call */
    const double magic = 6755399441055744.0;
    return (int64_t)((scaled + magic) - magic);
}

#endif
