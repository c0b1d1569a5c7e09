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
    if (!every || value->kind != TFR_OBJECT || search->ctx->mode != TFR_MODE_CHECKOV)
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

/* Comparisons that Python does not know: an expression over what is no text, int() of a list, texts
 * against numbers by order. */
static bool raises(const struct search *search, const struct tfr_value *have,
                   const struct tfr_jsonpath_test *test)
{
    const bool text = tfr_context_value(search->ctx, have).kind == TFR_STRING;
    const bool order = test->op[0] == '<' || test->op[0] == '>';
    const bool number = test->number && strcmp(test->op, "=~") != 0;

    if (number)
        return tfr_value_is_container(have) || have->kind == TFR_NULL;
    return (order || strcmp(test->op, "=~") == 0) && !text;
}

static enum tfr_truth_value test_one(struct search *search, const struct tfr_jsonpath_test *test,
                                     const struct tfr_value *item)
{
    const struct tfr_value *have = *test->path != '\0' ? tfr_value_path(item, test->path) : item;
    const struct tfr_value plain = tfr_context_value(search->ctx, have);
    struct tfr_buf text = { 0 };
    enum tfr_truth_value result;
    long long number = 0;

    if (have->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    if (have->kind == TFR_ABSENT)
        return TFR_NO;
    if (test->op[0] == '\0')
        return TFR_YES;
    if (raises(search, have, test))
        return TFR_BROKEN;
    if (test->number && strcmp(test->op, "=~") != 0)
        return tfr_value_integer(have, &number) &&
                       number_test(test->op, number, strtoll(test->wanted, NULL, 10))
                   ? TFR_YES
                   : TFR_NO;
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

static void step_filter(struct search *search, const struct tfr_value *value,
                        const struct tfr_jsonpath_step *step)
{
    const bool list = value->kind == TFR_LIST;
    const uint32_t count = list ? value->count : (value->kind == TFR_OBJECT ? 1 : 0);

    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_value *item = list ? &value->items[i] : value;
        enum tfr_truth_value all = TFR_YES;

        for (uint32_t k = 0; k < step->test_count && all != TFR_NO; k++) {
            const enum tfr_truth_value one = test_one(search, &step->tests[k], item);

            if (one != TFR_YES)
                all = one;
        }
        search->broken = search->broken || all == TFR_BROKEN;
        search->unknown = search->unknown || all == TFR_MAYBE;
        if (all == TFR_YES)
            add(search, item);
    }
}

/* `[*]` and slices take what is no list for a list of one, unless it is nothing to Python; a
 * fraction has no length there. */
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
        return strpbrk(value->text, ".eE") == NULL;
    default:
        return false;
    }
}

static void step_slice(struct search *search, const struct tfr_value *value,
                       const struct tfr_jsonpath_step *step)
{
    const long count = value->kind == TFR_LIST ? (long)value->count : 0;
    const long from = step->from < 0 ? step->from + count : step->from;
    const long to = step->from < 0 && step->to == step->from + 1 ? from + 1 : step->to;

    for (long i = from < 0 ? 0 : from; i < count && i < to; i++)
        add(search, &value->items[i]);
}

static void step_all(struct search *search, const struct tfr_value *value)
{
    if (is_alone(search, value))
        add(search, value);
    for (uint32_t i = 0; value->kind == TFR_LIST && i < value->count; i++)
        add(search, &value->items[i]);
}

static void take_step(struct search *search, const struct tfr_jsonpath_step *step,
                      const struct tfr_value *value)
{
    value = plain(search, value);
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

void tfr_jsonpath_find(struct tfr_context *ctx, const struct tfr_resource *resource,
                       const struct tfr_value *root, const struct tfr_path *written,
                       struct tfr_matches *out)
{
    static const struct tfr_value unknown = { .kind = TFR_UNKNOWN };
    const struct tfr_jsonpath *path = parsed(ctx, written);
    struct search search = { .ctx = ctx };

    *out = (struct tfr_matches){ .at = NULL };
    if (path->step_count == 0)
        return;
    search.now.at = tfr_arena_alloc(&ctx->scratch, (MOST + 1) * sizeof(struct tfr_value *));
    search.next.at = tfr_arena_alloc(&ctx->scratch, (MOST + 1) * sizeof(struct tfr_value *));
    if (ctx->mode == TFR_MODE_CHECKOV && path->steps[0].kind == TFR_JSONPATH_DEEP)
        search.now.at[search.now.count++] = tfr_checkov_config(ctx, resource);
    search.now.at[search.now.count++] = root;
    for (uint32_t i = 0; i < path->step_count; i++) {
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
