/* SPDX-License-Identifier: Apache-2.0 */
/* The readiness review as Markdown, for a comment or a file. Comments of GitHub hold 65,536
 * characters: what is longer is folded, the least important first, and says so. */
#include "report/escape.h"
#include "report/sections.h"
#include "report/writers.h"

#define ROOM 65000 /* bytes: never more characters than that */
#define PICTURE_ROOTS 6
#define PICTURE_LEAVES 8

/* How much is told, from everything to the least. */
struct detail {
    size_t policies, subjects; /* per section, per policy; 0: all */
    size_t text;               /* bytes of a text from outside; 0: all */
    bool evidence, ledger, picture;
};

static const struct detail details[] = {
    { 0, 0, 4000, true, true, true },    { 0, 30, 600, true, true, true },
    { 0, 10, 300, true, true, true },    { 60, 5, 200, false, true, true },
    { 30, 3, 120, false, false, false }, { 8, 2, 80, false, false, false },
    { 3, 1, 40, false, false, false },
};
#define DETAILS (sizeof details / sizeof details[0])

struct page {
    struct tfr_buf text;
    const struct tfr_report *report;
    const struct detail *detail;
    size_t folded; /* findings that are counted, not listed */
};

static void prose(struct page *page, const char *text)
{
    tfr_escape_markdown(&page->text, text, page->detail->text);
}

static void code(struct page *page, const char *text, bool cell)
{
    tfr_escape_markdown_code(&page->text, text, page->detail->text, cell);
}

/* ---- head ------------------------------------------------------------------------------ */

static void add_name(struct page *page, const struct tfr_report_input *input)
{
    struct tfr_buf name = { 0 };

    tfr_report_input_name(&name, input);
    code(page, tfr_buf_text(&name), true);
    tfr_buf_fini(&name);
}

static void add_verdict(struct page *page)
{
    const struct tfr_report *report = page->report;
    struct tfr_buf *out = &page->text;
    const bool none = report->verdict == TFR_VERDICT_NONE;

    tfr_buf_printf(out, "# Readiness review: %s",
                   none ? "no verdict" : tfr_verdict_name(report->verdict));
    if (!none && report->inputs[report->worst_input].score.given)
        tfr_buf_printf(out, ", %d of 100", report->inputs[report->worst_input].score.overall);
    tfr_buf_puts(out, "\n\n**");
    tfr_report_next_step(out, report);
    tfr_buf_puts(out, "**\n\n");
    if (report->reasons[0] == NULL)
        return;
    tfr_buf_puts(out, "**Why:** ");
    for (size_t i = 0; report->reasons[i] != NULL; i++) {
        tfr_buf_puts(out, i > 0 ? "; " : "");
        prose(page, report->reasons[i]);
    }
    tfr_buf_puts(out, ".\n\n");
}

static void add_input(struct page *page, const struct tfr_report_input *input)
{
    struct tfr_buf *out = &page->text;

    tfr_buf_puts(out, "| ");
    add_name(page, input);
    if (input->has_error) {
        tfr_buf_puts(out, " | **not read**: ");
        prose(page, input->error.msg);
        tfr_buf_puts(out, " | | |\n");
        return;
    }
    tfr_buf_printf(out, " | %s | ", tfr_verdict_name(input->verdict));
    if (input->score.given)
        tfr_buf_printf(out, "%d", input->score.overall);
    tfr_buf_printf(out, " | %s (", tfr_environment_name(input->environment.environment));
    prose(page, input->environment.source);
    tfr_buf_puts(out, ") | ");
    tfr_report_changes(out, &input->counts);
    tfr_buf_puts(out, " |\n");
}

/* What was noticed about the documents. */
static void add_notes(struct page *page)
{
    const struct tfr_report *report = page->report;
    const size_t most = page->detail->policies > 0 ? page->detail->policies : report->input_count;

    for (size_t i = 0; i < report->input_count && i < most; i++) {
        const struct tfr_report_input *input = &report->inputs[i];

        for (size_t j = 0; j < input->note_count; j++) {
            tfr_buf_puts(&page->text, "> ");
            add_name(page, input);
            tfr_buf_puts(&page->text, ": ");
            prose(page, input->notes[j].message);
            tfr_buf_puts(&page->text, "\n\n");
        }
    }
}

