// Statistics of the Gaussian and uniform draws. The seeds are fixed, so a run is repeatable. 2e7 draws by default;
// TESSERA_LONG_DRAWS=1000000000 checks the bounds at the size they are stated for, in about a minute:
//     TESSERA_LONG_DRAWS=1000000000 test_models --gtest_filter='random_statistics.*'
#include "models/random/draws.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace tessera {
namespace {

constexpr std::uint32_t lines_per_op = 32;
constexpr std::uint32_t draws_per_line = 4096;
constexpr std::size_t   draws_per_op = lines_per_op * draws_per_line;
constexpr std::size_t   bins = 256;
constexpr double        smallest_p = 1e-3;

std::uint64_t wanted_draws()
{
    const char *const text = std::getenv("TESSERA_LONG_DRAWS");
    return text == nullptr ? 20000000u : std::strtoull(text, nullptr, 10);
}

double upper_tail(double z) { return std::erfc(z / std::sqrt(2.0)) / 2; }

double normal_quantile(double p)
{
    double z = 0;
    for (int step = 0; step < 200; step++) { // Newton, damped where the density is small
        const double excess = (1 - upper_tail(z)) - p;
        z -= std::clamp(excess * std::sqrt(2 * std::acos(-1.0)) * std::exp(z * z / 2), -0.5, 0.5);
    }
    return z;
}

// Two-sided p of a count with known probability, by the normal approximation; the counts are in the hundreds and more.
double p_of_count(std::uint64_t count, std::uint64_t draws, double probability)
{
    const double mean = static_cast<double>(draws) * probability;
    const double sigma = std::sqrt(mean * (1 - probability));
    return 2 * upper_tail(std::fabs(static_cast<double>(count) - mean) / sigma);
}

// Wilson and Hilferty: the cube root of chi-square is nearly normal; far below 1e-3 off in p for 255 degrees of
// freedom.
double p_of_chi_square(double chi_square, double degrees)
{
    const double variance = 2 / (9 * degrees);
    return upper_tail((std::cbrt(chi_square / degrees) - (1 - variance)) / std::sqrt(variance));
}

// A sum of products of independent standard normal pairs.
struct correlation {
    double        sum = 0;
    std::uint64_t pairs = 0;

    void add(const float *a, const float *b, std::size_t n)
    {
        double partial = 0;
        for (std::size_t k = 0; k < n; k++) {
            partial += static_cast<double>(a[k]) * static_cast<double>(b[k]);
        }
        sum += partial;
        pairs += n;
    }
    double p() const { return 2 * upper_tail(std::fabs(sum) / std::sqrt(static_cast<double>(pairs))); }
};

struct statistics {
    std::uint64_t                   draws = 0;
    std::array<double, 5>           power{}; // sums of z^k
    std::array<std::uint64_t, bins> histogram{};
    std::array<std::uint64_t, 3>    above{}, below{};
    correlation                     next_draw, next_line, next_op, next_array, next_purpose, next_retry;
};

constexpr std::array<float, 3> tail_limits = {3.0f, 4.0f, 4.5f};

std::array<float, bins - 1> equiprobable_edges()
{
    std::array<float, bins - 1> edges{};
    for (std::size_t k = 0; k < edges.size(); k++) {
        edges[k] = static_cast<float>(normal_quantile(static_cast<double>(k + 1) / bins));
    }
    return edges;
}

void add_marginal(statistics &s, const std::vector<float> &z)
{
    static const std::array<float, bins - 1> edges = equiprobable_edges();
    std::array<double, 5>                    power{};
    for (const float draw : z) {
        const double d = static_cast<double>(draw);
        power[1] += d;
        power[2] += d * d;
        power[3] += d * d * d;
        power[4] += d * d * d * d;
        s.histogram[static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), draw) - edges.begin())]++;
        for (std::size_t t = 0; std::fabs(draw) > tail_limits[0] && t < tail_limits.size(); t++) {
            s.above[t] += draw > tail_limits[t];
            s.below[t] += draw < -tail_limits[t];
        }
    }
    for (std::size_t k = 1; k < power.size(); k++) {
        s.power[k] += power[k];
    }
    s.draws += z.size();
}

std::vector<float> draw_op(const tsr_stream &stream)
{
    std::vector<float> z(draws_per_op);
    for (std::uint32_t line = 0; line < lines_per_op; line++) {
        tsr_gaussian_fill(&stream, line, draws_per_line, &z[line * draws_per_line]);
    }
    return z;
}

