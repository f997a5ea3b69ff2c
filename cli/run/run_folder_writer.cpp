#include "cli/run/run_folder_writer.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>

#include "cli/config/config_text.h"
#include "cli/run/machine_owner.h"
#include "cli/run/run_result.h"

namespace tessera {

namespace fs = std::filesystem;

namespace {

using file_handle = std::unique_ptr<std::FILE, int (*)(FILE *)>;

[[noreturn]] void fail(const fs::path &path)
{
    throw std::runtime_error(
        fmt::format("{}: cannot write: {}; results so far are in the run folder", path.string(), std::strerror(errno)));
}

} // namespace

run_folder_writer::run_folder_writer(fs::path folder, const resolved_experiment &resolved)
    : m_folder(std::move(folder)), m_resolved(resolved)
{
    std::error_code error;
    fs::create_directories(m_folder, error);
    if (error)
        throw config_error({fmt::format("{}: cannot create the output folder: {}; choose another one with -o",
                                        m_folder.string(), error.message())});
    try {
        write("config.toml", to_toml(resolved));
    } catch (const std::runtime_error &) {
        throw config_error({fmt::format("{}: the output folder is not writable: {}; choose another one with -o",
                                        m_folder.string(), std::strerror(errno))});
    }
    for (const char *name : {"result.json", "ledger.csv", "metrics.csv", "units.csv", "spans.bin"})
        fs::remove(m_folder / name, error); // of an earlier run in the same folder
    m_metrics =
        "epoch,samples,train_loss,test_accuracy,validation_accuracy,simulated_seconds,energy_joules,wall_seconds\n";
    write("metrics.csv", m_metrics);
}

void run_folder_writer::write(const std::string &name, const std::string &text) const
{
    const fs::path target = m_folder / name;
    const fs::path partial = m_folder / (name + ".part");
    {
        file_handle file(std::fopen(partial.c_str(), "wb"), std::fclose);
        if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() ||
            std::fflush(file.get()) != 0) {
            const int reason = errno;
            file.reset();
            std::error_code ignored;
            fs::remove(partial, ignored);
            errno = reason;
            fail(target);
        }
    }
    std::error_code error;
    fs::rename(partial, target, error);
    if (error)
        fail(target);
}

void run_folder_writer::add_metrics(const training_state &state, const run_outcome &outcome, double energy_j)
{
    const std::string validation = state.validation ? fmt::format("{}", state.validation->accuracy) : "";
    m_metrics += fmt::format("{},{},{},{},{},{},{},{}\n", state.epoch, state.samples, state.epoch_score.loss,
                             state.test->accuracy, validation, static_cast<double>(outcome.training_ps) * 1e-12,
                             energy_j, outcome.wall_s);
    write("metrics.csv", m_metrics);
}

void run_folder_writer::write_result(const training_state &state, const run_outcome &outcome,
                                     const tsr_machine &machine)
{
    write("ledger.csv", ledger_csv(machine.ledger));
    write("result.json", result_json(m_resolved, state, outcome, machine));
}

void run_folder_writer::write_units(const floorplan &plan)
{
    std::string text = "unit,name\n";
    for (std::uint32_t unit = 0; unit < plan.unit_count(); ++unit)
        text += fmt::format("{},{}\n", unit, plan.unit_name(unit));
    write("units.csv", text);
}

void run_folder_writer::append_spans(const tsr_span *spans, std::size_t count)
{
    const fs::path partial = m_folder / "spans.bin.part";
    if (!m_spans) {
        m_spans.reset(std::fopen(partial.c_str(), "wb"));
        const std::uint64_t bytes = sizeof(tsr_span);
        if (!m_spans || std::fwrite("TSRSPAN1", 1, 8, m_spans.get()) != 8 ||
            std::fwrite(&bytes, sizeof bytes, 1, m_spans.get()) != 1)
            fail(partial);
    }
    if (std::fwrite(spans, sizeof *spans, count, m_spans.get()) != count)
        fail(partial);
}

void run_folder_writer::finish_spans()
{
    if (!m_spans)
        return;
    const bool flushed = std::fflush(m_spans.get()) == 0;
    m_spans.reset();
    if (!flushed)
        fail(m_folder / "spans.bin");
    fs::rename(m_folder / "spans.bin.part", m_folder / "spans.bin");
}

} // namespace tessera
