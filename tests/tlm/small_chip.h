// A chip of any units, without physics, that executes a plan: services, units and the module that moves the ops.
#ifndef TESSERA_TESTS_TLM_SMALL_CHIP_H
#define TESSERA_TESTS_TLM_SMALL_CHIP_H

#include "tests/tlm/plan.h"
#include "tlm/op_pool.h"
#include "tlm/protocol_checker.h"
#include "tlm/recorder.h"
#include "tlm/server.h"
#include "tlm/settle.h"
#include "tlm/stage_initiator.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <systemc>
#include <vector>

namespace tessera::test {

// One call of a unit's functional part or of the stage model, in the order of calls.
struct call {
    enum class kind { serve, duration, note } what;
    std::uint64_t op;
    std::uint32_t unit; // serve
    std::uint64_t time_ps;
    std::uint64_t service_ps; // note
    std::uint64_t wait_ps;    // note
};

// Durations of a plan. The stage an op is at is kept in tsr_op.retry, its plan's index in tsr_op.number.
class planned_durations : public stage_model {
public:
    std::uint64_t duration_ps(const tsr_op &op, tsr_stage stage) override;
    void          note(const tsr_op &op, tsr_stage stage, std::uint64_t service_ps, std::uint64_t wait_ps) override;

    plan              ops;
    bool              log_calls = false;
    std::vector<call> calls;
    std::uint64_t     service_sum_ps = 0;
    std::uint64_t     wait_sum_ps = 0;
};

class plain_unit : public server {
public:
    plain_unit(const sc_core::sc_module_name &name, const server_config &config, const chip_services &services,
               planned_durations &model)
        : server(name, config, services), m_model(model)
    {}

protected:
    // Charges an energy that depends on unit, op and stage.
    void serve(tsr_op &op, tsr_stage stage) override;

private:
    planned_durations &m_model;
};

// Lets a test present a stage unit by unit.
class open_initiator : public stage_initiator {
public:
    using stage_initiator::present;
    using stage_initiator::stage_initiator;
};

// Asks for the stages of a plan's ops as soon as each is ready.
class plan_player : public sc_core::sc_module, public stage_listener {
public:
    SC_HAS_PROCESS(plan_player);

    plan_player(const sc_core::sc_module_name &name, const settle_process &settle, const plan &ops);

    // Rounds: the plan is played `rounds` times, `period_ps` apart; op ids and times go on.
    void repeat(std::uint32_t rounds, std::uint64_t period_ps);

    std::uint64_t                     ops_done() const { return m_ops_done; }
    std::uint64_t                     energy_aj() const { return m_energy_aj; } // of all ops done
    op_pool                          &pool() { return m_pool; }
    const std::vector<std::uint64_t> &done_ps() const { return m_done_ps; } // by op id

protected:
    void         stage_done(op_payload &payload) override;
    virtual void ask(op_payload &payload, const stage_request &request);
    void         advance(op_payload &payload);

    open_initiator m_out;

private:
    void issue();
    void ask_stage(op_payload &payload, std::uint64_t request_ps);
    void start_of_simulation() override;

    const plan                &m_plan;
    std::uint32_t              m_rounds = 1;
    std::uint64_t              m_period_ps = 0;
    op_pool                    m_pool;
    std::vector<std::size_t>   m_starts; // plan indices in the order of start
    std::uint64_t              m_issued = 0;
    std::uint64_t              m_ops_done = 0;
    std::uint64_t              m_energy_aj = 0;
    std::vector<std::uint64_t> m_done_ps;
};

using unit_maker = std::function<std::unique_ptr<server>(const char *name, const server_config &config,
                                                         const chip_services &services, planned_durations &model)>;
using player_maker =
    std::function<std::unique_ptr<plan_player>(const char *name, const settle_process &settle, const plan &ops)>;

// Everything but the initiator, the checker on, every span recorded. One per process.
struct unit_bench {
    // Unit ids are the indices; `configs[i].unit` is ignored.
    unit_bench(plan ops, std::vector<server_config> configs, const unit_maker &make_unit = {});

    std::vector<tsr_span>      spans() const;
    std::vector<std::uint32_t> slots() const; // by unit

    planned_durations                    model;
    settle_process                       settle{"settle"};
    recorder                             log;
    protocol_checker                     checker{true};
    chip_services                        services{settle, log, checker, model};
    std::vector<std::unique_ptr<server>> units;
};

// With a player of the plan.
class small_chip : public unit_bench {
public:
    small_chip(plan ops, std::vector<server_config> configs, const unit_maker &make_unit = {},
               const player_maker &make_player = {});

    // Runs until nothing happens any more, and expects every op done and no request open.
    void run();

    void repeat(std::uint32_t rounds, std::uint64_t period_ps);

    std::unique_ptr<plan_player> player;

private:
    std::uint64_t m_op_count;
};

// `count` units with the same configuration.
std::vector<server_config> equal_units(std::size_t count, std::uint32_t slots = 1, std::uint32_t queue_depth = 16);

} // namespace tessera::test
#endif
