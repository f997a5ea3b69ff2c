// What ledger.csv adds up to: exact sums over layers, training apart from evaluation.
#ifndef TESSERA_REPORTS_LEDGER_TOTALS_H
#define TESSERA_REPORTS_LEDGER_TOTALS_H

#include <array>

#include "models/accounting/ledger.h"
#include "reports/csv.h"

namespace tessera {

struct ledger_totals {
    // Training only: the entries of TSR_PHASE_EVALUATE stay 0. Leakage belongs to no phase.
    std::array<tsr_u128, TSR_COMPONENT_COUNT>                            component_aj{};
    std::array<tsr_u128, TSR_PHASE_COUNT>                                phase_aj{};
    std::array<tsr_u128, TSR_PHASE_COUNT>                                phase_ps{};
    std::array<std::array<tsr_u128, TSR_STAGE_COUNT>, TSR_OP_KIND_COUNT> stage_ps{};
    tsr_u128                                                             training_aj = 0; // with leakage
    tsr_u128 busy_ps = 0; // Σ of the stages' service times; more than the simulated time where stages overlap
    tsr_u128 wait_ps = 0; // what ops waited for units that were taken

    tsr_u128 evaluation_aj = 0;
};

// Throws report_error naming line and column: a missing column, an unknown phase, op, component or stage, no whole number.
ledger_totals add_up_ledger(const csv_table &ledger);

} // namespace tessera
#endif
