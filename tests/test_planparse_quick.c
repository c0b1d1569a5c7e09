/* SPDX-License-Identifier: Apache-2.0 */
/* Values that are built beside the parser are those that the parser tells of. */
#include "planparse/quick.h"
#include "tests/reading.h"

/* The same numbers in every run. */
static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static void add_white(struct tfr_buf *out, uint32_t *seed)
{
    static const char *const white[] = { "", "", "", "", " ", "\n  ", "\t", "\r\n" };

    tfr_buf_puts(out, white[next(seed) % 8]);
}

static void add_text(struct tfr_buf *out, uint32_t *seed)
{
    static const char *const parts[] = {
        "arn",
        "id",
        "name",
        "a long text of more than sixteen bytes",
        "\\n",
        "\\u0041",
        "\\u00e9",
        "\xc3\xa9",
        "\\ud83d\\ude00",
        "\\\"",
        "\\\\",
        "\\/",
        "\\u0000",
        "{",
        "],",
        "",
    };

    tfr_buf_putc(out, '"');
    for (uint32_t i = next(seed) % 3; i < 3; i++)
        tfr_buf_puts(out, parts[next(seed) % 16]);
    tfr_buf_putc(out, '"');
}

static void add_name(struct tfr_buf *out, uint32_t *seed)
{
    static const char *const names[] = { "arn", "id",        "tags", "tags_all",
                                         "arn", "a\\u0072n", "",     "x y" };

    tfr_buf_printf(out, "\"%s\"", names[next(seed) % 8]);
}

static void add_scalar(struct tfr_buf *out, uint32_t *seed)
{
    static const char *const scalars[] = { "null", "true",    "false",
                                           "0",    "-1.5e+3", "12345678901234567890",
                                           "0.0",  "1E9" };

    if (next(seed) % 2 == 0)
        add_text(out, seed);
    else
        tfr_buf_puts(out, scalars[next(seed) % 8]);
}

/* Containers in containers, some of them twice in a row. */
static void add_value(struct tfr_buf *out, uint32_t *seed)
{
    size_t last = 0;
    char open[12];
    uint32_t depth = 0;
    uint32_t left = 5 + next(seed) % 40;

    do {
        const bool object = depth > 0 && open[depth - 1] == '{';
        const bool first =
            depth > 0 && (out->data[out->len - 1] == '{' || out->data[out->len - 1] == '[');

        if (depth > 0 && (left == 0 || next(seed) % 6 == 0)) {
            tfr_buf_putc(out, open[--depth] == '{' ? '}' : ']');
            continue;
        }
        if (depth > 0 && !first)
            tfr_buf_putc(out, ',');
        if (object) {
            add_white(out, seed);
            add_name(out, seed);
            add_white(out, seed);
            tfr_buf_putc(out, ':');
            add_white(out, seed);
        }
        left -= left > 0;
        if (depth == 0 || (depth < sizeof open && next(seed) % 3 == 0)) {
            last = out->len;
            open[depth] = depth == 0 || next(seed) % 2 == 0 ? '{' : '[';
            tfr_buf_putc(out, open[depth++]);
        } else if (next(seed) % 8 == 0 && out->len - last < 200 && depth > 1) {
            tfr_buf_puts(out, "{\"a\":[1,2]}");
        } else {
            add_scalar(out, seed);
        }
    } while (depth > 0);
}

/* A state of three objects, the last two alike. */
static void make_state(struct tfr_buf *out, uint32_t *seed)
{
    struct tfr_buf value = { 0 };

    tfr_buf_puts(out, "{\"format_version\":\"1.0\",\"values\":{\"root_module\":{\"resources\":[");
    for (int i = 0; i < 3; i++) {
        if (i < 2) {
            tfr_buf_reset(&value);
            add_value(&value, seed);
        }
        tfr_buf_printf(out,
                       "%s{\"address\":\"a.b%d\",\"mode\":\"managed\",\"type\":\"a\",\"name\":\"b%"
                       "d\",\"values\":",
                       i > 0 ? "," : "", i, i);
        tfr_buf_add(out, value.data, value.len);
        tfr_buf_putc(out, '}');
    }
    tfr_buf_puts(out, "]}}}");
    tfr_buf_fini(&value);
}

