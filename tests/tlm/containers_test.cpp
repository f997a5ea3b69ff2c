// The queue and the set of the hot path against the containers of the standard library.
#include "tlm/unit_marks.h"
#include "tlm/wait_queue.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <set>
#include <vector>

namespace tessera::test {
namespace {

TEST(wait_queue, keeps_the_order_of_grants)
{
    std::mt19937_64             random(5);
    std::vector<op_transaction> all(200);
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].request.request_ps = random() % 6;
        all[i].request.priority = static_cast<std::uint32_t>(random() % 3);
        all[i].op.id = i;
    }
    const auto                    earlier = [](op_transaction *a, op_transaction *b) { return goes_before(*a, *b); };
    std::vector<op_transaction *> expected; // sorted
    wait_queue                    queue;
    for (int step = 0; step < 20000; ++step) {
        op_transaction &one = all[random() % all.size()];
        const auto      at = std::find(expected.begin(), expected.end(), &one);
        if (at != expected.end()) {
            queue.remove(one.places[0]);
            expected.erase(at);
        } else {
            queue.insert(one.places[0]);
            expected.insert(std::upper_bound(expected.begin(), expected.end(), &one, earlier), &one);
        }
        ASSERT_EQ(queue.size(), expected.size());
        ASSERT_EQ(queue.empty(), expected.empty());
        const stage_place *place = queue.front();
        for (op_transaction *transaction : expected) {
            ASSERT_NE(place, nullptr);
            ASSERT_EQ(place->owner, transaction);
            place = place->next;
        }
        ASSERT_EQ(place, nullptr);
    }
}

TEST(unit_marks, gives_the_lowest_first)
{
    std::mt19937_64         random(6);
    std::set<std::uint32_t> expected;
    unit_marks              marks;
    for (int step = 0; step < 50000; ++step) {
        ASSERT_EQ(marks.empty(), expected.empty());
        if (random() % 5 < 2 && !expected.empty()) {
            ASSERT_EQ(marks.take_lowest(), *expected.begin());
            expected.erase(expected.begin());
        } else {
            const auto unit = static_cast<std::uint32_t>(random() % TSR_SPAN_MAX_UNITS);
            marks.set(unit);
            expected.insert(unit);
        }
    }
    for (const std::uint32_t unit : expected)
        ASSERT_EQ(marks.take_lowest(), unit);
    EXPECT_TRUE(marks.empty());
}

} // namespace
} // namespace tessera::test
