#include "cli/run/training_plan.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "cli/run/machine_owner.h"
#include "workloads/shuffle.h"

namespace tessera {

diverged_error::diverged_error(double learning_rate, std::uint64_t samples)
    : std::runtime_error(fmt::format("training diverged: after {} samples the loss is no longer a number; choose a "
                                     "training.learning_rate below {}",
                                     samples, learning_rate))
{}

training_plan::training_plan(const experiment &e, tsr_machine &machine, const tsr_dataset_split &data)
    : m_experiment(e), m_machine(machine), m_data(data), m_items(e.training.batch_size)
{
    tsr_error error{};
    if (tsr_producer_create(&m_producer, &machine, &error) != TSR_OK)
        throw input_error(error.text);
    m_epoch_samples =
        e.training.samples == 0 ? data.train.count : std::min<std::uint64_t>(e.training.samples, data.train.count);
    m_state.total_samples = m_epoch_samples * e.training.epochs;
    m_order.resize(data.train.count);
    if (m_state.total_samples > 0)
        begin_epoch();
}

training_plan::~training_plan()
{
    tsr_program_destroy(&m_program);
    tsr_producer_destroy(&m_producer);
}

void training_plan::begin_epoch()
{
    m_in_epoch = 0;
    m_loss_sum = 0;
    m_correct = 0;
    tsr_shuffle(m_experiment.training.seed, m_state.epoch, m_data.train.count, m_order.data());
}

program training_plan::next_program()
{
    if (m_state.evaluating) {
        if (on_progress && !on_progress(m_state))
            return {};
        if (m_in_view < m_views.back()->count || end_view())
            return evaluation_program();
    } else {
        take_training_score();
        if (on_progress && !on_progress(m_state))
            return {};
        if (evaluation_due()) {
            begin_evaluation();
            return evaluation_program();
        }
    }
    if (m_state.samples == m_state.total_samples)
        return {};
    return training_program();
}

void training_plan::take_training_score()
{
    double        loss = 0;
    std::uint64_t samples = 0;
    std::uint64_t correct = 0;
    tsr_machine_take_score(&m_machine, &loss, &samples, &correct);
    if (!std::isfinite(loss))
        throw diverged_error(m_experiment.training.learning_rate, m_state.samples + samples);
    m_loss_sum += loss;
    m_correct += correct;
    m_state.samples += samples;
    m_in_epoch += samples;
    if (m_in_epoch > 0) {
        const double n = static_cast<double>(m_in_epoch);
        m_state.epoch_score = {m_loss_sum / n, 100.0 * static_cast<double>(m_correct) / n, m_in_epoch};
    }
    if (m_in_epoch > 0 && m_in_epoch == m_epoch_samples)
        m_state.epoch = static_cast<std::uint32_t>(m_state.samples / m_epoch_samples);
}

bool training_plan::evaluation_due() const
{
    if (m_state.test.has_value() && m_state.samples == m_evaluated_at)
        return false;
    if (m_in_epoch == m_epoch_samples || m_state.samples == m_state.total_samples)
        return true;
    const std::uint64_t every = m_experiment.training.evaluate_every;
    return every != 0 && m_state.samples / every != m_evaluated_at / every;
}

void training_plan::begin_evaluation()
{
    m_state.evaluating = true;
    m_evaluated_at = m_state.samples;
    m_views = {&m_data.test};
    if (m_data.validation.count > 0)
        m_views.push_back(&m_data.validation);
    m_in_view = 0;
    tsr_producer_restart_evaluation(&m_producer);
}

// The current view is done: keeps its score. True if another one follows.
bool training_plan::end_view()
{
    score         result;
    std::uint64_t correct = 0;
    tsr_machine_take_score(&m_machine, &result.loss, &result.samples, &correct);
    if (!std::isfinite(result.loss))
        throw diverged_error(m_experiment.training.learning_rate, m_state.samples);
    const double n = static_cast<double>(result.samples);
    result.loss /= n;
    result.accuracy = 100.0 * static_cast<double>(correct) / n;
    (m_views.back() == &m_data.test ? m_state.test : m_state.validation) = result;
    m_views.pop_back();
    m_in_view = 0;
    if (!m_views.empty())
        return true;
    m_state.evaluating = false;
    if (on_evaluation)
        on_evaluation(m_state);
    return false;
}

program training_plan::emit(tsr_status status, bool evaluation) const
{
    if (status != TSR_OK)
        throw std::runtime_error(std::string("cannot produce the next ops: ") + tsr_status_name(status));
    return {m_program.ops, m_program.count, m_program.pattern, evaluation};
}

program training_plan::training_program()
{
    if (m_in_epoch == m_epoch_samples)
        begin_epoch();
    const auto n = static_cast<std::uint32_t>(std::min<std::uint64_t>(m_items.size(), m_epoch_samples - m_in_epoch));
    for (std::uint32_t k = 0; k < n; ++k) {
        const std::uint32_t image = m_order[m_in_epoch + k];
        m_items[k] = {m_data.train.images + std::size_t{image} * m_data.train.features,
                      tsr_dataset_label(&m_data.train, image)};
    }
    const auto rate = static_cast<float>(scheduled_rate(m_experiment.training, m_state.epoch, m_state.samples));
    const bool mean = m_experiment.training.reduction == loss_reduction::mean;
    return emit(tsr_producer_train(&m_producer, m_items.data(), n, rate, mean ? 1.0F / static_cast<float>(n) : 1.0F,
                                   &m_program),
                false);
}

program training_plan::evaluation_program()
{
    const tsr_dataset_view &view = *m_views.back();
    const auto              n = std::min(static_cast<std::uint32_t>(m_items.size()), view.count - m_in_view);
    for (std::uint32_t k = 0; k < n; ++k, ++m_in_view)
        m_items[k] = {view.images + std::size_t{m_in_view} * view.features, tsr_dataset_label(&view, m_in_view)};
    return emit(tsr_producer_evaluate(&m_producer, m_items.data(), n, &m_program), true);
}

} // namespace tessera
