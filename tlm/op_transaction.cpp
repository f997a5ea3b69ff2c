#include "tlm/op_transaction.h"

namespace tessera {

op_transaction::op_transaction()
{
    for (stage_place &place : places)
        place.owner = this;
}

void op_transaction::begin_stage(const stage_request &next, std::uint64_t ready_time_ps)
{
    request = next;
    ready_ps = ready_time_ps;
    presented = 0;
    answered = 0;
    for (stage_place &place : places) {
        place.unit = nullptr;
        place.accepted = false;
    }
}

std::uint32_t op_transaction::position_of(std::uint32_t unit) const
{
    std::uint32_t position = 0;
    while (position < request.unit_count && request.units[position] != unit)
        ++position;
    return position;
}

tlm::tlm_extension_base *op_transaction::clone() const
{
    auto *copy = new op_transaction;
    copy->copy_from(*this);
    return copy;
}

void op_transaction::copy_from(const tlm::tlm_extension_base &other)
{
    const auto &source = static_cast<const op_transaction &>(other);
    op = source.op;
    begin_stage(source.request, source.ready_ps);
}

} // namespace tessera
