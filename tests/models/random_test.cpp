// Random numbers: published answers of the generator, layout of counter and key, the inverse normal distribution, and
// that bulk draws are the scalar draws on every instruction set. Their statistics: random_statistics_test.cpp.
#include "models/random/draws.h"
#include "models/random/normal_quantile.h"
#include "tests/models/isa_choice.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>

namespace tessera {
namespace {

using block_words = std::array<std::uint32_t, 4>;

block_words philox(const block_words &counter, const std::array<std::uint32_t, 2> &key)
{
    block_words out{};
    tsr_philox4x32(counter.data(), key.data(), out.data());
    return out;
}

// Random123, tests/kat_vectors, the three lines "philox4x32 10".
TEST(philox, gives_the_published_known_answers)
{
    EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (block_words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
              (block_words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              (block_words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// First outputs of the reference generator with seed 0: its state advances by the golden ratio.
TEST(splitmix64, gives_the_published_sequence)
{
    const std::uint64_t step = 0x9e3779b97f4a7c15u;
    EXPECT_EQ(tsr_splitmix64(0), 0xe220a8397b1dcdafu);
    EXPECT_EQ(tsr_splitmix64(step), 0x6e789e6aa1b965f4u);
    EXPECT_EQ(tsr_splitmix64(step + step), 0x06c45d188009454fu);
}

TEST(stream, lays_out_key_and_counter_as_documented)
{
    tsr_stream stream = tsr_stream_at(tsr_stream_create(17, 4), 0xabcd12345678u, TSR_PURPOSE_C2C);
    stream.retry = 0x5a;
    const std::uint64_t key = tsr_splitmix64(17 ^ tsr_splitmix64(4));
    ASSERT_EQ(stream.key[0], static_cast<std::uint32_t>(key));
    ASSERT_EQ(stream.key[1], static_cast<std::uint32_t>(key >> 32));
    ASSERT_EQ(TSR_PURPOSE_C2C, 3);
    const block_words words = philox({0x12345678, 0xabcd035a, 77, 2}, {stream.key[0], stream.key[1]});
    for (std::uint32_t k = 0; k < 4; k++) {
        EXPECT_EQ(tsr_stream_word(&stream, 77, 4 * 2 + k), words[k]);
    }
}

TEST(stream, gives_different_arrays_different_keys)
{
    std::set<std::array<std::uint32_t, 2>> keys;
    for (std::uint64_t id = 0; id < 50000; id++) {
        const tsr_stream stream = tsr_stream_create(1, id);
        keys.insert({stream.key[0], stream.key[1]});
    }
    EXPECT_EQ(keys.size(), 50000u);
}

TEST(stream, at_another_op_and_purpose_starts_at_retry_0)
{
    tsr_stream stream = tsr_stream_create(3, 9);
    stream.retry = 7;
    const tsr_stream moved = tsr_stream_at(stream, TSR_OP_LIMIT - 1, TSR_PURPOSE_INIT);
    EXPECT_EQ(moved.key[0], stream.key[0]);
    EXPECT_EQ(moved.key[1], stream.key[1]);
    EXPECT_EQ(moved.op, TSR_OP_LIMIT - 1);
    EXPECT_EQ(moved.purpose, TSR_PURPOSE_INIT);
    EXPECT_EQ(moved.retry, 0);
}

// |z_float / z - 1|, z the exact deviate of the word: one Newton step from z_float in double, on erf in the centre
// and on erfc in the tail, where each is accurate.
double relative_error(std::uint32_t word)
{
    const std::uint32_t magnitude = (word >> 31) != 0 ? ~word : word;
    const double        x = (magnitude + 0.5) * 0x1p-31;
    const double        z = std::fabs(static_cast<double>(tsr_normal_quantile(word)));
    const double        root_half = std::sqrt(0.5);
    const double        one_minus_x = ((0x7fffffffu - magnitude) + 0.5) * 0x1p-31;
    const double        excess = z < 1 ? std::erf(z * root_half) - x : one_minus_x - std::erfc(z * root_half);
    const double        density = 2 * std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0));
    return std::fabs(excess / density / z);
}

TEST(normal_quantile, is_exact_to_7e_7_over_all_words)
{
    double worst = 0;
    for (std::uint64_t word = 0; word < (1ull << 32); word += 1999) {
        worst = std::max(worst, relative_error(static_cast<std::uint32_t>(word)));
    }
    for (std::uint32_t end : {0u, 0x7fffffffu - 9999u, 0x80000000u, 0xffffffffu - 9999u}) {
        for (std::uint32_t k = 0; k < 10000; k++) {
            worst = std::max(worst, relative_error(end + k));
        }
    }
    EXPECT_LT(worst, 7e-7);
    EXPECT_GT(worst, 1e-8); // the reference is not the function itself
}

TEST(normal_quantile, is_odd_and_increases)
{
    float last = -INFINITY;
    for (std::uint64_t step = 0; step < (1u << 17); step++) {
        const std::uint32_t word = static_cast<std::uint32_t>(step << 15) ^ 0x80000000u;
        const float         z = tsr_normal_quantile(word);
        ASSERT_GT(z, last) << "word " << word;
        ASSERT_EQ(tsr_normal_quantile(~word), -z) << "word " << word;
        last = z;
    }
    EXPECT_NEAR(static_cast<double>(tsr_normal_quantile(0x7fffffffu)), 6.3379, 1e-4);
}

struct block_list {
    std::vector<std::uint32_t> line, block;
};

block_list scattered_blocks(std::uint32_t n)
{
    block_list list;
    for (std::uint32_t b = 0; b < n; b++) {
        list.line.push_back(b * 0x9e3779b9u);
        list.block.push_back(b % 7 == 0 ? 0xffffffffu - b : b / 3);
    }
    return list;
}

class draws : public testing::TestWithParam<tsr_isa> {
protected:
    void SetUp() override
    {
        if (!tsr_isa_available(GetParam())) {
            GTEST_SKIP() << "this processor has no " << tsr_isa_name(GetParam());
        }
    }

    tsr_stream stream = tsr_stream_at(tsr_stream_create(42, 1000001), 0x123456789abcu, TSR_PURPOSE_OUTPUT_NOISE);
};

TEST_P(draws, of_scattered_blocks_are_the_scalar_draws)
{
    const isa_choice choice(GetParam());
    for (const std::uint32_t n : {0u, 1u, 2u, 15u, 16u, 17u, 31u, 33u, 64u, 203u}) {
        const block_list           list = scattered_blocks(n);
        std::vector<std::uint32_t> words(4 * n + 1, 0xdeadbeef);
        std::vector<float>         deviates(4 * n + 1, -99);
        tsr_uniform_blocks(&stream, list.line.data(), list.block.data(), n, words.data());
        tsr_gaussian_blocks(&stream, list.line.data(), list.block.data(), n, deviates.data());
        for (std::uint32_t k = 0; k < 4 * n; k++) {
            const std::uint32_t b = k / 4;
            const block_words   expected =
                philox({0x56789abc, 0x12340500, list.line[b], list.block[b]}, {stream.key[0], stream.key[1]});
            ASSERT_EQ(words[k], expected[k % 4]) << n << " blocks, word " << k;
            ASSERT_EQ(deviates[k], tsr_normal_quantile(expected[k % 4])) << n << " blocks, draw " << k;
        }
        EXPECT_EQ(words.back(), 0xdeadbeef) << "written past the end of " << n << " blocks";
        EXPECT_EQ(deviates.back(), -99.0f) << "written past the end of " << n << " blocks";
    }
}

TEST_P(draws, of_one_line_are_the_scalar_draws)
{
    const isa_choice choice(GetParam());
    for (const std::uint32_t count : {0u, 1u, 3u, 4u, 63u, 64u, 65u, 127u, 130u, 1021u}) {
        std::vector<std::uint32_t> words(count + 1, 0xdeadbeef);
        std::vector<float>         deviates(count + 1, -99);
        tsr_uniform_words(&stream, 513, count, words.data());
        tsr_gaussian_fill(&stream, 513, count, deviates.data());
        for (std::uint32_t k = 0; k < count; k++) {
            ASSERT_EQ(words[k], tsr_stream_word(&stream, 513, k));
            ASSERT_EQ(deviates[k], tsr_normal_quantile(words[k]));
        }
        EXPECT_EQ(words.back(), 0xdeadbeef) << "written past the end of " << count << " draws";
        EXPECT_EQ(deviates.back(), -99.0f) << "written past the end of " << count << " draws";
    }
}

// The bits of every result depend on these: a host, compiler or change of code that gives others breaks all stored
// runs.
TEST_P(draws, have_the_same_bits_on_every_host)
{
    const isa_choice           choice(GetParam());
    std::vector<std::uint32_t> words(100000);
    std::vector<float>         deviates(100000);
    tsr_uniform_words(&stream, 0, 100000, words.data());
    tsr_gaussian_fill(&stream, 0, 100000, deviates.data());
    EXPECT_EQ(hash_bits(words), 0xff7a9b1645446675u);
    EXPECT_EQ(hash_bits(deviates), 0xc705699fa6df9778u);
}

INSTANTIATE_TEST_SUITE_P(on, draws, testing::Values(TSR_ISA_SCALAR, TSR_ISA_BASE, TSR_ISA_AVX2, TSR_ISA_AVX512),
                         [](const auto &tested) { return tsr_isa_name(tested.param); });

} // namespace
} // namespace tessera
