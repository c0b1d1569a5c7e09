/* SPDX-License-Identifier: Apache-2.0 */
/* What is stepped over beside the parser is judged as the parser would judge it. */
#include "planparse/skim.h"
#include "planparse/stops.h"
#include "tests/reading.h"

/* The same numbers in every run. */
static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static struct got read_whole(const struct tfr_buf *text, size_t piece, bool see_all)
{
    const struct tfr_read_options options = { .piece = piece, .see_all = see_all };

    return read_limited(text->data, text->len, &options);
}

static void a_damaged_document_is_judged_the_same_with_and_without_stepping_over(void **state)
{
    static const char damage[] = "\"\\{}[],:0-1e.tnu \n\x01\xff\xc3/";
    static const size_t pieces[] = { 0, 1, 7, 300, 5000 };
    struct tfr_buf text = load_testdata("documents/queue-off.plan.json");
    uint32_t seed = 11;

    (void)state;
    for (size_t i = 0; i < 1500; i++) {
        const size_t at = next(&seed) % text.len;
        const char was = text.data[at];
        const size_t piece = pieces[i % 5];
        struct got parsed;
        struct got skimmed;

        text.data[at] = damage[next(&seed) % (sizeof damage - 1)];
        parsed = read_whole(&text, 0, true);
        skimmed = read_whole(&text, piece, false);
        if (parsed.documents != skimmed.documents || parsed.refusals != skimmed.refusals)
            fail_msg("byte %zu became %02x, pieces of %zu: %d documents instead of %d", at,
                     (unsigned char)text.data[at], piece, skimmed.documents, parsed.documents);
        tfr_document_free(parsed.document);
        tfr_document_free(skimmed.document);
        text.data[at] = was;
    }
    tfr_buf_fini(&text);
}

