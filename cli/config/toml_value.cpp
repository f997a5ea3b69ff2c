#include "cli/config/toml_value.h"

#include <optional>

namespace tessera {
namespace {

// A scalar as it would be written; of the rest only the kind.
std::string shown_text(const toml::node &node)
{
    switch (node.type()) {
    case toml::node_type::string: return toml_text(node.as_string()->get());
    case toml::node_type::integer: return toml_text(node.as_integer()->get());
    case toml::node_type::floating_point: return toml_text(node.as_floating_point()->get());
    case toml::node_type::boolean: return toml_text(node.as_boolean()->get());
    case toml::node_type::array: return "a list";
    case toml::node_type::table: return "a table";
    default: return "a date or time";
    }
}

std::optional<config_value> integer_value(const toml::node &node)
{
    return node.is_integer() ? std::optional<config_value>(node.as_integer()->get()) : std::nullopt;
}

// An integer is welcome where a number is wanted: learning_rate = 1.
std::optional<config_value> real_value(const toml::node &node)
{
    if (node.is_integer()) {
        return static_cast<double>(node.as_integer()->get());
    }
    return node.is_floating_point() ? std::optional<config_value>(node.as_floating_point()->get()) : std::nullopt;
}

template <class T, class Reader>
std::optional<config_value> list_value(const toml::node &node, Reader read)
{
    if (!node.is_array()) {
        return std::nullopt;
    }
    std::vector<T> list;
    for (const toml::node &item : *node.as_array()) {
        const std::optional<config_value> number = read(item);
        if (!number) {
            return std::nullopt;
        }
        list.push_back(std::get<T>(*number));
    }
    return list;
}

std::optional<config_value> typed_value(const toml::node &node, value_kind kind)
{
    switch (kind) {
    case value_kind::boolean:
        return node.is_boolean() ? std::optional<config_value>(node.as_boolean()->get()) : std::nullopt;
    case value_kind::integer: return integer_value(node);
    case value_kind::real: return real_value(node);
    case value_kind::text:
    case value_kind::choice:
        return node.is_string() ? std::optional<config_value>(node.as_string()->get()) : std::nullopt;
    case value_kind::integers: return list_value<std::int64_t>(node, integer_value);
    case value_kind::reals: return list_value<double>(node, real_value);
    }
    return std::nullopt;
}

} // namespace

std::string read_value(const toml::node &node, const key_spec &key, config_value *value)
{
    const std::optional<config_value> typed = typed_value(node, key.kind);
    if (!typed) {
        return "expected " + expected_text(key) + ", got " + shown_text(node);
    }
    *value = *typed;
    return check_value(key, *typed);
}

} // namespace tessera
