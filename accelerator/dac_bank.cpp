#include "accelerator/dac_bank.h"

#include "models/machine/stages.h"

namespace tessera {

dac_bank::dac_bank(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip)
    : chip_unit(name, config, chip)
{}

void dac_bank::serve(tsr_op &op, tsr_stage stage)
{
    expect(stage == TSR_STAGE_DRIVE, stage);
    tsr_dac_drive(&machine(), &op);
}

} // namespace tessera
