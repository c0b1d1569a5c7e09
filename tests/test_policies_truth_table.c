/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every attribute operator against every shape of value, as Checkov answers: P pass, F fail, U
 * undecided, - no answer (it raises). In the default mode nothing vanishes: a positive operator is
 * false there, a negative one true.
 */
#include "policies/compile.h"
#include "policies/set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *op, *wanted, *answers;
};

/* One letter per column below. */
static const struct row rows[] = {
    { "equals", "v", "FUPFFFFFFFFFFFFFFF" },
    { "not_equals", "v", "PUFPPPPPPPPPPPPPPP" },
    { "equals_ignore_case", "v", "FUPFPFFFFFFFFFFFFF" },
    { "not_equals_ignore_case", "v", "PUFPFPPPPPPPPPPPPP" },
    { "regex_match", "^v.*", "FUPPFFFFFFFFFFFFFF" },
    { "not_regex_match", "^v.*", "PUFFPPPPPPPPPPPPPP" },
    { "exists", "v", "FPPPPPPPPPPPPPPPPP" },
    { "not_exists", "v", "PFFFFFFFFFFFFFFFFF" },
    { "contains", "v", "FUPPFF-------FPPPF" },
    { "not_contains", "v", "PUFFPP-------PFFFP" },
    { "within", "[v]", "FUPFFFFFFFFFFFFFFF" },
    { "not_within", "[v]", "PUFPPPPPPPPPPPPPPP" },
    { "starting_with", "v", "FUPPFFFFFFFFFFFFFF" },
    { "not_starting_with", "v", "PUFFPPPPPPPPPPPPPP" },
    { "ending_with", "v", "FUPFFFFFFFFFFFFFFF" },
    { "not_ending_with", "v", "PUFPPPPPPPPPPPPPPP" },
    { "greater_than", "5", "FUPPPFFFFPFFPPPPPF" },
    { "greater_than_or_equal", "5", "FUPPPFFPPPFFPPPPPF" },
    { "less_than", "5", "FUFFFPPFFFPPFFFFFP" },
    { "less_than_or_equal", "5", "FUFFFPPPPFPPFFFFFP" },
    { "subset", "[v]", "FUPFFFFFFFFFFPPFFF" },
    { "not_subset", "[v]", "PUFPPPPPPPPPPFFPPP" },
    { "is_empty", "v", "FUFFFPFFFFFFFPFFFF" },
    { "is_not_empty", "v", "PUPPPFPPPPPPPFPPPP" },
    { "length_equals", "1", "FUPFPFFFPFFFFFPFPF" },
    { "length_not_equals", "1", "PUFPFPPPFPPPPPFPFP" },
    { "length_greater_than", "1", "FUFPFFFFFPFFFFFPFP" },
    { "length_greater_than_or_equal", "1", "FUPPPFFFPPFFFFPPPP" },
    { "length_less_than", "1", "FUFFFPFFFFFFFPFFFF" },
    { "length_less_than_or_equal", "1", "FUPFPPFFPFFFFPPFPF" },
    { "is_true", "v", "FUFFFFFFFFPPFFFFFF" },
    { "is_false", "v", "PUPPPPPPPPFFPPPPPP" },
    { "intersects", "[v]", "FUPPFFFFFFFFFFPPPF" },
    { "not_intersects", "[v]", "PUFFPPPPPPPPPPFFFP" },
    { "range_includes", "5", "FUFFFFFPPFFFFFFFFF" },
    { "range_not_includes", "5", "PUPPPPPFFPPPPPPPPP" },
    { "number_of_words_equals", "1", "FUPFPFFFPPFFFFFFFP" },
    { "number_of_words_not_equals", "1", "PUFPFPPPFFPPPPPPPF" },
    { "number_of_words_greater_than", "1", "FUFPFFFFFFFFFFFFFF" },
    { "number_of_words_greater_than_or_equal", "1", "FUPPPFFFPPFFFFFFFP" },
    { "number_of_words_less_than", "1", "FUFFFPFFFFFFFFFFFF" },
    { "number_of_words_less_than_or_equal", "1", "FUPFPPFFPPFFFFFFFP" },
    { "cidr_range_subset", "10.0.0.0/8", "FU---FF-----FF---P" },
    { "cidr_range_not_subset", "10.0.0.0/8", "PU---PP-----PP---F" },
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* What k is: absent, a reference to another object, and known values. */
static const char *const columns[] = {
    NULL,    "reference", "\"v\"",   "\"vx y\"",      "\"V\"",     "\"\"",
    "0",     "5",         "\"5\"",   "\"10\"",        "true",      "\"true\"",
    "false", "[]",        "[\"v\"]", "[\"v\",\"w\"]", "{\"v\":1}", "\"10.1.0.0/16\"",
};
#define COLUMN_COUNT (sizeof columns / sizeof columns[0])

static void write_document(struct tfr_buf *out)
{
    tfr_buf_puts(out, "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.0\",\"planned_"
                      "values\":{},\"resource_changes\":[");
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        const bool reference = i == 1;

        tfr_buf_printf(out,
                       "{\"address\":\"aws_thing.c%zu\",\"mode\":\"managed\",\"type\":\"aws_"
                       "thing\",\"name\":\"c%zu\","
                       "\"change\":{\"actions\":[\"create\"],\"before\":null,\"after\":{",
                       i, i);
        if (columns[i] != NULL && !reference)
            tfr_buf_printf(out, "\"k\":%s", columns[i]);
        tfr_buf_printf(out, "},\"after_unknown\":{%s}}},", reference ? "\"k\":true" : "");
    }
    tfr_buf_puts(
        out,
        "{\"address\":\"aws_other.o\",\"mode\":\"managed\",\"type\":\"aws_other\",\"name\":\"o\","
        "\"change\":"
        "{\"actions\":[\"create\"],\"before\":null,\"after\":{},\"after_unknown\":{\"id\":true}}}],"
        "\"configuration\":{\"root_module\":{\"resources\":["
        "{\"address\":\"aws_other.o\",\"mode\":\"managed\",\"type\":\"aws_other\",\"name\":\"o\","
        "\"expressions\":{}},"
        "{\"address\":\"aws_thing.c1\",\"mode\":\"managed\",\"type\":\"aws_thing\",\"name\":\"c1\","
        "\"expressions\":"
        "{\"k\":{\"references\":[\"aws_other.o.id\",\"aws_other.o\"]}}}]}}}");
}