static void add_inputs(struct page *page)
{
    tfr_buf_puts(&page->text, "| Document | Verdict | Score | Environment | Changes |\n"
                              "|---|---|---|---|---|\n");
    for (size_t i = 0; i < page->report->input_count; i++) {
        if (page->detail->policies > 0 && i >= page->detail->policies) {
            tfr_buf_printf(&page->text, "| and %zu more | | | | |\n",
                           page->report->input_count - i);
            break;
        }
        add_input(page, &page->report->inputs[i]);
    }
    tfr_buf_putc(&page->text, '\n');
    add_notes(page);
}

static void add_summary(struct page *page)
{
    struct tfr_buf *out = &page->text;
    uint32_t blast = 0;

    for (size_t i = 0; i < page->report->input_count; i++)
        blast += page->report->inputs[i].blast;
    if (blast > 0)
        tfr_buf_printf(out, "**%u resource%s on what this plan destroys or replaces.**\n\n", blast,
                       blast == 1 ? " that stays depends" : "s that stay depend");
    tfr_buf_puts(out, "| Findings | |\n|---|---:|\n");
    for (const struct tfr_section *section = tfr_report_sections; section->title != NULL; section++)
        tfr_buf_printf(out, "| %s | %zu |\n", section->title,
                       tfr_section_count(page->report, section));
    tfr_buf_puts(out, "\n**Sign-off**\n\n| Role | Name | Date | Decision |\n|---|---|---|---|\n"
                      "| Owner of the change | | | |\n| Reviewer | | | |\n\n");
}

/* ---- score ----------------------------------------------------------------------------- */

static void add_category(struct page *page, const struct tfr_category_score *category)
{
    struct tfr_buf *out = &page->text;

    tfr_buf_printf(out, "| %s | ", tfr_category_name(category->category));
    if (!category->assessed) {
        tfr_buf_puts(out, "not assessed | | |\n");
        return;
    }
    tfr_report_points(out, category->score);
    tfr_buf_printf(out, " | %u of %u | ", category->decided, category->applicable);
    for (size_t i = 0; i < category->ledger_count; i++) {
        const struct tfr_ledger_row *row = &category->ledger[i];

        tfr_buf_puts(out, i > 0 ? "<br>" : "");
        prose(page, row->policy);
        tfr_buf_putc(out, ' ');
        tfr_report_points(out, row->points);
    }
    tfr_buf_puts(out, " |\n");
}

static void add_score(struct page *page)
{
    const struct tfr_report *report = page->report;
    const struct tfr_report_input *worst = &report->inputs[report->worst_input];
    struct tfr_buf *out = &page->text;

    if (worst->has_error || !worst->score.given)
        return;
    tfr_buf_puts(out, "## Score\n\n| Category | of 10 | Decided (weighted) | Lost points |\n"
                      "|---|---:|---:|---|\n");
    for (int i = 0; i < TFR_CATEGORY_COUNT; i++)
        add_category(page, &worst->score.categories[i]);
    tfr_buf_printf(out, "\n**%d of 100**", worst->score.overall);
    if (worst->score.cap >= 0)
        tfr_buf_printf(out, " (%s is worth %d at most)", tfr_verdict_name(worst->verdict),
                       worst->score.cap);
    if (worst->score.worst_case < worst->score.overall)
        tfr_buf_printf(out, ", %d if all that is undecided fails", worst->score.worst_case);
    tfr_buf_printf(out, ". Coverage: %d %% decided before the apply, of possible P0 %d %%.\n\n",
                   worst->score.coverage_percent, worst->score.p0_coverage_percent);
}

/* ---- findings -------------------------------------------------------------------------- */

static void add_evidence(struct page *page, const struct tfr_report_finding *finding)
{
    struct tfr_buf *out = &page->text;

    for (size_t i = 0; page->detail->evidence && i < finding->evidence_count; i++) {
        const char *note;
        const char *name = tfr_report_evidence(finding, i, &note);

        if (name == NULL)
            continue;
        tfr_buf_puts(out, "<br>");
        code(page, name, true);
        tfr_buf_putc(out, ' ');
        prose(page, note);
    }
    for (size_t i = 0; finding->members != NULL && finding->members[i] != NULL; i++) {
        if (i == 20 || (i == 5 && !page->detail->evidence)) {
            tfr_buf_puts(out, "<br>and more");
            break;
        }
        tfr_buf_puts(out, "<br>");
        code(page, finding->members[i], true);
    }
}

