/* models/training/algorithm.h — which training algorithm, with which parameters (2.5 of the design, docs/algorithms.md). */
#ifndef TESSERA_MODELS_TRAINING_ALGORITHM_H
#define TESSERA_MODELS_TRAINING_ALGORITHM_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tsr_algorithm_name {
    TSR_ALGORITHM_FP = 0,
    TSR_ALGORITHM_SGD,
    TSR_ALGORITHM_TTV1,
    TSR_ALGORITHM_TTV2,
    TSR_ALGORITHM_CTTV2,
    TSR_ALGORITHM_AGAD,
    TSR_ALGORITHM_MP,
    TSR_ALGORITHM_COUNT
} tsr_algorithm_name;

typedef enum tsr_gain_reference { TSR_GAIN_A = 0, TSR_GAIN_W } tsr_gain_reference;

typedef struct tsr_algorithm_spec {
    tsr_algorithm_name name;
    uint32_t transfer_every;   /* vector updates per slice transfer, ≥ 1                                        */
    bool     transfer_columns; /* true: slices are columns of A                                                 */
    double   transfer_lr;      /* λ_t = transfer_lr × scheduled learning rate                                   */
    bool     auto_scale;       /* L from the running maxima, else L = fast_lr                                   */
    double   fast_lr;
    double   auto_momentum;      /* 0.99                                                                          */
    double   momentum;           /* of H after a write; 0                                                         */
    bool     forget_buffer;      /* true                                                                          */
    uint32_t bl_transfer;        /* BL_t: most pulses per cross-point and transfer; 1                             */
    double   thres_scale;        /* ttv2: threshold = thres_scale · g_W                                           */
    double   buffer_granularity; /* cttv2, agad: 0 means 1                                                      */
    double   auto_granularity;   /* cttv2, agad: 0 = off                                                        */
    tsr_gain_reference gain_reference; /* g_gain = g_A | g_W                                                          */
    bool   correct_gradient_magnitudes; /* divide the gain by L as well                                       */
    double in_chop_prob, out_chop_prob; /* 0 = no choppers                                                    */
    bool   in_chop_random;              /* true: one draw per read; false: regular sweeps                     */
    double tail_weightening;            /* agad                                                               */
    bool   closed_form_stimulus;        /* timing studies: trains of desired_bl slots, every transfer fires          */
} tsr_algorithm_spec;

tsr_algorithm_spec tsr_algorithm_default(tsr_algorithm_name name);
tsr_status         tsr_algorithm_check(const tsr_algorithm_spec *spec, tsr_error *error);
const char        *tsr_algorithm_name_text(tsr_algorithm_name name);
/* True if the algorithm has a fast array A and transfers. */
bool tsr_algorithm_transfers(tsr_algorithm_name name);
bool tsr_algorithm_chops(const tsr_algorithm_spec *spec);

#ifdef __cplusplus
}
#endif
#endif
