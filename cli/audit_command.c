/* SPDX-License-Identifier: Apache-2.0 */
/* tfready audit: many documents, and what they tell together. */
#include "cli/accepted.h"
#include "cli/audit_workers.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/settings.h"
#include "cli/staleness.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#define MAX_JOBS 256
#define KEPT_BYTES (8 << 20)     /* of each process */
#define MAPPED_BYTES (128 << 10) /* larger arrays grow by mapping, and leave no holes */

struct run {
    const struct cli_options *options;
    struct tfr_audit *audit;
    struct cli_lines *lines; /* one per output that wants lines */
    size_t line_count;
    struct tfr_history *history; /* NULL: none is kept */
    struct tfr_waivers *waivers;
    struct tfr_error err;
};

static void take_line(void *ctx, const char *line, size_t len)
{
    struct run *run = ctx;
    bool on_screen = false;

    cli_progress_document();
    for (size_t i = 0; i < run->line_count; i++)
        on_screen = on_screen || run->lines[i].file == NULL;
    if (on_screen)
        cli_progress_clear();
    for (size_t i = 0; i < run->line_count; i++)
        cli_lines_add(&run->lines[i], line, len);
    if (run->err.code != TFR_OK || !tfr_audit_add(run->audit, line, len, &run->err))
        return;
    if (run->history != NULL)
        (void)!tfr_history_add(run->history, line, len, &run->err);
}

/* Documents come and go: what one of them gave back is kept for the next one. Otherwise the C
 * library returns it to the system, and asks for it again, once per document. */
static void keep_memory(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
#endif
}

/* ---- inputs ------------------------------------------------------------------------------------
 */

static void add_input(void *ctx, const char *name)
{
    cli_names_add(ctx, name);
}

static void refuse_folder(void *ctx, const char *name, const char *member,
                          const struct tfr_error *error)
{
    (void)ctx;
    (void)error;
    (void)member;
    (void)name;
}

/* A folder that cannot be opened stays in the list: reading it says why. */
static void add_folder(struct cli_names *names, const char *name)
{
    const struct tfr_sink sink = { .ctx = names, .refused = refuse_folder };
    const size_t before = names->count;

    tfr_each_file(name, &sink, add_input, names);
    if (names->count == before)
        cli_names_add(names, name);
}

