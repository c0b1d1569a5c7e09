/* SPDX-License-Identifier: Apache-2.0 */
/* Points: what each policy costs, what each category is left with. */
#include "report/score.h"

#include <stdlib.h>
#include <string.h>

#define FULL 1000           /* hundredths of ten points */
#define P2_CAP 200          /* all small deductions of a category together */
#define OPEN_P0_CAP 400     /* a category with an open P0 has at most this */
#define OPEN_P1_CAP 800     /* and with an open P1 this */
#define COST_OF_P0_POLICY 8 /* off the overall score, for each policy with an open P0 */

static const int weights[TFR_CATEGORY_COUNT] = {
    [TFR_SECURITY] = 25,   [TFR_RELIABILITY] = 25, [TFR_CHANGE_SAFETY] = 20, [TFR_OPERATIONS] = 12,
    [TFR_PERFORMANCE] = 8, [TFR_HYGIENE] = 10,     [TFR_DOCUMENTATION] = 5,
};

/* What one policy found at one level of severity. */
struct entry {
    const struct tfr_policy *policy;
    uint32_t failing[TFR_P0 + 1]; /* by the severity that counts */
    enum tfr_finding_state state[TFR_P0 + 1];
    uint32_t decided, undecided;
    uint32_t decided_at[TFR_P0 + 1], undecided_at[TFR_P0 + 1]; /* looks that have a row */
};

struct table {
    struct entry *at; /* by the place of the policy in the policies of the findings */
    size_t count;
};

static int base_of(enum tfr_severity severity)
{
    return severity == TFR_P0 ? 400 : severity == TFR_P1 ? 150 : severity == TFR_P2 ? 40 : 0;
}

static uint32_t weight_of_look(enum tfr_severity severity)
{
    return severity == TFR_P0 ? 10 : severity == TFR_P1 ? 4 : severity == TFR_P2 ? 1 : 0;
}

/* ---- counting -------------------------------------------------------------------------- */

static struct table open_table(const struct tfr_findings *findings)
{
    struct table table = { .count = findings->policy_count };

    table.at = tfr_calloc(table.count + 1, sizeof *table.at);
    for (size_t i = 0; i < table.count; i++)
        table.at[i].policy = findings->policies[i];
    return table;
}

static void count_rows(struct table *table, const struct tfr_findings *findings)
{
    for (size_t i = 0; i < findings->row_count; i++) {
        const struct tfr_verdict_row *row = &findings->rows[i];
        struct entry *entry = &table->at[row->policy];

        if (row->result == TFR_UNDECIDED) {
            entry->undecided++;
            entry->undecided_at[row->severity]++;
        } else if (row->result != TFR_SKIPPED) {
            entry->decided++;
            entry->decided_at[row->severity]++;
        }
    }
}

static void count_findings(struct table *table, const struct tfr_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct tfr_finding *finding = &findings->at[i];
        enum tfr_severity level = finding->severity;
        struct entry *entry;

        if (finding->state == TFR_STATE_UNDECIDED)
            continue;
        if (finding->state != TFR_OPEN && level > TFR_P2)
            level = TFR_P2; /* waived and cosmetic ones cost like advice */
        entry = &table->at[finding->place];
        if (entry->failing[level]++ == 0 || finding->state == TFR_OPEN)
            entry->state[level] = finding->state;
    }
}

/* Findings without a row of their own (a policy looked at something else) count as looked at. */
static void count_at_least(struct table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        struct entry *entry = &table->at[i];
        uint32_t failing = 0;

        for (int level = TFR_P2; level <= TFR_P0; level++)
            failing += entry->failing[level];
        if (entry->decided < failing)
            entry->decided = failing;
    }
}

/* The worst case: whatever is undecided fails. */
static void assume_the_worst(struct table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        struct entry *entry = &table->at[i];

        for (int level = TFR_P2; level <= TFR_P0; level++) {
            if (entry->undecided_at[level] == 0)
                continue;
            entry->failing[level] += entry->undecided_at[level];
            entry->state[level] = TFR_OPEN;
        }
        entry->decided += entry->undecided;
    }
}

/* ---- points ---------------------------------------------------------------------------- */

/* base * (applicable + failing) / (2 * applicable), half up: one bad among many costs half, all bad
 * costs all. That half is paid once per policy, at its worst level: below it (`first` is false)
 * only the share of the failing counts. Otherwise waiving one of two findings would cost points. */
static int deduction(enum tfr_severity level, uint32_t failing, uint32_t applicable, bool first)
{
    const uint64_t over = 2 * (uint64_t)applicable;
    const uint64_t points =
        (uint64_t)base_of(level) * ((first ? (uint64_t)applicable : 0) + failing);

    return over == 0 ? 0 : (int)((2 * points + over) / (2 * over));
}

struct sum {
    int large, small; /* points lost by P0 and P1, by P2 */
    bool open_p0, open_p1;
    bool assessed;
    size_t rows;
};

static void add_entry(struct sum *sum, const struct entry *entry, struct tfr_ledger_row *ledger)
{
    bool first = true;

    sum->assessed = sum->assessed || entry->decided > 0;
    for (int level = TFR_P0; level >= TFR_P2; level--) {
        const uint32_t failing = entry->failing[level];
        int points;

        if (failing == 0)
            continue;
        points = deduction((enum tfr_severity)level, failing, entry->decided, first);
        first = false;
        *(level == TFR_P2 ? &sum->small : &sum->large) += points;
        sum->open_p0 = sum->open_p0 || (level == TFR_P0 && entry->state[level] == TFR_OPEN);
        sum->open_p1 = sum->open_p1 || (level == TFR_P1 && entry->state[level] == TFR_OPEN);
        if (ledger != NULL)
            ledger[sum->rows] = (struct tfr_ledger_row){ .policy = entry->policy->id,
                                                         .points = -points,
                                                         .failing = failing,
                                                         .applicable = entry->decided,
                                                         .state = entry->state[level] };
        sum->rows++;
    }
}

