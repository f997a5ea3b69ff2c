#include "models/chip/chip_spec.h"

#include <math.h>
#include <stddef.h>

static bool at_least(double value, double least) { return isfinite(value) && value >= least; }

tsr_status tsr_chip_check(const tsr_chip_spec *chip, tsr_error *error)
{
    const struct {
        const char *key;
        bool        good;
        const char *expected;
    } rules[] = {
        {"input_lines", chip->input_lines >= 1 && chip->input_lines <= TSR_LINES_MAX, "1 to 8192 lines"},
        {"output_lines", chip->output_lines >= 1 && chip->output_lines <= TSR_LINES_MAX, "1 to 8192 lines"},
        {"tiles_per_core", chip->tiles_per_core >= 1, "a number of tiles >= 1"},
        {"lines_per_adc", chip->lines_per_adc >= 1, "a number of lines >= 1"},
        {"queue_depth", chip->queue_depth >= 1, "a number of requests >= 1"},
        {"read_phases", chip->read_phases >= 1 && chip->read_phases <= 2, "1 or 2"},
        {"fixed_phases", chip->fixed_phases >= 1 && chip->fixed_phases <= 4, "1 to 4"},
        {"t_pulse_ps", chip->t_pulse_ps >= 1, "a time >= 1 ps"},
        {"g_max_s", at_least(chip->conductance.g_max_s, 1e-30), "a conductance > 0 S"},
        {"g_min_s", at_least(chip->conductance.g_min_s, 0.0) && chip->conductance.g_min_s < chip->conductance.g_max_s,
         "a conductance below g_max_s"},
        {"g_off_s", at_least(chip->conductance.g_off_s, 0.0), "a conductance >= 0 S"},
        {"write_fj_per_pulse", chip->write_energy != TSR_WRITE_CHARGE || at_least(chip->write_fj_per_pulse, 1e-30),
         "an energy > 0 fJ with write_energy charge"},
        {"v_read_v", at_least(chip->v_read_v, 0.0), "a voltage >= 0"},
        {"v_write_v", at_least(chip->v_write_v, 0.0), "a voltage >= 0"},
    };
    for (size_t k = 0; k < sizeof rules / sizeof rules[0]; ++k) {
        if (!rules[k].good) {
            return tsr_error_set(error, TSR_E_ARGUMENT, "%s: expected %s", rules[k].key, rules[k].expected);
        }
    }
    return TSR_OK;
}
