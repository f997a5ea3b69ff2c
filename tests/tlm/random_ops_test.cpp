// Many ops with stages of one to three units against the oracle: the same spans, nothing left over, no deadlock.
#include "tests/tlm/oracle.h"
#include "tests/tlm/small_chip.h"

#include <gtest/gtest.h>

namespace tessera::test {
namespace {

struct load {
    const char        *name;
    random_plan_config config;
    std::uint32_t      most_slots;
    std::uint32_t      queue_depth;
};

std::ostream &operator<<(std::ostream &out, const load &l) { return out << l.name; }

// Mean waits are 0.7 to 20 steps at these rates, and half the run where all ops start at once.
const load loads[] = {
    // ops, units, most stages, step, longest, steps per op, priorities; slots, queue depth
    {"light", {100000, 24, 5, 100, 4, 2, 3}, 1, 16},        {"busy", {100000, 12, 5, 100, 4, 3, 3}, 1, 4},
    {"several_slots", {100000, 10, 5, 100, 4, 2, 2}, 4, 3}, {"queue_of_one", {100000, 16, 4, 100, 4, 2, 3}, 2, 1},
    {"mostly_skipped", {100000, 6, 6, 100, 1, 2, 1}, 1, 4}, {"all_at_once", {5000, 12, 5, 100, 4, 0, 3}, 2, 16},
};

class random_ops : public testing::TestWithParam<load> {};

std::vector<server_config> units_of(const load &load)
{
    std::vector<server_config> units = equal_units(load.config.units, 1, load.queue_depth);
    for (std::size_t i = 0; i < units.size(); ++i)
        units[i].slots = 1 + static_cast<std::uint32_t>(i) % load.most_slots;
    return units;
}

void expect_spans_of_oracle(const small_chip &chip)
{
    const std::vector<tsr_span> expected = oracle_spans(chip.model.ops, chip.slots());
    const std::vector<tsr_span> actual = chip.spans();
    ASSERT_GT(expected.size(), chip.model.ops.size());
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        ASSERT_EQ(actual[i], expected[i]) << "span " << i;
}

// Busy time, holds and energy that the units counted are those of the spans and of the ops.
void expect_counters_of_spans(const small_chip &chip)
{
    std::vector<std::uint64_t> busy_ps(chip.units.size()), holds(chip.units.size());
    for (const tsr_span &span : chip.spans()) {
        busy_ps[tsr_span_unit(&span)] += span.end_ps - span.grant_ps;
        ++holds[tsr_span_unit(&span)];
    }
    std::uint64_t grants = 0, expected_grants = 0;
    tsr_u128      energy_aj = 0;
    for (std::size_t i = 0; i < chip.units.size(); ++i) {
        const server_counters &counters = chip.units[i]->counters();
        EXPECT_EQ(counters.busy_ps, busy_ps[i]) << i;
        EXPECT_EQ(counters.holds, holds[i]) << i;
        EXPECT_GT(counters.holds, 0U) << i;
        grants += counters.grants;
        energy_aj += counters.energy_aj;
    }
    for (const planned_op &op : chip.model.ops)
        for (const planned_stage &stage : op.stages)
            expected_grants += stage.units.size();
    EXPECT_EQ(grants, expected_grants);
    EXPECT_TRUE(energy_aj == chip.player->energy_aj());
    EXPECT_GT(chip.player->energy_aj(), 0U);
}

TEST_P(random_ops, give_the_spans_of_the_oracle_and_the_units_count_them)
{
    small_chip chip(random_plan(GetParam().config, 17), units_of(GetParam()));
    chip.run();
    expect_spans_of_oracle(chip);
    expect_counters_of_spans(chip);
}

INSTANTIATE_TEST_SUITE_P(loads, random_ops, testing::ValuesIn(loads),
                         [](const testing::TestParamInfo<load> &tested) { return tested.param.name; });

} // namespace
} // namespace tessera::test
