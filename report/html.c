/* SPDX-License-Identifier: Apache-2.0 */
/* The readiness review as one HTML file: head, findings, picture; html_score.c has the rest. */
#include "report/html.h"

#include "report/escape.h"
#include "report/html_style.h"
#include "report/sections.h"
#include "report/writers.h"

#define MEMBERS_SHOWN 200

void tfr_html_code(struct tfr_buf *out, const char *text)
{
    tfr_buf_puts(out, "<code>");
    tfr_escape_xml(out, text);
    tfr_buf_puts(out, "</code>");
}

static const char *tone_of(enum tfr_verdict verdict)
{
    return verdict == TFR_GO ? "good" : verdict == TFR_CONDITIONAL_GO ? "warn" : "bad";
}

/* ---- head ------------------------------------------------------------------------------ */

static void add_head(struct tfr_buf *out, const struct tfr_report *report)
{
    const bool none = report->verdict == TFR_VERDICT_NONE;
    const char *verdict = none ? "No verdict" : tfr_verdict_name(report->verdict);

    tfr_buf_printf(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
        "<title>Readiness review: %s</title>\n<style>\n%s</style>\n</head>\n<body>\n"
        "<header class=\"%s\">\n<p class=\"soft\">Readiness review</p>\n<h1>%s</h1>\n<p>",
        verdict, html_style, tone_of(report->verdict), verdict);
    if (!none && report->inputs[report->worst_input].score.given)
        tfr_buf_printf(out, "<span class=\"score\">%d of 100</span>",
                       report->inputs[report->worst_input].score.overall);
    for (size_t i = 0; report->reasons[i] != NULL; i++) {
        tfr_buf_puts(out, i > 0 ? "; " : "");
        tfr_escape_xml(out, report->reasons[i]);
    }
    tfr_buf_puts(out, "</p>\n<p class=\"next\">");
    tfr_report_next_step(out, report);
    tfr_buf_puts(out, "</p>\n</header>\n<main>\n");
}

static void add_input(struct tfr_buf *out, const struct tfr_report_input *input)
{
    struct tfr_buf name = { 0 };

    tfr_report_input_name(&name, input);
    tfr_buf_puts(out, "<tr><td>");
    tfr_html_code(out, tfr_buf_text(&name));
    tfr_buf_fini(&name);
    if (input->has_error) {
        tfr_buf_puts(out, "</td><td colspan=\"4\">not read: ");
        tfr_escape_xml(out, input->error.msg);
        tfr_buf_puts(out, "</td></tr>\n");
        return;
    }
    tfr_buf_printf(out, "</td><td class=\"%s\">%s</td><td class=\"num\">", tone_of(input->verdict),
                   tfr_verdict_name(input->verdict));
    if (input->score.given)
        tfr_buf_printf(out, "%d", input->score.overall);
    tfr_buf_printf(out, "</td><td>%s<br><span class=\"soft\">",
                   tfr_environment_name(input->environment.environment));
    tfr_escape_xml(out, input->environment.source);
    tfr_buf_puts(out, "</span></td><td>");
    tfr_report_changes(out, &input->counts);
    if (input->blast > 0)
        tfr_buf_printf(out, "<br><strong>%u resource%s on what is destroyed or replaced</strong>",
                       input->blast, input->blast == 1 ? " depends" : "s depend");
    tfr_buf_puts(out, "</td></tr>\n");
}

/* What was noticed about the documents. */
static void add_notes(struct tfr_buf *out, const struct tfr_report *report)
{
    for (size_t i = 0; i < report->input_count; i++) {
        const struct tfr_report_input *input = &report->inputs[i];
        struct tfr_buf name = { 0 };

        tfr_report_input_name(&name, input);
        for (size_t j = 0; j < input->note_count; j++) {
            tfr_buf_puts(out, "<p class=\"note\">");
            tfr_html_code(out, tfr_buf_text(&name));
            tfr_buf_puts(out, ": ");
            tfr_escape_xml(out, input->notes[j].message);
            tfr_buf_puts(out, "</p>\n");
        }
        tfr_buf_fini(&name);
    }
}

