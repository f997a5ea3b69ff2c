// Who goes first: (request time, priority, op id), the head of a queue never overtaken, all units of a stage at once.
#include "tests/tlm/small_chip.h"

#include <gtest/gtest.h>

namespace tessera::test {
namespace {

planned_stage on(std::vector<std::uint32_t> units, std::uint64_t duration_ps)
{
    return {std::move(units), duration_ps};
}

std::vector<std::uint64_t> ops_on_unit(const small_chip &chip, std::uint32_t unit)
{
    std::vector<std::uint64_t> ops;
    for (const tsr_span &span : chip.spans())
        if (tsr_span_unit(&span) == unit)
            ops.push_back(tsr_span_op(&span));
    return ops;
}

using ids = std::vector<std::uint64_t>;

TEST(grants, go_by_request_time_then_priority_then_op_id)
{
    const auto op = [](std::uint64_t start_ps, std::uint32_t priority) {
        return planned_op{start_ps, {on({0}, 100)}, priority};
    };
    // Op 0 holds the unit while the others queue.
    small_chip chip({op(0, 0), op(30, 0), op(20, 1), op(20, 1), op(20, 0), op(10, 9)}, equal_units(1));
    chip.run();
    EXPECT_EQ(ops_on_unit(chip, 0), (ids{0, 5, 4, 2, 3, 1}));
}

TEST(grants, of_requests_of_one_instant_wait_for_all_of_them)
{
    // All ask at 100 for unit 0, by ways of 0 to 4 skipped stages: op 4 is there first, op 0 last, several delta cycles later.
    plan ops;
    for (std::uint32_t i = 0; i < 5; ++i) {
        planned_op op{100, {}};
        for (std::uint32_t skip = i; skip < 4; ++skip)
            op.stages.push_back(on({1 + skip}, 0));
        op.stages.push_back(on({0}, 10));
        ops.push_back(op);
    }
    small_chip chip(ops, equal_units(5));
    chip.run();
    EXPECT_EQ(ops_on_unit(chip, 0), (ids{0, 1, 2, 3, 4}));
}

TEST(retry, keeps_its_place_by_its_first_request)
{
    // Ops 1 and 2 wait since 10 and 20. Op 0, first asked at 0, asks again at 100 and goes before both.
    plan ops = {{0, {on({0}, 100), on({0}, 100)}}, {10, {on({0}, 100)}}, {20, {on({0}, 100)}}};
    ops[0].stages[1].retry = true;
    small_chip chip(ops, equal_units(1));
    chip.run();
    EXPECT_EQ(ops_on_unit(chip, 0), (ids{0, 0, 1, 2}));
}

TEST(next_stage, queues_behind_those_who_wait_already)
{
    small_chip chip({{0, {on({0}, 100), on({0}, 100)}}, {10, {on({0}, 100)}}, {20, {on({0}, 100)}}}, equal_units(1));
    chip.run();
    EXPECT_EQ(ops_on_unit(chip, 0), (ids{0, 1, 2, 0}));
}

TEST(joint_stage, is_not_overtaken_while_it_waits_for_its_other_unit)
{
    // Unit 1 is busy until 100. Op 1 wants 0 and 1; op 2 wants unit 0, which is free, but op 1 was there first.
    small_chip chip({{0, {on({1}, 100)}}, {10, {on({0, 1}, 50)}}, {20, {on({0}, 50)}}}, equal_units(2));
    chip.run();
    const std::vector<tsr_span> spans = chip.spans();
    EXPECT_EQ(ops_on_unit(chip, 0), (ids{1, 2}));
    EXPECT_EQ(spans[1].grant_ps, 100U);
    EXPECT_EQ(spans[2].grant_ps, 100U);
    EXPECT_EQ(spans[3].grant_ps, 150U);
}

TEST(joint_stage, holds_nothing_while_it_waits)
{
    // Op 2 (units 0, 1) waits for unit 1 from 10 on; unit 0 counts no time for it.
    small_chip chip({{0, {on({1}, 100)}}, {10, {on({0, 1}, 50)}}}, equal_units(2));
    chip.run();
    EXPECT_EQ(chip.units[0]->counters().busy_ps, 50U);
    EXPECT_EQ(chip.units[1]->counters().busy_ps, 150U);
    EXPECT_EQ(chip.units[0]->counters().wait_ps, 90U);
}

TEST(joint_stages, that_ask_in_opposite_orders_do_not_deadlock)
{
    plan ops;
    for (std::uint32_t i = 0; i < 300; ++i)
        ops.push_back({0,
                       {on(i % 3 == 0   ? std::vector<std::uint32_t>{0, 1}
                           : i % 3 == 1 ? std::vector<std::uint32_t>{1, 2}
                                        : std::vector<std::uint32_t>{2, 0},
                           10),
                        on({1, 0}, 10)}});
    small_chip chip(ops, equal_units(3, 1, 1));
    chip.run();
    EXPECT_EQ(chip.player->ops_done(), 300U);
}

} // namespace
} // namespace tessera::test
