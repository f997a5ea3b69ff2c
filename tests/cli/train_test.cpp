// `tessera train` end to end, as a user runs it: what is left in the run folder, and what is the same whatever the circumstances.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "reports/run_folder.h"
#include "reports/split.h"
#include "tests/cli/train_files.h"

namespace tessera::test {
namespace {

using json = nlohmann::json;

TEST_F(train_program, leaves_a_complete_run_folder)
{
    const program_outcome got = train("-o run --record");
    ASSERT_EQ(got.exit_code, 0) << got.err;
    EXPECT_EQ(got.err, "");
    for (const char *name : {"config.toml", "metrics.csv", "ledger.csv", "result.json", "spans.bin", "units.csv"})
        EXPECT_TRUE(std::filesystem::exists(m_folder / "run" / name)) << name;
    for (const auto &entry : std::filesystem::directory_iterator(m_folder / "run"))
        EXPECT_NE(entry.path().extension(), ".part") << entry.path();

    const json result = json::parse(file_text(m_folder / "run" / "result.json"));
    EXPECT_EQ(result["status"], "complete");
    EXPECT_EQ(result["epochs"], 2);
    EXPECT_EQ(result["samples"], 96); // 2 epochs of 60 - 12
    EXPECT_EQ(result["seed"], 1);
    EXPECT_EQ(result["version"], TESSERA_VERSION);
    for (const char *key : {"test_accuracy", "validation_accuracy", "train_loss", "simulated_seconds", "energy_joules",
                            "area_mm2", "ops", "wall_seconds"}) {
        ASSERT_TRUE(result.contains(key)) << key;
        EXPECT_TRUE(result[key].is_number()) << key;
    }
    EXPECT_GT(result["simulated_seconds"], 0.0);
    EXPECT_GT(result["energy_joules"], 0.0);
    EXPECT_GT(result["area_mm2"], 0.0);
    EXPECT_GT(result["ops"], 96 * 10);
    EXPECT_EQ(result["weights_hash"].get<std::string>().size(), 18U);
}

TEST_F(train_program, the_summary_is_printed_and_is_what_report_prints)
{
    const program_outcome trained = train("-o run");
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    const std::size_t page = trained.out.find("\ne: cttv2, seed 1, complete");
    ASSERT_NE(page, std::string::npos) << trained.out;
    const program_outcome reported = run_program(m_folder, "report run", "LC_ALL=C");
    EXPECT_EQ(reported.exit_code, 0) << reported.err;
    EXPECT_EQ(reported.out.rfind(trained.out.substr(page + 1), 0), 0U) << trained.out << reported.out;
    EXPECT_EQ(reported.out.find("WARNING"), std::string::npos) << reported.out;
}

TEST_F(train_program, ledger_adds_up_to_the_result)
{
    const json        result = result_of("run");
    const run_summary run = read_run_folder(m_folder / "run"); // throws if any file is not well formed
    EXPECT_EQ(run.warnings, std::vector<std::string>{});
    EXPECT_GT(run.ledger.evaluation_aj, tsr_u128{0});
    EXPECT_TRUE(run.ledger.busy_ps == run.simulated_ps); // serial: one stage at a time, and no gap
    EXPECT_TRUE(total(energy_by_phase(run)) == run.ledger.training_aj);
    double by_component = 0;
    for (const auto &energy : result["energy_by_component_joules"])
        by_component += energy.get<double>();
    EXPECT_NEAR(by_component / result["energy_joules"].get<double>(), 1.0, 1e-12);
    ASSERT_EQ(run.evaluations.size(), 2U);
    EXPECT_EQ(run.evaluations[0].samples, 48U);
    EXPECT_EQ(run.evaluations[1].samples, 96U);
    EXPECT_EQ(run.evaluations[1].test_accuracy, result["test_accuracy"].get<double>());
    EXPECT_EQ(run.evaluations[1].validation_accuracy, result["validation_accuracy"].get<double>());
}

TEST_F(train_program, the_resolved_configuration_repeats_the_run)
{
    const json first = result_of("run");
    const auto got = run_program(m_folder, "train run/config.toml --quiet -o again");
    ASSERT_EQ(got.exit_code, 0) << got.err;
    EXPECT_EQ(json::parse(file_text(m_folder / "again" / "result.json"))["weights_hash"], first["weights_hash"]);
}

TEST_F(train_program, it_learns)
{
    write("e.toml", "[network]\nlayers = [64, 12, 3]\n[training]\nepochs = 20\nlearning_rate = 0.2\n"
                    "[algorithm]\nname = \"fp\"\n[device]\nlaw = \"ideal\"\n[chip]\npreset = \"rpu_256_14nm\"\n"
                    "[io]\nis_perfect = true\n[data]\nfolder = \"data\"\n");
    EXPECT_EQ(result_of("run")["test_accuracy"], 100.0);
}

TEST_F(train_program, the_seed_alone_decides_the_weights)
{
    const json first = result_of("a");
    EXPECT_EQ(result_of("b")["weights_hash"], first["weights_hash"]);
    EXPECT_EQ(result_of("c", "", "TESSERA_ISA=scalar")["weights_hash"], first["weights_hash"]);
    EXPECT_EQ(result_of("d", "--record --set record.check_protocol=true")["weights_hash"], first["weights_hash"]);
    EXPECT_NE(result_of("e", "--seed 2")["weights_hash"], first["weights_hash"]);
}

TEST_F(train_program, evaluations_leave_no_trace_in_the_training)
{
    const json rarely = result_of("a");
    const json often = result_of("b", "--set training.evaluate_every=10");
    for (const char *key : {"weights_hash", "simulated_seconds", "energy_joules", "ops", "train_loss", "test_accuracy"})
        EXPECT_EQ(often[key], rarely[key]) << key;
    EXPECT_GT(often["evaluation_energy_joules"], rarely["evaluation_energy_joules"]);
    EXPECT_EQ(read_run_folder(m_folder / "b").evaluations.size(), 11U); // 10, 20, … 90, and after each epoch: 48 and 96
}

TEST_F(train_program, interrupted_it_ends_with_what_it_has)
{
    const std::string program = TESSERA_PROGRAM;
    const pid_t       child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const int out = open((m_folder / "out").c_str(), O_WRONLY | O_CREAT, 0644);
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        if (chdir(m_folder.c_str()) == 0)
            execl(program.c_str(), program.c_str(), "train", "e.toml", "-o", "run", "--set", "training.epochs=1000000",
                  static_cast<char *>(nullptr));
        _exit(99);
    }
    // Two evaluations are in the table; the test's own time limit ends it if that never happens.
    int  status = 0;
    bool alive = true;
    while (alive) {
        const std::string metrics = file_text(m_folder / "run" / "metrics.csv");
        if (std::count(metrics.begin(), metrics.end(), '\n') > 2)
            break;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        alive = waitpid(child, &status, WNOHANG) == 0;
    }
    ASSERT_TRUE(alive) << file_text(m_folder / "out");
    EXPECT_EQ(json::parse(file_text(m_folder / "run" / "result.json"))["status"], "running");
    kill(child, SIGINT);
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 130) << file_text(m_folder / "out");

