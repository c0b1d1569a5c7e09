/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluates a JSONPath step by step: every step turns a list of values into the next one. */
#include "policies/context.h"
#include "policies/jsonpath.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define MOST 4096 /* values of one step */

struct list {
    const struct tfr_value **at;
    uint32_t count;
};

struct search {
    struct tfr_context *ctx;
    struct list now, next;
    bool unknown; /* something on the way is unknown */
    bool broken;  /* Checkov would have raised an exception on the way */
};

static void add(struct search *search, const struct tfr_value *value)
{
    if (search->next.count < MOST)
        search->next.at[search->next.count++] = value;
}

/* Checkov keeps where a map stands in the map: a file, and a line, of which a plan of Terraform
 * has one. */
static const struct tfr_value places[] = {
    { .kind = TFR_STRING, .count = 10, .text = "/plan.json" },
    { .kind = TFR_NUMBER, .count = 1, .text = "1" },
};

/* As Checkov sees it: a list with exactly one map is that map, JSON texts are what they hold. */
static const struct tfr_value *plain(struct search *search, const struct tfr_value *value)
{
    if (search->ctx->mode != TFR_MODE_CHECKOV)
        value = tfr_attribute_enter(search->ctx, value);
    return tfr_value_collapsed(value);
}

static void step_name(struct search *search, const struct tfr_value *value, const char *name)
{
    const bool every = strcmp(name, "*") == 0;
    const size_t len = strlen(name);

    for (uint32_t i = 0; value->kind == TFR_OBJECT && i < value->count; i++) {
        const struct tfr_member member = tfr_member_at(value, i);

        if (every || (member.name->len == len && memcmp(member.name->text, name, len) == 0))
            add(search, member.value);
    }
    if (!every || !tfr_value_is_placed(value) || search->ctx->mode != TFR_MODE_CHECKOV)
        return;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        add(search, &places[i]);
}

static void step_deep(struct search *search, const struct tfr_value *value, const char *name)
{
    const struct tfr_value **stack =
        tfr_arena_alloc(&search->ctx->scratch, (MOST + 1) * sizeof(struct tfr_value *));
    uint32_t depth = 0;

    stack[depth++] = value;
    while (depth > 0) {
        const struct tfr_value *at = plain(search, stack[--depth]);

        if (at->kind == TFR_OBJECT)
            step_name(search, at, name);
        for (uint32_t i = at->count; tfr_value_is_container(at) && i-- > 0;) {
            const struct tfr_value *child = &tfr_value_children(at)[i];

            if (depth < MOST && tfr_value_is_container(child))
                stack[depth++] = child;
        }
    }
}

static bool number_test(const char *op, long long have, long long want)
{
    if (strcmp(op, "=") == 0)
        return have == want;
    if (strcmp(op, "!=") == 0)
        return have != want;
    if (op[0] == '<')
        return op[1] == '=' ? have <= want : have < want;
    return op[1] == '=' ? have >= want : have > want;
}

static bool text_test(const char *op, int order)
{
    return number_test(op, order, 0);
}

static bool asks_number(const struct tfr_jsonpath_test *test)
{
    return test->number && strcmp(test->op, "=~") != 0;
}

static bool asks_fraction(const struct tfr_jsonpath_test *test)
{
    return test->fraction && strcmp(test->op, "=~") != 0;
}

/* Numbers against a number with a dot; a text is never one. */
static bool fraction_test(const struct tfr_jsonpath_test *test, const struct tfr_value *have)
{
    const double want = strtod(test->wanted, NULL);
    double number;

    if ((have->kind != TFR_NUMBER && have->kind != TFR_BOOL) || !tfr_python_float(have, &number))
        return strcmp(test->op, "!=") == 0;
    return number_test(test->op, number > want, number < want);
}

/* Comparisons that Python does not know: an expression over what is no text, int() of a list, texts
 * against numbers by order. */
