// A mapped network, its machine and a producer, with programs as vectors of ops.
#ifndef TESSERA_TESTS_WORKLOADS_PRODUCER_SUPPORT_H
#define TESSERA_TESTS_WORKLOADS_PRODUCER_SUPPORT_H

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/training_machine.h"
#include "workloads/network.h"
#include "workloads/producer.h"

namespace tessera::testing {

// The network of the demo: on arrays of 256 lines six tiles, 0–3 of layer 0, 4 and 5 of the layers above.
const std::vector<uint32_t> demo_sizes = {784, 256, 128, 10};

struct ProducerCase {
    std::vector<uint32_t> sizes;
    uint32_t              array_lines = 256;
    uint32_t              tiles_per_core = 4;
    tsr_algorithm_spec    algorithm = tsr_algorithm_default(TSR_ALGORITHM_CTTV2);
    uint32_t              batch_size = 1;
    tsr_bias              bias = TSR_BIAS_DIGITAL;
};

class Producer {
public:
    explicit Producer(const ProducerCase &parameters)
        : machine(map(parameters), chip(parameters), parameters.algorithm, parameters.batch_size)
    {
        tsr_error error{};
        if (tsr_producer_create(&state, machine.get(), &error) != TSR_OK) {
            throw std::runtime_error(error.text);
        }
        image.assign(parameters.sizes.front(), 1);
    }
    Producer(const Producer &) = delete;
    Producer &operator=(const Producer &) = delete;
    ~Producer()
    {
        tsr_program_destroy(&program);
        tsr_producer_destroy(&state);
    }

    std::vector<tsr_item> items(uint32_t n) const
    {
        std::vector<tsr_item> all;
        for (uint32_t k = 0; k < n; ++k) {
            all.push_back({image.data(), k % 2});
        }
        return all;
    }

    std::vector<tsr_op> train(uint32_t n = 1, float rate = 0.5F, float gradient_scale = 1.0F)
    {
        return checked(tsr_producer_train(&state, items(n).data(), n, rate, gradient_scale, &program));
    }

    std::vector<tsr_op> evaluate(uint32_t n = 1)
    {
        return checked(tsr_producer_evaluate(&state, items(n).data(), n, &program));
    }

    TrainingMachine      machine;
    tsr_producer         state{};
    tsr_program          program{};
    std::vector<uint8_t> image;

private:
    static tsr_chip_spec chip(const ProducerCase &parameters)
    {
        return square_chip(parameters.array_lines, parameters.tiles_per_core);
    }

    static std::vector<tsr_layer_spec> map(const ProducerCase &parameters)
    {
        const auto                  count = static_cast<uint32_t>(parameters.sizes.size() - 1);
        const tsr_network           network{count, parameters.sizes.data(), TSR_ACTIVATION_SIGMOID, parameters.bias};
        const tsr_chip_spec         arrays = chip(parameters);
        std::vector<tsr_layer_spec> layers(count);
        tsr_error                   error{};
        if (tsr_network_map(&network, &arrays, layers.data(), count, &error) != TSR_OK) {
            throw std::runtime_error(error.text);
        }
        return layers;
    }

