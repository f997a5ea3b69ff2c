// CSV: what is written reads back, and what is damaged is refused with file, line and column.
#include <cmath>
#include <functional>
#include <gtest/gtest.h>

#include "reports/csv.h"
#include "reports/report_error.h"

namespace tessera {
namespace {

std::string complaint(const std::function<void()> &act)
{
    try {
        act();
    } catch (const report_error &error) {
        return error.what();
    }
    return "none";
}

TEST(csv, any_cell_survives)
{
    const std::vector<std::string> head{"a", "b,c", "d"};
    const std::vector<std::string> row{"", "say \"two\nlines\", please\r", " x "};
    const csv_table                table("t.csv", csv_line(head) + csv_line(row) + csv_line({"1", "2", "3"}));
    EXPECT_EQ(table.columns(), head);
    ASSERT_EQ(table.rows(), 2U);
    for (std::size_t k = 0; k < row.size(); ++k)
        EXPECT_EQ(table.text(0, k), row[k]);
    EXPECT_EQ(table.text(1, table.column("d")), "3");
}

TEST(csv, line_ends_of_other_systems_and_a_missing_last_one)
{
    const csv_table table("t.csv", "a,b\r\n1,2\r\n3,4");
    ASSERT_EQ(table.rows(), 2U);
    EXPECT_EQ(table.text(0, 1), "2");
    EXPECT_EQ(table.text(1, 1), "4");
}

TEST(csv, numbers)
{
    const csv_table table("t.csv", "a\n0.5\nnan\n18446744073709551616\n7\n\n7x\n");
    EXPECT_EQ(table.number(0, 0), 0.5);
    EXPECT_TRUE(std::isnan(table.number(1, 0)));
    EXPECT_TRUE(table.whole(2, 0) == tsr_u128{1} << 64);
    EXPECT_EQ(table.count(3, 0), 7U);
    EXPECT_EQ(complaint([&] { table.whole(0, 0); }), "t.csv:2: a: expected a whole number, got '0.5'");
    EXPECT_EQ(complaint([&] { table.count(2, 0); }),
              "t.csv:4: a: expected at most 18446744073709551615, got 18446744073709551616");
    EXPECT_EQ(complaint([&] { table.number(4, 0); }), "t.csv:6: a: expected a number, got ''");
    EXPECT_EQ(complaint([&] { table.number(5, 0); }), "t.csv:7: a: expected a number, got '7x'");
}

TEST(csv, damage)
{
    EXPECT_EQ(complaint([] { csv_table("t.csv", ""); }), "t.csv: empty, expected a table with a head line");
    EXPECT_EQ(complaint([] { csv_table("t.csv", "a,b\n\"x\ny\",2\n1\n"); }),
              "t.csv:4: expected 2 cells as in the head line, got 1; the file is damaged");
    EXPECT_EQ(complaint([] { csv_table("t.csv", "a,b\n1,\"2\n3,4\n"); }),
              "t.csv:2: a quote is never closed; the file is damaged");
    EXPECT_EQ(complaint([] { csv_table("t.csv", "a,b\n").column("c"); }), "t.csv:1: lacks the column c");
    EXPECT_EQ(complaint([] { csv_table::read("/no/such.csv"); }),
              "/no/such.csv: cannot be read: No such file or directory");
}

} // namespace
} // namespace tessera