static bool raises(const struct search *search, const struct tfr_value *have,
                   const struct tfr_jsonpath_test *test)
{
    const bool text = tfr_context_value(search->ctx, have).kind == TFR_STRING;
    const bool order = test->op[0] == '<' || test->op[0] == '>';

    if (asks_number(test))
        return tfr_value_is_container(have) || have->kind == TFR_NULL;
    if (asks_fraction(test))
        return order && have->kind != TFR_NUMBER && have->kind != TFR_BOOL;
    return (order || strcmp(test->op, "=~") == 0) && !text;
}

static enum tfr_truth_value test_value(struct search *search, const struct tfr_jsonpath_test *test,
                                       const struct tfr_value *have)
{
    const struct tfr_value plain = tfr_context_value(search->ctx, have);
    struct tfr_buf text = { 0 };
    enum tfr_truth_value result;

    if (have->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    if (have->kind == TFR_ABSENT)
        return TFR_NO;
    if (test->op[0] == '\0')
        return TFR_YES;
    if (raises(search, have, test))
        return TFR_BROKEN;
    if (asks_number(test)) {
        const struct tfr_whole number = tfr_python_int(&plain);

        return number.is && number_test(test->op, number.value, strtoll(test->wanted, NULL, 10))
                   ? TFR_YES
                   : TFR_NO;
    }
    if (asks_fraction(test))
        return fraction_test(test, &plain) ? TFR_YES : TFR_NO;
    tfr_python_str(&text, &plain);
    if (strcmp(test->op, "=~") == 0) {
        result = tfr_regex_search(search->ctx->regex, test->wanted, tfr_buf_text(&text), text.len);
    } else {
        const char *shown =
            plain.kind == TFR_BOOL ? (plain.truth ? "true" : "false") : tfr_buf_text(&text);
        const char *wanted = strcmp(test->wanted, "True") == 0 ? "true" : test->wanted;

        result = text_test(test->op, strcmp(shown, strcmp(wanted, "False") == 0 ? "false" : wanted))
                     ? TFR_YES
                     : TFR_NO;
    }
    tfr_buf_fini(&text);
    return result;
}

/* An expression of a list is about its items: one is enough. Checkov raises there. */
static enum tfr_truth_value test_one(struct search *search, const struct tfr_jsonpath_test *test,
                                     const struct tfr_value *item)
{
    const struct tfr_value *have = *test->path != '\0' ? tfr_value_path(item, test->path) : item;
    enum tfr_truth_value sum = TFR_NO;

    if (have->kind != TFR_LIST || strcmp(test->op, "=~") != 0 ||
        search->ctx->mode == TFR_MODE_CHECKOV)
        return test_value(search, test, have);
    for (uint32_t i = 0; i < have->count && sum != TFR_YES; i++) {
        const enum tfr_truth_value one = test_value(search, test, &have->items[i]);

        if (one == TFR_YES || one == TFR_MAYBE)
            sum = one;
    }
    return sum;
}

/* Checkov asks all tests before it counts, and raises if one does; else Kleene's and/or. */
static enum tfr_truth_value test_all(struct search *search, const struct tfr_jsonpath_step *step,
                                     const struct tfr_value *item)
{
    const enum tfr_truth_value decisive = step->either ? TFR_YES : TFR_NO;
    enum tfr_truth_value sum = step->either ? TFR_NO : TFR_YES;
    bool broken = false;

    for (uint32_t i = 0; i < step->test_count; i++) {
        const enum tfr_truth_value one = test_one(search, &step->tests[i], item);

        broken = broken || one == TFR_BROKEN;
        if (one == decisive || (one == TFR_MAYBE && sum != decisive))
            sum = one;
    }
    return broken && (search->ctx->mode == TFR_MODE_CHECKOV || sum != decisive) ? TFR_BROKEN : sum;
}

static void step_filter(struct search *search, const struct tfr_value *value,
                        const struct tfr_jsonpath_step *step)
{
    const bool list = value->kind == TFR_LIST;
    const uint32_t count = list ? value->count : (value->kind == TFR_OBJECT ? 1 : 0);

    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_value *item = list ? &value->items[i] : value;
        const enum tfr_truth_value truth = test_all(search, step, item);

        search->broken = search->broken || truth == TFR_BROKEN;
        search->unknown = search->unknown || truth == TFR_MAYBE;
        if (truth == TFR_YES)
            add(search, item);
    }
}

