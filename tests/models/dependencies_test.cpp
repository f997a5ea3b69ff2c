#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "models/chip/dependencies.h"
#include "tests/support/training_machine.h"

namespace tessera::testing {
namespace {

using edge_list = std::vector<std::pair<uint32_t, uint32_t>>;

// One layer on two tiles.
class DependenciesTest : public ::testing::Test {
protected:
    TrainingMachine machine{
        {grid_layer(8, 4, 1, 2, 0, 0)}, square_chip(8, 2), tsr_algorithm_default(TSR_ALGORITHM_CTTV2)};
    tsr_dependencies dependencies{};

    void SetUp() override { ASSERT_EQ(tsr_dependencies_create(&dependencies, machine.get()), TSR_OK); }
    void TearDown() override { tsr_dependencies_destroy(&dependencies); }

    edge_list derive(const std::vector<tsr_op> &ops)
    {
        EXPECT_EQ(tsr_dependencies_derive(&dependencies, ops.data(), ops.size()), TSR_OK);
        edge_list edges;
        for (uint64_t k = 0; k < dependencies.edge_count; ++k) {
            edges.emplace_back(dependencies.edges[k].from, dependencies.edges[k].to);
        }
        return edges;
    }

    static tsr_op op_of(tsr_op_kind kind, uint32_t tile = 0)
    {
        tsr_op op{};
        op.kind = kind;
        op.tile = tile;
        op.source = op.source_d = op.target = TSR_SLOT_NONE;
        return op;
    }

    tsr_op dma() const
    {
        tsr_op op = op_of(TSR_OP_DMA);
        op.target = machine.slot(TSR_SLOT_INPUT, 0);
        return op;
    }

    tsr_op move(tsr_slot_name from, tsr_slot_name to) const
    {
        tsr_op op = op_of(TSR_OP_MOVE);
        op.source = machine.slot(from, 0);
        op.target = machine.slot(to, 0);
        return op;
    }

    tsr_op mvm(uint32_t tile) const
    {
        tsr_op op = op_of(TSR_OP_MVM, tile);
        op.source = machine.slot(TSR_SLOT_X, 0);
        op.target = machine.slot(TSR_SLOT_PARTIAL, 0, tile);
        return op;
    }

