// Each violation is found, by the name of its rule, and nothing else is.
#include "tests/support/systemc_reports.h"
#include "tests/tlm/probe.h"
#include "tests/tlm/small_chip.h"

#include <gtest/gtest.h>

namespace tessera::test {
namespace {

// Units 0 to 2 of two slots and a queue of one, watched by a checker of their own and driven by hand.
class handshakes {
public:
    handshakes()
    {
        for (std::uint32_t unit = 0; unit < 3; ++unit)
            checker.add(unit, 2, 1);
    }

    op_payload &prepare(std::uint64_t id, const std::vector<std::uint32_t> &units)
    {
        tsr_op op{};
        op.id = id;
        op_payload   &payload = m_pool.acquire(op);
        stage_request request;
        request.unit_count = static_cast<std::uint32_t>(units.size());
        for (std::size_t i = 0; i < units.size() && i < request.units.size(); ++i)
            request.units[i] = units[i];
        request.request_ps = now();
        op_transaction::of(payload).begin_stage(request, request.request_ps);
        return payload;
    }
    op_payload &ask(std::uint64_t id, const std::vector<std::uint32_t> &units)
    {
        op_payload &payload = prepare(id, units);
        for (const std::uint32_t unit : units)
            see(unit, payload, tlm::BEGIN_REQ);
        return payload;
    }
    void see(std::uint32_t unit, op_payload &payload, const tlm::tlm_phase &phase,
             const sc_core::sc_time &delay = sc_core::SC_ZERO_TIME)
    {
        checker.observe(unit, payload, phase, delay);
    }
    // Grants a stage of `duration_ps`, that starts now, in slot 0 of all its units.
    void grant(op_payload &payload, std::uint64_t duration_ps)
    {
        op_transaction &transaction = op_transaction::of(payload);
        transaction.grant_ps = now();
        transaction.end_ps = now() + duration_ps;
        checker.granted(payload);
    }
    static std::uint64_t now() { return sc_core::sc_time_stamp().value(); }

