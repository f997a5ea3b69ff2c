/* models/machine/machine.h — the whole state of a chip that trains: tiles, layers, vectors in memory, ledger.
 *
 * The C core owns the state; the SystemC modules of accelerator/ each hold the part they serve and call the stage functions of
 * models/machine/stages.h on it. The same functions run without time in tsr_execute_in_order().                                   */
#ifndef TESSERA_MODELS_MACHINE_MACHINE_H
#define TESSERA_MODELS_MACHINE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/accounting/ledger.h"
#include "models/chip/chip_spec.h"
#include "models/chip/op.h"
#include "models/crossbar/array.h"
#include "models/periphery/converter.h"
#include "models/periphery/pulse_train.h"
#include "models/training/transfer.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tsr_activation {
    TSR_ACTIVATION_NONE = 0,
    TSR_ACTIVATION_SIGMOID,
    TSR_ACTIVATION_TANH,
    TSR_ACTIVATION_RELU
} tsr_activation;
typedef enum tsr_reference { TSR_REFERENCE_DEVICE = 0, TSR_REFERENCE_COLUMN } tsr_reference;
typedef enum tsr_bias { TSR_BIAS_NONE = 0, TSR_BIAS_DIGITAL, TSR_BIAS_ANALOG } tsr_bias;

/* How a layer of `out` × `in` (bias line included, if analog) is cut into a grid of tiles. Tile index in a layer = row·columns + column. */
typedef struct tsr_layer_spec {
    uint32_t       in, out; /* units of the network, without a bias line        */
    tsr_activation activation;
    tsr_bias       bias;
    uint32_t       lines; /* in, plus 1 with an analog bias                   */
    uint32_t       grid_rows, grid_columns;
    uint32_t       tile_out, tile_in; /* of all but the last row or column of the grid   */
    uint32_t       first_tile;        /* machine tile index                               */
    uint32_t
        core; /* of first_tile; its vector unit reduces and activates. Tile k of the layer sits in core + k / tiles_per_core */
} tsr_layer_spec;

typedef struct tsr_layer {
    tsr_layer_spec spec;
    float         *bias; /* [out], digital bias, else NULL; owned */
} tsr_layer;

typedef enum tsr_array_mode { TSR_MODE_READ = 0, TSR_MODE_READ_T, TSR_MODE_WRITE } tsr_array_mode;

typedef struct tsr_tile {
    uint32_t     index, layer, core;
    uint32_t     out, in;               /* lines in use                                    */
    uint32_t     out_offset, in_offset; /* where its block starts in the layer            */
    tsr_array    w, a;                  /* a.memory == NULL where the algorithm has no A   */
    tsr_transfer transfer;              /* slices == 0 where the algorithm has none        */
    /* Last use of each array, in training and in evaluation: evaluation leaves no trace in training's time. */
    tsr_array_mode mode[2][TSR_ARRAY_ROLE_COUNT];
} tsr_tile;

/* A vector in memory. */
typedef struct tsr_slot {
    float   *data; /* owned, `length` floats */
    uint32_t length;
} tsr_slot;

/* Everything that defines a machine; plain values, copied. */
typedef struct tsr_machine_spec {
    uint64_t           seed;
    tsr_chip_spec      chip;
    tsr_device_spec    device_w, device_a;
    tsr_reference      reference_w, reference_a;
    tsr_io_spec        io_forward, io_backward, io_transfer;
    tsr_update_spec    update;
    tsr_algorithm_spec algorithm;
    uint32_t           layer_count;
    tsr_layer_spec    *layers; /* borrowed during the call */
    uint32_t           batch_size;
    bool               freeze_a;          /* experiment: trains for A are drawn and driven, but reach no device */
    double             init_weight_scale; /* W starts uniform in ±scale/sqrt(in)                            */
} tsr_machine_spec;

typedef struct tsr_machine {
    tsr_machine_spec spec; /* layers points into `layers` below no longer: use layers[k].spec */
    uint32_t         layer_count, tile_count, core_count;
    tsr_layer       *layers; /* owned */
    tsr_tile        *tiles;  /* owned */
    uint32_t         slot_count;
    tsr_slot        *slots; /* owned; ids from tsr_machine_slot() */
    tsr_ledger       ledger;
    uint64_t         device_time_ps; /* training time so far: set by the caller before a stage; frozen in evaluation */
    uint32_t         line_max;       /* largest in or out of a tile: size of work vectors */
    double           loss_sum;       /* of TSR_VECTOR_LOSS since tsr_machine_take_score */
    uint64_t         samples, correct;
} tsr_machine;

tsr_status tsr_machine_create(tsr_machine *machine, const tsr_machine_spec *spec, tsr_error *error);
void       tsr_machine_destroy(tsr_machine *machine);

/* Named vectors of (layer, tile in layer, item of the batch). */
typedef enum tsr_slot_name {
    TSR_SLOT_INPUT = 0, /* the sample, in the global buffer                       (layer and tile unused)  */
    TSR_SLOT_X,         /* input of a layer in its core's memory, bias line included                       */
    TSR_SLOT_PARTIAL,   /* tile's share of z                                                                */
    TSR_SLOT_Z,         /* pre-activation; the activation overwrites it with h, the derivative goes to      */
    TSR_SLOT_F,         /* f'(z)                                                                            */
    TSR_SLOT_PARTIAL_T, /* tile's share of Wᵀd                                                              */
    TSR_SLOT_D,         /* error at a layer's output, times derivative                                      */
    TSR_SLOT_NAME_COUNT
} tsr_slot_name;
tsr_slot_id tsr_machine_slot(const tsr_machine *machine, tsr_slot_name name, uint32_t layer, uint32_t tile,
                             uint32_t item);

/* Work vectors of one op in flight. */
tsr_work *tsr_work_create(uint32_t line_max);
void      tsr_work_destroy(tsr_work *work);

/* 64-bit hash of the float32 bits of every array, H and choppers (and digital biases) in layer, tile, row, column order. */
uint64_t tsr_machine_hash(const tsr_machine *machine);

/* Loss sum, samples, correct predictions since the last call; then starts anew. */
void tsr_machine_take_score(tsr_machine *machine, double *loss_sum, uint64_t *samples, uint64_t *correct);

/* Sets the ledger's leakage row: static power of the whole chip × `simulated_ps` of training. */
void tsr_machine_charge_leakage(tsr_machine *machine, uint64_t simulated_ps);

/* Share of all devices whose conductance is clamped at g_off (0 … 1); their weights are not touched by it. */
double tsr_machine_clamped_share(const tsr_machine *machine);

/* Chip area in mm². */
double tsr_machine_area_mm2(const tsr_machine *machine);

/* Next stage of an op (see tsr_op_next_stage), with the retry rule of its io; advances op->retry when a read repeats. */
tsr_stage tsr_machine_next_stage(const tsr_machine *machine, tsr_op *op, tsr_stage stage);

#ifdef __cplusplus
}
#endif
#endif
