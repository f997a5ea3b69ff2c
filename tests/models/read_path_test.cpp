// What a read of an array gives (section 2.2 of the design): quantisation, noise, management of scale and bounds. Statistics are
// held against closed forms with five standard errors; every number drawn is fixed by the seed.
#include "models/random/draws.h"
#include "tests/support/machine_plan.h"

#include <cmath>
#include <gtest/gtest.h>

namespace tessera::test {
namespace {

constexpr std::uint32_t in = 24, out = 10;

float x_of(std::uint32_t j)
{
    return j % 4 == 3 ? 0.0F : 0.11F + 0.05F * static_cast<float>(j % 7) - (j % 2 == 0 ? 0.3F : 0.0F);
}

class ReadPath : public ::testing::Test {
protected:
    void build(const tsr_io_spec &io)
    {
        machine_plan plan = quiet_plan(in, out, TSR_ALGORITHM_TTV2);
        plan.spec.io_forward = io;
        machine = std::make_unique<built_machine>(plan);
        make = std::make_unique<op_maker>(**machine);
        for (std::uint32_t j = 0; j < in; ++j)
            machine->data(TSR_SLOT_X)[j] = x_of(j);
        std::vector<float> weights(in * out);
        for (std::size_t k = 0; k < weights.size(); ++k)
            weights[k] = static_cast<float>(static_cast<int>(tsr_splitmix64(k) % 201) - 100) / 100.0F;
        tsr_array_set_weights(&machine->tile().w, weights.data());
        w = weights_of(machine->tile().w);
    }

    std::vector<double> read(tsr_op op)
    {
        last = machine->execute(op);
        const float *y = machine->data(TSR_SLOT_PARTIAL);
        return {y, y + out};
    }

    double plain(std::uint32_t i) const
    {
        double sum = 0.0;
        for (std::uint32_t j = 0; j < in; ++j)
            sum += static_cast<double>(w[i * in + j]) * static_cast<double>(x_of(j));
        return sum;
    }

