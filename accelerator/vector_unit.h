/// accelerator/vector_unit.h — the digital arithmetic of a core: abs-max, rescaling, reductions, activations, loss.
#ifndef TESSERA_ACCELERATOR_VECTOR_UNIT_H
#define TESSERA_ACCELERATOR_VECTOR_UNIT_H

#include "accelerator/chip_unit.h"

namespace tessera {

class vector_unit : public chip_unit {
public:
    vector_unit(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip);

private:
    void serve(tsr_op &op, tsr_stage stage) override;
};

} // namespace tessera
#endif
