/* SPDX-License-Identifier: Apache-2.0 */
/* An audit as a page: Markdown for a wiki or an issue, HTML for a browser. One outline, two
 * syntaxes. */
#include "report/audit.h"
#include "report/escape.h"
#include "report/html_style.h"

/* Rows of a table in Markdown: comments have a limit. */
#define ROWS 50

struct page {
    struct tfr_buf text;
    bool html;
};

/* ---- syntax ------------------------------------------------------------------------------------
 */

static void heading(struct page *page, const char *title)
{
    tfr_buf_printf(&page->text, page->html ? "<h2>%s</h2>\n" : "\n## %s\n\n", title);
}

static void open_table(struct page *page, const char *const *columns)
{
    tfr_buf_puts(&page->text, page->html ? "<table><thead><tr>" : "|");
    for (size_t i = 0; columns[i] != NULL; i++)
        tfr_buf_printf(&page->text, page->html ? "<th scope=\"col\">%s</th>" : " %s |", columns[i]);
    tfr_buf_puts(&page->text, page->html ? "</tr></thead><tbody>\n" : "\n|");
    for (size_t i = 0; !page->html && columns[i] != NULL; i++)
        tfr_buf_puts(&page->text, "---|");
    if (!page->html)
        tfr_buf_putc(&page->text, '\n');
}

static void close_table(struct page *page, uint64_t all, uint64_t shown)
{
    if (page->html)
        tfr_buf_puts(&page->text, "</tbody></table>\n");
    if (all > shown)
        tfr_buf_printf(&page->text, page->html ? "<p>and %llu more</p>\n" : "\nand %llu more\n",
                       (unsigned long long)(all - shown));
}

static void begin_row(struct page *page)
{
    tfr_buf_puts(&page->text, page->html ? "<tr>" : "|");
}

static void end_row(struct page *page)
{
    tfr_buf_puts(&page->text, page->html ? "</tr>\n" : "\n");
}

static void word(struct page *page, const char *text)
{
    tfr_buf_printf(&page->text, page->html ? "<td>%s</td>" : " %s |", text);
}

static void number(struct page *page, uint64_t value)
{
    tfr_buf_printf(&page->text, page->html ? "<td>%llu</td>" : " %llu |",
                   (unsigned long long)value);
}

/* From outside: quoted. */
static void code(struct page *page, const char *text)
{
    if (page->html) {
        tfr_buf_puts(&page->text, "<td><code>");
        tfr_escape_xml(&page->text, text);
        tfr_buf_puts(&page->text, "</code></td>");
        return;
    }
    tfr_buf_putc(&page->text, ' ');
    if (text != NULL && text[0] != '\0')
        tfr_escape_markdown_code(&page->text, text, 200, true);
    tfr_buf_puts(&page->text, " |");
}

static void prose(struct page *page, const char *text)
{
    tfr_buf_puts(&page->text, page->html ? "<td>" : " ");
    if (page->html)
        tfr_escape_xml(&page->text, text);
    else
        tfr_escape_markdown(&page->text, text, 200);
    tfr_buf_puts(&page->text, page->html ? "</td>" : " |");
}

/* ---- outline -----------------------------------------------------------------------------------
 */

static const char *verdict_of(int exit_code)
{
    static const char *const words[] = { "GO", "NO-GO", "unreadable", "CONDITIONAL GO",
                                         "nothing to assess" };

    return words[exit_code];
}

static void add_summary(struct page *page, const struct tfr_audit *audit)
{
    static const int order[] = { TFR_EXIT_ERROR, TFR_EXIT_NO_GO, TFR_EXIT_NOTHING,
                                 TFR_EXIT_CONDITIONAL, TFR_EXIT_GO };
    static const char *const columns[] = { "verdict", "documents", NULL };

    open_table(page, columns);
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        begin_row(page);
        word(page, verdict_of(order[i]));
        number(page, audit->by_exit[order[i]]);
        end_row(page);
    }
    close_table(page, 0, 0);
    tfr_buf_printf(&page->text,
                   page->html
                       ? "<p>%llu open P0, %llu P1, %llu P2; %llu left over; %llu undecided; "
                         "%llu resources</p>\n"
                       : "\n%llu open P0, %llu P1, %llu P2; %llu left over; %llu undecided; "
                         "%llu resources\n",
                   (unsigned long long)audit->p0, (unsigned long long)audit->p1,
                   (unsigned long long)audit->p2, (unsigned long long)audit->left_over,
                   (unsigned long long)audit->undecided, (unsigned long long)audit->resources);
    if (audit->options.as_of[0] != '\0')
        tfr_buf_printf(&page->text, page->html ? "<p>as of %s</p>\n" : "\nas of %s\n",
                       audit->options.as_of);
}

