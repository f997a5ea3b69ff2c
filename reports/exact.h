// Whole numbers of 128 bits: attojoules and picoseconds as the ledger counts them, read, added and shared out without rounding.
#ifndef TESSERA_REPORTS_EXACT_H
#define TESSERA_REPORTS_EXACT_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/accounting/ledger.h"

namespace tessera {

// Decimal digits only, no sign; nothing if the text is anything else or does not fit.
std::optional<tsr_u128> parse_whole(std::string_view text);

std::string decimal_text(tsr_u128 value);

// a += b; false, and a unchanged, if the sum does not fit.
bool add_exactly(tsr_u128 &a, tsr_u128 b);

// Shares `whole` out in proportion to `parts`, in whole numbers that add up to `whole` exactly: every share is rounded down,
// and what is left goes, one each, to the largest remainders. All zero if all parts are. `whole` < 2^60.
std::vector<std::uint64_t> apportion(const std::vector<tsr_u128> &parts, std::uint64_t whole);

} // namespace tessera
#endif
