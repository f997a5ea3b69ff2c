#include "tlm/simulated_time.h"

#include <limits>

namespace tessera {

void require_picosecond_resolution()
{
    if (sc_core::sc_get_time_resolution() != sc_core::sc_time(1, sc_core::SC_PS))
        SC_REPORT_ERROR("tessera/time", "the time resolution of the kernel must be 1 ps");
}

std::uint64_t end_of_stage_ps(std::uint64_t start_ps, std::uint64_t duration_ps)
{
    if (duration_ps > std::numeric_limits<std::uint64_t>::max() - start_ps)
        SC_REPORT_ERROR("tessera/time", "simulated time would pass 2^64 ps (213 days); use a coarser time resolution");
    return start_ps + duration_ps;
}

} // namespace tessera
