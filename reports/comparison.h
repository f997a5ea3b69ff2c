// Several runs side by side: as a table to read and as one to compute with.
#ifndef TESSERA_REPORTS_COMPARISON_H
#define TESSERA_REPORTS_COMPARISON_H

#include <string>
#include <vector>

#include "reports/run_folder.h"
#include "reports/text_style.h"

namespace tessera {

// One column per run, from the second on with the difference against the first: in points for percentages, else relative.
// At most 95 columns wide; more than four runs go on below, the first one repeated.
std::string comparison_text(const std::vector<run_summary> &runs,
                            const text_style               &style = text_style::of_environment());

// One line per run, one column per measure, the unit at the end of its name, digits that read back to the same bits; totals
// as whole picoseconds and attojoules.
std::string comparison_csv(const std::vector<run_summary> &runs);

} // namespace tessera
#endif
