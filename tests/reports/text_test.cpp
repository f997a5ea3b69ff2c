// Numbers with units, bars and columns.
#include <cstdlib>
#include <gtest/gtest.h>

#include "reports/quantity.h"
#include "reports/text_style.h"

namespace tessera {
namespace {

const text_style ascii{false};
const text_style unicode{true};

TEST(quantity, five_digits_between_ten_and_ten_thousand)
{
    EXPECT_EQ(with_unit(2.7368e-6, "s", ascii), "2736.8 ns");
    EXPECT_EQ(with_unit(2.7368e-5, "s", ascii), "27.368 us");
    EXPECT_EQ(with_unit(2.7368e-5, "s", unicode), "27.368 µs");
    EXPECT_EQ(with_unit(2.2262e-7, "J", ascii), "222.62 nJ");
    EXPECT_EQ(with_unit(1e-11, "J", ascii), "10.000 pJ");
    EXPECT_EQ(with_unit(0.0813, "W", ascii), "81.300 mW");
    EXPECT_EQ(with_unit(12345, "J", ascii), "12.345 kJ");
    EXPECT_EQ(with_unit(0, "s", ascii), "0.0 s");
    EXPECT_EQ(with_unit(3e-18, "J", ascii), "3.000 aJ");
    EXPECT_EQ(with_unit(1e-20, "J", ascii), "0.010 aJ");
}

TEST(quantity, rounding_never_shows_a_sixth_digit)
{
    EXPECT_EQ(with_unit(9999.949e-9, "s", ascii), "9999.9 ns");
    EXPECT_EQ(with_unit(9999.951e-9, "s", ascii), "10.000 us");
    EXPECT_EQ(with_unit(99.99951e-9, "s", ascii), "100.00 ns");
    EXPECT_EQ(with_unit(999.9951e-9, "s", ascii), "1000.0 ns");
}

TEST(quantity, last_digits_and_back)
{
    const si_scale scale = si_scale::of(12.3456e-9);
    EXPECT_EQ(scale.last_digits(12.3456e-9), 12346U);
    EXPECT_EQ(scale.digits_text(12346), "12.346");
    EXPECT_EQ(scale.digits_text(7), "0.007");
    EXPECT_EQ(scale.text(12.3456e-9), "12.346");
}

TEST(quantity, counts_and_durations)
{
    EXPECT_EQ(count_text(0), "0");
    EXPECT_EQ(count_text(999), "999");
    EXPECT_EQ(count_text(1000), "1 000");
    EXPECT_EQ(count_text(60000), "60 000");
    EXPECT_EQ(count_text(1234567), "1 234 567");
    EXPECT_EQ(duration_text(3.26), "3.3 s");
    EXPECT_EQ(duration_text(59.96), "1:00 min");
    EXPECT_EQ(duration_text(225), "3:45 min");
    EXPECT_EQ(duration_text(7384), "2:03:04 h");
}

TEST(text_style_test, bars)
{
    EXPECT_EQ(ascii.bar(1, 8), "########");
    EXPECT_EQ(ascii.bar(0.5, 8), "####");
    EXPECT_EQ(ascii.bar(0.01, 8), ".");
    EXPECT_EQ(ascii.bar(0, 8), "");
    EXPECT_EQ(ascii.bar(7, 8), "########");
    EXPECT_EQ(unicode.bar(1, 4), "████");
    EXPECT_EQ(unicode.bar(0.5, 4), "██");
    EXPECT_EQ(unicode.bar(0.40625, 4), "█▋");
    EXPECT_EQ(unicode.bar(1e-9, 4), "▏");
    EXPECT_EQ(unicode.bar(0, 4), "");
}

TEST(text_style_test, columns_are_characters)
{
    EXPECT_EQ(fit("µs", 4), "µs  ");
    EXPECT_EQ(fit("µµµµµ", 5), "µµµµµ");
    EXPECT_EQ(fit("µµµµµ", 4), "µµµ~");
    EXPECT_EQ(fit("", 2), "  ");
}

TEST(text_style_test, environment_decides)
{
    struct locale {
        const char *all, *ctype, *lang;
        bool        unicode;
    };
    for (const locale &l : {locale{"", "", "", false}, locale{"", "", "C.UTF-8", true}, locale{"", "", "C", false},
                            locale{"", "en_GB.utf8", "C", true}, locale{"C", "C.UTF-8", "C.UTF-8", false},
                            locale{"de_DE.ISO-8859-1", "", "C.UTF-8", false}}) {
        setenv("LC_ALL", l.all, 1);
        setenv("LC_CTYPE", l.ctype, 1);
        setenv("LANG", l.lang, 1);
        EXPECT_EQ(text_style::of_environment().unicode, l.unicode) << l.all << "|" << l.ctype << "|" << l.lang;
    }
}

} // namespace
} // namespace tessera
