// What SystemC reports while a test runs is part of the test's result: a warning, error or fatal report fails it, wherever in
// the simulation it was raised. A test of a diagnostic says so beforehand:
//
//     expect_report expected("tlm.protocol");   // message type of SC_REPORT_…
//     …                                         // provoke it; an SC_ERROR still throws sc_core::sc_report
//     EXPECT_EQ(expected.count(), 1U);
#ifndef TESSERA_TESTS_SUPPORT_SYSTEMC_REPORTS_H
#define TESSERA_TESTS_SUPPORT_SYSTEMC_REPORTS_H

#include <cstddef>
#include <string>
#include <systemc>

namespace tessera::test {

// While alive, reports of one message type are counted instead of failing the test; a type that never came fails the test at
// the end of the scope. One at a time.
class expect_report {
public:
    explicit expect_report(std::string message_type);
    ~expect_report();
    expect_report(const expect_report &) = delete;
    expect_report &operator=(const expect_report &) = delete;

    std::size_t        count() const { return m_count; }
    const std::string &text() const { return m_text; } // of the latest one

    // Counts a report that was announced; false for any other.
    bool take(const sc_core::sc_report &report);

private:
    std::string m_message_type;
    std::string m_text;
    std::size_t m_count = 0;
};

// Installs the rule above; called once by sc_main.
void fail_on_systemc_reports();

} // namespace tessera::test
#endif
