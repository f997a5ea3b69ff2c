#include "workloads/shuffle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "models/random/philox.h"

namespace tessera::testing {
namespace {

using permutation = std::vector<std::uint32_t>;

permutation shuffle(std::uint64_t seed, std::uint32_t epoch, std::uint32_t n)
{
    permutation order(n, 0xFFFFFFFFU);
    tsr_shuffle(seed, epoch, n, order.data());
    return order;
}

permutation sorted(permutation order)
{
    std::sort(order.begin(), order.end());
    return order;
}

/// Σ (count − expected)² / expected
double chi_square(const std::vector<unsigned> &counts)
{
    const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
    const double expected = total / static_cast<double>(counts.size());
    double       sum = 0;
    for (const unsigned count : counts) {
        sum += (count - expected) * (count - expected) / expected;
    }
    return sum;
}

TEST(shuffled_order, is_a_permutation)
{
    for (const std::uint32_t n : {1U, 2U, 3U, 5U, 784U, 60000U}) {
        permutation identity(n);
        std::iota(identity.begin(), identity.end(), 0U);
        EXPECT_EQ(sorted(shuffle(1, 0, n)), identity) << n;
    }
    tsr_shuffle(1, 0, 0, nullptr); // nothing to write
}

TEST(shuffled_order, depends_on_seed_and_epoch_and_nothing_else)
{
    const permutation first = shuffle(1, 0, 1000);
    EXPECT_NE(first, shuffle(1, 1, 1000));
    EXPECT_NE(first, shuffle(2, 0, 1000));
    EXPECT_NE(first, shuffle(1 + (std::uint64_t{1} << 32), 0, 1000)) << "all 64 bits of the seed count";
    EXPECT_NE(shuffle(2, 1, 1000), shuffle(1, 2, 1000));
    EXPECT_EQ(first, shuffle(1, 0, 1000));
}

TEST(shuffled_order, leaves_almost_nothing_in_place)
{
    const permutation order = shuffle(1, 0, 60000);
    unsigned          fixed = 0;
    for (std::uint32_t k = 0; k < order.size(); ++k) {
        fixed += order[k] == k ? 1U : 0U;
    }
    EXPECT_LT(fixed, 10U); // Poisson with mean 1: P(≥ 10) = 1e-7
}

// The definition in shuffle.h once more, most literally: word k by tsr_stream_word, and the words whose product
// falls into the surplus rejected. About one epoch in five of this size rejects a word.
TEST(shuffled_order, follows_its_definition)
{
    constexpr std::uint32_t n = 60000;
    constexpr std::uint32_t epochs = 20;
    constexpr std::uint64_t words = std::uint64_t{1} << 32;
    std::uint32_t           rejected = 0;
    for (std::uint32_t epoch = 0; epoch < epochs; ++epoch) {
        const tsr_stream stream = tsr_stream_at(tsr_stream_create(77, 0), epoch, TSR_PURPOSE_SHUFFLE);
        std::uint32_t    k = 0;
        permutation      expected(n);
        std::iota(expected.begin(), expected.end(), 0U);
        for (std::uint64_t size = n; size > 1; --size) {
            std::uint64_t product = tsr_stream_word(&stream, 0, k++) * size;
            while (product % words < words % size) {
                product = tsr_stream_word(&stream, 0, k++) * size;
            }
            std::swap(expected[size - 1], expected[product / words]);
        }
        rejected += k - (n - 1);
        EXPECT_EQ(shuffle(77, epoch, n), expected) << "epoch " << epoch;
    }
    EXPECT_GT(rejected, 0U) << "take another seed: no rejection was tested";
}

// The order is part of every result, so it must not change unnoticed. Another program worked these out.
TEST(shuffled_order, known_order)
{
    EXPECT_EQ(shuffle(1, 0, 10), (permutation{4, 3, 0, 9, 6, 8, 2, 1, 5, 7}));
    EXPECT_EQ(shuffle(1, 1, 10), (permutation{4, 8, 2, 5, 6, 1, 3, 7, 0, 9}));
}

// Fixed seeds, so these are not random tests; the limits are the 99.9 % points for the degrees of freedom.
TEST(shuffled_order, first_and_last_position_are_uniform_over_epochs)
{
    constexpr std::uint32_t n = 50;
    constexpr std::uint32_t epochs = 50000;
    std::vector<unsigned>   first(n), middle(n), last(n);
    for (std::uint32_t epoch = 0; epoch < epochs; ++epoch) {
        const permutation order = shuffle(2024, epoch, n);
        ++first[order.front()];
        ++middle[order[n / 2]];
        ++last[order.back()];
    }
    constexpr double limit_49 = 85.35;
    EXPECT_LT(chi_square(first), limit_49);
    EXPECT_LT(chi_square(middle), limit_49);
    EXPECT_LT(chi_square(last), limit_49);
}

TEST(shuffled_order, all_permutations_are_equally_likely_over_seeds)
{
    std::map<permutation, unsigned> seen;
    for (std::uint64_t seed = 0; seed < 24000; ++seed) {
        ++seen[shuffle(seed, 0, 4)];
    }
    std::vector<unsigned> counts;
    counts.reserve(seen.size());
    for (const auto &[order, count] : seen) {
        counts.push_back(count);
    }
    ASSERT_EQ(counts.size(), 24U);
    constexpr double limit_23 = 49.73;
    EXPECT_LT(chi_square(counts), limit_23);
}

} // namespace
} // namespace tessera::testing
