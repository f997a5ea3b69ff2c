// `tessera report` as a user runs it: what goes to which stream, exit codes, and the table it writes.
#include "reports/comparison.h"
#include "reports/csv.h"
#include "reports/summary.h"
#include "tests/cli/run_program.h"
#include "tests/reports/run_files.h"

namespace tessera::test {
namespace {

class report_program : public report_files_test {
protected:
    program_outcome report(const std::string &arguments, const std::string &environment = "LC_ALL=C") const
    {
        return run_program(m_folder, "report " + arguments, environment);
    }

    // As the program reads it when it runs in m_folder.
    run_summary summary_of(const std::string &name) const
    {
        run_summary run = read_run_folder(m_folder / name);
        run.folder = name;
        return run;
    }
};

TEST_F(report_program, one_run_is_its_page_and_its_assumptions)
{
    run_files().write(m_folder / "a");
    const program_outcome got = report("a");
    EXPECT_EQ(got.exit_code, 0);
    EXPECT_EQ(got.err, "");
    EXPECT_EQ(got.out, summary_text(summary_of("a"), text_style{false}) + "\n" + assumptions_text(summary_of("a")));
    EXPECT_EQ(report("a/").out, got.out);
}

TEST_F(report_program, locale_decides_how_bars_are_drawn)
{
    run_files().write(m_folder / "a");
    EXPECT_NE(report("a", "LC_ALL=C.UTF-8").out.find("█"), std::string::npos);
    EXPECT_EQ(report("a", "LC_ALL=C").out.find("█"), std::string::npos);
}

TEST_F(report_program, several_runs_side_by_side_and_as_csv)
{
    run_files().write(m_folder / "a");
    run_files other;
    other.result["test_accuracy"] = 70;
    other.write(m_folder / "b");
    const program_outcome got = report("a b --csv table.csv");
    EXPECT_EQ(got.exit_code, 0);
    EXPECT_EQ(got.err, "");
    const std::vector<run_summary> runs{summary_of("a"), summary_of("b")};
    EXPECT_EQ(got.out, comparison_text(runs, text_style{false}));
    EXPECT_EQ(file_text(m_folder / "table.csv"), comparison_csv(runs));
    const csv_table table = csv_table::read(m_folder / "table.csv");
    EXPECT_EQ(table.number(1, table.column("test_accuracy_percent")), 70.0);
}

TEST_F(report_program, csv_of_one_run)
{
    run_files().write(m_folder / "a");
    EXPECT_EQ(report("a --csv table.csv").exit_code, 0);
    EXPECT_EQ(csv_table::read(m_folder / "table.csv").rows(), 1U);
}

TEST_F(report_program, wrong_input_is_one_line_and_exit_code_2)
{
    run_files().write(m_folder / "a");
    run_files broken;
    broken.result.erase("samples");
    broken.write(m_folder / "b");
    const auto refused = [this](const std::string &arguments, const std::string &line) {
        const program_outcome got = report(arguments);
        EXPECT_EQ(got.exit_code, 2) << arguments;
        EXPECT_EQ(got.out, "") << arguments;
        EXPECT_EQ(got.err, line + "\n");
    };
    refused("c", "c: no such run folder; give a folder that 'tessera train' wrote");
    refused("a b --csv table.csv", "b/result.json: lacks the key samples");
    EXPECT_FALSE(std::filesystem::exists(m_folder / "table.csv"));
    refused("a --csv no/such/table.csv",
            "no/such/table.csv: cannot be written: No such file or directory; give another file with --csv");
    refused("a --csv a", "a: cannot be written: Is a directory; give another file with --csv");
    EXPECT_FALSE(std::filesystem::exists(m_folder / "a.part"));
    EXPECT_EQ(report("").exit_code, 2);
}

} // namespace
} // namespace tessera::test
