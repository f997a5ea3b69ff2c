// What one training step costs the host: the op stream of an experiment executed in order without time, and on the chip.
//
//   step_bench EXPERIMENT.toml [--samples N] [--set section.key=value]…      prints one JSON object
//   step_bench EXPERIMENT.toml --prompted [--set section.key=value]…
//
// Both executions run the same programs on machines of the same seed, in alternation, so that a machine whose speed drifts is fair to
// both; their weights must agree at the end. SystemC, TLM and accounting cost the difference. Times are processor time, which
// other processes on the machine disturb least; wall time is given as well. Medians over five turns.
// Prompted, each line of standard input, a number of samples, is a turn of its own, answered by one JSON line; the training goes on
// from turn to turn (scripts/bench takes turns with other programs this way).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fmt/format.h>
#include <functional>
#include <iostream>
#include <numeric>
#include <string>
#include <systemc>
#include <vector>

#include "accelerator/chip.h"
#include "cli/config/resolve.h"
#include "cli/run/machine_owner.h"
#include "models/machine/stages.h"
#include "models/math/isa.h"
#include "workloads/producer.h"
#include "workloads/shuffle.h"

namespace tessera {

namespace {

constexpr std::uint64_t chunk = 50; // samples of one execution before the other has its go

struct moment {
    double cpu_us, wall_us;
};

moment now()
{
    const auto wall = std::chrono::steady_clock::now().time_since_epoch();
    return {static_cast<double>(std::clock()) * (1e6 / CLOCKS_PER_SEC),
            std::chrono::duration<double, std::micro>(wall).count()};
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

struct turn {
    std::uint64_t samples, ops;
    moment        in_order, chip; // spent on all samples of the turn

    double in_order_us() const { return in_order.cpu_us / static_cast<double>(samples); }
    double chip_us() const { return chip.cpu_us / static_cast<double>(samples); }
    double chip_wall_us() const { return chip.wall_us / static_cast<double>(samples); }
};

// Runs a few samples in order, then lets the chip run as many, again and again.
class paired_runs : public program_source {
public:
    // Called before each turn with the one that has ended (samples = 0 before the first); returns the samples of the next one.
    using next_turn = std::function<std::uint64_t(const turn &)>;

    paired_runs(const experiment &e, tsr_machine &in_order, tsr_machine &on_chip, const tsr_dataset_view &data,
                next_turn next)
        : m_in_order(in_order), m_plain(e, in_order, data), m_timed(e, on_chip, data),
          m_work(tsr_work_create(in_order.line_max)), m_next_turn(std::move(next))
    {}
    ~paired_runs() override { tsr_work_destroy(m_work); }

    program next_program() override
    {
        if (m_in_chunk == 0 && !next_chunk())
            return {};
        --m_in_chunk;
        const tsr_program &p = m_timed.next();
        m_turn.ops += p.count;
        return {p.ops, p.count, p.pattern, false};
    }

    paired_runs(const paired_runs &) = delete;
    paired_runs &operator=(const paired_runs &) = delete;

private:
    bool next_chunk()
    {
        if (m_turn.samples > 0)
            add_since(m_start, m_turn.chip);
        if (m_left == 0) {
            m_left = m_next_turn(m_turn);
            m_turn = {m_left, 0, {}, {}};
        }
        m_in_chunk = std::min(chunk, m_left);
        m_left -= m_in_chunk;
        run_in_order(m_in_chunk);
        m_start = now();
        return m_in_chunk > 0;
    }

    void run_in_order(std::uint64_t samples)
    {
        const moment start = now();
        for (std::uint64_t k = 0; k < samples; ++k) {
            const tsr_program &p = m_plain.next();
            if (tsr_execute_in_order(&m_in_order, p.ops, p.count, m_work) != TSR_OK)
                throw std::runtime_error("in-order execution failed");
        }
        add_since(start, m_turn.in_order);
    }

    static void add_since(const moment &start, moment &sum)
    {
        const moment end = now();
        sum.cpu_us += end.cpu_us - start.cpu_us;
        sum.wall_us += end.wall_us - start.wall_us;
    }

    tsr_machine  &m_in_order;
    sample_stream m_plain, m_timed;
    tsr_work     *m_work;
    next_turn     m_next_turn;
    turn          m_turn{};
    std::uint64_t m_left = 0, m_in_chunk = 0;
    moment        m_start{};
};

void print(const std::vector<turn> &turns)
{
    std::uint64_t       samples = 0, ops = 0;
    std::vector<double> in_order, chip, wall, overhead;
    for (const turn &t : turns) {
        samples += t.samples;
        ops += t.ops;
        in_order.push_back(t.in_order_us());
        chip.push_back(t.chip_us());
        wall.push_back(t.chip_wall_us());
        overhead.push_back(t.chip_us() - t.in_order_us());
    }
    const double ops_per_sample = static_cast<double>(ops) / static_cast<double>(samples);
    fmt::print("{{\"isa\": \"{}\", \"samples\": {}, \"ops_per_sample\": {:.2f}, \"in_order_us_per_sample\": {:.2f}, "
               "\"chip_us_per_sample\": {:.2f}, \"chip_wall_us_per_sample\": {:.2f}, "
               "\"systemc_us_per_sample\": {:.2f}, \"host_us_per_op\": {:.4f}, \"systemc_share\": {:.4f}}}\n",
               tsr_isa_name(tsr_isa_current()), samples, ops_per_sample, median(in_order), median(chip), median(wall),
               median(overhead), median(overhead) / ops_per_sample, median(overhead) / median(chip));
    std::fflush(stdout);
}

// Five turns of equal length, then one line over all of them.
paired_runs::next_turn five_turns(std::uint64_t samples, std::vector<turn> &done)
{
    return [samples, &done](const turn &last) {
        if (last.samples > 0)
            done.push_back(last);
        return done.size() < 5 ? std::max<std::uint64_t>(samples / 5, 1) : 0;
    };
}

std::uint64_t prompted_turn(const turn &last)
{
    if (last.samples > 0)
        print({last});
    std::uint64_t samples = 0;
    return std::cin >> samples ? samples : 0;
}

int bench(const std::string &file, const std::vector<std::string> &overrides, std::uint64_t samples, bool prompted)
{
    const resolved_experiment resolved = resolve(file, overrides);
    const dataset_owner       data(resolved.values);
    machine_owner             in_order(resolved.values);
    machine_owner             on_chip(resolved.values);
    std::vector<turn>         turns;
    paired_runs               runs(resolved.values, in_order.get(), on_chip.get(), data.split().train,
                     prompted ? prompted_turn : five_turns(samples, turns));
    chip                      timed("chip", on_chip.get(), runs, {});
    sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    sc_core::sc_start();
    if (tsr_machine_hash(&in_order.get()) != tsr_machine_hash(&on_chip.get())) {
        fmt::print(stderr, "step_bench: the chip and the in-order execution disagree\n");
        return 1;
    }
    if (!prompted)
        print(turns);
    return 0;
}

} // namespace

} // namespace tessera

int sc_main(int argc, char **argv)
{
    std::vector<std::string> overrides;
    std::string              file;
    std::uint64_t            samples = 1000;
    bool                     prompted = false;
    for (int k = 1; k < argc; ++k) {
        const std::string argument = argv[k];
        if (argument == "--set" && k + 1 < argc)
            overrides.emplace_back(argv[++k]);
        else if (argument == "--samples" && k + 1 < argc)
            samples = std::stoull(argv[++k]);
        else if (argument == "--prompted")
            prompted = true;
        else
            file = argument;
    }
    try {
        return tessera::bench(file, overrides, samples, prompted);
    } catch (const std::exception &error) {
        fmt::print(stderr, "step_bench: {}\n", error.what());
        return 2;
    }
}
