// The C core's machine of an experiment, with its data set and its mapping; freed with the object.
#ifndef TESSERA_CLI_RUN_MACHINE_OWNER_H
#define TESSERA_CLI_RUN_MACHINE_OWNER_H

#include "cli/config/experiment.h"
#include "cli/run/input_error.h"
#include "models/machine/machine.h"
#include "workloads/dataset.h"

namespace tessera {

class machine_owner {
public:
    // Throws input_error.
    explicit machine_owner(const experiment &e);
    ~machine_owner();

    tsr_machine &get() { return m_machine; }

    machine_owner(const machine_owner &) = delete;
    machine_owner &operator=(const machine_owner &) = delete;

private:
    tsr_machine m_machine{};
};

class dataset_owner {
public:
    // Opens the data set for a network with e.network.layers.front() inputs and .back() classes. Throws input_error.
    explicit dataset_owner(const experiment &e);
    ~dataset_owner();

    const tsr_dataset_split &split() const { return m_split; }

    dataset_owner(const dataset_owner &) = delete;
    dataset_owner &operator=(const dataset_owner &) = delete;

private:
    tsr_dataset       m_data{};
    tsr_dataset_split m_split{};
};

} // namespace tessera
#endif
