/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a new object is like one that goes, and that what was seen before changes no answer. */
#include "policies/likeness.h"
#include "tests/reading.h"

struct row {
    const char *label, *before, *after;
    enum tfr_alike alike;
};

#define SAME "'a':'1','b':'2','c':'3','d':'4','e':'5'"
static const struct row rows[] = {
    { "the same in all", "{" SAME "}", "{" SAME "}", TFR_ALIKE },
    { "what is known later does not count", "{" SAME ",'id':'i'}", "{" SAME ",'id':null}",
      TFR_ALIKE },
    { "one of six is another", "{" SAME ",'f':'6'}", "{" SAME ",'f':'7'}", TFR_UNLIKE },
    { "one of eleven is another", "{" SAME ",'f':1,'g':2,'h':3,'i':4,'j':5,'k':6}",
      "{" SAME ",'f':1,'g':2,'h':3,'i':4,'j':5,'k':7}", TFR_ALIKE },
    { "two of eleven are others", "{" SAME ",'f':1,'g':2,'h':3,'i':4,'j':5,'k':6}",
      "{" SAME ",'f':1,'g':2,'h':3,'i':4,'j':6,'k':7}", TFR_UNLIKE },
    { "another order", "{'e':'5','d':'4','c':'3','b':'2','a':'1'}", "{" SAME "}", TFR_ALIKE },
    { "a text is no number", "{'a':1,'b':2,'c':3,'d':4,'e':5}", "{" SAME "}", TFR_UNLIKE },
    { "little is known", "{'a':'1'}", "{'a':'1','b':null}", TFR_TOO_LITTLE_KNOWN },
    { "little is known, and it is another", "{'a':'1'}", "{'a':'2','b':null}", TFR_UNLIKE },
    { "nothing is known", "{}", "{}", TFR_TOO_LITTLE_KNOWN },
    { "lists", "{" SAME ",'f':[1,2]}", "{" SAME ",'f':[1,2]}", TFR_ALIKE },
    { "tags_all is left out", "{" SAME ",'tags_all':{'x':'y'}}", "{" SAME ",'tags_all':{'x':'z'}}",
      TFR_ALIKE },
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

struct objects {
    struct tfr_arena arena;
    struct tfr_names *names;
    const struct tfr_value *before[ROW_COUNT], *after[ROW_COUNT];
};

/* Single quotes are double ones. */
static const struct tfr_value *parse(struct objects *objects, const char *text)
{
    struct tfr_buf json = { 0 };
    const struct tfr_value *value;
    const char *copy;

    for (; *text != '\0'; text++)
        tfr_buf_putc(&json, *text == '\'' ? '"' : *text);
    copy = tfr_arena_text(&objects->arena, tfr_buf_text(&json), json.len);
    value = tfr_text_parse(&objects->arena, objects->names, copy, json.len, false);
    tfr_buf_fini(&json);
    return value;
}

static int set_up(void **state)
{
    struct objects *objects = tfr_calloc(1, sizeof *objects);

    objects->names = tfr_names_new(&objects->arena);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        objects->before[i] = parse(objects, rows[i].before);
        objects->after[i] = parse(objects, rows[i].after);
    }
    *state = objects;
    return 0;
}

static int tear_down(void **state)
{
    struct objects *objects = *state;

    tfr_names_free(objects->names);
    tfr_arena_free(&objects->arena);
    tfr_free(objects);
    return 0;
}

static void each_pair_is_judged(void **state)
{
    const struct objects *objects = *state;

    for (size_t i = 0; i < ROW_COUNT; i++) {
        struct tfr_likeness likeness;

        tfr_likeness_init(&likeness, objects->names);
        if (tfr_likeness_of(&likeness, objects->before[i], objects->after[i]) != rows[i].alike)
            fail_msg("%s", rows[i].label);
    }
}

static void what_was_seen_before_changes_no_answer(void **state)
{
    const struct objects *objects = *state;
    struct tfr_likeness seen;

    tfr_likeness_init(&seen, objects->names);
    for (size_t i = 0; i < ROW_COUNT * ROW_COUNT; i++) {
        const struct tfr_value *before = objects->before[i / ROW_COUNT];
        const struct tfr_value *after = objects->after[i * 7 % ROW_COUNT];
        struct tfr_likeness fresh;

        tfr_likeness_init(&fresh, objects->names);
        assert_int_equal(tfr_likeness_of(&seen, before, after),
                         tfr_likeness_of(&fresh, before, after));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pair_is_judged),
        cmocka_unit_test(what_was_seen_before_changes_no_answer),
    };

    return cmocka_run_group_tests_name("policies: likeness", tests, set_up, tear_down);
}
