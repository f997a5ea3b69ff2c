/* models/math/isa.h — which build of the vector kernels runs.
 *
 * The kernels of models/math/kernels.h and models/random/draws.h are one C source compiled several times, once for each
 * instruction set. All builds give the same bits; they differ in speed only. The best one the processor offers is
 * chosen at the first use; the environment variable TESSERA_ISA (scalar, sse2, avx2, avx512) or tsr_isa_select
 * overrides the choice. The choice is one atomic variable of the process: it may be read from every thread. */
#ifndef TESSERA_MODELS_MATH_ISA_H
#define TESSERA_MODELS_MATH_ISA_H

#include "models/base/status.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tsr_isa {
    TSR_ISA_SCALAR = 0, /* the portable source with the compiler's vectoriser switched off            */
    TSR_ISA_BASE,       /* what every processor of the architecture has: "sse2" on x86-64, else "base" */
    TSR_ISA_AVX2,       /* x86-64 only                                                                 */
    TSR_ISA_AVX512,     /* x86-64 only; F, DQ, VL and BW                                               */
    TSR_ISA_COUNT
} tsr_isa;

/* Static, never NULL: the name TESSERA_ISA takes; "unknown" out of range. */
const char *tsr_isa_name(tsr_isa isa);

/* True if this program contains that build and this processor (and its operating system) can run it. */
bool tsr_isa_available(tsr_isa isa);

/* Runs everything that follows on `isa`. TSR_E_ARGUMENT, choice unchanged, if it is not available. `error` may be
 * NULL. */
tsr_status tsr_isa_select(tsr_isa isa, tsr_error *error);

/* Selects the best available build, or the one TESSERA_ISA names. TSR_E_ARGUMENT, choice unchanged, if that name is
 * unknown or not available. Programs call this once at start-up to report a wrong name; without it, the first use of
 * a kernel does the same and falls back to the best build, which changes no result. */
tsr_status tsr_isa_select_from_environment(tsr_error *error);

/* The build in use. */
tsr_isa tsr_isa_current(void);

#ifdef __cplusplus
}
#endif
#endif
