// Numbers with units as a person reads them.
#ifndef TESSERA_REPORTS_QUANTITY_H
#define TESSERA_REPORTS_QUANTITY_H

#include <cstdint>
#include <string>

#include "reports/text_style.h"

namespace tessera {

// A power of thousand and a number of decimals: how a group of values is shown, so that they can be compared and added by eye.
struct si_scale {
    int exponent = 0; // a multiple of 3, from -18 (atto) to 9 (giga)
    int decimals = 1;

    // Five digits for `value`: 10.000 to 99.999, 100.00 to 999.99, 1000.0 to 9999.9 of the unit.
    static si_scale of(double value);

    // Units of the last digit that `value` has: 12.345 ns at exponent -9, 3 decimals, are 12345.
    std::uint64_t last_digits(double value) const;
    // The reverse, without a unit: "12.345".
    std::string digits_text(std::uint64_t last_digits) const;

    std::string text(double value) const; // without a unit
    std::string unit(const char *base, const text_style &style) const;
};

// Each with its own scale: "2736.8 ns".
std::string with_unit(double value, const char *base, const text_style &style);

// A count with its thousands apart: "60 000".
std::string count_text(std::uint64_t count);

// h:mm:ss, m:ss, or seconds with a decimal if there are few.
std::string duration_text(double seconds);

} // namespace tessera
#endif
