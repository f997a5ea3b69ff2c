// --set section.key=value
#include <fmt/format.h>
#include <toml++/toml.h>

#include "cli/config/key_lookup.h"
#include "cli/config/toml_value.h"

namespace tessera {
namespace {

// Reads what follows the '='. Returns what is wrong, or nothing.
std::string read_bare_value(const std::string &text, const key_spec &key, config_value *value)
{
    const bool takes_text = key.kind == value_kind::text || key.kind == value_kind::choice;
    if (takes_text && (text.empty() || text.front() != '"')) {
        *value = text;
        return check_value(key, *value);
    }
    if (text.find_first_of("\r\n") == std::string::npos) { // a second line could set a second key
        try {
            const toml::table parsed = toml::parse("value = " + text);
            return read_value(*parsed.get("value"), key, value);
        } catch (const toml::parse_error &) {
        }
    }
    return fmt::format("expected {}, got '{}'", expected_text(key), text);
}

} // namespace

void read_override(const std::string &assignment, layer &into, problems &found)
{
    const std::string where = "--set " + assignment;
    const std::size_t equals = assignment.find('=');
    const std::string path = assignment.substr(0, equals);
    const std::size_t dot = path.rfind('.');
    const std::string section_name = dot == std::string::npos ? "" : path.substr(0, dot);
    const std::string name = dot == std::string::npos ? path : path.substr(dot + 1);
    if (equals == std::string::npos || name.empty()) {
        found.add(where, "expected section.key=value, for example training.epochs=3");
        return;
    }
    const section_spec *const section = find_section(section_name);
    if (section == nullptr) {
        found.add(where, unknown_section_text(section_name));
        return;
    }
    const key_spec *const key = known_key(*section, name);
    if (key == nullptr) {
        found.add(where, unknown_key_text(*section, name));
        return;
    }
    setting           item{{}, where, "--set", {}};
    const std::string wrong = read_bare_value(assignment.substr(equals + 1), *key, &item.value);
    if (wrong.empty()) {
        store(*section, *key, std::move(item), &into.sections[section_name]);
    } else {
        found.add(where, full_name(section_name, name) + ": " + wrong);
    }
}

} // namespace tessera
