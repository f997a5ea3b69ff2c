// The payload of an op: its pool, its extension, and the sockets that carry nothing else.
#include "tests/support/systemc_reports.h"
#include "tlm/op_pool.h"

#include <gtest/gtest.h>
#include <set>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <type_traits>
#include <utility>

// Here a work is an integer.
struct tsr_work {
    int value;
};

namespace tessera::test {
namespace {

struct module;

template <typename Initiator, typename Target, typename = void>
struct binds : std::false_type {};
template <typename Initiator, typename Target>
struct binds<Initiator, Target, std::void_t<decltype(std::declval<Initiator &>().bind(std::declval<Target &>()))>>
    : std::true_type {};

using op_initiator = tlm::tlm_initiator_socket<op_socket_width, op_protocol>;
using op_target = tlm::tlm_target_socket<op_socket_width, op_protocol>;
using plain_initiator = tlm::tlm_initiator_socket<op_socket_width>;
using plain_target = tlm::tlm_target_socket<op_socket_width>;
static_assert(std::is_base_of_v<op_initiator, op_initiator_socket<module>>);
static_assert(std::is_base_of_v<op_target, op_target_socket<module>>);
static_assert(binds<op_initiator, op_target>::value, "ops go to units");
static_assert(binds<plain_initiator, plain_target>::value);
static_assert(!binds<op_initiator, plain_target>::value, "an op means nothing to a memory");
static_assert(!binds<plain_initiator, op_target>::value, "a unit cannot serve a payload without an op");

tsr_op op_with(std::uint64_t id)
{
    tsr_op op{};
    op.id = id;
    return op;
}

TEST(op_pool, makes_a_payload_once_and_uses_it_again)
{
    op_pool     pool;
    op_payload &first = pool.acquire(op_with(1));
    op_payload &second = pool.acquire(op_with(2));
    EXPECT_NE(&first, &second);
    EXPECT_EQ(op_transaction::op_of(first).id, 1U);
    EXPECT_EQ(op_transaction::op_of(second).id, 2U);
    first.release();
    EXPECT_EQ(pool.in_flight(), 1U);
    op_payload &third = pool.acquire(op_with(3));
    EXPECT_EQ(&third, &first);
    EXPECT_EQ(op_transaction::op_of(third).id, 3U);
    EXPECT_EQ(pool.size(), 2U);
    second.release();
    third.release();
    EXPECT_EQ(pool.in_flight(), 0U);
}

TEST(op_pool, takes_a_payload_back_with_its_last_reference)
{
    op_pool     pool;
    op_payload &payload = pool.acquire(op_with(1));
    payload.acquire();
    payload.release();
    EXPECT_EQ(pool.in_flight(), 1U);
    payload.release();
    EXPECT_EQ(pool.in_flight(), 0U);
}

TEST(op_pool, gives_each_payload_a_work_for_life)
{
    int                  made = 0;
    std::set<tsr_work *> broken;
    {
        op_pool     pool([&] { return new tsr_work{++made}; },
                     [&](tsr_work *work) {
                         broken.insert(work);
                         delete work;
                     });
        op_payload &a = pool.acquire(op_with(1));
        op_payload &b = pool.acquire(op_with(2));
        tsr_work   *work_a = op_transaction::op_of(a).work;
        tsr_work   *work_b = op_transaction::op_of(b).work;
        ASSERT_NE(work_a, nullptr);
        EXPECT_NE(work_a, work_b);
        a.release();
        tsr_op foreign = op_with(3);
        foreign.work = work_b;
        EXPECT_EQ(op_transaction::op_of(pool.acquire(foreign)).work, work_a) << "the op's own field is not taken over";
        EXPECT_EQ(made, 2);
        EXPECT_TRUE(broken.empty());
    }
    EXPECT_EQ(broken.size(), 2U);
}

TEST(op_pool, reports_work_that_could_not_be_made)
{
    expect_report expected("tessera/op_pool");
    op_pool       pool([]() -> tsr_work       *{ return nullptr; });
    EXPECT_THROW(pool.acquire(op_with(1)), sc_core::sc_report);
}

TEST(op_transaction, is_copied_without_its_progress)
{
    op_pool         pool;
    op_payload     &payload = pool.acquire(op_with(9));
    op_transaction &original = op_transaction::of(payload);
    stage_request   request;
    request.stage = TSR_STAGE_PULSE;
    request.unit_count = 3;
    request.units = {4, 7, 5};
    request.request_ps = 12;
    original.begin_stage(request, 30);
    original.presented = 2;
    original.places[1].accepted = true;

    tlm::tlm_generic_payload copy;
    copy.deep_copy_from(payload);
    const op_transaction &copied = op_transaction::of(copy);
    EXPECT_NE(&copied, &original);
    EXPECT_EQ(copied.op.id, 9U);
    EXPECT_EQ(copied.request.stage, TSR_STAGE_PULSE);
    EXPECT_EQ(copied.request.units, request.units);
    EXPECT_EQ(copied.request.request_ps, 12U);
    EXPECT_EQ(copied.ready_ps, 30U);
    EXPECT_EQ(copied.presented, 0U);
    EXPECT_FALSE(copied.places[1].accepted);
    EXPECT_EQ(copied.places[1].owner, &copied);
    copy.free_all_extensions();
}

TEST(op_transaction, knows_the_position_of_a_unit)
{
    op_transaction transaction;
    transaction.request.unit_count = 2;
    transaction.request.units = {4, 7, 5};
    EXPECT_EQ(transaction.position_of(4), 0U);
    EXPECT_EQ(transaction.position_of(7), 1U);
    EXPECT_EQ(transaction.position_of(5), 2U) << "beyond unit_count is not in the stage";
    EXPECT_EQ(transaction.position_of(6), 2U);
}

} // namespace
} // namespace tessera::test
