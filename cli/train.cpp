// `tessera train`: the experiment, the chip, the data, and what they leave in the run folder.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <memory>
#include <systemc>

#include "accelerator/chip.h"
#include "accelerator/floorplan.h"
#include "cli/commands.h"
#include "cli/config/resolve.h"
#include "cli/run/input_error.h"
#include "cli/run/machine_owner.h"
#include "cli/run/progress.h"
#include "cli/run/run_folder_writer.h"
#include "cli/run/run_result.h"
#include "cli/run/training_plan.h"
#include "models/accounting/span.h"
#include "models/math/isa.h"
#include "reports/summary.h"

namespace tessera {

namespace {

volatile std::sig_atomic_t interrupted = 0;

extern "C" void note_interrupt(int /*signal*/)
{
    interrupted = 1;
    std::signal(SIGINT, SIG_DFL); // the second Ctrl-C ends the process at once
}

std::vector<std::string> overrides_of(const train_options &options)
{
    std::vector<std::string> all = options.overrides;
    if (options.seed)
        all.push_back(fmt::format("training.seed={}", *options.seed));
    if (options.data)
        all.push_back(fmt::format("data.folder=\"{}\"", options.data->string()));
    if (options.record)
        all.emplace_back("record.spans=true");
    return all;
}

std::filesystem::path folder_of(const train_options &options, const experiment &e)
{
    if (options.output)
        return *options.output;
    return std::filesystem::path("runs") /
           fmt::format("{}-{:%Y%m%d-%H%M%S}", e.name, fmt::localtime(std::time(nullptr)));
}

// Refuses, before anything is written, a chip with more units than a span can name.
tsr_machine &with_few_units(tsr_machine &machine)
{
    const floorplan plan(machine);
    if (plan.unit_count() <= TSR_SPAN_MAX_UNITS)
        return machine;
    const tsr_chip_spec &chip = machine.spec.chip;
    throw input_error(
        fmt::format("chip.input_lines, chip.output_lines: the network needs {} tiles of {} x {} lines, a chip of {} "
                    "units; at most {} are possible: use larger tiles or a smaller network",
                    plan.tile_count(), chip.input_lines, chip.output_lines, plan.unit_count(), TSR_SPAN_MAX_UNITS));
}

// A run in progress: machine, plan, chip, output.
class run {
public:
    run(const train_options &options, const resolved_experiment &resolved)
        : m_resolved(resolved), m_data(resolved.values), m_machine(resolved.values),
          m_plan(resolved.values, with_few_units(m_machine.get()), m_data.split()),
          m_folder(folder_of(options, resolved.values), resolved),
          m_progress(options.quiet), m_recorder{resolved.values.record.spans, 0, UINT64_MAX, {}},
          m_chip("chip", m_machine.get(), m_plan,
                 chip_options{m_recorder, resolved.values.record.check_protocol, span_sink()})
    {
        m_plan.on_progress = [this](const training_state &state) { return go_on(state); };
        m_plan.on_evaluation = [this](const training_state &state) { evaluated(state); };
    }

    int execute(bool quiet)
    {
        std::signal(SIGINT, note_interrupt);
        std::signal(SIGTERM, note_interrupt);
        std::signal(SIGPIPE, SIG_IGN); // a closed pipe ends what is printed, not the run
        m_folder.write_result(m_plan.state(), outcome("running"), m_machine.get());
        sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_INFO,
                                                sc_core::SC_DO_NOTHING); // "stopped by user"
        try {
            sc_core::sc_start();
        } catch (...) { // what was reached stays readable
            m_progress.end();
            m_chip.log().flush();
            m_folder.write_result(m_plan.state(), outcome("failed"), m_machine.get());
            throw;
        }
        m_progress.end();
        m_chip.conclude();
        const bool complete = m_plan.complete();
        m_folder.write_result(m_plan.state(), outcome(complete ? "complete" : "interrupted"), m_machine.get());
        m_chip.log().flush();
        if (m_recorder.on)
            m_folder.write_units(m_chip.plan());
        m_folder.finish_spans();
        if (!quiet)
            fmt::print("{} after {} samples; results in {}\n\n{}", complete ? "done" : "interrupted",
                       m_plan.state().samples, m_folder.path().string(),
                       summary_text(read_run_folder(m_folder.path())));
        return complete ? exit_ok : exit_interrupted;
    }

private:
    recorder::sink span_sink()
    {
        if (!m_recorder.on)
            return {};
        return [this](const tsr_span *spans, std::size_t count) { m_folder.append_spans(spans, count); };
    }

    run_outcome outcome(const char *status) const { return {status, m_progress.elapsed_s(), m_chip.training_ps()}; }
    double      simulated_s() const { return static_cast<double>(m_chip.training_ps()) * 1e-12; }

    double energy_j()
    {
        tsr_machine_charge_leakage(&m_machine.get(), m_chip.training_ps());
        return joules(tsr_ledger_training_aj(&m_machine.get().ledger));
    }

    bool go_on(const training_state &state)
    {
        if (m_progress.due())
            m_progress.update(state, simulated_s(), energy_j());
        return interrupted == 0;
    }

    void evaluated(const training_state &state)
    {
        const double energy = energy_j();
        m_folder.add_metrics(state, outcome("running"), energy);
        m_folder.write_result(state, outcome("running"), m_machine.get());
        m_progress.evaluated(state, simulated_s(), energy);
    }

    const resolved_experiment &m_resolved;
    dataset_owner              m_data;
    machine_owner              m_machine;
    training_plan              m_plan;
    run_folder_writer          m_folder;
    progress                   m_progress;
    const recorder_config      m_recorder;
    chip                       m_chip;
};

int train(const train_options &options, const resolved_experiment &resolved)
{
    try {
        const std::unique_ptr<run> training = std::make_unique<run>(options, resolved);
        return training->execute(options.quiet);
    } catch (const input_error &error) {
        fmt::print(stderr, "{}\n", located(error, resolved, options.experiment));
        return exit_bad_input;
    }
}

int report_failure(const char *what)
{
    fmt::print(stderr, "tessera: {}\n", what);
    return exit_failure;
}

} // namespace

int run_train(const train_options &options)
{
    try {
        tsr_error error{};
        if (tsr_isa_select_from_environment(&error) != TSR_OK)
            throw config_error({error.text});
        return train(options, resolve(options.experiment, overrides_of(options)));
    } catch (const config_error &error) {
        fmt::print(stderr, "{}\n", error.what());
        return exit_bad_input;
    } catch (const sc_core::sc_report &error) {
        return report_failure(error.get_msg());
    } catch (const std::exception &error) {
        return report_failure(error.what());
    }
}

} // namespace tessera
