/* SPDX-License-Identifier: Apache-2.0 */
/* What holds of score and verdict whatever was found: random outcomes from a fixed seed, and the
 * rules computed a second time, in the plainest way. */
#include "report/score.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define POLICIES 8
#define LOOKS 6 /* of one policy */
#define ROUNDS 30000

enum outcome { PASS, OPEN, WAIVED, COSMETIC, UNDECIDED };

struct world {
    struct {
        enum tfr_category category;
        enum tfr_severity severity;
        size_t count;
        enum outcome looks[LOOKS];
    } policies[POLICIES];
    size_t count;
    enum tfr_environment environment;
    struct tfr_strictness strict;
    bool waive_p0;
};

struct judged {
    struct tfr_score score;
    enum tfr_verdict verdict;
    int lost[TFR_CATEGORY_COUNT]; /* sums of the ledgers, negative */
};

/* ---- from a world to a verdict --------------------------------------------------------- */

struct stage {
    struct tfr_policy policies[POLICIES];
    struct tfr_finding findings[POLICIES * LOOKS];
    const struct tfr_policy *looking[POLICIES];
    struct tfr_verdict_row rows[POLICIES * LOOKS];
    struct tfr_findings all;
};

static const char *const ids[POLICIES] = { "A", "B", "C", "D", "E", "F", "G", "H" };

static void add_look(struct stage *stage, const struct tfr_policy *policy,
                     enum tfr_severity severity, enum outcome outcome)
{
    static const enum tfr_finding_state states[] = {
        [OPEN] = TFR_OPEN,
        [WAIVED] = TFR_WAIVED,
        [COSMETIC] = TFR_COSMETIC,
        [UNDECIDED] = TFR_STATE_UNDECIDED,
    };

    stage->rows[stage->all.row_count++] =
        (struct tfr_verdict_row){ .policy = (uint32_t)(policy - stage->policies),
                                  .severity = (uint8_t)severity,
                                  .result = outcome == PASS        ? TFR_PASS
                                            : outcome == UNDECIDED ? TFR_UNDECIDED
                                                                   : TFR_FAIL };
    if (outcome != PASS)
        stage->findings[stage->all.count++] =
            (struct tfr_finding){ .policy = policy,
                                  .place = (uint32_t)(policy - stage->policies),
                                  .severity = severity,
                                  .state = states[outcome],
                                  .address = "a.b",
                                  .message = "" };
}

static void build(const struct world *world, struct stage *stage)
{
    memset(stage, 0, sizeof *stage);
    stage->all.at = stage->findings;
    stage->all.rows = stage->rows;
    stage->all.policies = stage->looking;
    stage->all.environment.environment = world->environment;
    stage->all.strict = world->strict;
    stage->all.p0_may_be_waived = world->waive_p0;
    for (size_t i = 0; i < world->count; i++) {
        stage->policies[i].id = ids[i];
        stage->looking[stage->all.policy_count++] = &stage->policies[i];
        stage->policies[i].category = world->policies[i].category;
        for (size_t j = 0; j < world->policies[i].count; j++)
            add_look(stage, &stage->policies[i], world->policies[i].severity,
                     world->policies[i].looks[j]);
    }
}

static struct judged judge_stage(const struct stage *stage)
{
    const struct tfr_document document = { .kind = TFR_PLAN };
    struct tfr_arena arena = { 0 };
    const char *const *reasons = NULL;
    struct judged judged = { 0 };

    tfr_score_compute(&stage->all, &arena, &judged.score);
    judged.verdict = tfr_verdict_decide(&document, &stage->all, &arena, &judged.score, &reasons);
    assert_non_null(reasons[0]);
    for (int i = 0; i < TFR_CATEGORY_COUNT; i++) {
        struct tfr_category_score *category = &judged.score.categories[i];

        for (size_t j = 0; j < category->ledger_count; j++)
            judged.lost[i] += category->ledger[j].points;
        category->ledger = NULL;
    }
    tfr_arena_free(&arena);
    return judged;
}

static struct judged judge(const struct world *world)
{
    struct stage stage;

    build(world, &stage);
    return judge_stage(&stage);
}

/* ---- random worlds --------------------------------------------------------------------- */

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*seed >> 33) % below;
}

