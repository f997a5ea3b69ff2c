// Mean and spread of repeated values, element by element, and the test of the statistical kinds.
#ifndef TESSERA_CLI_CONFORMANCE_MOMENTS_H
#define TESSERA_CLI_CONFORMANCE_MOMENTS_H

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/conformance/outcome.h"

namespace tessera::conformance {

class moments {
public:
    explicit moments(size_t elements) : sum_(elements, 0.0), squares_(elements, 0.0) {}

    // Call add for every element once per repetition, then repeat().
    void add(size_t k, double value)
    {
        sum_[k] += value;
        squares_[k] += value * value;
    }
    void repeat() { count_ += 1.0; }

    double mean(size_t k) const { return sum_[k] / count_; }
    double deviation(size_t k) const
    {
        const double variance = squares_[k] / count_ - mean(k) * mean(k);
        // Values that never change leave only the rounding of the squares.
        return variance > 1e-14 * squares_[k] / count_ ? std::sqrt(variance) : 0.0;
    }
    double count() const { return count_; }
    size_t elements() const { return sum_.size(); }

private:
    std::vector<double> sum_, squares_;
    double              count_ = 0.0;
};

// What a file says about the distribution of one quantity.
struct expected_moments {
    std::vector<float> mean, deviation, kurtosis;
};

// Standard errors as the file gives them (kinds with single updates and reads).
inline void compare_with_errors(outcome &found, const moments &own, const expected_moments &expected,
                                const std::vector<float> &mean_error, const std::vector<float> &deviation_error,
                                double z, double absolute, const std::string &name)
{
    for (size_t k = 0; k < own.elements(); ++k) {
        const double m = own.mean(k), s = own.deviation(k), n = own.count();
        const auto   em = static_cast<double>(mean_error[k]), es = static_cast<double>(deviation_error[k]);
        const double excess = std::fmax(static_cast<double>(expected.kurtosis[k]) - 1.0, 0.0);
        found.compare(m, static_cast<double>(expected.mean[k]), z * std::sqrt(em * em + s * s / n) + absolute,
                      [&] { return "mean of " + name + " " + std::to_string(k); });
        found.compare(s, static_cast<double>(expected.deviation[k]),
                      z * std::sqrt(es * es + s * s * excess / (4.0 * n)) + absolute,
                      [&] { return "spread of " + name + " " + std::to_string(k); });
    }
}

// Errors from the number of runs on both sides (whole training runs).
inline void compare_with_runs(outcome &found, const moments &own, const expected_moments &expected, double runs,
                              double z, double absolute, const std::string &name)
{
    for (size_t k = 0; k < own.elements(); ++k) {
        const double m = own.mean(k), s = own.deviation(k);
        const auto   peer = static_cast<double>(expected.deviation[k]);
        const double variance = peer * peer / runs + s * s / own.count();
        const double excess = std::fmax(static_cast<double>(expected.kurtosis[k]), 3.0) - 1.0;
        found.compare(m, static_cast<double>(expected.mean[k]), z * std::sqrt(variance) + absolute,
                      [&] { return "mean of " + name + " " + std::to_string(k); });
        found.compare(s, peer, z * std::sqrt(excess / 4.0 * variance) + absolute,
                      [&] { return "spread of " + name + " " + std::to_string(k); });
    }
}

} // namespace tessera::conformance

#endif