/* `[*]` and slices take what is no list for a list of one, unless it is nothing to Python; a
 * fraction has no length there, and Checkov raises. */
static bool is_alone(struct search *search, const struct tfr_value *value)
{
    const struct tfr_value plain = tfr_context_value(search->ctx, value);
    double number = 0;

    switch (plain.kind) {
    case TFR_OBJECT:
        return true;
    case TFR_STRING:
        return value->count > 0;
    case TFR_BOOL:
        return plain.truth;
    case TFR_NUMBER:
        if (!tfr_python_float(value, &number) || number == 0.0)
            return false;
        search->broken = search->broken || strpbrk(value->text, ".eE") != NULL;
        return search->ctx->mode != TFR_MODE_CHECKOV || strpbrk(value->text, ".eE") == NULL;
    default:
        return false;
    }
}

/* The character of a text at a place. */
static void add_character(struct search *search, const struct tfr_value *text, long index)
{
    const char *at = text->text, *end = text->text + text->count;
    size_t len = 1;

    for (long i = 0; at < end; i++, at += len) {
        for (len = 1; at + len < end && ((unsigned char)at[len] & 0xC0u) == 0x80u;)
            len++;
        if (i == index) {
            add(search,
                tfr_text_value(search->ctx, tfr_arena_text(&search->ctx->scratch, at, len)));
            return;
        }
    }
}

/* What is no list has no items for Python: it raises, unless it is nothing, or a text, or a map of
 * too few members. Maps hold five more, about where they stand. */
static void index_alone(struct search *search, const struct tfr_value *value, long index)
{
    if (value->kind == TFR_STRING && index >= 0)
        add_character(search, value, index);
    else if (value->kind == TFR_OBJECT)
        search->broken =
            search->broken || index < (long)value->count + (tfr_value_is_placed(value) ? 5 : 0);
    else
        search->broken = search->broken || !tfr_checkov_is_falsy(value);
}

static void step_index(struct search *search, const struct tfr_value *value, long index)
{
    const long count = value->kind == TFR_LIST ? (long)value->count : 0;
    const long at = index < 0 ? index + count : index;

    if (value->kind != TFR_LIST && search->ctx->mode == TFR_MODE_CHECKOV)
        index_alone(search, value, index);
    else if (at >= 0 && at < count)
        add(search, &value->items[at]);
    else
        search->broken = search->broken || (at < 0 && count > 0);
}

/* As Python has it: ends below zero count from the end. */
static void step_slice(struct search *search, const struct tfr_value *value,
                       const struct tfr_jsonpath_step *step)
{
    const bool list = value->kind == TFR_LIST;
    const bool alone = !list && is_alone(search, value);
    const long count = list ? (long)value->count : alone;
    const long from = step->from < 0 ? step->from + count : step->from;
    const long to = step->to < 0 ? step->to + count : step->to;

    for (long i = from < 0 ? 0 : from; i < count && i < to; i++)
        add(search, list ? &value->items[i] : value);
}

static void step_all(struct search *search, const struct tfr_value *value)
{
    if (is_alone(search, value))
        add(search, value);
    for (uint32_t i = 0; value->kind == TFR_LIST && i < value->count; i++)
        add(search, &value->items[i]);
}

/* Items by number are those of the list: for Checkov, of the one block in it. */
static const struct tfr_value *asked(struct search *search, const struct tfr_jsonpath_step *step,
                                     const struct tfr_value *value)
{
    if (step->kind == TFR_JSONPATH_SLICE && search->ctx->mode != TFR_MODE_CHECKOV)
        return tfr_attribute_enter(search->ctx, value);
    return plain(search, value);
}

