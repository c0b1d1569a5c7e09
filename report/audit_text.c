/* SPDX-License-Identifier: Apache-2.0 */
/* An audit as a table that a person reads in the morning. */
#include "report/audit.h"
#include "report/escape.h"

#include <string.h>

/* Lines of a table before the rest is only counted. */
#define LINES 20

/* Unreadable documents that the head names. */
#define NAMES 3

static const char *plural(uint64_t number)
{
    return number == 1 ? "" : "s";
}

static void safe(struct tfr_buf *out, const char *text)
{
    if (text != NULL)
        tfr_buf_add_safe(out, text, strlen(text));
}

/* Cut in the middle of nothing: the end of a name tells more than its beginning. */
static void tail(struct tfr_buf *out, const char *text, size_t width)
{
    struct tfr_buf whole = { 0 };
    size_t from;

    safe(&whole, text);
    from = whole.len > width ? whole.len - width + 3 : 0;
    while (from > 0 && from < whole.len && ((unsigned char)whole.data[from] & 0xc0) == 0x80)
        from++;
    if (from > 0)
        tfr_buf_puts(out, "...");
    tfr_buf_puts(out, tfr_buf_text(&whole) + from);
    for (size_t i = whole.len - from + (from > 0 ? 3 : 0); i < width; i++)
        tfr_buf_putc(out, ' ');
    tfr_buf_fini(&whole);
}

static const char *verdict_of(int exit_code)
{
    static const char *const words[] = { "GO", "NO-GO", "unreadable", "CONDITIONAL", "nothing" };

    return words[exit_code];
}

static void add_counts(struct tfr_buf *out, const struct tfr_audit *audit)
{
    static const struct {
        enum tfr_exit code;
        const char *word;
    } words[] = { { TFR_EXIT_ERROR, "unreadable" },
                  { TFR_EXIT_NO_GO, "NO-GO" },
                  { TFR_EXIT_NOTHING, "nothing to assess" },
                  { TFR_EXIT_CONDITIONAL, "CONDITIONAL GO" },
                  { TFR_EXIT_GO, "GO" } };
    const char *comma = "";

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (audit->by_exit[words[i].code] == 0)
            continue;
        tfr_buf_printf(out, "%s%llu %s", comma, (unsigned long long)audit->by_exit[words[i].code],
                       words[i].word);
        comma = ", ";
    }
}

/* ": a.tfstate, b.tfstate and 3 more, 12 binary plans" */
static void add_unreadable_names(struct tfr_buf *out, const struct tfr_audit *audit)
{
    const size_t shown = tfr_audit_named(audit, NAMES);
    const uint64_t others = audit->by_exit[TFR_EXIT_ERROR] - audit->binary_plans;

    for (size_t i = 0; i < shown; i++) {
        tfr_buf_puts(out, i == 0 ? ": " : ", ");
        safe(out, audit->unreadable.at[i].name);
    }
    if (others > shown)
        tfr_buf_printf(out, " and %llu more", (unsigned long long)(others - shown));
    if (audit->binary_plans > 0)
        tfr_buf_printf(out, "%s%llu binary plan%s", shown > 0 ? ", " : ": ",
                       (unsigned long long)audit->binary_plans, plural(audit->binary_plans));
}

static void add_head(struct tfr_buf *out, const struct tfr_audit *audit,
                     const struct tfr_style *style)
{
    const uint64_t unreadable = audit->by_exit[TFR_EXIT_ERROR];

    tfr_buf_printf(out, "%sAUDIT%s  ", style->color ? "\x1b[1m" : "",
                   style->color ? "\x1b[0m" : "");
    add_counts(out, audit);
    tfr_buf_printf(out, "\n  %llu document%s, %llu judged, %llu unreadable",
                   (unsigned long long)audit->documents, plural(audit->documents),
                   (unsigned long long)(audit->documents - unreadable),
                   (unsigned long long)unreadable);
    add_unreadable_names(out, audit);
    tfr_buf_printf(
        out,
        "\n  open findings: %llu P0, %llu P1, %llu P2; %llu left over, %llu undecided; %llu "
        "resource%s\n",
        (unsigned long long)audit->p0, (unsigned long long)audit->p1, (unsigned long long)audit->p2,
        (unsigned long long)audit->left_over, (unsigned long long)audit->undecided,
        (unsigned long long)audit->resources, plural(audit->resources));
}

static void add_more(struct tfr_buf *out, uint64_t all, uint64_t shown)
{
    if (all > shown)
        tfr_buf_printf(out, "  and %llu more\n", (unsigned long long)(all - shown));
}

