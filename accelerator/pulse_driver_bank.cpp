#include "accelerator/pulse_driver_bank.h"

#include "models/machine/stages.h"

namespace tessera {

pulse_driver_bank::pulse_driver_bank(const sc_core::sc_module_name &name, const server_config &config, line_side side,
                                     const chip_context &chip)
    : chip_unit(name, config, chip), m_side(side)
{}

void pulse_driver_bank::serve(tsr_op &op, tsr_stage stage)
{
    const bool input = m_side == line_side::input;
    switch (stage) {
    case TSR_STAGE_LOAD_DRIVER: (input ? tsr_driver_load_in : tsr_driver_load_out)(&machine(), &op); break;
    case TSR_STAGE_PULSE: (input ? tsr_driver_fire_in : tsr_driver_fire_out)(&machine(), &op); break;
    case TSR_STAGE_PROGRAM: (input ? tsr_driver_program_in : tsr_driver_program_out)(&machine(), &op); break;
    default: expect(false, stage);
    }
}

} // namespace tessera
