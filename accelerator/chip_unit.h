/// accelerator/chip_unit.h — what the units of the chip have in common: a server, the machine it works on, training's clock.
#ifndef TESSERA_ACCELERATOR_CHIP_UNIT_H
#define TESSERA_ACCELERATOR_CHIP_UNIT_H

#include "accelerator/training_clock.h"
#include "models/machine/machine.h"
#include "tlm/server.h"

namespace tessera {

/// What every unit is built with; references outlive the units.
struct chip_context {
    tsr_machine          &machine;
    const training_clock &clock;
    chip_services         services;
};

/// Every unit of the chip serves one stage at a time, behind a queue as deep as the chip's.
inline server_config unit_config(std::uint32_t unit, const chip_context &chip)
{
    return {unit, 1, chip.machine.spec.chip.queue_depth};
}

class chip_unit : public server {
protected:
    chip_unit(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip)
        : server(name, config, chip.services), m_machine(chip.machine), m_clock(chip.clock)
    {}

    tsr_machine          &machine() const { return m_machine; }
    const training_clock &clock() const { return m_clock; }

    /// A stage that this unit has no part in was routed here: SC_ERROR.
    void expect(bool known, tsr_stage stage) const
    {
        if (!known)
            SC_REPORT_ERROR(name(), tsr_stage_name(stage));
    }

private:
    tsr_machine          &m_machine;
    const training_clock &m_clock;
};

} // namespace tessera
#endif
