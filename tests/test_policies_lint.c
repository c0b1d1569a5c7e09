/* SPDX-License-Identifier: Apache-2.0 */
/* What lint says of conditions in a `where`, and beside one another. */
#include "tests/policy_texts.h"

#define HEAD "metadata: {id: T, name: t, category: IAM, why: w, fix: f}\n"
#define USED_BY(type, rest)                                                           \
    HEAD "definition: {cond_type: graph, resource_types: [aws_s3_bucket], operator: " \
         "dependants, types: [" type "], " rest "}\n"
#define IN_WHERE(where) USED_BY("aws_s3_bucket_versioning", "where: " where)
#define LEAF(rest) "{cond_type: attribute, " rest "}"
#define STATUS "attribute: versioning_configuration.status, "

/* Remarks without file and id, each with a line end; NULL: none. */
struct row {
    const char *label, *policy, *remarks;
};

static const struct row rows[] = {
    { "an attribute that the other type has", IN_WHERE(LEAF("attribute: bucket, operator: exists")),
      NULL },
    { "an attribute that it does not have", IN_WHERE(LEAF("attribute: bukcet, operator: exists")),
      "in where: aws_s3_bucket_versioning has no attribute bukcet; did you mean bucket?\n" },
    { "an attribute that the own type has and the other has not",
      IN_WHERE(LEAF("attribute: force_destroy, operator: exists")),
      "in where: aws_s3_bucket_versioning has no attribute force_destroy\n" },
    { "inside of and and not",
      IN_WHERE("{and: [{not: " LEAF("attribute: nothing, operator: exists") "}, " LEAF(
          "attribute: bucket, operator: exists") "]}"),
      "in where: aws_s3_bucket_versioning has no attribute nothing\n" },
    { "a type that nobody knows",
      USED_BY("acme_thing", "where: " LEAF("attribute: nothing, operator: exists")), NULL },
    { "one of several types has it",
      USED_BY("aws_s3_bucket_versioning, aws_lb",
              "where: " LEAF("attribute: internal, operator: is_true")),
      NULL },
    { "a condition with types of its own",
      IN_WHERE(LEAF("resource_types: [aws_s3_bucket_versioning], attribute: bukcet, operator: "
                    "exists")),
      "in where: aws_s3_bucket_versioning has no attribute bukcet; did you mean bucket?\n" },
    { "a condition about another type",
      IN_WHERE(LEAF("resource_types: [aws_lb], attribute: internal, operator: is_true")),
      "in where: a condition names types that are not looked at here\n" },
    { "two values at once",
      IN_WHERE("{and: [" LEAF(STATUS "operator: equals, value: Enabled") ", " LEAF(
          STATUS "operator: equals, value: Suspended") "]}"),
      "in where: conditions of an and exclude one another: it is never true\n" },
    { "one of two values",
      IN_WHERE("{or: [" LEAF(STATUS "operator: equals, value: Enabled") ", " LEAF(
          STATUS "operator: equals, value: Suspended") "]}"),
      NULL },
    { "a value of what is not there",
      IN_WHERE("{and: [" LEAF(STATUS "operator: not_exists") ", " LEAF(
          STATUS "operator: equals, value: Enabled") "]}"),
      "in where: conditions of an and exclude one another: it is never true\n" },
    { "nothing is not a value",
      IN_WHERE("{and: [" LEAF(STATUS "operator: not_exists") ", " LEAF(
          STATUS "operator: equals, value: ''") "]}"),
      NULL },
    { "a condition and its not",
      IN_WHERE("{or: [" LEAF(STATUS "operator: exists") ", {not: " LEAF(STATUS
                                                                        "operator: exists") "}]}"),
      "in where: conditions of an or are opposites: it is always true\n" },
    { "no number is both",
      HEAD "definition: {and: [{cond_type: attribute, resource_types: [acme], attribute: n, "
           "operator: greater_than, value: 5}, {cond_type: attribute, resource_types: [acme], "
           "attribute: n, operator: less_than_or_equal, value: 5}]}\n",
      "conditions of an and exclude one another: it is never true\n" },
    { "one number is both",
      HEAD "definition: {and: [{cond_type: attribute, resource_types: [acme], attribute: n, "
           "operator: greater_than_or_equal, value: 5}, {cond_type: attribute, resource_types: "
           "[acme], attribute: n, operator: less_than_or_equal, value: 5}]}\n",
      NULL },
    { "any is always true", IN_WHERE(LEAF("attribute: bucket, operator: any")),
      "in where: it is always true: it leaves nobody out\n" },
    { "not any is never true", IN_WHERE("{not: " LEAF("attribute: bucket, operator: any") "}"),
      "in where: it is never true: it finds nobody\n" },
    { "an empty list holds nobody",
      IN_WHERE(LEAF("attribute: bucket, operator: within, value: []")),
      "in where: a condition compares with an empty list: its answer never changes\n" },
    { "any beside a condition",
      IN_WHERE("{and: [" LEAF("attribute: bucket, operator: any") ", " LEAF(
          STATUS "operator: exists") "]}"),
      NULL },
    { "no value to compare with", IN_WHERE(LEAF("attribute: bucket, operator: equals")),
      "in where: a condition compares with a value but names none\n" },
    { "bounds that hold for every number", USED_BY("aws_s3_bucket_versioning", "at_least: 0"),
      "at_least 0 holds for every number: it is always true\n" },
    { "bounds that no number is within",
      USED_BY("aws_s3_bucket_versioning", "at_least: 2, at_most: 1"),
      "at_least is above at_most: it is never true\n" },
    { "none at all", USED_BY("aws_s3_bucket_versioning", "at_least: 0, at_most: 0"), NULL },
    { "the path of a reference that the other type has",
      USED_BY("aws_s3_bucket_versioning", "paths: [bucket]"), NULL },
    { "the path of a reference that it does not have",
      USED_BY("aws_s3_bucket_versioning", "paths: [bukcet]"),
      "aws_s3_bucket_versioning has no attribute bukcet; did you mean bucket?\n" },
    { "both ends of a join",
      HEAD "definition: {cond_type: graph, resource_types: [aws_s3_bucket], operator: joined, "
           "types: [aws_s3_bucket_versioning], attribute: bukcet, other: bucket}\n",
      "aws_s3_bucket has no attribute bukcet; did you mean bucket?\n" },
    { "a where in what it applies to",
      HEAD "applies_when: {cond_type: graph, operator: dependants, types: "
           "[aws_s3_bucket_versioning], where: {cond_type: attribute, attribute: bukcet, operator: "
           "exists}}\ndefinition: {cond_type: attribute, resource_types: [aws_s3_bucket], "
           "attribute: bucket, operator: exists}\n",
      "in where: aws_s3_bucket_versioning has no attribute bukcet; did you mean bucket?\n" },
    { "what it applies to is about the types of the definition",
      HEAD "applies_when: {cond_type: attribute, attribute: bukcet, operator: exists}\n"
           "definition: {cond_type: attribute, resource_types: [aws_s3_bucket], attribute: bucket, "
           "operator: exists}\n",
      "in applies_when: aws_s3_bucket has no attribute bukcet; did you mean bucket?\n" },
    { "what lowers it is about them too",
      HEAD "adjust: [{when: {cond_type: attribute, attribute: bukcet, operator: exists}, lower: "
           "1}]\ndefinition: {cond_type: attribute, resource_types: [aws_s3_bucket], attribute: "
           "bucket, operator: exists}\n",
      "in adjust: aws_s3_bucket has no attribute bukcet; did you mean bucket?\n" },
    { "a provider is one of all providers",
      HEAD "definition: {cond_type: graph, resource_types: [aws_lb], operator: dependencies, "
           "types: [provider], where: {cond_type: attribute, resource_types: [provider.aws], "
           "attribute: region, operator: exists}}\n",
      NULL },
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* Without `FILE: T: ` before every line. */
static void strip(const char *text, struct tfr_buf *out)
{
    while (*text != '\0') {
        const char *remark = strstr(text, ": T: ");
        const size_t len = strcspn(text, "\n") + 1;

        assert_non_null(remark);
        tfr_buf_add(out, remark + 5, (size_t)(text + len - remark) - 5);
        text += len;
    }
}

static void lint_says(void **state)
{
    const struct row *row = *state;
    struct tfr_policies *policies = load_policies(row->policy);
    struct tfr_buf got = { 0 };
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const size_t count = tfr_policies_lint(policies, out);

    (void)fclose(out);
    strip(text, &got);
    assert_string_equal(tfr_buf_text(&got), row->remarks != NULL ? row->remarks : "");
    assert_int_equal(count == 0, row->remarks == NULL);
    free(text);
    tfr_buf_fini(&got);
    tfr_policies_free(policies);
}

int main(void)
{
    struct CMUnitTest tests[ROW_COUNT];

    for (size_t i = 0; i < ROW_COUNT; i++)
        tests[i] = (struct CMUnitTest){ rows[i].label, lint_says, NULL, NULL, (void *)&rows[i] };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