    protocol_checker checker{true};

private:
    op_pool m_pool;
};

struct fault {
    protocol_rule rule;
    const char   *name;
    void (*inject)(handshakes &);
};
std::ostream &operator<<(std::ostream &out, const fault &f) { return out << f.name; }

void pass_10_ps() { sc_core::sc_start(10, sc_core::SC_PS); }

const fault faults[] = {
    {protocol_rule::phase_order, "end_request_first", [](handshakes &h) { h.see(0, h.prepare(1, {0}), tlm::END_REQ); }},
    {protocol_rule::phase_order, "end_request_twice",
     [](handshakes &h) {
         op_payload &op = h.ask(1, {0});
         h.see(0, op, tlm::END_REQ);
         h.see(0, op, tlm::END_REQ);
     }},
    {protocol_rule::phase_order, "response_before_end_request",
     [](handshakes &h) {
         op_payload &op = h.ask(1, {0});
         h.grant(op, 0);
         h.see(0, op, tlm::BEGIN_RESP);
     }},
    {protocol_rule::phase_order, "end_response_first",
     [](handshakes &h) {
         op_payload &op = h.ask(1, {0});
         h.see(0, op, tlm::END_REQ);
         h.see(0, op, tlm::END_RESP);
     }},
    {protocol_rule::phase_order, "unknown_phase",
     [](handshakes &h) { h.see(0, h.prepare(1, {0}), tlm::UNINITIALIZED_PHASE); }},
    {protocol_rule::request_outstanding, "asked_twice",
     [](handshakes &h) {
         op_payload &op = h.ask(1, {0});
         h.see(0, op, tlm::BEGIN_REQ);
     }},
    {protocol_rule::request_outstanding, "unit_named_twice",
     [](handshakes &h) {
         h.ask(1, {2, 2});
     }},
    {protocol_rule::unit_in_stage, "unit_not_named",
     [](handshakes &h) { h.see(1, h.prepare(1, {0}), tlm::BEGIN_REQ); }},
    {protocol_rule::unit_in_stage, "no_unit", [](handshakes &h) { h.see(1, h.prepare(1, {}), tlm::BEGIN_REQ); }},
    {protocol_rule::unit_in_stage, "too_many_units",
     [](handshakes &h) {
         h.see(1, h.prepare(1, {0, 1, 2, 0}), tlm::BEGIN_REQ);
     }},
    {protocol_rule::presented_together, "one_unit_later",
     [](handshakes &h) {
         op_payload &op = h.prepare(1, {0, 1});
         h.see(0, op, tlm::BEGIN_REQ);
         pass_10_ps();
         h.see(1, op, tlm::BEGIN_REQ);
     }},
    {protocol_rule::request_time, "in_the_future",
     [](handshakes &h) {
         op_payload &op = h.prepare(1, {0});
         op_transaction::of(op).request.request_ps = h.now() + 1;
         h.see(0, op, tlm::BEGIN_REQ);
     }},
    {protocol_rule::no_delay, "one_picosecond",
     [](handshakes &h) { h.see(0, h.prepare(1, {0}), tlm::BEGIN_REQ, sc_core::sc_time(1, sc_core::SC_PS)); }},
    {protocol_rule::queue_depth, "one_too_many",
     [](handshakes &h) {
         h.see(0, h.ask(1, {0}), tlm::END_REQ);
         h.see(0, h.ask(2, {0}), tlm::END_REQ);
     }},
    {protocol_rule::grant_complete, "not_asked_everywhere",
     [](handshakes &h) {
         op_payload &op = h.prepare(1, {0, 1});
         h.see(0, op, tlm::BEGIN_REQ);
         h.grant(op, 5);
     }},
    {protocol_rule::grant_complete, "granted_twice",
     [](handshakes &h) {
         op_payload &op = h.ask(1, {0});
         h.grant(op, 5);
         h.grant(op, 5);
     }},
    {protocol_rule::grant_order, "later_op_first",
     [](handshakes &h) {
         h.ask(7, {0, 1});
         h.grant(h.ask(8, {1, 2}), 5);
     }},
    {protocol_rule::slots, "held_already",
     [](handshakes &h) {
         for (std::uint64_t id = 1; id <= 2; ++id) {
             op_payload &op = h.ask(id, {0});
             h.grant(op, 5);
             h.checker.occupied(0, op, 0);
         }
     }},
    {protocol_rule::slots, "does_not_exist",
     [](handshakes &h) {
         op_payload &op = h.ask(1, {0});
         h.grant(op, 5);
         h.checker.occupied(0, op, 2);
     }},
    {protocol_rule::stage_length, "nothing",
     [](handshakes &h) {
         op_payload &op = h.ask(1, {0});
         h.grant(op, 0);
         h.checker.occupied(0, op, 0);
     }},
    {protocol_rule::answered_once, "answered_twice",
     [](handshakes &h) {
         op_payload &op = h.ask(1, {0});
         h.see(0, op, tlm::END_REQ);
         h.grant(op, 0);
         h.see(0, op, tlm::BEGIN_RESP);
         h.see(0, op, tlm::BEGIN_RESP);
     }},
    {protocol_rule::answered_once, "answered_again_after_the_end",
     [](handshakes &h) {
         op_payload &op = h.ask(1, {0});
         h.see(0, op, tlm::END_REQ);
         h.grant(op, 0);
         h.see(0, op, tlm::BEGIN_RESP);
         h.see(0, op, tlm::END_RESP);
         h.see(0, op, tlm::BEGIN_RESP);
     }},
    {protocol_rule::answered_at_end, "not_granted",
     [](handshakes &h) {
         op_payload &op = h.ask(1, {0});
         h.see(0, op, tlm::END_REQ);
         h.see(0, op, tlm::BEGIN_RESP);
     }},
    {protocol_rule::answered_at_end, "a_picosecond_early",
     [](handshakes &h) {
         op_payload &op = h.ask(1, {0});
         h.see(0, op, tlm::END_REQ);
         h.grant(op, 11);
         pass_10_ps();
         h.see(0, op, tlm::BEGIN_RESP);
     }},
    {protocol_rule::finished, "left_open",
     [](handshakes &h) {
         h.ask(1, {0});
         h.checker.check_finished();
     }},
};

class checker_finds : public testing::TestWithParam<fault> {};

TEST_P(checker_finds, the_fault_by_the_name_of_its_rule)
{
    handshakes    h;
    expect_report expected(std::string("tessera/protocol/") + protocol_rule_name(GetParam().rule));
    EXPECT_THROW(GetParam().inject(h), sc_core::sc_report);
    EXPECT_EQ(h.checker.violations(), 1U);
}

INSTANTIATE_TEST_SUITE_P(faults, checker_finds, testing::ValuesIn(faults),
                         [](const testing::TestParamInfo<fault> &tested) {
                             return std::string(protocol_rule_name(tested.param.rule)) + "__" + tested.param.name;
                         });

TEST(checker, has_a_fault_for_every_rule)
{
    std::vector<bool> injected(static_cast<std::size_t>(protocol_rule::count));
    for (const fault &one : faults)
        injected[static_cast<std::size_t>(one.rule)] = true;
    for (std::size_t rule = 0; rule < injected.size(); ++rule)
        EXPECT_TRUE(injected[rule]) << protocol_rule_name(static_cast<protocol_rule>(rule));
}

TEST(checker, lets_a_regular_handshake_pass)
{
    handshakes  h;
    op_payload &op = h.ask(1, {0, 1});
    h.see(0, op, tlm::END_REQ);
    h.see(1, op, tlm::END_REQ);
    h.grant(op, 10);
    h.checker.occupied(0, op, 0);
    h.checker.occupied(1, op, 1);
    pass_10_ps();
    for (const std::uint32_t unit : {0U, 1U}) {
        h.see(unit, op, tlm::BEGIN_RESP);
        h.see(unit, op, tlm::END_RESP);
    }
    h.checker.check_finished();
    EXPECT_EQ(h.checker.observations(), 8U);
    EXPECT_EQ(h.checker.violations(), 0U);
}

// On the wire: what an initiator does wrong stops the simulation at a real unit's socket.

TEST(checker_in_a_unit, finds_a_second_request)
{
    expect_report expected("tessera/protocol/request_outstanding");
    unit_bench    bench(plan(1, planned_op{0, {{{0}, 100}}}), equal_units(1));
    op_payload   *asked = nullptr;
    probe         initiator("probe", bench.settle,
                            {{0,
                              [&](probe &p) {
                          asked = &p.prepare(0, {0});
                          p.send(*asked, 0);
                      }},
                             {10, [&](probe &p) { p.send(*asked, 0); }}});
    EXPECT_THROW(sc_core::sc_start(), sc_core::sc_report);
}

TEST(checker_in_a_unit, finds_an_answer_that_nobody_completed)
{
    expect_report expected("tessera/protocol/finished");
    unit_bench    bench(plan(1, planned_op{0, {{{0}, 100}}}), equal_units(1));
    probe         initiator("probe", bench.settle, {{0, [](probe &p) { p.ask(0, {0}); }}});
    initiator.complete = completion::never;
    sc_core::sc_start();
    EXPECT_EQ(initiator.seen.back(), "100 0 0 BEGIN_RESP");
    EXPECT_THROW(bench.checker.check_finished(), sc_core::sc_report);
}

} // namespace
} // namespace tessera::test
