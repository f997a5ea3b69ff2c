// What is wrong with a run folder or with a file to write: one line for the user, "file: key: what was expected; what to do".
#ifndef TESSERA_REPORTS_REPORT_ERROR_H
#define TESSERA_REPORTS_REPORT_ERROR_H

#include <stdexcept>

namespace tessera {

class report_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace tessera
#endif
