/* SPDX-License-Identifier: Apache-2.0 */
#include "report/sections.h"

#include "report/build.h"

#include <stdlib.h>
#include <string.h>

const struct tfr_section tfr_report_sections[] = {
    { "P0: must be solved before the apply", "Each of these alone makes it a NO-GO.", TFR_OPEN,
      TFR_P0 },
    { "P1: conditions of a go", "Solve them, or let an owner accept each one by name and date.",
      TFR_OPEN, TFR_P1 },
    { "Left over: clean-up, no danger", "The plan removes these itself; nothing uses them.",
      TFR_COSMETIC, TFR_SEVERITY_NONE },
    { "Undecided until the apply",
      "The document does not hold what decides these. They cost no points and lower the coverage.",
      TFR_STATE_UNDECIDED, TFR_SEVERITY_NONE },
    { "Waived", "Accepted by an owner, with a reason.", TFR_WAIVED, TFR_SEVERITY_NONE },
    { "P2: advice", "These do not stop an apply.", TFR_OPEN, TFR_P2 },
    { "For information", "These cost no points.", TFR_OPEN, TFR_INFO },
    { NULL, NULL, TFR_OPEN, TFR_SEVERITY_NONE },
};

static bool belongs(const struct tfr_section *section, const struct tfr_report_finding *finding)
{
    return finding->state == section->state &&
           (section->severity == TFR_SEVERITY_NONE || finding->severity == section->severity);
}

static bool is_alike(const struct tfr_report_finding *a, const struct tfr_report_finding *b)
{
    return a->severity == b->severity && a->state == b->state &&
           (a->policy == b->policy || strcmp(a->policy, b->policy) == 0);
}

/* They are few: who looks for findings of a kind need not look at each. */
void tfr_report_find_groups(struct tfr_report *report)
{
    size_t *groups = NULL, count = 0, cap = 0;

    for (size_t i = 0; i <= report->finding_count; i++) {
        if (i > 0 && i < report->finding_count &&
            is_alike(&report->findings[i - 1], &report->findings[i]))
            continue;
        groups = tfr_grow(groups, &cap, count + 1, sizeof *groups);
        groups[count++] = i;
    }
    report->groups = groups;
    report->group_count = count - 1;
}

size_t tfr_section_count(const struct tfr_report *report, const struct tfr_section *section)
{
    size_t count = 0;

    for (size_t i = 0; i < report->group_count; i++) {
        if (belongs(section, &report->findings[report->groups[i]]))
            count += report->groups[i + 1] - report->groups[i];
    }
    return count;
}

/* The group that a finding is in; group_count behind the last one. */
static size_t group_of(const struct tfr_report *report, size_t finding)
{
    size_t low = 0, high = report->group_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (report->groups[middle + 1] <= finding)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t tfr_section_next(const struct tfr_report *report, const struct tfr_section *section,
                        size_t from)
{
    for (size_t i = group_of(report, from); i < report->group_count; i++) {
        if (belongs(section, &report->findings[report->groups[i]]))
            return report->groups[i] < from ? from : report->groups[i];
    }
    return report->finding_count;
}

size_t tfr_section_group_end(const struct tfr_report *report, size_t first)
{
    return report->groups[group_of(report, first) + 1];
}

void tfr_by_input_init(struct tfr_by_input *by, const struct tfr_report *report)
{
    by->order = tfr_calloc(report->finding_count + 1, sizeof *by->order);
    by->start = tfr_calloc(report->input_count + 2, sizeof *by->start);
    /* Counting sort: start[i + 2] counts, then start[i + 1] is where the next one of i goes. */
    for (size_t i = 0; i < report->finding_count; i++)
        by->start[report->findings[i].input + 2]++;
    for (size_t i = 2; i < report->input_count + 2; i++)
        by->start[i] += by->start[i - 1];
    for (size_t i = 0; i < report->finding_count; i++)
        by->order[by->start[report->findings[i].input + 1]++] = i;
}

void tfr_by_input_fini(struct tfr_by_input *by)
{
    tfr_free(by->order);
    tfr_free(by->start);
}

void tfr_report_points(struct tfr_buf *out, int hundredths)
{
    tfr_buf_printf(out, "%s%d.%02d", hundredths < 0 ? "-" : "", abs(hundredths) / 100,
                   abs(hundredths) % 100);
}

void tfr_report_changes(struct tfr_buf *out, const struct tfr_counts *counts)
{
    const struct {
        const char *word;
        uint32_t count;
    } rows[] = { { "create", counts->create },
                 { "update", counts->update },
                 { "replace", counts->replace },
                 { "delete", counts->delete_ },
                 { "forget", counts->forget },
                 { "read", counts->read },
                 { "import", counts->import },
                 { "move", counts->move },
                 { "change in an unknown way", counts->other } };
    const size_t start = out->len;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].count > 0)
            tfr_buf_printf(out, "%s%u to %s", out->len > start ? ", " : "", rows[i].count,
                           rows[i].word);
    }
    if (out->len == start)
        tfr_buf_puts(out, "nothing to change");
    if (counts->no_op > 0)
        tfr_buf_printf(out, "; %u unchanged", counts->no_op);
    if (counts->drifted > 0)
        tfr_buf_printf(out, "; %u drifted outside of the code", counts->drifted);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

