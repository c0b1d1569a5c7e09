/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan says becomes what the document says. */
#include "tests/reading.h"

#define CHANGE(actions, rest)                                                            \
    "{\"address\":\"aws_lb.a\",\"mode\":\"managed\",\"type\":\"aws_lb\",\"name\":\"a\"," \
    "\"change\":{"                                                                       \
    "\"actions\":" actions rest "}}"
#define PLAN(changes) "{\"format_version\":\"1.2\",\"resource_changes\":[" changes "]}"

static const struct tfr_resource *first_change(const struct got *got)
{
    assert_non_null(got->document);
    assert_int_equal(got->document->changes.count, 1);
    return &got->document->changes.at[0];
}

/* ---- actions -----------------------------------------------------------------------------------
 */

struct action_row {
    const char *actions;
    enum tfr_action action;
    bool live, gone;
};

static void actions_have_a_name(void **state)
{
    const struct action_row *row = *state;
    struct tfr_buf text = { 0 };
    struct got got;

    tfr_buf_printf(&text, PLAN(CHANGE("%s", "")), row->actions);
    got = read_text(text.data);
    assert_int_equal(first_change(&got)->action, row->action);
    assert_int_equal(tfr_resource_is_live(first_change(&got)), row->live);
    assert_int_equal(tfr_resource_is_gone(first_change(&got)), row->gone);
    tfr_document_free(got.document);
    tfr_buf_fini(&text);
}

#define ACTIONS(actions, action, live, gone)                           \
    {                                                                  \
        actions, actions_have_a_name, NULL, NULL, &(struct action_row) \
        {                                                              \
            actions, action, live, gone                                \
        }                                                              \
    }

/* ---- refusals ----------------------------------------------------------------------------------
 */

struct refusal_row {
    const char *text, *id, *path;
};

static void is_refused(void **state)
{
    const struct refusal_row *row = *state;
    struct got got = read_text(row->text);

    assert_int_equal(got.refusals, 1);
    assert_string_equal(got.error.id, row->id);
    assert_string_equal(got.error.path, row->path);
    tfr_document_free(got.document);
}

#define REFUSED(label, text, id, path)                       \
    {                                                        \
        label, is_refused, NULL, NULL, &(struct refusal_row) \
        {                                                    \
            text, id, path                                   \
        }                                                    \
    }

/* ---- values ------------------------------------------------------------------------------------
 */

static void masks_are_folded_in(void **state)
{
    struct got got = read_text(PLAN(CHANGE(
        "[\"create\"]", ",\"before\":null,"
                        "\"after\":{\"name\":\"a\",\"password\":\"p\",\"tags\":{\"x\":\"1\"},"
                        "\"subnets\":[null,\"s\"]},"
                        "\"after_unknown\":{\"arn\":true,\"subnets\":[true,false],\"tags\":{}},"
                        "\"after_sensitive\":{\"password\":true,\"tags\":{},\"subnets\":[]}")));
    const struct tfr_value *after = &first_change(&got)->after;

    (void)state;
    assert_int_equal(first_change(&got)->before.kind, TFR_ABSENT);
    assert_int_equal(tfr_value_get(after, "arn")->kind, TFR_UNKNOWN);
    assert_true(tfr_value_get(after, "password")->sensitive);
    assert_false(tfr_value_get(after, "name")->sensitive);
    assert_int_equal(tfr_value_path(after, "subnets.0")->kind, TFR_UNKNOWN);
    assert_true(tfr_value_is(tfr_value_path(after, "subnets.1"), "s"));
    assert_true(tfr_value_is(tfr_value_path(after, "tags.x"), "1"));
    assert_int_equal(tfr_value_get(after, "nothing")->kind, TFR_ABSENT);
    tfr_document_free(got.document);
}

static void what_is_below_a_mark_is_marked(void **state)
{
    struct got got = read_text(
        PLAN(CHANGE("[\"create\"]", ",\"before\":null,\"after\":{\"a\":{\"b\":[\"c\"]}},"
                                    "\"after_unknown\":{},\"after_sensitive\":{\"a\":true}")));

    (void)state;
    assert_true(tfr_value_path(&first_change(&got)->after, "a.b.0")->sensitive);
    tfr_document_free(got.document);
}

