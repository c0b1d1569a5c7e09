/* SPDX-License-Identifier: Apache-2.0 */
/* The score on a worked example, and what must hold of it whatever the findings. */
#include "report/score.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MAX_POLICIES 64
#define MAX_ROWS 512
#define ROUNDS 20000

/* What one policy found: `failing` of `applicable`, all of one severity. */
struct line {
    const char *id;
    enum tfr_category category;
    enum tfr_severity severity;
    uint32_t failing, applicable;
    enum tfr_finding_state state;
};

struct stage {
    struct tfr_policy policies[MAX_POLICIES];
    struct tfr_finding findings[MAX_ROWS];
    const struct tfr_policy *looking[MAX_POLICIES];
    struct tfr_verdict_row rows[MAX_ROWS];
    struct tfr_findings all;
};

static void add_look(struct stage *stage, const struct tfr_policy *policy, const struct line *line,
                     bool fails)
{
    stage->rows[stage->all.row_count++] = (struct tfr_verdict_row){
        .policy = (uint32_t)(policy - stage->policies),
        .severity = (uint8_t)line->severity,
        .result = !fails                               ? TFR_PASS
                  : line->state == TFR_STATE_UNDECIDED ? TFR_UNDECIDED
                                                       : TFR_FAIL,
    };
    if (fails)
        stage->findings[stage->all.count++] =
            (struct tfr_finding){ .policy = policy,
                                  .place = (uint32_t)(policy - stage->policies),
                                  .severity = line->severity,
                                  .state = line->state,
                                  .address = "a.b",
                                  .message = "" };
}

static void set_stage(struct stage *stage, const struct line *lines, size_t count)
{
    memset(stage, 0, sizeof *stage);
    stage->all.at = stage->findings;
    stage->all.rows = stage->rows;
    stage->all.policies = stage->looking;
    stage->all.environment.environment = TFR_STAGING;
    for (size_t i = 0; i < count; i++) {
        stage->policies[i].id = lines[i].id;
        stage->policies[i].category = lines[i].category;
        stage->looking[stage->all.policy_count++] = &stage->policies[i];
        for (uint32_t j = 0; j < lines[i].applicable; j++)
            add_look(stage, &stage->policies[i], &lines[i], j < lines[i].failing);
    }
}

struct judged {
    struct tfr_score score;
    enum tfr_verdict verdict;
    int lost[TFR_CATEGORY_COUNT];      /* sum of the ledger, negative */
    int points[TFR_CATEGORY_COUNT][4]; /* its first rows */
};

static struct judged judge(const struct stage *stage)
{
    struct tfr_document document = { .kind = TFR_PLAN };
    struct tfr_arena arena = { 0 };
    const char *const *reasons = NULL;
    struct judged judged = { 0 };

    tfr_score_compute(&stage->all, &arena, &judged.score);
    judged.verdict = tfr_verdict_decide(&document, &stage->all, &arena, &judged.score, &reasons);
    assert_non_null(reasons);
    assert_non_null(reasons[0]);
    for (int i = 0; i < TFR_CATEGORY_COUNT; i++) {
        for (size_t j = 0; j < judged.score.categories[i].ledger_count; j++) {
            judged.lost[i] += judged.score.categories[i].ledger[j].points;
            if (j < 4)
                judged.points[i][j] = judged.score.categories[i].ledger[j].points;
        }
        judged.score.categories[i].ledger = NULL;
    }
    tfr_arena_free(&arena);
    return judged;
}

/* ---- the worked example ---------------------------------------------------------------- */

