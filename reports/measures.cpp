#include "reports/measures.h"

#include <algorithm>
#include <fmt/format.h>

#include "reports/split.h"

namespace tessera {

namespace {

using values = std::vector<std::optional<double>>;

class collector {
public:
    explicit collector(const std::vector<run_summary> &runs) : m_runs(runs) {}

    template <typename Value>
    void add(measure_group group, const char *key, const char *label, measure_unit unit, Value value_of)
    {
        values of_runs;
        for (const run_summary &run : m_runs)
            of_runs.push_back(value_of(run));
        if (std::any_of(of_runs.begin(), of_runs.end(), [](const auto &value) { return value.has_value(); }))
            m_list.push_back({group, key, label, unit, of_runs});
    }

    // One measure per part that any run has. `sorted`: the largest first, else in the order of their first appearance.
    void add_parts(measure_group group, const std::string &key, measure_unit unit,
                   split (*split_of)(const run_summary &), bool sorted)
    {
        const std::size_t first = m_list.size();
        for (std::size_t r = 0; r < m_runs.size(); ++r) {
            for (const part &p : split_of(m_runs[r])) {
                measure &of_part = part_measure(first, group, key + p.name, p.name, unit);
                of_part.values[r] = per_sample(m_runs[r], p.amount);
            }
        }
        if (sorted)
            std::stable_sort(m_list.begin() + static_cast<std::ptrdiff_t>(first), m_list.end(),
                             [](const measure &a, const measure &b) { return rank(a) > rank(b); });
    }

    static std::optional<double> per_sample(const run_summary &run, tsr_u128 amount)
    {
        if (run.samples == 0)
            return std::nullopt;
        return static_cast<double>(amount) / static_cast<double>(run.samples);
    }

    std::vector<measure> take() { return std::move(m_list); }

private:
    measure &part_measure(std::size_t first, measure_group group, const std::string &key, const std::string &name,
                          measure_unit unit)
    {
        for (std::size_t k = first; k < m_list.size(); ++k)
            if (m_list[k].key == key)
                return m_list[k];
        values none;
        for (const run_summary &run : m_runs)
            none.push_back(per_sample(run, 0));
        m_list.push_back({group, key, name, unit, none});
        return m_list.back();
    }

    // Order of sorted parts: by the largest value, idle time after all work.
    static double rank(const measure &m)
    {
        if (m.label == idle_name)
            return -2;
        double most = -1;
        for (const std::optional<double> &value : m.values)
            most = std::max(most, value.value_or(-1));
        return most;
    }

    const std::vector<run_summary> &m_runs;
    std::vector<measure>            m_list;
};

std::optional<double> as_double(const std::optional<std::uint64_t> &count)
{
    return count ? std::optional<double>(static_cast<double>(*count)) : std::nullopt;
}

void add_chip_and_host(collector &all)
{
    using group = measure_group;
    using unit = measure_unit;
    all.add(group::chip, "area", "chip area", unit::square_mm,
            [](const run_summary &r) { return std::optional(r.area_mm2); });
    all.add(group::chip, "ops_per_sample", "ops per sample", unit::one,
            [](const run_summary &r) { return collector::per_sample(r, r.ops); });
    all.add(group::chip, "repeated_reads", "repeated reads", unit::one,
            [](const run_summary &r) { return as_double(r.retries); });
    all.add(group::chip, "saturated_outputs", "clipped conversions", unit::one,
            [](const run_summary &r) { return as_double(r.saturations); });
    all.add(group::chip, "assumptions", "assumptions", unit::one,
            [](const run_summary &r) { return std::optional(static_cast<double>(r.assumptions.size())); });
    all.add(group::chip, "host_samples", "samples on the host", unit::per_second, [](const run_summary &r) {
        return r.wall_s > 0 ? std::optional(static_cast<double>(r.samples) / r.wall_s) : std::nullopt;
    });
    all.add(group::chip, "host_time", "time of the host", unit::second,
            [](const run_summary &r) { return std::optional(r.wall_s); });
}

} // namespace

std::vector<measure> measures_of(const std::vector<run_summary> &runs)
{
    using group = measure_group;
    using unit = measure_unit;
    collector all(runs);
    all.add(group::result, "test_accuracy", "test accuracy", unit::percent,
            [](const run_summary &r) { return r.test_accuracy; });
    all.add(group::result, "validation_accuracy", "validation accuracy", unit::percent,
            [](const run_summary &r) { return r.validation_accuracy; });
    all.add(group::result, "train_loss", "train loss", unit::nat, [](const run_summary &r) { return r.train_loss; });
    all.add(group::time, "time_per_sample", "total", unit::picosecond,
            [](const run_summary &r) { return collector::per_sample(r, r.simulated_ps); });
    all.add_parts(group::time, "time_", unit::picosecond, time_by_phase, false);
    all.add_parts(group::stages, "stage_", unit::picosecond, time_by_stage, true);
    all.add(group::components, "energy_per_sample", "total", unit::attojoule,
            [](const run_summary &r) { return collector::per_sample(r, r.ledger.training_aj); });
    all.add_parts(group::components, "energy_", unit::attojoule, energy_by_component, true);
    all.add_parts(group::phases, "energy_of_", unit::attojoule, energy_by_phase, false);
    add_chip_and_host(all);
    return all.take();
}

} // namespace tessera
