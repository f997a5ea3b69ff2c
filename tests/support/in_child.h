// Runs a piece of a test in a process of its own: SystemC elaborates once per process, and some tests compare several runs.
//
//     const run_result a = in_child<run_result>([] { return run(1); });
//
// The child sees everything the test has built so far (memory is copied), its failures are printed and fail the test, and its
// result, which must be plain data, comes back. The parent must not have elaborated anything before.
#ifndef TESSERA_TESTS_SUPPORT_IN_CHILD_H
#define TESSERA_TESTS_SUPPORT_IN_CHILD_H

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <sys/wait.h>
#include <type_traits>
#include <unistd.h>

namespace tessera::test {

template <typename Result, typename Body>
Result in_child(Body body)
{
    static_assert(std::is_trivially_copyable_v<Result>, "the result crosses a pipe");
    int ends[2];
    if (pipe(ends) != 0)
        throw std::runtime_error("pipe failed");
    std::fflush(nullptr); // or the child would print it again
    const pid_t child = fork();
    if (child < 0)
        throw std::runtime_error("fork failed");
    if (child == 0) {
        close(ends[0]);
        bool sent = false;
        try {
            const Result result = body();
            sent = write(ends[1], &result, sizeof result) == static_cast<ssize_t>(sizeof result);
        } catch (const std::exception &error) {
            std::printf("in the child process: %s\n", error.what());
        }
        std::fflush(nullptr);
        _exit(sent && !::testing::Test::HasFailure() ? 0 : 1); // no destructors: the parent runs them
    }
    close(ends[1]);
    Result        result{};
    const ssize_t got = read(ends[0], &result, sizeof result); // smaller than PIPE_BUF: one piece
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(got, static_cast<ssize_t>(sizeof result)) << "the child process gave no result";
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "the child process failed, status " << status;
    return result;
}

} // namespace tessera::test
#endif
