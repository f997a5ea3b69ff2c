#include "cli/run/run_result.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/run/run_folder_writer.h"
#include "reports/exact.h"

namespace tessera {

namespace {

using json = nlohmann::ordered_json;

double seconds(tsr_u128 ps) { return static_cast<double>(ps) * 1e-12; }

// Visits (phase, kind, layer) of all entries of the ledger.
template <typename Visitor>
void for_each_op(const tsr_ledger &ledger, Visitor visit)
{
    for (int phase = 0; phase < TSR_PHASE_COUNT; ++phase)
        for (int kind = 0; kind < TSR_OP_KIND_COUNT; ++kind)
            for (std::uint32_t layer = 0; layer < ledger.layers; ++layer)
                visit(static_cast<tsr_phase>(phase), static_cast<tsr_op_kind>(kind), layer);
}

// Clock of the digital unit that a stage waits for, picoseconds; 0: an analog stage.
std::uint64_t clock_ps(const tsr_chip_spec &chip, tsr_stage stage)
{
    switch (stage) {
    case TSR_STAGE_LOAD: return chip.port_clk_ps;
    case TSR_STAGE_ABS_MAX:
    case TSR_STAGE_STORE:
    case TSR_STAGE_COMPUTE:
    case TSR_STAGE_TRAIN: return chip.vector_clk_ps;
    case TSR_STAGE_H_READ:
    case TSR_STAGE_H_WRITE: return chip.h_clk_ps;
    case TSR_STAGE_H_COMPUTE: return chip.controller_clk_ps;
    case TSR_STAGE_LINK: return chip.link_clk_ps;
    case TSR_STAGE_HOST: return chip.dma_clk_ps;
    default: return 0;
    }
}

struct splits {
    json energy_by_component, energy_by_phase, seconds_by_phase, seconds_by_stage, cycles_by_stage;
};

void add(json &object, const std::string &key, double value)
{
    if (value > 0)
        object[key] = object.value(key, 0.0) + value;
}

splits split(const tsr_ledger &ledger, const tsr_chip_spec &chip)
{
    splits result{json::object(), json::object(), json::object(), json::object(), json::object()};
    for_each_op(ledger, [&](tsr_phase phase, tsr_op_kind kind, std::uint32_t layer) {
        if (phase == TSR_PHASE_EVALUATE)
            return;
        for (int c = 0; c < TSR_COMPONENT_COUNT; ++c) {
            const auto   component = static_cast<tsr_component>(c);
            const double energy = joules(tsr_ledger_row_at(&ledger, phase, kind, component, layer)->energy_aj);
            add(result.energy_by_component, tsr_component_name(component), energy);
            add(result.energy_by_phase, tsr_phase_name(phase), energy);
        }
        for (int s = 0; s < TSR_STAGE_COUNT; ++s) {
            const auto     stage = static_cast<tsr_stage>(s);
            const tsr_u128 service_ps = tsr_ledger_time_at(&ledger, phase, kind, stage, layer)->service_ps;
            const double   time = seconds(service_ps);
            add(result.seconds_by_phase, tsr_phase_name(phase), time);
            const std::string name = fmt::format("{}.{}", tsr_op_kind_name(kind), tsr_stage_name(stage));
            add(result.seconds_by_stage, name, time);
            if (const std::uint64_t clock = clock_ps(chip, stage); clock != 0)
                add(result.cycles_by_stage, name, static_cast<double>(service_ps / clock));
        }
    });
    add(result.energy_by_component, tsr_component_name(TSR_COMPONENT_LEAKAGE), joules(ledger.leakage_aj));
    add(result.energy_by_phase, tsr_component_name(TSR_COMPONENT_LEAKAGE), joules(ledger.leakage_aj));
    return result;
}

json assumptions(const resolved_experiment &resolved)
{
    json list = json::array();
    for (const resolved_value &value : resolved.list)
        if (value.is_assumption())
            list.push_back(fmt::format("{}.{} = {}", value.section, value.key, value.value));
    return list;
}

json accuracy(const std::optional<score> &result) { return result ? json(result->accuracy) : json(nullptr); }

} // namespace

double joules(tsr_u128 energy_aj) { return static_cast<double>(energy_aj) * 1e-18; }

std::string result_json(const resolved_experiment &resolved, const training_state &state, const run_outcome &outcome,
                        const tsr_machine &machine)
{
    const splits        parts = split(machine.ledger, machine.spec.chip);
    const std::uint64_t ops = tsr_ledger_training_ops(&machine.ledger);
    const double        samples = static_cast<double>(std::max<std::uint64_t>(state.samples, 1));
    json                out;
    out["format"] = "tessera-run/1";
    out["name"] = resolved.values.name;
    out["version"] = TESSERA_VERSION;
    out["status"] = outcome.status;
    out["algorithm"] = tsr_algorithm_name_text(resolved.values.algorithm.spec.name);
    out["seed"] = resolved.values.training.seed;
    out["epochs"] = state.epoch;
    out["samples"] = state.samples;
    out["test_accuracy"] = accuracy(state.test);
    out["validation_accuracy"] = accuracy(state.validation);
    out["train_loss"] = state.epoch_score.loss;
    out["simulated_seconds"] = seconds(outcome.training_ps);
    out["energy_joules"] = joules(tsr_ledger_training_aj(&machine.ledger));
    out["evaluation_energy_joules"] = joules(tsr_ledger_evaluation_aj(&machine.ledger));
    out["area_mm2"] = tsr_machine_area_mm2(&machine);
    out["ops"] = ops;
    out["ops_per_sample"] = static_cast<double>(ops) / samples;
    out["wall_seconds"] = outcome.wall_s;
    out["samples_per_second"] = static_cast<double>(state.samples) / outcome.wall_s;
    out["weights_hash"] = fmt::format("0x{:016x}", tsr_machine_hash(&machine));
    out["retries"] = machine.ledger.retries;
    out["saturations"] = machine.ledger.saturations;
    out["clamped_share"] = tsr_machine_clamped_share(&machine);
    out["energy_by_component_joules"] = parts.energy_by_component;
    out["energy_by_phase_joules"] = parts.energy_by_phase;
    out["seconds_by_phase"] = parts.seconds_by_phase;
    out["seconds_by_stage"] = parts.seconds_by_stage;
    out["cycles_by_stage"] = parts.cycles_by_stage;
    out["assumptions"] = assumptions(resolved);
    return out.dump(2) + "\n";
}

std::string ledger_csv(const tsr_ledger &ledger)
{
    std::string text = "phase,op,layer,row,name,count,energy_aj,service_ps,wait_ps\n";
    for_each_op(ledger, [&](tsr_phase phase, tsr_op_kind kind, std::uint32_t layer) {
        const std::string head = fmt::format("{},{},{}", tsr_phase_name(phase), tsr_op_kind_name(kind), layer);
        for (int c = 0; c < TSR_COMPONENT_COUNT; ++c) {
            const tsr_ledger_row *row = tsr_ledger_row_at(&ledger, phase, kind, static_cast<tsr_component>(c), layer);
            if (row->count != 0)
                text += fmt::format("{},energy,{},{},{},,\n", head, tsr_component_name(static_cast<tsr_component>(c)),
                                    row->count, decimal_text(row->energy_aj));
        }
        for (int s = 0; s < TSR_STAGE_COUNT; ++s) {
            const tsr_ledger_time *time = tsr_ledger_time_at(&ledger, phase, kind, static_cast<tsr_stage>(s), layer);
            if (time->count != 0)
                text += fmt::format("{},time,{},{},,{},{}\n", head, tsr_stage_name(static_cast<tsr_stage>(s)),
                                    time->count, decimal_text(time->service_ps), decimal_text(time->wait_ps));
        }
    });
    return text + fmt::format("all,-,0,energy,leakage,1,{},,\n", decimal_text(ledger.leakage_aj));
}

} // namespace tessera
