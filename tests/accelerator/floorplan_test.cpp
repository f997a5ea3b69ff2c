// The chip is what its machine says: units, their names, who serves what.
#include "tests/accelerator/chip_run.h"

#include <gtest/gtest.h>
#include <set>

namespace tessera::test {
namespace {

machine_plan plan_of(tsr_algorithm_name algorithm, tsr_transposed transposed)
{
    machine_plan plan = noisy_network(algorithm, 1);
    plan.spec.chip.transposed = transposed;
    return plan;
}

class Composition : public ::testing::TestWithParam<std::tuple<tsr_algorithm_name, tsr_transposed>> {};

TEST_P(Composition, EveryUnitOfThePlanExistsOnce)
{
    const auto [algorithm, transposed] = GetParam();
    built_machine   machine(plan_of(algorithm, transposed));
    scripted_source nothing;
    chip_run        run(*machine, nothing);
    const chip     &device = run.device();
    EXPECT_EQ(device.plan().core_count(), 2U);
    EXPECT_EQ(device.plan().tile_count(), 6U);

    std::set<std::string> names;
    for (std::uint32_t unit = 0; unit < device.plan().unit_count(); ++unit) {
        const server *one = device.unit(unit);
        if (one == nullptr)
            continue;
        EXPECT_EQ(one->unit(), unit);
        EXPECT_EQ(std::string(one->name()), "chip." + device.plan().unit_name(unit));
        EXPECT_TRUE(names.insert(one->name()).second) << one->name();
    }
    const bool        own = transposed == TSR_TRANSPOSED_OWN, fast = tsr_algorithm_transfers(algorithm);
    const std::size_t per_tile = 5U + (own ? 2U : 0U) + (fast ? 1U : 0U);
    EXPECT_EQ(names.size(), 3U + 2 * 3 + 6 * per_tile);
    EXPECT_EQ(names.count("chip.core0.tile3.adc_transposed"), own ? 1U : 0U);
    EXPECT_EQ(names.count("chip.core1.tile4.a"), fast ? 1U : 0U);
    EXPECT_EQ(names.count("chip.core1.tile3.w"), 0U); // of core 0
    EXPECT_EQ(names.count("chip.core1.vector_unit"), 1U);
}

INSTANTIATE_TEST_SUITE_P(Chips, Composition,
                         ::testing::Combine(::testing::Values(TSR_ALGORITHM_SGD, TSR_ALGORITHM_CTTV2),
                                            ::testing::Values(TSR_TRANSPOSED_OWN, TSR_TRANSPOSED_SHARED)),
                         [](const auto &one) {
                             return std::string(tsr_algorithm_name_text(std::get<0>(one.param))) +
                                    (std::get<1>(one.param) == TSR_TRANSPOSED_OWN ? "_own" : "_shared");
                         });

// A route names the units of the stage in the order of its roles.
TEST(Floorplan, RoutesByRole)
{
    built_machine   machine(plan_of(TSR_ALGORITHM_CTTV2, TSR_TRANSPOSED_OWN));
    const floorplan plan(*machine);
    const auto      names = [&](tsr_op_kind kind, tsr_array_role array, tsr_stage stage) {
        tsr_op op{};
        op.kind = kind;
        op.array = array;
        op.tile = 4;
        op.core = 1;
        stage_request request;
        plan.route(op, stage, request);
        EXPECT_EQ(request.stage, stage);
        std::string text;
        for (std::uint32_t k = 0; k < request.unit_count; ++k)
            text += (k > 0 ? " " : "") + plan.unit_name(request.units[k]);
        return text;
    };
    const std::string t = "core1.tile4.";
    EXPECT_EQ(names(TSR_OP_MVM, TSR_ARRAY_W, TSR_STAGE_DRIVE), t + "dac " + t + "w");
    EXPECT_EQ(names(TSR_OP_MVM_T, TSR_ARRAY_W, TSR_STAGE_DRIVE), t + "dac_transposed " + t + "w");
    EXPECT_EQ(names(TSR_OP_MVM_T, TSR_ARRAY_W, TSR_STAGE_CONVERT), t + "adc_transposed");
    EXPECT_EQ(names(TSR_OP_READ_SLICE, TSR_ARRAY_A, TSR_STAGE_DRIVE), t + "dac " + t + "a");
    EXPECT_EQ(names(TSR_OP_UPDATE, TSR_ARRAY_A, TSR_STAGE_PULSE), t + "driver_in " + t + "driver_out " + t + "a");
    EXPECT_EQ(names(TSR_OP_PROGRAM_SLICE, TSR_ARRAY_W, TSR_STAGE_PROGRAM),
              t + "driver_in " + t + "driver_out " + t + "w");
    EXPECT_EQ(names(TSR_OP_TRANSFER, TSR_ARRAY_A, TSR_STAGE_H_READ), "core1.controller");
    EXPECT_EQ(names(TSR_OP_MVM, TSR_ARRAY_W, TSR_STAGE_STORE), "core1.vector_unit core1.port");
    EXPECT_EQ(names(TSR_OP_DMA, TSR_ARRAY_W, TSR_STAGE_HOST), "dma buffer");
    EXPECT_EQ(names(TSR_OP_MOVE, TSR_ARRAY_W, TSR_STAGE_LINK), "bus");
}

} // namespace
} // namespace tessera::test