static void add_subject(struct page *page, const struct tfr_report_finding *finding)
{
    struct tfr_buf *out = &page->text;

    tfr_buf_puts(out, "| ");
    if (page->report->input_count > 1) {
        add_name(page, &page->report->inputs[finding->input]);
        tfr_buf_puts(out, "<br>");
    }
    code(page, tfr_report_subject(finding), true);
    tfr_buf_puts(out, " | ");
    prose(page, finding->message);
    if (finding->undecided_because != NULL) {
        tfr_buf_puts(out, "<br>decided by: ");
        prose(page, finding->undecided_because);
    }
    if (finding->waiver != NULL) {
        tfr_buf_puts(out, "<br>waived: ");
        prose(page, finding->waiver);
    }
    add_evidence(page, finding);
    tfr_buf_puts(out, " | ");
    if (finding->has_blast)
        tfr_buf_printf(out, "%u", finding->blast_total);
    tfr_buf_puts(out, " |\n");
}

static void add_policy(struct page *page, size_t first, size_t end)
{
    const struct tfr_report_finding *finding = &page->report->findings[first];
    const size_t shown = page->detail->subjects;
    struct tfr_buf *out = &page->text;

    tfr_buf_puts(out, "### ");
    prose(page, finding->policy);
    tfr_buf_puts(out, ": ");
    prose(page, finding->title);
    tfr_buf_puts(out, "\n\n| Subject | What | Depend on it |\n|---|---|---:|\n");
    for (size_t i = first; i < end; i++) {
        if (shown > 0 && i - first >= shown) {
            tfr_buf_printf(out, "| and %zu more | | |\n", end - i);
            page->folded += end - i;
            break;
        }
        add_subject(page, &page->report->findings[i]);
    }
    tfr_buf_putc(out, '\n');
    if (finding->why != NULL) {
        tfr_buf_puts(out, "- **Why:** ");
        prose(page, finding->why);
        tfr_buf_putc(out, '\n');
    }
    if (finding->fix != NULL) {
        tfr_buf_puts(out, "- **Do:** ");
        prose(page, finding->fix);
        tfr_buf_putc(out, '\n');
    }
    if (finding->verify != NULL) {
        tfr_buf_puts(out, "- **Verify:** ");
        code(page, finding->verify, false);
        tfr_buf_putc(out, '\n');
    }
    tfr_buf_putc(out, '\n');
}

static void add_section(struct page *page, const struct tfr_section *section)
{
    const struct tfr_report *report = page->report;
    const size_t count = tfr_section_count(report, section);
    size_t policies = 0;
    size_t folded = 0;

    if (count == 0)
        return;
    tfr_buf_printf(&page->text, "## %s (%zu)\n\n%s\n\n", section->title, count, section->meaning);
    for (size_t i = tfr_section_next(report, section, 0); i < report->finding_count;) {
        const size_t end = tfr_section_group_end(report, i);

        if (page->detail->policies > 0 && policies++ >= page->detail->policies)
            folded += end - i;
        else
            add_policy(page, i, end);
        i = tfr_section_next(report, section, end);
    }
    if (folded > 0)
        tfr_buf_printf(&page->text, "And %zu findings of other policies.\n\n", folded);
    page->folded += folded;
}

/* ---- picture --------------------------------------------------------------------------- */

static void add_root(struct page *page, const struct tfr_report_finding *finding, size_t root)
{
    struct tfr_buf *out = &page->text;
    size_t i;

    tfr_buf_printf(out, "    r%zu[\"", root);
    tfr_escape_mermaid(out, finding->address, 80);
    tfr_buf_puts(out, "\"]:::gone\n");
    for (i = 0; finding->blast_addresses[i] != NULL && i < PICTURE_LEAVES; i++) {
        tfr_buf_printf(out, "    r%zun%zu[\"", root, i);
        tfr_escape_mermaid(out, finding->blast_addresses[i], 80);
        tfr_buf_printf(out, "\"] %s r%zu\n", i < finding->blast_direct ? "-->" : "-.->", root);
    }
    if (finding->blast_total > i)
        tfr_buf_printf(out, "    r%zumore[\"and %zu more\"] -.-> r%zu\n", root,
                       (size_t)finding->blast_total - i, root);
}

