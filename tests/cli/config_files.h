// Files of a test of the configuration, in a folder of their own.
#ifndef TESSERA_TESTS_CLI_CONFIG_FILES_H
#define TESSERA_TESTS_CLI_CONFIG_FILES_H

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "cli/config/key_spec.h"
#include "cli/config/resolve.h"

namespace tessera::test {

// A complete experiment in as few keys as possible.
inline const std::string smallest_experiment = "[network]\n"
                                               "layers = [4, 3]\n"
                                               "[algorithm]\n"
                                               "name = \"cttv2\"\n"
                                               "[device]\n"
                                               "preset = \"soft_bounds_100\"\n"
                                               "[chip]\n"
                                               "preset = \"rpu_256_14nm\"\n";

class config_test : public testing::Test {
protected:
    void SetUp() override
    {
        const auto *const info = testing::UnitTest::GetInstance()->current_test_info();
        m_folder = std::filesystem::path(testing::TempDir()) / (std::string("tessera_config_") + info->name());
        std::filesystem::remove_all(m_folder);
        std::filesystem::create_directories(m_folder);
        unsetenv("TESSERA_PRESETS");
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }

    std::filesystem::path write(const std::string &name, const std::string &text) const
    {
        const std::filesystem::path file = m_folder / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
        return file;
    }

    resolved_experiment resolved(const std::string &text, const std::vector<std::string> &overrides = {}) const
    {
        return resolve(write("e.toml", text), overrides);
    }

    // What resolve() complains about, the folder of this test left out; nothing if it does not.
    std::vector<std::string> complaints(const std::string &text, const std::vector<std::string> &overrides = {}) const
    {
        try {
            resolved(text, overrides);
        } catch (const config_error &error) {
            std::vector<std::string> lines = error.lines();
            const std::string        prefix = m_folder.string() + "/";
            for (std::string &line : lines) {
                for (std::size_t at = line.find(prefix); at != std::string::npos; at = line.find(prefix)) {
                    line.erase(at, prefix.size());
                }
            }
            return lines;
        }
        return {};
    }

    std::filesystem::path m_folder;
};

inline bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

inline bool same(const config_value &a, const config_value &b)
{
    const auto *x = std::get_if<double>(&a);
    const auto *y = std::get_if<double>(&b);
    return x != nullptr && y != nullptr ? same_bits(*x, *y) : a == b;
}

// The entry of a key in the list of resolved values; a null pointer if it is not listed.
inline const resolved_value *entry(const resolved_experiment &r, const std::string &section, const std::string &key)
{
    for (const resolved_value &value : r.list) {
        if (value.section == section && value.key == key) {
            return &value;
        }
    }
    return nullptr;
}

} // namespace tessera::test
#endif
