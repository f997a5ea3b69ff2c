// With all noise off, what the chip computes in a forward pass is the product of its weights and the input, on any grid of tiles.
#include "tests/accelerator/chip_run.h"

#include <cmath>
#include <gtest/gtest.h>
#include <ostream>
#include <string>

namespace tessera::test {
namespace {

enum class converters { ideal, perfect };

struct forward_case {
    std::uint32_t rows, columns;
    tsr_bias      bias;
    converters    how;
};

std::string text_of(const forward_case &c)
{
    const char *bias = c.bias == TSR_BIAS_NONE      ? "no_bias"
                       : c.bias == TSR_BIAS_DIGITAL ? "digital_bias"
                                                    : "analog_bias";
    return "grid" + std::to_string(c.rows) + "x" + std::to_string(c.columns) + "_" + bias +
           (c.how == converters::ideal ? "_ideal" : "_perfect");
}

void PrintTo(const forward_case &c, std::ostream *out) { *out << text_of(c); }

constexpr std::uint32_t inputs = 190, outputs = 100;

machine_plan plan_of(const forward_case &c)
{
    machine_plan plan = quiet_plan(inputs, outputs, TSR_ALGORITHM_TTV2);
    // devices as they are made: bounds and references differ, weights do not move during a read
    plan.spec.device_w = noisy_device(0.02);
    plan.spec.init_weight_scale = 8.0;
    const std::uint32_t lines = inputs + (c.bias == TSR_BIAS_ANALOG ? 1 : 0);
    plan.spec.chip.input_lines = (lines + c.columns - 1) / c.columns;
    plan.spec.chip.output_lines = (outputs + c.rows - 1) / c.rows;
    plan.spec.chip.tiles_per_core = 2; // larger grids span several cores
    for (tsr_io_spec *io : {&plan.spec.io_forward, &plan.spec.io_backward})
        io->is_perfect = c.how == converters::perfect;
    plan.spec.io_forward.out_bound = 1.5; // some reads are repeated: a factor of two must not change the product
    map_network(plan, {inputs, outputs}, TSR_ACTIVATION_SIGMOID, c.bias);
    return plan;
}

std::vector<std::uint8_t> picture()
{
    std::vector<std::uint8_t> pixels(inputs);
    for (std::size_t k = 0; k < pixels.size(); ++k)
        pixels[k] = static_cast<std::uint8_t>(tsr_splitmix64(k) % 250);
    return pixels;
}

class ForwardPass : public ::testing::TestWithParam<forward_case> {};

TEST_P(ForwardPass, EqualsAPlainProduct)
{
    const forward_case &c = GetParam();
    built_machine       machine(plan_of(c));
    ASSERT_EQ(machine->tile_count, c.rows * c.columns);
    for (std::uint32_t i = 0; machine->layers[0].bias != nullptr && i < outputs; ++i)
        machine->layers[0].bias[i] = 0.01F * static_cast<float>(i) - 0.4F;

    tsr_producer producer{};
    ASSERT_EQ(tsr_producer_create(&producer, &*machine, nullptr), TSR_OK);
    const std::vector<std::uint8_t> pixels = picture();
    const tsr_item                  item{pixels.data(), 3};
    tsr_program                     forward{};
    ASSERT_EQ(tsr_producer_evaluate(&producer, &item, 1, &forward), TSR_OK);
    scripted_source source;
    source.add({forward.ops, forward.ops + forward.count}, {}, true);
    tsr_program_destroy(&forward);
    tsr_producer_destroy(&producer);
    chip_run chip(*machine, source);
    chip.run();

    // z_i = Σ_j w_ij x_j + b_i in double precision, over all tiles
    std::vector<double> z(outputs, 0.0), scale(outputs, 0.0);
    for (std::uint32_t t = 0; t < machine->tile_count; ++t) {
        const tsr_tile          &tile = machine.tile(t);
        const std::vector<float> w = weights_of(tile.w);
        for (std::uint32_t i = 0; i < tile.out; ++i)
            for (std::uint32_t j = 0; j < tile.in; ++j) {
                const std::uint32_t line = tile.in_offset + j;
                const double        x = line < inputs ? pixels[line] / 255.0 : 1.0; // the last line is the analog bias
                const double        product = static_cast<double>(w[static_cast<std::size_t>(i) * tile.in + j]) * x;
                z[tile.out_offset + i] += product;
                scale[tile.out_offset + i] += std::abs(product);
            }
    }
    double spread = 0.0;
    for (std::uint32_t i = 0; i < outputs; ++i) {
        const double bias = machine->layers[0].bias != nullptr ? static_cast<double>(machine->layers[0].bias[i]) : 0.0;
        const double on_chip = static_cast<double>(machine.data(TSR_SLOT_Z)[i]);
        EXPECT_NEAR(on_chip, z[i] + bias, 1e-6 * (scale[i] + std::abs(bias))) << "output " << i;
        spread += std::abs(z[i]);
    }
    EXPECT_GT(spread / outputs, 1.0); // a result worth comparing
    EXPECT_EQ(machine->ledger.retries > 0, c.how == converters::ideal);
}

std::vector<forward_case> all_cases()
{
    std::vector<forward_case> cases;
    for (const auto &[rows, columns] : {std::pair{1U, 1U}, {2U, 3U}, {4U, 1U}, {1U, 4U}})
        for (const tsr_bias bias : {TSR_BIAS_NONE, TSR_BIAS_DIGITAL, TSR_BIAS_ANALOG})
            for (const converters how : {converters::ideal, converters::perfect})
                cases.push_back({rows, columns, bias, how});
    return cases;
}

INSTANTIATE_TEST_SUITE_P(Grids, ForwardPass, ::testing::ValuesIn(all_cases()),
                         [](const auto &one) { return text_of(one.param); });

// The transposed product, tile by tile and summed over rows of the grid; the analog bias line has no unit behind it.
TEST(BackwardPass, EqualsAPlainTransposedProduct)
{
    machine_plan plan = quiet_plan(30, 20, TSR_ALGORITHM_SGD);
    plan.spec.chip.input_lines = 12;
    plan.spec.chip.output_lines = 7;
    plan.spec.chip.tiles_per_core = 4;
    map_network(plan, {10, 30, 20}, TSR_ACTIVATION_NONE, TSR_BIAS_ANALOG); // derivative 1: d passes unchanged
    built_machine machine(plan);
    ASSERT_EQ(machine->layers[1].spec.grid_rows, 3U);
    ASSERT_EQ(machine->layers[1].spec.grid_columns, 3U);
    std::vector<float> w; // of layer 1 as the backward pass meets it, tile after tile
    for (std::uint32_t t = machine->layers[1].spec.first_tile; t < machine->tile_count; ++t)
        for (const float value : weights_of(machine.tile(t).w))
            w.push_back(value);

    training_plan one;
    one.rate = 1e-30F; // nothing is pulsed: the probabilities are far too small
    training_source source(*machine, one);
    chip_run        chip(*machine, source);
    chip.run();

    std::vector<double> sum(30, 0.0), scale(30, 0.0);
    std::size_t         at = 0;
    for (std::uint32_t t = machine->layers[1].spec.first_tile; t < machine->tile_count; ++t) {
        const tsr_tile &tile = machine.tile(t);
        for (std::uint32_t i = 0; i < tile.out; ++i)
            for (std::uint32_t j = 0; j < tile.in; ++j, ++at)
                if (tile.in_offset + j < 30) {
                    const double d = static_cast<double>(machine.data(TSR_SLOT_D, 1)[tile.out_offset + i]);
                    const double product = static_cast<double>(w[at]) * d;
                    sum[tile.in_offset + j] += product;
                    scale[tile.in_offset + j] += std::abs(product);
                }
    }
    for (std::uint32_t j = 0; j < 30; ++j) {
        EXPECT_NEAR(static_cast<double>(machine.data(TSR_SLOT_D, 0)[j]), sum[j], 1e-6 * scale[j]) << "unit " << j;
        EXPECT_GT(scale[j], 1e-3);
    }
}

} // namespace
} // namespace tessera::test
