// What one file, or the --set options, say: values by section and key, checked against the key table, each with its origin.
//
// Readers report what is wrong into a `problems` list and go on, so that a user sees all mistakes of a file at once.
#ifndef TESSERA_CLI_CONFIG_LAYER_H
#define TESSERA_CLI_CONFIG_LAYER_H

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "cli/config/key_table.h"

namespace tessera {

struct setting {
    config_value value;
    std::string  where;  // for messages: "FILE:LINE:COLUMN" or "--set section.key=value"; empty for a default
    std::string  origin; // for people: "FILE:LINE", "--set" or "default"
    std::string  source; // publication or assumption behind it, if stated
};

using settings = std::map<std::string, setting>; // by key; a preset's name is under "preset"

struct layer {
    std::map<std::string, settings>    sections;
    std::map<std::string, std::string> section_where; // where a section begins

    const setting *find(const std::string &section, const std::string &key) const;
};

class problems {
public:
    void add(const std::string &where, const std::string &text) { m_lines.push_back(where + ": " + text); }
    bool any() const { return !m_lines.empty(); }
    void throw_if_any() const; // config_error

private:
    std::vector<std::string> m_lines;
};

// The experiment file. `shown` names it in messages.
layer read_experiment(const std::filesystem::path &file, problems &found);

// A preset: one table `table` with keys of `section`, and [sources] with the source of every number in it.
settings read_preset(const std::filesystem::path &file, const std::string &shown, const section_spec &section,
                     problems &found);

// One "section.key=value" of the command line, over what `into` holds already. Names and texts need no quotes.
void read_override(const std::string &assignment, layer &into, problems &found);

} // namespace tessera
#endif
