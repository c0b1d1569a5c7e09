/* SPDX-License-Identifier: Apache-2.0 */
/* --summary: a line per policy that found something, and the score in one. */
#include "report/screen.h"

#include <string.h>

static const char *label_of(const struct tfr_section *section)
{
    return section->state == TFR_OPEN ? tfr_severity_name(section->severity)
                                      : tfr_finding_state_name(section->state);
}

static void write_section(const struct tfr_screen *writer, const struct tfr_section *section)
{
    const struct tfr_report *report = writer->report;
    const enum tfr_color color = tfr_screen_section_color(section);

    for (size_t i = tfr_section_next(report, section, 0); i < report->finding_count;) {
        const struct tfr_report_finding *finding = &report->findings[i];
        const size_t end = tfr_section_group_end(report, i);

        (void)fprintf(writer->out, "  %s%-9s%s  %-12s  %4zu  ", tfr_screen_start(writer, color),
                      label_of(section), tfr_screen_end(writer, color), finding->policy, end - i);
        tfr_screen_put(writer, TFR_PLAIN, finding->title);
        (void)fputc('\n', writer->out);
        i = tfr_section_next(report, section, end);
    }
}

static void write_score(const struct tfr_screen *writer)
{
    const struct tfr_report_input *worst = &writer->report->inputs[writer->report->worst_input];
    struct tfr_buf text = { 0 };

    if (worst->has_error || !worst->score.given)
        return;
    for (int i = 0; i < TFR_CATEGORY_COUNT; i++) {
        const struct tfr_category_score *category = &worst->score.categories[i];

        if (!category->assessed)
            continue;
        tfr_buf_printf(&text, "%s ", tfr_category_name(category->category));
        tfr_report_points(&text, category->score);
        tfr_buf_puts(&text, ", ");
    }
    tfr_buf_printf(&text, "coverage %d %%", worst->score.coverage_percent);
    (void)fputs("\n  ", writer->out);
    tfr_screen_wrap(writer, tfr_buf_text(&text), 2);
    tfr_buf_fini(&text);
}

void tfr_text_summary(const struct tfr_screen *writer)
{
    if (writer->report->finding_count > 0)
        (void)fputc('\n', writer->out);
    for (const struct tfr_section *section = tfr_report_sections; section->title != NULL; section++)
        write_section(writer, section);
    write_score(writer);
}
