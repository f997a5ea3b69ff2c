// The page about one run, to the letter; and that what it prints adds up, whatever the numbers are.
#include <cmath>
#include <regex>
#include <sstream>

#include "reports/exact.h"
#include "reports/summary.h"
#include "tests/reports/run_files.h"

namespace tessera::test {
namespace {

const text_style ascii{false};
const text_style unicode{true};

class summary : public report_files_test {
protected:
    run_summary read(const run_files &files = {}) const
    {
        files.write(m_folder);
        return read_run_folder(m_folder);
    }
};

bool contains(const std::string &text, const std::string &piece) { return text.find(piece) != std::string::npos; }

const std::string page =
    "small: cttv2, seed 7, complete                                                   tessera 0.1.0\n"
    "----------------------------------------------------------------------------------------------\n"
    "  test accuracy        62.50 %    time per sample    250.00 ns    ops per sample          12.5\n"
    "  train loss        1.2500 nat    energy per sample  1000.0 pJ    host speed       8 samples/s\n"
    "  samples                    4    average power      4000.0 uW    host time              0.5 s\n"
    "  whole epochs               2    chip area            2.5 mm2    weights   0x0123456789abcdef\n"
    "\n"
    "Test accuracy while training\n"
    "  2 samples             train loss 2.5000 nat                   25.00 %  #####\n"
    "  4 samples             train loss 1.2500 nat                   62.50 %  #############\n"
    "\n"
    "Simulated time per sample, by phase                  250.00 ns\n"
    "  forward               y = W x, activations, loss    75.00 ns   30.0 %  ####################\n"
    "  backward              errors through transposed W   62.50 ns   25.0 %  #################\n"
    "  update                rank-1 pulses, biases         50.00 ns   20.0 %  #############\n"
    "  waiting/idle          no unit at work               62.50 ns   25.0 %  #################\n"
    "\n"
    "Where the time went, by op and stage                 250.00 ns\n"
    "  MVM.drive             array reads forward           75.00 ns   30.0 %  ####################\n"
    "  MVM_T.convert         ADCs, backward                62.50 ns   25.0 %  #################\n"
    "  UPDATE.pulse          coincidences on the array     50.00 ns   20.0 %  #############\n"
    "  waiting/idle          no unit at work               62.50 ns   25.0 %  #################\n"
    "\n"
    "Energy per sample, by component                      1000.0 pJ\n"
    "  adc                   converters of the outputs     375.0 pJ   37.5 %  ####################\n"
    "  leakage               static power x time           375.0 pJ   37.5 %  ####################\n"
    "  dac                   converters of the inputs      175.0 pJ   17.5 %  #########\n"
    "  array_write           pulses on devices              75.0 pJ    7.5 %  ####\n"
    "\n"
    "Energy per sample, by phase                          1000.0 pJ\n"
    "  forward               y = W x, activations, loss    375.0 pJ   37.5 %  ####################\n"
    "  backward              errors through transposed W   175.0 pJ   17.5 %  #########\n"
    "  update                rank-1 pulses, biases          75.0 pJ    7.5 %  ####\n"
    "  leakage               static power x time           375.0 pJ   37.5 %  ####################\n"
    "\n"
    "  Evaluations took another 5000.0 pJ, which no figure above contains.\n"
    "  Bound management: 3 reads repeated, 1 conversions left outputs clipped.\n"
    "  2 values of the configuration are assumptions ('tessera report' lists them).\n";

TEST_F(summary, is_this_page) { EXPECT_EQ(summary_text(read(), ascii), page); }

TEST_F(summary, in_unicode_only_signs_and_bars_differ)
{
    const std::string text = summary_text(read(), unicode);
    EXPECT_TRUE(contains(text, "chip area            2.5 mm²    weights"));
    EXPECT_TRUE(contains(text, "average power      4000.0 µW    host"));
    EXPECT_TRUE(contains(text, "  30.0 %  ████████████████████\n"));
    EXPECT_TRUE(contains(text, "  20.0 %  █████████████▍\n"));
    for (const char c : summary_text(read(), ascii))
        ASSERT_TRUE(c == '\n' || (c >= ' ' && c <= '~'));
}

TEST_F(summary, nothing_but_the_ledger_decides_what_is_printed)
{
    run_files files;
    files.result["energy_by_component_joules"] = {{"adc", 1.0}};
    files.result["seconds_by_phase"] = {{"forward", 1.0}};
    EXPECT_EQ(summary_text(read(files), ascii), page);
}

// "1234.5" of a line's fixed columns, without its point: last digits to be added exactly.
long long digits_at(const std::string &line, std::size_t begin, std::size_t width)
{
    std::string text = line.substr(begin, width);
    text.erase(std::remove(text.begin(), text.end(), '.'), text.end());
    return std::stoll(text);
}

// Every section's values add up to the total in its title, and its percentages to 100.0.
void expect_sections_to_add_up(const std::string &text, int expected_sections)
{
    static const std::regex title("(.{51}) +([0-9.]+) ([a-zA-Z]+)");
    std::istringstream      lines(text);
    int                     sections = 0;
    for (std::string line; std::getline(lines, line);) {
        std::smatch found;
        if (line.empty() || line[0] == ' ' || !std::regex_match(line, found, title))
            continue;
        ++sections;
        const std::string unit = found[3];
        const long long   total = digits_at(found[2], 0, 99);
        long long         sum = 0;
        long long         tenths = 0;
        for (std::string row; std::getline(lines, row) && row.rfind("  ", 0) == 0 && contains(row, " %");) {
            ASSERT_EQ(row.substr(60, unit.size()), unit) << row;
            sum += digits_at(row, 51, 8);
            tenths += digits_at(row, 64, 5);
        }
        EXPECT_EQ(sum, total) << text;
        EXPECT_EQ(tenths, 1000) << text;
    }
    EXPECT_EQ(sections, expected_sections) << text;
}

TEST_F(summary, what_is_printed_adds_up_for_any_numbers)
{
    std::uint64_t state = 1;
    const auto    draw = [&state](std::uint64_t below) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return (state >> 20) % below;
    };
    run_summary run = read();
    for (int round = 0; round < 300; ++round) {
        run.samples = 1 + draw(70000);
        run.ledger = {};
        for (auto &energy_aj : run.ledger.component_aj)
            run.ledger.training_aj += energy_aj =
                draw(3) == 0 ? 0 : tsr_u128{draw(1000003)} * (std::uint64_t{1} << draw(24));
        tsr_u128 left = run.ledger.training_aj - run.ledger.component_aj[TSR_COMPONENT_LEAKAGE];
        for (const int phase : {TSR_PHASE_FORWARD, TSR_PHASE_BACKWARD, TSR_PHASE_UPDATE})
            left -= run.ledger.phase_aj[static_cast<std::size_t>(phase)] = left / (1 + draw(5));
        run.ledger.phase_aj[TSR_PHASE_TRANSFER] = left;
        for (auto &stages : run.ledger.stage_ps)
            for (tsr_u128 &time_ps : stages)
                run.ledger.busy_ps += time_ps = draw(4) == 0 ? draw(100000000) : 0;
        run.ledger.phase_ps[TSR_PHASE_UPDATE] = run.ledger.busy_ps;
        run.simulated_ps = run.ledger.busy_ps + draw(2) * draw(1000000000);
        ASSERT_NO_FATAL_FAILURE(expect_sections_to_add_up(summary_text(run, ascii), 4));
        if (HasFailure())
            return;
    }
}

TEST_F(summary, fits_a_terminal)
{
    run_summary run = read();
    run.samples = 123456789;
    run.ops = 12345678901;
    run.wall_s = 0.001;
    run.simulated_ps *= 1000000000;
    for (auto &stages : run.ledger.stage_ps)
        stages.fill(1);
    std::istringstream lines(summary_text(run, ascii) + assumptions_text(run));
    for (std::string line; std::getline(lines, line);)
        EXPECT_LE(line.size(), 95U) << line;
}

TEST_F(summary, overlapping_stages_are_work_not_time)
{
    run_summary run = read();
    run.ledger.stage_ps[TSR_OP_MVM][TSR_STAGE_DRIVE] += 1250000;
    run.ledger.phase_ps[TSR_PHASE_FORWARD] += 1250000;
    run.ledger.busy_ps += 1250000;
    run.ledger.wait_ps = 40000;
    const std::string text = summary_text(run, ascii);
    EXPECT_TRUE(contains(text, "time per sample    250.00 ns")) << text;
    EXPECT_TRUE(contains(text, "Work per sample of all units, by phase               500.00 ns")) << text;
    EXPECT_TRUE(contains(text, "  done in 250.00 ns: 2.00 units at work on average\n")) << text;
    EXPECT_FALSE(contains(text, "idle")) << text;
    EXPECT_TRUE(contains(text, "Ops waited 10.000 ns per sample for units that were taken.")) << text;
    expect_sections_to_add_up(text, 4);
}

TEST_F(summary, a_run_that_has_just_begun)
{
    run_files files;
    for (const char *key :
         {"epochs", "samples", "ops", "simulated_seconds", "energy_joules", "evaluation_energy_joules"})
        files.result[key] = 0;
    files.result["test_accuracy"] = nullptr;
    files.result["status"] = "running";
    files.ledger = files.ledger.substr(0, files.ledger.find('\n') + 1) + "all,-,0,energy,leakage,1,0,,\n";
    files.metrics = files.metrics.substr(0, files.metrics.find('\n') + 1);
    const std::string text = summary_text(read(files), ascii);
    EXPECT_TRUE(contains(
        text, "test accuracy              -    time per sample            -    ops per sample             -\n"))
        << text;
    EXPECT_TRUE(contains(text, "  Nothing was trained yet.\n"));
    EXPECT_TRUE(contains(text, "  The run was still going on, or was killed, when these files were written.\n"));
    EXPECT_FALSE(contains(text, "nan")) << text;
    EXPECT_FALSE(contains(text, "inf")) << text;
}

TEST_F(summary, warnings_are_on_the_page)
{
    run_files files;
    files.result["energy_joules"] = 1;
    EXPECT_TRUE(
        contains(summary_text(read(files), ascii), "  WARNING: ledger.csv adds up to 4e-09 J of training energy"));
}

TEST_F(summary, of_many_evaluations_eight_are_shown_and_the_last_one_always)
{
    run_files files;
    for (int k = 3; k <= 100; ++k)
        files.metrics += std::to_string(k) + "," + std::to_string(1000 * k) + ",0.5," + std::to_string(k) + ",,1,1,1\n";
    const std::string  text = summary_text(read(files), ascii);
    std::istringstream lines(text);
    int                shown = 0;
    for (std::string line; std::getline(lines, line);)
        shown += contains(line, "train loss 0.5000 nat") ? 1 : 0;
    EXPECT_EQ(shown, 8);
    EXPECT_TRUE(contains(text, "  100 000 samples       train loss 0.5000 nat                  100.00 %  #####"))
        << text;
}

TEST_F(summary, assumptions_are_listed)
{
    run_summary run = read();
    EXPECT_EQ(assumptions_text(run), "Rests on 2 assumptions, values without a published source\n"
                                     "  chip.h_bits = 32, chip.port_bits = 256\n");
    run.assumptions.clear();
    EXPECT_EQ(assumptions_text(run), "");
    EXPECT_FALSE(contains(summary_text(run, ascii), "assumption"));
}

} // namespace
} // namespace tessera::test
