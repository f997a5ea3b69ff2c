/// tlm/server.h — a unit that serves stages: a finite number of slots behind a queue.
///
/// What makes results independent of process order:
///   - nb_transport_fw only notes the arrival and marks the unit.
///   - finish() runs when a stage ends: it frees what is due and answers. It grants nothing.
///   - start() is called by the settle process only (tlm/settle.h), when all requests of the instant are in.
/// Grants go by (request time, priority, op id). The first request of a unit's queue is not overtaken by another one of the
/// same unit. The units of a stage are granted together: each has the request as its first and a slot free, or none starts.
///
/// The queue accepts (END_REQ) up to `queue_depth` requests that are not yet served, in the same order. A request that is
/// still to be accepted takes part in the order of grants nevertheless: the depth says when a producer may let go of its
/// request line, never who goes first. So a full queue cannot deadlock stages of several units, and spans do not depend on it.
///
/// At the grant, all at one instant: serve() of each unit in the order of the stage, then stage_model::duration_ps() once.
/// Every unit of the stage is held for this duration, gives one span, and answers (BEGIN_RESP) at its end. A stage of 0 ps
/// holds nothing, leaves no span and is answered at once. The first unit of a stage keeps its end time for all of them.
#ifndef TESSERA_TLM_SERVER_H
#define TESSERA_TLM_SERVER_H

#include "models/accounting/ledger.h"
#include "tlm/chip_services.h"
#include "tlm/op_transaction.h"
#include "tlm/wait_queue.h"

#include <cstdint>
#include <systemc>
#include <vector>

namespace tessera {

struct server_config {
    std::uint32_t unit = 0;         // id of the unit: its place in the order of the settle process, its name in spans
    std::uint32_t slots = 1;        // stages served at a time, 1 … TSR_SPAN_MAX_SLOTS
    std::uint32_t queue_depth = 16; // requests accepted and not yet served, >= 1
};

/// What a unit counted itself, independent of spans and of the ledger of the C core.
struct server_counters {
    std::uint64_t grants = 0;    // stages served, skipped ones included
    std::uint64_t holds = 0;     // of these, stages that held a slot: one span each
    std::uint64_t busy_ps = 0;   // integral of the slots in use over time, up to the last change
    std::uint64_t wait_ps = 0;   // from presented to granted, summed
    tsr_u128      energy_aj = 0; // growth of tsr_op.energy_aj across serve()
};

class server : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(server);

    op_target_socket<server> in{"in"};

    std::uint32_t          unit() const { return m_config.unit; }
    const server_config   &config() const { return m_config; }
    const server_counters &counters() const { return m_counters; }
    std::uint32_t          waiting() const { return m_queue.size() + m_arrivals.size(); }
    std::uint32_t          in_use() const { return m_in_use; }

protected:
    /// Reports SC_ERROR where the configuration is out of range.
    server(const sc_core::sc_module_name &name, const server_config &config, const chip_services &services);

    /// The functional part of a stage in this unit. Runs once per grant, with all units of the stage free for it.
    virtual void serve(tsr_op &op, tsr_stage stage) = 0;

    /// Frees and answers what is due now. Virtual for tests that permute or break the order of activations.
    virtual void finish();

    /// The first request of the queue where all its units can start it now; null otherwise.
    op_transaction *startable() const;

    /// Starts a request that is startable(): called by the settle process, by nobody else but a test of that rule.
    void start(op_transaction &transaction);

    sc_core::sc_event m_next{"next"}; // when the earliest stage that this unit leads ends

private:
    friend class settle_process;

    tlm::tlm_sync_enum nb_transport_fw(op_payload &payload, tlm::tlm_phase &phase, sc_core::sc_time &delay);

    void            arrive(op_transaction &transaction);
    op_transaction *first() const;
    bool            accept_waiting();
    void            leave_queue(stage_place &place);
    void            perform(op_transaction &transaction);
    void            occupy(op_transaction &transaction, stage_place &place);
    void            vacate(stage_place &place, std::uint64_t now);
    void            lead(op_transaction &transaction);
    void            mark();
    void            integrate(std::uint64_t now);
    void            accept(stage_place &place);
    void            send(op_payload &payload, tlm::tlm_phase_enum kind);

    static void answer(const op_transaction &transaction);

    const server_config           m_config;
    const chip_services           m_services;
    wait_queue                    m_arrivals; // presented, not accepted
    wait_queue                    m_queue;    // accepted, not served
    std::uint64_t                 m_free;     // bit i: slot i is free
    std::uint32_t                 m_in_use = 0;
    std::uint64_t                 m_since_ps = 0; // busy_ps is integrated up to here
    std::vector<op_transaction *> m_led;          // stages that this unit leads, the earliest end at the back
    server_counters               m_counters;
};

} // namespace tessera
#endif
