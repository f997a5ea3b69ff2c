// `tessera config`
#include <cstdio>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/config/config_text.h"
#include "cli/config/resolve.h"

namespace tessera {

int run_config(const config_options &options)
{
    if (options.keys) {
        fmt::print("{}", print_keys());
        return exit_ok;
    }
    try {
        const resolved_experiment resolved = resolve(options.experiment, options.overrides);
        fmt::print("{}", options.toml ? to_toml(resolved) : print_config(resolved));
        return exit_ok;
    } catch (const config_error &error) {
        fmt::print(stderr, "{}\n", error.what());
        return exit_bad_input;
    }
}

} // namespace tessera