/* A name that is no file may be a pattern that the shell was kept from. */
static void add_path(struct cli_names *names, const char *name)
{
    glob_t found = { 0 };

    if (strpbrk(name, "*?[") != NULL && glob(name, GLOB_NOCHECK, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            add_folder(names, found.gl_pathv[i]);
        globfree(&found);
        return;
    }
    add_folder(names, name);
}

/* @LIST: a name per line. */
static bool add_list(struct cli_names *names, const char *list, struct tfr_error *err)
{
    FILE *stream = strcmp(list, "-") == 0 ? stdin : fopen(list, "r");
    char *line = NULL;
    size_t size = 0;
    ssize_t len;

    if (stream == NULL) {
        (void)tfr_fail(err, TFR_E_IO, "input.io", "cannot open the list: %s", strerror(errno));
        tfr_fail_file(err, list);
        return false;
    }
    while ((len = getline(&line, &size, stream)) > 0) {
        while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
            line[--len] = '\0';
        if (len > 0)
            add_path(names, line);
    }
    tfr_free(line);
    if (stream != stdin)
        (void)fclose(stream);
    return true;
}

static bool add_inputs(const struct cli_options *options, struct cli_names *names,
                       struct tfr_error *err)
{
    for (size_t i = 0; i < options->input_count; i++) {
        const char *input = options->inputs[i];

        if (input[0] == '@' && input[1] != '\0') {
            if (!add_list(names, input + 1, err))
                return false;
        } else {
            add_path(names, input);
        }
    }
    if (names->count > 0)
        return true;
    (void)tfr_fail(err, TFR_E_USAGE, "usage", "audit needs something to read");
    return tfr_fail_hint(err, "name files, folders, archives, @LIST, or - for standard input");
}

/* ---- merging -----------------------------------------------------------------------------------
 */

/* The lines of all files, sorted: the same whatever the split. Lines for programs need them at
 * once; totals do not. */
static bool merge_file(struct run *run, const char *name, struct cli_names *kept,
                       struct tfr_error *err)
{
    FILE *stream = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");
    char *line = NULL;
    size_t size = 0;
    ssize_t len;
    bool ok = true;

    if (stream == NULL) {
        (void)tfr_fail(err, TFR_E_IO, "input.io", "cannot open: %s", strerror(errno));
        tfr_fail_file(err, name);
        return false;
    }
    while (ok && (len = getline(&line, &size, stream)) > 0) {
        if (line[len - 1] == '\n')
            line[--len] = '\0';
        if (len == 0)
            continue;
        ok = tfr_audit_add(run->audit, line, (size_t)len, err) &&
             (run->history == NULL || tfr_history_add(run->history, line, (size_t)len, err));
        if (!ok)
            tfr_fail_file(err, name);
        if (run->line_count > 0)
            cli_names_add(kept, line);
    }
    ok = ok && (!ferror(stream) || tfr_fail(err, TFR_E_IO, "input.io", "cannot read"));
    tfr_free(line);
    if (stream != stdin)
        (void)fclose(stream);
    return ok;
}

static bool merge(struct run *run, struct tfr_error *err)
{
    const struct cli_options *options = run->options;
    struct cli_names kept = { 0 };
    bool ok = true;

    for (size_t i = 0; i < options->input_count && ok; i++)
        ok = merge_file(run, options->inputs[i], &kept, err);
    if (options->input_count == 0)
        ok = merge_file(run, "-", &kept, err);
    if (kept.count > 0)
        qsort(kept.at, kept.count, sizeof *kept.at, tfr_by_text);
    for (size_t i = 0; ok && i < kept.count; i++) {
        for (size_t k = 0; k < run->line_count; k++)
            cli_lines_add(&run->lines[k], kept.at[i], strlen(kept.at[i]));
    }
    cli_names_fini(&kept);
    return ok;
}

static bool map(struct run *run, struct tfr_error *err)
{
    const struct cli_line_sink sink = { .ctx = run, .line = take_line };
    struct tfr_document *state = cli_load_state(run->options, err);
    const struct cli_rules rules = { .policies = tfr_policies_new(),
                                     .waivers = run->waivers,
                                     .state = state };
    struct cli_names names = { 0 };
    bool ok;

    cli_progress_start(!run->options->quiet);
    ok = err->code == TFR_OK && cli_load_policies(run->options, rules.policies, err) &&
         add_inputs(run->options, &names, err) &&
         cli_map_inputs(run->options, &rules, &names, &sink, err);

    cli_progress_clear();
    if (ok && run->err.code != TFR_OK) {
        *err = run->err;
        ok = false;
    }
    cli_names_fini(&names);
    tfr_policies_free(rules.policies);
    tfr_document_free(state);
    return ok;
}

/* ---- the command -------------------------------------------------------------------------------
 */

static bool open_lines(struct run *run, struct tfr_error *err)
{
    const struct cli_options *options = run->options;

    run->lines = tfr_calloc(options->output_count, sizeof *run->lines);
    for (size_t i = 0; i < options->output_count; i++) {
        if (!options->outputs[i].lines)
            continue;
        if (!cli_lines_open(&options->outputs[i], &run->lines[run->line_count], err))
            return false;
        run->line_count++;
    }
    return true;
}

static bool open_history(struct run *run, struct tfr_error *err)
{
    char day[11] = "";

    if (run->options->history == NULL)
        return true;
    cli_day(run->options, day);
    run->history = tfr_history_open(run->options->history, day, err);
    if (run->history != NULL)
        (void)fprintf(stderr, "tfready: history: as of %s\n", day);
    return run->history != NULL;
}

static struct tfr_audit *new_audit(const struct cli_options *options)
{
    struct tfr_audit_options wanted = { .across = !options->no_across };

    for (size_t i = 0; i < options->output_count; i++)
        wanted.all_rows = wanted.all_rows || (options->outputs[i].audit != NULL &&
                                              options->outputs[i].audit->all_rows);
    cli_day(options, wanted.as_of);
    return tfr_audit_new(&wanted);
}

static int exit_code(const struct cli_options *options, const struct tfr_audit *audit)
{
    const enum tfr_exit code = tfr_audit_exit(audit);

    if (options->soft_fail && code != TFR_EXIT_ERROR)
        return TFR_EXIT_GO;
    if (options->fail_on == CLI_FAIL_ON_NO_GO && code == TFR_EXIT_CONDITIONAL)
        return TFR_EXIT_GO;
    return (int)code;
}

static int audit(const struct cli_options *options, bool merging)
{
    struct run run = { .options = options, .audit = new_audit(options) };
    struct tfr_error err = { 0 };
    int code = TFR_EXIT_ERROR;
    bool ok;

    run.waivers = cli_load_waivers(options, &err);
    ok = run.waivers != NULL && open_lines(&run, &err) && open_history(&run, &err) &&
         (merging ? merge(&run, &err) : map(&run, &err));
    tfr_audit_finish(run.audit);
    if (run.waivers != NULL)
        tfr_audit_add_waivers(run.audit, run.waivers);
    for (size_t i = 0; i < run.line_count; i++)
        ok = cli_lines_close(&run.lines[i], &err) && ok;
    ok = tfr_history_close(run.history, &err) && ok;
    ok = ok && cli_write_outputs(options, &(struct cli_subject){ .audit = run.audit }, &err);
    if (ok)
        code = exit_code(options, run.audit);
    else
        cli_say_error(NULL, NULL, &err);
    tfr_free(run.lines);
    tfr_waivers_free(run.waivers);
    tfr_audit_free(run.audit);
    return code;
}

int cli_audit(int argc, char **argv)
{
    struct cli_options options = { .command = CLI_AUDIT };
    struct tfr_error err = { 0 };
    const bool merging = argc > 1 && strcmp(argv[1], "merge") == 0;
    int code = TFR_EXIT_ERROR;

    if (!cli_options_parse(argc - merging, argv + merging, &options, &err)) {
        cli_say_error(NULL, NULL, &err);
    } else if (cli_is_question(&options)) {
        code = cli_answer(&options);
    } else if (options.jobs > MAX_JOBS) {
        (void)tfr_fail(&err, TFR_E_USAGE, "usage", "--jobs is %d at most", MAX_JOBS);
        cli_say_error(NULL, NULL, &err);
    } else {
        keep_memory();
        code = audit(&options, merging);
        cli_say_timing(options.timing);
    }
    cli_options_fini(&options);
    return code;
}
