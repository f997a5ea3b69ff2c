// The four phases as they pass a unit's socket, and the queue of finite depth between BEGIN_REQ and END_REQ.
#include "tests/tlm/probe.h"
#include "tests/tlm/small_chip.h"

#include <gtest/gtest.h>

namespace tessera::test {
namespace {

using lines = std::vector<std::string>;

// One stage of 100 ps per op.
plan stages_of_100_ps(std::size_t ops) { return plan(ops, planned_op{0, {{{0}, 100}}}); }

TEST(full_queue, accepts_a_request_when_a_place_is_free)
{
    unit_bench bench(stages_of_100_ps(6), equal_units(1, 1, 2));
    probe      initiator("probe", bench.settle, {{0, [](probe &p) {
                                                 for (std::uint64_t id = 0; id < 6; ++id)
                                                     p.ask(id, {0});
                                             }}});
    sc_core::sc_start();
    EXPECT_EQ(initiator.seen, (lines{"0 0 0 END_REQ", "0 1 0 END_REQ", "0 2 0 END_REQ", //
                                     "100 0 0 BEGIN_RESP", "100 3 0 END_REQ",           //
                                     "200 1 0 BEGIN_RESP", "200 4 0 END_REQ",           //
                                     "300 2 0 BEGIN_RESP", "300 5 0 END_REQ",           //
                                     "400 3 0 BEGIN_RESP", "500 4 0 BEGIN_RESP", "600 5 0 BEGIN_RESP"}));
    bench.checker.check_finished();
}

TEST(full_queue, lets_an_earlier_request_go_first_although_it_is_not_accepted)
{
    unit_bench bench(stages_of_100_ps(3), equal_units(1, 1, 1));
    probe      initiator("probe", bench.settle,
                         {{0, [](probe &p) { p.ask(0, {0}); }},
                          {10,
                           [](probe &p) {
                          p.ask(1, {0}); // takes the only place
                      }},
                          {20, [](probe &p) {
                          op_payload &retry = p.prepare(2, {0});
                          op_transaction::of(retry).request.request_ps = 5;
                          p.send(retry, 0);
                      }}});
    sc_core::sc_start();
    EXPECT_EQ(initiator.seen, (lines{"0 0 0 END_REQ", "10 1 0 END_REQ", "100 0 0 BEGIN_RESP", "100 2 0 END_REQ",
                                     "200 2 0 BEGIN_RESP", "300 1 0 BEGIN_RESP"}));
}

TEST(joint_stage, has_a_handshake_per_unit_and_answers_all_at_its_end)
{
    unit_bench bench(stages_of_100_ps(2), equal_units(3, 1, 1));
    probe      initiator("probe", bench.settle, {{0, [](probe &p) {
                                                 p.ask(0, {2, 0});
                                                 p.ask(1, {0, 1});
                                             }}});
    sc_core::sc_start();
    // Op 1 cannot start, so unit 1 accepts it as soon as it looks; op 0 starts, then unit 0 has a place for op 1.
    EXPECT_EQ(initiator.seen,
              (lines{"0 1 1 END_REQ", "0 0 2 END_REQ", "0 0 0 END_REQ", "0 1 0 END_REQ", //
                     "100 0 2 BEGIN_RESP", "100 0 0 BEGIN_RESP", "200 1 0 BEGIN_RESP", "200 1 1 BEGIN_RESP"}));
    bench.checker.check_finished();
}

class completed : public testing::TestWithParam<completion> {};

TEST_P(completed, handshake_may_end_by_call_or_by_return_value)
{
    unit_bench bench(stages_of_100_ps(2), equal_units(2));
    probe      initiator("probe", bench.settle, {{0, [](probe &p) {
                                                 p.ask(0, {0, 1});
                                                 p.ask(1, {1});
                                             }}});
    initiator.complete = GetParam();
    sc_core::sc_start();
    EXPECT_EQ(initiator.seen.back(), "200 1 1 BEGIN_RESP");
    bench.checker.check_finished();
    EXPECT_EQ(bench.checker.observations(), 12U); // three handshakes of four phases
}

INSTANTIATE_TEST_SUITE_P(ways, completed,
                         testing::Values(completion::by_call, completion::by_status, completion::by_phase));

} // namespace
} // namespace tessera::test
