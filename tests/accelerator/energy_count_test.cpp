// What one op of each kind costs: the charges of the ledger against a count by hand, to the unit and the attojoule.
//
// Powers and conductances here are chosen so that sums are exact; the arithmetic is the test's own (page 3.5 of the design).
#include "tests/accelerator/one_tile.h"

#include "models/random/philox.h"

#include <cmath>

namespace tessera::test {
namespace {

struct counted {
    tsr_component component;
    std::uint64_t count;
    double        joule;
};

constexpr double femto = 1e-15;
constexpr double g_mid = 9e-6, g_per_w = 8e-6, g_off = 3e-6; // of the devices below
constexpr double v_read = 0.5, v_write = 1.3, line_f = 3e-15;

machine_plan charged_plan(tsr_algorithm_name algorithm)
{
    machine_plan   plan = tile_plan(algorithm);
    tsr_chip_spec &chip = plan.spec.chip;
    chip.conductance = {17e-6, 1e-6, g_off}; // of w = 1 and w = −1
    chip.v_read_v = v_read;
    chip.v_write_v = v_write;
    chip.write_energy = TSR_WRITE_OHMIC;
    chip.line_capacitance_ff = 3.0;
    chip.dac_fj = 351.5;
    chip.adc_fj = 494.25;
    chip.integrator_fj_per_line_ns = 21.4;
    chip.sample_hold_fj = 1.7;
    chip.bit_generator_fj = 10.3;
    chip.vector_fj_per_flop = 730.1;
    chip.controller_fj_per_flop = 640.9;
    chip.sram_read_fj_per_bit = 34.3;
    chip.sram_write_fj_per_bit = 46.7;
    chip.buffer_fj_per_bit = 79.9;
    chip.link_fj_per_bit = 54.1;
    chip.dma_fj_per_bit = 30469.7;
    chip.phase_mode = TSR_PHASES_OCCUPIED;
    plan.spec.update.pulse_type = TSR_PULSE_STOCHASTIC;
    plan.spec.reference_w = TSR_REFERENCE_DEVICE; // as many reference devices as devices
    plan.spec.reference_a = TSR_REFERENCE_COLUMN; // one for a line
    return plan;
}

// Weights in steps of 1/64, some below −0.75, where a conductance would fall below g_off.
std::vector<float> grid_weights(std::uint64_t salt)
{
    std::vector<float> w(inputs * outputs);
    for (std::size_t k = 0; k < w.size(); ++k)
        w[k] = static_cast<float>(static_cast<int>(tsr_splitmix64(salt + k) % 129) - 64) / 64.0F;
    return w;
}

double siemens(float w) { return std::fmax(g_mid + static_cast<double>(w) * g_per_w, g_off); }

class Charges : public OneTile {
protected:
    void build_charged(tsr_algorithm_name algorithm)
    {
        build(charged_plan(algorithm));
        ASSERT_EQ(tsr_ledger_record(&(*machine)->ledger), TSR_OK);
        w = grid_weights(1);
        tsr_array_set_weights(&machine->tile().w, w.data());
    }

    // The charges of an op, one by one, in the order of its stages.
    void expect_charges(std::uint64_t op, const std::vector<counted> &expected)
    {
        std::vector<std::string> is, should;
        const tsr_ledger        &ledger = (*machine)->ledger;
        for (std::uint64_t k = 0; k < ledger.charge_count; ++k)
            if (ledger.charges[k].op == op)
                is.push_back(text(ledger.charges[k].component, ledger.charges[k].count, ledger.charges[k].energy_aj));
        for (const counted &c : expected)
            should.push_back(text(c.component, c.count, static_cast<std::uint64_t>(std::nearbyint(c.joule * 1e18))));
        EXPECT_EQ(is, should);
        for (const counted &c : expected)
            EXPECT_GT(c.joule * 1e18, 1000.0); // attojoules mean something
    }

    static std::string text(tsr_component component, std::uint64_t count, std::uint64_t energy_aj)
    {
        return std::string(tsr_component_name(component)) + " x" + std::to_string(count) + " " +
               std::to_string(energy_aj) + " aJ";
    }

