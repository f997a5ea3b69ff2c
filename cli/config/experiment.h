// Everything a run needs, as plain values: what an experiment file says after defaults, presets and --set have been applied.
//
// Sections and keys of the file are these structs and fields; key_table.h lists them with type, range, unit and default.
// resolve.h fills an experiment, config_text.h prints one.
#ifndef TESSERA_CLI_CONFIG_EXPERIMENT_H
#define TESSERA_CLI_CONFIG_EXPERIMENT_H

#include <cstdint>
#include <string>
#include <vector>

#include "models/machine/machine.h"

namespace tessera {

enum class loss_reduction { sum, mean };
enum class schedule_policy { serial, overlapped, pipelined, stale }; // resolve() lets only `serial` through today

struct network_config {
    std::vector<std::uint32_t> layers; // units of each layer, inputs first: 2 or more numbers
    tsr_activation             activation = TSR_ACTIVATION_SIGMOID; // of every layer but the last, which has none
    tsr_bias                   bias = TSR_BIAS_DIGITAL;
    double                     init_scale = 1; // weights start uniform in ±init_scale/sqrt(inputs of the layer)
};

struct data_config {
    std::string   folder;         // four IDX files; empty: Debian's Fashion-MNIST
    std::uint32_t validation = 0; // images held out of the training set
};

struct training_config {
    std::uint32_t  epochs = 1;
    std::uint64_t  samples = 0; // per epoch; 0: all of the training set
    std::uint32_t  batch_size = 1;
    double         learning_rate = 0.1;
    double         lr_decay = 1;                    // factor applied …
    std::uint32_t  lr_decay_epochs = 0;             // … every so many epochs; 0: never
    std::uint64_t  lr_decay_samples = 0;            // … and every so many samples; 0: never
    loss_reduction reduction = loss_reduction::sum; // key loss_reduction
    std::uint64_t  evaluate_every = 0;              // samples between evaluations; 0: at the end of an epoch only
    std::uint64_t  seed = 1;
};

struct algorithm_config {
    tsr_algorithm_spec spec{}; // its `name` decides the defaults of the rest
    tsr_update_spec    update{};
    tsr_reference      reference_w = TSR_REFERENCE_DEVICE;
    tsr_reference      reference_a = TSR_REFERENCE_DEVICE;
    bool               freeze_a = false; // trains for A are drawn and driven, but reach no device
};

struct schedule_config {
    schedule_policy policy = schedule_policy::serial;
};

struct record_config {
    bool spans = false;          // write spans.bin
    bool check_protocol = false; // run the TLM protocol checker beside the chip
};

struct experiment {
    std::string      name; // of the file, without .toml, unless the file says otherwise
    network_config   network;
    data_config      data;
    training_config  training;
    algorithm_config algorithm;
    tsr_device_spec  device_w{}, device_a{};
    tsr_io_spec      io_forward{}, io_backward{}, io_transfer{};
    tsr_chip_spec    chip{};
    schedule_config  schedule;
    record_config    record;
};

// Learning rate after `epoch` whole epochs and `samples` samples since the start:
// learning_rate · lr_decay^(epoch div lr_decay_epochs + samples div lr_decay_samples).
double scheduled_rate(const training_config &training, std::uint32_t epoch, std::uint64_t samples);

// Everything of a machine but its layers: layer_count is 0 and layers is null.
tsr_machine_spec to_machine_spec(const experiment &e);

} // namespace tessera
#endif
