#include "cli/run/machine_owner.h"

#include <fmt/format.h>

#include "workloads/network.h"

namespace tessera {

namespace {

// `about` is put in front: the key at fault, where the core's text does not begin with one.
void require(tsr_status status, const tsr_error &error, const char *about = "")
{
    if (status != TSR_OK)
        throw input_error(std::string(about) + (error.text[0] != '\0' ? error.text : tsr_status_name(status)));
}

} // namespace

machine_owner::machine_owner(const experiment &e)
{
    const auto       &sizes = e.network.layers;
    const tsr_network network{static_cast<std::uint32_t>(sizes.size() - 1), sizes.data(), e.network.activation,
                              e.network.bias};
    std::vector<tsr_layer_spec> layers(network.layer_count);
    tsr_error                   error{};
    require(tsr_network_map(&network, &e.chip, layers.data(), network.layer_count, &error), error);
    tsr_machine_spec spec = to_machine_spec(e);
    spec.layers = layers.data();
    spec.layer_count = network.layer_count;
    require(tsr_machine_create(&m_machine, &spec, &error), error);
}

machine_owner::~machine_owner() { tsr_machine_destroy(&m_machine); }

dataset_owner::dataset_owner(const experiment &e)
{
    tsr_error   error{};
    const char *folder = e.data.folder.empty() ? nullptr : e.data.folder.c_str();
    require(tsr_dataset_open(folder, e.network.layers.back(), &m_data, &error), error, "data.folder: ");
    const tsr_status status = tsr_dataset_make_split(&m_data, e.data.validation, &m_split, &error);
    if (status == TSR_OK && m_data.features == e.network.layers.front())
        return;
    const std::uint32_t features = m_data.features;
    tsr_dataset_close(&m_data);
    require(status, error, "data.validation: ");
    throw input_error(fmt::format(
        "network.layers: the first layer has {} inputs, but the images have {} pixels; write layers = [{}, …]",
        e.network.layers.front(), features, features));
}

dataset_owner::~dataset_owner() { tsr_dataset_close(&m_data); }

} // namespace tessera
