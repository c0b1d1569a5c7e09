/* SPDX-License-Identifier: Apache-2.0 */
/* Case files of the project outside of the catalogue: the differences to Checkov, and the worked
 * examples. */
#include "policies/policies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void run(const char *path)
{
    const struct tfr_policies_test_options options = { .complete = false };
    struct tfr_policies_test_result result = { 0 };
    struct tfr_error err = { 0 };
    const bool ok = tfr_policies_test(path, &options, stdout, &result, &err);

    if (!ok)
        print_error("%s:%d:%d: %s\n", err.file, (int)err.line, (int)err.column, err.msg);
    assert_true(ok);
    assert_int_equal(result.different, 0);
    assert_true(result.cases > 0);
}

static void differences_are_as_documented(void **state)
{
    (void)state;
    run(TFREADY_SOURCE_DIR "/testdata/policies/differences");
}

static void conditions_hold(void **state)
{
    (void)state;
    run(TFREADY_SOURCE_DIR "/testdata/policies/conditions");
}

static void worked_examples_hold(void **state)
{
    (void)state;
    run(TFREADY_SOURCE_DIR "/docs/policies/examples");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_are_as_documented),
        cmocka_unit_test(conditions_hold),
        cmocka_unit_test(worked_examples_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
