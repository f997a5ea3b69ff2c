/// tlm/simulated_time.h — simulated time as whole picoseconds.
///
/// Accounting is in uint64_t picoseconds everywhere; sc_time is used only where the kernel asks for it. The resolution of the
/// kernel must be 1 ps (its default), which require_picosecond_resolution() asserts once at start-up.
#ifndef TESSERA_TLM_SIMULATED_TIME_H
#define TESSERA_TLM_SIMULATED_TIME_H

#include <cstdint>
#include <systemc>

namespace tessera {

/// The current simulated time.
inline std::uint64_t now_ps() { return sc_core::sc_time_stamp().value(); }

/// A duration for the kernel.
inline sc_core::sc_time to_sc_time(std::uint64_t duration_ps) { return sc_core::sc_time::from_value(duration_ps); }

/// Reports SC_ERROR unless one unit of sc_time::value() is one picosecond.
void require_picosecond_resolution();

/// `start_ps` + `duration_ps`; reports SC_ERROR where the sum passes 2^64 ps (213 simulated days).
std::uint64_t end_of_stage_ps(std::uint64_t start_ps, std::uint64_t duration_ps);

} // namespace tessera
#endif
