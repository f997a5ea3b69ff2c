// Wrong configurations: each mistake gives one line with file, line, column, key, what was expected, and the nearest valid name.
#include "tests/cli/config_files.h"

#include "models/periphery/pulse_train.h"

namespace tessera::test {
namespace {

using lines = std::vector<std::string>;

class config_errors : public config_test {};

struct mistake {
    const char *text;
    const char *line;
};

TEST_F(config_errors, one_line_for_each_mistake)
{
    const mistake table[] = {
        {"[algorithm]\nname = \"cttv2\"\ndesired_bll = 5\n",
         "e.toml:3:1: unknown key 'desired_bll' in [algorithm]; did you mean 'desired_bl'?"},
        {"[algorithm]\nxyz = 5\n",
         "e.toml:2:1: unknown key 'xyz' in [algorithm]; 'tessera config --keys' lists all keys"},
        {"[network]\nepochs = 5\n", "e.toml:2:1: unknown key 'epochs' in [network]; it belongs to [training]"},
        {"epochs = 5\n", "e.toml:1:1: unknown key 'epochs' before the first section; it belongs to [training]"},
        {"[device]\npresett = \"ecram\"\n", "e.toml:2:1: unknown key 'presett' in [device]; did you mean 'preset'?"},
        {"[network]\npreset = \"x\"\n",
         "e.toml:2:1: unknown key 'preset' in [network]; 'tessera config --keys' lists all keys"},
        {"[trainign]\nepochs = 5\n", "e.toml:1:2: unknown section [trainign]; did you mean [training]?"},
        {"[chip.adc]\nbits = 5\n", "e.toml:1:7: unknown key 'adc' in [chip]; 'tessera config --keys' lists all keys"},
        {"training = 5\n", "e.toml:1:12: training: expected a section [training] with keys"},
        {"[training]\nepochs = \"three\"\n",
         "e.toml:2:10: training.epochs: expected an integer 1 to 1000000, got \"three\""},
        {"[training]\nepochs = 2.0\n", "e.toml:2:10: training.epochs: expected an integer 1 to 1000000, got 2.0"},
        {"[training]\nepochs = 0\n", "e.toml:2:10: training.epochs: expected an integer 1 to 1000000, got 0"},
        {"[training]\nlearning_rate = nan\n",
         "e.toml:2:17: training.learning_rate: expected a finite number > 0 and <= 1000000, got nan"},
        {"[training]\nlearning_rate = -inf\n",
         "e.toml:2:17: training.learning_rate: expected a finite number > 0 and <= 1000000, got -inf"},
        {"[training]\nlearning_rate = 0\n",
         "e.toml:2:17: training.learning_rate: expected a finite number > 0 and <= 1000000, got 0.0"},
        {"[training]\nlearning_rate = [1]\n",
         "e.toml:2:17: training.learning_rate: expected a finite number > 0 and <= 1000000, got a list"},
        {"[training]\nloss_reduction = \"maen\"\n", "e.toml:2:18: training.loss_reduction: expected one of \"sum\", "
                                                    "\"mean\", got \"maen\"; did you mean \"mean\"?"},
        {"[network]\nactivation = 1\n",
         "e.toml:2:14: network.activation: expected one of \"sigmoid\", \"tanh\", \"relu\", got 1"},
        {"[network]\nlayers = [784, 0]\n",
         "e.toml:2:10: network.layers: expected a list of integers, each 1 to 1000000, got [784, 0]"},
        {"[network]\nlayers = [784, 1.5]\n",
         "e.toml:2:10: network.layers: expected a list of integers, each 1 to 1000000, got a list"},
        {"[data]\nfolder = true\n", "e.toml:2:10: data.folder: expected a string, got true"},
        {"[io]\nis_perfect = 1\n", "e.toml:2:14: io.is_perfect: expected true or false, got 1"},
        {"[io]\nadc_bits = 40\n", "e.toml:2:12: io.adc_bits: expected an integer 2 to 16, got 40"},
        {"[io]\ndac_bits = 1\n", "e.toml:2:12: io.dac_bits: expected an integer 2 to 16, got 1"},
        {"[io]\nadc_bits = 9\nout_res = 0.1\n", "e.toml:3:1: io.out_res: 'out_res' was given already at e.toml:2:12"},
        {"[chip]\ninput_lines = 0\n", "e.toml:2:15: chip.input_lines: expected an integer 1 to 8192, got 0"},
        {"[chip]\nadc_fj = -1.0\n",
         "e.toml:2:10: chip.adc_fj: expected a finite number 0 to 1000000000000000, got -1.0"},
        {"[sources.chip]\nadc_fj = \"x\"\n", "e.toml:2:1: [sources.chip]: 'adc_fj' is not set in [chip] of this file"},
        {"[chip]\nadc_fj = 1.0\n[sources.chip]\nadc_fj = 3\n",
         "e.toml:4:10: expected the source as a string, or { source = \"…\", low = …, typical = …, high = … }"},
    };
    for (const mistake &m : table) {
        EXPECT_EQ(complaints(m.text), lines{m.line}) << m.text;
    }
}

TEST_F(config_errors, override_has_the_same_checks)
{
    const mistake table[] = {
        {"training.epochs=three", "training.epochs: expected an integer 1 to 1000000, got 'three'"},
        {"training.epochs=", "training.epochs: expected an integer 1 to 1000000, got ''"},
        {"training.epochs=1.5", "training.epochs: expected an integer 1 to 1000000, got 1.5"},
        {"training.epochs=1\nepochs = 2", "training.epochs: expected an integer 1 to 1000000, got '1\nepochs = 2'"},
        {"training.learning_rate=nan", "training.learning_rate: expected a finite number > 0 and <= 1000000, got nan"},
        {"io.adc_bits=40", "io.adc_bits: expected an integer 2 to 16, got 40"},
        {"algorithm.name=cttv3",
         "algorithm.name: expected one of \"fp\", \"sgd\", \"ttv1\", \"ttv2\", \"cttv2\", \"agad\", \"mp\", "
         "got \"cttv3\"; did you mean \"cttv2\"?"},
        {"algorithm.desired_bll=5", "unknown key 'desired_bll' in [algorithm]; did you mean 'desired_bl'?"},
        {"learning_rate=1", "unknown key 'learning_rate' before the first section; it belongs to [training]"},
        {"trainign.epochs=1", "unknown section [trainign]; did you mean [training]?"},
        {"training.epochs", "expected section.key=value, for example training.epochs=3"},
        {"network.layers=[3, 4", "network.layers: expected a list of integers, each 1 to 1000000, got '[3, 4'"},
    };
    for (const mistake &m : table) {
        EXPECT_EQ(complaints(smallest_experiment, {m.text}), lines{std::string("--set ") + m.text + ": " + m.line});
    }
}

TEST_F(config_errors, keys_that_contradict_each_other)
{
    const mistake table[] = {
        {"schedule.policy=pipelined", "schedule.policy: \"pipelined\" is not available yet; use \"serial\""},
        {"schedule.policy=overlapped", "schedule.policy: \"overlapped\" is not available yet; use \"serial\""},
        {"schedule.policy=stale", "schedule.policy: \"stale\" is not available yet; use \"serial\""},
        {"algorithm.name=agad",
         "algorithm.name: \"agad\" is not available yet; use \"fp\", \"sgd\", \"ttv2\" or \"cttv2\""},
        {"algorithm.name=fp", "algorithm.name: \"fp\" updates weights exactly and needs law = \"ideal\" in [device]"},
        {"network.layers=[4]", "network.layers: expected two layers or more, inputs first, for example [784, 10]"},
        {"device_a.table_up=[1.0, 2.0]", ""}, // its table_down is the one that is wrong, in the file's name
        {"chip.g_max_s=1e-9", "[chip]: g_min_s: expected a conductance below g_max_s"},
        {"chip.preset=rpu_256_14mn",
         "chip.preset: no preset \"rpu_256_14mn\" of a chip; did you mean \"rpu_256_14nm\"?"},
        {"io.preset=best", "io.preset: no preset \"best\" of a io; known are ideal, typical"},
    };
    for (const mistake &m : table) {
        const lines got = complaints(smallest_experiment, {m.text});
        ASSERT_EQ(got.size(), 1U) << m.text;
        if (std::string(m.text).rfind("device_a", 0) == 0) {
            EXPECT_EQ(got[0], "e.toml: device_a.table_down: expected 2 steps as in table_up, got 0");
        } else if (std::string(m.text).rfind("chip.g_max_s", 0) == 0) {
            // The preset's key is named first and is where the message points.
            EXPECT_NE(got[0].find("rpu_256_14nm.toml:"), std::string::npos) << got[0];
            EXPECT_NE(got[0].find(m.line), std::string::npos) << got[0];
        } else {
            EXPECT_EQ(got[0], std::string("--set ") + m.text + ": " + m.line);
        }
    }
}

TEST_F(config_errors, core_check_points_at_the_line_of_its_key)
{
    const std::string text = smallest_experiment + "[device_a]\nw_min = 0.0\n"; // soft bounds divide by it
    const lines       got = complaints(text);
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].rfind("e.toml:10:9: [device_a]: w_min ", 0), 0U) << got[0];
}

