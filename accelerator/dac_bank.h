/// accelerator/dac_bank.h — a bank of digital-to-analog converters at one side of a tile: quantises the vector that the array multiplies.
#ifndef TESSERA_ACCELERATOR_DAC_BANK_H
#define TESSERA_ACCELERATOR_DAC_BANK_H

#include "accelerator/chip_unit.h"

namespace tessera {

class dac_bank : public chip_unit {
public:
    dac_bank(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip);

private:
    void serve(tsr_op &op, tsr_stage stage) override;
};

} // namespace tessera
#endif
