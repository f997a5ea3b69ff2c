#include "tlm/op_pool.h"

#include <utility>

namespace tessera {

op_pool::op_pool(work_maker make_work, work_breaker break_work)
    : m_make_work(std::move(make_work)), m_break_work(std::move(break_work))
{}

op_pool::~op_pool()
{
    if (m_break_work)
        for (const auto &payload : m_payloads)
            m_break_work(op_transaction::op_of(*payload).work);
}

op_payload &op_pool::acquire(const tsr_op &op)
{
    if (m_free.empty())
        m_free.push_back(make());
    op_payload &payload = *m_free.back();
    m_free.pop_back();

    tsr_op   &carried = op_transaction::op_of(payload);
    tsr_work *work = carried.work;
    carried = op;
    carried.work = work;
    payload.acquire();
    return payload;
}

void op_pool::free(op_payload *payload) { m_free.push_back(payload); }

op_payload *op_pool::make()
{
    auto payload = std::make_unique<op_payload>(this);
    auto transaction = std::make_unique<op_transaction>();
    if (m_make_work) {
        transaction->op.work = m_make_work();
        if (transaction->op.work == nullptr)
            SC_REPORT_ERROR("tessera/op_pool", "out of memory for the vectors of an op");
    }
    payload->set_extension(transaction.release()); // the payload's destructor frees it
    m_payloads.push_back(std::move(payload));
    m_free.reserve(m_payloads.size());
    return m_payloads.back().get();
}

} // namespace tessera