/* A staging stack before its fixes: three P0 policies, six P1, twelve P2. */
static const struct line before_fixes[] = {
    { "WIR-011", TFR_RELIABILITY, TFR_P0, 2, 2, TFR_OPEN },
    { "WIR-016", TFR_RELIABILITY, TFR_P0, 1, 1, TFR_OPEN },
    { "WIR-028", TFR_RELIABILITY, TFR_P0, 2, 3, TFR_OPEN },
    { "WIR-014", TFR_RELIABILITY, TFR_P1, 1, 2, TFR_OPEN },
    { "HA-001", TFR_RELIABILITY, TFR_P2, 1, 1, TFR_OPEN },
    { "HA-002", TFR_RELIABILITY, TFR_P2, 1, 1, TFR_OPEN },
    { "HA-003", TFR_RELIABILITY, TFR_P2, 1, 1, TFR_OPEN },
    { "HA-004", TFR_RELIABILITY, TFR_P2, 1, 1, TFR_OPEN },
    { "BKP-002", TFR_RELIABILITY, TFR_P2, 1, 1, TFR_OPEN },
    { "BKP-003", TFR_RELIABILITY, TFR_P2, 1, 1, TFR_OPEN },
    { "OPS-001", TFR_OPERATIONS, TFR_P1, 1, 1, TFR_OPEN },
    { "OPS-002", TFR_OPERATIONS, TFR_P1, 1, 1, TFR_OPEN },
    { "OPS-003", TFR_OPERATIONS, TFR_P1, 1, 1, TFR_OPEN },
    { "OPS-007", TFR_OPERATIONS, TFR_P2, 1, 1, TFR_OPEN },
    { "SEC-033", TFR_SECURITY, TFR_P2, 1, 1, TFR_OPEN },
    { "SEC-034", TFR_SECURITY, TFR_P2, 1, 1, TFR_OPEN },
    { "SEC-040", TFR_SECURITY, TFR_P2, 1, 1, TFR_OPEN },
    { "PRF-001", TFR_PERFORMANCE, TFR_P1, 1, 1, TFR_OPEN },
    { "PRF-005", TFR_PERFORMANCE, TFR_P2, 1, 1, TFR_OPEN },
    { "ORP-010", TFR_HYGIENE, TFR_P1, 1, 1, TFR_OPEN },
    { "CST-004", TFR_HYGIENE, TFR_P2, 1, 1, TFR_OPEN },
    { "CHG-001", TFR_CHANGE_SAFETY, TFR_P0, 0, 4, TFR_OPEN },
};

static void test_worked_example(void **state)
{
    static const int scores[TFR_CATEGORY_COUNT] = { 880, 0, 1000, 510, 800, 800, 0 };
    struct stage stage;
    struct judged judged;

    (void)state;
    set_stage(&stage, before_fixes, sizeof before_fixes / sizeof before_fixes[0]);
    judged = judge(&stage);
    for (int i = 0; i < TFR_CATEGORY_COUNT; i++)
        assert_int_equal(judged.score.categories[i].score, scores[i]);
    assert_false(judged.score.categories[TFR_DOCUMENTATION].assessed);
    assert_int_equal(judged.score.overall, 39);
    assert_int_equal(judged.score.cap, -1);
    assert_int_equal(judged.verdict, TFR_NO_GO);
    assert_int_equal(judged.points[TFR_RELIABILITY][0], -400);
    assert_int_equal(judged.points[TFR_RELIABILITY][2], -333);
    assert_int_equal(judged.points[TFR_RELIABILITY][3], -113);
}

static void test_states(void **state)
{
    struct line line = { "OPS-001", TFR_OPERATIONS, TFR_P1, 1, 1, TFR_OPEN };
    struct stage stage;
    struct judged judged;

    (void)state;
    set_stage(&stage, &line, 1);
    judged = judge(&stage);
    assert_int_equal(judged.verdict, TFR_CONDITIONAL_GO);
    assert_int_equal(judged.score.overall, 79);
    assert_int_equal(judged.score.cap, 79);
    line.state = TFR_WAIVED;
    set_stage(&stage, &line, 1);
    judged = judge(&stage);
    assert_int_equal(judged.verdict, TFR_GO);
    assert_int_equal(judged.score.overall, 96);
    line.severity = TFR_P0; /* a P0 cannot be waived */
    set_stage(&stage, &line, 1);
    assert_int_equal(judge(&stage).verdict, TFR_NO_GO);
}

static void test_evidence(void **state)
{
    static const struct line lines[] = {
        { "WIR-001", TFR_RELIABILITY, TFR_P0, 2, 10, TFR_STATE_UNDECIDED },
    };
    struct stage stage;
    struct judged judged;

    (void)state;
    set_stage(&stage, lines, 1);
    assert_int_equal(judge(&stage).verdict, TFR_GO);
    stage.all.environment.environment = TFR_PRODUCTION;
    judged = judge(&stage);
    assert_int_equal(judged.score.p0_coverage_percent, 80);
    assert_int_equal(judged.verdict, TFR_CONDITIONAL_GO);
    assert_int_equal(judged.score.overall, 79);
    assert_true(judged.score.worst_case <= 49);
}

