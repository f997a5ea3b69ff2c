// The built program, run as a user runs it.
#ifndef TESSERA_TESTS_CLI_RUN_PROGRAM_H
#define TESSERA_TESTS_CLI_RUN_PROGRAM_H

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace tessera::test {

struct program_outcome {
    int         exit_code; // -1: ended by a signal
    std::string out, err;
};

inline std::string file_text(const std::filesystem::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// Runs `[environment] tessera arguments` by the shell in `folder`; the streams go to files in folder/.streams.
inline program_outcome run_program(const std::filesystem::path &folder, const std::string &arguments,
                                   const std::string &environment = "")
{
    const std::filesystem::path streams = folder / ".streams";
    std::filesystem::create_directories(streams);
    const std::string command = "cd '" + folder.string() + "' && " + environment + " '" TESSERA_PROGRAM "' " +
                                arguments + " >.streams/out 2>.streams/err";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, file_text(streams / "out"), file_text(streams / "err")};
}

} // namespace tessera::test
#endif
