#include "tests/structure/rules.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace tessera::structure {
namespace {

namespace fs = std::filesystem;
using names = std::set<std::string>;

struct folder_rule {
    names folders;   // whose headers it may include, besides its own
    names headers;   // kinds of foreign headers, see kind_of_header
    names libraries; // that its targets may link, besides targets of its own
    bool  c_only;
};

// cli/ has no rule: it may use everything.
const std::map<std::string, folder_rule> &rules()
{
    static const std::map<std::string, folder_rule> table = {
        {"models", {{}, {"C"}, {"m"}, true}},
        {"workloads", {{"models"}, {"C", "zlib"}, {"tessera_models", "ZLIB::ZLIB", "m"}, true}},
        {"tlm", {{"models"}, {"C", "C++", "SystemC"}, {"tessera_models", "PkgConfig::SYSTEMC"}, false}},
        {"accelerator",
         {{"models", "tlm"},
          {"C", "C++", "SystemC", "Boost"},
          {"tessera_models", "tessera_transactions", "PkgConfig::SYSTEMC", "Boost::headers"},
          false}},
        {"reports",
         {{"models"},
          {"C", "C++", "fmt", "nlohmann", "toml++"},
          {"tessera_models", "fmt::fmt", "nlohmann_json::nlohmann_json", "PkgConfig::TOMLPLUSPLUS"},
          false}},
    };
    return table;
}

const names known_folders = {"accelerator", "cli", "docs", "models", "reports", "scripts", "tests", "tlm", "workloads"};
const names tool_folders = {".git", ".ci", ".cache", "build", "runs"};
const names c_headers = {"assert.h",    "complex.h", "ctype.h",   "errno.h",  "fenv.h",   "float.h",    "inttypes.h",
                         "limits.h",    "locale.h",  "math.h",    "setjmp.h", "signal.h", "stdalign.h", "stdarg.h",
                         "stdatomic.h", "stdbool.h", "stddef.h",  "stdint.h", "stdio.h",  "stdlib.h",   "stdnoreturn.h",
                         "string.h",    "tgmath.h",  "threads.h", "time.h",   "uchar.h",  "wchar.h",    "wctype.h"};
const names intrinsic_headers = {"immintrin.h", "cpuid.h", "arm_neon.h"};

// "C", "C++", the name of a library, or the name of an unknown header's folder.
std::string kind_of_header(const std::string &header)
{
    const std::string top = header.substr(0, header.find('/'));
    if (c_headers.count(header) != 0) {
        return "C";
    }
    static const std::map<std::string, std::string> libraries = {
        {"systemc", "SystemC"}, {"systemc.h", "SystemC"}, {"sysc", "SystemC"},      {"tlm", "SystemC"},
        {"tlm.h", "SystemC"},   {"tlm_core", "SystemC"},  {"tlm_utils", "SystemC"}, {"boost", "Boost"},
        {"zlib.h", "zlib"},     {"zconf.h", "zlib"}};
    const auto library = libraries.find(top);
    if (library != libraries.end()) {
        return library->second;
    }
    const bool bare = top == header && header.find('.') == std::string::npos;
    return bare ? "C++" : top;
}

std::string read(const fs::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

bool is_source(const fs::path &file)
{
    static const names extensions = {".c", ".h", ".inc", ".cpp", ".hpp", ".cc", ".cxx", ".hh", ".ipp", ".tpp"};
    return extensions.count(file.extension().string()) != 0;
}

// Regular files below root/folder in a stable order, as paths relative to root.
std::vector<fs::path> files_of(const fs::path &root, const std::string &folder)
{
    std::vector<fs::path> files;
    if (fs::is_directory(root / folder)) {
        for (const fs::directory_entry &entry : fs::recursive_directory_iterator(root / folder)) {
            if (entry.is_regular_file()) {
                files.push_back(entry.path().lexically_relative(root));
            }
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

// What is wrong with `#include <header>` in this file, or nothing.
std::string judge_foreign_header(const fs::path &file, const std::string &folder, const std::string &header)
{
    const bool intrinsics = intrinsic_headers.count(header) != 0 && file.parent_path() == "models/math";
    if (intrinsics || rules().at(folder).headers.count(kind_of_header(header)) != 0) {
        return {};
    }
    return "<" + header + "> (" + kind_of_header(header) + ") is not open to " + folder + "/";
}

// What is wrong with `#include "header"`, or nothing.
std::string judge_own_header(const fs::path &root, const std::string &folder, const std::string &header)
{
    const std::string top = header.substr(0, header.find('/'));
    if (top == header || header.find("..") != std::string::npos || !fs::is_regular_file(root / header)) {
        return "\"" + header + "\" is not a path from the root of the repository";
    }
    if (top != folder && rules().at(folder).folders.count(top) == 0) {
        return "\"" + header + "\": " + folder + "/ must not depend on " + top + "/";
    }
    return {};
}

void check_includes_of(const fs::path &root, const fs::path &file, const std::string &folder,
                       std::vector<std::string> &violations)
{
    static const std::regex include("\\s*#\\s*include\\b\\s*(.*?)\\s*");
    static const std::regex spelled("(<|\")([^>\"]+)(>|\")");
    std::istringstream      lines(strip_comments(read(root / file), true));
    std::string             line;
    for (unsigned number = 1; std::getline(lines, line); ++number) {
        std::smatch directive;
        if (!std::regex_match(line, directive, include)) {
            continue;
        }
        std::smatch       header;
        const std::string operand = directive[1];
        std::string       wrong = "the header of an #include must be spelled out";
        if (std::regex_match(operand, header, spelled)) {
            wrong = header[1] == "<" ? judge_foreign_header(file, folder, header[2])
                                     : judge_own_header(root, folder, header[2]);
        }
        if (!wrong.empty()) {
            violations.push_back(file.string() + ":" + std::to_string(number) + ": " + wrong);
        }
    }
}

} // namespace

std::string strip_comments(const std::string &text, bool keep_literals)
{
    std::string result;
    std::size_t at = 0;
    while (at < text.size()) {
        if (text.compare(at, 2, "//") == 0) {
            at = std::min(text.find('\n', at), text.size());
        } else if (text.compare(at, 2, "/*") == 0) {
            const std::size_t close = text.find("*/", at + 2);
            const std::size_t end = close == std::string::npos ? text.size() : close + 2;
            result += ' ';
            for (; at < end; ++at) {
                result.append(text[at] == '\n' ? 1 : 0, '\n');
            }
        } else if (text[at] == '"' || text[at] == '\'') {
            const char  quote = text[at];
            std::size_t end = at + 1;
            while (end < text.size() && text[end] != quote && text[end] != '\n') {
                end += text[end] == '\\' ? 2U : 1U;
            }
            end = std::min(end + 1, text.size());
            if (keep_literals) {
                result += text.substr(at, end - at);
            }
            at = end;
        } else {
            result += text[at++];
        }
    }
    return result;
}

std::vector<std::string> check_top_level(const fs::path &root)
{
    std::vector<std::string> violations;
    for (const std::string &folder : known_folders) {
        if (!fs::is_directory(root / folder)) {
            violations.push_back(folder + ": this folder is missing");
        }
    }
    for (const fs::directory_entry &entry : fs::directory_iterator(root)) {
        const std::string name = entry.path().filename().string();
        if (entry.is_directory() && known_folders.count(name) == 0 && tool_folders.count(name) == 0) {
            violations.push_back(name + ": no folder of this name belongs at the root");
        }
    }
    return violations;
}

std::vector<std::string> check_includes(const fs::path &root)
{
    std::vector<std::string> violations;
    for (const std::string &folder : known_folders) {
        for (const fs::path &file : files_of(root, folder)) {
            if (file.filename() == "tlm.h") {
                violations.push_back(file.string() + ": hides SystemC's own header <tlm.h>");
            }
            if (is_source(file) && rules().count(folder) != 0) {
                check_includes_of(root, file, folder, violations);
            }
        }
    }
    return violations;
}

std::vector<std::string> check_c_only(const fs::path &root)
{
    static const names      extensions = {".c", ".h", ".inc", ".cmake", ".txt", ".toml", ".md"};
    static const std::regex foreign("\\b(namespace|template|typename|class|constexpr|nullptr|noexcept|decltype|virtual|"
                                    "static_cast|reinterpret_cast|std::\\w+|sc_core|sc_module|SC_MODULE|SC_CTOR|"
                                    "tlm::\\w+)\\b|\\b[Ss]ystem[Cc]\\b|\\bSYSTEMC");
    std::vector<std::string> violations;
    for (const auto &[folder, rule] : rules()) {
        if (!rule.c_only) {
            continue;
        }
        for (const fs::path &file : files_of(root, folder)) {
            const std::string extension = file.extension().string();
            if (extensions.count(extension) == 0) {
                violations.push_back(file.string() + ": only C, build files and presets belong here");
            } else if (extension != ".toml" && extension != ".md") {
                const std::string text = strip_comments(read(root / file), false);
                std::smatch       word;
                if (std::regex_search(text, word, foreign)) {
                    violations.push_back(file.string() + ": `" + word.str() + "` is no C");
                }
            }
        }
    }
    return violations;
}

std::vector<std::string> check_link_lines(std::istream &lines)
{
    std::vector<std::vector<std::string>> targets;
    std::map<std::string, names>          own;
    std::string                           line;
    while (std::getline(lines, line)) {
        std::istringstream             words(line);
        const std::vector<std::string> target{std::istream_iterator<std::string>(words), {}};
        if (target.size() >= 2) {
            own[target[0]].insert(target[1]);
            targets.push_back(target);
        }
    }
    std::vector<std::string> violations;
    for (const std::vector<std::string> &target : targets) {
        const std::string &folder = target[0];
        if (target[1] == "tlm") {
            violations.push_back(folder + ": a target named tlm hides SystemC's own header <tlm>");
        }
        const auto rule = rules().find(folder);
        for (std::size_t i = 2; rule != rules().end() && i < target.size(); ++i) {
            const bool sanitizer = target[i].rfind("-f", 0) == 0;
            if (!sanitizer && rule->second.libraries.count(target[i]) == 0 && own[folder].count(target[i]) == 0) {
                violations.push_back(folder + ": " + target[1] + " must not link " + target[i]);
            }
        }
    }
    return violations;
}

} // namespace tessera::structure
