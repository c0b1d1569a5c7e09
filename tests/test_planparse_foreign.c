/* SPDX-License-Identifier: Apache-2.0 */
/* What is no plan or state is refused by name, with a way out; what is one is read however it is
 * wrapped and encoded. */
#include "tests/reading.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define PLAN "{\"format_version\":\"1.2\",\"resource_changes\":[]}"
#define STATE "{\"format_version\":\"1.0\",\"values\":{\"root_module\":{}}}"

/* ---- refused by name ---------------------------------------------------------------------------
 */

static const struct {
    const char *text, *id;
} foreign[] = {
    { "", "input.empty" },
    { "\n\n", "input.empty" },
    { "Terraform used the selected providers to generate the following execution plan.\n",
      "input.foreign.plan-text" },
    { "\nOpenTofu used the selected providers to generate\n", "input.foreign.plan-text" },
    { "aws_vpc.main: Refreshing state... [id=vpc-1]\n", "input.foreign.plan-text" },
    { "\x1b[0m\x1b[1mNo changes. Your infrastructure matches\n", "input.foreign.plan-text" },
    { "\xe2\x95\xb7\n\xe2\x94\x82 Error: Failed to load the plan\n\xe2\x95\xb5\n",
      "input.foreign.wrapper" },
    { "Error: No configuration files\n", "input.foreign.diagnostics" },
    { "{\"@level\":\"info\",\"@message\":\"Plan: 1 to add\",\"type\":\"change_summary\"}\n",
      "input.foreign.json-lines" },
    { "[{\"@level\":\"info\"}]", "input.foreign.other" },
    { "# network\nresource \"aws_vpc\" \"main\" {\n}\n", "input.foreign.hcl" },
    { "terraform {\n  required_version = \">= 1\"\n}\n", "input.foreign.hcl" },
    { "variable \"a\" {}\n", "input.foreign.hcl" },
    { "digraph G {\n}\n", "input.foreign.graph" },
    { "{\"format_version\":\"1.0\",\"provider_schemas\":{}}", "input.foreign.schema" },
    { "{\"format_version\":\"1.0\",\"valid\":true,\"diagnostics\":[]}", "input.foreign.validate" },
    { "{\"format_version\":\"1.0\",\"function_signatures\":{}}", "input.foreign.functions" },
    { "{\"format_version\":\"1.0\",\"modules\":[]}", "input.foreign.modules" },
    { "{\"Modules\":[]}", "input.foreign.modules" },
    { "{\"version\":3,\"serial\":1,\"lineage\":\"l\",\"backend\":{\"type\":\"s3\"}}",
      "input.foreign.backend-cache" },
    { "{\"version\":3,\"terraform_version\":\"1.11.4\",\"backend\":{\"type\":\"s3\"}}",
      "input.foreign.backend-cache" },
    { "{\"remote_plan_format\":1,\"run_id\":\"run-1\",\"hostname\":\"app.terraform.io\"}",
      "input.foreign.bookmark" },
    { "{\"serial\":1,\"lineage\":\"l\",\"meta\":{\"key_provider.pbkdf2.k\":\"e30=\"},"
      "\"encrypted_data\":\"AAAA\",\"encryption_version\":\"v0\"}",
      "input.foreign.encrypted" },
    { "{\"version\":1,\"serial\":1,\"modules\":[]}", "input.foreign.old-state" },
    { "{\"version\":2,\"serial\":1,\"modules\":[]}", "input.foreign.old-state" },
    { "{\"version\":3,\"serial\":1,\"modules\":[]}", "input.foreign.old-state" },
    { "{\"version\":5,\"serial\":1,\"resources\":[]}", "input.version" },
    { "tfstate\x01", "input.foreign.old-state" },
    { "tfplan\x01", "input.foreign.binary-plan" },
    { "{\"format_version\":\"2.0\",\"resource_changes\":[]}", "input.version" },
    { "{\"terraform_version\":\"1.11.4\",\"provider_selections\":{}}", "input.foreign.version" },
    { "{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}", "input.foreign.kubernetes" },
    { "apiVersion: v1\nkind: Pod\n", "input.foreign.kubernetes" },
    { "{\"AWSTemplateFormatVersion\":\"2010-09-09\",\"Resources\":{}}",
      "input.foreign.cloudformation" },
    { "AWSTemplateFormatVersion: '2010-09-09'\n", "input.foreign.cloudformation" },
    { "{\"version\":3,\"deployment\":{}}", "input.foreign.pulumi" },
    { "{\"a\":1}", "input.foreign.other" },
    { "{}", "input.foreign.other" },
    { "just words, with Error: in the middle of a line\n", "input.foreign.text" },
    { "\x7f"
      "ELF\x02\x01\x01",
      "input.foreign.binary" },
    { "[command]/usr/bin/terraform show -json tfplan\n", "input.foreign.wrapper" },
    { "2026-01-15T09:00:00.000Z " PLAN, "input.foreign.wrapper" },
    { PLAN " and more", "input.syntax" },
    { PLAN PLAN ",", "input.syntax" },
};

