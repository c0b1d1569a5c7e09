/* SPDX-License-Identifier: Apache-2.0 */
/* From findings and coverage to GO, CONDITIONAL GO or NO-GO. */
#include "report/score.h"

#include <string.h>

#define P0_COVERAGE 90 /* per cent that production wants */
#define COVERAGE 60

struct tally {
    size_t p0, p1; /* open ones; of one cause they count once */
    size_t p0_places, p1_places;
    size_t waived_p0, undecided_p0;
};

/* Groups that were counted: slots of a hash table, index of their first finding + 1. */
struct groups {
    uint32_t *slots;
    size_t mask;
};

static bool same_group(const struct tfr_finding *a, const struct tfr_finding *b)
{
    return a->policy == b->policy && a->severity == b->severity && strcmp(a->group, b->group) == 0;
}

/* Findings of one cause share a group and count once. */
static bool counted_before(struct groups *groups, const struct tfr_findings *findings, size_t index)
{
    const struct tfr_finding *finding = &findings->at[index];
    size_t slot;

    if (finding->group == NULL)
        return false;
    slot = (size_t)tfr_hash(finding->group, strlen(finding->group)) & groups->mask;
    for (; groups->slots[slot] != 0; slot = (slot + 1) & groups->mask) {
        if (same_group(&findings->at[groups->slots[slot] - 1], finding))
            return true;
    }
    groups->slots[slot] = (uint32_t)index + 1;
    return false;
}

static struct tally count(const struct tfr_findings *findings)
{
    struct tally tally = { 0 };
    struct groups groups = { .mask = 15 };

    while (groups.mask < 2 * findings->count)
        groups.mask = groups.mask * 2 + 1;
    groups.slots = tfr_calloc(groups.mask + 1, sizeof *groups.slots);
    for (size_t i = 0; i < findings->count; i++) {
        const struct tfr_finding *finding = &findings->at[i];

        if (finding->state == TFR_WAIVED)
            tally.waived_p0 += finding->severity == TFR_P0;
        if (finding->state == TFR_STATE_UNDECIDED)
            tally.undecided_p0 += finding->severity == TFR_P0;
        if (finding->state != TFR_OPEN)
            continue;
        tally.p0_places += finding->severity == TFR_P0;
        tally.p1_places += finding->severity == TFR_P1;
        if (counted_before(&groups, findings, i))
            continue;
        tally.p0 += finding->severity == TFR_P0;
        tally.p1 += finding->severity == TFR_P1;
    }
    tfr_free(groups.slots);
    return tally;
}

bool tfr_verdict_is_nothing(const struct tfr_findings *findings)
{
    const struct tfr_policy *other = NULL; /* one that does not say so */

    for (size_t i = 0; i < findings->count; i++) {
        const struct tfr_finding *finding = &findings->at[i];

        if (finding->state != TFR_OPEN || finding->policy == other)
            continue;
        if (strcmp(finding->policy->id, "TFR-CHG-038") == 0)
            return true;
        other = finding->policy;
    }
    return findings->row_count == 0;
}

/* ---- reasons --------------------------------------------------------------------------- */

struct reasons {
    struct tfr_arena *arena;
    const char *at[8];
    size_t count;
};

static void because(struct reasons *reasons, const char *format, ...) TFR_PRINTF(2, 3);

static void because(struct reasons *reasons, const char *format, ...)
{
    struct tfr_buf text = { 0 };
    va_list args;

    va_start(args, format);
    tfr_buf_vprintf(&text, format, args);
    va_end(args);
    if (reasons->count + 1 < sizeof reasons->at / sizeof reasons->at[0])
        reasons->at[reasons->count++] = tfr_arena_text(reasons->arena, text.data, text.len);
    tfr_buf_fini(&text);
}

static const char *plural(size_t number)
{
    return number == 1 ? "" : "s";
}

/* "2 open P1 findings in 5 places in production" */
static void because_open(struct reasons *reasons, const char *severity, size_t number,
                         size_t places, const char *where)
{
    struct tfr_buf text = { 0 };

    if (number == 0)
        return;
    if (places > number)
        tfr_buf_printf(&text, " in %zu places", places);
    because(reasons, "%zu open %s finding%s%s%s", number, severity, plural(number),
            tfr_buf_text(&text), where);
    tfr_buf_fini(&text);
}

