// Which ops a sample becomes, in which order, with which fields.
#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/workloads/producer_support.h"

namespace tessera::testing {
namespace {

using lines = std::vector<std::string>;

size_t count_kind(const std::vector<tsr_op> &ops, tsr_op_kind kind)
{
    return static_cast<size_t>(
        std::count_if(ops.begin(), ops.end(), [&](const tsr_op &op) { return op.kind == kind; }));
}

// Six tiles: 0–3 of layer 0 fill core 0, layers 1 and 2 share core 1.
TEST(ProducerProgramTest, DemoSampleIsThisListOfOps)
{
    Producer    producer({demo_sizes});
    const lines expected = {
        "DMA -> in",
        "MOVE in -> x0 to core 0",
        "MVM t0 x0 -> p0.0",
        "MVM t1 x0 -> p0.1",
        "MVM t2 x0 -> p0.2",
        "MVM t3 x0 -> p0.3",
        "REDUCE l0 -> z0 on core 0",
        "ACTIVATE l0 z0 -> z0 on core 0",
        "MOVE z0 -> x1 to core 1",
        "MVM t4 x1 -> p1.0",
        "REDUCE l1 -> z1 on core 1",
        "ACTIVATE l1 z1 -> x2 on core 1",
        "MVM t5 x2 -> p2.0",
        "REDUCE l2 -> z2 on core 1",
        "LOSS l2 z2 -> d2 on core 1",
        "MVM_T t5 d2 -> q2.0",
        "REDUCE back l2 -> d1 on core 1",
        "DERIVE l1 d1 -> d1 on core 1",
        "MVM_T t4 d1 -> q1.0",
        "REDUCE back l1 -> d0 on core 1",
        "MOVE d0 -> d0 to core 0",
        "DERIVE l0 d0 -> d0 on core 0",
        "UPDATE t0 A x0 d0",
        "READ t0 s0",
        "TRANSFER t0 s0",
        "PROGRAM t0 s0",
        "UPDATE t1 A x0 d0",
        "READ t1 s0",
        "TRANSFER t1 s0",
        "PROGRAM t1 s0",
        "UPDATE t2 A x0 d0",
        "READ t2 s0",
        "TRANSFER t2 s0",
        "PROGRAM t2 s0",
        "UPDATE t3 A x0 d0",
        "READ t3 s0",
        "TRANSFER t3 s0",
        "PROGRAM t3 s0",
        "BIAS l0 d0 on core 0",
        "UPDATE t4 A x1 d1",
        "READ t4 s0",
        "TRANSFER t4 s0",
        "PROGRAM t4 s0",
        "BIAS l1 d1 on core 1",
        "UPDATE t5 A x2 d2",
        "READ t5 s0",
        "TRANSFER t5 s0",
        "PROGRAM t5 s0",
        "BIAS l2 d2 on core 1",
    };
    EXPECT_EQ(Listing(producer.machine).of(producer.train()), expected);
    EXPECT_EQ(expected.size(), 49U); // 15 forward, 7 backward, 6 · 4 + 3 updates and transfers
}

TEST(ProducerProgramTest, SgdPulsesTheWeightsAndTransfersNothing)
{
    Producer   producer({demo_sizes, 256, 4, algorithm(TSR_ALGORITHM_SGD)});
    const auto ops = producer.train();
    EXPECT_EQ(ops.size(), 31U); // 49 − 6 · 3
    EXPECT_EQ(count_kind(ops, TSR_OP_UPDATE), 6U);
    for (const tsr_op &op : ops) {
        EXPECT_TRUE(op.kind != TSR_OP_UPDATE || op.array == TSR_ARRAY_W);
        EXPECT_TRUE(op.kind != TSR_OP_READ_SLICE && op.kind != TSR_OP_TRANSFER && op.kind != TSR_OP_PROGRAM_SLICE);
    }
}

TEST(ProducerProgramTest, AnalogBiasHasNoBiasOpsButItsOwnLine)
{
    Producer   producer({demo_sizes, 256, 4, algorithm(TSR_ALGORITHM_SGD), 1, TSR_BIAS_ANALOG});
    const auto ops = producer.train();
    // Seven tiles (4, 2, 1): 9 ops forward in layer 0, 4 in layer 1, 3 in layer 2; 3 + 5 backward; 7 updates.
    EXPECT_EQ(count_kind(ops, TSR_OP_MVM), 7U);
    EXPECT_EQ(count_kind(ops, TSR_OP_MVM_T), 3U);
    EXPECT_EQ(count_kind(ops, TSR_OP_UPDATE), 7U);
    EXPECT_EQ(count_kind(ops, TSR_OP_VECTOR), 5U);
    EXPECT_EQ(ops.size(), 31U);
}

TEST(ProducerProgramTest, OneLayerOnOneTile)
{
    Producer    producer({{4, 2}, 4, 1, algorithm(TSR_ALGORITHM_TTV2)});
    const lines expected = {"DMA -> in",
                            "MOVE in -> x0 to core 0",
                            "MVM t0 x0 -> p0.0",
                            "REDUCE l0 -> z0 on core 0",
                            "LOSS l0 z0 -> d0 on core 0",
                            "UPDATE t0 A x0 d0",
                            "READ t0 s0",
                            "TRANSFER t0 s0",
                            "PROGRAM t0 s0",
                            "BIAS l0 d0 on core 0"};
    EXPECT_EQ(Listing(producer.machine).of(producer.train()), expected);
}

// 2×3 tiles on cores 0–2, 1×2 on core 3 (two per core); two items.
TEST(ProducerProgramTest, LayersSpreadOverCores)
{
    Producer    producer({{9, 6, 2}, 3, 2, algorithm(TSR_ALGORITHM_SGD), 2});
    const lines forward = {
        "DMA -> in",
        "MOVE in -> x0 to core 0",
        "MOVE in -> x0 to core 1",
        "MOVE in -> x0 to core 2",
        "MVM t0 x0 -> p0.0",
        "MVM t1 x0 -> p0.1",
        "MVM t2 x0 -> p0.2",
        "MVM t3 x0 -> p0.3",
        "MVM t4 x0 -> p0.4",
        "MVM t5 x0 -> p0.5",
        "MOVE p0.2 -> p0.2 to core 0",
        "MOVE p0.3 -> p0.3 to core 0",
        "MOVE p0.4 -> p0.4 to core 0",
        "MOVE p0.5 -> p0.5 to core 0",
        "REDUCE l0 -> z0 on core 0",
        "ACTIVATE l0 z0 -> z0 on core 0",
        "MOVE z0 -> x1 to core 3",
        "MVM t6 x1 -> p1.0",
        "MVM t7 x1 -> p1.1",
        "REDUCE l1 -> z1 on core 3",
        "LOSS l1 z1 -> d1 on core 3",
    };
    const lines backward = {"MVM_T t6 d1 -> q1.0", "MVM_T t7 d1 -> q1.1", "REDUCE back l1 -> d0 on core 3",
                            "MOVE d0 -> d0 to core 0", "DERIVE l0 d0 -> d0 on core 0"};
    const lines update = {"MOVE d0 -> d0 to core 1", "MOVE d0 -> d0 to core 2", "UPDATE t0 W x0 d0",
                          "UPDATE t1 W x0 d0",       "UPDATE t2 W x0 d0",       "UPDATE t3 W x0 d0",
                          "UPDATE t4 W x0 d0",       "UPDATE t5 W x0 d0",       "BIAS l0 d0 on core 0",
                          "UPDATE t6 W x1 d1",       "UPDATE t7 W x1 d1",       "BIAS l1 d1 on core 3"};

    lines one_item;
    for (const lines &part : {forward, backward, update}) {
        one_item.insert(one_item.end(), part.begin(), part.end());
    }
    EXPECT_EQ(Listing(producer.machine).of(producer.train()), one_item);

    const auto both = producer.train(2);
    ASSERT_EQ(both.size(), 2 * one_item.size());
    const size_t passes = forward.size() + backward.size();
    for (size_t k = 0; k < both.size(); ++k) {
        const bool     updating = k >= 2 * passes;
        const size_t   length = updating ? update.size() : passes;
        const uint32_t item = (updating ? k - 2 * passes : k) >= length ? 1 : 0;
        EXPECT_EQ(both[k].item, item) << k;
    }
}

// 1 tile on core 0, 2×3 tiles on cores 1–3, 1×2 tiles on core 4: h and d travel to several cores.
TEST(ProducerProgramTest, VectorsGoOnceToEveryOtherCore)
{
    Producer   producer({{3, 3, 3, 3}, 3, 1, algorithm(TSR_ALGORITHM_SGD)});
    const auto small = Listing(producer.machine).of(producer.train());
    EXPECT_EQ(std::count(small.begin(), small.end(), "MOVE z0 -> x1 to core 1"), 1);

    Producer   wide({{2, 8, 4}, 4, 2, algorithm(TSR_ALGORITHM_SGD), 1, TSR_BIAS_ANALOG});
    const auto ops = Listing(wide.machine).of(wide.train());
    // Layer 0: 3 lines, 8 outputs: 2×1 on core 0. Layer 1: 9 lines, 4 outputs: 1×3 on cores 1 and 2.
    const lines moves_expected = {"MOVE in -> x0 to core 0", "MOVE z0 -> x1 to core 1",
                                  "MOVE z0 -> x1 to core 2", "MOVE p1.2 -> p1.2 to core 1",
                                  "MOVE d1 -> d1 to core 2", "MOVE q1.2 -> q1.2 to core 1",
                                  "MOVE d0 -> d0 to core 0"};
    lines       moves;
    std::copy_if(ops.begin(), ops.end(), std::back_inserter(moves),
                 [](const std::string &line) { return line.rfind("MOVE", 0) == 0; });
    EXPECT_EQ(moves, moves_expected);
}

TEST(ProducerProgramTest, FieldsOfTheOps)
{
    Producer   producer({demo_sizes});
    const auto ops = producer.train(1, 0.25F, 2.0F);
    for (const tsr_op &op : ops) {
        EXPECT_FALSE(op.evaluate);
        EXPECT_LT(op.layer, 3U);
        EXPECT_EQ(op.backward, op.kind == TSR_OP_REDUCE && op.phase == TSR_PHASE_BACKWARD);
        EXPECT_EQ(op.image, op.kind == TSR_OP_DMA ? producer.image.data() : nullptr);
        const bool loss = op.kind == TSR_OP_VECTOR && op.vector == TSR_VECTOR_LOSS;
        const bool bias = op.kind == TSR_OP_VECTOR && op.vector == TSR_VECTOR_BIAS;
        const bool learns = op.kind == TSR_OP_UPDATE || op.kind == TSR_OP_TRANSFER || bias;
        EXPECT_EQ(op.rate, loss ? 2.0F : (learns ? 0.25F : 0.0F));
        if (touches_array(op) || op.kind == TSR_OP_TRANSFER) {
            const tsr_tile &tile = producer.machine.get()->tiles[op.tile];
            EXPECT_EQ(op.layer, tile.layer);
            EXPECT_EQ(op.core, tile.core);
        } else {
            EXPECT_EQ(op.tile, 0U);
            EXPECT_EQ(op.number, 0U);
        }
        const tsr_phase phase = op.kind == TSR_OP_MVM_T                                  ? TSR_PHASE_BACKWARD
                                : op.kind == TSR_OP_MVM || op.kind == TSR_OP_DMA || loss ? TSR_PHASE_FORWARD
                                : op.kind == TSR_OP_UPDATE || bias                       ? TSR_PHASE_UPDATE
                                                                                         : op.phase;
        EXPECT_EQ(op.phase, phase);
        // The stages' part starts from zero.
        EXPECT_TRUE(op.retry == 0 && op.phases == 0 && op.pulse_slots == 0 && op.energy_aj == 0 && op.work == nullptr);
        EXPECT_TRUE(!op.skip_array && !op.overflow && !op.turnaround);
    }
    for (const tsr_op_kind kind : {TSR_OP_READ_SLICE, TSR_OP_TRANSFER, TSR_OP_PROGRAM_SLICE}) {
        const auto found = std::find_if(ops.begin(), ops.end(), [&](const tsr_op &op) { return op.kind == kind; });
        ASSERT_NE(found, ops.end());
        EXPECT_EQ(found->phase, TSR_PHASE_TRANSFER);
        EXPECT_EQ(found->array, kind == TSR_OP_PROGRAM_SLICE ? TSR_ARRAY_W : TSR_ARRAY_A);
    }
}

TEST(ProducerProgramTest, LabelsAndImagesAreThoseOfTheItems)
{
    Producer                   producer({{4, 3}, 4, 1, algorithm(TSR_ALGORITHM_SGD), 3});
    const std::vector<uint8_t> images(12, 7);
    const tsr_item             items[] = {{&images[0], 2}, {&images[4], 0}, {&images[8], 1}};
    ASSERT_EQ(tsr_producer_train(&producer.state, items, 3, 0.1F, 1.0F, &producer.program), TSR_OK);
    for (uint64_t k = 0; k < producer.program.count; ++k) {
        const tsr_op &op = producer.program.ops[k];
        if (op.kind == TSR_OP_DMA) {
            EXPECT_EQ(op.image, items[op.item].image);
        } else if (op.kind == TSR_OP_VECTOR && op.vector == TSR_VECTOR_LOSS) {
            EXPECT_EQ(op.label, items[op.item].label);
        }
    }
}

} // namespace
} // namespace tessera::testing
