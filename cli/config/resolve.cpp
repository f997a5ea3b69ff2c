#include "cli/config/resolve.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/config/consistency.h"
#include "cli/config/layer.h"
#include "cli/config/preset_files.h"

namespace tessera {
namespace {

// The layers of one resolution, and what becomes of them.
class resolver {
public:
    resolver(const std::filesystem::path &file, const std::vector<std::string> &overrides) : m_file(file)
    {
        m_said = read_experiment(file, m_found);
        for (const std::string &assignment : overrides) {
            read_override(assignment, m_forced, m_found);
        }
        m_found.throw_if_any();
    }

    resolved_experiment run()
    {
        resolved_experiment out;
        m_defaults = default_experiment(algorithm_name());
        m_defaults.name = m_file.stem().string();
        out.values = m_defaults;
        for (const section_spec &section : key_table()) {
            merge(section, &out.list);
        }
        m_found.throw_if_any();
        for (const section_spec &section : key_table()) {
            for (const key_spec &key : section.keys) {
                if (key.set) {
                    key.set(section.target(out.values), m_values[section.name].at(key.name).value);
                }
            }
        }
        check_consistency(out.values, m_values, m_file.string(), m_found);
        m_found.throw_if_any();
        return out;
    }

private:
    const setting *said(const std::string &section, const std::string &key) const
    {
        const setting *const forced = m_forced.find(section, key);
        return forced != nullptr ? forced : m_said.find(section, key);
    }

    tsr_algorithm_name algorithm_name() const
    {
        experiment                e;
        const section_spec *const section = find_section("algorithm");
        if (const setting *const name = said("algorithm", "name")) {
            find_key(*section, "name")->set(section->target(e), name->value);
        }
        return e.algorithm.spec.name;
    }

    settings preset_of(const section_spec &section);
    void     merge(const section_spec &section, std::vector<resolved_value> *list);
    void     report_missing(const section_spec &section, const std::vector<std::string> &missing);

    std::filesystem::path           m_file;
    problems                        m_found;
    layer                           m_said, m_forced;
    experiment                      m_defaults;
    std::map<std::string, settings> m_values; // of all keys, inherited ones included
};

settings resolver::preset_of(const section_spec &section)
{
    const setting *const item = section.preset_table.empty() ? nullptr : said(section.name, "preset");
    if (item == nullptr) {
        return {};
    }
    const std::string          &name = std::get<std::string>(item->value);
    const std::filesystem::path beside = m_file.parent_path();
    if (const auto file = find_preset(name, section.preset_table, beside)) {
        return read_preset(file->path, file->shown, section, m_found);
    }
    const std::vector<std::string> names = preset_names(section.preset_table, beside);
    const std::string              near = nearest_name(name, names);
    m_found.add(item->where,
                fmt::format("{}.preset: no preset \"{}\" of a {}; {}", section.name, name, section.preset_table,
                            near.empty() ? fmt::format("known are {}", fmt::join(names, ", "))
                                         : fmt::format("did you mean \"{}\"?", near)));
    return {};
}

// The values of one section: what it starts from, then the preset, the file and --set.
void resolver::merge(const section_spec &section, std::vector<resolved_value> *list)
{
    const bool               inherits = !section.parent.empty() && said(section.name, "preset") == nullptr;
    const settings           preset = preset_of(section);
    settings                &values = m_values[section.name];
    std::vector<std::string> missing;
    for (const key_spec &key : section.keys) {
        if (!key.set) {
            continue; // another name of a key
        }
        const setting *item = said(section.name, key.name);
        const auto     of_preset = preset.find(key.name);
        if (item == nullptr && of_preset != preset.end()) {
            item = &of_preset->second;
        }
        if (item != nullptr) {
            values[key.name] = *item;
        } else if (inherits) {
            values[key.name] = m_values[section.parent][key.name];
            continue;
        } else {
            if (key.required) {
                missing.push_back(key.name);
            }
            values[key.name] = {key.get(section.target(m_defaults)), "", "default", key.source};
        }
        const setting &final = values[key.name];
        list->push_back(
            {section.name, key.name, toml_text(final.value), key.unit, key.doc, final.origin, final.source});
    }
    report_missing(section, missing);
}

void resolver::report_missing(const section_spec &section, const std::vector<std::string> &missing)
{
    const bool unknown_preset = said(section.name, "preset") != nullptr && m_found.any();
    if (missing.empty() || unknown_preset) {
        return;
    }
    const auto  place = m_said.section_where.find(section.name);
    const auto  shown = std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(missing.size()), 3);
    std::string text =
        fmt::format("[{}] lacks {}", section.name, fmt::join(missing.begin(), missing.begin() + shown, ", "));
    if (missing.size() > 3) {
        text += fmt::format(" and {} more keys", missing.size() - 3);
    }
    if (!section.preset_table.empty()) {
        text += fmt::format("; name a preset, one of {}",
                            fmt::join(preset_names(section.preset_table, m_file.parent_path()), ", "));
    }
    m_found.add(place == m_said.section_where.end() ? m_file.string() : place->second, text);
}

} // namespace

config_error::config_error(std::vector<std::string> lines)
    : std::runtime_error(fmt::format("{}", fmt::join(lines, "\n"))), m_lines(std::move(lines))
{}

resolved_experiment resolve(const std::filesystem::path &file, const std::vector<std::string> &overrides)
{
    return resolver(file, overrides).run();
}

} // namespace tessera
