/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies about configurations of providers: which are looked at under which words, in the default
 * mode and in Checkov's, what they are connected with, and that their secrets stay inside.
 */
#include "tests/policy_texts.h"

#define HEAD "metadata: {id: T, name: t, category: IAM, message: \"{address}: {access_key}\"}\n"
#define REGION(types)                                                                        \
    HEAD "definition: {cond_type: attribute, resource_types: " types ", attribute: region, " \
         "operator: equals, value: v}\n"
#define LEAF(types, attribute, operator)                                                     \
    "{cond_type: attribute, resource_types: " types ", attribute: " attribute ", operator: " \
    operator"}"

/* Two of aws, one with a region that is a reference, one in a module, one of google that nothing
 * uses; aws_x.a is made with the first, aws_x.b with aws.east. */
static const char plan[] =
    "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.0\",\"planned_values\":{},"
    "\"resource_changes\":["
    "{\"address\":\"aws_x.a\",\"mode\":\"managed\",\"type\":\"aws_x\",\"name\":\"a\",\"change\":{"
    "\"actions\":[\"create\"],\"before\":null,\"after\":{\"region\":\"v\"},\"after_unknown\":{}}},"
    "{\"address\":\"aws_x.b\",\"mode\":\"managed\",\"type\":\"aws_x\",\"name\":\"b\",\"change\":{"
    "\"actions\":[\"create\"],\"before\":null,\"after\":{\"region\":\"w\"},\"after_unknown\":{}}}],"
    "\"configuration\":{\"provider_config\":{"
    "\"aws\":{\"name\":\"aws\",\"expressions\":{\"region\":{\"constant_value\":\"v\"},"
    "\"access_key\":{\"constant_value\":\"open-sesame\"}}},"
    "\"aws.east\":{\"name\":\"aws\",\"alias\":\"east\",\"expressions\":{\"region\":{\"references\":"
    "["
    "\"var.r\"]}}},"
    "\"google\":{\"name\":\"google\",\"expressions\":{\"region\":{\"constant_value\":\"w\"}}},"
    "\"module.m:aws\":{\"name\":\"aws\",\"module_address\":\"module.m\",\"expressions\":{"
    "\"region\":{\"constant_value\":\"v\"}}}},"
    "\"root_module\":{\"variables\":{\"r\":{}},\"resources\":["
    "{\"address\":\"aws_x.a\",\"mode\":\"managed\",\"type\":\"aws_x\",\"name\":\"a\","
    "\"provider_config_key\":\"aws\",\"expressions\":{}},"
    "{\"address\":\"aws_x.b\",\"mode\":\"managed\",\"type\":\"aws_x\",\"name\":\"b\","
    "\"provider_config_key\":\"aws.east\",\"expressions\":{}}]}}}";

/* Rows as `address:P ` in their order: P pass, F fail, U undecided. */
struct row {
    const char *label, *policy, *rows, *checkov;
};

