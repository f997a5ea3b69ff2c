#include "accelerator/bus.h"

#include "models/machine/stages.h"

namespace tessera {

bus::bus(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip)
    : chip_unit(name, config, chip)
{}

void bus::serve(tsr_op &op, tsr_stage stage)
{
    expect(stage == TSR_STAGE_LINK, stage);
    tsr_link_move(&machine(), &op);
}

} // namespace tessera
