/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void arena_pieces_are_aligned_and_keep_their_bytes(void **state)
{
    struct tfr_arena arena = { 0 };
    char *first = tfr_arena_text(&arena, "first", 5);
    char *large = tfr_arena_zalloc(&arena, 3 << 20);
    char *second = tfr_arena_text(&arena, "second", 6);

    (void)state;
    assert_int_equal((uintptr_t)large % 8, 0);
    assert_int_equal((uintptr_t)tfr_arena_alloc(&arena, 1) % 8, 0);
    assert_string_equal(first, "first");
    assert_string_equal(second, "second");
    assert_int_equal(large[(3 << 20) - 1], 0);
    tfr_arena_free(&arena);
}

/* Pieces of all sizes beside each other. */
static void fill_and_empty(void)
{
    static const size_t sizes[] = { 1, 9, 4000, 70000, 1000001, 2097152, 3000000 };
    struct tfr_arena arena = { 0 };
    unsigned char *pieces[70];
    size_t given = 0;

    for (size_t i = 0; i < 70; i++) {
        pieces[i] = tfr_arena_alloc(&arena, sizes[i % 7]);
        memset(pieces[i], (int)i, sizes[i % 7]);
        given += sizes[i % 7];
    }
    assert_true(arena.bytes >= given);
    for (size_t i = 0; i < 70; i++) {
        assert_int_equal(pieces[i][0], i);
        assert_memory_equal(pieces[i], pieces[i] + 1, sizes[i % 7] - 1);
    }
    tfr_arena_reset(&arena);
    assert_int_equal(arena.bytes, 0);
    tfr_arena_free(&arena);
}

static void a_large_arena_keeps_all_that_it_was_given(void **state)
{
    (void)state;
    fill_and_empty();
}

/* The last test: whoever allows them once has allowed them. */
static void large_pages_keep_all_that_they_were_given(void **state)
{
    uint32_t *numbers = NULL;
    size_t cap = 0;

    (void)state;
    tfr_large_pages_allow();
    for (int round = 0; round < 3; round++)
        fill_and_empty();
    for (uint32_t i = 0; i < 3000000; i++) {
        numbers = tfr_grow(numbers, &cap, i + 1, sizeof *numbers);
        numbers[i] = i;
    }
    for (uint32_t i = 0; i < 3000000; i += 1000)
        assert_int_equal(numbers[i], i);
    tfr_free(numbers);
}

static void a_reset_arena_starts_over(void **state)
{
    struct tfr_arena arena = { 0 };

    (void)state;
    for (int i = 0; i < 1000; i++)
        (void)tfr_arena_alloc(&arena, 1000);
    tfr_arena_reset(&arena);
    assert_int_equal(arena.bytes, 0);
    assert_string_equal(tfr_arena_text(&arena, "again", 5), "again");
    tfr_arena_free(&arena);
}

static void a_name_exists_once(void **state)
{
    struct tfr_arena arena = { 0 };
    struct tfr_names *names = tfr_names_new(&arena);
    const struct tfr_sym *a = tfr_names_get(names, "aws_lb", 6);

    (void)state;
    assert_ptr_equal(tfr_names_get(names, "aws_lb", 6), a);
    assert_ptr_equal(tfr_names_find(names, "aws_lb", 6), a);
    assert_null(tfr_names_find(names, "aws", 3));
    assert_true(tfr_sym_is(a, "aws_lb"));
    assert_false(tfr_sym_is(a, "aws_lb_listener"));
    tfr_names_free(names);
    tfr_arena_free(&arena);
}

static void names_may_hold_a_nul_and_stay_apart(void **state)
{
    struct tfr_arena arena = { 0 };
    struct tfr_names *names = tfr_names_new(&arena);

    (void)state;
    assert_ptr_not_equal(tfr_names_get(names, "a\0b", 3), tfr_names_get(names, "a\0c", 3));
    assert_int_equal(tfr_names_get(names, "a\0b", 3)->len, 3);
    tfr_names_free(names);
    tfr_arena_free(&arena);
}

