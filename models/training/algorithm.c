#include "models/training/algorithm.h"

#include <math.h>
#include <stddef.h>

#include "models/periphery/pulse_train.h"

static const char *const names[TSR_ALGORITHM_COUNT] = {"fp", "sgd", "ttv1", "ttv2", "cttv2", "agad", "mp"};

const char *tsr_algorithm_name_text(tsr_algorithm_name name) { return name < TSR_ALGORITHM_COUNT ? names[name] : "?"; }

tsr_algorithm_spec tsr_algorithm_default(tsr_algorithm_name name)
{
    const bool         chopped = name == TSR_ALGORITHM_CTTV2 || name == TSR_ALGORITHM_AGAD;
    tsr_algorithm_spec spec = {.name = name,
                               .transfer_every = 1,
                               .transfer_columns = true,
                               .transfer_lr = 1.0,
                               .auto_scale = chopped,
                               .fast_lr = 0.1,
                               .auto_momentum = 0.99,
                               .momentum = 0.0,
                               .forget_buffer = true,
                               .bl_transfer = 1,
                               .thres_scale = 1.0,
                               .buffer_granularity = 1.0,
                               .auto_granularity = 0.0,
                               .gain_reference = TSR_GAIN_A,
                               .in_chop_prob = chopped ? 0.1 : 0.0,
                               .in_chop_random = name == TSR_ALGORITHM_CTTV2,
                               .tail_weightening = 5.0};
    return spec;
}

bool tsr_algorithm_transfers(tsr_algorithm_name name)
{
    return name == TSR_ALGORITHM_TTV1 || name == TSR_ALGORITHM_TTV2 || name == TSR_ALGORITHM_CTTV2 ||
           name == TSR_ALGORITHM_AGAD;
}

bool tsr_algorithm_chops(const tsr_algorithm_spec *spec)
{
    return (spec->name == TSR_ALGORITHM_CTTV2 || spec->name == TSR_ALGORITHM_AGAD) &&
           (spec->in_chop_prob > 0.0 || spec->out_chop_prob > 0.0);
}

static bool within(double value, double least, double most)
{
    return isfinite(value) && value >= least && value <= most;
}

tsr_status tsr_algorithm_check(const tsr_algorithm_spec *spec, tsr_error *error)
{
    const struct {
        const char *key;
        bool        good;
        const char *expected;
    } rules[] = {
        {"transfer_every", spec->transfer_every >= 1, "a number of updates >= 1"},
        {"transfer_lr", within(spec->transfer_lr, 0.0, 1e30), "a number >= 0"},
        {"fast_lr", within(spec->fast_lr, 0.0, 1e30), "a number >= 0"},
        {"auto_momentum", within(spec->auto_momentum, 0.0, 1.0), "0 to 1"},
        {"momentum", within(spec->momentum, 0.0, 1.0), "0 to 1"},
        {"bl_transfer", spec->bl_transfer >= 1 && spec->bl_transfer <= TSR_TRAIN_MAX_SLOTS, "1 to 64 pulses"},
        {"thres_scale", within(spec->thres_scale, 1e-30, 1e30), "a number > 0"},
        {"buffer_granularity", within(spec->buffer_granularity, 0.0, 1e30), "a number >= 0"},
        {"auto_granularity", within(spec->auto_granularity, 0.0, 1e30), "a number >= 0"},
        {"in_chop_prob", within(spec->in_chop_prob, 0.0, 1.0), "a probability, 0 to 1"},
        {"out_chop_prob", within(spec->out_chop_prob, 0.0, 1.0), "a probability, 0 to 1"},
        {"tail_weightening", within(spec->tail_weightening, 0.0, 1e30), "a number >= 0"},
    };
    for (size_t k = 0; k < sizeof rules / sizeof rules[0]; ++k) {
        if (!rules[k].good) {
            return tsr_error_set(error, TSR_E_ARGUMENT, "%s: expected %s", rules[k].key, rules[k].expected);
        }
    }
    return TSR_OK;
}
