#include "models/periphery/pulse_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/random/draws.h"

enum { WORDS_PER_BLOCK = 4, MAX_BLOCKS_PER_LINE = TSR_TRAIN_MAX_SLOTS / WORDS_PER_BLOCK };

tsr_update_spec tsr_update_default(void)
{
    const tsr_update_spec spec = {TSR_PULSE_STOCHASTIC, 31, true, true};
    return spec;
}

tsr_status tsr_update_check(const tsr_update_spec *spec, tsr_error *error)
{
    if (spec->desired_bl < 1 || spec->desired_bl > TSR_TRAIN_MAX_SLOTS) {
        return tsr_error_set(error, TSR_E_ARGUMENT, "desired_bl: expected 1 to %d pulse slots", TSR_TRAIN_MAX_SLOTS);
    }
    return TSR_OK;
}

tsr_train_plan tsr_train_plan_make(const tsr_update_spec *spec, float learning_rate, float granularity, float xm,
                                   float dm)
{
    tsr_train_plan plan = {0, 0.0f, 0.0f};
    const double   product = (double)xm * (double)dm;
    if (!(product > 0.0) || !(learning_rate > 0.0f)) {
        return plan;
    }
    const double k = (double)learning_rate * product / (double)granularity;
    const double desired = (double)spec->desired_bl;
    const double slots = spec->update_bl_management ? fmin(ceil(k), desired) : desired;
    double       a = sqrt((double)learning_rate / ((double)granularity * slots));
    double       b = a;
    if (spec->update_management || spec->update_bl_management) {
        const double dm_reduced = k > desired ? (double)dm * desired / k : (double)dm;
        a *= sqrt((double)xm / dm_reduced);
        b *= sqrt(dm_reduced / (double)xm);
    }
    plan.slots = (uint32_t)slots;
    plan.a = (float)a;
    plan.b = (float)b;
    return plan;
}

static tsr_status side_create(tsr_train_side *side, size_t lines)
{
    side->bits = calloc(lines, sizeof *side->bits);
    side->probability = calloc(lines, sizeof *side->probability);
    side->sign = calloc(lines, sizeof *side->sign);
    side->active = calloc(lines, sizeof *side->active);
    side->line = calloc(lines * MAX_BLOCKS_PER_LINE, sizeof *side->line);
    side->block = calloc(lines * MAX_BLOCKS_PER_LINE, sizeof *side->block);
    side->words = calloc(lines * TSR_TRAIN_MAX_SLOTS, sizeof *side->words);
    const bool complete =
        side->bits && side->probability && side->sign && side->active && side->line && side->block && side->words;
    return complete ? TSR_OK : TSR_E_MEMORY;
}

static void side_destroy(tsr_train_side *side)
{
    free(side->bits);
    free(side->probability);
    free(side->sign);
    free(side->active);
    free(side->line);
    free(side->block);
    free(side->words);
}

tsr_status tsr_pulse_train_create(tsr_pulse_train *train, uint32_t line_max)
{
    memset(train, 0, sizeof *train);
    const tsr_status x = side_create(&train->x, line_max);
    const tsr_status d = side_create(&train->d, line_max);
    return x != TSR_OK ? x : d;
}

void tsr_pulse_train_destroy(tsr_pulse_train *train)
{
    side_destroy(&train->x);
    side_destroy(&train->d);
    memset(train, 0, sizeof *train);
}

static void draw_bits(tsr_stream stream, uint32_t slots, uint32_t active, tsr_train_side *side)
{
    const uint32_t blocks = (slots + WORDS_PER_BLOCK - 1) / WORDS_PER_BLOCK;
    for (uint32_t k = 0; k < active; ++k) {
        for (uint32_t b = 0; b < blocks; ++b) {
            side->line[k * blocks + b] = side->active[k];
            side->block[k * blocks + b] = b;
        }
    }
    tsr_uniform_blocks(&stream, side->line, side->block, active * blocks, side->words);
    for (uint32_t k = 0; k < active; ++k) {
        const uint32_t  line = side->active[k];
        const uint64_t  threshold = (uint64_t)((double)side->probability[line] * 4294967296.0); /* p = 1 always fires */
        const uint32_t *words = side->words + (size_t)k * blocks * WORDS_PER_BLOCK;
        uint64_t        bits = 0;
        for (uint32_t slot = 0; slot < slots; ++slot) {
            bits |= (uint64_t)(words[slot] < threshold) << slot;
        }
        side->bits[line] = bits;
    }
}

void tsr_train_draw(tsr_stream stream, tsr_pulse_type type, uint32_t slots, const float *value, float factor,
                    const int8_t *chopper, uint32_t lines, tsr_train_side *side)
{
    uint32_t active = 0;
    side->lines = lines;
    for (uint32_t k = 0; k < lines; ++k) {
        const float probability = fminf(fabsf(value[k]) * factor, 1.0f);
        const int   sign = (value[k] > 0.0f) - (value[k] < 0.0f);
        side->probability[k] = probability;
        side->sign[k] = (int8_t)(chopper != NULL ? sign * chopper[k] : sign);
        side->bits[k] = 0;
        side->active[active] = k;
        active += probability > 0.0f;
    }
    if (type == TSR_PULSE_STOCHASTIC && slots > 0) {
        draw_bits(stream, slots, active, side);
    }
}

/* Lines that can fire, and their rising edges, by sign: [0] negative, [1] positive. */
typedef struct side_use {
    uint64_t lines[2], edges[2];
} side_use;

static uint64_t rising_edges(uint64_t bits)
{
    uint64_t edges = bits & ~(bits << 1);
    uint64_t count = 0;
    for (; edges != 0; edges &= edges - 1) {
        ++count;
    }
    return count;
}

static side_use use_of(const tsr_train_side *side, tsr_pulse_type type)
{
    side_use use = {{0, 0}, {0, 0}};
    for (uint32_t k = 0; k < side->lines; ++k) {
        if (side->probability[k] > 0.0f && side->sign[k] != 0) {
            const int positive = side->sign[k] > 0;
            use.lines[positive] += 1;
            use.edges[positive] += type == TSR_PULSE_STOCHASTIC ? rising_edges(side->bits[k]) : 1;
        }
    }
    return use;
}

tsr_train_cost tsr_train_cost_of(const tsr_pulse_train *train)
{
    const side_use x = use_of(&train->x, train->type);
    const side_use d = use_of(&train->d, train->type);
    tsr_train_cost cost = {0, 0, 0};
    for (int sx = 0; sx < 2; ++sx) {
        for (int sd = 0; sd < 2; ++sd) {
            if (x.lines[sx] > 0 && d.lines[sd] > 0) {
                cost.phases += 1;
                cost.edges_x += x.edges[sx];
                cost.edges_d += d.edges[sd];
            }
        }
    }
    return cost;
}