    std::vector<tsr_op> checked(tsr_status status) const
    {
        if (status != TSR_OK) {
            throw std::runtime_error(tsr_status_name(status));
        }
        return {program.ops, program.ops + program.count};
    }
};

inline tsr_algorithm_spec algorithm(tsr_algorithm_name name, uint32_t transfer_every = 1, bool columns = true)
{
    tsr_algorithm_spec spec = tsr_algorithm_default(name);
    spec.transfer_every = transfer_every;
    spec.transfer_columns = columns;
    return spec;
}

inline bool touches_array(const tsr_op &op)
{
    switch (op.kind) {
    case TSR_OP_MVM:
    case TSR_OP_MVM_T:
    case TSR_OP_UPDATE:
    case TSR_OP_READ_SLICE:
    case TSR_OP_PROGRAM_SLICE: return true;
    default: return false;
    }
}

// One line an op: kind, layer, tile or core, slots by name, e.g. "MVM t4 x1 -> p1.0".
class Listing {
public:
    explicit Listing(const TrainingMachine &machine) : m_machine(machine) {}
    std::vector<std::string> of(const std::vector<tsr_op> &ops) const
    {
        std::vector<std::string> lines;
        for (const tsr_op &op : ops) {
            lines.push_back(line(op));
        }
        return lines;
    }

private:
    std::string line(const tsr_op &op) const
    {
        switch (op.kind) {
        case TSR_OP_DMA: return "DMA" + flow(op);
        case TSR_OP_MOVE: return "MOVE" + flow(op) + " to core " + std::to_string(op.core);
        case TSR_OP_MVM: return "MVM t" + std::to_string(op.tile) + flow(op);
        case TSR_OP_MVM_T: return "MVM_T t" + std::to_string(op.tile) + flow(op);
        case TSR_OP_REDUCE:
            return std::string(op.backward ? "REDUCE back" : "REDUCE") + " l" + std::to_string(op.layer) + flow(op) +
                   on(op);
        case TSR_OP_VECTOR:
            return std::string(vector_name(op.vector)) + " l" + std::to_string(op.layer) + flow(op) + on(op);
        case TSR_OP_UPDATE:
            return "UPDATE t" + std::to_string(op.tile) + (op.array == TSR_ARRAY_A ? " A " : " W ") + slot(op.source) +
                   " " + slot(op.source_d);
        case TSR_OP_READ_SLICE: return "READ t" + std::to_string(op.tile) + " s" + std::to_string(op.slice);
        case TSR_OP_TRANSFER: return "TRANSFER t" + std::to_string(op.tile) + " s" + std::to_string(op.slice);
        case TSR_OP_PROGRAM_SLICE: return "PROGRAM t" + std::to_string(op.tile) + " s" + std::to_string(op.slice);
        case TSR_OP_CALIBRATE:
        case TSR_OP_COPY:
        case TSR_OP_KIND_COUNT: break;
        }
        return "unexpected";
    }

    static const char *vector_name(tsr_vector_op op)
    {
        switch (op) {
        case TSR_VECTOR_ACTIVATE: return "ACTIVATE";
        case TSR_VECTOR_DERIVE: return "DERIVE";
        case TSR_VECTOR_LOSS: return "LOSS";
        case TSR_VECTOR_BIAS: return "BIAS";
        case TSR_VECTOR_OP_COUNT: break;
        }
        return "?";
    }

    static std::string on(const tsr_op &op) { return " on core " + std::to_string(op.core); }

    std::string flow(const tsr_op &op) const
    {
        const std::string source = op.source == TSR_SLOT_NONE ? "" : " " + slot(op.source);
        return source + (op.target == TSR_SLOT_NONE ? "" : " -> " + slot(op.target));
    }

    // "x1" = x of layer 1, "p0.2" = partial of tile 2 of layer 0, "q…" transposed; "'" for each item after the first.
    std::string slot(tsr_slot_id id) const
    {
        static const char *const names[TSR_SLOT_NAME_COUNT] = {"in", "x", "p", "z", "f", "q", "d"};
        const tsr_machine       *machine = m_machine.get();
        for (uint32_t item = 0; item < machine->spec.batch_size; ++item) {
            for (uint32_t layer = 0; layer < machine->layer_count; ++layer) {
                const tsr_layer_spec &spec = machine->layers[layer].spec;
                for (uint32_t name = 0; name < TSR_SLOT_NAME_COUNT; ++name) {
                    const bool per_tile = name == TSR_SLOT_PARTIAL || name == TSR_SLOT_PARTIAL_T;
                    for (uint32_t tile = 0; tile < (per_tile ? spec.grid_rows * spec.grid_columns : 1); ++tile) {
                        if (m_machine.slot(static_cast<tsr_slot_name>(name), layer, tile, item) == id) {
                            return names[name] + (name == TSR_SLOT_INPUT ? "" : std::to_string(layer)) +
                                   (per_tile ? "." + std::to_string(tile) : "") + std::string(item, '\'');
                        }
                    }
                }
            }
        }
        return "?";
    }

    const TrainingMachine &m_machine;
};

} // namespace tessera::testing
#endif
