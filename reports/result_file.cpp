#include "reports/result_file.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "reports/report_error.h"
#include "reports/text_file.h"

namespace tessera {

namespace {

using json = nlohmann::json;

// "line:column" of a byte of a text, counted from 1.
std::string position(const std::string &text, std::size_t byte)
{
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t k = 0; k + 1 < byte && k < text.size(); ++k) {
        line += text[k] == '\n' ? 1U : 0U;
        column = text[k] == '\n' ? 1 : column + 1;
    }
    return fmt::format("{}:{}", line, column);
}

} // namespace

result_file::result_file(const std::filesystem::path &file) : m_shown(file.string())
{
    const std::string text = read_text_file(file);
    try {
        m_object = json::parse(text);
    } catch (const json::parse_error &error) {
        throw report_error(fmt::format("{}:{}: not JSON; the file is damaged", m_shown, position(text, error.byte)));
    } catch (const json::exception &) { // a number beyond all ranges
        throw report_error(fmt::format("{}: not JSON; the file is damaged", m_shown));
    }
    if (!m_object.is_object())
        throw report_error(fmt::format("{}: expected an object with keys, got {}", m_shown, m_object.type_name()));
}

void result_file::require_format(const std::string &format) const
{
    const std::string got = text("format");
    if (got != format)
        complain("format",
                 fmt::format("expected \"{}\", got \"{}\"; the run was made by another version of the program", format,
                             got));
}

const json &result_file::at(const std::string &key) const
{
    const auto found = m_object.find(key);
    if (found == m_object.end())
        throw report_error(fmt::format("{}: lacks the key {}", m_shown, key));
    return *found;
}

void result_file::complain(const std::string &key, const std::string &what) const
{
    throw report_error(fmt::format("{}: {}: {}", m_shown, key, what));
}

void result_file::complain_of_value(const std::string &key, const char *expected) const
{
    const auto replace = json::error_handler_t::replace; // bytes that are no UTF-8
    complain(key, fmt::format("expected {}, got {}", expected, at(key).dump(-1, ' ', false, replace)));
}

std::string result_file::text(const std::string &key) const
{
    if (!at(key).is_string())
        complain_of_value(key, "a text");
    return at(key).get<std::string>();
}

std::vector<std::string> result_file::texts(const std::string &key) const
{
    const json &list = at(key);
    if (!list.is_array() || !std::all_of(list.begin(), list.end(), [](const json &item) { return item.is_string(); }))
        complain_of_value(key, "a list of texts");
    return list.get<std::vector<std::string>>();
}

std::uint64_t result_file::whole(const std::string &key) const
{
    if (!at(key).is_number_unsigned())
        complain_of_value(key, "a whole number");
    return at(key).get<std::uint64_t>();
}

double result_file::amount(const std::string &key) const
{
    const double value = at(key).is_number() ? at(key).get<double>() : -1.0;
    if (!(value >= 0) || !std::isfinite(value))
        complain_of_value(key, "a finite number >= 0");
    return value;
}

std::optional<double> result_file::number_or_null(const std::string &key) const
{
    if (at(key).is_null())
        return std::nullopt;
    if (!at(key).is_number())
        complain_of_value(key, "a number or null");
    return at(key).get<double>();
}

} // namespace tessera
