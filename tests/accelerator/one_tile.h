// A chip with one tile, for tests of how long each stage of each op holds its units.
//
// The tile has 20 inputs and 12 outputs in use on an array of 24 × 16 lines. Periphery: an ADC serves 5 lines, so there are
// ceil(16/5) = 4 at the outputs and, where transposed reads have their own, ceil(24/5) = 5 at the inputs.
#ifndef TESSERA_TESTS_ACCELERATOR_ONE_TILE_H
#define TESSERA_TESTS_ACCELERATOR_ONE_TILE_H

#include "tests/accelerator/chip_run.h"

#include <gtest/gtest.h>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace tessera::test {

inline constexpr std::uint32_t inputs = 20, outputs = 12;

// Times that are no multiples of each other, clocks that do not divide them.
inline machine_plan tile_plan(tsr_algorithm_name algorithm = TSR_ALGORITHM_TTV2)
{
    machine_plan   plan = quiet_plan(inputs, outputs, algorithm);
    tsr_chip_spec &chip = plan.spec.chip;
    chip.input_lines = 24;
    chip.output_lines = 16;
    chip.transposed = TSR_TRANSPOSED_OWN;
    chip.lines_per_adc = 5;
    chip.t_read_ps = 40'001;
    chip.t_slot_ps = 1'013;
    chip.t_settle_ps = 3;
    chip.t_turnaround_ps = 0;
    chip.t_conv_ps = 777;
    chip.t_pulse_ps = 5'003;
    chip.t_load_driver_ps = 611;
    chip.phase_mode = TSR_PHASES_FIXED;
    chip.fixed_phases = 1;
    chip.vector_flops = 3'000'000'000; // 333.3 ps per flop
    chip.vector_clk_ps = 900;
    chip.controller_flops = 7'000'000'000; // 142.9 ps per flop
    chip.controller_clk_ps = 400;
    chip.h_port_bits = 40;
    chip.h_clk_ps = 350;
    chip.port_bits = 48;
    chip.port_clk_ps = 650;
    chip.link_bits = 24;
    chip.link_clk_ps = 550;
    chip.t_hop_ps = 121;
    chip.dma_bits = 36;
    chip.dma_clk_ps = 450;
    chip.word_bits = 8;
    chip.pixel_bits = 8;
    chip.h_bits = 16;
    plan.layers = {testing::grid_layer(inputs, outputs, 1, 1, 0, 0, TSR_BIAS_DIGITAL)};
    plan.spec.update.pulse_type = TSR_PULSE_DETERMINISTIC_IMPLICIT;
    return plan;
}

struct expected_stage {
    tsr_stage                stage;
    std::vector<std::string> units;
    std::uint64_t            ps;
};

inline std::string text_of(tsr_stage stage, const std::vector<std::string> &units, std::uint64_t ps)
{
    std::ostringstream text;
    text << tsr_stage_name(stage) << " (";
    for (const std::string &unit : units)
        text << unit << ' ';
    text << ") " << ps << " ps";
    return text.str();
}

// A chip with one tile, ops one after the other.
class OneTile : public ::testing::Test {
protected:
    void build(const machine_plan &plan)
    {
        machine = std::make_unique<built_machine>(plan);
        make = std::make_unique<op_maker>(**machine);
        for (std::uint32_t j = 0; j < inputs; ++j)
            machine->data(TSR_SLOT_X)[j] = 0.25F + 0.03125F * static_cast<float>(j % 8);
        for (std::uint32_t i = 0; i < outputs; ++i)
            machine->data(TSR_SLOT_D)[i] = i % 2 == 0 ? 0.5F : -0.5F;
    }

    // Adds an op; returns its id.
    std::uint64_t add(const tsr_op &op, std::function<void()> before = {})
    {
        source.add({op}, std::move(before));
        return op.id;
    }

    void run()
    {
        chip = std::make_unique<chip_run>(**machine, source);
        chip->run();
        std::uint64_t end = 0;
        for (const stage_span &span : chip->spans()) { // nothing ever waits, nothing ever pauses
            EXPECT_EQ(span.grant_ps, end);
            end = span.end_ps;
        }
        EXPECT_EQ(chip->device().training_ps(), end);
    }

    void expect(std::uint64_t op, const std::vector<expected_stage> &stages)
    {
        std::vector<std::string> is, should;
        for (const stage_span &span : chip->spans_of(op)) {
            std::vector<std::string> units;
            for (const std::uint32_t unit : span.units)
                units.push_back(chip->device().plan().unit_name(unit));
            is.push_back(text_of(span.stage, units, span.service_ps()));
        }
        for (const expected_stage &stage : stages)
            should.push_back(text_of(stage.stage, stage.units, stage.ps));
        EXPECT_EQ(is, should) << "op " << op;
    }

    // A read of the tile: `drives` passes of drive and convert.
    void expect_read(std::uint64_t op, const std::vector<std::uint64_t> &drive_ps, std::uint64_t convert_ps)
    {
        // 20 words of 8 bits on 48 bits: 4 clocks of 650; 20 comparisons: 6666.7 ps, 8 clocks of 900
        std::vector<expected_stage> stages = {{TSR_STAGE_LOAD, {port}, 2'600},
                                              {TSR_STAGE_ABS_MAX, {vector_unit}, 7'200}};
        for (const std::uint64_t ps : drive_ps) {
            stages.push_back({TSR_STAGE_DRIVE, {tile + "dac", tile + "w"}, ps});
            stages.push_back({TSR_STAGE_CONVERT, {tile + "adc"}, convert_ps});
        }
        // 12 products: 4000 ps, 5 clocks of 900; 12 words: 2 clocks of 650, at the same time
        stages.push_back({TSR_STAGE_STORE, {vector_unit, port}, 4'500});
        expect(op, stages);
    }

    const std::string port = "core0.port", vector_unit = "core0.vector_unit", controller = "core0.controller",
                      tile = "core0.tile0.";
    std::unique_ptr<built_machine> machine;
    std::unique_ptr<op_maker>      make;
    scripted_source                source;
    std::unique_ptr<chip_run>      chip;
};

// Rates in units of g/(x_m·d_m), so that the train has ceil(rate) slots.
inline float rate_for(double slots) { return static_cast<float>(slots * 0.01 / (0.46875 * 0.5)); }

} // namespace tessera::test
#endif
