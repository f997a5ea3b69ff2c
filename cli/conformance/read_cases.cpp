// Kinds read and read_statistics: matrix-vector products through converters, with and without noise.
#include <cmath>
#include <fmt/format.h>

#include "cli/conformance/moments.h"
#include "cli/conformance/replay.h"
#include "cli/conformance/test_array.h"

namespace tessera::conformance {
namespace {

constexpr uint32_t most_lines = 65536, most_reads = 100000000;

// What both kinds share: the matrix, the converters, the direction.
struct read_setup {
    uint32_t    rows, columns;
    tsr_io_spec io;
    bool        backward;
    uint32_t    inputs, outputs;
    test_array  array;

    explicit read_setup(const case_node &test)
        : rows(test.at("rows").count(1, most_lines)), columns(test.at("cols").count(1, most_lines)),
          io(read_io(test.at("io"))), backward(is_backward(test.at("input").at("direction"))),
          inputs(backward ? rows : columns), outputs(backward ? columns : rows), array(rows, columns)
    {
        array.set_weights(test.at("input").at("weights").grid(rows, columns));
    }

    static bool is_backward(const case_node &direction)
    {
        const std::string name = direction.text();
        if (name != "forward" && name != "backward") {
            direction.fail(fmt::format("is '{}', expected forward or backward", name));
        }
        return name == "backward";
    }
};

} // namespace

outcome replay_read(const case_node &test)
{
    read_setup                   setup(test);
    const case_node              expected = test.at("expected");
    const std::vector<case_node> vectors = test.at("input").at("vectors").items(), results = expected.at("y").items();
    const std::vector<float>     retries = expected.at("retries").vector(static_cast<uint32_t>(vectors.size()));
    const double absolute = test.at("tolerance").at("abs").number(), relative = test.at("tolerance").at("rel").number();
    if (results.size() != vectors.size()) {
        expected.at("y").fail(fmt::format("has {} entries for {} vectors", results.size(), vectors.size()));
    }
    outcome found;
    for (size_t v = 0; v < vectors.size(); ++v) {
        uint32_t                 taken = 0;
        const std::vector<float> y =
            setup.array.read(setup.io, setup.backward, vectors[v].vector(setup.inputs), v, &taken);
        const std::vector<float> peer = results[v].vector(setup.outputs);
        found.compare_exactly(taken, static_cast<double>(retries[v]),
                              [&] { return fmt::format("retries of vector {}", v); });
        for (size_t i = 0; i < y.size(); ++i) {
            const auto value = static_cast<double>(peer[i]);
            found.compare(static_cast<double>(y[i]), value, absolute + relative * std::fabs(value),
                          [&] { return fmt::format("y[{}] of vector {}", i, v); });
        }
    }
    return found;
}

outcome replay_read_statistics(const case_node &test)
{
    read_setup               setup(test);
    const case_node          expected = test.at("expected");
    const std::vector<float> x = test.at("input").at("vector").vector(setup.inputs);
    const uint32_t           reads = expected.at("reads").count(2, most_reads);
    moments                  result(setup.outputs);
    for (uint32_t n = 0; n < reads; ++n) {
        const std::vector<float> y = setup.array.read(setup.io, setup.backward, x, n);
        for (size_t i = 0; i < y.size(); ++i) {
            result.add(i, static_cast<double>(y[i]));
        }
        result.repeat();
    }
    const auto list = [&](const char *key) { return expected.at(key).vector(setup.outputs); };
    outcome    found;
    compare_with_errors(found, result, {list("mean_y"), list("std_y"), list("kurtosis")}, list("mean_se"),
                        list("std_se"), test.at("tolerance").at("z").number(), test.at("tolerance").at("abs").number(),
                        "y");
    return found;
}

} // namespace tessera::conformance
