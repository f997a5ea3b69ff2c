/* models/machine/slots.h — the vectors in the memories of a machine. Internal to models/machine; users call tsr_machine_slot(). */
#ifndef TESSERA_MODELS_MACHINE_SLOTS_H
#define TESSERA_MODELS_MACHINE_SLOTS_H

#include "models/machine/machine.h"

tsr_status tsr_machine_create_slots(tsr_machine *machine, tsr_error *error);
void       tsr_machine_destroy_slots(tsr_machine *machine);

#endif
