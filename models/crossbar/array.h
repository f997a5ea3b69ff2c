/* models/crossbar/array.h — a crossbar array: its devices, its noise key, its conductance sums.
 *
 * Weights are stored line by line: device (i, j), i = output line 0 … out−1, j = input line 0 … in−1, is at j·stride + i; stride
 * is `out` rounded up to 16 and the padding is 0 for ever. Layout and bytes per cross-point: docs/memory.md.                     */
#ifndef TESSERA_MODELS_CROSSBAR_ARRAY_H
#define TESSERA_MODELS_CROSSBAR_ARRAY_H

#include <stdint.h>

#include "models/device/device.h"
#include "models/periphery/converter.h"
#include "models/periphery/pulse_train.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tsr_conductance {
    double g_max_s; /* conductance of w = nominal w_max, siemens */
    double g_min_s; /* of w = nominal w_min: g = g_mid + w·g_per_w */
    double g_off_s; /* a conductance is never below this: the clamp acts on energy and IR drop only, never on weights */
} tsr_conductance;

typedef struct tsr_array {
    uint32_t          id; /* unique in a machine: the noise key is derived from (seed, id) */
    uint32_t          in, out, stride;
    tsr_device_spec   spec;
    tsr_device_planes planes; /* owned */
    float            *memory; /* owned: one block that holds all planes */
    tsr_stream        stream; /* key of this array; op number, purpose and retry are filled in per use */
    double            granularity;
    uint32_t          corrupt_devices;
    uint64_t          relaxed_ps; /* device time up to which retention has acted */
    uint64_t          pulses_up, pulses_down, bound_hits;
    /* Per-line sums of clamped weight in fixed point (2⁻²⁴), so that the energy of a read costs O(in + out): Σ over the devices
     * of input line j, and of output line i. Kept by pulses, recomputed when the array is redrawn or relaxed.                    */
    int64_t *sum_in;  /* owned, in  */
    int64_t *sum_out; /* owned, out */
    float    w_clamp; /* weight whose conductance is g_off */
    double   g_mid_s, g_per_w_s;
} tsr_array;

/* Buffers of one pulsed update in flight; owned by the op's work, so that arrays can be pulsed from several threads. */
typedef struct tsr_pulse_scratch {
    tsr_pulse_list list;
    uint32_t       list_capacity, xi_capacity;
    float         *xi;     /* c2c draws of the list                             */
    int32_t       *change; /* fixed-point change of the listed weights */
    uint32_t      *draw_line, *draw_block;
    uint32_t      *rows, *row_pulses; /* output lines that can fire; per-pattern row lists */
    uint64_t      *row_bits;
    uint32_t      *pattern_rows; /* memo of the rows that meet an input pattern       */
    int16_t       *pattern_pulses;
    uint32_t      *pattern_count;
    uint32_t      *lines; /* input lines with a non-zero value                 */
    uint32_t       line_max;
} tsr_pulse_scratch;
tsr_status tsr_pulse_scratch_create(tsr_pulse_scratch *scratch, uint32_t line_max);
void       tsr_pulse_scratch_destroy(tsr_pulse_scratch *scratch);

/* What a set of pulses did. */
typedef struct tsr_pulse_tally {
    uint64_t pulses_up, pulses_down, bound_hits;
    int64_t
        weight_sum; /* Σ over pulses of the clamped weight they met, fixed point 2⁻²⁴: conductance seen by the pulses */
} tsr_pulse_tally;

/* Builds the devices. `array` need not be initialised. */
tsr_status tsr_array_create(tsr_array *array, const tsr_device_spec *spec, const tsr_conductance *conductance,
                            uint32_t id, uint32_t in, uint32_t out, uint64_t seed, tsr_error *error);
void       tsr_array_destroy(tsr_array *array);

/* Sets the visible weights from row-major w[i·in + j], clipped to the bounds of each device. */
void tsr_array_set_weights(tsr_array *array, const float *w);
/* Recomputes the conductance sums: after anything but pulses changed the planes. */
void tsr_array_resum(tsr_array *array);
/* Reads them back, row-major. */
void tsr_array_get_weights(const tsr_array *array, float *w);

/* y = W xq with IR drop and weight noise (2.2), y[out] from xq[in]; `backward`: y[in] = Wᵀ xq[out].
 * `stream` carries op number and retry; lines[in] is scratch.                                                                     */
void tsr_array_read(const tsr_array *array, const tsr_io_spec *io, tsr_stream stream, bool backward, const float *xq,
                    float *y, uint32_t *lines);

/* One rank-1 pulsed update (2.3): coincidences of the train's lines. `stream` carries the op number.
 * `train->x.lines` = in, `train->d.lines` = out.                                                                                  */
tsr_pulse_tally tsr_array_pulse_train(tsr_array *array, const tsr_pulse_train *train, tsr_stream stream,
                                      tsr_pulse_scratch *scratch);

/* pulses[k] signed pulses on device k of input line `line` (`rows`: of output line `line`). */
tsr_pulse_tally tsr_array_pulse_slice(tsr_array *array, tsr_stream stream, bool rows, uint32_t line,
                                      const int8_t *pulses, tsr_pulse_scratch *scratch);

/* Signed pulse count of every cross-point for a train, row-major counts[i·in + j] (tests, endurance). */
void tsr_pulse_train_counts(const tsr_pulse_train *train, int32_t *counts);

/* Conductance of all devices of one input (output) line, siemens. */
double tsr_array_conductance_in(const tsr_array *array, uint32_t line);
double tsr_array_conductance_out(const tsr_array *array, uint32_t line);

/* W ← W + scale · d xᵀ, exact (law ideal only). */
void tsr_array_rank1(tsr_array *array, float scale, const float *x, const float *d);

/* Lets retention act up to device time `now_ps` (lazy; does nothing for devices without retention). */
void tsr_array_relax(tsr_array *array, uint64_t now_ps);

/* FNV-like 64-bit hash of the float32 bits in row-major order, continued from `hash`. */
uint64_t tsr_array_hash(const tsr_array *array, uint64_t hash);

#ifdef __cplusplus
}
#endif
#endif
