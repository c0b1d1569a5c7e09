/* SPDX-License-Identifier: Apache-2.0 */
/* A format shows fingerprints if, and only if, it says so: they are not made for the others. */
#include "report/report.h"
#include "tests/judging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One database in one zone. */
static const char plan[] =
    "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.0\",\"planned_values\":{},"
    "\"resource_changes\":[{\"address\":\"aws_db_instance.d\",\"mode\":\"managed\","
    "\"type\":\"aws_db_instance\",\"name\":\"d\",\"change\":{\"actions\":[\"create\"],"
    "\"before\":null,\"after\":{\"multi_az\":false},\"after_unknown\":{}}}]}";

static void read_plan(struct judged *judged)
{
    const struct tfr_read_options options = { .piece = 0 };
    const struct tfr_sink sink = { .ctx = judged, .document = judge };

    judged->policies = tfr_policies_new();
    tfr_policies_add_builtin(judged->policies);
    tfr_read_memory("test", plan, strlen(plan), &options, &sink);
    assert_non_null(judged->document);
    assert_true(judged->findings.count > 0);
}

static void end(struct judged *judged)
{
    tfr_findings_fini(&judged->findings);
    tfr_graph_free(judged->graph);
    tfr_document_free(judged->document);
    tfr_policies_free(judged->policies);
}

static bool shows(const struct tfr_format *format, const struct tfr_report *report,
                  const char *fingerprint)
{
    const struct tfr_style style = { .ascii = true };
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    bool shown;

    assert_non_null(out);
    format->write(report, &style, out);
    assert_int_equal(fclose(out), 0);
    shown = strstr(text, fingerprint) != NULL;
    free(text);
    return shown;
}

static void formats_say_whether_they_show_them(void **state)
{
    struct tfr_report_options options = { 0 };
    struct tfr_report_builder *builder;
    struct tfr_report *report;
    struct judged judged = { 0 };

    (void)state;
    read_plan(&judged);
    options.policies = judged.policies;
    builder = tfr_report_new(&options);
    tfr_report_add(builder, judged.document, judged.graph, &judged.findings, true);
    report = tfr_report_finish(builder);
    for (const struct tfr_format *format = tfr_formats(); format->name != NULL; format++) {
        if (shows(format, report, judged.findings.at[0].fingerprint) != format->fingerprints)
            fail_msg("%s", format->name);
    }
    tfr_report_free(report);
    end(&judged);
}

static void nobody_has_to_ask_for_them(void **state)
{
    const struct tfr_evaluate_options options = { .no_fingerprints = true };
    struct tfr_findings findings = { 0 };
    struct judged judged = { 0 };

    (void)state;
    read_plan(&judged);
    tfr_evaluate(judged.document, judged.graph, judged.policies, &options, &findings);
    assert_int_equal(findings.count, judged.findings.count);
    assert_string_equal(findings.at[0].fingerprint, "");
    assert_int_equal(strlen(judged.findings.at[0].fingerprint), 32);
    tfr_findings_fini(&findings);
    end(&judged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_say_whether_they_show_them),
        cmocka_unit_test(nobody_has_to_ask_for_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
