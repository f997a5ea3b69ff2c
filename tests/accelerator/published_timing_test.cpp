// Time per update of the published timing study (Rasch et al., Nat. Commun. 15:7133, 2024), page 3.4 of the design: one tile of
// 512 × 512 devices at work, trains of 5 pulses of 5 ns, reads of 40 ns, 175 GFLOP/s, every transfer fires. The numbers come out of
// the recorded spans of the chip.
#include "tests/accelerator/chip_run.h"

#include <gtest/gtest.h>
#include <ostream>
#include <string>

namespace tessera::test {
namespace {

constexpr std::uint32_t lines = 512;
constexpr std::uint32_t updates = 1000;
constexpr std::uint32_t warm_up = 100; // with choppers, until some line is chopped

struct study {
    tsr_algorithm_name algorithm;
    std::uint32_t      every; // updates per transfer
    tsr_phase_mode     phases;
    std::uint32_t      slots; // of a train
    double             ns;    // published, per update
};

std::string text_of(const study &s)
{
    return std::string(tsr_algorithm_name_text(s.algorithm)) + "_every" + std::to_string(s.every) + "_slots" +
           std::to_string(s.slots) + (s.phases == TSR_PHASES_OCCUPIED ? "_occupied" : "");
}

void PrintTo(const study &s, std::ostream *out) { *out << text_of(s); }

machine_plan plan_of(const study &s)
{
    machine_plan   plan = quiet_plan(lines, lines, s.algorithm);
    tsr_chip_spec &chip = plan.spec.chip;
    chip = tsr_chip_spec{};
    chip.input_lines = chip.output_lines = lines;
    chip.tiles_per_core = 1;
    chip.lines_per_adc = 1;
    chip.queue_depth = 64;
    chip.t_read_ps = 40'000; // with conversion
    chip.t_slot_ps = 1'000;
    chip.read_phases = 1;
    chip.t_pulse_ps = 5'000;
    chip.phase_mode = s.phases;
    chip.fixed_phases = 1;
    chip.vector_flops = chip.controller_flops = 175'000'000'000;
    chip.vector_clk_ps = chip.controller_clk_ps = 1; // no rounding to clocks
    chip.word_bits = 8;
    chip.h_bits = 32;
    chip.conductance = {7.4e-8, 9.3e-9, 1e-9};
    chip.v_read_v = chip.v_write_v = 1.0;
    plan.spec.device_w.dw_min = plan.spec.device_a.dw_min = 0.002;
    plan.spec.io_transfer = tsr_io_default();
    plan.spec.io_transfer.out_res = 0.0; // a slice has values of both signs
    plan.spec.update.desired_bl = s.slots;
    plan.spec.algorithm.transfer_every = s.every;
    plan.spec.algorithm.closed_form_stimulus = true;
    plan.spec.algorithm.fast_lr =
        plan.spec.algorithm.auto_scale ? 1e-3 : 1e-5; // few coincidences: the time is the same
    return plan;
}

class PublishedTiming : public ::testing::TestWithParam<study> {};

TEST_P(PublishedTiming, MeanOfAThousandUpdates)
{
    const study  &s = GetParam();
    built_machine machine(plan_of(s));
    for (std::uint32_t k = 0; k < lines; ++k) { // inputs of a sigmoid layer: not negative; errors of both signs
        machine.data(TSR_SLOT_X)[k] = static_cast<float>(tsr_splitmix64(k) >> 40U) * 0x1p-24F;
        machine.data(TSR_SLOT_D)[k] = static_cast<float>(tsr_splitmix64(1000 + k) >> 40U) * 0x1p-23F - 1.0F;
    }
    op_maker            make(*machine);
    std::vector<tsr_op> ops;
    std::uint64_t       first_counted = 0;
    for (std::uint32_t k = 1; k <= warm_up + updates; ++k) {
        if (k == warm_up + 1)
            first_counted = make.next_id;
        ops.push_back(make.update(1e-5F));
        if (tsr_algorithm_transfers(s.algorithm) && k % s.every == 0) {
            const std::uint32_t slice = (k / s.every - 1) % lines;
            ops.push_back(make.read_slice(slice));
            ops.push_back(make.transfer(slice, 0.01F));
            ops.push_back(make.program_slice(slice));
        }
    }
    scripted_source source;
    source.add(ops);
    chip_run chip(*machine, source);
    chip.run();

    const std::uint64_t total_ps = chip.service_ps(first_counted, make.next_id);
    EXPECT_NEAR(static_cast<double>(total_ps) / updates / 1000.0, s.ns, 0.1);
    // and this is what a clock at the chip shows: the spans follow each other without a gap
    EXPECT_EQ(chip.spans_of(first_counted).front().grant_ps + total_ps, chip.device().training_ps());
}

constexpr tsr_phase_mode fixed = TSR_PHASES_FIXED, occupied = TSR_PHASES_OCCUPIED;

INSTANTIATE_TEST_SUITE_P(Table, PublishedTiming,
                         ::testing::Values(study{TSR_ALGORITHM_SGD, 2, fixed, 5, 30.9},   //
                                           study{TSR_ALGORITHM_TTV2, 2, fixed, 5, 56.3},  //
                                           study{TSR_ALGORITHM_CTTV2, 2, fixed, 5, 56.3}, //
                                           study{TSR_ALGORITHM_AGAD, 2, fixed, 5, 62.1}),
                         [](const auto &one) { return text_of(one.param); });

INSTANTIATE_TEST_SUITE_P(TransferEvery, PublishedTiming,
                         ::testing::Values(study{TSR_ALGORITHM_SGD, 1, fixed, 5, 30.9},   //
                                           study{TSR_ALGORITHM_TTV2, 1, fixed, 5, 81.7},  //
                                           study{TSR_ALGORITHM_AGAD, 1, fixed, 5, 93.4},  //
                                           study{TSR_ALGORITHM_TTV2, 5, fixed, 5, 41.0},  //
                                           study{TSR_ALGORITHM_AGAD, 5, fixed, 5, 43.4},  //
                                           study{TSR_ALGORITHM_TTV2, 10, fixed, 5, 35.9}, //
                                           study{TSR_ALGORITHM_AGAD, 10, fixed, 5, 37.1}, //
                                           study{TSR_ALGORITHM_AGAD, 10, fixed, 1, 17.1}),
                         [](const auto &one) { return text_of(one.param); });

INSTANTIATE_TEST_SUITE_P(OccupiedPhases, PublishedTiming,
                         ::testing::Values(study{TSR_ALGORITHM_TTV2, 2, occupied, 5, 83.8}, //
                                           study{TSR_ALGORITHM_CTTV2, 2, occupied, 5, 133.8}),
                         [](const auto &one) { return text_of(one.param); });

} // namespace
} // namespace tessera::test