static enum tfr_verdict no_go(struct reasons *reasons, const struct tally *tally,
                              const struct tfr_findings *findings, bool errored, bool nothing)
{
    const struct tfr_strictness *strict = &findings->strict;

    if (nothing)
        because(reasons, "nothing to assess: no resource was looked at");
    if (errored)
        because(reasons, "the plan is errored: only a part of it was computed");
    because_open(reasons, "P0", tally->p0, tally->p0_places, "");
    if (strict->undecided_p0_is_no_go && tally->undecided_p0 > 0)
        because(reasons, "%zu possible P0 finding%s undecided, and --undecided block",
                tally->undecided_p0, plural(tally->undecided_p0));
    if (strict->p1_is_no_go && findings->environment.environment == TFR_PRODUCTION)
        because_open(reasons, "P1", tally->p1, tally->p1_places, " in production");
    if (tally->waived_p0 > 0 && !findings->p0_may_be_waived)
        because(reasons, "%zu waived P0 finding%s: a P0 cannot be waived without --waive-p0",
                tally->waived_p0, plural(tally->waived_p0));
    return reasons->count > 0 ? TFR_NO_GO : TFR_VERDICT_NONE;
}

/* No look at all was decided: there are no points to speak of, and no reason for a go. */
static bool is_unassessed(const struct tfr_score *score)
{
    for (size_t i = 0; i < TFR_CATEGORY_COUNT; i++) {
        if (score->categories[i].assessed)
            return false;
    }
    return true;
}

static enum tfr_verdict conditional(struct reasons *reasons, const struct tally *tally,
                                    const struct tfr_findings *findings,
                                    const struct tfr_score *score)
{
    const bool production = findings->environment.environment == TFR_PRODUCTION;
    const int p0_wanted =
        findings->strict.p0_coverage > 0 ? findings->strict.p0_coverage : P0_COVERAGE;
    const int wanted = findings->strict.coverage > 0 ? findings->strict.coverage : COVERAGE;

    because_open(reasons, "P1", tally->p1, tally->p1_places, "");
    if (is_unassessed(score))
        because(reasons, "nothing could be decided before the apply");
    if (production && score->p0_coverage_percent < p0_wanted)
        because(reasons,
                "only %d %% of what could be a P0 is decided before the apply; production wants "
                "%d %%",
                score->p0_coverage_percent, p0_wanted);
    if (production && score->coverage_percent < wanted)
        because(reasons, "only %d %% is decided before the apply; production wants %d %%",
                score->coverage_percent, wanted);
    return reasons->count > 0 ? TFR_CONDITIONAL_GO : TFR_VERDICT_NONE;
}

/* A hundred points of what was looked at are no praise of the rest. */
static void name_blind_spots(struct reasons *reasons, const struct tfr_score *score)
{
    size_t assessed = 0;
    size_t weighted = 0;

    for (size_t i = 0; i < TFR_CATEGORY_COUNT; i++) {
        weighted += score->categories[i].weight > 0;
        assessed += score->categories[i].weight > 0 && score->categories[i].assessed;
    }
    if (assessed < weighted)
        because(reasons, "%zu of %zu categories had something to assess", assessed, weighted);
}

static void apply_cap(struct tfr_score *score, int cap)
{
    if (score->overall > cap) {
        score->overall = cap;
        score->cap = cap;
    }
}

enum tfr_verdict tfr_verdict_decide(const struct tfr_document *document,
                                    const struct tfr_findings *findings, struct tfr_arena *arena,
                                    struct tfr_score *score, const char *const **reasons)
{
    const struct tally tally = count(findings);
    const bool nothing = tfr_verdict_is_nothing(findings);
    struct reasons list = { .arena = arena };
    enum tfr_verdict verdict =
        no_go(&list, &tally, findings, document->errored == TFR_TRUE, nothing);

    if (verdict == TFR_VERDICT_NONE)
        verdict = conditional(&list, &tally, findings, score);
    if (verdict == TFR_VERDICT_NONE) {
        verdict = TFR_GO;
        because(&list, "no open P0 or P1 finding");
        name_blind_spots(&list, score);
    }
    if (verdict != TFR_GO)
        apply_cap(score, verdict == TFR_NO_GO ? TFR_NO_GO_CAP : TFR_CONDITIONAL_CAP);
    /* A category that only the undecided would open may lift the mean. */
    if (score->worst_case > score->overall)
        score->worst_case = score->overall;
    score->given = !nothing;
    *reasons = tfr_arena_copy(arena, list.at, (list.count + 1) * sizeof list.at[0]);
    return verdict;
}

const char *tfr_verdict_name(enum tfr_verdict verdict)
{
    static const char *const names[] = { "none", "GO", "CONDITIONAL GO", "NO-GO" };

    return names[verdict];
}
