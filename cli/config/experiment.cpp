#include "cli/config/experiment.h"

namespace tessera {

double scheduled_rate(const training_config &training, std::uint32_t epoch, std::uint64_t samples)
{
    std::uint64_t steps = training.lr_decay_epochs != 0 ? epoch / training.lr_decay_epochs : 0;
    steps += training.lr_decay_samples != 0 ? samples / training.lr_decay_samples : 0;
    // Multiplied one by one: pow() of the C library may differ between hosts, and with it every weight.
    double rate = training.learning_rate;
    for (; steps > 0 && rate > 0; --steps)
        rate *= training.lr_decay;
    return rate;
}

tsr_machine_spec to_machine_spec(const experiment &e)
{
    tsr_machine_spec spec{};
    spec.seed = e.training.seed;
    spec.chip = e.chip;
    spec.device_w = e.device_w;
    spec.device_a = e.device_a;
    spec.reference_w = e.algorithm.reference_w;
    spec.reference_a = e.algorithm.reference_a;
    spec.io_forward = e.io_forward;
    spec.io_backward = e.io_backward;
    spec.io_transfer = e.io_transfer;
    spec.update = e.algorithm.update;
    spec.algorithm = e.algorithm.spec;
    spec.batch_size = e.training.batch_size;
    spec.freeze_a = e.algorithm.freeze_a;
    spec.init_weight_scale = e.network.init_scale;
    return spec;
}

} // namespace tessera
