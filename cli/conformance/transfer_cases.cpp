// Kinds transfer_sequence and transfer_statistics: whole algorithms, without and with noise.
#include <fmt/format.h>
#include <optional>

#include "cli/conformance/moments.h"
#include "cli/conformance/replay.h"
#include "cli/conformance/trainer.h"

namespace tessera::conformance {
namespace {

constexpr uint32_t most_lines = 4096, most_runs = 10000000;

// What both kinds share.
struct transfer_setup {
    uint32_t                        rows, columns;
    test_array                      a, w;
    trainer                         tile;
    matrix                          start_a, start_w, start_h;
    std::vector<std::vector<float>> x, d;
    std::vector<case_node>          checkpoints;

    transfer_setup(const case_node &test, noise allowed)
        : rows(test.at("rows").count(1, most_lines)), columns(test.at("cols").count(1, most_lines)),
          a(test.at("device"), rows, columns, 1, allowed), w(test.at("device_w"), rows, columns, 2, allowed),
          tile(a, w, read_algorithm(test.at("algorithm")),
               read_update(test.at("update"),
                           allowed == noise::none ? TSR_PULSE_DETERMINISTIC_IMPLICIT : TSR_PULSE_STOCHASTIC),
               test.at("update").at("g").single(), read_io(test.at("io"))),
          start_a(test.at("input").at("start_A").grid(rows, columns)),
          start_w(test.at("input").at("start_W").grid(rows, columns)),
          start_h(test.at("input").at("start_H").grid(rows, columns)),
          checkpoints(test.at("expected").at("checkpoints").items())
    {
        for (const case_node &item : test.at("input").at("x").items()) {
            x.push_back(item.vector(columns));
        }
        for (const case_node &item : test.at("input").at("d").items()) {
            d.push_back(item.vector(rows));
        }
        if (d.size() != x.size()) {
            test.at("input").fail(fmt::format("has {} x but {} d", x.size(), d.size()));
        }
        uint32_t before = 0;
        for (const case_node &checkpoint : checkpoints) {
            before = checkpoint.at("after_updates").count(before, static_cast<uint32_t>(x.size()));
        }
    }

    void restart(uint64_t run)
    {
        a.set_weights(start_a);
        w.set_weights(start_w);
        tile.restart(run);
        tile.set_hidden(start_h);
    }

    // One pass over the vectors; `visit` is called at each checkpoint with its number.
    template <typename Visit>
    void run(const Visit &visit)
    {
        size_t done = 0;
        for (size_t c = 0; c < checkpoints.size(); ++c) {
            const uint32_t until = checkpoints[c].at("after_updates").count();
            for (; done < until; ++done) {
                tile.step(x[done], d[done]);
            }
            visit(c);
        }
    }
};

class checkpoint_comparison {
public:
    checkpoint_comparison(outcome &found, const case_node &test, transfer_setup &setup)
        : found_(found), tolerance_(test.at("tolerance")), setup_(setup)
    {}

    void compare(const case_node &checkpoint)
    {
        when_ = checkpoint.at("after_updates").count();
        const tsr_transfer &state = setup_.tile.state();
        compare_matrix("A", setup_.a.weights(), checkpoint);
        compare_matrix("W", setup_.w.weights(), checkpoint);
        compare_matrix("H", setup_.tile.hidden(), checkpoint);
        if (state.p != nullptr) {
            compare_matrix("p", setup_.tile.unsliced(state.p), checkpoint);
            compare_matrix("p_ref", setup_.tile.unsliced(state.p_ref), checkpoint);
        }
        exactly("next_slice", state.next_slice, checkpoint.at("next_slice").number());
        if (state.spec.name != TSR_ALGORITHM_TTV2) {
            exactly("sweep", static_cast<double>(state.sweep), checkpoint.at("sweep").number());
            compare_choppers(state, checkpoint.at("in_chopper").vector(state.slices));
        }
        if (state.spec.auto_scale) {
            compare_relative("m_x", state.m_x, checkpoint.at("m_x").number());
            compare_relative("m_d", state.m_d, checkpoint.at("m_d").number());
        }
    }

private:
    void compare_matrix(const std::string &name, const matrix &own, const case_node &checkpoint)
    {
        const matrix expected = checkpoint.at(name).grid(own.rows, own.columns);
        const double tolerance = tolerance_.at("abs_" + name).number();
        for (size_t k = 0; k < own.values.size(); ++k) {
            found_.compare(static_cast<double>(own.values[k]), static_cast<double>(expected.values[k]), tolerance, [&] {
                return fmt::format("{}[{}][{}] after {} updates", name, k / own.columns, k % own.columns, when_);
            });
        }
    }

