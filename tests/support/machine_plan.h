// Specifications of small machines, noisy in every way or in none, and machines built from them.
#ifndef TESSERA_TESTS_SUPPORT_MACHINE_PLAN_H
#define TESSERA_TESTS_SUPPORT_MACHINE_PLAN_H

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "models/machine/machine.h"
#include "models/machine/stages.h"
#include "tests/support/training_machine.h"

namespace tessera::test {

// A specification with its layers, before it is a machine.
struct machine_plan {
    tsr_machine_spec            spec{};
    std::vector<tsr_layer_spec> layers;
};

// Converters that neither round nor add noise: the arithmetic of the read path is all that is left.
inline tsr_io_spec ideal_converters()
{
    tsr_io_spec io = tsr_io_default();
    io.inp_res = 0.0;
    io.out_res = 0.0;
    io.out_noise = 0.0;
    return io;
}

// Noise at every place the read path has one. The bound is low enough for reads that are repeated.
inline tsr_io_spec noisy_converters(double out_bound)
{
    tsr_io_spec io = tsr_io_default();
    io.inp_noise = 0.02;
    io.w_noise = 0.01;
    io.out_noise = 0.05;
    io.out_bound = out_bound;
    io.out_res = 1.0 / 254.0;
    return io;
}

// Every kind of variation a device of the published presets has, no retention: the results do not depend on time.
inline tsr_device_spec noisy_device(double dw_min)
{
    tsr_device_spec device{};
    device.law = TSR_LAW_SOFT_BOUNDS_REFERENCE;
    device.dw_min = dw_min;
    device.w_max = 1.0;
    device.w_min = -0.9;
    device.dw_min_d2d = 0.3;
    device.up_down_d2d = 0.05;
    device.w_max_d2d = device.w_min_d2d = 0.2;
    device.c2c = 0.3;
    device.reference_std = 0.05;
    device.subtract_symmetry_point = true;
    device.write_noise = 0.5;
    device.corrupt_share = 0.02;
    return device;
}

// Equal steps up and down, the same for all devices and pulses.
inline tsr_device_spec exact_device()
{
    tsr_device_spec device{};
    device.law = TSR_LAW_CONSTANT_STEP;
    device.dw_min = 0.01;
    device.w_max = 1.0;
    device.w_min = -1.0;
    return device;
}

// One tile of in × out lines, no noise anywhere; ideal converters with noise and bound management.
inline machine_plan quiet_plan(uint32_t in, uint32_t out, tsr_algorithm_name algorithm)
{
    machine_plan plan;
    plan.spec.seed = 1;
    plan.spec.chip = testing::square_chip(in > out ? in : out, 1);
    plan.spec.device_w = plan.spec.device_a = exact_device();
    if (algorithm == TSR_ALGORITHM_FP)
        plan.spec.device_w.law = TSR_LAW_IDEAL;
    plan.spec.io_forward = plan.spec.io_backward = plan.spec.io_transfer = ideal_converters();
    plan.spec.io_backward.bound_management = TSR_BM_NONE;
    plan.spec.io_transfer.bound_management = TSR_BM_NONE;
    plan.spec.io_transfer.noise_management = TSR_NM_NONE;
    plan.spec.update = tsr_update_default();
    plan.spec.algorithm = tsr_algorithm_default(algorithm);
    plan.spec.batch_size = 1;
    plan.spec.init_weight_scale = 1.0;
    plan.layers = {testing::grid_layer(in, out, 1, 1, 0, 0, TSR_BIAS_NONE)};
    return plan;
}

class built_machine {
public:
    explicit built_machine(machine_plan plan)
    {
        plan.spec.layer_count = static_cast<uint32_t>(plan.layers.size());
        plan.spec.layers = plan.layers.data();
        tsr_error error{};
        if (tsr_machine_create(&m_machine, &plan.spec, &error) != TSR_OK)
            throw std::runtime_error(error.text);
        m_work = tsr_work_create(m_machine.line_max);
    }
    ~built_machine()
    {
        tsr_work_destroy(m_work);
        tsr_machine_destroy(&m_machine);
    }
    built_machine(const built_machine &) = delete;
    built_machine &operator=(const built_machine &) = delete;

    tsr_machine *operator->() { return &m_machine; }
    tsr_machine &operator*() { return m_machine; }
    tsr_work    *work() { return m_work; }
    tsr_tile    &tile(uint32_t index = 0) { return m_machine.tiles[index]; }

    // The vector of a slot, to be read and written.
    float *data(tsr_slot_name name, uint32_t layer = 0, uint32_t tile = 0, uint32_t item = 0)
    {
        return m_machine.slots[slot(name, layer, tile, item)].data;
    }
    tsr_slot_id slot(tsr_slot_name name, uint32_t layer = 0, uint32_t tile = 0, uint32_t item = 0) const
    {
        return tsr_machine_slot(&m_machine, name, layer, tile, item);
    }

