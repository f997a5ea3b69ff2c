// Google Benchmark of the loops the simulator spends its time in, each on the scalar and on the best build of the kernels.
//
//   kernel_bench [--benchmark_…] [--experiment NAME FILE [--set section.key=value]…]…
//
// Without an experiment: STREAM's triad, the math kernels, bulk random numbers. With one, also what its layer 0 does on real images
// after a short training: pulse trains, device loop, read path (array_bench.cpp). scripts/bench runs it and makes a table of it.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <systemc> // its library brings main() and calls sc_main
#include <vector>

#include "models/math/kernels.h"
#include "models/random/draws.h"
#include "tests/bench/array_bench.h"
#include "tests/bench/bench_support.h"

namespace tessera::bench {
namespace {

// A vector that the closures of several benchmarks share.
template <typename T>
std::shared_ptr<std::vector<T>> shared(std::size_t n, T value = T{})
{
    return std::make_shared<std::vector<T>>(n, value);
}

std::shared_ptr<std::vector<float>> deviates(std::size_t n)
{
    auto             v = shared<float>(n);
    const tsr_stream stream = tsr_stream_create(1, 1);
    tsr_gaussian_fill(&stream, 0, static_cast<std::uint32_t>(n), v->data());
    return v;
}

// a = b + s c over three arrays of 64 MiB: past every cache. 24 bytes an element, as STREAM counts.
void triad(benchmark::State &state)
{
    constexpr std::size_t n = std::size_t{8} << 20;
    std::vector<double>   a(n), b(n, 1.0), c(n, 2.0);
    for (auto iteration : state) {
        (void)iteration;
        for (std::size_t i = 0; i < n; ++i)
            a[i] = b[i] + 3.0 * c[i];
        benchmark::DoNotOptimize(a.data());
        benchmark::ClobberMemory();
    }
    count(state, {"element", double{n}, 24.0 * n});
}

// Vectors as long as one side of an array, in the first-level cache.
void add_vector_kernels()
{
    constexpr std::size_t n = 256;
    const auto            x = deviates(n), y = deviates(n), out = shared<float>(n);
    const work_done       reads{"element", n, 4 * n}, maps{"element", n, 8 * n};
    const auto            unary = [&](const char *name, auto kernel) {
        add(name, maps, [=] { kernel(*tsr_kernels_current(), x->data(), out->data()); });
    };
    add("abs_max", reads, [=] { benchmark::DoNotOptimize(tsr_kernels_current()->abs_max(x->data(), n)); });
    add("sum", reads, [=] { benchmark::DoNotOptimize(tsr_kernels_current()->sum(x->data(), n)); });
    add("dot", {"element", n, 8 * n},
        [=] { benchmark::DoNotOptimize(tsr_kernels_current()->dot(x->data(), y->data(), n)); });
    add("add_scaled", {"element", n, 12 * n},
        [=] { tsr_kernels_current()->add_scaled(out->data(), n, 1e-6f, x->data()); });
    unary("dac_quantise", [](const tsr_kernels &k, const float *in, float *to) {
        k.dac_quantise(in, n, 1.0f, 2.0f / 126.0f, 1.0f, to);
    });
    unary("adc_quantise", [](const tsr_kernels &k, const float *in, float *to) {
        benchmark::DoNotOptimize(k.adc_quantise(in, n, 24.0f / 510.0f, 12.0f, to));
    });
    unary("sigmoid", [](const tsr_kernels &k, const float *in, float *to) { k.sigmoid(in, n, to); });
    unary("tanh", [](const tsr_kernels &k, const float *in, float *to) { k.tanh(in, n, to); });
    unary("relu", [](const tsr_kernels &k, const float *in, float *to) { k.relu(in, n, to); });
    unary("exp_sum", [](const tsr_kernels &k, const float *in, float *to) {
        benchmark::DoNotOptimize(k.exp_sum(in, n, 4.0f, to));
    });
}

// Matrix kernels on one tile of the demo's first layer (196 × 256, half of the input lines driven, in the second-level cache), and on
// 64 MiB, where memory is the limit.
void add_matrix_kernels(const std::string &size, std::uint32_t in, std::uint32_t out, std::uint32_t every)
{
    const auto m = shared<float>(std::size_t{in} * out, 0.5f);
    const auto x = shared<float>(in, 0.0f), y = shared<float>(out), z = shared<float>(in), d = deviates(out);
    const auto lines = shared<std::uint32_t>(0);
    for (std::uint32_t j = 0; j < in; j += every) {
        lines->push_back(j);
        (*x)[j] = 1.0f;
    }
    const auto   driven = static_cast<std::uint32_t>(lines->size());
    const double some = 1.0 * out * driven, all = 1.0 * out * in;
    add("matvec_lines/" + size, {"weight", some, 4 * some},
        [=] { tsr_kernels_current()->matvec_lines(m->data(), out, out, lines->data(), driven, x->data(), y->data()); });
    add("matvec_transposed/" + size, {"weight", all, 4 * all},
        [=] { tsr_kernels_current()->matvec_transposed(m->data(), out, in, out, d->data(), z->data()); });
    add("rank1/" + size, {"weight", some, 8 * some},
        [=] { tsr_kernels_current()->rank1(m->data(), out, in, out, 1e-6f, x->data(), d->data()); });
}

void add_random_numbers()
{
    constexpr std::uint32_t n = 4096;
    const tsr_stream        stream = tsr_stream_create(1, 1);
    const auto              gaussians = shared<float>(n);
    const auto              words = shared<std::uint32_t>(n);
    // Short runs of blocks on many lines, as a sparse update draws them.
    const auto line = shared<std::uint32_t>(n / 4), block = shared<std::uint32_t>(n / 4);
    for (std::uint32_t k = 0; k < n / 4; ++k) {
        (*line)[k] = k / 3;
        (*block)[k] = k % 3;
    }
    const work_done draws{"draw", n, 4.0 * n};
    add("gaussian_fill", draws, [=] { tsr_gaussian_fill(&stream, 0, n, gaussians->data()); });
    add("gaussian_blocks", draws,
        [=] { tsr_gaussian_blocks(&stream, line->data(), block->data(), n / 4, gaussians->data()); });
    add("uniform_words", draws, [=] { tsr_uniform_words(&stream, 0, n, words->data()); });
    add("uniform_blocks", draws,
        [=] { tsr_uniform_blocks(&stream, line->data(), block->data(), n / 4, words->data()); });
}

std::vector<named_experiment> experiments(int argc, char **argv)
{
    std::vector<named_experiment> all;
    for (int k = 1; k < argc; ++k) {
        const std::string argument = argv[k];
        if (argument == "--experiment" && k + 2 < argc) {
            all.push_back({argv[k + 1], argv[k + 2], {}});
            k += 2;
        } else if (argument == "--set" && k + 1 < argc && !all.empty()) {
            all.back().overrides.emplace_back(argv[++k]);
        } else {
            throw std::invalid_argument("unexpected argument '" + argument + "'");
        }
    }
    return all;
}

} // namespace
} // namespace tessera::bench

int sc_main(int argc, char **argv)
{
    using namespace tessera::bench;
    try {
        benchmark::Initialize(&argc, argv); // takes its own options out
        benchmark::AddCustomContext("isa_best", tsr_isa_name(tsr_isa_current()));
        benchmark::RegisterBenchmark("stream_triad", triad);
        add_vector_kernels();
        add_matrix_kernels("tile", 196, 256, 2);
        add_matrix_kernels("memory", 65536, 256, 1);
        add_random_numbers();
        for (const named_experiment &e : experiments(argc, argv))
            add_array_benchmarks(e);
        benchmark::RunSpecifiedBenchmarks();
        return 0;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "kernel_bench: %s\n", error.what());
        return 2;
    }
}