static struct tfr_document *document;

static void keep(void *ctx, struct tfr_document *read)
{
    (void)ctx;
    document = read;
}

static void refused(void *ctx, const char *name, const char *member, const struct tfr_error *error)
{
    (void)ctx;
    (void)name;
    (void)member;
    print_error("%s at %s\n", error->msg, error->path);
}

static struct tfr_policies *load(const char *text)
{
    struct tfr_policies *policies = tfr_policies_new();
    struct tfr_error err = { 0 };
    struct tfr_compiler compiler = { .file = { .name = "test", .arena = tfr_set_arena(policies) },
                                     .err = &err };
    const struct tfr_yaml *const *documents = NULL;
    struct tfr_policy *policy = tfr_arena_zalloc(tfr_set_arena(policies), sizeof *policy);
    size_t count = 0;
    const bool ok = tfr_yaml_read(&compiler.file, text, strlen(text), &documents, &count, &err) &&
                    count == 1 && tfr_compile_policy(&compiler, documents[0], policy);

    if (!ok)
        print_error("%d:%d: %s\n%s\n", (int)err.line, (int)err.column, err.msg, text);
    assert_true(ok);
    policy->source = "test";
    assert_true(tfr_set_add(policies, policy, &err));
    return policies;
}

static char letter(enum tfr_result result)
{
    static const char letters[] = { '-', 'P', 'F', 'U' };

    return letters[result];
}

