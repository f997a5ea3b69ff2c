// A place in a file of reference vectors: typed access that says file, case and key when something is missing or wrong.
#ifndef TESSERA_CLI_CONFORMANCE_CASE_NODE_H
#define TESSERA_CLI_CONFORMANCE_CASE_NODE_H

#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace tessera::conformance {

// The file is not what the format says: one line for the user.
struct format_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// rows × columns numbers, row-major as in the file.
struct matrix {
    uint32_t           rows = 0, columns = 0;
    std::vector<float> values;

    float at(uint32_t i, uint32_t j) const { return values[static_cast<size_t>(i) * columns + j]; }
};

class case_node {
public:
    // `where` is the file, later also the case. The JSON value must outlive the node.
    case_node(const nlohmann::json &value, std::string where, std::string key = {});

    bool      has(const std::string &key) const;
    case_node at(const std::string &key) const;

    // Elements of a list.
    std::vector<case_node> items() const;

    double             number() const;
    float              single() const { return static_cast<float>(number()); }
    uint32_t           count(uint32_t least = 0, uint32_t most = UINT32_MAX) const;
    int                integer() const;
    bool               flag() const;
    std::string        text() const;
    std::vector<float> vector(uint32_t length) const;
    std::vector<float> vector() const;
    matrix             grid(uint32_t rows, uint32_t columns) const;

    // The same node as the root of a case: messages name the case, and keys start here.
    case_node as_case(const std::string &name) const;

    const nlohmann::json &raw() const { return *value_; }

    [[noreturn]] void fail(const std::string &what) const;

private:
    const nlohmann::json *value_;
    std::string           where_, key_;
};

} // namespace tessera::conformance

#endif
