#include "reports/exact.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace tessera {

std::optional<tsr_u128> parse_whole(std::string_view text)
{
    if (text.empty())
        return std::nullopt;
    tsr_u128 value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        if (__builtin_mul_overflow(value, tsr_u128{10}, &value) || !add_exactly(value, static_cast<tsr_u128>(c - '0')))
            return std::nullopt;
    }
    return value;
}

std::string decimal_text(tsr_u128 value)
{
    std::string digits;
    do {
        digits.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
        value /= 10;
    } while (value != 0);
    std::reverse(digits.begin(), digits.end());
    return digits;
}

bool add_exactly(tsr_u128 &a, tsr_u128 b)
{
    tsr_u128 sum = 0;
    if (__builtin_add_overflow(a, b, &sum))
        return false;
    a = sum;
    return true;
}

std::vector<std::uint64_t> apportion(const std::vector<tsr_u128> &parts, std::uint64_t whole)
{
    // Products with `whole` must fit: parts beyond 2^60 lose low bits, far below one unit of any share.
    tsr_u128 largest = 0;
    for (const tsr_u128 part : parts)
        largest = std::max(largest, part);
    int shift = 0;
    for (; (largest >> shift) >> 60 != 0; ++shift) {
    }
    tsr_u128 sum = 0;
    for (const tsr_u128 part : parts)
        sum += part >> shift;

    std::vector<std::uint64_t> shares(parts.size(), 0);
    if (sum == 0)
        return shares;
    std::vector<tsr_u128> remainders(parts.size());
    std::uint64_t         left = whole;
    for (std::size_t k = 0; k < parts.size(); ++k) {
        const tsr_u128 product = (parts[k] >> shift) * whole;
        shares[k] = static_cast<std::uint64_t>(product / sum);
        remainders[k] = product % sum;
        left -= shares[k];
    }
    std::vector<std::size_t> order(parts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&remainders](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
    for (std::size_t k = 0; k < left; ++k)
        ++shares[order[k]];
    return shares;
}

} // namespace tessera
