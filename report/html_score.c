/* SPDX-License-Identifier: Apache-2.0 */
/* The HTML report, second half: the picture, the score, what was not looked at. */
#include "report/escape.h"
#include "report/html.h"
#include "report/sections.h"

#include <string.h>

#define PICTURE_ROOTS 12
#define PICTURE_LEAVES 10
#define LABEL_COLUMNS 56 /* of a box; the whole address is its tooltip */
#define BOX_WIDTH 430
#define BOX_HEIGHT 26
#define STEP 34
#define ROOT_X 530

/* ---- picture --------------------------------------------------------------------------- */

static void add_box(struct tfr_buf *out, int x, int y, const char *label, bool gone)
{
    size_t len = strlen(label);
    struct tfr_buf shown = { 0 };

    /* The end of an address tells more than its beginning. */
    if (len > LABEL_COLUMNS) {
        const char *tail = label + len - LABEL_COLUMNS + 3;

        while (((unsigned char)*tail & 0xc0) == 0x80)
            tail++;
        tfr_buf_printf(&shown, "...%s", tail);
    } else {
        tfr_buf_puts(&shown, label);
    }
    tfr_buf_printf(out, "<g><title>");
    tfr_escape_xml(out, label);
    tfr_buf_printf(out,
                   "</title><rect%s x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>"
                   "<text x=\"%d\" y=\"%d\">",
                   gone ? " class=\"gone\"" : "", x, y, BOX_WIDTH, BOX_HEIGHT, x + 10, y + 17);
    tfr_escape_xml(out, tfr_buf_text(&shown));
    tfr_buf_puts(out, "</text></g>\n");
    tfr_buf_fini(&shown);
}

static void add_line(struct tfr_buf *out, int y, int root_y, bool direct)
{
    const int from = y + BOX_HEIGHT / 2;
    const int to = root_y + BOX_HEIGHT / 2;

    tfr_buf_printf(out, "<path%s d=\"M%d %d C%d %d %d %d %d %d\"/>\n",
                   direct ? "" : " class=\"far\"", BOX_WIDTH + 2, from, BOX_WIDTH + 50, from,
                   ROOT_X - 50, to, ROOT_X, to);
}

static void add_drawing(struct tfr_buf *out, const struct tfr_report_finding *finding)
{
    struct tfr_buf more = { 0 };
    size_t leaves = 0;
    size_t boxes;
    int root_y;

    while (leaves < PICTURE_LEAVES && finding->blast_addresses[leaves] != NULL)
        leaves++;
    boxes = leaves + (finding->blast_total > leaves);
    root_y = (int)(boxes > 0 ? boxes - 1 : 0) * STEP / 2 + 4;
    tfr_buf_printf(out,
                   "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"%u resources "
                   "depend on ",
                   ROOT_X + BOX_WIDTH + 4, (int)boxes * STEP + 4, ROOT_X + BOX_WIDTH + 4,
                   finding->blast_total);
    tfr_escape_xml(out, finding->address);
    tfr_buf_puts(out, "\">\n");
    for (size_t i = 0; i < boxes; i++)
        add_line(out, (int)i * STEP + 4, root_y, i < finding->blast_direct && i < leaves);
    for (size_t i = 0; i < leaves; i++)
        add_box(out, 2, (int)i * STEP + 4, finding->blast_addresses[i], false);
    if (boxes > leaves) {
        tfr_buf_printf(&more, "and %zu more", (size_t)finding->blast_total - leaves);
        add_box(out, 2, (int)leaves * STEP + 4, tfr_buf_text(&more), false);
    }
    add_box(out, ROOT_X, root_y, finding->address, true);
    tfr_buf_puts(out, "</svg>\n");
    tfr_buf_fini(&more);
}

void tfr_html_picture(struct tfr_buf *out, const struct tfr_report *report)
{
    size_t roots = 0;

    for (size_t i = 0; i < report->finding_count && roots < PICTURE_ROOTS; i++) {
        if (report->findings[i].state != TFR_OPEN || !tfr_report_blast_is_new(report, i))
            continue;
        if (roots++ == 0)
            tfr_buf_puts(out,
                         "<section aria-labelledby=\"picture\">\n<h2 id=\"picture\">What depends "
                         "on what is destroyed</h2>\n<p class=\"soft\">Left: what depends. "
                         "Right, outlined: what is destroyed or replaced. A dashed line leads "
                         "through others.</p>\n");
        add_drawing(out, &report->findings[i]);
    }
    if (roots > 0)
        tfr_buf_puts(out, "</section>\n");
}

