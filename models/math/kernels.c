#include "models/math/kernels.h"

#include "models/math/kernels_variant.h"

const tsr_kernels *tsr_kernels_current(void)
{
    switch (tsr_isa_current()) {
#if defined(__x86_64__)
    case TSR_ISA_AVX512: return &tsr_kernels_avx512;
    case TSR_ISA_AVX2: return &tsr_kernels_avx2;
#endif
    case TSR_ISA_SCALAR: return &tsr_kernels_scalar;
    default: return &tsr_kernels_base;
    }
}
