/* workloads/dataset.h — a labelled set of images in the four IDX files of MNIST, and its split for training.
 *
 * File names: {train,t10k}-images-idx3-ubyte and {train,t10k}-labels-idx1-ubyte, each plain or with .gz, with '-' or
 * '.' before "idx" (mirrors differ). Where several are there, the '-' goes before the '.', then plain before .gz.
 *
 * Split: the validation images are the last `validation` of the training files, by count. They are the same for every
 * seed, so that figures of different seeds are figures of the same images; shuffling (shuffle.h) permutes the rest.
 */
#ifndef TESSERA_WORKLOADS_DATASET_H
#define TESSERA_WORKLOADS_DATASET_H

#include <stdint.h>

#include "models/base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where Debian's package dataset-fashion-mnist puts its files. */
#define TSR_DATASET_DEFAULT_FOLDER "/usr/share/datasets/fashion-mnist"

enum {
    TSR_DATASET_MAX_CLASSES = 256,     /* a label is one byte                            */
    TSR_DATASET_MAX_FEATURES = 1 << 24 /* pixels of an image, far beyond any first layer */
};

/* Images with their labels; points into the tsr_dataset it was taken from and lives no longer than that. */
typedef struct tsr_dataset_view {
    const uint8_t *images; /* count × features, row by row; 0 black … 255 white */
    const uint8_t *labels; /* count, each < classes                             */
    uint32_t       count;
    uint32_t       features; /* pixels of an image = height · width               */
    uint32_t       classes;
} tsr_dataset_view;

/* One pair of files in memory. */
typedef struct tsr_dataset_part {
    uint8_t *images; /* count × features, owned */
    uint8_t *labels; /* count, owned            */
    uint32_t count;
} tsr_dataset_part;

typedef struct tsr_dataset {
    tsr_dataset_part train;
    tsr_dataset_part test;
    uint32_t         height, width; /* pixels, the same in both parts */
    uint32_t         features;      /* height · width                 */
    uint32_t         classes;       /* labels are 0 … classes − 1     */
} tsr_dataset;

typedef struct tsr_dataset_split {
    tsr_dataset_view train;      /* the first train.count − validation training images    */
    tsr_dataset_view validation; /* the last `validation` training images; may be empty   */
    tsr_dataset_view test;       /* all test images                                       */
} tsr_dataset_split;

/* Reads the data set in `folder`, NULL for TSR_DATASET_DEFAULT_FOLDER. `classes` (1 … 256) is the number of outputs of
 * the network that will learn it; every label must be below.
 * On failure *dataset is empty, nothing is left allocated, and *error (may be NULL) is one line that names the file and
 * what to do. Beside the errors of tsr_idx_read: TSR_E_IO if a file is not there (the line says how to get
 * Fashion-MNIST), TSR_E_FORMAT if counts, sizes or labels do not fit together, TSR_E_ARGUMENT for `classes`.
 */
tsr_status tsr_dataset_open(const char *folder, uint32_t classes, tsr_dataset *dataset, tsr_error *error);

/* Releases everything and empties *dataset, which ends all views; an empty one or NULL is allowed. */
void tsr_dataset_close(tsr_dataset *dataset);

/* Takes views, copies nothing. `validation` must leave at least one training image, else TSR_E_ARGUMENT. */
tsr_status tsr_dataset_make_split(const tsr_dataset *dataset, uint32_t validation, tsr_dataset_split *split,
                                  tsr_error *error);

/* Activations of image `index` (< view->count): x[k] = pixel_k / 255, correctly rounded, `features` floats. */
void tsr_dataset_image(const tsr_dataset_view *view, uint32_t index, float *x);

/* Label of image `index` (< view->count). */
uint32_t tsr_dataset_label(const tsr_dataset_view *view, uint32_t index);

#ifdef __cplusplus
}
#endif
#endif
