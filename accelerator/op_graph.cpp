#include "accelerator/op_graph.h"

#include <algorithm>
#include <boost/graph/topological_sort.hpp>
#include <boost/range/iterator_range.hpp>
#include <iterator>

namespace tessera {

op_graph::op_graph(const tsr_edge *edges, std::uint64_t edge_count, std::uint32_t op_count)
    : m_predecessors(op_count), m_successors(op_count)
{
    graph ops(op_count);
    for (std::uint64_t k = 0; k < edge_count; ++k)
        boost::add_edge(edges[k].from, edges[k].to, ops);
    for (std::uint32_t k = 0; k < op_count; ++k) {
        m_predecessors[k] = static_cast<std::uint32_t>(boost::in_degree(k, ops));
        for (const auto edge : boost::make_iterator_range(boost::out_edges(k, ops)))
            m_successors[k].push_back(static_cast<std::uint32_t>(boost::target(edge, ops)));
    }
    sort(ops);
}

/// Depth-first search finishes an op after all that wait for it, and visits vertices from the first on. Ops are numbered in
/// program order and added in that order, so sorting by longest distance would reorder them needlessly: the reversed finish order
/// is made stable by taking, among ops whose predecessors are done, always the earliest.
void op_graph::sort(const graph &ops)
{
    std::vector<std::uint32_t> finish;
    boost::topological_sort(ops, std::back_inserter(finish)); // throws boost::not_a_dag
    std::vector<std::uint32_t> open(m_predecessors);
    std::vector<std::uint32_t> ready; // a heap, the earliest op on top
    const auto                 later = std::greater<>();
    for (auto op = finish.rbegin(); op != finish.rend(); ++op)
        if (open[*op] == 0)
            ready.push_back(*op);
    std::make_heap(ready.begin(), ready.end(), later);
    while (!ready.empty()) {
        std::pop_heap(ready.begin(), ready.end(), later);
        const std::uint32_t op = ready.back();
        ready.pop_back();
        m_order.push_back(op);
        for (const std::uint32_t waiting : m_successors[op])
            if (--open[waiting] == 0) {
                ready.push_back(waiting);
                std::push_heap(ready.begin(), ready.end(), later);
            }
    }
}

std::uint64_t op_graph::critical_path_ps(const std::vector<std::uint64_t> &durations_ps) const
{
    std::vector<std::uint64_t> start(m_order.size(), 0);
    std::uint64_t              longest = 0;
    for (const std::uint32_t op : m_order) {
        const std::uint64_t end = start[op] + durations_ps[op];
        longest = std::max(longest, end);
        for (const std::uint32_t waiting : m_successors[op])
            start[waiting] = std::max(start[waiting], end);
    }
    return longest;
}

} // namespace tessera