static void draw_world(uint64_t *seed, struct world *world)
{
    static const enum tfr_environment environments[] = { TFR_PRODUCTION, TFR_STAGING,
                                                         TFR_DEVELOPMENT };

    memset(world, 0, sizeof *world);
    world->count = 1 + draw(seed, POLICIES);
    world->environment = environments[draw(seed, 3)];
    world->strict.p1_is_no_go = draw(seed, 4) == 0;
    world->strict.undecided_p0_is_no_go = draw(seed, 4) == 0;
    world->waive_p0 = draw(seed, 2) == 0;
    for (size_t i = 0; i < world->count; i++) {
        const bool good = draw(seed, 2) == 0;

        world->policies[i].category = (enum tfr_category)draw(seed, TFR_DOCUMENTATION);
        world->policies[i].severity = (enum tfr_severity)(TFR_P2 + draw(seed, 3));
        world->policies[i].count = 1 + draw(seed, LOOKS);
        for (size_t j = 0; j < world->policies[i].count; j++)
            world->policies[i].looks[j] =
                good || draw(seed, 2) == 0 ? PASS : (enum outcome)(OPEN + draw(seed, 4));
    }
}

/* A look with this outcome, or NULL. Policies that may not be chosen have another severity. */
static enum outcome *choose(uint64_t *seed, struct world *world, enum outcome outcome,
                            enum tfr_severity severity)
{
    enum outcome *found[POLICIES * LOOKS];
    size_t count = 0;

    for (size_t i = 0; i < world->count; i++) {
        for (size_t j = 0; j < world->policies[i].count; j++) {
            if (world->policies[i].looks[j] == outcome &&
                (severity == TFR_SEVERITY_NONE || world->policies[i].severity == severity))
                found[count++] = &world->policies[i].looks[j];
        }
    }
    return count > 0 ? found[draw(seed, (uint32_t)count)] : NULL;
}

/* ---- what must not get worse ----------------------------------------------------------- */

/* Turns one look of a kind into another, in many worlds: score and verdict stay or get better. */
static void never_harms(uint64_t seed, enum outcome from, enum outcome to,
                        enum tfr_severity severity)
{
    size_t turned = 0;

    for (int round = 0; round < ROUNDS; round++) {
        struct world world;
        struct judged before, after;
        enum outcome *look;

        draw_world(&seed, &world);
        look = choose(&seed, &world, from, severity);
        if (look == NULL)
            continue;
        before = judge(&world);
        *look = to;
        after = judge(&world);
        assert_true(after.score.overall >= before.score.overall);
        assert_true(after.score.worst_case >= before.score.worst_case);
        assert_true(after.verdict <= before.verdict);
        turned++;
    }
    assert_true(turned > ROUNDS / 20);
}

static void fixing_never_harms(void **state)
{
    (void)state;
    never_harms(20260213, OPEN, PASS, TFR_SEVERITY_NONE);
}

static void waiving_a_p1_never_harms(void **state)
{
    (void)state;
    never_harms(42, OPEN, WAIVED, TFR_P1);
}

static void a_proof_that_a_p1_is_cosmetic_never_harms(void **state)
{
    (void)state;
    never_harms(43, OPEN, COSMETIC, TFR_P1);
}

static void what_turns_out_good_never_harms(void **state)
{
    (void)state;
    never_harms(44, UNDECIDED, PASS, TFR_SEVERITY_NONE);
}

static void fixing_what_is_waived_never_harms(void **state)
{
    (void)state;
    never_harms(45, WAIVED, PASS, TFR_SEVERITY_NONE);
}

/* ---- bounds ---------------------------------------------------------------------------- */

static void verdict_and_score_agree(void **state)
{
    uint64_t seed = 46;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct world world;
        struct judged judged;

        draw_world(&seed, &world);
        judged = judge(&world);
        assert_in_range(judged.score.overall, judged.verdict == TFR_GO ? 80 : 0,
                        judged.verdict == TFR_GO               ? 100
                        : judged.verdict == TFR_CONDITIONAL_GO ? 79
                                                               : 49);
        assert_in_range(judged.score.worst_case, 0, judged.score.overall);
        assert_in_range(judged.score.coverage_percent, 0, 100);
        assert_in_range(judged.score.p0_coverage_percent, 0, 100);
    }
}

/* ---- order ----------------------------------------------------------------------------- */

