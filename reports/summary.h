// One run on a page: result, time, energy, and where they went.
#ifndef TESSERA_REPORTS_SUMMARY_H
#define TESSERA_REPORTS_SUMMARY_H

#include <string>

#include "reports/run_folder.h"
#include "reports/text_style.h"

namespace tessera {

// At most 94 columns wide (names and folders of the user's aside). Shown parts add up to the shown total, percentages to 100.0.
std::string summary_text(const run_summary &run, const text_style &style = text_style::of_environment());

// The values without a published source that the run rests on; empty if there are none.
std::string assumptions_text(const run_summary &run);

} // namespace tessera
#endif
