// Every section and key that an experiment file may have.
#ifndef TESSERA_CLI_CONFIG_KEY_TABLE_H
#define TESSERA_CLI_CONFIG_KEY_TABLE_H

#include <functional>
#include <string>
#include <vector>

#include "cli/config/experiment.h"
#include "cli/config/key_spec.h"

namespace tessera {

struct section_spec {
    std::string           name; // "" for the keys before the first section
    std::string           doc;
    std::string           preset_table; // table that a preset of this section has ("device"); empty: takes no preset
    std::string           parent;       // section whose values this one starts from
    std::vector<key_spec> keys;

    // The struct that the keys' fields belong to.
    std::function<void *(experiment &)> target;
};

// In the order in which they are printed; a parent comes before those that inherit from it.
const std::vector<section_spec> &key_table();

const section_spec *find_section(const std::string &name);
const key_spec     *find_key(const section_spec &section, const std::string &name);

// What holds where nothing is said; many keys of [algorithm] depend on the algorithm.
experiment default_experiment(tsr_algorithm_name algorithm);

// The rows, one function a file.
std::vector<key_spec> network_keys();
std::vector<key_spec> data_keys();
std::vector<key_spec> training_keys();
std::vector<key_spec> algorithm_keys();
std::vector<key_spec> schedule_keys();
std::vector<key_spec> record_keys();
std::vector<key_spec> device_keys();
std::vector<key_spec> io_keys();
std::vector<key_spec> chip_keys();

} // namespace tessera
#endif
