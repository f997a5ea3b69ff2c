#include "cli/config/toml_file.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <tuple>

#include <fmt/format.h>

#include "cli/config/key_lookup.h"
#include "cli/config/toml_value.h"

namespace tessera {

toml_file::toml_file(const std::filesystem::path &file, std::string shown, problems &found)
    : m_file(file.string()), m_shown(std::move(shown)), m_found(found)
{}

toml_file::~toml_file()
{
    std::stable_sort(m_notes.begin(), m_notes.end(), [](const note &a, const note &b) {
        return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
    });
    for (const note &n : m_notes) {
        m_found.add(where(n.at), n.text);
    }
}

std::string toml_file::where(const toml::source_position &at) const
{
    return fmt::format("{}:{}:{}", m_file, at.line, at.column);
}

std::string toml_file::origin(const toml::source_position &at) const { return fmt::format("{}:{}", m_shown, at.line); }

bool toml_file::parse(toml::table *out)
{
    std::error_code failed;
    std::ifstream   stream(m_file, std::ios::binary);
    if (!stream || !std::filesystem::exists(m_file, failed) || std::filesystem::is_directory(m_file, failed)) {
        m_found.add(m_file, "cannot be read; give the path of a TOML file");
        return false;
    }
    try {
        *out = toml::parse(std::string{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()});
    } catch (const toml::parse_error &error) {
        say(error.source().begin, fmt::format("not TOML: {}", error.description()));
        return false;
    }
    return true;
}

void toml_file::read_key(const section_spec &section, const toml::key &name, const toml::node &node, settings *into)
{
    const std::string     text(name.str());
    const key_spec *const key = known_key(section, text);
    if (key == nullptr) {
        say(name.source().begin, unknown_key_text(section, text));
        return;
    }
    setting           item{{}, where(node.source().begin), origin(name.source().begin), {}};
    const std::string wrong = read_value(node, *key, &item.value);
    if (!wrong.empty()) {
        say(node.source().begin, full_name(section.name, text) + ": " + wrong);
        return;
    }
    const std::string twice = store(section, *key, std::move(item), into);
    if (!twice.empty()) {
        say(name.source().begin, twice);
    }
}

void toml_file::read_section(const section_spec &section, const toml::table &table, settings *into)
{
    for (const auto &[name, node] : table) {
        read_key(section, name, node, into);
    }
}

std::string toml_file::read_source(const toml::node &node)
{
    if (node.is_string() && !node.as_string()->get().empty()) {
        return node.as_string()->get();
    }
    const toml::table *const table = node.as_table();
    if (table == nullptr || !(*table)["source"].is_string()) {
        say(node.source().begin,
            "expected the source as a string, or { source = \"…\", low = …, typical = …, high = … }");
        return {};
    }
    std::string range;
    for (const char *const name : {"low", "typical", "high"}) {
        if (const auto number = (*table)[name].value<double>()) {
            range += fmt::format("{}{} {}", range.empty() ? "" : ", ", name, *number);
        }
    }
    const std::string text = (*table)["source"].as_string()->get();
    return range.empty() ? text : fmt::format("{} ({})", text, range);
}

} // namespace tessera
