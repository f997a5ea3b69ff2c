#include "tests/tlm/small_chip.h"

#include "tlm/simulated_time.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <numeric>
#include <string>
#include <utility>

namespace tessera::test {

std::uint64_t planned_durations::duration_ps(const tsr_op &op, tsr_stage /* stage */)
{
    if (log_calls)
        calls.push_back({call::kind::duration, op.id, 0, now_ps(), 0, 0});
    return ops[op.number].stages[op.retry].duration_ps;
}

void planned_durations::note(const tsr_op &op, tsr_stage /* stage */, std::uint64_t service_ps, std::uint64_t wait_ps)
{
    if (log_calls)
        calls.push_back({call::kind::note, op.id, 0, now_ps(), service_ps, wait_ps});
    service_sum_ps += service_ps;
    wait_sum_ps += wait_ps;
}

void plain_unit::serve(tsr_op &op, tsr_stage stage)
{
    if (m_model.log_calls)
        m_model.calls.push_back({call::kind::serve, op.id, unit(), now_ps(), 0, 0});
    op.energy_aj += 1 + unit() * 1000 + op.number % 7 + static_cast<std::uint64_t>(stage);
}

plan_player::plan_player(const sc_core::sc_module_name &name, const settle_process &settle, const plan &ops)
    : sc_core::sc_module(name), m_out(settle, *this), m_plan(ops), m_starts(ops.size())
{
    std::iota(m_starts.begin(), m_starts.end(), std::size_t{0});
    std::stable_sort(m_starts.begin(), m_starts.end(),
                     [&](std::size_t a, std::size_t b) { return m_plan[a].start_ps < m_plan[b].start_ps; });
    SC_METHOD(issue);
}

void plan_player::repeat(std::uint32_t rounds, std::uint64_t period_ps)
{
    m_rounds = rounds;
    m_period_ps = period_ps;
}

void plan_player::start_of_simulation() { m_done_ps.resize(m_plan.size() * m_rounds); }

void plan_player::issue()
{
    while (m_issued < m_plan.size() * m_rounds) {
        const std::uint64_t round = m_issued / m_plan.size();
        const std::size_t   index = m_starts[m_issued % m_plan.size()];
        const std::uint64_t start_ps = m_plan[index].start_ps + round * m_period_ps;
        if (start_ps > now_ps()) {
            next_trigger(to_sc_time(start_ps - now_ps()));
            return;
        }
        ++m_issued;
        tsr_op op{};
        op.id = round * m_plan.size() + index;
        op.number = index;
        ask_stage(m_pool.acquire(op), now_ps());
    }
}

void plan_player::ask_stage(op_payload &payload, std::uint64_t request_ps)
{
    const tsr_op        &op = op_transaction::op_of(payload);
    const planned_op    &planned = m_plan[op.number];
    const planned_stage &stage = planned.stages[op.retry];
    stage_request        request;
    request.stage = stage.stage;
    request.unit_count = static_cast<std::uint32_t>(stage.units.size());
    std::copy(stage.units.begin(), stage.units.end(), request.units.begin());
    request.request_ps = request_ps;
    request.priority = planned.priority;
    ask(payload, request);
}

void plan_player::ask(op_payload &payload, const stage_request &request) { m_out.request(payload, request); }

void plan_player::stage_done(op_payload &payload) { advance(payload); }

void plan_player::advance(op_payload &payload)
{
    op_transaction   &transaction = op_transaction::of(payload);
    tsr_op           &op = transaction.op;
    const planned_op &planned = m_plan[op.number];
    if (++op.retry < planned.stages.size()) {
        ask_stage(payload, planned.stages[op.retry].retry ? transaction.request.request_ps : now_ps());
        return;
    }
    ++m_ops_done;
    m_energy_aj += op.energy_aj;
    m_done_ps[op.id] = now_ps();
    payload.release();
}

unit_bench::unit_bench(plan ops, std::vector<server_config> configs, const unit_maker &make_unit)
    : log(recorder_config{true, 0, UINT64_MAX, {}})
{
    model.ops = std::move(ops);
    for (std::size_t i = 0; i < configs.size(); ++i) {
        const std::string name = "unit_" + std::to_string(i);
        configs[i].unit = static_cast<std::uint32_t>(i);
        if (make_unit)
            units.push_back(make_unit(name.c_str(), configs[i], services, model));
        else
            units.push_back(std::make_unique<plain_unit>(name.c_str(), configs[i], services, model));
    }
}

small_chip::small_chip(plan ops, std::vector<server_config> configs, const unit_maker &make_unit,
                       const player_maker &make_player)
    : unit_bench(std::move(ops), std::move(configs), make_unit),
      player(make_player ? make_player("player", settle, model.ops)
                         : std::make_unique<plan_player>("player", settle, model.ops)),
      m_op_count(model.ops.size())
{}

void small_chip::repeat(std::uint32_t rounds, std::uint64_t period_ps)
{
    player->repeat(rounds, period_ps);
    m_op_count = model.ops.size() * rounds;
}

void small_chip::run()
{
    sc_core::sc_start();
    EXPECT_EQ(player->ops_done(), m_op_count) << "the simulation stopped with ops unfinished";
    EXPECT_EQ(player->pool().in_flight(), 0U);
    for (const auto &unit : units) {
        EXPECT_EQ(unit->waiting(), 0U) << unit->name();
        EXPECT_EQ(unit->in_use(), 0U) << unit->name();
    }
    checker.check_finished();
    EXPECT_EQ(checker.violations(), 0U);
}

std::vector<tsr_span> unit_bench::spans() const
{
    std::vector<tsr_span> all;
    log.for_each_run([&](const tsr_span *run, std::size_t count) { all.insert(all.end(), run, run + count); });
    return all;
}

std::vector<std::uint32_t> unit_bench::slots() const
{
    std::vector<std::uint32_t> result;
    for (const auto &unit : units)
        result.push_back(unit->config().slots);
    return result;
}

std::vector<server_config> equal_units(std::size_t count, std::uint32_t slots, std::uint32_t queue_depth)
{
    return std::vector<server_config>(count, server_config{0, slots, queue_depth});
}

} // namespace tessera::test
