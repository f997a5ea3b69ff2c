// Own elementary functions against the C library in double, rounding against nearbyint, and the choice of the
// instruction set. The vector kernels: kernels_test.cpp.
#include "models/math/scalar_math.h"
#include "tests/models/isa_choice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace tessera {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float quiet_nan = std::numeric_limits<float>::quiet_NaN();

// |value - exact| in units of the last place of a float near `exact`; below the normal numbers the spacing is constant.
double error_in_ulp(float value, double exact)
{
    int exponent = 0;
    std::frexp(exact, &exponent);
    return std::fabs(static_cast<double>(value) - exact) / std::ldexp(1.0, std::max(exponent, -125) - 24);
}

// The floats in increasing order: -infinity, ..., -0, 0, ..., infinity.
std::uint32_t rank(float x)
{
    const std::uint32_t bits = tsr_float_bits(x);
    return (bits >> 31) != 0 ? ~bits : bits | 0x80000000u;
}
float of_rank(std::uint32_t rank) { return tsr_bits_float((rank >> 31) != 0 ? rank & 0x7fffffffu : ~rank); }

// Largest error over the floats of [low, high], every step-th of them and the upper end.
template <class Function, class Exact>
double worst_error(float low, float high, Function function, Exact exact, std::uint32_t step = 1009)
{
    double worst = error_in_ulp(function(high), exact(static_cast<double>(high)));
    for (std::uint64_t at = rank(low); at <= rank(high); at += step) {
        const float x = of_rank(static_cast<std::uint32_t>(at));
        worst = std::max(worst, error_in_ulp(function(x), exact(static_cast<double>(x))));
    }
    return worst;
}

TEST(exp, is_exact_to_1_ulp_with_subnormal_results)
{
    const auto exact = [](double x) { return std::exp(x); };
    EXPECT_LT(worst_error(-103.9f, 88.72283f, tsr_expf, exact), 1.0);
    EXPECT_LT(worst_error(-103.9f, -80.0f, tsr_expf, exact, 1), 1.0);
    EXPECT_EQ(tsr_expf(0.0f), 1.0f);
    EXPECT_EQ(tsr_expf(-104.0f), 0.0f);
    EXPECT_EQ(tsr_expf(88.8f), infinity);
    EXPECT_EQ(tsr_expf(3e38f), infinity);
    EXPECT_EQ(tsr_expf(infinity), infinity);
    EXPECT_EQ(tsr_expf(-infinity), 0.0f);
    EXPECT_TRUE(std::isnan(tsr_expf(quiet_nan)));
}

TEST(log, is_exact_to_1_ulp_with_subnormal_arguments)
{
    const auto exact = [](double x) { return std::log(x); };
    EXPECT_LT(worst_error(0x1p-149f, 3.4e38f, tsr_logf, exact), 1.0);
    EXPECT_LT(worst_error(0.99f, 1.01f, tsr_logf, exact, 1), 1.0);
    EXPECT_EQ(tsr_logf(1.0f), 0.0f);
    EXPECT_EQ(tsr_logf(0.0f), -infinity);
    EXPECT_EQ(tsr_logf(-0.0f), -infinity);
    EXPECT_EQ(tsr_logf(infinity), infinity);
    EXPECT_TRUE(std::isnan(tsr_logf(-1.0f)));
    EXPECT_TRUE(std::isnan(tsr_logf(-infinity)));
    EXPECT_TRUE(std::isnan(tsr_logf(quiet_nan)));
}

TEST(tanh, is_exact_to_2_ulp)
{
    const auto exact = [](double x) { return std::tanh(x); };
    EXPECT_LT(worst_error(-20.0f, 20.0f, tsr_tanhf, exact), 2.0);
    EXPECT_LT(worst_error(0.6f, 0.65f, tsr_tanhf, exact, 1), 2.0);
    EXPECT_TRUE(std::signbit(tsr_tanhf(-0.0f)));
    EXPECT_EQ(tsr_tanhf(-0.0f), 0.0f);
    EXPECT_EQ(tsr_tanhf(1000.0f), 1.0f);
    EXPECT_EQ(tsr_tanhf(infinity), 1.0f);
    EXPECT_EQ(tsr_tanhf(-infinity), -1.0f);
    EXPECT_TRUE(std::isnan(tsr_tanhf(quiet_nan)));
}

TEST(sigmoid, is_exact_to_2_and_a_half_ulp)
{
    const auto exact = [](double x) { return 1 / (1 + std::exp(-x)); };
    EXPECT_LT(worst_error(-103.9f, 104.0f, tsr_sigmoidf, exact), 2.5);
    EXPECT_EQ(tsr_sigmoidf(0.0f), 0.5f);
    EXPECT_EQ(tsr_sigmoidf(infinity), 1.0f);
    EXPECT_EQ(tsr_sigmoidf(-infinity), 0.0f);
    EXPECT_TRUE(std::isnan(tsr_sigmoidf(quiet_nan)));
}

