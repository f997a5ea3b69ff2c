#include "reports/text_style.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>

namespace tessera {

namespace {

std::string repeated(const char *piece, std::size_t times)
{
    std::string text;
    for (std::size_t k = 0; k < times; ++k)
        text += piece;
    return text;
}

// Whether a byte of UTF-8 begins a character.
bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

std::size_t columns_of(const std::string &text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

} // namespace

text_style text_style::of_environment()
{
    for (const char *name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char *value = std::getenv(name);
        if (value == nullptr || *value == '\0')
            continue;
        std::string locale = value;
        std::transform(locale.begin(), locale.end(), locale.begin(),
                       [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
        return {locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos};
    }
    return {};
}

std::string text_style::rule(std::size_t width) const { return repeated(unicode ? "─" : "-", width); }

std::string text_style::bar(double share, std::size_t width) const
{
    if (!(share > 0))
        return {};
    const double columns = std::min(share, 1.0) * static_cast<double>(width);
    if (!unicode) {
        const auto whole = static_cast<std::size_t>(std::lround(columns));
        return whole > 0 ? std::string(whole, '#') : ".";
    }
    static constexpr std::array<const char *, 8> eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const auto parts = static_cast<std::size_t>(std::max(1L, std::lround(8 * columns)));
    return repeated("█", parts / 8) + eighths[parts % 8];
}

std::string fit(const std::string &text, std::size_t width)
{
    const std::size_t columns = columns_of(text);
    if (columns <= width)
        return text + std::string(width - columns, ' ');
    std::string cut;
    std::size_t taken = 0;
    for (const char byte : text) {
        if (begins_character(byte) && ++taken == width)
            return cut + "~";
        cut += byte;
    }
    return cut;
}

} // namespace tessera