static void add_picture(struct page *page)
{
    const struct tfr_report *report = page->report;
    size_t roots = 0;

    for (size_t i = 0; i < report->finding_count && roots < PICTURE_ROOTS; i++) {
        if (report->findings[i].state != TFR_OPEN || !tfr_report_blast_is_new(report, i))
            continue;
        if (roots == 0)
            tfr_buf_puts(&page->text,
                         "## What depends on what is destroyed\n\nAn arrow leads from what depends "
                         "to what is destroyed or replaced; a dashed one leads through others.\n\n"
                         "```mermaid\nflowchart LR\n"
                         "    classDef gone stroke:#c00,stroke-width:3px\n");
        add_root(page, &report->findings[i], roots++);
    }
    if (roots > 0)
        tfr_buf_puts(&page->text, "```\n\n");
}

/* ---- tail ------------------------------------------------------------------------------ */

static void add_not_assessed(struct page *page)
{
    const struct tfr_report *report = page->report;
    struct tfr_buf *out = &page->text;
    uint32_t unresolved = 0;

    tfr_buf_puts(out, "## What was not assessed\n\n");
    for (size_t i = 0; i < report->input_count; i++)
        unresolved += report->inputs[i].unresolved;
    tfr_buf_printf(out, "- %zu of %zu policies found something to look at.\n",
                   report->policies_evaluated, report->policies_loaded);
    if (unresolved > 0)
        tfr_buf_printf(
            out,
            "- %u reference%s could not be followed: through locals, dynamic blocks, conditions.\n",
            unresolved, unresolved == 1 ? "" : "s");
    for (size_t i = 0; i < report->skipped_count && i < 20; i++) {
        tfr_buf_puts(out, "- Skipped: ");
        code(page, report->skipped[i].name, false);
        tfr_buf_puts(out, ": ");
        prose(page, report->skipped[i].why);
        tfr_buf_putc(out, '\n');
    }
    if (report->skipped_count > 20)
        tfr_buf_printf(out, "- and %zu more skipped.\n", report->skipped_count - 20);
    for (size_t i = 0; i < report->remark_count; i++) {
        tfr_buf_puts(out, "- Note: ");
        prose(page, report->remarks[i]);
        tfr_buf_putc(out, '\n');
    }
    tfr_buf_puts(out, "- Documentation, run-books and people: no plan holds them.\n\n");
}

static void add_ledger(struct page *page)
{
    const struct tfr_report *report = page->report;
    const struct tfr_report_input *worst = &report->inputs[report->worst_input];
    struct tfr_buf *out = &page->text;

    if (worst->has_error || !worst->score.given)
        return;
    tfr_buf_puts(out, "## Ledger\n\n| Category | Policy | Points | Failing | Looked at | State |\n"
                      "|---|---|---:|---:|---:|---|\n");
    for (int i = 0; i < TFR_CATEGORY_COUNT; i++) {
        const struct tfr_category_score *category = &worst->score.categories[i];

        for (size_t j = 0; j < category->ledger_count; j++) {
            const struct tfr_ledger_row *row = &category->ledger[j];

            tfr_buf_printf(out, "| %s | ", tfr_category_name(category->category));
            prose(page, row->policy);
            tfr_buf_puts(out, " | ");
            tfr_report_points(out, row->points);
            tfr_buf_printf(out, " | %u | %u | %s |\n", row->failing, row->applicable,
                           tfr_finding_state_name(row->state));
        }
    }
    tfr_buf_putc(out, '\n');
}

static void add_page(struct page *page)
{
    add_verdict(page);
    if (page->report->input_count == 0)
        return;
    add_inputs(page);
    add_summary(page);
    for (const struct tfr_section *section = tfr_report_sections; section->title != NULL; section++)
        add_section(page, section);
    if (page->detail->picture)
        add_picture(page);
    add_score(page);
    add_not_assessed(page);
    if (page->detail->ledger)
        add_ledger(page);
    if (page->folded > 0)
        tfr_buf_printf(&page->text,
                       "_%zu findings are counted here and not listed: a comment holds 65,536 "
                       "characters. `tfready -o html` and `-o json` list all._\n",
                       page->folded);
}

void tfr_report_write_markdown(const struct tfr_report *report, const struct tfr_style *style,
                               FILE *out)
{
    struct page page = { .report = report };

    (void)style;
    for (size_t i = 0; i < DETAILS; i++) {
        page.detail = &details[i];
        page.folded = 0;
        tfr_buf_reset(&page.text);
        add_page(&page);
        if (page.text.len <= ROOM)
            break;
    }
    (void)fwrite(tfr_buf_text(&page.text), 1, page.text.len, out);
    tfr_buf_fini(&page.text);
}
