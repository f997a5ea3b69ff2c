// `tessera train` with wrong input: one line that names file and key and says what to do, exit code 2, and nothing written.
#include "tests/cli/train_files.h"

namespace tessera::test {
namespace {

class train_errors : public train_program {};

TEST_F(train_errors, refuses_wrong_configurations)
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

TEST_F(train_errors, refuses_data_that_do_not_fit_the_network)
{
    expect_refused("e.toml -o run --set 'network.layers=[49, 12, 3]'",
                   "--set network.layers: the first layer has 49 inputs", {"64 pixels", "[64, "});
    write("bad.toml", "[network]\nlayers = [49, 3]\n" + experiment.substr(experiment.find("[training]")));
    expect_refused("bad.toml -o run", "bad.toml:2: network.layers: the first layer has 49 inputs", {"64 pixels"});
    expect_refused("e.toml -o run --set data.validation=60", "--set data.validation: ", {"60", "at most 59"});
    expect_refused("e.toml -o run --set 'network.layers=[64, 2]'",
                   "e.toml:20: data.folder: ", {"data/train-labels-idx1-ubyte", "label 2 is 2", "expected 0 to 1"});
}

TEST_F(train_errors, refuses_a_network_too_big_for_a_chip)
{
    expect_refused("e.toml -o run --set 'network.layers=[64, 2000, 3]'",
                   "e.toml:17: chip.input_lines, chip.output_lines: the network needs ",
                   {"tiles of 16 x 16 lines", "at most 4096"});
}

TEST_F(train_errors, refuses_a_missing_data_set)
{
    expect_refused("e.toml -o run --data nowhere",
                   "--set data.folder: ", {"nowhere/train-images-idx3-ubyte", "is missing", "--data DIR"});
    std::filesystem::remove(m_data / "t10k-labels-idx1-ubyte.gz");
    expect_refused("e.toml -o run",
                   "e.toml:20: data.folder: ", {"data/t10k-labels-idx1-ubyte", "is missing", "--data DIR"});
}

TEST_F(train_errors, refuses_damaged_data)
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

TEST_F(train_errors, refuses_an_output_folder_that_cannot_be)
{
    write("file", "");
    expect_refused("e.toml -o file/run", "file/run: cannot create the output folder: Not a directory", {"-o"});
    expect_refused("e.toml -o file", "file: ", {"-o"});
}

TEST_F(train_errors, refuses_an_unknown_instruction_set)
{
    const program_outcome got = train("-o run", "TESSERA_ISA=mmx");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(got.err.rfind("TESSERA_ISA=mmx: expected scalar", 0), 0U) << got.err;
    EXPECT_FALSE(std::filesystem::exists(m_folder / "run"));
}

} // namespace
} // namespace tessera::test
