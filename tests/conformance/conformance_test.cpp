// The shared reference vectors, and what tessera-conformance says about files that fail or are broken.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "cli/conformance/command.h"
#include "cli/conformance/replay.h"

namespace tessera::conformance {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path vectors = fs::path(TESSERA_SOURCE_DIR) / "tests/data/conformance";

json load(const std::string &name)
{
    std::ifstream file(vectors / (name + ".json"));
    return json::parse(file);
}

struct answer {
    int         code;
    std::string report, problems;
};

answer run(const std::vector<std::string> &arguments)
{
    std::ostringstream report, problems;
    const int          code = run_command(arguments, report, problems);
    return {code, report.str(), problems.str()};
}

// Runs the command on a document in a file of its own.
class ConformanceFile : public ::testing::Test {
protected:
    void SetUp() override
    {
        const auto *test = ::testing::UnitTest::GetInstance()->current_test_info();
        path_ = fs::path(::testing::TempDir()) / (std::string("tessera_") + test->name() + ".json");
    }
    void TearDown() override { fs::remove(path_); }

    answer run_text(const std::string &text)
    {
        std::ofstream(path_) << text;
        return run({path_.string()});
    }
    answer run_case(json test)
    {
        return run_text(json{{"format", "tessera-conformance/1"}, {"cases", {std::move(test)}}}.dump());
    }

    // One clear line that names the file and everything in `parts`.
    void expect_refused(const answer &got, const std::vector<std::string> &parts) const
    {
        EXPECT_EQ(got.code, 2);
        EXPECT_EQ(std::count(got.problems.begin(), got.problems.end(), '\n'), 1) << got.problems;
        EXPECT_NE(got.problems.find(path_.string()), std::string::npos) << got.problems;
        for (const std::string &part : parts) {
            EXPECT_NE(got.problems.find(part), std::string::npos) << "'" << part << "' is not in: " << got.problems;
        }
    }

