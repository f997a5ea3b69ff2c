// `tessera report`: what finished runs came to, alone or side by side.
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <vector>

#include "cli/commands.h"
#include "reports/comparison.h"
#include "reports/run_folder.h"
#include "reports/summary.h"
#include "reports/text_file.h"

namespace tessera {

namespace {

void write_table(const std::filesystem::path &file, const std::vector<run_summary> &runs)
{
    try {
        write_text_file(file, comparison_csv(runs));
    } catch (const report_error &error) {
        throw report_error(fmt::format("{}; give another file with --csv", error.what()));
    }
}

} // namespace

int run_report(const report_options &options)
{
    try {
        std::vector<run_summary> runs;
        for (const std::filesystem::path &folder : options.runs)
            runs.push_back(read_run_folder(folder));
        if (options.csv)
            write_table(*options.csv, runs);
        if (runs.size() == 1) {
            const std::string assumptions = assumptions_text(runs.front());
            fmt::print("{}{}{}", summary_text(runs.front()), assumptions.empty() ? "" : "\n", assumptions);
        } else {
            fmt::print("{}", comparison_text(runs));
        }
        return exit_ok;
    } catch (const report_error &error) {
        fmt::print(stderr, "{}\n", error.what());
        return exit_bad_input;
    } catch (const std::exception &error) {
        fmt::print(stderr, "tessera: {}\n", error.what());
        return exit_failure;
    }
}

} // namespace tessera
