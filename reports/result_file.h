// result.json of a run folder, key by key.
#ifndef TESSERA_REPORTS_RESULT_FILE_H
#define TESSERA_REPORTS_RESULT_FILE_H

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tessera {

// Every member throws report_error naming file and key if the key is missing or not what was asked for.
class result_file {
public:
    explicit result_file(const std::filesystem::path &file);

    void require_format(const std::string &format) const;
    bool has(const std::string &key) const { return m_object.contains(key); }

    std::string              text(const std::string &key) const;
    std::vector<std::string> texts(const std::string &key) const;
    std::uint64_t            whole(const std::string &key) const;
    double                   amount(const std::string &key) const; // finite and not negative
    std::optional<double>    number_or_null(const std::string &key) const;

    [[noreturn]] void complain(const std::string &key, const std::string &what) const;

private:
    const nlohmann::json &at(const std::string &key) const;
    [[noreturn]] void     complain_of_value(const std::string &key, const char *expected) const;

    std::string    m_shown;
    nlohmann::json m_object;
};

} // namespace tessera
#endif