static void add_unreadable(struct tfr_buf *out, const struct tfr_audit *audit)
{
    const size_t shown = tfr_audit_named(audit, LINES);

    if (audit->unreadable.count == 0)
        return;
    tfr_buf_puts(out, "\nUNREADABLE\n");
    for (size_t i = 0; i < shown; i++) {
        const struct tfr_audit_row *row = &audit->unreadable.at[i];

        tfr_buf_puts(out, "  ");
        safe(out, row->name);
        tfr_buf_puts(out, "\n    ");
        safe(out, row->message);
        tfr_buf_putc(out, '\n');
    }
    add_more(out, audit->by_exit[TFR_EXIT_ERROR] - audit->binary_plans, shown);
    if (audit->binary_plans > 0)
        tfr_buf_printf(out, "  %llu binary plan%s\n    " TFR_AUDIT_BINARY "\n",
                       (unsigned long long)audit->binary_plans, plural(audit->binary_plans));
}

static void add_row(struct tfr_buf *out, const struct tfr_audit_row *row, size_t width)
{
    tfr_buf_printf(out, "  %-11s ", verdict_of(row->exit_code));
    if (row->score >= 0)
        tfr_buf_printf(out, "%5d", row->score);
    else
        tfr_buf_puts(out, "    -");
    tfr_buf_printf(out, " %4u %4u %4u %4u  ", row->p0, row->p1, row->p2, row->left_over);
    tail(out, row->name, width);
    if (row->first != NULL) {
        tfr_buf_puts(out, "  ");
        safe(out, row->first);
    }
    while (out->len > 0 && out->data[out->len - 1] == ' ')
        out->len--;
    tfr_buf_putc(out, '\n');
}

static void add_worst(struct tfr_buf *out, const struct tfr_audit *audit,
                      const struct tfr_style *style)
{
    const unsigned columns = style->width > 0 ? style->width : 100;
    const size_t width = columns > 80 ? columns - 55 : 25;
    const uint64_t judged = audit->documents - audit->by_exit[TFR_EXIT_ERROR];
    const size_t shown = audit->worst.count < LINES ? audit->worst.count : LINES;

    if (shown == 0)
        return;
    tfr_buf_puts(out, "\nWORST FIRST\n  verdict     score   P0   P1   P2 left  document\n");
    for (size_t i = 0; i < shown; i++)
        add_row(out, &audit->worst.at[i], width);
    add_more(out, judged, shown);
}

static void add_left_overs(struct tfr_buf *out, const struct tfr_audit *audit)
{
    const struct tfr_audit_lefts *lefts = &audit->left_overs;
    const size_t shown = lefts->count < LINES ? lefts->count : LINES;
    const bool aged = shown > 0 && lefts->at[0].since != NULL && audit->options.as_of[0] != '\0';

    if (shown == 0)
        return;
    tfr_buf_puts(out, "\nLEFT OVER");
    if (aged)
        tfr_buf_printf(out, ", oldest first, as of %s", audit->options.as_of);
    tfr_buf_puts(out, "\n  since         days  policy       object\n");
    for (size_t i = 0; i < shown; i++) {
        const struct tfr_audit_left *left = &lefts->at[i];

        if (aged && left->since != NULL)
            tfr_buf_printf(out, "  %-10s  %6u  ", left->since,
                           tfr_audit_days(left->since, audit->options.as_of));
        else
            tfr_buf_puts(out, "  -                -  ");
        safe(out, left->policy);
        tfr_buf_puts(out, "  ");
        safe(out, left->address);
        tfr_buf_puts(out, "  in ");
        safe(out, left->document);
        tfr_buf_putc(out, '\n');
    }
    add_more(out, audit->left_over, shown);
}

static void add_policies(struct tfr_buf *out, const struct tfr_audit *audit)
{
    const size_t shown = audit->policies.count < LINES ? audit->policies.count : LINES;

    if (shown == 0)
        return;
    tfr_buf_puts(out, "\nPOLICIES\n  documents  found   P0   P1   P2  policy\n");
    for (size_t i = 0; i < shown; i++) {
        const struct tfr_audit_total *total = &audit->policies.at[i];

        tfr_buf_printf(out, "  %9llu %6llu %4llu %4llu %4llu  ",
                       (unsigned long long)total->documents, (unsigned long long)total->count,
                       (unsigned long long)total->p0, (unsigned long long)total->p1,
                       (unsigned long long)total->p2);
        safe(out, total->text->text);
        tfr_buf_puts(out, "  ");
        safe(out, total->title);
        tfr_buf_putc(out, '\n');
    }
    add_more(out, audit->policies.count, shown);
}

