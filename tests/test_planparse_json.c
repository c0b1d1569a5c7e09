/* SPDX-License-Identifier: Apache-2.0 */
/* A value is accepted or refused as RFC 8259 says, wherever it stands in a document: kept, or
 * stepped over. */
#include "tests/reading.h"

struct row {
    const char *text;
    size_t len; /* 0: of the text */
};

#define BYTES(text)              \
    {                            \
        (text), sizeof(text) - 1 \
    }

static const struct row good[] = {
    /* numbers */
    { "0", 0 },
    { "-0", 0 },
    { "7", 0 },
    { "-12", 0 },
    { "0.5", 0 },
    { "-0.000", 0 },
    { "10.25", 0 },
    { "1e5", 0 },
    { "1E5", 0 },
    { "1e+05", 0 },
    { "2.5e-3", 0 },
    { "0e0", 0 },
    { "1e999", 0 },
    { "-1e-999", 0 },
    { "123456789012345678901234567890.12345678901234567890", 0 },
    /* words */
    { "true", 0 },
    { "false", 0 },
    { "null", 0 },
    /* strings */
    { "\"\"", 0 },
    { "\" \"", 0 },
    { "\"a/b\"", 0 },
    { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", 0 },
    { "\"\\u0000\"", 0 },
    { "\"\\u00e9\\uFFFF\"", 0 },
    { "\"\\ud83d\\ude80\"", 0 },
    { "\"\\u005cu0041\"", 0 },
    { "\"\x7f\"", 0 },
    { "\"\xc2\x80\xdf\xbf\"", 0 },
    { "\"\xe0\xa0\x80\xef\xbf\xbf\"", 0 },
    { "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"", 0 },
    { "\"// no comment\"", 0 },
    { "\"[{,:}]\"", 0 },
    /* structure */
    { "[]", 0 },
    { "{}", 0 },
    { "[[]]", 0 },
    { "[{}]", 0 },
    { "[1,2]", 0 },
    { " [ 1 , \"a\" , null ] ", 0 },
    { "{\"\":0}", 0 },
    { "{\"a\":{\"b\":[{\"c\":[]}]}}", 0 },
    { "{ \"a\" : 1 , \"b\" : 2 }", 0 },
    { "\t\r\n1\n", 0 },
    { "{\"a\\u0062\":1}", 0 },
    { "{\"\xf0\x9f\x9a\x80\":1}", 0 },
};

static const struct row bad[] = {
    /* numbers */
    { "01", 0 },
    { "-01", 0 },
    { "00", 0 },
    { "+1", 0 },
    { "1.", 0 },
    { ".5", 0 },
    { "-.5", 0 },
    { "-", 0 },
    { "--1", 0 },
    { "1e", 0 },
    { "1e+", 0 },
    { "1e1.5", 0 },
    { "1.2.3", 0 },
    { "0x10", 0 },
    { "1_000", 0 },
    { "1 000", 0 },
    { "1,5,", 0 },
    { "NaN", 0 },
    { "Infinity", 0 },
    { "-Infinity", 0 },
    { "1f", 0 },
    { "\xef\xbc\x91", 0 }, /* a wide digit */
    /* words */
    { "True", 0 },
    { "FALSE", 0 },
    { "nul", 0 },
    { "nulls", 0 },
    { "truefalse", 0 },
    { "undefined", 0 },
    { "a", 0 },
    /* strings */
    { "'a'", 0 },
    { "\"a", 0 },
    { "a\"", 0 },
    { "\"\\\"", 0 },
    { "\"\\x41\"", 0 },
    { "\"\\a\"", 0 },
    { "\"\\ \"", 0 },
    { "\"\\u12\"", 0 },
    { "\"\\u12g4\"", 0 },
    { "\"\\U0041\"", 0 },
    { "\"\\ud800\"", 0 },
    { "\"\\udc00\"", 0 },
    { "\"\\ud800\\ud800\"", 0 },
    { "\"\\ud800\\u0041\"", 0 },
    { "\"\\ud800x\"", 0 },
    { "\"\\udc00\\ud800\"", 0 },
    { "\"a\nb\"", 0 },
    { "\"a\tb\"", 0 },
    { "\"a\rb\"", 0 },
    { "\"\x1f\"", 0 },
    BYTES("\"a\0b\""),
    { "\"\x80\"", 0 },
    { "\"\xc0\x80\"", 0 },
    { "\"\xc1\xbf\"", 0 },
    { "\"\xe0\x9f\xbf\"", 0 },
    { "\"\xed\xa0\x80\"", 0 },
    { "\"\xed\xbf\xbf\"", 0 },
    { "\"\xf0\x8f\xbf\xbf\"", 0 },
    { "\"\xf4\x90\x80\x80\"", 0 },
    { "\"\xf8\x88\x80\x80\x80\"", 0 },
    { "\"\xe2\x82\"", 0 },
    { "\"\xff\"", 0 },
    { "\"\xfe\xff\"", 0 },
    { "\"a\" \"b\"", 0 },
    { "\"a\"\\u0020", 0 },
    /* structure */
    { "[", 0 },
    { "]", 0 },
    { "[1", 0 },
    { "[1,", 0 },
    { "[1,]", 0 },
    { "[,1]", 0 },
    { "[,]", 0 },
    { "[1,,2]", 0 },
    { "[1 2]", 0 },
    { "[1:2]", 0 },
    { "[1}", 0 },
    { "[1;2]", 0 },
    { "{", 0 },
    { "{\"a\"}", 0 },
    { "{\"a\":}", 0 },
    { "{:1}", 0 },
    { "{\"a\" 1}", 0 },
    { "{\"a\",1}", 0 },
    { "{\"a\":1,}", 0 },
    { "{,\"a\":1}", 0 },
    { "{\"a\":1 \"b\":2}", 0 },
    { "{\"a\":1,,\"b\":2}", 0 },
    { "{\"a\"::1}", 0 },
    { "{\"a\":1]", 0 },
    { "{a:1}", 0 },
    { "{'a':1}", 0 },
    { "{1:1}", 0 },
    { "{null:1}", 0 },
    { "{[]:1}", 0 },
    { "{\"a\":1\"b\"}", 0 },
    { "{\"a\":1:2}", 0 },
    { "", 0 },
    { " ", 0 },
    /* what other readers take */
    { "1 // note", 0 },
    { "/* note */ 1", 0 },
    { "# note\n1", 0 },
    { "\v1", 0 },
    { "\f1", 0 },
    { "\xc2\xa0"
      "1",
      0 },
    { "\xef\xbb\xbf"
      "1",
      0 },
    { "\xe2\x80\xa8"
      "1",
      0 },
    BYTES("\0"),
    BYTES("1\0"),
    { "*", 0 },
    { "`a`", 0 },
    { "<1>", 0 },
    { "\\u0031", 0 },
    { "[\x1b]", 0 },
};

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define LONG HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED

/* Where the value stands. */
static const struct {
    const char *before, *behind;
} places[] = {
    { "{\"format_version\":\"1.2\",\"variables\":{\"v\":{\"value\":",
      "}},\"resource_changes\":[]}" },
    { "{\"format_version\":\"1.2\",\"resource_changes\":[{\"address\":\"a_b.c\",\"change\":{"
      "\"actions\":[\"create\"],\"before\":null,\"after\":{\"a\":",
      "}}}]}" },
    { "{\"format_version\":\"1.2\",\"resource_changes\":[],\"nobody_knows\":", "}" },
    { "{\"format_version\":\"1.2\",\"planned_values\":{\"root_module\":{\"resources\":[",
      "]}},\"resource_changes\":[]}" },
    /* long enough to be stepped over beside the parser */
    { "{\"format_version\":\"1.2\",\"nobody_knows\":{\"a\":\"" LONG "\",\"v\":",
      ",\"z\":[\"" LONG "\"]},\"resource_changes\":[]}" },
    { "{\"format_version\":\"1.2\",\"planned_values\":{\"a\":[\"" LONG "\",",
      ",\"" LONG "\"]},\"resource_changes\":[]}" },
    { "{\"version\":4,\"serial\":1,\"lineage\":\"l\",\"resources\":[],\"check_results\":", "}" },
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const size_t pieces[] = { 0, 1, 7, 300, 1024 };

static struct got read_row(const struct row *row, size_t place, size_t piece)
{
    struct tfr_buf text = { 0 };
    struct got got;

    tfr_buf_puts(&text, places[place].before);
    tfr_buf_add(&text, row->text, row->len > 0 ? row->len : strlen(row->text));
    tfr_buf_puts(&text, places[place].behind);
    got = read_in_pieces(text.data, text.len, piece);
    tfr_buf_fini(&text);
    return got;
}

static void what_the_standard_allows_is_read_in_every_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        for (size_t place = 0; place < COUNT(places); place++) {
            struct got got = read_row(&good[i], place, pieces[i % 5]);

            if (got.documents != 1 || got.refusals != 0)
                fail_msg("%s in place %zu: %s", good[i].text, place, got.error.msg);
            tfr_document_free(got.document);
        }
    }
}

static void what_the_standard_forbids_is_refused_in_every_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        for (size_t place = 0; place < COUNT(places); place++) {
            struct got got;

            /* an empty array is no error */
            if (strncmp(places[place].behind, "]", 1) == 0 &&
                strspn(bad[i].text, " ") == strlen(bad[i].text) && bad[i].len == 0)
                continue;
            got = read_row(&bad[i], place, pieces[(i + place) % 5]);
            if (got.refusals == 0)
                fail_msg("%s in place %zu is read", bad[i].text, place);
            tfr_document_free(got.document);
        }
    }
}

