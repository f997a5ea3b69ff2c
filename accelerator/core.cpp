#include "accelerator/core.h"

#include <string>

namespace tessera {

core::core(const sc_core::sc_module_name &name, std::uint32_t index, const floorplan &plan, const chip_context &chip)
    : sc_module(name), m_port("port", unit_config(plan.core(index).port, chip), chip),
      m_vector_unit("vector_unit", unit_config(plan.core(index).vector_unit, chip), chip),
      m_controller("controller", unit_config(plan.core(index).controller, chip), chip)
{
    for (std::uint32_t k = 0; k < plan.tile_count(); ++k)
        if (chip.machine.tiles[k].core == index)
            m_tiles.push_back(std::make_unique<tile>(("tile" + std::to_string(k)).c_str(), k, plan, chip));
}

} // namespace tessera
