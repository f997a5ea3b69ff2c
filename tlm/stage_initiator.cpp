#include "tlm/stage_initiator.h"

#include "tlm/server.h"
#include "tlm/settle.h"
#include "tlm/simulated_time.h"

#include <algorithm>
#include <string>

namespace tessera {

stage_initiator::stage_initiator(const settle_process &settle, stage_listener &listener)
    : m_listener(listener), m_out(settle.unit_count())
{
    for (std::uint32_t unit = 0; unit < settle.unit_count(); ++unit) {
        server *target = settle.unit(unit);
        if (target == nullptr)
            continue;
        m_out[unit] = std::make_unique<socket>(("out_" + std::to_string(unit)).c_str());
        m_out[unit]->register_nb_transport_bw(this, &stage_initiator::nb_transport_bw, static_cast<int>(unit));
        m_out[unit]->bind(target->in);
    }
}

void stage_initiator::request(op_payload &payload, const stage_request &request)
{
    op_transaction::of(payload).begin_stage(request, now_ps());
    for (std::uint32_t i = 0; i < request.unit_count; ++i)
        present(payload, request.units[i]);
}

void stage_initiator::request(op_payload &payload, tsr_stage stage, const std::uint32_t units[],
                              std::uint32_t unit_count, std::uint64_t request_ps, std::uint32_t priority)
{
    stage_request next;
    next.stage = stage;
    next.unit_count = std::min<std::uint32_t>(unit_count, TSR_STAGE_MAX_UNITS);
    std::copy_n(units, next.unit_count, next.units.begin());
    next.request_ps = request_ps;
    next.priority = priority;
    request(payload, next);
}

void stage_initiator::present(op_payload &payload, std::uint32_t unit) { send(payload, unit, tlm::BEGIN_REQ); }

void stage_initiator::send(op_payload &payload, std::uint32_t unit, tlm::tlm_phase_enum kind)
{
    tlm::tlm_phase   phase = kind;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    (*m_out[unit])->nb_transport_fw(payload, phase, delay);
}

tlm::tlm_sync_enum stage_initiator::nb_transport_bw(int unit, op_payload &payload, tlm::tlm_phase &phase,
                                                    sc_core::sc_time & /* zero */)
{
    if (phase == tlm::BEGIN_RESP) {
        send(payload, static_cast<std::uint32_t>(unit), tlm::END_RESP);
        op_transaction &transaction = op_transaction::of(payload);
        if (++transaction.answered == transaction.request.unit_count)
            m_listener.stage_done(payload); // last: the payload may be gone or asked for anew when this returns
    }
    return tlm::TLM_ACCEPTED;
}

} // namespace tessera
