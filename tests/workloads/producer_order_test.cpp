// What holds for every program: order within a mini-batch, ids and numbers, cadence of transfers, evaluation apart.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "models/chip/access.h"
#include "tests/workloads/producer_support.h"

namespace tessera::testing {
namespace {

const std::vector<ProducerCase> shapes = {
    {demo_sizes, 256, 4, algorithm(TSR_ALGORITHM_CTTV2), 3},
    {demo_sizes, 256, 1, algorithm(TSR_ALGORITHM_CTTV2, 2), 3, TSR_BIAS_ANALOG},
    {{9, 6, 2}, 3, 2, algorithm(TSR_ALGORITHM_TTV2), 3},
    {{9, 7, 5, 8, 2}, 2, 3, algorithm(TSR_ALGORITHM_SGD), 3, TSR_BIAS_NONE},
    {{5, 2}, 8, 1, algorithm(TSR_ALGORITHM_FP), 3},
};

class ProducerOrderTest : public ::testing::TestWithParam<size_t> {
protected:
    Producer producer{shapes[GetParam()]};

    std::vector<tsr_access> accesses(const tsr_op &op) const
    {
        std::vector<tsr_access> list(tsr_op_access_limit(producer.machine.get()));
        list.resize(tsr_op_accesses(producer.machine.get(), &op, list.data(), static_cast<uint32_t>(list.size())));
        return list;
    }
};

TEST_P(ProducerOrderTest, EveryVectorIsWrittenBeforeItIsRead)
{
    for (const bool evaluate : {false, true}) {
        std::set<tsr_state> written;
        for (const tsr_op &op : evaluate ? producer.evaluate(3) : producer.train(3)) {
            for (const tsr_access &access : accesses(op)) {
                if (tsr_state_kind_of(access.state) == TSR_STATE_SLOT && !access.write) {
                    EXPECT_TRUE(written.count(access.state)) << tsr_op_kind_name(op.kind) << " of layer " << op.layer;
                }
            }
            for (const tsr_access &access : accesses(op)) {
                if (access.write) {
                    written.insert(access.state);
                }
            }
        }
    }
}

TEST_P(ProducerOrderTest, AllReadsOfWeightsComeBeforeTheFirstUpdate)
{
    for (uint32_t batch = 0; batch < 2; ++batch) {
        bool     updating = false;
        uint32_t reads = 0;
        uint32_t item = 0;
        uint32_t layer = 0;
        for (const tsr_op &op : producer.train(3)) {
            if (op.phase == TSR_PHASE_FORWARD || op.phase == TSR_PHASE_BACKWARD) {
                EXPECT_FALSE(updating);
                reads += op.kind == TSR_OP_MVM || op.kind == TSR_OP_MVM_T ? 1 : 0;
                continue;
            }
            layer = updating && op.item == item ? layer : 0;
            item = updating ? item : 0;
            updating = true;
            EXPECT_GE(op.item, item) << "updates run in sample order";
            EXPECT_GE(op.layer, layer) << "and layer by layer";
            item = op.item;
            layer = op.layer;
        }
        EXPECT_EQ(item, 2U);
        const tsr_machine *machine = producer.machine.get();
        const auto        &first = machine->layers[0].spec;
        EXPECT_EQ(reads, 3 * (2 * machine->tile_count - first.grid_rows * first.grid_columns));
    }
}

TEST_P(ProducerOrderTest, IdsAndNumbersCountWithoutGaps)
{
    uint64_t                                     id = 0;
    std::map<std::pair<uint32_t, int>, uint64_t> next;
    std::map<uint32_t, uint64_t>                 last_read;
    for (uint32_t batch = 0; batch < 5; ++batch) {
        for (const tsr_op &op : producer.train(1 + batch % 3)) {
            EXPECT_EQ(op.id, id++);
            if (touches_array(op)) {
                EXPECT_EQ(op.number, (next[{op.tile, op.array}]++)) << tsr_op_kind_name(op.kind);
            }
            if (op.kind == TSR_OP_READ_SLICE) {
                last_read[op.tile] = op.number;
            } else if (op.kind == TSR_OP_TRANSFER) {
                EXPECT_EQ(op.number, last_read.at(op.tile));
            }
        }
    }
    EXPECT_EQ(producer.state.next_id, id);
}

TEST_P(ProducerOrderTest, NoProgramIsLongerThanWasReserved)
{
    for (uint32_t batch = 0; batch < 4; ++batch) {
        EXPECT_LE(producer.train(3).size(), 3 * producer.state.item_ops);
    }
}

INSTANTIATE_TEST_SUITE_P(Shapes, ProducerOrderTest, ::testing::Range<size_t>(0, shapes.size()));

struct transfer_event {
    uint64_t update; // of its tile, counted from 1
    uint32_t slice;
};

std::map<uint32_t, std::vector<transfer_event>> transfers_of(Producer &producer, const std::vector<uint32_t> &batches)
{
    std::map<uint32_t, std::vector<transfer_event>> events;
    std::map<uint32_t, uint64_t>                    updates;
    for (const uint32_t n : batches) {
        const auto ops = producer.train(n);
        for (size_t k = 0; k < ops.size(); ++k) {
            updates[ops[k].tile] += ops[k].kind == TSR_OP_UPDATE ? 1U : 0U;
            if (ops[k].kind == TSR_OP_READ_SLICE) {
                EXPECT_EQ(ops[k - 1].kind, TSR_OP_UPDATE);
                EXPECT_EQ(ops[k + 1].kind, TSR_OP_TRANSFER);
                EXPECT_EQ(ops[k + 2].kind, TSR_OP_PROGRAM_SLICE);
                for (const size_t at : {k - 1, k + 1, k + 2}) {
                    EXPECT_EQ(ops[at].tile, ops[k].tile);
                    EXPECT_TRUE(at < k || ops[at].slice == ops[k].slice);
                }
                events[ops[k].tile].push_back({updates[ops[k].tile], ops[k].slice});
            }
        }
    }
    return events;
}

// Tiles of out × in lines: 0 and 1 of layer 0 are 3 × 2, tile 2 of layer 1 is 2 × 3.
void expect_cadence(bool columns, const std::vector<uint32_t> &slices_of_tile)
{
    Producer   producer({{4, 3, 2}, 3, 2, algorithm(TSR_ALGORITHM_TTV2, 3, columns), 4});
    const auto events = transfers_of(producer, {4, 1, 4, 3, 2, 4, 4, 1, 4}); // 27 updates of each tile
    ASSERT_EQ(events.size(), slices_of_tile.size());
    for (const auto &[tile, list] : events) {
        ASSERT_EQ(list.size(), 9U);
        for (uint32_t k = 0; k < list.size(); ++k) {
            EXPECT_EQ(list[k].update, 3 * (k + 1));
            EXPECT_EQ(list[k].slice, k % slices_of_tile[tile]);
        }
        EXPECT_EQ(producer.state.tiles[tile].updates, 27U);
    }
}

TEST(ProducerTransferTest, ColumnsRoundRobinEveryThirdUpdate) { expect_cadence(true, {2, 2, 3}); }
TEST(ProducerTransferTest, RowsRoundRobinEveryThirdUpdate) { expect_cadence(false, {3, 3, 2}); }

TEST(ProducerEvaluateTest, ForwardOpsOnly)
{
    Producer   producer({demo_sizes});
    const auto training = Listing(producer.machine).of(producer.train());
    const auto ops = producer.evaluate();
    EXPECT_EQ(Listing(producer.machine).of(ops), std::vector<std::string>(training.begin(), training.begin() + 15));
    for (const tsr_op &op : ops) {
        EXPECT_EQ(op.phase, TSR_PHASE_EVALUATE);
        EXPECT_TRUE(op.evaluate);
        EXPECT_EQ(op.rate, 0.0F);
    }
}

TEST(ProducerEvaluateTest, TrainingIsNumberedAsIfNothingWasEvaluated)
{
    const ProducerCase parameters{demo_sizes, 256, 4, algorithm(TSR_ALGORITHM_CTTV2, 2), 4};
    Producer           plain(parameters);
    Producer           evaluating(parameters);
    for (uint32_t batch = 0; batch < 6; ++batch) {
        const uint32_t n = 1 + batch % 4;
        for (uint32_t k = 0; k <= batch; ++k) {
            evaluating.evaluate(1 + k % 4);
        }
        const auto expected = plain.train(n);
        const auto ops = evaluating.train(n);
        ASSERT_EQ(ops.size(), expected.size());
        EXPECT_EQ(plain.program.pattern, evaluating.program.pattern);
        for (size_t k = 0; k < ops.size(); ++k) {
            EXPECT_EQ(ops[k].number, expected[k].number);
            EXPECT_EQ(ops[k].slice, expected[k].slice);
            EXPECT_GT(ops[k].id, expected[k].id) << "ids go over the whole run";
        }
    }
}

TEST(ProducerEvaluateTest, NumbersAreASpaceOfTheirOwn)
{
    Producer                     producer({demo_sizes, 256, 4, algorithm(TSR_ALGORITHM_CTTV2), 2});
    std::map<uint32_t, uint64_t> next;
    const auto                   expect_next = [&](uint32_t n) {
        for (const tsr_op &op : producer.evaluate(n)) {
            if (op.kind == TSR_OP_MVM) {
                EXPECT_EQ(op.number, (TSR_PRODUCER_EVALUATION_BIT | next[op.tile]++));
            }
        }
    };
    expect_next(2);
    for (const tsr_op &op : producer.train(2)) {
        EXPECT_LT(op.number, TSR_PRODUCER_EVALUATION_BIT);
    }
    expect_next(1);
    EXPECT_EQ(next[5], 3U);
    tsr_producer_restart_evaluation(&producer.state);
    next.clear();
    expect_next(2);
}

} // namespace
} // namespace tessera::testing
