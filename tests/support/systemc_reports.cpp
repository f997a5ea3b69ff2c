#include "tests/support/systemc_reports.h"

#include <gtest/gtest.h>

#include <utility>

namespace tessera::test {
namespace {

expect_report *announced = nullptr;

void report_to_test(const sc_core::sc_report &report, const sc_core::sc_actions &actions)
{
    if (report.get_severity() < sc_core::SC_WARNING) {
        sc_core::sc_report_handler::default_handler(report, actions);
        return;
    }
    if (announced == nullptr || !announced->take(report)) {
        const char *process = report.get_process_name();
        ADD_FAILURE_AT(report.get_file_name(), report.get_line_number())
            << "SystemC reported " << report.get_msg_type() << ": " << report.get_msg() << " (in "
            << (process != nullptr ? process : "no process") << ")";
    }
    // GoogleTest has shown it; whether to throw or abort stays with SystemC.
    const sc_core::sc_actions shown = sc_core::SC_DISPLAY | sc_core::SC_LOG;
    sc_core::sc_report_handler::default_handler(report, actions & ~shown);
}

} // namespace

expect_report::expect_report(std::string message_type) : m_message_type(std::move(message_type)) { announced = this; }

expect_report::~expect_report()
{
    announced = nullptr;
    EXPECT_GT(m_count, 0U) << "SystemC never reported " << m_message_type;
}

bool expect_report::take(const sc_core::sc_report &report)
{
    if (m_message_type != report.get_msg_type()) {
        return false;
    }
    ++m_count;
    m_text = report.get_msg();
    return true;
}

void fail_on_systemc_reports() { sc_core::sc_report_handler::set_handler(report_to_test); }

} // namespace tessera::test
