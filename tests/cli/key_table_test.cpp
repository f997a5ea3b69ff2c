// The rows of the key table: each fills its own field, no field is without a row, every number survives its text.
#include <cmath>
#include <random>

#include "cli/config/key_table.h"
#include "cli/config/layer.h"
#include "tests/cli/config_files.h"

namespace tessera::test {
namespace {

// An allowed value that is not `now`; `serial` makes neighbours differ.
config_value another_value(const key_spec &key, const config_value &now, std::int64_t serial)
{
    const double least = key.range.open ? 0 : key.range.least;
    switch (key.kind) {
    case value_kind::boolean: return !std::get<bool>(now);
    case value_kind::text: return std::get<std::string>(now) + " \"\\\n";
    case value_kind::choice:
        return std::get<std::string>(now) == key.choices.front() ? key.choices.back() : key.choices.front();
    case value_kind::integer:
        return std::get<std::int64_t>(now) == static_cast<std::int64_t>(least) ? std::get<std::int64_t>(now) + 1
                                                                               : static_cast<std::int64_t>(least);
    case value_kind::real:
        return (least + std::min(key.range.most, least + 1)) / 2 + 1e-3 * static_cast<double>(serial % 7);
    case value_kind::integers: return std::vector<std::int64_t>{7, serial + 1};
    case value_kind::reals: return std::vector<double>(TSR_DEVICE_TABLE_MAX, 0.5);
    }
    return now;
}

TEST(key_table, each_key_fills_its_own_field)
{
    for (const section_spec &section : key_table()) {
        std::int64_t serial = 0;
        for (const key_spec &key : section.keys) {
            if (!key.set) {
                EXPECT_NE(find_key(section, key.alias_of), nullptr) << key.name;
                continue;
            }
            experiment         changed = default_experiment(TSR_ALGORITHM_CTTV2);
            experiment         untouched = default_experiment(TSR_ALGORITHM_CTTV2);
            const config_value value = another_value(key, key.get(section.target(untouched)), ++serial);
            EXPECT_EQ(check_value(key, value), "") << section.name << '.' << key.name;
            EXPECT_FALSE(same(value, key.get(section.target(untouched)))) << section.name << '.' << key.name;
            key.set(section.target(changed), value);
            EXPECT_TRUE(same(value, key.get(section.target(changed)))) << section.name << '.' << key.name;
            for (const key_spec &other : section.keys) {
                if (other.set && other.name != key.name &&
                    other.kind != value_kind::reals) { // both tables share their length
                    EXPECT_TRUE(same(other.get(section.target(changed)), other.get(section.target(untouched))))
                        << key.name << " changed " << other.name;
                }
            }
        }
    }
}

// Bytes of a struct that no key of the section sets. Eight in a row are a field; fewer may be padding.
template <class S>
std::size_t longest_gap(const std::string &section_name)
{
    const section_spec      &section = *find_section(section_name);
    experiment               defaults = default_experiment(TSR_ALGORITHM_CTTV2);
    alignas(S) unsigned char zeros[sizeof(S)];
    alignas(S) unsigned char ones[sizeof(S)];
    std::memset(zeros, 0x00, sizeof zeros);
    std::memset(ones, 0xff, sizeof ones);
    for (const key_spec &key : section.keys) {
        if (key.set) {
            config_value value = key.get(section.target(defaults));
            if (key.kind == value_kind::reals) {
                value = std::vector<double>(TSR_DEVICE_TABLE_MAX, 0.5);
            }
            key.set(zeros, value);
            key.set(ones, value);
        }
    }
    std::size_t longest = 0;
    std::size_t gap = 0;
    for (std::size_t k = 0; k < sizeof(S); ++k) {
        gap = zeros[k] != ones[k] ? gap + 1 : 0;
        longest = std::max(longest, gap);
    }
    return longest;
}

TEST(key_table, no_field_is_without_a_key)
{
    EXPECT_LT(longest_gap<tsr_device_spec>("device"), 8U);
    EXPECT_LT(longest_gap<tsr_io_spec>("io"), 8U);
    EXPECT_LT(longest_gap<tsr_chip_spec>("chip"), 8U);
    EXPECT_LT(longest_gap<algorithm_config>("algorithm"), 8U);
    EXPECT_LT(longest_gap<training_config>("training"), 8U);
}

TEST(key_table, doubles_survive_text)
{
    std::mt19937_64 bits(1);
    int             tried = 0;
    while (tried < 1000) {
        const std::uint64_t word = bits();
        double              number = 0;
        std::memcpy(&number, &word, sizeof number);
        if (!(std::abs(number) <= 1e6)) {
            continue; // out of the range of this key
        }
        ++tried;
        layer    into;
        problems found;
        read_override("device.reference_mean=" + toml_text(number), into, found);
        ASSERT_FALSE(found.any()) << toml_text(number);
        EXPECT_TRUE(same(into.find("device", "reference_mean")->value, number)) << toml_text(number);
    }
}

TEST(key_table, nearest_name_counts_typing_mistakes)
{
    const std::vector<std::string> names = {"desired_bl", "c2c", "name"};
    EXPECT_EQ(nearest_name("desird_bl", names), "desired_bl");
    EXPECT_EQ(nearest_name("desierd_bl", names), "desired_bl") << "neighbours swapped";
    EXPECT_EQ(nearest_name("c2x", names), "c2c");
    EXPECT_EQ(nearest_name("xyz", names), "") << "nothing of it is right";
    EXPECT_EQ(nearest_name("temperature", names), "");
}

} // namespace
} // namespace tessera::test
