// Benchmarks of what an experiment does on the tiles of its first layer.
#ifndef TESSERA_TESTS_BENCH_ARRAY_BENCH_H
#define TESSERA_TESTS_BENCH_ARRAY_BENCH_H

#include <string>
#include <vector>

namespace tessera::bench {

struct named_experiment {
    std::string              name, file;
    std::vector<std::string> overrides; // "section.key=value"
};

// Trains a few hundred samples, keeps the vectors and trains of the last ones, and registers benchmarks that repeat them.
// Throws what resolve() and machine_owner throw.
void add_array_benchmarks(const named_experiment &e);

} // namespace tessera::bench
#endif