static void test_nothing(void **state)
{
    struct stage stage;
    struct judged judged;

    (void)state;
    set_stage(&stage, NULL, 0);
    judged = judge(&stage);
    assert_int_equal(judged.verdict, TFR_NO_GO);
    assert_false(judged.score.given);
}

/* Findings of one cause count once, and the reason says in how many places they are. */
static void test_one_cause(void **state)
{
    static const struct line lines[] = { { "WIR-002", TFR_RELIABILITY, TFR_P0, 2, 3, TFR_OPEN },
                                         { "CHG-001", TFR_CHANGE_SAFETY, TFR_P0, 1, 1, TFR_OPEN } };
    struct tfr_document document = { .kind = TFR_PLAN };
    struct tfr_arena arena = { 0 };
    const char *const *reasons = NULL;
    struct tfr_score score;
    struct stage stage;

    (void)state;
    set_stage(&stage, lines, 2);
    stage.findings[0].group = stage.findings[1].group = "queue";
    tfr_score_compute(&stage.all, &arena, &score);
    assert_int_equal(tfr_verdict_decide(&document, &stage.all, &arena, &score, &reasons),
                     TFR_NO_GO);
    assert_string_equal(reasons[0], "2 open P0 findings in 3 places");
    tfr_arena_free(&arena);
}

/* ---- what always holds ----------------------------------------------------------------- */

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*seed >> 33) % below;
}

static size_t draw_lines(uint64_t *seed, struct line *lines)
{
    static const char *const ids[] = { "A", "B", "C", "D", "E", "F", "G", "H" };
    const size_t count = 1 + draw(seed, 8);

    for (size_t i = 0; i < count; i++) {
        lines[i].id = ids[i];
        lines[i].category = (enum tfr_category)draw(seed, TFR_DOCUMENTATION);
        lines[i].severity = (enum tfr_severity)(TFR_P2 + draw(seed, 3));
        lines[i].applicable = 1 + draw(seed, 6);
        lines[i].failing = draw(seed, 2) == 0 ? 0 : draw(seed, lines[i].applicable + 1);
        lines[i].state = TFR_OPEN;
    }
    return count;
}

static void check_bounds(const struct judged *judged)
{
    if (judged->verdict == TFR_GO)
        assert_in_range(judged->score.overall, 80, 100);
    if (judged->verdict == TFR_CONDITIONAL_GO)
        assert_in_range(judged->score.overall, 0, 79);
    if (judged->verdict == TFR_NO_GO)
        assert_in_range(judged->score.overall, 0, 49);
    assert_true(judged->score.worst_case <= judged->score.overall);
    /* No point is lost without a line in the ledger. */
    for (int i = 0; i < TFR_CATEGORY_COUNT; i++) {
        if (judged->score.categories[i].assessed && judged->score.categories[i].score < 1000)
            assert_true(judged->lost[i] < 0);
    }
}

static void test_fixing_never_harms(void **state)
{
    uint64_t seed = 20260213;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct line lines[8];
        const size_t count = draw_lines(&seed, lines);
        const size_t chosen = draw(&seed, (uint32_t)count);
        struct stage stage;
        struct judged worse;
        struct judged better;

        if (lines[chosen].failing == 0)
            continue;
        set_stage(&stage, lines, count);
        worse = judge(&stage);
        lines[chosen].failing--;
        set_stage(&stage, lines, count);
        better = judge(&stage);
        check_bounds(&worse);
        check_bounds(&better);
        assert_true(better.score.overall >= worse.score.overall);
        assert_true(better.verdict <= worse.verdict);
    }
}

static void test_waiving_a_p1_never_harms(void **state)
{
    uint64_t seed = 42;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct line lines[8];
        const size_t count = draw_lines(&seed, lines);
        struct stage stage;
        struct judged before;
        struct judged after;
        size_t chosen;

        set_stage(&stage, lines, count);
        if (stage.all.count == 0)
            continue;
        chosen = draw(&seed, (uint32_t)stage.all.count);
        if (stage.findings[chosen].severity != TFR_P1)
            continue;
        before = judge(&stage);
        stage.findings[chosen].state = TFR_WAIVED;
        after = judge(&stage);
        check_bounds(&after);
        assert_true(after.score.overall >= before.score.overall);
        assert_true(after.verdict <= before.verdict);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_example),
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_one_cause),
        cmocka_unit_test(test_fixing_never_harms),
        cmocka_unit_test(test_waiving_a_p1_never_harms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
