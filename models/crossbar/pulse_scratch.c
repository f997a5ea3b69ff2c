#include "models/crossbar/pulse_scratch.h"

#include <stdlib.h>
#include <string.h>

#include "models/crossbar/array.h"

tsr_status tsr_pulse_scratch_create(tsr_pulse_scratch *scratch, uint32_t line_max)
{
    memset(scratch, 0, sizeof *scratch);
    const size_t list = LIST_CAPACITY + (size_t)line_max;
    const size_t xi = 4 * list + (size_t)line_max * TSR_TRAIN_MAX_SLOTS; /* 4: a row slice has one device a line */
    scratch->line_max = line_max;
    scratch->list_capacity = (uint32_t)list;
    scratch->xi_capacity = (uint32_t)xi;
    scratch->list.device = calloc(list, sizeof(uint32_t));
    scratch->list.pulses = calloc(list, sizeof(int16_t));
    scratch->list.draw = calloc(list, sizeof(uint32_t));
    scratch->list.before = calloc(list, sizeof(float));
    scratch->list.after = calloc(list, sizeof(float));
    scratch->change = calloc(list, sizeof(int32_t));
    scratch->xi = calloc(xi + 4, sizeof(float));
    scratch->draw_line = calloc(xi / 4 + 1, sizeof(uint32_t));
    scratch->draw_block = calloc(xi / 4 + 1, sizeof(uint32_t));
    scratch->rows = calloc(line_max, sizeof(uint32_t));
    scratch->row_bits = calloc(line_max, sizeof(uint64_t));
    scratch->pattern_rows = calloc((size_t)MEMO_PATTERNS * line_max, sizeof(uint32_t));
    scratch->pattern_pulses = calloc((size_t)MEMO_PATTERNS * line_max, sizeof(int16_t));
    scratch->pattern_count = calloc(MEMO_PATTERNS, sizeof(uint32_t));
    scratch->lines = calloc(line_max, sizeof(uint32_t));
    const bool complete = scratch->list.device && scratch->list.pulses && scratch->list.draw && scratch->list.before &&
                          scratch->list.after && scratch->change && scratch->xi && scratch->draw_line &&
                          scratch->draw_block && scratch->rows && scratch->row_bits && scratch->pattern_rows &&
                          scratch->pattern_pulses && scratch->pattern_count && scratch->lines;
    return complete ? TSR_OK : TSR_E_MEMORY;
}

void tsr_pulse_scratch_destroy(tsr_pulse_scratch *scratch)
{
    free(scratch->list.device);
    free(scratch->list.pulses);
    free(scratch->list.draw);
    free(scratch->list.before);
    free(scratch->list.after);
    free(scratch->change);
    free(scratch->xi);
    free(scratch->draw_line);
    free(scratch->draw_block);
    free(scratch->rows);
    free(scratch->row_bits);
    free(scratch->pattern_rows);
    free(scratch->pattern_pulses);
    free(scratch->pattern_count);
    free(scratch->lines);
    memset(scratch, 0, sizeof *scratch);
}
