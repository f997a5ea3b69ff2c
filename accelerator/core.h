/// accelerator/core.h — a core: tiles that share a vector unit, a transfer controller and a local buffer port.
#ifndef TESSERA_ACCELERATOR_CORE_H
#define TESSERA_ACCELERATOR_CORE_H

#include "accelerator/local_port.h"
#include "accelerator/tile.h"
#include "accelerator/transfer_controller.h"
#include "accelerator/vector_unit.h"

#include <memory>
#include <vector>

namespace tessera {

class core : public sc_core::sc_module {
public:
    core(const sc_core::sc_module_name &name, std::uint32_t index, const floorplan &plan, const chip_context &chip);

private:
    local_port                         m_port;
    vector_unit                        m_vector_unit;
    transfer_controller                m_controller;
    std::vector<std::unique_ptr<tile>> m_tiles;
};

} // namespace tessera
#endif
