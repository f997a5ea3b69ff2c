#include "accelerator/adc_bank.h"

#include "models/machine/stages.h"

namespace tessera {

adc_bank::adc_bank(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip)
    : chip_unit(name, config, chip)
{}

void adc_bank::serve(tsr_op &op, tsr_stage stage)
{
    expect(stage == TSR_STAGE_CONVERT, stage);
    tsr_adc_digitise(&machine(), &op);
}

} // namespace tessera
