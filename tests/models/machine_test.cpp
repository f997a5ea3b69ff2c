// The machine as a whole: how it is built, what its hash covers, the direction of learning, execution in order.
#include "tests/support/machine_plan.h"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>

namespace tessera::test {
namespace {

machine_plan two_layers(tsr_algorithm_name algorithm)
{
    machine_plan plan = quiet_plan(12, 8, algorithm);
    plan.layers = {testing::grid_layer(20, 10, 2, 2, 0, 0, TSR_BIAS_DIGITAL),
                   testing::grid_layer(10, 6, 1, 1, 4, 1, TSR_BIAS_ANALOG)};
    plan.spec.chip.tiles_per_core = 4;
    return plan;
}

// -- construction ----------------------------------------------------------------------------------------------------

TEST(Machine, TilesCoverTheirLayersOnce)
{
    machine_plan plan = two_layers(TSR_ALGORITHM_TTV2);
    plan.layers[0] = testing::grid_layer(23, 11, 3, 2, 0, 0, TSR_BIAS_ANALOG); // 11 = 4 + 4 + 3, 24 = 12 + 12
    plan.layers[1].first_tile = 6;
    built_machine machine(plan);
    ASSERT_EQ(machine->tile_count, 7U);
    std::vector<int> covered(11 * 24, 0);
    for (std::uint32_t t = 0; t < 6; ++t) {
        const tsr_tile &tile = machine.tile(t);
        EXPECT_EQ(tile.w.in, tile.in);
        EXPECT_EQ(tile.w.out, tile.out);
        for (std::uint32_t i = 0; i < tile.out; ++i)
            for (std::uint32_t j = 0; j < tile.in; ++j)
                covered[(tile.out_offset + i) * 24 + tile.in_offset + j] += 1;
    }
    EXPECT_EQ(covered, std::vector<int>(11 * 24, 1));
    EXPECT_EQ(machine->core_count, 2U);
    EXPECT_EQ(machine->line_max, 12U);
}

TEST(Machine, FirstWeightsAreUniform)
{
    machine_plan plan = quiet_plan(300, 200, TSR_ALGORITHM_SGD);
    plan.spec.init_weight_scale = 1.5;
    built_machine            machine(plan);
    const std::vector<float> w = weights_of(machine.tile().w);
    const double             limit = 1.5 / std::sqrt(300.0);
    double                   sum = 0.0, square = 0.0, most = 0.0;
    for (const float value : w) {
        sum += static_cast<double>(value);
        square += std::pow(static_cast<double>(value), 2);
        most = std::fmax(most, std::abs(static_cast<double>(value)));
    }
    const double n = 300.0 * 200.0;
    EXPECT_LE(most, limit * 1.000001);
    EXPECT_GT(most, limit * 0.999);
    EXPECT_NEAR(sum / n, 0.0, 5 * limit / std::sqrt(3 * n));
    EXPECT_NEAR(square / n / (limit * limit / 3), 1.0, 5 * std::sqrt(0.8 / n));
}

TEST(Machine, BiasLineIsOneAndStaysSo)
{
    machine_plan plan = two_layers(TSR_ALGORITHM_SGD);
    plan.spec.batch_size = 3;
    built_machine machine(plan);
    for (std::uint32_t item = 0; item < 3; ++item)
        EXPECT_EQ(machine.data(TSR_SLOT_X, 1, 0, item)[10], 1.0F);
    op_maker make(*machine);
    tsr_op   activate = make.vector(TSR_VECTOR_ACTIVATE, 0);
    activate.target = machine.slot(TSR_SLOT_X, 1);
    machine.execute(activate);                       // 10 units into 11 lines
    EXPECT_EQ(machine.data(TSR_SLOT_X, 1)[0], 0.5F); // sigmoid of 0
    EXPECT_EQ(machine.data(TSR_SLOT_X, 1)[10], 1.0F);
    machine.execute(make.move(machine.slot(TSR_SLOT_Z, 0), machine.slot(TSR_SLOT_X, 1)));
    EXPECT_EQ(machine.data(TSR_SLOT_X, 1)[10], 1.0F);
}

TEST(Machine, RefusesImpossibleSpecifications)
{
    const auto refused = [](const std::function<void(tsr_machine_spec &)> &change) {
        machine_plan plan = quiet_plan(4, 4, TSR_ALGORITHM_TTV2);
        change(plan.spec);
        plan.spec.layer_count = 1;
        plan.spec.layers = plan.layers.data();
        tsr_machine      machine{};
        tsr_error        error{};
        const tsr_status status = tsr_machine_create(&machine, &plan.spec, &error);
        tsr_machine_destroy(&machine);
        EXPECT_NE(status, TSR_OK);
        return std::string(error.text);
    };
    EXPECT_NE(refused([](auto &s) { s.io_forward.out_noise = std::nan(""); }).find("out_noise"), std::string::npos);
    EXPECT_NE(refused([](auto &s) { s.update.desired_bl = 0; }).find("desired_bl"), std::string::npos);
    EXPECT_NE(refused([](auto &s) { s.update.desired_bl = 65; }).find("desired_bl"), std::string::npos);
    EXPECT_NE(refused([](auto &s) { s.algorithm.transfer_lr = -1.0; }).find("transfer_lr"), std::string::npos);
    EXPECT_NE(refused([](auto &s) { s.algorithm.in_chop_prob = 1.5; }).find("in_chop_prob"), std::string::npos);
    EXPECT_NE(refused([](auto &s) { s.algorithm.transfer_every = 0; }).find("transfer_every"), std::string::npos);
    EXPECT_NE(refused([](auto &s) { s.chip.input_lines = 0; }).find("input_lines"), std::string::npos);
    EXPECT_NE(refused([](auto &s) { s.chip.lines_per_adc = 0; }).find("lines_per_adc"), std::string::npos);
    EXPECT_NE(refused([](auto &s) { s.device_a.dw_min = 0.0; }).find("dw_min"), std::string::npos);
    EXPECT_NE(refused([](auto &s) { s.batch_size = 0; }).find("batch"), std::string::npos);
}

// -- hash ------------------------------------------------------------------------------------------------------------

float *bit_flipped(float *value)
{
    std::uint32_t bits = 0;
    std::memcpy(&bits, value, sizeof bits);
    bits ^= 1U;
    std::memcpy(value, &bits, sizeof bits);
    return value;
}

TEST(MachineHash, CoversEveryBitOfTheState)
{
    built_machine       machine(two_layers(TSR_ALGORITHM_CTTV2));
    const std::uint64_t before = tsr_machine_hash(&*machine);
    EXPECT_EQ(tsr_machine_hash(&*machine), before);
    const auto matters = [&](float *value, const char *what) {
        const float old = *value;
        bit_flipped(value);
        EXPECT_NE(tsr_machine_hash(&*machine), before) << what;
        *value = old;
    };
    for (std::uint32_t t = 0; t < machine->tile_count; ++t) {
        tsr_tile &tile = machine.tile(t);
        for (const std::uint32_t i : {0U, tile.out - 1})
            for (const std::uint32_t j : {0U, tile.in - 1}) {
                matters(&tile.w.planes.w[j * tile.w.stride + i], "W");
                tile.a.planes.w[j * tile.a.stride + i] = 0.5F;
                tile.transfer.h[j * tile.out + i] = 0.25F;
            }
    }
    const std::uint64_t again = tsr_machine_hash(&*machine);
    EXPECT_NE(again, before);
    for (std::uint32_t t = 0; t < machine->tile_count; ++t) {
        tsr_tile &tile = machine.tile(t);
        float    *parts[] = {&tile.a.planes.w[tile.out - 1], &tile.transfer.h[tile.out - 1]};
        for (float *part : parts) {
            const float old = *part;
            bit_flipped(part);
            EXPECT_NE(tsr_machine_hash(&*machine), again);
            *part = old;
        }
        for (std::int8_t *chopper : {&tile.transfer.chop_in[tile.in - 1], &tile.transfer.chop_out[0]}) {
            *chopper = static_cast<std::int8_t>(-*chopper);
            EXPECT_NE(tsr_machine_hash(&*machine), again);
            *chopper = static_cast<std::int8_t>(-*chopper);
        }
    }
    machine->layers[0].bias[9] = 1e-30F;
    EXPECT_NE(tsr_machine_hash(&*machine), again);
    machine->layers[0].bias[9] = -0.0F; // the same weight as 0
    EXPECT_EQ(tsr_machine_hash(&*machine), again);
}

TEST(MachineHash, KnowsWhereAWeightIs)
{
    built_machine machine(quiet_plan(5, 4, TSR_ALGORITHM_SGD));
    float        *w = machine.tile().w.planes.w;
    const auto    with = [&](std::size_t first, std::size_t second) {
        std::swap(w[first], w[second]);
        const std::uint64_t hash = tsr_machine_hash(&*machine);
        std::swap(w[first], w[second]);
        return hash;
    };
    const std::uint64_t before = tsr_machine_hash(&*machine);
    EXPECT_NE(with(0, 1), before);
    EXPECT_NE(with(0, machine.tile().w.stride), before);
    w[4] = 1.0F; // padding of a line of 4
    EXPECT_EQ(tsr_machine_hash(&*machine), before);
}

TEST(MachineHash, FollowsTheSeed)
{
    machine_plan  plan = two_layers(TSR_ALGORITHM_CTTV2);
    built_machine first(plan), second(plan);
    EXPECT_EQ(tsr_machine_hash(&*first), tsr_machine_hash(&*second));
    plan.spec.seed = 2;
    built_machine third(plan);
    EXPECT_NE(tsr_machine_hash(&*first), tsr_machine_hash(&*third));
}

// -- learning --------------------------------------------------------------------------------------------------------

// W ← W − rate·d·xᵀ: exact for plain numbers, in the mean for devices, signs of all four quadrants.
TEST(Learning, GoesAgainstTheGradient)
{
    constexpr std::uint32_t in = 4, out = 4;
    for (const tsr_algorithm_name algorithm : {TSR_ALGORITHM_FP, TSR_ALGORITHM_SGD}) {
        machine_plan plan = quiet_plan(in, out, algorithm);
        plan.spec.device_w.dw_min = algorithm == TSR_ALGORITHM_FP ? 0.01 : 2e-4; // k = 25: nothing is clipped
        built_machine            machine(plan);
        op_maker                 make(*machine);
        const std::vector<float> zeros(in * out, 0.0F);
        tsr_array_set_weights(&machine.tile().w, zeros.data());
        const float x[] = {1.0F, -0.5F, 0.25F, 0.0F}, d[] = {0.5F, -0.25F, 0.125F, 0.0F};
        std::copy_n(x, in, machine.data(TSR_SLOT_X));
        std::copy_n(d, out, machine.data(TSR_SLOT_D));
        for (int k = 0; k < 100; ++k)
            machine.execute(make.update(0.01F));
        const std::vector<float> w = weights_of(machine.tile().w);
        const double             tolerance = algorithm == TSR_ALGORITHM_FP ? 1e-6 : 0.02;
        for (std::uint32_t i = 0; i < out; ++i)
            for (std::uint32_t j = 0; j < in; ++j) {
                const double expected = -100 * 0.01 * static_cast<double>(d[i]) * static_cast<double>(x[j]);
                EXPECT_NEAR(static_cast<double>(w[i * in + j]), expected, tolerance) << i << ' ' << j;
            }
    }
}

// Frozen, A is paid for and stays what it was.
TEST(Learning, FrozenAStaysZero)
{
    machine_plan plan = quiet_plan(6, 5, TSR_ALGORITHM_TTV2);
    plan.spec.freeze_a = true;
    built_machine machine(plan);
    op_maker      make(*machine);
    std::fill_n(machine.data(TSR_SLOT_X), 6, 1.0F);
    std::fill_n(machine.data(TSR_SLOT_D), 5, 1.0F);
    const tsr_op done = machine.execute(make.update(0.1F));
    EXPECT_GT(done.pulse_slots, 0U);
    EXPECT_GT(
        done.energy_aj +
            tsr_ledger_row_at(&machine->ledger, TSR_PHASE_UPDATE, TSR_OP_UPDATE, TSR_COMPONENT_BIT_GENERATOR, 0)->count,
        0U);
    for (const float value : weights_of(machine.tile().a))
        EXPECT_EQ(value, 0.0F);
}

// Softmax and cross-entropy of the last layer, by hand.
TEST(Learning, LossAndItsGradient)
{
    machine_plan  plan = quiet_plan(3, 3, TSR_ALGORITHM_FP);
    built_machine machine(plan);
    op_maker      make(*machine);
    const float   z[] = {1.0F, -2.0F, 0.5F};
    std::copy_n(z, 3, machine.data(TSR_SLOT_Z));
    tsr_op loss = make.vector(TSR_VECTOR_LOSS);
    loss.label = 2;
    loss.rate = 0.5F;
    machine.execute(loss);
    const double sum = std::exp(1.0) + std::exp(-2.0) + std::exp(0.5);
    EXPECT_NEAR(static_cast<double>(machine.data(TSR_SLOT_D)[0]), 0.5 * std::exp(1.0) / sum, 1e-6);
    EXPECT_NEAR(static_cast<double>(machine.data(TSR_SLOT_D)[1]), 0.5 * std::exp(-2.0) / sum, 1e-6);
    EXPECT_NEAR(static_cast<double>(machine.data(TSR_SLOT_D)[2]), 0.5 * (std::exp(0.5) / sum - 1.0), 1e-6);
    double        total = 0.0;
    std::uint64_t samples = 0, correct = 0;
    tsr_machine_take_score(&*machine, &total, &samples, &correct);
    EXPECT_NEAR(total, std::log(sum) - 0.5, 1e-6);
    EXPECT_EQ(samples, 1U);
    EXPECT_EQ(correct, 0U);
    loss.label = 0;
    machine.execute(loss);
    tsr_machine_take_score(&*machine, &total, &samples, &correct);
    EXPECT_EQ(correct, 1U);
    EXPECT_NEAR(total, std::log(sum) - 1.0, 1e-6);
    tsr_machine_take_score(&*machine, &total, &samples, &correct);
    EXPECT_EQ(samples, 0U); // taken
}

TEST(Learning, ActivationsAndTheirDerivatives)
{
    machine_plan plan = quiet_plan(4, 4, TSR_ALGORITHM_FP);
    for (const tsr_activation activation :
         {TSR_ACTIVATION_SIGMOID, TSR_ACTIVATION_TANH, TSR_ACTIVATION_RELU, TSR_ACTIVATION_NONE}) {
        plan.layers[0].activation = activation;
        built_machine machine(plan);
        op_maker      make(*machine);
        const float   z[] = {-1.5F, -0.25F, 0.75F, 3.0F};
        std::copy_n(z, 4, machine.data(TSR_SLOT_Z));
        std::fill_n(machine.data(TSR_SLOT_D), 4, 2.0F);
        machine.execute(make.vector(TSR_VECTOR_ACTIVATE));
        machine.execute(make.vector(TSR_VECTOR_DERIVE));
        for (int k = 0; k < 4; ++k) {
            const double v = static_cast<double>(z[k]), s = 1.0 / (1.0 + std::exp(-v)), t = std::tanh(v);
            const double value = activation == TSR_ACTIVATION_SIGMOID ? s
                                 : activation == TSR_ACTIVATION_TANH  ? t
                                 : activation == TSR_ACTIVATION_RELU  ? std::fmax(v, 0.0)
                                                                      : v;
            const double slope = activation == TSR_ACTIVATION_SIGMOID ? s * (1.0 - s)
                                 : activation == TSR_ACTIVATION_TANH  ? 1.0 - t * t
                                 : activation == TSR_ACTIVATION_RELU  ? (v > 0.0 ? 1.0 : 0.0)
                                                                      : 1.0;
            EXPECT_NEAR(static_cast<double>(machine.data(TSR_SLOT_Z)[k]), value, 2e-6) << activation;
            EXPECT_NEAR(static_cast<double>(machine.data(TSR_SLOT_D)[k]), 2.0 * slope, 4e-6) << activation;
        }
    }
}

} // namespace
} // namespace tessera::test
