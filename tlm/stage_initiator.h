/// tlm/stage_initiator.h — the initiator's side of the protocol: asks for a stage, hears when it is done.
///
/// Owned by the module that moves ops through their stages. It has one socket per unit of the chip, and hides phases and
/// handshakes from its owner.
#ifndef TESSERA_TLM_STAGE_INITIATOR_H
#define TESSERA_TLM_STAGE_INITIATOR_H

#include "tlm/op_transaction.h"

#include <cstdint>
#include <memory>
#include <systemc>
#include <vector>

namespace tessera {

class settle_process;

/// What the owner of a stage_initiator implements.
class stage_listener {
public:
    virtual ~stage_listener() = default;

    /// All units of the stage have answered; called exactly once per request, at the instant the stage ends. The payload is
    /// the listener's again: it may ask for the next stage or release the payload from within this call.
    virtual void stage_done(op_payload &payload) = 0;
};

class stage_initiator {
public:
    /// Sockets are named `out_<unit>` below the module under construction. Every unit must be known to `settle` already.
    stage_initiator(const settle_process &settle, stage_listener &listener);
    virtual ~stage_initiator() = default;

    /// Asks for a stage now. `payload` has no stage open; `request` names distinct units; request.request_ps is not in the
    /// future. Where a queue is full the request stays up until the unit accepts it.
    void request(op_payload &payload, const stage_request &request);

    /// The same, spelled out: `units[0 … unit_count-1]` in the order of tsr_stage_roles().
    void request(op_payload &payload, tsr_stage stage, const std::uint32_t units[], std::uint32_t unit_count,
                 std::uint64_t request_ps, std::uint32_t priority);

    stage_initiator(const stage_initiator &) = delete;
    stage_initiator &operator=(const stage_initiator &) = delete;

protected:
    /// BEGIN_REQ to one unit.
    void present(op_payload &payload, std::uint32_t unit);

private:
    using socket = op_initiator_socket<stage_initiator>;

    tlm::tlm_sync_enum nb_transport_bw(int unit, op_payload &payload, tlm::tlm_phase &phase, sc_core::sc_time &delay);
    void               send(op_payload &payload, std::uint32_t unit, tlm::tlm_phase_enum kind);

    stage_listener                      &m_listener;
    std::vector<std::unique_ptr<socket>> m_out; // by unit; null where no unit has this id
};

} // namespace tessera
#endif
