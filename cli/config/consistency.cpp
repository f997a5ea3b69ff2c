#include "cli/config/consistency.h"

#include <cctype>

#include <fmt/format.h>

namespace tessera {
namespace {

class judge {
public:
    judge(const std::map<std::string, settings> &values, const std::string &file, problems &found)
        : m_values(values), m_file(file), m_found(found)
    {}

    void say(const std::string &section, const std::string &key, const std::string &text)
    {
        const setting &item = m_values.at(section).at(key);
        m_found.add(item.where.empty() ? m_file : item.where, section + "." + key + ": " + text);
    }

    // A check of the C core, whose message names the key that it is about.
    void core(const std::string &section, tsr_status status, const tsr_error &error)
    {
        if (status == TSR_OK) {
            return;
        }
        const std::string text = error.text[0] != '\0' ? error.text : tsr_status_name(status);
        const std::string key = first_key(section, text);
        const std::string where = key.empty() ? "" : m_values.at(section).at(key).where;
        m_found.add(where.empty() ? m_file : where, "[" + section + "]: " + text);
    }

private:
    // The first word of a message that is a key of the section.
    std::string first_key(const std::string &section, const std::string &text) const
    {
        const settings &values = m_values.at(section);
        std::string     word;
        for (const char c : text + " ") {
            if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
                word += c;
            } else if (values.count(word) != 0) {
                return word;
            } else {
                word.clear();
            }
        }
        return {};
    }

    const std::map<std::string, settings> &m_values;
    const std::string                     &m_file;
    problems                              &m_found;
};

bool is_available(tsr_algorithm_name name)
{
    return name == TSR_ALGORITHM_FP || name == TSR_ALGORITHM_SGD || name == TSR_ALGORITHM_TTV2 ||
           name == TSR_ALGORITHM_CTTV2;
}

void check_tables(judge &j, const std::string &section, const std::map<std::string, settings> &values)
{
    const auto &up = std::get<std::vector<double>>(values.at(section).at("table_up").value);
    const auto &down = std::get<std::vector<double>>(values.at(section).at("table_down").value);
    if (up.size() > TSR_DEVICE_TABLE_MAX) {
        j.say(section, "table_up", fmt::format("expected at most {} steps, got {}", TSR_DEVICE_TABLE_MAX, up.size()));
    }
    if (up.size() != down.size()) {
        j.say(section, "table_down", fmt::format("expected {} steps as in table_up, got {}", up.size(), down.size()));
    }
}

} // namespace

void check_consistency(const experiment &e, const std::map<std::string, settings> &values, const std::string &file,
                       problems &found)
{
    judge j(values, file, found);
    if (e.network.layers.size() < 2) {
        j.say("network", "layers", "expected two layers or more, inputs first, for example [784, 10]");
    }
    if (e.schedule.policy != schedule_policy::serial) {
        const std::string policy = std::get<std::string>(values.at("schedule").at("policy").value);
        j.say("schedule", "policy", fmt::format("\"{}\" is not available yet; use \"serial\"", policy));
    }
    if (!is_available(e.algorithm.spec.name)) {
        j.say("algorithm", "name",
              fmt::format("\"{}\" is not available yet; use \"fp\", \"sgd\", \"ttv2\" or \"cttv2\"",
                          tsr_algorithm_name_text(e.algorithm.spec.name)));
    }
    if (e.algorithm.spec.name == TSR_ALGORITHM_FP && e.device_w.law != TSR_LAW_IDEAL) {
        j.say("algorithm", "name", "\"fp\" updates weights exactly and needs law = \"ideal\" in [device]");
    }
    if (e.chip.h_bits != 32) {
        j.say("chip", "h_bits", "expected 32: H is computed in float32, shorter words are not available yet");
    }
    check_tables(j, "device_w", values);
    check_tables(j, "device_a", values);
    tsr_error error{};
    j.core("algorithm", tsr_algorithm_check(&e.algorithm.spec, &error), error);
    j.core("algorithm", tsr_update_check(&e.algorithm.update, &error), error);
    j.core("device_w", tsr_device_check(&e.device_w, &error), error);
    j.core("device_a", tsr_device_check(&e.device_a, &error), error);
    j.core("io", tsr_io_check(&e.io_forward, &error), error);
    j.core("io_backward", tsr_io_check(&e.io_backward, &error), error);
    j.core("io_transfer", tsr_io_check(&e.io_transfer, &error), error);
    j.core("chip", tsr_chip_check(&e.chip, &error), error);
}

} // namespace tessera
