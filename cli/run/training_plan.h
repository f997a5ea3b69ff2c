// What the chip is to do, program after program: mini-batches of shuffled epochs, with evaluations in between.
#ifndef TESSERA_CLI_RUN_TRAINING_PLAN_H
#define TESSERA_CLI_RUN_TRAINING_PLAN_H

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <vector>

#include "accelerator/sequencer.h"
#include "cli/config/experiment.h"
#include "workloads/dataset.h"
#include "workloads/producer.h"

namespace tessera {

// Mean loss and share of correct predictions (percent) over some samples.
struct score {
    double        loss = 0;
    double        accuracy = 0;
    std::uint64_t samples = 0;
};

// The state of training at one moment.
struct training_state {
    std::uint32_t        epoch = 0;         // epochs completed
    std::uint64_t        samples = 0;       // trained so far
    std::uint64_t        total_samples = 0; // of the whole run
    score                epoch_score;       // training samples of the current (or just completed) epoch
    std::optional<score> validation, test;  // of the last evaluation
    bool                 evaluating = false;
};

// The loss is not a finite number any more.
class diverged_error : public std::runtime_error {
public:
    diverged_error(double learning_rate, std::uint64_t samples);
};

class training_plan : public program_source {
public:
    // Throws input_error where the producer refuses the machine. All references outlive the plan.
    training_plan(const experiment &e, tsr_machine &machine, const tsr_dataset_split &data);
    ~training_plan() override;

    // Called between programs; returning false ends training early, without another evaluation.
    std::function<bool(const training_state &)> on_progress;
    // Called after each evaluation of the held-out sets.
    std::function<void(const training_state &)> on_evaluation;

    const training_state &state() const { return m_state; }
    bool                  complete() const { return m_state.samples == m_state.total_samples && !m_state.evaluating; }

    training_plan(const training_plan &) = delete;
    training_plan &operator=(const training_plan &) = delete;

private:
    program next_program() override;

    void    take_training_score();
    void    begin_epoch();
    bool    evaluation_due() const;
    void    begin_evaluation();
    bool    end_view();
    program training_program();
    program evaluation_program();
    program emit(tsr_status status, bool evaluation) const;

    const experiment                     &m_experiment;
    tsr_machine                          &m_machine;
    const tsr_dataset_split              &m_data;
    tsr_producer                          m_producer{};
    tsr_program                           m_program{};
    std::vector<tsr_item>                 m_items;
    training_state                        m_state;
    std::uint64_t                         m_epoch_samples; // per epoch
    std::uint64_t                         m_in_epoch = 0;  // trained in this epoch
    std::vector<uint32_t>                 m_order;         // of this epoch
    double                                m_loss_sum = 0;  // of this epoch
    std::uint64_t                         m_correct = 0;
    std::uint64_t                         m_evaluated_at = 0; // samples at the last evaluation
    std::vector<const tsr_dataset_view *> m_views;            // still to be evaluated, the current one at the back
    std::uint32_t                         m_in_view = 0;
};

} // namespace tessera
#endif
