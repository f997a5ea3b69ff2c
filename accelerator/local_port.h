/// accelerator/local_port.h — the port of a core's local buffer: vectors to and from the tiles.
#ifndef TESSERA_ACCELERATOR_LOCAL_PORT_H
#define TESSERA_ACCELERATOR_LOCAL_PORT_H

#include "accelerator/chip_unit.h"

namespace tessera {

class local_port : public chip_unit {
public:
    local_port(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip);

private:
    void serve(tsr_op &op, tsr_stage stage) override;
};

} // namespace tessera
#endif