    // Executes one op at once, and gives it back with what its stages wrote.
    tsr_op execute(tsr_op op)
    {
        if (tsr_execute_in_order(&m_machine, &op, 1, m_work) != TSR_OK)
            throw std::runtime_error("the op could not be executed");
        return op;
    }

private:
    tsr_machine m_machine{};
    tsr_work   *m_work = nullptr;
};

// Row-major weights of an array.
inline std::vector<float> weights_of(const tsr_array &array)
{
    std::vector<float> w(static_cast<size_t>(array.in) * array.out);
    tsr_array_get_weights(&array, w.data());
    return w;
}

// Ops of the first tile of a layer, ids in the order they are made. Tile 0 of the layer, item 0.
class op_maker {
public:
    explicit op_maker(const tsr_machine &machine) : m_machine(machine) {}

    tsr_op mvm(uint32_t layer = 0)
    {
        tsr_op op = tile_op(TSR_OP_MVM, TSR_ARRAY_W, layer);
        op.phase = TSR_PHASE_FORWARD;
        op.source = slot(TSR_SLOT_X, layer);
        op.target = slot(TSR_SLOT_PARTIAL, layer);
        return op;
    }
    tsr_op mvm_transposed(uint32_t layer = 0)
    {
        tsr_op op = tile_op(TSR_OP_MVM_T, TSR_ARRAY_W, layer);
        op.phase = TSR_PHASE_BACKWARD;
        op.source = slot(TSR_SLOT_D, layer);
        op.target = slot(TSR_SLOT_PARTIAL_T, layer);
        return op;
    }
    tsr_op update(float rate, uint32_t layer = 0)
    {
        const bool fast = tsr_algorithm_transfers(m_machine.spec.algorithm.name);
        tsr_op     op = tile_op(TSR_OP_UPDATE, fast ? TSR_ARRAY_A : TSR_ARRAY_W, layer);
        op.phase = TSR_PHASE_UPDATE;
        op.source = slot(TSR_SLOT_X, layer);
        op.source_d = slot(TSR_SLOT_D, layer);
        op.rate = rate;
        return op;
    }
    tsr_op read_slice(uint32_t slice)
    {
        tsr_op op = tile_op(TSR_OP_READ_SLICE, TSR_ARRAY_A, 0);
        op.phase = TSR_PHASE_TRANSFER;
        op.slice = slice;
        return op;
    }
    tsr_op transfer(uint32_t slice, float rate)
    {
        tsr_op op = tile_op(TSR_OP_TRANSFER, TSR_ARRAY_A, 0);
        op.phase = TSR_PHASE_TRANSFER;
        op.slice = slice;
        op.rate = rate;
        return op;
    }
    tsr_op program_slice(uint32_t slice)
    {
        tsr_op op = tile_op(TSR_OP_PROGRAM_SLICE, TSR_ARRAY_W, 0);
        op.phase = TSR_PHASE_TRANSFER;
        op.slice = slice;
        return op;
    }
    tsr_op reduce(bool backward = false, uint32_t layer = 0)
    {
        tsr_op op = digital_op(TSR_OP_REDUCE, layer);
        op.backward = backward;
        op.target = backward ? slot(TSR_SLOT_X, layer) : slot(TSR_SLOT_Z, layer);
        return op;
    }
    tsr_op vector(tsr_vector_op what, uint32_t layer = 0)
    {
        tsr_op op = digital_op(TSR_OP_VECTOR, layer);
        op.vector = what;
        op.source =
            what == TSR_VECTOR_BIAS || what == TSR_VECTOR_DERIVE ? slot(TSR_SLOT_D, layer) : slot(TSR_SLOT_Z, layer);
        op.target = what == TSR_VECTOR_ACTIVATE ? slot(TSR_SLOT_Z, layer)
                    : what == TSR_VECTOR_BIAS   ? TSR_SLOT_NONE
                                                : slot(TSR_SLOT_D, layer);
        return op;
    }
    tsr_op move(tsr_slot_id source, tsr_slot_id target)
    {
        tsr_op op = digital_op(TSR_OP_MOVE, 0);
        op.source = source;
        op.target = target;
        return op;
    }
    tsr_op dma(const uint8_t *image)
    {
        tsr_op op = digital_op(TSR_OP_DMA, 0);
        op.image = image;
        op.target = slot(TSR_SLOT_INPUT, 0);
        return op;
    }

    uint64_t next_id = 0;
    uint64_t next_number = 0;

private:
    tsr_slot_id slot(tsr_slot_name name, uint32_t layer) const
    {
        return tsr_machine_slot(&m_machine, name, layer, 0, 0);
    }

    tsr_op digital_op(tsr_op_kind kind, uint32_t layer)
    {
        tsr_op op{};
        op.id = next_id++;
        op.kind = kind;
        op.layer = layer;
        op.core = m_machine.layers[layer].spec.core;
        op.source = op.source_d = op.target = TSR_SLOT_NONE;
        return op;
    }
    tsr_op tile_op(tsr_op_kind kind, tsr_array_role array, uint32_t layer)
    {
        tsr_op op = digital_op(kind, layer);
        op.number = next_number++;
        op.array = array;
        op.tile = m_machine.layers[layer].spec.first_tile;
        return op;
    }

    const tsr_machine &m_machine;
};

} // namespace tessera::test
#endif
