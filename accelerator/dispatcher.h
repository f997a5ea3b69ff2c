/// accelerator/dispatcher.h — moves ops through their stages: asks the units of each stage, decides the next one.
///
/// Which op starts when is the sequencer's business; which unit serves a stage is the floorplan's.
#ifndef TESSERA_ACCELERATOR_DISPATCHER_H
#define TESSERA_ACCELERATOR_DISPATCHER_H

#include "accelerator/floorplan.h"
#include "tlm/op_pool.h"
#include "tlm/stage_initiator.h"

#include <cstdint>
#include <systemc>

namespace tessera {

/// Told when an op has left its last stage; the op's payload goes back to the pool afterwards.
class op_listener {
public:
    virtual ~op_listener() = default;
    virtual void op_done(const tsr_op &op) = 0;
};

class dispatcher : public sc_core::sc_module, private stage_listener {
public:
    dispatcher(const sc_core::sc_module_name &name, tsr_machine &machine, const floorplan &plan,
               const settle_process &settle);

    void listen(op_listener &listener) { m_listener = &listener; }

    /// Takes a copy of `op` and asks for its first stage now.
    void start(const tsr_op &op, std::uint32_t priority);

    std::size_t in_flight() const { return m_pool.in_flight(); }

private:
    void stage_done(op_payload &payload) override;
    void ask(op_payload &payload, tsr_stage stage, std::uint64_t request_ps, std::uint32_t priority);
    void complete(op_payload &payload);

    tsr_machine     &m_machine;
    const floorplan &m_plan;
    op_pool          m_pool;
    stage_initiator  m_units;
    op_listener     *m_listener = nullptr;
};

} // namespace tessera
#endif