TEST(round_half_even, is_nearbyint_for_every_float)
{
    for (std::uint64_t bits = 0; bits < (1ull << 32); bits += 997) {
        const float x = tsr_bits_float(static_cast<std::uint32_t>(bits));
        if (!std::isnan(x)) {
            ASSERT_EQ(tsr_float_bits(tsr_round_half_even(x)), tsr_float_bits(std::nearbyint(x))) << x;
        }
    }
    for (int k = 0; k < 100000; k++) { // ties, then both sides of the largest float with a fraction
        for (const float x : {static_cast<float>(k) + 0.5f, 0x1p23f - 50000.5f + static_cast<float>(k)}) {
            ASSERT_EQ(tsr_round_half_even(x), std::nearbyint(x)) << x;
            ASSERT_EQ(tsr_round_half_even(-x), std::nearbyint(-x)) << x;
        }
    }
    EXPECT_EQ(tsr_round_half_even(infinity), infinity);
    EXPECT_EQ(tsr_round_half_even(-infinity), -infinity);
    EXPECT_TRUE(std::isnan(tsr_round_half_even(quiet_nan)));
}

TEST(isa, names_are_those_of_the_environment_variable)
{
    EXPECT_STREQ(tsr_isa_name(TSR_ISA_SCALAR), "scalar");
#if defined(__x86_64__)
    EXPECT_STREQ(tsr_isa_name(TSR_ISA_BASE), "sse2");
#else
    EXPECT_STREQ(tsr_isa_name(TSR_ISA_BASE), "base");
#endif
    EXPECT_STREQ(tsr_isa_name(TSR_ISA_AVX2), "avx2");
    EXPECT_STREQ(tsr_isa_name(TSR_ISA_AVX512), "avx512");
    EXPECT_STREQ(tsr_isa_name(TSR_ISA_COUNT), "unknown");
}

TEST(isa, selection_takes_what_the_processor_has_and_refuses_the_rest)
{
    const isa_choice keeper(TSR_ISA_SCALAR);
    EXPECT_TRUE(tsr_isa_available(TSR_ISA_SCALAR));
    EXPECT_TRUE(tsr_isa_available(TSR_ISA_BASE));
    EXPECT_FALSE(tsr_isa_available(TSR_ISA_COUNT));
    for (const tsr_isa isa : {TSR_ISA_SCALAR, TSR_ISA_BASE, TSR_ISA_AVX2, TSR_ISA_AVX512}) {
        ASSERT_EQ(tsr_isa_select(TSR_ISA_SCALAR, nullptr), TSR_OK);
        tsr_error error = {};
        if (tsr_isa_available(isa)) {
            EXPECT_EQ(tsr_isa_select(isa, &error), TSR_OK);
            EXPECT_EQ(tsr_isa_current(), isa);
        } else {
            EXPECT_EQ(tsr_isa_select(isa, &error), TSR_E_ARGUMENT);
            EXPECT_EQ(tsr_isa_current(), TSR_ISA_SCALAR);
            EXPECT_NE(std::string(error.text).find(tsr_isa_name(isa)), std::string::npos) << error.text;
        }
    }
    ASSERT_EQ(tsr_isa_select(TSR_ISA_BASE, nullptr), TSR_OK);
    EXPECT_EQ(tsr_isa_select(TSR_ISA_COUNT, nullptr), TSR_E_ARGUMENT);
    EXPECT_EQ(tsr_isa_current(), TSR_ISA_BASE);
}

TEST(isa, environment_names_the_choice)
{
    const isa_choice  keeper(TSR_ISA_SCALAR);
    const char *const before = std::getenv("TESSERA_ISA");
    const std::string restored = before == nullptr ? "" : before;

    setenv("TESSERA_ISA", tsr_isa_name(TSR_ISA_BASE), 1);
    EXPECT_EQ(tsr_isa_select_from_environment(nullptr), TSR_OK);
    EXPECT_EQ(tsr_isa_current(), TSR_ISA_BASE);

    tsr_error error = {};
    setenv("TESSERA_ISA", "mmx", 1);
    EXPECT_EQ(tsr_isa_select_from_environment(&error), TSR_E_ARGUMENT);
    EXPECT_NE(std::string(error.text).find("mmx"), std::string::npos) << error.text;
    EXPECT_EQ(tsr_isa_current(), TSR_ISA_BASE);

    unsetenv("TESSERA_ISA");
    EXPECT_EQ(tsr_isa_select_from_environment(nullptr), TSR_OK);
    EXPECT_EQ(tsr_isa_current(), available_isas().back());

    if (before != nullptr) {
        setenv("TESSERA_ISA", restored.c_str(), 1);
    }
}

} // namespace
} // namespace tessera