static void an_unchanged_resource_keeps_one_tree(void **state)
{
    struct got got =
        read_text(PLAN(CHANGE("[\"no-op\"]", ",\"before\":{\"a\":1},\"after\":{\"a\":1},"
                                             "\"after_unknown\":{}")));

    (void)state;
    assert_ptr_equal(first_change(&got)->before.object, first_change(&got)->after.object);
    tfr_document_free(got.document);
}

static void objects_that_are_written_alike_share_their_names(void **state)
{
    struct got got =
        read_text(PLAN(CHANGE("[\"update\"]", ",\"before\":{\"a\":{\"x\":1,\"y\":2},\"b\":3},"
                                              "\"after\":{\"a\":{\"x\":4,\"y\":2},\"b\":3}")));
    const struct tfr_resource *change = first_change(&got);

    (void)state;
    assert_ptr_equal(change->before.object->layout, change->after.object->layout);
    assert_ptr_equal(tfr_value_get(&change->before, "a")->object->layout,
                     tfr_value_get(&change->after, "a")->object->layout);
    tfr_document_free(got.document);
}

static void what_only_the_mask_knows_stands_behind_the_other_members(void **state)
{
    struct got got = read_text(
        PLAN(CHANGE("[\"create\"]", ",\"before\":null,\"after\":{\"a\":1,\"b\":2},"
                                    "\"after_unknown\":{\"id\":true,\"b\":false,\"arn\":true}")));
    const struct tfr_value *after = &first_change(&got)->after;

    (void)state;
    assert_int_equal(after->count, 4);
    assert_int_equal(after->object->layout->count, 4);
    assert_string_equal(tfr_member_name(after, 2)->text, "id");
    assert_int_equal(tfr_member_value(after, 3)->kind, TFR_UNKNOWN);
    tfr_document_free(got.document);
}

static void marks_of_either_time_count(void **state)
{
    struct got got =
        read_text(PLAN(CHANGE("[\"no-op\"]", ",\"before\":{\"a\":\"s\"},\"after\":{\"a\":\"s\"},"
                                             "\"after_unknown\":{},\"before_sensitive\":{},"
                                             "\"after_sensitive\":{\"a\":true}")));

    (void)state;
    assert_true(tfr_value_get(&first_change(&got)->after, "a")->sensitive);
    tfr_document_free(got.document);
}

static void the_last_of_two_members_counts_and_is_noted(void **state)
{
    struct got got = read_text(
        PLAN(CHANGE("[\"create\"]", ",\"after\":{\"a\":1,\"b\":2,\"a\":3},\"after_unknown\":{}")));
    long long number = 0;

    (void)state;
    assert_true(tfr_value_integer(tfr_value_get(&first_change(&got)->after, "a"), &number));
    assert_int_equal(number, 3);
    assert_int_equal(first_change(&got)->after.count, 2);
    assert_string_equal(got.document->notes[0].code, "duplicate-key");
    tfr_document_free(got.document);
}

static void numbers_stay_as_they_are_written(void **state)
{
    struct got got = read_text(PLAN(CHANGE(
        "[\"create\"]", ",\"after\":{\"a\":123456789012345678901234567890},\"after_unknown\":{}")));
    const struct tfr_value *number = tfr_value_get(&first_change(&got)->after, "a");

    (void)state;
    assert_int_equal(number->kind, TFR_NUMBER);
    assert_string_equal(number->text, "123456789012345678901234567890");
    tfr_document_free(got.document);
}

