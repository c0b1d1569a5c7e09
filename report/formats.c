/* SPDX-License-Identifier: Apache-2.0 */
/* Which formats there are: one row each. */
#include "report/json.h"

#include <string.h>

static const struct tfr_format formats[] = {
    { "text", "for people: verdict first, then what to do", tfr_report_write_text },
    { "json", "for programs: everything, docs/report.schema.json", tfr_report_write_json },
    { NULL, NULL, NULL },
};

const struct tfr_format *tfr_formats(void)
{
    return formats;
}

const struct tfr_format *tfr_format_find(const char *name)
{
    for (const struct tfr_format *format = formats; format->name != NULL; format++) {
        if (strcmp(format->name, name) == 0)
            return format;
    }
    return NULL;
}
