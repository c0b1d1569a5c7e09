/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/accepted.h"
#include "cli/cli.h"
#include "cli/output.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- waivers -----------------------------------------------------------------------------------
 */

void cli_day(const struct cli_options *options, char day[11])
{
    const time_t now = options->as_of == NULL ? time(NULL) : 0;
    struct tm parts;

    if (options->as_of != NULL)
        (void)snprintf(day, 11, "%s", options->as_of);
    else if (gmtime_r(&now, &parts) == NULL || strftime(day, 11, "%Y-%m-%d", &parts) == 0)
        day[0] = '\0';
}

static bool load_all(const struct cli_options *options, struct tfr_waivers *waivers,
                     struct tfr_error *err)
{
    for (size_t i = 0; i < options->waiver_file_count; i++) {
        if (!tfr_waivers_load(waivers, options->waiver_files[i], err))
            return false;
    }
    if (options->waiver_file_count == 0 && !options->no_waivers && access(CLI_WAIVERS, F_OK) == 0 &&
        !tfr_waivers_load(waivers, CLI_WAIVERS, err))
        return false;
    return options->baseline == NULL || tfr_waivers_load_baseline(waivers, options->baseline, err);
}

struct tfr_waivers *cli_load_waivers(const struct cli_options *options, struct tfr_error *err)
{
    struct tfr_waivers *waivers = tfr_waivers_new();
    char day[11] = "";
    size_t count = 0;

    if (!load_all(options, waivers, err)) {
        tfr_waivers_free(waivers);
        return NULL;
    }
    (void)tfr_waivers_at(waivers, &count);
    if (count > 0) {
        cli_day(options, day);
        tfr_waivers_set_day(waivers, day);
    }
    if (options->waive_p0)
        tfr_waivers_allow_p0(waivers);
    return waivers;
}

static bool lint(const char *file, struct tfr_error *err)
{
    struct tfr_waivers *waivers = tfr_waivers_new();
    size_t count = 0;
    const struct tfr_waiver *all;
    const bool ok = tfr_waivers_load(waivers, file, err);
    struct tfr_policies *policies = tfr_policies_new();
    size_t remarks = 0;

    tfr_policies_add_builtin(policies);
    all = tfr_waivers_at(waivers, &count);
    for (size_t i = 0; ok && i < count; i++) {
        const struct tfr_waiver *waiver = &all[i];

        if (strcmp(waiver->policy, "*") == 0 && strcmp(waiver->address, "*") == 0) {
            (void)printf("%s:%u: this waives everything\n", waiver->file, waiver->line);
            remarks++;
        }
        if (strpbrk(waiver->policy, "*?") == NULL && strncmp(waiver->policy, "TFR-", 4) == 0 &&
            tfr_policies_find(policies, waiver->policy) == NULL) {
            (void)printf("%s:%u: there is no built-in policy of this id\n", waiver->file,
                         waiver->line);
            remarks++;
        }
    }
    if (ok)
        (void)printf("%zu waiver%s, %zu remark%s\n", count, count == 1 ? "" : "s", remarks,
                     remarks == 1 ? "" : "s");
    tfr_policies_free(policies);
    tfr_waivers_free(waivers);
    return ok && remarks == 0;
}

int cli_waivers(int argc, char **argv)
{
    struct tfr_error err = { 0 };
    bool ok = false;

    if (argc < 2 || argc > 3 || strcmp(argv[1], "lint") != 0 || argv[argc - 1][0] == '-') {
        (void)tfr_fail(&err, TFR_E_USAGE, "usage", "waivers wants: lint [FILE]");
        (void)tfr_fail_hint(&err, "the default file is " CLI_WAIVERS);
    } else {
        ok = lint(argc > 2 ? argv[2] : CLI_WAIVERS, &err);
    }
    if (err.code != TFR_OK) {
        cli_say_error(NULL, NULL, &err);
        return TFR_EXIT_ERROR;
    }
    return cli_close_stdout() == TFR_EXIT_GO && ok ? TFR_EXIT_GO : TFR_EXIT_NO_GO;
}

/* ---- profile -----------------------------------------------------------------------------------
 */

int cli_profile(int argc, char **argv)
{
    struct tfr_config *config = tfr_config_new();
    struct tfr_error err = { 0 };
    bool ok = false;

    if (argc != 3 || strcmp(argv[1], "lint") != 0 || argv[2][0] == '-')
        (void)tfr_fail(&err, TFR_E_USAGE, "usage", "profile wants: lint FILE");
    else
        ok = tfr_config_load_profile(config, argv[2], &err);
    tfr_config_free(config);
    if (!ok) {
        cli_say_error(NULL, NULL, &err);
        return TFR_EXIT_ERROR;
    }
    (void)printf("%s: nothing is wrong\n", argv[2]);
    return cli_close_stdout();
}

/* ---- baseline ----------------------------------------------------------------------------------
 */

bool cli_write_baseline(const char *file, const struct tfr_report *report, struct tfr_error *err)
{
    const struct cli_output output = { .baseline = true, .file = file };
    const struct cli_options options = { .outputs = (struct cli_output *)&output,
                                         .output_count = 1 };

    return cli_write_outputs(&options, &(struct cli_subject){ .report = report }, err);
}
