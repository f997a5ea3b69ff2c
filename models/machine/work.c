#include "models/machine/work.h"

#include <stdlib.h>

#include "models/machine/machine.h"

tsr_work *tsr_work_create(uint32_t line_max)
{
    tsr_work *work = calloc(1, sizeof *work);
    if (work == NULL) {
        return NULL;
    }
    work->line_max = line_max;
    work->x = calloc(line_max, sizeof(float));
    work->d = calloc(line_max, sizeof(float));
    work->xq = calloc(line_max, sizeof(float));
    work->y = calloc(line_max, sizeof(float));
    work->chop_in = calloc(line_max, sizeof(int8_t));
    work->chop_out = calloc(line_max, sizeof(int8_t));
    const bool vectors = work->x && work->d && work->xq && work->y && work->chop_in && work->chop_out;
    const bool train = tsr_pulse_train_create(&work->train, line_max) == TSR_OK;
    const bool scratch = tsr_pulse_scratch_create(&work->scratch, line_max) == TSR_OK;
    if (!vectors || !train || !scratch) {
        tsr_work_destroy(work);
        return NULL;
    }
    return work;
}

void tsr_work_destroy(tsr_work *work)
{
    if (work != NULL) {
        free(work->x);
        free(work->d);
        free(work->xq);
        free(work->y);
        free(work->chop_in);
        free(work->chop_out);
        tsr_pulse_train_destroy(&work->train);
        tsr_pulse_scratch_destroy(&work->scratch);
        free(work);
    }
}
