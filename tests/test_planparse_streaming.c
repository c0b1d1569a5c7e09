/* SPDX-License-Identifier: Apache-2.0 */
/* Where a text is cut into pieces makes no difference; a text that is cut short is no document. */
#include "tests/reading.h"

#include <stdlib.h>

static const char *const files[] = {
    "example/plan.json",
    "documents/applied.state.json",
    "documents/applied.tfstate",
    "documents/code-removed.plan.json",
    "documents/create.plan.json",
    "documents/destroy.plan.json",
    "documents/errored.plan.json",
    "documents/forget.plan.json",
    "documents/queue-off.plan.json",
    "documents/replace-db.plan.json",
    "documents/tainted.plan.json",
    "documents/tainted.state.json",
    "documents/target.plan.json",
    "documents/unchanged.plan.json",
};

static void assert_same_value(const struct tfr_value *a, const struct tfr_value *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->count, b->count);
    assert_int_equal(tfr_value_has_unknown(a), tfr_value_has_unknown(b));
    if (!tfr_value_has_unknown(a))
        assert_true(tfr_value_equal(a, b));
}

static void assert_same(const struct tfr_document *a, const struct tfr_document *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->bytes, b->bytes);
    assert_int_equal(a->changes.count, b->changes.count);
    assert_int_equal(a->prior.count, b->prior.count);
    assert_int_equal(a->output_count, b->output_count);
    assert_int_equal(a->note_count, b->note_count);
    for (size_t i = 0; i < a->changes.count; i++) {
        const struct tfr_resource *x = &a->changes.at[i];
        const struct tfr_resource *y = &b->changes.at[i];

        assert_string_equal(x->address->text, y->address->text);
        assert_int_equal(x->action, y->action);
        assert_int_equal(x->offset, y->offset);
        assert_same_value(&x->before, &y->before);
        assert_same_value(&x->after, &y->after);
    }
}

static void pieces_of_any_size_give_the_same_document(void **state)
{
    static const size_t pieces[] = { 1, 2, 7, 31 };
    const char *file = *state;
    struct tfr_buf text = load_testdata(file);
    struct got whole = read_in_pieces(text.data, text.len, 0);

    assert_int_equal(whole.documents, 1);
    assert_int_equal(whole.refusals, 0);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct got got = read_in_pieces(text.data, text.len, pieces[i]);

        assert_int_equal(got.documents, 1);
        assert_same(whole.document, got.document);
        tfr_document_free(got.document);
    }
    tfr_document_free(whole.document);
    tfr_buf_fini(&text);
}

static void what_is_stepped_over_changes_nothing(void **state)
{
    const struct tfr_read_options all = { .see_all = true };
    const char *file = *state;
    struct tfr_buf text = load_testdata(file);
    struct got whole = read_limited(text.data, text.len, &all);
    struct got got = read_in_pieces(text.data, text.len, 0);

    assert_int_equal(got.documents, 1);
    assert_same(whole.document, got.document);
    tfr_document_free(got.document);
    tfr_document_free(whole.document);
    tfr_buf_fini(&text);
}

static void assert_truncated(const char *text, size_t len)
{
    struct got got = read_in_pieces(text, len, 0);

    assert_int_equal(got.documents, 0);
    assert_int_equal(got.refusals, 1);
    assert_true(got.error.offset <= len);
    assert_true(strcmp(got.error.id, "input.truncated") == 0 ||
                strcmp(got.error.id, "input.empty") == 0);
}

static void a_file_that_is_cut_short_is_no_document(void **state)
{
    const char *file = *state;
    struct tfr_buf text = load_testdata(file);
    const bool every = getenv("TFREADY_EVERY_PREFIX") != NULL; /* minutes instead of seconds */
    size_t end = text.len;

    while (end > 0 && text.data[end - 1] != '}')
        end--;
    for (size_t cut = 0; cut < end; cut += every ? 1 : 1 + end / 101)
        assert_truncated(text.data, cut);
    assert_truncated(text.data, end - 1);
    tfr_buf_fini(&text);
}

static void every_prefix_of_a_small_plan_is_no_document(void **state)
{
    static const char text[] =
        "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.4\",\"variables\":{\"a\":{"
        "\"value\":"
        "1.5e3}},\"planned_values\":{\"root_module\":{}},\"resource_changes\":[{\"address\":"
        "\"module.m[\\\"k\\\"].aws_lb.a\",\"module_address\":\"module.m[\\\"k\\\"]\",\"mode\":"
        "\"managed\",\"type\":\"aws_lb\",\"name\":\"a\",\"change\":{\"actions\":[\"update\"],"
        "\"before\":"
        "{\"a\":[true,null,-0.5]},\"after\":{\"a\":\"\\u00e9\\ud83d\\ude80\"},\"after_unknown\":"
        "{\"b\":true}}}],\"prior_state\":{\"values\":{\"root_module\":{\"child_modules\":[]}}},"
        "\"configuration\":{\"root_module\":{\"module_calls\":{\"m\":{\"module\":{}}}}},\"checks\":"
        "[],\"errored\":false}";

    (void)state;
    for (size_t cut = 0; cut + 1 < sizeof text; cut++)
        assert_truncated(text, cut);
}

#define FILES (sizeof files / sizeof files[0])

int main(void)
{
    struct CMUnitTest tests[3 * FILES + 1];

    for (size_t i = 0; i < FILES; i++) {
        tests[i] = (struct CMUnitTest){ .name = files[i],
                                        .test_func = pieces_of_any_size_give_the_same_document,
                                        .initial_state = (void *)(uintptr_t)files[i] };
        tests[FILES + i] =
            (struct CMUnitTest){ .name = files[i],
                                 .test_func = a_file_that_is_cut_short_is_no_document,
                                 .initial_state = (void *)(uintptr_t)files[i] };
        tests[2 * FILES + i] =
            (struct CMUnitTest){ .name = files[i],
                                 .test_func = what_is_stepped_over_changes_nothing,
                                 .initial_state = (void *)(uintptr_t)files[i] };
    }
    tests[3 * FILES] =
        (struct CMUnitTest)cmocka_unit_test(every_prefix_of_a_small_plan_is_no_document);
    return cmocka_run_group_tests_name("streaming", tests, NULL, NULL);
}
