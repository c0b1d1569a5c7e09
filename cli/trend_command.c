/* SPDX-License-Identifier: Apache-2.0 */
/* tfready trend: what a history of audits tells. */
#include "cli/cli.h"

#include <string.h>

int cli_trend(int argc, char **argv)
{
    struct tfr_trend_options options = { 0 };
    const char *file = NULL;
    struct tfr_error err = { 0 };
    bool wrong = false;

    for (int i = 1; i < argc && !wrong; i++) {
        if (strcmp(argv[i], "--json") == 0)
            options.json = true;
        else if (strcmp(argv[i], "--since") == 0 && i + 1 < argc && tfr_day_is_valid(argv[i + 1]))
            options.since = argv[++i];
        else if (argv[i][0] != '-' && file == NULL)
            file = argv[i];
        else
            wrong = true;
    }
    if (wrong || file == NULL) {
        (void)tfr_fail(&err, TFR_E_USAGE, "usage", "trend wants the file of a history");
        (void)tfr_fail_hint(&err, "tfready trend [--since YYYY-MM-DD] [--json] FILE");
    } else if (tfr_trend_write(file, &options, stdout, &err)) {
        return cli_close_stdout();
    }
    cli_say_error(NULL, NULL, &err);
    return TFR_EXIT_ERROR;
}
