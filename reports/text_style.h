// How text reports draw: with the characters of Unicode, or with ASCII only.
#ifndef TESSERA_REPORTS_TEXT_STYLE_H
#define TESSERA_REPORTS_TEXT_STYLE_H

#include <cstddef>
#include <string>

namespace tessera {

struct text_style {
    bool unicode = false;

    // Unicode if the locale's character set, as LC_ALL, LC_CTYPE or LANG names it, is UTF-8.
    static text_style of_environment();

    const char *micro() const { return unicode ? "µ" : "u"; }
    const char *square_mm() const { return unicode ? "mm²" : "mm2"; }

    // A line of `width` columns.
    std::string rule(std::size_t width) const;

    // A bar of at most `width` columns for 0 <= share <= 1. In Unicode to an eighth of a column; what is not zero shows.
    std::string bar(double share, std::size_t width) const;
};

// The text, cut to `width` columns (with a mark where something was cut) or filled up with spaces on its right.
std::string fit(const std::string &text, std::size_t width);

} // namespace tessera
#endif
