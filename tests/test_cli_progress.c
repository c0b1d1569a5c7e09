/* SPDX-License-Identifier: Apache-2.0 */
/* When the line of progress is written, and what it says. */
#include "cli/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_nobody_watches(void **state)
{
    struct cli_progress progress = { 0 };

    (void)state;
    assert_false(cli_progress_is_due(&progress, 1000000));
}

static void test_the_first_second_is_silent(void **state)
{
    struct cli_progress progress = { .on = true, .started = 50, .due = 50 + CLI_PROGRESS_AFTER };

    (void)state;
    assert_false(cli_progress_is_due(&progress, 51));
    assert_false(cli_progress_is_due(&progress, 49 + CLI_PROGRESS_AFTER));
    assert_true(cli_progress_is_due(&progress, 50 + CLI_PROGRESS_AFTER));
}

static void test_then_it_comes_now_and_then(void **state)
{
    struct cli_progress progress = { .on = true, .due = 1000 };

    (void)state;
    assert_true(cli_progress_is_due(&progress, 1100));
    assert_false(cli_progress_is_due(&progress, 1100 + CLI_PROGRESS_EVERY - 1));
    assert_true(cli_progress_is_due(&progress, 1100 + CLI_PROGRESS_EVERY));
}

static void test_text(void **state)
{
    const struct cli_progress one = { .documents = 1, .bytes = 999999 };
    const struct cli_progress many = { .documents = 12, .bytes = 3400000000 };
    struct tfr_buf text = { 0 };

    (void)state;
    cli_progress_text(&one, &text);
    assert_string_equal(tfr_buf_text(&text), "1 document, 0 MB read");
    tfr_buf_reset(&text);
    cli_progress_text(&many, &text);
    assert_string_equal(tfr_buf_text(&text), "12 documents, 3400 MB read");
    tfr_buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nobody_watches),
        cmocka_unit_test(test_the_first_second_is_silent),
        cmocka_unit_test(test_then_it_comes_now_and_then),
        cmocka_unit_test(test_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
