#include "tests/accelerator/chip_run.h"

#include "tests/support/in_child.h"
#include "workloads/network.h"

#include <gtest/gtest.h>
#include <stdexcept>
#include <utility>

namespace tessera::test {

// -- chip_run --------------------------------------------------------------------------------------------------------

namespace {

chip_options watched()
{
    chip_options options;
    options.record.on = true;
    options.check_protocol = true;
    return options;
}

} // namespace

chip_run::chip_run(tsr_machine &machine, program_source &source) : m_chip("chip", machine, source, watched()) {}

void chip_run::run()
{
    sc_core::sc_start();
    m_chip.conclude();
    EXPECT_EQ(m_chip.checker().violations(), 0U);
    EXPECT_GT(m_chip.checker().observations(), 0U);
    m_chip.log().for_each_run([this](const tsr_span *spans, std::size_t count) {
        m_unit_spans.insert(m_unit_spans.end(), spans, spans + count);
    });
    for (const tsr_span &span : m_unit_spans) {
        const std::uint64_t op = tsr_span_op(&span);
        const auto          stage = static_cast<tsr_stage>(tsr_span_stage(&span));
        if (m_spans.empty() || m_spans.back().op != op || m_spans.back().stage != stage ||
            m_spans.back().grant_ps != span.grant_ps)
            m_spans.push_back({op, stage, {}, span.request_ps, span.grant_ps, span.end_ps});
        EXPECT_EQ(m_spans.back().end_ps, span.end_ps) << "the units of a stage are held together";
        m_spans.back().units.push_back(tsr_span_unit(&span));
    }
}

std::vector<stage_span> chip_run::spans_of(std::uint64_t op) const
{
    std::vector<stage_span> found;
    for (const stage_span &span : m_spans)
        if (span.op == op)
            found.push_back(span);
    return found;
}

std::uint64_t chip_run::service_ps(std::uint64_t first_op, std::uint64_t last_op) const
{
    std::uint64_t sum = 0;
    for (const stage_span &span : m_spans)
        if (span.op >= first_op && span.op <= last_op)
            sum += span.service_ps();
    return sum;
}

// -- scripted_source -------------------------------------------------------------------------------------------------

void scripted_source::add(std::vector<tsr_op> ops, std::function<void()> before, bool evaluation)
{
    m_steps.push_back({std::move(ops), std::move(before), evaluation});
}

program scripted_source::next_program()
{
    if (m_next == m_steps.size())
        return {};
    const step &now = m_steps[m_next++];
    if (now.before)
        now.before();
    return {now.ops.data(), now.ops.size(), m_next, now.evaluation}; // no two have the same pattern
}

// -- training --------------------------------------------------------------------------------------------------------

training_programs::training_programs(tsr_machine &machine, const training_plan &plan) : m_machine(machine), m_plan(plan)
{
    tsr_error error{};
    if (tsr_producer_create(&m_producer, &machine, &error) != TSR_OK)
        throw std::runtime_error(error.text);
}

training_programs::~training_programs()
{
    tsr_program_destroy(&m_program);
    tsr_producer_destroy(&m_producer);
}

// Two of three pixels are zero, as in many pictures; a sample is a function of its number.
std::vector<tsr_item> training_programs::items(std::uint64_t first, std::uint32_t count)
{
    std::vector<tsr_item> batch;
    m_images.resize(count);
    for (std::uint32_t k = 0; k < count; ++k) {
        m_images[k].resize(m_machine.layers[0].spec.in);
        for (std::size_t pixel = 0; pixel < m_images[k].size(); ++pixel) {
            const std::uint64_t draw = tsr_splitmix64((first + k) << 32U | pixel);
            m_images[k][pixel] = draw % 3 == 0 ? static_cast<std::uint8_t>(draw >> 56U) : std::uint8_t{0};
        }
        const std::uint32_t classes = m_machine.layers[m_machine.layer_count - 1].spec.out;
        batch.push_back({m_images[k].data(), static_cast<std::uint32_t>((first + k) % classes)});
    }
    return batch;
}

program training_programs::given(tsr_status status, bool evaluation) const
{
    if (status != TSR_OK)
        throw std::runtime_error(tsr_status_name(status));
    return {m_program.ops, m_program.count, m_program.pattern, evaluation};
}

program training_programs::next()
{
    if (m_evaluate && m_evaluated < m_plan.evaluate_samples) {
        const std::vector<tsr_item> one = items(1'000'000 + m_evaluated++, 1);
        return given(tsr_producer_evaluate(&m_producer, one.data(), 1, &m_program), true);
    }
    m_evaluate = false;
    if (m_trained == m_plan.samples)
        return {};
    const std::uint32_t         count = std::min(m_plan.batch, m_plan.samples - m_trained);
    const std::vector<tsr_item> batch = items(m_trained, count);
    m_trained += count;
    if (m_plan.evaluate_every > 0 && m_trained % m_plan.evaluate_every == 0) {
        m_evaluate = true;
        m_evaluated = 0;
        tsr_producer_restart_evaluation(&m_producer);
    }
    return given(tsr_producer_train(&m_producer, batch.data(), count, m_plan.rate, 1.0F, &m_program), false);
}

program training_source::next_program()
{
    if (between)
        between();
    return m_programs.next();
}

void train_in_order(built_machine &machine, const training_plan &plan)
{
    training_programs programs(*machine, plan);
    for (program next = programs.next(); next.count > 0; next = programs.next())
        if (tsr_execute_in_order(&*machine, programs.ops(), next.count, machine.work()) != TSR_OK)
            throw std::runtime_error("the program could not be executed");
}

// -- machines --------------------------------------------------------------------------------------------------------

void map_network(machine_plan &plan, const std::vector<std::uint32_t> &sizes, tsr_activation activation, tsr_bias bias)
{
    const auto        count = static_cast<std::uint32_t>(sizes.size() - 1);
    const tsr_network network{count, sizes.data(), activation, bias};
    tsr_error         error{};
    plan.layers.resize(count);
    if (tsr_network_map(&network, &plan.spec.chip, plan.layers.data(), count, &error) != TSR_OK)
        throw std::runtime_error(error.text);
}

machine_plan noisy_network(tsr_algorithm_name algorithm, std::uint32_t batch, tsr_bias bias)
{
    machine_plan   plan = quiet_plan(8, 12, algorithm);
    tsr_chip_spec &chip = plan.spec.chip;
    chip.input_lines = 12;
    chip.output_lines = 8;
    chip.tiles_per_core = 4;
    chip.transposed = TSR_TRANSPOSED_SHARED;
    chip.lines_per_adc = 4;
    chip.t_turnaround_ps = 700;
    chip.t_conv_ps = 1'300;
    chip.t_load_driver_ps = 900;
    chip.phase_mode = TSR_PHASES_OCCUPIED;
    chip.h_port_bits = 64;
    chip.port_bits = 32;
    chip.t_hop_ps = 500;
    chip.line_capacitance_ff = 20.48;
    chip.dac_fj = 350.0;
    chip.adc_fj = 494.25;
    chip.integrator_fj_per_line_ns = 21.4;
    chip.sample_hold_fj = 1.0;
    chip.bit_generator_fj = 10.1;
    chip.vector_fj_per_flop = chip.controller_fj_per_flop = 730.3;
    chip.sram_read_fj_per_bit = 34.1;
    chip.sram_write_fj_per_bit = 46.7;
    chip.buffer_fj_per_bit = 79.9;
    chip.link_fj_per_bit = 54.3;
    chip.dma_fj_per_bit = 30469.0;
    chip.leakage_core_uw = 1000.0;
    chip.leakage_global_uw = 700.0;
    if (algorithm != TSR_ALGORITHM_FP)
        plan.spec.device_w = noisy_device(0.02);
    plan.spec.device_a = noisy_device(0.015);
    plan.spec.io_forward = noisy_converters(0.4);
    plan.spec.io_backward = noisy_converters(3.0);
    plan.spec.io_backward.bound_management = TSR_BM_NONE;
    plan.spec.io_transfer = noisy_converters(2.0);
    plan.spec.io_transfer.bound_management = TSR_BM_NONE;
    plan.spec.io_transfer.noise_management = TSR_NM_NONE;
    plan.spec.algorithm.transfer_every = 2;
    plan.spec.algorithm.fast_lr = plan.spec.algorithm.auto_scale ? 0.5 : 0.2;
    plan.spec.algorithm.in_chop_prob = tsr_algorithm_chops(&plan.spec.algorithm) ? 0.3 : 0.0;
    plan.spec.algorithm.out_chop_prob = algorithm == TSR_ALGORITHM_CTTV2 ? 0.2 : 0.0;
    plan.spec.batch_size = batch;
    map_network(plan, {20, 14, 6}, TSR_ACTIVATION_SIGMOID, bias);
    return plan;
}

} // namespace tessera::test
