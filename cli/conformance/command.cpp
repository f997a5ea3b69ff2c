#include "cli/conformance/command.h"

#include <exception>
#include <fmt/format.h>
#include <ostream>

#include "cli/conformance/replay.h"
#include "models/math/isa.h"

namespace tessera::conformance {
namespace {

constexpr const char *usage =
    "usage: tessera-conformance [--no-information] FILE.json...\n"
    "Replays reference vectors through the C core and prints, for each case, the largest deviation: absolute, and as "
    "a\n"
    "share of the tolerance of the case. Exit code 0 if all pass, 1 if any fails, 2 if a file cannot be used.\n"
    "  --no-information  leave out the cases that are reported but not judged (the slowest)\n";

struct parsed_arguments {
    replay_options           options;
    std::vector<std::string> files;
    bool                     help = false;
};

parsed_arguments parse(const std::vector<std::string> &arguments)
{
    parsed_arguments parsed;
    for (const std::string &argument : arguments) {
        if (argument == "-h" || argument == "--help") {
            parsed.help = true;
        } else if (argument == "--no-information") {
            parsed.options.information = false;
        } else if (argument.size() > 1 && argument[0] == '-') {
            throw format_error(fmt::format("unknown option {} (--help lists all)", argument));
        } else {
            parsed.files.push_back(argument);
        }
    }
    if (parsed.files.empty() && !parsed.help) {
        throw format_error("no file given (--help shows the usage)");
    }
    return parsed;
}

std::string line_of(const case_result &result)
{
    const outcome &found = result.found;
    const char    *verdict = !found.judged() ? "info" : found.passed() ? "pass" : "FAIL";
    const bool     place = !found.judged() || !found.passed();
    return fmt::format("{}  {:<20} {:<60} largest deviation {:.2e}, {:.3f} of tolerance{}\n", verdict, result.kind,
                       result.name, found.deviation(), found.share(), place ? ": " + found.place() : "");
}

struct tally {
    size_t passed = 0, failed = 0, information = 0;

    void add(const outcome &found)
    {
        size_t &which = !found.judged() ? information : found.passed() ? passed : failed;
        ++which;
    }
};

int replay_all(const std::vector<std::string> &arguments, std::ostream &report)
{
    const parsed_arguments parsed = parse(arguments);
    if (parsed.help) {
        report << usage;
        return 0;
    }
    tsr_error error{};
    if (tsr_isa_select_from_environment(&error) != TSR_OK) {
        throw format_error(error.text);
    }
    tally count;
    for (const std::string &file : parsed.files) {
        replay_file(file, parsed.options, [&](const case_result &result) {
            report << line_of(result) << std::flush;
            count.add(result.found);
        });
    }
    report << fmt::format("{} of {} cases pass", count.passed, count.passed + count.failed)
           << (count.information > 0 ? fmt::format(", {} for information\n", count.information) : "\n");
    return count.failed == 0 ? 0 : 1;
}

} // namespace

int run_command(const std::vector<std::string> &arguments, std::ostream &report, std::ostream &problems)
{
    try {
        return replay_all(arguments, report);
    } catch (const std::exception &problem) {
        problems << "tessera-conformance: " << problem.what() << std::endl;
        return 2;
    }
}

} // namespace tessera::conformance
