/* SPDX-License-Identifier: Apache-2.0 */
/* tfready diff: two reports, plans or states, side by side. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

#define HEAD_BYTES 200                    /* in which a report says that it is one */
#define REPORT_BYTES (256L * 1024 * 1024) /* of a report that is read back */

struct judging {
    struct tfr_policies *policies;
    struct tfr_report_builder *report;
    struct tfr_document *state; /* if the input is one */
    size_t documents;
    bool failed;
};

/* One of the two that are compared. */
struct side {
    struct tfr_buf report;      /* JSON */
    struct tfr_document *state; /* NULL: it is none, or several */
};

static void judge(void *ctx, struct tfr_document *document)
{
    struct judging *judging = ctx;
    const struct tfr_evaluate_options options = { .has_environment = false };
    struct tfr_graph *graph = tfr_graph_build(document);
    struct tfr_findings findings = { 0 };

    tfr_evaluate(document, graph, judging->policies, &options, &findings);
    tfr_report_add(judging->report, document, graph, &findings);
    tfr_findings_fini(&findings);
    tfr_graph_free(graph);
    tfr_document_free(judging->state);
    judging->state = NULL;
    if (++judging->documents == 1 &&
        (document->kind == TFR_STATE || document->kind == TFR_RAW_STATE))
        judging->state = document;
    else
        tfr_document_free(document);
}

static void refuse(void *ctx, const char *name, const char *member, const struct tfr_error *error)
{
    struct judging *judging = ctx;

    judging->failed = true;
    cli_say_error(name, member, error);
}

/* Judges a document with the built-in policies. */
static bool judge_input(const char *name, struct side *out)
{
    struct judging judging = { .policies = tfr_policies_new() };
    const struct tfr_report_options options = { .policies = judging.policies };
    const struct tfr_sink sink = { .ctx = &judging, .document = judge, .refused = refuse };
    const struct tfr_read_options read = { .piece = 0 };
    const struct tfr_style style = { .quiet = false };
    struct tfr_report *report;
    char *text = NULL;
    size_t len = 0;
    FILE *stream;

    tfr_policies_add_builtin(judging.policies);
    judging.report = tfr_report_new(&options);
    tfr_read_input(name, &read, &sink);
    report = tfr_report_finish(judging.report);
    stream = open_memstream(&text, &len);
    if (stream == NULL)
        tfr_oom();
    tfr_format_find("json")->write(report, &style, stream);
    if (fclose(stream) != 0)
        tfr_oom();
    tfr_buf_add(&out->report, text, len);
    out->state = judging.state;
    tfr_free(text);
    tfr_report_free(report);
    tfr_policies_free(judging.policies);
    return !judging.failed;
}

/* A file that begins as our reports do. */
static bool read_report(const char *name, struct tfr_buf *out)
{
    FILE *file = strcmp(name, "-") != 0 ? fopen(name, "rb") : NULL;
    char piece[65536];
    char head[HEAD_BYTES + 1] = "";
    size_t len;

    if (file == NULL)
        return false;
    while ((len = fread(piece, 1, sizeof piece, file)) > 0) {
        if (out->len == 0)
            memcpy(head, piece, len < HEAD_BYTES ? len : HEAD_BYTES);
        tfr_buf_add(out, piece, len);
        if (strstr(head, "\"tfready/report/1\"") == NULL || out->len > REPORT_BYTES)
            break;
    }
    (void)fclose(file);
    if (strstr(head, "\"tfready/report/1\"") != NULL)
        return true;
    tfr_buf_reset(out);
    return false;
}

static bool take_form(const char *name, enum tfr_diff_form *out)
{
    static const char *const names[] = { "text", "markdown", "json" };

    for (int i = 0; i < 3; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum tfr_diff_form)i;
            return true;
        }
    }
    return false;
}

static int compare(const char *const *names, enum tfr_diff_form form)
{
    struct side sides[2] = { { .state = NULL }, { .state = NULL } };
    struct tfr_error err = { 0 };
    struct tfr_diff *diff = NULL;
    bool ok = true;
    int code = TFR_EXIT_ERROR;

    for (int i = 0; ok && i < 2; i++)
        ok = read_report(names[i], &sides[i].report) || judge_input(names[i], &sides[i]);
    if (ok && (diff = tfr_diff_new(&sides[0].report, &sides[1].report, &err)) == NULL)
        cli_say_error(NULL, NULL, &err);
    if (diff != NULL && sides[0].state != NULL && sides[1].state != NULL)
        tfr_diff_add_states(diff, sides[0].state, sides[1].state);
    if (diff != NULL) {
        tfr_diff_write(diff, form, stdout);
        code = cli_close_stdout();
        if (code == TFR_EXIT_GO && tfr_diff_is_worse(diff))
            code = TFR_EXIT_NO_GO;
    }
    tfr_diff_free(diff);
    for (int i = 0; i < 2; i++) {
        tfr_buf_fini(&sides[i].report);
        tfr_document_free(sides[i].state);
    }
    return code;
}

int cli_diff(int argc, char **argv)
{
    enum tfr_diff_form form = TFR_DIFF_TEXT;
    struct tfr_error err = { 0 };
    int at = 1;

    if (argc > 2 && strcmp(argv[1], "-o") == 0) {
        at = take_form(argv[2], &form) ? 3 : argc;
    }
    if (argc - at != 2) {
        (void)tfr_fail(&err, TFR_E_USAGE, "usage", "diff wants: [-o text|markdown|json] OLD NEW");
        (void)tfr_fail_hint(&err, "OLD and NEW are reports of -o json, plans or states");
        cli_say_error(NULL, NULL, &err);
        return TFR_EXIT_ERROR;
    }
    return compare((const char *const *)argv + at, form);
}
