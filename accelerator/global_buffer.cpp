#include "accelerator/global_buffer.h"

#include "models/machine/stages.h"

namespace tessera {

global_buffer::global_buffer(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip)
    : chip_unit(name, config, chip)
{}

void global_buffer::serve(tsr_op &op, tsr_stage stage)
{
    expect(stage == TSR_STAGE_HOST, stage);
    tsr_buffer_write(&machine(), &op);
}

} // namespace tessera
