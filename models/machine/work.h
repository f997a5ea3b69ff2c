/* models/machine/work.h — the vectors and trains that one op in flight carries through the units. */
#ifndef TESSERA_MODELS_MACHINE_WORK_H
#define TESSERA_MODELS_MACHINE_WORK_H

#include "models/crossbar/array.h"
#include "models/periphery/pulse_train.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All vectors have room for `line_max` floats. */
struct tsr_work {
    uint32_t          line_max;
    float            *x;    /* what the op drives: x of MVM and UPDATE, d of MVM_T, one-hot of READ_SLICE */
    float            *d;    /* d of UPDATE                                                                */
    float            *xq;   /* what the DACs put on the lines                                             */
    float            *y;    /* what the array and then the ADCs deliver                                   */
    float             s, r; /* scales of noise and bound management                                       */
    float             x_max, d_max, rate; /* UPDATE                                                          */
    tsr_train_plan    plan;
    tsr_pulse_train   train;
    tsr_train_cost    cost; /* of the train, once both sides are loaded                                */
    tsr_pulse_scratch scratch;
    int8_t           *chop_in, *chop_out; /* UPDATE: copy of the choppers it was issued with                 */
    bool              chopped;
};

#ifdef __cplusplus
}
#endif
#endif