    const run_summary run = read_run_folder(m_folder / "run");
    EXPECT_EQ(run.status, "interrupted");
    EXPECT_GE(run.samples, 96U);
    EXPECT_TRUE(run.test_accuracy.has_value());
    EXPECT_EQ(run.warnings, std::vector<std::string>{});
    EXPECT_TRUE(run.ledger.busy_ps == run.simulated_ps);
    EXPECT_NE(file_text(m_folder / "out").find("seed 1, interrupted"), std::string::npos);
    EXPECT_EQ(run_program(m_folder, "report run").exit_code, 0);
}

TEST_F(train_program, interrupted_before_the_first_evaluation)
{
    put("train-images-idx3-ubyte", images(20000)); // an epoch that nobody waits for
    put("train-labels-idx1-ubyte", labels(20000));
    const std::string program = TESSERA_PROGRAM;
    const pid_t       child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        if (chdir(m_folder.c_str()) == 0)
            execl(program.c_str(), program.c_str(), "train", "e.toml", "-o", "run", "--quiet", "--set",
                  "network.layers=[64, 200, 200, 3]", static_cast<char *>(nullptr));
        _exit(99);
    }
    int status = 0;
    while (!std::filesystem::exists(m_folder / "run" / "result.json") && waitpid(child, &status, WNOHANG) == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    kill(child, SIGINT);
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 130);
    const run_summary run = read_run_folder(m_folder / "run");
    EXPECT_EQ(run.status, "interrupted");
    EXPECT_EQ(run.test_accuracy, std::nullopt);
    EXPECT_EQ(run.warnings, std::vector<std::string>{});
    EXPECT_TRUE(run.evaluations.empty());
    EXPECT_TRUE(std::filesystem::exists(m_folder / "run" / "metrics.csv"));
}

TEST_F(train_program, an_earlier_run_in_the_folder_leaves_nothing_behind)
{
    result_of("run", "--record");
    result_of("run");
    EXPECT_FALSE(std::filesystem::exists(m_folder / "run" / "spans.bin"));
    EXPECT_FALSE(std::filesystem::exists(m_folder / "run" / "units.csv"));
}

} // namespace
} // namespace tessera::test
