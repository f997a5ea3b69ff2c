// Time acts on devices through physics: what a read gives depends on the simulated seconds since the last write, evaluation
// takes none of them, and nothing else of a run depends on time.
#include "tests/accelerator/chip_run.h"

#include <cmath>
#include <gtest/gtest.h>

namespace tessera::test {
namespace {

constexpr std::uint32_t lines = 16;
constexpr double        tau_s = 1e-3;

// One tile that forgets towards 0 with a time constant of 1 ms; a MOVE takes 0.4 ms.
machine_plan forgetful(tsr_algorithm_name algorithm)
{
    machine_plan plan = quiet_plan(lines, lines, algorithm);
    plan.spec.device_w.retention_tau_s = tau_s;
    plan.spec.chip.t_hop_ps = 400'000'000;
    plan.spec.chip.link_bits = 0;
    return plan;
}

class Retention : public ::testing::Test {
protected:
    void build(const machine_plan &plan)
    {
        machine = std::make_unique<built_machine>(plan);
        make = std::make_unique<op_maker>(**machine);
        const std::vector<float> w(lines * lines, 0.5F);
        tsr_array_set_weights(&machine->tile().w, w.data());
        std::fill_n(machine->data(TSR_SLOT_X), lines, 1.0F);
    }
    tsr_op pause() { return make->move(machine->slot(TSR_SLOT_X), machine->slot(TSR_SLOT_X)); }

    // When the array of this read was granted.
    double read_at_s(const chip_run &chip, std::uint64_t op)
    {
        for (const stage_span &span : chip.spans_of(op))
            if (span.stage == TSR_STAGE_DRIVE)
                return static_cast<double>(span.grant_ps) * 1e-12;
        return -1.0;
    }

    std::unique_ptr<built_machine> machine;
    std::unique_ptr<op_maker>      make;
    scripted_source                source;
};

TEST_F(Retention, ActsUntilTheGrantOfTheArray)
{
    build(forgetful(TSR_ALGORITHM_SGD));
    const tsr_op       first = make->mvm(), second = make->mvm();
    std::vector<float> seen;
    source.add({first}, {});
    source.add({pause(), second}, [&] { seen.push_back(machine->data(TSR_SLOT_PARTIAL)[0]); });
    chip_run chip(**machine, source);
    chip.run();
    seen.push_back(machine->data(TSR_SLOT_PARTIAL)[0]);
    EXPECT_NEAR(static_cast<double>(seen[0]), 8.0, 1e-3); // microseconds have passed
    EXPECT_NEAR(static_cast<double>(seen[1]), 8.0 * std::exp(-read_at_s(chip, second.id) / tau_s), 1e-4);
    EXPECT_LT(seen[1], 5.5F);
}

TEST_F(Retention, EvaluationFreezesTheDevices)
{
    build(forgetful(TSR_ALGORITHM_SGD));
    tsr_op evaluated = make->mvm();
    evaluated.evaluate = true;
    evaluated.phase = TSR_PHASE_EVALUATE;
    tsr_op idle = pause();
    idle.evaluate = true;
    idle.phase = TSR_PHASE_EVALUATE;
    const tsr_op       last = make->mvm();
    std::vector<float> seen;
    source.add({idle, evaluated}, {}, true);
    source.add({last}, [&] { seen.push_back(machine->data(TSR_SLOT_PARTIAL)[0]); });
    chip_run chip(**machine, source);
    chip.run();
    seen.push_back(machine->data(TSR_SLOT_PARTIAL)[0]);
    EXPECT_EQ(seen[0], 8.0F);                             // 0.4 ms of simulated time, none of the devices
    EXPECT_NEAR(static_cast<double>(seen[1]), 8.0, 1e-3); // nor later
    EXPECT_LT(chip.device().training_ps(), 1'000'000U);
    EXPECT_GT(now_ps(), 400'000'000U);
}

// A slower chip loses more: the same program on the same devices.
TEST_F(Retention, SlowerChipForgetsMore)
{
    machine_plan slow = forgetful(TSR_ALGORITHM_SGD);
    slow.spec.chip.t_hop_ps *= 2;
    build(slow);
    const tsr_op read = make->mvm();
    source.add({pause(), read});
    chip_run chip(**machine, source);
    chip.run();
    EXPECT_NEAR(static_cast<double>(machine->data(TSR_SLOT_PARTIAL)[0]), 8.0 * std::exp(-0.8), 0.01);
}

} // namespace
} // namespace tessera::test
