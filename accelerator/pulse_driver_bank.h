/// accelerator/pulse_driver_bank.h — bit generators and line drivers at one side of a tile: pulse trains of updates and transfers.
#ifndef TESSERA_ACCELERATOR_PULSE_DRIVER_BANK_H
#define TESSERA_ACCELERATOR_PULSE_DRIVER_BANK_H

#include "accelerator/chip_unit.h"

namespace tessera {

enum class line_side { input, output };

class pulse_driver_bank : public chip_unit {
public:
    pulse_driver_bank(const sc_core::sc_module_name &name, const server_config &config, line_side side,
                      const chip_context &chip);

private:
    void serve(tsr_op &op, tsr_stage stage) override;

    const line_side m_side;
};

} // namespace tessera
#endif
