// A run folder: what a run leaves behind. Every file is written under a temporary name and renamed, so that whatever can be read is
// whole, also after a kill.
#ifndef TESSERA_CLI_RUN_RUN_FOLDER_WRITER_H
#define TESSERA_CLI_RUN_RUN_FOLDER_WRITER_H

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "accelerator/chip.h"
#include "cli/config/resolve.h"
#include "cli/run/training_plan.h"

namespace tessera {

// What a run has come to; training only, unless it says evaluation.
struct run_outcome {
    std::string   status; // running | complete | interrupted
    double        wall_s = 0;
    std::uint64_t training_ps = 0;
};

class run_folder_writer {
public:
    // Creates the folder and writes config.toml. Throws config_error where that is impossible.
    run_folder_writer(std::filesystem::path folder, const resolved_experiment &resolved);

    // One row of metrics.csv.
    void add_metrics(const training_state &state, const run_outcome &outcome, double energy_j);

    // result.json and ledger.csv.
    void write_result(const training_state &state, const run_outcome &outcome, const tsr_machine &machine);

    // units.csv: the ids that spans name.
    void write_units(const floorplan &plan);

    // Appends to spans.bin: a 16-byte head ("TSRSPAN1", bytes of a span as uint64), then spans (models/accounting/span.h).
    void append_spans(const tsr_span *spans, std::size_t count);
    void finish_spans();

    const std::filesystem::path &path() const { return m_folder; }

private:
    void write(const std::string &name, const std::string &text) const;

    const std::filesystem::path                 m_folder;
    const resolved_experiment                  &m_resolved;
    std::string                                 m_metrics;
    std::unique_ptr<std::FILE, int (*)(FILE *)> m_spans{nullptr, std::fclose};
};

} // namespace tessera
#endif
