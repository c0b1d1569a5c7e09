/* SPDX-License-Identifier: Apache-2.0 */
/* Prometheus' text format, for the textfile collector: a sample per input. No time stamps: the
 * collector has the time of the file. */
#include "report/escape.h"
#include "report/sections.h"
#include "report/writers.h"

static void head(struct tfr_buf *out, const char *name, const char *help)
{
    tfr_buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* name{input="...",label="value"} number */
static void sample(struct tfr_buf *out, const char *name, const struct tfr_report_input *input,
                   const char *labels, long long number)
{
    struct tfr_buf text = { 0 };

    tfr_report_input_name(&text, input);
    tfr_buf_printf(out, "%s{input=\"", name);
    tfr_escape_label(out, tfr_buf_text(&text));
    tfr_buf_printf(out, "\"%s} %lld\n", labels, number);
    tfr_buf_fini(&text);
}

static void add_verdicts(struct tfr_buf *out, const struct tfr_report *report)
{
    head(out, "tfready_verdict", "0 go, 1 conditional go, 2 no-go, -1 not read.");
    for (size_t i = 0; i < report->input_count; i++) {
        const struct tfr_report_input *input = &report->inputs[i];

        sample(out, "tfready_verdict", input, "",
               input->has_error ? -1 : (long long)input->verdict - TFR_GO);
    }
}

static void add_scores(struct tfr_buf *out, const struct tfr_report *report)
{
    head(out, "tfready_score", "Score of 100.");
    for (size_t i = 0; i < report->input_count; i++) {
        if (report->inputs[i].score.given)
            sample(out, "tfready_score", &report->inputs[i], "", report->inputs[i].score.overall);
    }
    head(out, "tfready_coverage_percent", "Weighted share of looks that could be decided.");
    for (size_t i = 0; i < report->input_count; i++) {
        if (report->inputs[i].score.given)
            sample(out, "tfready_coverage_percent", &report->inputs[i], "",
                   report->inputs[i].score.coverage_percent);
    }
    head(out, "tfready_category_score", "Score of a category, hundredths of ten points.");
    for (size_t i = 0; i < report->input_count * TFR_CATEGORY_COUNT; i++) {
        const struct tfr_report_input *input = &report->inputs[i / TFR_CATEGORY_COUNT];
        const struct tfr_category_score *category =
            &input->score.categories[i % TFR_CATEGORY_COUNT];
        struct tfr_buf label = { 0 };

        if (!input->score.given || !category->assessed)
            continue;
        tfr_buf_printf(&label, ",category=\"%s\"", tfr_category_name(category->category));
        sample(out, "tfready_category_score", input, tfr_buf_text(&label), category->score);
        tfr_buf_fini(&label);
    }
}

static void add_findings(struct tfr_buf *out, const struct tfr_report *report,
                         const struct tfr_by_input *by, size_t input)
{
    size_t counts[TFR_P0 + 1][TFR_STATE_UNDECIDED + 1] = { { 0 } };

    for (size_t i = by->start[input]; i < by->start[input + 1]; i++) {
        const struct tfr_report_finding *finding = &report->findings[by->order[i]];

        counts[finding->severity][finding->state]++;
    }
    for (int severity = TFR_P0; severity >= TFR_INFO; severity--) {
        for (int state = TFR_OPEN; state <= TFR_STATE_UNDECIDED; state++) {
            struct tfr_buf labels = { 0 };

            tfr_buf_printf(&labels, ",severity=\"%s\",state=\"%s\"",
                           tfr_severity_name((enum tfr_severity)severity),
                           tfr_finding_state_name((enum tfr_finding_state)state));
            sample(out, "tfready_findings", &report->inputs[input], tfr_buf_text(&labels),
                   (long long)counts[severity][state]);
            tfr_buf_fini(&labels);
        }
    }
}

static void add_changes(struct tfr_buf *out, const struct tfr_report_input *input)
{
    const struct tfr_counts *counts = &input->counts;
    const struct {
        const char *name;
        uint32_t count;
    } rows[] = { { "create", counts->create },  { "update", counts->update },
                 { "delete", counts->delete_ }, { "replace", counts->replace },
                 { "read", counts->read },      { "no-op", counts->no_op },
                 { "forget", counts->forget },  { "other", counts->other } };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tfr_buf labels = { 0 };

        tfr_buf_printf(&labels, ",action=\"%s\"", rows[i].name);
        sample(out, "tfready_changes", input, tfr_buf_text(&labels), rows[i].count);
        tfr_buf_fini(&labels);
    }
}

void tfr_report_write_prometheus(const struct tfr_report *report, const struct tfr_style *style,
                                 FILE *out)
{
    struct tfr_buf text = { 0 };
    struct tfr_by_input by;

    (void)style;
    tfr_by_input_init(&by, report);
    add_verdicts(&text, report);
    add_scores(&text, report);
    head(&text, "tfready_findings", "Findings by severity and state.");
    for (size_t i = 0; i < report->input_count; i++) {
        if (!report->inputs[i].has_error)
            add_findings(&text, report, &by, i);
    }
    head(&text, "tfready_changes", "What the plan changes, by action.");
    for (size_t i = 0; i < report->input_count; i++) {
        if (!report->inputs[i].has_error)
            add_changes(&text, &report->inputs[i]);
    }
    (void)fwrite(text.data, 1, text.len, out);
    tfr_buf_fini(&text);
    tfr_by_input_fini(&by);
}
