/* SPDX-License-Identifier: Apache-2.0 */
/* What is stepped over beside the parser is judged as the parser would judge it. */
#include "planparse/skim.h"
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
        assert_int_equal(tfr_skim_string_end(text, len), tfr_skim_string_end_portable(text, len));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_damaged_document_is_judged_the_same_with_and_without_stepping_over),
        cmocka_unit_test(both_ways_to_find_the_end_of_a_string_agree),
    };

    return cmocka_run_group_tests_name("skim", tests, NULL, NULL);
}
