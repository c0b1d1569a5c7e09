/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 4180: a line per finding, CRLF, one head line. Cells that a spreadsheet would take for a
 * formula begin with an apostrophe. */
#include "report/escape.h"
#include "report/writers.h"

static const char head[] = "input,policy,severity,state,category,address,type,action,title,message,"
                           "why,fix,verify,undecided_because,certainty,blast_radius,group,waiver,"
                           "fingerprint\r\n";

static void cell(struct tfr_buf *out, const char *text)
{
    tfr_escape_csv(out, text);
    tfr_buf_putc(out, ',');
}

static void add_finding(struct tfr_buf *out, const struct tfr_report *report,
                        const struct tfr_report_finding *finding)
{
    struct tfr_buf name = { 0 };

    tfr_report_input_name(&name, &report->inputs[finding->input]);
    cell(out, tfr_buf_text(&name));
    cell(out, finding->policy);
    cell(out, tfr_severity_name(finding->severity));
    cell(out, tfr_finding_state_name(finding->state));
    cell(out, tfr_category_name(finding->category));
    cell(out, finding->address);
    cell(out, finding->type);
    cell(out, finding->action);
    cell(out, finding->title);
    cell(out, finding->message);
    cell(out, finding->why);
    cell(out, finding->fix);
    cell(out, finding->verify);
    cell(out, finding->undecided_because);
    cell(out, tfr_certainty_name(finding->certainty));
    if (finding->has_blast)
        tfr_buf_printf(out, "%u", finding->blast_total);
    tfr_buf_putc(out, ',');
    cell(out, finding->group);
    cell(out, finding->waiver);
    tfr_escape_csv(out, finding->fingerprint);
    tfr_buf_puts(out, "\r\n");
    tfr_buf_fini(&name);
}

void tfr_report_write_csv(const struct tfr_report *report, const struct tfr_style *style, FILE *out)
{
    struct tfr_buf text = { 0 };

    (void)style;
    tfr_buf_puts(&text, head);
    for (size_t i = 0; i < report->finding_count; i++)
        add_finding(&text, report, &report->findings[i]);
    (void)fwrite(text.data, 1, text.len, out);
    tfr_buf_fini(&text);
}
