/// accelerator/global_buffer.h — memory that the host fills and the cores read from.
#ifndef TESSERA_ACCELERATOR_GLOBAL_BUFFER_H
#define TESSERA_ACCELERATOR_GLOBAL_BUFFER_H

#include "accelerator/chip_unit.h"

namespace tessera {

class global_buffer : public chip_unit {
public:
    global_buffer(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip);

private:
    void serve(tsr_op &op, tsr_stage stage) override;
};

} // namespace tessera
#endif
