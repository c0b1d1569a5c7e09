/* SPDX-License-Identifier: Apache-2.0 */
/* The report for a person at a terminal: the answer, the most dangerous thing, what to do. */
#include "report/writers.h"

#include <string.h>

#define ADDRESSES_SHOWN 8 /* per policy; the rest is counted */
#define LOSSES_SHOWN 50   /* of a P0: every loss is worth its line */
#define MEMBERS_SHOWN 6
#define NAME_SHOWN 20 /* bytes of an input's name */

enum color { PLAIN, BOLD, RED, YELLOW, GREEN, DIM };

struct writer {
    FILE *out;
    const struct tfr_report *report;
    const struct tfr_style *style;
    unsigned width;
};

/* ---- words on the screen --------------------------------------------------------------- */

static const char *start_of(const struct writer *writer, enum color color)
{
    static const char *const codes[] = { "",           "\033[1m",    "\033[1;31m",
                                         "\033[1;33m", "\033[1;32m", "\033[2m" };

    return writer->style->color ? codes[color] : "";
}

static const char *end_of(const struct writer *writer, enum color color)
{
    return writer->style->color && color != PLAIN ? "\033[0m" : "";
}

static void put(const struct writer *writer, enum color color, const char *text)
{
    struct tfr_buf safe = { 0 };

    tfr_buf_add_safe(&safe, text, strlen(text));
    (void)fprintf(writer->out, "%s%s%s", start_of(writer, color), tfr_buf_text(&safe),
                  end_of(writer, color));
    tfr_buf_fini(&safe);
}

static const char *dot(const struct writer *writer)
{
    return writer->style->ascii ? " - " : " \xc2\xb7 ";
}

