/* models/accounting/span.h — who held which unit from when to when.
 *
 * A span is (op, stage, unit, slot, t_request, t_grant, t_end), one per unit held. In memory and in spans.bin it is four 64-bit
 * little-endian words: identity, t_request, t_grant, t_end (picoseconds). Identity packs, from the least significant bit,
 * op:40, unit:12, stage:6, slot:6.                                                                                           */
#ifndef TESSERA_MODELS_ACCOUNTING_SPAN_H
#define TESSERA_MODELS_ACCOUNTING_SPAN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TSR_SPAN_MAX_OPS   (UINT64_C(1) << 40)
#define TSR_SPAN_MAX_UNITS (UINT32_C(1) << 12)
#define TSR_SPAN_MAX_SLOTS (UINT32_C(1) << 6)

typedef struct tsr_span {
    uint64_t identity;
    uint64_t request_ps;
    uint64_t grant_ps;
    uint64_t end_ps;
} tsr_span;

static inline uint64_t tsr_span_identity(uint64_t op, uint32_t unit, uint32_t stage, uint32_t slot)
{
    return (op & (TSR_SPAN_MAX_OPS - 1)) | ((uint64_t)(unit & 0xfffU) << 40) | ((uint64_t)(stage & 0x3fU) << 52) |
           ((uint64_t)(slot & 0x3fU) << 58);
}
static inline uint64_t tsr_span_op(const tsr_span *span) { return span->identity & (TSR_SPAN_MAX_OPS - 1); }
static inline uint32_t tsr_span_unit(const tsr_span *span) { return (uint32_t)(span->identity >> 40) & 0xfffU; }
static inline uint32_t tsr_span_stage(const tsr_span *span) { return (uint32_t)(span->identity >> 52) & 0x3fU; }
static inline uint32_t tsr_span_slot(const tsr_span *span) { return (uint32_t)(span->identity >> 58) & 0x3fU; }

#ifdef __cplusplus
}
#endif
#endif
