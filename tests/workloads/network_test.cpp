#include "workloads/network.h"

#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/training_machine.h"

namespace tessera::testing {
namespace {

struct net {
    std::vector<uint32_t> sizes;
    tsr_bias              bias = TSR_BIAS_DIGITAL;
    tsr_activation        activation = TSR_ACTIVATION_SIGMOID;
};

tsr_status map(const net &net, const tsr_chip_spec &chip, std::vector<tsr_layer_spec> &layers, tsr_error *error)
{
    const auto        count = static_cast<uint32_t>(net.sizes.size() - 1);
    const tsr_network network{count, net.sizes.data(), net.activation, net.bias};
    layers.assign(count, {});
    return tsr_network_map(&network, &chip, layers.data(), count, error);
}

std::vector<tsr_layer_spec> mapped(const net &net, const tsr_chip_spec &chip)
{
    std::vector<tsr_layer_spec> layers;
    tsr_error                   error{};
    EXPECT_EQ(map(net, chip, layers, &error), TSR_OK) << error.text;
    return layers;
}

std::string refusal(const net &net, const tsr_chip_spec &chip)
{
    std::vector<tsr_layer_spec> layers;
    tsr_error                   error{};
    EXPECT_EQ(map(net, chip, layers, &error), TSR_E_ARGUMENT);
    EXPECT_EQ(map(net, chip, layers, nullptr), TSR_E_ARGUMENT);
    EXPECT_EQ(error.status, TSR_E_ARGUMENT);
    EXPECT_EQ(std::string(error.text).find('\n'), std::string::npos);
    return error.text;
}

void expect_layer(const tsr_layer_spec &layer, uint32_t rows, uint32_t columns, uint32_t tile_out, uint32_t tile_in,
                  uint32_t first_tile, uint32_t core)
{
    EXPECT_EQ(layer.grid_rows, rows);
    EXPECT_EQ(layer.grid_columns, columns);
    EXPECT_EQ(layer.tile_out, tile_out);
    EXPECT_EQ(layer.tile_in, tile_in);
    EXPECT_EQ(layer.first_tile, first_tile);
    EXPECT_EQ(layer.core, core);
}

bool contains(const std::string &text, const std::string &part) { return text.find(part) != std::string::npos; }

TEST(NetworkTest, DemoOnSquareArraysOf256)
{
    const auto layers = mapped({{784, 256, 128, 10}}, square_chip(256, 4));
    ASSERT_EQ(layers.size(), 3U);
    expect_layer(layers[0], 1, 4, 256, 196, 0, 0);
    expect_layer(layers[1], 1, 1, 128, 256, 4, 1);
    expect_layer(layers[2], 1, 1, 10, 128, 5, 1);
    EXPECT_EQ(layers[0].in, 784U);
    EXPECT_EQ(layers[0].out, 256U);
    EXPECT_EQ(layers[0].lines, 784U);
    EXPECT_EQ(layers[0].bias, TSR_BIAS_DIGITAL);
    EXPECT_EQ(layers[0].activation, TSR_ACTIVATION_SIGMOID);
    EXPECT_EQ(layers[1].activation, TSR_ACTIVATION_SIGMOID);
    EXPECT_EQ(layers[2].activation, TSR_ACTIVATION_NONE) << "the softmax belongs to the loss";
}

TEST(NetworkTest, AnalogBiasIsOneMoreInputLine)
{
    const auto layers = mapped({{784, 256, 128, 10}, TSR_BIAS_ANALOG, TSR_ACTIVATION_TANH}, square_chip(256, 4));
    expect_layer(layers[0], 1, 4, 256, 197, 0, 0); // 3 × 197 + 194
    expect_layer(layers[1], 1, 2, 128, 129, 4, 1); // 129 + 128: the bias line needs a second tile
    expect_layer(layers[2], 1, 1, 10, 129, 6, 1);
    EXPECT_EQ(layers[0].in, 784U);
    EXPECT_EQ(layers[0].lines, 785U);
    EXPECT_EQ(layers[1].lines, 257U);
    EXPECT_EQ(layers[1].activation, TSR_ACTIVATION_TANH);
}

TEST(NetworkTest, PackedFillsArrays)
{
    tsr_chip_spec chip = square_chip(256, 4);
    chip.tiling = TSR_TILING_PACKED;
    const auto layers = mapped({{784, 300, 10}}, chip);
    expect_layer(layers[0], 2, 4, 256, 256, 0, 0); // 256 + 44 outputs, 3 × 256 + 16 inputs
    expect_layer(layers[1], 1, 2, 10, 256, 8, 2);
}

TEST(NetworkTest, OneTile)
{
    const auto layers = mapped({{4, 3}, TSR_BIAS_NONE}, square_chip(4, 1));
    expect_layer(layers[0], 1, 1, 3, 4, 0, 0);
    EXPECT_EQ(layers[0].activation, TSR_ACTIVATION_NONE);
    EXPECT_EQ(layers[0].bias, TSR_BIAS_NONE);
    EXPECT_EQ(layers[0].lines, 4U);
}

TEST(NetworkTest, GridOnOblongArrays)
{
    tsr_chip_spec chip = square_chip(64, 8);
    chip.output_lines = 60;
    expect_layer(mapped({{150, 100}}, chip)[0], 2, 3, 50, 50, 0, 0);
}

// Every cut: as few pieces as fit, none empty, none larger than an array; equal pieces differ only in the last.
TEST(NetworkTest, EveryCutIsMinimalAndComplete)
{
    for (const tsr_tiling tiling : {TSR_TILING_EQUAL, TSR_TILING_PACKED}) {
        for (uint32_t array = 1; array <= 20; ++array) {
            for (uint32_t lines = 1; lines <= 90; ++lines) {
                tsr_chip_spec chip = square_chip(array, 1000);
                chip.tiling = tiling;
                const tsr_layer_spec layer = mapped({{lines, lines}, TSR_BIAS_NONE}, chip)[0];
                const uint32_t       fewest = (lines + array - 1) / array;
                ASSERT_EQ(layer.grid_columns, fewest);
                ASSERT_EQ(layer.grid_rows, fewest);
                ASSERT_EQ(layer.tile_in, layer.tile_out);
                ASSERT_LE(layer.tile_in, array);
                ASSERT_LT((fewest - 1) * layer.tile_in, lines)
                    << "the last tile is empty: " << lines << " on " << array;
                ASSERT_GE(fewest * layer.tile_in, lines);
                if (tiling == TSR_TILING_EQUAL) {
                    ASSERT_LT(fewest * (layer.tile_in - 1), lines) << "a smaller tile would do";
                } else {
                    ASSERT_EQ(layer.tile_in, lines < array ? lines : array);
                }
            }
        }
    }
}

TEST(NetworkTest, LayersFillCoresInOrder)
{
    // 3, 2, 2, 5, 5 tiles on cores of four.
    const auto layers = mapped({{3, 1, 2, 1, 5, 1}, TSR_BIAS_NONE}, square_chip(1, 4));
    ASSERT_EQ(layers.size(), 5U);
    expect_layer(layers[0], 1, 3, 1, 1, 0, 0);  // places 0–2 of core 0
    expect_layer(layers[1], 2, 1, 1, 1, 3, 1);  // one place left, two needed: core 1
    expect_layer(layers[2], 1, 2, 1, 1, 5, 1);  // the rest of core 1
    expect_layer(layers[3], 5, 1, 1, 1, 7, 2);  // more than a core: cores 2 and 3
    expect_layer(layers[4], 1, 5, 1, 1, 12, 4); // three places left, five needed: cores 4 and 5
}

TEST(NetworkTest, SmallLayerUsesWhatALargeOneLeft)
{
    const auto layers = mapped({{5, 1, 1, 2, 1}, TSR_BIAS_NONE}, square_chip(1, 4));
    expect_layer(layers[0], 1, 5, 1, 1, 0, 0); // cores 0 and 1
    expect_layer(layers[1], 1, 1, 1, 1, 5, 1);
    expect_layer(layers[2], 2, 1, 1, 1, 6, 1); // as many as core 1 has places left
    expect_layer(layers[3], 1, 2, 1, 1, 8, 2);
}

TEST(NetworkTest, OneTilePerCore)
{
    const auto layers = mapped({{784, 256, 128, 10}}, square_chip(256, 1));
    for (const tsr_layer_spec &layer : layers) {
        EXPECT_EQ(layer.core, layer.first_tile);
    }
}

TEST(NetworkTest, MachinePlacesTilesWhereTheMapSays)
{
    const tsr_chip_spec         chip = square_chip(5, 3);
    std::vector<tsr_layer_spec> layers = mapped({{18, 8, 4, 3}, TSR_BIAS_ANALOG}, chip); // 2×4, 1×2, 1×1 tiles
    const TrainingMachine       machine(layers, chip, tsr_algorithm_default(TSR_ALGORITHM_SGD));
    ASSERT_EQ(machine.get()->tile_count, 11U);
    std::vector<uint32_t> in_core(machine.get()->core_count, 0);
    for (uint32_t k = 0; k < machine.get()->tile_count; ++k) {
        const tsr_tile       &tile = machine.get()->tiles[k];
        const tsr_layer_spec &layer = layers[tile.layer];
        EXPECT_EQ(tile.core, layer.core + (k - layer.first_tile) / chip.tiles_per_core);
        EXPECT_LE(++in_core[tile.core], chip.tiles_per_core);
        EXPECT_GE(tile.in, 1U);
        EXPECT_GE(tile.out, 1U);
    }
    const tsr_tile &last =
        machine.get()->tiles[7]; // row 1, column 3 of layer 0: 19 lines = 3 × 5 + 4, 8 outputs = 2 × 4
    EXPECT_EQ(last.in, 4U);
    EXPECT_EQ(last.out, 4U);
    EXPECT_EQ(last.in_offset, 15U);
    EXPECT_EQ(last.out_offset, 4U);
}

TEST(NetworkErrorTest, Sizes)
{
    const tsr_chip_spec chip = square_chip(256, 4);
    const std::string   zero = refusal({{784, 0, 10}}, chip);
    EXPECT_TRUE(contains(zero, "network.layers") && contains(zero, "position 2")) << zero;
    EXPECT_TRUE(contains(refusal({{TSR_NETWORK_MAX_UNITS + 1, 10}}, chip), "1048577"));
    EXPECT_TRUE(contains(refusal({{10}}, chip), "network.layers"));
    EXPECT_TRUE(contains(refusal({std::vector<uint32_t>(TSR_NETWORK_MAX_LAYERS + 2, 4)}, chip), "1025 sizes"));
}

TEST(NetworkErrorTest, LargestDepthIsAccepted)
{
    const auto layers = mapped({std::vector<uint32_t>(TSR_NETWORK_MAX_LAYERS + 1, 4)}, square_chip(4, 2));
    EXPECT_EQ(layers.back().first_tile, TSR_NETWORK_MAX_LAYERS - 1);
    EXPECT_EQ(layers.back().core, TSR_NETWORK_MAX_LAYERS / 2 - 1);
}

TEST(NetworkErrorTest, Chip)
{
    tsr_chip_spec chip = square_chip(256, 4);
    chip.input_lines = 0;
    EXPECT_TRUE(contains(refusal({{784, 10}}, chip), "chip.input_lines: 0"));
    chip = square_chip(256, 4);
    chip.output_lines = 0;
    EXPECT_TRUE(contains(refusal({{784, 10}}, chip), "chip.output_lines: 0"));
    EXPECT_TRUE(contains(refusal({{784, 10}}, square_chip(256, 0)), "chip.tiles_per_core: 0"));
    chip = square_chip(256, 4);
    constexpr int unknown = 7; // no value of the enumeration, so it cannot be cast
    std::memcpy(&chip.tiling, &unknown, sizeof chip.tiling);
    EXPECT_TRUE(contains(refusal({{784, 10}}, chip), "chip.tiling"));
}

TEST(NetworkErrorTest, TooManyTiles)
{
    EXPECT_EQ(mapped({{1024, 1024}}, square_chip(1, 4))[0].grid_rows, 1024U) << "exactly the limit";
    const std::string text = refusal({{1024, 1024, 1}}, square_chip(1, 4));
    EXPECT_TRUE(contains(text, "tiles") && contains(text, "larger arrays")) << text;
    refusal({{TSR_NETWORK_MAX_UNITS, TSR_NETWORK_MAX_UNITS}}, square_chip(1, 4)); // 2⁴⁰ tiles: no overflow
}

TEST(NetworkErrorTest, UnknownEnumerators)
{
    const uint32_t      sizes[] = {4, 3};
    const tsr_chip_spec chip = square_chip(4, 1);
    tsr_layer_spec      layer;
    constexpr int       unknown = 9;

    tsr_network network{1, sizes, TSR_ACTIVATION_RELU, TSR_BIAS_NONE};
    tsr_error   error{};
    std::memcpy(&network.bias, &unknown, sizeof network.bias);
    EXPECT_EQ(tsr_network_map(&network, &chip, &layer, 1, &error), TSR_E_ARGUMENT);
    EXPECT_TRUE(contains(error.text, "network.bias")) << error.text;

    network = {1, sizes, TSR_ACTIVATION_RELU, TSR_BIAS_NONE};
    std::memcpy(&network.activation, &unknown, sizeof network.activation);
    EXPECT_EQ(tsr_network_map(&network, &chip, &layer, 1, &error), TSR_E_ARGUMENT);
    EXPECT_TRUE(contains(error.text, "network.activation")) << error.text;
}

TEST(NetworkErrorTest, RoomForTooFewLayers)
{
    const uint32_t      sizes[] = {4, 3, 2};
    const tsr_network   network{2, sizes, TSR_ACTIVATION_RELU, TSR_BIAS_NONE};
    const tsr_chip_spec chip = square_chip(4, 1);
    tsr_layer_spec      layers[2];
    EXPECT_EQ(tsr_network_map(&network, &chip, layers, 1, nullptr), TSR_E_ARGUMENT);
    EXPECT_EQ(tsr_network_map(&network, &chip, layers, 2, nullptr), TSR_OK);
}

} // namespace
} // namespace tessera::testing
