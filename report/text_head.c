/* SPDX-License-Identifier: Apache-2.0 */
/* The first lines of the text report: the verdict, what to do now, what was read, what changes. */
#include "report/screen.h"

#include "report/escape.h"

#include <string.h>

/* ---- verdict --------------------------------------------------------------------------- */

/* "Terraform 1.11.4 plan, 64 resources" */
static void describe(struct tfr_buf *out, const struct tfr_report_input *input)
{
    tfr_buf_puts(out, input->product == TFR_OPENTOFU ? "OpenTofu " : "Terraform ");
    if (input->product_version != NULL)
        tfr_buf_printf(out, "%s ", input->product_version);
    tfr_buf_printf(out, "%s, %zu resource%s", input->kind == TFR_PLAN ? "plan" : "state",
                   input->resources, input->resources == 1 ? "" : "s");
}

/* An input's name and what it is, in what is left of a line. */
static void put_what(const struct tfr_screen *writer, const struct tfr_report_input *input,
                     size_t column)
{
    struct tfr_buf what = { 0 };
    size_t used;

    describe(&what, input);
    used = column + 2 + tfr_screen_columns(tfr_buf_text(&what));
    tfr_screen_input(writer, input, used < writer->width ? writer->width - used : 0);
    (void)fputs(": ", writer->out);
    tfr_screen_put(writer, TFR_PLAIN, tfr_buf_text(&what));
    (void)fputc('\n', writer->out);
    tfr_buf_fini(&what);
}

void tfr_text_verdict(const struct tfr_screen *writer)
{
    const struct tfr_report *report = writer->report;
    const struct tfr_report_input *worst = &report->inputs[report->worst_input];

    tfr_screen_put(writer, tfr_screen_verdict_color(report->verdict),
                   tfr_verdict_name(report->verdict));
    if (worst->score.given)
        (void)fprintf(writer->out, "  %d/100", worst->score.overall);
}

static void write_verdict(const struct tfr_screen *writer)
{
    const struct tfr_report *report = writer->report;
    const struct tfr_report_input *worst = &report->inputs[report->worst_input];
    const char *environment = tfr_environment_name(worst->environment.environment);
    char score[16] = "";

    if (report->exit_code == TFR_EXIT_ERROR) {
        tfr_screen_put(writer, TFR_RED, "NO VERDICT");
        (void)fprintf(writer->out, "  %s could not be read: do not apply\n",
                      report->input_count == 1 ? "the input" : "an input");
        return;
    }
    tfr_text_verdict(writer);
    if (worst->score.given)
        (void)snprintf(score, sizeof score, "  %d/100", worst->score.overall);
    (void)fprintf(writer->out, "  %s%s", environment, writer->style->ascii ? " - " : " \xc2\xb7 ");
    if (report->input_count == 1)
        put_what(writer, worst,
                 strlen(tfr_verdict_name(report->verdict)) + strlen(score) + 2 +
                     strlen(environment) + 3);
    else
        (void)fprintf(writer->out, "%zu documents, the worst counts\n", report->input_count);
}

static void write_bold(const struct tfr_screen *writer, const char *text)
{
    (void)fprintf(writer->out, "%s  ", tfr_screen_start(writer, TFR_BOLD));
    tfr_screen_wrap(writer, text, 2);
    (void)fputs(tfr_screen_end(writer, TFR_BOLD), writer->out);
}

/* What now, and why. */
static void write_reasons(const struct tfr_screen *writer)
{
    const struct tfr_report *report = writer->report;
    const struct tfr_report_input *worst = &report->inputs[report->worst_input];
    struct tfr_buf text = { 0 };

    tfr_report_next_step(&text, report);
    write_bold(writer, tfr_buf_text(&text));
    tfr_buf_reset(&text);
    for (size_t i = 0; report->reasons[i] != NULL; i++)
        tfr_buf_printf(&text, "%s; ", report->reasons[i]);
    tfr_buf_printf(&text, "judged as %s (%s)", tfr_environment_name(worst->environment.environment),
                   worst->environment.source);
    (void)fputs("  ", writer->out);
    tfr_screen_wrap(writer, tfr_buf_text(&text), 2);
    tfr_buf_fini(&text);
}

/* ---- inputs ---------------------------------------------------------------------------- */

static void write_note(const struct tfr_screen *writer, enum tfr_color color, const char *text)
{
    (void)fprintf(writer->out, "  %snote%s  ", tfr_screen_start(writer, color),
                  tfr_screen_end(writer, color));
    tfr_screen_wrap(writer, text, 8);
}

static void write_input(const struct tfr_screen *writer, const struct tfr_report_input *input)
{
    const enum tfr_color color = tfr_screen_verdict_color(input->verdict);
    const bool several = writer->report->input_count > 1;

    if (input->has_error && several) { /* alone, the message on standard error says it all */
        (void)fputs("  ", writer->out);
        tfr_screen_put(writer, TFR_RED, "unreadable");
        (void)fputs("  ", writer->out);
        tfr_screen_input(writer, input, writer->width / 2);
        (void)fputs(": ", writer->out);
        tfr_screen_put(writer, TFR_PLAIN, input->error.msg);
        (void)fputc('\n', writer->out);
    } else if (!input->has_error && several) {
        (void)fprintf(writer->out, "  %s%-14s%s ", tfr_screen_start(writer, color),
                      tfr_verdict_name(input->verdict), tfr_screen_end(writer, color));
        if (input->score.given)
            (void)fprintf(writer->out, "%3d/100  ", input->score.overall);
        put_what(writer, input, input->score.given ? 26 : 17);
    }
    for (size_t i = 0; i < input->note_count; i++)
        write_note(writer, TFR_DIM, input->notes[i].message);
}

/* ---- changes --------------------------------------------------------------------------- */

static void write_changes(const struct tfr_screen *writer)
{
    const struct tfr_report *report = writer->report;
    struct tfr_buf text = { 0 };
    uint32_t blast = 0;

    if (report->counts.total + report->counts.drifted == 0)
        return;
    for (size_t i = 0; i < report->input_count; i++)
        blast += report->inputs[i].blast;
    tfr_report_changes(&text, &report->counts);
    (void)fputs("  ", writer->out);
    tfr_screen_wrap(writer, tfr_buf_text(&text), 2);
    tfr_buf_reset(&text);
    tfr_buf_printf(&text, "%u resource%s on what this plan destroys or replaces", blast,
                   blast == 1 ? " that stays depends" : "s that stay depend");
    if (blast > 0)
        write_bold(writer, tfr_buf_text(&text));
    tfr_buf_fini(&text);
}

void tfr_text_head(const struct tfr_screen *writer)
{
    const struct tfr_report *report = writer->report;

    write_verdict(writer);
    if (writer->style->quiet)
        return;
    if (report->exit_code != TFR_EXIT_ERROR)
        write_reasons(writer);
    write_changes(writer);
    for (size_t i = 0; i < report->input_count; i++)
        write_input(writer, &report->inputs[i]);
    for (size_t i = 0; i < report->remark_count; i++)
        write_note(writer, TFR_YELLOW, report->remarks[i]);
}
