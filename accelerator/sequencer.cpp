#include "accelerator/sequencer.h"

namespace tessera {

sequencer::sequencer(const sc_core::sc_module_name &name, const tsr_machine &machine, dispatcher &ops,
                     training_clock &clock, program_source &source)
    : sc_module(name), m_ops(ops), m_clock(clock), m_source(source)
{
    if (tsr_dependencies_create(&m_dependencies, &machine) != TSR_OK)
        SC_REPORT_ERROR(this->name(), "out of memory for the dependencies of the ops");
    m_ops.listen(*this);
    SC_METHOD(begin);
}

sequencer::~sequencer() { tsr_dependencies_destroy(&m_dependencies); }

void sequencer::begin() { next_program(); }

void sequencer::next_program()
{
    m_clock.thaw();
    m_program = m_source.next_program();
    if (m_program.count == 0) {
        sc_core::sc_stop();
        return;
    }
    if (m_program.evaluation)
        m_clock.freeze();
    m_graph = &graph_of(m_program);
    m_issued = 0;
    issue();
}

const op_graph &sequencer::graph_of(const program &p)
{
    std::unique_ptr<op_graph> &graph = m_graphs[{p.pattern, p.count}];
    if (!graph) {
        tsr_dependencies_clear(&m_dependencies);
        if (tsr_dependencies_derive(&m_dependencies, p.ops, p.count) != TSR_OK)
            SC_REPORT_ERROR(name(), "out of memory for the dependencies of the ops");
        graph = std::make_unique<op_graph>(m_dependencies.edges, m_dependencies.edge_count,
                                           static_cast<std::uint32_t>(p.count));
    }
    return *graph;
}

void sequencer::issue()
{
    const std::uint32_t op = m_graph->order()[m_issued++];
    m_ops.start(m_program.ops[op], 0);
}

void sequencer::op_done(const tsr_op & /*op*/)
{
    if (m_issued < m_program.count)
        issue();
    else
        next_program();
}

} // namespace tessera
