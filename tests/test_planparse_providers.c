/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations of providers as objects: what they are called, and what their arguments hold. */
#include "tests/reading.h"

#define PLAN(providers)                                                       \
    "{\"format_version\":\"1.2\",\"resource_changes\":[],\"configuration\":{" \
    "\"provider_config\":{" providers "},\"root_module\":{}}}"
#define AWS(expressions) PLAN("\"aws\":{\"name\":\"aws\",\"expressions\":{" expressions "}}")

static const struct tfr_resource *first_object(const struct got *got)
{
    assert_non_null(got->document);
    assert_int_equal(got->document->provider_objects.count, got->document->provider_count);
    assert_int_equal(got->document->provider_count, 1);
    return &got->document->provider_objects.at[0];
}

/* ---- names ---- */

struct name_row {
    const char *provider, *address, *type, *module;
};

static void is_called(void **state)
{
    const struct name_row *row = *state;
    struct tfr_buf text = { 0 };
    const struct tfr_resource *object;
    struct got got;

    tfr_buf_printf(&text, PLAN("%s"), row->provider);
    got = read_text(text.data);
    object = first_object(&got);
    assert_string_equal(object->address->text, row->address);
    assert_string_equal(object->type->text, row->type);
    assert_int_equal(object->mode, TFR_PROVIDER);
    assert_true(tfr_resource_is_live(object));
    if (row->module == NULL)
        assert_null(object->module);
    else
        assert_string_equal(object->module->text, row->module);
    tfr_document_free(got.document);
    tfr_buf_fini(&text);
}

#define CALLED(label, provider, address, type, module)   \
    {                                                    \
        label, is_called, NULL, NULL, &(struct name_row) \
        {                                                \
            provider, address, type, module              \
        }                                                \
    }

/* ---- arguments ---- */

struct value_row {
    const char *expressions, *path, *shown;
};

static void argument_is(void **state)
{
    const struct value_row *row = *state;
    struct tfr_buf text = { 0 }, shown = { 0 };
    struct got got;

    tfr_buf_printf(&text, AWS("%s"), row->expressions);
    got = read_text(text.data);
    tfr_value_show(&shown, NULL, tfr_value_path(&first_object(&got)->after, row->path), 80);
    assert_string_equal(tfr_buf_text(&shown), row->shown);
    tfr_document_free(got.document);
    tfr_buf_fini(&shown);
    tfr_buf_fini(&text);
}

#define ARGUMENT(label, expressions, path, shown)           \
    {                                                       \
        label, argument_is, NULL, NULL, &(struct value_row) \
        {                                                   \
            expressions, path, shown                        \
        }                                                   \
    }

/* Blocks in blocks, as deep as a reader takes them: no recursion. */
static void depth_is_no_danger(void **state)
{
    struct tfr_buf text = { 0 };
    struct got got;

    (void)state;
    tfr_buf_puts(&text, "{\"format_version\":\"1.2\",\"resource_changes\":[],\"configuration\":{"
                        "\"provider_config\":{\"aws\":{\"name\":\"aws\",\"expressions\":");
    for (int i = 0; i < 500; i++)
        tfr_buf_puts(&text, "{\"b\":");
    tfr_buf_puts(&text, "{\"constant_value\":1}");
    for (int i = 0; i < 500; i++)
        tfr_buf_putc(&text, '}');
    tfr_buf_puts(&text, "}}}}");
    got = read_text(text.data);
    assert_int_equal(first_object(&got)->after.kind, TFR_OBJECT);
    tfr_document_free(got.document);
    tfr_buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CALLED("without an alias", "\"aws\":{\"name\":\"aws\"}", "aws.default", "provider.aws",
               NULL),
        CALLED("by its alias", "\"aws.east\":{\"name\":\"aws\",\"alias\":\"east\"}", "aws.east",
               "provider.aws", NULL),
        CALLED("with the module that configures it",
               "\"module.a.module.b:aws.east\":{\"name\":\"aws\",\"alias\":\"east\","
               "\"module_address\":\"module.a.module.b\"}",
               "module.a.module.b.aws.east", "provider.aws", "module.a.module.b"),
        CALLED("by its key, if it says no name", "\"google-beta\":{}", "google-beta.default",
               "provider.google-beta", NULL),
        CALLED("by a key with a module and an alias", "\"module.a:aws.x\":{}", "aws.default",
               "provider.aws", NULL),
        ARGUMENT("a constant is its value", "\"region\":{\"constant_value\":\"eu-west-1\"}",
                 "region", "\"eu-west-1\""),
        ARGUMENT("what is false is a value", "\"x\":{\"constant_value\":false}", "x", "false"),
        ARGUMENT("a map is no block", "\"m\":{\"constant_value\":{\"references\":[]}}", "m",
                 "{1 member}"),
        ARGUMENT("a reference is unknown", "\"region\":{\"references\":[\"var.region\"]}", "region",
                 "(known after apply)"),
        ARGUMENT("a call of a function is unknown", "\"region\":{}", "region",
                 "(known after apply)"),
        ARGUMENT("a block is a map in a list",
                 "\"assume_role\":[{\"role_arn\":{\"constant_value\":"
                 "\"arn:aws:iam::1:role/a\"}}]",
                 "assume_role.role_arn", "\"arn:aws:iam::1:role/a\""),
        ARGUMENT("an empty block is there", "\"features\":[{}]", "features.0", "{0 members}"),
        ARGUMENT("what is not written is absent", "\"region\":{\"constant_value\":\"x\"}",
                 "profile", "(absent)"),
        ARGUMENT("an access key is a secret", "\"access_key\":{\"constant_value\":\"mock\"}",
                 "access_key", "(sensitive)"),
        ARGUMENT("a client certificate is a secret",
                 "\"client_certificate\":{\"constant_value\":"
                 "\"mock\"}",
                 "client_certificate", "(sensitive)"),
        ARGUMENT("a key in a block is a secret",
                 "\"exec\":[{\"app_key\":{\"constant_value\":\"mock\"}}]", "exec.app_key",
                 "(sensitive)"),
        cmocka_unit_test(depth_is_no_danger),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