static void answers_of(const struct tfr_graph *graph, const char *text, enum tfr_policy_mode mode,
                       char *out)
{
    const struct tfr_evaluate_options options = { .has_environment = true, .mode = mode };
    struct tfr_policies *policies = load(text);
    struct tfr_findings findings = { 0 };

    memset(out, '-', COLUMN_COUNT);
    out[COLUMN_COUNT] = '\0';
    tfr_evaluate(document, graph, policies, &options, &findings);
    for (size_t i = 0; i < findings.row_count; i++)
        out[atoi(tfr_row_address(&findings, &findings.rows[i]) + strlen("aws_thing.c"))] =
            letter((enum tfr_result)findings.rows[i].result);
    tfr_findings_fini(&findings);
    tfr_policies_free(policies);
}

/* Checkov waits for the value; we know that what refers to another object is something. */
static bool knows_references(const char *op)
{
    return strcmp(op, "is_empty") == 0 || strcmp(op, "is_not_empty") == 0;
}

static void check_row(const struct tfr_graph *graph, const struct row *row)
{
    char text[512], got[COLUMN_COUNT + 1], wanted[COLUMN_COUNT + 1];
    const bool negative = strncmp(row->op, "not_", 4) == 0 || strstr(row->op, "_not_") != NULL;

    (void)snprintf(text, sizeof text,
                   "metadata: {id: T, name: t, category: IAM}\ndefinition: {cond_type: attribute, "
                   "resource_types: [aws_thing], "
                   "attribute: k, operator: %s, value: %s}\n",
                   row->op, row->wanted);
    answers_of(graph, text, TFR_MODE_CHECKOV, got);
    if (strcmp(got, row->answers) != 0)
        print_error("%s, Checkov's mode\n", row->op);
    assert_string_equal(got, row->answers);
    memcpy(wanted, row->answers, sizeof wanted);
    for (char *at = wanted; *at != '\0'; at++)
        *at = *at == '-' ? (negative ? 'P' : 'F') : *at;
    if (knows_references(row->op))
        wanted[1] = negative ? 'P' : 'F';
    answers_of(graph, text, TFR_MODE_TRUE, got);
    if (strcmp(got, wanted) != 0)
        print_error("%s\n", row->op);
    assert_string_equal(got, wanted);
}

/* A block without cond_type passes; Checkov raises unless there is an `attribute` key. */
static void check_any(const struct tfr_graph *graph)
{
    static const char *const plain = "metadata: {id: T, name: t, category: IAM}\n"
                                     "definition: {resource_types: [aws_thing]}\n";
    static const char *const keyed = "metadata: {id: T, name: t, category: IAM}\n"
                                     "definition: {resource_types: [aws_thing], attribute: k}\n";
    char got[COLUMN_COUNT + 1];

    answers_of(graph, plain, TFR_MODE_CHECKOV, got);
    assert_string_equal(got, "------------------");
    answers_of(graph, plain, TFR_MODE_TRUE, got);
    assert_string_equal(got, "PPPPPPPPPPPPPPPPPP");
    answers_of(graph, keyed, TFR_MODE_CHECKOV, got);
    assert_string_equal(got, "PPPPPPPPPPPPPPPPPP");
}

static void every_cell(void **state)
{
    const struct tfr_read_options options = { .piece = 0 };
    const struct tfr_sink sink = { .document = keep, .refused = refused };
    struct tfr_buf text = { 0 };
    struct tfr_graph *graph;

    (void)state;
    write_document(&text);
    tfr_read_memory("table", text.data, text.len, &options, &sink);
    assert_non_null(document);
    graph = tfr_graph_build(document);
    for (size_t i = 0; i < ROW_COUNT; i++)
        check_row(graph, &rows[i]);
    check_any(graph);
    tfr_graph_free(graph);
    tfr_document_free(document);
    tfr_buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
