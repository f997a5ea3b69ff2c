// Runs kernels on every instruction set this processor has.
#ifndef TESSERA_TESTS_MODELS_ISA_CHOICE_H
#define TESSERA_TESTS_MODELS_ISA_CHOICE_H

#include "models/math/isa.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace tessera {

// Selects an instruction set and puts the former one back at the end of the scope.
class isa_choice {
public:
    explicit isa_choice(tsr_isa isa) : former_(tsr_isa_current()), status(tsr_isa_select(isa, nullptr)) {}
    ~isa_choice() { tsr_isa_select(former_, nullptr); }
    isa_choice(const isa_choice &) = delete;
    isa_choice &operator=(const isa_choice &) = delete;

private:
    tsr_isa former_;

public:
    const tsr_status status;
};

inline std::vector<tsr_isa> available_isas()
{
    std::vector<tsr_isa> isas;
    for (const tsr_isa isa : {TSR_ISA_SCALAR, TSR_ISA_BASE, TSR_ISA_AVX2, TSR_ISA_AVX512}) {
        if (tsr_isa_available(isa)) {
            isas.push_back(isa);
        }
    }
    return isas;
}

// FNV-1a over the bytes of an array: equal hashes mean equal bits, signs of zero and NaNs included.
template <class T>
std::uint64_t hash_bits(const std::vector<T> &values)
{
    std::vector<unsigned char> bytes(values.size() * sizeof(T));
    if (!bytes.empty()) {
        std::memcpy(bytes.data(), values.data(), bytes.size());
    }
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const unsigned char byte : bytes) {
        hash = (hash ^ byte) * 0x100000001b3u;
    }
    return hash;
}

} // namespace tessera

#endif
