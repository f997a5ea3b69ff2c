/* models/chip/op.h — an op: the unit of everything.
 *
 * An op concerns one tile or one digital unit. A producer (workloads/) writes the fields of the first block in program order; the
 * stage functions (models/machine/stages.h) write the second block while the op passes its units. The struct is plain data: it
 * travels as the extension of one pooled TLM payload on the chip, and by pointer in tsr_execute_in_order().                    */
#ifndef TESSERA_MODELS_CHIP_OP_H
#define TESSERA_MODELS_CHIP_OP_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tsr_op_kind {
    TSR_OP_MVM = 0,       /* y = W x on one tile                                                    */
    TSR_OP_MVM_T,         /* z = Wᵀ d on one tile                                                   */
    TSR_OP_REDUCE,        /* partial sums of a layer in ascending tile index, then bias             */
    TSR_OP_UPDATE,        /* rank-1 pulsed update of one tile's fast array (A, or W where there is none) */
    TSR_OP_READ_SLICE,    /* one-hot read of one slice of A                                         */
    TSR_OP_TRANSFER,      /* the slice enters the hidden matrix H, the threshold decides            */
    TSR_OP_PROGRAM_SLICE, /* pulses on the W devices whose H crossed the threshold                  */
    TSR_OP_CALIBRATE,     /* zero-shifting                                                          */
    TSR_OP_COPY,          /* conductances into a reference array                                    */
    TSR_OP_VECTOR,        /* digital vector operation, see tsr_vector_op                            */
    TSR_OP_MOVE,          /* a vector over the interconnect                                         */
    TSR_OP_DMA,           /* a sample from the host into the global buffer                          */
    TSR_OP_KIND_COUNT
} tsr_op_kind;

/* What a VECTOR op computes. */
typedef enum tsr_vector_op {
    TSR_VECTOR_ACTIVATE = 0, /* h = f(z), f'(z) kept beside it                                      */
    TSR_VECTOR_DERIVE,       /* d ← d · f'(z)                                                       */
    TSR_VECTOR_LOSS,         /* softmax cross-entropy: d = softmax(z) − onehot, loss, prediction    */
    TSR_VECTOR_BIAS,         /* b ← b − rate · d                                                    */
    TSR_VECTOR_OP_COUNT
} tsr_vector_op;

/* Phase of training that an op is accounted to. Evaluation never counts as training. */
typedef enum tsr_phase {
    TSR_PHASE_FORWARD = 0,
    TSR_PHASE_BACKWARD,
    TSR_PHASE_UPDATE,
    TSR_PHASE_TRANSFER,
    TSR_PHASE_CALIBRATE,
    TSR_PHASE_EVALUATE,
    TSR_PHASE_COUNT
} tsr_phase;

/* Which array of a tile an op drives. */
typedef enum tsr_array_role { TSR_ARRAY_W = 0, TSR_ARRAY_A, TSR_ARRAY_ROLE_COUNT } tsr_array_role;

/* A vector in the memory of a core or of the global buffer; index into tsr_machine.slots. */
typedef uint32_t tsr_slot_id;
#define TSR_SLOT_NONE UINT32_MAX

/* Stages an op passes, in the order of the table of page 3.1 of the design (docs/timing.md). */
typedef enum tsr_stage {
    TSR_STAGE_LOAD = 0,    /* vector from the core's local port            MVM, MVM_T                     */
    TSR_STAGE_ABS_MAX,     /* scale of the noise management                MVM, MVM_T                     */
    TSR_STAGE_DRIVE,       /* DACs drive, the array integrates             MVM, MVM_T, READ_SLICE         */
    TSR_STAGE_CONVERT,     /* ADCs                                         MVM, MVM_T, READ_SLICE         */
    TSR_STAGE_STORE,       /* rescale and store the partial                MVM, MVM_T                     */
    TSR_STAGE_COMPUTE,     /* vector unit at work                          REDUCE, VECTOR                 */
    TSR_STAGE_TRAIN,       /* abs-max of x and d, train length             UPDATE                         */
    TSR_STAGE_RATE,        /* controller: running maxima, rate, chopper copy   UPDATE (takes no time)      */
    TSR_STAGE_LOAD_DRIVER, /* trains into the drivers of both sides        UPDATE                         */
    TSR_STAGE_PULSE,       /* coincidences on the array                    UPDATE                         */
    TSR_STAGE_H_READ,      /* slice of H from its SRAM                     TRANSFER                       */
    TSR_STAGE_H_COMPUTE,   /* multiply-add and compare                     TRANSFER                       */
    TSR_STAGE_H_WRITE,     /* slice of H to its SRAM                       TRANSFER                       */
    TSR_STAGE_PROGRAM,     /* pulses on W                                  PROGRAM_SLICE                  */
    TSR_STAGE_LINK,        /* interconnect                                 MOVE                           */
    TSR_STAGE_HOST,        /* DMA engine and the buffer's port             DMA                            */
    TSR_STAGE_COUNT,
    TSR_STAGE_END = TSR_STAGE_COUNT
} tsr_stage;

