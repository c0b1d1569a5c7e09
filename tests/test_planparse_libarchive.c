/* SPDX-License-Identifier: Apache-2.0 */
/* A machine without libarchive: what is not packed is read, what is packed is refused. */
#include "tests/reading.h"

static unsigned asked;

/* The linker puts the first in place of the system's, which is the second. */
void *__wrap_dlopen(const char *file, int how);
void *__real_dlopen(const char *file, int how);

void *__wrap_dlopen(const char *file, int how)
{
    (void)file;
    asked++;
    return __real_dlopen("libtfr-nowhere.so.1", how);
}

static void what_is_not_packed_needs_no_library(void **state)
{
    static const char plan[] = "{\"format_version\":\"1.2\",\"resource_changes\":[]}";
    struct got got = read_in_pieces(plan, sizeof plan - 1, 0);

    (void)state;
    assert_non_null(got.document);
    assert_int_equal(asked, 0);
    tfr_document_free(got.document);
}

static void what_is_packed_is_refused_and_says_what_to_install(void **state)
{
    static const char gzip[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03";
    struct got got = read_in_pieces(gzip, sizeof gzip - 1, 0);

    (void)state;
    assert_null(got.document);
    assert_int_equal(got.refusals, 1);
    assert_string_equal(got.error.id, "input.archive.library");
    assert_non_null(strstr(got.error.hint, "libarchive"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_packed_needs_no_library),
        cmocka_unit_test(what_is_packed_is_refused_and_says_what_to_install),
    };

    return cmocka_run_group_tests_name("libarchive", tests, NULL, NULL);
}
