/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of objects before a question is asked: which questions they are for, what differs.
 */
#include "policies/briefs.h"
#include "policies/context.h"
#include "tests/reading.h"

#define PLAN(changes)                                                                     \
    "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.0\",\"planned_values\":{}," \
    "\"resource_changes\":[" changes "]}"
#define CHANGE(name, more, actions, before, after)                                             \
    "{\"address\":\"aws_x." name "\",\"mode\":\"managed\",\"type\":\"aws_x\",\"name\":\"" name \
    "\"" more ",\"change\":{\"actions\":[" actions "],\"before\":" before ",\"after\":" after  \
    ",\"after_unknown\":{\"new\":true}}}"

/* ---- which attributes differ ------------------------------------------------------------------
 */

struct row {
    const char *label, *before, *after, *names;
};

static const struct row rows[] = {
    { "nothing but what is to come", "{'a':1,'b':'x','c':true,'d':null}",
      "{'a':1,'b':'x','c':true,'d':null}", "new " },
    { "a number", "{'a':1,'b':2}", "{'a':1,'b':3}", "b new " },
    { "another spelling of a number", "{'a':1}", "{'a':1.0}", "a new " },
    { "a text and a number", "{'a':1}", "{'a':'1'}", "a new " },
    { "a boolean", "{'a':true}", "{'a':false}", "a new " },
    { "null and nothing in it", "{'a':null}", "{'a':''}", "a new " },
    { "a list with nothing in it", "{'a':[]}", "{'a':[]}", "new " },
    { "a list with something in it, which nobody compares", "{'a':[1]}", "{'a':[1]}", "a new " },
    { "one that came", "{'a':1,'c':2}", "{'a':1,'b':1,'c':2}", "b new " },
    { "one that went", "{'a':1,'b':1,'c':2}", "{'a':1,'c':2}", "b new " },
    { "another order", "{'a':1,'b':2}", "{'b':2,'a':1}", "a a new " },
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* Single quotes are double ones. */
static void add_json(struct tfr_buf *out, const char *text)
{
    for (; *text != '\0'; text++)
        tfr_buf_putc(out, *text == '\'' ? '"' : *text);
}

static void differs(void **state)
{
    const struct row *row = *state;
    struct tfr_buf plan = { 0 }, names = { 0 };
    struct tfr_briefs *briefs;
    const struct tfr_differing *differing;
    struct got got;

    tfr_buf_puts(&plan, "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.0\","
                        "\"planned_values\":{},\"resource_changes\":[{\"address\":\"aws_x.y\","
                        "\"mode\":\"managed\",\"type\":\"aws_x\",\"name\":\"y\",\"change\":{"
                        "\"actions\":[\"update\"],\"before\":");
    add_json(&plan, row->before);
    tfr_buf_puts(&plan, ",\"after\":");
    add_json(&plan, row->after);
    tfr_buf_puts(&plan, ",\"after_unknown\":{\"new\":true}}}]}");
    got = read_text(tfr_buf_text(&plan));
    assert_int_equal(got.documents, 1);
    briefs = tfr_briefs_new(got.document, NULL);
    for (int twice = 0; twice < 2; twice++) {
        tfr_buf_reset(&names);
        differing = tfr_briefs_differing(briefs, &got.document->changes.at[0]);
        for (uint32_t i = 0; i < differing->count; i++)
            tfr_buf_printf(&names, "%s ", differing->at[i]->text);
        assert_string_equal(tfr_buf_text(&names), row->names);
    }
    tfr_briefs_free(briefs);
    tfr_document_free(got.document);
    tfr_buf_fini(&plan);
    tfr_buf_fini(&names);
}

/* ---- which questions they are for -------------------------------------------------------------
 */

static void objects_are_for_the_questions_about_them(void **state)
{
    static const struct {
        enum tfr_objects objects;
        const char *names;
    } asked[] = {
        { TFR_OBJECTS_LIVE, "made kept " },
        { TFR_OBJECTS_GONE, "gone " },
        { TFR_OBJECTS_ALL, "made kept gone " },
        { TFR_OBJECTS_DEPOSED, "left " },
    };
    struct got got = read_text(PLAN(CHANGE("made", "", "\"create\"", "null", "{}") "," CHANGE(
        "kept", "", "\"no-op\"", "{}",
        "{}") "," CHANGE("kept", "", "\"no-op\"", "{}",
                         "{}") "," CHANGE("gone", "", "\"delete\"", "{}",
                                          "null") "," CHANGE("left", ",\"deposed\":\"12345678\"",
                                                             "\"delete\"", "{}", "null")));
    struct tfr_briefs *briefs;

    (void)state;
    assert_int_equal(got.documents, 1);
    briefs = tfr_briefs_new(got.document, NULL);
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        char names[64] = "";

        for (size_t k = 0; k < got.document->changes.count; k++) {
            const struct tfr_resource *resource = &got.document->changes.at[k];
            const struct tfr_brief *brief = tfr_briefs_of(briefs, resource);

            assert_int_equal(brief->words, tfr_change_words(resource));
            if ((brief->is & TFR_BRIEF_IS(asked[i].objects)) != 0)
                add_word(names, sizeof names, resource->name->text);
        }
        assert_string_equal(names, asked[i].names);
    }
    tfr_briefs_free(briefs);
    tfr_document_free(got.document);
}

int main(void)
{
    struct CMUnitTest tests[ROW_COUNT + 1];

    for (size_t i = 0; i < ROW_COUNT; i++)
        tests[i] = (struct CMUnitTest){ rows[i].label, differs, NULL, NULL, (void *)&rows[i] };
    tests[ROW_COUNT] =
        (struct CMUnitTest)cmocka_unit_test(objects_are_for_the_questions_about_them);
    return cmocka_run_group_tests_name("policies: briefs", tests, NULL, NULL);
}
