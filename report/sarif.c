/* SPDX-License-Identifier: Apache-2.0 */
/* SARIF 2.1.0: one run; a rule per policy that found something, a result per finding. */
#include "report/escape.h"
#include "report/gen.h"
#include "report/writers.h"

#include <string.h>

#ifndef TFREADY_VERSION
#define TFREADY_VERSION "unknown"
#endif

static const char *level_of(enum tfr_severity severity)
{
    return severity == TFR_P0 ? "error" : severity == TFR_P1 ? "warning" : "note";
}

static void message(yajl_gen gen, const char *name, const char *text)
{
    tfr_gen_open(gen, name);
    tfr_gen_text(gen, "text", text);
    tfr_gen_close(gen);
}

/* Findings are sorted by severity first, so a policy may come up again at another one. Only the
 * first finding of each run of a policy has to look back. */
static bool is_first(const struct tfr_report *report, size_t index)
{
    const char *policy = report->findings[index].policy;

    if (index > 0 && strcmp(report->findings[index - 1].policy, policy) == 0)
        return false;
    for (size_t i = 0; i < index; i++) {
        if (strcmp(report->findings[i].policy, policy) == 0)
            return false;
    }
    return true;
}

static void write_rule(yajl_gen gen, const struct tfr_report_finding *finding)
{
    struct tfr_buf help = { 0 };

    if (finding->fix != NULL)
        tfr_buf_printf(&help, "%s", finding->fix);
    if (finding->verify != NULL)
        tfr_buf_printf(&help, "%sVerify: %s", help.len > 0 ? "\n" : "", finding->verify);
    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "id", finding->policy);
    message(gen, "shortDescription", finding->title);
    if (finding->why != NULL)
        message(gen, "fullDescription", finding->why);
    if (help.len > 0)
        message(gen, "help", tfr_buf_text(&help));
    tfr_gen_open(gen, "defaultConfiguration");
    tfr_gen_text(gen, "level", level_of(finding->severity));
    tfr_gen_close(gen);
    tfr_gen_open(gen, "properties");
    tfr_gen_text(gen, "category", tfr_category_name(finding->category));
    tfr_gen_texts(gen, "maps_to", finding->maps_to);
    tfr_gen_close(gen);
    tfr_gen_close(gen);
    tfr_buf_fini(&help);
}

/* @param subject what it is about there, or NULL */
static void write_location(yajl_gen gen, const struct tfr_report_input *input, const char *subject)
{
    struct tfr_buf uri = { 0 };

    tfr_escape_uri(&uri, input->name);
    tfr_gen_open_list(gen, "locations");
    tfr_gen_open(gen, NULL);
    tfr_gen_open(gen, "physicalLocation");
    tfr_gen_open(gen, "artifactLocation");
    tfr_gen_text(gen, "uri", tfr_buf_text(&uri));
    tfr_gen_close(gen);
    tfr_gen_open(gen, "region"); /* GitHub wants one; plan JSON is a single line */
    tfr_gen_number(gen, "startLine", 1);
    tfr_gen_close(gen);
    tfr_gen_close(gen);
    if (subject != NULL) {
        tfr_gen_open_list(gen, "logicalLocations");
        tfr_gen_open(gen, NULL);
        tfr_gen_text(gen, "fullyQualifiedName", subject);
        tfr_gen_text(gen, "kind", "resource");
        tfr_gen_close(gen);
        tfr_gen_close_list(gen);
    }
    tfr_gen_close(gen);
    tfr_gen_close_list(gen);
    tfr_buf_fini(&uri);
}

