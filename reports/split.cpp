#include "reports/split.h"

#include <algorithm>
#include <fmt/format.h>

#include "reports/words.h"

namespace tessera {

namespace {

void add(split &parts, std::string name, std::string words, tsr_u128 amount)
{
    if (amount > 0)
        parts.push_back({std::move(name), std::move(words), amount});
}

void sort_by_amount(split &parts)
{
    std::stable_sort(parts.begin(), parts.end(), [](const part &a, const part &b) { return a.amount > b.amount; });
}

void add_idle_time(split &parts, const run_summary &run)
{
    if (!stages_overlap(run))
        add(parts, idle_name, "no unit at work", run.simulated_ps - run.ledger.busy_ps);
}

} // namespace

split energy_by_component(const run_summary &run)
{
    split parts;
    for (int k = 0; k < TSR_COMPONENT_COUNT; ++k) {
        const auto component = static_cast<tsr_component>(k);
        add(parts, tsr_component_name(component), words_for(component), run.ledger.component_aj[component]);
    }
    sort_by_amount(parts);
    return parts;
}

split energy_by_phase(const run_summary &run)
{
    split parts;
    for (int k = 0; k < TSR_PHASE_COUNT; ++k) {
        const auto phase = static_cast<tsr_phase>(k);
        add(parts, tsr_phase_name(phase), words_for(phase), run.ledger.phase_aj[phase]);
    }
    tsr_u128 of_no_phase = run.ledger.training_aj - total(parts);
    add(parts, tsr_component_name(TSR_COMPONENT_LEAKAGE), words_for(TSR_COMPONENT_LEAKAGE), of_no_phase);
    return parts;
}

split time_by_phase(const run_summary &run)
{
    split parts;
    for (int k = 0; k < TSR_PHASE_COUNT; ++k) {
        const auto phase = static_cast<tsr_phase>(k);
        add(parts, tsr_phase_name(phase), words_for(phase), run.ledger.phase_ps[phase]);
    }
    add_idle_time(parts, run);
    return parts;
}

split time_by_stage(const run_summary &run)
{
    split parts;
    for (int k = 0; k < TSR_OP_KIND_COUNT; ++k) {
        for (int s = 0; s < TSR_STAGE_COUNT; ++s) {
            const auto op = static_cast<tsr_op_kind>(k);
            const auto stage = static_cast<tsr_stage>(s);
            add(parts, fmt::format("{}.{}", tsr_op_kind_name(op), tsr_stage_name(stage)), words_for(op, stage),
                run.ledger.stage_ps[op][stage]);
        }
    }
    sort_by_amount(parts);
    add_idle_time(parts, run);
    return parts;
}

bool stages_overlap(const run_summary &run) { return run.ledger.busy_ps > run.simulated_ps; }

tsr_u128 total(const split &parts)
{
    tsr_u128 sum = 0; // of parts that the reader has added already: it fits
    for (const part &p : parts)
        sum += p.amount;
    return sum;
}

split largest(const split &parts, std::size_t most)
{
    const bool        idle = !parts.empty() && parts.back().name == idle_name;
    const std::size_t named = parts.size() - (idle ? 1 : 0);
    if (named <= most)
        return parts;
    const auto rest = parts.begin() + static_cast<std::ptrdiff_t>(most) - 1;
    const auto end = parts.begin() + static_cast<std::ptrdiff_t>(named);
    split      shown(parts.begin(), rest);
    add(shown, "other", fmt::format("{} smaller ones", end - rest), total({rest, end}));
    shown.insert(shown.end(), end, parts.end());
    return shown;
}

} // namespace tessera
