/// tlm/chip_services.h — what every unit of a chip is given.
#ifndef TESSERA_TLM_CHIP_SERVICES_H
#define TESSERA_TLM_CHIP_SERVICES_H

#include "models/chip/op.h"

#include <cstdint>

namespace tessera {

class settle_process;
class recorder;
class protocol_checker;

/// How long stages last and where their times are counted: the C core, seen from the units.
class stage_model {
public:
    virtual ~stage_model() = default;

    /// Asked once per granted stage, after serve() of all its units. Whole picoseconds; 0 means that the stage is skipped.
    virtual std::uint64_t duration_ps(const tsr_op &op, tsr_stage stage) = 0;

    /// Told once per granted stage, also of a skipped one. `wait_ps` is from the moment the stage was presented to its grant,
    /// so that a retry does not count the service of its first try as waiting.
    virtual void note(const tsr_op &op, tsr_stage stage, std::uint64_t service_ps, std::uint64_t wait_ps) = 0;
};

/// References; all outlive the units.
struct chip_services {
    settle_process   &settle;
    recorder         &log;
    protocol_checker &checker;
    stage_model      &model;
};

} // namespace tessera
#endif
