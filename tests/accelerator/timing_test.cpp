// How long each stage of each op holds its units on an idle tile: recorded spans against page 3.1 of the design, written out
// here by hand, to the picosecond.
//
// The tile has 20 inputs and 12 outputs in use on an array of 24 × 16 lines. Periphery: an ADC serves 5 lines, so there are
// ceil(16/5) = 4 at the outputs and, where transposed reads have their own, ceil(24/5) = 5 at the inputs.
#include "tests/accelerator/chip_run.h"

#include <gtest/gtest.h>
#include <sstream>

namespace tessera::test {
namespace {

constexpr std::uint32_t inputs = 20, outputs = 12;

// Times that are no multiples of each other, clocks that do not divide them.
machine_plan tile_plan(tsr_algorithm_name algorithm = TSR_ALGORITHM_TTV2)
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

std::string text_of(tsr_stage stage, const std::vector<std::string> &units, std::uint64_t ps)
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
        std::vector<expected_stage> stages = {{TSR_STAGE_LOAD, {port}, 2'600}, {TSR_STAGE_ABS_MAX, {vector_unit}, 7'200}};
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

// -- reads -----------------------------------------------------------------------------------------------------------

TEST_F(OneTile, FlatRead)
{
    build(tile_plan());
    const auto op = add(make->mvm());
    run();
    expect_read(op, {40'001}, 3 * 777); // 12 lines on 4 ADCs: 3 conversions each
}

TEST_F(OneTile, FlatReadNeverShorterThanSettling)
{
    machine_plan plan = tile_plan();
    plan.spec.chip.t_settle_ps = 50'000;
    build(plan);
    const auto op = add(make->mvm());
    run();
    expect_read(op, {50'000}, 3 * 777);
}

TEST_F(OneTile, PulseWidthRead)
{
    machine_plan plan = tile_plan();
    plan.spec.chip.read_mode = TSR_READ_PULSE_WIDTH;
    plan.spec.chip.read_phases = 2;
    plan.spec.io_forward.inp_res = 1.0 / 126.0; // 7 bits, sign included: 64 slots
    build(plan);
    const auto op = add(make->mvm());
    run();
    expect_read(op, {64 * 1'013 * 2}, 3 * 777);
}

TEST_F(OneTile, BitSerialRead)
{
    machine_plan plan = tile_plan();
    plan.spec.chip.read_mode = TSR_READ_BIT_SERIAL;
    plan.spec.chip.read_phases = 2; // the sign is a bit like others
    plan.spec.io_forward.inp_res = 1.0 / 126.0;
    build(plan);
    const auto op = add(make->mvm());
    run();
    expect_read(op, {7 * 1'013}, 3 * 777);
}

TEST_F(OneTile, NarrowCoderOfTwoBits)
{
    machine_plan plan = tile_plan();
    plan.spec.chip.read_mode = TSR_READ_BIT_SERIAL;
    plan.spec.io_forward.inp_res = 1.0 / 2.0; // −1, 0, 1
    build(plan);
    const auto op = add(make->mvm());
    run();
    expect_read(op, {2 * 1'013}, 3 * 777);
}

TEST_F(OneTile, ZeroVectorDrivesNothing)
{
    build(tile_plan());
    const auto op = add(make->mvm(), [this] { std::fill_n(machine->data(TSR_SLOT_X), inputs, 0.0F); });
    run();
    expect_read(op, {}, 0);
}

TEST_F(OneTile, RepeatedReadHalvesItsPulses)
{
    machine_plan plan = tile_plan();
    plan.spec.chip.read_mode = TSR_READ_PULSE_WIDTH;
    plan.spec.io_forward.inp_res = 1.0 / 126.0;
    plan.spec.io_forward.out_bound = 6.0;
    build(plan);
    const std::vector<float> ones(inputs * outputs, 1.0F);
    tsr_array_set_weights(&machine->tile().w, ones.data());
    std::fill_n(machine->data(TSR_SLOT_X), inputs, 1.0F);
    const auto op = add(make->mvm());
    run();
    // Σ = 20, then 20·32/63 = 10.2, then 20·16/63 = 5.1: the third pass is within ±6
    expect_read(op, {64 * 1'013, 32 * 1'013, 16 * 1'013}, 3 * 777);
    EXPECT_NEAR(machine->data(TSR_SLOT_PARTIAL)[0], 20.0 * 16.0 / 63.0 * 4.0, 1e-4);
    // a repeated pass queues with the time of the first request, so that nobody overtakes it
    std::vector<std::uint64_t> asked;
    for (const stage_span &span : chip->spans_of(op))
        if (span.stage == TSR_STAGE_DRIVE)
            asked.push_back(span.request_ps);
    EXPECT_EQ(asked, (std::vector<std::uint64_t>{9'800, 9'800, 9'800}));
}

TEST_F(OneTile, FlatReadDoesNotShortenWhenRepeated)
{
    machine_plan plan = tile_plan();
    plan.spec.io_forward.out_bound = 6.0;
    plan.spec.io_forward.max_bm_factor = 2.0; // gives up after one repetition
    build(plan);
    const std::vector<float> ones(inputs * outputs, 1.0F);
    tsr_array_set_weights(&machine->tile().w, ones.data());
    std::fill_n(machine->data(TSR_SLOT_X), inputs, 1.0F);
    const auto op = add(make->mvm());
    run();
    expect_read(op, {40'001, 40'001}, 3 * 777);
    EXPECT_FLOAT_EQ(machine->data(TSR_SLOT_PARTIAL)[0], 12.0F); // clipped at 6, times 2
}

// -- transposed reads ------------------------------------------------------------------------------------------------

TEST_F(OneTile, TransposedReadWithItsOwnPeriphery)
{
    build(tile_plan());
    const auto op = add(make->mvm_transposed());
    run();
    expect(op, {{TSR_STAGE_LOAD, {port}, 2 * 650},              // 12 words: 96 bits on 48
                {TSR_STAGE_ABS_MAX, {vector_unit}, 5 * 900},    // 4000 ps
                {TSR_STAGE_DRIVE, {tile + "dac_transposed", tile + "w"}, 40'001},
                {TSR_STAGE_CONVERT, {tile + "adc_transposed"}, 4 * 777}, // 20 lines on 5 ADCs
                {TSR_STAGE_STORE, {vector_unit, port}, 8 * 900}});
}

TEST_F(OneTile, TransposedReadOnTheForwardPeriphery)
{
    machine_plan plan = tile_plan();
    plan.spec.chip.transposed = TSR_TRANSPOSED_SHARED;
    build(plan);
    const auto op = add(make->mvm_transposed());
    run();
    expect(op, {{TSR_STAGE_LOAD, {port}, 2 * 650},
                {TSR_STAGE_ABS_MAX, {vector_unit}, 5 * 900},
                {TSR_STAGE_DRIVE, {tile + "dac", tile + "w"}, 40'001},
                {TSR_STAGE_CONVERT, {tile + "adc"}, 5 * 777}, // 20 lines on the 4 ADCs of the outputs
                {TSR_STAGE_STORE, {vector_unit, port}, 8 * 900}});
}

// -- digital ---------------------------------------------------------------------------------------------------------

TEST_F(OneTile, DigitalOps)
{
    build(tile_plan());
    const std::vector<std::uint8_t> pixels(inputs, 7);
    const auto dma = add(make->dma(pixels.data()));
    const auto move = add(make->move(machine->slot(TSR_SLOT_INPUT), machine->slot(TSR_SLOT_X)));
    const auto reduce = add(make->reduce());
    const auto reduce_back = add(make->reduce(true));
    const auto activate = add(make->vector(TSR_VECTOR_ACTIVATE));
    const auto loss = add(make->vector(TSR_VECTOR_LOSS));
    const auto derive = add(make->vector(TSR_VECTOR_DERIVE));
    const auto bias = add(make->vector(TSR_VECTOR_BIAS));
    run();
    expect(dma, {{TSR_STAGE_HOST, {"dma", "buffer"}, 5 * 450}});         // 160 bits on 36
    expect(move, {{TSR_STAGE_LINK, {"bus"}, 121 + 7 * 550}});            // one hop, 160 bits on 24
    expect(reduce, {{TSR_STAGE_COMPUTE, {vector_unit}, 5 * 900}});       // one tile: 12 additions of the bias
    expect(reduce_back, {});                                             // one row of tiles: nothing to add
    expect(activate, {{TSR_STAGE_COMPUTE, {vector_unit}, 36 * 900}});    // 12 · 8 flop: 32 000 ps
    expect(loss, {{TSR_STAGE_COMPUTE, {vector_unit}, 45 * 900}});        // 12 · 10 flop: 40 000 ps
    expect(derive, {{TSR_STAGE_COMPUTE, {vector_unit}, 5 * 900}});       // 12 flop
    expect(bias, {{TSR_STAGE_COMPUTE, {vector_unit}, 9 * 900}});         // 12 · 2 flop: 8000 ps
}

// -- pulsed update ---------------------------------------------------------------------------------------------------

// Rates in units of g/(x_m·d_m), so that the train has ceil(rate) slots.
float rate_for(double slots) { return static_cast<float>(slots * 0.01 / (0.46875 * 0.5)); }

TEST_F(OneTile, UpdateInFixedPhases)
{
    machine_plan plan = tile_plan(TSR_ALGORITHM_SGD);
    plan.spec.chip.fixed_phases = 3;
    build(plan);
    const auto op = add(make->update(rate_for(6.5)));
    const auto longest = add(make->update(rate_for(1000)));
    run();
    const std::string in = tile + "driver_in", out = tile + "driver_out", w = tile + "w";
    expect(op, {{TSR_STAGE_TRAIN, {vector_unit}, 12 * 900}, // 32 comparisons: 10 666.7 ps
                {TSR_STAGE_LOAD_DRIVER, {in, out}, 611},
                {TSR_STAGE_PULSE, {in, out, w}, 7 * 5'003 * 3}});
    expect(longest, {{TSR_STAGE_TRAIN, {vector_unit}, 12 * 900},
                     {TSR_STAGE_LOAD_DRIVER, {in, out}, 611},
                     {TSR_STAGE_PULSE, {in, out, w}, 31 * 5'003 * 3}}); // desired_bl
}

TEST_F(OneTile, UpdateInOccupiedPhases)
{
    machine_plan plan = tile_plan(TSR_ALGORITHM_SGD);
    plan.spec.chip.phase_mode = TSR_PHASES_OCCUPIED;
    plan.spec.chip.fixed_phases = 3; // not used
    build(plan);
    const auto two = add(make->update(rate_for(3.5))); // x ≥ 0, d of both signs
    const auto four = add(make->update(rate_for(3.5)), [this] { machine->data(TSR_SLOT_X)[3] = -0.25F; });
    const auto one = add(make->update(rate_for(3.5)), [this] {
        machine->data(TSR_SLOT_X)[3] = 0.25F;
        std::fill_n(machine->data(TSR_SLOT_D), outputs, -0.5F);
    });
    const auto none = add(make->update(rate_for(3.5)), [this] { std::fill_n(machine->data(TSR_SLOT_D), outputs, 0.0F); });
    run();
    const auto pulses = [this](std::uint64_t op) { return chip->spans_of(op).back(); };
    EXPECT_EQ(pulses(two).service_ps(), 4U * 5'003 * 2);
    EXPECT_EQ(pulses(four).service_ps(), 4U * 5'003 * 4);
    EXPECT_EQ(pulses(one).service_ps(), 4U * 5'003 * 1);
    expect(none, {{TSR_STAGE_TRAIN, {vector_unit}, 12 * 900}}); // no train: neither load nor pulse
}

TEST_F(OneTile, ChoppersMixSigns)
{
    machine_plan plan = tile_plan(TSR_ALGORITHM_CTTV2);
    plan.spec.chip.phase_mode = TSR_PHASES_OCCUPIED;
    plan.spec.algorithm.auto_scale = false;
    plan.spec.algorithm.fast_lr = static_cast<double>(rate_for(3.5));
    build(plan);
    const auto before = add(make->update(0.1F));
    const auto after = add(make->update(0.1F), [this] { machine->tile().transfer.chop_in[5] = -1; });
    run();
    const std::string in = tile + "driver_in", out = tile + "driver_out", a = tile + "a";
    expect(before, {{TSR_STAGE_TRAIN, {vector_unit}, 12 * 900},
                    {TSR_STAGE_LOAD_DRIVER, {in, out}, 611},
                    {TSR_STAGE_PULSE, {in, out, a}, 4 * 5'003 * 2}});
    EXPECT_EQ(chip->spans_of(after).back().service_ps(), 4U * 5'003 * 4);
}

// -- transfer --------------------------------------------------------------------------------------------------------

TEST_F(OneTile, TransferOfASlice)
{
    build(tile_plan());
    const auto read = add(make->read_slice(2));
    const auto transfer = add(make->transfer(2, 0.1F));
    const auto nothing = add(make->program_slice(2));
    run();
    expect(read, {{TSR_STAGE_DRIVE, {tile + "dac", tile + "a"}, 40'001}, {TSR_STAGE_CONVERT, {tile + "adc"}, 3 * 777}});
    expect(transfer, {{TSR_STAGE_H_READ, {controller}, 5 * 350},      // 12 · 16 bits on 40
                      {TSR_STAGE_H_COMPUTE, {controller}, 9 * 400},   // 24 flop: 3428.6 ps
                      {TSR_STAGE_H_WRITE, {controller}, 5 * 350}});
    expect(nothing, {}); // A was 0: nothing crossed the threshold
}

TEST_F(OneTile, TransferOfARow)
{
    machine_plan plan = tile_plan();
    plan.spec.algorithm.transfer_columns = false;
    build(plan);
    const auto read = add(make->read_slice(2));
    const auto transfer = add(make->transfer(2, 0.1F));
    run();
    expect(read, {{TSR_STAGE_DRIVE, {tile + "dac_transposed", tile + "a"}, 40'001},
                  {TSR_STAGE_CONVERT, {tile + "adc_transposed"}, 4 * 777}});
    expect(transfer, {{TSR_STAGE_H_READ, {controller}, 8 * 350},    // 20 · 16 bits on 40
                      {TSR_STAGE_H_COMPUTE, {controller}, 15 * 400}, // 40 flop: 5714.3 ps
                      {TSR_STAGE_H_WRITE, {controller}, 8 * 350}});
}

TEST_F(OneTile, TransferOfAgadMovesItsMeansToo)
{
    build(tile_plan(TSR_ALGORITHM_AGAD));
    const auto transfer = add(make->transfer(2, 0.1F));
    run();
    expect(transfer, {{TSR_STAGE_H_READ, {controller}, 15 * 350},    // H, p and p_ref: 576 bits on 40
                      {TSR_STAGE_H_COMPUTE, {controller}, 26 * 400}, // 6 · 12 flop: 10 285.7 ps
                      {TSR_STAGE_H_WRITE, {controller}, 15 * 350}});
}

TEST_F(OneTile, ReadOfASliceHasItsOwnCoder)
{
    machine_plan plan = tile_plan();
    plan.spec.chip.read_mode = TSR_READ_PULSE_WIDTH;
    plan.spec.io_forward.inp_res = 1.0 / 126.0;
    plan.spec.io_transfer.inp_res = 1.0 / 30.0; // 5 bits: 16 slots
    build(plan);
    const auto read = add(make->read_slice(0));
    run();
    expect(read, {{TSR_STAGE_DRIVE, {tile + "dac", tile + "a"}, 16 * 1'013}, {TSR_STAGE_CONVERT, {tile + "adc"}, 3 * 777}});
}

// W gets the pulses that H asks for: as long as the device with most of them, once for each direction.
TEST_F(OneTile, ProgrammingASlice)
{
    machine_plan plan = tile_plan();
    plan.spec.chip.phase_mode = TSR_PHASES_OCCUPIED;
    plan.spec.algorithm.bl_transfer = 3;
    build(plan);
    const double step = 0.01; // threshold: granularity of W
    float       *h = machine->tile().transfer.h;
    h[0 * outputs + 4] = static_cast<float>(1.5 * step); // slice 0: one pulse up
    h[1 * outputs + 4] = static_cast<float>(1.5 * step); // slice 1: one up, two down
    h[1 * outputs + 7] = static_cast<float>(-2.5 * step);
    h[2 * outputs + 7] = static_cast<float>(-9.5 * step); // slice 2: three of nine
    std::vector<std::uint64_t> programs;
    for (std::uint32_t slice = 0; slice < 4; ++slice) {
        add(make->transfer(slice, 0.1F));
        programs.push_back(add(make->program_slice(slice)));
    }
    run();
    const std::vector<std::string> units = {tile + "driver_in", tile + "driver_out", tile + "w"};
    expect(programs[0], {{TSR_STAGE_PROGRAM, units, 1 * 5'003 * 1}});
    expect(programs[1], {{TSR_STAGE_PROGRAM, units, 2 * 5'003 * 2}});
    expect(programs[2], {{TSR_STAGE_PROGRAM, units, 3 * 5'003 * 1}});
    expect(programs[3], {});
}

// -- turnaround ------------------------------------------------------------------------------------------------------

// 2.1 ns whenever an array changes between read, transposed read and write; W and A each for themselves.
TEST_F(OneTile, Turnaround)
{
    machine_plan plan = tile_plan();
    plan.spec.chip.t_turnaround_ps = 2'100;
    plan.spec.algorithm.fast_lr = static_cast<double>(rate_for(3.5));
    build(plan);
    const std::uint64_t drive = 40'001, pulse = 4 * 5'003, turn = 2'100;
    struct step {
        std::uint64_t op, ps;
        tsr_stage     stage;
    };
    const auto read = [&](std::uint64_t ps) { return step{add(make->mvm()), ps, TSR_STAGE_DRIVE}; };
    const auto read_back = [&](std::uint64_t ps) { return step{add(make->mvm_transposed()), ps, TSR_STAGE_DRIVE}; };
    const auto update = [&](std::uint64_t ps) { return step{add(make->update(0.1F)), ps, TSR_STAGE_PULSE}; };
    const auto slice = [&](std::uint64_t ps) { return step{add(make->read_slice(0)), ps, TSR_STAGE_DRIVE}; };
    const auto write = [&](std::uint64_t ps) {
        std::uint64_t op = make->next_id;
        add(make->transfer(0, 0.0F), [this] { machine->tile().transfer.h[3] = 0.015F; });
        op = add(make->program_slice(0));
        return step{op, ps, TSR_STAGE_PROGRAM};
    };
    const std::vector<step> steps = {read(drive),              // arrays start as read
                                     read(drive),
                                     read_back(drive + turn),
                                     read_back(drive),
                                     update(pulse + turn),     // of A
                                     update(pulse),
                                     slice(drive + turn),
                                     slice(drive),
                                     read_back(drive),         // W did not notice
                                     write(5'003 + turn),
                                     write(5'003),
                                     read(drive + turn)};
    run();
    for (const step &s : steps) {
        std::vector<std::uint64_t> held;
        for (const stage_span &span : chip->spans_of(s.op))
            if (span.stage == s.stage)
                held.push_back(span.service_ps());
        EXPECT_EQ(held, std::vector<std::uint64_t>{s.ps}) << "op " << s.op;
    }
}

} // namespace
} // namespace tessera::test
