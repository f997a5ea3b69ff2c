#include "reports/summary.h"

#include <algorithm>
#include <fmt/format.h>

#include "reports/exact.h"
#include "reports/quantity.h"
#include "reports/split.h"

namespace tessera {

namespace {

constexpr double      s_per_ps = 1e-12;
constexpr double      j_per_aj = 1e-18;
constexpr std::size_t page_width = 94;
constexpr std::size_t bar_width = 20;
constexpr std::size_t most_stages = 10;
constexpr std::size_t most_evaluations = 8;

double si(tsr_u128 amount, double factor) { return static_cast<double>(amount) * factor; }

class page {
public:
    page(const run_summary &run, const text_style &style) : m_run(run), m_style(style) {}

    std::string text()
    {
        head();
        figures();
        if (m_run.evaluations.size() > 1)
            learning_curve();
        if (m_run.samples > 0)
            splits();
        notes();
        return m_text;
    }

private:
    struct figure {
        std::string label, value;
    };

    void head()
    {
        const std::string left =
            fmt::format("{}: {}, seed {}, {}", m_run.name, m_run.algorithm, m_run.seed, m_run.status);
        m_text += fmt::format("{:<{}}tessera {}\n", left,
                              page_width - 8 - std::min<std::size_t>(m_run.version.size(), 20), m_run.version);
        m_text += m_style.rule(page_width) + "\n";
    }

    std::string per_sample(double total, const char *unit) const
    {
        return m_run.samples > 0 ? with_unit(total / static_cast<double>(m_run.samples), unit, m_style) : "-";
    }

    static std::string optional_text(const std::optional<double> &value, const char *unit, int decimals)
    {
        return value ? fmt::format("{:.{}f}{}", *value, decimals, unit) : "-";
    }

    // Three columns of figures.
    void figures()
    {
        const double        time_s = si(m_run.simulated_ps, s_per_ps);
        const double        energy_j = si(m_run.ledger.training_aj, j_per_aj);
        const double        samples = static_cast<double>(m_run.samples);
        std::vector<figure> result{{"test accuracy", optional_text(m_run.test_accuracy, " %", 2)},
                                   {"train loss", optional_text(m_run.train_loss, " nat", 4)},
                                   {"samples", count_text(m_run.samples)},
                                   {"whole epochs", count_text(m_run.epochs)}};
        if (m_run.validation_accuracy)
            result.insert(result.begin() + 1,
                          {"validation accuracy", optional_text(m_run.validation_accuracy, " %", 2)});
        const std::vector<figure> chip{{"time per sample", per_sample(time_s, "s")},
                                       {"energy per sample", per_sample(energy_j, "J")},
                                       {"average power", time_s > 0 ? with_unit(energy_j / time_s, "W", m_style) : "-"},
                                       {"chip area", fmt::format("{:.4g} {}", m_run.area_mm2, m_style.square_mm())}};
        const std::vector<figure> host{
            {"ops per sample",
             m_run.samples > 0 ? fmt::format("{:.1f}", static_cast<double>(m_run.ops) / samples) : "-"},
            {"host speed", m_run.wall_s > 0 ? fmt::format("{:.4g} samples/s", samples / m_run.wall_s) : "-"},
            {"host time", duration_text(m_run.wall_s)},
            {"weights", m_run.weights_hash}};
        for (std::size_t k = 0; k < std::max(result.size(), chip.size()); ++k)
            m_text += "  " + cell(result, k) + "    " + cell(chip, k) +
                      (k < host.size() ? "    " + cell(host, k) : "") + "\n";
    }

    static std::string cell(const std::vector<figure> &figures, std::size_t k)
    {
        constexpr std::size_t width = 28;
        if (k >= figures.size())
            return std::string(width, ' ');
        const std::size_t for_value = width - std::min(width, figures[k].label.size());
        return figures[k].label + fmt::format("{:>{}}", figures[k].value, for_value);
    }

    void row(const std::string &name, const std::string &words, const std::string &value, const std::string &percent,
             double bar)
    {
        m_text += fmt::format("  {} {} {:>10} {:>8}  {}", fit(name, 21), fit(words, 27), value, percent,
                              m_style.bar(bar, bar_width));
        m_text.erase(m_text.find_last_not_of(' ') + 1);
        m_text += '\n';
    }

    void title(const std::string &text, const std::string &value)
    {
        m_text += fmt::format("\n{} {:>10}", fit(text, 51), value);
        m_text.erase(m_text.find_last_not_of(' ') + 1);
        m_text += '\n';
    }

