// How long reads and digital ops hold their units on an idle tile: recorded spans against page 3.1 of the design, written out here by hand, to
// the picosecond.
#include "tests/accelerator/one_tile.h"

namespace tessera::test {
namespace {

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
    expect(op, {{TSR_STAGE_LOAD, {port}, 2 * 650},           // 12 words: 96 bits on 48
                {TSR_STAGE_ABS_MAX, {vector_unit}, 5 * 900}, // 4000 ps
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
    const auto                      dma = add(make->dma(pixels.data()));
    const auto                      move = add(make->move(machine->slot(TSR_SLOT_INPUT), machine->slot(TSR_SLOT_X)));
    const auto                      reduce = add(make->reduce());
    const auto                      reduce_back = add(make->reduce(true));
    const auto                      activate = add(make->vector(TSR_VECTOR_ACTIVATE));
    const auto                      loss = add(make->vector(TSR_VECTOR_LOSS));
    const auto                      derive = add(make->vector(TSR_VECTOR_DERIVE));
    const auto                      bias = add(make->vector(TSR_VECTOR_BIAS));
    run();
    expect(dma, {{TSR_STAGE_HOST, {"dma", "buffer"}, 5 * 450}});      // 160 bits on 36
    expect(move, {{TSR_STAGE_LINK, {"bus"}, 121 + 7 * 550}});         // one hop, 160 bits on 24
    expect(reduce, {{TSR_STAGE_COMPUTE, {vector_unit}, 5 * 900}});    // one tile: 12 additions of the bias
    expect(reduce_back, {});                                          // one row of tiles: nothing to add
    expect(activate, {{TSR_STAGE_COMPUTE, {vector_unit}, 36 * 900}}); // 12 · 8 flop: 32 000 ps
    expect(loss, {{TSR_STAGE_COMPUTE, {vector_unit}, 45 * 900}});     // 12 · 10 flop: 40 000 ps
    expect(derive, {{TSR_STAGE_COMPUTE, {vector_unit}, 5 * 900}});    // 12 flop
    expect(bias, {{TSR_STAGE_COMPUTE, {vector_unit}, 9 * 900}});      // 12 · 2 flop: 8000 ps
}

} // namespace
} // namespace tessera::test
