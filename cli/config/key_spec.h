// One key of the configuration: its name, type, unit, allowed range, default's source, one sentence, and the field it fills.
//
// A key is one row of a table (keys_*.cpp), made by the functions below from a pointer to a member:
//
//     integer(&tsr_chip_spec::t_read_ps, "t_read_ps", "ps", {1, 1e15}, "Drive and integrate of one read"),
//
// and that row is all that parsing, range checks, --set, printing and the round trip know about it.
#ifndef TESSERA_CLI_CONFIG_KEY_SPEC_H
#define TESSERA_CLI_CONFIG_KEY_SPEC_H

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tessera {

// A value as TOML knows it. A choice is held as its text.
using config_value =
    std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>, std::vector<double>>;

enum class value_kind { boolean, integer, real, text, choice, integers, reals };

// Allowed numbers (each of a list's): least … most, or least < number with `open`. Infinity and NaN are never allowed.
struct number_range {
    double least;
    double most = std::numeric_limits<double>::max();
    bool   open = false;
};

struct key_spec {
    key_spec(std::string key_name, value_kind its_kind, std::string sentence);
    key_spec(std::string key_name, value_kind its_kind, std::string its_unit, number_range allowed,
             std::string sentence, std::string default_source);

    std::string              name;
    value_kind               kind;
    std::string              unit; // empty: a pure number, a name or a switch
    number_range             range{0};
    std::vector<std::string> choices; // value_kind::choice
    std::string              doc;
    std::string              source; // of the default; empty where it needs none (a switch, or nothing modelled)
    bool                     required = false; // there is no default: the file or a preset must say it

    // Of a field of the section's struct, whose address is given.
    std::function<config_value(const void *)>         get;
    std::function<void(void *, const config_value &)> set;

    // A second way to say another key: its name, and the value it gets. Such a key has no field.
    std::string                                       alias_of;
    std::function<config_value(const config_value &)> translate;
};

namespace detail {

template <class S, class T, class Stored>
void bind_field(key_spec &key, T S::*field)
{
    key.get = [field](const void *s) -> config_value { return static_cast<Stored>(static_cast<const S *>(s)->*field); };
    key.set = [field](void *s, const config_value &value) {
        static_cast<S *>(s)->*field = static_cast<T>(std::get<Stored>(value));
    };
}

} // namespace detail

template <class S>
key_spec boolean(bool S::*field, std::string name, std::string doc)
{
    key_spec key(std::move(name), value_kind::boolean, std::move(doc));
    detail::bind_field<S, bool, bool>(key, field);
    return key;
}

template <class S>
key_spec text(std::string S::*field, std::string name, std::string doc)
{
    key_spec key(std::move(name), value_kind::text, std::move(doc));
    detail::bind_field<S, std::string, std::string>(key, field);
    return key;
}

template <class S, class T>
key_spec integer(T S::*field, std::string name, std::string unit, number_range range, std::string doc,
                 std::string source = {})
{
    static_assert(std::is_integral_v<T> && !std::is_same_v<T, bool>);
    key_spec key(std::move(name), value_kind::integer, std::move(unit), range, std::move(doc), std::move(source));
    detail::bind_field<S, T, std::int64_t>(key, field);
    return key;
}

template <class S>
key_spec real(double S::*field, std::string name, std::string unit, number_range range, std::string doc,
              std::string source = {})
{
    key_spec key(std::move(name), value_kind::real, std::move(unit), range, std::move(doc), std::move(source));
    detail::bind_field<S, double, double>(key, field);
    return key;
}

// A C or C++ enumeration by name. Every value the field can hold must be listed.
template <class S, class E>
key_spec choice(E S::*field, std::string name, std::vector<std::pair<std::string, E>> names, std::string doc)
{
    key_spec key(std::move(name), value_kind::choice, std::move(doc));
    for (const auto &entry : names) {
        key.choices.push_back(entry.first);
    }
    key.get = [field, names](const void *s) -> config_value {
        const E value = static_cast<const S *>(s)->*field;
        for (const auto &entry : names) {
            if (entry.second == value) {
                return entry.first;
            }
        }
        return std::string();
    };
    key.set = [field, names](void *s, const config_value &value) {
        for (const auto &entry : names) {
            if (entry.first == std::get<std::string>(value)) {
                static_cast<S *>(s)->*field = entry.second;
            }
        }
    };
    return key;
}

// `other` said differently, for example a resolution by its number of bits.
key_spec alias(std::string name, std::string other, std::string unit, number_range range, std::string doc,
               std::function<config_value(const config_value &)> translate);

// The same key without a default.
inline key_spec required(key_spec key)
{
    key.required = true;
    return key;
}

// Keys of a struct that is itself a member.
template <class S, class T>
std::vector<key_spec> within(T S::*member, std::vector<key_spec> keys)
{
    for (key_spec &key : keys) {
        key.get = [member, inner = std::move(key.get)](const void *s) {
            return inner(&(static_cast<const S *>(s)->*member));
        };
        key.set = [member, inner = std::move(key.set)](void *s, const config_value &value) {
            inner(&(static_cast<S *>(s)->*member), value);
        };
    }
    return keys;
}

// What a value of this key must look like: `an integer 1 … 64`, `one of "fp", "sgd"`.
std::string expected_text(const key_spec &key);

// The value as TOML writes it; a double in the fewest digits that read back to the same bits.
std::string toml_text(const config_value &value);

// Empty if the value is allowed, else what is wrong: `expected …, got …`.
std::string check_value(const key_spec &key, const config_value &value);

// The candidate with the fewest typing mistakes from `name`, or nothing if none is close.
std::string nearest_name(const std::string &name, const std::vector<std::string> &candidates);

} // namespace tessera
#endif
