#include "workloads/dataset.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workloads/idx.h"

/* The names of one of the four files, all that may follow the folder. */
typedef struct file_name {
    const char *stem;   /* "train-images" */
    const char *suffix; /* "idx3-ubyte"   */
} file_name;

typedef enum presence {
    PRESENT, /* or there but unreadable: reading it will say why */
    ABSENT,
    NO_FOLDER /* the folder is a file */
} presence;

static presence probe(const char *path)
{
    errno = 0;
    FILE *file = fopen(path, "rb");
    if (file != NULL) {
        (void)fclose(file);
        return PRESENT;
    }
    return errno == ENOENT ? ABSENT : errno == ENOTDIR ? NO_FOLDER : PRESENT;
}

static tsr_status report_missing(const char *folder, file_name name, presence why, tsr_error *error)
{
    static const char install[] = "apt-get install dataset-fashion-mnist";
    if (folder == NULL) {
        return tsr_error_set(
            error, TSR_E_IO,
            "no data set: \"%s/%s-%s\" is missing, also as .gz; install Fashion-MNIST with '%s' or name a "
            "folder of IDX files with --data DIR",
            TSR_DATASET_DEFAULT_FOLDER, name.stem, name.suffix, install);
    }
    if (why == NO_FOLDER) {
        return tsr_error_set(error, TSR_E_IO,
                             "no data set: \"%s\" is not a folder; name a folder of IDX files with --data DIR", folder);
    }
    return tsr_error_set(
        error, TSR_E_IO,
        "no data set: \"%s/%s-%s\" is missing, also as .gz; name another folder of IDX files with --data DIR, "
        "or leave it out to use Fashion-MNIST ('%s')",
        folder, name.stem, name.suffix, install);
}

/* *path is allocated on success and the caller's. `folder` NULL stands for the default one. */
static tsr_status find_file(const char *folder, file_name name, char **path, tsr_error *error)
{
    static const struct {
        char        separator;
        const char *ending;
    } forms[] = {{'-', ""}, {'-', ".gz"}, {'.', ""}, {'.', ".gz"}};
    const char  *place = folder != NULL ? folder : TSR_DATASET_DEFAULT_FOLDER;
    const size_t capacity = strlen(place) + strlen(name.stem) + strlen(name.suffix) + sizeof "/-.gz";
    presence     last = ABSENT;

    *path = malloc(capacity);
    if (*path == NULL) {
        return tsr_error_set(error, TSR_E_MEMORY, "out of memory while looking for \"%s\"", place);
    }
    for (size_t k = 0; k < sizeof forms / sizeof forms[0]; ++k) {
        (void)snprintf(*path, capacity, "%s/%s%c%s%s", place, name.stem, forms[k].separator, name.suffix,
                       forms[k].ending);
        last = probe(*path);
        if (last == PRESENT) {
            return TSR_OK;
        }
    }
    free(*path);
    *path = NULL;
    return report_missing(folder, name, last, error);
}

static tsr_status check_labels(const char *path, const tsr_idx *labels, uint32_t classes, tsr_error *error)
{
    for (size_t k = 0; k < labels->size; ++k) {
        if (labels->values[k] >= classes) {
            return tsr_error_set(
                error, TSR_E_FORMAT,
                "\"%s\": label %zu is %u, expected 0 to %u; the network's last layer needs at least %u "
                "outputs for it",
                path, k, (unsigned)labels->values[k], (unsigned)classes - 1U, (unsigned)labels->values[k] + 1U);
        }
    }
    return TSR_OK;
}

/* The first part read fixes the size of the images, the second must agree. */
static tsr_status adopt_size(const char *path, const tsr_idx *images, tsr_dataset *dataset, tsr_error *error)
{
    const uint32_t height = images->dimensions[1];
    const uint32_t width = images->dimensions[2];
    if ((uint64_t)height * width > TSR_DATASET_MAX_FEATURES) {
        return tsr_error_set(error, TSR_E_FORMAT,
                             "\"%s\" holds images of %u x %u pixels, expected at most %u pixels; scale the images down",
                             path, (unsigned)height, (unsigned)width, (unsigned)TSR_DATASET_MAX_FEATURES);
    }
    if (dataset->features == 0) {
        dataset->height = height;
        dataset->width = width;
        dataset->features = height * width;
    }
    if (height != dataset->height || width != dataset->width) {
        return tsr_error_set(error, TSR_E_FORMAT,
                             "\"%s\" holds images of %u x %u pixels, expected %u x %u as in the training set; "
                             "fetch both sets from one source",
                             path, (unsigned)height, (unsigned)width, (unsigned)dataset->height,
                             (unsigned)dataset->width);
    }
    return TSR_OK;
}

