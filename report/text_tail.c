/* SPDX-License-Identifier: Apache-2.0 */
/* The text report behind its findings: the score, what was looked at, the verdict once more. */
#include "report/screen.h"

/* ---- score ----------------------------------------------------------------------------- */

static void write_ledger(const struct tfr_screen *writer, const struct tfr_category_score *category)
{
    const unsigned indent = 24;
    unsigned column = indent;

    for (size_t i = 0; i < category->ledger_count; i++) {
        const struct tfr_ledger_row *row = &category->ledger[i];
        char text[96];
        const int len = snprintf(text, sizeof text, "%s -%d.%02d (%u of %u%s%s)", row->policy,
                                 -row->points / 100, -row->points % 100, row->failing,
                                 row->applicable, row->state != TFR_OPEN ? ", " : "",
                                 row->state != TFR_OPEN ? tfr_finding_state_name(row->state) : "");

        if (i > 0 && column + (unsigned)len + 2 > writer->width) {
            (void)fprintf(writer->out, "\n%*s", (int)indent, "");
            column = indent;
        }
        (void)fprintf(writer->out, "%s%s", column > indent ? "  " : "", text);
        column += (unsigned)len + 2;
    }
    (void)fputc('\n', writer->out);
}

void tfr_text_score(const struct tfr_screen *writer)
{
    const struct tfr_report_input *worst = &writer->report->inputs[writer->report->worst_input];
    const struct tfr_score *score = &worst->score;

    if (worst->has_error || !score->given)
        return;
    (void)fprintf(writer->out, "\n%sSCORE %d of 100%s", tfr_screen_start(writer, TFR_BOLD),
                  score->overall, tfr_screen_end(writer, TFR_BOLD));
    if (score->cap >= 0)
        (void)fprintf(writer->out, " (%s is worth %d at most)", tfr_verdict_name(worst->verdict),
                      score->cap);
    if (score->worst_case < score->overall)
        (void)fprintf(writer->out, ", %d if all that is undecided fails", score->worst_case);
    (void)fputc('\n', writer->out);
    for (int i = 0; i < TFR_CATEGORY_COUNT; i++) {
        const struct tfr_category_score *category = &score->categories[i];

        if (!category->assessed) {
            (void)fprintf(writer->out, "  %-14s %snot assessed%s\n",
                          tfr_category_name(category->category), tfr_screen_start(writer, TFR_DIM),
                          tfr_screen_end(writer, TFR_DIM));
            continue;
        }
        (void)fprintf(writer->out, "  %-14s %2d.%02d%s", tfr_category_name(category->category),
                      category->score / 100, category->score % 100,
                      category->ledger_count > 0 ? "  " : "");
        write_ledger(writer, category);
    }
    (void)fprintf(writer->out, "  %-14s %d %% decided before the apply, of possible P0 %d %%",
                  "Coverage", score->coverage_percent, score->p0_coverage_percent);
    if (worst->unresolved > 0)
        (void)fprintf(writer->out,
                      "\n  %-14s %u reference%s could not be followed: through locals, dynamic "
                      "blocks, conditions",
                      "", worst->unresolved, worst->unresolved == 1 ? "" : "s");
    (void)fputc('\n', writer->out);
}

void tfr_text_passed(const struct tfr_screen *writer)
{
    const struct tfr_report *report = writer->report;

    if (!writer->style->show_passed)
        return;
    (void)fprintf(writer->out, "\nLOOKED AT (%zu)\n", report->row_count);
    for (size_t i = 0; i < report->row_count; i++) {
        (void)fprintf(writer->out, "  %-9s %-12s ", tfr_result_name(report->rows[i].result),
                      report->rows[i].policy);
        tfr_screen_put(writer, TFR_PLAIN, report->rows[i].address);
        (void)fputc('\n', writer->out);
    }
}

/* A long report leaves its first line above the screen. */
void tfr_text_end(const struct tfr_screen *writer)
{
    const struct tfr_report *report = writer->report;
    struct tfr_buf text = { 0 };

    if (report->exit_code == TFR_EXIT_ERROR || report->finding_count == 0)
        return;
    (void)fputc('\n', writer->out);
    tfr_text_verdict(writer);
    (void)fputs("\n  ", writer->out);
    tfr_report_next_step(&text, report);
    tfr_screen_wrap(writer, tfr_buf_text(&text), 2);
    tfr_buf_fini(&text);
}
