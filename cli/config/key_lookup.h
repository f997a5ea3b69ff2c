// Finding a key by what a user wrote, and saying what is wrong with it.
#ifndef TESSERA_CLI_CONFIG_KEY_LOOKUP_H
#define TESSERA_CLI_CONFIG_KEY_LOOKUP_H

#include <string>

#include "cli/config/layer.h"

namespace tessera {

// "section.key", or "key" before the first section.
std::string full_name(const std::string &section, const std::string &key);

// The key of this name, `preset` included where the section takes one, or null.
const key_spec *known_key(const section_spec &section, const std::string &name);

// One line with the nearest name that exists.
std::string unknown_key_text(const section_spec &section, const std::string &name);
std::string unknown_section_text(const std::string &name);

// Puts a checked value under its key, or under the key that it is another name of. A file may give each value once, --set
// any number of times. Returns what is wrong, or nothing.
std::string store(const section_spec &section, const key_spec &key, setting item, settings *into);

} // namespace tessera
#endif
