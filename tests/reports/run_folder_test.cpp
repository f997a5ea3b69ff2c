// Reading a run folder: every sum, and every way in which it can be incomplete or damaged.
#include <functional>

#include "reports/exact.h"
#include "reports/run_folder.h"
#include "reports/split.h"
#include "tests/reports/run_files.h"

namespace tessera::test {
namespace {

class run_folder : public report_files_test {
protected:
    run_summary read(const run_files &files = {}) const
    {
        files.write(m_folder);
        return read_run_folder(m_folder);
    }

    // What the reader says of these files, the folder of the test left out.
    std::string complaint(const run_files &files) const
    {
        files.write(m_folder);
        return complaint_of(m_folder);
    }

    std::string complaint_of(const std::filesystem::path &folder) const
    {
        try {
            read_run_folder(folder);
        } catch (const report_error &error) {
            const std::string what = error.what();
            EXPECT_EQ(what.rfind(m_folder.string(), 0), 0U) << what;
            EXPECT_EQ(what.find('\n'), std::string::npos) << what;
            return what.substr(std::min(what.size(), m_folder.string().size() + 1));
        }
        return "none";
    }
};

void replace(std::string &text, const std::string &from, const std::string &to)
{
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
}

std::string text_of(const split &parts)
{
    std::string text;
    for (const part &p : parts)
        text += p.name + " " + decimal_text(p.amount) + "; ";
    return text;
}

TEST_F(run_folder, values_of_all_three_files)
{
    const run_summary run = read();
    EXPECT_EQ(run.name, "small");
    EXPECT_EQ(run.version, "0.1.0");
    EXPECT_EQ(run.status, "complete");
    EXPECT_EQ(run.algorithm, "cttv2");
    EXPECT_EQ(run.weights_hash, "0x0123456789abcdef");
    EXPECT_EQ(run.seed, 7U);
    EXPECT_EQ(run.epochs, 2U);
    EXPECT_EQ(run.samples, 4U);
    EXPECT_EQ(run.ops, 50U);
    EXPECT_EQ(run.test_accuracy, 62.5);
    EXPECT_EQ(run.validation_accuracy, std::nullopt);
    EXPECT_EQ(run.train_loss, 1.25);
    EXPECT_TRUE(run.simulated_ps == 1000000);
    EXPECT_EQ(run.wall_s, 0.5);
    EXPECT_EQ(run.area_mm2, 2.5);
    EXPECT_EQ(run.retries, 3U);
    EXPECT_EQ(run.saturations, 1U);
    EXPECT_EQ(run.assumptions, (std::vector<std::string>{"chip.h_bits = 32", "chip.port_bits = 256"}));
    EXPECT_EQ(run.warnings, std::vector<std::string>{});
    ASSERT_EQ(run.evaluations.size(), 2U);
    EXPECT_EQ(run.evaluations[0].samples, 2U);
    EXPECT_EQ(run.evaluations[0].train_loss, 2.5);
    EXPECT_EQ(run.evaluations[1].epoch, 2U);
    EXPECT_EQ(run.evaluations[1].test_accuracy, 62.5);
    EXPECT_EQ(run.evaluations[1].validation_accuracy, std::nullopt);
}

TEST_F(run_folder, training_adds_up_exactly_and_evaluation_stays_out_of_it)
{
    const run_summary run = read();
    EXPECT_EQ(decimal_text(run.ledger.training_aj), "4000000000");
    EXPECT_EQ(decimal_text(run.ledger.evaluation_aj), "5000000000");
    EXPECT_EQ(decimal_text(run.ledger.busy_ps), "750000");
    EXPECT_EQ(decimal_text(run.ledger.wait_ps), "0");
    EXPECT_EQ(text_of(energy_by_component(run)),
              "adc 1500000000; leakage 1500000000; dac 700000001; array_write 299999999; ");
    EXPECT_EQ(text_of(energy_by_phase(run)),
              "forward 1500000000; backward 700000001; update 299999999; leakage 1500000000; ");
    EXPECT_EQ(text_of(time_by_phase(run)), "forward 300000; backward 250000; update 200000; waiting/idle 250000; ");
    EXPECT_EQ(text_of(time_by_stage(run)),
              "MVM.drive 300000; MVM_T.convert 250000; UPDATE.pulse 200000; waiting/idle 250000; ");
    EXPECT_TRUE(total(energy_by_component(run)) == run.ledger.training_aj);
    EXPECT_TRUE(total(energy_by_phase(run)) == run.ledger.training_aj);
    EXPECT_TRUE(total(time_by_stage(run)) == run.simulated_ps);
}

TEST_F(run_folder, sums_beyond_64_bits_keep_every_attojoule)
{
    run_files files;
    replace(files.ledger, ",1000000000,", ",18446744073709551615,");
    replace(files.ledger, ",500000000,", ",18446744073709551615,");
    files.result["energy_joules"] = 36.893488149919103e0;
    const run_summary run = read(files);
    EXPECT_EQ(decimal_text(run.ledger.training_aj), "36893488149919103230"); // 2 (2^64 - 1) + 2.5e9
    EXPECT_EQ(run.warnings, std::vector<std::string>{});
}

TEST_F(run_folder, stages_that_overlap_leave_no_idle_time)
{
    run_files files;
    replace(files.ledger, "4,,200000,0", "4,,1200000,40");
    const run_summary run = read(files);
    EXPECT_TRUE(stages_overlap(run));
    EXPECT_EQ(decimal_text(run.ledger.busy_ps), "1750000");
    EXPECT_EQ(decimal_text(run.ledger.wait_ps), "40");
    EXPECT_TRUE(total(time_by_phase(run)) == run.ledger.busy_ps);
    EXPECT_EQ(text_of(time_by_stage(run)), "MVM.drive 1300000; MVM_T.convert 250000; UPDATE.pulse 200000; ");
}

TEST_F(run_folder, smallest_parts_become_one)
{
    const run_summary run = read();
    EXPECT_EQ(text_of(largest(time_by_stage(run), 2)), "MVM.drive 300000; other 450000; waiting/idle 250000; ");
    EXPECT_EQ(text_of(largest(time_by_stage(run), 3)), text_of(time_by_stage(run)));
    EXPECT_EQ(text_of(largest(energy_by_component(run), 1)), "other 4000000000; ");
}

TEST_F(run_folder, a_ledger_of_another_run_is_noticed)
{
    run_files files;
    files.result["energy_joules"] = 4.001e-9;
    EXPECT_EQ(
        read(files).warnings,
        std::vector<std::string>{"ledger.csv adds up to 4e-09 J of training energy, result.json says 4.001e-09 J: "
                                 "one of them is not of this run or is out of date"});
    files.result["energy_joules"] = 4e-9 * (1 + 1e-14); // of the sum in double precision
    EXPECT_EQ(read(files).warnings, std::vector<std::string>{});
    files.result["evaluation_energy_joules"] = 0;
    EXPECT_EQ(read(files).warnings.size(), 1U);
}

TEST_F(run_folder, optional_keys_and_metrics_may_be_missing)
{
    run_files files;
    for (const char *key : {"validation_accuracy", "evaluation_energy_joules", "retries", "saturations", "assumptions"})
        files.result.erase(key);
    files.result["test_accuracy"] = nullptr; // before the first evaluation
    files.result["train_loss"] = nullptr;    // not finite
    files.write(m_folder);
    std::filesystem::remove(m_folder / "metrics.csv");
    const run_summary run = read_run_folder(m_folder.string() + "/");
    EXPECT_EQ(run.folder, m_folder.string());
    EXPECT_EQ(run.test_accuracy, std::nullopt);
    EXPECT_EQ(run.train_loss, std::nullopt);
    EXPECT_EQ(run.retries, std::nullopt);
    EXPECT_TRUE(run.evaluations.empty());
}

TEST_F(run_folder, folders_that_are_none)
{
    EXPECT_EQ(complaint_of(m_folder / "x"), "x: no such run folder; give a folder that 'tessera train' wrote");
    run_files::write_file(m_folder / "y", "");
    EXPECT_EQ(complaint_of(m_folder / "y"), "y: not a folder; give a folder that 'tessera train' wrote");
    EXPECT_EQ(complaint_of(m_folder), "result.json: missing; is this a folder that 'tessera train' wrote?");
    run_files().write(m_folder);
    std::filesystem::remove(m_folder / "ledger.csv");
    EXPECT_EQ(complaint_of(m_folder), "ledger.csv: missing; is this a folder that 'tessera train' wrote?");
}

TEST_F(run_folder, every_required_key_is_missed_by_name)
{
    for (const char *key :
         {"format", "name", "version", "status", "algorithm", "seed", "epochs", "samples", "test_accuracy",
          "train_loss", "simulated_seconds", "energy_joules", "area_mm2", "ops", "wall_seconds", "weights_hash"}) {
        run_files files;
        files.result.erase(key);
        EXPECT_EQ(complaint(files), std::string("result.json: lacks the key ") + key);
    }
}

TEST_F(run_folder, values_of_the_wrong_kind)
{
    struct mistake {
        const char            *key;
        nlohmann::ordered_json value;
        const char            *says;
    };
    const std::vector<mistake> table = {
        {"format", "tessera-run/2",
         "expected \"tessera-run/1\", got \"tessera-run/2\"; the run was made by another version of the program"},
        {"format", 1, "expected a text, got 1"},
        {"name", nullptr, "expected a text, got null"},
        {"samples", -1, "expected a whole number, got -1"},
        {"samples", 1.5, "expected a whole number, got 1.5"},
        {"seed", "7", "expected a whole number, got \"7\""},
        {"ops", nullptr, "expected a whole number, got null"},
        {"retries", "x", "expected a whole number, got \"x\""},
        {"energy_joules", nullptr, "expected a finite number >= 0, got null"},
        {"energy_joules", -1, "expected a finite number >= 0, got -1"},
        {"area_mm2", "big", "expected a finite number >= 0, got \"big\""},
        {"simulated_seconds", 1e16, "expected at most 1e+15 s, got 1e+16"},
        {"test_accuracy", true, "expected a number or null, got true"},
        {"assumptions", "none", "expected a list of texts, got \"none\""},
    };
    for (const mistake &m : table) {
        run_files files;
        files.result[m.key] = m.value;
        EXPECT_EQ(complaint(files), std::string("result.json: ") + m.key + ": " + m.says);
    }
}

TEST_F(run_folder, a_garbled_result)
{
    run_files().write(m_folder);
    const auto says = [this](const std::string &text) {
        run_files::write_file(m_folder / "result.json", text);
        return complaint_of(m_folder);
    };
    EXPECT_EQ(says(""), "result.json:1:1: not JSON; the file is damaged");
    EXPECT_EQ(says("{\n  \"a\": 1,\n  b\n}\n"), "result.json:3:3: not JSON; the file is damaged");
    EXPECT_EQ(says("{\"a\": 1e999}"), "result.json: not JSON; the file is damaged");
    EXPECT_EQ(says("[1]\n"), "result.json: expected an object with keys, got array");
    EXPECT_EQ(says(run_files().result.dump().substr(0, 100)), "result.json:1:101: not JSON; the file is damaged");
}

TEST_F(run_folder, a_garbled_ledger)
{
    struct mistake {
        const char *from, *to, *says;
    };
    const mistake table[] = {
        {"phase,op,layer", "phase,layer,op2", "ledger.csv:1: lacks the column op"},
        {"energy_aj,service_ps", "energy,service_ps", "ledger.csv:1: lacks the column energy_aj"},
        {"forward,MVM,0,energy", "fourward,MVM,0,energy",
         "ledger.csv:2: phase: 'fourward' is not known; was the run made by another version?"},
        {"forward,MVM,0,energy", "all,MVM,0,energy",
         "ledger.csv:2: phase: 'all' is not known; was the run made by another version?"},
        {"forward,MVM,0,energy", "forward,MVMM,0,energy",
         "ledger.csv:2: op: 'MVMM' is not known; was the run made by another version?"},
        {"energy,adc", "energy,abc", "ledger.csv:2: name: 'abc' is not known; was the run made by another version?"},
        {"time,drive", "time,adc", "ledger.csv:3: name: 'adc' is not known; was the run made by another version?"},
        {"0,time", "0,power", "ledger.csv:3: row: expected energy or time, got 'power'"},
        {",1000000000,", ",1e9,", "ledger.csv:2: energy_aj: expected a whole number, got '1e9'"},
        {",,200000,", ",,,", "ledger.csv:3: service_ps: expected a whole number, got ''"},
        {"200000,0", "200000,-1", "ledger.csv:3: wait_ps: expected a whole number, got '-1'"},
        {"1000000000,,\n", "1000000000,\n",
         "ledger.csv:2: expected 9 cells as in the head line, got 8; the file is damaged"},
        {",1000000000,", ",340282366920938463463374607431768211455,",
         "ledger.csv:4: energy_aj: the sum leaves 128 bits; the file is damaged"},
    };
    for (const mistake &m : table) {
        run_files files;
        replace(files.ledger, m.from, m.to);
        EXPECT_EQ(complaint(files), m.says);
    }
    run_files files;
    files.ledger = "";
    EXPECT_EQ(complaint(files), "ledger.csv: empty, expected a table with a head line");
}

TEST_F(run_folder, garbled_metrics)
{
    run_files files;
    replace(files.metrics, "25,,", "many,,");
    EXPECT_EQ(complaint(files), "metrics.csv:2: test_accuracy: expected a number, got 'many'");
    files = {};
    replace(files.metrics, "1,2,2.5", "1,-2,2.5");
    EXPECT_EQ(complaint(files), "metrics.csv:2: samples: expected a whole number, got '-2'");
    files = {};
    replace(files.metrics, ",test_accuracy", ",accuracy");
    EXPECT_EQ(complaint(files), "metrics.csv:1: lacks the column test_accuracy");
    files = {};
    replace(files.metrics, "62.5,,", "62.5,61,");
    EXPECT_EQ(read(files).evaluations[1].validation_accuracy, 61.0);
}

} // namespace
} // namespace tessera::test