/* Columns of a text: characters, not bytes. */
static size_t columns(const char *text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

/* Writes a text that is broken at blanks; words longer than the line (addresses) are left whole.
 * The cursor stands at column `indent`, where each further line begins. */
static void wrap(const struct writer *writer, const char *text, size_t indent)
{
    struct tfr_buf safe = { 0 };
    const char *at;
    size_t column = indent;

    tfr_buf_add_safe(&safe, text, strlen(text));
    at = tfr_buf_text(&safe);
    while (*at != '\0') {
        const size_t len = strcspn(at, " ");
        const size_t wide = columns(at, len);

        if (column > indent && column + 1 + wide > writer->width) {
            (void)fprintf(writer->out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            (void)fputc(' ', writer->out);
            column++;
        }
        (void)fwrite(at, 1, len, writer->out);
        column += wide;
        at += len;
        at += *at == ' ';
    }
    (void)fputc('\n', writer->out);
    tfr_buf_fini(&safe);
}

static void paragraph(const struct writer *writer, const char *label, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    (void)fprintf(writer->out, "    %s%-8s%s ", start_of(writer, DIM), label, end_of(writer, DIM));
    wrap(writer, text, 13);
}

/* ---- head ------------------------------------------------------------------------------ */

static enum color color_of(enum tfr_verdict verdict)
{
    return verdict == TFR_GO ? GREEN : verdict == TFR_CONDITIONAL_GO ? YELLOW : RED;
}

static void put_input(const struct writer *writer, const struct tfr_report_input *input)
{
    const size_t len = strlen(input->name);

    if (len > NAME_SHOWN) { /* the end of a path tells more than its beginning */
        const char *tail = input->name + len - NAME_SHOWN;
        const char *slash = strchr(tail, '/');

        (void)fprintf(writer->out, "...");
        put(writer, PLAIN, slash != NULL ? slash : tail);
    } else {
        put(writer, PLAIN, strcmp(input->name, "-") == 0 ? "standard input" : input->name);
    }
    if (input->member != NULL) {
        (void)fputc(':', writer->out);
        put(writer, PLAIN, input->member);
    }
}

static const char *product_word(enum tfr_product product)
{
    return product == TFR_OPENTOFU ? "OpenTofu" : "Terraform";
}

static void put_what(const struct writer *writer, const struct tfr_report_input *input)
{
    put_input(writer, input);
    (void)fprintf(writer->out, ": %s ", product_word(input->product));
    if (input->product_version != NULL) {
        put(writer, PLAIN, input->product_version);
        (void)fputc(' ', writer->out);
    }
    (void)fprintf(writer->out, "%s, %zu resource%s", input->kind == TFR_PLAN ? "plan" : "state",
                  input->resources, input->resources == 1 ? "" : "s");
}

static void write_verdict(const struct writer *writer)
{
    const struct tfr_report *report = writer->report;
    const struct tfr_report_input *worst = &report->inputs[report->worst_input];

    if (report->exit_code == TFR_EXIT_ERROR) {
        put(writer, RED, "NO VERDICT");
        (void)fprintf(writer->out, "  %s could not be read: do not apply\n",
                      report->input_count == 1 ? "the input" : "an input");
        return;
    }
    put(writer, color_of(report->verdict), tfr_verdict_name(report->verdict));
    if (worst->score.given)
        (void)fprintf(writer->out, "  %d/100", worst->score.overall);
    (void)fprintf(writer->out, "  %s%s", tfr_environment_name(worst->environment.environment),
                  dot(writer));
    if (report->input_count == 1)
        put_what(writer, worst);
    else
        (void)fprintf(writer->out, "%zu documents, the worst counts", report->input_count);
    (void)fputc('\n', writer->out);
}

static void write_reasons(const struct writer *writer)
{
    const struct tfr_report *report = writer->report;
    const struct tfr_report_input *worst = &report->inputs[report->worst_input];
    struct tfr_buf text = { 0 };

    for (size_t i = 0; report->reasons[i] != NULL; i++)
        tfr_buf_printf(&text, "%s; ", report->reasons[i]);
    tfr_buf_printf(&text, "judged as %s: %s", tfr_environment_name(worst->environment.environment),
                   worst->environment.source);
    (void)fprintf(writer->out, "  ");
    wrap(writer, tfr_buf_text(&text), 2);
    tfr_buf_fini(&text);
}

static void write_inputs(const struct writer *writer)
{
    const struct tfr_report *report = writer->report;

    for (size_t i = 0; i < report->input_count; i++) {
        const struct tfr_report_input *input = &report->inputs[i];

        if (input->has_error && report->input_count == 1)
            continue; /* the message on standard error says it all */
        if (input->has_error) {
            (void)fprintf(writer->out, "  ");
            put(writer, RED, "unreadable");
            (void)fprintf(writer->out, "  ");
            put_input(writer, input);
            (void)fprintf(writer->out, ": ");
            put(writer, PLAIN, input->error.msg);
            (void)fputc('\n', writer->out);
        } else if (report->input_count > 1) {
            (void)fprintf(writer->out, "  %s%-14s%s ", start_of(writer, color_of(input->verdict)),
                          tfr_verdict_name(input->verdict),
                          end_of(writer, color_of(input->verdict)));
            if (input->score.given)
                (void)fprintf(writer->out, "%3d/100  ", input->score.overall);
            put_what(writer, input);
            (void)fputc('\n', writer->out);
        }
        for (size_t j = 0; j < input->note_count; j++)
            (void)fprintf(writer->out, "  %snote%s  %s\n", start_of(writer, DIM),
                          end_of(writer, DIM), input->notes[j].message);
    }
}

static void count(const struct writer *writer, bool *any, uint32_t number, const char *word,
                  enum color color)
{
    if (number == 0)
        return;
    (void)fprintf(writer->out, "%s%s%u to %s%s", *any ? ", " : "", start_of(writer, color), number,
                  word, end_of(writer, color));
    *any = true;
}

static void write_changes(const struct writer *writer)
{
    const struct tfr_counts *counts = &writer->report->counts;
    uint32_t blast = 0;
    bool any = false;

    for (size_t i = 0; i < writer->report->input_count; i++)
        blast += writer->report->inputs[i].blast;
    if (counts->total + counts->drifted == 0)
        return;
    (void)fprintf(writer->out, "  ");
    count(writer, &any, counts->create, "create", PLAIN);
    count(writer, &any, counts->update, "update", PLAIN);
    count(writer, &any, counts->replace, "replace", YELLOW);
    count(writer, &any, counts->delete_, "delete", RED);
    count(writer, &any, counts->forget, "forget", YELLOW);
    count(writer, &any, counts->read, "read", PLAIN);
    count(writer, &any, counts->import, "import", PLAIN);
    count(writer, &any, counts->move, "move", PLAIN);
    count(writer, &any, counts->other, "change in an unknown way", RED);
    if (!any)
        (void)fprintf(writer->out, "nothing to change");
    if (counts->no_op > 0)
        (void)fprintf(writer->out, "; %u unchanged", counts->no_op);
    if (counts->drifted > 0)
        (void)fprintf(writer->out, "; %u drifted outside of the code", counts->drifted);
    (void)fputc('\n', writer->out);
    if (blast > 0)
        (void)fprintf(writer->out, "  %s%u resource%s%s on what this plan destroys or replaces%s\n",
                      start_of(writer, BOLD), blast, blast == 1 ? "" : "s",
                      blast == 1 ? " that stays depends" : " that stay depend",
                      end_of(writer, BOLD));
}

/* ---- findings -------------------------------------------------------------------------- */

static bool same_policy(const struct tfr_report_finding *a, const struct tfr_report_finding *b)
{
    return a->severity == b->severity && a->state == b->state && strcmp(a->policy, b->policy) == 0;
}

static void put_address(const struct writer *writer, const struct tfr_report_finding *finding)
{
    if (writer->report->input_count > 1) {
        put_input(writer, &writer->report->inputs[finding->input]);
        (void)fprintf(writer->out, ": ");
    }
    put(writer, BOLD, finding->address[0] != '\0' ? finding->address : "the whole document");
}

/* Several policies may speak of one object: what depends on it is told once, with the worst of
 * them. */
static bool told_before(const struct writer *writer, const struct tfr_report_finding *finding)
{
    const struct tfr_report_finding *other = writer->report->findings;

    for (; other < finding; other++) {
        if (other->has_blast && other->state == TFR_OPEN && other->input == finding->input &&
            strcmp(other->address, finding->address) == 0)
            return true;
    }
    return false;
}

static void write_blast(const struct writer *writer, const struct tfr_report_finding *finding)
{
    if (!finding->has_blast || finding->blast_total == 0 || told_before(writer, finding))
        return;
    (void)fprintf(writer->out, "      %u resource%s on it (%u directly", finding->blast_total,
                  finding->blast_total == 1 ? " depends" : "s depend", finding->blast_direct);
    if (finding->blast_also_changed > 0)
        (void)fprintf(writer->out, ", %u changed by this plan as well",
                      finding->blast_also_changed);
    (void)fprintf(writer->out, "):\n");
    for (size_t i = 0; finding->blast_addresses[i] != NULL; i++) {
        (void)fprintf(writer->out, "        ");
        put(writer, PLAIN, finding->blast_addresses[i]);
        (void)fputc('\n', writer->out);
        if (i == 4 && finding->blast_total > 5)
            (void)fprintf(writer->out, "        and %u more\n", finding->blast_total - 5);
    }
}

static void write_members(const struct writer *writer, const struct tfr_report_finding *finding)
{
    size_t total = 0;

    while (finding->members != NULL && finding->members[total] != NULL)
        total++;
    for (size_t i = 0; i < total && i < MEMBERS_SHOWN; i++) {
        (void)fprintf(writer->out, "        ");
        put(writer, PLAIN, finding->members[i]);
        (void)fputc('\n', writer->out);
    }
    if (total > MEMBERS_SHOWN)
        (void)fprintf(writer->out, "        and %zu more\n", total - MEMBERS_SHOWN);
}

static void write_subject(const struct writer *writer, const struct tfr_report_finding *finding)
{
    (void)fprintf(writer->out, "    ");
    put_address(writer, finding);
    (void)fprintf(writer->out, "\n      ");
    wrap(writer, finding->message, 6);
    if (finding->state == TFR_STATE_UNDECIDED && finding->undecided_because != NULL) {
        (void)fprintf(writer->out, "      decided by: ");
        put(writer, PLAIN, finding->undecided_because);
        (void)fputc('\n', writer->out);
    }
    write_members(writer, finding);
    if (finding->state == TFR_OPEN && finding->severity >= TFR_P1)
        write_blast(writer, finding);
}

/* One policy with all its subjects; gives the index behind them. */
static size_t write_policy(const struct writer *writer, size_t first, bool brief)
{
    const struct tfr_report *report = writer->report;
    const struct tfr_report_finding *finding = &report->findings[first];
    size_t end = first;
    const size_t shown = brief ? 3 : finding->severity == TFR_P0 ? LOSSES_SHOWN : ADDRESSES_SHOWN;

    (void)fprintf(writer->out, "\n  %s%s%s  ", start_of(writer, DIM), finding->policy,
                  end_of(writer, DIM));
    put(writer, BOLD, finding->title);
    (void)fputc('\n', writer->out);
    while (end < report->finding_count && same_policy(finding, &report->findings[end])) {
        if (end - first < shown)
            write_subject(writer, &report->findings[end]);
        end++;
    }
    if (end - first > shown)
        (void)fprintf(writer->out, "    and %zu more (-o json lists all)\n", end - first - shown);
    if (!brief)
        paragraph(writer, "why", finding->why);
    paragraph(writer, "do", finding->fix);
    if (!brief)
        paragraph(writer, "verify", finding->verify);
    return end;
}

static bool in_section(const struct tfr_report_finding *finding, enum tfr_finding_state state,
                       enum tfr_severity severity)
{
    return finding->state == state &&
           (severity == TFR_SEVERITY_NONE || finding->severity == severity);
}

static void write_section(const struct writer *writer, const char *title, enum color color,
                          enum tfr_finding_state state, enum tfr_severity severity)
{
    const struct tfr_report *report = writer->report;
    size_t total = 0;

    for (size_t i = 0; i < report->finding_count; i++)
        total += in_section(&report->findings[i], state, severity);
    if (total == 0)
        return;
    (void)fprintf(writer->out, "\n%s%s (%zu)%s\n", start_of(writer, color), title, total,
                  end_of(writer, color));
    for (size_t i = 0; i < report->finding_count;) {
        if (in_section(&report->findings[i], state, severity))
            i = write_policy(writer, i,
                             severity == TFR_P2 || severity == TFR_INFO || state != TFR_OPEN);
        else
            i++;
    }
}

/* ---- score ----------------------------------------------------------------------------- */

static void write_ledger(const struct writer *writer, const struct tfr_category_score *category)
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

static void write_score(const struct writer *writer)
{
    const struct tfr_report_input *worst = &writer->report->inputs[writer->report->worst_input];
    const struct tfr_score *score = &worst->score;

    if (worst->has_error || !score->given)
        return;
    (void)fprintf(writer->out, "\n%sSCORE %d of 100%s", start_of(writer, BOLD), score->overall,
                  end_of(writer, BOLD));
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
                          tfr_category_name(category->category), start_of(writer, DIM),
                          end_of(writer, DIM));
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
        (void)fprintf(writer->out, "\n  %-14s %u reference%s through locals not followed", "",
                      worst->unresolved, worst->unresolved == 1 ? "" : "s");
    (void)fputc('\n', writer->out);
}

static void write_passed(const struct writer *writer)
{
    const struct tfr_report *report = writer->report;

    if (!writer->style->show_passed)
        return;
    (void)fprintf(writer->out, "\nLOOKED AT (%zu)\n", report->row_count);
    for (size_t i = 0; i < report->row_count; i++) {
        (void)fprintf(writer->out, "  %-9s %-12s ", tfr_result_name(report->rows[i].result),
                      report->rows[i].policy);
        put(writer, PLAIN, report->rows[i].address);
        (void)fputc('\n', writer->out);
    }
}

void tfr_report_write_text(const struct tfr_report *report, const struct tfr_style *style,
                           FILE *out)
{
    const unsigned width = style->width == 0 || style->width > 98 ? 98 : style->width;
    const struct writer writer = {
        .out = out, .report = report, .style = style, .width = width < 40 ? 40 : width
    };

    if (report->input_count == 0) {
        (void)fprintf(out, "NO VERDICT  nothing was read\n");
        return;
    }
    write_verdict(&writer);
    if (style->quiet)
        return;
    if (report->exit_code != TFR_EXIT_ERROR)
        write_reasons(&writer);
    write_inputs(&writer);
    write_changes(&writer);
    write_section(&writer, "P0: must be solved before the apply", RED, TFR_OPEN, TFR_P0);
    write_section(&writer, "P1: conditions of a go", YELLOW, TFR_OPEN, TFR_P1);
    write_section(&writer, "LEFT OVER: clean-up, no danger", GREEN, TFR_COSMETIC,
                  TFR_SEVERITY_NONE);
    write_section(&writer, "WAIVED", DIM, TFR_WAIVED, TFR_SEVERITY_NONE);
    write_section(&writer, "UNDECIDED until the apply", YELLOW, TFR_STATE_UNDECIDED,
                  TFR_SEVERITY_NONE);
    write_section(&writer, "P2: advice", PLAIN, TFR_OPEN, TFR_P2);
    write_section(&writer, "INFO", DIM, TFR_OPEN, TFR_INFO);
    write_score(&writer);
    write_passed(&writer);
}