    std::vector<float> w; // row-major
};

TEST_F(Charges, OneMvm)
{
    build_charged(TSR_ALGORITHM_TTV2);
    float *x = machine->data(TSR_SLOT_X);
    for (std::uint32_t j = 0; j < inputs; ++j) // quarters; the largest is 1, every fifth line is not driven
        x[j] = static_cast<float>(j % 5) / 4.0F * (j % 2 == 0 ? 1.0F : -1.0F);
    const auto op = add(make->mvm());
    run();

    const double  seconds = 40'001e-12;
    double        array = 0.0;
    std::uint64_t driven = 0;
    for (std::uint32_t j = 0; j < inputs; ++j) {
        double line = outputs * g_mid; // the reference
        for (std::uint32_t i = 0; i < outputs; ++i)
            line += siemens(w[i * inputs + j]);
        const double volt = v_read * std::abs(static_cast<double>(x[j])); // amplitude coding
        array += volt * volt * line * seconds;
        driven += x[j] != 0.0F;
    }
    ASSERT_EQ(driven, 16U);
    array += 16 * line_f * v_read * v_read;
    expect_charges(op, {{TSR_COMPONENT_PORT, 160, 160 * 34.3 * femto},
                        {TSR_COMPONENT_VECTOR_UNIT, 20, 20 * 730.1 * femto},
                        {TSR_COMPONENT_DAC, 16, 16 * 351.5 * femto},
                        {TSR_COMPONENT_ARRAY_READ, 16, array},
                        {TSR_COMPONENT_INTEGRATOR, 12, 12 * (21.4 * 40.001 + 1.7) * femto},
                        {TSR_COMPONENT_ADC, 12, 12 * 494.25 * femto},
                        {TSR_COMPONENT_VECTOR_UNIT, 12, 12 * 730.1 * femto},
                        {TSR_COMPONENT_PORT, 96, 96 * 46.7 * femto}});
}

TEST_F(Charges, OneTransposedMvm)
{
    build_charged(TSR_ALGORITHM_TTV2);
    float *d = machine->data(TSR_SLOT_D);
    for (std::uint32_t i = 0; i < outputs; ++i)
        d[i] = i == 3 ? 0.0F : i % 2 == 0 ? 0.5F : -0.25F;
    const auto op = add(make->mvm_transposed());
    run();

    double array = 11 * line_f * v_read * v_read;
    for (std::uint32_t i = 0; i < outputs; ++i) {
        double line = inputs * g_mid;
        for (std::uint32_t j = 0; j < inputs; ++j)
            line += siemens(w[i * inputs + j]);
        const double volt = v_read * std::abs(static_cast<double>(d[i])) / 0.5; // the largest has the full voltage
        array += volt * volt * line * 40'001e-12;
    }
    expect_charges(op, {{TSR_COMPONENT_PORT, 96, 96 * 34.3 * femto},
                        {TSR_COMPONENT_VECTOR_UNIT, 12, 12 * 730.1 * femto},
                        {TSR_COMPONENT_DAC, 11, 11 * 351.5 * femto},
                        {TSR_COMPONENT_ARRAY_READ, 11, array},
                        {TSR_COMPONENT_INTEGRATOR, 20, 20 * (21.4 * 40.001 + 1.7) * femto},
                        {TSR_COMPONENT_ADC, 20, 20 * 494.25 * femto},
                        {TSR_COMPONENT_VECTOR_UNIT, 20, 20 * 730.1 * femto},
                        {TSR_COMPONENT_PORT, 160, 160 * 46.7 * femto}});
}

// -- the pulsed update -----------------------------------------------------------------------------------------------

struct line_train {
    int           sign;
    std::uint64_t bits;

