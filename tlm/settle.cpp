#include "tlm/settle.h"

#include "tlm/server.h"
#include "tlm/simulated_time.h"

namespace tessera {

settle_process::settle_process(const sc_core::sc_module_name &name) : sc_core::sc_module(name)
{
    if (s_alive > 0)
        SC_REPORT_ERROR("tessera/settle", "two settle processes in one simulation would wait for each other");
    ++s_alive;
    SC_METHOD(settle);
    sensitive << m_wake;
    dont_initialize();
}

settle_process::~settle_process() { --s_alive; }

void settle_process::start_of_simulation() { require_picosecond_resolution(); }

void settle_process::add(server &unit, std::uint32_t id)
{
    if (id >= TSR_SPAN_MAX_UNITS)
        SC_REPORT_ERROR("tessera/settle", "a unit id is not below 4096");
    if (id >= m_units.size())
        m_units.resize(id + 1, nullptr);
    if (m_units[id] != nullptr)
        SC_REPORT_ERROR("tessera/settle", "two units have the same id");
    m_units[id] = &unit;
}

void settle_process::wake()
{
    m_awake = true;
    m_wake.notify(sc_core::SC_ZERO_TIME);
}

void settle_process::settle()
{
    bool quiet = false;
    while (!m_marks.empty()) {
        if (!quiet && sc_core::sc_pending_activity_at_current_time()) {
            wake();
            return;
        }
        quiet = !m_units[m_marks.take_lowest()]->grant();
    }
    m_awake = false;
}

} // namespace tessera
