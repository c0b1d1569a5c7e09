/* SPDX-License-Identifier: Apache-2.0 */
/* Policy files of users: what is wrong is said with line and column, before anything is evaluated.
 */
#include "policies/policies.h"
#include "policies/set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD "metadata: {id: T, name: t, category: IAM}\n"
#define LEAF "{cond_type: attribute, resource_types: [aws_x], attribute: a, operator: exists}"

struct row {
    const char *label, *text;
    enum tfr_code code;
    unsigned line, column;
    const char *message, *hint;
};

#define OK TFR_OK, 0, 0, NULL, NULL
static const struct row rows[] = {
    { "one policy", HEAD "definition: " LEAF "\n", OK },
    { "JSON",
      "{\"metadata\": {\"id\": \"T\", \"name\": \"t\", \"category\": \"IAM\"}, "
      "\"definition\": " LEAF "}",
      OK },
    { "several documents",
      HEAD "definition: " LEAF "\n---\nmetadata: {id: U, name: t, category: IAM}\ndefinition: " LEAF
           "\n",
      OK },
    { "an anchor used again", HEAD "definition:\n  or:\n    - &a " LEAF "\n    - not: *a\n", OK },
    { "an empty file", "", TFR_E_SCHEMA, 0, 0, "empty", NULL },
    { "not YAML", "metadata: [\n", TFR_E_SYNTAX, 2, 1, "not YAML", NULL },
    { "a text", "hello\n", TFR_E_SCHEMA, 1, 1, "a policy is a map", NULL },
    { "no metadata", "definition: " LEAF "\n", TFR_E_SCHEMA, 0, 0, "metadata", NULL },
    { "no id", "metadata: {name: t, category: IAM}\ndefinition: " LEAF "\n", TFR_E_SCHEMA, 1, 11,
      "metadata needs id", NULL },
    { "unknown key", HEAD "definition: " LEAF "\nseverity: P1\n", TFR_E_SCHEMA, 3, 1,
      "unknown key severity", NULL },
    { "unknown key of metadata", "metadata:\n  id: T\n  nmae: t\n", TFR_E_SCHEMA, 3, 3,
      "unknown key nmae", "did you mean name?" },
    { "unknown operator",
      HEAD "definition:\n  cond_type: attribute\n  attribute: a\n  operator: equal\n", TFR_E_SCHEMA,
      5, 13, "unknown operator", "did you mean equals?" },
    { "unknown severity",
      "metadata: {id: T, name: t, category: IAM, severity: p9}\ndefinition: " LEAF "\n",
      TFR_E_SCHEMA, 1, 53, "a severity is", NULL },
    { "key twice", "metadata: {id: T, id: U}\n", TFR_E_SCHEMA, 1, 19, "twice", NULL },
    { "definition and violation", HEAD "definition: " LEAF "\nviolation: " LEAF "\n", TFR_E_SCHEMA,
      1, 1, "either", NULL },
    { "a list as definition", HEAD "definition: [" LEAF "]\n", TFR_E_SCHEMA, 2, 13,
      "a condition is a map", NULL },
    { "not with two kids", HEAD "definition: {not: [" LEAF ", " LEAF "]}\n", TFR_E_SCHEMA, 2, 19,
      "exactly one", NULL },
    { "not above a connection",
      HEAD "definition: {not: {cond_type: connection, resource_types: [a], "
           "connected_resource_types: [b], operator: exists}}\n",
      TFR_E_SCHEMA, 2, 13, "not_exists", NULL },
    { "a filter alone",
      HEAD
      "definition: {cond_type: filter, attribute: resource_type, operator: within, value: [a]}\n",
      TFR_E_SCHEMA, 2, 13, "filter", NULL },
    { "a bad expression",
      HEAD "definition: {cond_type: attribute, attribute: a, operator: regex_match, value: '('}\n",
      TFR_E_SCHEMA, 2, 80, "regular expression", NULL },
    { "a bad JSONPath",
      HEAD "definition: {cond_type: attribute, attribute: 'a[?(', operator: jsonpath_exists}\n",
      TFR_E_SCHEMA, 2, 47, "JSONPath", NULL },
    { "an unknown analyser", HEAD "definition: {cond_type: analyser, name: no_such_thing}\n",
      TFR_E_SCHEMA, 2, 41, "no such analyser", NULL },
    { "an unknown type list",
      HEAD "definition: {cond_type: change, resource_types: '@nothing', actions: [delete]}\n",
      TFR_E_SCHEMA, 2, 49, "type list", NULL },
    { "an open brace in a message",
      "metadata: {id: T, name: t, category: IAM, message: 'a {b'}\ndefinition: " LEAF "\n",
      TFR_E_SCHEMA, 1, 52, "brace", NULL },
    { "a date",
      HEAD
      "definition: {cond_type: attribute, attribute: a, operator: equals, value: 2024-01-01}\n",
      TFR_E_SCHEMA, 2, 75, "quotes", NULL },
    { "an alias of itself", "a: &a [*a]\n", TFR_E_SCHEMA, 1, 8, "alias", NULL },
    { "the same id twice", HEAD "definition: " LEAF "\n---\n" HEAD "definition: " LEAF "\n",
      TFR_E_SCHEMA, 4, 1, "exists already", NULL },
};

static char folder[] = "/tmp/tfready-load-XXXXXX";

static void path_of(char *out, size_t size, const char *name)
{
    (void)snprintf(out, size, "%s/%s", folder, name);
}

static void write_file(const char *name, const char *text, size_t len)
{
    char path[256];
    FILE *stream;

    path_of(path, sizeof path, name);
    stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text, 1, len, stream), len);
    assert_int_equal(fclose(stream), 0);
}