/* Kinds of unit that serve stages. */
typedef enum tsr_role {
    TSR_ROLE_PORT = 0, /* local buffer port of a core                                             */
    TSR_ROLE_VECTOR_UNIT,
    TSR_ROLE_DAC, /* bank at the side that the op drives                                     */
    TSR_ROLE_ARRAY,
    TSR_ROLE_ADC, /* bank at the side that the op reads                                      */
    TSR_ROLE_CONTROLLER,
    TSR_ROLE_DRIVER_IN,  /* pulse drivers of the input lines (x)                                    */
    TSR_ROLE_DRIVER_OUT, /* pulse drivers of the output lines (d)                                   */
    TSR_ROLE_LINK,
    TSR_ROLE_BUFFER, /* port of the global buffer                                               */
    TSR_ROLE_DMA,
    TSR_ROLE_COUNT
} tsr_role;

#define TSR_STAGE_MAX_UNITS 3

/* The vectors and trains an op carries; owned by the payload pool, sized for the largest tile (see tsr_work_create). */
typedef struct tsr_work tsr_work;

typedef struct tsr_op {
    /* -- written by the producer ------------------------------------------------------------------------------------- */
    uint64_t       id;     /* program order over the whole run                                              */
    uint64_t       number; /* op number of the array it touches: the noise key (48 bits are used)           */
    tsr_op_kind    kind;
    tsr_phase      phase;
    tsr_vector_op  vector;   /* VECTOR only                                                                   */
    tsr_array_role array;    /* MVM …, UPDATE, READ_SLICE, PROGRAM_SLICE                                      */
    bool           backward; /* REDUCE: sums the partials of MVM_T                                            */
    bool           evaluate; /* noise from the evaluation's number space, device time frozen                  */
    uint32_t       layer;
    uint32_t       tile;     /* machine tile index; digital ops: unused                                       */
    uint32_t       core;     /* core whose units serve the op                                                 */
    uint32_t       slice;    /* READ_SLICE, TRANSFER, PROGRAM_SLICE                                           */
    uint32_t       item;     /* position in the mini-batch                                                    */
    tsr_slot_id    source;   /* x of MVM and UPDATE, d of MVM_T, …                                            */
    tsr_slot_id    source_d; /* d of UPDATE                                                                   */
    tsr_slot_id    target;
    float          rate;  /* scheduled learning rate: UPDATE, TRANSFER, BIAS                               */
    uint32_t       label; /* LOSS                                                                          */
    const uint8_t *image; /* DMA: pixels, borrowed                                                         */

    /* -- written by the stages --------------------------------------------------------------------------------------- */
    uint32_t  retry;       /* bound-management retries so far                                               */
    uint32_t  phases;      /* sign phases the pulses occupied                                               */
    uint32_t  pulse_slots; /* UPDATE: train length BL; PROGRAM_SLICE: most pulses on one device             */
    bool      skip_array;  /* abs-max was 0: nothing is driven                                              */
    bool      overflow;    /* an output exceeded its bound in the last conversion                           */
    bool      turnaround;  /* the array changed its mode for this stage                                     */
    uint64_t  energy_aj;   /* Σ of this op's charges                                                        */
    tsr_work *work;
} tsr_op;

const char *tsr_op_kind_name(tsr_op_kind kind);
const char *tsr_vector_op_name(tsr_vector_op op);
const char *tsr_phase_name(tsr_phase phase);
const char *tsr_stage_name(tsr_stage stage);
const char *tsr_role_name(tsr_role role);

/* Units that serve a stage, in the order in which their functional parts run; returns how many (1 … TSR_STAGE_MAX_UNITS). */
uint32_t tsr_stage_roles(tsr_stage stage, tsr_role roles[TSR_STAGE_MAX_UNITS]);

/* The first stage of an op of this kind; TSR_STAGE_END where the kind is not executable yet (CALIBRATE, COPY). */
tsr_stage tsr_op_first_stage(const tsr_op *op);

/* The stage after `stage`, decided from what the stages so far wrote (retries, skipped reads), or TSR_STAGE_END.
 * `retry_allowed` says whether bound management may read again; tsr_machine_next_stage() supplies it.                         */
tsr_stage tsr_op_next_stage(const tsr_op *op, tsr_stage stage, bool retry_allowed);

#ifdef __cplusplus
}
#endif
#endif
