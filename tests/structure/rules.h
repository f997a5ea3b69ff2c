// The dependency picture of the source tree, as rules that can be checked: which folder may include and link what.
//
// Each check returns one line per violation, "where: what is wrong", and nothing for a tree that is in order.
#ifndef TESSERA_TESTS_STRUCTURE_RULES_H
#define TESSERA_TESTS_STRUCTURE_RULES_H

#include <filesystem>
#include <istream>
#include <string>
#include <vector>

namespace tessera::structure {

// The text without comments; also without the contents of string and character literals if `keep_literals` is false.
// Line breaks stay where they are.
std::string strip_comments(const std::string &text, bool keep_literals);

// Folders at the root: the known ones are there, no unknown one is.
std::vector<std::string> check_top_level(const std::filesystem::path &root);

// #include lines of every folder with a rule, and files named tlm.h.
std::vector<std::string> check_includes(const std::filesystem::path &root);

// models/ and workloads/ hold C, its build files and data, and no word of C++ or SystemC.
std::vector<std::string> check_c_only(const std::filesystem::path &root);

// Lines "folder target library…", as tests/CMakeLists.txt has CMake write them.
std::vector<std::string> check_link_lines(std::istream &lines);

} // namespace tessera::structure
#endif
