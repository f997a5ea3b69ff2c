#include "models/random/philox.h"

uint64_t tsr_splitmix64(uint64_t x)
{
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

tsr_stream tsr_stream_create(uint64_t seed, uint64_t array_id)
{
    const uint64_t key = tsr_splitmix64(seed ^ tsr_splitmix64(array_id));
    return (tsr_stream){.key = {(uint32_t)key, (uint32_t)(key >> 32)}};
}

tsr_stream tsr_stream_at(tsr_stream stream, uint64_t op, tsr_purpose purpose)
{
    stream.op = op;
    stream.purpose = (uint8_t)purpose;
    stream.retry = 0;
    return stream;
}

void tsr_stream_counter(const tsr_stream *stream, uint32_t counter[2])
{
    counter[0] = (uint32_t)stream->op;
    counter[1] = ((uint32_t)(stream->op >> 32) << 16) | ((uint32_t)stream->purpose << 8) | stream->retry;
}

void tsr_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t x0 = counter[0], x1 = counter[1], x2 = counter[2], x3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < TSR_PHILOX_ROUNDS; round++) {
        const uint64_t product0 = (uint64_t)TSR_PHILOX_MULTIPLIER_0 * x0;
        const uint64_t product1 = (uint64_t)TSR_PHILOX_MULTIPLIER_1 * x2;
        x0 = (uint32_t)(product1 >> 32) ^ x1 ^ k0;
        x1 = (uint32_t)product1;
        x2 = (uint32_t)(product0 >> 32) ^ x3 ^ k1;
        x3 = (uint32_t)product0;
        k0 += TSR_PHILOX_WEYL_0;
        k1 += TSR_PHILOX_WEYL_1;
    }
    out[0] = x0;
    out[1] = x1;
    out[2] = x2;
    out[3] = x3;
}

uint32_t tsr_stream_word(const tsr_stream *stream, uint32_t line, uint32_t k)
{
    uint32_t counter[4] = {0, 0, line, k / 4};
    uint32_t block[4];
    tsr_stream_counter(stream, counter);
    tsr_philox4x32(counter, stream->key, block);
    return block[k % 4];
}
