/* workloads/passes.h — the ops of one item: forward, backward, updates. Private to the producer; producer.h says which
 * ops. */
#ifndef TESSERA_WORKLOADS_PASSES_H
#define TESSERA_WORKLOADS_PASSES_H

#include <stdbool.h>
#include <stdint.h>

#include "workloads/producer.h"

/* Where ops go, and what those of one item have in common. The program has room for them: the caller counted before. */
typedef struct tsr_pass {
    tsr_producer      *producer;
    const tsr_machine *machine;
    tsr_program       *program;
    tsr_phase          phase; /* of the ops to come; set by the caller for forward and backward */
    uint32_t           item;
    bool               evaluate;
    float              rate;
} tsr_pass;

void tsr_pass_forward(tsr_pass *pass, const tsr_item *item, float gradient_scale);
void tsr_pass_backward(tsr_pass *pass);
void tsr_pass_update(tsr_pass *pass);

#endif
