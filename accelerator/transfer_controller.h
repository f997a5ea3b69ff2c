/// accelerator/transfer_controller.h — holds the hidden matrices and choppers of the tiles of a core; decides what reaches W.
#ifndef TESSERA_ACCELERATOR_TRANSFER_CONTROLLER_H
#define TESSERA_ACCELERATOR_TRANSFER_CONTROLLER_H

#include "accelerator/chip_unit.h"

namespace tessera {

class transfer_controller : public chip_unit {
public:
    transfer_controller(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip);

private:
    void serve(tsr_op &op, tsr_stage stage) override;
};

} // namespace tessera
#endif
