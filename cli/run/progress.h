// What a person sees while training runs: one live line on a terminal, plain lines now and then elsewhere.
#ifndef TESSERA_CLI_RUN_PROGRESS_H
#define TESSERA_CLI_RUN_PROGRESS_H

#include <chrono>
#include <cstdint>
#include <string>

#include "cli/run/training_plan.h"

namespace tessera {

class progress {
public:
    explicit progress(bool quiet);

    // Cheap; prints at most five times a second on a terminal, every ten seconds elsewhere.
    void update(const training_state &state, double simulated_s, double energy_j);
    // A line that stays: the result of an evaluation.
    void evaluated(const training_state &state, double simulated_s, double energy_j);
    // Leaves the terminal on a fresh line.
    void end();

    // Whether update() would print now: lets the caller skip what it costs to know the numbers.
    bool due();

    double elapsed_s() const;

private:
    using clock = std::chrono::steady_clock;

    std::string line(const training_state &state, double simulated_s, double energy_j) const;

    const bool              m_quiet;
    const bool              m_terminal;
    const clock::time_point m_start = clock::now();
    clock::time_point       m_next = m_start;
    std::uint64_t           m_calls = 0;
    bool                    m_open_line = false;
};

// The first `columns` characters of a UTF-8 text: a live line must not wrap.
std::string cut_to_columns(const std::string &text, std::size_t columns);

// "1.23 ms", "45.6 µJ": a value with the SI prefix that suits it.
std::string with_prefix(double value, const std::string &unit);

} // namespace tessera
#endif
