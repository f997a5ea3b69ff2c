// The ledger adds up: rows, recorded charges, the counters of the units and the spans are four accounts of the same run.
#include "tests/accelerator/chip_run.h"

#include <gtest/gtest.h>
#include <map>

namespace tessera::test {
namespace {

class Ledger : public ::testing::TestWithParam<tsr_algorithm_name> {
protected:
    void train(std::uint32_t batch, std::uint32_t evaluate_every)
    {
        machine = std::make_unique<built_machine>(noisy_network(GetParam(), batch));
        ASSERT_EQ(tsr_ledger_record(&(*machine)->ledger), TSR_OK);
        training_plan plan;
        plan.samples = 40;
        plan.batch = batch;
        plan.evaluate_every = evaluate_every;
        source = std::make_unique<training_source>(**machine, plan);
        chip = std::make_unique<chip_run>(**machine, *source);
        chip->run();
    }

    const tsr_ledger &ledger() { return (*machine)->ledger; }

    std::unique_ptr<built_machine>   machine;
    std::unique_ptr<training_source> source;
    std::unique_ptr<chip_run>        chip;
};

TEST_P(Ledger, TotalIsTheSumOfAllChargesAndOfAllUnits)
{
    train(2, 10);
    ASSERT_EQ(ledger().status, TSR_OK);
    tsr_u128 charged = 0;
    for (std::uint64_t k = 0; k < ledger().charge_count; ++k)
        charged += ledger().charges[k].energy_aj;
    tsr_u128 in_units = 0;
    for (std::uint32_t unit = 0; unit < chip->device().plan().unit_count(); ++unit)
        if (const server *one = chip->device().unit(unit))
            in_units += one->counters().energy_aj;
    const tsr_u128 training = tsr_ledger_training_aj(&ledger());
    const tsr_u128 evaluation = tsr_ledger_evaluation_aj(&ledger());
    EXPECT_TRUE(charged == in_units);
    EXPECT_TRUE(charged + ledger().leakage_aj == training + evaluation);
    EXPECT_GT(static_cast<double>(evaluation), 1e6);
    EXPECT_GT(static_cast<double>(training), static_cast<double>(evaluation));

    // two cores and the rest of the chip: 2.7 mW over the time of training; 1 µW·ps is 1 aJ
    EXPECT_EQ(static_cast<std::uint64_t>(ledger().leakage_aj), 2'700 * chip->device().training_ps());
}

TEST_P(Ledger, EveryRowIsTheSumOfItsCharges)
{
    train(1, 0);
    std::map<tsr_component, std::pair<std::uint64_t, tsr_u128>> charged, in_rows;
    for (std::uint64_t k = 0; k < ledger().charge_count; ++k) {
        const tsr_charge &charge = ledger().charges[k];
        charged[charge.component].first += charge.count;
        charged[charge.component].second += charge.energy_aj;
    }
    for (int phase = 0; phase < TSR_PHASE_COUNT; ++phase)
        for (int kind = 0; kind < TSR_OP_KIND_COUNT; ++kind)
            for (int part = 0; part < TSR_COMPONENT_COUNT; ++part)
                for (std::uint32_t layer = 0; layer < (*machine)->layer_count; ++layer) {
                    const tsr_ledger_row *row =
                        tsr_ledger_row_at(&ledger(), static_cast<tsr_phase>(phase), static_cast<tsr_op_kind>(kind),
                                          static_cast<tsr_component>(part), layer);
                    if (row->count > 0) {
                        in_rows[static_cast<tsr_component>(part)].first += row->count;
                        in_rows[static_cast<tsr_component>(part)].second += row->energy_aj;
                    }
                }
    EXPECT_EQ(charged.size(), in_rows.size());
    for (const auto &[component, sum] : charged) {
        EXPECT_EQ(sum.first, in_rows[component].first) << tsr_component_name(component);
        EXPECT_TRUE(sum.second == in_rows[component].second) << tsr_component_name(component);
    }
    const bool transfers = tsr_algorithm_transfers(GetParam());
    for (const tsr_component component :
         {TSR_COMPONENT_ARRAY_READ, TSR_COMPONENT_DAC, TSR_COMPONENT_INTEGRATOR, TSR_COMPONENT_ADC,
          TSR_COMPONENT_VECTOR_UNIT, TSR_COMPONENT_PORT, TSR_COMPONENT_LINK, TSR_COMPONENT_BUFFER, TSR_COMPONENT_DMA})
        EXPECT_GT(charged[component].second, 0U) << tsr_component_name(component);
    EXPECT_EQ(charged[TSR_COMPONENT_SRAM].second > 0, transfers);
    EXPECT_EQ(charged[TSR_COMPONENT_CONTROLLER].second > 0, transfers);
    EXPECT_EQ(charged[TSR_COMPONENT_ARRAY_WRITE].second > 0, GetParam() != TSR_ALGORITHM_FP);
}

TEST_P(Ledger, BusyTimeOfAUnitIsTheSumOfItsSpans)
{
    train(3, 7);
    std::map<std::uint32_t, std::uint64_t> busy, holds;
    for (const tsr_span &span : chip->unit_spans()) {
        busy[tsr_span_unit(&span)] += span.end_ps - span.grant_ps;
        holds[tsr_span_unit(&span)] += 1;
    }
    std::uint32_t used = 0;
    for (std::uint32_t unit = 0; unit < chip->device().plan().unit_count(); ++unit)
        if (const server *one = chip->device().unit(unit)) {
            EXPECT_EQ(one->counters().busy_ps, busy[unit]) << chip->device().plan().unit_name(unit);
            EXPECT_EQ(one->counters().holds, holds[unit]) << chip->device().plan().unit_name(unit);
            EXPECT_EQ(one->in_use(), 0U);
            EXPECT_EQ(one->waiting(), 0U);
            used += busy[unit] > 0;
        }
    EXPECT_GT(used, 20U);
}

TEST_P(Ledger, ServiceTimesAreThoseOfTheSpans)
{
    train(1, 9);
    tsr_u128      service = 0, waiting = 0;
    std::uint64_t evaluation_ps = 0;
    for (int phase = 0; phase < TSR_PHASE_COUNT; ++phase)
        for (int kind = 0; kind < TSR_OP_KIND_COUNT; ++kind)
            for (int stage = 0; stage < TSR_STAGE_COUNT; ++stage)
                for (std::uint32_t layer = 0; layer < (*machine)->layer_count; ++layer) {
                    const tsr_ledger_time *time =
                        tsr_ledger_time_at(&ledger(), static_cast<tsr_phase>(phase), static_cast<tsr_op_kind>(kind),
                                           static_cast<tsr_stage>(stage), layer);
                    service += time->service_ps;
                    waiting += time->wait_ps;
                    evaluation_ps += phase == TSR_PHASE_EVALUATE ? static_cast<std::uint64_t>(time->service_ps) : 0;
                }
    std::uint64_t spans_ps = 0;
    for (const stage_span &span : chip->spans())
        spans_ps += span.service_ps();
    EXPECT_TRUE(service == spans_ps);
    EXPECT_TRUE(waiting == 0); // one op at a time
    EXPECT_GT(evaluation_ps, 0U);
    EXPECT_EQ(chip->device().training_ps() + evaluation_ps, spans_ps);
}

INSTANTIATE_TEST_SUITE_P(Algorithms, Ledger,
                         ::testing::Values(TSR_ALGORITHM_FP, TSR_ALGORITHM_SGD, TSR_ALGORITHM_TTV2,
                                           TSR_ALGORITHM_CTTV2),
                         [](const auto &one) { return std::string(tsr_algorithm_name_text(one.param)); });

} // namespace
} // namespace tessera::test
