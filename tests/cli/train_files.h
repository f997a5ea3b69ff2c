// A tiny data set, a tiny network to learn it, and the program to train it with.
#ifndef TESSERA_TESTS_CLI_TRAIN_FILES_H
#define TESSERA_TESTS_CLI_TRAIN_FILES_H

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/cli/config_files.h"
#include "tests/cli/run_program.h"
#include "tests/workloads/idx_files.h"

namespace tessera::test {

using tessera::testing::byte_string;

inline constexpr std::uint32_t side = 8;
inline constexpr std::uint32_t classes = 3;

// Bright rows where the class has its place, a pattern of grey elsewhere.
inline byte_string images(std::uint32_t count)
{
    byte_string bytes = tessera::testing::idx_header({count, side, side});
    for (std::uint32_t image = 0; image < count; ++image)
        for (std::uint32_t pixel = 0; pixel < side * side; ++pixel) {
            const bool bright = pixel / side / 3 == image % classes;
            bytes.push_back(static_cast<std::uint8_t>(bright ? 200 + pixel % 50 : (7 * pixel + 13 * image) % 40));
        }
    return bytes;
}

inline byte_string labels(std::uint32_t count)
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
    nlohmann::json result_of(const std::string &name, const std::string &arguments = "",
                             const std::string &environment = "") const
    {
        const program_outcome got = train("--quiet -o " + name + " " + arguments, environment);
        EXPECT_EQ(got.exit_code, 0);
        EXPECT_EQ(got.out, "");
        EXPECT_EQ(got.err, "");
        return nlohmann::json::parse(file_text(m_folder / name / "result.json"));
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

} // namespace tessera::test
#endif
