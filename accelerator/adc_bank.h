/// accelerator/adc_bank.h — a bank of analog-to-digital converters, each shared by `lines_per_adc` lines: codes what the vector unit rescales.
#ifndef TESSERA_ACCELERATOR_ADC_BANK_H
#define TESSERA_ACCELERATOR_ADC_BANK_H

#include "accelerator/chip_unit.h"

namespace tessera {

class adc_bank : public chip_unit {
public:
    adc_bank(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip);

private:
    void serve(tsr_op &op, tsr_stage stage) override;
};

} // namespace tessera
#endif