/* Whatever is wrong, and wherever: nothing of the text around it is told. */
static void a_secret_beside_an_error_stays_unsaid(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct tfr_buf text = { 0 };

        tfr_buf_puts(&text, "[\"hunter2\",{\"a\":\"hunter2\"},\"hunter2\",");
        tfr_buf_add(&text, bad[i].text, bad[i].len > 0 ? bad[i].len : strlen(bad[i].text));
        tfr_buf_puts(&text, ",\"hunter2\"]");
        for (size_t place = 0; place < COUNT(places); place++) {
            const struct row row = { text.data, text.len };
            struct got got = read_row(&row, place, 0);

            assert_null(strstr(got.error.msg, "hunter2"));
            assert_null(strstr(got.error.hint, "hunter2"));
            tfr_document_free(got.document);
        }
        tfr_buf_fini(&text);
    }
}

static void an_error_points_at_the_first_wrong_byte(void **state)
{
    static const struct {
        const char *text;
        size_t wrong;
    } rows[] = {
        { "{\"format_version\":!}", 18 },
        { "{\"format_version\":]}", 18 },
        { "{\"format_version\":tru]}", 21 },
        { "{\"x\":1 2}", 7 },
        { "{\"x\":[1,]}", 8 },
        { "{\"x\":{a:1}}", 6 },
        { "{\"x\":{,}}", 6 },
        { "{\"x\":\"\\q\"}", 7 },
        { "{\"x\"}", 4 },
        { "{\"x\":\"\t\"}", 6 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t piece = 0; piece < 3; piece++) {
            struct got got = read_in_pieces(rows[i].text, strlen(rows[i].text), piece);

            if (got.error.offset != rows[i].wrong)
                fail_msg("%s: %llu", rows[i].text, (unsigned long long)got.error.offset);
            assert_int_equal(got.error.column, rows[i].wrong + 1);
            tfr_document_free(got.document);
        }
    }
}