TEST_F(config_errors, all_mistakes_of_a_file_in_its_order)
{
    EXPECT_EQ(complaints("[training]\nseed = -1\nepochs = 0\n[network]\nbias = \"both\"\n"),
              (lines{"e.toml:2:8: training.seed: expected an integer 0 to 9.2e+18, got -1",
                     "e.toml:3:10: training.epochs: expected an integer 1 to 1000000, got 0",
                     "e.toml:5:8: network.bias: expected one of \"none\", \"digital\", \"analog\", got \"both\""}));
}

TEST_F(config_errors, what_has_no_default_must_be_said)
{
    const lines got = complaints("[algorithm]\n[device]\npreset = \"ecram\"\n[chip]\ninput_lines = 4\n");
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(got[0], "e.toml: [network] lacks layers");
    EXPECT_EQ(got[1], "e.toml:1:2: [algorithm] lacks name");
    EXPECT_EQ(got[2].rfind("e.toml:4:2: [chip] lacks output_lines, tiles_per_core, lines_per_adc and ", 0), 0U)
        << got[2];
    EXPECT_NE(got[2].find("; name a preset, one of r24_512, rpu_256_14nm"), std::string::npos) << got[2];
}

TEST_F(config_errors, files_that_are_no_experiment)
{
    EXPECT_THROW(resolve(m_folder / "missing.toml"), config_error);
    EXPECT_THROW(resolve(m_folder), config_error); // a folder
    const lines got = complaints("[training]\nepochs = 3 4\n");
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].rfind("e.toml:2:12: not TOML: ", 0), 0U) << got[0];
    try {
        resolve(m_folder / "missing.toml");
    } catch (const config_error &error) {
        EXPECT_EQ(error.lines(),
                  lines{(m_folder / "missing.toml").string() + ": cannot be read; give the path of a TOML file"});
    }
}

