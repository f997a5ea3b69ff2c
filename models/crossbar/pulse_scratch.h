/* models/crossbar/pulse_scratch.h — sizes of the buffers of a pulsed update. Internal to models/crossbar. */
#ifndef TESSERA_MODELS_CROSSBAR_PULSE_SCRATCH_H
#define TESSERA_MODELS_CROSSBAR_PULSE_SCRATCH_H

enum {
    LIST_CAPACITY = 4096, /* devices in a list, besides those of one line */
    MEMO_SLOTS = 6,       /* trains up to this long: memo of the rows of each of the 2^slots input patterns */
    MEMO_PATTERNS = 1 << MEMO_SLOTS
};

#endif
