#include "models/random/noise.h"

#include "models/random/draws.h"

enum { CHUNK_BLOCKS = 64 };

void tsr_noise_add(const tsr_stream *stream, float *y, uint32_t n, float sigma)
{
    uint32_t line[CHUNK_BLOCKS] = {0};
    uint32_t block[CHUNK_BLOCKS];
    float    xi[4 * CHUNK_BLOCKS];
    for (uint32_t first = 0; first < n; first += 4 * CHUNK_BLOCKS) {
        const uint32_t count = n - first < 4 * CHUNK_BLOCKS ? n - first : 4 * CHUNK_BLOCKS;
        const uint32_t blocks = (count + 3) / 4;
        for (uint32_t b = 0; b < blocks; ++b) {
            block[b] = first / 4 + b;
        }
        tsr_gaussian_blocks(stream, line, block, blocks, xi);
        for (uint32_t k = 0; k < count; ++k) {
            y[first + k] += sigma * xi[k];
        }
    }
}