TEST_F(config_errors, preset_must_name_the_source_of_each_number)
{
    write("presets/mine.toml",
          "[device]\nlaw = \"constant_step\"\ndw_min = 0.01\nc2c = 0.3\n[sources]\nc2c = \"somebody 2020\"\n");
    const std::vector<std::string> use = {"device.preset=mine"};
    EXPECT_EQ(complaints(smallest_experiment, use), lines{"presets/mine.toml:3:1: device.dw_min: a preset names the "
                                                          "source of each number: add dw_min = \"…\" to [sources]"});
    write("presets/mine.toml", "[device]\nlaw = \"constant_step\"\n[sources]\nc2c = \"somebody 2020\"\n");
    EXPECT_EQ(complaints(smallest_experiment, use),
              lines{"presets/mine.toml:4:1: [sources]: 'c2c' is not set in [device] of this preset"});
    write("presets/mine.toml",
          "[device]\nlaw = \"constant_stepp\"\ndw_mim = 1.0\n[extra]\n[sources]\ndefault = \"somebody 2020\"\n");
    EXPECT_EQ(complaints(smallest_experiment, use).size(), 3U);
    write("presets/mine.toml", "[device]\nlaw = \"constant_step\"\n[sources]\n");
    EXPECT_EQ(complaints(smallest_experiment, use), lines{});
}

} // namespace
} // namespace tessera::test
