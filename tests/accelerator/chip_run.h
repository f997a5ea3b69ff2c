// A chip at work in a test: programs by hand or of a training run, the spans it left, the same run without time.
#ifndef TESSERA_TESTS_ACCELERATOR_CHIP_RUN_H
#define TESSERA_TESTS_ACCELERATOR_CHIP_RUN_H

#include "accelerator/chip.h"
#include "tests/support/machine_plan.h"
#include "workloads/producer.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tessera::test {

// One stage of an op, with all units that served it.
struct stage_span {
    std::uint64_t              op = 0;
    tsr_stage                  stage = TSR_STAGE_END;
    std::vector<std::uint32_t> units; // in the order of the record
    std::uint64_t              request_ps = 0, grant_ps = 0, end_ps = 0;

    std::uint64_t service_ps() const { return end_ps - grant_ps; }
};

// A chip that records all spans and checks the protocol. One per process.
class chip_run {
public:
    chip_run(tsr_machine &machine, program_source &source);

    // Simulates until the source has no more programs; then the chip is concluded. Fails the test if the protocol was violated.
    void run();

    const std::vector<tsr_span>   &unit_spans() const { return m_unit_spans; } // one per unit held
    const std::vector<stage_span> &spans() const { return m_spans; }           // one per stage
    std::vector<stage_span>        spans_of(std::uint64_t op) const;

    // Σ of the stages of ops first … last.
    std::uint64_t service_ps(std::uint64_t first_op, std::uint64_t last_op) const;

    chip       &device() { return m_chip; }
    const chip &device() const { return m_chip; }

private:
    chip                    m_chip;
    std::vector<tsr_span>   m_unit_spans;
    std::vector<stage_span> m_spans;
};

// Programs written by hand, each with an optional action just before the chip gets it.
class scripted_source : public program_source {
public:
    void    add(std::vector<tsr_op> ops, std::function<void()> before = {}, bool evaluation = false);
    program next_program() override;

private:
    struct step {
        std::vector<tsr_op>   ops;
        std::function<void()> before;
        bool                  evaluation;
    };
    std::vector<step> m_steps;
    std::size_t       m_next = 0;
};

// A training run on made-up samples.
struct training_plan {
    std::uint32_t samples = 1;
    std::uint32_t batch = 1;
    float         rate = 0.1F;
    std::uint32_t evaluate_every = 0;   // samples; 0: never
    std::uint32_t evaluate_samples = 2; // batches of one
};

// Gives the programs of a training run one by one; the chip and the execution without time use the same.
class training_programs {
public:
    training_programs(tsr_machine &machine, const training_plan &plan);
    ~training_programs();
    training_programs(const training_programs &) = delete;
    training_programs &operator=(const training_programs &) = delete;

    // count 0: no more. The ops are writable and live until the next call.
    program next();
    tsr_op *ops() { return m_program.ops; }

private:
    std::vector<tsr_item> items(std::uint64_t first, std::uint32_t count);
    program               given(tsr_status status, bool evaluation) const;

    tsr_machine                           &m_machine;
    const training_plan                    m_plan;
    tsr_producer                           m_producer{};
    tsr_program                            m_program{};
    std::vector<std::vector<std::uint8_t>> m_images;
    std::uint32_t                          m_trained = 0;
    std::uint32_t                          m_evaluated = 0; // of the evaluation that is due
    bool                                   m_evaluate = false;
};

class training_source : public program_source {
public:
    training_source(tsr_machine &machine, const training_plan &plan) : m_programs(machine, plan) {}
    program next_program() override;

    std::function<void()> between; // called before each program, where set

private:
    training_programs m_programs;
};

// The whole run by tsr_execute_in_order().
void train_in_order(built_machine &machine, const training_plan &plan);

// A network on small arrays with everything noisy: 20-14-6 on arrays of 12 × 8 lines, six tiles, four to a core.
machine_plan noisy_network(tsr_algorithm_name algorithm, std::uint32_t batch, tsr_bias bias = TSR_BIAS_DIGITAL);

// Cuts a network for the arrays of plan.spec.chip.
void map_network(machine_plan &plan, const std::vector<std::uint32_t> &sizes, tsr_activation activation, tsr_bias bias);

} // namespace tessera::test
#endif
