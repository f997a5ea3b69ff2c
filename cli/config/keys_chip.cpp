// Keys of [chip]: the fields of tsr_chip_spec. Costs have no defaults: what a preset forgot must not be free.
#include "cli/config/key_table.h"

namespace tessera {
namespace {

using spec = tsr_chip_spec;

const number_range lines{1, TSR_LINES_MAX};
const number_range count{1, 1e6};
const number_range time{0, 1e15}; // up to 1000 s in ps
const number_range clock{1, 1e12};
const number_range width{0, 1e6}; // bits per clock; 0: takes no time
const number_range word{1, 64};
const number_range rate{1, 1e18};
const number_range charge{0, 1e15}; // fJ, fF, µW
const number_range area{0, 1e12};   // µm²
const number_range siemens{0, 1};
const number_range volt{0, 1e3};
const char *const  own_choice = "assumption";

template <class T>
key_spec cost(T spec::*field, const char *name, const char *unit, number_range range, const char *doc)
{
    if constexpr (std::is_same_v<T, double>) {
        return required(real(field, name, unit, range, doc));
    } else {
        return required(integer(field, name, unit, range, doc));
    }
}

std::vector<key_spec> composition_keys()
{
    return {
        cost(&spec::input_lines, "input_lines", "lines", lines, "Inputs of one array"),
        cost(&spec::output_lines, "output_lines", "lines", lines, "Outputs of one array"),
        cost(&spec::tiles_per_core, "tiles_per_core", "tiles", count,
             "Tiles that share vector unit, controller and port"),
        choice(&spec::tiling, "tiling", {{"equal", TSR_TILING_EQUAL}, {"packed", TSR_TILING_PACKED}},
               "A layer larger than an array is cut into equal tiles, or into full ones and a rest"),
        choice(&spec::transposed, "transposed", {{"own", TSR_TRANSPOSED_OWN}, {"shared", TSR_TRANSPOSED_SHARED}},
               "Transposed reads have converters of their own, or use those of the forward read"),
        cost(&spec::lines_per_adc, "lines_per_adc", "lines", lines, "Lines that take turns on one ADC"),
        integer(&spec::queue_depth, "queue_depth", "requests", count, "That the queue of a unit accepts", own_choice),
    };
}

std::vector<key_spec> array_keys()
{
    return {
        choice(&spec::read_mode, "read_mode",
               {{"flat", TSR_READ_FLAT}, {"pulse_width", TSR_READ_PULSE_WIDTH}, {"bit_serial", TSR_READ_BIT_SERIAL}},
               "How inputs become time"),
        cost(&spec::t_read_ps, "t_read_ps", "ps", time, "flat: drive and integrate, whatever the input"),
        cost(&spec::t_slot_ps, "t_slot_ps", "ps", time, "pulse_width, bit_serial: one slot"),
        integer(&spec::read_phases, "read_phases", "phases", {1, 2}, "Sign phases of a pulse-width read", own_choice),
        cost(&spec::t_settle_ps, "t_settle_ps", "ps", time, "No read is shorter"),
        cost(&spec::t_turnaround_ps, "t_turnaround_ps", "ps", time,
             "Between read, transposed read and write of an array"),
        cost(&spec::t_conv_ps, "t_conv_ps", "ps", time, "One conversion of one ADC"),
        cost(&spec::t_pulse_ps, "t_pulse_ps", "ps", {1, 1e15}, "One slot of a pulse train"),
        cost(&spec::t_load_driver_ps, "t_load_driver_ps", "ps", time, "Trains into the drivers"),
        choice(&spec::phase_mode, "phase_mode", {{"fixed", TSR_PHASES_FIXED}, {"occupied", TSR_PHASES_OCCUPIED}},
               "Sign phases of an update: a fixed number, or as many as have pulses"),
        integer(&spec::fixed_phases, "fixed_phases", "phases", {1, 4}, "That number", own_choice),
    };
}

std::vector<key_spec> digital_keys()
{
    return {
        cost(&spec::vector_flops, "vector_flops", "flop/s", rate, "Throughput of one vector unit"),
        cost(&spec::vector_clk_ps, "vector_clk_ps", "ps", clock, "Clock of vector units"),
        cost(&spec::controller_flops, "controller_flops", "flop/s", rate, "Throughput of one transfer controller"),
        cost(&spec::controller_clk_ps, "controller_clk_ps", "ps", clock, "Clock of transfer controllers"),
        cost(&spec::h_port_bits, "h_port_bits", "bits/clock", width, "Port of the memory of H; 0: takes no time"),
        cost(&spec::h_clk_ps, "h_clk_ps", "ps", clock, "Its clock"),
        cost(&spec::port_bits, "port_bits", "bits/clock", width, "Local port of a core; 0: takes no time"),
        cost(&spec::port_clk_ps, "port_clk_ps", "ps", clock, "Its clock"),
        cost(&spec::link_bits, "link_bits", "bits/clock", width, "Interconnect; 0: takes no time"),
        cost(&spec::link_clk_ps, "link_clk_ps", "ps", clock, "Its clock"),
        cost(&spec::t_hop_ps, "t_hop_ps", "ps", time, "Latency of the interconnect"),
        cost(&spec::dma_bits, "dma_bits", "bits/clock", width, "Link to the host; 0: takes no time"),
        cost(&spec::dma_clk_ps, "dma_clk_ps", "ps", clock, "Its clock"),
        cost(&spec::word_bits, "word_bits", "bits", word, "Of activations and errors on ports and links"),
        cost(&spec::pixel_bits, "pixel_bits", "bits", word, "Of an input element on the link to the host"),
        cost(&spec::h_bits, "h_bits", "bits", word, "Of an element of H in its memory"),
    };
}

std::vector<key_spec> conductance_keys()
{
    using s = tsr_conductance;
    return {
        required(real(&s::g_max_s, "g_max_s", "S", siemens, "Conductance of the largest nominal weight")),
        required(real(&s::g_min_s, "g_min_s", "S", siemens, "Conductance of the smallest nominal weight")),
        required(real(&s::g_off_s, "g_off_s", "S", siemens, "No device conducts less")),
    };
}

std::vector<key_spec> energy_keys()
{
    return {
        cost(&spec::v_read_v, "v_read_v", "V", volt, "Read voltage"),
        cost(&spec::v_write_v, "v_write_v", "V", volt, "Amplitude of update pulses"),
        choice(&spec::write_energy, "write_energy", {{"ohmic", TSR_WRITE_OHMIC}, {"charge", TSR_WRITE_CHARGE}},
               "What a pulse costs: V²·g·t, write_fj_per_pulse, or C·V²"),
        cost(&spec::write_fj_per_pulse, "write_fj_per_pulse", "fJ", charge,
             "One pulse on one device, for write_energy charge"),
        cost(&spec::line_capacitance_ff, "line_capacitance_ff", "fF", charge, "One line of an array"),
        cost(&spec::dac_fj, "dac_fj", "fJ", charge, "One DAC conversion"),
        cost(&spec::adc_fj, "adc_fj", "fJ", charge, "One ADC conversion"),
        cost(&spec::integrator_fj_per_line_ns, "integrator_fj_per_line_ns", "fJ/ns", charge,
             "Bias of one line's integrator"),
        cost(&spec::sample_hold_fj, "sample_hold_fj", "fJ", charge, "One line and read"),
        cost(&spec::bit_generator_fj, "bit_generator_fj", "fJ", charge, "One random bit of a train"),
        cost(&spec::vector_fj_per_flop, "vector_fj_per_flop", "fJ", charge, "One operation of a vector unit"),
        cost(&spec::controller_fj_per_flop, "controller_fj_per_flop", "fJ", charge,
             "One operation of a transfer controller"),
        cost(&spec::sram_read_fj_per_bit, "sram_read_fj_per_bit", "fJ/bit", charge, "Reads of H and of local buffers"),
        cost(&spec::sram_write_fj_per_bit, "sram_write_fj_per_bit", "fJ/bit", charge,
             "Writes of H and of local buffers"),
        cost(&spec::buffer_fj_per_bit, "buffer_fj_per_bit", "fJ/bit", charge, "Access to the global buffer"),
        cost(&spec::link_fj_per_bit, "link_fj_per_bit", "fJ/bit", charge, "Interconnect"),
        cost(&spec::dma_fj_per_bit, "dma_fj_per_bit", "fJ/bit", charge, "Link to the host"),
        cost(&spec::leakage_core_uw, "leakage_core_uw", "µW", charge, "Static power of one core"),
        cost(&spec::leakage_global_uw, "leakage_global_uw", "µW", charge, "Static power of what is there once"),
    };
}

std::vector<key_spec> area_keys()
{
    return {
        cost(&spec::cell_um2, "cell_um2", "µm²", area, "One cross-point"),
        cost(&spec::dac_um2_per_line, "dac_um2_per_line", "µm²", area, "DAC of one line"),
        cost(&spec::adc_um2, "adc_um2", "µm²", area, "One ADC"),
        cost(&spec::driver_um2_per_line, "driver_um2_per_line", "µm²", area, "Pulse driver of one line"),
        cost(&spec::integrator_um2_per_line, "integrator_um2_per_line", "µm²", area, "Integrator of one line"),
        cost(&spec::sram_um2_per_bit, "sram_um2_per_bit", "µm²", area, "One bit of H or of the global buffer"),
        cost(&spec::vector_um2, "vector_um2", "µm²", area, "One vector unit"),
        cost(&spec::controller_um2, "controller_um2", "µm²", area, "One transfer controller, without H"),
        cost(&spec::buffer_um2, "buffer_um2", "µm²", area, "The global buffer, without its bits"),
        cost(&spec::buffer_bits, "buffer_bits", "bits", {1, 4e9}, "Size of the global buffer"),
    };
}

} // namespace

std::vector<key_spec> chip_keys()
{
    std::vector<key_spec> keys;
    for (auto &part : {composition_keys(), array_keys(), digital_keys(), within(&spec::conductance, conductance_keys()),
                       energy_keys(), area_keys()}) {
        keys.insert(keys.end(), part.begin(), part.end());
    }
    return keys;
}

} // namespace tessera
