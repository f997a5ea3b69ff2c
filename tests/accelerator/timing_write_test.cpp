// How long updates and transfers hold their units on an idle tile: recorded spans against page 3.1 of the design, written out here by hand, to
// the picosecond.
#include "tests/accelerator/one_tile.h"

namespace tessera::test {
namespace {

// -- pulsed update ---------------------------------------------------------------------------------------------------

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
    const auto none =
        add(make->update(rate_for(3.5)), [this] { std::fill_n(machine->data(TSR_SLOT_D), outputs, 0.0F); });
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
    expect(transfer, {{TSR_STAGE_H_READ, {controller}, 5 * 350},    // 12 · 16 bits on 40
                      {TSR_STAGE_H_COMPUTE, {controller}, 9 * 400}, // 24 flop: 3428.6 ps
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
    expect(transfer, {{TSR_STAGE_H_READ, {controller}, 8 * 350},     // 20 · 16 bits on 40
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
    expect(read,
           {{TSR_STAGE_DRIVE, {tile + "dac", tile + "a"}, 16 * 1'013}, {TSR_STAGE_CONVERT, {tile + "adc"}, 3 * 777}});
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
    const std::vector<step> steps = {read(drive), // arrays start as read
                                     read(drive),          read_back(drive + turn),
                                     read_back(drive),
                                     update(pulse + turn), // of A
                                     update(pulse),        slice(drive + turn),
                                     slice(drive),
                                     read_back(drive), // W did not notice
                                     write(5'003 + turn),  write(5'003),
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
