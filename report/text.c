/* SPDX-License-Identifier: Apache-2.0 */
/* The report for a person at a terminal: the answer, the most dangerous thing, what to do. */
#include "report/screen.h"
#include "report/writers.h"

#include <string.h>

#define ADDRESSES_SHOWN 8 /* per policy; the rest is counted */
#define LOSSES_SHOWN 50   /* of a P0: every loss is worth its line */
#define MEMBERS_SHOWN 6

/* ---- findings -------------------------------------------------------------------------- */

static void put_address(const struct tfr_screen *writer, const struct tfr_report_finding *finding)
{
    if (writer->report->input_count > 1) {
        tfr_screen_input(writer, &writer->report->inputs[finding->input], 0);
        (void)fprintf(writer->out, ": ");
    }
    tfr_screen_put(writer, TFR_BOLD,
                   finding->address[0] != '\0' ? finding->address : "the whole document");
}

/* Several policies may speak of one object: what depends on it is told once, with the worst of
 * them. */
static bool told_before(const struct tfr_screen *writer, const struct tfr_report_finding *finding)
{
    const struct tfr_report_finding *other = writer->report->findings;

    for (; other < finding; other++) {
        if (other->has_blast && other->state == TFR_OPEN && other->input == finding->input &&
            strcmp(other->address, finding->address) == 0)
            return true;
    }
    return false;
}

static void write_blast(const struct tfr_screen *writer, const struct tfr_report_finding *finding)
{
    struct tfr_buf text = { 0 };

    if (!finding->has_blast || finding->blast_total == 0 || told_before(writer, finding))
        return;
    tfr_buf_printf(&text, "%u resource%s on it (%u directly", finding->blast_total,
                   finding->blast_total == 1 ? " depends" : "s depend", finding->blast_direct);
    if (finding->blast_also_changed > 0)
        tfr_buf_printf(&text, ", %u changed by this plan as well", finding->blast_also_changed);
    tfr_buf_puts(&text, "):");
    (void)fputs("      ", writer->out);
    tfr_screen_wrap(writer, tfr_buf_text(&text), 6);
    tfr_buf_fini(&text);
    for (size_t i = 0; finding->blast_addresses[i] != NULL; i++) {
        (void)fprintf(writer->out, "        ");
        tfr_screen_put(writer, TFR_PLAIN, finding->blast_addresses[i]);
        (void)fputc('\n', writer->out);
        if (i == 4 && finding->blast_total > 5)
            (void)fprintf(writer->out, "        and %u more\n", finding->blast_total - 5);
    }
}

static void write_members(const struct tfr_screen *writer, const struct tfr_report_finding *finding)
{
    size_t total = 0;

    while (finding->members != NULL && finding->members[total] != NULL)
        total++;
    for (size_t i = 0; i < total && i < MEMBERS_SHOWN; i++) {
        (void)fprintf(writer->out, "        ");
        tfr_screen_put(writer, TFR_PLAIN, finding->members[i]);
        (void)fputc('\n', writer->out);
    }
    if (total > MEMBERS_SHOWN)
        (void)fprintf(writer->out, "        and %zu more\n", total - MEMBERS_SHOWN);
}

/* Nothing is to be said of it but its message. */
static bool is_plain(const struct tfr_report_finding *finding)
{
    return finding->state != TFR_STATE_UNDECIDED && finding->waiver == NULL &&
           finding->members == NULL && (finding->severity < TFR_P1 || finding->blast_total == 0);
}

