// From an experiment file to an experiment: defaults, presets, the file, --set, in this order, each value with its origin.
//
// Sections inherit: [device_w] and [device_a] from [device]; [io_backward] and [io_transfer] from [io]. A `preset` in one of
// these starts that section afresh instead.
#ifndef TESSERA_CLI_CONFIG_RESOLVE_H
#define TESSERA_CLI_CONFIG_RESOLVE_H

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/config/experiment.h"

namespace tessera {

// What is wrong with a user's configuration: one line each, `file:line:col: key: what was expected`, in the order of the file.
class config_error : public std::runtime_error {
public:
    explicit config_error(std::vector<std::string> lines);
    const std::vector<std::string> &lines() const { return m_lines; } // what() joins them with '\n'

private:
    std::vector<std::string> m_lines;
};

// One value of the experiment. An inherited value is listed only in the section it is inherited from.
struct resolved_value {
    std::string section; // "" for the keys before the first section
    std::string key;
    std::string value;  // as TOML writes it; a double in the digits that read back to the same bits
    std::string unit;   // "ps", "fJ", …; empty for pure numbers, names and switches
    std::string doc;    // one sentence
    std::string origin; // "default", "FILE:LINE" of a preset or of the experiment, or "--set"
    std::string source; // publication or "assumption…" behind a preset's or default's number; else empty

    bool is_assumption() const { return source.rfind("assumption", 0) == 0; }
};

struct resolved_experiment {
    experiment                  values;
    std::vector<resolved_value> list; // section by section, in the order of key_table.h
};

// Reads `file` and applies `overrides`, each "section.key=value", the later over the earlier. Throws config_error.
resolved_experiment resolve(const std::filesystem::path &file, const std::vector<std::string> &overrides = {});

} // namespace tessera
#endif
