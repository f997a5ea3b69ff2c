// The experiments that come with the program, on Debian's Fashion-MNIST: the model is the training.
#include "tests/cli/train_files.h"
#include "workloads/dataset.h"

namespace tessera::test {
namespace {

class demo_slow : public config_test {
protected:
    // Test accuracy (percent) after 3000 samples of the demo.
    double accuracy(const std::string &name, const std::string &arguments) const
    {
        const program_outcome got = run_program(
            m_folder, "train " TESSERA_SOURCE_DIR "/workloads/experiments/fashion-mnist-cttv2.toml --quiet -o " + name +
                          " --set training.samples=3000 " + arguments);
        EXPECT_EQ(got.exit_code, 0) << got.err;
        return nlohmann::json::parse(file_text(m_folder / name / "result.json"))["test_accuracy"].get<double>();
    }

    void SetUp() override
    {
        config_test::SetUp();
        if (!std::filesystem::exists(TSR_DATASET_DEFAULT_FOLDER))
            GTEST_SKIP() << "needs Debian's package dataset-fashion-mnist";
    }
};

TEST_F(demo_slow, learns) { EXPECT_GT(accuracy("run", ""), 60.0); }
TEST_F(demo_slow, does_not_learn_through_converters_of_two_bits)
{
    EXPECT_LT(accuracy("run", "--set io.adc_bits=2"), 60.0);
}
TEST_F(demo_slow, does_not_learn_while_the_fast_array_stands_still)
{
    EXPECT_LT(accuracy("run", "--set algorithm.freeze_a=true"), 20.0);
}

TEST_F(demo_slow, fails_with_one_line_when_training_diverges)
{
    const program_outcome got = run_program(
        m_folder, "train " TESSERA_SOURCE_DIR "/workloads/experiments/fashion-mnist-fp.toml --quiet -o run "
                  "--set training.samples=50 --set training.learning_rate=1e5 --set 'network.activation=\"relu\"'");
    EXPECT_EQ(got.exit_code, 1);
    EXPECT_NE(got.err.find("training diverged"), std::string::npos) << got.err;
    EXPECT_NE(got.err.find("training.learning_rate"), std::string::npos) << got.err;
    EXPECT_EQ(file_text(m_folder / "run" / "metrics.csv").find("nan"), std::string::npos);
    EXPECT_EQ(nlohmann::json::parse(file_text(m_folder / "run" / "result.json"))["status"], "failed");
}

} // namespace
} // namespace tessera::test
