// Tables of comma-separated values with a head line (RFC 4180: cells with a comma, a quote or a line break are quoted).
#ifndef TESSERA_REPORTS_CSV_H
#define TESSERA_REPORTS_CSV_H

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "models/accounting/ledger.h"

namespace tessera {

// One line with its end.
std::string csv_line(const std::vector<std::string> &cells);

class csv_table {
public:
    // Throws report_error: no head line, a row with more or fewer cells than the head, an open quote. `shown` names the file.
    csv_table(std::string shown, std::string_view text);

    // Reads a file; throws report_error also if it is missing or unreadable.
    static csv_table read(const std::filesystem::path &file);

    const std::vector<std::string> &columns() const { return m_head; }
    std::size_t                     rows() const { return m_rows.size(); }

    // Throws report_error naming the file if the column is missing.
    std::size_t column(const std::string &name) const;

    const std::string &text(std::size_t row, std::size_t column) const { return m_rows[row].cells[column]; }

    // The cell as a number, a whole number >= 0, or one of 64 bits. Throw report_error naming file, line and column.
    double        number(std::size_t row, std::size_t column) const;
    tsr_u128      whole(std::size_t row, std::size_t column) const;
    std::uint64_t count(std::size_t row, std::size_t column) const;

    // Throws report_error "file:line: column: what".
    [[noreturn]] void complain(std::size_t row, std::size_t column, const std::string &what) const;

private:
    struct record {
        std::size_t              line; // where it begins, from 1
        std::vector<std::string> cells;
    };

    // The record that begins at text[at]; moves `at` and `line` behind it.
    record take_record(std::string_view text, std::size_t &at, std::size_t &line) const;

    std::string              m_shown;
    std::vector<std::string> m_head;
    std::vector<record>      m_rows;
};

} // namespace tessera
#endif
