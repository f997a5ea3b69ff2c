/* models/math/isa_variant.h — included first by every source that is compiled once per instruction set (*_kernels.c).
 *
 * The build defines TSR_ISA_SUFFIX: scalar, base, avx2 or avx512 (models/math/kernels.cmake). TSR_VARIANT(f) is then
 * the name of f in this build, such as f_avx2; everything such a source exports is named through it. TSR_IVDEP before
 * a loop promises the compiler that its turns do not depend on each other, where an output may be the same array as
 * an input. */
#ifndef TESSERA_MODELS_MATH_ISA_VARIANT_H
#define TESSERA_MODELS_MATH_ISA_VARIANT_H

#define TSR_VARIANT_PASTE(name, suffix)  name##_##suffix
#define TSR_VARIANT_EXPAND(name, suffix) TSR_VARIANT_PASTE(name, suffix)
#define TSR_VARIANT(name)                TSR_VARIANT_EXPAND(name, TSR_ISA_SUFFIX)

#if defined(__clang__)
#define TSR_IVDEP _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define TSR_IVDEP _Pragma("GCC ivdep")
#else
#define TSR_IVDEP
#endif

#endif
