#include "models/math/isa.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#define TSR_ISA_BASE_NAME "sse2"
#else
#define TSR_ISA_BASE_NAME "base"
#endif

static const char *const isa_names[TSR_ISA_COUNT] = {"scalar", TSR_ISA_BASE_NAME, "avx2", "avx512"};

/* TSR_ISA_COUNT means: nothing chosen yet. */
static _Atomic(int) chosen = TSR_ISA_COUNT;

const char *tsr_isa_name(tsr_isa isa) { return (unsigned)isa < TSR_ISA_COUNT ? isa_names[isa] : "unknown"; }

bool tsr_isa_available(tsr_isa isa)
{
    switch (isa) {
    case TSR_ISA_SCALAR:
    case TSR_ISA_BASE: return true;
#if defined(__x86_64__)
    case TSR_ISA_AVX2: return __builtin_cpu_supports("avx2") != 0;
    case TSR_ISA_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
#else
    case TSR_ISA_AVX2:
    case TSR_ISA_AVX512: return false;
#endif
    case TSR_ISA_COUNT: break;
    }
    return false;
}

static tsr_isa best_available(void)
{
    int isa = TSR_ISA_COUNT - 1;
    while (!tsr_isa_available((tsr_isa)isa)) {
        isa--;
    }
    return (tsr_isa)isa;
}

tsr_status tsr_isa_select(tsr_isa isa, tsr_error *error)
{
    if ((unsigned)isa >= TSR_ISA_COUNT) {
        return tsr_error_set(error, TSR_E_ARGUMENT, "unknown instruction set number %d", (int)isa);
    }
    if (!tsr_isa_available(isa)) {
        return tsr_error_set(error, TSR_E_ARGUMENT, "this processor cannot run the %s kernels; the best it has is %s",
                             tsr_isa_name(isa), tsr_isa_name(best_available()));
    }
    atomic_store_explicit(&chosen, (int)isa, memory_order_relaxed);
    return TSR_OK;
}

tsr_status tsr_isa_select_from_environment(tsr_error *error)
{
    const char *const wanted = getenv("TESSERA_ISA");
    if (wanted == NULL || wanted[0] == '\0') {
        return tsr_isa_select(best_available(), error);
    }
    for (int isa = 0; isa < TSR_ISA_COUNT; isa++) {
        if (strcmp(wanted, isa_names[isa]) == 0) {
            return tsr_isa_select((tsr_isa)isa, error);
        }
    }
    return tsr_error_set(error, TSR_E_ARGUMENT, "TESSERA_ISA=%s: expected scalar, %s, avx2 or avx512", wanted,
                         TSR_ISA_BASE_NAME);
}

tsr_isa tsr_isa_current(void)
{
    int isa = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (isa == TSR_ISA_COUNT) {
        if (tsr_isa_select_from_environment(NULL) != TSR_OK) {
            (void)tsr_isa_select(best_available(), NULL);
        }
        isa = atomic_load_explicit(&chosen, memory_order_relaxed);
    }
    return (tsr_isa)isa;
}
