#include "workloads/idx.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { TYPE_UNSIGNED_BYTE = 0x08, INPUT_BUFFER_BYTES = 1 << 17, FIRST_CAPACITY_BYTES = 1 << 20 };

/* zlib's gz layer reads gzip and plain files alike; errno is kept here because a later call changes it. */
typedef struct reader {
    gzFile      file;
    const char *path;
    int         system_error; /* errno of the read that failed */
    tsr_error  *error;
} reader;

/* Fewer bytes than asked for mean the end of the data or an error; reader_failure tells which. */
static size_t reader_read(reader *in, uint8_t *to, size_t count)
{
    const size_t largest = (size_t)1 << 30;
    size_t       done = 0;
    while (done < count) {
        const size_t want = count - done < largest ? count - done : largest;
        errno = 0;
        const int got = gzread(in->file, to + done, (unsigned)want);
        if (got <= 0) {
            in->system_error = errno;
            break;
        }
        done += (size_t)got;
    }
    return done;
}

/* The status and message of a read that zlib reports as failed; TSR_OK if the data just ended. */
static tsr_status reader_failure(const reader *in)
{
    int         code = Z_OK;
    const char *detail = gzerror(in->file, &code);
    switch (code) {
    case Z_OK:
    case Z_STREAM_END: return TSR_OK;
    case Z_ERRNO:
        return tsr_error_set(in->error, TSR_E_IO, "cannot read \"%s\": %s; expected a readable IDX file", in->path,
                             strerror(in->system_error));
    case Z_MEM_ERROR: return tsr_error_set(in->error, TSR_E_MEMORY, "out of memory while reading \"%s\"", in->path);
    case Z_BUF_ERROR:
        return tsr_error_set(in->error, TSR_E_FORMAT,
                             "\"%s\" is a truncated .gz: the compressed data end too early; fetch the file again",
                             in->path);
    default: {
        /* zlib's text is "path: reason" */
        const size_t length = strlen(in->path);
        const bool   prefixed = strncmp(detail, in->path, length) == 0 && strncmp(detail + length, ": ", 2) == 0;
        return tsr_error_set(in->error, TSR_E_FORMAT, "\"%s\" is a damaged .gz (%s); fetch the file again", in->path,
                             prefixed ? detail + length + 2 : detail);
    }
    }
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text);
    const size_t tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static uint32_t big_endian_32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3];
}

/* What the format calls an element type; NULL if it knows none by this number. */
static const char *type_name(uint8_t type)
{
    switch (type) {
    case TYPE_UNSIGNED_BYTE: return "unsigned byte";
    case 0x09: return "signed byte";
    case 0x0b: return "16-bit integer";
    case 0x0c: return "32-bit integer";
    case 0x0d: return "32-bit float";
    case 0x0e: return "64-bit float";
    default: return NULL;
    }
}

/* What a file with so many dimensions holds in data sets of this kind. */
static const char *rank_meaning(uint32_t rank)
{
    switch (rank) {
    case TSR_IDX_RANK_LABELS: return "1 dimension: labels";
    case 2: return "2 dimensions";
    case TSR_IDX_RANK_IMAGES: return "3 dimensions: images";
    case TSR_IDX_MAX_RANK: return "4 dimensions";
    default: return "1 to 4 dimensions";
    }
}

static tsr_status not_idx(const reader *in, uint32_t magic, uint32_t rank)
{
    const bool misnamed = ends_with(in->path, ".gz") && gzdirect(in->file) != 0;
    return tsr_error_set(in->error, TSR_E_FORMAT,
                         "\"%s\" is not an IDX file: it starts with 0x%08x, expected 0x%08x (unsigned byte, %s)%s; "
                         "fetch the file again or name another",
                         in->path, (unsigned)magic, 0x800U + (rank != 0 ? rank : TSR_IDX_RANK_LABELS),
                         rank_meaning(rank), misnamed ? "; it is named .gz but is not gzip data" : "");
}

static tsr_status check_magic(const reader *in, const uint8_t bytes[4], uint32_t rank)
{
    const uint32_t magic = big_endian_32(bytes);
    const uint8_t  type = bytes[2];
    const uint32_t found = bytes[3];
    if (bytes[0] != 0 || bytes[1] != 0 || type_name(type) == NULL) {
        return not_idx(in, magic, rank);
    }
    if (type != TYPE_UNSIGNED_BYTE) {
        return tsr_error_set(
            in->error, TSR_E_FORMAT,
            "\"%s\" holds elements of type 0x%02x (%s), expected 0x08 (unsigned byte); convert the file", in->path,
            (unsigned)type, type_name(type));
    }
    if (found < 1 || found > TSR_IDX_MAX_RANK) {
        return tsr_error_set(in->error, TSR_E_FORMAT, "\"%s\" has %u dimensions, expected %s; convert the file",
                             in->path, (unsigned)found, rank_meaning(rank));
    }
    if (rank != 0 && found != rank) {
        return tsr_error_set(
            in->error, TSR_E_FORMAT,
            "\"%s\" has magic 0x%08x (%s), expected 0x%08x (%s); name the right file, images and labels "
            "may be interchanged",
            in->path, (unsigned)magic, rank_meaning(found), 0x800U + rank, rank_meaning(rank));
    }
    return TSR_OK;
}

/* "60000 x 28 x 28" */
static void describe_shape(const tsr_idx *idx, char *text, size_t capacity)
{
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t k = 0; k < idx->rank && used < capacity; ++k) {
        const int n = snprintf(text + used, capacity - used, "%s%u", k == 0 ? "" : " x ", (unsigned)idx->dimensions[k]);
        used += n > 0 ? (size_t)n : 0;
    }
}

