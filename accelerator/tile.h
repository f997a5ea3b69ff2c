/// accelerator/tile.h — a crossbar tile: its arrays W and A with their references, and the periphery of both sides.
#ifndef TESSERA_ACCELERATOR_TILE_H
#define TESSERA_ACCELERATOR_TILE_H

#include "accelerator/adc_bank.h"
#include "accelerator/crossbar_array.h"
#include "accelerator/dac_bank.h"
#include "accelerator/floorplan.h"
#include "accelerator/pulse_driver_bank.h"

#include <memory>

namespace tessera {

class tile : public sc_core::sc_module {
public:
    tile(const sc_core::sc_module_name &name, std::uint32_t index, const floorplan &plan, const chip_context &chip);

private:
    crossbar_array                  m_w;
    std::unique_ptr<crossbar_array> m_a; // where the algorithm has a fast array
    dac_bank                        m_dac;
    adc_bank                        m_adc;
    std::unique_ptr<dac_bank>       m_dac_transposed; // where transposed reads have a periphery of their own
    std::unique_ptr<adc_bank>       m_adc_transposed;
    pulse_driver_bank               m_driver_in;
    pulse_driver_bank               m_driver_out;
};

} // namespace tessera
#endif