static void write_result(yajl_gen gen, const struct tfr_report *report,
                         const struct tfr_report_finding *finding)
{
    const bool undecided = finding->state == TFR_STATE_UNDECIDED;
    struct tfr_buf text = { 0 };

    tfr_buf_printf(&text, "%s: %s", tfr_report_subject(finding), finding->message);
    if (undecided && finding->undecided_because != NULL)
        tfr_buf_printf(&text, " (decided by: %s)", finding->undecided_because);
    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "ruleId", finding->policy);
    tfr_gen_text(gen, "kind", undecided ? "review" : "fail");
    tfr_gen_text(gen, "level",
                 undecided                        ? "none"
                 : finding->state == TFR_COSMETIC ? "note"
                                                  : level_of(finding->severity));
    message(gen, "message", tfr_buf_text(&text));
    write_location(gen, &report->inputs[finding->input], tfr_report_subject(finding));
    tfr_gen_open(gen, "partialFingerprints");
    tfr_gen_text(gen, "tfready/v1", finding->fingerprint);
    tfr_gen_close(gen);
    if (finding->state == TFR_WAIVED) {
        tfr_gen_open_list(gen, "suppressions");
        tfr_gen_open(gen, NULL);
        tfr_gen_text(gen, "kind", "external");
        tfr_gen_text(gen, "justification", finding->waiver != NULL ? finding->waiver : "waived");
        tfr_gen_close(gen);
        tfr_gen_close_list(gen);
    }
    tfr_gen_open(gen, "properties");
    tfr_gen_text(gen, "severity", tfr_severity_name(finding->severity));
    tfr_gen_text(gen, "state", tfr_finding_state_name(finding->state));
    if (finding->fix != NULL)
        tfr_gen_text(gen, "fix", finding->fix);
    tfr_gen_close(gen);
    tfr_gen_close(gen);
    tfr_buf_fini(&text);
}

/* @param input what it is about, or NULL */
static void write_notification(yajl_gen gen, const char *level,
                               const struct tfr_report_input *input, const char *text)
{
    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "level", level);
    message(gen, "message", text);
    if (input != NULL)
        write_location(gen, input, NULL);
    tfr_gen_close(gen);
}

static void write_invocation(yajl_gen gen, const struct tfr_report *report)
{
    tfr_gen_open_list(gen, "invocations");
    tfr_gen_open(gen, NULL);
    tfr_gen_flag(gen, "executionSuccessful", report->exit_code != TFR_EXIT_ERROR);
    tfr_gen_number(gen, "exitCode", report->exit_code);
    tfr_gen_open_list(gen, "toolExecutionNotifications");
    for (size_t i = 0; i < report->input_count; i++) {
        const struct tfr_report_input *input = &report->inputs[i];

        if (input->has_error)
            write_notification(gen, "error", input, input->error.msg);
        for (size_t j = 0; j < input->note_count; j++)
            write_notification(gen, "note", input, input->notes[j].message);
    }
    for (size_t i = 0; i < report->remark_count; i++)
        write_notification(gen, "note", NULL, report->remarks[i]);
    tfr_gen_close_list(gen);
    tfr_gen_close(gen);
    tfr_gen_close_list(gen);
}

void tfr_report_write_sarif(const struct tfr_report *report, const struct tfr_style *style,
                            FILE *out)
{
    yajl_gen gen = tfr_gen_new(out, true);

    (void)style;
    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    tfr_gen_text(gen, "version", "2.1.0");
    tfr_gen_open_list(gen, "runs");
    tfr_gen_open(gen, NULL);
    tfr_gen_open(gen, "tool");
    tfr_gen_open(gen, "driver");
    tfr_gen_text(gen, "name", "tfready");
    tfr_gen_text(gen, "version", TFREADY_VERSION);
    tfr_gen_open_list(gen, "rules");
    for (size_t i = 0; i < report->finding_count; i++) {
        if (is_first(report, i))
            write_rule(gen, &report->findings[i]);
    }
    tfr_gen_close_list(gen);
    tfr_gen_close(gen);
    tfr_gen_close(gen);
    write_invocation(gen, report);
    tfr_gen_open_list(gen, "results");
    for (size_t i = 0; i < report->finding_count; i++)
        write_result(gen, report, &report->findings[i]);
    tfr_gen_close_list(gen);
    tfr_gen_open(gen, "properties");
    tfr_gen_text(gen, "verdict", tfr_verdict_name(report->verdict));
    tfr_gen_close(gen);
    tfr_gen_close(gen);
    tfr_gen_close_list(gen);
    tfr_gen_close(gen);
    tfr_gen_end(gen);
}
