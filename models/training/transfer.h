/* models/training/transfer.h — the digital side of Tiki-Taka: hidden matrix H, choppers, counters, running maxima (2.5).
 *
 * One tsr_transfer per tile, held by the transfer controller. Slices are columns of A (S = in, length = out) or rows (S = out,
 * length = in). Every function is one step of the algorithm and is called by the stage of the op that performs it.               */
#ifndef TESSERA_MODELS_TRAINING_TRANSFER_H
#define TESSERA_MODELS_TRAINING_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include "models/random/philox.h"
#include "models/training/algorithm.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tsr_transfer {
    tsr_algorithm_spec spec;
    uint32_t           in, out;      /* of the tile                                        */
    uint32_t           slices;       /* S                                                  */
    uint32_t           slice_length; /* in slice order: H is stored slice by slice         */
    float              g_a, g_w;     /* granularities of A and W                           */
    uint32_t           desired_bl;
    float             *h;         /* [slices][slice_length] */
    float             *p, *p_ref; /* agad, else NULL        */
    int8_t            *chop_in;   /* [in]  ±1               */
    int8_t            *chop_out;  /* [out] ±1               */
    uint8_t           *switched;  /* [slices]: the chopper flipped at the last read (agad) */
    float              m_x, m_d;  /* running maxima         */
    float              rate;      /* L of the last update   */
    uint64_t           counter;   /* vector updates         */
    uint32_t           next_slice;
    uint64_t           sweep;
    float             *v;      /* [slice_length] slice register: the last READ_SLICE     */
    int8_t            *fire;   /* [slice_length] signed pulses the last TRANSFER decided  */
    uint32_t           fired;  /* how many entries of `fire` are not 0                    */
    tsr_stream         stream; /* key of A: choppers draw from it                         */
} tsr_transfer;

tsr_status tsr_transfer_create(tsr_transfer *transfer, const tsr_algorithm_spec *spec, uint32_t in, uint32_t out,
                               float g_a, float g_w, uint32_t desired_bl, tsr_stream stream, tsr_error *error);
void       tsr_transfer_destroy(tsr_transfer *transfer);

/* Takes xm, dm of a new vector into the running maxima and returns the learning rate L of A for it; counts the update. */
float tsr_transfer_rate(tsr_transfer *transfer, float xm, float dm);

/* The slice register enters H (slice `slice`); decides `fire`. `scheduled_rate` scales λ_t. Then choppers flip and the slice index
 * advances; `number` is the op number (chopper draws).                                                                            */
void tsr_transfer_step(tsr_transfer *transfer, uint32_t slice, float scheduled_rate, uint64_t number);

/* Gain that multiplies v on its way into H, and the threshold of H. */
float tsr_transfer_gain(const tsr_transfer *transfer, float scheduled_rate);
float tsr_transfer_threshold(const tsr_transfer *transfer);

uint64_t tsr_transfer_hash(const tsr_transfer *transfer, uint64_t hash);

#ifdef __cplusplus
}
#endif
#endif
