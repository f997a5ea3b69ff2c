#include "accelerator/vector_unit.h"

#include "models/machine/stages.h"

namespace tessera {

vector_unit::vector_unit(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip)
    : chip_unit(name, config, chip)
{}

void vector_unit::serve(tsr_op &op, tsr_stage stage)
{
    switch (stage) {
    case TSR_STAGE_ABS_MAX: tsr_vector_abs_max(&machine(), &op); break;
    case TSR_STAGE_STORE: tsr_vector_rescale(&machine(), &op); break;
    case TSR_STAGE_COMPUTE: tsr_vector_compute(&machine(), &op); break;
    case TSR_STAGE_TRAIN: tsr_vector_train(&machine(), &op); break;
    default: expect(false, stage);
    }
}

} // namespace tessera