/* @param next the one that is shown below, or NULL: what both say is said once, below the last */
static void write_subject(const struct tfr_screen *writer, const struct tfr_report_finding *finding,
                          const struct tfr_report_finding *next)
{
    (void)fprintf(writer->out, "    ");
    put_address(writer, finding);
    if (next != NULL && is_plain(finding) && is_plain(next) &&
        strcmp(finding->message, next->message) == 0) {
        (void)fputc('\n', writer->out);
        return;
    }
    (void)fprintf(writer->out, "\n      ");
    tfr_screen_wrap(writer, finding->message, 6);
    if (finding->state == TFR_STATE_UNDECIDED && finding->undecided_because != NULL) {
        (void)fprintf(writer->out, "      decided by: ");
        tfr_screen_put(writer, TFR_PLAIN, finding->undecided_because);
        (void)fputc('\n', writer->out);
    }
    if (finding->waiver != NULL) {
        (void)fprintf(writer->out, "      ");
        tfr_screen_wrap(writer, finding->waiver, 6);
    }
    write_members(writer, finding);
    if (finding->state == TFR_OPEN && finding->severity >= TFR_P1)
        write_blast(writer, finding);
}

static void paragraph(const struct tfr_screen *writer, const char *label, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    (void)fprintf(writer->out, "    %s%-8s%s ", tfr_screen_start(writer, TFR_DIM), label,
                  tfr_screen_end(writer, TFR_DIM));
    tfr_screen_wrap(writer, text, 13);
}

/* One policy with all its subjects. */
static void write_policy(const struct tfr_screen *writer, size_t first, size_t end, bool brief)
{
    const struct tfr_report_finding *findings = writer->report->findings;
    const struct tfr_report_finding *finding = &findings[first];
    const size_t most = brief ? 3 : finding->severity == TFR_P0 ? LOSSES_SHOWN : ADDRESSES_SHOWN;
    const size_t shown = end - first > most ? first + most : end;

    (void)fprintf(writer->out, "\n  %s%s%s  ", tfr_screen_start(writer, TFR_DIM), finding->policy,
                  tfr_screen_end(writer, TFR_DIM));
    (void)fputs(tfr_screen_start(writer, TFR_BOLD), writer->out);
    tfr_screen_wrap(writer, finding->title, 4 + tfr_screen_columns(finding->policy));
    (void)fputs(tfr_screen_end(writer, TFR_BOLD), writer->out);
    for (size_t i = first; i < shown; i++)
        write_subject(writer, &findings[i], i + 1 < shown ? &findings[i + 1] : NULL);
    if (end > shown)
        (void)fprintf(writer->out, "    and %zu more (-o json lists all)\n", end - shown);
    if (!brief)
        paragraph(writer, "why", finding->why);
    paragraph(writer, "do", finding->fix);
    if (!brief)
        paragraph(writer, "verify", finding->verify);
}

static void write_section(const struct tfr_screen *writer, const struct tfr_section *section)
{
    const struct tfr_report *report = writer->report;
    const size_t count = tfr_section_count(report, section);
    const bool brief = section->state != TFR_OPEN || section->severity < TFR_P1;
    const enum tfr_color color = tfr_screen_section_color(section);

    if (count == 0)
        return;
    (void)fprintf(writer->out, "\n%s%s (%zu)%s\n", tfr_screen_start(writer, color), section->title,
                  count, tfr_screen_end(writer, color));
    for (size_t i = tfr_section_next(report, section, 0); i < report->finding_count;) {
        const size_t end = tfr_section_group_end(report, i);

        write_policy(writer, i, end, brief);
        i = tfr_section_next(report, section, end);
    }
}

void tfr_report_write_text(const struct tfr_report *report, const struct tfr_style *style,
                           FILE *out)
{
    const unsigned width = style->width == 0 || style->width > 98 ? 98 : style->width;
    const struct tfr_screen writer = {
        .out = out, .report = report, .style = style, .width = width < 40 ? 40 : width
    };

    if (report->input_count == 0) {
        (void)fprintf(out, "NO VERDICT  nothing was read\n");
        return;
    }
    tfr_text_head(&writer);
    if (style->quiet)
        return;
    if (style->summary) {
        tfr_text_summary(&writer);
        return;
    }
    for (const struct tfr_section *section = tfr_report_sections; section->title != NULL; section++)
        write_section(&writer, section);
    tfr_text_score(&writer);
    tfr_text_passed(&writer);
    tfr_text_end(&writer);
}