static const struct row rows[] = {
    { "a type looks at its provider", REGION("[provider.aws]"),
      "aws.default:P aws.east:U module.m.aws.default:P ", "aws.default:P aws.east:F " },
    { "a type of none looks at nothing", REGION("[provider.azurerm]"), "", "" },
    { "a text is a list of one, not for Checkov", REGION("provider.google"), "google.default:F ",
      "" },
    { "a text with a scope is the scope for Checkov",
      REGION("provider.google") "scope: {provider: aws}\n", "google.default:F ",
      "aws.default:P aws.east:F " },
    { "the word alone is all of them, and none for Checkov", REGION("[provider]"),
      "aws.default:P aws.east:U google.default:F module.m.aws.default:P ", "" },
    { "the word with a scope is that provider", REGION("[provider]") "scope: {provider: AWS}\n",
      "aws.default:P aws.east:U module.m.aws.default:P ", "aws.default:P aws.east:F " },
    { "Google is called gcp, not by Checkov", REGION("[provider]") "scope: {provider: gcp}\n",
      "google.default:F ", "" },
    { "beside resources", REGION("[aws_x, provider.google]"),
      "aws_x.a:P aws_x.b:F google.default:F ", "aws_x.a:P aws_x.b:F google.default:F " },
    { "no types are resources, and everything for Checkov", REGION("[]"), "aws_x.a:P aws_x.b:F ",
      "aws_x.a:P aws_x.b:F aws.default:P aws.east:F google.default:F " },
    { "all of a scope are resources", REGION("all") "scope: {provider: aws}\n",
      "aws_x.a:P aws_x.b:F ", "aws_x.a:P aws_x.b:F " },
    { "what is taggable is no provider", REGION("taggable"), "", "" },
    { "providers that are forbidden",
      HEAD "definition: {cond_type: resource, resource_types: [provider.google], "
           "operator: not_exists}\n",
      "aws_x.a:P aws_x.b:P aws.default:P aws.east:P google.default:F module.m.aws.default:P ",
      "google.default:F " },
    { "a provider that nothing uses",
      HEAD "violation: {cond_type: graph, resource_types: [provider], operator: unreferenced}\n",
      "aws.default:P aws.east:P google.default:F module.m.aws.default:F ", "" },
    { "resources of a provider that has an alias, which all have for Checkov",
      HEAD "definition: {cond_type: graph, resource_types: [aws_x], operator: dependencies, "
           "types: [provider.aws], where: " LEAF("[provider.aws]", "alias", "exists") "}\n",
      "aws_x.a:F aws_x.b:P ", "aws_x.a:P aws_x.b:P " },
    { "a connection with what makes it",
      HEAD "definition: {and: [{cond_type: filter, attribute: resource_type, operator: within, "
           "value: [provider.aws]}, {cond_type: connection, resource_types: [provider.aws], "
           "connected_resource_types: [aws_x], operator: exists}]}\n",
      "aws.default:P aws.east:P module.m.aws.default:F ", "aws.default:F aws.east:F " },
    { "a connection of everything with a provider",
      HEAD "definition: {cond_type: connection, resource_types: all, connected_resource_types: "
           "[provider.aws], operator: exists}\n",
      "aws_x.a:P aws_x.b:P aws.default:P aws.east:P module.m.aws.default:F ",
      "aws_x.a:F aws_x.b:F aws.default:F aws.east:F google.default:F " },
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

static struct tfr_document *document;
static struct tfr_graph *graph;

static void keep(void *ctx, struct tfr_document *read)
{
    (void)ctx;
    document = read;
}

static int read_plan(void **state)
{
    const struct tfr_read_options options = { .piece = 0 };
    const struct tfr_sink sink = { .document = keep };

    (void)state;
    tfr_read_memory("plan", plan, strlen(plan), &options, &sink);
    graph = document != NULL ? tfr_graph_build(document) : NULL;
    return graph != NULL ? 0 : 1;
}

static int free_plan(void **state)
{
    (void)state;
    tfr_graph_free(graph);
    tfr_document_free(document);
    return 0;
}

static void check(const struct tfr_policies *policies, enum tfr_policy_mode mode,
                  const char *wanted)
{
    const struct tfr_evaluate_options options = { .has_environment = true, .mode = mode };
    struct tfr_findings findings = { 0 };
    struct tfr_buf got = { 0 };

    tfr_evaluate(document, graph, policies, &options, &findings);
    for (size_t i = 0; i < findings.row_count; i++)
        tfr_buf_printf(&got, "%s:%c ", tfr_row_address(&findings, &findings.rows[i]),
                       "-PFU"[findings.rows[i].result]);
    assert_string_equal(tfr_buf_text(&got), wanted);
    tfr_buf_fini(&got);
    tfr_findings_fini(&findings);
}

static void looks_at(void **state)
{
    const struct row *row = *state;
    struct tfr_policies *policies = load_policies(row->policy);

    check(policies, TFR_MODE_TRUE, row->rows);
    check(policies, TFR_MODE_CHECKOV, row->checkov);
    tfr_policies_free(policies);
}

static void hears_nothing_of(const char *text, const char *secret)
{
    if (text != NULL && strstr(text, secret) != NULL)
        fail_msg("%s", text);
}

static void keys_are_compared_and_never_printed(void **state)
{
    struct tfr_policies *policies =
        load_policies(HEAD "definition: {cond_type: attribute, resource_types: [provider.aws], "
                           "attribute: access_key, operator: not_equals, value: open-sesame}\n");
    const struct tfr_evaluate_options options = { .has_environment = true };
    struct tfr_findings findings = { 0 };
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    tfr_evaluate(document, graph, policies, &options, &findings);
    assert_int_equal(findings.count, 1);
    assert_string_equal(findings.at[0].message, "aws.default: (sensitive)");
    assert_true(findings.at[0].evidence_count > 0);
    for (size_t i = 0; i < findings.at[0].evidence_count; i++)
        hears_nothing_of(findings.at[0].evidence[i].note, "sesame");
    assert_true(tfr_policies_explain(policies, "aws.default", document, graph, out));
    (void)fclose(out);
    assert_non_null(strstr(text, "result: fail"));
    assert_non_null(strstr(text, "(sensitive)"));
    free(text);
    tfr_findings_fini(&findings);
    tfr_policies_free(policies);
}

int main(void)
{
    struct CMUnitTest tests[ROW_COUNT + 1];

    for (size_t i = 0; i < ROW_COUNT; i++)
        tests[i] = (struct CMUnitTest){ rows[i].label, looks_at, NULL, NULL, (void *)&rows[i] };
    tests[ROW_COUNT] = (struct CMUnitTest)cmocka_unit_test(keys_are_compared_and_never_printed);
    return cmocka_run_group_tests(tests, read_plan, free_plan);
}