static struct got read_whole(const struct tfr_buf *text, size_t piece, bool see_all)
{
    const struct tfr_read_options options = { .piece = piece, .see_all = see_all };

    return read_limited(text->data, text->len, &options);
}

static void assert_same_documents(const struct got *quick, const struct got *parsed,
                                  const char *text)
{
    if (quick->documents != parsed->documents || quick->refusals != parsed->refusals)
        fail_msg("%d documents instead of %d: %s", quick->documents, parsed->documents, text);
    assert_string_equal(quick->error.msg, parsed->error.msg);
    assert_string_equal(quick->error.path, parsed->error.path);
    assert_int_equal(quick->error.offset, parsed->error.offset);
    if (quick->document == NULL || parsed->document == NULL)
        return;
    assert_int_equal(quick->document->changes.count, parsed->document->changes.count);
    assert_int_equal(quick->document->note_count, parsed->document->note_count);
    for (size_t i = 0; i < quick->document->changes.count; i++) {
        if (!tfr_value_equal(&quick->document->changes.at[i].after,
                             &parsed->document->changes.at[i].after))
            fail_msg("object %zu differs: %s", i, text);
    }
}

/* @return whether it was a document */
static bool compare(const struct tfr_buf *text, size_t piece)
{
    struct got parsed = read_whole(text, 0, true);
    struct got quick = read_whole(text, piece, false);
    const bool good = quick.documents == 1;

    assert_same_documents(&quick, &parsed, tfr_buf_text(text));
    tfr_document_free(parsed.document);
    tfr_document_free(quick.document);
    return good;
}

static void values_are_those_that_the_parser_tells_of(void **state)
{
    static const size_t pieces[] = { 0, 0, 40, 333 };
    struct tfr_buf text = { 0 };
    uint32_t seed = 21;

    (void)state;
    for (size_t i = 0; i < 1500; i++) {
        tfr_buf_reset(&text);
        make_state(&text, &seed);
        assert_true(compare(&text, pieces[i % 4]));
    }
    tfr_buf_fini(&text);
}

static void damaged_values_are_refused_where_the_parser_refuses_them(void **state)
{
    static const char damage[] = "\"\"\\{}[],:0-1e.tnu \n\x01\xff\xc3/";
    static const size_t pieces[] = { 0, 0, 40, 333 };
    struct tfr_buf text = { 0 };
    uint32_t seed = 22;

    (void)state;
    for (size_t i = 0; i < 3000; i++) {
        tfr_buf_reset(&text);
        make_state(&text, &seed);
        text.data[next(&seed) % text.len] = damage[next(&seed) % (sizeof damage - 1)];
        (void)compare(&text, pieces[i % 4]);
    }
    tfr_buf_fini(&text);
}

static void what_does_not_end_in_the_text_is_left_alone(void **state)
{
    static const char text[] = "{\"a\":[1,\"two\",{\"b\":null,\"b\":true}],\"c\":\"\\u00e9\"}";
    struct tfr_arena arena = { 0 };
    struct tfr_names *names = tfr_names_new(&arena);
    struct tfr_builder builder = { .names = names };
    struct tfr_quick quick = { .builder = &builder, .max_levels = 3 };
    size_t used = 0;

    (void)state;
    for (size_t len = 0; len < sizeof text - 1; len++) {
        assert_false(tfr_quick_value(&quick, text, len, &used));
        assert_int_equal(builder.pending_count + builder.open_count + builder.duplicates, 0);
    }
    assert_true(tfr_quick_value(&quick, text, sizeof text - 1, &used));
    assert_int_equal(used, sizeof text - 1);
    assert_int_equal(builder.duplicates, 1);
    tfr_builder_reset(&builder);
    quick.max_levels = 2;
    assert_false(tfr_quick_value(&quick, text, sizeof text - 1, &used));
    tfr_builder_fini(&builder);
    tfr_order_fini(&quick.order);
    tfr_names_free(names);
    tfr_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_those_that_the_parser_tells_of),
        cmocka_unit_test(damaged_values_are_refused_where_the_parser_refuses_them),
        cmocka_unit_test(what_does_not_end_in_the_text_is_left_alone),
    };

    return cmocka_run_group_tests_name("quick", tests, NULL, NULL);
}
