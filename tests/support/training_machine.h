// Machines for tests of op streams: small arrays, any grid of tiles on any number of cores.
#ifndef TESSERA_TESTS_SUPPORT_TRAINING_MACHINE_H
#define TESSERA_TESTS_SUPPORT_TRAINING_MACHINE_H

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "models/machine/machine.h"

namespace tessera::testing {

inline tsr_chip_spec square_chip(uint32_t lines, uint32_t tiles_per_core)
{
    tsr_chip_spec chip{};
    chip.input_lines = lines;
    chip.output_lines = lines;
    chip.tiles_per_core = tiles_per_core;
    chip.lines_per_adc = 1;
    chip.queue_depth = 4;
    chip.t_read_ps = 40'000;
    chip.t_slot_ps = 1'000;
    chip.read_phases = 1;
    chip.t_pulse_ps = 5'000;
    chip.fixed_phases = 1;
    chip.vector_flops = 175'000'000'000;
    chip.vector_clk_ps = 1'000;
    chip.controller_flops = 175'000'000'000;
    chip.controller_clk_ps = 1'000;
    chip.h_clk_ps = 1'000;
    chip.port_clk_ps = 1'000;
    chip.link_bits = 64;
    chip.link_clk_ps = 1'000;
    chip.dma_bits = 64;
    chip.dma_clk_ps = 1'000;
    chip.word_bits = 16;
    chip.pixel_bits = 8;
    chip.h_bits = 16;
    chip.conductance = {10e-6, 1e-6, 0.1e-6};
    chip.v_read_v = 0.5;
    chip.v_write_v = 1.0;
    chip.buffer_bits = 1U << 20U;
    return chip;
}

inline tsr_device_spec plain_device()
{
    tsr_device_spec device{};
    device.law = TSR_LAW_CONSTANT_STEP;
    device.dw_min = 0.01;
    device.w_max = 1.0;
    device.w_min = -1.0;
    device.c2c = 0.3; // so that every pulse depends on its op number
    return device;
}

// A layer cut into rows × columns; sizes of tiles rounded up.
inline tsr_layer_spec grid_layer(uint32_t in, uint32_t out, uint32_t rows, uint32_t columns, uint32_t first_tile,
                                 uint32_t core, tsr_bias bias = TSR_BIAS_DIGITAL)
{
    tsr_layer_spec layer{};
    layer.in = in;
    layer.out = out;
    layer.activation = TSR_ACTIVATION_SIGMOID;
    layer.bias = bias;
    layer.lines = in + (bias == TSR_BIAS_ANALOG ? 1U : 0U);
    layer.grid_rows = rows;
    layer.grid_columns = columns;
    layer.tile_out = (out + rows - 1) / rows;
    layer.tile_in = (layer.lines + columns - 1) / columns;
    layer.first_tile = first_tile;
    layer.core = core;
    return layer;
}

class TrainingMachine {
public:
    TrainingMachine(std::vector<tsr_layer_spec> layers, const tsr_chip_spec &chip, const tsr_algorithm_spec &algorithm,
                    uint32_t batch_size = 1)
    {
        tsr_machine_spec spec{};
        spec.seed = 1;
        spec.chip = chip;
        spec.device_w = plain_device();
        spec.device_a = plain_device();
        spec.io_forward = spec.io_backward = spec.io_transfer = tsr_io_default();
        spec.io_backward.bound_management = TSR_BM_NONE;
        spec.update = tsr_update_default();
        spec.algorithm = algorithm;
        if (algorithm.name == TSR_ALGORITHM_FP) {
            spec.device_w.law = TSR_LAW_IDEAL;
            spec.io_forward.is_perfect = spec.io_backward.is_perfect = true;
        }
        spec.layer_count = static_cast<uint32_t>(layers.size());
        spec.layers = layers.data();
        spec.batch_size = batch_size;
        spec.init_weight_scale = 1.0;
        tsr_error error{};
        if (tsr_machine_create(&m_machine, &spec, &error) != TSR_OK) {
            throw std::runtime_error(error.text);
        }
    }
    TrainingMachine(const TrainingMachine &) = delete;
    TrainingMachine &operator=(const TrainingMachine &) = delete;
    ~TrainingMachine() { tsr_machine_destroy(&m_machine); }

    tsr_machine       *get() { return &m_machine; }
    const tsr_machine *get() const { return &m_machine; }

    tsr_slot_id slot(tsr_slot_name name, uint32_t layer, uint32_t tile = 0, uint32_t item = 0) const
    {
        return tsr_machine_slot(&m_machine, name, layer, tile, item);
    }

private:
    tsr_machine m_machine{};
};

} // namespace tessera::testing
#endif
