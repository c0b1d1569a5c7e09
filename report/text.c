/* SPDX-License-Identifier: Apache-2.0 */
/* The report for a person at a terminal: the answer, the most dangerous thing, what to do. */
#include "report/screen.h"
#include "report/writers.h"

#include <string.h>

#define ADDRESSES_SHOWN 8 /* per policy; the rest is counted */
#define LOSSES_SHOWN 50   /* of a P0: every loss is worth its line */
#define MEMBERS_SHOWN 6
#define NAME_SHOWN 20 /* bytes of an input's name */

/* ---- words on the screen --------------------------------------------------------------- */

static const char *dot(const struct tfr_screen *writer)
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
static void wrap(const struct tfr_screen *writer, const char *text, size_t indent)
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

static void paragraph(const struct tfr_screen *writer, const char *label, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    (void)fprintf(writer->out, "    %s%-8s%s ", tfr_screen_start(writer, TFR_DIM), label,
                  tfr_screen_end(writer, TFR_DIM));
    wrap(writer, text, 13);
}

/* ---- head ------------------------------------------------------------------------------ */

static enum tfr_color color_of(enum tfr_verdict verdict)
{
    return verdict == TFR_GO ? TFR_GREEN : verdict == TFR_CONDITIONAL_GO ? TFR_YELLOW : TFR_RED;
}

static void put_input(const struct tfr_screen *writer, const struct tfr_report_input *input)
{
    const size_t len = strlen(input->name);

    if (len > NAME_SHOWN) { /* the end of a path tells more than its beginning */
        const char *tail = input->name + len - NAME_SHOWN;
        const char *slash = strchr(tail, '/');

        (void)fprintf(writer->out, "...");
        tfr_screen_put(writer, TFR_PLAIN, slash != NULL ? slash : tail);
    } else {
        tfr_screen_put(writer, TFR_PLAIN,
                       strcmp(input->name, "-") == 0 ? "standard input" : input->name);
    }
    if (input->member != NULL) {
        (void)fputc(':', writer->out);
        tfr_screen_put(writer, TFR_PLAIN, input->member);
    }
}

static const char *product_word(enum tfr_product product)
{
    return product == TFR_OPENTOFU ? "OpenTofu" : "Terraform";
}

static void put_what(const struct tfr_screen *writer, const struct tfr_report_input *input)
{
    put_input(writer, input);
    (void)fprintf(writer->out, ": %s ", product_word(input->product));
    if (input->product_version != NULL) {
        tfr_screen_put(writer, TFR_PLAIN, input->product_version);
        (void)fputc(' ', writer->out);
    }
    (void)fprintf(writer->out, "%s, %zu resource%s", input->kind == TFR_PLAN ? "plan" : "state",
                  input->resources, input->resources == 1 ? "" : "s");
}

