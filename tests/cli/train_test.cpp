// `tessera train` end to end, as a user runs it: a tiny network on a tiny data set, what is left in the run folder, what is the
// same whatever the circumstances, and what a wrong input gets to hear.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "reports/run_folder.h"
#include "reports/split.h"
#include "tests/cli/config_files.h"
#include "tests/cli/run_program.h"
#include "tests/workloads/idx_files.h"

namespace tessera::test {
namespace {

using json = nlohmann::json;
using tessera::testing::byte_string;

constexpr std::uint32_t side = 8;
constexpr std::uint32_t classes = 3;

// Bright rows where the class has its place, a pattern of grey elsewhere.
byte_string images(std::uint32_t count)
{
    byte_string bytes = tessera::testing::idx_header({count, side, side});
    for (std::uint32_t image = 0; image < count; ++image)
        for (std::uint32_t pixel = 0; pixel < side * side; ++pixel) {
            const bool bright = pixel / side / 3 == image % classes;
            bytes.push_back(static_cast<std::uint8_t>(bright ? 200 + pixel % 50 : (7 * pixel + 13 * image) % 40));
        }
    return bytes;
}

byte_string labels(std::uint32_t count)
{
    byte_string bytes = tessera::testing::idx_header({count});
    for (std::uint32_t image = 0; image < count; ++image)
        bytes.push_back(static_cast<std::uint8_t>(image % classes));
    return bytes;
}

class train_program : public config_test {
protected:
    void SetUp() override
    {
        config_test::SetUp();
        m_data = m_folder / "data";
        std::filesystem::create_directories(m_data);
        put("train-images-idx3-ubyte", images(60));
        put("train-labels-idx1-ubyte", labels(60));
        put("t10k-images-idx3-ubyte.gz", tessera::testing::gzip(images(15)));
        put("t10k-labels-idx1-ubyte.gz", tessera::testing::gzip(labels(15)));
        write("e.toml", experiment);
    }

    void put(const std::string &name, const byte_string &bytes) const
    {
        std::ofstream(m_data / name, std::ios::binary)
            .write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }

    program_outcome train(const std::string &arguments, const std::string &environment = "LC_ALL=C") const
    {
        return run_program(m_folder, "train e.toml " + arguments, environment);
    }

    // Trains into the folder `name` and returns result.json.
    json result_of(const std::string &name, const std::string &arguments = "",
                   const std::string &environment = "") const
    {
        const program_outcome got = train("--quiet -o " + name + " " + arguments, environment);
        EXPECT_EQ(got.exit_code, 0);
        EXPECT_EQ(got.out, "");
        EXPECT_EQ(got.err, "");
        return json::parse(file_text(m_folder / name / "result.json"));
    }

    // The run must be refused with one line that begins with `begin` and holds every part; nothing may appear anywhere.
    void expect_refused(const std::string &arguments, const std::string &begin, const std::vector<std::string> &parts)
    {
        const std::vector<std::string> before = files();
        const program_outcome          got = run_program(m_folder, "train " + arguments, "LC_ALL=C");
        EXPECT_EQ(got.exit_code, 2) << arguments;
        EXPECT_EQ(got.out, "") << arguments;
        EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
        EXPECT_EQ(got.err.rfind(begin, 0), 0U) << got.err;
        for (const std::string &part : parts)
            EXPECT_NE(got.err.find(part), std::string::npos) << "no \"" << part << "\" in: " << got.err;
        EXPECT_EQ(files(), before) << arguments;
    }

    std::vector<std::string> files() const
    {
        std::vector<std::string> names;
        for (const auto &entry : std::filesystem::recursive_directory_iterator(m_folder))
            if (entry.path().string().find(".streams") == std::string::npos)
                names.push_back(entry.path().string());
        std::sort(names.begin(), names.end());
        return names;
    }

    // 4 tiles in the first layer, so that partial sums are reduced and moved.
    const std::string experiment = "[network]\n"
                                   "layers = [64, 12, 3]\n"
                                   "[training]\n"
                                   "epochs = 2\n"
                                   "learning_rate = 0.1\n"
                                   "[algorithm]\n"
                                   "name = \"cttv2\"\n"
                                   "fast_lr = 0.5\n"
                                   "auto_granularity = 20.0\n"
                                   "[device]\n"
                                   "preset = \"soft_bounds_100\"\n"
                                   "[io]\n"
                                   "adc_bits = 9\n"
                                   "dac_bits = 7\n"
                                   "[chip]\n"
                                   "preset = \"rpu_256_14nm\"\n"
                                   "input_lines = 16\n"
                                   "output_lines = 16\n"
                                   "[data]\n"
                                   "folder = \"data\"\n"
                                   "validation = 12\n";

