// Kind programming_error (information): a layer learns a target matrix while the reference of A is off by a known amount.
#include <cmath>
#include <fmt/format.h>

#include "cli/conformance/replay.h"
#include "cli/conformance/trainer.h"
#include "models/random/draws.h"

namespace tessera::conformance {
namespace {

constexpr uint32_t most_lines = 1024;

tsr_device_spec read_nominal(const case_node &device)
{
    if (device.at("law").text() != tsr_law_name(TSR_LAW_SOFT_BOUNDS_REFERENCE)) {
        device.at("law").fail("is not soft_bounds_reference: this kind is defined for it only");
    }
    tsr_device_spec spec{};
    spec.law = TSR_LAW_SOFT_BOUNDS_REFERENCE;
    spec.dw_min = device.at("dw_min").number();
    spec.w_max = device.at("w_max").number();
    spec.w_min = device.at("w_min").number();
    spec.w_max_d2d = spec.w_min_d2d = device.at("sigma_b").number();
    spec.dw_min_d2d = device.at("sigma_d2d").number();
    spec.up_down = device.at("up_down").number();
    spec.up_down_d2d = device.at("sigma_up_down").number();
    spec.c2c = device.at("c2c").number();
    spec.c2c_additive = device.at("c2c_mode").text() == "additive";
    spec.subtract_symmetry_point = true;
    return spec;
}

// The block of one algorithm on top of what all of them share.
nlohmann::json merged_algorithm(const case_node &algorithm, const std::string &name)
{
    nlohmann::json merged = {{"learning_rate", 0.0}, {"out_chop_prob", 0.0}, {"in_chop_random", false}};
    merged.update(algorithm.raw());
    merged.update(algorithm.at(name).raw());
    return merged;
}

class target_task {
public:
    target_task(uint32_t rows, uint32_t columns, double target_sd, double x_sd, uint64_t seed)
        : target_{rows, columns, std::vector<float>(static_cast<size_t>(rows) * columns)}, x_(columns), d_(rows),
          x_sd_(static_cast<float>(x_sd)), stream_(tsr_stream_create(seed, 3))
    {
        const tsr_stream drawn = tsr_stream_at(stream_, 0, TSR_PURPOSE_INIT);
        tsr_gaussian_fill(&drawn, 0, rows * columns, target_.values.data());
        for (float &value : target_.values) {
            value *= static_cast<float>(target_sd);
        }
    }

    // The next x and its d = W x − T x.
    void draw(const matrix &w)
    {
        const tsr_stream drawn = tsr_stream_at(stream_, ++number_, TSR_PURPOSE_SHUFFLE);
        tsr_gaussian_fill(&drawn, 0, target_.columns, x_.data());
        for (float &value : x_) {
            value *= x_sd_;
        }
        for (uint32_t i = 0; i < target_.rows; ++i) {
            double sum = 0.0;
            for (uint32_t j = 0; j < target_.columns; ++j) {
                sum += static_cast<double>((w.at(i, j) - target_.at(i, j)) * x_[j]);
            }
            d_[i] = static_cast<float>(sum);
        }
    }

    double error(const matrix &w) const
    {
        double       sum = 0.0, squares = 0.0;
        const size_t n = target_.values.size();
        for (size_t k = 0; k < n; ++k) {
            const auto deviation = static_cast<double>(w.values[k] - target_.values[k]);
            sum += deviation;
            squares += deviation * deviation;
        }
        const double mean = sum / static_cast<double>(n);
        return std::sqrt(squares / static_cast<double>(n) - mean * mean);
    }

    const std::vector<float> &x() const { return x_; }
    const std::vector<float> &d() const { return d_; }

private:
    matrix             target_;
    std::vector<float> x_, d_;
    float              x_sd_;
    tsr_stream         stream_;
    uint64_t           number_ = 0;
};

// std(W − T) at each checkpoint of one seed.
std::vector<double> train_once(const case_node &test, const case_node &result, uint64_t seed)
{
    const uint32_t        rows = test.at("rows").count(1, most_lines), columns = test.at("cols").count(1, most_lines);
    const std::string     name = result.at("algorithm").text();
    const case_node       algorithm = test.at("algorithm"), input = test.at("input");
    const tsr_update_spec update = read_update(test.at("update"), TSR_PULSE_STOCHASTIC);
    const float           g = test.at("update").at("g").single();
    tsr_device_spec       device_a = read_nominal(test.at("device")), device_w = device_a;
    (name == "sgd" ? device_w : device_a).reference_std = result.at("reference_offset").number();
    test_array           a(device_a, rows, columns, 1, seed), w(device_w, rows, columns, 2, seed);
    target_task          task(rows, columns, input.at("target_sd").number(), input.at("x_sd").number(), seed);
    const nlohmann::json merged = merged_algorithm(algorithm, name);
    const case_node      own = case_node(merged, "algorithm " + name);
    // sgd has no transfer; its trainer is never stepped.
    trainer     tile(a, w, name == "sgd" ? tsr_algorithm_default(TSR_ALGORITHM_CTTV2) : read_algorithm(own), update, g,
                     read_io(test.at("io").at("transfer_read")));
    const float rate = own.at("learning_rate").single();
    std::vector<double> errors;
    uint64_t            done = 0;
    for (const case_node &until : result.at("updates").items()) {
        for (const uint64_t last = until.count(); done < last; ++done) {
            task.draw(w.weights());
            if (name == "sgd") {
                w.update(update, rate, g, task.x(), task.d(), nullptr, nullptr, done);
            } else {
                tile.step(task.x(), task.d());
            }
        }
        errors.push_back(task.error(w.weights()));
    }
    return errors;
}

} // namespace

outcome replay_programming_error(const case_node &test)
{
    const uint32_t seeds = test.at("expected").at("seeds").count(1, 1000);
    const double   relative = test.at("tolerance").at("suggested_relative").number();
    outcome        found;
    for (const case_node &result : test.at("expected").at("results").items()) {
        const std::vector<float> expected = result.at("error_mean").vector();
        std::vector<double>      mean(expected.size(), 0.0);
        for (uint32_t seed = 1; seed <= seeds; ++seed) {
            const std::vector<double> errors = train_once(test, result, seed);
            if (errors.size() != mean.size()) {
                result.at("error_mean")
                    .fail(fmt::format("has {} entries for {} checkpoints", mean.size(), errors.size()));
            }
            for (size_t k = 0; k < errors.size(); ++k) {
                mean[k] += errors[k] / seeds;
            }
        }
        for (size_t k = 0; k < mean.size(); ++k) {
            const auto level = static_cast<double>(expected[k]);
            found.compare(mean[k], level, relative * level, [&] {
                return fmt::format("{} with offset {:.2g}, checkpoint {}: {:.4f} instead of {:.4f}",
                                   result.at("algorithm").text(), result.at("reference_offset").number(), k, mean[k],
                                   level);
            });
        }
    }
    return found;
}

} // namespace tessera::conformance
