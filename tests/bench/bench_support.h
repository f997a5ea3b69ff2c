// Registering one piece of work for the scalar and for the best build of the kernels.
#ifndef TESSERA_TESTS_BENCH_BENCH_SUPPORT_H
#define TESSERA_TESTS_BENCH_BENCH_SUPPORT_H

#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "models/math/isa.h"

namespace tessera::bench {

// The portable source without vectors, and what the program would choose by itself (or TESSERA_ISA names).
inline const std::vector<tsr_isa> &isas()
{
    static const std::vector<tsr_isa> both = {TSR_ISA_SCALAR, tsr_isa_current()};
    return both;
}

// What one call does: so many items of a kind, moving at least so many bytes (each array counted once a pass, as STREAM does).
struct work_done {
    const char *item; // "weight", "draw", …
    double      items, bytes;
};

inline void count(benchmark::State &state, const work_done &done)
{
    using counter = benchmark::Counter;
    state.counters["s_per_item"] = counter(done.items, counter::kIsIterationInvariantRate | counter::kInvert);
    state.counters["bytes_per_s"] = counter(done.bytes, counter::kIsIterationInvariantRate);
    state.SetLabel(done.item);
}

// name/scalar and name/avx2, say: `call()` again and again on that build. `call` owns or shares all it needs.
template <typename Call>
void add(const std::string &name, const work_done &done, Call call)
{
    for (const tsr_isa isa : isas()) {
        benchmark::RegisterBenchmark((name + "/" + tsr_isa_name(isa)).c_str(),
                                     [isa, done, call](benchmark::State &state) mutable {
                                         if (tsr_isa_select(isa, nullptr) != TSR_OK)
                                             state.SkipWithError("no such build of the kernels");
                                         for (auto iteration : state) {
                                             (void)iteration;
                                             call();
                                             benchmark::ClobberMemory();
                                         }
                                         count(state, done);
                                     });
    }
}

} // namespace tessera::bench
#endif
