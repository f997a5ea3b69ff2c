#include "cli/conformance/replay.h"

#include <fmt/format.h>
#include <fstream>
#include <map>

namespace tessera::conformance {
namespace {

struct kind_entry {
    outcome (*replay)(const case_node &);
    bool judged;
};

const std::map<std::string, kind_entry> &kinds()
{
    static const std::map<std::string, kind_entry> table = {
        {"pulse_sequence", {replay_pulse_sequence, true}},
        {"read", {replay_read, true}},
        {"read_statistics", {replay_read_statistics, true}},
        {"update", {replay_update, true}},
        {"update_statistics", {replay_update_statistics, true}},
        {"transfer_sequence", {replay_transfer_sequence, true}},
        {"transfer_statistics", {replay_transfer_statistics, true}},
        {"programming_error", {replay_programming_error, false}},
    };
    return table;
}

nlohmann::json parse_file(const std::string &path)
{
    std::ifstream file(path);
    if (!file) {
        throw format_error(fmt::format("{}: cannot be opened", path));
    }
    try {
        return nlohmann::json::parse(file);
    } catch (const nlohmann::json::exception &error) {
        throw format_error(fmt::format("{}: is not JSON: {}", path, error.what()));
    }
}

} // namespace

void replay_file(const std::string &path, const replay_options &options,
                 const std::function<void(const case_result &)> &report)
{
    const nlohmann::json document = parse_file(path);
    const case_node      root(document, path);
    if (root.at("format").text() != "tessera-conformance/1") {
        root.at("format").fail(fmt::format("is '{}', expected 'tessera-conformance/1'", root.at("format").text()));
    }
    size_t number = 0;
    for (const case_node &item : root.at("cases").items()) {
        ++number;
        const std::string name = item.has("name") ? item.at("name").text() : fmt::format("number {}", number);
        // From here on messages name the case, and keys start at it.
        const case_node   test = item.as_case(name);
        const std::string kind = test.at("kind").text();
        const auto        entry = kinds().find(kind);
        if (entry == kinds().end()) {
            test.at("kind").fail(fmt::format("is '{}': unknown", kind));
        }
        if (entry->second.judged || options.information) {
            case_result result{name, kind, entry->second.replay(test)};
            result.found.judged(entry->second.judged);
            report(result);
        }
    }
}

} // namespace tessera::conformance
