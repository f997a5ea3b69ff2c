// What a run's time and energy are made of: exact parts, largest first where the order means nothing.
#ifndef TESSERA_REPORTS_SPLIT_H
#define TESSERA_REPORTS_SPLIT_H

#include <string>
#include <vector>

#include "reports/run_folder.h"

namespace tessera {

struct part {
    std::string name;   // as the ledger has it: "adc", "forward", "MVM.drive"
    std::string words;  // what that is
    tsr_u128    amount; // attojoules or picoseconds
};

using split = std::vector<part>; // parts of 0 are left out

split energy_by_component(const run_summary &run);
split energy_by_phase(const run_summary &run); // leakage, which belongs to no phase, last

// Σ = simulated time where stages do not overlap: what no stage covers is the last part, idle_name. Where they overlap, Σ is
// the work of all units and exceeds the simulated time.
split time_by_phase(const run_summary &run);
split time_by_stage(const run_summary &run); // "MVM.drive": op and stage

inline constexpr const char *idle_name = "waiting/idle";

bool stages_overlap(const run_summary &run);

tsr_u128 total(const split &parts);

// The split with at most `most` parts besides idle time: the smallest become one, "other".
split largest(const split &parts, std::size_t most);

} // namespace tessera
#endif