const char *tfr_report_evidence(const struct tfr_report_finding *finding, size_t index,
                                const char **note)
{
    const struct tfr_evidence *evidence = &finding->evidence[index];
    const char *name = evidence->path != NULL ? evidence->path : evidence->address;
    const size_t len = name != NULL ? strlen(name) : 0;

    *note = evidence->note != NULL ? evidence->note : "";
    for (size_t i = 0; i < index; i++) {
        const struct tfr_evidence *other = &finding->evidence[i];

        if (same_text(other->path, evidence->path) && same_text(other->note, evidence->note) &&
            same_text(other->address, evidence->address))
            return NULL;
    }
    if (len > 0 && strncmp(*note, name, len) == 0 && (*note)[len] == ' ')
        *note += len + 1;
    return name != NULL ? name : "";
}

static size_t count_open(const struct tfr_report *report, enum tfr_severity severity)
{
    const struct tfr_section open = { .state = TFR_OPEN, .severity = severity };

    return tfr_section_count(report, &open);
}

static void after_a_go(struct tfr_buf *out, const struct tfr_report *report, bool plans)
{
    const struct tfr_section left_over = { .state = TFR_COSMETIC };
    const bool advice = count_open(report, TFR_P2) > 0;
    const bool rest = plans && tfr_section_count(report, &left_over) > 0;

    tfr_buf_puts(out, plans ? "Ready to apply." : "Nothing here has to be solved.");
    if (rest)
        tfr_buf_puts(out, " The apply clears what is left over.");
    if (advice)
        tfr_buf_puts(out, " The P2 findings are advice and can wait.");
}

static void before_a_go(struct tfr_buf *out, const struct tfr_report *report, bool plans)
{
    const struct tfr_report_input *worst = &report->inputs[report->worst_input];
    const char *again = plans ? ", make a new plan, and judge that one." : ".";

    if (!worst->score.given && worst->errored != TFR_TRUE) {
        tfr_buf_puts(out, "Nothing could be judged: see whether this is the right document.");
        return;
    }
    if (plans)
        tfr_buf_puts(out, "Do not apply. ");
    if (worst->errored == TFR_TRUE)
        tfr_buf_printf(out, "Mend what stopped the plan%s", again);
    else
        tfr_buf_printf(out, "Solve %s%s",
                       count_open(report, TFR_P0) > 0 ? "the P0 findings" : "what makes it a NO-GO",
                       again);
}

void tfr_report_next_step(struct tfr_buf *out, const struct tfr_report *report)
{
    bool plans = false;

    for (size_t i = 0; i < report->input_count; i++)
        plans = plans || report->inputs[i].kind == TFR_PLAN;
    if (report->exit_code == TFR_EXIT_ERROR || report->input_count == 0)
        tfr_buf_puts(out, "Do not apply: something could not be read, so nothing is known of it.");
    else if (report->verdict == TFR_GO)
        after_a_go(out, report, plans);
    else if (report->verdict == TFR_NO_GO)
        before_a_go(out, report, plans);
    else if (count_open(report, TFR_P1) == 0)
        tfr_buf_puts(out, "Go on only if somebody answers for what the apply alone can decide.");
    else
        tfr_buf_printf(out, "%s the P1 findings, or have an owner accept each one in a waiver.",
                       plans ? "Before you apply, solve" : "Solve");
}

bool tfr_report_blast_is_new(const struct tfr_report *report, size_t index)
{
    const struct tfr_report_finding *finding = &report->findings[index];

    if (!finding->has_blast || finding->blast_total == 0)
        return false;
    for (size_t i = 0; i < index; i++) {
        const struct tfr_report_finding *other = &report->findings[i];

        if (other->has_blast && other->input == finding->input &&
            strcmp(other->address, finding->address) == 0)
            return false;
    }
    return true;
}
