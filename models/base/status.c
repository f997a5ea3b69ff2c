#include "models/base/status.h"

#include <stdarg.h>
#include <stdio.h>

const char *tsr_status_name(tsr_status status)
{
    switch (status) {
    case TSR_OK: return "ok";
    case TSR_E_ARGUMENT: return "argument out of range";
    case TSR_E_MEMORY: return "out of memory";
    case TSR_E_IO: return "input/output error";
    case TSR_E_FORMAT: return "wrong file format";
    case TSR_E_RANGE: return "value not representable";
    case TSR_E_STATE: return "call not allowed in this state";
    case TSR_STATUS_COUNT: break;
    }
    return "unknown status";
}

tsr_status tsr_error_set(tsr_error *error, tsr_status status, const char *format, ...)
{
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        error->status = status;
        (void)vsnprintf(error->text, sizeof error->text, format, arguments);
        va_end(arguments);
    }
    return status;
}