    std::uint64_t edges() const
    {
        std::uint64_t count = 0;
        bool          before = false;
        for (int slot = 0; slot < 64; ++slot) {
            const bool now = (bits >> slot & 1U) != 0;
            count += now && !before;
            before = now;
        }
        return count;
    }
};

// Bits of a side: a word of the generator per line and slot, set where it is below p·2³².
std::vector<line_train> draw(const tsr_array &array, std::uint64_t number, tsr_purpose purpose, const float *value,
                             std::uint32_t lines, double factor, std::uint32_t slots)
{
    std::vector<line_train> side;
    const tsr_stream        stream = tsr_stream_at(array.stream, number, purpose);
    for (std::uint32_t k = 0; k < lines; ++k) {
        const double p = std::fmin(std::abs(static_cast<double>(value[k])) * factor, 1.0);
        line_train   train{value[k] > 0.0F ? 1 : -1, 0};
        for (std::uint32_t slot = 0; slot < slots; ++slot)
            train.bits |= static_cast<std::uint64_t>(tsr_stream_word(&stream, k, slot) < p * 4294967296.0) << slot;
        side.push_back(train);
    }
    return side;
}

std::uint64_t edges_over_phases(const std::vector<line_train> &side, const std::vector<line_train> &other)
{
    std::uint64_t edges = 0;
    for (const int sign : {-1, 1}) {
        const bool used = std::any_of(other.begin(), other.end(), [&](const line_train &l) { return l.sign == sign; });
        for (const line_train &line : side) // its own sign is a phase with every sign of the other side
            edges += used ? line.edges() : 0;
    }
    return edges;
}

TEST_F(Charges, OneUpdate)
{
    build_charged(TSR_ALGORITHM_SGD);
    const float *x = machine->data(TSR_SLOT_X);
    const float *d = machine->data(TSR_SLOT_D);
    const float  rate = 0.25F;
    const double xm = 0.46875, dm = 0.5, g = 0.01;
    const double k = static_cast<double>(rate) * xm * dm / g; // 5.86: six slots
    tsr_op       op = make->update(rate);
    op.number = 77;
    add(op);
    run();

    const auto   slots = static_cast<std::uint32_t>(std::ceil(k));
    const double both = std::sqrt(static_cast<double>(rate) / (g * slots));
    const auto   side_x =
        draw(machine->tile().w, 77, TSR_PURPOSE_TRAIN_BITS_X, x, inputs, both * std::sqrt(dm / xm), slots);
    const auto side_d =
        draw(machine->tile().w, 77, TSR_PURPOSE_TRAIN_BITS_D, d, outputs, both * std::sqrt(xm / dm), slots);
    std::uint64_t pulses = 0;
    double        write = 0.0;
    for (std::uint32_t i = 0; i < outputs; ++i)
        for (std::uint32_t j = 0; j < inputs; ++j) {
            const auto n = static_cast<std::uint64_t>(__builtin_popcountll(side_x[j].bits & side_d[i].bits));
            pulses += n;
            write += static_cast<double>(n) * v_write * v_write * siemens(w[i * inputs + j]) * 5'003e-12;
        }
    ASSERT_GT(pulses, 100U);
    const std::uint64_t edges_x = edges_over_phases(side_x, side_d); // d has both signs: two phases
    const std::uint64_t edges_d = edges_over_phases(side_d, side_x); // x ≥ 0: one phase for each line of d
    const double        edge = line_f * v_write * v_write;
    expect_charges(op.id, {{TSR_COMPONENT_PORT, 256, 256 * 34.3 * femto},
                           {TSR_COMPONENT_VECTOR_UNIT, 32, 32 * 730.1 * femto},
                           {TSR_COMPONENT_BIT_GENERATOR, 120, 120 * 10.3 * femto},
                           {TSR_COMPONENT_BIT_GENERATOR, 72, 72 * 10.3 * femto},
                           {TSR_COMPONENT_DRIVER, edges_x, static_cast<double>(edges_x) * edge},
                           {TSR_COMPONENT_DRIVER, edges_d, static_cast<double>(edges_d) * edge},
                           {TSR_COMPONENT_ARRAY_WRITE, pulses, write}});
    EXPECT_EQ(machine->tile().w.pulses_up + machine->tile().w.pulses_down, pulses);
}

// -- the transfer ----------------------------------------------------------------------------------------------------

TEST_F(Charges, OneTransfer)
{
    build_charged(TSR_ALGORITHM_TTV2);
    const std::vector<float> a = grid_weights(5000);
    tsr_array_set_weights(&machine->tile().a, a.data());
    const float level = 0.1F; // rate: v up to 1 times 0.1 is up to ten thresholds of 0.01
    const auto  read = add(make->read_slice(6));
    const auto  transfer = add(make->transfer(6, level));
    const auto  program = add(make->program_slice(6));
    run();

    double line = g_mid; // a column of reference: one device for the line
    for (std::uint32_t i = 0; i < outputs; ++i)
        line += siemens(a[i * inputs + 6]);
    expect_charges(read, {{TSR_COMPONENT_DAC, 1, 351.5 * femto},
                          {TSR_COMPONENT_ARRAY_READ, 1, v_read * v_read * (line * 40'001e-12 + line_f)},
                          {TSR_COMPONENT_INTEGRATOR, 12, 12 * (21.4 * 40.001 + 1.7) * femto},
                          {TSR_COMPONENT_ADC, 12, 12 * 494.25 * femto}});
    expect_charges(transfer, {{TSR_COMPONENT_SRAM, 192, 192 * 34.3 * femto},
                              {TSR_COMPONENT_CONTROLLER, 24, 24 * 640.9 * femto},
                              {TSR_COMPONENT_SRAM, 192, 192 * 46.7 * femto}});

    std::uint64_t up = 0, down = 0; // one pulse where |0.1·v| reaches 0.01
    double        write = 0.0;
    for (std::uint32_t i = 0; i < outputs; ++i) {
        const float v = a[i * inputs + 6];
        if (std::abs(v) >= 0.1F) {
            (v > 0.0F ? up : down) += 1;
            write += v_write * v_write * siemens(w[i * inputs + 6]) * 5'003e-12;
        }
    }
    ASSERT_GT(up, 0U);
    ASSERT_GT(down, 0U);
    const double edge = line_f * v_write * v_write;
    expect_charges(program, {{TSR_COMPONENT_DRIVER, 2, 2 * edge}, // the line of the slice, once for each direction
                             {TSR_COMPONENT_DRIVER, up + down, static_cast<double>(up + down) * edge},
                             {TSR_COMPONENT_ARRAY_WRITE, up + down, write}});
}

TEST_F(Charges, DigitalOps)
{
    build_charged(TSR_ALGORITHM_TTV2);
    const std::vector<std::uint8_t> pixels(inputs, 7);
    const auto                      dma = add(make->dma(pixels.data()));
    const auto                      move = add(make->move(machine->slot(TSR_SLOT_INPUT), machine->slot(TSR_SLOT_X)));
    const auto                      reduce = add(make->reduce());
    const auto                      activate = add(make->vector(TSR_VECTOR_ACTIVATE));
    run();
    expect_charges(dma,
                   {{TSR_COMPONENT_DMA, 160, 160 * 30469.7 * femto}, {TSR_COMPONENT_BUFFER, 160, 160 * 79.9 * femto}});
    expect_charges(move, {{TSR_COMPONENT_LINK, 160, 160 * 54.1 * femto}});
    expect_charges(reduce, {{TSR_COMPONENT_PORT, 96, 96 * 34.3 * femto},
                            {TSR_COMPONENT_PORT, 96, 96 * 46.7 * femto},
                            {TSR_COMPONENT_VECTOR_UNIT, 12, 12 * 730.1 * femto}});
    expect_charges(activate, {{TSR_COMPONENT_PORT, 96, 96 * 34.3 * femto},
                              {TSR_COMPONENT_PORT, 96, 96 * 46.7 * femto},
                              {TSR_COMPONENT_VECTOR_UNIT, 96, 96 * 730.1 * femto}});
}

// A read that is repeated pays for every pass.
TEST_F(Charges, RepeatedReadPaysAgain)
{
    machine_plan plan = charged_plan(TSR_ALGORITHM_SGD);
    plan.spec.chip.read_mode = TSR_READ_PULSE_WIDTH;
    plan.spec.chip.read_phases = 2;
    plan.spec.io_forward.inp_res = 1.0 / 128.0; // 64 steps: halves and quarters are exact
    plan.spec.io_forward.out_bound = 6.0;
    build(plan);
    ASSERT_EQ(tsr_ledger_record(&(*machine)->ledger), TSR_OK);
    const std::vector<float> ones(inputs * outputs, 1.0F);
    tsr_array_set_weights(&machine->tile().w, ones.data());
    std::fill_n(machine->data(TSR_SLOT_X), inputs, 1.0F);
    const auto op = add(make->mvm());
    run();
    std::vector<counted> expected = {{TSR_COMPONENT_PORT, 160, 160 * 34.3 * femto},
                                     {TSR_COMPONENT_VECTOR_UNIT, 20, 20 * 730.1 * femto}};
    // 64 steps need 8 bits with the sign: 128 slots for the largest value. A repeated read drives half of it for half as long:
    // the line conducts for 128, 64, 32 slots, in one of the two phases, which is as long as the pass then needs.
    double slots = 128.0;
    for (int pass = 0; pass < 3; ++pass, slots /= 2.0) {
        const double line = outputs * (siemens(1.0F) + g_mid);
        const double conducting = slots * 1'013e-12, integrating = 2.0 * conducting;
        expected.push_back({TSR_COMPONENT_DAC, 20, 20 * 351.5 * femto});
        expected.push_back({TSR_COMPONENT_ARRAY_READ, 20, 20 * v_read * v_read * (line * conducting + line_f)});
        expected.push_back({TSR_COMPONENT_INTEGRATOR, 12, 12 * (21.4 * integrating * 1e9 + 1.7) * femto});
        expected.push_back({TSR_COMPONENT_ADC, 12, 12 * 494.25 * femto});
    }
    expected.push_back({TSR_COMPONENT_VECTOR_UNIT, 12, 12 * 730.1 * femto});
    expected.push_back({TSR_COMPONENT_PORT, 96, 96 * 46.7 * femto});
    expect_charges(op, expected);
}

// Bit-serial reads drive a line once for each bit that is set.
TEST_F(Charges, BitSerialReadCountsBits)
{
    machine_plan plan = charged_plan(TSR_ALGORITHM_SGD);
    plan.spec.chip.read_mode = TSR_READ_BIT_SERIAL;
    plan.spec.io_forward.inp_res = 1.0 / 14.0; // 7 steps: codes of 3 bits and a sign
    build(plan);
    ASSERT_EQ(tsr_ledger_record(&(*machine)->ledger), TSR_OK);
    const std::vector<float> halves(inputs * outputs, 0.5F);
    tsr_array_set_weights(&machine->tile().w, halves.data());
    float *x = machine->data(TSR_SLOT_X);
    for (std::uint32_t j = 0; j < inputs; ++j)
        x[j] = static_cast<float>(j % 8) / 7.0F;
    const auto op = add(make->mvm());
    run();
    // codes 0 … 7 have 0 1 1 2 1 2 2 3 bits set: 12; the lines 0 … 19 go through them twice and then to 3
    const double joule =
        28 * v_read * v_read * outputs * (siemens(0.5F) + g_mid) * 1'013e-12 + 17 * line_f * v_read * v_read;
    const tsr_ledger_row *row =
        tsr_ledger_row_at(&(*machine)->ledger, TSR_PHASE_FORWARD, TSR_OP_MVM, TSR_COMPONENT_ARRAY_READ, 0);
    EXPECT_EQ(row->count, 17U);
    EXPECT_EQ(static_cast<std::uint64_t>(row->energy_aj), static_cast<std::uint64_t>(std::nearbyint(joule * 1e18)));
    EXPECT_EQ(chip->spans_of(op).size(), 5U);
}

} // namespace
} // namespace tessera::test