    std::filesystem::path m_data;
};

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

TEST_F(train_program, refuses_wrong_configurations)
{
    expect_refused("missing.toml -o run", "missing.toml: cannot be read", {});
    write("bad.toml", experiment + "colour = \"red\"\n");
    expect_refused("bad.toml -o run", "bad.toml:22:1: unknown key 'colour' in [data]", {});
    write("bad.toml", "[training]\nepochs = \"two\"\n" + smallest_experiment);
    expect_refused("bad.toml -o run", "bad.toml:2:10: training.epochs: expected an integer", {"\"two\""});
    expect_refused("e.toml -o run --set chip.input_lines=0", "--set chip.input_lines=0: chip.input_lines: expected",
                   {"got 0"});
    expect_refused("e.toml -o run --set io.adc_bits=40", "--set io.adc_bits=40: io.adc_bits: expected", {"got 40"});
    expect_refused("e.toml -o run --set training.learning_rate=nan",
                   "--set training.learning_rate=nan: training.learning_rate: expected a finite number", {"got nan"});
}

TEST_F(train_program, refuses_data_that_do_not_fit_the_network)
{
    expect_refused("e.toml -o run --set 'network.layers=[49, 12, 3]'",
                   "--set network.layers: the first layer has 49 inputs", {"64 pixels", "[64, "});
    write("bad.toml", "[network]\nlayers = [49, 3]\n" + experiment.substr(experiment.find("[training]")));
    expect_refused("bad.toml -o run", "bad.toml:2: network.layers: the first layer has 49 inputs", {"64 pixels"});
    expect_refused("e.toml -o run --set data.validation=60", "--set data.validation: ", {"60", "at most 59"});
    expect_refused("e.toml -o run --set 'network.layers=[64, 2]'",
                   "e.toml:20: data.folder: ", {"data/train-labels-idx1-ubyte", "label 2 is 2", "expected 0 to 1"});
}

TEST_F(train_program, refuses_a_network_too_big_for_a_chip)
{
    expect_refused("e.toml -o run --set 'network.layers=[64, 2000, 3]'",
                   "e.toml:17: chip.input_lines, chip.output_lines: the network needs ",
                   {"tiles of 16 x 16 lines", "at most 4096"});
}

TEST_F(train_program, refuses_a_missing_data_set)
{
    expect_refused("e.toml -o run --data nowhere",
                   "--set data.folder: ", {"nowhere/train-images-idx3-ubyte", "is missing", "--data DIR"});
    std::filesystem::remove(m_data / "t10k-labels-idx1-ubyte.gz");
    expect_refused("e.toml -o run",
                   "e.toml:20: data.folder: ", {"data/t10k-labels-idx1-ubyte", "is missing", "--data DIR"});
}

TEST_F(train_program, refuses_damaged_data)
{
    const byte_string whole = tessera::testing::gzip(images(15));
    put("t10k-images-idx3-ubyte.gz",
        byte_string(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2)));
    expect_refused("e.toml -o run", "e.toml:20: data.folder: ", {"data/t10k-images-idx3-ubyte.gz"});
    put("t10k-images-idx3-ubyte.gz", whole);

    byte_string wrong_magic = images(60);
    wrong_magic[2] = 0x0D;
    put("train-images-idx3-ubyte", wrong_magic);
    expect_refused("e.toml -o run", "e.toml:20: data.folder: ", {"data/train-images-idx3-ubyte"});
    put("train-images-idx3-ubyte", images(60));

    byte_string wrong_label = labels(60);
    wrong_label.back() = 3;
    put("train-labels-idx1-ubyte", wrong_label);
    expect_refused("e.toml -o run",
                   "e.toml:20: data.folder: ", {"data/train-labels-idx1-ubyte", "label 59 is 3", "expected 0 to 2"});
}

TEST_F(train_program, refuses_an_output_folder_that_cannot_be)
{
    write("file", "");
    expect_refused("e.toml -o file/run", "file/run: cannot create the output folder: Not a directory", {"-o"});
    expect_refused("e.toml -o file", "file: ", {"-o"});
}

TEST_F(train_program, refuses_an_unknown_instruction_set)
{
    const program_outcome got = train("-o run", "TESSERA_ISA=mmx");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(got.err.rfind("TESSERA_ISA=mmx: expected scalar", 0), 0U) << got.err;
    EXPECT_FALSE(std::filesystem::exists(m_folder / "run"));
}

} // namespace
} // namespace tessera::test
