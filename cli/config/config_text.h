// A resolved experiment as text.
#ifndef TESSERA_CLI_CONFIG_CONFIG_TEXT_H
#define TESSERA_CLI_CONFIG_CONFIG_TEXT_H

#include <string>

#include "cli/config/resolve.h"

namespace tessera {

// Table for people: key, value, unit, origin, source, and the assumptions the experiment rests on.
std::string print_config(const resolved_experiment &resolved);

// A complete experiment file: needs no preset and no default, and resolves to the same experiment, bit by bit, sources included.
std::string to_toml(const resolved_experiment &resolved);

// Every section and key there is: what it takes, its unit, one sentence.
std::string print_keys();

} // namespace tessera
#endif
