// The recorder keeps every span it is asked for, and no other, in their order.
#include "tlm/recorder.h"

#include <gtest/gtest.h>

namespace tessera::test {
namespace {

void record(recorder &log, std::uint64_t op, std::uint32_t unit, std::uint64_t grant_ps)
{
    op_transaction transaction;
    transaction.op.id = op;
    transaction.request.stage = TSR_STAGE_CONVERT;
    transaction.request.request_ps = grant_ps / 2;
    transaction.grant_ps = grant_ps;
    transaction.end_ps = grant_ps + 7;
    log.record(transaction, unit, 3);
}

std::vector<std::uint64_t> ops_of(const recorder &log)
{
    std::vector<std::uint64_t> ops;
    log.for_each_run([&](const tsr_span *run, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            ops.push_back(tsr_span_op(&run[i]));
    });
    return ops;
}

TEST(recorder, is_off_by_default)
{
    EXPECT_FALSE(recorder().on());
    EXPECT_EQ(recorder().size(), 0U);
    EXPECT_TRUE(ops_of(recorder()).empty());
}

TEST(recorder, keeps_all_fields_of_a_span)
{
    recorder log({true, 0, UINT64_MAX, {}});
    EXPECT_TRUE(log.on());
    record(log, 99, 4095, 1000);
    ASSERT_EQ(log.size(), 1U);
    log.for_each_run([](const tsr_span *run, std::size_t count) {
        ASSERT_EQ(count, 1U);
        EXPECT_EQ(tsr_span_op(run), 99U);
        EXPECT_EQ(tsr_span_unit(run), 4095U);
        EXPECT_EQ(tsr_span_stage(run), static_cast<std::uint32_t>(TSR_STAGE_CONVERT));
        EXPECT_EQ(tsr_span_slot(run), 3U);
        EXPECT_EQ(run->request_ps, 500U);
        EXPECT_EQ(run->grant_ps, 1000U);
        EXPECT_EQ(run->end_ps, 1007U);
    });
}

TEST(recorder, has_a_window_that_includes_its_start_and_not_its_end)
{
    recorder log({true, 100, 200, {}});
    for (const std::uint64_t grant_ps : {99U, 100U, 150U, 199U, 200U})
        record(log, grant_ps, 0, grant_ps);
    EXPECT_EQ(ops_of(log), (std::vector<std::uint64_t>{100, 150, 199}));
}

TEST(recorder, keeps_the_units_asked_for)
{
    recorder log({true, 0, UINT64_MAX, {2, 130}});
    for (const std::uint32_t unit : {0U, 2U, 3U, 130U, 131U})
        record(log, unit, unit, 1);
    EXPECT_EQ(ops_of(log), (std::vector<std::uint64_t>{2, 130}));
}

TEST(recorder, grows_by_chunks_without_losing_a_span)
{
    recorder            log({true, 0, UINT64_MAX, {}});
    const std::uint64_t count = 2 * recorder::chunk_spans + 5;
    for (std::uint64_t op = 0; op < count; ++op) {
        if (op % recorder::chunk_spans == 0) {
            EXPECT_EQ(log.size(), op);
        }
        record(log, op, 0, op);
    }
    EXPECT_EQ(log.size(), count);
    const std::vector<std::uint64_t> ops = ops_of(log);
    ASSERT_EQ(ops.size(), count);
    for (std::uint64_t op = 0; op < count; ++op)
        ASSERT_EQ(ops[op], op);
}

TEST(recorder, gives_full_chunks_and_the_rest_to_its_sink)
{
    std::vector<std::size_t>   sizes;
    std::vector<std::uint64_t> ops;
    recorder                   log({true, 0, UINT64_MAX, {}}, [&](const tsr_span *spans, std::size_t count) {
        sizes.push_back(count);
        for (std::size_t i = 0; i < count; ++i)
            ops.push_back(tsr_span_op(&spans[i]));
    });
    const std::uint64_t        count = 2 * recorder::chunk_spans + 5;
    for (std::uint64_t op = 0; op < count; ++op)
        record(log, op, 0, op);
    log.flush();
    log.flush(); // nothing is left
    EXPECT_EQ(sizes, (std::vector<std::size_t>{recorder::chunk_spans, recorder::chunk_spans, 5}));
    ASSERT_EQ(ops.size(), count);
    for (std::uint64_t op = 0; op < count; ++op)
        ASSERT_EQ(ops[op], op);
    EXPECT_EQ(log.size(), count);
    EXPECT_TRUE(ops_of(log).empty());
}

} // namespace
} // namespace tessera::test
