// Wrong input that shows only after the configuration was read: the data set, or a network that does not fit.
#ifndef TESSERA_CLI_RUN_INPUT_ERROR_H
#define TESSERA_CLI_RUN_INPUT_ERROR_H

#include <filesystem>
#include <stdexcept>
#include <string>

#include "cli/config/resolve.h"

namespace tessera {

// One line for the user, "section.key: what was expected, and what to do".
class input_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The line of an input_error, with the place where the key it begins with was given in front: "FILE:LINE: ", "--set ", or the
// experiment file where that is not known.
std::string located(const input_error &error, const resolved_experiment &resolved,
                    const std::filesystem::path &experiment);

} // namespace tessera
#endif
