/* SPDX-License-Identifier: Apache-2.0 */
/* What `conftest test -o json` prints, for tools that read it: an object per input. Open P0 are
 * failures, open P1 and P2 and what is undecided are warnings, the waived and cosmetic are
 * exceptions. */
#include "report/escape.h"
#include "report/gen.h"
#include "report/sections.h"
#include "report/writers.h"

enum kind { FAILURE, WARNING, EXCEPTION };

static enum kind kind_of(const struct tfr_report_finding *finding)
{
    if (finding->state == TFR_WAIVED || finding->state == TFR_COSMETIC)
        return EXCEPTION;
    return finding->state == TFR_OPEN && finding->severity == TFR_P0 ? FAILURE : WARNING;
}

static void write_message(yajl_gen gen, const struct tfr_report_finding *finding)
{
    struct tfr_buf text = { 0 };

    tfr_buf_printf(&text, "%s %s: %s: %s", finding->policy, finding->title,
                   tfr_report_subject(finding), finding->message);
    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "msg", tfr_buf_text(&text));
    tfr_gen_open(gen, "metadata");
    tfr_gen_text(gen, "policy", finding->policy);
    tfr_gen_text(gen, "severity", tfr_severity_name(finding->severity));
    tfr_gen_text(gen, "state", tfr_finding_state_name(finding->state));
    tfr_gen_text(gen, "address", finding->address);
    if (finding->fix != NULL)
        tfr_gen_text(gen, "fix", finding->fix);
    tfr_gen_text(gen, "fingerprint", finding->fingerprint);
    tfr_gen_close(gen);
    tfr_gen_close(gen);
    tfr_buf_fini(&text);
}

struct writer {
    yajl_gen gen;
    const struct tfr_report *report;
    struct tfr_by_input by;
};

static void write_list(const struct writer *writer, size_t input, enum kind kind)
{
    static const char *const names[] = { "failures", "warnings", "exceptions" };
    const struct tfr_report *report = writer->report;

    tfr_gen_open_list(writer->gen, names[kind]);
    for (size_t i = writer->by.start[input]; i < writer->by.start[input + 1]; i++) {
        const struct tfr_report_finding *finding = &report->findings[writer->by.order[i]];

        if (kind_of(finding) == kind)
            write_message(writer->gen, finding);
    }
    if (kind == FAILURE && report->inputs[input].has_error) {
        tfr_gen_open(writer->gen, NULL);
        tfr_gen_text(writer->gen, "msg", report->inputs[input].error.msg);
        tfr_gen_close(writer->gen);
    }
    tfr_gen_close_list(writer->gen);
}

void tfr_report_write_conftest(const struct tfr_report *report, const struct tfr_style *style,
                               FILE *out)
{
    struct writer writer = { .gen = tfr_gen_new(out, true), .report = report };
    yajl_gen gen = writer.gen;

    (void)style;
    tfr_by_input_init(&writer.by, report);
    tfr_gen_open_list(gen, NULL);
    for (size_t i = 0; i < report->input_count; i++) {
        tfr_gen_open(gen, NULL);
        tfr_gen_file_name(gen, "filename", report->inputs[i].name);
        tfr_gen_text(gen, "namespace", "tfready");
        tfr_gen_number(gen, "successes", (long long)report->inputs[i].passed);
        write_list(&writer, i, WARNING);
        write_list(&writer, i, FAILURE);
        write_list(&writer, i, EXCEPTION);
        tfr_gen_close(gen);
    }
    tfr_gen_close_list(gen);
    tfr_gen_end(gen);
    tfr_by_input_fini(&writer.by);
}
