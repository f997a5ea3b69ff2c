/// accelerator/training_clock.h — simulated time as training sees it: evaluation takes none of it.
#ifndef TESSERA_ACCELERATOR_TRAINING_CLOCK_H
#define TESSERA_ACCELERATOR_TRAINING_CLOCK_H

#include "tlm/simulated_time.h"

#include <cstdint>

namespace tessera {

class training_clock {
public:
    /// Simulated training time, picoseconds: what acts on the devices. Stands still between freeze() and thaw().
    std::uint64_t now_ps() const { return (m_frozen ? m_frozen_at_ps : tessera::now_ps()) - m_frozen_total_ps; }

    void freeze()
    {
        m_frozen_at_ps = tessera::now_ps();
        m_frozen = true;
    }

    void thaw()
    {
        if (m_frozen)
            m_frozen_total_ps += tessera::now_ps() - m_frozen_at_ps;
        m_frozen = false;
    }

private:
    std::uint64_t m_frozen_at_ps = 0;
    std::uint64_t m_frozen_total_ps = 0;
    bool          m_frozen = false;
};

} // namespace tessera
#endif
