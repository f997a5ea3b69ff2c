/// tlm/protocol_checker.h — watches the protocol of tlm/op_transaction.h and the grant rules, in line.
///
/// Keeps its own record of every handshake, taken from the phases on the wire, and compares what the units do with it. On in
/// tests, off by default in runs, where each observation point costs one predictable branch. A violation is an SC_ERROR with
/// the type "tessera/protocol/<rule>", which throws unless the report handler was told otherwise.
#ifndef TESSERA_TLM_PROTOCOL_CHECKER_H
#define TESSERA_TLM_PROTOCOL_CHECKER_H

#include "tlm/op_transaction.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tessera {

enum class protocol_rule {
    phase_order,         // a phase that does not follow the last one of this payload and unit
    request_outstanding, // BEGIN_REQ while a handshake of the same payload and unit is open
    unit_in_stage,       // BEGIN_REQ to a unit that the stage does not name, or a stage of no or too many units
    presented_together,  // the units of a stage were asked at different instants
    request_time,        // a request time in the future
    no_delay,            // a delay other than zero
    queue_depth,         // more requests accepted and not served than the queue holds
    grant_complete,      // granted before all units of the stage were asked, or twice
    grant_order,         // granted while an earlier request of the same unit waits
    slots,               // a slot that is held already or does not exist
    stage_length,        // a slot held for less than 1 ps
    answered_once,       // BEGIN_RESP without an open request: a stage is answered once per unit
    answered_at_end,     // BEGIN_RESP before the grant, or at another instant than the end of the stage
    finished,            // a handshake is open at the end of the simulation
    count
};

/// The rule's name as it appears in reports.
const char *protocol_rule_name(protocol_rule rule);

class protocol_checker {
public:
    explicit protocol_checker(bool on = false) : m_on(on) {}

    bool on() const { return m_on; }

    /// Registers a unit; called by each server, also when off.
    void add(std::uint32_t unit, std::uint32_t slots, std::uint32_t queue_depth);

    // Observation points; called by the units, only while on().
    void observe(std::uint32_t unit, op_payload &payload, const tlm::tlm_phase &phase, const sc_core::sc_time &delay);
    void granted(op_payload &payload);
    void occupied(std::uint32_t unit, op_payload &payload, std::uint32_t slot);

    /// To be called when the simulation has ended: nothing may be open.
    void check_finished();

    std::uint64_t observations() const { return m_observations; }
    std::uint64_t violations() const { return m_violations; }

private:
    enum class state { requested, accepted, answered };

    struct handshake {
        state         at = state::requested;
        bool          granted = false;
        bool          holds_slot = false;
        std::uint32_t slot = 0;
        std::uint64_t begin_ps = 0;
    };
    struct earlier {
        bool operator()(const op_transaction *a, const op_transaction *b) const { return goes_before(*a, *b); }
    };
    struct unit_record {
        std::uint32_t                                  slots = 0;
        std::uint32_t                                  queue_depth = 0;
        std::uint32_t                                  accepted = 0; // and not served
        std::uint64_t                                  held = 0;     // bit i: slot i
        std::multiset<const op_transaction *, earlier> waiting;      // asked and not served
    };
    using key = std::pair<const op_payload *, std::uint32_t>;

    void begin_request(std::uint32_t unit, op_payload &payload);
    void end_request(std::uint32_t unit, op_payload &payload);
    void begin_response(std::uint32_t unit, op_payload &payload);
    void end_response(std::uint32_t unit, op_payload &payload);
    void leave_waiting(std::uint32_t unit, const op_transaction &transaction, handshake &open);
    void report(protocol_rule rule, const std::string &unit, const tsr_op *op, const std::string &what);
    void report(protocol_rule rule, std::uint32_t unit, op_payload &payload, const std::string &what);

    const bool               m_on;
    std::vector<unit_record> m_units; // by id
    std::map<key, handshake> m_open;
    std::uint64_t            m_observations = 0;
    std::uint64_t            m_violations = 0;
};

} // namespace tessera
#endif
