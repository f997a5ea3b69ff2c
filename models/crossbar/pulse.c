/* Pulsed updates of an array: which devices a train or a slice hits, their c2c draws, the conductance sums (2.3).
 *
 * A line's devices see its pulses together, so the work goes input line by input line: the rows that meet the line's bit pattern are
 * listed once per pattern while trains are short (few patterns, many lines), and by direct comparison otherwise. Hit devices collect
 * in a list that is applied whenever it is full: one bulk draw of noise, one pass of the device law.                              */
#include <math.h>
#include <string.h>

#include "models/crossbar/array.h"
#include "models/crossbar/conductance.h"
#include "models/crossbar/pulse_scratch.h"
#include "models/random/draws.h"

/* An update in progress. */
typedef struct pulse_pass {
    tsr_array         *array;
    tsr_pulse_scratch *scratch;
    tsr_stream         stream;
    uint32_t           blocks; /* of c2c draws so far in the list */
    bool               noisy;
    tsr_pulse_tally    tally;
} pulse_pass;

static pulse_pass pass_begin(tsr_array *array, tsr_stream stream, tsr_pulse_scratch *scratch)
{
    pulse_pass pass = {.array = array, .scratch = scratch, .stream = stream, .noisy = array->spec.c2c > 0.0};
    pass.stream.purpose = TSR_PURPOSE_C2C;
    scratch->list.count = 0;
    return pass;
}

/* Counts the pulses of the list and the clamped weights that they met. */
static void tally_list(pulse_pass *pass)
{
    const tsr_pulse_list *list = &pass->scratch->list;
    const float           w_clamp = pass->array->w_clamp;
    uint32_t              up = 0;
    uint32_t              total = 0;
    int64_t               weight_sum = 0;
    for (uint32_t k = 0; k < list->count; ++k) {
        const int32_t n = list->pulses[k];
        const int32_t pulses = n < 0 ? -n : n;
        weight_sum += (int64_t)tsr_weight_fixed(list->before[k], w_clamp) * pulses;
        total += (uint32_t)pulses;
        up += n > 0 ? (uint32_t)n : 0;
    }
    pass->tally.weight_sum += weight_sum;
    pass->tally.pulses_up += up;
    pass->tally.pulses_down += total - up;
}

/* Adds what the pulses changed to the conductance sums. */
static void sum_changes(pulse_pass *pass)
{
    tsr_array            *array = pass->array;
    const tsr_pulse_list *list = &pass->scratch->list;
    int32_t              *change = pass->scratch->change;
    for (uint32_t k = 0; k < list->count; ++k) {
        change[k] =
            tsr_weight_fixed(list->after[k], array->w_clamp) - tsr_weight_fixed(list->before[k], array->w_clamp);
    }
    for (uint32_t k = 0; k < list->count;) {
        const uint32_t line = list->device[k] / array->stride;
        const uint32_t start = line * array->stride;
        int64_t        line_change = 0;
        for (; k < list->count && list->device[k] - start < array->stride; ++k) {
            array->sum_out[list->device[k] - start] += change[k];
            line_change += change[k];
        }
        array->sum_in[line] += line_change;
    }
}

/* Visible weights of the listed devices. */
static void gather_weights(const pulse_pass *pass, float *weights)
{
    const tsr_pulse_list *list = &pass->scratch->list;
    for (uint32_t k = 0; k < list->count; ++k) {
        weights[k] = pass->array->planes.w[list->device[k]];
    }
}

/* Write noise: every written device shows a new value around its hidden state, one draw per device and update. */
static void redraw_list(pulse_pass *pass)
{
    tsr_pulse_scratch *scratch = pass->scratch;
    tsr_pulse_list    *list = &scratch->list;
    const uint32_t     stride = pass->array->stride;
    uint32_t           line = UINT32_MAX;
    uint32_t           rank = 0;
    pass->blocks = 0;
    for (uint32_t k = 0; k < list->count; ++k) {
        rank = list->device[k] / stride == line ? rank + 1 : 0;
        line = list->device[k] / stride;
        if (rank % 4 == 0) {
            scratch->draw_line[pass->blocks] = line;
            scratch->draw_block[pass->blocks] = rank / 4;
            ++pass->blocks;
        }
        list->draw[k] = 4 * (pass->blocks - 1) + rank % 4;
    }
    tsr_stream stream = pass->stream;
    stream.purpose = TSR_PURPOSE_WRITE_NOISE;
    tsr_gaussian_blocks(&stream, scratch->draw_line, scratch->draw_block, pass->blocks, scratch->xi);
    tsr_device_redraw(&pass->array->spec, &pass->array->planes, list, scratch->xi);
}

