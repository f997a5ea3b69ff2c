// Programs and their dependencies together: any order that keeps the edges trains the same weights.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "models/chip/dependencies.h"
#include "models/machine/stages.h"
#include "tests/workloads/producer_support.h"

namespace tessera::testing {
namespace {

using edge = std::pair<uint32_t, uint32_t>;

std::vector<edge> edges_of(const Producer &producer, const std::vector<tsr_op> &ops)
{
    tsr_dependencies dependencies{};
    EXPECT_EQ(tsr_dependencies_create(&dependencies, producer.machine.get()), TSR_OK);
    EXPECT_EQ(tsr_dependencies_derive(&dependencies, ops.data(), ops.size()), TSR_OK);
    std::vector<edge> edges;
    for (uint64_t k = 0; k < dependencies.edge_count; ++k) {
        edges.emplace_back(dependencies.edges[k].from, dependencies.edges[k].to);
    }
    tsr_dependencies_destroy(&dependencies);
    return edges;
}

struct access_sets {
    std::set<tsr_state> reads, writes;
};

access_sets accesses_of(const Producer &producer, const tsr_op &op)
{
    std::vector<tsr_access> list(tsr_op_access_limit(producer.machine.get()));
    list.resize(tsr_op_accesses(producer.machine.get(), &op, list.data(), static_cast<uint32_t>(list.size())));
    access_sets sets;
    for (const tsr_access &access : list) {
        (access.write ? sets.writes : sets.reads).insert(access.state);
    }
    return sets;
}

bool meet(const std::set<tsr_state> &a, const std::set<tsr_state> &b)
{
    return std::any_of(a.begin(), a.end(), [&](tsr_state state) { return b.count(state) != 0; });
}

bool conflict(const access_sets &a, const access_sets &b)
{
    return meet(a.writes, b.writes) || meet(a.writes, b.reads) || meet(a.reads, b.writes);
}

tsr_algorithm_spec often_chopped()
{
    tsr_algorithm_spec spec = algorithm(TSR_ALGORITHM_CTTV2);
    spec.in_chop_prob = 0.5;
    return spec;
}

const std::vector<ProducerCase> cases = {
    {{6, 5, 3}, 3, 2, often_chopped(), 3},
    {{6, 5, 3}, 3, 2, algorithm(TSR_ALGORITHM_SGD), 3, TSR_BIAS_ANALOG},
    {{5, 4, 4, 2}, 3, 1, algorithm(TSR_ALGORITHM_TTV2, 2, false), 2, TSR_BIAS_NONE},
};

class ProducerDependenciesTest : public ::testing::TestWithParam<size_t> {};

TEST_P(ProducerDependenciesTest, EdgesOrderExactlyTheConflictingOps)
{
    Producer            producer(cases[GetParam()]);
    std::vector<tsr_op> ops;
    for (const auto &part : {producer.train(2), producer.evaluate(1), producer.train(1)}) {
        ops.insert(ops.end(), part.begin(), part.end());
    }
    const size_t             n = ops.size();
    std::vector<access_sets> accesses;
    for (const tsr_op &op : ops) {
        accesses.push_back(accesses_of(producer, op));
    }

    // reachable[to] = every op that has a path to `to`; edges come ascending in `to`.
    std::vector<std::vector<bool>> reachable(n, std::vector<bool>(n, false));
    const auto                     edges = edges_of(producer, ops);
    EXPECT_EQ(std::set<edge>(edges.begin(), edges.end()).size(), edges.size()) << "an edge is listed twice";
    for (const auto &[from, to] : edges) {
        ASSERT_LT(from, to);
        EXPECT_TRUE(conflict(accesses[from], accesses[to])) << from << " -> " << to;
        reachable[to][from] = true;
        for (size_t k = 0; k < n; ++k) {
            reachable[to][k] = reachable[to][k] || reachable[from][k];
        }
    }
    size_t conflicts = 0;
    for (size_t to = 0; to < n; ++to) {
        for (size_t from = 0; from < to; ++from) {
            if (conflict(accesses[from], accesses[to])) {
                ++conflicts;
                EXPECT_TRUE(reachable[to][from]) << from << " and " << to << " may swap";
            }
        }
    }
    EXPECT_GT(conflicts, edges.size()) << "paths replace edges";
}

// What a run leaves behind. The loss is a sum of doubles: bit for bit, too.
struct outcome {
    uint64_t hash;
    double   loss;
    uint64_t samples, correct;
};

bool operator==(const outcome &a, const outcome &b)
{
    return a.hash == b.hash && std::memcmp(&a.loss, &b.loss, sizeof a.loss) == 0 && a.samples == b.samples &&
           a.correct == b.correct;
}

// Two mini-batches and an evaluation of random images, executed in an order that `arrange` makes of program order.
template <typename Arrange>
outcome run(const ProducerCase &parameters, Arrange arrange)
{
    Producer             producer(parameters);
    std::mt19937         random(7);
    std::vector<uint8_t> pixels(parameters.sizes.front() * 8);
    std::generate(pixels.begin(), pixels.end(), [&] { return static_cast<uint8_t>(random() & 0xFFU); });

    std::vector<tsr_op> ops;
    const auto          take = [&](tsr_status status) {
        EXPECT_EQ(status, TSR_OK);
        ops.insert(ops.end(), producer.program.ops, producer.program.ops + producer.program.count);
    };
    std::vector<tsr_item> items;
    for (uint32_t k = 0; k < 8; ++k) {
        items.push_back({&pixels[k * parameters.sizes.front()], k % parameters.sizes.back()});
    }
    take(tsr_producer_train(&producer.state, items.data(), 2, 1.0F, 1.0F, &producer.program));
    take(tsr_producer_evaluate(&producer.state, &items[2], 2, &producer.program));
    take(tsr_producer_train(&producer.state, &items[4], 2, 1.0F, 1.0F, &producer.program));

    std::vector<tsr_op> ordered;
    for (const uint32_t k : arrange(producer, ops)) {
        ordered.push_back(ops[k]);
    }
    tsr_machine *machine = producer.machine.get();
    tsr_work    *work = tsr_work_create(machine->line_max);
    EXPECT_EQ(tsr_execute_in_order(machine, ordered.data(), ordered.size(), work), TSR_OK);
    tsr_work_destroy(work);
    outcome result{tsr_machine_hash(machine), 0.0, 0, 0};
    tsr_machine_take_score(machine, &result.loss, &result.samples, &result.correct);
    return result;
}

// A random order that keeps the edges: each time any op whose predecessors are done.
std::vector<uint32_t> random_order(std::mt19937 &random, size_t n, const std::vector<edge> &edges)
{
    std::vector<uint32_t>              waits(n, 0);
    std::vector<std::vector<uint32_t>> after(n);
    for (const auto &[from, to] : edges) {
        ++waits[to];
        after[from].push_back(to);
    }
    std::vector<uint32_t> ready;
    std::vector<uint32_t> order;
    for (uint32_t k = 0; k < n; ++k) {
        if (waits[k] == 0) {
            ready.push_back(k);
        }
    }
    while (!ready.empty()) {
        std::swap(ready[random() % ready.size()], ready.back());
        const uint32_t next = ready.back();
        ready.pop_back();
        order.push_back(next);
        for (const uint32_t to : after[next]) {
            if (--waits[to] == 0) {
                ready.push_back(to);
            }
        }
    }
    return order;
}

std::vector<uint32_t> program_order(const Producer & /*producer*/, const std::vector<tsr_op> &ops)
{
    std::vector<uint32_t> order(ops.size());
    std::iota(order.begin(), order.end(), 0U);
    return order;
}

TEST_P(ProducerDependenciesTest, AnyOrderThatKeepsTheEdgesTrainsTheSameWeights)
{
    const ProducerCase &parameters = cases[GetParam()];
    const outcome       expected = run(parameters, program_order);
    EXPECT_EQ(expected.samples, 6U);
    EXPECT_NE(expected.hash, tsr_machine_hash(Producer(parameters).machine.get())) << "nothing was learnt";
    for (uint32_t seed = 0; seed < 25; ++seed) {
        std::mt19937  random(seed);
        const outcome result = run(parameters, [&](const Producer &producer, const std::vector<tsr_op> &ops) {
            const auto order = random_order(random, ops.size(), edges_of(producer, ops));
            EXPECT_EQ(order.size(), ops.size());
            EXPECT_NE(order, program_order(producer, ops));
            return order;
        });
        EXPECT_TRUE(result == expected) << "seed " << seed;
    }
}

// The test above can tell orders apart: each edge between updates, transfers and reads of one tile matters.
TEST_P(ProducerDependenciesTest, OrdersThatBreakEdgesTrainOtherWeights)
{
    const ProducerCase &parameters = cases[GetParam()];
    const outcome       expected = run(parameters, program_order);
    uint32_t            different = 0;
    for (uint32_t seed = 0; seed < 10; ++seed) {
        std::mt19937  random(seed);
        const outcome result = run(parameters, [&](const Producer &producer, const std::vector<tsr_op> &ops) {
            std::vector<edge> edges = edges_of(producer, ops);
            edges.erase(std::remove_if(edges.begin(), edges.end(),
                                       [&](const edge &e) { return ops[e.second].kind == TSR_OP_UPDATE; }),
                        edges.end());
            return random_order(random, ops.size(), edges);
        });
        different += result.hash != expected.hash ? 1U : 0U;
    }
    EXPECT_GE(different, 9U);
}

INSTANTIATE_TEST_SUITE_P(Cases, ProducerDependenciesTest, ::testing::Range<size_t>(0, cases.size()));

} // namespace
} // namespace tessera::testing
