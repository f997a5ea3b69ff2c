#include "accelerator/local_port.h"

#include "models/machine/stages.h"

namespace tessera {

local_port::local_port(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip)
    : chip_unit(name, config, chip)
{}

void local_port::serve(tsr_op &op, tsr_stage stage)
{
    switch (stage) {
    case TSR_STAGE_LOAD: tsr_port_load(&machine(), &op); break;
    case TSR_STAGE_STORE: tsr_port_store(&machine(), &op); break;
    default: expect(false, stage);
    }
}

} // namespace tessera
