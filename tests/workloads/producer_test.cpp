// State of a producer: pattern, buffers, checkpoints, refusals.
#include <cstdint>
#include <cstring>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/workloads/producer_support.h"

namespace tessera::testing {
namespace {

TEST(ProducerStateTest, PatternDependsOnTheShapeOnly)
{
    Producer       producer({demo_sizes, 256, 4, algorithm(TSR_ALGORITHM_CTTV2, 2), 2});
    const auto     pattern = [&](uint32_t n, float rate) { return producer.train(n, rate), producer.program.pattern; };
    const uint64_t single = pattern(1, 0.1F);        // update 1: no transfer
    const uint64_t with_transfer = pattern(1, 0.1F); // update 2
    const uint64_t pair = pattern(2, 0.1F);          // updates 3 and 4
    EXPECT_EQ(pattern(1, 0.7F), single);
    EXPECT_EQ(pattern(1, 0.7F), with_transfer);
    EXPECT_EQ(pattern(2, 0.7F), pair);
    producer.evaluate(1);
    const uint64_t evaluation = producer.program.pattern;
    EXPECT_EQ((std::set<uint64_t>{single, with_transfer, pair, evaluation}).size(), 4U);
}

TEST(ProducerStateTest, PatternSeesEveryFieldThatMatters)
{
    // The same ops on other cores, and a gradient that goes to another array.
    std::set<uint64_t> patterns;
    for (const uint32_t tiles_per_core : {1U, 2U, 4U}) {
        for (const tsr_algorithm_name name : {TSR_ALGORITHM_SGD, TSR_ALGORITHM_TTV2}) {
            Producer producer({{9, 6, 2}, 3, tiles_per_core, algorithm(name, 2)});
            producer.train();
            patterns.insert(producer.program.pattern);
        }
    }
    EXPECT_EQ(patterns.size(), 6U);
}

TEST(ProducerStateTest, BufferIsReused)
{
    Producer producer({demo_sizes, 256, 4, algorithm(TSR_ALGORITHM_CTTV2), 8});
    producer.train(8);
    const tsr_op *const first = producer.program.ops;
    for (uint32_t k = 0; k < 20; ++k) {
        producer.train(1 + k % 8);
        producer.evaluate(8);
        EXPECT_EQ(producer.program.ops, first);
    }
}

std::vector<std::vector<uint64_t>> keys(const std::vector<tsr_op> &ops)
{
    std::vector<std::vector<uint64_t>> all;
    for (const tsr_op &op : ops) {
        all.push_back({op.id, op.number, op.kind, op.tile, op.slice, op.item});
    }
    return all;
}

TEST(ProducerStateTest, CopiedCountersContinueWhereTheyWereTaken)
{
    const ProducerCase parameters{{4, 3, 2}, 3, 2, algorithm(TSR_ALGORITHM_CTTV2, 3), 4};
    Producer           producer(parameters);
    producer.train(4);
    producer.evaluate(3);
    producer.train(3);

    const size_t         size = producer.machine.get()->tile_count * sizeof(tsr_producer_tile);
    const uint64_t       next_id = producer.state.next_id;
    std::vector<uint8_t> tiles(size);
    std::memcpy(tiles.data(), producer.state.tiles, size);
    const auto expected_training = keys(producer.train(4));
    const auto expected_evaluation = keys(producer.evaluate(2));

    Producer resumed(parameters);
    resumed.state.next_id = next_id;
    std::memcpy(resumed.state.tiles, tiles.data(), size);
    EXPECT_EQ(keys(resumed.train(4)), expected_training);
    EXPECT_EQ(keys(resumed.evaluate(2)), expected_evaluation);
    static_assert(sizeof(tsr_producer_tile) == 5 * sizeof(uint64_t), "no padding in a checkpoint");
}

class ProducerRefusalTest : public ::testing::Test {
protected:
    Producer producer{{demo_sizes, 256, 4, algorithm(TSR_ALGORITHM_CTTV2), 2}};

