// The serial policy: program order, one op at a time, every dependency kept; and the graph of dependencies behind it.
#include "accelerator/op_graph.h"
#include "tests/accelerator/chip_run.h"

#include <boost/graph/exception.hpp>
#include <gtest/gtest.h>
#include <map>
#include <numeric>

namespace tessera::test {
namespace {

// -- graphs ----------------------------------------------------------------------------------------------------------

std::vector<std::uint32_t> counting(std::uint32_t count)
{
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    return order;
}

TEST(OpGraph, TakesTheEarliestOpThatMayStart)
{
    const tsr_edge edges[] = {{4, 0}, {3, 1}}; // ops 0 and 1 wait for later ones
    const op_graph graph(edges, 2, 5);
    EXPECT_EQ(graph.order(), (std::vector<std::uint32_t>{2, 3, 1, 4, 0}));
    EXPECT_EQ(graph.predecessors(0), 1U);
    EXPECT_EQ(graph.predecessors(4), 0U);
    EXPECT_EQ(graph.successors(4), (std::vector<std::uint32_t>{0}));
    EXPECT_TRUE(graph.successors(0).empty());
}

TEST(OpGraph, CriticalPathIsTheLongestChain)
{
    const tsr_edge edges[] = {{0, 2}, {1, 2}, {2, 3}, {1, 4}};
    const op_graph graph(edges, 4, 6);
    EXPECT_EQ(graph.critical_path_ps({5, 7, 11, 13, 100, 2}), 107U);        // 1, 4
    EXPECT_EQ(graph.critical_path_ps({5, 7, 11, 13, 20, 2}), 7U + 11 + 13); // 1, 2, 3
    EXPECT_EQ(graph.critical_path_ps({5, 7, 11, 13, 20, 40}), 40U);         // 5 alone
}

TEST(OpGraph, RefusesACircle)
{
    const tsr_edge edges[] = {{0, 1}, {1, 2}, {2, 0}};
    EXPECT_THROW(op_graph(edges, 3, 3), boost::not_a_dag);
}

// Real programs are written in an order that needs no change.
TEST(OpGraph, OrderOfARealProgramIsProgramOrder)
{
    for (const tsr_algorithm_name algorithm :
         {TSR_ALGORITHM_FP, TSR_ALGORITHM_SGD, TSR_ALGORITHM_TTV2, TSR_ALGORITHM_CTTV2})
        for (const std::uint32_t batch : {1U, 4U}) {
            built_machine machine(noisy_network(algorithm, batch));
            training_plan plan;
            plan.samples = 3 * batch;
            plan.batch = batch;
            plan.evaluate_every = batch;
            training_programs programs(*machine, plan);
            tsr_dependencies  dependencies{};
            ASSERT_EQ(tsr_dependencies_create(&dependencies, &*machine), TSR_OK);
            std::uint32_t count = 0;
            for (program next = programs.next(); next.count > 0; next = programs.next(), ++count) {
                tsr_dependencies_clear(&dependencies);
                ASSERT_EQ(tsr_dependencies_derive(&dependencies, next.ops, next.count), TSR_OK);
                const op_graph graph(dependencies.edges, dependencies.edge_count,
                                     static_cast<std::uint32_t>(next.count));
                EXPECT_EQ(graph.order(), counting(static_cast<std::uint32_t>(next.count)));
                std::uint64_t edges = 0;
                for (std::uint32_t op = 0; op < graph.size(); ++op)
                    edges += graph.predecessors(op);
                EXPECT_EQ(edges, dependencies.edge_count);
                EXPECT_GT(edges, next.count / 2);
            }
            EXPECT_EQ(count, 3U + 3 * 2);
            tsr_dependencies_destroy(&dependencies);
        }
}

// -- the schedule of a run -------------------------------------------------------------------------------------------

struct lifetime {
    std::uint64_t first_ps = 0, last_ps = 0;
};

// Runs a noisy network and keeps all its ops and the dependencies between them, over the borders of programs as well.
class recorded_training : public program_source {
public:
    recorded_training(tsr_machine &machine, const training_plan &plan) : m_programs(machine, plan)
    {
        if (tsr_dependencies_create(&m_dependencies, &machine) != TSR_OK)
            throw std::runtime_error("out of memory");
    }
    ~recorded_training() override { tsr_dependencies_destroy(&m_dependencies); }

    program next_program() override
    {
        const program next = m_programs.next();
        const auto    base = static_cast<std::uint32_t>(ids.size());
        for (std::uint64_t k = 0; k < next.count; ++k)
            ids.push_back(next.ops[k].id);
        programs += next.count > 0;
        if (tsr_dependencies_derive(&m_dependencies, next.ops, next.count) != TSR_OK)
            throw std::runtime_error("out of memory");
        for (std::uint64_t k = 0; k < m_dependencies.edge_count; ++k) {
            edges.push_back(m_dependencies.edges[k]);
            across += edges.back().from < base;
        }
        return next;
    }

