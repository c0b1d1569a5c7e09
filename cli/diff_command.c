/* SPDX-License-Identifier: Apache-2.0 */
/* tfready diff: two reports, plans or states, side by side. */
#include "cli/accepted.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/settings.h"

#include <stdlib.h>
#include <string.h>

#define HEAD_BYTES 200                    /* in which a report says that it is one */
#define REPORT_BYTES (256L * 1024 * 1024) /* of a report that is read back */

struct judging {
    const struct cli_options *options;
    struct tfr_policies *policies;
    struct tfr_waivers *waivers;
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
    struct tfr_graph *graph = tfr_graph_build(document);
    struct tfr_findings findings = { 0 };

    tfr_evaluate(document, graph, judging->policies, &judging->options->evaluate, &findings);
    tfr_waivers_apply(judging->waivers, document, &findings);
    tfr_report_add(judging->report, document, graph, &findings, false);
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

/* Judges a document as the options say. */
static bool judge_input(const struct judging *how, const char *name, struct side *out)
{
    struct judging judging = *how;
    const struct tfr_report_options options = { .policies = how->policies,
                                                .waivers = how->waivers,
                                                .config = how->options->config };
    const struct tfr_sink sink = { .ctx = &judging, .document = judge, .refused = refuse };
    const struct tfr_style style = { .quiet = false };
    struct tfr_report *report;
    char *text = NULL;
    size_t len = 0;
    FILE *stream;

    judging.report = tfr_report_new(&options);
    tfr_read_input(name, &how->options->read, &sink);
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

static int compare(const struct judging *how)
{
    const struct cli_options *options = how->options;
    struct side sides[2] = { { .state = NULL }, { .state = NULL } };
    struct tfr_error err = { 0 };
    struct tfr_diff *diff = NULL;
    bool ok = true;
    int code = TFR_EXIT_ERROR;

    for (int i = 0; ok && i < 2; i++)
        ok = read_report(options->inputs[i], &sides[i].report) ||
             judge_input(how, options->inputs[i], &sides[i]);
    if (ok) {
        const struct tfr_diff_input old = { &sides[0].report, sides[0].state };
        const struct tfr_diff_input now = { &sides[1].report, sides[1].state };

        diff = tfr_diff_new(&old, &now, &err);
        ok =
            diff != NULL && cli_write_outputs(options, &(struct cli_subject){ .diff = diff }, &err);
        if (!ok)
            cli_say_error(NULL, NULL, &err);
        else
            code = tfr_diff_is_worse(diff) ? TFR_EXIT_NO_GO : TFR_EXIT_GO;
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
    struct cli_options options = { .command = CLI_DIFF };
    struct judging judging = { .options = &options, .policies = tfr_policies_new() };
    struct tfr_error err = { 0 };
    int code = TFR_EXIT_ERROR;

    if (!cli_options_parse(argc, argv, &options, &err)) {
        cli_say_error(NULL, NULL, &err);
    } else if (cli_is_question(&options)) {
        code = cli_answer(&options);
    } else if (options.input_count != 2) {
        (void)tfr_fail(&err, TFR_E_USAGE, "usage", "diff wants: [OPTIONS] OLD NEW");
        (void)tfr_fail_hint(&err, "OLD and NEW are reports of -o json, plans or states");
        cli_say_error(NULL, NULL, &err);
    } else if (!cli_load_policies(&options, judging.policies, &err) ||
               (judging.waivers = cli_load_waivers(&options, &err)) == NULL) {
        cli_say_error(NULL, NULL, &err);
    } else {
        code = compare(&judging);
    }
    tfr_waivers_free(judging.waivers);
    tfr_policies_free(judging.policies);
    cli_options_fini(&options);
    return code;
}