    // A refused call leaves an empty program and a producer that goes on as if nothing had been asked.
    void expect_refused(tsr_status expected, const std::vector<tsr_item> &items, uint32_t n, float rate = 0.1F,
                        float scale = 1.0F)
    {
        const size_t                         count = producer.machine.get()->tile_count;
        const std::vector<tsr_producer_tile> before(producer.state.tiles, producer.state.tiles + count);
        const uint64_t                       id = producer.state.next_id;
        EXPECT_EQ(tsr_producer_train(&producer.state, items.data(), n, rate, scale, &producer.program), expected);
        EXPECT_EQ(producer.program.count, 0U);
        EXPECT_EQ(producer.program.pattern, 0U);
        EXPECT_EQ(producer.state.next_id, id);
        EXPECT_EQ(std::memcmp(before.data(), producer.state.tiles, count * sizeof before[0]), 0);
    }
};

TEST_F(ProducerRefusalTest, WrongItems)
{
    producer.train(2);
    expect_refused(TSR_E_ARGUMENT, producer.items(1), 0);
    expect_refused(TSR_E_ARGUMENT, producer.items(3), 3);
    expect_refused(TSR_E_ARGUMENT, {{producer.image.data(), 10}}, 1);
    expect_refused(TSR_E_ARGUMENT, {{producer.image.data(), 9}, {nullptr, 0}}, 2);
    EXPECT_EQ(tsr_producer_evaluate(&producer.state, producer.items(3).data(), 3, &producer.program), TSR_E_ARGUMENT);
    EXPECT_EQ(producer.train(2).size(), 98U);
}

TEST_F(ProducerRefusalTest, RatesThatAreNotFinite)
{
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    constexpr float inf = std::numeric_limits<float>::infinity();
    expect_refused(TSR_E_ARGUMENT, producer.items(1), 1, nan);
    expect_refused(TSR_E_ARGUMENT, producer.items(1), 1, inf);
    expect_refused(TSR_E_ARGUMENT, producer.items(1), 1, 0.1F, nan);
}

TEST_F(ProducerRefusalTest, OpIdsRunOut)
{
    producer.state.next_id = TSR_PRODUCER_MAX_OPS - producer.state.item_ops;
    EXPECT_EQ(producer.train(1).size(), 49U);
    expect_refused(TSR_E_RANGE, producer.items(1), 1);
    EXPECT_EQ(tsr_producer_evaluate(&producer.state, producer.items(1).data(), 1, &producer.program), TSR_E_RANGE);
    producer.state.next_id = UINT64_MAX;
    expect_refused(TSR_E_RANGE, producer.items(1), 1);
}

TEST_F(ProducerRefusalTest, OpNumbersRunOut)
{
    uint64_t &number = producer.state.tiles[4].number[TSR_ARRAY_W];
    number = TSR_PRODUCER_EVALUATION_BIT - 3;
    for (const tsr_op &op : producer.train(1)) { // MVM, MVM_T, PROGRAM_SLICE take the last three
        EXPECT_LT(op.number, TSR_PRODUCER_EVALUATION_BIT);
    }
    EXPECT_EQ(number, TSR_PRODUCER_EVALUATION_BIT);
    expect_refused(TSR_E_RANGE, producer.items(1), 1);
    EXPECT_NO_THROW(producer.evaluate(1)) << "evaluation counts for itself";

    number = 0;
    producer.state.tiles[2].number[TSR_ARRAY_A] = TSR_PRODUCER_EVALUATION_BIT;
    expect_refused(TSR_E_RANGE, producer.items(1), 1);

    producer.state.tiles[2].evaluation = TSR_PRODUCER_EVALUATION_BIT;
    EXPECT_EQ(tsr_producer_evaluate(&producer.state, producer.items(1).data(), 1, &producer.program), TSR_E_RANGE);
}

TEST_F(ProducerRefusalTest, AlgorithmWithoutOps)
{
    tsr_machine machine = *producer.machine.get();
    machine.spec.algorithm.name = TSR_ALGORITHM_MP;
    tsr_producer refused{};
    tsr_error    error{};
    EXPECT_EQ(tsr_producer_create(&refused, &machine, &error), TSR_E_ARGUMENT);
    EXPECT_NE(std::string(error.text).find("algorithm.name: mp"), std::string::npos) << error.text;
    EXPECT_EQ(refused.tiles, nullptr);
}

} // namespace
} // namespace tessera::testing
