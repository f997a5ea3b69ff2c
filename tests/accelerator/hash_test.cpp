// The chip leaves exactly the weights that the same ops leave when they are executed one after the other without time.
#include "tests/accelerator/chip_run.h"

#include <gtest/gtest.h>
#include <ostream>
#include <string>

namespace tessera::test {
namespace {

struct hash_case {
    tsr_algorithm_name algorithm;
    std::uint32_t      batch;
    tsr_bias           bias;
    bool               columns;
};

std::string text_of(const hash_case &c)
{
    const char *bias = c.bias == TSR_BIAS_ANALOG ? "_analog_bias" : c.bias == TSR_BIAS_NONE ? "_no_bias" : "";
    return std::string(tsr_algorithm_name_text(c.algorithm)) + "_batch" + std::to_string(c.batch) + bias +
           (c.columns ? "" : "_rows");
}

void PrintTo(const hash_case &c, std::ostream *out) { *out << text_of(c); }

std::string name_of(const ::testing::TestParamInfo<hash_case> &info) { return text_of(info.param); }

class WeightsHash : public ::testing::TestWithParam<hash_case> {};

machine_plan plan_of(const hash_case &c)
{
    machine_plan plan = noisy_network(c.algorithm, c.batch, c.bias);
    plan.spec.algorithm.transfer_columns = c.columns;
    return plan;
}

double total_change(const std::vector<float> &before, const std::vector<float> &after)
{
    double sum = 0.0;
    for (std::size_t k = 0; k < before.size(); ++k)
        sum += std::abs(static_cast<double>(after[k]) - static_cast<double>(before[k]));
    return sum;
}

TEST_P(WeightsHash, OfTheChipIsThatOfExecutionInOrder)
{
    const hash_case &c = GetParam();
    training_plan    plan;
    plan.samples = 150;
    plan.batch = c.batch;
    plan.rate = c.algorithm == TSR_ALGORITHM_AGAD || c.algorithm == TSR_ALGORITHM_CTTV2 ? 0.02F : 0.2F;

    built_machine            on_chip(plan_of(c));
    const std::vector<float> first_weights = weights_of(on_chip.tile(0).w);
    const std::uint64_t      first_hash = tsr_machine_hash(&*on_chip);
    training_source          source(*on_chip, plan);
    chip_run                 chip(*on_chip, source);
    chip.run();

    built_machine in_order(plan_of(c));
    EXPECT_EQ(tsr_machine_hash(&*in_order), first_hash);
    train_in_order(in_order, plan);
    EXPECT_EQ(tsr_machine_hash(&*on_chip), tsr_machine_hash(&*in_order));

    // something was learnt, with noise, retries and pulses, or equality would be cheap
    EXPECT_GT(total_change(first_weights, weights_of(on_chip.tile(0).w)), 0.1);
    EXPECT_GT(on_chip->ledger.retries, 0U);
    EXPECT_EQ(on_chip->samples, plan.samples);
    EXPECT_EQ(on_chip->loss_sum, in_order->loss_sum);
    EXPECT_EQ(on_chip->correct, in_order->correct);
    EXPECT_EQ(on_chip->ledger.retries, in_order->ledger.retries);
    EXPECT_EQ(on_chip->ledger.saturations, in_order->ledger.saturations);
    for (std::uint32_t k = 0; k < on_chip->tile_count; ++k) {
        EXPECT_EQ(on_chip.tile(k).w.pulses_up, in_order.tile(k).w.pulses_up);
        EXPECT_EQ(on_chip.tile(k).a.pulses_down, in_order.tile(k).a.pulses_down);
    }
}

// What is charged and how long units work does not depend on who executes; only waiting does.
TEST_P(WeightsHash, AndSoAreEnergiesAndServiceTimes)
{
    const hash_case &c = GetParam();
    training_plan    plan;
    plan.samples = 24;
    plan.batch = c.batch;
    plan.rate = 0.05F;
    built_machine   on_chip(plan_of(c));
    training_source source(*on_chip, plan);
    chip_run        chip(*on_chip, source);
    chip.run();
    built_machine in_order(plan_of(c));
    train_in_order(in_order, plan);

    for (int phase = 0; phase < TSR_PHASE_COUNT; ++phase)
        for (int kind = 0; kind < TSR_OP_KIND_COUNT; ++kind) {
            const auto p = static_cast<tsr_phase>(phase);
            const auto k = static_cast<tsr_op_kind>(kind);
            EXPECT_EQ(on_chip->ledger.ops[phase][kind], in_order->ledger.ops[phase][kind]);
            for (std::uint32_t layer = 0; layer < on_chip->layer_count; ++layer) {
                for (int part = 0; part < TSR_COMPONENT_COUNT; ++part) {
                    const auto            component = static_cast<tsr_component>(part);
                    const tsr_ledger_row *a = tsr_ledger_row_at(&on_chip->ledger, p, k, component, layer);
                    const tsr_ledger_row *b = tsr_ledger_row_at(&in_order->ledger, p, k, component, layer);
                    EXPECT_EQ(a->count, b->count) << tsr_op_kind_name(k) << ' ' << tsr_component_name(component);
                    EXPECT_TRUE(a->energy_aj == b->energy_aj)
                        << tsr_op_kind_name(k) << ' ' << tsr_component_name(component);
                }
                for (int stage = 0; stage < TSR_STAGE_COUNT; ++stage) {
                    const auto             s = static_cast<tsr_stage>(stage);
                    const tsr_ledger_time *a = tsr_ledger_time_at(&on_chip->ledger, p, k, s, layer);
                    const tsr_ledger_time *b = tsr_ledger_time_at(&in_order->ledger, p, k, s, layer);
                    EXPECT_EQ(a->count, b->count) << tsr_op_kind_name(k) << ' ' << tsr_stage_name(s);
                    EXPECT_TRUE(a->service_ps == b->service_ps) << tsr_op_kind_name(k) << ' ' << tsr_stage_name(s);
                }
            }
        }
}

INSTANTIATE_TEST_SUITE_P(Algorithms, WeightsHash,
                         ::testing::Values(hash_case{TSR_ALGORITHM_FP, 1, TSR_BIAS_DIGITAL, true},
                                           hash_case{TSR_ALGORITHM_FP, 4, TSR_BIAS_DIGITAL, true},
                                           hash_case{TSR_ALGORITHM_SGD, 1, TSR_BIAS_DIGITAL, true},
                                           hash_case{TSR_ALGORITHM_SGD, 4, TSR_BIAS_ANALOG, true},
                                           hash_case{TSR_ALGORITHM_TTV2, 1, TSR_BIAS_DIGITAL, true},
                                           hash_case{TSR_ALGORITHM_TTV2, 4, TSR_BIAS_DIGITAL, true},
                                           hash_case{TSR_ALGORITHM_TTV2, 1, TSR_BIAS_DIGITAL, false},
                                           hash_case{TSR_ALGORITHM_CTTV2, 1, TSR_BIAS_DIGITAL, true},
                                           hash_case{TSR_ALGORITHM_CTTV2, 4, TSR_BIAS_DIGITAL, true},
                                           hash_case{TSR_ALGORITHM_CTTV2, 4, TSR_BIAS_ANALOG, false},
                                           hash_case{TSR_ALGORITHM_CTTV2, 1, TSR_BIAS_NONE, true},
                                           hash_case{TSR_ALGORITHM_AGAD, 1, TSR_BIAS_DIGITAL, true},
                                           hash_case{TSR_ALGORITHM_AGAD, 4, TSR_BIAS_DIGITAL, true}),
                         name_of);

} // namespace
} // namespace tessera::test
