/* SPDX-License-Identifier: Apache-2.0 */
/* Policies that ask the same are asked once, and each still gives findings of its own. */
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
    { "another severity", ASKS(LEAF "value: 1") "\nadjust: [{when: {" LEAF "value: 2}, lower: 1}]",
      ASKS(LEAF "value: 1"), true },
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

static void built_in_policies_share_with_nobody(void **state)
{
    struct tfr_policies *policies = tfr_policies_new();

    (void)state;
    tfr_policies_add_builtin(policies);
    assert_int_equal(tfr_set_question_count(policies), tfr_policies_count(policies));
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

static void run(struct judged *judged)
{
    static const char plan[] =
        "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.0\",\"planned_values\":{},"
        "\"resource_changes\":[{\"address\":\"aws_x.y\",\"mode\":\"managed\",\"type\":\"aws_x\","
        "\"name\":\"y\",\"change\":{\"actions\":[\"create\"],\"before\":null,"
        "\"after\":{\"a\":2},\"after_unknown\":{\"b\":true}}}]}";
    const struct tfr_read_options options = { .piece = 0 };
    const struct tfr_sink sink = { .ctx = judged, .document = judge };

    tfr_read_memory("test", plan, strlen(plan), &options, &sink);
    assert_non_null(judged->document);
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

int main(void)
{
    struct CMUnitTest tests[ROW_COUNT + 5];
    size_t count = 0;

    for (; count < ROW_COUNT; count++)
        tests[count] = (struct CMUnitTest){ .name = rows[count].label,
                                            .test_func = pair,
                                            .initial_state = (void *)(uintptr_t)&rows[count] };
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(places_move_with_their_questions);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(built_in_policies_share_with_nobody);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(own_findings_by_true_edges);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(own_findings_as_checkov);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(undecided_answers_keep_their_reason);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
