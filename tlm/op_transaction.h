/// tlm/op_transaction.h — an op on its way through the chip, and the protocol by which units serve it.
///
/// One op is one pooled tlm_generic_payload (tlm/op_pool.h) that carries an op_transaction as its only content: the plain
/// tsr_op, the stage it asks for now, and how far the units of that stage have come. Command, address and data of the payload
/// are unused.
///
/// The protocol, for one stage of one op:
///
///   1. The initiator writes `request` and presents the payload with BEGIN_REQ to every unit of the stage, at the same
///      instant. From then on every socket runs a handshake of its own:
///   2. END_REQ     target -> initiator   accepted in the unit's queue of finite depth.
///   3. BEGIN_RESP  target -> initiator   the result is latched: the end of the stage. Also at once, for a stage of 0 ps.
///   4. END_RESP    initiator -> target   completes the handshake. Sent on the forward path, normally from within the call
///                                        that brings BEGIN_RESP.
///
/// A unit may have many requests open, each of a different payload: the exclusion rules of the base protocol do not apply.
/// The initiator touches neither `request` nor the op between BEGIN_REQ and the last BEGIN_RESP, and keeps its reference to
/// the payload until then. All calls carry a delay of zero. There is no blocking transport.
#ifndef TESSERA_TLM_OP_TRANSACTION_H
#define TESSERA_TLM_OP_TRANSACTION_H

#include "models/chip/op.h"

#include <array>
#include <cstdint>
#include <tlm>
#include <tlm_utils/passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>

namespace tessera {

class server;
class op_transaction;

using op_payload = tlm::tlm_generic_payload;

/// Traits of their own, so that a socket of another protocol does not bind: the extension is mandatory here.
struct op_protocol {
    using tlm_payload_type = op_payload;
    using tlm_phase_type = tlm::tlm_phase;
};

constexpr unsigned op_socket_width = 32; // the base classes ask for a bus width; without meaning here

template <typename Module>
using op_target_socket = tlm_utils::passthrough_target_socket<Module, op_socket_width, op_protocol>;

/// An initiator socket that tells its callback the unit at its other end.
template <typename Module>
using op_initiator_socket = tlm_utils::simple_initiator_socket_tagged<Module, op_socket_width, op_protocol>;

/// What an op asks for. Written by the initiator before BEGIN_REQ.
struct stage_request {
    tsr_stage                                      stage = TSR_STAGE_END;
    std::uint32_t                                  unit_count = 0; // 1 … TSR_STAGE_MAX_UNITS
    std::array<std::uint32_t, TSR_STAGE_MAX_UNITS> units{};        // distinct; the order in which they work
    std::uint64_t request_ps = 0; // when the stage was first asked for: a retry keeps the time of its first request
    std::uint32_t priority = 0;   // smaller goes first among requests of the same time
};

/// A request's place in one unit of its stage: in the queue, then in a slot. Owned by the units.
struct stage_place {
    op_transaction *owner = nullptr;
    server         *unit = nullptr; // set once this unit has seen BEGIN_REQ
    stage_place    *previous = nullptr;
    stage_place    *next = nullptr;
    std::uint32_t   slot = 0;
    bool            accepted = false; // END_REQ was given
};

/// The extension.
class op_transaction : public tlm::tlm_extension<op_transaction> {
public:
    op_transaction();

    /// The transaction of a payload that has one (any payload of an op_pool).
    static op_transaction &of(op_payload &payload) { return *payload.get_extension<op_transaction>(); }
    static tsr_op         &op_of(op_payload &payload) { return of(payload).op; }

    /// Writes the request of the next stage and forgets the progress of the last one. `ready_ps` is now.
    void begin_stage(const stage_request &next, std::uint64_t ready_time_ps);

    /// Index of `unit` in the request, or unit_count where the stage does not name it.
    std::uint32_t position_of(std::uint32_t unit) const;

    tsr_op        op{};
    stage_request request;
    std::uint64_t drive_request_ps = 0; // of the first drive of a read, kept by the initiator for its repetitions

    // -- progress of the stage, written by the units ---------------------------------------------------------------------
    op_payload   *payload = nullptr;
    std::uint64_t ready_ps = 0;      // when this request was presented; differs from request_ps for a retry
    std::uint64_t grant_ps = 0;      // when its units started
    std::uint64_t end_ps = 0;        // when its result is latched; known from the grant on
    std::uint32_t presented = 0;     // units that have seen BEGIN_REQ
    std::uint32_t answered = 0;      // units that have answered; counted by the initiator
    bool          candidate = false; // noted by the settle process as able to start
    std::array<stage_place, TSR_STAGE_MAX_UNITS> places;

    // -- tlm_extension ---------------------------------------------------------------------------------------------------
    /// A copy has the op and the request, not the progress: it is in no queue.
    tlm::tlm_extension_base *clone() const override;
    void                     copy_from(const tlm::tlm_extension_base &other) override;

    op_transaction(const op_transaction &) = delete;
    op_transaction &operator=(const op_transaction &) = delete;
    ~op_transaction() override = default;
};

/// The order of grants: (request time, priority, op id).
inline bool goes_before(const op_transaction &a, const op_transaction &b)
{
    if (a.request.request_ps != b.request.request_ps)
        return a.request.request_ps < b.request.request_ps;
    if (a.request.priority != b.request.priority)
        return a.request.priority < b.request.priority;
    return a.op.id < b.op.id;
}

} // namespace tessera
#endif
