// The command line of tessera-conformance.
#ifndef TESSERA_CLI_CONFORMANCE_COMMAND_H
#define TESSERA_CLI_CONFORMANCE_COMMAND_H

#include <iosfwd>
#include <string>
#include <vector>

namespace tessera::conformance {

// Arguments without the program's name. Returns the exit code: 0 if every judged case passed, 1 if at least one did not, 2 if the
// arguments or a file cannot be used (one line on `problems` says why).
int run_command(const std::vector<std::string> &arguments, std::ostream &report, std::ostream &problems);

} // namespace tessera::conformance

#endif
