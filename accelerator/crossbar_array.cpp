#include "accelerator/crossbar_array.h"

#include "models/machine/stages.h"

namespace tessera {

crossbar_array::crossbar_array(const sc_core::sc_module_name &name, const server_config &config,
                               const chip_context &chip)
    : chip_unit(name, config, chip)
{}

void crossbar_array::serve(tsr_op &op, tsr_stage stage)
{
    machine().device_time_ps = clock().now_ps(); // retention acts up to the grant of the array
    switch (stage) {
    case TSR_STAGE_DRIVE: tsr_crossbar_integrate(&machine(), &op); break;
    case TSR_STAGE_PULSE: tsr_crossbar_coincide(&machine(), &op); break;
    case TSR_STAGE_PROGRAM: tsr_crossbar_program(&machine(), &op); break;
    default: expect(false, stage);
    }
}

} // namespace tessera
