#include "cli/conformance/case_node.h"

#include <cmath>
#include <fmt/format.h>

namespace tessera::conformance {

case_node::case_node(const nlohmann::json &value, std::string where, std::string key)
    : value_(&value), where_(std::move(where)), key_(std::move(key))
{}

void case_node::fail(const std::string &what) const
{
    throw format_error(key_.empty() ? fmt::format("{}: {}", where_, what)
                                    : fmt::format("{}: key '{}' {}", where_, key_, what));
}

case_node case_node::as_case(const std::string &name) const
{
    return case_node(*value_, fmt::format("{}: case '{}'", where_, name));
}

bool case_node::has(const std::string &key) const { return value_->is_object() && value_->contains(key); }

case_node case_node::at(const std::string &key) const
{
    const std::string path = key_.empty() ? key : key_ + "." + key;
    if (!value_->is_object()) {
        fail("is not an object");
    }
    const auto found = value_->find(key);
    if (found == value_->end()) {
        throw format_error(fmt::format("{}: key '{}' is missing", where_, path));
    }
    return case_node(*found, where_, path);
}

std::vector<case_node> case_node::items() const
{
    if (!value_->is_array()) {
        fail("is not a list");
    }
    std::vector<case_node> all;
    for (size_t k = 0; k < value_->size(); ++k) {
        all.emplace_back((*value_)[k], where_, fmt::format("{}[{}]", key_, k));
    }
    return all;
}

double case_node::number() const
{
    if (!value_->is_number()) {
        fail("is not a number");
    }
    const auto value = value_->get<double>();
    // The limit of float32 is what the core can hold.
    if (!(std::fabs(value) <= 3.0e38)) {
        fail("is not a finite number");
    }
    return value;
}

uint32_t case_node::count(uint32_t least, uint32_t most) const
{
    const double value = number();
    if (value != std::floor(value) || value < least || value > most) {
        fail(fmt::format("is {}, expected a whole number from {} to {}", value, least, most));
    }
    return static_cast<uint32_t>(value);
}

int case_node::integer() const
{
    const double value = number();
    if (value != std::floor(value) || std::fabs(value) > 1e9) {
        fail(fmt::format("is {}, expected a whole number", value));
    }
    return static_cast<int>(value);
}

bool case_node::flag() const
{
    if (!value_->is_boolean()) {
        fail("is neither true nor false");
    }
    return value_->get<bool>();
}

std::string case_node::text() const
{
    if (!value_->is_string()) {
        fail("is not a text");
    }
    return value_->get<std::string>();
}

std::vector<float> case_node::vector() const
{
    std::vector<float> all;
    for (const case_node &item : items()) {
        all.push_back(item.single());
    }
    return all;
}

std::vector<float> case_node::vector(uint32_t length) const
{
    std::vector<float> all = vector();
    if (all.size() != length) {
        fail(fmt::format("has {} numbers, expected {}", all.size(), length));
    }
    return all;
}

matrix case_node::grid(uint32_t rows, uint32_t columns) const
{
    const std::vector<case_node> lines = items();
    if (lines.size() != rows) {
        fail(fmt::format("has {} rows, expected {}", lines.size(), rows));
    }
    matrix all{rows, columns, {}};
    for (const case_node &line : lines) {
        const std::vector<float> values = line.vector(columns);
        all.values.insert(all.values.end(), values.begin(), values.end());
    }
    return all;
}

} // namespace tessera::conformance