static void ten_thousand_names_keep_their_numbers(void **state)
{
    struct tfr_arena arena = { 0 };
    struct tfr_names *names = tfr_names_new(&arena);
    struct tfr_buf text = { 0 };

    (void)state;
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 10000; i++) {
            tfr_buf_reset(&text);
            tfr_buf_printf(&text, "name-%u", i);
            assert_int_equal(tfr_names_get(names, text.data, text.len)->id, i);
        }
    }
    assert_int_equal(tfr_names_count(names), 10000);
    tfr_buf_fini(&text);
    tfr_names_free(names);
    tfr_arena_free(&arena);
}

static void counts_have_all_their_digits(void **state)
{
    struct tfr_buf text = { 0 };

    (void)state;
    tfr_buf_add_count(&text, 0);
    tfr_buf_putc(&text, ' ');
    tfr_buf_add_count(&text, 1070);
    tfr_buf_putc(&text, ' ');
    tfr_buf_add_count(&text, UINT64_MAX);
    assert_string_equal(tfr_buf_text(&text), "0 1070 18446744073709551615");
    tfr_buf_fini(&text);
}

static void the_first_failure_wins(void **state)
{
    struct tfr_error err = { 0 };

    (void)state;
    assert_false(tfr_fail(&err, TFR_E_IO, "input.io", "first"));
    assert_false(tfr_fail(&err, TFR_E_LIMIT, "input.limit.depth", "second"));
    assert_string_equal(err.msg, "first");
    assert_string_equal(err.id, "input.io");
}

static void a_long_file_name_keeps_its_tail(void **state)
{
    struct tfr_error err = { 0 };
    char name[1000];

    (void)state;
    memset(name, 'a', sizeof name);
    memcpy(name + sizeof name - 5, ".tf", 4);
    name[sizeof name - 1] = '\0';
    tfr_fail_file(&err, name);
    assert_memory_equal(err.file, "...aaa", 6);
    assert_string_equal(err.file + strlen(err.file) - 3, ".tf");
}

/* ---- safe text ---------------------------------------------------------------------------------
 */

struct safe_row {
    const char *in;
    size_t len;
    const char *out;
};

static void is_made_safe(void **state)
{
    const struct safe_row *row = *state;
    struct tfr_buf out = { 0 };

    tfr_buf_add_safe(&out, row->in, row->len);
    assert_string_equal(tfr_buf_text(&out), row->out);
    tfr_buf_fini(&out);
}

#define SAFE(label, in, out) \
    cmocka_unit_test_prestate(is_made_safe, (&(struct safe_row){ in, sizeof in - 1, out }))

static void json_says_what_acts_in_escapes(void **state)
{
    static const char json[] = "{\"\xe2\x80\xae\x7f\xc2\x9b\": \"caf\xc3\xa9 "
                               "\xf0\x9f\x9a\x80 \xf3\xa0\x81\x81\"}\n";
    struct tfr_buf out = { 0 };

    (void)state;
    tfr_buf_add_json(&out, json, sizeof json - 1);
    assert_string_equal(tfr_buf_text(&out), "{\"\\u202e\\u007f\\u009b\": \"caf\xc3\xa9 "
                                            "\xf0\x9f\x9a\x80 \\udb40\\udc41\"}\n");
    tfr_buf_fini(&out);
}

