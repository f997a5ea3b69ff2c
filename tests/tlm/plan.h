// What the ops of a test ask for, written down: the input of the simulated chip (small_chip.h) and of the oracle (oracle.h).
#ifndef TESSERA_TESTS_TLM_PLAN_H
#define TESSERA_TESTS_TLM_PLAN_H

#include "models/accounting/span.h"
#include "models/chip/op.h"

#include <cstdint>
#include <ostream>
#include <random>
#include <vector>

namespace tessera::test {

struct planned_stage {
    std::vector<std::uint32_t> units;
    std::uint64_t              duration_ps = 0;
    bool                       retry = false; // queues with the request time of the stage before it
    tsr_stage                  stage = TSR_STAGE_DRIVE;
};

struct planned_op {
    std::uint64_t              start_ps = 0;
    std::vector<planned_stage> stages;
    std::uint32_t              priority = 0;
};

// The op id is the index.
using plan = std::vector<planned_op>;

struct random_plan_config {
    std::uint32_t ops = 1000;
    std::uint32_t units = 8;
    std::uint32_t most_stages = 5;
    std::uint64_t step_ps = 100;     // all times are multiples: many things happen at one instant
    std::uint32_t longest_steps = 4; // durations 0 … this
    std::uint32_t steps_per_op = 1;  // 1/rate of new ops; 0: all start at once
    std::uint32_t priorities = 3;
};

inline plan random_plan(const random_plan_config &config, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    const auto      below = [&](std::uint64_t n) { return static_cast<std::uint32_t>(random() % n); };
    plan            ops(config.ops);
    for (planned_op &op : ops) {
        op.start_ps = config.step_ps * below(config.ops * config.steps_per_op + 1);
        op.priority = below(config.priorities);
        op.stages.resize(1 + below(config.most_stages));
        for (planned_stage &stage : op.stages) {
            stage.stage = static_cast<tsr_stage>(below(TSR_STAGE_COUNT));
            stage.duration_ps = config.step_ps * below(config.longest_steps + 1);
            stage.retry = &stage != &op.stages.front() && below(8) == 0;
            const std::uint32_t count = 1 + below(TSR_STAGE_MAX_UNITS);
            while (stage.units.size() < count) {
                const std::uint32_t unit = below(config.units);
                bool                known = false;
                for (const std::uint32_t other : stage.units)
                    known = known || other == unit;
                if (!known)
                    stage.units.push_back(unit);
            }
        }
    }
    return ops;
}

} // namespace tessera::test

// How GoogleTest prints and compares spans.
inline bool operator==(const tsr_span &a, const tsr_span &b)
{
    return a.identity == b.identity && a.request_ps == b.request_ps && a.grant_ps == b.grant_ps && a.end_ps == b.end_ps;
}
inline std::ostream &operator<<(std::ostream &out, const tsr_span &span)
{
    return out << "op " << tsr_span_op(&span) << " stage " << tsr_span_stage(&span) << " unit " << tsr_span_unit(&span)
               << " slot " << tsr_span_slot(&span) << " request " << span.request_ps << " grant " << span.grant_ps
               << " end " << span.end_ps;
}

#endif