static void remove_file(const char *name)
{
    char path[256];

    path_of(path, sizeof path, name);
    (void)unlink(path);
}

static bool load(struct tfr_error *err)
{
    struct tfr_policies *policies = tfr_policies_new();
    const bool ok = tfr_policies_load(policies, folder, err);

    tfr_policies_free(policies);
    return ok;
}

static void a_row(void **state)
{
    const struct row *row = *state;
    struct tfr_error err = { 0 };
    bool ok;

    write_file("policy.yaml", row->text, strlen(row->text));
    ok = load(&err);
    remove_file("policy.yaml");
    if (ok != (row->code == TFR_OK))
        print_error("%d:%d %s\n", (int)err.line, (int)err.column, err.msg);
    assert_int_equal(err.code, row->code);
    if (row->code == TFR_OK)
        return;
    assert_non_null(strstr(err.file, "policy.yaml"));
    if (strstr(err.msg, row->message) == NULL)
        print_error("%s\n", err.msg);
    assert_non_null(strstr(err.msg, row->message));
    assert_int_equal(err.line, row->line);
    assert_int_equal(err.column, row->column);
    if (row->hint != NULL)
        assert_string_equal(err.hint, row->hint);
}

static void fails_with(const char *name, const struct tfr_buf *text, const char *message)
{
    struct tfr_error err = { 0 };

    write_file(name, tfr_buf_text(text), text->len);
    assert_false(load(&err));
    if (strstr(err.msg, message) == NULL)
        print_error("%s\n", err.msg);
    assert_non_null(strstr(err.msg, message));
    remove_file(name);
}

static void bombs_end(void **state)
{
    struct tfr_buf text = { 0 };

    (void)state;
    tfr_buf_puts(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
        tfr_buf_printf(&text, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            tfr_buf_printf(&text, "%s*a%d", k > 0 ? ", " : "", i - 1);
        tfr_buf_puts(&text, "]\n");
    }
    fails_with("bomb.yaml", &text, "more nodes");
    tfr_buf_reset(&text);
    for (int i = 0; i < 5000; i++)
        tfr_buf_putc(&text, '[');
    fails_with("deep.yaml", &text, "");
    tfr_buf_reset(&text);
    tfr_buf_puts(&text, "a: ");
    for (int i = 0; i < 1024 * 1024; i++)
        tfr_buf_putc(&text, 'x');
    tfr_buf_putc(&text, '\n');
    fails_with("long.yaml", &text, "a text has more bytes");
    tfr_buf_reset(&text);
    tfr_buf_add(&text, "a: \0b\n", 6);
    fails_with("binary.yaml", &text, "not a text file in UTF-8");
    tfr_buf_reset(&text);
    tfr_buf_puts(&text, "%\"\xa6");
    fails_with("latin1.yaml", &text, "not a text file in UTF-8");
    tfr_buf_fini(&text);
}

static void links_stay_inside(void **state)
{
    char path[256], target[256];
    struct tfr_error err = { 0 };

    (void)state;
    path_of(path, sizeof path, "link.yaml");
    assert_int_equal(symlink("/etc/hostname", path), 0);
    assert_false(load(&err));
    assert_non_null(strstr(err.msg, "leaves the directory"));
    remove_file("link.yaml");
    write_file("real.yaml", HEAD "definition: " LEAF "\n", strlen(HEAD "definition: " LEAF "\n"));
    path_of(target, sizeof target, "sub");
    assert_int_equal(symlink(folder, target), 0);
    memset(&err, 0, sizeof err);
    assert_false(load(&err));
    assert_non_null(strstr(err.msg, "links to folders"));
    remove_file("sub");
    remove_file("real.yaml");
}

static void thousands_load(void **state)
{
    struct tfr_policies *policies = tfr_policies_new();
    struct tfr_error err = { 0 };
    struct tfr_buf text = { 0 };

    (void)state;
    for (int i = 0; i < 10000; i++)
        tfr_buf_printf(
            &text, "---\nmetadata: {id: T%d, name: t, category: IAM}\ndefinition: " LEAF "\n", i);
    write_file("many.yaml", text.data, text.len);
    assert_true(tfr_policies_load(policies, folder, &err));
    assert_int_equal(tfr_policies_count(policies), 10000);
    remove_file("many.yaml");
    tfr_policies_free(policies);
    tfr_buf_fini(&text);
}

static void globs_choose(void **state)
{
    const char *const check[] = { "TFR-HA-*" }, *const skip[] = { "TFR-HA-00[2-9]" },
                      *const none[] = { "NOTHING-*" };
    struct tfr_policies *policies = tfr_policies_new();
    struct tfr_error err = { 0 };

    (void)state;
    tfr_policies_add_builtin(policies);
    assert_true(tfr_policies_select(policies, check, 1, skip, 1, &err));
    for (size_t i = 0; i < tfr_policies_count(policies); i++)
        assert_int_equal(strncmp(tfr_policies_at(policies, i)->id, "TFR-HA-", 7), 0);
    assert_true(tfr_policies_count(policies) > 0);
    assert_false(tfr_policies_select(policies, none, 1, NULL, 0, &err));
    assert_int_equal(err.code, TFR_E_USAGE);
    tfr_policies_free(policies);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof rows[0] };
    struct CMUnitTest tests[ROWS + 4];
    size_t count = 0;

    for (; count < ROWS; count++) {
        struct row *row = (struct row *)(uintptr_t)&rows[count];

        tests[count] = (struct CMUnitTest){ row->label, a_row, NULL, NULL, row };
    }
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(bombs_end);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(links_stay_inside);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(thousands_load);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(globs_choose);
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
