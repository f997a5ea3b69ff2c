// Several runs side by side, to the letter, and the same as CSV to the bit.
#include <cmath>
#include <cstring>
#include <sstream>

#include "reports/comparison.h"
#include "reports/csv.h"
#include "reports/exact.h"
#include "tests/reports/run_files.h"

namespace tessera::test {
namespace {

const text_style ascii{false};

class comparison : public report_files_test {
protected:
    run_summary first() const { return read("a", {}); }

    // Another algorithm: no transposed read converter work, twice the update, other accuracy.
    run_summary second() const
    {
        run_files files;
        files.result["name"] = "other, \"quoted\"";
        files.result["algorithm"] = "sgd";
        files.result["test_accuracy"] = 50;
        files.result["train_loss"] = nullptr;
        files.result["samples"] = 2;
        files.result["simulated_seconds"] = 2e-6;
        files.result["energy_joules"] = 4.6e-9;
        files.result["wall_seconds"] = 0.125;
        files.ledger = "phase,op,layer,row,name,count,energy_aj,service_ps,wait_ps\n"
                       "forward,MVM,0,energy,adc,10,2999999999,,\n"
                       "forward,MVM,0,time,drive,4,,300000,0\n"
                       "update,UPDATE,0,energy,driver,9,100000001,,\n"
                       "update,UPDATE,0,time,pulse,4,,1700000,0\n"
                       "evaluate,MVM,0,energy,adc,10,5000000000,,\n"
                       "all,-,0,energy,leakage,1,1500000000,,\n";
        return read("b", files);
    }

