// Counting: rounding of a charge, rows, totals, the list of charges.
#include "models/accounting/ledger.h"
#include "tests/support/machine_plan.h"

#include <gtest/gtest.h>
#include <limits>

namespace tessera::test {
namespace {

TEST(Attojoule, RoundsHalfToEven)
{
    EXPECT_EQ(tsr_attojoule(0.0), 0U);
    EXPECT_EQ(tsr_attojoule(1e-18), 1U);
    EXPECT_EQ(tsr_attojoule(2.4999e-18), 2U);
    EXPECT_EQ(tsr_attojoule(2.5001e-18), 3U);
    // exact halves: x · 10^18 is one for these
    EXPECT_EQ(tsr_attojoule(0x1p-1 / 1e18 * 1.0), 0U);
    for (const std::uint64_t whole : {1U, 2U, 7U, 1000U, 1001U}) {
        const double half = (static_cast<double>(whole) + 0.5) / 1e18;
        if (half * 1e18 == static_cast<double>(whole) + 0.5) {
            EXPECT_EQ(tsr_attojoule(half), whole + whole % 2) << whole;
        }
    }
}

TEST(Attojoule, HasNoOverflowAndNoNegative)
{
    EXPECT_EQ(tsr_attojoule(-1.0), 0U);
    EXPECT_EQ(tsr_attojoule(std::numeric_limits<double>::quiet_NaN()), 0U);
    EXPECT_EQ(tsr_attojoule(1.0), 1'000'000'000'000'000'000U);
    EXPECT_EQ(tsr_attojoule(100.0), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(tsr_attojoule(std::numeric_limits<double>::infinity()), std::numeric_limits<std::uint64_t>::max());
}

class EnergyLedger : public ::testing::Test {
protected:
    EnergyLedger() { EXPECT_EQ(tsr_ledger_create(&ledger, 2, nullptr), TSR_OK); }
    ~EnergyLedger() override { tsr_ledger_destroy(&ledger); }

    static tsr_op op_of(tsr_phase phase, tsr_op_kind kind, std::uint32_t layer)
    {
        tsr_op op{};
        op.id = 10;
        op.phase = phase;
        op.kind = kind;
        op.layer = layer;
        return op;
    }

    tsr_ledger ledger{};
};

TEST_F(EnergyLedger, RoundsEachChargeOnceAndCarriesNothing)
{
    tsr_op op = op_of(TSR_PHASE_FORWARD, TSR_OP_MVM, 1);
    for (int k = 0; k < 3; ++k)
        tsr_ledger_charge(&ledger, &op, TSR_COMPONENT_ADC, 5, 1.4e-18); // three times 1, not 4
    const tsr_ledger_row *row = tsr_ledger_row_at(&ledger, TSR_PHASE_FORWARD, TSR_OP_MVM, TSR_COMPONENT_ADC, 1);
    EXPECT_EQ(row->count, 15U);
    EXPECT_TRUE(row->energy_aj == 3);
    EXPECT_EQ(op.energy_aj, 3U);
    const tsr_ledger_row *other = tsr_ledger_row_at(&ledger, TSR_PHASE_FORWARD, TSR_OP_MVM, TSR_COMPONENT_ADC, 0);
    EXPECT_EQ(other->count, 0U);
}

TEST_F(EnergyLedger, CountsNothingForNothing)
{
    ASSERT_EQ(tsr_ledger_record(&ledger), TSR_OK);
    tsr_op op = op_of(TSR_PHASE_UPDATE, TSR_OP_UPDATE, 0);
    tsr_ledger_charge(&ledger, &op, TSR_COMPONENT_DRIVER, 0, 1.0);
    EXPECT_EQ(op.energy_aj, 0U);
    EXPECT_EQ(ledger.charge_count, 0U);
    EXPECT_TRUE(tsr_ledger_training_aj(&ledger) == 0);
}

TEST_F(EnergyLedger, EvaluationIsNoTraining)
{
    tsr_op train = op_of(TSR_PHASE_BACKWARD, TSR_OP_MVM_T, 0), evaluate = op_of(TSR_PHASE_EVALUATE, TSR_OP_MVM, 0);
    tsr_ledger_charge(&ledger, &train, TSR_COMPONENT_DAC, 1, 7e-18);
    tsr_ledger_charge(&ledger, &evaluate, TSR_COMPONENT_DAC, 1, 5e-18);
    ledger.leakage_aj = 11;
    tsr_ledger_note_op(&ledger, &train);
    tsr_ledger_note_op(&ledger, &evaluate);
    EXPECT_TRUE(tsr_ledger_training_aj(&ledger) == 18);
    EXPECT_TRUE(tsr_ledger_evaluation_aj(&ledger) == 5);
    EXPECT_EQ(tsr_ledger_training_ops(&ledger), 1U);
}

TEST_F(EnergyLedger, ListOfChargesGrows)
{
    ASSERT_EQ(tsr_ledger_record(&ledger), TSR_OK);
    tsr_op op = op_of(TSR_PHASE_FORWARD, TSR_OP_REDUCE, 0);
    for (std::uint64_t k = 1; k <= 5000; ++k) {
        op.id = k;
        tsr_ledger_charge(&ledger, &op, TSR_COMPONENT_PORT, k, static_cast<double>(k) * 1e-18);
    }
    ASSERT_EQ(ledger.status, TSR_OK);
    ASSERT_EQ(ledger.charge_count, 5000U);
    for (std::uint64_t k = 1; k <= 5000; ++k) {
        EXPECT_EQ(ledger.charges[k - 1].op, k);
        EXPECT_EQ(ledger.charges[k - 1].count, k);
        EXPECT_EQ(ledger.charges[k - 1].energy_aj, k);
    }
}

TEST_F(EnergyLedger, TimesByOpKindAndStage)
{
    const tsr_op op = op_of(TSR_PHASE_TRANSFER, TSR_OP_TRANSFER, 1);
    tsr_ledger_note_stage(&ledger, &op, TSR_STAGE_H_READ, 350, 20);
    tsr_ledger_note_stage(&ledger, &op, TSR_STAGE_H_READ, 350, 0);
    tsr_ledger_note_stage(&ledger, &op, TSR_STAGE_H_WRITE, 500, 0);
    const tsr_ledger_time *read = tsr_ledger_time_at(&ledger, TSR_PHASE_TRANSFER, TSR_OP_TRANSFER, TSR_STAGE_H_READ, 1);
    EXPECT_EQ(read->count, 2U);
    EXPECT_TRUE(read->service_ps == 700 && read->wait_ps == 20);
    EXPECT_EQ(tsr_ledger_time_at(&ledger, TSR_PHASE_TRANSFER, TSR_OP_TRANSFER, TSR_STAGE_H_READ, 0)->count, 0U);
}

TEST_F(EnergyLedger, TotalsPass64Bits)
{
    tsr_op op = op_of(TSR_PHASE_FORWARD, TSR_OP_MVM, 0);
    for (int k = 0; k < 40; ++k) {
        op.energy_aj = 0;
        tsr_ledger_charge(&ledger, &op, TSR_COMPONENT_ADC, 1, 1.0);
    }
    EXPECT_TRUE(tsr_ledger_training_aj(&ledger) == static_cast<tsr_u128>(40) * 1'000'000'000'000'000'000U);
}

TEST(Leakage, IsPowerTimesTime)
{
    machine_plan plan = quiet_plan(4, 4, TSR_ALGORITHM_SGD);
    plan.spec.chip.leakage_core_uw = 900.0;
    plan.spec.chip.leakage_global_uw = 100.0;
    built_machine machine(plan);
    tsr_machine_charge_leakage(&*machine, 12'345);
    EXPECT_TRUE(machine->ledger.leakage_aj == 12'345'000); // 1 mW · 1 ps is 1000 aJ
    tsr_machine_charge_leakage(&*machine, 12'345);
    EXPECT_TRUE(machine->ledger.leakage_aj == 12'345'000);          // the row of the whole run, not one more
    tsr_machine_charge_leakage(&*machine, std::uint64_t{1} << 62U); // 53 days
    EXPECT_TRUE(machine->ledger.leakage_aj == (static_cast<tsr_u128>(1) << 62U) * 1000);
}

TEST(Area, GrowsWithTheParts)
{
    machine_plan plan = quiet_plan(16, 16, TSR_ALGORITHM_SGD);
    plan.spec.chip.cell_um2 = 1.0;
    built_machine sgd(plan);
    // W and its reference, 16 × 16 each
    EXPECT_DOUBLE_EQ(tsr_machine_area_mm2(&*sgd), 512e-6);
    plan.spec.algorithm = tsr_algorithm_default(TSR_ALGORITHM_TTV2);
    built_machine ttv2(plan);
    EXPECT_DOUBLE_EQ(tsr_machine_area_mm2(&*ttv2), 1024e-6); // A and its reference
    plan.spec.reference_a = TSR_REFERENCE_COLUMN;
    built_machine column(plan);
    EXPECT_DOUBLE_EQ(tsr_machine_area_mm2(&*column), (512.0 + 256 + 16) * 1e-6);
    plan.spec.chip.adc_um2 = 100.0;
    plan.spec.chip.lines_per_adc = 8;
    plan.spec.chip.transposed = TSR_TRANSPOSED_SHARED;
    built_machine shared(plan);
    EXPECT_DOUBLE_EQ(tsr_machine_area_mm2(&*shared), (784.0 + 200) * 1e-6);
    plan.spec.chip.transposed = TSR_TRANSPOSED_OWN;
    built_machine own(plan);
    EXPECT_DOUBLE_EQ(tsr_machine_area_mm2(&*own), (784.0 + 400) * 1e-6);
    plan.spec.chip.sram_um2_per_bit = 0.5;
    plan.spec.chip.h_bits = 16;
    plan.spec.chip.buffer_bits = 0;
    built_machine with_h(plan);
    EXPECT_DOUBLE_EQ(tsr_machine_area_mm2(&*with_h), (1184.0 + 256 * 16 * 0.5) * 1e-6);
}

} // namespace
} // namespace tessera::test
