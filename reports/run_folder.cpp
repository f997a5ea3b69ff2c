#include "reports/run_folder.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "reports/csv.h"
#include "reports/result_file.h"

namespace tessera {

namespace fs = std::filesystem;

namespace {

constexpr double ps_per_s = 1e12;
constexpr double j_per_aj = 1e-18;
constexpr double most_simulated_s = 1e15; // 30 million years; keeps picoseconds far from the end of 128 bits

std::string without_end_slash(const fs::path &folder)
{
    std::string name = folder.string();
    while (name.size() > 1 && name.back() == '/')
        name.pop_back();
    return name;
}

void check_folder(const fs::path &folder)
{
    std::error_code       error;
    const fs::file_status status = fs::status(folder, error);
    if (status.type() == fs::file_type::not_found)
        throw report_error(
            fmt::format("{}: no such run folder; give a folder that 'tessera train' wrote", folder.string()));
    if (status.type() != fs::file_type::directory)
        throw report_error(fmt::format("{}: not a folder; give a folder that 'tessera train' wrote", folder.string()));
    for (const char *name : {"result.json", "ledger.csv"})
        if (!fs::exists(folder / name, error))
            throw report_error(
                fmt::format("{}: missing; is this a folder that 'tessera train' wrote?", (folder / name).string()));
}

void take_result(const result_file &result, run_summary &run)
{
    result.require_format("tessera-run/1");
    run.name = result.text("name");
    run.version = result.text("version");
    run.status = result.text("status");
    run.algorithm = result.text("algorithm");
    run.weights_hash = result.text("weights_hash");
    run.seed = result.whole("seed");
    run.epochs = result.whole("epochs");
    run.samples = result.whole("samples");
    run.ops = result.whole("ops");
    run.test_accuracy = result.number_or_null("test_accuracy");
    run.train_loss = result.number_or_null("train_loss");
    run.wall_s = result.amount("wall_seconds");
    run.area_mm2 = result.amount("area_mm2");
    const double simulated_s = result.amount("simulated_seconds");
    if (simulated_s > most_simulated_s)
        result.complain("simulated_seconds",
                        fmt::format("expected at most {:g} s, got {:g}", most_simulated_s, simulated_s));
    run.simulated_ps = static_cast<tsr_u128>(std::round(simulated_s * ps_per_s));
    if (result.has("validation_accuracy"))
        run.validation_accuracy = result.number_or_null("validation_accuracy");
    if (result.has("retries"))
        run.retries = result.whole("retries");
    if (result.has("saturations"))
        run.saturations = result.whole("saturations");
    if (result.has("assumptions"))
        run.assumptions = result.texts("assumptions");
}

// The two files are written one after the other: after a kill in between, or by a mistake, they disagree.
void compare_energy(const char *what, tsr_u128 ledger_aj, double result_j, run_summary &run)
{
    const double ledger_j = static_cast<double>(ledger_aj) * j_per_aj;
    const double rounding = 1e-12 * std::max(ledger_j, result_j); // of sums in double precision
    if (std::fabs(ledger_j - result_j) > rounding)
        run.warnings.push_back(
            fmt::format("ledger.csv adds up to {:.9g} J of {}, result.json says {:.9g} J: one of them is not "
                        "of this run or is out of date",
                        ledger_j, what, result_j));
}

std::vector<evaluation_row> take_metrics(const fs::path &file)
{
    const csv_table             table = csv_table::read(file);
    const std::size_t           epoch = table.column("epoch");
    const std::size_t           samples = table.column("samples");
    const std::size_t           loss = table.column("train_loss");
    const std::size_t           test = table.column("test_accuracy");
    const std::size_t           validation = table.column("validation_accuracy");
    std::vector<evaluation_row> rows;
    for (std::size_t k = 0; k < table.rows(); ++k) {
        evaluation_row row{table.count(k, epoch), table.count(k, samples), table.number(k, loss), table.number(k, test),
                           std::nullopt};
        if (!table.text(k, validation).empty())
            row.validation_accuracy = table.number(k, validation);
        rows.push_back(row);
    }
    return rows;
}

} // namespace

run_summary read_run_folder(const fs::path &folder)
{
    check_folder(folder);
    run_summary run;
    run.folder = without_end_slash(folder);
    const result_file result(folder / "result.json");
    take_result(result, run);
    run.ledger = add_up_ledger(csv_table::read(folder / "ledger.csv"));
    compare_energy("training energy", run.ledger.training_aj, result.amount("energy_joules"), run);
    if (result.has("evaluation_energy_joules"))
        compare_energy("evaluation energy", run.ledger.evaluation_aj, result.amount("evaluation_energy_joules"), run);
    if (fs::exists(folder / "metrics.csv"))
        run.evaluations = take_metrics(folder / "metrics.csv");
    return run;
}

} // namespace tessera