static void utf8_ends_where_it_ends(void **state)
{
    static const struct {
        const char *text;
        size_t good; /* bytes */
    } rows[] = {
        { "", 0 },          { "plain", 5 },
        { "\xc3\xa4x", 3 }, { "\xf0\x9f\x98\x80", 4 },
        { "ab\xa6", 2 },    { "ab\xc3", 2 },
        { "\xc0\xaf", 0 },  { "\xed\xa0\x80", 0 },
        { "a\xe2\x82", 1 }, { "\xf4\x90\x80\x80", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(tfr_utf8_span(rows[i].text, strlen(rows[i].text)), rows[i].good);
}

static void what_is_printed_is_whole_at_any_length_behind_any_other(void **state)
{
    char want[600];

    (void)state;
    memset(want, 'x', sizeof want);
    for (size_t before = 0; before < 140; before++) {
        for (size_t len = 0; len < 300; len += len < 90 || len > 130 ? 7 : 1) {
            struct tfr_buf text = { 0 };

            tfr_buf_add(&text, want, before);
            tfr_buf_printf(&text, "%.*s", (int)len, want);
            assert_int_equal(text.len, before + len);
            assert_memory_equal(text.data, want, text.len);
            assert_int_equal(text.data[text.len], '\0');
            tfr_buf_fini(&text);
        }
    }
}

static void messages_of_texts_alone_read_as_printf_would_have_them(void **state)
{
    struct tfr_buf text = { 0 };

    (void)state;
    tfr_buf_puts(&text, "so: ");
    tfr_buf_printf(&text, "%s names %s, %s", "a", "100 %d", "");
    tfr_buf_printf(&text, "%s", ".");
    tfr_buf_printf(&text, " no conversion");
    tfr_buf_printf(&text, ", %s: %d%%", "half", 50);
    assert_string_equal(text.data, "so: a names 100 %d, . no conversion, half: 50%");
    assert_int_equal(text.len, strlen(text.data));
    tfr_buf_fini(&text);
}

/* ---- hashes ---------------------------------------------------------------------------- */

static void texts_that_begin_alike_hash_as_each_alone(void **state)
{
    const uint64_t seeds[2] = { 7, 0x9e3779b97f4a7c15u };
    struct tfr_hash_trail trail;
    char texts[2][400];
    uint32_t draw = 1;

    (void)state;
    memset(texts, 'a', sizeof texts);
    tfr_hash_trail_start(&trail, seeds);
    for (int i = 0; i < 20000; i++) {
        char *text = texts[i % 2];
        const char *other = texts[1 - i % 2];
        uint64_t hashes[2], alone[2] = { seeds[0], seeds[1] };
        size_t shared, len;

        draw = draw * 1664525u + 1013904223u;
        shared = draw >> 16 & 511;
        len = (draw >> 8 & 0xff) + (draw >> 25) % 100;
        memcpy(text, other, shared < len ? shared : len);
        if (shared < len)
            text[shared] = (char)(draw >> 12);
        tfr_hash_trail_next(&trail, text, len, hashes);
        tfr_hash_stable_two(alone, text, len);
        assert_true(hashes[0] == alone[0] && hashes[1] == alone[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_printed_is_whole_at_any_length_behind_any_other),
        cmocka_unit_test(messages_of_texts_alone_read_as_printf_would_have_them),
        cmocka_unit_test(utf8_ends_where_it_ends),
        cmocka_unit_test(json_says_what_acts_in_escapes),
        cmocka_unit_test(arena_pieces_are_aligned_and_keep_their_bytes),
        cmocka_unit_test(a_large_arena_keeps_all_that_it_was_given),
        cmocka_unit_test(a_reset_arena_starts_over),
        cmocka_unit_test(a_name_exists_once),
        cmocka_unit_test(names_may_hold_a_nul_and_stay_apart),
        cmocka_unit_test(ten_thousand_names_keep_their_numbers),
        cmocka_unit_test(texts_that_begin_alike_hash_as_each_alone),
        cmocka_unit_test(counts_have_all_their_digits),
        cmocka_unit_test(the_first_failure_wins),
        cmocka_unit_test(a_long_file_name_keeps_its_tail),
        SAFE("plain text stays", "aws_lb.main[\"a\"]", "aws_lb.main[\"a\"]"),
        SAFE("UTF-8 stays", "caf\xc3\xa9 \xf0\x9f\x9a\x80", "caf\xc3\xa9 \xf0\x9f\x9a\x80"),
        SAFE("escape sequences show", "\x1b[31mred", "\\x1b[31mred"),
        SAFE("line ends show", "a\nb\r\tc", "a\\nb\\r\\tc"),
        SAFE("NUL shows", "a\0b", "a\\x00b"),
        SAFE("C1 controls show", "\xc2\x9b", "\\u009b"),
        SAFE("bidi overrides show",
             "\xe2\x80\xae"
             "abc",
             "\\u202eabc"),
        SAFE("zero width characters show", "\xe2\x80\x8b", "\\u200b"),
        SAFE("broken UTF-8 shows", "\xff\xc3", "\\xff\\xc3"),
        SAFE("overlong forms show", "\xc0\xaf", "\\xc0\\xaf"),
        SAFE("surrogates show", "\xed\xa0\x80", "\\xed\\xa0\\x80"),
        cmocka_unit_test(large_pages_keep_all_that_they_were_given),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
