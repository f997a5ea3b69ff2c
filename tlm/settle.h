/// tlm/settle.h — the one process of a chip that grants.
///
/// Requests and completions of one instant reach the units in an order that depends on the kernel. Nothing is decided while
/// they do: units only note and mark themselves. The settle process runs when no activity is left at the current time, when
/// all requests of the instant are in, and lets the lowest marked unit take one step (server::grant), again and again until
/// no unit is marked. A step may have consequences at the same instant (a skipped stage answers at once, and its op asks for
/// the next one), so it is followed by another look for activity. Each step therefore depends only on the set of requests
/// made, never on the order in which processes ran.
///
/// Only marked units are visited: those where a request arrived, a slot became free, or the head of the queue changed.
#ifndef TESSERA_TLM_SETTLE_H
#define TESSERA_TLM_SETTLE_H

#include "tlm/unit_marks.h"

#include <cstdint>
#include <systemc>
#include <vector>

namespace tessera {

class server;

class settle_process : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(settle_process);
    /// One per simulation: SC_ERROR otherwise, as each would wait for the other to be quiet.
    explicit settle_process(const sc_core::sc_module_name &name);
    ~settle_process() override;

    /// Called by each server's constructor. SC_ERROR where the id is taken or not below TSR_SPAN_MAX_UNITS.
    void add(server &unit, std::uint32_t id);

    /// Highest id + 1.
    std::uint32_t unit_count() const { return static_cast<std::uint32_t>(m_units.size()); }

    /// The unit with this id; null where there is none.
    server *unit(std::uint32_t id) const { return id < m_units.size() ? m_units[id] : nullptr; }

    /// Something changed for this unit at the current instant: let it look again.
    void mark(std::uint32_t unit)
    {
        m_marks.set(unit);
        if (!m_awake)
            wake();
    }

private:
    void start_of_simulation() override;
    void wake();
    void settle();

    inline static int s_alive = 0;

    std::vector<server *> m_units; // by id
    unit_marks            m_marks;
    bool                  m_awake = false; // running, or notified for the next delta cycle
    sc_core::sc_event     m_wake{"wake"};
};

} // namespace tessera
#endif
