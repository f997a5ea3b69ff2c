#include "cli/config/key_lookup.h"

#include <fmt/format.h>

namespace tessera {
namespace {

// The section that knows a key of this name, if it is not `here`.
std::string home_of(const std::string &key, const std::string &here)
{
    for (const section_spec &section : key_table()) {
        if (section.name != here && find_key(section, key) != nullptr) {
            return section.name;
        }
    }
    return {};
}

} // namespace

std::string full_name(const std::string &section, const std::string &key)
{
    return section.empty() ? key : section + "." + key;
}

const key_spec *known_key(const section_spec &section, const std::string &name)
{
    static const key_spec preset("preset", value_kind::text, "Name of a preset, or path of its file");
    return name == preset.name && !section.preset_table.empty() ? &preset : find_key(section, name);
}

std::string unknown_key_text(const section_spec &section, const std::string &name)
{
    const std::string place = section.name.empty() ? "before the first section" : "in [" + section.name + "]";
    std::string       text = fmt::format("unknown key '{}' {}", name, place);
    const std::string home = home_of(name, section.name);
    if (!home.empty()) {
        return text + fmt::format("; it belongs to [{}]", home);
    }
    std::vector<std::string> names;
    for (const key_spec &key : section.keys) {
        names.push_back(key.name);
    }
    if (!section.preset_table.empty()) {
        names.emplace_back("preset");
    }
    const std::string near = nearest_name(name, names);
    return text +
           (near.empty() ? "; 'tessera config --keys' lists all keys" : fmt::format("; did you mean '{}'?", near));
}

std::string unknown_section_text(const std::string &name)
{
    std::vector<std::string> names{"sources"};
    for (const section_spec &section : key_table()) {
        names.push_back(section.name);
    }
    const std::string near = nearest_name(name, names);
    return fmt::format("unknown section [{}]", name) +
           (near.empty() ? "; 'tessera config --keys' lists all sections" : fmt::format("; did you mean [{}]?", near));
}

std::string store(const section_spec &section, const key_spec &key, setting item, settings *into)
{
    const std::string &name = key.alias_of.empty() ? key.name : key.alias_of;
    const auto         before = into->find(name);
    if (before != into->end() && before->second.where != item.where && before->second.origin != "--set") {
        return fmt::format("{}: '{}' was given already at {}", full_name(section.name, key.name), name,
                           before->second.where);
    }
    if (key.translate) {
        item.value = key.translate(item.value);
    }
    (*into)[name] = std::move(item);
    return {};
}

} // namespace tessera
