#include "reports/quantity.h"

#include <array>
#include <cmath>
#include <fmt/format.h>

namespace tessera {

namespace {

constexpr int least_exponent = -18;
constexpr int most_exponent = 9;

// Decimals that leave five digits, or -1 if one digit after the point is too much already.
int decimals_for(double shown)
{
    if (shown < 99.9995)
        return 3;
    if (shown < 999.995)
        return 2;
    return shown < 9999.95 ? 1 : -1;
}

} // namespace

si_scale si_scale::of(double value)
{
    const double size = std::fabs(value);
    if (!(size > 0))
        return {0, 1};
    for (int exponent = least_exponent; exponent <= most_exponent; exponent += 3) {
        const int decimals = decimals_for(size / std::pow(10.0, exponent));
        if (decimals > 0)
            return {exponent, decimals};
    }
    return {most_exponent, 1};
}

std::uint64_t si_scale::last_digits(double value) const
{
    return static_cast<std::uint64_t>(std::llround(value / std::pow(10.0, exponent - decimals)));
}

std::string si_scale::digits_text(std::uint64_t last_digits) const
{
    std::uint64_t one = 1;
    for (int k = 0; k < decimals; ++k)
        one *= 10;
    return fmt::format("{}.{:0{}}", last_digits / one, last_digits % one, decimals);
}

std::string si_scale::text(double value) const
{
    return fmt::format("{:.{}f}", value / std::pow(10.0, exponent), decimals);
}

std::string si_scale::unit(const char *base, const text_style &style) const
{
    const std::array<const char *, 10> prefixes{"a", "f", "p", "n", style.micro(), "m", "", "k", "M", "G"};
    return std::string(prefixes[static_cast<std::size_t>((exponent - least_exponent) / 3)]) + base;
}

std::string with_unit(double value, const char *base, const text_style &style)
{
    const si_scale scale = si_scale::of(value);
    return scale.text(value) + " " + scale.unit(base, style);
}

std::string count_text(std::uint64_t count)
{
    std::string text = std::to_string(count);
    for (std::size_t at = text.size(); at > 3;)
        text.insert(at -= 3, " ");
    return text;
}

std::string duration_text(double seconds)
{
    if (seconds < 59.95)
        return fmt::format("{:.1f} s", seconds);
    const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
    if (whole < 3600)
        return fmt::format("{}:{:02} min", whole / 60, whole % 60);
    return fmt::format("{}:{:02}:{:02} h", whole / 3600, whole / 60 % 60, whole % 60);
}

} // namespace tessera
