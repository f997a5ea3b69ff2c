/* models/periphery/pulse_train.h — stochastic pulse trains of a rank-1 update (2.3).
 *
 * tsr_train_plan_make() chooses the train length and the line probabilities from the largest |x| and |d|; tsr_train_draw() is the bit
 * generator of one driver bank. A line has at most TSR_TRAIN_MAX_SLOTS slots, one bit each, slot 0 in bit 0.                        */
#ifndef TESSERA_MODELS_PERIPHERY_PULSE_TRAIN_H
#define TESSERA_MODELS_PERIPHERY_PULSE_TRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/status.h"
#include "models/random/philox.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TSR_TRAIN_MAX_SLOTS 64

typedef enum tsr_pulse_type {
    TSR_PULSE_STOCHASTIC = 0,
    TSR_PULSE_DETERMINISTIC_IMPLICIT /* n_ij = rint(q_i·BL·p_j), for exact tests                                   */
} tsr_pulse_type;

typedef struct tsr_update_spec {
    tsr_pulse_type pulse_type;
    uint32_t       desired_bl; /* l_max, 1 … TSR_TRAIN_MAX_SLOTS                                                   */
    bool           update_management;
    bool           update_bl_management; /* implies update_management                                              */
} tsr_update_spec;

typedef struct tsr_train_plan {
    uint32_t slots; /* BL; 0: no pulses       */
    float    a, b;  /* q_i = |d_i|·a, p_j = |x_j|·b */
} tsr_train_plan;

tsr_update_spec tsr_update_default(void);
tsr_status      tsr_update_check(const tsr_update_spec *spec, tsr_error *error);

/* L = learning rate of this array, g = its granularity, xm = max|x|, dm = max|d|. */
tsr_train_plan tsr_train_plan_make(const tsr_update_spec *spec, float learning_rate, float granularity, float xm,
                                   float dm);

/* What the drivers of one side hold: one entry per line. Created for a number of lines, reused for every update. */
typedef struct tsr_train_side {
    uint32_t  lines;       /* in use                                                     */
    uint64_t *bits;        /* bit k: the line fires in slot k (stochastic trains)        */
    float    *probability; /* p_j or q_i, clipped to [0, 1]                              */
    int8_t   *sign;        /* of chopper·value: −1, 0, +1                                */
    uint32_t *active;      /* scratch of the bit generator                               */
    uint32_t *line, *block, *words;
} tsr_train_side;

typedef struct tsr_pulse_train {
    tsr_pulse_type type;
    uint32_t       slots; /* BL */
    tsr_train_side x, d;
} tsr_pulse_train;

/* Buffers for up to `line_max` lines a side. */
tsr_status tsr_pulse_train_create(tsr_pulse_train *train, uint32_t line_max);
void       tsr_pulse_train_destroy(tsr_pulse_train *train);

/* Fills one side from the values of its lines: probability = min(|value|·factor, 1); chopper[k] = ±1 multiplies the sign and may be
 * NULL. stream.purpose says which side draws (TSR_PURPOSE_TRAIN_BITS_X or …_D); one 32-bit word per line and slot, bit = word < p·2³². */
void tsr_train_draw(tsr_stream stream, tsr_pulse_type type, uint32_t slots, const float *value, float factor,
                    const int8_t *chopper, uint32_t lines, tsr_train_side *side);

/* What a train asks of the chip. */
typedef struct tsr_train_cost {
    uint32_t phases;           /* non-empty sign quadrants of (c∘x, d), 0 … 4; a line counts if it can fire */
    uint64_t edges_x, edges_d; /* 0→1 edges of the lines of each side, over the occupied quadrants */
} tsr_train_cost;
tsr_train_cost tsr_train_cost_of(const tsr_pulse_train *train);

#ifdef __cplusplus
}
#endif
#endif
