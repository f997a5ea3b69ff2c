// The commands of the program. Each returns the exit code of the process.
#ifndef TESSERA_CLI_COMMANDS_H
#define TESSERA_CLI_COMMANDS_H

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tessera {

inline constexpr int exit_ok = 0;
inline constexpr int exit_failure = 1;       // the run could not go on
inline constexpr int exit_bad_input = 2;     // command line, configuration or data: nothing was started
inline constexpr int exit_interrupted = 130; // Ctrl-C; what was reached by then is in the run folder

struct train_options {
    std::filesystem::path                experiment;
    std::vector<std::string>             overrides; // --set section.key=value
    std::optional<std::filesystem::path> output;    // -o; default: a new folder below runs/
    std::optional<std::uint64_t>         seed;      // --seed, short for --set training.seed=…
    std::optional<std::filesystem::path> data;      // --data, short for --set data.folder=…
    bool                                 quiet = false;
    bool                                 record = false; // --record, short for --set record.spans=true
};

struct report_options {
    std::vector<std::filesystem::path>   runs;
    std::optional<std::filesystem::path> csv; // --csv: also as a table in this file
};

struct config_options {
    std::filesystem::path    experiment; // empty with `keys`
    std::vector<std::string> overrides;
    bool                     toml = false; // print as a complete experiment file instead of a table
    bool                     keys = false; // print every known key instead
};

int run_train(const train_options &options);
int run_report(const report_options &options);
int run_config(const config_options &options);

// Parses the arguments and runs the command they name.
int run_command_line(int argc, const char *const *argv);

} // namespace tessera
#endif
