/* SPDX-License-Identifier: Apache-2.0 */
/* Every way to look at text says the same, and the same as looking at each byte. */
#include "planparse/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LONGEST 1500

/* The same numbers in every run. */
static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static char make_plain(uint32_t *seed, bool lines)
{
    if (lines && next(seed) % 25 == 0)
        return '\n';
    return (char)(' ' + next(seed) % 2 + 'A' * (next(seed) % 2));
}

/* Mostly plain text, of some texts all of it in long runs, in lines or not; how much is hostile
 * differs. */
static size_t make_text(uint32_t *seed, char *text)
{
    static const char hostile[] = "\"\"\"\\\\\\\\nu\"\n\t\r\x01\x1f\x7f\x80\xc3\xa9\xed\xff/bd89f";
    const uint32_t rarity = 1 + next(seed) % (next(seed) % 3 == 0 ? 500 : 60);
    const bool lines = next(seed) % 3 == 0;
    const size_t len = next(seed) % LONGEST;

    for (size_t i = 0; i < len; i++)
        text[i] = next(seed) % rarity == 0 ? hostile[next(seed) % (sizeof hostile - 1)]
                                           : make_plain(seed, lines);
    return len;
}

/* Some are reached by many strings, some by few. */
static uint64_t make_limit(uint32_t *seed)
{
    return 64 + next(seed) % (next(seed) % 2 == 0 ? 200 : 2000);
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
        const struct tfr_text start = { .max_string = make_limit(&seed),
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
        const struct tfr_text start = { .max_string = make_limit(&seed) };
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

/* Rows of backslashes before quotes, over the borders of blocks and behind long runs. */
static void rows_of_backslashes_escape_every_other_byte(void **state)
{
    char text[600];

    (void)state;
    for (size_t begin = 120; begin < 330; begin++) {
        for (size_t row = 0; row < 140; row++) {
            struct tfr_text whole = { .max_string = 1000 };
            struct tfr_text bytes = whole;
            struct tfr_error err = { 0 };

            memset(text, 'x', sizeof text);
            text[0] = text[begin + row] = '"';
            memset(text + begin, '\\', row);
            assert_true(check_in_pieces(text, sizeof text, sizeof text, &whole, &err));
            assert_true(check_in_pieces(text, sizeof text, 1, &bytes, &err));
            assert_same_state(&whole, &bytes);
            assert_int_equal(whole.in_string, row % 2);
        }
    }
}

static void a_long_string_is_refused_at_the_same_length_wherever_it_begins(void **state)
{
    char text[1000];

    (void)state;
    for (size_t begin = 0; begin < 260; begin++) {
        const size_t most = begin % 2 == 0 ? 100 : 500;

        for (size_t len = most - 2; len <= most + 1; len++) {
            struct tfr_text check = { .max_string = most };
            struct tfr_error err = { 0 };

            memset(text, ' ', sizeof text);
            memset(text + begin + 1, 'x', len);
            text[begin] = text[begin + 1 + len] = '"';
            assert_int_equal(tfr_text_check(&check, text, sizeof text, &err), len < most);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_scan_says_the_same),
        cmocka_unit_test(blocks_are_judged_like_single_bytes),
        cmocka_unit_test(rows_of_backslashes_escape_every_other_byte),
        cmocka_unit_test(a_long_string_is_refused_at_the_same_length_wherever_it_begins),
    };

    return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
