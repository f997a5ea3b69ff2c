#include "accelerator/chip.h"

#include "models/machine/stages.h"

#include <string>

namespace tessera {

std::uint64_t machine_timing::duration_ps(const tsr_op &op, tsr_stage stage)
{
    return tsr_stage_duration_ps(&m_machine, &op, stage);
}

void machine_timing::note(const tsr_op &op, tsr_stage stage, std::uint64_t service_ps, std::uint64_t wait_ps)
{
    tsr_ledger_note_stage(&m_machine.ledger, &op, stage, service_ps, wait_ps);
}

chip::chip(const sc_core::sc_module_name &name, tsr_machine &machine, program_source &source,
           const chip_options &options)
    : sc_module(name), m_machine(machine), m_plan(machine), m_settle("settle"),
      m_recorder(options.record, options.spans), m_checker(options.check_protocol), m_timing(machine),
      m_dma("dma", {floorplan::dma, 1, machine.spec.chip.queue_depth},
            chip_context{machine, m_clock, {m_settle, m_recorder, m_checker, m_timing}}),
      m_buffer("buffer", {floorplan::buffer, 1, machine.spec.chip.queue_depth},
               chip_context{machine, m_clock, {m_settle, m_recorder, m_checker, m_timing}}),
      m_bus("bus", {floorplan::link, 1, machine.spec.chip.queue_depth},
            chip_context{machine, m_clock, {m_settle, m_recorder, m_checker, m_timing}})
{
    require_picosecond_resolution();
    const chip_context context{machine, m_clock, {m_settle, m_recorder, m_checker, m_timing}};
    for (std::uint32_t k = 0; k < m_plan.core_count(); ++k)
        m_cores.push_back(std::make_unique<core>(("core" + std::to_string(k)).c_str(), k, m_plan, context));
    m_dispatcher = std::make_unique<dispatcher>("dispatcher", machine, m_plan, m_settle);
    m_sequencer = std::make_unique<sequencer>("sequencer", machine, *m_dispatcher, m_clock, source);
}

void chip::conclude()
{
    tsr_machine_charge_leakage(&m_machine, training_ps());
    if (m_checker.on())
        m_checker.check_finished();
}

} // namespace tessera
