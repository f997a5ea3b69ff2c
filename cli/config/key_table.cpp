#include "cli/config/key_table.h"

#include <algorithm>

namespace tessera {
namespace {

template <class S>
std::function<void *(experiment &)> member(S experiment::*field)
{
    return [field](experiment &e) -> void * { return &(e.*field); };
}

std::vector<key_spec> top_keys()
{
    return {text(&experiment::name, "name", "Name of the experiment; without it the name of the file")};
}

std::vector<section_spec> make_table()
{
    const auto whole = [](experiment &e) -> void * { return &e; };
    return {
        {"", "The experiment", "", "", top_keys(), whole},
        {"network", "The network that is trained", "", "", network_keys(), member(&experiment::network)},
        {"data", "What it learns", "", "", data_keys(), member(&experiment::data)},
        {"training", "How long and how fast it learns", "", "", training_keys(), member(&experiment::training)},
        {"algorithm", "How weights are updated", "", "", algorithm_keys(), member(&experiment::algorithm)},
        {"device", "The device at each cross-point of all arrays", "device", "", device_keys(),
         member(&experiment::device_w)},
        {"device_w", "Overrides of [device] for the weight arrays W", "device", "device", device_keys(),
         member(&experiment::device_w)},
        {"device_a", "Overrides of [device] for the gradient arrays A", "device", "device", device_keys(),
         member(&experiment::device_a)},
        {"io", "Converters of the forward read", "io", "", io_keys(), member(&experiment::io_forward)},
        {"io_backward", "Overrides of [io] for the transposed read", "io", "io", io_keys(),
         member(&experiment::io_backward)},
        {"io_transfer", "Overrides of [io] for the reads of slices of A", "io", "io", io_keys(),
         member(&experiment::io_transfer)},
        {"chip", "What the chip is made of", "chip", "", chip_keys(), member(&experiment::chip)},
        {"schedule", "What may overlap", "", "", schedule_keys(), member(&experiment::schedule)},
        {"record", "What is kept of the run beside its results", "", "", record_keys(), member(&experiment::record)},
    };
}

} // namespace

const std::vector<section_spec> &key_table()
{
    static const std::vector<section_spec> table = make_table();
    return table;
}

const section_spec *find_section(const std::string &name)
{
    const auto &table = key_table();
    const auto  found = std::find_if(table.begin(), table.end(), [&](const section_spec &s) { return s.name == name; });
    return found == table.end() ? nullptr : &*found;
}

const key_spec *find_key(const section_spec &section, const std::string &name)
{
    const auto found =
        std::find_if(section.keys.begin(), section.keys.end(), [&](const key_spec &k) { return k.name == name; });
    return found == section.keys.end() ? nullptr : &*found;
}

experiment default_experiment(tsr_algorithm_name algorithm)
{
    experiment e;
    e.algorithm.spec = tsr_algorithm_default(algorithm);
    e.algorithm.update = tsr_update_default();
    const bool chops = algorithm == TSR_ALGORITHM_CTTV2 || algorithm == TSR_ALGORITHM_AGAD;
    e.algorithm.reference_a = chops ? TSR_REFERENCE_COLUMN : TSR_REFERENCE_DEVICE;
    e.device_w.dw_min = 0.001;
    e.device_w.w_max = 1;
    e.device_w.w_min = -1;
    e.device_a = e.device_w;
    e.io_forward = e.io_backward = e.io_transfer = tsr_io_default();
    e.chip.queue_depth = 64;
    e.chip.read_phases = 1;
    e.chip.fixed_phases = 1;
    e.chip.phase_mode = TSR_PHASES_OCCUPIED;
    return e;
}

} // namespace tessera
