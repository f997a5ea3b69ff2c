#include "tlm/recorder.h"

#include <utility>

namespace tessera {

recorder::recorder(const recorder_config &config, sink full_chunk) : m_config(config), m_sink(std::move(full_chunk))
{
    for (const std::uint32_t unit : config.units) {
        if (unit >= m_wanted.size())
            m_wanted.resize(unit + 1, false);
        m_wanted[unit] = true;
    }
}

void recorder::flush()
{
    if (m_sink && last_used() > 0)
        give_last_chunk();
}

void recorder::next_chunk()
{
    if (m_sink && !m_chunks.empty()) {
        give_last_chunk();
        return;
    }
    m_chunks.emplace_back(new tsr_span[chunk_spans]); // not cleared: pages are touched when used
    m_next = m_chunks.back().get();
    m_end = m_next + chunk_spans;
}

void recorder::give_last_chunk()
{
    m_sink(m_chunks.back().get(), last_used());
    m_taken += last_used();
    m_next = m_chunks.back().get();
}

} // namespace tessera
