// Alone, a stage takes its duration; under load, a unit gives one stage per duration and slot; slots open exactly at their end.
#include "tests/tlm/small_chip.h"

#include <gtest/gtest.h>

namespace tessera::test {
namespace {

planned_stage on(std::vector<std::uint32_t> units, std::uint64_t duration_ps)
{
    return {std::move(units), duration_ps};
}

TEST(unloaded_op, takes_the_sum_of_its_stages)
{
    small_chip chip({{500, {on({0}, 1000), on({1, 2}, 40000), on({3}, 1), on({0}, 7)}}}, equal_units(4));
    chip.run();
    EXPECT_EQ(chip.player->done_ps()[0], 500U + 1000 + 40000 + 1 + 7);
    EXPECT_EQ(chip.model.wait_sum_ps, 0U);
    EXPECT_EQ(chip.model.service_sum_ps, 41008U);

    const std::vector<tsr_span> spans = chip.spans();
    ASSERT_EQ(spans.size(), 5U); // one per unit held
    const std::uint32_t drive = TSR_STAGE_DRIVE;
    EXPECT_EQ(spans[0], (tsr_span{tsr_span_identity(0, 0, drive, 0), 500, 500, 1500}));
    EXPECT_EQ(spans[1], (tsr_span{tsr_span_identity(0, 1, drive, 0), 1500, 1500, 41500}));
    EXPECT_EQ(spans[2], (tsr_span{tsr_span_identity(0, 2, drive, 0), 1500, 1500, 41500}));
    EXPECT_EQ(spans[3], (tsr_span{tsr_span_identity(0, 3, drive, 0), 41500, 41500, 41501}));
    EXPECT_EQ(spans[4], (tsr_span{tsr_span_identity(0, 0, drive, 0), 41501, 41501, 41508}));
}

TEST(saturated_unit, serves_one_stage_per_duration)
{
    small_chip chip(plan(1000, planned_op{0, {on({0}, 250)}}), equal_units(1));
    chip.run();
    const std::vector<tsr_span> spans = chip.spans();
    ASSERT_EQ(spans.size(), 1000U);
    for (std::size_t i = 0; i < spans.size(); ++i) {
        EXPECT_EQ(tsr_span_op(&spans[i]), i);
        EXPECT_EQ(spans[i].grant_ps, 250 * i);
    }
    EXPECT_EQ(chip.units[0]->counters().busy_ps, 250000U);
    EXPECT_EQ(chip.units[0]->counters().wait_ps, 250U * (999 * 1000 / 2));
    EXPECT_EQ(chip.model.wait_sum_ps, chip.units[0]->counters().wait_ps);
}

TEST(saturated_unit, with_three_slots_serves_three_at_a_time)
{
    small_chip chip(plan(9, planned_op{0, {on({0}, 100)}}), equal_units(1, 3));
    chip.run();
    const std::vector<tsr_span> spans = chip.spans();
    ASSERT_EQ(spans.size(), 9U);
    for (std::size_t i = 0; i < spans.size(); ++i) {
        EXPECT_EQ(spans[i].grant_ps, 100 * (i / 3));
        EXPECT_EQ(tsr_span_slot(&spans[i]), i % 3);
    }
    EXPECT_EQ(chip.units[0]->counters().busy_ps, 900U); // summed over the slots
}

TEST(saturated_unit, with_slots_of_different_ends_fills_each_when_it_opens)
{
    // Durations 30, 10, 20 start at 0 on slots 0, 1, 2; three ops of 5 follow.
    small_chip chip({{0, {on({0}, 30)}},
                     {0, {on({0}, 10)}},
                     {0, {on({0}, 20)}},
                     {0, {on({0}, 5)}},
                     {0, {on({0}, 5)}},
                     {0, {on({0}, 5)}}},
                    equal_units(1, 3));
    chip.run();
    const std::vector<tsr_span> spans = chip.spans();
    ASSERT_EQ(spans.size(), 6U);
    EXPECT_EQ(spans[3].grant_ps, 10U);
    EXPECT_EQ(tsr_span_slot(&spans[3]), 1U);
    EXPECT_EQ(spans[4].grant_ps, 15U);
    EXPECT_EQ(tsr_span_slot(&spans[4]), 1U);
    EXPECT_EQ(spans[5].grant_ps, 20U);
    EXPECT_EQ(tsr_span_slot(&spans[5]), 1U) << "slots 1 and 2 open at 20: the lowest is taken";
}

// The one slot is held from 0 to 1000; the second op asks at the time of the parameter.
class gate : public testing::TestWithParam<std::uint64_t> {};

TEST_P(gate, is_shut_until_the_end_and_open_at_it)
{
    const std::uint64_t asks_ps = GetParam();
    small_chip          chip({{0, {on({0, 1}, 1000)}}, {asks_ps, {on({1}, 10)}}}, equal_units(2));
    chip.run();
    const tsr_span second = chip.spans().at(2);
    EXPECT_EQ(second.request_ps, asks_ps);
    EXPECT_EQ(second.grant_ps, asks_ps < 1000 ? 1000 : asks_ps);
    EXPECT_EQ(chip.units[1]->counters().wait_ps, second.grant_ps - asks_ps);
}

INSTANTIATE_TEST_SUITE_P(asked_at, gate, testing::Values(0, 1, 998, 999, 1000, 1001));

TEST(skipped_stage, is_answered_at_once_and_leaves_no_span)
{
    small_chip chip({{70, {on({0}, 0), on({1}, 0), on({0}, 0), on({0, 1}, 0), on({2}, 9), on({0}, 0)}}},
                    equal_units(3));
    chip.run();
    EXPECT_EQ(chip.player->done_ps()[0], 79U);
    ASSERT_EQ(chip.spans().size(), 1U);
    EXPECT_EQ(tsr_span_unit(&chip.spans()[0]), 2U);
    EXPECT_EQ(chip.units[0]->counters().grants, 4U);
    EXPECT_EQ(chip.units[0]->counters().holds, 0U);
    EXPECT_EQ(chip.units[0]->counters().busy_ps, 0U);
}

TEST(skipped_stage, waits_for_its_unit_nevertheless)
{
    small_chip chip({{0, {on({0}, 100)}}, {10, {on({0}, 0)}}}, equal_units(1));
    chip.run();
    EXPECT_EQ(chip.player->done_ps()[1], 100U);
    EXPECT_EQ(chip.model.wait_sum_ps, 90U);
}

TEST(granted_stage, calls_its_units_in_order_then_asks_for_the_duration_once)
{
    small_chip chip({{0, {on({1}, 25)}}, {5, {on({2, 0, 1}, 40)}}}, equal_units(3));
    chip.model.log_calls = true;
    chip.run();
    const std::vector<call> &calls = chip.model.calls;
    ASSERT_EQ(calls.size(), 8U);
    const std::uint32_t order[] = {2, 0, 1};
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(calls[3 + i].what, call::kind::serve);
        EXPECT_EQ(calls[3 + i].unit, order[i]);
        EXPECT_EQ(calls[3 + i].time_ps, 25U) << "the functional part runs at the grant";
    }
    EXPECT_EQ(calls[6].what, call::kind::duration);
    EXPECT_EQ(calls[7].what, call::kind::note);
    EXPECT_EQ(calls[7].service_ps, 40U);
    EXPECT_EQ(calls[7].wait_ps, 20U);
}

TEST(retry, does_not_count_its_first_service_as_waiting)
{
    plan ops = {{0, {on({0}, 100), on({0}, 50)}}};
    ops[0].stages[1].retry = true;
    small_chip chip(ops, equal_units(1));
    chip.run();
    EXPECT_EQ(chip.model.wait_sum_ps, 0U);
    EXPECT_EQ(chip.spans().at(1), (tsr_span{tsr_span_identity(0, 0, TSR_STAGE_DRIVE, 0), 0, 100, 150}));
}

} // namespace
} // namespace tessera::test