static void add_summary(struct tfr_buf *out, const struct tfr_report *report)
{
    tfr_buf_puts(out, "<section aria-labelledby=\"summary\">\n<h2 id=\"summary\">Summary</h2>\n"
                      "<table class=\"stack\">\n<tr><th scope=\"col\">Document</th>"
                      "<th scope=\"col\">Verdict</th><th scope=\"col\" class=\"num\">Score</th>"
                      "<th scope=\"col\">Environment</th><th scope=\"col\">Changes</th></tr>\n");
    for (size_t i = 0; i < report->input_count; i++)
        add_input(out, &report->inputs[i]);
    tfr_buf_puts(out, "</table>\n");
    add_notes(out, report);
    tfr_buf_puts(out, "<table class=\"slim\">\n<tr>"
                      "<th scope=\"col\">Findings</th><th scope=\"col\" class=\"num\">Number</th>"
                      "</tr>\n");
    for (size_t i = 0; tfr_report_sections[i].title != NULL; i++) {
        const size_t count = tfr_section_count(report, &tfr_report_sections[i]);

        tfr_buf_puts(out, "<tr><td>");
        if (count > 0)
            tfr_buf_printf(out, "<a href=\"#s%zu\">%s</a>", i, tfr_report_sections[i].title);
        else
            tfr_buf_puts(out, tfr_report_sections[i].title);
        tfr_buf_printf(out, "</td><td class=\"num\">%zu</td></tr>\n", count);
    }
    tfr_buf_puts(out, "</table>\n<h3>Sign-off</h3>\n<div class=\"wide\">"
                      "<table class=\"sign\">\n<tr><th scope=\"col\">Role</th>"
                      "<th scope=\"col\">Name</th><th scope=\"col\">Date</th>"
                      "<th scope=\"col\">Decision</th></tr>\n"
                      "<tr><td>Owner of the change</td><td></td><td></td><td></td></tr>\n"
                      "<tr><td>Reviewer</td><td></td><td></td><td></td></tr>\n"
                      "</table></div>\n</section>\n");
}

/* ---- findings -------------------------------------------------------------------------- */

static void add_evidence(struct tfr_buf *out, const struct tfr_report_finding *finding)
{
    size_t i;

    if (finding->evidence_count == 0 && finding->members == NULL)
        return;
    tfr_buf_puts(out, "<ul>");
    for (i = 0; i < finding->evidence_count; i++) {
        const char *note;
        const char *name = tfr_report_evidence(finding, i, &note);

        if (name == NULL)
            continue;
        tfr_buf_puts(out, "<li>");
        tfr_html_code(out, name);
        tfr_buf_putc(out, ' ');
        tfr_escape_xml(out, note);
        tfr_buf_puts(out, "</li>");
    }
    for (i = 0; finding->members != NULL && finding->members[i] != NULL; i++) {
        if (i == MEMBERS_SHOWN) {
            tfr_buf_puts(out, "<li>and more</li>");
            break;
        }
        tfr_buf_puts(out, "<li>");
        tfr_html_code(out, finding->members[i]);
        tfr_buf_puts(out, "</li>");
    }
    tfr_buf_puts(out, "</ul>");
}

/* @param depends there is a column for what depends on it */
static void add_subject(struct tfr_buf *out, const struct tfr_report *report,
                        const struct tfr_report_finding *finding, bool depends)
{
    tfr_buf_puts(out, "<tr><td>");
    if (report->input_count > 1) {
        struct tfr_buf name = { 0 };

        tfr_report_input_name(&name, &report->inputs[finding->input]);
        tfr_buf_puts(out, "<span class=\"soft\">");
        tfr_escape_xml(out, tfr_buf_text(&name));
        tfr_buf_puts(out, "</span><br>");
        tfr_buf_fini(&name);
    }
    tfr_html_code(out, tfr_report_subject(finding));
    tfr_buf_puts(out, "</td><td>");
    tfr_escape_xml(out, finding->message);
    if (finding->undecided_because != NULL) {
        tfr_buf_puts(out, "<br>Decided by: ");
        tfr_escape_xml(out, finding->undecided_because);
    }
    if (finding->waiver != NULL) {
        tfr_buf_puts(out, "<br>Waived: ");
        tfr_escape_xml(out, finding->waiver);
    }
    add_evidence(out, finding);
    tfr_buf_puts(out, "</td>");
    if (depends)
        tfr_buf_puts(out, "<td class=\"num\">");
    if (depends && finding->has_blast)
        tfr_buf_printf(out, "%u", finding->blast_total);
    tfr_buf_puts(out, depends ? "</td></tr>\n" : "</tr>\n");
}

