// Keys of [network], [data], [training], [algorithm], [schedule] and [record].
#include "cli/config/key_table.h"

namespace tessera {
namespace {

const char *const aihwkit = "aihwkit 1.1, default of the same parameter";

std::vector<key_spec> concat(std::vector<key_spec> a, std::vector<key_spec> b)
{
    a.insert(a.end(), std::make_move_iterator(b.begin()), std::make_move_iterator(b.end()));
    return a;
}

std::vector<key_spec> transfer_keys()
{
    using s = tsr_algorithm_spec;
    return {
        required(choice(&s::name, "name",
                        {{"fp", TSR_ALGORITHM_FP},
                         {"sgd", TSR_ALGORITHM_SGD},
                         {"ttv1", TSR_ALGORITHM_TTV1},
                         {"ttv2", TSR_ALGORITHM_TTV2},
                         {"cttv2", TSR_ALGORITHM_CTTV2},
                         {"agad", TSR_ALGORITHM_AGAD},
                         {"mp", TSR_ALGORITHM_MP}},
                        "How weights are updated; decides the defaults of this section")),
        integer(&s::transfer_every, "transfer_every", "", {1, 1e9}, "Vector updates of a tile per slice transfer",
                aihwkit),
        boolean(&s::transfer_columns, "transfer_columns", "Slices of A are columns (one input line), else rows"),
        real(&s::transfer_lr, "transfer_lr", "", {0, 1e9}, "Transfer rate over the scheduled learning rate", aihwkit),
        boolean(&s::auto_scale, "auto_scale", "Rate of A follows running maxima of x and d, else it is fast_lr"),
        real(&s::fast_lr, "fast_lr", "", {0, 1e9, true}, "Rate of A, or the factor on the automatic one", aihwkit),
        real(&s::auto_momentum, "auto_momentum", "", {0, 1}, "Of the running maxima", aihwkit),
        real(&s::momentum, "momentum", "", {0, 1}, "Share of H that stays after a write to W"),
        boolean(&s::forget_buffer, "forget_buffer",
                "H starts anew after a write to W, else it keeps what was not written"),
        integer(&s::bl_transfer, "bl_transfer", "pulses", {1, TSR_TRAIN_MAX_SLOTS},
                "Most pulses on a cross-point of W per transfer", aihwkit),
        real(&s::thres_scale, "thres_scale", "", {0, 1e9, true}, "ttv2: threshold of H in steps of W", aihwkit),
        real(&s::buffer_granularity, "buffer_granularity", "", {0, 1e9},
             "cttv2, agad: divides what enters H; 0 means 1", aihwkit),
        real(&s::auto_granularity, "auto_granularity", "updates", {0, 1e12},
             "cttv2, agad: updates until H of a steady gradient crosses its threshold; 0: off"),
        choice(&s::gain_reference, "gain_reference", {{"a", TSR_GAIN_A}, {"w", TSR_GAIN_W}},
               "Whose granularity scales what enters H"),
        boolean(&s::correct_gradient_magnitudes, "correct_gradient_magnitudes",
                "Divide what enters H by the rate of A as well"),
        real(&s::in_chop_prob, "in_chop_prob", "", {0, 1},
             "Probability that the chopper of an input line flips; 0: none", aihwkit),
        real(&s::out_chop_prob, "out_chop_prob", "", {0, 1}, "The same for output lines"),
        boolean(&s::in_chop_random, "in_chop_random", "Choppers flip at random, else in regular sweeps"),
        real(&s::tail_weightening, "tail_weightening", "", {0, 1e9}, "agad: weight of recent reads in the mean of A",
             aihwkit),
        choice(&s::closed_form_stimulus, "stimulus", {{"data", false}, {"closed_form", true}},
               "closed_form (timing studies): every train is desired_bl long and every transfer fires"),
    };
}

std::vector<key_spec> update_keys()
{
    using s = tsr_update_spec;
    return {
        choice(&s::pulse_type, "pulse_type",
               {{"stochastic", TSR_PULSE_STOCHASTIC}, {"deterministic_implicit", TSR_PULSE_DETERMINISTIC_IMPLICIT}},
               "How a rank-1 update becomes pulses"),
        integer(&s::desired_bl, "desired_bl", "slots", {1, TSR_TRAIN_MAX_SLOTS}, "Longest pulse train", aihwkit),
        boolean(&s::update_management, "update_management",
                "Share the rate between x and d so that neither saturates first"),
        boolean(&s::update_bl_management, "update_bl_management", "Shorten trains of small gradients"),
    };
}

} // namespace

std::vector<key_spec> network_keys()
{
    using s = network_config;
    key_spec layers("layers", value_kind::integers, "units", {1, 1e6}, "Units of each layer, inputs first", {});
    layers.required = true;
    layers.get = [](const void *n) -> config_value {
        const auto &list = static_cast<const s *>(n)->layers;
        return std::vector<std::int64_t>(list.begin(), list.end());
    };
    layers.set = [](void *n, const config_value &value) {
        auto &list = static_cast<s *>(n)->layers;
        list.clear();
        for (const std::int64_t units : std::get<std::vector<std::int64_t>>(value)) {
            list.push_back(static_cast<std::uint32_t>(units));
        }
    };
    return {
        layers,
        choice(&s::activation, "activation",
               {{"sigmoid", TSR_ACTIVATION_SIGMOID}, {"tanh", TSR_ACTIVATION_TANH}, {"relu", TSR_ACTIVATION_RELU}},
               "Of every layer but the last, which feeds softmax and cross-entropy"),
        choice(&s::bias, "bias", {{"none", TSR_BIAS_NONE}, {"digital", TSR_BIAS_DIGITAL}, {"analog", TSR_BIAS_ANALOG}},
               "Kept in the vector unit (digital) or on an input line of its own that is always 1 (analog)"),
        real(&s::init_scale, "init_scale", "", {0, 1e3}, "Weights start uniform in ±init_scale/sqrt(inputs)",
             "PyTorch, default of torch.nn.Linear"),
    };
}

std::vector<key_spec> data_keys()
{
    using s = data_config;
    return {
        text(&s::folder, "folder", "Folder with the four IDX files; empty: Debian's dataset-fashion-mnist"),
        integer(&s::validation, "validation", "images", {0, 1e9}, "Held out of the training set, from its end"),
    };
}

std::vector<key_spec> training_keys()
{
    using s = training_config;
    return {
        integer(&s::epochs, "epochs", "", {1, 1e6}, "Passes over the training set"),
        integer(&s::samples, "samples", "per epoch", {0, 1e15}, "Samples of an epoch; 0: all"),
        integer(&s::batch_size, "batch_size", "samples", {1, 1e6}, "Samples that read the same weights"),
        real(&s::learning_rate, "learning_rate", "", {0, 1e6, true}, "At the start"),
        real(&s::lr_decay, "lr_decay", "", {0, 1, true},
             "Factor on the learning rate every lr_decay_epochs and lr_decay_samples"),
        integer(&s::lr_decay_epochs, "lr_decay_epochs", "epochs", {0, 1e6},
                "Between two steps of the schedule; 0: never"),
        integer(&s::lr_decay_samples, "lr_decay_samples", "samples", {0, 1e12}, "The same within epochs; 0: never"),
        choice(&s::reduction, "loss_reduction", {{"sum", loss_reduction::sum}, {"mean", loss_reduction::mean}},
               "Gradients of a mini-batch are added, or divided by its size as well"),
        integer(&s::evaluate_every, "evaluate_every", "samples", {0, 1e15}, "Between evaluations; 0: once per epoch"),
        integer(&s::seed, "seed", "", {0, 9.2e18}, "Of weights, shuffling, devices and noise"),
    };
}

std::vector<key_spec> algorithm_keys()
{
    using s = algorithm_config;
    const auto reference = [](tsr_reference s::*field, const char *name, const char *doc) {
        return choice(field, name, {{"device", TSR_REFERENCE_DEVICE}, {"column", TSR_REFERENCE_COLUMN}}, doc);
    };
    return concat(concat(within(&s::spec, transfer_keys()), within(&s::update, update_keys())),
                  {
                      reference(&s::reference_w, "reference_w",
                                "What a read of W is relative to: each device's own, or one fixed column"),
                      reference(&s::reference_a, "reference_a", "The same for A"),
                      boolean(&s::freeze_a, "freeze_a", "Pulse trains for A are drawn and driven, but reach no device"),
                  });
}

std::vector<key_spec> schedule_keys()
{
    using p = schedule_policy;
    return {
        choice(&schedule_config::policy, "policy",
               {{"serial", p::serial}, {"overlapped", p::overlapped}, {"pipelined", p::pipelined}, {"stale", p::stale}},
               "serial: one op at a time, in program order"),
    };
}

std::vector<key_spec> record_keys()
{
    return {
        boolean(&record_config::spans, "spans", "Write spans.bin: who held which unit when"),
        boolean(&record_config::check_protocol, "check_protocol",
                "Check every transaction against the protocol; slower"),
    };
}

} // namespace tessera
