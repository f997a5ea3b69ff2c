/* workloads/idx.h — reads IDX files, the format of MNIST and of the data sets that took its place.
 *
 * Layout, all integers big endian: two zero bytes, the element type, the number of dimensions; then each dimension as
 * an unsigned 32-bit integer; then the elements, last dimension fastest. Only unsigned bytes (type 0x08) in 1 to 4
 * dimensions are read. Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", section
 * "File formats".
 */
#ifndef TESSERA_WORKLOADS_IDX_H
#define TESSERA_WORKLOADS_IDX_H

#include <stddef.h>
#include <stdint.h>

#include "models/base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    TSR_IDX_MAX_RANK = 4,
    TSR_IDX_RANK_LABELS = 1, /* magic 0x00000801: count                  */
    TSR_IDX_RANK_IMAGES = 3  /* magic 0x00000803: count x height x width */
};

/* A header that promises more is taken for damaged. */
#define TSR_IDX_MAX_BYTES ((uint64_t)1 << 34)

typedef struct tsr_idx {
    uint32_t rank;                         /* 1 … TSR_IDX_MAX_RANK                                      */
    uint32_t dimensions[TSR_IDX_MAX_RANK]; /* each ≥ 1; 1 beyond `rank`                                 */
    size_t   size;                         /* elements = product of the dimensions                      */
    uint8_t *values;                       /* `size` bytes, last dimension fastest; owned by the struct */
} tsr_idx;

/* Reads the whole file at `path`. `rank` is the number of dimensions it must have; 0 takes any from 1 to 4.
 * gzip is recognised by content, whatever the file is called, and its checksum is verified. A file that is longer or
 * shorter than its header says is refused, except that bytes after the end of a gzip stream are ignored, as gzip(1)
 * does. Memory grows with the data that arrive, so a wrong header cannot demand more than twice what the file holds.
 * On failure *idx is empty, nothing is left allocated, and *error (may be NULL) names the file, what was expected and
 * what to do: TSR_E_IO (missing, unreadable), TSR_E_FORMAT (anything wrong with the contents), TSR_E_MEMORY,
 * TSR_E_ARGUMENT (rank).
 */
tsr_status tsr_idx_read(const char *path, uint32_t rank, tsr_idx *idx, tsr_error *error);

/* Releases the values and empties *idx; an empty one or NULL is allowed. */
void tsr_idx_free(tsr_idx *idx);

#ifdef __cplusplus
}
#endif
#endif
