// Kinds pulse_sequence, update, update_statistics: pulses on one array.
#include <fmt/format.h>

#include "cli/conformance/moments.h"
#include "cli/conformance/replay.h"
#include "cli/conformance/test_array.h"

namespace tessera::conformance {
namespace {

constexpr uint32_t most_lines = 65536, most_repetitions = 100000000;

struct shape {
    uint32_t rows, columns;

    explicit shape(const case_node &test)
        : rows(test.at("rows").count(1, most_lines)), columns(test.at("cols").count(1, most_lines))
    {}
};

void compare_weights(outcome &found, const test_array &array, const matrix &expected, double tolerance,
                     const std::string &when)
{
    const matrix own = array.weights();
    for (uint32_t i = 0; i < own.rows; ++i) {
        for (uint32_t j = 0; j < own.columns; ++j) {
            found.compare(static_cast<double>(own.at(i, j)), static_cast<double>(expected.at(i, j)), tolerance,
                          [&] { return fmt::format("weight [{}][{}] after {}", i, j, when); });
        }
    }
}

} // namespace

outcome replay_pulse_sequence(const case_node &test)
{
    const shape                  size(test);
    test_array                   array(test.at("device"), size.rows, size.columns, 1, noise::none);
    const case_node              input = test.at("input");
    const std::vector<case_node> segments = input.at("segments").items();
    const std::vector<case_node> expected = test.at("expected").at("weights").items();
    const double                 tolerance = test.at("tolerance").at("abs").number();
    if (expected.size() != segments.size()) {
        test.at("expected")
            .at("weights")
            .fail(fmt::format("has {} entries for {} segments", expected.size(), segments.size()));
    }
    array.set_weights(input.at("weights").grid(size.rows, size.columns));
    outcome found;
    for (size_t k = 0; k < segments.size(); ++k) {
        const int direction = segments[k].at("direction").integer();
        if (direction != 1 && direction != -1) {
            segments[k].at("direction").fail("is neither 1 nor -1");
        }
        array.pulse_everywhere(static_cast<int64_t>(direction) * segments[k].at("pulses").count());
        compare_weights(found, array, expected[k].grid(size.rows, size.columns), tolerance,
                        fmt::format("segment {}", k));
    }
    return found;
}

outcome replay_update(const case_node &test)
{
    const shape                  size(test);
    test_array                   array(test.at("device"), size.rows, size.columns, 1, noise::none);
    const case_node              input = test.at("input"), update = test.at("update"), expected = test.at("expected");
    const tsr_update_spec        spec = read_update(update, TSR_PULSE_DETERMINISTIC_IMPLICIT);
    const float                  rate = update.at("learning_rate").single(), g = update.at("g").single();
    const std::vector<case_node> x = input.at("x").items(), d = input.at("d").items();
    const std::vector<case_node> weights = expected.at("weights").items(), pulses = expected.at("pulses").items();
    const double                 tolerance = test.at("tolerance").at("abs").number();
    if (d.size() != x.size() || weights.size() != x.size() || pulses.size() != x.size()) {
        test.fail(fmt::format("has {} x, {} d, {} expected weights, {} expected pulses", x.size(), d.size(),
                              weights.size(), pulses.size()));
    }
    array.set_weights(input.at("weights").grid(size.rows, size.columns));
    outcome              found;
    std::vector<int32_t> counts;
    for (size_t u = 0; u < x.size(); ++u) {
        array.update(spec, rate, g, x[u].vector(size.columns), d[u].vector(size.rows), nullptr, nullptr, u, &counts);
        const matrix count = pulses[u].grid(size.rows, size.columns);
        for (uint32_t k = 0; k < counts.size(); ++k) {
            found.compare_exactly(counts[k], static_cast<double>(count.values[k]), [&] {
                return fmt::format("pulses [{}][{}] of update {}", k / size.columns, k % size.columns, u);
            });
        }
        compare_weights(found, array, weights[u].grid(size.rows, size.columns), tolerance, fmt::format("update {}", u));
    }
    return found;
}

outcome replay_update_statistics(const case_node &test)
{
    const shape              size(test);
    test_array               array(test.at("device"), size.rows, size.columns, 1, noise::allowed);
    const case_node          input = test.at("input"), update = test.at("update"), expected = test.at("expected");
    const tsr_update_spec    spec = read_update(update, TSR_PULSE_STOCHASTIC);
    const float              rate = update.at("learning_rate").single(), g = update.at("g").single();
    const std::vector<float> x = input.at("x").vector(size.columns), d = input.at("d").vector(size.rows);
    const matrix             start = input.at("weights").grid(size.rows, size.columns);
    const uint32_t           repetitions = expected.at("repetitions").count(2, most_repetitions);
    moments                  change(start.values.size());
    for (uint32_t n = 0; n < repetitions; ++n) {
        array.set_weights(start);
        array.update(spec, rate, g, x, d, nullptr, nullptr, n);
        const matrix after = array.weights();
        for (size_t k = 0; k < start.values.size(); ++k) {
            change.add(k, static_cast<double>(after.values[k]) - static_cast<double>(start.values[k]));
        }
        change.repeat();
    }
    const auto grid = [&](const char *key) { return expected.at(key).grid(size.rows, size.columns).values; };
    outcome    found;
    compare_with_errors(found, change, {grid("mean_dw"), grid("std_dw"), grid("kurtosis")}, grid("mean_se"),
                        grid("std_se"), test.at("tolerance").at("z").number(), test.at("tolerance").at("abs").number(),
                        "weight change");
    return found;
}

} // namespace tessera::conformance
