#include "models/random/draws.h"

#include "models/math/isa.h"
#include "models/random/draws_kernels.h"

#include <stddef.h>
#include <string.h>

static const tsr_draw_kernels *kernels_in_use(void)
{
    switch (tsr_isa_current()) {
#if defined(__x86_64__)
    case TSR_ISA_AVX512: return &tsr_draw_kernels_avx512;
    case TSR_ISA_AVX2: return &tsr_draw_kernels_avx2;
#endif
    case TSR_ISA_SCALAR: return &tsr_draw_kernels_scalar;
    default: return &tsr_draw_kernels_base;
    }
}

static tsr_draw_source source_of(const tsr_stream *stream)
{
    tsr_draw_source source = {.key = {stream->key[0], stream->key[1]}};
    tsr_stream_counter(stream, source.counter);
    return source;
}

/* A list that does not fill a group, padded with (0, 0). */
typedef struct padded_group {
    uint32_t line[TSR_DRAW_GROUP], block[TSR_DRAW_GROUP];
} padded_group;

static padded_group pad(const uint32_t *line, const uint32_t *block, uint32_t n)
{
    padded_group group = {{0}, {0}};
    memcpy(group.line, line, n * sizeof *line);
    memcpy(group.block, block, n * sizeof *block);
    return group;
}

void tsr_uniform_blocks(const tsr_stream *stream, const uint32_t *line, const uint32_t *block, uint32_t n_blocks,
                        uint32_t *out)
{
    const tsr_draw_kernels *const kernels = kernels_in_use();
    const tsr_draw_source         source = source_of(stream);
    uint32_t                      done = 0;
    for (; n_blocks - done >= TSR_DRAW_GROUP; done += TSR_DRAW_GROUP) {
        kernels->words(&source, line + done, block + done, out + 4 * (size_t)done);
    }
    if (done < n_blocks) {
        const padded_group rest = pad(line + done, block + done, n_blocks - done);
        uint32_t           draws[4 * TSR_DRAW_GROUP];
        kernels->words(&source, rest.line, rest.block, draws);
        memcpy(out + 4 * (size_t)done, draws, 4 * (n_blocks - done) * sizeof *out);
    }
}

void tsr_gaussian_blocks(const tsr_stream *stream, const uint32_t *line, const uint32_t *block, uint32_t n_blocks,
                         float *out)
{
    const tsr_draw_kernels *const kernels = kernels_in_use();
    const tsr_draw_source         source = source_of(stream);
    uint32_t                      done = 0;
    for (; n_blocks - done >= TSR_DRAW_GROUP; done += TSR_DRAW_GROUP) {
        kernels->gaussians(&source, line + done, block + done, out + 4 * (size_t)done);
    }
    if (done < n_blocks) {
        const padded_group rest = pad(line + done, block + done, n_blocks - done);
        float              draws[4 * TSR_DRAW_GROUP];
        kernels->gaussians(&source, rest.line, rest.block, draws);
        memcpy(out + 4 * (size_t)done, draws, 4 * (n_blocks - done) * sizeof *out);
    }
}

/* Blocks first … first + TSR_DRAW_GROUP - 1 of one line. */
static padded_group consecutive(uint32_t line, uint32_t first)
{
    padded_group group;
    for (uint32_t b = 0; b < TSR_DRAW_GROUP; b++) {
        group.line[b] = line;
        group.block[b] = first + b;
    }
    return group;
}

void tsr_uniform_words(const tsr_stream *stream, uint32_t line, uint32_t count, uint32_t *out)
{
    const tsr_draw_kernels *const kernels = kernels_in_use();
    const tsr_draw_source         source = source_of(stream);
    const uint32_t                size = 4 * TSR_DRAW_GROUP;
    uint32_t                      done = 0;
    for (; count - done >= size; done += size) {
        const padded_group group = consecutive(line, done / 4);
        kernels->words(&source, group.line, group.block, out + done);
    }
    if (done < count) {
        const padded_group group = consecutive(line, done / 4);
        uint32_t           draws[4 * TSR_DRAW_GROUP];
        kernels->words(&source, group.line, group.block, draws);
        memcpy(out + done, draws, (count - done) * sizeof *out);
    }
}

void tsr_gaussian_fill(const tsr_stream *stream, uint32_t line, uint32_t count, float *out)
{
    const tsr_draw_kernels *const kernels = kernels_in_use();
    const tsr_draw_source         source = source_of(stream);
    const uint32_t                size = 4 * TSR_DRAW_GROUP;
    uint32_t                      done = 0;
    for (; count - done >= size; done += size) {
        const padded_group group = consecutive(line, done / 4);
        kernels->gaussians(&source, group.line, group.block, out + done);
    }
    if (done < count) {
        const padded_group group = consecutive(line, done / 4);
        float              draws[4 * TSR_DRAW_GROUP];
        kernels->gaussians(&source, group.line, group.block, draws);
        memcpy(out + done, draws, (count - done) * sizeof *out);
    }
}
