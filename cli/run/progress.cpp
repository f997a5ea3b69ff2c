#include "cli/run/progress.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace tessera {

namespace {

using namespace std::chrono_literals;

std::string duration_text(double seconds)
{
    const auto whole = static_cast<long>(std::ceil(seconds));
    return whole >= 3600 ? fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
                         : fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::size_t terminal_columns()
{
    winsize size{};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

} // namespace

std::string cut_to_columns(const std::string &text, std::size_t columns)
{
    std::size_t used = 0;
    for (std::size_t k = 0; k < text.size(); ++k) {
        const bool begins = (static_cast<unsigned char>(text[k]) & 0xC0U) != 0x80U; // of a UTF-8 character
        if (begins && used++ == columns)
            return text.substr(0, k);
    }
    return text;
}

std::string with_prefix(double value, const std::string &unit)
{
    static constexpr std::array<const char *, 9> prefixes{"f", "p", "n", "µ", "m", "", "k", "M", "G"};
    std::size_t                                  k = 5;
    for (; std::fabs(value) >= 999.5 && k + 1 < prefixes.size(); ++k)
        value *= 1e-3;
    for (; value != 0 && std::fabs(value) < 0.9995 && k > 0; --k)
        value *= 1e3;
    return fmt::format("{:.3g} {}{}", value, prefixes[k], unit);
}

progress::progress(bool quiet) : m_quiet(quiet), m_terminal(isatty(STDOUT_FILENO) != 0) {}

double progress::elapsed_s() const { return std::chrono::duration<double>(clock::now() - m_start).count(); }

bool progress::due()
{
    if (m_quiet || (++m_calls & 15U) != 0)
        return false;
    const auto now = clock::now();
    if (now < m_next)
        return false;
    m_next = now + (m_terminal ? 200ms : 10s);
    return true;
}

std::string progress::line(const training_state &state, double simulated_s, double energy_j) const
{
    const double now_s = elapsed_s();
    const double rate = static_cast<double>(state.samples) / now_s;
    const double left = rate > 0 ? static_cast<double>(state.total_samples - state.samples) / rate : 0;
    std::string  text = fmt::format("epoch {}  {}/{}  {:.0f}/s  loss {:.3f}  train {:.1f} %",
                                   state.evaluating ? state.epoch : state.epoch + 1, state.samples, state.total_samples,
                                    rate, state.epoch_score.loss, state.epoch_score.accuracy);
    if (state.test)
        text += fmt::format("  test {:.1f} %", state.test->accuracy);
    text +=
        fmt::format("  {} {}  left {}", with_prefix(simulated_s, "s"), with_prefix(energy_j, "J"), duration_text(left));
    return state.evaluating ? "evaluating: " + text : text;
}

void progress::update(const training_state &state, double simulated_s, double energy_j)
{
    if (state.samples == 0)
        return;
    const std::string text = line(state, simulated_s, energy_j);
    if (m_terminal) {
        fmt::print("\r\033[K{}", cut_to_columns(text, terminal_columns() - 1));
        m_open_line = true;
    } else {
        fmt::print("{}\n", text);
    }
    std::fflush(stdout);
}

void progress::evaluated(const training_state &state, double simulated_s, double energy_j)
{
    if (m_quiet)
        return;
    end();
    fmt::print("after {} samples (epoch {}): test accuracy {:.2f} %", state.samples, state.epoch, state.test->accuracy);
    if (state.validation)
        fmt::print(", validation {:.2f} %", state.validation->accuracy);
    fmt::print(", train loss {:.4f}, chip time {}, energy {}, host {}\n", state.epoch_score.loss,
               with_prefix(simulated_s, "s"), with_prefix(energy_j, "J"), duration_text(elapsed_s()));
    std::fflush(stdout);
}

void progress::end()
{
    if (m_open_line)
        fmt::print("\r\033[K");
    m_open_line = false;
}

} // namespace tessera
