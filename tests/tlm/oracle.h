// The grant rules of page 3.2 once more, as a plain event queue without SystemC: what the spans of a plan must be.
#ifndef TESSERA_TESTS_TLM_ORACLE_H
#define TESSERA_TESTS_TLM_ORACLE_H

#include "tests/tlm/plan.h"

#include <cstdint>
#include <vector>

namespace tessera::test {

// Spans in the order of grants. `slots[u]`: slots of unit u.
std::vector<tsr_span> oracle_spans(const plan &ops, const std::vector<std::uint32_t> &slots);

} // namespace tessera::test
#endif
