// Where presets are: TOML files NAME.toml with one table, [device], [io] or [chip], and [sources].
//
// Looked for, in this order, in the folders of the environment variable TESSERA_PRESETS (separated by ':'), in presets/ beside
// the experiment file, in the source tree or installation that the program belongs to, and in the source tree it was built from.
// A name with a '/' or ending in .toml is the path of a file, relative to the experiment file.
#ifndef TESSERA_CLI_CONFIG_PRESET_FILES_H
#define TESSERA_CLI_CONFIG_PRESET_FILES_H

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tessera {

struct preset_file {
    std::filesystem::path path;
    std::string           shown; // short: relative to the source tree or the installation
};

// `table` is the kind of preset: "device", "io" or "chip". `beside` is the folder of the experiment file.
std::optional<preset_file> find_preset(const std::string &name, const std::string &table,
                                       const std::filesystem::path &beside);

// Names of all presets of a kind, sorted.
std::vector<std::string> preset_names(const std::string &table, const std::filesystem::path &beside);

} // namespace tessera
#endif