static void what_is_something_else_is_refused_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(foreign); i++) {
        for (size_t piece = 0; piece < 4; piece++) {
            struct got got = read_in_pieces(foreign[i].text, strlen(foreign[i].text), piece);

            assert_int_equal(got.refusals, 1);
            if (strcmp(got.error.id, foreign[i].id) != 0)
                fail_msg("%s: %s", foreign[i].text, got.error.id);
            assert_true(got.error.msg[0] != '\0' && got.error.hint[0] != '\0');
            tfr_document_free(got.document);
        }
    }
}

/* ---- wrapped -----------------------------------------------------------------------------------
 */

static bool has_note(const struct tfr_document *document, const char *code)
{
    for (size_t i = 0; i < document->note_count; i++) {
        if (strcmp(document->notes[i].code, code) == 0)
            return true;
    }
    return false;
}

static void whole_lines_of_a_wrapper_are_passed_over_with_a_note(void **state)
{
    static const char *const texts[] = {
        "[command]/opt/terraform-bin show -json tfplan\n" PLAN "\n",
        "::debug::Terraform exited with code 0.\n" PLAN "::debug::stdout\n",
        PLAN "\n::set-output name=exitcode::0\n",
        "2026-01-15T09:00:00.000Z [INFO]  Terraform version: 1.11.4\n" PLAN,
        "\xe2\x95\xb7\n\xe2\x94\x82 Warning: deprecated\n\xe2\x95\xb5\n" PLAN,
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        for (size_t piece = 0; piece < 4; piece++) {
            struct got got = read_in_pieces(texts[i], strlen(texts[i]), piece);

            if (got.documents != 1 || got.refusals != 0)
                fail_msg("%s: %s", texts[i], got.error.msg);
            if (texts[i][0] != '{')
                assert_true(has_note(got.document, "wrapper-lines"));
            tfr_document_free(got.document);
        }
    }
}

static void several_documents_are_read_whatever_stands_between_them(void **state)
{
    static const char *const between[] = { "", "\n", "\r\n", " \t\n\n", "[command]x\n" };

    (void)state;
    for (size_t i = 0; i < COUNT(between); i++) {
        struct tfr_buf text = { 0 };
        struct got got;

        tfr_buf_printf(&text, "%s%s%s%s%s", PLAN, between[i], STATE, between[i], PLAN);
        got = read_in_pieces(text.data, text.len, i);
        assert_int_equal(got.documents, 3);
        assert_int_equal(got.refusals, 0);
        tfr_document_free(got.document);
        tfr_buf_fini(&text);
    }
}

static void the_second_document_is_refused_alone(void **state)
{
    struct got got = read_text(PLAN "{\"format_version\":");

    (void)state;
    assert_int_equal(got.documents, 1);
    assert_string_equal(got.error.id, "input.truncated");
    tfr_document_free(got.document);
}

/* ---- encoded -----------------------------------------------------------------------------------
 */

