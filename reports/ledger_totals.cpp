#include "reports/ledger_totals.h"

#include <fmt/format.h>

#include "reports/exact.h"

namespace tessera {

namespace {

class adder {
public:
    explicit adder(const csv_table &table)
        : m_table(table), m_phase(table.column("phase")), m_op(table.column("op")), m_kind(table.column("row")),
          m_name(table.column("name")), m_energy(table.column("energy_aj")), m_service(table.column("service_ps")),
          m_wait(table.column("wait_ps"))
    {}

    ledger_totals add_up()
    {
        for (std::size_t row = 0; row < m_table.rows(); ++row) {
            const std::string &kind = m_table.text(row, m_kind);
            if (kind == "energy")
                add_energy(row);
            else if (kind == "time")
                add_time(row);
            else
                m_table.complain(row, m_kind, fmt::format("expected energy or time, got '{}'", kind));
        }
        return m_totals;
    }

private:
    // Index of the cell's name among the `count` names that `name_of` knows.
    template <typename Enum>
    Enum find(std::size_t row, std::size_t column, int count, const char *(*name_of)(Enum)) const
    {
        const std::string &name = m_table.text(row, column);
        for (int k = 0; k < count; ++k)
            if (name == name_of(static_cast<Enum>(k)))
                return static_cast<Enum>(k);
        m_table.complain(row, column, fmt::format("'{}' is not known; was the run made by another version?", name));
    }

    void add(std::size_t row, std::size_t column, tsr_u128 &sum, tsr_u128 value) const
    {
        if (!add_exactly(sum, value))
            m_table.complain(row, column, "the sum leaves 128 bits; the file is damaged");
    }

    void add_energy(std::size_t row)
    {
        const auto     component = find<tsr_component>(row, m_name, TSR_COMPONENT_COUNT, tsr_component_name);
        const tsr_u128 energy_aj = m_table.whole(row, m_energy);
        const bool     of_no_phase = component == TSR_COMPONENT_LEAKAGE && m_table.text(row, m_phase) == "all";
        if (!of_no_phase) {
            const auto phase = find<tsr_phase>(row, m_phase, TSR_PHASE_COUNT, tsr_phase_name);
            find<tsr_op_kind>(row, m_op, TSR_OP_KIND_COUNT, tsr_op_kind_name);
            if (phase == TSR_PHASE_EVALUATE)
                return add(row, m_energy, m_totals.evaluation_aj, energy_aj);
            add(row, m_energy, m_totals.phase_aj[phase], energy_aj);
        }
        add(row, m_energy, m_totals.component_aj[component], energy_aj);
        add(row, m_energy, m_totals.training_aj, energy_aj);
    }

    void add_time(std::size_t row)
    {
        const auto     phase = find<tsr_phase>(row, m_phase, TSR_PHASE_COUNT, tsr_phase_name);
        const auto     op = find<tsr_op_kind>(row, m_op, TSR_OP_KIND_COUNT, tsr_op_kind_name);
        const auto     stage = find<tsr_stage>(row, m_name, TSR_STAGE_COUNT, tsr_stage_name);
        const tsr_u128 service_ps = m_table.whole(row, m_service);
        const tsr_u128 wait_ps = m_table.whole(row, m_wait);
        if (phase == TSR_PHASE_EVALUATE)
            return;
        add(row, m_service, m_totals.phase_ps[phase], service_ps);
        add(row, m_service, m_totals.stage_ps[op][stage], service_ps);
        add(row, m_service, m_totals.busy_ps, service_ps);
        add(row, m_wait, m_totals.wait_ps, wait_ps);
    }

    const csv_table  &m_table;
    const std::size_t m_phase, m_op, m_kind, m_name, m_energy, m_service, m_wait;
    ledger_totals     m_totals;
};

} // namespace

ledger_totals add_up_ledger(const csv_table &ledger) { return adder(ledger).add_up(); }

} // namespace tessera