static void an_error_says_its_place(void **state)
{
    struct got got = read_text("{\"format_version\":\"1.2\",\n\"resource_changes\":[{\"change\":{"
                               "\"actions\":[\"read\"]}},\n"
                               "{\"change\":{\"after\":{\"a\":[1,\n  tru]}}}]}");

    (void)state;
    assert_string_equal(got.error.path, "resource_changes[1].change.after.a[1]");
    assert_int_equal(got.error.line, 4);
    assert_int_equal(got.error.column, 6);
    assert_int_equal(got.error.offset, 111);
}

/* Pieces of a long string are gathered before the parser sees them. */
static void a_long_string_arrives_whole_and_keeps_places_right(void **state)
{
    static const char before[] = "{\"format_version\":\"1.2\",\n\"variables\":{\"v\":{\"value\":\"";
    static const char behind[] = "\"}},\n\"resource_changes\":[]}";
    const size_t size = (size_t)3 << 20;
    struct tfr_buf text = { 0 };
    struct got got;

    (void)state;
    tfr_buf_puts(&text, before);
    for (size_t i = 0; i < size; i++)
        tfr_buf_putc(&text, 'x');
    tfr_buf_puts(&text, behind);
    got = read_in_pieces(text.data, text.len, 0);
    assert_int_equal(got.documents, 1);
    assert_int_equal(got.document->variables[0].value.count, size);
    assert_int_equal(got.document->bytes, text.len);
    tfr_document_free(got.document);
    text.data[text.len - 3] = '!';
    got = read_in_pieces(text.data, text.len, 0);
    assert_int_equal(got.error.line, 3);
    assert_int_equal(got.error.offset, text.len - 3);
    tfr_document_free(got.document);
    tfr_buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_standard_allows_is_read_in_every_place),
        cmocka_unit_test(what_the_standard_forbids_is_refused_in_every_place),
        cmocka_unit_test(a_secret_beside_an_error_stays_unsaid),
        cmocka_unit_test(an_error_points_at_the_first_wrong_byte),
        cmocka_unit_test(an_error_says_its_place),
        cmocka_unit_test(a_long_string_arrives_whole_and_keeps_places_right),
    };

    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