static void write_verdict(const struct tfr_screen *writer)
{
    const struct tfr_report *report = writer->report;
    const struct tfr_report_input *worst = &report->inputs[report->worst_input];

    if (report->exit_code == TFR_EXIT_ERROR) {
        tfr_screen_put(writer, TFR_RED, "NO VERDICT");
        (void)fprintf(writer->out, "  %s could not be read: do not apply\n",
                      report->input_count == 1 ? "the input" : "an input");
        return;
    }
    tfr_screen_put(writer, color_of(report->verdict), tfr_verdict_name(report->verdict));
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

static void write_reasons(const struct tfr_screen *writer)
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

static void write_inputs(const struct tfr_screen *writer)
{
    const struct tfr_report *report = writer->report;

    for (size_t i = 0; i < report->input_count; i++) {
        const struct tfr_report_input *input = &report->inputs[i];

        if (input->has_error && report->input_count == 1)
            continue; /* the message on standard error says it all */
        if (input->has_error) {
            (void)fprintf(writer->out, "  ");
            tfr_screen_put(writer, TFR_RED, "unreadable");
            (void)fprintf(writer->out, "  ");
            put_input(writer, input);
            (void)fprintf(writer->out, ": ");
            tfr_screen_put(writer, TFR_PLAIN, input->error.msg);
            (void)fputc('\n', writer->out);
        } else if (report->input_count > 1) {
            (void)fprintf(
                writer->out, "  %s%-14s%s ", tfr_screen_start(writer, color_of(input->verdict)),
                tfr_verdict_name(input->verdict), tfr_screen_end(writer, color_of(input->verdict)));
            if (input->score.given)
                (void)fprintf(writer->out, "%3d/100  ", input->score.overall);
            put_what(writer, input);
            (void)fputc('\n', writer->out);
        }
        for (size_t j = 0; j < input->note_count; j++)
            (void)fprintf(writer->out, "  %snote%s  %s\n", tfr_screen_start(writer, TFR_DIM),
                          tfr_screen_end(writer, TFR_DIM), input->notes[j].message);
    }
}

static void count(const struct tfr_screen *writer, bool *any, uint32_t number, const char *word,
                  enum tfr_color color)
{
    if (number == 0)
        return;
    (void)fprintf(writer->out, "%s%s%u to %s%s", *any ? ", " : "", tfr_screen_start(writer, color),
                  number, word, tfr_screen_end(writer, color));
    *any = true;
}

static void write_changes(const struct tfr_screen *writer)
{
    const struct tfr_counts *counts = &writer->report->counts;
    uint32_t blast = 0;
    bool any = false;

    for (size_t i = 0; i < writer->report->input_count; i++)
        blast += writer->report->inputs[i].blast;
    if (counts->total + counts->drifted == 0)
        return;
    (void)fprintf(writer->out, "  ");
    count(writer, &any, counts->create, "create", TFR_PLAIN);
    count(writer, &any, counts->update, "update", TFR_PLAIN);
    count(writer, &any, counts->replace, "replace", TFR_YELLOW);
    count(writer, &any, counts->delete_, "delete", TFR_RED);
    count(writer, &any, counts->forget, "forget", TFR_YELLOW);
    count(writer, &any, counts->read, "read", TFR_PLAIN);
    count(writer, &any, counts->import, "import", TFR_PLAIN);
    count(writer, &any, counts->move, "move", TFR_PLAIN);
    count(writer, &any, counts->other, "change in an unknown way", TFR_RED);
    if (!any)
        (void)fprintf(writer->out, "nothing to change");
    if (counts->no_op > 0)
        (void)fprintf(writer->out, "; %u unchanged", counts->no_op);
    if (counts->drifted > 0)
        (void)fprintf(writer->out, "; %u drifted outside of the code", counts->drifted);
    (void)fputc('\n', writer->out);
    if (blast > 0)
        (void)fprintf(writer->out, "  %s%u resource%s%s on what this plan destroys or replaces%s\n",
                      tfr_screen_start(writer, TFR_BOLD), blast, blast == 1 ? "" : "s",
                      blast == 1 ? " that stays depends" : " that stay depend",
                      tfr_screen_end(writer, TFR_BOLD));
}

/* ---- findings -------------------------------------------------------------------------- */

static bool same_policy(const struct tfr_report_finding *a, const struct tfr_report_finding *b)
{
    return a->severity == b->severity && a->state == b->state && strcmp(a->policy, b->policy) == 0;
}

static void put_address(const struct tfr_screen *writer, const struct tfr_report_finding *finding)
{
    if (writer->report->input_count > 1) {
        put_input(writer, &writer->report->inputs[finding->input]);
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

static void write_subject(const struct tfr_screen *writer, const struct tfr_report_finding *finding)
{
    (void)fprintf(writer->out, "    ");
    put_address(writer, finding);
    (void)fprintf(writer->out, "\n      ");
    wrap(writer, finding->message, 6);
    if (finding->state == TFR_STATE_UNDECIDED && finding->undecided_because != NULL) {
        (void)fprintf(writer->out, "      decided by: ");
        tfr_screen_put(writer, TFR_PLAIN, finding->undecided_because);
        (void)fputc('\n', writer->out);
    }
    if (finding->waiver != NULL) {
        (void)fprintf(writer->out, "      ");
        wrap(writer, finding->waiver, 6);
    }
    write_members(writer, finding);
    if (finding->state == TFR_OPEN && finding->severity >= TFR_P1)
        write_blast(writer, finding);
}

/* One policy with all its subjects; gives the index behind them. */
static size_t write_policy(const struct tfr_screen *writer, size_t first, bool brief)
{
    const struct tfr_report *report = writer->report;
    const struct tfr_report_finding *finding = &report->findings[first];
    size_t end = first;
    const size_t shown = brief ? 3 : finding->severity == TFR_P0 ? LOSSES_SHOWN : ADDRESSES_SHOWN;

    (void)fprintf(writer->out, "\n  %s%s%s  ", tfr_screen_start(writer, TFR_DIM), finding->policy,
                  tfr_screen_end(writer, TFR_DIM));
    tfr_screen_put(writer, TFR_BOLD, finding->title);
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

static void write_section(const struct tfr_screen *writer, const char *title, enum tfr_color color,
                          enum tfr_finding_state state, enum tfr_severity severity)
{
    const struct tfr_report *report = writer->report;
    size_t total = 0;

    for (size_t i = 0; i < report->finding_count; i++)
        total += in_section(&report->findings[i], state, severity);
    if (total == 0)
        return;
    (void)fprintf(writer->out, "\n%s%s (%zu)%s\n", tfr_screen_start(writer, color), title, total,
                  tfr_screen_end(writer, color));
    for (size_t i = 0; i < report->finding_count;) {
        if (in_section(&report->findings[i], state, severity))
            i = write_policy(writer, i,
                             severity == TFR_P2 || severity == TFR_INFO || state != TFR_OPEN);
        else
            i++;
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
    write_verdict(&writer);
    if (style->quiet)
        return;
    if (report->exit_code != TFR_EXIT_ERROR)
        write_reasons(&writer);
    write_inputs(&writer);
    tfr_text_remarks(&writer);
    write_changes(&writer);
    write_section(&writer, "P0: must be solved before the apply", TFR_RED, TFR_OPEN, TFR_P0);
    write_section(&writer, "P1: conditions of a go", TFR_YELLOW, TFR_OPEN, TFR_P1);
    write_section(&writer, "LEFT OVER: clean-up, no danger", TFR_GREEN, TFR_COSMETIC,
                  TFR_SEVERITY_NONE);
    write_section(&writer, "WAIVED", TFR_DIM, TFR_WAIVED, TFR_SEVERITY_NONE);
    write_section(&writer, "UNDECIDED until the apply", TFR_YELLOW, TFR_STATE_UNDECIDED,
                  TFR_SEVERITY_NONE);
    write_section(&writer, "P2: advice", TFR_PLAIN, TFR_OPEN, TFR_P2);
    write_section(&writer, "INFO", TFR_DIM, TFR_OPEN, TFR_INFO);
    tfr_text_score(&writer);
    tfr_text_passed(&writer);
}