static void pass_flush(pulse_pass *pass)
{
    tsr_pulse_scratch *scratch = pass->scratch;
    if (scratch->list.count == 0) {
        return;
    }
    if (pass->noisy) {
        tsr_gaussian_blocks(&pass->stream, scratch->draw_line, scratch->draw_block, pass->blocks, scratch->xi);
    }
    const bool redraw = pass->array->spec.write_noise > 0.0;
    if (redraw) { /* the list's own before and after are hidden states */
        gather_weights(pass, scratch->list.before);
    }
    float *const before = scratch->list.before;
    scratch->list.before = redraw ? NULL : before;
    pass->tally.bound_hits +=
        tsr_device_pulse(&pass->array->spec, &pass->array->planes, &scratch->list, pass->noisy ? scratch->xi : NULL);
    scratch->list.before = before;
    if (redraw) {
        redraw_list(pass);
        gather_weights(pass, scratch->list.after);
    }
    tally_list(pass);
    sum_changes(pass);
    scratch->list.count = 0;
    pass->blocks = 0;
}

/* Room for every device of one more line. */
static void pass_reserve(pulse_pass *pass, uint32_t devices, uint32_t slots)
{
    const tsr_pulse_scratch *scratch = pass->scratch;
    if (scratch->list.count + devices > scratch->list_capacity ||
        4 * pass->blocks + devices * slots + 4 > scratch->xi_capacity) {
        pass_flush(pass);
    }
}

/* `draws` c2c draws were taken by the devices of `line` from block `first` of the list on. */
static void pass_draw_blocks(pulse_pass *pass, uint32_t line, uint32_t draws)
{
    tsr_pulse_scratch *scratch = pass->scratch;
    for (uint32_t b = 0; 4 * b < draws; ++b) {
        scratch->draw_line[pass->blocks] = line;
        scratch->draw_block[pass->blocks] = b;
        ++pass->blocks;
    }
}

static tsr_pulse_tally pass_end(pulse_pass *pass)
{
    pass_flush(pass);
    pass->array->pulses_up += pass->tally.pulses_up;
    pass->array->pulses_down += pass->tally.pulses_down;
    pass->array->bound_hits += pass->tally.bound_hits;
    return pass->tally;
}

/* Appends `count` devices of an input line: row numbers and pulse counts (their sign for a positive x). */
static void append_line(pulse_pass *pass, uint32_t line, int x_sign, const uint32_t *rows, const int16_t *pulses,
                        uint32_t count)
{
    tsr_pulse_list *list = &pass->scratch->list;
    const uint32_t  base = line * pass->array->stride;
    uint32_t        at = list->count;
    uint32_t        draws = 0;
    for (uint32_t k = 0; k < count; ++k, ++at) {
        const int n = x_sign > 0 ? pulses[k] : -pulses[k];
        list->device[at] = base + rows[k];
        list->pulses[at] = (int16_t)n;
        list->draw[at] = 4 * pass->blocks + draws;
        draws += (uint32_t)(n < 0 ? -n : n);
    }
    list->count = at;
    if (pass->noisy) {
        pass_draw_blocks(pass, line, draws);
    }
}

static inline uint32_t bits_set(uint64_t bits)
{
    bits = bits - ((bits >> 1) & UINT64_C(0x5555555555555555));
    bits = (bits & UINT64_C(0x3333333333333333)) + ((bits >> 2) & UINT64_C(0x3333333333333333));
    bits = (bits + (bits >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (uint32_t)((bits * UINT64_C(0x0101010101010101)) >> 56);
}

/* Rows that fire in a slot of `pattern`, with the pulses a positive x gives them: −sgn(d) × coincidences. */
static uint32_t match_rows(const tsr_pulse_scratch *scratch, const int8_t *d_sign, uint32_t active, uint64_t pattern,
                           uint32_t *rows, int16_t *pulses)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < active; ++k) {
        const uint32_t row = scratch->rows[k];
        const int      n = (int)bits_set(scratch->row_bits[k] & pattern);
        rows[count] = row;
        pulses[count] = (int16_t)(d_sign[row] > 0 ? -n : n);
        count += n != 0;
    }
    return count;
}

