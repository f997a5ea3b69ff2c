#include "tests/tlm/permuted_chip.h"

#include <algorithm>

namespace tessera::test {

void restless_unit::finish()
{
    if (!m_late) {
        m_late = true;
        m_patience = static_cast<unsigned>(m_random() % 4);
    }
    if (m_patience > 0) {
        --m_patience;
        ++m_postponed;
        next_trigger(sc_core::SC_ZERO_TIME);
        return;
    }
    m_late = false;
    plain_unit::finish();
    finished();
}

restless_player::restless_player(const sc_core::sc_module_name &name, const settle_process &settle, const plan &ops,
                                 std::mt19937_64 &random)
    : plan_player(name, settle, ops), m_random(random)
{
    SC_METHOD(stir);
    sensitive << m_stir;
    dont_initialize();
}

void restless_player::stage_done(op_payload &payload)
{
    if (m_random() % 4 == 0) {
        advance(payload); // at once, from within the answer
        return;
    }
    ++m_postponed;
    m_done.push_back(&payload);
    m_stir.notify(sc_core::SC_ZERO_TIME);
}

void restless_player::ask(op_payload &payload, const stage_request &request)
{
    if (m_random() % 4 == 0) {
        plan_player::ask(payload, request);
        return;
    }
    ++m_postponed;
    op_transaction::of(payload).begin_stage(request, sc_core::sc_time_stamp().value());
    for (std::uint32_t i = 0; i < request.unit_count; ++i)
        m_pending.push_back({&payload, request.units[i]});
    m_stir.notify(sc_core::SC_ZERO_TIME);
}

// Each waiting thing happens now or later, by the toss of a coin, in a random order.
void restless_player::stir()
{
    std::vector<op_payload *> done;
    std::vector<presentation> pending;
    done.swap(m_done);
    pending.swap(m_pending);
    std::shuffle(done.begin(), done.end(), m_random);
    std::shuffle(pending.begin(), pending.end(), m_random);
    for (op_payload *payload : done) {
        if (m_random() % 2 == 0)
            advance(*payload);
        else
            m_done.push_back(payload);
    }
    for (const presentation &one : pending) {
        if (m_random() % 2 == 0)
            m_out.present(*one.payload, one.unit);
        else
            m_pending.push_back(one);
    }
    if (!m_done.empty() || !m_pending.empty())
        m_stir.notify(sc_core::SC_ZERO_TIME);
}

} // namespace tessera::test
