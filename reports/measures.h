// What several runs are compared by: one list of measures, each with a value per run, for tables of every form.
#ifndef TESSERA_REPORTS_MEASURES_H
#define TESSERA_REPORTS_MEASURES_H

#include <optional>
#include <string>
#include <vector>

#include "reports/run_folder.h"

namespace tessera {

// What the values of a measure are counted in.
enum class measure_unit { percent, nat, picosecond, attojoule, square_mm, per_second, second, one };

enum class measure_group { result, time, stages, components, phases, chip };

struct measure {
    measure_group                      group;
    std::string                        key;   // for machines: unique, without the unit
    std::string                        label; // for people: unique within its group
    measure_unit                       unit;
    std::vector<std::optional<double>> values; // by run; nothing where a run has no such value
};

// In the order of measure_group. The first measure of time and of components is the total per sample, the rest add up to it;
// a part that one run does not have is 0 there. Measures that no run has are left out.
std::vector<measure> measures_of(const std::vector<run_summary> &runs);

} // namespace tessera
#endif
