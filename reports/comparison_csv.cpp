#include <fmt/format.h>

#include "reports/comparison.h"
#include "reports/csv.h"
#include "reports/exact.h"
#include "reports/measures.h"

namespace tessera {

namespace {

struct csv_form {
    const char *suffix;  // of the column's name
    double      divisor; // from the measure's unit to the column's
};

csv_form form_of(measure_unit unit)
{
    switch (unit) {
    case measure_unit::percent: return {"_percent", 1};
    case measure_unit::nat: return {"_nat", 1};
    case measure_unit::picosecond: return {"_ns", 1e3};
    case measure_unit::attojoule: return {"_pj", 1e6};
    case measure_unit::square_mm: return {"_mm2", 1};
    case measure_unit::per_second: return {"_per_s", 1};
    case measure_unit::second: return {"_s", 1};
    case measure_unit::one: return {"", 1};
    }
    return {"", 1};
}

} // namespace

std::string comparison_csv(const std::vector<run_summary> &runs)
{
    const std::vector<measure> measures = measures_of(runs);
    std::vector<std::string>   head{
        "run",    "name",    "version",      "status",           "algorithm",          "seed",
        "epochs", "samples", "weights_hash", "training_time_ps", "training_energy_aj", "evaluation_energy_aj"};
    for (const measure &m : measures)
        head.push_back(m.key + form_of(m.unit).suffix);
    std::string text = csv_line(head);
    for (std::size_t r = 0; r < runs.size(); ++r) {
        const run_summary       &run = runs[r];
        std::vector<std::string> cells{run.folder,
                                       run.name,
                                       run.version,
                                       run.status,
                                       run.algorithm,
                                       std::to_string(run.seed),
                                       std::to_string(run.epochs),
                                       std::to_string(run.samples),
                                       run.weights_hash,
                                       decimal_text(run.simulated_ps),
                                       decimal_text(run.ledger.training_aj),
                                       decimal_text(run.ledger.evaluation_aj)};
        for (const measure &m : measures)
            cells.push_back(m.values[r] ? fmt::format("{}", *m.values[r] / form_of(m.unit).divisor) : "");
        text += csv_line(cells);
    }
    return text;
}

} // namespace tessera
