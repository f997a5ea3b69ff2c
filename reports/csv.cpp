#include "reports/csv.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

#include "reports/exact.h"
#include "reports/report_error.h"
#include "reports/text_file.h"

namespace tessera {

std::string csv_line(const std::vector<std::string> &cells)
{
    std::string line;
    for (const std::string &cell : cells) {
        if (&cell != &cells.front())
            line += ',';
        if (cell.find_first_of(",\"\r\n") == std::string::npos) {
            line += cell;
            continue;
        }
        line += '"';
        for (const char c : cell)
            line.append(c == '"' ? 2 : 1, c);
        line += '"';
    }
    return line + '\n';
}

csv_table csv_table::read(const std::filesystem::path &file) { return {file.string(), read_text_file(file)}; }

csv_table::csv_table(std::string shown, std::string_view text) : m_shown(std::move(shown))
{
    std::size_t at = 0;
    std::size_t line = 1;
    if (text.empty())
        throw report_error(fmt::format("{}: empty, expected a table with a head line", m_shown));
    m_head = take_record(text, at, line).cells;
    while (at < text.size()) {
        record row = take_record(text, at, line);
        if (row.cells.size() != m_head.size())
            throw report_error(fmt::format("{}:{}: expected {} cells as in the head line, got {}; the file is damaged",
                                           m_shown, row.line, m_head.size(), row.cells.size()));
        m_rows.push_back(std::move(row));
    }
}

csv_table::record csv_table::take_record(std::string_view text, std::size_t &at, std::size_t &line) const
{
    record found{line, {""}};
    bool   quoted = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        line += c == '\n' ? 1U : 0U;
        if (c == '"' && quoted && at + 1 < text.size() && text[at + 1] == '"') {
            found.cells.back() += text[++at];
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            found.cells.emplace_back();
        } else if (c == '\n' && !quoted) {
            ++at;
            return found;
        } else if (c != '\r' || quoted) {
            found.cells.back() += c;
        }
    }
    if (quoted)
        throw report_error(fmt::format("{}:{}: a quote is never closed; the file is damaged", m_shown, found.line));
    return found;
}

std::size_t csv_table::column(const std::string &name) const
{
    const auto found = std::find(m_head.begin(), m_head.end(), name);
    if (found == m_head.end())
        throw report_error(fmt::format("{}:1: lacks the column {}", m_shown, name));
    return static_cast<std::size_t>(found - m_head.begin());
}

double csv_table::number(std::size_t row, std::size_t column) const
{
    const std::string &cell = text(row, column);
    char              *end = nullptr;
    const double       value = std::strtod(cell.c_str(), &end);
    if (cell.empty() || *end != '\0')
        complain(row, column, fmt::format("expected a number, got '{}'", cell));
    return value;
}

tsr_u128 csv_table::whole(std::size_t row, std::size_t column) const
{
    const std::optional<tsr_u128> value = parse_whole(text(row, column));
    if (!value)
        complain(row, column, fmt::format("expected a whole number, got '{}'", text(row, column)));
    return *value;
}

std::uint64_t csv_table::count(std::size_t row, std::size_t column) const
{
    const tsr_u128 value = whole(row, column);
    if (value > UINT64_MAX)
        complain(row, column, fmt::format("expected at most {}, got {}", UINT64_MAX, text(row, column)));
    return static_cast<std::uint64_t>(value);
}

void csv_table::complain(std::size_t row, std::size_t column, const std::string &what) const
{
    throw report_error(fmt::format("{}:{}: {}: {}", m_shown, m_rows[row].line, m_head[column], what));
}

} // namespace tessera