    std::vector<std::uint64_t> ids; // in program order
    std::vector<tsr_edge>      edges;
    std::uint64_t              across = 0; // edges between programs
    std::uint32_t              programs = 0;

private:
    training_programs m_programs;
    tsr_dependencies  m_dependencies{};
};

TEST(SerialPolicy, OneOpAtATimeInProgramOrderAndEveryEdgeKept)
{
    built_machine machine(noisy_network(TSR_ALGORITHM_CTTV2, 2));
    training_plan plan;
    plan.samples = 12;
    plan.batch = 2;
    plan.evaluate_every = 4;
    recorded_training source(*machine, plan);
    chip_run          chip(*machine, source);
    chip.run();

    std::map<std::uint64_t, lifetime> lives; // by op
    for (const stage_span &span : chip.spans()) {
        const auto [life, is_new] = lives.try_emplace(span.op, lifetime{span.grant_ps, span.end_ps});
        if (!is_new)
            life->second.last_ps = span.end_ps;
        EXPECT_LE(span.request_ps, span.grant_ps);
    }
    std::uint64_t free_ps = 0;
    std::size_t   without = 0;
    for (const std::uint64_t id : source.ids) {
        const auto life = lives.find(id);
        if (life == lives.end()) { // a PROGRAM_SLICE that fired nothing, a REDUCE of one tile …
            ++without;
            continue;
        }
        EXPECT_EQ(life->second.first_ps, free_ps) << "op " << id; // no pause, no overlap
        free_ps = life->second.last_ps;
    }
    EXPECT_EQ(lives.size() + without, source.ids.size());
    EXPECT_LT(without, source.ids.size() / 4);

    ASSERT_GT(source.edges.size(), 1000U);
    EXPECT_GT(source.across, 100U);
    for (const tsr_edge &edge : source.edges) {
        const auto from = lives.find(source.ids[edge.from]), to = lives.find(source.ids[edge.to]);
        if (from != lives.end() && to != lives.end()) {
            EXPECT_LE(from->second.last_ps, to->second.first_ps) << "edge " << edge.from << " → " << edge.to;
        }
    }
    EXPECT_EQ(source.programs, 6U + 3 * 2);
}

// Every stage of every op is served by the units of its own tile and core.
TEST(SerialPolicy, OpsAreServedByTheirOwnUnits)
{
    built_machine machine(noisy_network(TSR_ALGORITHM_TTV2, 1));
    training_plan plan;
    plan.samples = 4;
    std::map<std::uint64_t, tsr_op> ops;
    {
        training_programs programs(*machine, plan);
        for (program next = programs.next(); next.count > 0; next = programs.next())
            for (std::uint64_t k = 0; k < next.count; ++k)
                ops[next.ops[k].id] = next.ops[k];
    }
    training_source source(*machine, plan);
    chip_run        chip(*machine, source);
    chip.run();
    const floorplan &where = chip.device().plan();
    for (const stage_span &span : chip.spans()) {
        const tsr_op &op = ops.at(span.op);
        tsr_role      roles[TSR_STAGE_MAX_UNITS];
        ASSERT_EQ(span.units.size(), tsr_stage_roles(span.stage, roles));
        for (const std::uint32_t unit : span.units) {
            const std::string name = where.unit_name(unit);
            const std::string core = "core" + std::to_string(op.core) + ".";
            const std::string tile = ".tile" + std::to_string(op.tile) + ".";
            const std::string kind = name.substr(name.rfind('.') + 1);
            const bool        global = name.find('.') == std::string::npos;
            const bool        of_a_tile = name.find(".tile") != std::string::npos;
            EXPECT_TRUE(global || name.rfind(core, 0) == 0) << name;
            EXPECT_TRUE(!of_a_tile || name.find(tile) != std::string::npos) << name;
            EXPECT_FALSE(span.stage == TSR_STAGE_PULSE && kind == "w") << "updates go to A";
            EXPECT_FALSE(span.stage == TSR_STAGE_PROGRAM && kind == "a") << "transfers go to W";
        }
    }
}

TEST(SerialPolicy, NothingToDoEndsAtOnce)
{
    built_machine   machine(quiet_plan(4, 4, TSR_ALGORITHM_SGD));
    scripted_source nothing;
    chip_run        chip(*machine, nothing);
    sc_core::sc_start();
    chip.device().conclude();
    EXPECT_EQ(now_ps(), 0U);
    EXPECT_EQ(chip.device().training_ps(), 0U);
    EXPECT_EQ(chip.device().log().size(), 0U);
}

} // namespace
} // namespace tessera::test
