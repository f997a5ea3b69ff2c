#include "accelerator/dispatcher.h"

#include "models/machine/stages.h"
#include "tlm/simulated_time.h"

namespace tessera {

dispatcher::dispatcher(const sc_core::sc_module_name &name, tsr_machine &machine, const floorplan &plan,
                       const settle_process &settle)
    : sc_module(name), m_machine(machine), m_plan(plan),
      m_pool([&machine] { return tsr_work_create(machine.line_max); }, tsr_work_destroy), m_units(settle, *this)
{}

void dispatcher::start(const tsr_op &op, std::uint32_t priority)
{
    op_payload &payload = m_pool.acquire(op);
    ask(payload, tsr_op_first_stage(&op), now_ps(), priority);
}

void dispatcher::ask(op_payload &payload, tsr_stage stage, std::uint64_t request_ps, std::uint32_t priority)
{
    stage_request request;
    m_plan.route(op_transaction::op_of(payload), stage, request);
    request.request_ps = request_ps;
    request.priority = priority;
    m_units.request(payload, request);
}

void dispatcher::stage_done(op_payload &payload)
{
    op_transaction &transaction = op_transaction::of(payload);
    const tsr_stage stage = transaction.request.stage;
    const tsr_stage next = tsr_machine_next_stage(&m_machine, &transaction.op, stage);
    if (next == TSR_STAGE_END) {
        complete(payload);
        return;
    }
    std::uint64_t request_ps = now_ps();
    if (next ==
        TSR_STAGE_DRIVE) { // a repeated read queues with the time of its first request: no later op gets in between
        if (transaction.op.retry == 0)
            transaction.drive_request_ps = request_ps;
        request_ps = transaction.drive_request_ps;
    }
    ask(payload, next, request_ps, transaction.request.priority);
}

void dispatcher::complete(op_payload &payload)
{
    const tsr_op &op = op_transaction::op_of(payload);
    m_machine.ledger.retries += op.retry;
    tsr_ledger_note_op(&m_machine.ledger, &op);
    m_listener->op_done(op);
    payload.release();
}

} // namespace tessera
