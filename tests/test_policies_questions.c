/* SPDX-License-Identifier: Apache-2.0 */
/* Of policies that ask and say the same one speaks for all, and each has findings of its own. */
#include "policies/set.h"
#include "tests/policy_texts.h"

#define POLICY(id, name, rest) \
    "metadata: {id: " id ", name: " name ", category: IAM, severity: P1}\n" rest "\n"
#define LEAF "cond_type: attribute, resource_types: [aws_x], attribute: a, operator: equals, "
#define ASKS(condition) "definition: {" condition "}"

struct row {
    const char *label, *first, *second;
    bool same;
};

static const struct row rows[] = {
    { "the same condition", ASKS(LEAF "value: 1"), ASKS(LEAF "value: 1"), true },
    { "another order of keys", ASKS(LEAF "value: 1"),
      ASKS("value: 1, attribute: a, operator: equals, resource_types: [aws_x], cond_type: "
           "attribute"),
      true },
    { "the same adjustment",
      ASKS(LEAF "value: 1") "\nadjust: [{when: {" LEAF "value: 2}, lower: 1}]",
      ASKS(LEAF "value: 1") "\nadjust: [{when: {" LEAF "value: 2}, lower: 1}]", true },
    { "an adjustment more",
      ASKS(LEAF "value: 1") "\nadjust: [{when: {" LEAF "value: 2}, lower: 1}]",
      ASKS(LEAF "value: 1"), false },
    { "an adjustment of another kind",
      ASKS(LEAF "value: 1") "\nadjust: [{when: {" LEAF "value: 2}, lower: 1}]",
      ASKS(LEAF "value: 1") "\nadjust: [{when: {" LEAF "value: 2}, severity: P2}]", false },
    { "an analyser", ASKS("cond_type: analyser, name: emptied_modules"),
      ASKS("cond_type: analyser, name: emptied_modules"), true },
    { "another analyser", ASKS("cond_type: analyser, name: emptied_modules"),
      ASKS("cond_type: analyser, name: complete"), false },
    { "another document", ASKS(LEAF "value: 1") "\napplies_to: plan", ASKS(LEAF "value: 1"), true },
    { "the same condition inside of and", ASKS("and: [{" LEAF "value: 1}]"),
      ASKS("and: [{" LEAF "value: 1}]"), true },
    { "another value", ASKS(LEAF "value: 1"), ASKS(LEAF "value: 2"), false },
    { "a text and a number", ASKS(LEAF "value: 1"), ASKS(LEAF "value: '1'"), false },
    { "a list and its item", ASKS(LEAF "value: [1]"), ASKS(LEAF "value: 1"), false },
    { "lists in lists", ASKS(LEAF "value: [[1], 2]"), ASKS(LEAF "value: [[1, 2]]"), false },
    { "keys and values", ASKS(LEAF "value: {a: b}"), ASKS(LEAF "value: {b: a}"), false },
    { "what is wrong and what is right", ASKS(LEAF "value: 1"), "violation: {" LEAF "value: 1}",
      false },
    { "and and or", ASKS("and: [{" LEAF "value: 1}]"), ASKS("or: [{" LEAF "value: 1}]"), false },
    { "another type", ASKS(LEAF "value: 1"),
      ASKS("cond_type: attribute, resource_types: [aws_y], attribute: a, operator: equals, "
           "value: 1"),
      false },
    { "when it applies", ASKS(LEAF "value: 1") "\napplies_when: {" LEAF "value: 2}",
      ASKS(LEAF "value: 1"), false },
    { "other objects", ASKS(LEAF "value: 1") "\nobjects: gone", ASKS(LEAF "value: 1"), false },
    { "a type as a list and as a text, which Checkov reads in its own way",
      ASKS("cond_type: attribute, resource_types: provider.aws, attribute: a, operator: exists"),
      ASKS("cond_type: attribute, resource_types: [provider.aws], attribute: a, operator: exists"),
      false },
    { "another provider", ASKS(LEAF "value: 1") "\nscope: {provider: aws}", ASKS(LEAF "value: 1"),
      false },
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

static void pair(void **state)
{
    const struct row *row = *state;
    struct tfr_policies *policies;
    struct tfr_buf text = { 0 };

    tfr_buf_printf(&text, POLICY("A", "one", "%s") "---\n" POLICY("B", "two", "%s"), row->first,
                   row->second);
    policies = load_policies(tfr_buf_text(&text));
    assert_int_equal(tfr_set_question(policies, 0) == tfr_set_question(policies, 1), row->same);
    tfr_policies_free(policies);
    tfr_buf_fini(&text);
}

static void places_move_with_their_questions(void **state)
{
    const char *const only[] = { "B" };
    struct tfr_policies *policies =
        load_policies(POLICY("A", "one", ASKS(LEAF "value: 1")) "---\n" POLICY(
            "B", "two", ASKS(LEAF "value: 2")) "---\n" POLICY("C", "three", ASKS(LEAF "value: 2")));
    const uint32_t second = tfr_set_question(policies, 1);
    struct tfr_error err = { 0 };

    (void)state;
    assert_int_equal(tfr_set_question(policies, 2), second);
    assert_int_equal(tfr_set_question_count(policies), 2);
    assert_true(tfr_policies_select(policies, only, 1, NULL, 0, &err));
    assert_int_equal(tfr_set_question(policies, 0), second);
    tfr_policies_free(policies);
}

static void every_built_in_policy_asks_something_else(void **state)
{
    struct tfr_policies *policies = load_policies(POLICY("A", "one", ASKS(LEAF "value: 1")));

    (void)state;
    tfr_policies_add_builtin(policies);
    assert_int_equal(tfr_set_question_count(policies), tfr_policies_count(policies));
    tfr_policies_free(policies);
}

/* As a copy under another id does. */
static void a_loaded_policy_may_ask_what_a_built_in_one_asks(void **state)
{
    struct tfr_policies *policies =
        load_policies(POLICY("A", "one",
                             ASKS("cond_type: analyser, resource_types: all, name: "
                                  "emptied_modules")));
    struct tfr_policies *both = tfr_policies_new();
    struct tfr_error err = { 0 };
    size_t same = 0;

    (void)state;
    tfr_policies_add_builtin(both);
    assert_true(tfr_set_add(both, tfr_policies_at(policies, 0), &err));
    for (size_t i = 0; i + 1 < tfr_policies_count(both); i++) {
        if (tfr_set_question(both, i) == tfr_set_question(both, tfr_policies_count(both) - 1))
            same += strcmp(tfr_policies_at(both, i)->id, "TFR-CHG-020") == 0 ? 1 : 100;
    }
    assert_int_equal(same, 1);
    tfr_policies_free(both);
    tfr_policies_free(policies);
}

struct judged {
    const struct tfr_policies *policies;
    enum tfr_policy_mode mode;
    struct tfr_findings findings;
    struct tfr_document *document;
};

static void judge(void *ctx, struct tfr_document *document)
{
    struct judged *judged = ctx;
    const struct tfr_evaluate_options options = { .has_environment = true, .mode = judged->mode };
    struct tfr_graph *graph = tfr_graph_build(document);

    judged->document = document;
    tfr_evaluate(document, graph, judged->policies, &options, &judged->findings);
    tfr_graph_free(graph);
}

#define PLAN(changes)                                                                     \
    "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.0\",\"planned_values\":{}," \
    "\"resource_changes\":[" changes "]}"
#define CHANGE(at, change) \
    "{" at ",\"mode\":\"managed\",\"type\":\"aws_x\",\"name\":\"y\",\"change\":{" change "}}"

static void run_on(struct judged *judged, const char *plan)
{
    const struct tfr_read_options options = { .piece = 0 };
    const struct tfr_sink sink = { .ctx = judged, .document = judge };

    tfr_read_memory("test", plan, strlen(plan), &options, &sink);
    assert_non_null(judged->document);
}

static void run(struct judged *judged)
{
    run_on(judged, PLAN(CHANGE("\"address\":\"aws_x.y\"",
                               "\"actions\":[\"create\"],\"before\":null,\"after\":{\"a\":2},"
                               "\"after_unknown\":{\"b\":true}")));
}

static void each_policy_has_its_own_finding(enum tfr_policy_mode mode)
{
    struct tfr_policies *policies = load_policies(POLICY(
        "A", "one", ASKS(LEAF "value: 1")) "---\n" POLICY("B", "two", ASKS(LEAF "value: 1")));
    struct judged judged = { .policies = policies, .mode = mode };

    run(&judged);
    assert_int_equal(judged.findings.row_count, 2);
    assert_int_equal(judged.findings.count, 2);
    assert_string_equal(judged.findings.at[0].policy->id, "A");
    assert_string_equal(judged.findings.at[0].message, "one");
    assert_string_equal(judged.findings.at[1].policy->id, "B");
    assert_string_equal(judged.findings.at[1].message, "two");
    assert_string_equal(judged.findings.at[1].address, "aws_x.y");
    assert_int_equal(judged.findings.at[1].evidence_count, 1);
    tfr_findings_fini(&judged.findings);
    tfr_document_free(judged.document);
    tfr_policies_free(policies);
}

static void own_findings_by_true_edges(void **state)
{
    (void)state;
    each_policy_has_its_own_finding(TFR_MODE_TRUE);
}

static void own_findings_as_checkov(void **state)
{
    (void)state;
    each_policy_has_its_own_finding(TFR_MODE_CHECKOV);
}

static void undecided_answers_keep_their_reason(void **state)
{
    static const char rest[] =
        ASKS("cond_type: attribute, resource_types: [aws_x], attribute: b, operator: equals, "
             "value: 1");
    struct tfr_buf text = { 0 };
    struct judged judged = { .mode = TFR_MODE_TRUE };
    struct tfr_policies *policies;

    (void)state;
    tfr_buf_printf(&text, POLICY("A", "one", "%s") "---\n" POLICY("B", "two", "%s"), rest, rest);
    judged.policies = policies = load_policies(tfr_buf_text(&text));
    run(&judged);
    assert_int_equal(judged.findings.count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(judged.findings.at[i].state, TFR_STATE_UNDECIDED);
        assert_non_null(judged.findings.at[i].undecided_because);
        assert_string_equal(judged.findings.at[i].undecided_because,
                            judged.findings.at[0].undecided_because);
    }
    tfr_findings_fini(&judged.findings);
    tfr_document_free(judged.document);
    tfr_policies_free(policies);
    tfr_buf_fini(&text);
}

/* What is about a module has no object to be named by. */
static void analysers_speak_for_others_of_modules_as_well(void **state)
{
    static const char rest[] =
        ASKS("cond_type: analyser, resource_types: all, name: emptied_modules");
    struct judged judged = { .mode = TFR_MODE_TRUE };
    struct tfr_policies *policies;
    struct tfr_buf text = { 0 };

    (void)state;
    tfr_buf_printf(&text, POLICY("A", "one", "%s") "---\n" POLICY("B", "two", "%s"), rest, rest);
    judged.policies = policies = load_policies(tfr_buf_text(&text));
    run_on(&judged,
           PLAN(CHANGE("\"address\":\"aws_x.y\"",
                       "\"actions\":[\"no-op\"],\"before\":{\"a\":1},\"after\":{\"a\":1}") "," //
                CHANGE("\"address\":\"module.a.aws_x.y\",\"module_address\":\"module.a\"",
                       "\"actions\":[\"delete\"],\"before\":{\"a\":1},\"after\":null")));
    assert_int_equal(judged.findings.count, 2);
    assert_int_equal(judged.findings.row_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct tfr_finding *finding = &judged.findings.at[i];
        const struct tfr_verdict_row *row = &judged.findings.rows[finding->row];

        assert_string_equal(finding->policy->id, i == 0 ? "A" : "B");
        assert_ptr_equal(tfr_row_policy(&judged.findings, row), finding->policy);
        assert_string_equal(finding->address, "module.a");
        assert_string_equal(tfr_row_address(&judged.findings, row), "module.a");
        assert_string_equal(finding->message, "the plan deletes all that is in it: 1 object");
        assert_string_equal(finding->group, "module.a");
        assert_int_equal(finding->evidence_count, 1);
    }
    tfr_findings_fini(&judged.findings);
    tfr_document_free(judged.document);
    tfr_policies_free(policies);
    tfr_buf_fini(&text);
}

static void a_policy_of_another_severity_speaks_for_itself(void **state)
{
    struct judged judged = { .mode = TFR_MODE_TRUE };
    struct tfr_policies *policies = load_policies(
        "metadata: {id: A, name: one, category: IAM, severity: P1}\n" //
        ASKS(LEAF "value: 1") "\n---\n"
                              "metadata: {id: B, name: two, category: IAM, severity: P2}\n" //
        ASKS(LEAF "value: 1") "\n");

    (void)state;
    judged.policies = policies;
    run(&judged);
    assert_int_equal(judged.findings.count, 2);
    assert_int_equal(judged.findings.at[0].severity, TFR_P1);
    assert_int_equal(judged.findings.at[1].severity, TFR_P2);
    assert_int_equal(judged.findings.rows[judged.findings.at[1].row].severity, TFR_P2);
    tfr_findings_fini(&judged.findings);
    tfr_document_free(judged.document);
    tfr_policies_free(policies);
}

int main(void)
{
    struct CMUnitTest tests[ROW_COUNT + 8];
    size_t count = 0;

    for (; count < ROW_COUNT; count++)
        tests[count] = (struct CMUnitTest){ .name = rows[count].label,
                                            .test_func = pair,
                                            .initial_state = (void *)(uintptr_t)&rows[count] };
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(places_move_with_their_questions);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(every_built_in_policy_asks_something_else);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(a_loaded_policy_may_ask_what_a_built_in_one_asks);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(own_findings_by_true_edges);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(own_findings_as_checkov);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(undecided_answers_keep_their_reason);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(analysers_speak_for_others_of_modules_as_well);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(a_policy_of_another_severity_speaks_for_itself);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
