/// accelerator/sequencer.h — decides when each op starts.
///
/// Programs (mini-batches in program order) come from a program_source; their dependencies follow from the declared accesses of
/// the ops. Policy `serial`: one op at a time per chip, in program order, a new program when the last op of the old one has ended.
#ifndef TESSERA_ACCELERATOR_SEQUENCER_H
#define TESSERA_ACCELERATOR_SEQUENCER_H

#include "accelerator/dispatcher.h"
#include "accelerator/op_graph.h"
#include "accelerator/training_clock.h"

#include <cstdint>
#include <map>
#include <memory>
#include <systemc>
#include <utility>

namespace tessera {

/// A stretch of ops in program order; `pattern` and `count` together decide their dependencies.
struct program {
    const tsr_op *ops = nullptr;
    std::uint64_t count = 0;
    std::uint64_t pattern = 0;
    bool          evaluation = false; // takes no training time
};

class program_source {
public:
    virtual ~program_source() = default;

    /// The next program; count 0 ends the simulation. The ops stay valid until the next call. Called when all ops of the last
    /// program have ended.
    virtual program next_program() = 0;
};

class sequencer : public sc_core::sc_module, private op_listener {
public:
    SC_HAS_PROCESS(sequencer);
    sequencer(const sc_core::sc_module_name &name, const tsr_machine &machine, dispatcher &ops, training_clock &clock,
              program_source &source);
    ~sequencer() override;

    /// Dependency graphs made so far: one per pattern of program.
    std::size_t graphs() const { return m_graphs.size(); }

private:
    void op_done(const tsr_op &op) override;
    void begin();
    void next_program();
    void issue();

    const op_graph &graph_of(const program &p);

    dispatcher                                                                  &m_ops;
    training_clock                                                              &m_clock;
    program_source                                                              &m_source;
    tsr_dependencies                                                             m_dependencies{};
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::unique_ptr<op_graph>> m_graphs; // by pattern and count
    program                                                                      m_program;
    const op_graph                                                              *m_graph = nullptr;
    std::uint32_t m_issued = 0; // ops of the program, in graph order
};

} // namespace tessera
#endif
