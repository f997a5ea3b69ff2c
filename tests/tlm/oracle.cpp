#include "tests/tlm/oracle.h"

#include <map>
#include <set>
#include <tuple>

namespace tessera::test {
namespace {

class oracle {
public:
    oracle(const plan &ops, const std::vector<std::uint32_t> &slots)
        : m_plan(ops), m_units(slots.size()), m_at(ops.size())
    {
        for (std::size_t u = 0; u < slots.size(); ++u)
            for (std::uint32_t slot = 0; slot < slots[u]; ++slot)
                m_units[u].free.insert(slot);
        for (std::size_t i = 0; i < ops.size(); ++i)
            m_events[ops[i].start_ps].starting.push_back(i);
    }

    std::vector<tsr_span> run()
    {
        while (!m_events.empty()) {
            m_now = m_events.begin()->first;
            const instant due = m_events.begin()->second;
            m_events.erase(m_events.begin());
            for (const std::size_t op : due.ending)
                release(op);
            for (const std::size_t op : due.ending)
                advance(op);
            for (const std::size_t op : due.starting)
                ask(op, m_now);
            while (grant_one()) {
            }
        }
        return m_spans;
    }

private:
    using order = std::tuple<std::uint64_t, std::uint32_t, std::size_t>; // request time, priority, op

    struct instant {
        std::vector<std::size_t> ending, starting;
    };
    struct unit {
        std::set<order>         waiting;
        std::set<std::uint32_t> free;
    };
    struct progress {
        std::size_t                stage = 0;
        std::uint64_t              request_ps = 0;
        std::vector<std::uint32_t> slots;
    };

    const planned_stage &stage_of(std::size_t op) const { return m_plan[op].stages[m_at[op].stage]; }
    order                order_of(std::size_t op) const { return {m_at[op].request_ps, m_plan[op].priority, op}; }

    void ask(std::size_t op, std::uint64_t request_ps)
    {
        m_at[op].request_ps = request_ps;
        for (const std::uint32_t u : stage_of(op).units)
            m_units[u].waiting.insert(order_of(op));
    }

    void advance(std::size_t op)
    {
        if (++m_at[op].stage < m_plan[op].stages.size())
            ask(op, stage_of(op).retry ? m_at[op].request_ps : m_now);
    }

    void release(std::size_t op)
    {
        const std::vector<std::uint32_t> &units = stage_of(op).units;
        for (std::size_t i = 0; i < units.size(); ++i)
            m_units[units[i]].free.insert(m_at[op].slots[i]);
    }

    // Of the requests that are first at all their units and find a slot in each, the first one starts.
    bool grant_one()
    {
        std::set<order> startable;
        for (const unit &u : m_units) {
            if (u.waiting.empty())
                continue;
            const order first = *u.waiting.begin();
            bool        possible = true;
            for (const std::uint32_t other : stage_of(std::get<2>(first)).units)
                possible = possible && !m_units[other].free.empty() && *m_units[other].waiting.begin() == first;
            if (possible)
                startable.insert(first);
        }
        if (startable.empty())
            return false;
        start(std::get<2>(*startable.begin()));
        return true;
    }

    void start(std::size_t op)
    {
        const planned_stage &stage = stage_of(op);
        m_at[op].slots.clear();
        for (const std::uint32_t u : stage.units) {
            m_units[u].waiting.erase(order_of(op));
            if (stage.duration_ps == 0)
                continue;
            const std::uint32_t slot = *m_units[u].free.begin();
            m_units[u].free.erase(slot);
            m_at[op].slots.push_back(slot);
            m_spans.push_back({tsr_span_identity(op, u, static_cast<std::uint32_t>(stage.stage), slot),
                               m_at[op].request_ps, m_now, m_now + stage.duration_ps});
        }
        if (stage.duration_ps == 0)
            advance(op);
        else
            m_events[m_now + stage.duration_ps].ending.push_back(op);
    }

    const plan                      &m_plan;
    std::vector<unit>                m_units;
    std::vector<progress>            m_at;
    std::map<std::uint64_t, instant> m_events;
    std::uint64_t                    m_now = 0;
    std::vector<tsr_span>            m_spans;
};

} // namespace

std::vector<tsr_span> oracle_spans(const plan &ops, const std::vector<std::uint32_t> &slots)
{
    return oracle(ops, slots).run();
}

} // namespace tessera::test
