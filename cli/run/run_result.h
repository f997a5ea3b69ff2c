// The numbers of a run as text: result.json and ledger.csv.
#ifndef TESSERA_CLI_RUN_RUN_RESULT_H
#define TESSERA_CLI_RUN_RUN_RESULT_H

#include <string>

#include "cli/config/resolve.h"
#include "cli/run/training_plan.h"
#include "models/machine/machine.h"

namespace tessera {

struct run_outcome;

std::string result_json(const resolved_experiment &resolved, const training_state &state, const run_outcome &outcome,
                        const tsr_machine &machine);

// One row per non-zero entry: energy by component, time by stage.
std::string ledger_csv(const tsr_ledger &ledger);

// Whole joules and decimals of attojoules.
double joules(tsr_u128 energy_aj);

} // namespace tessera
#endif