/* ---- score ----------------------------------------------------------------------------- */

static void add_ledger(struct tfr_buf *out, const struct tfr_category_score *category)
{
    for (size_t i = 0; i < category->ledger_count; i++) {
        const struct tfr_ledger_row *row = &category->ledger[i];

        tfr_buf_puts(out, i > 0 ? "<br>" : "");
        tfr_html_code(out, row->policy);
        tfr_buf_putc(out, ' ');
        tfr_report_points(out, row->points);
        tfr_buf_printf(out, " <span class=\"soft\">(%u of %u", row->failing, row->applicable);
        if (row->state != TFR_OPEN)
            tfr_buf_printf(out, ", %s", tfr_finding_state_name(row->state));
        tfr_buf_puts(out, ")</span>");
    }
}

static void add_category(struct tfr_buf *out, const struct tfr_category_score *category)
{
    tfr_buf_printf(out, "<tr><th scope=\"row\">%s</th>", tfr_category_name(category->category));
    if (!category->assessed) {
        tfr_buf_puts(out, "<td class=\"soft\" colspan=\"4\">not assessed</td></tr>\n");
        return;
    }
    tfr_buf_puts(out, "<td class=\"num\">");
    tfr_report_points(out, category->score);
    tfr_buf_printf(out, "</td><td class=\"num\">%d</td><td class=\"num\">%u of %u</td><td>",
                   category->weight, category->decided, category->applicable);
    add_ledger(out, category);
    tfr_buf_puts(out, "</td></tr>\n");
}

void tfr_html_score(struct tfr_buf *out, const struct tfr_report *report)
{
    const struct tfr_report_input *worst = &report->inputs[report->worst_input];

    if (worst->has_error || !worst->score.given)
        return;
    tfr_buf_puts(out,
                 "<section aria-labelledby=\"score\">\n<h2 id=\"score\">Score and ledger</h2>\n"
                 "<div class=\"wide\"><table>\n<tr><th scope=\"col\">Category</th>"
                 "<th scope=\"col\" class=\"num\">of 10</th>"
                 "<th scope=\"col\" class=\"num\">Weight</th>"
                 "<th scope=\"col\" class=\"num\">Decided</th>"
                 "<th scope=\"col\">Lost points</th></tr>\n");
    for (int i = 0; i < TFR_CATEGORY_COUNT; i++)
        add_category(out, &worst->score.categories[i]);
    tfr_buf_printf(out, "</table></div>\n<p><strong>%d of 100</strong>", worst->score.overall);
    if (worst->score.cap >= 0)
        tfr_buf_printf(out, " (%s is worth %d at most)", tfr_verdict_name(worst->verdict),
                       worst->score.cap);
    if (worst->score.worst_case < worst->score.overall)
        tfr_buf_printf(out, ", %d if all that is undecided fails", worst->score.worst_case);
    tfr_buf_printf(out,
                   ". Coverage: %d %% decided before the apply, of possible P0 %d %%.</p>\n"
                   "</section>\n",
                   worst->score.coverage_percent, worst->score.p0_coverage_percent);
}

void tfr_html_not_assessed(struct tfr_buf *out, const struct tfr_report *report)
{
    uint32_t unresolved = 0;

    for (size_t i = 0; i < report->input_count; i++)
        unresolved += report->inputs[i].unresolved;
    tfr_buf_printf(
        out,
        "<section aria-labelledby=\"rest\">\n<h2 id=\"rest\">What was not assessed</h2>\n"
        "<ul>\n<li>%zu of %zu policies found something to look at.</li>\n",
        report->policies_evaluated, report->policies_loaded);
    if (unresolved > 0)
        tfr_buf_printf(out,
                       "<li>%u reference%s could not be followed: through locals, dynamic blocks, "
                       "conditions.</li>\n",
                       unresolved, unresolved == 1 ? "" : "s");
    for (size_t i = 0; i < report->skipped_count; i++) {
        tfr_buf_puts(out, "<li>Skipped: ");
        tfr_html_code(out, report->skipped[i].name);
        tfr_buf_puts(out, ": ");
        tfr_escape_xml(out, report->skipped[i].why);
        tfr_buf_puts(out, "</li>\n");
    }
    for (size_t i = 0; i < report->remark_count; i++) {
        tfr_buf_puts(out, "<li>Note: ");
        tfr_escape_xml(out, report->remarks[i]);
        tfr_buf_puts(out, "</li>\n");
    }
    tfr_buf_puts(out, "<li>Documentation, run-books and people: no plan holds them.</li>\n</ul>\n"
                      "</section>\n");
}