    tsr_op update(tsr_array_role array, uint32_t tile) const
    {
        tsr_op op = op_of(TSR_OP_UPDATE, tile);
        op.array = array;
        op.source = machine.slot(TSR_SLOT_X, 0);
        op.source_d = machine.slot(TSR_SLOT_D, 0);
        return op;
    }
};

TEST_F(DependenciesTest, ReadAfterWrite)
{
    // x arrives, both tiles read it: they do not wait for each other.
    EXPECT_EQ(derive({dma(), move(TSR_SLOT_INPUT, TSR_SLOT_X), mvm(0), mvm(1)}), (edge_list{{0, 1}, {1, 2}, {1, 3}}));
}

TEST_F(DependenciesTest, WriteAfterReadWaitsForEveryReader)
{
    // The update of W of tile 0 waits for both reads of it, not for the read of tile 1.
    EXPECT_EQ(derive({mvm(0), mvm(1), op_of(TSR_OP_MVM_T, 0), update(TSR_ARRAY_W, 0)}), (edge_list{{0, 3}, {2, 3}}));
}

TEST_F(DependenciesTest, WriteAfterWrite) { EXPECT_EQ(derive({dma(), dma(), dma()}), (edge_list{{0, 1}, {1, 2}})); }

TEST_F(DependenciesTest, WriteAfterWriteIsImpliedByAReadBetween)
{
    EXPECT_EQ(derive({dma(), move(TSR_SLOT_INPUT, TSR_SLOT_X), dma()}), (edge_list{{0, 1}, {1, 2}}));
}

TEST_F(DependenciesTest, ReadAndWriteOfOneStateMakesAChainWithoutLoops)
{
    const tsr_op in_place = move(TSR_SLOT_D, TSR_SLOT_D);
    EXPECT_EQ(derive({in_place, in_place, in_place}), (edge_list{{0, 1}, {1, 2}}));
}

TEST_F(DependenciesTest, SeveralSharedStatesGiveOneEdge)
{
    // A, choppers and rate state all lead from one update to the next.
    EXPECT_EQ(derive({update(TSR_ARRAY_A, 0), update(TSR_ARRAY_A, 0)}), (edge_list{{0, 1}}));
}

TEST_F(DependenciesTest, TransferChainLeavesTheRestOfTheTileFree)
{
    const std::vector<tsr_op> ops = {
        update(TSR_ARRAY_A, 0),         // 0
        op_of(TSR_OP_READ_SLICE, 0),    // 1: A of 0
        op_of(TSR_OP_TRANSFER, 0),      // 2: register of 1, rate and choppers of 0
        op_of(TSR_OP_PROGRAM_SLICE, 0), // 3: fire register of 2
        mvm(0),                         // 4: W of 3
        update(TSR_ARRAY_A, 1),         // 5: another tile
        update(TSR_ARRAY_A, 0),         // 6: A of 0, read by 1; choppers and rate of 2
        op_of(TSR_OP_READ_SLICE, 0),    // 7: A of 6; the register is free after 2
        op_of(TSR_OP_TRANSFER, 0),      // 8: H of 2; the fire register is free after 3
    };
    EXPECT_EQ(derive(ops), (edge_list{{0, 1},
                                      {0, 2},
                                      {1, 2},
                                      {2, 3},
                                      {3, 4},
                                      {0, 6},
                                      {1, 6},
                                      {2, 6},
                                      {2, 7},
                                      {6, 7},
                                      {2, 8},
                                      {3, 8},
                                      {6, 8},
                                      {7, 8}}));
}

TEST_F(DependenciesTest, PiecesGiveTheEdgesOfTheWhole)
{
    const std::vector<tsr_op> ops = {dma(),  move(TSR_SLOT_INPUT, TSR_SLOT_X),
                                     mvm(0), update(TSR_ARRAY_W, 0),
                                     dma(),  move(TSR_SLOT_INPUT, TSR_SLOT_X),
                                     mvm(0), update(TSR_ARRAY_W, 0),
                                     mvm(1), update(TSR_ARRAY_A, 1)};
    const edge_list           whole = derive(ops);
    EXPECT_EQ(dependencies.op_count, ops.size());

    tsr_dependencies_clear(&dependencies);
    edge_list pieces;
    for (const tsr_op &op : ops) {
        const edge_list piece = derive({op});
        pieces.insert(pieces.end(), piece.begin(), piece.end());
    }
    EXPECT_EQ(pieces, whole);
}

TEST_F(DependenciesTest, ClearForgets)
{
    EXPECT_EQ(derive({dma(), dma()}), (edge_list{{0, 1}}));
    tsr_dependencies_clear(&dependencies);
    EXPECT_EQ(dependencies.edge_count, 0U);
    EXPECT_EQ(derive({dma(), dma()}), (edge_list{{0, 1}}));
    EXPECT_EQ(derive({}), edge_list{});
}

TEST_F(DependenciesTest, ManyReadersAreKeptAndTheirMemoryIsReused)
{
    uint32_t pool = 0;
    for (uint32_t round = 0; round < 3; ++round) {
        tsr_dependencies_clear(&dependencies);
        std::vector<tsr_op> ops(1000, op_of(TSR_OP_MVM, 0));
        ops.push_back(update(TSR_ARRAY_W, 0));
        ops.insert(ops.end(), 1000, op_of(TSR_OP_MVM, 0));
        const edge_list edges = derive(ops);
        ASSERT_EQ(edges.size(), 2000U);
        for (uint32_t k = 0; k < 1000; ++k) {
            EXPECT_EQ(edges[k], (std::pair<uint32_t, uint32_t>{k, 1000}));
            EXPECT_EQ(edges[1000 + k], (std::pair<uint32_t, uint32_t>{1000, 1001 + k}));
        }
        EXPECT_TRUE(round == 0 || dependencies.reader_capacity == pool);
        pool = dependencies.reader_capacity;
    }
}

TEST_F(DependenciesTest, OpsBeyondTheIndexRangeAreRefused)
{
    const tsr_op op = dma();
    dependencies.op_count = UINT32_MAX - 1;
    EXPECT_EQ(tsr_dependencies_derive(&dependencies, &op, 1), TSR_OK);
    EXPECT_EQ(tsr_dependencies_derive(&dependencies, &op, 1), TSR_E_RANGE);
}

TEST_F(DependenciesTest, MachineWithMoreSlotsThanStateIdsIsRefused)
{
    tsr_machine huge = *machine.get();
    huge.slot_count = TSR_STATE_INDEX_MAX + 1;
    tsr_dependencies refused{};
    EXPECT_EQ(tsr_dependencies_create(&refused, &huge), TSR_E_RANGE);
    EXPECT_EQ(refused.uses, nullptr);
}

} // namespace
} // namespace tessera::testing
