/// tlm/recorder.h — spans of a run, as the units give them.
///
/// Written at the grant, when the end of the span is already decided: the order of records is the order of grants, which
/// does not depend on the kernel. Storage grows by chunks, so that recording never moves what it has. With a sink, full
/// chunks leave and memory stays constant.
#ifndef TESSERA_TLM_RECORDER_H
#define TESSERA_TLM_RECORDER_H

#include "models/accounting/span.h"
#include "tlm/op_transaction.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

namespace tessera {

struct recorder_config {
    bool                       on = false;
    std::uint64_t              from_ps = 0;                                       // window of the grant times,
    std::uint64_t              to_ps = std::numeric_limits<std::uint64_t>::max(); // first included, last excluded
    std::vector<std::uint32_t> units;                                             // empty: all
};

class recorder {
public:
    static constexpr std::size_t chunk_spans = 1U << 16; // 2 MiB

    /// Called with each full chunk, and by flush() with the rest.
    using sink = std::function<void(const tsr_span *spans, std::size_t count)>;

    explicit recorder(const recorder_config &config = {}, sink full_chunk = {});

    bool on() const { return m_config.on; }
    void record(const op_transaction &transaction, std::uint32_t unit, std::uint32_t slot)
    {
        if (transaction.grant_ps < m_config.from_ps || transaction.grant_ps >= m_config.to_ps || !wanted(unit))
            return;
        if (m_next == m_end)
            next_chunk();
        *m_next++ = {
            tsr_span_identity(transaction.op.id, unit, static_cast<std::uint32_t>(transaction.request.stage), slot),
            transaction.request.request_ps, transaction.grant_ps, transaction.end_ps};
    }

    /// Spans recorded so far, also those that a sink took.
    std::uint64_t size() const { return m_taken + held(); }

    /// All spans held, in the order of grants, as contiguous runs: visit(const tsr_span *, std::size_t).
    template <typename Visitor>
    void for_each_run(Visitor visit) const
    {
        for (const auto &chunk : m_chunks) {
            const std::size_t count = &chunk != &m_chunks.back() ? chunk_spans : last_used();
            visit(static_cast<const tsr_span *>(chunk.get()), count);
        }
    }

    /// Gives the sink what it has not seen. Without a sink nothing happens.
    void flush();

private:
    bool wanted(std::uint32_t unit) const { return m_wanted.empty() || (unit < m_wanted.size() && m_wanted[unit]); }
    void next_chunk();
    void give_last_chunk();

    std::size_t last_used() const
    {
        return m_chunks.empty() ? 0 : static_cast<std::size_t>(m_next - m_chunks.back().get());
    }
    std::uint64_t held() const { return m_chunks.empty() ? 0 : (m_chunks.size() - 1) * chunk_spans + last_used(); }

    const recorder_config                    m_config;
    const sink                               m_sink;
    std::vector<bool>                        m_wanted;         // by unit; empty: all
    std::vector<std::unique_ptr<tsr_span[]>> m_chunks;         // one, used again and again, where there is a sink
    tsr_span                                *m_next = nullptr; // free place in the last chunk
    tsr_span                                *m_end = nullptr;  // of the last chunk
    std::uint64_t                            m_taken = 0;      // spans that the sink has
};

} // namespace tessera
#endif
