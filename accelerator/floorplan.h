/// accelerator/floorplan.h — which unit serves which op in which stage: unit ids of a chip.
///
/// Ids are consecutive: DMA engine, global buffer, bus; then core after core its port, vector unit and controller; then tile after
/// tile its arrays W and A, DACs, ADCs and drivers. Transposed reads have DACs and ADCs of their own (chip.transposed = own) or
/// use those of the forward read (shared).
#ifndef TESSERA_ACCELERATOR_FLOORPLAN_H
#define TESSERA_ACCELERATOR_FLOORPLAN_H

#include "models/machine/machine.h"
#include "tlm/op_transaction.h"

#include <cstdint>
#include <string>

namespace tessera {

/// Unit ids of one core, and of one tile.
struct core_units {
    std::uint32_t port, vector_unit, controller;
};
struct tile_units {
    std::uint32_t array_w, array_a;
    std::uint32_t dac, adc;                       // drive the input lines, read the output lines
    std::uint32_t dac_transposed, adc_transposed; // the other way round; same ids if shared
    std::uint32_t driver_in, driver_out;
};

class floorplan {
public:
    explicit floorplan(const tsr_machine &machine);

    static constexpr std::uint32_t dma = 0, buffer = 1, link = 2;

    std::uint32_t core_count() const { return m_cores; }
    std::uint32_t tile_count() const { return m_tiles; }
    std::uint32_t unit_count() const;
    core_units    core(std::uint32_t index) const;
    tile_units    tile(std::uint32_t index) const;
    bool          transposed_own() const { return m_transposed_own; }

    /// Fills stage, units and unit_count of `request`: the units of the stage in the order of tsr_stage_roles().
    void route(const tsr_op &op, tsr_stage stage, stage_request &request) const;

    /// "core1.vector_unit", "core0.tile3.adc", …: the name of a unit without the chip's own.
    std::string unit_name(std::uint32_t unit) const;

private:
    std::uint32_t unit_of(const tsr_op &op, tsr_role role) const;

    const tsr_machine  &m_machine;
    const std::uint32_t m_cores, m_tiles;
    const bool          m_transposed_own;
};

} // namespace tessera
#endif