static void add_unreadable(struct page *page, const struct tfr_audit *audit)
{
    static const char *const columns[] = { "document", "why", NULL };
    const size_t shown = tfr_audit_named(audit, ROWS);
    struct tfr_buf group = { 0 };

    if (audit->unreadable.count == 0)
        return;
    heading(page, "Unreadable");
    open_table(page, columns);
    for (size_t i = 0; i < shown; i++) {
        begin_row(page);
        code(page, audit->unreadable.at[i].name);
        prose(page, audit->unreadable.at[i].message);
        end_row(page);
    }
    if (audit->binary_plans > 0) {
        tfr_buf_printf(&group, "%llu binary plan%s", (unsigned long long)audit->binary_plans,
                       audit->binary_plans == 1 ? "" : "s");
        begin_row(page);
        word(page, group.data);
        prose(page, TFR_AUDIT_BINARY);
        end_row(page);
        tfr_buf_fini(&group);
    }
    close_table(page, audit->by_exit[TFR_EXIT_ERROR] - audit->binary_plans, shown);
}

static void add_worst(struct page *page, const struct tfr_audit *audit)
{
    static const char *const columns[] = { "document", "verdict",   "score", "P0", "P1",
                                           "P2",       "left over", "first", NULL };
    const size_t shown = audit->worst.count < ROWS ? audit->worst.count : ROWS;

    if (shown == 0)
        return;
    heading(page, "Worst first");
    open_table(page, columns);
    for (size_t i = 0; i < shown; i++) {
        const struct tfr_audit_row *row = &audit->worst.at[i];

        begin_row(page);
        code(page, row->name);
        word(page, verdict_of(row->exit_code));
        if (row->score >= 0)
            number(page, (uint64_t)row->score);
        else
            word(page, "-");
        number(page, row->p0);
        number(page, row->p1);
        number(page, row->p2);
        number(page, row->left_over);
        code(page, row->first);
        end_row(page);
    }
    close_table(page, audit->documents - audit->by_exit[TFR_EXIT_ERROR], shown);
}

static void add_left_overs(struct page *page, const struct tfr_audit *audit)
{
    static const char *const columns[] = { "since", "days", "document", "object", "policy", NULL };
    const struct tfr_audit_lefts *lefts = &audit->left_overs;
    const size_t shown = lefts->count < ROWS ? lefts->count : ROWS;

    if (shown == 0)
        return;
    heading(page, "Left over");
    open_table(page, columns);
    for (size_t i = 0; i < shown; i++) {
        const struct tfr_audit_left *left = &lefts->at[i];

        begin_row(page);
        code(page, left->since);
        if (left->since != NULL && audit->options.as_of[0] != '\0')
            number(page, tfr_audit_days(left->since, audit->options.as_of));
        else
            word(page, "-");
        code(page, left->document);
        code(page, left->address);
        code(page, left->policy);
        end_row(page);
    }
    close_table(page, audit->left_over, shown);
}

static void add_policies(struct page *page, const struct tfr_audit *audit)
{
    static const char *const columns[] = { "policy", "what", "documents", "findings",
                                           "P0",     "P1",   "P2",        NULL };
    const size_t shown = audit->policies.count < ROWS ? audit->policies.count : ROWS;

    if (shown == 0)
        return;
    heading(page, "Policies");
    open_table(page, columns);
    for (size_t i = 0; i < shown; i++) {
        const struct tfr_audit_total *total = &audit->policies.at[i];

        begin_row(page);
        code(page, total->text->text);
        prose(page, total->title);
        number(page, total->documents);
        number(page, total->count);
        number(page, total->p0);
        number(page, total->p1);
        number(page, total->p2);
        end_row(page);
    }
    close_table(page, audit->policies.count, shown);
}

