/// accelerator/dma_engine.h — brings samples from the host into the global buffer.
#ifndef TESSERA_ACCELERATOR_DMA_ENGINE_H
#define TESSERA_ACCELERATOR_DMA_ENGINE_H

#include "accelerator/chip_unit.h"

namespace tessera {

class dma_engine : public chip_unit {
public:
    dma_engine(const sc_core::sc_module_name &name, const server_config &config, const chip_context &chip);

private:
    void serve(tsr_op &op, tsr_stage stage) override;
};

} // namespace tessera
#endif
