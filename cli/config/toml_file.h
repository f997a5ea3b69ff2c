// A TOML file that is read key by key, with its problems in the order of its lines.
#ifndef TESSERA_CLI_CONFIG_TOML_FILE_H
#define TESSERA_CLI_CONFIG_TOML_FILE_H

#include <filesystem>
#include <string>
#include <vector>

#include <toml++/toml.h>

#include "cli/config/layer.h"

namespace tessera {

class toml_file {
public:
    // `shown` names the file in origins; messages have its path. Problems reach `found` at the end of this object's life.
    toml_file(const std::filesystem::path &file, std::string shown, problems &found);
    ~toml_file();
    toml_file(const toml_file &) = delete;
    toml_file &operator=(const toml_file &) = delete;

    // False if the file cannot be read or is no TOML.
    bool parse(toml::table *out);

    void        say(const toml::source_position &at, std::string text) { m_notes.push_back({at, std::move(text)}); }
    std::string where(const toml::source_position &at) const;  // FILE:LINE:COLUMN
    std::string origin(const toml::source_position &at) const; // FILE:LINE

    // One key of a section, checked and stored.
    void read_key(const section_spec &section, const toml::key &name, const toml::node &node, settings *into);
    void read_section(const section_spec &section, const toml::table &table, settings *into);

    // "text", or { source = "text", low = 1, typical = 2, high = 3 } with the numbers optional, as one text.
    std::string read_source(const toml::node &node);

private:
    struct note {
        toml::source_position at;
        std::string           text;
    };

    std::string       m_file, m_shown;
    problems         &m_found;
    std::vector<note> m_notes;
};

} // namespace tessera
#endif
