#include "reports/comparison.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "reports/measures.h"
#include "reports/quantity.h"
#include "reports/split.h"

namespace tessera {

namespace {

constexpr std::size_t runs_a_block = 4;
constexpr std::size_t label_width = 21;
constexpr std::size_t unit_width = 4;
constexpr std::size_t value_width = 9;
constexpr std::size_t change_width = 8;
constexpr std::size_t most_stages = 10;

const char *title_of(measure_group group)
{
    switch (group) {
    case measure_group::result: return "Result";
    case measure_group::time: return "Simulated time per sample";
    case measure_group::stages: return "Where the time went, per sample";
    case measure_group::components: return "Energy per sample, by component";
    case measure_group::phases: return "Energy per sample, by phase";
    case measure_group::chip: return "Chip and host";
    }
    return "";
}

bool is_whole(const std::optional<double> &value) { return std::fmod(value.value_or(0), 1.0) == 0; }

// How a measure is printed in all columns, so that they compare by eye.
struct column_form {
    si_scale    scale{0, 2};
    double      factor = 1; // to the unit's base
    std::string unit;

    column_form(const measure &m, double largest, const text_style &style)
    {
        switch (m.unit) {
        case measure_unit::percent: unit = "%"; break;
        case measure_unit::nat:
            unit = "nat";
            scale.decimals = 4;
            break;
        case measure_unit::picosecond: scale_to(largest, 1e-12, "s", style); break;
        case measure_unit::attojoule: scale_to(largest, 1e-18, "J", style); break;
        case measure_unit::square_mm:
            unit = style.square_mm();
            scale.decimals = 4;
            break;
        case measure_unit::per_second:
            unit = "1/s";
            scale.decimals = 1;
            break;
        case measure_unit::second:
            unit = "s";
            scale.decimals = 2;
            break;
        case measure_unit::one: scale.decimals = std::all_of(m.values.begin(), m.values.end(), is_whole) ? 0 : 1; break;
        }
    }

    std::string text(double value) const { return scale.text(value * factor); }

private:
    void scale_to(double largest, double to_base, const char *base, const text_style &style)
    {
        factor = to_base;
        scale = si_scale::of(largest * to_base);
        unit = scale.unit(base, style);
    }
};

// Over all measures of the group with the same unit: parts and their total are shown alike, so that they add up by eye.
double largest_beside(const measure &m, const std::vector<measure> &all)
{
    double largest = 0;
    for (const measure &other : all)
        if (other.group == m.group && other.unit == m.unit && (m.unit != measure_unit::one || other.key == m.key))
            for (const std::optional<double> &value : other.values)
                largest = std::max(largest, value.value_or(0));
    return largest;
}

std::string change_text(measure_unit unit, double from, double to)
{
    if (from == to)
        return "=";
    if (unit == measure_unit::percent)
        return fmt::format("{:+.2f} pt", to - from);
    if (from == 0)
        return "new";
    const double ratio = to / from;
    const double percent = std::fabs(100 * (ratio - 1));
    if (percent < 0.05)
        return percent < 0.01 ? "< 0.01 %" : fmt::format("{:+.2f} %", 100 * (ratio - 1));
    return ratio < 10 ? fmt::format("{:+.1f} %", 100 * (ratio - 1)) : fmt::format("x {:.4g}", ratio);
}

// The stages beyond the largest ones become one line; idle time keeps its own.
std::vector<measure> shortened(const std::vector<measure> &all)
{
    std::vector<measure> shown;
    std::size_t          stages = 0;
    for (const measure &m : all) {
        const bool is_stage = m.group == measure_group::stages && m.label != idle_name;
        if (!is_stage || ++stages <= most_stages) {
            shown.push_back(m);
            continue;
        }
        measure &other = shown.back();
        other.label = fmt::format("{} smaller ones", stages - most_stages + 1);
        for (std::size_t r = 0; r < m.values.size(); ++r)
            if (m.values[r] && other.values[r])
                *other.values[r] += *m.values[r];
    }
    return shown;
}

std::string last_component(const std::string &folder)
{
    const std::size_t slash = folder.find_last_of('/');
    return slash == std::string::npos || slash + 1 == folder.size() ? folder : folder.substr(slash + 1);
}

class table {
public:
    table(const std::vector<run_summary> &runs, const text_style &style) : m_runs(runs), m_style(style) {}

    std::string text()
    {
        legend();
        const std::vector<measure> rows = shortened(measures_of(m_runs));
        std::size_t                next = 1;
        do {
            std::vector<std::size_t> columns{0};
            while (next < m_runs.size() && columns.size() < runs_a_block)
                columns.push_back(next++);
            block(rows, columns);
        } while (next < m_runs.size());
        warnings();
        return m_text;
    }

private:
    void legend()
    {
        for (std::size_t r = 0; r < m_runs.size(); ++r) {
            const run_summary &run = m_runs[r];
            m_text += fmt::format("[{}] {}: {}, {}, seed {}, {} samples, {}, weights {}\n", r + 1, run.folder, run.name,
                                  run.algorithm, run.seed, count_text(run.samples), run.status, run.weights_hash);
        }
        if (m_runs.size() > 1)
            m_text += "Differences are against [1].\n";
    }

    void end_line()
    {
        m_text.erase(m_text.find_last_not_of(' ') + 1);
        m_text += '\n';
    }

    void block(const std::vector<measure> &rows, const std::vector<std::size_t> &columns)
    {
        m_text += "\n";
        for (const std::size_t r : columns) {
            const std::string heading = fmt::format("[{}] {}", r + 1, last_component(m_runs[r].folder));
            m_text += "  " + right(heading, r == 0 ? label_width + 1 + unit_width + 1 + value_width
                                                   : value_width + change_width);
        }
        end_line();
        const measure *previous = nullptr;
        for (const measure &m : rows) {
            if (previous == nullptr || previous->group != m.group)
                m_text += fmt::format("{}\n", title_of(m.group));
            previous = &m;
            row(m, largest_beside(m, rows), columns);
        }
    }

    void row(const measure &m, double largest, const std::vector<std::size_t> &columns)
    {
        const column_form form(m, largest, m_style);
        m_text += fmt::format("  {} {}", fit(m.label, label_width), fit(form.unit, unit_width));
        for (const std::size_t r : columns) {
            const std::optional<double> &value = m.values[r];
            m_text += fmt::format(" {:>{}}", value ? form.text(*value) : "-", value_width);
            if (r == 0)
                continue;
            const bool both = value && m.values[0];
            m_text += fmt::format(" {:>{}}", both ? change_text(m.unit, *m.values[0], *value) : "", change_width);
        }
        end_line();
    }

    // Cut or filled up on its left.
    static std::string right(const std::string &text, std::size_t width)
    {
        return fmt::format("{:>{}}", cut(text, width), width);
    }

    static std::string cut(const std::string &text, std::size_t width)
    {
        std::string fitted = fit(text, width);
        fitted.erase(fitted.find_last_not_of(' ') + 1);
        return fitted;
    }

    void warnings()
    {
        for (std::size_t r = 0; r < m_runs.size(); ++r)
            for (const std::string &warning : m_runs[r].warnings)
                m_text += fmt::format("WARNING: [{}] {}\n", r + 1, warning);
    }

    const std::vector<run_summary> &m_runs;
    const text_style               &m_style;
    std::string                     m_text;
};

} // namespace

std::string comparison_text(const std::vector<run_summary> &runs, const text_style &style)
{
    return table(runs, style).text();
}

} // namespace tessera
