// The vector kernels: each against its definition, and the same bits from every instruction set and on every host.
#include "models/math/kernels.h"
#include "models/math/scalar_math.h"
#include "models/random/philox.h"
#include "tests/models/isa_choice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace tessera {
namespace {

using floats = std::vector<float>;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float quiet_nan = std::numeric_limits<float>::quiet_NaN();

// Uniform in [-size, size), repeatable.
floats numbers(std::size_t n, std::uint32_t seed, float size = 1.0f)
{
    const tsr_stream stream = tsr_stream_create(seed, 0);
    floats           x(n);
    for (std::size_t i = 0; i < n; i++) {
        const std::uint32_t word = tsr_stream_word(&stream, 0, static_cast<std::uint32_t>(i));
        x[i] = (static_cast<float>(word >> 8) * 0x1p-23f - 1.0f) * size;
    }
    return x;
}

struct matrix {
    std::uint32_t in, out;
    std::size_t   stride;
    floats        m; // what lies between out and stride is NaN: reading it shows
};

matrix random_matrix(std::uint32_t in, std::uint32_t out, std::uint32_t seed)
{
    matrix a = {in, out, (out + 15) / 16 * 16u, {}};
    a.m = numbers(in * a.stride, seed);
    for (std::uint32_t j = 0; j < in; j++) {
        std::fill(a.m.begin() + static_cast<std::ptrdiff_t>(j * a.stride + out),
                  a.m.begin() + static_cast<std::ptrdiff_t>((j + 1) * a.stride), quiet_nan);
    }
    return a;
}

std::vector<std::uint32_t> driven_lines(const floats &x)
{
    std::vector<std::uint32_t> lines;
    for (std::uint32_t j = 0; j < x.size(); j++) {
        if (x[j] != 0.0f) {
            lines.push_back(j);
        }
    }
    return lines;
}

// Every third line is off.
floats sparse(floats x)
{
    for (std::size_t j = 1; j < x.size(); j += 3) {
        x[j] = 0.0f;
    }
    return x;
}

// The 16 partial sums of kernels.h, spelled out.
float sixteen_sums(const floats &products)
{
    floats s(16, 0.0f);
    for (std::size_t i = 0; i < products.size(); i++) {
        s[i % 16] += products[i];
    }
    for (const std::size_t width : {8u, 4u, 2u, 1u}) {
        for (std::size_t k = 0; k < width; k++) {
            s[k] += s[k + width];
        }
    }
    return s[0];
}

constexpr std::size_t sizes[] = {0, 1, 2, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 127, 130, 257, 784};
struct shape {
    std::uint32_t in, out;
};
constexpr shape shapes[] = {{1, 1},  {2, 3},   {3, 16},   {4, 17},  {5, 64},
                            {7, 65}, {16, 31}, {33, 130}, {64, 10}, {131, 79}};

class kernels : public testing::TestWithParam<tsr_isa> {
protected:
    void SetUp() override
    {
        if (!tsr_isa_available(GetParam())) {
            GTEST_SKIP() << "this processor has no " << tsr_isa_name(GetParam());
        }
        ASSERT_EQ(choice.status, TSR_OK);
        math = tsr_kernels_current();
    }

