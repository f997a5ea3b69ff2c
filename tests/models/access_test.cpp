#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "models/chip/access.h"
#include "tests/support/training_machine.h"

namespace tessera::testing {
namespace {

using state_set = std::set<tsr_state>;

struct access_sets {
    state_set reads, writes;
};

bool operator==(const access_sets &a, const access_sets &b) { return a.reads == b.reads && a.writes == b.writes; }

// Layer 0: 2 × 3 tiles 0 … 5, layer 1: tile 6 and an analog bias; two items.
class AccessTest : public ::testing::Test {
protected:
    TrainingMachine machine{{grid_layer(12, 8, 2, 3, 0, 0), grid_layer(8, 3, 1, 1, 6, 1, TSR_BIAS_ANALOG)},
                            square_chip(16, 6),
                            tsr_algorithm_default(TSR_ALGORITHM_CTTV2),
                            2};

    static tsr_op op_of(tsr_op_kind kind)
    {
        tsr_op op{};
        op.kind = kind;
        op.source = op.source_d = op.target = TSR_SLOT_NONE;
        return op;
    }

    static tsr_op vector_op(tsr_vector_op vector, uint32_t layer, uint32_t item)
    {
        tsr_op op = op_of(TSR_OP_VECTOR);
        op.vector = vector;
        op.layer = layer;
        op.item = item;
        return op;
    }

    access_sets accesses_of(const tsr_op &op) const
    {
        std::vector<tsr_access> list(tsr_op_access_limit(machine.get()));
        const uint32_t count = tsr_op_accesses(machine.get(), &op, list.data(), static_cast<uint32_t>(list.size()));
        EXPECT_LE(count, list.size());
        access_sets sets;
        bool        seen_write = false;
        for (uint32_t k = 0; k < count; ++k) {
            EXPECT_FALSE(seen_write && !list[k].write) << "reads come first";
            seen_write = list[k].write;
            EXPECT_TRUE((list[k].write ? sets.writes : sets.reads).insert(list[k].state).second) << "listed twice";
        }
        return sets;
    }

    tsr_state slot(tsr_slot_name name, uint32_t layer, uint32_t tile, uint32_t item) const
    {
        return tsr_state_make(TSR_STATE_SLOT, machine.slot(name, layer, tile, item));
    }

