// Replays cases of reference vectors through the C core. Format and equations: tests/data/conformance/README.md.
#ifndef TESSERA_CLI_CONFORMANCE_REPLAY_H
#define TESSERA_CLI_CONFORMANCE_REPLAY_H

#include <functional>
#include <string>

#include "cli/conformance/case_node.h"
#include "cli/conformance/outcome.h"

namespace tessera::conformance {

struct case_result {
    std::string name, kind;
    outcome     found;
};

struct replay_options {
    bool information = true; // also replay kinds that are reported but not judged; they take the longest
};

// One replay per kind. Each throws format_error where the case does not say what its kind needs.
outcome replay_pulse_sequence(const case_node &test);
outcome replay_read(const case_node &test);
outcome replay_read_statistics(const case_node &test);
outcome replay_update(const case_node &test);
outcome replay_update_statistics(const case_node &test);
outcome replay_transfer_sequence(const case_node &test);
outcome replay_transfer_statistics(const case_node &test);
outcome replay_programming_error(const case_node &test);

// All cases of a file in its order; `report` is called after each. Throws format_error.
void replay_file(const std::string &path, const replay_options &options,
                 const std::function<void(const case_result &)> &report);

} // namespace tessera::conformance

#endif