    isa_choice         choice{GetParam()};
    const tsr_kernels *math = nullptr;
};

TEST_P(kernels, reductions_follow_their_definition)
{
    for (const std::size_t n : sizes) {
        const floats x = numbers(n, 1), y = numbers(n, 2);
        floats       products(n);
        float        largest = 0;
        double       magnitude = 0, exact = 0;
        for (std::size_t i = 0; i < n; i++) {
            products[i] = x[i] * y[i];
            largest = std::max(largest, std::fabs(x[i]));
            exact += static_cast<double>(x[i]) * static_cast<double>(y[i]);
            magnitude += std::fabs(static_cast<double>(products[i]));
        }
        EXPECT_EQ(math->abs_max(x.data(), n), largest) << n;
        EXPECT_EQ(math->sum(x.data(), n), sixteen_sums(x)) << n;
        EXPECT_EQ(math->dot(x.data(), y.data(), n), sixteen_sums(products)) << n;
        EXPECT_NEAR(static_cast<double>(math->dot(x.data(), y.data(), n)), exact, 1e-6 * magnitude + 1e-30) << n;
    }
}

TEST_P(kernels, abs_max_sees_signs_infinities_and_nan)
{
    floats x = numbers(37, 3);
    x[36] = -5.0f;
    EXPECT_EQ(math->abs_max(x.data(), 37), 5.0f);
    x[4] = -infinity;
    EXPECT_EQ(math->abs_max(x.data(), 37), infinity);
    x[20] = -quiet_nan;
    EXPECT_TRUE(std::isnan(math->abs_max(x.data(), 37)));
}

TEST_P(kernels, matvec_adds_the_listed_lines_in_order)
{
    for (const shape s : shapes) {
        const matrix a = random_matrix(s.in, s.out, 4);
        const floats x = sparse(numbers(s.in, 5));
        const auto   lines = driven_lines(x);
        floats       y(s.out + 1, -99.0f);
        math->matvec_lines(a.m.data(), a.stride, s.out, lines.data(), static_cast<std::uint32_t>(lines.size()),
                           x.data(), y.data());
        for (std::uint32_t i = 0; i < s.out; i++) {
            float  sum = 0;
            double exact = 0;
            for (std::uint32_t j = 0; j < s.in; j++) {
                const float w = a.m[j * a.stride + i];
                sum = x[j] == 0.0f ? sum : sum + w * x[j];
                exact += static_cast<double>(w) * static_cast<double>(x[j]);
            }
            ASSERT_EQ(y[i], sum) << s.in << " x " << s.out << ", output " << i;
            ASSERT_NEAR(static_cast<double>(y[i]), exact, 1e-6 * s.in);
        }
        EXPECT_EQ(y[s.out], -99.0f) << "written past the end";
    }
}

TEST_P(kernels, matvec_of_no_line_is_zero)
{
    const matrix a = random_matrix(3, 20, 4);
    floats       x(3, 0.0f), y(20, -99.0f);
    math->matvec_lines(a.m.data(), a.stride, 20, nullptr, 0, x.data(), y.data());
    EXPECT_EQ(y, floats(20, 0.0f));
}

TEST_P(kernels, transposed_matvec_has_sixteen_sums_per_line)
{
    for (const shape s : shapes) {
        const matrix a = random_matrix(s.in, s.out, 6);
        const floats d = numbers(s.out, 7);
        floats       z(s.in + 1, -99.0f), products(s.out);
        math->matvec_transposed(a.m.data(), a.stride, s.in, s.out, d.data(), z.data());
        for (std::uint32_t j = 0; j < s.in; j++) {
            for (std::uint32_t i = 0; i < s.out; i++) {
                products[i] = a.m[j * a.stride + i] * d[i];
            }
            ASSERT_EQ(z[j], sixteen_sums(products)) << s.in << " x " << s.out << ", line " << j;
        }
        EXPECT_EQ(z[s.in], -99.0f) << "written past the end";
    }
}

TEST_P(kernels, rank1_adds_the_outer_product_and_leaves_idle_lines_and_padding)
{
    for (const shape s : shapes) {
        const matrix before = random_matrix(s.in, s.out, 8);
        const floats x = sparse(numbers(s.in, 9));
        floats       d = numbers(s.out, 10);
        d[0] = infinity; // 0 * inf would show on an idle line
        matrix after = before;
        math->rank1(after.m.data(), after.stride, s.in, s.out, -0.3f, x.data(), d.data());
        for (std::size_t k = 0; k < after.m.size(); k++) {
            const std::size_t j = k / after.stride, i = k % after.stride;
            const bool        touched = i < s.out && x[j] != 0.0f;
            const float       expected = touched ? before.m[k] + (-0.3f * x[j]) * d[i] : before.m[k];
            ASSERT_EQ(tsr_float_bits(after.m[k]), tsr_float_bits(expected)) << "line " << j << ", output " << i;
        }
    }
}

TEST_P(kernels, add_scaled_is_y_plus_a_x)
{
    for (const std::size_t n : sizes) {
        const floats x = numbers(n, 11), y = numbers(n, 12);
        floats       sum = y;
        math->add_scaled(sum.data(), n, 0.7f, x.data());
        for (std::size_t i = 0; i < n; i++) {
            ASSERT_EQ(sum[i], y[i] + 0.7f * x[i]);
        }
    }
}

TEST_P(kernels, dac_divides_twice_rounds_to_even_and_clips)
{
    const float step = 2.0f / 126.0f, scale = 0.37f;
    floats      x = numbers(257, 13, 0.5f);
    x[0] = scale / 4; // a retry with r = 2 puts half the full scale on 31.5 steps, a tie
    x[1] = quiet_nan;
    floats out(x.size());
    math->dac_quantise(x.data(), x.size(), scale, step, 1.0f, out.data());
    for (std::size_t i = 0; i < x.size(); i++) {
        const float expected = std::clamp(std::nearbyint(x[i] / scale / step) * step, -1.0f, 1.0f);
        ASSERT_EQ(tsr_float_bits(out[i]), tsr_float_bits(expected)) << "element " << i;
    }
    floats plain = x; // no rounding, in place
    math->dac_quantise(plain.data(), plain.size(), scale, 0.0f, 1.0f, plain.data());
    for (std::size_t i = 0; i < x.size(); i++) {
        ASSERT_EQ(tsr_float_bits(plain[i]), tsr_float_bits(std::clamp(x[i] / scale, -1.0f, 1.0f))) << "element " << i;
    }
}

TEST_P(kernels, adc_tests_for_overflow_after_rounding)
{
    const float step = 0.5f, bound = 12.0f;
    floats      out(3);
    const auto  overflows = [&](const floats &y, float with_step) {
        return math->adc_quantise(y.data(), y.size(), with_step, bound, out.data());
    };
    EXPECT_FALSE(overflows({1.25f, -0.75f, 12.2f}, step)); // 12.2 rounds back to the bound
    EXPECT_EQ(out, (floats{1.0f, -1.0f, 12.0f}));
    EXPECT_TRUE(overflows({1.0f, -12.3f, 0.0f}, step));
    EXPECT_EQ(out, (floats{1.0f, -12.0f, 0.0f}));
    EXPECT_FALSE(overflows({12.25f, 0.0f, 0.0f}, step)); // the tie goes to the even 24 steps
    EXPECT_TRUE(overflows({12.2f, 0.0f, 0.0f}, 0.0f));   // not rounded
    EXPECT_EQ(out, (floats{12.0f, 0.0f, 0.0f}));
    EXPECT_FALSE(overflows({quiet_nan, 0.0f, 0.0f}, step));
    EXPECT_TRUE(std::isnan(out[0]));
    for (std::size_t at = 0; at < 70; at++) { // wherever the overflow is
        floats y(70, 1.0f);
        y[at] = -13.0f;
        EXPECT_TRUE(math->adc_quantise(y.data(), y.size(), step, bound, y.data())) << at;
        EXPECT_EQ(y[at], -12.0f);
    }
}

TEST_P(kernels, activations_are_the_scalar_functions)
{
    for (const std::size_t n : sizes) {
        const floats x = numbers(n, 14, 12.0f);
        floats       sigmoid(n), tanh(n), relu(n), exp(n), in_place = x;
        math->sigmoid(x.data(), n, sigmoid.data());
        math->tanh(x.data(), n, tanh.data());
        math->relu(x.data(), n, relu.data());
        const float sum = math->exp_sum(x.data(), n, 2.5f, exp.data());
        math->tanh(in_place.data(), n, in_place.data());
        for (std::size_t i = 0; i < n; i++) {
            ASSERT_EQ(sigmoid[i], tsr_sigmoidf(x[i]));
            ASSERT_EQ(tanh[i], tsr_tanhf(x[i]));
            ASSERT_EQ(relu[i], std::max(x[i], 0.0f));
            ASSERT_EQ(exp[i], tsr_expf(x[i] - 2.5f));
        }
        EXPECT_EQ(sum, sixteen_sums(exp)) << n;
        EXPECT_EQ(in_place, tanh) << n;
    }
}

// One hash over the results of all kernels. Another compiler or host that gives other bits changes every simulation.
TEST_P(kernels, have_the_same_bits_on_every_host)
{
    const matrix a = random_matrix(61, 83, 15);
    const floats x = sparse(numbers(61, 16, 3.0f)), d = numbers(83, 17);
    const auto   lines = driven_lines(x);
    floats       y(83), z(61), w(a.m);
    std::fill(w.begin(), w.end(), 0.25f);
    math->matvec_lines(a.m.data(), a.stride, 83, lines.data(), static_cast<std::uint32_t>(lines.size()), x.data(),
                       y.data());
    math->matvec_transposed(a.m.data(), a.stride, 61, 83, d.data(), z.data());
    math->rank1(w.data(), a.stride, 61, 83, 0.01f, x.data(), d.data());
    math->dac_quantise(z.data(), 61, 1.7f, 2.0f / 126.0f, 1.0f, z.data());
    math->adc_quantise(y.data(), 83, 24.0f / 510.0f, 12.0f, y.data());
    floats all = y;
    for (const floats &part : {z, w}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    const std::size_t n = all.size();
    for (const auto activation : {math->sigmoid, math->tanh, math->relu}) {
        floats out(n);
        activation(all.data(), n, out.data());
        math->add_scaled(all.data(), n, 0.5f, out.data());
    }
    floats exps(n);
    all.push_back(math->exp_sum(all.data(), n, math->abs_max(all.data(), n), exps.data()));
    all.push_back(math->dot(all.data(), exps.data(), n));
    all.push_back(math->sum(all.data(), n));
    EXPECT_EQ(hash_bits(all), 0xedf53ab99cca2f4eu);
}

INSTANTIATE_TEST_SUITE_P(on, kernels, testing::Values(TSR_ISA_SCALAR, TSR_ISA_BASE, TSR_ISA_AVX2, TSR_ISA_AVX512),
                         [](const auto &tested) { return tsr_isa_name(tested.param); });

} // namespace
} // namespace tessera
