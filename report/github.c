/* SPDX-License-Identifier: Apache-2.0 */
/* Workflow commands of GitHub Actions: an annotation per finding, the verdict first. The summary of
 * the step is the format markdown, written to $GITHUB_STEP_SUMMARY. */
#include "report/escape.h"
#include "report/writers.h"

#include <string.h>

static const char *command_of(const struct tfr_report_finding *finding)
{
    if (finding->state != TFR_OPEN)
        return "notice";
    return finding->severity == TFR_P0   ? "error"
           : finding->severity == TFR_P1 ? "warning"
                                         : "notice";
}

/* ::error file=plan.json,title=TEXT:: */
static void open_command(struct tfr_buf *out, const char *command, const char *file,
                         const char *title)
{
    tfr_buf_printf(out, "::%s ", command);
    if (file != NULL && strcmp(file, "-") != 0) {
        tfr_buf_puts(out, "file=");
        tfr_escape_github(out, file, true);
        tfr_buf_putc(out, ',');
    }
    tfr_buf_puts(out, "title=");
    tfr_escape_github(out, title, true);
    tfr_buf_puts(out, "::");
}

static void add_verdict(struct tfr_buf *out, const struct tfr_report_input *input)
{
    struct tfr_buf title = { 0 };

    if (input->has_error)
        tfr_buf_puts(&title, "no verdict: the input could not be read");
    else if (input->score.given)
        tfr_buf_printf(&title, "%s, %d of 100", tfr_verdict_name(input->verdict),
                       input->score.overall);
    else
        tfr_buf_puts(&title, tfr_verdict_name(input->verdict));
    open_command(out,
                 input->has_error || input->verdict == TFR_NO_GO ? "error"
                 : input->verdict == TFR_CONDITIONAL_GO          ? "warning"
                                                                 : "notice",
                 input->name, tfr_buf_text(&title));
    if (input->has_error)
        tfr_escape_github(out, input->error.msg, false);
    for (size_t i = 0; !input->has_error && input->reasons[i] != NULL; i++) {
        tfr_buf_puts(out, i > 0 ? "; " : "");
        tfr_escape_github(out, input->reasons[i], false);
    }
    tfr_buf_putc(out, '\n');
    tfr_buf_fini(&title);
}

static void add_notice(struct tfr_buf *out, const char *file, const char *text)
{
    open_command(out, "notice", file, "note");
    tfr_escape_github(out, text, false);
    tfr_buf_putc(out, '\n');
}

static void add_finding(struct tfr_buf *out, const struct tfr_report *report,
                        const struct tfr_report_finding *finding)
{
    struct tfr_buf title = { 0 };

    if (finding->state != TFR_OPEN)
        tfr_buf_printf(&title, "%s: ", tfr_finding_state_name(finding->state));
    tfr_buf_printf(&title, "%s %s %s", tfr_severity_name(finding->severity), finding->policy,
                   finding->title);
    open_command(out, command_of(finding), report->inputs[finding->input].name,
                 tfr_buf_text(&title));
    tfr_escape_github(out, tfr_report_subject(finding), false);
    tfr_buf_puts(out, ": ");
    tfr_escape_github(out, finding->message, false);
    if (finding->fix != NULL) {
        tfr_buf_puts(out, "%0A");
        tfr_escape_github(out, finding->fix, false);
    }
    tfr_buf_putc(out, '\n');
    tfr_buf_fini(&title);
}

void tfr_report_write_github(const struct tfr_report *report, const struct tfr_style *style,
                             FILE *out)
{
    struct tfr_buf text = { 0 };

    (void)style;
    for (size_t i = 0; i < report->input_count; i++)
        add_verdict(&text, &report->inputs[i]);
    for (size_t i = 0; i < report->input_count; i++) {
        for (size_t j = 0; j < report->inputs[i].note_count; j++)
            add_notice(&text, report->inputs[i].name, report->inputs[i].notes[j].message);
    }
    for (size_t i = 0; i < report->remark_count; i++)
        add_notice(&text, NULL, report->remarks[i]);
    for (size_t i = 0; i < report->finding_count; i++)
        add_finding(&text, report, &report->findings[i]);
    (void)fwrite(tfr_buf_text(&text), 1, text.len, out);
    tfr_buf_fini(&text);
}
