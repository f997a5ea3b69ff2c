#include "accelerator/dma_engine.h"

#include "models/machine/stages.h"

namespace tessera {

dma_engine::dma_engine(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip)
    : chip_unit(name, config, chip)
{}

void dma_engine::serve(tsr_op &op, tsr_stage stage)
{
    expect(stage == TSR_STAGE_HOST, stage);
    tsr_dma_fetch(&machine(), &op);
}

} // namespace tessera
