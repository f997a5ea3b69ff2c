/// tlm/wait_queue.h — requests in the order of grants.
///
/// An intrusive list through stage_place, sorted by goes_before(). New requests usually come last, so insertion looks from the
/// back; nothing is allocated.
#ifndef TESSERA_TLM_WAIT_QUEUE_H
#define TESSERA_TLM_WAIT_QUEUE_H

#include "tlm/op_transaction.h"

#include <cstdint>

namespace tessera {

class wait_queue {
public:
    bool          empty() const { return m_first == nullptr; }
    std::uint32_t size() const { return m_size; }

    /// The request that goes first; null where there is none.
    stage_place *front() const { return m_first; }

    void insert(stage_place &place)
    {
        stage_place *before = m_last;
        while (before != nullptr && goes_before(*place.owner, *before->owner))
            before = before->previous;
        stage_place *after = before != nullptr ? before->next : m_first;
        place.previous = before;
        place.next = after;
        (before != nullptr ? before->next : m_first) = &place;
        (after != nullptr ? after->previous : m_last) = &place;
        ++m_size;
    }

    /// `place` must be in this queue.
    void remove(stage_place &place)
    {
        (place.previous != nullptr ? place.previous->next : m_first) = place.next;
        (place.next != nullptr ? place.next->previous : m_last) = place.previous;
        place.previous = nullptr;
        place.next = nullptr;
        --m_size;
    }

private:
    stage_place  *m_first = nullptr;
    stage_place  *m_last = nullptr;
    std::uint32_t m_size = 0;
};

} // namespace tessera
#endif
