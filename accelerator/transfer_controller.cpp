#include "accelerator/transfer_controller.h"

#include "models/machine/stages.h"

namespace tessera {

transfer_controller::transfer_controller(const sc_core::sc_module_name &name, const server_config &config,
                                         const chip_context &chip)
    : chip_unit(name, config, chip)
{}

void transfer_controller::serve(tsr_op &op, tsr_stage stage)
{
    switch (stage) {
    case TSR_STAGE_RATE: tsr_controller_rate(&machine(), &op); break;
    case TSR_STAGE_H_READ: tsr_controller_h_read(&machine(), &op); break;
    case TSR_STAGE_H_COMPUTE: tsr_controller_h_compute(&machine(), &op); break;
    case TSR_STAGE_H_WRITE: tsr_controller_h_write(&machine(), &op); break;
    default: expect(false, stage);
    }
}

} // namespace tessera
