/// tlm/unit_marks.h — a set of unit ids from which the lowest is taken first.
///
/// Two levels of 64-bit words hold exactly the 4096 units that a span can name; every operation costs a few instructions.
#ifndef TESSERA_TLM_UNIT_MARKS_H
#define TESSERA_TLM_UNIT_MARKS_H

#include "models/accounting/span.h"

#include <array>
#include <cstdint>

namespace tessera {

class unit_marks {
public:
    bool empty() const { return m_summary == 0; }

    /// `unit` < TSR_SPAN_MAX_UNITS.
    void set(std::uint32_t unit)
    {
        m_words[unit / 64] |= bit(unit % 64);
        m_summary |= bit(unit / 64);
    }

    /// Removes and returns the lowest unit; not of an empty set.
    std::uint32_t take_lowest()
    {
        const std::uint32_t index = lowest(m_summary);
        std::uint64_t      &word = m_words[index];
        const std::uint32_t unit = index * 64 + lowest(word);
        word &= word - 1;
        if (word == 0)
            m_summary &= m_summary - 1;
        return unit;
    }

private:
    static std::uint64_t bit(std::uint32_t index) { return std::uint64_t{1} << index; }
    static std::uint32_t lowest(std::uint64_t word) { return static_cast<std::uint32_t>(__builtin_ctzll(word)); }

    std::array<std::uint64_t, TSR_SPAN_MAX_UNITS / 64> m_words{};
    std::uint64_t                                      m_summary = 0; // bit i: word i is not 0
};
static_assert(TSR_SPAN_MAX_UNITS == 64 * 64, "one summary word for all words");

} // namespace tessera
#endif
