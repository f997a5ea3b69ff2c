// A run folder as `tessera train` leaves it, read strictly: what a report needs is there and well formed, or the reader says
// which file and which key is not.
#ifndef TESSERA_REPORTS_RUN_FOLDER_H
#define TESSERA_REPORTS_RUN_FOLDER_H

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "reports/ledger_totals.h"
#include "reports/report_error.h"

namespace tessera {

// One row of metrics.csv. Accuracies in percent; a loss that left the real numbers is NaN.
struct evaluation_row {
    std::uint64_t         epoch, samples;
    double                train_loss, test_accuracy;
    std::optional<double> validation_accuracy;
};

// A run in numbers. Times and energies are exact and of training only, unless they say otherwise.
struct run_summary {
    std::string   folder; // as the user named it
    std::string   name, version, status, algorithm, weights_hash;
    std::uint64_t seed = 0, epochs = 0, samples = 0, ops = 0;

    // Percent, percent, nats; missing before the first evaluation, without a validation set, and where a loss is not finite.
    std::optional<double> test_accuracy, validation_accuracy, train_loss;

    tsr_u128                     simulated_ps = 0;
    double                       wall_s = 0; // of the host, evaluations included
    double                       area_mm2 = 0;
    std::optional<std::uint64_t> retries, saturations;
    std::vector<std::string>     assumptions; // "section.key = value" without a published source

    ledger_totals               ledger;
    std::vector<evaluation_row> evaluations;
    std::vector<std::string>    warnings; // files that contradict each other, one line each
};

// Reads result.json, ledger.csv and, if it is there, metrics.csv. Throws report_error. That the ledger adds up to the energies
// of result.json is checked; if it does not, the summary carries a warning.
run_summary read_run_folder(const std::filesystem::path &folder);

} // namespace tessera
#endif