static struct sum add_category(const struct table *table, enum tfr_category category,
                               struct tfr_ledger_row *ledger)
{
    struct sum sum = { 0 };

    for (size_t i = 0; i < table->count; i++) {
        if (table->at[i].policy->category == category)
            add_entry(&sum, &table->at[i], ledger);
    }
    return sum;
}

static int score_of(const struct sum *sum)
{
    int score = FULL - sum->large - (sum->small < P2_CAP ? sum->small : P2_CAP);

    if (sum->open_p0 && score > OPEN_P0_CAP)
        score = OPEN_P0_CAP;
    if (sum->open_p1 && score > OPEN_P1_CAP)
        score = OPEN_P1_CAP;
    return score > 0 ? score : 0;
}

static int overall_of(const struct table *table)
{
    uint64_t points = 0;
    uint64_t weight = 0;
    int overall;

    for (int i = 0; i < TFR_CATEGORY_COUNT; i++) {
        const struct sum sum = add_category(table, (enum tfr_category)i, NULL);

        if (!sum.assessed)
            continue;
        points += (uint64_t)weights[i] * (uint64_t)score_of(&sum);
        weight += (uint64_t)weights[i] * 10;
    }
    overall = weight > 0 ? (int)((2 * points + weight) / (2 * weight)) : 0;
    for (size_t i = 0; i < table->count; i++) {
        if (table->at[i].failing[TFR_P0] > 0 && table->at[i].state[TFR_P0] == TFR_OPEN)
            overall -= COST_OF_P0_POLICY;
    }
    return overall > 0 ? overall : 0;
}

/* The worst case has a verdict, too. */
static int cap_worst(const struct table *table, const struct tfr_findings *findings, int overall)
{
    const int p1_cap =
        findings->strict.p1_is_no_go && findings->environment.environment == TFR_PRODUCTION
            ? TFR_NO_GO_CAP
            : TFR_CONDITIONAL_CAP;
    int cap = 100;

    for (size_t i = 0; i < table->count; i++) {
        const struct entry *entry = &table->at[i];

        if (entry->failing[TFR_P0] > 0 && entry->state[TFR_P0] == TFR_OPEN)
            cap = TFR_NO_GO_CAP;
        else if (entry->failing[TFR_P1] > 0 && entry->state[TFR_P1] == TFR_OPEN && cap > p1_cap)
            cap = p1_cap;
    }
    return overall < cap ? overall : cap;
}

/* ---- coverage -------------------------------------------------------------------------- */

static int percent(uint64_t decided, uint64_t applicable)
{
    return applicable == 0 ? 100 : (int)(decided * 100 / applicable);
}

static void cover(const struct table *table, struct tfr_score *out)
{
    uint64_t decided = 0;
    uint64_t applicable = 0;
    uint64_t p0_decided = 0;
    uint64_t p0_applicable = 0;

    for (size_t i = 0; i < table->count; i++) {
        const struct entry *entry = &table->at[i];
        struct tfr_category_score *category = &out->categories[entry->policy->category];

        for (int level = TFR_P2; level <= TFR_P0; level++) {
            const uint32_t weight = weight_of_look((enum tfr_severity)level);
            const uint32_t known = weight * entry->decided_at[level];
            const uint32_t all = known + weight * entry->undecided_at[level];

            category->decided += known;
            category->applicable += all;
            decided += known;
            applicable += all;
        }
        p0_decided += entry->decided_at[TFR_P0];
        p0_applicable += entry->decided_at[TFR_P0] + entry->undecided_at[TFR_P0];
    }
    out->coverage_percent = percent(decided, applicable);
    out->p0_coverage_percent = percent(p0_decided, p0_applicable);
}

/* ---- all of it ------------------------------------------------------------------------- */

static int by_points(const void *left, const void *right)
{
    const struct tfr_ledger_row *a = left;
    const struct tfr_ledger_row *b = right;

    if (a->points != b->points)
        return a->points < b->points ? -1 : 1;
    return strcmp(a->policy, b->policy);
}

static void fill_category(const struct table *table, enum tfr_category category,
                          struct tfr_arena *arena, struct tfr_category_score *out)
{
    struct sum sum = add_category(table, category, NULL);
    struct tfr_ledger_row *ledger = tfr_arena_alloc(arena, sum.rows * sizeof *ledger);

    sum = add_category(table, category, ledger);
    if (sum.rows > 0)
        qsort(ledger, sum.rows, sizeof *ledger, by_points);
    out->category = category;
    /* No document holds documentation: without a word of the user nothing is weighed. */
    out->weight = sum.assessed || category != TFR_DOCUMENTATION ? weights[category] : 0;
    out->assessed = sum.assessed;
    out->score = sum.assessed ? score_of(&sum) : 0;
    out->ledger = ledger;
    out->ledger_count = sum.rows;
}

void tfr_score_compute(const struct tfr_findings *findings, struct tfr_arena *arena,
                       struct tfr_score *out)
{
    struct table table = open_table(findings);

    *out = (struct tfr_score){ .given = true, .cap = -1 };
    count_rows(&table, findings);
    count_findings(&table, findings);
    count_at_least(&table);
    for (int i = 0; i < TFR_CATEGORY_COUNT; i++)
        fill_category(&table, (enum tfr_category)i, arena, &out->categories[i]);
    cover(&table, out);
    out->overall = overall_of(&table);
    assume_the_worst(&table);
    out->worst_case = cap_worst(&table, findings, overall_of(&table));
    tfr_free(table.at);
}