    // Evaluations: all of them if they are few, else evenly chosen ones, the last among them.
    void learning_curve()
    {
        title("Test accuracy while training", "");
        const std::size_t count = m_run.evaluations.size();
        const std::size_t shown = std::min(count, most_evaluations);
        for (std::size_t k = 1; k <= shown; ++k) {
            const evaluation_row &at = m_run.evaluations[k * count / shown - 1];
            row(count_text(at.samples) + " samples", fmt::format("train loss {:.4f} nat", at.train_loss), "",
                fmt::format("{:.2f} %", at.test_accuracy), at.test_accuracy / 100);
        }
    }

    // A table of parts, each per sample. What is printed adds up: both columns are shared out in whole last digits.
    void section(const std::string &name, const split &parts, const char *unit, double factor)
    {
        const double      whole = si(total(parts), factor) / static_cast<double>(m_run.samples);
        const si_scale    scale = si_scale::of(whole);
        const std::string shown_unit = scale.unit(unit, m_style);
        const auto        shown = [&](std::uint64_t digits) { return scale.digits_text(digits) + " " + shown_unit; };
        std::vector<tsr_u128> amounts;
        for (const part &p : parts)
            amounts.push_back(p.amount);
        const std::vector<std::uint64_t> values = apportion(amounts, scale.last_digits(whole));
        const std::vector<std::uint64_t> tenths = apportion(amounts, 1000);
        const std::uint64_t              most = tenths.empty() ? 1 : *std::max_element(tenths.begin(), tenths.end());
        title(name, shown(scale.last_digits(whole)));
        for (std::size_t k = 0; k < parts.size(); ++k)
            row(parts[k].name, parts[k].words, shown(values[k]), fmt::format("{}.{} %", tenths[k] / 10, tenths[k] % 10),
                static_cast<double>(tenths[k]) / static_cast<double>(most));
    }

    void splits()
    {
        const bool overlap = stages_overlap(m_run);
        section(overlap ? "Work per sample of all units, by phase" : "Simulated time per sample, by phase",
                time_by_phase(m_run), "s", s_per_ps);
        if (overlap)
            m_text += fmt::format("  done in {}: {:.2f} units at work on average\n",
                                  per_sample(si(m_run.simulated_ps, s_per_ps), "s"),
                                  si(m_run.ledger.busy_ps, 1) / std::max(1.0, si(m_run.simulated_ps, 1)));
        section("Where the time went, by op and stage", largest(time_by_stage(m_run), most_stages), "s", s_per_ps);
        section("Energy per sample, by component", energy_by_component(m_run), "J", j_per_aj);
        section("Energy per sample, by phase", energy_by_phase(m_run), "J", j_per_aj);
    }

    void notes()
    {
        std::string notes;
        const auto  note = [&notes](const std::string &text) { notes += "  " + text + "\n"; };
        if (m_run.ledger.wait_ps > 0)
            note(fmt::format("Ops waited {} per sample for units that were taken.",
                             per_sample(si(m_run.ledger.wait_ps, s_per_ps), "s")));
        if (m_run.ledger.evaluation_aj > 0)
            note(fmt::format("Evaluations took another {}, which no figure above contains.",
                             with_unit(si(m_run.ledger.evaluation_aj, j_per_aj), "J", m_style)));
        if (m_run.retries.value_or(0) + m_run.saturations.value_or(0) > 0)
            note(fmt::format("Bound management: {} reads repeated, {} conversions left outputs clipped.",
                             m_run.retries.value_or(0), m_run.saturations.value_or(0)));
        if (!m_run.assumptions.empty())
            note(fmt::format("{} values of the configuration are assumptions ('tessera report' lists them).",
                             m_run.assumptions.size()));
        if (m_run.samples == 0)
            note("Nothing was trained yet.");
        if (m_run.status == "running")
            note("The run was still going on, or was killed, when these files were written.");
        for (const std::string &warning : m_run.warnings)
            note("WARNING: " + warning);
        if (!notes.empty())
            m_text += "\n" + notes;
    }

    const run_summary &m_run;
    const text_style  &m_style;
    std::string        m_text;
};

} // namespace

std::string summary_text(const run_summary &run, const text_style &style) { return page(run, style).text(); }

std::string assumptions_text(const run_summary &run)
{
    if (run.assumptions.empty())
        return {};
    std::string text =
        fmt::format("Rests on {} assumptions, values without a published source\n ", run.assumptions.size());
    std::size_t column = 1;
    for (const std::string &assumption : run.assumptions) {
        const std::string piece = " " + assumption + (&assumption == &run.assumptions.back() ? "" : ",");
        if (column + piece.size() > page_width) {
            text += "\n ";
            column = 1;
        }
        text += piece;
        column += piece.size();
    }
    return text + "\n";
}

} // namespace tessera
