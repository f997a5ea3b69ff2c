/// accelerator/op_graph.h — the dependencies of a program as a graph (Boost.Graph): what may start, in which order.
#ifndef TESSERA_ACCELERATOR_OP_GRAPH_H
#define TESSERA_ACCELERATOR_OP_GRAPH_H

#include "models/chip/dependencies.h"

#include <boost/graph/adjacency_list.hpp>
#include <cstdint>
#include <vector>

namespace tessera {

/// Vertex k is op k of the program; an edge leads to an op that must wait.
class op_graph {
public:
    op_graph(const tsr_edge *edges, std::uint64_t edge_count, std::uint32_t op_count);

    std::uint32_t size() const { return static_cast<std::uint32_t>(m_order.size()); }

    /// A topological order, the earliest op in program order first wherever there is a choice.
    const std::vector<std::uint32_t> &order() const { return m_order; }

    /// How many ops must end before op k may start, and which ops wait for op k.
    std::uint32_t                     predecessors(std::uint32_t op) const { return m_predecessors[op]; }
    const std::vector<std::uint32_t> &successors(std::uint32_t op) const { return m_successors[op]; }

    /// Length of the longest path where op k takes durations_ps[k].
    std::uint64_t critical_path_ps(const std::vector<std::uint64_t> &durations_ps) const;

private:
    using graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;

    void sort(const graph &ops);

    std::vector<std::uint32_t>              m_order;
    std::vector<std::uint32_t>              m_predecessors;
    std::vector<std::vector<std::uint32_t>> m_successors;
};

} // namespace tessera
#endif
