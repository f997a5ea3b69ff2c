// What one training step costs the host: the op stream of an experiment executed in order without time, and on the chip.
//
//   step_bench EXPERIMENT.toml [--samples N] [--set section.key=value]…      prints one JSON object
//
// Both executions run the same programs on machines of the same seed, in turns of a few hundred samples so that a machine whose speed
// drifts is fair to both; their weights must agree at the end. SystemC, TLM and accounting cost the difference.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <numeric>
#include <string>
#include <systemc>
#include <vector>

#include "accelerator/chip.h"
#include "cli/config/resolve.h"
#include "cli/run/machine_owner.h"
#include "models/machine/stages.h"
#include "workloads/producer.h"
#include "workloads/shuffle.h"

namespace tessera {

namespace {

using clock = std::chrono::steady_clock;

double microseconds_since(clock::time_point start)
{
    return std::chrono::duration<double, std::micro>(clock::now() - start).count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// Mini-batches of one item, in the order of the first epoch.
class sample_stream {
public:
    sample_stream(const experiment &e, const tsr_machine &machine, const tsr_dataset_view &data)
        : m_data(data), m_rate(static_cast<float>(e.training.learning_rate)), m_order(data.count)
    {
        tsr_shuffle(e.training.seed, 0, data.count, m_order.data());
        if (tsr_producer_create(&m_producer, &machine, nullptr) != TSR_OK)
            throw input_error("no op stream for this algorithm");
    }
    ~sample_stream()
    {
        tsr_program_destroy(&m_program);
        tsr_producer_destroy(&m_producer);
    }

    const tsr_program &next()
    {
        const std::uint32_t image = m_order[m_next++ % m_order.size()];
        const tsr_item      item{m_data.images + std::size_t{image} * m_data.features, m_data.labels[image]};
        if (tsr_producer_train(&m_producer, &item, 1, m_rate, 1, &m_program) != TSR_OK)
            throw std::runtime_error("the producer failed");
        return m_program;
    }

    sample_stream(const sample_stream &) = delete;
    sample_stream &operator=(const sample_stream &) = delete;

private:
    const tsr_dataset_view    &m_data;
    const float                m_rate;
    std::vector<std::uint32_t> m_order;
    tsr_producer               m_producer{};
    tsr_program                m_program{};
    std::size_t                m_next = 0;
};

// Runs a turn in order, then lets the chip run as many samples, again and again; keeps the times of both.
class paired_runs : public program_source {
public:
    paired_runs(const experiment &e, tsr_machine &in_order, tsr_machine &on_chip, const tsr_dataset_view &data,
                std::uint64_t samples)
        : m_in_order(in_order), m_plain(e, in_order, data), m_timed(e, on_chip, data),
          m_work(tsr_work_create(in_order.line_max)), m_turn(std::max<std::uint64_t>(samples / 5, 1)),
          m_samples(5 * m_turn)
    {}
    ~paired_runs() override { tsr_work_destroy(m_work); }

    program next_program() override
    {
        if (m_done % m_turn == 0) {
            if (m_done > 0)
                chip_us.push_back(microseconds_since(m_turn_start) / static_cast<double>(m_turn));
            if (m_done == m_samples)
                return {};
            run_in_order();
            m_turn_start = clock::now();
        }
        ++m_done;
        const tsr_program &p = m_timed.next();
        ops += p.count;
        return {p.ops, p.count, p.pattern, false};
    }

    std::uint64_t       samples() const { return m_samples; }
    std::vector<double> in_order_us, chip_us; // per sample, one entry a turn
    std::uint64_t       ops = 0;

    paired_runs(const paired_runs &) = delete;
    paired_runs &operator=(const paired_runs &) = delete;

private:
    void run_in_order()
    {
        const clock::time_point start = clock::now();
        for (std::uint64_t k = 0; k < m_turn; ++k) {
            const tsr_program &p = m_plain.next();
            if (tsr_execute_in_order(&m_in_order, p.ops, p.count, m_work) != TSR_OK)
                throw std::runtime_error("in-order execution failed");
        }
        in_order_us.push_back(microseconds_since(start) / static_cast<double>(m_turn));
    }

    tsr_machine        &m_in_order;
    sample_stream       m_plain, m_timed;
    tsr_work           *m_work;
    const std::uint64_t m_turn, m_samples;
    std::uint64_t       m_done = 0;
    clock::time_point   m_turn_start;
};

int bench(const std::string &file, const std::vector<std::string> &overrides, std::uint64_t samples)
{
    const resolved_experiment resolved = resolve(file, overrides);
    const dataset_owner       data(resolved.values);
    machine_owner             in_order(resolved.values);
    machine_owner             on_chip(resolved.values);
    paired_runs               runs(resolved.values, in_order.get(), on_chip.get(), data.split().train, samples);
    chip                      timed("chip", on_chip.get(), runs, {});
    sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    sc_core::sc_start();
    if (tsr_machine_hash(&in_order.get()) != tsr_machine_hash(&on_chip.get())) {
        fmt::print(stderr, "step_bench: the chip and the in-order execution disagree\n");
        return 1;
    }
    std::vector<double> overhead;
    for (std::size_t k = 0; k < runs.chip_us.size(); ++k)
        overhead.push_back(runs.chip_us[k] - runs.in_order_us[k]);
    const double ops = static_cast<double>(runs.ops) / static_cast<double>(runs.samples());
    fmt::print("{{\"samples\": {}, \"ops_per_sample\": {:.2f}, \"in_order_us_per_sample\": {:.2f}, "
               "\"chip_us_per_sample\": {:.2f}, "
               "\"systemc_us_per_sample\": {:.2f}, \"host_us_per_op\": {:.4f}, \"systemc_share\": {:.4f}}}\n",
               runs.samples(), ops, median(runs.in_order_us), median(runs.chip_us), median(overhead),
               median(overhead) / ops, median(overhead) / median(runs.chip_us));
    return 0;
}

} // namespace

} // namespace tessera

int sc_main(int argc, char **argv)
{
    std::vector<std::string> overrides;
    std::string              file;
    std::uint64_t            samples = 1000;
    for (int k = 1; k < argc; ++k) {
        const std::string argument = argv[k];
        if (argument == "--set" && k + 1 < argc)
            overrides.emplace_back(argv[++k]);
        else if (argument == "--samples" && k + 1 < argc)
            samples = std::stoull(argv[++k]);
        else
            file = argument;
    }
    try {
        return tessera::bench(file, overrides, samples);
    } catch (const std::exception &error) {
        fmt::print(stderr, "step_bench: {}\n", error.what());
        return 2;
    }
}
