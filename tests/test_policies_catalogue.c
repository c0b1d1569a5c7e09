/* SPDX-License-Identifier: Apache-2.0 */
/* The built-in catalogue: every policy has its cases, and they hold. */
#include "policies/policies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void cases_hold(void **state)
{
    const struct tfr_policies_test_options options = { .complete = true };
    struct tfr_policies_test_result result = { 0 };
    struct tfr_error err = { 0 };
    const bool ok =
        tfr_policies_test(TFREADY_SOURCE_DIR "/policies/catalog", &options, stdout, &result, &err);

    (void)state;
    if (!ok)
        print_error("%s:%d: %s\n", err.file, (int)err.line, err.msg);
    assert_true(ok);
    assert_int_equal(result.different, 0);
    assert_true(result.cases > 0);
}

static void every_policy_says_why_and_what_to_do(void **state)
{
    struct tfr_policies *policies = tfr_policies_new();

    (void)state;
    tfr_policies_add_builtin(policies);
    for (size_t i = 0; i < tfr_policies_count(policies); i++) {
        const struct tfr_policy *policy = tfr_policies_at(policies, i);

        if (policy->why == NULL || policy->fix == NULL || policy->verify == NULL)
            print_error("%s lacks why, fix or verify\n", policy->id);
        assert_non_null(policy->why);
        assert_non_null(policy->fix);
        assert_non_null(policy->verify);
    }
    tfr_policies_free(policies);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_hold),
        cmocka_unit_test(every_policy_says_why_and_what_to_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
