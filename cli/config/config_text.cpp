#include "cli/config/config_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/config/key_spec.h"
#include "cli/config/key_table.h"

namespace tessera {
namespace {

// Columns on the screen of a UTF-8 text.
std::size_t columns(const std::string &text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string padded(const std::string &text, std::size_t width)
{
    const std::size_t have = columns(text);
    return have < width ? text + std::string(width - have, ' ') : text;
}

void trim_end(std::string *text) { text->erase(text->find_last_not_of(' ') + 1); }

using cells = std::vector<std::string>;

// Rows in columns, two spaces apart; a row of one cell is a heading.
std::string in_columns(const std::vector<cells> &rows)
{
    std::vector<std::size_t> widths;
    for (const cells &row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t k = 0; row.size() > 1 && k < row.size(); ++k) {
            widths[k] = std::max(widths[k], columns(row[k]));
        }
    }
    std::string out;
    for (const cells &row : rows) {
        std::string line;
        for (std::size_t k = 0; k < row.size(); ++k) {
            line += padded(row[k], row.size() == 1 ? 0 : widths[k] + 2);
        }
        trim_end(&line);
        out += line + "\n";
    }
    return out;
}

std::string heading(const std::string &section)
{
    return section.empty() ? "before the first section" : "[" + section + "]";
}

std::string assumptions(const std::vector<resolved_value> &list)
{
    std::vector<cells> rows;
    for (const resolved_value &v : list) {
        if (v.is_assumption()) {
            rows.push_back({"  " + v.section + "." + v.key, v.value + (v.unit.empty() ? "" : " " + v.unit), v.source});
        }
    }
    return rows.empty() ? "" : fmt::format("\n{} values rest on assumptions:\n", rows.size()) + in_columns(rows);
}

} // namespace

std::string print_config(const resolved_experiment &resolved)
{
    std::vector<cells> rows{{"key", "value", "unit", "origin", "source"}};
    std::string        section = "-";
    for (const resolved_value &v : resolved.list) {
        if (v.section != section) {
            section = v.section;
            rows.push_back({""});
            rows.push_back({heading(section)});
        }
        rows.push_back({"  " + v.key, v.value, v.unit, v.origin, v.source});
    }
    return in_columns(rows) + assumptions(resolved.list);
}

std::string to_toml(const resolved_experiment &resolved)
{
    std::string out = "# Every value of this experiment; beside each its unit and where it came from.\n";
    std::string sources;
    std::string section, sources_section = "-";
    for (const resolved_value &v : resolved.list) {
        if (v.section != section) {
            section = v.section;
            out += fmt::format("\n[{}]\n", section);
        }
        out += fmt::format("{} = {} # {}{}{}\n", v.key, v.value, v.unit, v.unit.empty() ? "" : ", ", v.origin);
        if (v.source.empty()) {
            continue;
        }
        if (v.section != sources_section) {
            sources_section = v.section;
            sources += fmt::format("\n[sources.{}]\n", sources_section);
        }
        sources += fmt::format("{} = {}\n", v.key, toml_text(v.source));
    }
    return out + sources;
}

std::string print_keys()
{
    std::string out;
    for (const section_spec &section : key_table()) {
        out += fmt::format("{}{} {}\n", out.empty() ? "" : "\n", heading(section.name), section.doc);
        if (!section.parent.empty()) {
            out += fmt::format("  the keys of [{}]\n", section.parent);
            continue;
        }
        std::vector<cells> rows;
        for (const key_spec &key : section.keys) {
            rows.push_back({"  " + key.name, key.unit, key.doc, expected_text(key)});
        }
        out += in_columns(rows);
    }
    return out;
}

} // namespace tessera
