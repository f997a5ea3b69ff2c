/* models/base/status.h — how the C core reports that something went wrong.
 *
 * Functions that can fail return tsr_status. Where a user can be the cause (a file, a parameter), the caller may also pass a
 * tsr_error, which then says in one line what was expected and what to do. Nothing here prints or exits.                       */
#ifndef TESSERA_MODELS_BASE_STATUS_H
#define TESSERA_MODELS_BASE_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tsr_status {
    TSR_OK = 0,
    TSR_E_ARGUMENT, /* a parameter is out of its documented range            */
    TSR_E_MEMORY,   /* allocation failed                                     */
    TSR_E_IO,       /* a file cannot be opened, read or written              */
    TSR_E_FORMAT,   /* a file is not what it claims to be                    */
    TSR_E_RANGE,    /* a counter or a time left its representable range      */
    TSR_E_STATE,    /* the call is not allowed now (a caller's mistake)      */
    TSR_STATUS_COUNT
} tsr_status;

/* One line for a user; empty when no detail was given. */
typedef struct tsr_error {
    tsr_status status;
    char       text[512];
} tsr_error;

/* Static, never NULL: "ok", "argument out of range", … */
const char *tsr_status_name(tsr_status status);

/* Fills *error (which may be NULL) from a printf format and returns `status`, so that a caller can `return tsr_error_set(…)`. */
tsr_status tsr_error_set(tsr_error *error, tsr_status status, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

#ifdef __cplusplus
}
#endif
#endif
