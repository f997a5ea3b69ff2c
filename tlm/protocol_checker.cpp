#include "tlm/protocol_checker.h"

#include "tlm/simulated_time.h"

namespace tessera {

const char *protocol_rule_name(protocol_rule rule)
{
    static const char *const names[] = {
        "phase_order",  "request_outstanding", "unit_in_stage",   "presented_together", "request_time",
        "no_delay",     "queue_depth",         "grant_complete",  "grant_order",        "slots",
        "stage_length", "answered_once",       "answered_at_end", "finished",
    };
    static_assert(sizeof names / sizeof names[0] == static_cast<std::size_t>(protocol_rule::count),
                  "one name per rule");
    return names[static_cast<std::size_t>(rule)];
}

void protocol_checker::add(std::uint32_t unit, std::uint32_t slots, std::uint32_t queue_depth)
{
    if (unit >= m_units.size())
        m_units.resize(unit + 1);
    m_units[unit].slots = slots;
    m_units[unit].queue_depth = queue_depth;
}

void protocol_checker::observe(std::uint32_t unit, op_payload &payload, const tlm::tlm_phase &phase,
                               const sc_core::sc_time &delay)
{
    ++m_observations;
    if (delay != sc_core::SC_ZERO_TIME)
        report(protocol_rule::no_delay, unit, payload, "a call carries a delay of " + delay.to_string());
    switch (static_cast<unsigned>(phase)) {
    case tlm::BEGIN_REQ: begin_request(unit, payload); break;
    case tlm::END_REQ: end_request(unit, payload); break;
    case tlm::BEGIN_RESP: begin_response(unit, payload); break;
    case tlm::END_RESP: end_response(unit, payload); break;
    default: report(protocol_rule::phase_order, unit, payload, "a phase that the protocol does not have"); break;
    }
}

void protocol_checker::begin_request(std::uint32_t unit, op_payload &payload)
{
    const op_transaction &transaction = op_transaction::of(payload);
    const stage_request  &request = transaction.request;
    const std::uint64_t   now = now_ps();

    if (m_open.count({&payload, unit}) != 0)
        report(protocol_rule::request_outstanding, unit, payload, "asked again before the last request was completed");
    if (request.unit_count < 1 || request.unit_count > TSR_STAGE_MAX_UNITS)
        report(protocol_rule::unit_in_stage, unit, payload, "the stage names no unit, or too many");
    else if (transaction.position_of(unit) == request.unit_count)
        report(protocol_rule::unit_in_stage, unit, payload, "the stage does not name this unit");
    if (request.request_ps > now)
        report(protocol_rule::request_time, unit, payload, "the request time is in the future");
    for (auto other = m_open.lower_bound({&payload, 0}); other != m_open.end() && other->first.first == &payload;
         ++other)
        if (other->second.begin_ps != now || other->second.granted)
            report(protocol_rule::presented_together, unit, payload,
                   "another unit of the stage was asked at another instant");

    handshake open;
    open.begin_ps = now;
    m_open[{&payload, unit}] = open;
    m_units[unit].waiting.insert(&transaction);
}

void protocol_checker::end_request(std::uint32_t unit, op_payload &payload)
{
    const auto found = m_open.find({&payload, unit});
    if (found == m_open.end() || found->second.at != state::requested) {
        report(protocol_rule::phase_order, unit, payload, "END_REQ without BEGIN_REQ before it");
        return;
    }
    found->second.at = state::accepted;
    if (found->second.granted)
        return; // served straight away: it never was in the queue
    unit_record &record = m_units[unit];
    if (++record.accepted > record.queue_depth)
        report(protocol_rule::queue_depth, unit, payload, "accepted more requests than the queue holds");
}

void protocol_checker::granted(op_payload &payload)
{
    const op_transaction &transaction = op_transaction::of(payload);
    for (std::uint32_t i = 0; i < transaction.request.unit_count; ++i) {
        const std::uint32_t unit = transaction.request.units[i];
        const auto          found = m_open.find({&payload, unit});
        if (found == m_open.end() || found->second.granted) {
            report(protocol_rule::grant_complete, unit, payload, "granted without an open request at this unit");
            continue;
        }
        leave_waiting(unit, transaction, found->second);
        const auto &waiting = m_units[unit].waiting;
        if (!waiting.empty() && goes_before(**waiting.begin(), transaction))
            report(protocol_rule::grant_order, unit, payload,
                   "granted before op " + std::to_string((*waiting.begin())->op.id) + ", which asked earlier");
    }
}

void protocol_checker::leave_waiting(std::uint32_t unit, const op_transaction &transaction, handshake &open)
{
    unit_record &record = m_units[unit];
    for (auto at = record.waiting.lower_bound(&transaction); at != record.waiting.end(); ++at)
        if (*at == &transaction) {
            record.waiting.erase(at);
            break;
        }
    open.granted = true;
    if (open.at == state::accepted)
        --record.accepted;
}

void protocol_checker::occupied(std::uint32_t unit, op_payload &payload, std::uint32_t slot)
{
    const op_transaction &transaction = op_transaction::of(payload);
    unit_record          &record = m_units[unit];
    if (transaction.end_ps <= transaction.grant_ps)
        report(protocol_rule::stage_length, unit, payload, "a slot is held for less than 1 ps");
    if (slot >= record.slots || (record.held >> slot & 1U) != 0) {
        report(protocol_rule::slots, unit, payload,
               "slot " + std::to_string(slot) + " is held already or does not exist");
        return;
    }
    record.held |= std::uint64_t{1} << slot;
    const auto found = m_open.find({&payload, unit});
    if (found != m_open.end()) {
        found->second.holds_slot = true;
        found->second.slot = slot;
    }
}

void protocol_checker::begin_response(std::uint32_t unit, op_payload &payload)
{
    const auto found = m_open.find({&payload, unit});
    if (found == m_open.end() || found->second.at == state::answered) {
        report(protocol_rule::answered_once, unit, payload, "answered without an open request");
        return;
    }
    handshake &open = found->second;
    if (open.at == state::requested)
        report(protocol_rule::phase_order, unit, payload, "BEGIN_RESP before END_REQ");
    if (!open.granted || op_transaction::of(payload).end_ps != now_ps())
        report(protocol_rule::answered_at_end, unit, payload, "answered at another instant than the end of the stage");
    if (open.holds_slot)
        m_units[unit].held &= ~(std::uint64_t{1} << open.slot);
    open.at = state::answered;
}

void protocol_checker::end_response(std::uint32_t unit, op_payload &payload)
{
    const auto found = m_open.find({&payload, unit});
    if (found == m_open.end() || found->second.at != state::answered)
        report(protocol_rule::phase_order, unit, payload, "END_RESP without BEGIN_RESP before it");
    else
        m_open.erase(found);
}

void protocol_checker::check_finished()
{
    for (const auto &entry : m_open)
        report(protocol_rule::finished, std::to_string(entry.first.second), nullptr,
               "a request was not completed when the simulation ended");
}

void protocol_checker::report(protocol_rule rule, std::uint32_t unit, op_payload &payload, const std::string &what)
{
    report(rule, std::to_string(unit), &op_transaction::op_of(payload), what);
}

void protocol_checker::report(protocol_rule rule, const std::string &unit, const tsr_op *op, const std::string &what)
{
    ++m_violations;
    const std::string type = std::string("tessera/protocol/") + protocol_rule_name(rule);
    const std::string subject = op != nullptr ? "op " + std::to_string(op->id) + ", " : "";
    SC_REPORT_ERROR(type.c_str(), (subject + "unit " + unit + ": " + what).c_str());
}

} // namespace tessera