static void whole_numbers_are_read_as_long_as_they_fit(void **state)
{
    static const struct {
        const char *text;
        bool fits;
        long long number;
    } rows[] = {
        { "0", true, 0 },
        { "007", true, 7 },
        { "-5", true, -5 },
        { "+5", true, 5 },
        { "999999999999999999", true, 999999999999999999 },
        { "0000000000000000000000012", true, 12 },
        { "9223372036854775807", true, INT64_MAX },
        { "9223372036854775808", false, 0 },
        { "1.0", false, 0 },
        { "1e3", false, 0 },
        { "12a", false, 0 },
        { " 1", false, 0 },
        { "", false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct tfr_value value = { .kind = TFR_STRING,
                                         .count = (uint32_t)strlen(rows[i].text),
                                         .text = rows[i].text };
        long long number = 0;

        assert_int_equal(tfr_value_integer(&value, &number), rows[i].fits);
        assert_int_equal(number, rows[i].number);
    }
}

static void strings_may_hold_a_nul(void **state)
{
    struct got got = read_text(
        PLAN(CHANGE("[\"create\"]", ",\"after\":{\"a\":\"x\\u0000y\"},\"after_unknown\":{}")));

    (void)state;
    assert_int_equal(tfr_value_get(&first_change(&got)->after, "a")->count, 3);
    tfr_document_free(got.document);
}

static void what_a_sensitive_text_holds_is_sensitive_though_an_open_one_says_the_same(void **state)
{
    struct got got = read_text(
        PLAN(CHANGE("[\"create\"]", ",\"before\":null,\"after\":{\"open\":\"{\\\"a\\\":1}\","
                                    "\"closed\":\"{\\\"a\\\":1}\"},\"after_unknown\":{},"
                                    "\"after_sensitive\":{\"closed\":true}")));
    const struct tfr_value *after = &first_change(&got)->after;
    const struct tfr_value *open = tfr_document_parse(got.document, tfr_value_get(after, "open"));
    const struct tfr_value *closed =
        tfr_document_parse(got.document, tfr_value_get(after, "closed"));

    (void)state;
    assert_false(tfr_value_get(open, "a")->sensitive);
    assert_true(tfr_value_get(closed, "a")->sensitive);
    assert_ptr_equal(tfr_document_parse(got.document, tfr_value_get(after, "closed")), closed);
    tfr_document_free(got.document);
}

static void sensitive_variables_are_marked_by_the_configuration_behind_them(void **state)
{
    struct got got = read_text("{\"format_version\":\"1.2\",\"variables\":{\"p\":{\"value\":"
                               "\"CANARY\"},\"q\":{\"value\":1}},"
                               "\"configuration\":{\"root_module\":{\"variables\":{\"p\":{"
                               "\"sensitive\":true},\"q\":{}}}}}");

    (void)state;
    assert_non_null(got.document);
    assert_true(got.document->variables[0].value.sensitive);
    assert_false(got.document->variables[1].value.sensitive);
    tfr_document_free(got.document);
}

static void keys_in_any_order_give_the_same_document(void **state)
{
    struct got got = read_text("{\"resource_changes\":[" CHANGE(
        "[\"no-op\"]",
        ",\"before\":{\"a\":1},\"after\":{\"a\":1}") "],\"prior_state\":{\"values\":{\"root_"
                                                     "module\":{\"resources\":[{\"values\":{\"a\":"
                                                     "1},"
                                                     "\"tainted\":true,\"depends_on\":[\"aws_vpc."
                                                     "v\"],\"address\":\"aws_lb.a\",\"type\":"
                                                     "\"aws_lb\",\"name\":\"a\",\"mode\":"
                                                     "\"managed\"}]}}},\"format_version\":\"1."
                                                     "2\"}");

    (void)state;
    assert_true(first_change(&got)->tainted);
    assert_true(first_change(&got)->in_state);
    assert_int_equal(first_change(&got)->depends_on.count, 1);
    assert_int_equal(got.document->prior.count, 0);
    tfr_document_free(got.document);
}

static void an_address_that_lies_about_its_parts_is_flagged(void **state)
{
    struct got got = read_text(PLAN("{\"address\":\"aws_lb.a\",\"mode\":\"managed\",\"type\":\"aws_"
                                    "db_instance\",\"name\":\"a\","
                                    "\"change\":{\"actions\":[\"delete\"]}}"));

    (void)state;
    assert_true(first_change(&got)->address_disagrees);
    tfr_document_free(got.document);
}

static void a_key_that_an_old_state_leaves_out_of_the_address_is_put_back(void **state)
{
    struct got got =
        read_text("{\"format_version\":\"0.1\",\"terraform_version\":\"0.12.31\",\"values\":{"
                  "\"root_module\":{\"resources\":[{\"address\":\"a_b.c\",\"mode\":\"managed\","
                  "\"type\":\"a_b\",\"name\":\"c\",\"index\":1,\"values\":{}},{\"address\":"
                  "\"a_b.d\",\"mode\":\"managed\",\"type\":\"a_b\",\"name\":\"d\",\"index\":"
                  "\"x\\\"y\",\"values\":{}}]}}}");

    (void)state;
    assert_int_equal(got.document->changes.count, 2);
    assert_string_equal(got.document->changes.at[0].address->text, "a_b.c[1]");
    assert_false(got.document->changes.at[0].address_disagrees);
    assert_string_equal(got.document->changes.at[1].address->text, "a_b.d[\"x\\\"y\"]");
    assert_false(got.document->changes.at[1].address_disagrees);
    tfr_document_free(got.document);
}

static void several_documents_in_one_stream_are_all_read(void **state)
{
    struct got got = read_text(PLAN("") "\n" PLAN("") PLAN(""));

    (void)state;
    assert_int_equal(got.documents, 3);
    assert_int_equal(got.refusals, 0);
    tfr_document_free(got.document);
}

static void lines_of_wrappers_are_passed_over(void **state)
{
    struct got got = read_text("[command]/usr/bin/terraform-bin show -json plan\n"
                               "2026-01-15T09:00:00.370Z [INFO]  Terraform version: 1.11.4\n"
                               "\xe2\x95\xb7\n\xe2\x94\x82 Warning: x\n\xe2\x95\xb5\n" PLAN(
                                   "") "\n::debug::Terraform exited with code 0.\n"
                                       "::debug::stdout: {\"format_version\":%0A");

    (void)state;
    assert_int_equal(got.documents, 1);
    assert_int_equal(got.refusals, 0);
    assert_string_equal(got.document->notes[0].code, "wrapper-lines");
    tfr_document_free(got.document);
}

static void nesting_ends_at_the_limit(void **state)
{
    const struct tfr_read_options four = { .limits = { .depth = 4 } };
    const char *fits = "{\"format_version\":\"1.2\",\"planned_values\":{\"a\":[[1]]}}";
    const char *too_deep = "{\"format_version\":\"1.2\",\"planned_values\":{\"a\":[[[1]]]}}";
    struct got got = read_limited(fits, strlen(fits), &four);

    (void)state;
    assert_int_equal(got.documents, 1);
    tfr_document_free(got.document);
    got = read_limited(too_deep, strlen(too_deep), &four);
    assert_string_equal(got.error.id, "input.limit.depth");
    tfr_document_free(got.document);
}

static void strings_end_at_the_limit(void **state)
{
    const struct tfr_read_options forty = { .limits = { .string_bytes = 40 } };
    const char *text = "{\"format_version\":\"1.2\",\"planned_values\":"
                       "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}";
    struct got got = read_limited(text, strlen(text), &forty);

    (void)state;
    assert_string_equal(got.error.id, "input.limit.string");
}

static void resources_end_at_the_limit(void **state)
{
    const struct tfr_read_options one = { .limits = { .resources = 1 } };
    const char *text = PLAN(CHANGE("[\"no-op\"]", "") "," CHANGE("[\"no-op\"]", ""));
    struct got got = read_limited(text, strlen(text), &one);

    (void)state;
    assert_string_equal(got.error.id, "input.limit.resources");
}

static void utf_16_is_read_with_a_note(void **state)
{
    const struct tfr_read_options options = { 0 };
    const char *plain = PLAN("");
    char wide[512] = "\xff\xfe";
    size_t len = 2;
    struct got got;

    (void)state;
    for (const char *at = plain; *at != '\0'; at++) {
        wide[len++] = *at;
        wide[len++] = '\0';
    }
    got = read_limited(wide, len, &options);
    assert_int_equal(got.documents, 1);
    assert_string_equal(got.document->notes[0].code, "utf16");
    tfr_document_free(got.document);
}

/* ---- what is shown --------------------------------------------------------------------- */

static void what_a_name_calls_secret_is_not_shown(void **state)
{
    static const struct {
        const char *name;
        bool shown;
    } rows[] = { { "master_password", false },
                 { "PassWD", false },
                 { "rule.*.auth", false },
                 { "pas_s", true },
                 { "papikey", false },
                 { "sas_", false },
                 { "sas", true },
                 { "sassas_url", false },
                 { "ttoken", false },
                 { "connection_strin", true },
                 { "user_data_base64", false },
                 { "LICENSE_KEY", false },
                 { "certificate_bod", true },
                 { "", true } };
    const struct tfr_value value = { .kind = TFR_STRING, .text = "blue", .count = 4 };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tfr_buf text = { 0 };

        tfr_value_show(&text, rows[i].name, &value, 80);
        assert_string_equal(tfr_buf_text(&text), rows[i].shown ? "\"blue\"" : "(sensitive)");
        tfr_buf_fini(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ACTIONS("[\"no-op\"]", TFR_ACTION_NO_OP, true, false),
        ACTIONS("[\"create\"]", TFR_ACTION_CREATE, true, false),
        ACTIONS("[\"read\"]", TFR_ACTION_READ, true, false),
        ACTIONS("[\"update\"]", TFR_ACTION_UPDATE, true, false),
        ACTIONS("[\"delete\"]", TFR_ACTION_DELETE, false, true),
        ACTIONS("[\"delete\",\"create\"]", TFR_ACTION_DELETE_CREATE, true, false),
        ACTIONS("[\"create\",\"delete\"]", TFR_ACTION_CREATE_DELETE, true, false),
        ACTIONS("[\"forget\"]", TFR_ACTION_FORGET, false, true),
        ACTIONS("[\"create\",\"forget\"]", TFR_ACTION_CREATE_FORGET, true, false),
        ACTIONS("[\"forget\",\"create\"]", TFR_ACTION_CREATE_FORGET, true, false),
        ACTIONS("[\"renew\"]", TFR_ACTION_OTHER, true, false),
        ACTIONS("[\"delete\",\"renew\"]", TFR_ACTION_OTHER, false, true),
        REFUSED("nothing", "", "input.empty", ""),
        REFUSED("white space", " \n\t", "input.empty", ""),
        REFUSED("half a document", "{\"format_version\":\"1.2\",", "input.truncated",
                "format_version"),
        REFUSED("another major version", "{\"format_version\":\"2.0\",\"resource_changes\":[]}",
                "input.version", ""),
        REFUSED("a list where an object belongs", PLAN("[]"), "input.schema",
                "resource_changes[0]"),
        REFUSED("a text where the changes belong",
                "{\"format_version\":\"1.2\",\"resource_changes\":\"x\"}", "input.schema",
                "resource_changes"),
        REFUSED("actions that are no list", PLAN(CHANGE("\"delete\"", "")), "input.schema",
                "resource_changes[0].change.actions"),
        REFUSED("two lists of changes",
                "{\"format_version\":\"1.2\",\"resource_changes\":[],\"resource_changes\":[]}",
                "input.duplicate-key", "resource_changes"),
        REFUSED("two lists of actions in one change",
                PLAN(CHANGE("[\"delete\"],\"actions\":[\"no-op\"]", "")), "input.duplicate-key",
                "resource_changes[0]"),
        REFUSED("two changes of one resource",
                PLAN("{\"address\":\"aws_lb.a\",\"type\":\"aws_lb\",\"name\":\"a\",\"change\":{"
                     "\"actions\":[\"delete\"]},\"change\":{\"actions\":[\"no-op\"]}}"),
                "input.duplicate-key", "resource_changes[0]"),
        REFUSED("two lists of actions in an output",
                "{\"format_version\":\"1.2\",\"output_changes\":{\"o\":{\"actions\":[\"delete\"],"
                "\"actions\":[\"no-op\"]}}}",
                "input.duplicate-key", "output_changes.o"),
        REFUSED("a major version of many digits",
                "{\"format_version\":\"99999999999.0\",\"resource_changes\":[]}", "input.version",
                ""),
        REFUSED("a broken literal inside of a change",
                PLAN(CHANGE("[\"create\"]", ",\"after\":{\"a\":nul}")), "input.syntax",
                "resource_changes[0].change.after.a"),
        REFUSED("a broken literal in what is stepped over",
                "{\"format_version\":\"1.2\",\"planned_values\":{\"a\":nul}}", "input.syntax",
                "planned_values"),
        REFUSED("a vertical tab, which yajl takes for white space",
                "{\"format_version\":\"1.2\",\v\"planned_values\":{}}", "input.syntax",
                "format_version"),
        REFUSED("half a surrogate pair",
                "{\"format_version\":\"1.2\",\"planned_values\":\"\\ud800\"}", "input.syntax",
                "planned_values"),
        REFUSED("bytes that are no UTF-8",
                "{\"format_version\":\"1.2\",\"planned_values\":\"\xff\"}", "input.encoding",
                "planned_values"),
        REFUSED("something behind the document", PLAN("") "oops", "input.syntax", ""),
        REFUSED("log lines of plan -json",
                "{\"@level\":\"info\",\"@message\":\"x\",\"@module\":\"terraform.ui\"}",
                "input.foreign.json-lines", ""),
        REFUSED("an encrypted state",
                "{\"meta\":{\"key_provider.pbkdf2.k\":\"e30=\"},\"encrypted_data\":\"x\","
                "\"encryption_version\":\"v0\"}",
                "input.foreign.encrypted", ""),
        REFUSED("a state of format 3", "{\"version\":3,\"serial\":1,\"modules\":[]}",
                "input.foreign.old-state", ""),
        REFUSED("wrapper lines without a document", "[command]terraform show\n",
                "input.foreign.wrapper", ""),
        REFUSED("a log prefix on the line of the document", "14:19:25.174 STDOUT tofu: " PLAN(""),
                "input.foreign.wrapper", ""),
        REFUSED("any other object", "{\"a\":1}", "input.foreign.other", ""),
        REFUSED("Terraform code", "resource \"aws_lb\" \"a\" {}\n", "input.foreign.hcl", ""),
        cmocka_unit_test(masks_are_folded_in),
        cmocka_unit_test(what_is_below_a_mark_is_marked),
        cmocka_unit_test(an_unchanged_resource_keeps_one_tree),
        cmocka_unit_test(objects_that_are_written_alike_share_their_names),
        cmocka_unit_test(what_only_the_mask_knows_stands_behind_the_other_members),
        cmocka_unit_test(marks_of_either_time_count),
        cmocka_unit_test(the_last_of_two_members_counts_and_is_noted),
        cmocka_unit_test(numbers_stay_as_they_are_written),
        cmocka_unit_test(whole_numbers_are_read_as_long_as_they_fit),
        cmocka_unit_test(strings_may_hold_a_nul),
        cmocka_unit_test(what_a_sensitive_text_holds_is_sensitive_though_an_open_one_says_the_same),
        cmocka_unit_test(sensitive_variables_are_marked_by_the_configuration_behind_them),
        cmocka_unit_test(keys_in_any_order_give_the_same_document),
        cmocka_unit_test(an_address_that_lies_about_its_parts_is_flagged),
        cmocka_unit_test(a_key_that_an_old_state_leaves_out_of_the_address_is_put_back),
        cmocka_unit_test(several_documents_in_one_stream_are_all_read),
        cmocka_unit_test(lines_of_wrappers_are_passed_over),
        cmocka_unit_test(nesting_ends_at_the_limit),
        cmocka_unit_test(strings_end_at_the_limit),
        cmocka_unit_test(resources_end_at_the_limit),
        cmocka_unit_test(utf_16_is_read_with_a_note),
        cmocka_unit_test(what_a_name_calls_secret_is_not_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