enum encoding { UTF16_LE, UTF16_BE, UTF32_LE, UTF32_BE };

/* ASCII alone. */
static void add_encoded(struct tfr_buf *out, enum encoding encoding, const char *text, bool mark)
{
    const size_t width = encoding >= UTF32_LE ? 4 : 2;
    const bool little = encoding == UTF16_LE || encoding == UTF32_LE;

    for (size_t i = mark ? 0 : 1; i <= strlen(text); i++) {
        char unit[4] = { 0 };

        if (i == 0) {
            unit[little ? 0 : width - 1] = '\xff';
            unit[little ? 1 : width - 2] = '\xfe';
        } else {
            unit[little ? 0 : width - 1] = text[i - 1];
        }
        tfr_buf_add(out, unit, width);
    }
}

static void wide_encodings_are_read_with_and_without_a_mark(void **state)
{
    static const char *const texts[] = { PLAN, " \r\n" PLAN, "\n\t" PLAN "\n", PLAN "\r\n" PLAN };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        for (size_t way = 0; way < 8; way++) {
            struct tfr_buf text = { 0 };
            struct got got;

            add_encoded(&text, (enum encoding)(way / 2), texts[i], way % 2 == 0);
            got = read_in_pieces(text.data, text.len, way % 5);
            assert_int_equal(got.refusals, 0);
            assert_true(has_note(got.document, way < 4 ? "utf16" : "utf32") || i == 3);
            tfr_document_free(got.document);
            tfr_buf_fini(&text);
        }
    }
}

static void a_wide_text_that_is_no_json_names_the_shell_that_wrote_it(void **state)
{
    struct tfr_buf text = { 0 };
    struct got got;

    (void)state;
    add_encoded(&text, UTF16_LE, "{\"format_version\":\"1.2\",\"terraform_version\":?}", true);
    got = read_in_pieces(text.data, text.len, 0);
    assert_int_equal(got.refusals, 1);
    assert_non_null(strstr(got.error.hint, "PowerShell"));
    tfr_buf_fini(&text);
}

static void a_wide_text_that_is_cut_or_broken_is_refused(void **state)
{
    (void)state;
    for (size_t way = 0; way < 4; way++) {
        struct tfr_buf text = { 0 };

        add_encoded(&text, (enum encoding)way, PLAN, true);
        for (size_t cut = 0; cut < text.len; cut++) {
            struct got got = read_in_pieces(text.data, cut, 0);

            assert_true(got.refusals == 1);
            tfr_document_free(got.document);
        }
        tfr_buf_fini(&text);
    }
    {
        static const char lone[] = "\xff\xfe{\0\"\0\x00\xd8\"\0:\0";
        struct got got = read_in_pieces(lone, sizeof lone - 1, 0);

        assert_string_equal(got.error.id, "input.encoding");
    }
}

static void a_mark_and_carriage_returns_do_not_matter(void **state)
{
    struct got got = read_text("\xef\xbb\xbf{\r\n\"format_version\":\"1.2\",\r\n"
                               "\"resource_changes\":[]\r\n}\r\n");

    (void)state;
    assert_int_equal(got.documents, 1);
    assert_int_equal(got.refusals, 0);
    assert_true(has_note(got.document, "bom"));
    tfr_document_free(got.document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_something_else_is_refused_by_its_name),
        cmocka_unit_test(whole_lines_of_a_wrapper_are_passed_over_with_a_note),
        cmocka_unit_test(several_documents_are_read_whatever_stands_between_them),
        cmocka_unit_test(the_second_document_is_refused_alone),
        cmocka_unit_test(wide_encodings_are_read_with_and_without_a_mark),
        cmocka_unit_test(a_wide_text_that_is_no_json_names_the_shell_that_wrote_it),
        cmocka_unit_test(a_wide_text_that_is_cut_or_broken_is_refused),
        cmocka_unit_test(a_mark_and_carriage_returns_do_not_matter),
    };

    return cmocka_run_group_tests_name("foreign", tests, NULL, NULL);
}
