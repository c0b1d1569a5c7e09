/* SPDX-License-Identifier: Apache-2.0 */
/* Whether what is made is like what is deleted: nine of ten known attributes agree. */
#include "policies/likeness.h"
#include "tests/reading.h"

#define TEN "'b':2,'c':3,'d':'four','e':[5],'f':{'x':6},'g':true,'h':8,'i':'nine','j':10"

static const struct row {
    const char *label, *gone, *made;
    enum tfr_alike alike;
} rows[] = {
    { "the same", "{'a':1," TEN "}", "{'a':1," TEN "}", TFR_ALIKE },
    { "in another order", "{'a':1," TEN "}", "{" TEN ",'a':1}", TFR_ALIKE },
    { "numbers in another spelling", "{'a':1200," TEN "}", "{'a':1.2e3," TEN "}", TFR_ALIKE },
    { "one of ten differs", "{'a':1," TEN "}", "{'a':7," TEN "}", TFR_ALIKE },
    { "one of ten is new", "{" TEN "}", "{'a':1," TEN "}", TFR_ALIKE },
    { "two of ten differ", "{'a':1,'b':2,'c':3,'d':4,'e':5,'f':6,'g':7,'h':8,'i':9,'j':10}",
      "{'a':0.1,'b':20,'c':3,'d':4,'e':5,'f':6,'g':7,'h':8,'i':9,'j':10}", TFR_OTHER },
    { "texts that differ in the middle",
      "{'a':'first eight one last eight','b':'first eight one last eight',"
      "'c':1,'d':1,'e':1,'f':1,'g':1,'h':1,'i':1,'j':1}",
      "{'a':'first eight two last eight','b':'first eight two last eight',"
      "'c':1,'d':1,'e':1,'f':1,'g':1,'h':1,'i':1,'j':1}",
      TFR_OTHER },
    { "what is empty tells nothing", "{'a':1,'b':1,'c':1,'d':1,'e':1,'f':'x','g':true}",
      "{'a':1,'b':1,'c':1,'d':1,'e':1,'f':'','g':false,'h':[],'i':null}", TFR_ALIKE },
    { "one of five differs", "{'a':1,'b':1,'c':1,'d':1,'e':1}", "{'a':1,'b':1,'c':1,'d':1,'e':2}",
      TFR_OTHER },
    { "too little is known", "{'a':1,'b':1,'c':1,'d':1}", "{'a':1,'b':1,'c':1,'d':1}",
      TFR_TOO_LITTLE },
    { "too little is known, and it differs", "{'a':1,'b':1}", "{'a':1,'b':2}", TFR_OTHER },
    { "nothing is known", "{'a':1}", "{}", TFR_TOO_LITTLE },
    { "a number and a text", "{'a':1,'b':1,'c':1,'d':1,'e':1}", "{'a':'1','b':1,'c':1,'d':1,'e':1}",
      TFR_OTHER },
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* Single quotes are double ones. */
static void add_json(struct tfr_buf *out, const char *text)
{
    for (; *text != '\0'; text++)
        tfr_buf_putc(out, *text == '\'' ? '"' : *text);
}

static void add_change(struct tfr_buf *plan, const char *name, const char *action,
                       const char *before, const char *after)
{
    tfr_buf_printf(plan,
                   "{'address':'aws_x.%s','mode':'managed','type':'aws_x','name':'%s','change':"
                   "{'actions':['%s'],'before':%s,'after':%s,'after_unknown':{'arn':%s}}}",
                   name, name, action, before, after,
                   strcmp(action, "create") == 0 ? "true" : "false");
}

static struct got read_pair(const struct row *row)
{
    struct tfr_buf text = { 0 }, plan = { 0 };
    struct got got;

    tfr_buf_puts(&text, "{'format_version':'1.2','terraform_version':'1.11.0',"
                        "'planned_values':{},'resource_changes':[");
    add_change(&text, "gone", "delete", row->gone, "null");
    tfr_buf_putc(&text, ',');
    add_change(&text, "made", "create", "null", row->made);
    tfr_buf_puts(&text, "]}");
    add_json(&plan, tfr_buf_text(&text));
    got = read_text(tfr_buf_text(&plan));
    tfr_buf_fini(&text);
    tfr_buf_fini(&plan);
    return got;
}

/* Asked twice: what was found out of the new object serves again. */
static void is_as_alike_as_that(void **state)
{
    const struct row *row = *state;
    struct got got = read_pair(row);
    struct tfr_arena arena = { 0 };
    struct tfr_likeness *likeness = tfr_likeness_new(got.document->names, &arena);
    struct tfr_likely likely = { .made = &got.document->changes.at[1] };

    for (int round = 0; round < 2; round++) {
        tfr_likeness_begin(likeness, &got.document->changes.at[0].before);
        assert_int_equal(tfr_likeness_of(likeness, &likely), row->alike);
    }
    tfr_arena_free(&arena);
    tfr_document_free(got.document);
}

int main(void)
{
    struct CMUnitTest tests[ROW_COUNT];

    for (size_t i = 0; i < ROW_COUNT; i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].label,
                                        .test_func = is_as_alike_as_that,
                                        .initial_state = (void *)&rows[i] };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
