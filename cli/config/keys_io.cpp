// Keys of [io], [io_backward] and [io_transfer]: the fields of tsr_io_spec.
#include "cli/config/key_table.h"

namespace tessera {
namespace {

// A converter of b bits has 2^b − 1 codes that lie symmetrically around 0, so its step is 1/(2^b − 2) of the full range.
config_value resolution_of_bits(const config_value &bits)
{
    return 1.0 / static_cast<double>((std::int64_t{1} << std::get<std::int64_t>(bits)) - 2);
}

} // namespace

std::vector<key_spec> io_keys()
{
    using s = tsr_io_spec;
    const char *const aihwkit = "aihwkit 1.1, default of IOParameters";
    const char *const off = "";
    return {
        boolean(&s::is_perfect, "is_perfect", "Exact arithmetic: nothing else in this section acts"),
        real(&s::inp_bound, "inp_bound", "", {0, 1e6, true}, "Inputs beyond are clipped", aihwkit),
        real(&s::inp_res, "inp_res", "full range", {0, 1}, "Step of the DACs; 0: they do not quantise", aihwkit),
        alias("dac_bits", "inp_res", "bits", {2, 16}, "The same as inp_res = 1/(2^bits - 2)", resolution_of_bits),
        real(&s::inp_noise, "inp_noise", "", {0, 1e6}, "Spread of every line's input, driven or not", off),
        real(&s::out_bound, "out_bound", "", {0, 1e9, true}, "Outputs beyond are clipped: full scale of the ADCs",
             aihwkit),
        real(&s::out_res, "out_res", "full range", {0, 1}, "Step of the ADCs; 0: they do not quantise", aihwkit),
        alias("adc_bits", "out_res", "bits", {2, 16}, "The same as out_res = 1/(2^bits - 2)", resolution_of_bits),
        real(&s::out_noise, "out_noise", "", {0, 1e6}, "Spread of every output ahead of its ADC", aihwkit),
        real(&s::w_noise, "w_noise", "weight", {0, 1e6}, "Spread of the weights during a read", off),
        choice(&s::noise_management, "noise_management",
               {{"abs_max", TSR_NM_ABS_MAX}, {"none", TSR_NM_NONE}, {"constant", TSR_NM_CONSTANT}},
               "What the input is divided by before the DACs"),
        real(&s::nm_constant, "nm_constant", "", {0, 1e9, true}, "That divisor for noise_management constant",
             "not used unless noise_management is constant"),
        choice(&s::bound_management, "bound_management", {{"iterative", TSR_BM_ITERATIVE}, {"none", TSR_BM_NONE}},
               "Whether a forward read whose output was clipped is repeated at half the input"),
        real(&s::max_bm_factor, "max_bm_factor", "", {1, 1e6}, "Largest division tried",
             "aihwkit 1.1, what max_bm_res = 0.25 leaves of a 7-bit DAC"),
        real(&s::ir_drop, "ir_drop", "", {0, 1e3}, "Scale of the voltage drop along output lines; 0: none", off),
        real(&s::ir_drop_g_ratio, "ir_drop_g_ratio", "", {0, 1e12, true},
             "Conductance of a wire segment over the largest device's",
             "aihwkit 1.1: wires of 0.35 ohm per cell, devices of 5 uS"),
    };
}

} // namespace tessera
