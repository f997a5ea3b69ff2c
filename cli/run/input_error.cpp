#include "cli/run/input_error.h"

namespace tessera {

std::string located(const input_error &error, const resolved_experiment &resolved,
                    const std::filesystem::path &experiment)
{
    const std::string what = error.what();
    const std::string key = what.substr(0, what.find_first_of(":, "));
    for (const resolved_value &value : resolved.list) {
        if (value.section + "." + value.key != key || value.origin == "default")
            continue;
        return value.origin + (value.origin == "--set" ? " " : ": ") + what;
    }
    return experiment.string() + ": " + what;
}

} // namespace tessera
