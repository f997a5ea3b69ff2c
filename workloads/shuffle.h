/* workloads/shuffle.h — the order in which an epoch visits the training images.
 *
 * A function of seed, epoch and number of images alone, not of the epochs before: a run may resume anywhere.
 */
#ifndef TESSERA_WORKLOADS_SHUFFLE_H
#define TESSERA_WORKLOADS_SHUFFLE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a permutation of 0 … n−1 to order[0 … n−1], each of the n! equally likely over seeds and epochs. A run that
 * takes fewer images per epoch takes the first ones of the order.
 * Fisher–Yates from the end; the random words are those of the stream (seed, array 0, op = epoch, purpose shuffle),
 * line 0, in order of k (models/random/philox.h).
 */
void tsr_shuffle(uint64_t seed, uint32_t epoch, uint32_t n, uint32_t *order);

#ifdef __cplusplus
}
#endif
#endif
