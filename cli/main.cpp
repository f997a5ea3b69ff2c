// Entry point of the program; SystemC's library brings main() itself.
#include <cstdlib>
#include <systemc>

#include "cli/commands.h"

namespace {

// SystemC prints its banner before sc_main() unless the environment says otherwise by then.
[[maybe_unused]] const int banner_is_off = setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);

} // namespace

int sc_main(int argc, char **argv) { return tessera::run_command_line(argc, argv); }
