/* SPDX-License-Identifier: Apache-2.0 */
/* Every way to look at text says the same, and the same as looking at each byte. */
#include "planparse/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LONGEST 700

/* The same numbers in every run. */
static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* Mostly plain text; how much of it is hostile differs from text to text. */
static size_t make_text(uint32_t *seed, char *text)
{
    static const char hostile[] = "\"\"\"\\\\\\\\nu\"\n\t\r\x01\x1f\x7f\x80\xc3\xa9\xed\xff/bd89f";
    const uint32_t rarity = 1 + next(seed) % 60;
    const size_t len = next(seed) % LONGEST;

    for (size_t i = 0; i < len; i++)
        text[i] = next(seed) % rarity == 0 ? hostile[next(seed) % (sizeof hostile - 1)]
                                           : (char)(' ' + next(seed) % 2 + 'A' * (next(seed) % 2));
    return len;
}

static void assert_same_state(const struct tfr_text *a, const struct tfr_text *b)
{
    assert_int_equal(a->offset, b->offset);
    assert_int_equal(a->line, b->line);
    assert_int_equal(a->line_start, b->line_start);
    assert_int_equal(a->in_string, b->in_string);
    assert_int_equal(a->in_string ? a->escape : 0, b->in_string ? b->escape : 0);
    assert_int_equal(a->in_string ? a->string : 0, b->in_string ? b->string : 0);
    assert_int_equal(a->want, b->want);
    assert_int_equal(a->high, b->high);
}

static void every_way_to_scan_says_the_same(void **state)
{
    char text[LONGEST];
    uint32_t seed = 3;

    (void)state;
    for (size_t i = 0; i < 20000; i++) {
        const size_t len = make_text(&seed, text);
        const struct tfr_text start = { .max_string = 64 + next(&seed) % 200,
                                        .in_string = next(&seed) % 2 == 0,
                                        .escape = next(&seed) % 4 == 0 ? 1 : 0,
                                        .string = next(&seed) % 64 };
        struct tfr_text first = start;
        const size_t used = tfr_scan_at(0)(&first, text, len);
        tfr_scan *scan;

        for (size_t way = 1; (scan = tfr_scan_at(way)) != NULL; way++) {
            struct tfr_text other = start;

            assert_int_equal(scan(&other, text, len), used);
            assert_same_state(&other, &first);
        }
    }
}

/* @return false if the text is refused */
static bool check_in_pieces(const char *text, size_t len, size_t piece, struct tfr_text *out,
                            struct tfr_error *err)
{
    for (size_t at = 0; at < len; at += piece) {
        if (!tfr_text_check(out, text + at, len - at < piece ? len - at : piece, err))
            return false;
    }
    return true;
}

static void blocks_are_judged_like_single_bytes(void **state)
{
    static const size_t pieces[] = { LONGEST, 64, 65, 127, 200 };
    char text[LONGEST];
    uint32_t seed = 7;

    (void)state;
    for (size_t i = 0; i < 20000; i++) {
        const size_t len = make_text(&seed, text);
        const struct tfr_text start = { .max_string = 64 + next(&seed) % 200 };
        struct tfr_text whole = start;
        struct tfr_text bytes = start;
        struct tfr_error whole_err = { 0 };
        struct tfr_error bytes_err = { 0 };
        const bool ok = check_in_pieces(text, len, pieces[i % 5], &whole, &whole_err);

        assert_int_equal(ok, check_in_pieces(text, len, 1, &bytes, &bytes_err));
        if (ok) {
            assert_same_state(&whole, &bytes);
            continue;
        }
        assert_int_equal(whole_err.code, bytes_err.code);
        assert_string_equal(whole_err.msg, bytes_err.msg);
        if (whole_err.code == TFR_E_LIMIT)
            continue; /* the place is where the string was given up */
        assert_int_equal(whole_err.line, bytes_err.line);
        assert_int_equal(whole_err.offset, bytes_err.offset);
    }
}

static void a_long_string_is_refused_at_the_same_length_wherever_it_begins(void **state)
{
    char text[400];

    (void)state;
    for (size_t begin = 0; begin < 130; begin++) {
        for (size_t len = 98; len <= 101; len++) {
            struct tfr_text check = { .max_string = 100 };
            struct tfr_error err = { 0 };

            memset(text, ' ', sizeof text);
            memset(text + begin + 1, 'x', len);
            text[begin] = text[begin + 1 + len] = '"';
            assert_int_equal(tfr_text_check(&check, text, sizeof text, &err), len <= 99);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_scan_says_the_same),
        cmocka_unit_test(blocks_are_judged_like_single_bytes),
        cmocka_unit_test(a_long_string_is_refused_at_the_same_length_wherever_it_begins),
    };

    return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
