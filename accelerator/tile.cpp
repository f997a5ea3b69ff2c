#include "accelerator/tile.h"

namespace tessera {

tile::tile(const sc_core::sc_module_name &name, std::uint32_t index, const floorplan &plan, const chip_context &chip)
    : sc_module(name), m_w("w", unit_config(plan.tile(index).array_w, chip), chip),
      m_dac("dac", unit_config(plan.tile(index).dac, chip), chip),
      m_adc("adc", unit_config(plan.tile(index).adc, chip), chip),
      m_driver_in("driver_in", unit_config(plan.tile(index).driver_in, chip), line_side::input, chip),
      m_driver_out("driver_out", unit_config(plan.tile(index).driver_out, chip), line_side::output, chip)
{
    const tile_units units = plan.tile(index);
    if (chip.machine.tiles[index].a.memory != nullptr)
        m_a = std::make_unique<crossbar_array>("a", unit_config(units.array_a, chip), chip);
    if (plan.transposed_own()) {
        m_dac_transposed = std::make_unique<dac_bank>("dac_transposed", unit_config(units.dac_transposed, chip), chip);
        m_adc_transposed = std::make_unique<adc_bank>("adc_transposed", unit_config(units.adc_transposed, chip), chip);
    }
}

} // namespace tessera
