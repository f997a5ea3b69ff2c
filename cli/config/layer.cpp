#include "cli/config/layer.h"

#include <fmt/format.h>

#include "cli/config/key_lookup.h"
#include "cli/config/resolve.h"
#include "cli/config/toml_file.h"

namespace tessera {
namespace {

const char *const sources_table = "sources";

// Where store() has put the value of a key.
std::string stored_name(const section_spec &section, const std::string &name)
{
    const key_spec *const key = find_key(section, name);
    return key == nullptr || key->alias_of.empty() ? name : key->alias_of;
}

// [sources.SECTION] of an experiment: KEY = "source".
void read_experiment_sources(toml_file &reader, const toml::node &node, layer *into)
{
    const toml::table *const sections = node.as_table();
    if (sections == nullptr) {
        reader.say(node.source().begin, "sources: expected tables [sources.SECTION] of key = \"source\"");
        return;
    }
    for (const auto &[section_name, table] : *sections) {
        const std::string section(section_name.str());
        if (find_section(section) == nullptr || !table.is_table()) {
            reader.say(section_name.source().begin, unknown_section_text(section));
            continue;
        }
        settings &values = into->sections[section];
        for (const auto &[key, source] : *table.as_table()) {
            const auto value = values.find(stored_name(*find_section(section), std::string(key.str())));
            if (value == values.end()) {
                reader.say(key.source().begin, fmt::format("[sources.{0}]: '{1}' is not set in [{0}] of this file",
                                                           section, std::string(key.str())));
                continue;
            }
            value->second.source = reader.read_source(source);
        }
    }
}

bool is_number(value_kind kind)
{
    return kind == value_kind::integer || kind == value_kind::real || kind == value_kind::integers ||
           kind == value_kind::reals;
}

// [sources] of a preset: KEY = "source", and `default` for all others.
void read_preset_sources(toml_file &reader, const toml::table &sources, const section_spec &section,
                         const toml::table &values, settings *into)
{
    std::string fallback;
    for (const auto &[name, node] : sources) {
        const std::string key(name.str());
        if (key == "default") {
            fallback = reader.read_source(node);
        } else if (values.get(name) == nullptr) {
            reader.say(name.source().begin,
                       fmt::format("[sources]: '{}' is not set in [{}] of this preset", key, section.preset_table));
        }
    }
    for (const auto &[name, node] : values) {
        const std::string       text(name.str());
        const key_spec *const   key = find_key(section, text);
        const auto              item = into->find(stored_name(section, text));
        const toml::node *const source = sources.get(name);
        if (key == nullptr || item == into->end()) {
            continue; // was reported
        }
        if (source != nullptr) {
            item->second.source = reader.read_source(*source);
        } else if (is_number(key->kind)) {
            item->second.source = fallback;
            if (fallback.empty()) {
                reader.say(name.source().begin,
                           fmt::format("{}.{}: a preset names the source of each number: add {} = \"…\" to [sources]",
                                       section.preset_table, text, text));
            }
        }
    }
}

} // namespace

const setting *layer::find(const std::string &section, const std::string &key) const
{
    const auto values = sections.find(section);
    if (values == sections.end()) {
        return nullptr;
    }
    const auto value = values->second.find(key);
    return value == values->second.end() ? nullptr : &value->second;
}

void problems::throw_if_any() const
{
    if (!m_lines.empty()) {
        throw config_error(m_lines);
    }
}

layer read_experiment(const std::filesystem::path &file, problems &found)
{
    layer       out;
    toml::table root;
    toml_file   reader(file, file.string(), found);
    if (!reader.parse(&root)) {
        return out;
    }
    for (const auto &[name, node] : root) {
        const std::string text(name.str());
        if (text == sources_table) {
            continue;
        }
        const section_spec *const section = text.empty() ? nullptr : find_section(text);
        if (section == nullptr && node.is_table()) {
            reader.say(name.source().begin, unknown_section_text(text));
        } else if (section == nullptr) {
            reader.read_key(*find_section(""), name, node, &out.sections[""]);
        } else if (!node.is_table()) {
            reader.say(node.source().begin, fmt::format("{0}: expected a section [{0}] with keys", text));
        } else {
            out.section_where[text] = reader.where(name.source().begin);
            reader.read_section(*section, *node.as_table(), &out.sections[text]);
        }
    }
    if (const toml::node *const sources = root.get(sources_table)) {
        read_experiment_sources(reader, *sources, &out);
    }
    return out;
}

settings read_preset(const std::filesystem::path &file, const std::string &shown, const section_spec &section,
                     problems &found)
{
    settings    out;
    toml::table root;
    toml_file   reader(file, shown, found);
    if (!reader.parse(&root)) {
        return out;
    }
    for (const auto &[name, node] : root) {
        if (name.str() != section.preset_table && name.str() != sources_table) {
            reader.say(name.source().begin, fmt::format("'{}' has no place in a preset, which has [{}] and [sources]",
                                                        std::string(name.str()), section.preset_table));
        }
    }
    const toml::table *const values = root[section.preset_table].as_table();
    if (values == nullptr) {
        reader.say({1, 1}, fmt::format("expected a preset with a section [{}]", section.preset_table));
        return out;
    }
    section_spec keys_only = section;
    keys_only.name = section.preset_table;
    keys_only.preset_table.clear(); // a preset is not made of presets
    reader.read_section(keys_only, *values, &out);
    const toml::table        none;
    const toml::table *const sources = root[sources_table].as_table();
    read_preset_sources(reader, sources == nullptr ? none : *sources, section, *values, &out);
    return out;
}

} // namespace tessera
