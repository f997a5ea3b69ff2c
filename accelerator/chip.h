/// accelerator/chip.h — the whole chip, composed from the configuration of its machine.
#ifndef TESSERA_ACCELERATOR_CHIP_H
#define TESSERA_ACCELERATOR_CHIP_H

#include "accelerator/bus.h"
#include "accelerator/core.h"
#include "accelerator/dma_engine.h"
#include "accelerator/global_buffer.h"
#include "accelerator/sequencer.h"
#include "tlm/protocol_checker.h"
#include "tlm/recorder.h"
#include "tlm/settle.h"

#include <memory>
#include <optional>
#include <vector>

namespace tessera {

struct chip_options {
    recorder_config record;
    bool            check_protocol = false;
    recorder::sink  spans; // takes full chunks of spans; without one the recorder keeps them
};

/// Durations and latency counters of the C core, as the units ask for them.
class machine_timing : public stage_model {
public:
    explicit machine_timing(tsr_machine &machine) : m_machine(machine) {}
    std::uint64_t duration_ps(const tsr_op &op, tsr_stage stage) override;
    void          note(const tsr_op &op, tsr_stage stage, std::uint64_t service_ps, std::uint64_t wait_ps) override;

private:
    tsr_machine &m_machine;
};

class chip : public sc_core::sc_module {
public:
    /// `machine` and `source` outlive the chip.
    chip(const sc_core::sc_module_name &name, tsr_machine &machine, program_source &source,
         const chip_options &options);

    /// Simulated time of training so far, picoseconds.
    std::uint64_t training_ps() const { return m_clock.now_ps(); }

    const floorplan        &plan() const { return m_plan; }
    const recorder         &log() const { return m_recorder; }
    recorder               &log() { return m_recorder; }
    const protocol_checker &checker() const { return m_checker; }
    const server           *unit(std::uint32_t id) const { return m_settle.unit(id); }

    /// To be called after the simulation: charges leakage, and lets the protocol checker look for open handshakes.
    void conclude();

private:
    tsr_machine                       &m_machine;
    floorplan                          m_plan;
    settle_process                     m_settle;
    recorder                           m_recorder;
    protocol_checker                   m_checker;
    machine_timing                     m_timing;
    training_clock                     m_clock;
    dma_engine                         m_dma;
    global_buffer                      m_buffer;
    bus                                m_bus;
    std::vector<std::unique_ptr<core>> m_cores;
    std::unique_ptr<dispatcher>        m_dispatcher; // after all units, whose sockets it binds
    std::unique_ptr<sequencer>         m_sequencer;
};

} // namespace tessera
#endif
