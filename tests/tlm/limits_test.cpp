// What a unit refuses: impossible configurations, unknown units, and times beyond 2^64 ps.
#include "tests/support/systemc_reports.h"
#include "tests/tlm/small_chip.h"
#include "tlm/simulated_time.h"

#include <gtest/gtest.h>

namespace tessera::test {
namespace {

class unit_config : public testing::TestWithParam<server_config> {};

TEST_P(unit_config, out_of_range_is_refused)
{
    unit_bench    bench({}, equal_units(1));
    expect_report expected(GetParam().unit == 1 ? "tessera/server" : "tessera/settle");
    EXPECT_THROW(plain_unit("bad", GetParam(), bench.services, bench.model), sc_core::sc_report);
}

INSTANTIATE_TEST_SUITE_P(values, unit_config,
                         testing::Values(server_config{1, 0, 1}, server_config{1, 65, 1}, server_config{1, 1, 0},
                                         server_config{0, 1, 1}, server_config{TSR_SPAN_MAX_UNITS, 1, 1}));

TEST(unit_config, takes_the_extremes)
{
    unit_bench bench({}, equal_units(1));
    plain_unit last("last", {TSR_SPAN_MAX_UNITS - 1, TSR_SPAN_MAX_SLOTS, 1}, bench.services, bench.model);
    EXPECT_EQ(bench.settle.unit_count(), TSR_SPAN_MAX_UNITS);
    EXPECT_EQ(bench.settle.unit(TSR_SPAN_MAX_UNITS - 1), &last);
    EXPECT_EQ(bench.settle.unit(1), nullptr);
}

TEST(settle_process, is_alone)
{
    settle_process one("one");
    expect_report  expected("tessera/settle");
    EXPECT_THROW(settle_process("two"), sc_core::sc_report);
}

TEST(simulated_time, ends_at_2_to_the_64_ps)
{
    EXPECT_EQ(end_of_stage_ps(5, UINT64_MAX - 5), UINT64_MAX);
    expect_report expected("tessera/time");
    EXPECT_THROW(end_of_stage_ps(6, UINT64_MAX - 5), sc_core::sc_report);
    EXPECT_NE(expected.text().find("coarser"), std::string::npos);
}

TEST(simulated_time, stops_the_simulation_where_a_stage_would_pass_it)
{
    expect_report expected("tessera/time");
    unit_bench    bench({{100, {{{0}, UINT64_MAX}}}}, equal_units(1));
    plan_player   player("player", bench.settle, bench.model.ops);
    EXPECT_THROW(sc_core::sc_start(), sc_core::sc_report);
    EXPECT_EQ(now_ps(), 100U);
}

TEST(simulated_time, counts_picoseconds_only)
{
    sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
    expect_report expected("tessera/time");
    EXPECT_THROW(require_picosecond_resolution(), sc_core::sc_report);
}

} // namespace
} // namespace tessera::test
