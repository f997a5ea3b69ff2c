/// tlm/op_pool.h — payloads for ops, made once and used again.
///
/// Each payload has a sticky op_transaction and a tsr_work of its own for as long as the pool lives. The pool grows when more
/// ops are in flight than ever before; after that nothing is allocated.
#ifndef TESSERA_TLM_OP_POOL_H
#define TESSERA_TLM_OP_POOL_H

#include "tlm/op_transaction.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace tessera {

class op_pool : public tlm::tlm_mm_interface {
public:
    using work_maker = std::function<tsr_work *()>;
    using work_breaker = std::function<void(tsr_work *)>;

    /// `make_work` is called once per payload, `break_work` for each when the pool is destroyed. A null `make_work` gives ops
    /// without work. A make_work that returns null although it was given is reported as SC_ERROR (out of memory).
    explicit op_pool(work_maker make_work = {}, work_breaker break_work = {});
    ~op_pool() override;

    /// A payload that carries a copy of `op` (its `work` replaced by the payload's own), with one reference, the caller's:
    /// release() gives it back.
    op_payload &acquire(const tsr_op &op);

    /// Called by the payload's last release().
    void free(op_payload *payload) override;

    std::size_t size() const { return m_payloads.size(); }                      // payloads made
    std::size_t in_flight() const { return m_payloads.size() - m_free.size(); } // payloads not given back

    op_pool(const op_pool &) = delete;
    op_pool &operator=(const op_pool &) = delete;

private:
    op_payload *make();

    work_maker                               m_make_work;
    work_breaker                             m_break_work;
    std::vector<std::unique_ptr<op_payload>> m_payloads; // each owns its extension
    std::vector<op_payload *>                m_free;
};

} // namespace tessera
#endif
