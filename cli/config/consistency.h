// What must hold between keys: the checks of the C core, and what this program cannot do yet.
#ifndef TESSERA_CLI_CONFIG_CONSISTENCY_H
#define TESSERA_CLI_CONFIG_CONSISTENCY_H

#include <map>
#include <string>

#include "cli/config/layer.h"

namespace tessera {

// `values`: every key's final setting by section, for the place of what is wrong. `file`: the place of what has none.
void check_consistency(const experiment &e, const std::map<std::string, settings> &values, const std::string &file,
                       problems &found);

} // namespace tessera
#endif