// Ops 0, 1, 2 … of one array, each compared with its neighbours in every field of the counter and in the key.
const statistics &gathered()
{
    static const statistics result = [] {
        statistics         s;
        std::vector<float> before;
        for (std::uint64_t op = 0; s.draws < wanted_draws(); op++) {
            tsr_stream               stream = tsr_stream_at(tsr_stream_create(1, 7), op, TSR_PURPOSE_C2C);
            const std::vector<float> z = draw_op(stream);
            add_marginal(s, z);
            s.next_draw.add(&z[0], &z[1], z.size() - 1);
            s.next_line.add(&z[0], &z[draws_per_line], z.size() - draws_per_line);
            if (op > 0) {
                s.next_op.add(&before[0], &z[0], z.size());
            }
            if (op % 8 == 0) { // an eighth of the pairs, to keep the run short
                s.next_array.add(&z[0], draw_op(tsr_stream_at(tsr_stream_create(1, 8), op, TSR_PURPOSE_C2C)).data(),
                                 z.size());
                s.next_purpose.add(&z[0], draw_op(tsr_stream_at(stream, op, TSR_PURPOSE_INPUT_NOISE)).data(), z.size());
                stream.retry = 1;
                s.next_retry.add(&z[0], draw_op(stream).data(), z.size());
            }
            before = z;
        }
        return s;
    }();
    return result;
}

TEST(random_statistics, moments_are_those_of_a_standard_normal)
{
    const statistics &s = gathered();
    const double      n = static_cast<double>(s.draws);
    const double      mean = s.power[1] / n;
    const double      variance = s.power[2] / n - mean * mean;
    const double      third = s.power[3] / n - 3 * mean * s.power[2] / n + 2 * mean * mean * mean;
    const double      fourth = s.power[4] / n - 4 * mean * s.power[3] / n + 6 * mean * mean * s.power[2] / n;
    // The stated bounds of mean and variance are for 1e9 draws; with fewer, 3.5 standard errors.
    const double root = std::sqrt(n);
    const bool   full = n >= 1e9;
    EXPECT_NEAR(mean, 0, full ? 1e-4 : 3.5 / root);
    EXPECT_NEAR(variance, 1, full ? 1e-3 : 3.5 * std::sqrt(2.0) / root);
    EXPECT_NEAR(third / std::pow(variance, 1.5), 0, 3.5 * std::sqrt(6.0) / root);
    EXPECT_NEAR(fourth / (variance * variance), 3, std::min(2e-2, 3.5 * std::sqrt(24.0) / root));
    RecordProperty("draws", std::to_string(s.draws));
    RecordProperty("mean", std::to_string(mean));
    RecordProperty("variance", std::to_string(variance));
    RecordProperty("kurtosis", std::to_string(fourth / (variance * variance)));
}

TEST(random_statistics, equiprobable_bins_fill_evenly)
{
    const statistics &s = gathered();
    const double      expected = static_cast<double>(s.draws) / bins;
    double            chi_square = 0;
    for (const std::uint64_t count : s.histogram) {
        chi_square += (static_cast<double>(count) - expected) * (static_cast<double>(count) - expected) / expected;
    }
    const double p = p_of_chi_square(chi_square, bins - 1);
    EXPECT_GT(p, smallest_p) << "chi-square " << chi_square;
    EXPECT_LT(p, 1 - smallest_p) << "too even: chi-square " << chi_square;
}

TEST(random_statistics, tails_hold_their_share)
{
    const statistics &s = gathered();
    for (std::size_t t = 0; t < tail_limits.size(); t++) {
        const double limit = static_cast<double>(tail_limits[t]);
        EXPECT_GT(p_of_count(s.above[t] + s.below[t], s.draws, 2 * upper_tail(limit)), smallest_p) << limit << " sigma";
        EXPECT_GT(p_of_count(s.above[t], s.above[t] + s.below[t], 0.5), smallest_p) << "side of " << limit << " sigma";
    }
}

TEST(random_statistics, neighbours_are_uncorrelated)
{
    const statistics &s = gathered();
    EXPECT_GT(s.next_draw.p(), smallest_p);
    EXPECT_GT(s.next_line.p(), smallest_p);
    EXPECT_GT(s.next_op.p(), smallest_p);
    EXPECT_GT(s.next_array.p(), smallest_p);
    EXPECT_GT(s.next_purpose.p(), smallest_p);
    EXPECT_GT(s.next_retry.p(), smallest_p);
}

// Pulse-train bits are comparisons of words with a threshold: every bit of a word must be fair.
TEST(random_statistics, bits_of_words_are_fair)
{
    constexpr std::uint32_t       count = 1u << 20;
    const tsr_stream              stream = tsr_stream_at(tsr_stream_create(1, 7), 5, TSR_PURPOSE_TRAIN_BITS_X);
    std::vector<std::uint32_t>    words(count);
    std::array<std::uint64_t, 32> ones{};
    tsr_uniform_words(&stream, 0, count, words.data());
    for (const std::uint32_t word : words) {
        for (std::size_t bit = 0; bit < ones.size(); bit++) {
            ones[bit] += (word >> bit) & 1u;
        }
    }
    for (std::size_t bit = 0; bit < ones.size(); bit++) {
        EXPECT_GT(p_of_count(ones[bit], count, 0.5), smallest_p / 32) << "bit " << bit;
    }
}

} // namespace
} // namespace tessera
