// From a node of a TOML file to the value of a key.
#ifndef TESSERA_CLI_CONFIG_TOML_VALUE_H
#define TESSERA_CLI_CONFIG_TOML_VALUE_H

#include <string>

#include <toml++/toml.h>

#include "cli/config/key_spec.h"

namespace tessera {

// The value in *value, and an empty text; or what is wrong: `expected …, got …`.
std::string read_value(const toml::node &node, const key_spec &key, config_value *value);

} // namespace tessera
#endif