    run_summary read(const std::string &name, const run_files &files) const
    {
        files.write(m_folder / name);
        run_summary run = read_run_folder(m_folder / name);
        run.folder = "runs/" + name;
        return run;
    }
};

bool contains(const std::string &text, const std::string &piece) { return text.find(piece) != std::string::npos; }

TEST_F(comparison, is_this_table)
{
    EXPECT_EQ(comparison_text({first(), second()}, ascii),
              "[1] runs/a: small, cttv2, seed 7, 4 samples, complete, weights 0x0123456789abcdef\n"
              "[2] runs/b: other, \"quoted\", sgd, seed 7, 2 samples, complete, weights 0x0123456789abcdef\n"
              "Differences are against [1].\n"
              "\n"
              "                                 [1] a              [2] b\n"
              "Result\n"
              "  test accuracy         %        62.50     50.00 -12.50 pt\n"
              "  train loss            nat     1.2500         -\n"
              "Simulated time per sample\n"
              "  total                 ns       250.0    1000.0 +300.0 %\n"
              "  forward               ns        75.0     150.0 +100.0 %\n"
              "  backward              ns        62.5       0.0 -100.0 %\n"
              "  update                ns        50.0     850.0     x 17\n"
              "  waiting/idle          ns        62.5       0.0 -100.0 %\n"
              "Where the time went, per sample\n"
              "  UPDATE.pulse          ns       50.00    850.00     x 17\n"
              "  MVM.drive             ns       75.00    150.00 +100.0 %\n"
              "  MVM_T.convert         ns       62.50      0.00 -100.0 %\n"
              "  waiting/idle          ns       62.50      0.00 -100.0 %\n"
              "Energy per sample, by component\n"
              "  total                 pJ      1000.0    2300.0 +130.0 %\n"
              "  adc                   pJ       375.0    1500.0 +300.0 %\n"
              "  leakage               pJ       375.0     750.0 +100.0 %\n"
              "  dac                   pJ       175.0       0.0 -100.0 %\n"
              "  array_write           pJ        75.0       0.0 -100.0 %\n"
              "  driver                pJ         0.0      50.0      new\n"
              "Energy per sample, by phase\n"
              "  forward               pJ       375.0    1500.0 +300.0 %\n"
              "  backward              pJ       175.0       0.0 -100.0 %\n"
              "  update                pJ        75.0      50.0  -33.3 %\n"
              "  leakage               pJ       375.0     750.0 +100.0 %\n"
              "Chip and host\n"
              "  chip area             mm2     2.5000    2.5000        =\n"
              "  ops per sample                  12.5      25.0 +100.0 %\n"
              "  repeated reads                     3         3        =\n"
              "  clipped conversions                1         1        =\n"
              "  assumptions                        2         2        =\n"
              "  samples on the host   1/s        8.0      16.0 +100.0 %\n"
              "  time of the host      s         0.50      0.12  -75.0 %\n");
}

TEST_F(comparison, one_run_and_more_than_fit_side_by_side)
{
    const std::string alone = comparison_text({first()}, ascii);
    EXPECT_FALSE(contains(alone, "Differences")) << alone;
    const run_summary a = first();
    const run_summary b = second();
    const std::string six = comparison_text({a, b, a, b, a, b}, ascii);
    EXPECT_TRUE(contains(six, "[1] a              [2] b              [3] a              [4] b\n")) << six;
    EXPECT_TRUE(contains(six, "[1] a              [5] a              [6] b\n")) << six;
    std::istringstream lines(six);
    for (std::string line; std::getline(lines, line);)
        EXPECT_LE(line.size(), 97U) << line;
}

TEST_F(comparison, small_changes_and_many_stages)
{
    const run_summary a = first();
    run_summary       b = a;
    b.simulated_ps += 400; // 0.04 %
    b.ledger.stage_ps[TSR_OP_MVM][TSR_STAGE_DRIVE] += 1;
    for (std::size_t k = 0; k < TSR_STAGE_COUNT; ++k)
        b.ledger.stage_ps[TSR_OP_VECTOR][k] = 4 * k;
    const std::string text = comparison_text({a, b}, ascii);
    EXPECT_TRUE(contains(text, "  total                 ns      250.00    250.10  +0.04 %\n")) << text;
    EXPECT_TRUE(contains(text, "  MVM.drive             ns      75.000    75.000 < 0.01 %\n")) << text;
    // 3 + 15 stages: 9 by name, the rest (9 · 10 / 2 · 4 / 4 ps per sample) in one line before idle time
    EXPECT_TRUE(contains(text, "  9 smaller ones        ns       0.000     0.045      new\n"
                               "  waiting/idle          ns      62.500    62.600   +0.2 %\n"))
        << text;
}

TEST_F(comparison, warnings_name_their_run)
{
    run_summary b = second();
    b.warnings.emplace_back("something is odd");
    EXPECT_TRUE(contains(comparison_text({first(), b}, ascii), "\nWARNING: [2] something is odd\n"));
}

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

TEST_F(comparison, csv_reads_back_to_the_bit)
{
    const std::vector<run_summary> runs{first(), second()};
    const csv_table                table("c.csv", comparison_csv(runs));
    ASSERT_EQ(table.rows(), runs.size());
    for (std::size_t r = 0; r < runs.size(); ++r) {
        const run_summary &run = runs[r];
        const double       samples = static_cast<double>(run.samples);
        const auto         number = [&](const std::string &name) { return table.number(r, table.column(name)); };
        const auto         per_sample = [samples](tsr_u128 amount, double divisor) {
            return static_cast<double>(amount) / samples / divisor;
        };
        EXPECT_EQ(table.text(r, table.column("run")), run.folder);
        EXPECT_EQ(table.text(r, table.column("name")), run.name);
        EXPECT_EQ(table.text(r, table.column("algorithm")), run.algorithm);
        EXPECT_EQ(table.text(r, table.column("weights_hash")), run.weights_hash);
        EXPECT_EQ(table.count(r, table.column("samples")), run.samples);
        EXPECT_TRUE(table.whole(r, table.column("training_time_ps")) == run.simulated_ps);
        EXPECT_TRUE(table.whole(r, table.column("training_energy_aj")) == run.ledger.training_aj);
        EXPECT_TRUE(table.whole(r, table.column("evaluation_energy_aj")) == run.ledger.evaluation_aj);
        EXPECT_EQ(number("test_accuracy_percent"), *run.test_accuracy);
        EXPECT_EQ(number("area_mm2"), run.area_mm2);
        EXPECT_EQ(number("host_samples_per_s"), samples / run.wall_s);
        EXPECT_TRUE(same_bits(number("time_per_sample_ns"), per_sample(run.simulated_ps, 1e3)));
        EXPECT_TRUE(same_bits(number("energy_per_sample_pj"), per_sample(run.ledger.training_aj, 1e6)));
        for (const tsr_component c :
             {TSR_COMPONENT_ADC, TSR_COMPONENT_DAC, TSR_COMPONENT_DRIVER, TSR_COMPONENT_ARRAY_WRITE})
            EXPECT_TRUE(same_bits(number(std::string("energy_") + tsr_component_name(c) + "_pj"),
                                  per_sample(run.ledger.component_aj[c], 1e6)));
        EXPECT_TRUE(same_bits(number("energy_of_update_pj"), per_sample(run.ledger.phase_aj[TSR_PHASE_UPDATE], 1e6)));
        EXPECT_TRUE(same_bits(number("stage_UPDATE.pulse_ns"),
                              per_sample(run.ledger.stage_ps[TSR_OP_UPDATE][TSR_STAGE_PULSE], 1e3)));
    }
    EXPECT_EQ(table.text(1, table.column("train_loss_nat")), "");            // none is not zero
    EXPECT_THROW(table.column("validation_accuracy_percent"), report_error); // no run has one
}

} // namespace
} // namespace tessera::test
