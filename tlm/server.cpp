#include "tlm/server.h"

#include "tlm/protocol_checker.h"
#include "tlm/recorder.h"
#include "tlm/settle.h"
#include "tlm/simulated_time.h"

#include <algorithm>

namespace tessera {

namespace {
std::uint64_t all_slots(std::uint32_t slots)
{
    return slots >= TSR_SPAN_MAX_SLOTS ? ~std::uint64_t{0} : (std::uint64_t{1} << slots) - 1;
}
} // namespace

server::server(const sc_core::sc_module_name &name, const server_config &config, const chip_services &services)
    : sc_core::sc_module(name), m_config(config), m_services(services)
{
    if (config.slots < 1 || config.slots > TSR_SPAN_MAX_SLOTS)
        SC_REPORT_ERROR("tessera/server", "the number of slots must be 1 to 64");
    if (config.queue_depth < 1)
        SC_REPORT_ERROR("tessera/server", "the depth of the queue must be at least 1");
    m_free = all_slots(config.slots);
    m_led.reserve(config.slots);
    services.settle.add(*this, config.unit);
    services.checker.add(config.unit, config.slots, config.queue_depth);

    in.register_nb_transport_fw(this, &server::nb_transport_fw);
    SC_METHOD(finish);
    sensitive << m_next;
    dont_initialize();
}

// -- arrival -------------------------------------------------------------------------------------------------------------

tlm::tlm_sync_enum server::nb_transport_fw(op_payload &payload, tlm::tlm_phase &phase, sc_core::sc_time &delay)
{
    if (m_services.checker.on())
        m_services.checker.observe(m_config.unit, payload, phase, delay);
    if (phase == tlm::END_RESP)
        return tlm::TLM_COMPLETED;
    if (phase != tlm::BEGIN_REQ)
        SC_REPORT_ERROR("tessera/server", "an initiator sends BEGIN_REQ and END_RESP only");
    op_transaction &transaction = op_transaction::of(payload);
    transaction.payload = &payload;
    arrive(transaction);
    return tlm::TLM_ACCEPTED;
}

void server::arrive(op_transaction &transaction)
{
    const std::uint32_t position = transaction.position_of(m_config.unit);
    if (position == transaction.request.unit_count)
        SC_REPORT_ERROR("tessera/server", "a stage was presented to a unit that it does not name");
    stage_place &place = transaction.places[position];
    place.unit = this;
    ++transaction.presented;
    m_arrivals.insert(place);
    m_services.settle.mark(m_config.unit);
}

// -- grant: called by the settle process -----------------------------------------------------------------------------------

op_transaction *server::first() const
{
    const stage_place *accepted = m_queue.front();
    const stage_place *arrived = m_arrivals.front();
    if (accepted == nullptr)
        return arrived != nullptr ? arrived->owner : nullptr;
    if (arrived != nullptr && goes_before(*arrived->owner, *accepted->owner))
        return arrived->owner;
    return accepted->owner;
}

op_transaction *server::startable() const
{
    op_transaction *candidate = first();
    if (candidate == nullptr || candidate->presented != candidate->request.unit_count)
        return nullptr;
    for (std::uint32_t i = 0; i < candidate->request.unit_count; ++i) {
        const server &other = *candidate->places[i].unit;
        if (other.m_free == 0 || other.first() != candidate)
            return nullptr;
    }
    return candidate;
}

/// The state of all units is complete before anything is sent: an answer may bring the next request from within.
void server::start(op_transaction &transaction)
{
    const std::uint32_t count = transaction.request.unit_count;
    const tsr_stage     stage = transaction.request.stage;
    auto               &places = transaction.places;

    transaction.grant_ps = now_ps();
    const std::uint64_t wait_ps = transaction.grant_ps - transaction.ready_ps;
    for (std::uint32_t i = 0; i < count; ++i) {
        places[i].unit->leave_queue(places[i]);
        places[i].unit->m_counters.wait_ps += wait_ps;
        places[i].unit->perform(transaction);
    }
    const std::uint64_t duration_ps = m_services.model.duration_ps(transaction.op, stage);
    m_services.model.note(transaction.op, stage, duration_ps, wait_ps);
    transaction.end_ps = end_of_stage_ps(transaction.grant_ps, duration_ps);
    if (m_services.checker.on())
        m_services.checker.granted(*transaction.payload);

    if (duration_ps > 0) {
        for (std::uint32_t i = 0; i < count; ++i)
            places[i].unit->occupy(transaction, places[i]);
        places[0].unit->lead(transaction);
    }
    for (std::uint32_t i = 0; i < count; ++i)
        places[i].unit->mark();

    for (std::uint32_t i = 0; i < count; ++i)
        if (!places[i].accepted)
            places[i].unit->accept(places[i]);
    if (duration_ps == 0)
        answer(transaction);
}

bool server::accept_waiting()
{
    bool changed = false;
    while (!m_arrivals.empty() && m_queue.size() < m_config.queue_depth) {
        stage_place &place = *m_arrivals.front();
        m_arrivals.remove(place);
        m_queue.insert(place);
        accept(place);
        changed = true;
    }
    return changed;
}

void server::leave_queue(stage_place &place) { (place.accepted ? m_queue : m_arrivals).remove(place); }

void server::perform(op_transaction &transaction)
{
    const std::uint64_t before_aj = transaction.op.energy_aj;
    serve(transaction.op, transaction.request.stage);
    m_counters.energy_aj += transaction.op.energy_aj - before_aj;
    ++m_counters.grants;
}

void server::occupy(op_transaction &transaction, stage_place &place)
{
    integrate(transaction.grant_ps);
    ++m_in_use;
    ++m_counters.holds;
    place.slot = static_cast<std::uint32_t>(__builtin_ctzll(m_free));
    m_free &= m_free - 1;
    if (m_services.checker.on())
        m_services.checker.occupied(m_config.unit, *transaction.payload, place.slot);
    if (m_services.log.on())
        m_services.log.record(transaction, m_config.unit, place.slot);
}

void server::lead(op_transaction &transaction)
{
    const auto later = std::find_if(m_led.rbegin(), m_led.rend(),
                                    [&](const op_transaction *other) { return other->end_ps > transaction.end_ps; });
    const auto position = m_led.insert(later.base(), &transaction);
    if (position + 1 == m_led.end())
        m_next.notify(to_sc_time(transaction.end_ps - transaction.grant_ps));
}

/// A request can start once the last of its units has it as the first and a slot free: it is enough to look at that unit.
void server::mark()
{
    if (!m_arrivals.empty() || !m_queue.empty())
        m_services.settle.mark(m_config.unit);
}

// -- finish: runs when a stage ends ----------------------------------------------------------------------------------------

void server::finish()
{
    const std::uint64_t now = now_ps();
    while (!m_led.empty() && m_led.back()->end_ps <= now) {
        op_transaction &transaction = *m_led.back();
        m_led.pop_back();
        for (std::uint32_t i = 0; i < transaction.request.unit_count; ++i)
            transaction.places[i].unit->vacate(transaction.places[i], now);
        answer(transaction);
    }
    if (!m_led.empty())
        m_next.notify(to_sc_time(m_led.back()->end_ps - now));
}

void server::vacate(stage_place &place, std::uint64_t now)
{
    integrate(now);
    --m_in_use;
    m_free |= std::uint64_t{1} << place.slot;
    mark();
}

void server::integrate(std::uint64_t now)
{
    m_counters.busy_ps += m_in_use * (now - m_since_ps);
    m_since_ps = now;
}

// -- what is sent ----------------------------------------------------------------------------------------------------------

void server::accept(stage_place &place)
{
    place.accepted = true;
    send(*place.owner->payload, tlm::END_REQ);
}

/// The last answer may bring the next request of the same op: its units are read before anything is sent.
void server::answer(const op_transaction &transaction)
{
    op_payload                               &payload = *transaction.payload;
    const std::uint32_t                       count = transaction.request.unit_count;
    std::array<server *, TSR_STAGE_MAX_UNITS> units{};
    for (std::uint32_t i = 0; i < count; ++i)
        units[i] = transaction.places[i].unit;
    for (std::uint32_t i = 0; i < count; ++i)
        units[i]->send(payload, tlm::BEGIN_RESP);
}

void server::send(op_payload &payload, tlm::tlm_phase_enum kind)
{
    tlm::tlm_phase   phase = kind;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    if (m_services.checker.on())
        m_services.checker.observe(m_config.unit, payload, phase, delay);
    const tlm::tlm_sync_enum status = in->nb_transport_bw(payload, phase, delay);
    // An initiator may also complete the handshake with its return value.
    if (m_services.checker.on() && kind == tlm::BEGIN_RESP && status != tlm::TLM_ACCEPTED)
        m_services.checker.observe(m_config.unit, payload, tlm::END_RESP, delay);
}

} // namespace tessera