static void both_ways_to_find_the_end_of_a_string_agree(void **state)
{
    static const char alphabet[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\\\x1f\n\x7f\x80\xff ";
    uint32_t seed = 5;

    (void)state;
    for (size_t i = 0; i < 20000; i++) {
        char text[100];
        const size_t len = next(&seed) % sizeof text;

        for (size_t k = 0; k < len; k++)
            text[k] = alphabet[next(&seed) % (sizeof alphabet - 1)];
        assert_int_equal(tfr_string_end(text, len), tfr_string_end_portable(text, len));
    }
}

/* Every way to fill a window, and what the best one answers from any place. */
static void stops_are_where_one_by_one_they_are_found(void **state)
{
    static const char alphabet[] =
        "abcdefghijklmnopqrstuvwxyz {}[],:0123456789\"\"\\\x1f\n\x7f\x80\xff";
    char text[3 * TFR_STOPS_WINDOW];
    uint32_t seed = 13;

    (void)state;
    for (size_t i = 0; i < 300; i++) {
        const size_t len = next(&seed) % (i % 2 == 0 ? 200 : sizeof text);
        const uint32_t rarity = 1 + next(&seed) % 30;
        const size_t end = len < TFR_STOPS_WINDOW ? len : TFR_STOPS_WINDOW;
        struct tfr_stops stops;
        struct tfr_stops first;
        tfr_stops_fill *fill;

        for (size_t k = 0; k < len; k++)
            text[k] =
                next(&seed) % rarity == 0 ? alphabet[next(&seed) % (sizeof alphabet - 1)] : 'x';
        tfr_stops_init(&first, text, len);
        tfr_stops_fill_at(0)(&first, end);
        for (size_t way = 1; (fill = tfr_stops_fill_at(way)) != NULL; way++) {
            tfr_stops_init(&stops, text, len);
            fill(&stops, end);
            assert_int_equal(stops.size, first.size);
            assert_memory_equal(stops.bits, first.bits, stops.size / 8 + 8);
        }
        tfr_stops_init(&stops, text, len);
        for (size_t k = 0; k < len + 20; k += 1 + next(&seed) % (i % 3 == 0 ? 600 : 9))
            assert_int_equal(tfr_stops_next(&stops, k),
                             k < len ? k + tfr_string_end_portable(text + k, len - k) : k);
    }
}

/* How a text is written. */
struct manner {
    uint32_t mistakes; /* one in so many tokens; 0: none */
    uint32_t white;    /* in front of one in so many tokens; 0: of none */
};

static void add_token(uint32_t *seed, const struct manner *manner, const char *token,
                      struct tfr_buf *out)
{
    static const char *const whites[] = { " ", "\n        ", "\t", "\r\n                 ", "   " };
    static const char hostile[] = "\"\\{}[],:0-1e.tnu \n\x01\xff/";

    if (manner->white > 0 && next(seed) % manner->white == 0)
        tfr_buf_puts(out, whites[next(seed) % 5]);
    if (manner->mistakes > 0 && next(seed) % manner->mistakes == 0)
        tfr_buf_putc(out, hostile[next(seed) % (sizeof hostile - 1)]);
    tfr_buf_puts(out, token);
}

static void add_member_name(uint32_t *seed, const struct manner *manner, struct tfr_buf *out)
{
    char name[40];

    (void)snprintf(name, sizeof name, "\"key_%u\"", (unsigned)next(seed) % 100000);
    add_token(seed, manner, name, out);
    add_token(seed, manner, ":", out);
}

/* A value of nested containers, with what else stands behind it. */
static void write_value(uint32_t *seed, const struct manner *manner, struct tfr_buf *out)
{
    static const char *const scalars[] = {
        "\"\"", "\"name\"",  "\"a longer text that spans two blocks at the least, or three\"",
        "true", "false",     "null",
        "0",    "-12.5e+3",  "\"with \\\"escapes\\\\\"",
        "{}",   "[]",        "\"\\u00e9\"",
        "1e5",  "123456789", "\"\\\\\\\"\\n\"",
        "{ }",  "[\n  ]"
    };
    char open[200];
    size_t levels = 0;

    add_token(seed, manner, ":", out);
    do {
        const bool named = levels > 0 && open[levels - 1] == '{';
        const uint32_t kind = next(seed) % 8;

        if (named)
            add_member_name(seed, manner, out);
        if (levels == 0 || (kind < 4 && levels < sizeof open && out->len < 6000)) {
            open[levels++] = next(seed) % 2 == 0 ? '{' : '[';
            add_token(seed, manner, open[levels - 1] == '{' ? "{" : "[", out);
            continue;
        }
        add_token(seed, manner, scalars[next(seed) % (sizeof scalars / sizeof scalars[0])], out);
        while (levels > 0 && (out->len > 6000 || next(seed) % 3 == 0))
            add_token(seed, manner, open[--levels] == '{' ? "}" : "]", out);
        if (levels > 0)
            add_token(seed, manner, ",", out);
    } while (levels > 0);
    tfr_buf_puts(out, ",\"what\":{\"follows\":[\"is\",\"not\",\"looked at\",true]}");
}

static void leaps_come_to_where_single_bytes_lead(void **state)
{
    static const size_t pieces[] = { SIZE_MAX, 17, 64, 300, 1000 };
    uint32_t seed = 17;

    (void)state;
    for (size_t i = 0; i < 4000; i++) {
        enum tfr_skim_result results[2] = { TFR_SKIM_MORE, TFR_SKIM_MORE };
        const struct manner manner = { .mistakes = i % 2 == 0 ? 0 : 20 + next(&seed) % 500,
                                       .white = i % 3 == 0 ? 0 : 1 + next(&seed) % 20 };
        size_t ends[2] = { 0, 0 };
        struct tfr_buf text = { 0 };

        write_value(&seed, &manner, &text);
        for (size_t run = 0; run < 2; run++) {
            const size_t piece = run == 0 ? 1 : pieces[i % 5];
            struct tfr_skim skim = { 0 };
            size_t used;

            while (ends[run] < text.len && results[run] == TFR_SKIM_MORE) {
                const size_t left = text.len - ends[run];

                results[run] =
                    tfr_skim(&skim, text.data + ends[run], left < piece ? left : piece, &used);
                ends[run] += results[run] != TFR_SKIM_DOUBT ? used : 0;
            }
        }
        if (results[0] != results[1] || (results[0] != TFR_SKIM_DOUBT && ends[0] != ends[1]))
            fail_msg("text %zu: %d at %zu instead of %d at %zu: %s", i, (int)results[1], ends[1],
                     (int)results[0], ends[0], text.data);
        if (i % 2 == 0)
            assert_int_equal(results[0], TFR_SKIM_DONE);
        tfr_buf_fini(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_damaged_document_is_judged_the_same_with_and_without_stepping_over),
        cmocka_unit_test(stops_are_where_one_by_one_they_are_found),
        cmocka_unit_test(leaps_come_to_where_single_bytes_lead),
        cmocka_unit_test(both_ways_to_find_the_end_of_a_string_agree),
    };

    return cmocka_run_group_tests_name("skim", tests, NULL, NULL);
}
