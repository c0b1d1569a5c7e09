/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <stdio.h>
#include <string.h>

bool tfr_fail(struct tfr_error *err, enum tfr_code code, const char *id, const char *format, ...)
{
    va_list args;

    if (err->code != TFR_OK)
        return false;
    err->code = code;
    err->id = id;
    va_start(args, format);
    (void)vsnprintf(err->msg, sizeof err->msg, format, args);
    va_end(args);
    return false;
}

bool tfr_fail_hint(struct tfr_error *err, const char *format, ...)
{
    va_list args;

    if (err->hint[0] != '\0')
        return false;
    va_start(args, format);
    (void)vsnprintf(err->hint, sizeof err->hint, format, args);
    va_end(args);
    return false;
}

void tfr_fail_file(struct tfr_error *err, const char *file)
{
    size_t len = strlen(file);

    if (err->file[0] != '\0')
        return;
    if (len < sizeof err->file) {
        memcpy(err->file, file, len + 1);
        return;
    }
    memcpy(err->file, "...", 3);
    memcpy(err->file + 3, file + len - (sizeof err->file - 4), sizeof err->file - 3);
}
