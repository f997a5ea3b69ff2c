/// tlm/settle.h — the one process of a chip that grants.
///
/// Requests and completions of one instant reach the units in an order that depends on the kernel. Nothing is decided while
/// they do: units only note and mark themselves. The settle process acts when no activity is left at the current time, when
/// all requests of the instant are in. Then it looks at the marked units, lowest first, for requests that can start, and
/// starts the one that goes first by (request time, priority, op id), again and again until nothing is left to do.
///
/// A start may have consequences at the same instant (a skipped stage is answered at once, and its op asks for the next one),
/// so it is followed by another look for activity. Each step depends only on the set of requests made, never on the order in
/// which processes ran, nor on how units are numbered: two requests that can start share no unit, and whatever a start brings
/// up goes after it (but for a retry, which keeps its old request time), so the grants of an instant are in the order of the
/// rule, through chains of skipped stages as well.
///
/// Only marked units are visited: those where a request arrived, a slot became free, or the head of the queue changed.
#ifndef TESSERA_TLM_SETTLE_H
#define TESSERA_TLM_SETTLE_H

#include "tlm/unit_marks.h"

#include <cstdint>
#include <systemc>
#include <vector>

namespace tessera {

class op_transaction;
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
    bool look_at(server &unit);
    bool start_first();

    inline static int s_alive = 0;

    std::vector<server *>         m_units; // by id
    unit_marks                    m_marks;
    std::vector<op_transaction *> m_candidates;    // requests that could start when their units were looked at
    bool                          m_awake = false; // running, or notified for the next delta cycle
    sc_core::sc_event             m_wake{"wake"};
};

} // namespace tessera
#endif
