/// accelerator/crossbar_array.h — one crossbar array of a tile, W or A, with its reference: multiplies, integrates, is pulsed.
#ifndef TESSERA_ACCELERATOR_CROSSBAR_ARRAY_H
#define TESSERA_ACCELERATOR_CROSSBAR_ARRAY_H

#include "accelerator/chip_unit.h"

namespace tessera {

class crossbar_array : public chip_unit {
public:
    crossbar_array(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip);

private:
    void serve(tsr_op &op, tsr_stage stage) override;
};

} // namespace tessera
#endif
