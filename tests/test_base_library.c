/* SPDX-License-Identifier: Apache-2.0 */
/* Libraries that are loaded when they are needed. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct functions {
    double (*cos)(double x);
    double (*nothing)(double x);
};

static const struct tfr_library_function names[] = {
    { "cos", offsetof(struct functions, cos) },
    { "tfr_nothing_of_the_kind", offsetof(struct functions, nothing) },
};

static struct tfr_library some(const char *file, size_t count, struct functions *into)
{
    return (struct tfr_library){
        .file = file, .functions = names, .count = count, .into = into, .id = "here"
    };
}

static void functions_of_a_library_can_be_called(void **state)
{
    struct functions functions = { 0 };
    struct tfr_library library = some("libm.so.6", 1, &functions);
    struct tfr_error err = { 0 };

    (void)state;
    assert_true(tfr_library_load(&library, &err));
    assert_true(functions.cos(0.0) > 0.99);
}

static void a_library_is_loaded_once(void **state)
{
    struct functions functions = { 0 };
    struct tfr_library library = some("libm.so.6", 1, &functions);
    struct tfr_error err = { 0 };

    (void)state;
    assert_true(tfr_library_load(&library, &err));
    library.file = "libtfr-nowhere.so.1";
    assert_true(tfr_library_load(&library, &err));
}

static void a_library_that_is_missing_is_named(void **state)
{
    struct functions functions = { 0 };
    struct tfr_library library = some("libtfr-nowhere.so.1", 1, &functions);
    struct tfr_error err = { 0 };

    (void)state;
    assert_false(tfr_library_load(&library, &err));
    assert_int_equal(err.code, TFR_E_IO);
    assert_string_equal(err.id, "here");
    assert_non_null(strstr(err.hint, "libtfr-nowhere.so.1"));
}

static void a_library_without_the_function_is_refused(void **state)
{
    struct functions functions = { 0 };
    struct tfr_library library = some("libm.so.6", 2, &functions);
    struct tfr_error err = { 0 };

    (void)state;
    assert_false(tfr_library_load(&library, &err));
    assert_non_null(strstr(err.msg, "tfr_nothing_of_the_kind"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_of_a_library_can_be_called),
        cmocka_unit_test(a_library_is_loaded_once),
        cmocka_unit_test(a_library_that_is_missing_is_named),
        cmocka_unit_test(a_library_without_the_function_is_refused),
    };

    return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
