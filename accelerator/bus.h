/// accelerator/bus.h — the interconnect: every vector that changes its core passes here.
#ifndef TESSERA_ACCELERATOR_BUS_H
#define TESSERA_ACCELERATOR_BUS_H

#include "accelerator/chip_unit.h"

namespace tessera {

class bus : public chip_unit {
public:
    bus(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip);

private:
    void serve(tsr_op &op, tsr_stage stage) override;
};

} // namespace tessera
#endif
