#include "cli/config/key_spec.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tessera {
namespace {

std::string quoted(const std::string &text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            out += fmt::format("\\u{:04X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string real_text(double value)
{
    std::string out = fmt::format("{}", value);
    return out.find_first_of(".en") == std::string::npos ? out + ".0" : out; // TOML: without a point it is an integer
}

template <class T, class Writer>
std::string list_text(const std::vector<T> &values, Writer write)
{
    std::vector<std::string> items;
    std::transform(values.begin(), values.end(), std::back_inserter(items), write);
    return fmt::format("[{}]", fmt::join(items, ", "));
}

std::string range_text(const number_range &range)
{
    const bool        endless = range.most == std::numeric_limits<double>::max();
    const std::string most = fmt::format("{}", range.most);
    if (range.open) {
        return fmt::format("> {}", range.least) + (endless ? "" : " and <= " + most);
    }
    if (endless) {
        return range.least == -range.most ? "" : fmt::format(">= {}", range.least);
    }
    return fmt::format("{} to {}", range.least, most);
}

std::string joined(const std::string &what, const std::string &range)
{
    return range.empty() ? what : what + " " + range;
}

bool in_range(const number_range &range, double value)
{
    return std::isfinite(value) && (range.open ? value > range.least : value >= range.least) && value <= range.most;
}

bool all_in_range(const key_spec &key, const config_value &value)
{
    const auto fits = [&key](auto number) { return in_range(key.range, static_cast<double>(number)); };
    switch (key.kind) {
    case value_kind::integer: return fits(std::get<std::int64_t>(value));
    case value_kind::real: return fits(std::get<double>(value));
    case value_kind::integers: {
        const auto &list = std::get<std::vector<std::int64_t>>(value);
        return std::all_of(list.begin(), list.end(), fits);
    }
    case value_kind::reals: {
        const auto &list = std::get<std::vector<double>>(value);
        return std::all_of(list.begin(), list.end(), fits);
    }
    case value_kind::boolean:
    case value_kind::text:
    case value_kind::choice: break;
    }
    return true;
}

// Edits (insert, delete, replace, swap neighbours) that turn a into b.
std::size_t edit_distance(const std::string &a, const std::string &b)
{
    const std::size_t                     width = b.size() + 1;
    std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(width));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            const std::size_t replace = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replace});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
            }
        }
    }
    return cost[a.size()][b.size()];
}

} // namespace

key_spec::key_spec(std::string key_name, value_kind its_kind, std::string sentence)
    : name(std::move(key_name)), kind(its_kind), doc(std::move(sentence))
{}

key_spec::key_spec(std::string key_name, value_kind its_kind, std::string its_unit, number_range allowed,
                   std::string sentence, std::string default_source)
    : name(std::move(key_name)), kind(its_kind), unit(std::move(its_unit)), range(allowed), doc(std::move(sentence)),
      source(std::move(default_source))
{}

key_spec alias(std::string name, std::string other, std::string unit, number_range range, std::string doc,
               std::function<config_value(const config_value &)> translate)
{
    key_spec key(std::move(name), value_kind::integer, std::move(unit), range, std::move(doc), {});
    key.alias_of = std::move(other);
    key.translate = std::move(translate);
    return key;
}

std::string expected_text(const key_spec &key)
{
    switch (key.kind) {
    case value_kind::boolean: return "true or false";
    case value_kind::integer: return joined("an integer", range_text(key.range));
    case value_kind::real: return joined("a finite number", range_text(key.range));
    case value_kind::text: return "a string";
    case value_kind::integers: return joined("a list of integers, each", range_text(key.range));
    case value_kind::reals: return joined("a list of finite numbers, each", range_text(key.range));
    case value_kind::choice: break;
    }
    std::vector<std::string> names;
    std::transform(key.choices.begin(), key.choices.end(), std::back_inserter(names), quoted);
    return fmt::format("{}{}", names.size() > 1 ? "one of " : "", fmt::join(names, ", "));
}

std::string toml_text(const config_value &value)
{
    struct writer {
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return std::to_string(number); }
        std::string operator()(double number) const { return real_text(number); }
        std::string operator()(const std::string &text) const { return quoted(text); }
        std::string operator()(const std::vector<std::int64_t> &list) const
        {
            return list_text(list, [](std::int64_t number) { return std::to_string(number); });
        }
        std::string operator()(const std::vector<double> &list) const { return list_text(list, real_text); }
    };
    return std::visit(writer{}, value);
}

std::string check_value(const key_spec &key, const config_value &value)
{
    std::string hint;
    if (key.kind == value_kind::choice) {
        const std::string &name = std::get<std::string>(value);
        if (std::find(key.choices.begin(), key.choices.end(), name) != key.choices.end()) {
            return {};
        }
        const std::string near = nearest_name(name, key.choices);
        hint = near.empty() ? "" : "; did you mean " + quoted(near) + "?";
    } else if (all_in_range(key, value)) {
        return {};
    }
    return "expected " + expected_text(key) + ", got " + toml_text(value) + hint;
}

std::string nearest_name(const std::string &name, const std::vector<std::string> &candidates)
{
    std::string best;
    std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const std::string &candidate : candidates) {
        // A name that would have to be typed anew is no correction.
        const std::size_t distance = edit_distance(name, candidate);
        if (distance < least && distance < candidate.size()) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace tessera