    void compare_choppers(const tsr_transfer &state, const std::vector<float> &expected)
    {
        const int8_t *own = state.spec.transfer_columns ? state.chop_in : state.chop_out;
        for (size_t s = 0; s < expected.size(); ++s) {
            exactly(fmt::format("in_chopper[{}]", s), own[s], static_cast<double>(expected[s]));
        }
    }

    void compare_relative(const char *name, float own, double expected)
    {
        found_.compare(static_cast<double>(own), expected, 1e-5 * expected,
                       [&] { return fmt::format("{} after {} updates", name, when_); });
    }

    void exactly(const std::string &name, double own, double expected)
    {
        found_.compare_exactly(own, expected, [&] { return fmt::format("{} after {} updates", name, when_); });
    }

    outcome        &found_;
    case_node       tolerance_;
    transfer_setup &setup_;
    uint32_t        when_ = 0;
};

// A, W and H of one checkpoint over the runs.
struct checkpoint_moments {
    moments a, w, h;

    explicit checkpoint_moments(size_t elements) : a(elements), w(elements), h(elements) {}

    static void add(moments &to, const matrix &values)
    {
        for (size_t k = 0; k < values.values.size(); ++k) {
            to.add(k, static_cast<double>(values.values[k]));
        }
        to.repeat();
    }
};

} // namespace

outcome replay_transfer_sequence(const case_node &test)
{
    if (!test.at("io").at("is_perfect").flag()) {
        test.at("io").at("is_perfect").fail("is false: this kind reads slices exactly");
    }
    transfer_setup        setup(test, noise::none);
    outcome               found;
    checkpoint_comparison comparison(found, test, setup);
    setup.restart(0);
    setup.run([&](size_t c) { comparison.compare(setup.checkpoints[c]); });
    return found;
}

outcome replay_transfer_statistics(const case_node &test)
{
    transfer_setup setup(test, noise::allowed);
    const uint32_t runs = test.at("expected").at("runs").count(2, most_runs);
    const double   z = test.at("tolerance").at("z").number(), absolute = test.at("tolerance").at("abs").number();
    const size_t   elements = static_cast<size_t>(setup.rows) * setup.columns;
    std::vector<checkpoint_moments> own(setup.checkpoints.size(), checkpoint_moments(elements));
    for (uint32_t run = 0; run < runs; ++run) {
        setup.restart(run);
        setup.run([&](size_t c) {
            checkpoint_moments::add(own[c].a, setup.a.weights());
            checkpoint_moments::add(own[c].w, setup.w.weights());
            checkpoint_moments::add(own[c].h, setup.tile.hidden());
        });
    }
    outcome found;
    for (size_t c = 0; c < own.size(); ++c) {
        const case_node &checkpoint = setup.checkpoints[c];
        const auto       grid = [&](const std::string &key) {
            return checkpoint.at(key).grid(setup.rows, setup.columns).values;
        };
        const auto compare = [&](const moments &values, const std::string &name) {
            compare_with_runs(
                found, values, {grid("mean_" + name), grid("std_" + name), grid("kurtosis_" + name)}, runs, z, absolute,
                fmt::format("{} after {} updates, element", name, checkpoint.at("after_updates").count()));
        };
        compare(own[c].a, "A");
        compare(own[c].w, "W");
        compare(own[c].h, "H");
    }
    return found;
}

} // namespace tessera::conformance
