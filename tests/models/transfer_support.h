// One tile of 6 × 4 devices whose transfers are made one by one: steps, thresholds and gains are powers of two.
#ifndef TESSERA_TESTS_MODELS_TRANSFER_SUPPORT_H
#define TESSERA_TESTS_MODELS_TRANSFER_SUPPORT_H

#include <cstdint>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <vector>

#include "tests/support/machine_plan.h"

namespace tessera::test {

inline constexpr std::uint32_t in = 6, out = 4;
inline constexpr float         g_w = 0.0625F, g_a = 0.03125F;

class TransferTest : public ::testing::Test {
protected:
    // `change` may touch the algorithm's parameters.
    void build(tsr_algorithm_name name, const std::function<void(tsr_algorithm_spec &)> &change = {})
    {
        machine_plan plan = quiet_plan(in, out, name);
        plan.spec.device_w.dw_min = static_cast<double>(g_w);
        plan.spec.device_a.dw_min = static_cast<double>(g_a);
        plan.spec.algorithm.in_chop_prob = 0.0;
        if (change)
            change(plan.spec.algorithm);
        machine = std::make_unique<built_machine>(plan);
        make = std::make_unique<op_maker>(**machine);
        const std::vector<float> zeros(in * out, 0.0F);
        tsr_array_set_weights(&machine->tile().w, zeros.data());
    }

    tsr_transfer &state() { return machine->tile().transfer; }
    float        &h(std::uint32_t slice, std::uint32_t k) { return state().h[slice * state().slice_length + k]; }

    // The whole transfer of a slice with these values in A.
    void transfer(std::uint32_t slice, const std::vector<float> &values, float rate)
    {
        std::vector<float> a = weights_of(machine->tile().a);
        for (std::uint32_t k = 0; k < values.size(); ++k)
            a[state().spec.transfer_columns ? k * in + slice : slice * in + k] = values[k];
        tsr_array_set_weights(&machine->tile().a, a.data());
        machine->execute(make->read_slice(slice));
        machine->execute(make->transfer(slice, rate));
        machine->execute(make->program_slice(slice));
    }

    float w(std::uint32_t i, std::uint32_t j) { return weights_of(machine->tile().w)[i * in + j]; }

    std::unique_ptr<built_machine> machine;
    std::unique_ptr<op_maker>      make;
};

} // namespace tessera::test
#endif
