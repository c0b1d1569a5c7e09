/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void each_stage_has_a_line_and_the_one_before_is_told(void **state)
{
    struct tfr_timing *timing = tfr_timing_new("start");
    struct tfr_buf text = { 0 };

    (void)state;
    assert_string_equal(tfr_timing_enter(timing, "read"), "start");
    assert_string_equal(tfr_timing_enter(timing, "start"), "read");
    tfr_timing_write(timing, &text);
    assert_ptr_equal(strstr(tfr_buf_text(&text), "start "), text.data);
    assert_non_null(strstr(tfr_buf_text(&text), "\nread "));
    assert_non_null(strstr(tfr_buf_text(&text), "\ntotal "));
    tfr_buf_fini(&text);
    tfr_timing_free(timing);
}

static void stages_beyond_the_room_go_to_the_last(void **state)
{
    static char names[100][8];
    struct tfr_timing *timing = tfr_timing_new("start");
    struct tfr_buf text = { 0 };

    (void)state;
    for (int i = 0; i < 100; i++) {
        (void)snprintf(names[i], sizeof names[i], "s%d", i);
        (void)tfr_timing_enter(timing, names[i]);
    }
    tfr_timing_write(timing, &text);
    assert_non_null(strstr(tfr_buf_text(&text), "\ns30 "));
    assert_null(strstr(tfr_buf_text(&text), "\ns31 "));
    tfr_buf_fini(&text);
    tfr_timing_free(timing);
}

static void of_each_memory_the_largest_is_kept(void **state)
{
    struct tfr_timing *timing = tfr_timing_new("start");
    struct tfr_buf text = { 0 };

    (void)state;
    tfr_timing_memory(timing, "graph", 5);
    tfr_timing_memory(timing, "graph", 41);
    tfr_timing_memory(timing, "graph", 7);
    tfr_timing_write(timing, &text);
    assert_non_null(strstr(tfr_buf_text(&text), " 41 bytes\n"));
    tfr_buf_fini(&text);
    tfr_timing_free(timing);
}

static void nobody_asked_and_nothing_is_written(void **state)
{
    struct tfr_buf text = { 0 };

    (void)state;
    assert_null(tfr_timing_enter(NULL, "read"));
    tfr_timing_memory(NULL, "graph", 5);
    tfr_timing_write(NULL, &text);
    assert_int_equal(text.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_stage_has_a_line_and_the_one_before_is_told),
        cmocka_unit_test(stages_beyond_the_room_go_to_the_last),
        cmocka_unit_test(of_each_memory_the_largest_is_kept),
        cmocka_unit_test(nobody_asked_and_nothing_is_written),
    };

    return cmocka_run_group_tests_name("timing", tests, NULL, NULL);
}