static void pulse_stochastic(pulse_pass *pass, const tsr_pulse_train *train)
{
    tsr_pulse_scratch *scratch = pass->scratch;
    const bool         memo = train->slots <= MEMO_SLOTS;
    uint32_t           active = 0;
    for (uint32_t i = 0; i < train->d.lines; ++i) {
        scratch->rows[active] = i;
        scratch->row_bits[active] = train->d.bits[i];
        active += train->d.bits[i] != 0;
    }
    if (active == 0) {
        return;
    }
    memset(scratch->pattern_count, 0xff, MEMO_PATTERNS * sizeof *scratch->pattern_count);
    for (uint32_t j = 0; j < train->x.lines; ++j) {
        const uint64_t pattern = train->x.bits[j];
        if (pattern == 0) {
            continue;
        }
        const size_t entry = memo ? (size_t)pattern : 0;
        uint32_t    *rows = scratch->pattern_rows + entry * scratch->line_max;
        int16_t     *pulses = scratch->pattern_pulses + entry * scratch->line_max;
        if (!memo || scratch->pattern_count[entry] == UINT32_MAX) {
            scratch->pattern_count[entry] = match_rows(scratch, train->d.sign, active, pattern, rows, pulses);
        }
        pass_reserve(pass, scratch->pattern_count[entry], train->slots);
        append_line(pass, j, train->x.sign[j], rows, pulses, scratch->pattern_count[entry]);
    }
}

static int deterministic_count(const tsr_pulse_train *train, uint32_t i, uint32_t j)
{
    const float mean = train->d.probability[i] * (float)train->slots * train->x.probability[j];
    return (int)rintf(mean) * -train->d.sign[i];
}

static void pulse_deterministic(pulse_pass *pass, const tsr_pulse_train *train)
{
    uint32_t *rows = pass->scratch->pattern_rows;
    int16_t  *pulses = pass->scratch->pattern_pulses;
    for (uint32_t j = 0; j < train->x.lines && train->slots > 0; ++j) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < train->d.lines && train->x.sign[j] != 0; ++i) {
            const int n = deterministic_count(train, i, j);
            rows[count] = i;
            pulses[count] = (int16_t)n;
            count += n != 0;
        }
        pass_reserve(pass, count, train->slots);
        append_line(pass, j, train->x.sign[j], rows, pulses, count);
    }
}

tsr_pulse_tally tsr_array_pulse_train(tsr_array *array, const tsr_pulse_train *train, tsr_stream stream,
                                      tsr_pulse_scratch *scratch)
{
    pulse_pass pass = pass_begin(array, stream, scratch);
    if (train->type == TSR_PULSE_STOCHASTIC) {
        pulse_stochastic(&pass, train);
    } else {
        pulse_deterministic(&pass, train);
    }
    return pass_end(&pass);
}

tsr_pulse_tally tsr_array_pulse_slice(tsr_array *array, tsr_stream stream, bool rows, uint32_t line,
                                      const int8_t *pulses, tsr_pulse_scratch *scratch)
{
    pulse_pass     pass = pass_begin(array, stream, scratch);
    const uint32_t length = rows ? array->in : array->out;
    uint32_t      *index = scratch->pattern_rows;
    int16_t       *count = scratch->pattern_pulses;
    uint32_t       hits = 0;
    for (uint32_t k = 0; k < length; ++k) {
        index[hits] = rows ? line : k;
        count[hits] = pulses[k];
        if (rows && pulses[k] != 0) {
            pass_reserve(&pass, 1, TSR_TRAIN_MAX_SLOTS);
            append_line(&pass, k, 1, &line, &count[hits], 1);
        } else {
            hits += pulses[k] != 0;
        }
    }
    if (!rows) {
        pass_reserve(&pass, hits, TSR_TRAIN_MAX_SLOTS);
        append_line(&pass, line, 1, index, count, hits);
    }
    return pass_end(&pass);
}

void tsr_pulse_train_counts(const tsr_pulse_train *train, int32_t *counts)
{
    for (uint32_t i = 0; i < train->d.lines; ++i) {
        for (uint32_t j = 0; j < train->x.lines; ++j) {
            const int n = train->type == TSR_PULSE_STOCHASTIC
                              ? (int)bits_set(train->x.bits[j] & train->d.bits[i]) * -train->d.sign[i]
                              : deterministic_count(train, i, j);
            counts[(size_t)i * train->x.lines + j] = n * train->x.sign[j];
        }
    }
}