static void add_advice(struct tfr_buf *out, const char *label, const char *text, bool is_code)
{
    if (text == NULL)
        return;
    tfr_buf_printf(out, "<dt>%s</dt><dd>", label);
    if (is_code)
        tfr_html_code(out, text);
    else
        tfr_escape_xml(out, text);
    tfr_buf_puts(out, "</dd>\n");
}

static void add_policy(struct tfr_buf *out, const struct tfr_report *report, size_t first,
                       size_t end)
{
    const struct tfr_report_finding *finding = &report->findings[first];
    bool depends = false;

    for (size_t i = first; i < end; i++)
        depends = depends || report->findings[i].has_blast;
    tfr_buf_printf(out, "<article class=\"%s\">\n<h3>",
                   finding->state == TFR_OPEN ? tfr_severity_name(finding->severity) : "quiet");
    tfr_escape_xml(out, finding->title);
    tfr_buf_puts(out, " <span class=\"id\">");
    tfr_escape_xml(out, finding->policy);
    tfr_buf_printf(out,
                   "</span></h3>\n<table class=\"stack\">\n<tr><th scope=\"col\">Subject</th>"
                   "<th scope=\"col\">What</th>%s</tr>\n",
                   depends ? "<th scope=\"col\" class=\"num\">Depend on it</th>" : "");
    for (size_t i = first; i < end; i++)
        add_subject(out, report, &report->findings[i], depends);
    tfr_buf_puts(out, "</table>\n<dl>\n");
    add_advice(out, "Why", finding->why, false);
    add_advice(out, "Do", finding->fix, false);
    add_advice(out, "Verify", finding->verify, true);
    tfr_buf_puts(out, "</dl>\n</article>\n");
}

static void add_section(struct tfr_buf *out, const struct tfr_report *report, size_t index)
{
    const struct tfr_section *section = &tfr_report_sections[index];
    const size_t count = tfr_section_count(report, section);

    if (count == 0)
        return;
    tfr_buf_printf(out,
                   "<section aria-labelledby=\"s%zu\">\n<h2 id=\"s%zu\">%s (%zu)</h2>\n"
                   "<p class=\"soft\">%s</p>\n",
                   index, index, section->title, count, section->meaning);
    for (size_t i = tfr_section_next(report, section, 0); i < report->finding_count;) {
        const size_t end = tfr_section_group_end(report, i);

        add_policy(out, report, i, end);
        i = tfr_section_next(report, section, end);
    }
    tfr_buf_puts(out, "</section>\n");
}

void tfr_report_write_html(const struct tfr_report *report, const struct tfr_style *style,
                           FILE *out)
{
    struct tfr_buf text = { 0 };

    (void)style;
    add_head(&text, report);
    if (report->input_count > 0) {
        add_summary(&text, report);
        for (size_t i = 0; tfr_report_sections[i].title != NULL; i++)
            add_section(&text, report, i);
        tfr_html_picture(&text, report);
        tfr_html_score(&text, report);
        tfr_html_not_assessed(&text, report);
    }
    tfr_buf_puts(&text, "</main>\n<footer>Made by tfready from the documents named above; the same "
                        "documents give the same page.</footer>\n</body>\n</html>\n");
    (void)fwrite(text.data, 1, text.len, out);
    tfr_buf_fini(&text);
}