/* `what` NULL: nothing is counted but documents. */
static void add_totals(struct tfr_buf *out, const char *title, const char *what,
                       const struct tfr_audit_totals *totals)
{
    const size_t shown = totals->count < LINES ? totals->count : LINES;

    if (shown == 0)
        return;
    tfr_buf_printf(out, "\n%s\n  documents", title);
    if (what != NULL)
        tfr_buf_printf(out, "  %9s", what);
    tfr_buf_putc(out, '\n');
    for (size_t i = 0; i < shown; i++) {
        tfr_buf_printf(out, "  %9llu  ", (unsigned long long)totals->at[i].documents);
        if (what != NULL)
            tfr_buf_printf(out, "%9llu  ", (unsigned long long)totals->at[i].count);
        safe(out, totals->at[i].text->text);
        tfr_buf_putc(out, '\n');
    }
    add_more(out, totals->count, shown);
}

static void add_side(struct tfr_buf *out, const char *document, const char *address)
{
    tfr_buf_puts(out, "    ");
    safe(out, document);
    if (address != NULL) {
        tfr_buf_puts(out, "  ");
        safe(out, address);
    }
    tfr_buf_putc(out, '\n');
}

static void add_across(struct tfr_buf *out, const struct tfr_audit *audit)
{
    size_t end;

    if (audit->across_count > 0)
        tfr_buf_puts(out, "\nACROSS DOCUMENTS\n");
    for (size_t from = 0; from < audit->across_count; from = end) {
        for (end = from + 1;
             end < audit->across_count && audit->across[end].kind == audit->across[from].kind;
             end++)
            ;
        tfr_buf_printf(out, "  %s (%zu)\n", tfr_across_title(audit->across[from].kind), end - from);
        for (size_t i = from; i < end && i < from + LINES; i++) {
            const struct tfr_across *across = &audit->across[i];

            add_side(out, across->a, across->address_a);
            add_side(out, across->b, across->address_b);
            if (across->detail != NULL)
                add_side(out, across->detail, NULL);
            if (across->count > 1)
                tfr_buf_printf(out, "    %llu in all\n", (unsigned long long)across->count);
            if (i + 1 < end && i + 1 < from + LINES)
                tfr_buf_putc(out, '\n');
        }
        add_more(out, end - from, LINES);
    }
}

static void add_why(struct tfr_buf *out, const struct tfr_audit_waiver *waiver)
{
    struct tfr_buf why = { 0 };

    tfr_audit_waiver_words(waiver, &why);
    safe(out, tfr_buf_text(&why));
    tfr_buf_putc(out, '\n');
    tfr_buf_fini(&why);
}

static void add_waivers(struct tfr_buf *out, const struct tfr_audit *audit)
{
    size_t shown = 0;

    if (audit->idle_waivers == 0)
        return;
    tfr_buf_printf(out, "\nWAIVERS WITHOUT USE (%zu of %zu)\n", audit->idle_waivers,
                   audit->waiver_count);
    for (size_t i = 0; i < audit->waiver_count && shown < LINES; i++) {
        const struct tfr_audit_waiver *waiver = &audit->waivers[i];

        if (waiver->state == TFR_WAIVER_USED)
            continue;
        tfr_buf_puts(out, "  ");
        safe(out, waiver->file);
        tfr_buf_printf(out, ":%u  ", waiver->line);
        safe(out, waiver->policy);
        tfr_buf_puts(out, " for ");
        safe(out, waiver->address);
        tfr_buf_puts(out, "\n    ");
        shown++;
        add_why(out, waiver);
    }
    add_more(out, audit->idle_waivers, shown);
}

void tfr_audit_write_text(const struct tfr_audit *audit, const struct tfr_style *style, FILE *out)
{
    struct tfr_buf text = { 0 };

    add_head(&text, audit, style);
    if (!style->quiet) {
        add_worst(&text, audit, style);
    }
    if (!style->quiet && !style->summary) {
        add_left_overs(&text, audit);
        add_policies(&text, audit);
        add_across(&text, audit);
        add_unreadable(&text, audit);
        add_waivers(&text, audit);
        add_totals(&text, "MODULES WITH FINDINGS", "findings", &audit->sources);
        add_totals(&text, "PROVIDERS", "resources", &audit->providers);
        add_totals(&text, "VERSIONS OF PROVIDERS, AS CONFIGURED", NULL, &audit->provider_versions);
        add_totals(&text, "VERSIONS OF TERRAFORM", NULL, &audit->versions);
    }
    if (style->ascii) {
        struct tfr_buf ascii = { 0 };

        tfr_escape_ascii(&ascii, tfr_buf_text(&text));
        (void)fwrite(ascii.data, 1, ascii.len, out);
        tfr_buf_fini(&ascii);
    } else {
        (void)fwrite(text.data, 1, text.len, out);
    }
    tfr_buf_fini(&text);
}
