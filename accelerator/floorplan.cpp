#include "accelerator/floorplan.h"

#include "models/machine/stages.h"

namespace tessera {

namespace {

constexpr std::uint32_t global_units = 3;
constexpr std::uint32_t units_per_core = 3;
constexpr std::uint32_t units_per_tile = 8; // two of them unused where the transposed periphery is shared

} // namespace

floorplan::floorplan(const tsr_machine &machine)
    : m_machine(machine), m_cores(machine.core_count), m_tiles(machine.tile_count),
      m_transposed_own(machine.spec.chip.transposed == TSR_TRANSPOSED_OWN)
{}

std::uint32_t floorplan::unit_count() const
{
    return global_units + units_per_core * m_cores + units_per_tile * m_tiles;
}

core_units floorplan::core(std::uint32_t index) const
{
    const std::uint32_t first = global_units + units_per_core * index;
    return {first, first + 1, first + 2};
}

tile_units floorplan::tile(std::uint32_t index) const
{
    const std::uint32_t first = global_units + units_per_core * m_cores + units_per_tile * index;
    const std::uint32_t dac = first + 2;
    const std::uint32_t adc = first + 3;
    return {first,     first + 1, dac, adc, m_transposed_own ? first + 4 : dac, m_transposed_own ? first + 5 : adc,
            first + 6, first + 7};
}

std::uint32_t floorplan::unit_of(const tsr_op &op, tsr_role role) const
{
    switch (role) {
    case TSR_ROLE_PORT: return core(op.core).port;
    case TSR_ROLE_VECTOR_UNIT: return core(op.core).vector_unit;
    case TSR_ROLE_CONTROLLER: return core(op.core).controller;
    case TSR_ROLE_LINK: return link;
    case TSR_ROLE_BUFFER: return buffer;
    case TSR_ROLE_DMA: return dma;
    default: break;
    }
    const tile_units units = tile(op.tile);
    const bool       transposed = tsr_op_reads_transposed(&m_machine, &op);
    switch (role) {
    case TSR_ROLE_DAC: return transposed ? units.dac_transposed : units.dac;
    case TSR_ROLE_ADC: return transposed ? units.adc_transposed : units.adc;
    case TSR_ROLE_DRIVER_IN: return units.driver_in;
    case TSR_ROLE_DRIVER_OUT: return units.driver_out;
    default: return op.array == TSR_ARRAY_A ? units.array_a : units.array_w;
    }
}

void floorplan::route(const tsr_op &op, tsr_stage stage, stage_request &request) const
{
    tsr_role roles[TSR_STAGE_MAX_UNITS];
    request.stage = stage;
    request.unit_count = tsr_stage_roles(stage, roles);
    for (std::uint32_t k = 0; k < request.unit_count; ++k)
        request.units[k] = unit_of(op, roles[k]);
}

std::string floorplan::unit_name(std::uint32_t unit) const
{
    static constexpr const char *global_names[] = {"dma", "buffer", "bus"};
    static constexpr const char *core_names[] = {"port", "vector_unit", "controller"};
    static constexpr const char *tile_names[] = {
        "w", "a", "dac", "adc", "dac_transposed", "adc_transposed", "driver_in", "driver_out"};
    if (unit < global_units)
        return global_names[unit];
    unit -= global_units;
    if (unit < units_per_core * m_cores)
        return "core" + std::to_string(unit / units_per_core) + "." + core_names[unit % units_per_core];
    unit -= units_per_core * m_cores;
    const std::uint32_t tile = unit / units_per_tile;
    return "core" + std::to_string(m_machine.tiles[tile].core) + ".tile" + std::to_string(tile) + "." +
           tile_names[unit % units_per_tile];
}

} // namespace tessera