    std::string name(tsr_state state, size_t size = 80) const
    {
        std::vector<char> text(size);
        return tsr_state_name(machine.get(), state, text.data(), text.size());
    }
};

tsr_state of_tile(tsr_state_kind kind, uint32_t tile) { return tsr_state_make(kind, tile); }

TEST_F(AccessTest, StateKeepsKindAndIndex)
{
    const tsr_state state = tsr_state_make(TSR_STATE_SCORE, TSR_STATE_INDEX_MAX);
    EXPECT_EQ(tsr_state_kind_of(state), TSR_STATE_SCORE);
    EXPECT_EQ(tsr_state_index_of(state), TSR_STATE_INDEX_MAX);
    EXPECT_NE(tsr_state_make(TSR_STATE_W, 1), tsr_state_make(TSR_STATE_A, 1));
}

TEST_F(AccessTest, ReadsOfWeights)
{
    for (const tsr_op_kind kind : {TSR_OP_MVM, TSR_OP_MVM_T}) {
        tsr_op op = op_of(kind);
        op.tile = 4;
        op.source = machine.slot(TSR_SLOT_X, 0, 0, 1);
        op.target = machine.slot(TSR_SLOT_PARTIAL, 0, 4, 1);
        EXPECT_EQ(accesses_of(op), (access_sets{{of_tile(TSR_STATE_W, 4), slot(TSR_SLOT_X, 0, 0, 1)},
                                                {slot(TSR_SLOT_PARTIAL, 0, 4, 1)}}));
    }
}

TEST_F(AccessTest, ReduceReadsAllPartialsOfItsLayerAndItem)
{
    tsr_op op = op_of(TSR_OP_REDUCE);
    op.item = 1;
    op.target = machine.slot(TSR_SLOT_Z, 0, 0, 1);
    access_sets expected{{tsr_state_make(TSR_STATE_BIAS, 0)}, {slot(TSR_SLOT_Z, 0, 0, 1)}};
    for (uint32_t tile = 0; tile < 6; ++tile) {
        expected.reads.insert(slot(TSR_SLOT_PARTIAL, 0, tile, 1));
    }
    EXPECT_EQ(accesses_of(op), expected);
    EXPECT_EQ(expected.reads.size() + expected.writes.size(), tsr_op_access_limit(machine.get()));
}

TEST_F(AccessTest, AnalogBiasIsNoStateOfItsOwn)
{
    tsr_op op = op_of(TSR_OP_REDUCE);
    op.layer = 1;
    op.target = machine.slot(TSR_SLOT_Z, 1);
    EXPECT_EQ(accesses_of(op), (access_sets{{slot(TSR_SLOT_PARTIAL, 1, 0, 0)}, {slot(TSR_SLOT_Z, 1, 0, 0)}}));
}

TEST_F(AccessTest, BackwardReduceReadsTransposedPartialsAndNoBias)
{
    tsr_op op = op_of(TSR_OP_REDUCE);
    op.layer = 1;
    op.backward = true;
    op.target = machine.slot(TSR_SLOT_D, 0);
    EXPECT_EQ(accesses_of(op), (access_sets{{slot(TSR_SLOT_PARTIAL_T, 1, 0, 0)}, {slot(TSR_SLOT_D, 0, 0, 0)}}));
}

TEST_F(AccessTest, UpdateOfTheFastArrayUsesChoppersAndAdvancesTheRate)
{
    tsr_op op = op_of(TSR_OP_UPDATE);
    op.tile = 6;
    op.array = TSR_ARRAY_A;
    op.source = machine.slot(TSR_SLOT_X, 1);
    op.source_d = machine.slot(TSR_SLOT_D, 1);
    const tsr_state array = of_tile(TSR_STATE_A, 6);
    const tsr_state rate = of_tile(TSR_STATE_RATE, 6);
    EXPECT_EQ(accesses_of(op), (access_sets{{slot(TSR_SLOT_X, 1, 0, 0), slot(TSR_SLOT_D, 1, 0, 0),
                                             of_tile(TSR_STATE_CHOPPERS, 6), rate, array},
                                            {rate, array}}));
}

TEST_F(AccessTest, UpdateOfTheWeightsHasNoTransferState)
{
    tsr_op op = op_of(TSR_OP_UPDATE);
    op.tile = 2;
    op.source = machine.slot(TSR_SLOT_X, 0);
    op.source_d = machine.slot(TSR_SLOT_D, 0);
    const tsr_state array = of_tile(TSR_STATE_W, 2);
    EXPECT_EQ(accesses_of(op), (access_sets{{slot(TSR_SLOT_X, 0, 0, 0), slot(TSR_SLOT_D, 0, 0, 0), array}, {array}}));
}

TEST_F(AccessTest, TransferChain)
{
    tsr_op op = op_of(TSR_OP_READ_SLICE);
    op.tile = 3;
    EXPECT_EQ(accesses_of(op), (access_sets{{of_tile(TSR_STATE_A, 3)}, {of_tile(TSR_STATE_SLICE, 3)}}));

    op.kind = TSR_OP_TRANSFER;
    const tsr_state hidden = of_tile(TSR_STATE_H, 3);
    const tsr_state choppers = of_tile(TSR_STATE_CHOPPERS, 3);
    EXPECT_EQ(accesses_of(op), (access_sets{{of_tile(TSR_STATE_SLICE, 3), of_tile(TSR_STATE_RATE, 3), hidden, choppers},
                                            {hidden, choppers, of_tile(TSR_STATE_FIRE, 3)}}));

    op.kind = TSR_OP_PROGRAM_SLICE;
    const tsr_state weights = of_tile(TSR_STATE_W, 3);
    EXPECT_EQ(accesses_of(op), (access_sets{{of_tile(TSR_STATE_FIRE, 3), weights}, {weights}}));
}

TEST_F(AccessTest, VectorOps)
{
    tsr_op activate = vector_op(TSR_VECTOR_ACTIVATE, 0, 1);
    activate.source = machine.slot(TSR_SLOT_Z, 0, 0, 1);
    activate.target = machine.slot(TSR_SLOT_X, 1, 0, 1);
    EXPECT_EQ(accesses_of(activate),
              (access_sets{{slot(TSR_SLOT_Z, 0, 0, 1)}, {slot(TSR_SLOT_F, 0, 0, 1), slot(TSR_SLOT_X, 1, 0, 1)}}));

    tsr_op derive = vector_op(TSR_VECTOR_DERIVE, 0, 1);
    derive.source = derive.target = machine.slot(TSR_SLOT_D, 0, 0, 1);
    EXPECT_EQ(accesses_of(derive),
              (access_sets{{slot(TSR_SLOT_D, 0, 0, 1), slot(TSR_SLOT_F, 0, 0, 1)}, {slot(TSR_SLOT_D, 0, 0, 1)}}));

    const tsr_state score = tsr_state_make(TSR_STATE_SCORE, 0);
    tsr_op          loss = vector_op(TSR_VECTOR_LOSS, 1, 0);
    loss.source = machine.slot(TSR_SLOT_Z, 1);
    loss.target = machine.slot(TSR_SLOT_D, 1);
    EXPECT_EQ(accesses_of(loss), (access_sets{{slot(TSR_SLOT_Z, 1, 0, 0), score}, {slot(TSR_SLOT_D, 1, 0, 0), score}}));

    const tsr_state bias_state = tsr_state_make(TSR_STATE_BIAS, 1);
    tsr_op          bias = vector_op(TSR_VECTOR_BIAS, 1, 0);
    bias.source = machine.slot(TSR_SLOT_D, 1);
    EXPECT_EQ(accesses_of(bias), (access_sets{{slot(TSR_SLOT_D, 1, 0, 0), bias_state}, {bias_state}}));
}

TEST_F(AccessTest, MovesOfData)
{
    tsr_op dma = op_of(TSR_OP_DMA);
    dma.target = machine.slot(TSR_SLOT_INPUT, 0);
    EXPECT_EQ(accesses_of(dma), (access_sets{{}, {slot(TSR_SLOT_INPUT, 0, 0, 0)}}));

    tsr_op move = op_of(TSR_OP_MOVE);
    move.source = machine.slot(TSR_SLOT_INPUT, 0);
    move.target = machine.slot(TSR_SLOT_X, 0);
    EXPECT_EQ(accesses_of(move), (access_sets{{slot(TSR_SLOT_INPUT, 0, 0, 0)}, {slot(TSR_SLOT_X, 0, 0, 0)}}));
    move.source = move.target;
    EXPECT_EQ(accesses_of(move), (access_sets{{slot(TSR_SLOT_X, 0, 0, 0)}, {slot(TSR_SLOT_X, 0, 0, 0)}}));
}

TEST_F(AccessTest, CalibrationAdvancesTheArrayItNames)
{
    for (const tsr_op_kind kind : {TSR_OP_CALIBRATE, TSR_OP_COPY}) {
        tsr_op op = op_of(kind);
        op.tile = 5;
        op.array = TSR_ARRAY_A;
        EXPECT_EQ(accesses_of(op), (access_sets{{of_tile(TSR_STATE_A, 5)}, {of_tile(TSR_STATE_A, 5)}}));
    }
}

TEST_F(AccessTest, ShortListIsCutButCounted)
{
    tsr_op op = op_of(TSR_OP_TRANSFER);
    EXPECT_EQ(tsr_op_accesses(machine.get(), &op, nullptr, 0), 7U);
    std::vector<tsr_access> list(3, tsr_access{0, true});
    EXPECT_EQ(tsr_op_accesses(machine.get(), &op, list.data(), 2), 7U);
    EXPECT_EQ(list[1].state, of_tile(TSR_STATE_RATE, 0));
    EXPECT_TRUE(list[2].write) << "beyond the capacity: untouched";
}

TEST_F(AccessTest, Names)
{
    EXPECT_EQ(name(of_tile(TSR_STATE_W, 3)), "W of tile 3");
    EXPECT_EQ(name(of_tile(TSR_STATE_A, 0)), "A of tile 0");
    EXPECT_EQ(name(of_tile(TSR_STATE_H, 6)), "H of tile 6");
    EXPECT_EQ(name(of_tile(TSR_STATE_CHOPPERS, 1)), "choppers of tile 1");
    EXPECT_EQ(name(of_tile(TSR_STATE_RATE, 1)), "rate state of tile 1");
    EXPECT_EQ(name(of_tile(TSR_STATE_SLICE, 1)), "slice register of tile 1");
    EXPECT_EQ(name(of_tile(TSR_STATE_FIRE, 1)), "fire register of tile 1");
    EXPECT_EQ(name(tsr_state_make(TSR_STATE_BIAS, 1)), "bias of layer 1");
    EXPECT_EQ(name(tsr_state_make(TSR_STATE_SCORE, 0)), "loss score");
    EXPECT_EQ(name(slot(TSR_SLOT_INPUT, 0, 0, 1)), "slot input of item 1");
    EXPECT_EQ(name(slot(TSR_SLOT_X, 1, 0, 0)), "slot x of layer 1, item 0");
    EXPECT_EQ(name(slot(TSR_SLOT_D, 0, 0, 1)), "slot d of layer 0, item 1");
    EXPECT_EQ(name(slot(TSR_SLOT_F, 0, 0, 1)), "slot f of layer 0, item 1");
    EXPECT_EQ(name(slot(TSR_SLOT_PARTIAL, 0, 5, 1)), "slot partial of layer 0, tile 5, item 1");
    EXPECT_EQ(name(slot(TSR_SLOT_PARTIAL_T, 1, 0, 0)), "slot partial of d of layer 1, tile 0, item 0");
    EXPECT_EQ(name(of_tile(TSR_STATE_W, 3), 5), "W of");
    EXPECT_EQ(name(tsr_state_make(TSR_STATE_SLOT, machine.get()->slot_count)).substr(0, 5), "slot ");
    EXPECT_NE(name(tsr_state_make(TSR_STATE_KIND_COUNT, 0)).find("unknown"), std::string::npos);
}

TEST_F(AccessTest, EverySlotHasItsOwnName)
{
    std::set<std::string> names;
    for (uint32_t k = 0; k < machine.get()->slot_count; ++k) {
        names.insert(name(tsr_state_make(TSR_STATE_SLOT, k)));
    }
    EXPECT_EQ(names.size(), machine.get()->slot_count);
}

} // namespace
} // namespace tessera::testing
