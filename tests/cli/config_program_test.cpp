// `tessera config` as a user runs it: exit codes, and what goes to which stream.
#include <sys/wait.h>

#include <cstdio>
#include <iterator>

#include "tests/cli/config_files.h"

namespace tessera::test {
namespace {

struct outcome {
    int         exit_code;
    std::string out, err;
};

class config_program : public config_test {
protected:
    outcome run(const std::string &arguments) const
    {
        const std::string out = (m_folder / "out").string();
        const std::string err = (m_folder / "err").string();
        const std::string command =
            "cd '" + m_folder.string() + "' && '" TESSERA_PROGRAM "' " + arguments + " >out 2>err";
        const int status = std::system(command.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, slurp(out), slurp(err)};
    }

private:
    static std::string slurp(const std::string &file)
    {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    }
};

TEST_F(config_program, wrong_input_is_one_line_and_exit_code_2)
{
    write("e.toml", smallest_experiment + "[algorithm2]\n");
    outcome got = run("config e.toml");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(got.out, "");
    EXPECT_EQ(got.err, "e.toml:9:2: unknown section [algorithm2]; did you mean [algorithm]?\n");

    write("e.toml", smallest_experiment);
    got = run("config e.toml --set io.adc_bits=40");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(got.err, "--set io.adc_bits=40: io.adc_bits: expected an integer 2 to 16, got 40\n");

    got = run("config missing.toml");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(got.err, "missing.toml: cannot be read; give the path of a TOML file\n");

    got = run("confg e.toml");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(got.err, "unknown command 'confg'; did you mean 'config'?\n");
    EXPECT_EQ(run("config").exit_code, 2);
    EXPECT_EQ(run("").exit_code, 2);
    EXPECT_EQ(run("config e.toml --bogus").exit_code, 2);
}

TEST_F(config_program, prints_every_value_with_origin_unit_and_source)
{
    write("e.toml", smallest_experiment + "t_conv_ps = 7\n");
    const outcome got = run("config --set training.epochs=3 e.toml --set 'network.layers=[4, 5, 3]'");
    EXPECT_EQ(got.exit_code, 0);
    EXPECT_EQ(got.err, "");
    const auto line_of = [&got](const std::string &key) {
        const std::size_t at = got.out.find("\n  " + key + " ");
        return at == std::string::npos ? std::string() : got.out.substr(at + 1, got.out.find('\n', at + 1) - at - 1);
    };
    const auto has = [](const std::string &line, const char *part) { return line.find(part) != std::string::npos; };
    EXPECT_TRUE(has(line_of("t_conv_ps"), " 7 ") && has(line_of("t_conv_ps"), " ps ") &&
                has(line_of("t_conv_ps"), " e.toml:9"));
    EXPECT_TRUE(has(line_of("epochs"), " 3 ") && has(line_of("epochs"), " --set"));
    EXPECT_TRUE(has(line_of("layers"), "[4, 5, 3]"));
    EXPECT_TRUE(has(line_of("sram_read_fj_per_bit"), "fJ/bit") && has(line_of("sram_read_fj_per_bit"), "Marinella"));
    EXPECT_TRUE(has(line_of("dw_min"), "models/presets/soft_bounds_100.toml:"));
}

TEST_F(config_program, its_toml_is_an_experiment_that_needs_nothing_else)
{
    write("e.toml", smallest_experiment);
    const outcome first = run("config e.toml --toml");
    EXPECT_EQ(first.exit_code, 0);
    EXPECT_EQ(first.out.find("preset ="), std::string::npos);
    write("copy.toml", first.out);
    const outcome table = run("config copy.toml");
    EXPECT_EQ(table.exit_code, 0) << table.err;
    EXPECT_EQ(table.out.find("models/presets"), std::string::npos);
}

TEST_F(config_program, help_has_examples)
{
    const outcome got = run("config --help");
    EXPECT_EQ(got.exit_code, 0);
    EXPECT_NE(got.out.find("Examples:"), std::string::npos);
    const outcome keys = run("config --keys");
    EXPECT_EQ(keys.exit_code, 0);
    EXPECT_NE(keys.out.find("desired_bl"), std::string::npos);
}

} // namespace
} // namespace tessera::test
