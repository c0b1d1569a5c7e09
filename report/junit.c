/* SPDX-License-Identifier: Apache-2.0 */
/* JUnit XML: a suite per input, a test case per finding and one for the verdict. Open P0 and P1
 * fail, what is undecided, waived or cosmetic is skipped, advice passes with its text in
 * system-out. */
#include "report/escape.h"
#include "report/sections.h"
#include "report/writers.h"

struct totals {
    size_t tests, failures, errors, skipped;
};

struct writer {
    struct tfr_buf text;
    const struct tfr_report *report;
    struct tfr_by_input by;
    size_t row; /* the first row of the next input: rows come input by input */
};

static bool fails(const struct tfr_report_finding *finding)
{
    return finding->state == TFR_OPEN && finding->severity >= TFR_P1;
}

static struct totals count(const struct writer *writer, size_t input)
{
    const struct tfr_report *report = writer->report;
    struct totals totals = { .tests = 1 };

    if (report->inputs[input].has_error)
        totals.errors = 1;
    else
        totals.failures = report->inputs[input].verdict != TFR_GO;
    for (size_t i = writer->by.start[input]; i < writer->by.start[input + 1]; i++) {
        const struct tfr_report_finding *finding = &report->findings[writer->by.order[i]];

        totals.tests++;
        totals.failures += fails(finding);
        totals.skipped += finding->state != TFR_OPEN;
    }
    if (report->row_count > 0) /* the passed ones were kept */
        totals.tests += report->inputs[input].passed;
    return totals;
}

static void attribute(struct tfr_buf *out, const char *name, const char *value)
{
    tfr_buf_printf(out, " %s=\"", name);
    tfr_escape_xml(out, value);
    tfr_buf_putc(out, '"');
}

static void line(struct tfr_buf *out, const char *label, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    tfr_buf_printf(out, "%s: ", label);
    tfr_escape_xml(out, text);
    tfr_buf_putc(out, '\n');
}

static void add_body(struct tfr_buf *out, const struct tfr_report_finding *finding)
{
    line(out, "what", finding->message);
    line(out, "why", finding->why);
    line(out, "do", finding->fix);
    line(out, "verify", finding->verify);
}

static void add_finding(struct tfr_buf *out, const struct tfr_report_finding *finding)
{
    struct tfr_buf name = { 0 };

    tfr_buf_printf(&name, "%s %s: %s", finding->policy, finding->title,
                   tfr_report_subject(finding));
    tfr_buf_puts(out, "    <testcase");
    attribute(out, "classname", finding->policy);
    attribute(out, "name", tfr_buf_text(&name));
    tfr_buf_puts(out, ">\n");
    if (fails(finding)) {
        tfr_buf_puts(out, "      <failure");
        attribute(out, "type", tfr_severity_name(finding->severity));
        attribute(out, "message", finding->message);
        tfr_buf_putc(out, '>');
        add_body(out, finding);
        tfr_buf_puts(out, "</failure>\n");
    } else if (finding->state != TFR_OPEN) {
        const bool undecided = finding->state == TFR_STATE_UNDECIDED;
        struct tfr_buf text = { 0 };

        tfr_buf_printf(&text, "%s: %s", tfr_finding_state_name(finding->state),
                       undecided && finding->undecided_because != NULL ? finding->undecided_because
                       : finding->waiver != NULL                       ? finding->waiver
                                                                       : finding->message);
        tfr_buf_puts(out, "      <skipped");
        attribute(out, "message", tfr_buf_text(&text));
        tfr_buf_puts(out, "/>\n");
        tfr_buf_fini(&text);
    } else {
        tfr_buf_puts(out, "      <system-out>");
        add_body(out, finding);
        tfr_buf_puts(out, "</system-out>\n");
    }
    tfr_buf_puts(out, "    </testcase>\n");
    tfr_buf_fini(&name);
}

static void add_verdict(struct tfr_buf *out, const struct tfr_report_input *input)
{
    tfr_buf_puts(out, "    <testcase classname=\"tfready\" name=\"verdict\">");
    if (input->has_error) {
        tfr_buf_puts(out, "<error");
        attribute(out, "type", input->error.id);
        attribute(out, "message", input->error.msg);
        tfr_buf_puts(out, "/>");
    } else if (input->verdict != TFR_GO) {
        tfr_buf_puts(out, "<failure");
        attribute(out, "type", "verdict");
        attribute(out, "message", tfr_verdict_name(input->verdict));
        tfr_buf_putc(out, '>');
        for (size_t i = 0; input->reasons[i] != NULL; i++)
            line(out, "because", input->reasons[i]);
        tfr_buf_puts(out, "</failure>");
    }
    if (input->note_count > 0) {
        tfr_buf_puts(out, "<system-out>");
        for (size_t i = 0; i < input->note_count; i++)
            line(out, "note", input->notes[i].message);
        tfr_buf_puts(out, "</system-out>");
    }
    tfr_buf_puts(out, "</testcase>\n");
}

static void put_totals(struct tfr_buf *out, const struct totals *totals)
{
    tfr_buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", totals->tests,
                   totals->failures, totals->errors);
}

static void add_passed(struct tfr_buf *out, const struct tfr_report_row *row)
{
    tfr_buf_puts(out, "    <testcase");
    attribute(out, "classname", row->policy);
    attribute(out, "name", row->address);
    tfr_buf_puts(out, "/>\n");
}

static void add_suite(struct writer *writer, size_t input)
{
    const struct tfr_report *report = writer->report;
    const struct totals totals = count(writer, input);
    struct tfr_buf *out = &writer->text;
    struct tfr_buf name = { 0 };

    tfr_report_input_name(&name, &report->inputs[input]);
    tfr_buf_puts(out, "  <testsuite");
    attribute(out, "name", tfr_buf_text(&name));
    put_totals(out, &totals);
    tfr_buf_printf(out, " skipped=\"%zu\">\n", totals.skipped);
    add_verdict(out, &report->inputs[input]);
    for (size_t i = writer->by.start[input]; i < writer->by.start[input + 1]; i++)
        add_finding(out, &report->findings[writer->by.order[i]]);
    for (; writer->row < report->row_count; writer->row++) {
        const struct tfr_report_row *row = &report->rows[writer->row];

        if (row->input != input)
            break;
        if (row->result == TFR_PASS)
            add_passed(out, row);
    }
    tfr_buf_puts(out, "  </testsuite>\n");
    tfr_buf_fini(&name);
}

void tfr_report_write_junit(const struct tfr_report *report, const struct tfr_style *style,
                            FILE *out)
{
    struct writer writer = { .report = report };
    struct totals sum = { 0 };

    (void)style;
    tfr_by_input_init(&writer.by, report);
    for (size_t i = 0; i < report->input_count; i++) {
        const struct totals one = count(&writer, i);

        sum.tests += one.tests;
        sum.failures += one.failures;
        sum.errors += one.errors;
    }
    tfr_buf_puts(&writer.text,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"tfready\"");
    put_totals(&writer.text, &sum);
    tfr_buf_puts(&writer.text, ">\n");
    for (size_t i = 0; i < report->input_count; i++)
        add_suite(&writer, i);
    tfr_buf_puts(&writer.text, "</testsuites>\n");
    (void)fwrite(writer.text.data, 1, writer.text.len, out);
    tfr_buf_fini(&writer.text);
    tfr_by_input_fini(&writer.by);
}
