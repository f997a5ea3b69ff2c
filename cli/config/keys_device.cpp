// Keys of [device], [device_w] and [device_a]: the fields of tsr_device_spec, in normalised weights unless a unit says otherwise.
// Ranges are those of tsr_device_check(), which also checks what depends on more than one key.
#include <array>

#include "cli/config/key_table.h"

namespace tessera {
namespace {

using spec = tsr_device_spec;
using table = float (spec::*)[TSR_DEVICE_TABLE_MAX];

const char *const aihwkit = "aihwkit 1.1, default of PulsedDevice";
const char *const normalised = "weights are normalised to the nominal bound";

// Both tables have table_length entries; resolve() checks that the file gave them the same number.
key_spec table_key(table field, const char *name, const char *doc)
{
    key_spec key(name, value_kind::reals, "dw_min", {0, 1e6}, doc, {});
    key.get = [field](const void *s) -> config_value {
        const auto *device = static_cast<const spec *>(s);
        return std::vector<double>(device->*field, device->*field + device->table_length);
    };
    key.set = [field](void *s, const config_value &value) {
        auto       *device = static_cast<spec *>(s);
        const auto &list = std::get<std::vector<double>>(value);
        device->table_length = static_cast<std::uint32_t>(std::min<std::size_t>(list.size(), TSR_DEVICE_TABLE_MAX));
        for (std::uint32_t k = 0; k < device->table_length; ++k) {
            (device->*field)[k] = static_cast<float>(list[k]);
        }
    };
    return key;
}

std::vector<key_spec> noise_and_retention_keys()
{
    return {
        real(&spec::write_noise, "write_noise", "dw_min", {0, 1e6},
             "Spread of the visible weight around the hidden state"),
        real(&spec::corrupt_share, "corrupt_share", "", {0, 1}, "Probability that a device is stuck at a random value"),
        real(&spec::retention_tau_s, "retention_tau_s", "s", {0}, "Time constant of the decay; 0: the state is kept"),
        real(&spec::retention_tau_d2d, "retention_tau_d2d", "", {0, 10}, "Spread of the time constant, relative"),
        real(&spec::retention_point, "retention_point", "weight", {-1e6, 1e6}, "Weight that a device decays to"),
        real(&spec::retention_point_d2d, "retention_point_d2d", "weight", {0, 1e6}, "Spread of that point"),
    };
}

} // namespace

std::vector<key_spec> device_keys()
{
    std::vector<key_spec> keys = {
        required(choice(&spec::law, "law",
                        {{"ideal", TSR_LAW_IDEAL},
                         {"constant_step", TSR_LAW_CONSTANT_STEP},
                         {"linear_step", TSR_LAW_LINEAR_STEP},
                         {"soft_bounds", TSR_LAW_SOFT_BOUNDS},
                         {"soft_bounds_reference", TSR_LAW_SOFT_BOUNDS_REFERENCE},
                         {"exp_step", TSR_LAW_EXP_STEP},
                         {"pow_step", TSR_LAW_POW_STEP},
                         {"piecewise_step", TSR_LAW_PIECEWISE_STEP}},
                        "How the weight answers a pulse")),
        real(&spec::dw_min, "dw_min", "weight", {1e-9, 1e6}, "Nominal step of one pulse", aihwkit),
        real(&spec::w_max, "w_max", "weight", {1e-9, 1e6}, "Nominal upper bound", normalised),
        real(&spec::w_min, "w_min", "weight", {-1e6, 0}, "Nominal lower bound", normalised),
        real(&spec::up_down, "up_down", "", {-0.999, 0.999}, "Weakens one direction: positive the steps down"),
        real(&spec::dw_min_d2d, "dw_min_d2d", "", {0, 10}, "Spread of the step between devices, relative"),
        boolean(&spec::dw_min_log_normal, "dw_min_log_normal", "That spread is log-normal"),
        real(&spec::up_down_d2d, "up_down_d2d", "", {0, 10}, "Spread of the asymmetry between devices"),
        real(&spec::w_max_d2d, "w_max_d2d", "", {0, 10}, "Spread of the upper bound, relative"),
        real(&spec::w_min_d2d, "w_min_d2d", "", {0, 10}, "Spread of the lower bound, relative"),
        real(&spec::c2c, "c2c", "", {0, 1e3}, "Spread of the step from pulse to pulse, relative"),
        boolean(&spec::c2c_additive, "c2c_additive",
                "That spread is of the nominal step, else of the step at this weight"),
        real(&spec::gamma_up, "gamma_up", "", {0, 100}, "Slope (linear_step) or exponent (exp_step, pow_step), up"),
        real(&spec::gamma_down, "gamma_down", "", {0, 100}, "The same, down"),
        real(&spec::gamma_d2d, "gamma_d2d", "", {0, 10}, "linear_step, pow_step: spread of it, relative"),
        boolean(&spec::gamma_own_bounds, "gamma_own_bounds",
                "linear_step: relative to the device's bounds, else to the nominal"),
        real(&spec::reference_mean, "reference_mean", "weight", {-1e6, 1e6},
             "soft_bounds_reference: mean error of references"),
        real(&spec::reference_std, "reference_std", "weight", {0, 1e6}, "soft_bounds_reference: spread of that error"),
        boolean(&spec::subtract_symmetry_point, "subtract_symmetry_point",
                "soft_bounds_reference: each reference is at its device's symmetry point"),
        real(&spec::exp_a, "exp_a", "", {-2, 2}, "exp_step: scale of the weight in the exponent"),
        real(&spec::exp_b, "exp_b", "", {-2, 2}, "exp_step: offset in the exponent"),
        real(&spec::exp_A_up, "exp_A_up", "", {-1e6, 1e6}, "exp_step: amplitude, up"),
        real(&spec::exp_A_down, "exp_A_down", "", {-1e6, 1e6}, "exp_step: amplitude, down"),
        table_key(&spec::table_up, "table_up", "piecewise_step: steps up from w_min to w_max"),
        table_key(&spec::table_down, "table_down", "piecewise_step: steps down, from w_min too"),
    };
    for (key_spec &key : noise_and_retention_keys()) {
        keys.push_back(std::move(key));
    }
    return keys;
}

} // namespace tessera