    fs::path path_;
};

class SharedVectors : public ::testing::TestWithParam<const char *> {
protected:
    void expect_all_pass(size_t cases)
    {
        size_t passed = 0;
        replay_file((vectors / (std::string(GetParam()) + ".json")).string(), {}, [&](const case_result &result) {
            EXPECT_TRUE(result.found.passed())
                << result.name << ": " << result.found.share() << " tolerances at " << result.found.place();
            EXPECT_GT(result.found.compared(), 0U);
            ++passed;
        });
        EXPECT_EQ(passed, cases);
    }
};
class SharedVectors_slow : public SharedVectors {};

TEST_P(SharedVectors, pass) { expect_all_pass(load(GetParam()).at("cases").size()); }
TEST_P(SharedVectors_slow, pass) { expect_all_pass(load(GetParam()).at("cases").size()); }
INSTANTIATE_TEST_SUITE_P(Exact, SharedVectors,
                         ::testing::Values("pulse_sequence", "read", "update", "transfer_sequence"),
                         [](const auto &instance) { return std::string(instance.param); });
INSTANTIATE_TEST_SUITE_P(Statistical, SharedVectors_slow,
                         ::testing::Values("update_statistics", "read_statistics", "transfer_statistics"),
                         [](const auto &instance) { return std::string(instance.param); });

// A shortened programming_error: two algorithms at their first checkpoint, one seed. Information: reported, never judged.
TEST_F(ConformanceFile, information_is_reported_but_not_judged)
{
    json test = load("programming_error").at("cases").at(0);
    json short_results = json::array();
    for (json result : test["expected"]["results"]) {
        if (result["reference_offset"] == 0 && (result["algorithm"] == "cttv2" || result["algorithm"] == "sgd")) {
            result["updates"] = {200};
            result["error_mean"] = {result["algorithm"] == "sgd" ? 1e-6 : 0.2};
            short_results.push_back(result);
        }
    }
    ASSERT_EQ(short_results.size(), 2U);
    test["expected"]["results"] = short_results;
    test["expected"]["seeds"] = 1;
    const answer got = run_case(test);
    EXPECT_EQ(got.code, 0);
    EXPECT_NE(got.report.find("info  programming_error"), std::string::npos) << got.report;
    EXPECT_NE(got.report.find("sgd with offset 0"), std::string::npos) << got.report;
    EXPECT_EQ(run({"--no-information", path_.string()}).report, "0 of 0 cases pass\n");
}

TEST_F(ConformanceFile, a_deviation_beyond_the_tolerance_fails_and_is_located)
{
    json test = load("pulse_sequence").at("cases").at(0);
    EXPECT_EQ(run_case(test).code, 0);
    json &weight = test["expected"]["weights"][2][1][3];
    weight = weight.get<double>() + 4e-6;
    EXPECT_EQ(run_case(test).code, 0);
    weight = weight.get<double>() + 6e-6;
    const answer got = run_case(test);
    EXPECT_EQ(got.code, 1);
    EXPECT_NE(got.report.find("FAIL  pulse_sequence"), std::string::npos) << got.report;
    EXPECT_NE(got.report.find("weight [1][3] after segment 2"), std::string::npos) << got.report;
    EXPECT_NE(got.report.find("0 of 1 cases pass"), std::string::npos) << got.report;
}

// One spoiled number of each kind makes its case fail: nothing in a file is read without being compared.
TEST_F(ConformanceFile, every_expected_quantity_is_judged)
{
    const auto spoil = [this](const char *file, const std::function<void(json &)> &change) {
        const json document = load(file);
        json       test = document.at("cases").at(0);
        for (const json &candidate : document.at("cases")) {
            if (candidate.at("name") == "transfer/agad_col_chop0.2_auto1_ag40_tail5") { // it has all quantities
                test = candidate;
            }
        }
        change(test);
        EXPECT_EQ(run_case(test).code, 1) << file;
    };
    spoil("read", [](json &t) { t["expected"]["retries"][0] = 1; });
    spoil("read", [](json &t) { t["expected"]["y"][1][2] = 7.0; });
    spoil("update", [](json &t) { t["expected"]["pulses"][0][0][0] = 5; });
    spoil("update", [](json &t) { t["expected"]["weights"][0][0][0] = 0.5; });
    for (const char *quantity : {"A", "W", "H", "p", "p_ref"}) {
        spoil("transfer_sequence", [&](json &t) { t["expected"]["checkpoints"][0][quantity][0][0] = 123.0; });
    }
    for (const char *quantity : {"next_slice", "sweep", "m_x", "m_d"}) {
        spoil("transfer_sequence", [&](json &t) { t["expected"]["checkpoints"][0][quantity] = 123.0; });
    }
    spoil("transfer_sequence", [](json &t) { t["expected"]["checkpoints"][0]["in_chopper"][0] = 0; });
    for (const char *quantity : {"mean_dw", "std_dw"}) {
        spoil("update_statistics",
              [&](json &t) { t["expected"][quantity][0][0] = 0.02, t["expected"]["repetitions"] = 100; });
    }
    for (const char *quantity : {"mean_y", "std_y"}) {
        spoil("read_statistics", [&](json &t) { t["expected"][quantity][0] = 9.0, t["expected"]["reads"] = 100; });
    }
    for (const char *quantity : {"mean_A", "std_A", "mean_W", "std_W", "mean_H", "std_H"}) {
        spoil("transfer_statistics", [&](json &t) {
            t["expected"]["checkpoints"][0][quantity][0][0] = 99.0, t["expected"]["runs"] = 60;
            t["expected"]["checkpoints"].erase(t["expected"]["checkpoints"].begin() + 1,
                                               t["expected"]["checkpoints"].end());
        });
    }
}

TEST_F(ConformanceFile, broken_files_are_refused_in_one_line)
{
    expect_refused(run_text("{\"format\": 3"), {"is not JSON"});
    expect_refused(run_text("{\"cases\": []}"), {"key 'format' is missing"});
    expect_refused(run_text("{\"format\": \"other/1\", \"cases\": []}"), {"other/1"});
    const json  good = load("pulse_sequence").at("cases").at(0);
    const char *name = "case 'pulse/constant'";
    const auto  refused = [&](const std::vector<std::string> &parts, const std::function<void(json &)> &change) {
        json bad = good;
        change(bad);
        const answer got = run_case(bad);
        expect_refused(got, parts);
    };
    refused({name, "kind", "walk"}, [](json &t) { t["kind"] = "walk"; });
    refused({name, "'device.step_up' is missing"}, [](json &t) { t["device"].erase("step_up"); });
    refused({name, "'device.law'", "magic"}, [](json &t) { t["device"]["law"] = "magic"; });
    refused({name, "'device.w_max' has 2 rows, expected 3"}, [](json &t) { t["device"]["w_max"].erase(0); });
    refused({name, "'device.w_min[1]' has 3 numbers, expected 4"}, [](json &t) { t["device"]["w_min"][1].erase(0); });
    refused({name, "'device.w_max'", "must be > 0"}, [](json &t) { t["device"]["w_max"][0][0] = -1; });
    refused({name, "'device.c2c'"}, [](json &t) { t["device"]["c2c"] = 0.3; });
    refused({name, "'device.c2c_mode'"}, [](json &t) { t["device"]["c2c_mode"] = 1; });
    refused({name, "'rows'"}, [](json &t) { t["rows"] = 0; });
    refused({name, "'input.segments[0].direction'"}, [](json &t) { t["input"]["segments"][0]["direction"] = 2; });
    refused({name, "'expected.weights'"}, [](json &t) { t["expected"]["weights"].erase(0); });
    refused({name, "'tolerance.abs' is not a number"}, [](json &t) { t["tolerance"]["abs"] = "small"; });
    const answer missing = run({(path_ / "nothing.json").string()});
    EXPECT_EQ(missing.code, 2);
    EXPECT_NE(missing.problems.find("cannot be opened"), std::string::npos);
    EXPECT_EQ(run({}).code, 2);
    EXPECT_EQ(run({"--fast"}).code, 2);
    EXPECT_EQ(run({"--help"}).code, 0);
}

json filled(uint32_t rows, uint32_t columns, double value)
{
    return json(std::vector<std::vector<double>>(rows, std::vector<double>(columns, value)));
}

json constant_device(uint32_t rows, uint32_t columns, double step)
{
    return {{"law", "constant_step"},
            {"g", step},
            {"dw_min", step},
            {"c2c", 0},
            {"c2c_mode", "multiplicative"},
            {"write_noise", 0},
            {"step_up", filled(rows, columns, step)},
            {"step_down", filled(rows, columns, step)},
            {"w_max", filled(rows, columns, 1)},
            {"w_min", filled(rows, columns, -1)}};
}

TEST_F(ConformanceFile, any_shape_and_any_number_of_pulses)
{
    for (const auto &[rows, columns] : std::vector<std::pair<uint32_t, uint32_t>>{{1, 1}, {33, 5}, {2, 70}}) {
        const json test = {
            {"name", "shape"},
            {"kind", "pulse_sequence"},
            {"rows", rows},
            {"cols", columns},
            {"device", constant_device(rows, columns, 0x1p-17)},
            {"input",
             {{"weights", filled(rows, columns, -0.25)},
              {"segments", {{{"direction", 1}, {"pulses", 70000}}, {{"direction", -1}, {"pulses", 3}}}}}},
            {"expected",
             {{"weights",
               {filled(rows, columns, -0.25 + 70000 * 0x1p-17), filled(rows, columns, -0.25 + 69997 * 0x1p-17)}}}},
            {"tolerance", {{"abs", 1e-9}}}};
        const answer got = run_case(test);
        EXPECT_EQ(got.code, 0) << rows << "x" << columns << "\n" << got.report << got.problems;
    }
}

// Pulse numbers of a train of n slots are binomial with probability p·q, also where n exceeds what one train of the core holds.
TEST_F(ConformanceFile, trains_longer_than_a_core_train)
{
    constexpr double step = 0x1p-12, rate = 0.01, x = 0.8, d = -0.3;
    constexpr int    slots = 150;
    const double     factor = std::sqrt(rate / (step * slots));
    const double     chance = std::min(x * factor, 1.0) * std::min(-d * factor, 1.0);
    const double     spread = std::sqrt(slots * chance * (1.0 - chance));
    const double     kurtosis = 3.0 + (1.0 - 6.0 * chance * (1.0 - chance)) / (spread * spread);
    const json       test = {{"name", "long"},
                             {"kind", "update_statistics"},
                             {"rows", 1},
                             {"cols", 1},
                             {"device", constant_device(1, 1, step)},
                             {"update",
                              {{"pulse_type", "stochastic"},
                               {"desired_bl", slots},
                               {"update_management", false},
                               {"update_bl_management", false},
                               {"learning_rate", rate},
                               {"g", step}}},
                             {"input", {{"weights", filled(1, 1, 0)}, {"x", {x}}, {"d", {d}}}},
                             {"expected",
                              {{"repetitions", 40000},
                               {"mean_dw", filled(1, 1, slots * chance * step)},
                               {"std_dw", filled(1, 1, spread * step)},
                               {"mean_se", filled(1, 1, 0)},
                               {"std_se", filled(1, 1, 0)},
                               {"kurtosis", filled(1, 1, kurtosis)}}},
                             {"tolerance", {{"z", 4.5}, {"abs", 1e-9}}}};
    const answer     got = run_case(test);
    EXPECT_EQ(got.code, 0) << got.report << got.problems;
}

} // namespace
} // namespace tessera::conformance