static tsr_status check_dimensions(const reader *in, tsr_idx *idx)
{
    uint64_t size = 1;
    bool     possible = true;
    for (uint32_t k = 0; k < idx->rank; ++k) {
        possible = possible && idx->dimensions[k] != 0 && idx->dimensions[k] <= TSR_IDX_MAX_BYTES / size;
        size = possible ? size * idx->dimensions[k] : size;
    }
    if (!possible || size > SIZE_MAX) {
        char shape[64];
        describe_shape(idx, shape, sizeof shape);
        return tsr_error_set(
            in->error, TSR_E_FORMAT,
            "\"%s\" claims impossible dimensions %s, expected each at least 1 and at most %llu bytes in all; "
            "fetch the file again",
            in->path, shape, (unsigned long long)TSR_IDX_MAX_BYTES);
    }
    idx->size = (size_t)size;
    return TSR_OK;
}

static tsr_status short_data(const reader *in, const char *part, size_t got, size_t expected)
{
    const tsr_status status = reader_failure(in);
    if (status != TSR_OK) {
        return status;
    }
    if (got == 0 && strcmp(part, "header") == 0) {
        return tsr_error_set(in->error, TSR_E_FORMAT, "\"%s\" is empty, expected an IDX file; fetch the file again",
                             in->path);
    }
    return tsr_error_set(in->error, TSR_E_FORMAT,
                         "\"%s\" is truncated: it ends after %zu of %zu bytes of its %s; fetch the file again",
                         in->path, got, expected, part);
}

static tsr_status read_header(reader *in, uint32_t rank, tsr_idx *idx)
{
    uint8_t magic[4];
    uint8_t raw[4 * TSR_IDX_MAX_RANK] = {0};
    size_t  got = reader_read(in, magic, sizeof magic);
    if (got < sizeof magic) {
        return short_data(in, "header", got, sizeof magic + 4 * (size_t)(rank != 0 ? rank : 1));
    }
    tsr_status status = check_magic(in, magic, rank);
    if (status != TSR_OK) {
        return status;
    }
    idx->rank = magic[3];
    got = reader_read(in, raw, 4 * (size_t)idx->rank);
    if (got < 4 * (size_t)idx->rank) {
        return short_data(in, "header", sizeof magic + got, sizeof magic + 4 * (size_t)idx->rank);
    }
    for (uint32_t k = 0; k < TSR_IDX_MAX_RANK; ++k) {
        idx->dimensions[k] = k < idx->rank ? big_endian_32(raw + 4 * (size_t)k) : 1;
    }
    return check_dimensions(in, idx);
}

/* Doubles the buffer as data arrive: a header that lies costs no memory. */
static tsr_status read_values(reader *in, tsr_idx *idx)
{
    size_t capacity = 0;
    size_t filled = 0;
    while (filled < idx->size) {
        const size_t wanted = capacity == 0 ? FIRST_CAPACITY_BYTES : 2 * capacity;
        capacity = wanted < idx->size ? wanted : idx->size;
        uint8_t *grown = realloc(idx->values, capacity);
        if (grown == NULL) {
            return tsr_error_set(in->error, TSR_E_MEMORY, "out of memory: \"%s\" needs %zu bytes", in->path, idx->size);
        }
        idx->values = grown;
        filled += reader_read(in, idx->values + filled, capacity - filled);
        if (filled < capacity) {
            return short_data(in, "data", filled, idx->size);
        }
    }
    return TSR_OK;
}

/* Reading past the end also makes zlib verify the checksum. */
static tsr_status check_end(reader *in, const tsr_idx *idx)
{
    uint8_t beyond;
    if (reader_read(in, &beyond, 1) == 0) {
        return reader_failure(in);
    }
    char shape[64];
    describe_shape(idx, shape, sizeof shape);
    return tsr_error_set(in->error, TSR_E_FORMAT,
                         "\"%s\" has trailing bytes after the %zu (%s) its header announces; fetch the file again",
                         in->path, idx->size, shape);
}

tsr_status tsr_idx_read(const char *path, uint32_t rank, tsr_idx *idx, tsr_error *error)
{
    memset(idx, 0, sizeof *idx);
    if (rank > TSR_IDX_MAX_RANK) {
        return tsr_error_set(error, TSR_E_ARGUMENT, "rank %u asked of \"%s\" is above %d", (unsigned)rank, path,
                             (int)TSR_IDX_MAX_RANK);
    }
    errno = 0;
    reader in = {.file = gzopen(path, "rb"), .path = path, .system_error = 0, .error = error};
    if (in.file == NULL) {
        if (errno == 0 || errno == ENOMEM) {
            return tsr_error_set(error, TSR_E_MEMORY, "out of memory while opening \"%s\"", path);
        }
        return tsr_error_set(error, TSR_E_IO, "cannot open \"%s\": %s; expected a readable IDX file, plain or .gz",
                             path, strerror(errno));
    }
    (void)gzbuffer(in.file, INPUT_BUFFER_BYTES); /* only a matter of speed */
    tsr_status status = read_header(&in, rank, idx);
    if (status == TSR_OK) {
        status = read_values(&in, idx);
    }
    if (status == TSR_OK) {
        status = check_end(&in, idx);
    }
    (void)gzclose_r(in.file); /* repeats an error that is reported already */
    if (status != TSR_OK) {
        tsr_idx_free(idx);
    }
    return status;
}

void tsr_idx_free(tsr_idx *idx)
{
    if (idx != NULL) {
        free(idx->values);
        memset(idx, 0, sizeof *idx);
    }
}
