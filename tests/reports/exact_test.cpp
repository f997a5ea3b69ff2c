// Whole numbers of 128 bits, and sharing out without losing a unit.
#include <gtest/gtest.h>
#include <numeric>

#include "reports/exact.h"

namespace tessera {
namespace {

const std::string largest_128 = "340282366920938463463374607431768211455";

TEST(exact_numbers, are_read_and_written_in_full)
{
    for (const std::string &text : {std::string("0"), std::string("18446744073709551616"), largest_128}) {
        const std::optional<tsr_u128> value = parse_whole(text);
        ASSERT_TRUE(value) << text;
        EXPECT_EQ(decimal_text(*value), text);
    }
    EXPECT_TRUE(*parse_whole("007") == 7);
}

TEST(exact_numbers, anything_else_is_refused)
{
    for (const char *text : {"", "-1", "+1", "1.0", "1e3", " 1", "1 ", "0x10", "nan",
                             "340282366920938463463374607431768211456", "3402823669209384634633746074317682114550"})
        EXPECT_FALSE(parse_whole(text)) << text;
}

TEST(exact_numbers, a_sum_that_does_not_fit_is_reported)
{
    tsr_u128 sum = *parse_whole(largest_128) - 1;
    EXPECT_TRUE(add_exactly(sum, 1));
    EXPECT_FALSE(add_exactly(sum, 1));
    EXPECT_EQ(decimal_text(sum), largest_128);
}

std::uint64_t sum_of(const std::vector<std::uint64_t> &shares)
{
    return std::accumulate(shares.begin(), shares.end(), std::uint64_t{0});
}

TEST(apportion_test, largest_remainders_are_rounded_up)
{
    using shares = std::vector<std::uint64_t>;
    EXPECT_EQ(apportion({1, 1, 1}, 1000), (shares{334, 333, 333}));
    EXPECT_EQ(apportion({10, 20, 70}, 1000), (shares{100, 200, 700}));
    EXPECT_EQ(apportion({6, 6, 1}, 10), (shares{5, 4, 1})); // 4.6, 4.6, 0.8: ties go to the first
    EXPECT_EQ(apportion({0, 5}, 1000), (shares{0, 1000}));
    EXPECT_EQ(apportion({0, 0}, 1000), (shares{0, 0}));
    EXPECT_EQ(apportion({}, 1000), shares{});
}

TEST(apportion_test, adds_up_for_numbers_of_any_size)
{
    std::uint64_t state = 1;
    for (int round = 0; round < 2000; ++round) {
        std::vector<tsr_u128> parts(1 + state % 17);
        for (tsr_u128 &part : parts) {
            state = state * 6364136223846793005U + 1442695040888963407U;
            part = (tsr_u128{state} << 59) >> (state >> 57); // up to 2^123, of very different sizes
        }
        parts.push_back(1); // or all could be 0
        const std::uint64_t              whole = state % 99999;
        const std::vector<std::uint64_t> shares = apportion(parts, whole);
        ASSERT_EQ(sum_of(shares), whole);
        double sum = 0;
        for (const tsr_u128 part : parts)
            sum += static_cast<double>(part);
        for (std::size_t k = 0; k < parts.size(); ++k) {
            const double exact = static_cast<double>(parts[k]) / sum * static_cast<double>(whole);
            ASSERT_LE(std::abs(static_cast<double>(shares[k]) - exact), 1.0 + 1e-6);
        }
    }
}

} // namespace
} // namespace tessera