/* Reads and compares a pair of files; on success the part owns what was read. Labels go first, they are small. */
static tsr_status read_pair(const char *image_path, const char *label_path, tsr_dataset *dataset,
                            tsr_dataset_part *part, tsr_error *error)
{
    tsr_idx    images = {0};
    tsr_idx    labels = {0};
    tsr_status status = tsr_idx_read(label_path, TSR_IDX_RANK_LABELS, &labels, error);
    if (status == TSR_OK) {
        status = check_labels(label_path, &labels, dataset->classes, error);
    }
    if (status == TSR_OK) {
        status = tsr_idx_read(image_path, TSR_IDX_RANK_IMAGES, &images, error);
    }
    if (status == TSR_OK) {
        status = adopt_size(image_path, &images, dataset, error);
    }
    if (status == TSR_OK && images.dimensions[0] != labels.dimensions[0]) {
        status = tsr_error_set(error, TSR_E_FORMAT,
                               "\"%s\" holds %u images but \"%s\" holds %u labels, expected one label per image; "
                               "fetch both files again from one source",
                               image_path, (unsigned)images.dimensions[0], label_path, (unsigned)labels.dimensions[0]);
    }
    if (status != TSR_OK) {
        tsr_idx_free(&images);
        tsr_idx_free(&labels);
        return status;
    }
    *part = (tsr_dataset_part){.images = images.values, .labels = labels.values, .count = labels.dimensions[0]};
    return TSR_OK;
}

static tsr_status read_part(const char *folder, file_name image_name, file_name label_name, tsr_dataset *dataset,
                            tsr_dataset_part *part, tsr_error *error)
{
    char      *image_path = NULL;
    char      *label_path = NULL;
    tsr_status status = find_file(folder, image_name, &image_path, error);
    if (status == TSR_OK) {
        status = find_file(folder, label_name, &label_path, error);
    }
    if (status == TSR_OK) {
        status = read_pair(image_path, label_path, dataset, part, error);
    }
    free(image_path);
    free(label_path);
    return status;
}

tsr_status tsr_dataset_open(const char *folder, uint32_t classes, tsr_dataset *dataset, tsr_error *error)
{
    static const file_name train_images = {"train-images", "idx3-ubyte"};
    static const file_name train_labels = {"train-labels", "idx1-ubyte"};
    static const file_name test_images = {"t10k-images", "idx3-ubyte"};
    static const file_name test_labels = {"t10k-labels", "idx1-ubyte"};

    memset(dataset, 0, sizeof *dataset);
    if (classes < 1 || classes > TSR_DATASET_MAX_CLASSES) {
        return tsr_error_set(error, TSR_E_ARGUMENT,
                             "%u classes asked for, expected 1 to %d; change the outputs of the network's last layer",
                             (unsigned)classes, (int)TSR_DATASET_MAX_CLASSES);
    }
    dataset->classes = classes;
    tsr_status status = read_part(folder, train_images, train_labels, dataset, &dataset->train, error);
    if (status == TSR_OK) {
        status = read_part(folder, test_images, test_labels, dataset, &dataset->test, error);
    }
    if (status != TSR_OK) {
        tsr_dataset_close(dataset);
    }
    return status;
}

void tsr_dataset_close(tsr_dataset *dataset)
{
    if (dataset != NULL) {
        free(dataset->train.images);
        free(dataset->train.labels);
        free(dataset->test.images);
        free(dataset->test.labels);
        memset(dataset, 0, sizeof *dataset);
    }
}

/* Images first … first + count − 1 of a part. */
static tsr_dataset_view view_of(const tsr_dataset *dataset, const tsr_dataset_part *part, uint32_t first,
                                uint32_t count)
{
    return (tsr_dataset_view){.images = part->images + (size_t)first * dataset->features,
                              .labels = part->labels + first,
                              .count = count,
                              .features = dataset->features,
                              .classes = dataset->classes};
}

tsr_status tsr_dataset_make_split(const tsr_dataset *dataset, uint32_t validation, tsr_dataset_split *split,
                                  tsr_error *error)
{
    memset(split, 0, sizeof *split);
    const uint32_t all = dataset->train.count;
    if (validation >= all) {
        return tsr_error_set(error, TSR_E_ARGUMENT,
                             "validation = %u leaves none of the %u training images to train on; give at most %u",
                             (unsigned)validation, (unsigned)all, all > 0 ? (unsigned)all - 1U : 0U);
    }
    split->train = view_of(dataset, &dataset->train, 0, all - validation);
    split->validation = view_of(dataset, &dataset->train, all - validation, validation);
    split->test = view_of(dataset, &dataset->test, 0, dataset->test.count);
    return TSR_OK;
}

void tsr_dataset_image(const tsr_dataset_view *view, uint32_t index, float *x)
{
    assert(index < view->count);
    const uint8_t *pixels = view->images + (size_t)index * view->features;
    for (uint32_t k = 0; k < view->features; ++k) {
        x[k] = (float)pixels[k] / 255.0F; /* not times 1/255, whose own rounding would show */
    }
}

uint32_t tsr_dataset_label(const tsr_dataset_view *view, uint32_t index)
{
    assert(index < view->count);
    return view->labels[index];
}