static void the_order_of_what_was_found_does_not_matter(void **state)
{
    uint64_t seed = 47;

    (void)state;
    for (int round = 0; round < ROUNDS / 10; round++) {
        struct world world;
        struct stage stage;
        struct judged before, after;

        draw_world(&seed, &world);
        build(&world, &stage);
        before = judge_stage(&stage);
        for (size_t i = stage.all.count; i > 1; i--) {
            const size_t other = draw(&seed, (uint32_t)i);
            const struct tfr_finding kept = stage.findings[i - 1];

            stage.findings[i - 1] = stage.findings[other];
            stage.findings[other] = kept;
        }
        for (size_t i = stage.all.row_count; i > 1; i--) {
            const size_t other = draw(&seed, (uint32_t)i);
            const struct tfr_verdict_row kept = stage.rows[i - 1];

            stage.rows[i - 1] = stage.rows[other];
            stage.rows[other] = kept;
        }
        after = judge_stage(&stage);
        assert_memory_equal(&before, &after, sizeof before);
    }
}

/* ---- the rules, a second time ---------------------------------------------------------- */

static size_t count(const struct world *world, size_t policy, enum outcome outcome)
{
    size_t found = 0;

    for (size_t i = 0; i < world->policies[policy].count; i++)
        found += world->policies[policy].looks[i] == outcome;
    return found;
}

/* Half up. */
static int divide(size_t over, size_t under)
{
    return (int)((2 * over + under) / (2 * under));
}

static int plain_category(const struct world *world, enum tfr_category category, bool *assessed)
{
    static const size_t base[] = { [TFR_P0] = 400, [TFR_P1] = 150, [TFR_P2] = 40 };
    int large = 0, small = 0, cap = 1000, score;

    *assessed = false;
    for (size_t i = 0; i < world->count; i++) {
        const enum tfr_severity severity = world->policies[i].severity;
        const size_t open = count(world, i, OPEN);
        const size_t soft = count(world, i, WAIVED) + count(world, i, COSMETIC);
        const size_t decided = count(world, i, PASS) + open + soft;
        const size_t low = severity == TFR_P2 ? open + soft : soft;

        if (world->policies[i].category != category || decided == 0)
            continue;
        *assessed = true;
        if (severity > TFR_P2 && open > 0) {
            large += divide(base[severity] * (decided + open), 2 * decided);
            cap = severity == TFR_P0 ? 400 : cap < 800 ? cap : 800;
        }
        if (low > 0) /* the half for being there at all is paid once */
            small += divide(base[TFR_P2] * (low + (low == open + soft || open == 0 ? decided : 0)),
                            2 * decided);
    }
    score = 1000 - large - (small < 200 ? small : 200);
    score = score < cap ? score : cap;
    return score > 0 ? score : 0;
}

/* Before the verdict caps it. */
static int plain_overall(const struct world *world)
{
    static const int weights[] = {
        [TFR_SECURITY] = 25,   [TFR_RELIABILITY] = 25, [TFR_CHANGE_SAFETY] = 20,
        [TFR_OPERATIONS] = 12, [TFR_PERFORMANCE] = 8,  [TFR_HYGIENE] = 10,
    };
    size_t points = 0, weight = 0;
    int overall;

    for (int i = 0; i < TFR_DOCUMENTATION; i++) {
        bool assessed;
        const int score = plain_category(world, (enum tfr_category)i, &assessed);

        points += assessed ? (size_t)(score * weights[i]) : 0;
        weight += assessed ? (size_t)weights[i] * 10 : 0;
    }
    overall = weight > 0 ? divide(points, weight) : 0;
    for (size_t i = 0; i < world->count; i++)
        overall -= world->policies[i].severity == TFR_P0 && count(world, i, OPEN) > 0 ? 8 : 0;
    return overall > 0 ? overall : 0;
}

struct sums {
    size_t open[TFR_P0 + 1], waived[TFR_P0 + 1], undecided[TFR_P0 + 1];
    size_t decided, looks, p0_decided, p0_looks; /* weighted; P0 alone: not */
};

static struct sums add_up(const struct world *world)
{
    static const size_t weights[] = { [TFR_P0] = 10, [TFR_P1] = 4, [TFR_P2] = 1 };
    struct sums sums = { 0 };