static void add_across(struct page *page, const struct tfr_audit *audit)
{
    static const char *const columns[] = { "what",  "document", "address", "other document",
                                           "other", "detail",   NULL };
    const size_t shown = audit->across_count < ROWS ? audit->across_count : ROWS;

    if (shown == 0)
        return;
    heading(page, "Across documents");
    open_table(page, columns);
    for (size_t i = 0; i < shown; i++) {
        const struct tfr_across *across = &audit->across[i];

        begin_row(page);
        word(page, tfr_across_title(across->kind));
        code(page, across->a);
        code(page, across->address_a);
        code(page, across->b);
        code(page, across->address_b);
        code(page, across->detail);
        end_row(page);
    }
    close_table(page, audit->across_count, shown);
}

/* `what` NULL: nothing is counted but documents. */
static void add_totals(struct page *page, const char *title, const char *what,
                       const struct tfr_audit_totals *totals)
{
    const char *const columns[] = { "name", "documents", what, NULL };
    const size_t shown = totals->count < ROWS ? totals->count : ROWS;

    if (shown == 0)
        return;
    heading(page, title);
    open_table(page, columns);
    for (size_t i = 0; i < shown; i++) {
        begin_row(page);
        code(page, totals->at[i].text->text);
        number(page, totals->at[i].documents);
        if (what != NULL)
            number(page, totals->at[i].count);
        end_row(page);
    }
    close_table(page, totals->count, shown);
}

static void add_waivers(struct page *page, const struct tfr_audit *audit)
{
    static const char *const columns[] = { "waiver", "policy", "address", "what", NULL };
    size_t shown = 0;

    if (audit->idle_waivers == 0)
        return;
    heading(page, "Waivers without use");
    open_table(page, columns);
    for (size_t i = 0; i < audit->waiver_count && shown < ROWS; i++) {
        const struct tfr_audit_waiver *waiver = &audit->waivers[i];
        struct tfr_buf text = { 0 };

        if (waiver->state == TFR_WAIVER_USED)
            continue;
        tfr_buf_printf(&text, "%s:%u", waiver->file, waiver->line);
        begin_row(page);
        code(page, tfr_buf_text(&text));
        code(page, waiver->policy);
        code(page, waiver->address);
        tfr_buf_reset(&text);
        tfr_audit_waiver_words(waiver, &text);
        prose(page, tfr_buf_text(&text));
        end_row(page);
        tfr_buf_fini(&text);
        shown++;
    }
    close_table(page, audit->idle_waivers, shown);
}

static void add_all(struct page *page, const struct tfr_audit *audit)
{
    add_summary(page, audit);
    add_worst(page, audit);
    add_left_overs(page, audit);
    add_policies(page, audit);
    add_across(page, audit);
    add_unreadable(page, audit);
    add_waivers(page, audit);
    add_totals(page, "Modules with findings", "findings", &audit->sources);
    add_totals(page, "Providers", "resources", &audit->providers);
    add_totals(page, "Versions of providers, as configured", NULL, &audit->provider_versions);
    add_totals(page, "Versions of Terraform", NULL, &audit->versions);
}

void tfr_audit_write_markdown(const struct tfr_audit *audit, const struct tfr_style *style,
                              FILE *out)
{
    struct page page = { .html = false };

    (void)style;
    tfr_buf_puts(&page.text, "# Audit\n\n");
    add_all(&page, audit);
    (void)fwrite(page.text.data, 1, page.text.len, out);
    tfr_buf_fini(&page.text);
}

void tfr_audit_write_html(const struct tfr_audit *audit, const struct tfr_style *style, FILE *out)
{
    struct page page = { .html = true };

    (void)style;
    tfr_buf_printf(
        &page.text,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\">"
        "<title>tfready "
        "audit</title><style>%s</style></head><body><header><h1>Audit</h1></header><main>\n",
        html_style);
    add_all(&page, audit);
    tfr_buf_puts(&page.text, "</main></body></html>\n");
    (void)fwrite(page.text.data, 1, page.text.len, out);
    tfr_buf_fini(&page.text);
}