static void take_step(struct search *search, const struct tfr_jsonpath_step *step,
                      const struct tfr_value *value)
{
    value = asked(search, step, value);
    if (value->kind == TFR_UNKNOWN) {
        search->unknown = true;
        return;
    }
    switch (step->kind) {
    case TFR_JSONPATH_NAME:
        step_name(search, value, step->name);
        break;
    case TFR_JSONPATH_DEEP:
        step_deep(search, value, step->name);
        break;
    case TFR_JSONPATH_ALL:
        step_all(search, value);
        break;
    case TFR_JSONPATH_SLICE:
        if (step->index)
            step_index(search, value, step->from);
        else
            step_slice(search, value, step);
        break;
    default:
        step_filter(search, value, step);
    }
}

/* The loader has refused what is none, and each path of a policy has slots of its own. */
static const struct tfr_jsonpath *parsed(struct tfr_context *ctx, const struct tfr_path *path)
{
    const struct tfr_jsonpath **at;
    struct tfr_jsonpath *made;

    if (ctx->jsonpaths == NULL)
        ctx->jsonpaths = tfr_arena_zalloc(&ctx->batch, (ctx->policy->program->path_slots + 1u) *
                                                           sizeof(struct tfr_jsonpath *));
    at = &ctx->jsonpaths[path->slot];
    if (*at != NULL)
        return *at;
    made = tfr_arena_alloc(&ctx->batch, sizeof *made);
    if (!tfr_jsonpath_parse(&ctx->batch, path->text, made))
        made->step_count = 0;
    *at = made;
    return made;
}

/* Of what it finds, that of the object itself comes first, then what its reader had put elsewhere.
 */
static void first_deep(struct search *search, const char *name, const struct tfr_resource *resource)
{
    const struct list done = search->now;

    step_name(search, done.at[0], name);
    step_deep(search, tfr_checkov_config(search->ctx, resource), name);
    step_deep(search, done.at[0], name);
    search->now = search->next;
    search->next = done;
}

void tfr_jsonpath_find(struct tfr_context *ctx, const struct tfr_resource *resource,
                       const struct tfr_value *root, const struct tfr_path *written,
                       struct tfr_matches *out)
{
    static const struct tfr_value unknown = { .kind = TFR_UNKNOWN };
    const struct tfr_jsonpath *path = parsed(ctx, written);
    struct search search = { .ctx = ctx };
    uint32_t first = 0;

    *out = (struct tfr_matches){ .at = NULL };
    if (path->step_count == 0)
        return;
    if (path->foreign && ctx->mode == TFR_MODE_CHECKOV) {
        out->broken = true;
        return;
    }
    search.now.at = tfr_arena_alloc(&ctx->scratch, (MOST + 1) * sizeof(struct tfr_value *));
    search.next.at = tfr_arena_alloc(&ctx->scratch, (MOST + 1) * sizeof(struct tfr_value *));
    search.now.at[search.now.count++] = root;
    if (ctx->mode == TFR_MODE_CHECKOV && path->steps[0].kind == TFR_JSONPATH_DEEP) {
        first_deep(&search, path->steps[0].name, resource);
        first = 1;
    }
    for (uint32_t i = first; i < path->step_count; i++) {
        const struct list done = search.now;

        search.next.count = 0;
        for (uint32_t k = 0; k < done.count; k++)
            take_step(&search, &path->steps[i], done.at[k]);
        search.now = search.next;
        search.next = done;
    }
    for (uint32_t i = 0; i < search.now.count; i++)
        search.now.at[i] = tfr_value_collapsed(search.now.at[i]);
    out->broken = search.broken;
    if (search.unknown) {
        search.now.at[search.now.count++] = &unknown;
        out->parent_unknown = true;
    }
    out->at = search.now.at;
    out->count = search.now.count;
}