    for (size_t i = 0; i < world->count; i++) {
        const enum tfr_severity severity = world->policies[i].severity;
        const size_t undecided = count(world, i, UNDECIDED);
        const size_t looks = world->policies[i].count;

        sums.open[severity] += count(world, i, OPEN);
        sums.waived[severity] += count(world, i, WAIVED);
        sums.undecided[severity] += undecided;
        sums.looks += weights[severity] * looks;
        sums.decided += weights[severity] * (looks - undecided);
        sums.p0_looks += severity == TFR_P0 ? looks : 0;
        sums.p0_decided += severity == TFR_P0 ? looks - undecided : 0;
    }
    return sums;
}

static enum tfr_verdict plain_verdict(const struct world *world)
{
    const struct sums sums = add_up(world);
    const bool production = world->environment == TFR_PRODUCTION;

    if (sums.open[TFR_P0] > 0 || (sums.waived[TFR_P0] > 0 && !world->waive_p0) ||
        (world->strict.undecided_p0_is_no_go && sums.undecided[TFR_P0] > 0) ||
        (world->strict.p1_is_no_go && production && sums.open[TFR_P1] > 0))
        return TFR_NO_GO;
    if (sums.open[TFR_P1] > 0 || sums.decided == 0)
        return TFR_CONDITIONAL_GO;
    if (production &&
        (sums.p0_decided * 100 < sums.p0_looks * 90 || sums.decided * 100 < sums.looks * 60))
        return TFR_CONDITIONAL_GO;
    return TFR_GO;
}

static void score_and_verdict_are_the_rules(void **state)
{
    uint64_t seed = 48;
    size_t verdicts[TFR_NO_GO + 1] = { 0 };

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct world world;
        struct judged judged;
        int most;

        draw_world(&seed, &world);
        judged = judge(&world);
        assert_int_equal(judged.verdict, plain_verdict(&world));
        most = judged.verdict == TFR_GO ? 100 : judged.verdict == TFR_CONDITIONAL_GO ? 79 : 49;
        assert_int_equal(judged.score.overall,
                         plain_overall(&world) < most ? plain_overall(&world) : most);
        verdicts[judged.verdict]++;
    }
    for (int i = TFR_GO; i <= TFR_NO_GO; i++)
        assert_true(verdicts[i] > ROUNDS / 50);
}

/* A category's points are what its ledger leaves, but for the caps: advice costs 200 at most, an
 * open P0 leaves 400 and an open P1 800. */
static void every_lost_point_is_in_the_ledger(void **state)
{
    uint64_t seed = 49;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct world world;
        struct judged judged;

        draw_world(&seed, &world);
        judged = judge(&world);
        for (int i = 0; i < TFR_CATEGORY_COUNT; i++) {
            bool assessed = false;
            const int plain = plain_category(&world, (enum tfr_category)i, &assessed);

            assert_int_equal(judged.score.categories[i].assessed, assessed);
            if (!assessed)
                continue;
            assert_int_equal(judged.score.categories[i].score, plain);
            assert_true((plain < 1000) == (judged.lost[i] < 0));
        }
    }
}

static void the_worst_case_is_that_all_fail(void **state)
{
    uint64_t seed = 50;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct world world;
        struct judged judged;
        int worst;

        draw_world(&seed, &world);
        judged = judge(&world);
        for (size_t i = 0; i < world.count; i++) {
            for (size_t j = 0; j < world.policies[i].count; j++) {
                if (world.policies[i].looks[j] == UNDECIDED)
                    world.policies[i].looks[j] = OPEN;
            }
        }
        worst = judge(&world).score.overall;
        assert_int_equal(judged.score.worst_case,
                         worst < judged.score.overall ? worst : judged.score.overall);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixing_never_harms),
        cmocka_unit_test(waiving_a_p1_never_harms),
        cmocka_unit_test(a_proof_that_a_p1_is_cosmetic_never_harms),
        cmocka_unit_test(what_turns_out_good_never_harms),
        cmocka_unit_test(fixing_what_is_waived_never_harms),
        cmocka_unit_test(verdict_and_score_agree),
        cmocka_unit_test(the_order_of_what_was_found_does_not_matter),
        cmocka_unit_test(score_and_verdict_are_the_rules),
        cmocka_unit_test(every_lost_point_is_in_the_ledger),
        cmocka_unit_test(the_worst_case_is_that_all_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
