#include "tlm/settle.h"

#include "tlm/server.h"
#include "tlm/simulated_time.h"

#include <algorithm>

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
    while (!m_marks.empty() || !m_candidates.empty()) {
        if (!quiet && sc_core::sc_pending_activity_at_current_time()) {
            wake();
            return;
        }
        const bool sent = m_marks.empty() ? start_first() : look_at(*m_units[m_marks.take_lowest()]);
        quiet = !sent;
    }
    m_awake = false;
}

/// Returns whether anything was sent to an initiator.
bool settle_process::look_at(server &unit)
{
    op_transaction *first = unit.startable();
    if (first == nullptr)
        return unit.accept_waiting();
    if (!first->candidate)
        m_candidates.push_back(first);
    first->candidate = true;
    return false;
}

bool settle_process::start_first()
{
    const auto      first = std::min_element(m_candidates.begin(), m_candidates.end(),
                                             [](const auto *a, const auto *b) { return goes_before(*a, *b); });
    op_transaction &transaction = **first;
    *first = m_candidates.back();
    m_candidates.pop_back();
    transaction.candidate = false;
    server &unit = *transaction.places[0].unit;
    if (unit.startable() != &transaction)
        return false; // an earlier request came in between
    unit.start(transaction);
    return true;
}

} // namespace tessera
