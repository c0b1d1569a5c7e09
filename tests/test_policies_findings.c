/* SPDX-License-Identifier: Apache-2.0 */
/* Findings: order, fingerprints that survive what is not their business, secrets that stay inside.
 */
#include "tests/judging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A plan of databases: for each letter an instance; 's' has one zone, 'm' has two. */
static void run(struct judged *judged, const char *letters)
{
    const struct tfr_read_options options = { .piece = 0 };
    const struct tfr_sink sink = { .ctx = judged, .document = judge };
    const char *const only[] = { "TFR-HA-001" };
    struct tfr_error err = { 0 };
    struct tfr_buf text = { 0 };

    memset(judged, 0, sizeof *judged);
    judged->policies = tfr_policies_new();
    tfr_policies_add_builtin(judged->policies);
    assert_true(tfr_policies_select(judged->policies, only, 1, NULL, 0, &err));
    tfr_buf_puts(
        &text, "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.0\",\"planned_values\":{},"
               "\"resource_changes\":[");
    for (size_t i = 0; letters[i] != '\0'; i++)
        tfr_buf_printf(
            &text,
            "%s{\"address\":\"aws_db_instance.d[%zu]\",\"mode\":\"managed\",\"type\":\"aws_db_"
            "instance\","
            "\"name\":\"d\",\"index\":%zu,\"change\":{\"actions\":[\"create\"],\"before\":null,"
            "\"after\":{\"multi_az\":%s},\"after_unknown\":{}}}",
            i > 0 ? "," : "", i, i, letters[i] == 'm' ? "true" : "false");
    tfr_buf_puts(&text, "]}");
    tfr_read_memory("test", text.data, text.len, &options, &sink);
    tfr_buf_fini(&text);
    assert_non_null(judged->document);
}

static void end(struct judged *judged)
{
    tfr_findings_fini(&judged->findings);
    tfr_graph_free(judged->graph);
    tfr_document_free(judged->document);
    tfr_policies_free(judged->policies);
}

static void numbers_do_not_matter_when_all_fail(void **state)
{
    struct judged two, three;

    (void)state;
    run(&two, "ss");
    run(&three, "sss");
    assert_int_equal(two.findings.count, 2);
    assert_int_equal(three.findings.count, 3);
    assert_string_equal(two.findings.at[0].fingerprint, three.findings.at[0].fingerprint);
    assert_int_equal(strlen(two.findings.at[0].fingerprint), 32);
    end(&two);
    end(&three);
}

static void numbers_matter_when_some_pass(void **state)
{
    struct judged first, second;

    (void)state;
    run(&first, "sm");
    run(&second, "ms");
    assert_int_equal(first.findings.count, 1);
    assert_int_equal(second.findings.count, 1);
    assert_string_not_equal(first.findings.at[0].fingerprint, second.findings.at[0].fingerprint);
    end(&first);
    end(&second);
}

static void rows_tell_every_look(void **state)
{
    struct judged judged;

    (void)state;
    run(&judged, "msm");
    assert_int_equal(judged.findings.row_count, 3);
    assert_int_equal(judged.findings.rows[0].result, TFR_PASS);
    assert_int_equal(judged.findings.rows[1].result, TFR_FAIL);
    assert_int_equal(judged.findings.rows[2].result, TFR_PASS);
    end(&judged);
}

static void words_of_environments(void **state)
{
    enum tfr_environment out = TFR_DEVELOPMENT;

    (void)state;
    assert_true(tfr_environment_parse("prod", &out));
    assert_int_equal(out, TFR_PRODUCTION);
    assert_true(tfr_environment_parse("STAGING", &out));
    assert_int_equal(out, TFR_STAGING);
    assert_true(tfr_environment_parse("dev", &out));
    assert_int_equal(out, TFR_DEVELOPMENT);
    assert_false(tfr_environment_parse("blue", &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_do_not_matter_when_all_fail),
        cmocka_unit_test(numbers_matter_when_some_pass),
        cmocka_unit_test(rows_tell_every_look),
        cmocka_unit_test(words_of_environments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