    std::unique_ptr<built_machine> machine;
    std::unique_ptr<op_maker>      make;
    std::vector<float>             w;
    tsr_op                         last{};
};

constexpr double scale = 0.41; // max|x|

struct noise_case {
    const char *name;
    double      inp, weight, output;
};

class ReadNoise : public ReadPath, public ::testing::WithParamInterface<noise_case> {};

TEST_P(ReadNoise, HasTheSpreadOfItsParts)
{
    const noise_case &c = GetParam();
    tsr_io_spec       io = ideal_converters();
    io.inp_noise = c.inp;
    io.w_noise = c.weight;
    io.out_noise = c.output;
    build(io);
    constexpr int       reads = 20'000;
    std::vector<double> sum(out, 0.0), square(out, 0.0);
    double              product = 0.0;
    for (int k = 0; k < reads; ++k) {
        const std::vector<double> y = read(make->mvm());
        for (std::uint32_t i = 0; i < out; ++i) {
            const double deviation = y[i] - plain(i);
            sum[i] += deviation;
            square[i] += deviation * deviation;
        }
        product += (y[0] - plain(0)) * (y[1] - plain(1));
    }
    double norm2 = in * c.inp * c.inp;
    for (std::uint32_t j = 0; j < in; ++j)
        norm2 += std::pow(static_cast<double>(x_of(j)) / scale, 2);
    double covariance = 0.0;
    for (std::uint32_t i = 0; i < out; ++i) {
        double row = 0.0;
        for (std::uint32_t j = 0; j < in; ++j) {
            row += std::pow(static_cast<double>(w[i * in + j]), 2);
            covariance += i == 0 ? static_cast<double>(w[j] * w[in + j]) : 0.0;
        }
        const double variance =
            scale * scale * (c.inp * c.inp * row + c.weight * c.weight * norm2 + c.output * c.output);
        EXPECT_NEAR(sum[i] / reads, 0.0, 5 * std::sqrt(variance / reads)) << "output " << i;
        EXPECT_NEAR(square[i] / reads / variance, 1.0, 5 * std::sqrt(2.0 / reads) + 0.005) << "output " << i;
    }
    // only the noise of the inputs is common to two outputs
    const double common = scale * scale * c.inp * c.inp * covariance;
    EXPECT_NEAR(product / reads, common,
                5 * std::sqrt(square[0] * square[1] / reads) / reads + 0.05 * std::abs(common));
}

INSTANTIATE_TEST_SUITE_P(Parts, ReadNoise,
                         ::testing::Values(noise_case{"input", 0.05, 0.0, 0.0}, noise_case{"weight", 0.0, 0.03, 0.0},
                                           noise_case{"output", 0.0, 0.0, 0.06}, noise_case{"all", 0.03, 0.02, 0.04}),
                         [](const auto &one) { return std::string(one.param.name); });

// Noise is a function of the op: the same op gives the same numbers, whatever was read before.
TEST_F(ReadPath, NoiseIsAFunctionOfTheOpNumber)
{
    build(noisy_converters(20.0));
    tsr_op                    op = make->mvm();
    const std::vector<double> first = read(op);
    tsr_op                    other = op;
    other.number = op.number + 1;
    EXPECT_NE(read(other), first);
    EXPECT_EQ(read(op), first);
    op.number |= std::uint64_t{1} << 47U; // as evaluation numbers its ops
    EXPECT_NE(read(op), first);
}

TEST_F(ReadPath, ZeroVectorGivesZeroAndDrivesNothing)
{
    tsr_io_spec io = noisy_converters(20.0);
    build(io);
    std::fill_n(machine->data(TSR_SLOT_X), in, 0.0F);
    ASSERT_EQ(tsr_ledger_record(&(*machine)->ledger), TSR_OK);
    for (const double y : read(make->mvm()))
        EXPECT_EQ(y, 0.0);
    for (std::uint64_t k = 0; k < (*machine)->ledger.charge_count; ++k) {
        const tsr_component part = (*machine)->ledger.charges[k].component;
        EXPECT_TRUE(part == TSR_COMPONENT_PORT || part == TSR_COMPONENT_VECTOR_UNIT) << tsr_component_name(part);
    }
}

TEST_F(ReadPath, ConverterStepsAndBounds)
{
    tsr_io_spec io = tsr_io_default();
    io.inp_res = 1.0 / 14.0; // 7 steps a sign
    io.out_noise = 0.0;
    io.out_res = 1.0 / 62.0; // 31 steps a sign
    io.out_bound = 2.0;
    io.bound_management = TSR_BM_NONE;
    build(io);
    const std::vector<double> y = read(make->mvm());
    std::uint32_t             at_bound = 0;
    for (std::uint32_t i = 0; i < out; ++i) {
        double sum = 0.0;
        for (std::uint32_t j = 0; j < in; ++j)
            sum +=
                static_cast<double>(w[i * in + j]) * std::nearbyint(static_cast<double>(x_of(j)) / scale * 7.0) / 7.0;
        const double code = std::fmin(std::fmax(std::nearbyint(sum / 2.0 * 31.0), -31.0), 31.0);
        at_bound += std::abs(code) == 31.0;
        EXPECT_NEAR(y[i], code / 31.0 * 2.0 * scale, 1e-5) << "output " << i;
    }
    EXPECT_GT(at_bound, 0U); // clipped, not repeated
    EXPECT_EQ(last.retry, 0U);
}

// A value that rounds to the bound does not overflow: the test comes after rounding and before clipping.
TEST_F(ReadPath, OverflowIsTestedAfterRounding)
{
    tsr_io_spec io = ideal_converters();
    io.out_bound = 1.0;
    io.out_res = 0.25; // steps of a half
    const tsr_stream stream = tsr_stream_create(1, 1);
    float            y[] = {1.2F, -1.25F, 0.25F, 0.75F, -0.2F}; // −1.25 is a tie: to the even −1
    EXPECT_FALSE(tsr_adc_convert(&io, stream, y, 5));
    EXPECT_EQ((std::vector<float>{y, y + 5}), (std::vector<float>{1.0F, -1.0F, 0.0F, 1.0F, 0.0F}));
    float over[] = {0.1F, 1.26F};
    EXPECT_TRUE(tsr_adc_convert(&io, stream, over, 2));
    EXPECT_EQ(over[1], 1.0F);
}

// Each repeated pass halves the drive and draws noise of its own.
TEST_F(ReadPath, RepeatedReadHalvesTheInputAndDrawsAnew)
{
    tsr_io_spec io = ideal_converters();
    io.out_noise = 0.05;
    io.out_bound = 20.0;
    build(io);
    const std::vector<float> ones(in * out, 1.0F);
    tsr_array_set_weights(&machine->tile().w, ones.data());
    std::fill_n(machine->data(TSR_SLOT_X), in, 0.5F);
    machine->data(TSR_SLOT_X)[3] = 1.0F; // Σ = 12.5 at full drive
    const struct {
        double        bound;
        std::uint32_t retries;
    } cases[] = {{15.0, 0}, {10.0, 1}, {4.0, 2}, {2.0, 3}, {0.5, 4}}; // the last would need more than max_bm_factor 16
    for (const auto &c : cases) {
        (*machine)->spec.io_forward.out_bound = c.bound;
        const std::vector<double> y = read(make->mvm());
        EXPECT_EQ(last.retry, c.retries);
        const double r = std::pow(2.0, c.retries);
        tsr_stream   stream = tsr_stream_at(machine->tile().w.stream, last.number, TSR_PURPOSE_OUTPUT_NOISE);
        stream.retry = static_cast<std::uint8_t>(c.retries);
        std::vector<float> xi(out);
        tsr_gaussian_fill(&stream, 0, out, xi.data());
        for (std::uint32_t i = 0; i < out; ++i) {
            const double seen = std::fmin(12.5 / r + 0.05 * static_cast<double>(xi[i]), c.bound);
            EXPECT_NEAR(y[i], seen * r, 1e-4) << "bound " << c.bound;
        }
    }
}

TEST_F(ReadPath, MaximumFactorEndsTheRepetitions)
{
    tsr_io_spec io = ideal_converters();
    io.out_bound = 1e-3;
    for (const double factor : {1.0, 2.0, 3.0, 16.0}) {
        io.max_bm_factor = factor;
        build(io);
        read(make->mvm());
        EXPECT_EQ(last.retry, static_cast<std::uint32_t>(std::ceil(std::log2(factor)))) << factor; // r < factor: again
    }
}

TEST_F(ReadPath, BackwardReadNeverRepeats)
{
    tsr_io_spec io = ideal_converters();
    build(io);
    (*machine)->spec.io_backward = ideal_converters(); // iterative by default
    (*machine)->spec.io_backward.out_bound = 1e-3;
    std::fill_n(machine->data(TSR_SLOT_D), out, 1.0F);
    const tsr_op done = machine->execute(make->mvm_transposed());
    EXPECT_EQ(done.retry, 0U);
    EXPECT_TRUE(done.overflow);
    EXPECT_NEAR(std::abs(machine->data(TSR_SLOT_PARTIAL_T)[0]), 1e-3, 1e-8);
}

TEST_F(ReadPath, NoiseManagement)
{
    tsr_io_spec io = ideal_converters();
    io.inp_bound = 0.25;
    io.noise_management = TSR_NM_NONE;
    io.bound_management = TSR_BM_NONE;
    build(io);
    const auto clipped = [&](double s) { // x/s clipped to ±0.25
        double sum = 0.0;
        for (std::uint32_t j = 0; j < in; ++j)
            sum += static_cast<double>(w[j]) * std::fmax(std::fmin(static_cast<double>(x_of(j)) / s, 0.25), -0.25);
        return sum * s;
    };
    EXPECT_NEAR(read(make->mvm())[0], clipped(1.0), 1e-5);
    (*machine)->spec.io_forward.noise_management = TSR_NM_CONSTANT;
    (*machine)->spec.io_forward.nm_constant = 1.25;
    EXPECT_NEAR(read(make->mvm())[0], clipped(1.25), 1e-5);
    (*machine)->spec.io_forward.noise_management = TSR_NM_ABS_MAX;
    EXPECT_NEAR(read(make->mvm())[0], clipped(scale), 1e-5);
    EXPECT_GT(std::abs(clipped(1.0) - clipped(1.25)), 0.001);
    EXPECT_GT(std::abs(clipped(1.0) - clipped(scale)), 0.001);
}

// One slice of A by a one-hot read: no noise management, no repetition, noise on every line.
TEST_F(ReadPath, SliceIsAColumnOfA)
{
    build(ideal_converters());
    std::vector<float> a(in * out);
    for (std::size_t k = 0; k < a.size(); ++k)
        a[k] = static_cast<float>(k) / 300.0F - 0.4F;
    tsr_array_set_weights(&machine->tile().a, a.data());
    (*machine)->spec.io_transfer.out_bound = 0.1; // far too low: clipped, never repeated
    for (const std::uint32_t slice : {0U, 7U, in - 1}) {
        EXPECT_EQ(machine->execute(make->read_slice(slice)).retry, 0U);
        for (std::uint32_t i = 0; i < out; ++i)
            EXPECT_FLOAT_EQ(machine->tile().transfer.v[i], std::fmin(std::fmax(a[i * in + slice], -0.1F), 0.1F));
    }
}

} // namespace
} // namespace tessera::test
