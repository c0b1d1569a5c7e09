/* SPDX-License-Identifier: Apache-2.0 */
/* Edges that only values show: an identifier of one object stands in an attribute of another. */
#include "graph/values.h"

#include <string.h>

/* What of a long identifier is tried: arn:...:table/orders/index/by-day, then without by-day ... */
#define CUTS 8

/* Attributes that repeat what the object itself or its provider is, not what it uses. The first two
 * hold for data sources too, which look for others by the rest; what is managed is called so
 * itself, or answers to it. */
static const char *const own_names[] = { "id",
                                         "tags_all",
                                         "name",
                                         "domain_name",
                                         "aliases",
                                         "subject_alternative_names",
                                         "domain_validation_options" };
#define OWN (sizeof own_names / sizeof own_names[0])

/* One step of the path to a value: a name, or a place in a list. */
struct step {
    const struct tfr_sym *name; /* NULL: a place */
    uint32_t place;
    uint32_t before; /* index of the step before + 1, 0: none */
};

/* A value that is still to be looked through. */
struct place {
    const struct tfr_value *value;
    uint32_t step; /* index of its step */
};

struct values {
    struct tfr_graph_builder *builder;
    struct tfr_owners *owners;
    struct place *todo;
    size_t todo_count, todo_cap;
    struct step *steps; /* of the object at hand */
    size_t step_count, step_cap;
    uint32_t *trail; /* scratch: steps of one path, last first */
    size_t trail_cap;
    struct tfr_buf text;                /* scratch */
    const struct tfr_sym *own[OWN + 1]; /* names of `own_names`, NULL: not there; the last is arn */
    tfr_node_id from;
    uint8_t when;
};

/* ---- edges -------------------------------------------------------------------------------------
 */

static const struct tfr_sym *path_of(struct values *values, uint32_t step)
{
    size_t count = 0;

    for (uint32_t at = step + 1; at != 0; at = values->steps[at - 1].before) {
        values->trail =
            tfr_grow(values->trail, &values->trail_cap, count + 1, sizeof *values->trail);
        values->trail[count++] = at - 1;
    }
    tfr_buf_reset(&values->text);
    while (count-- > 0) {
        const struct step *at = &values->steps[values->trail[count]];

        if (values->text.len > 0)
            tfr_buf_putc(&values->text, '.');
        if (at->name != NULL)
            tfr_buf_add(&values->text, at->name->text, at->name->len);
        else
            tfr_buf_printf(&values->text, "%u", at->place);
    }
    return tfr_graph_name(values->builder->graph, tfr_buf_text(&values->text), values->text.len);
}

/* @return true if somebody owns it */
static bool use(struct values *values, tfr_node_id owner, uint32_t step, bool inside)
{
    uint8_t when;

    if (owner == TFR_NO_NODE)
        return false;
    when = values->when & values->builder->graph->nodes[owner].when;
    if (owner != values->from && when != 0)
        tfr_graph_add_edge(
            values->builder,
            &(struct tfr_found_edge){ .from = values->from,
                                      .to = owner,
                                      .origin = inside ? TFR_ORIGIN_DOCUMENT : TFR_ORIGIN_VALUE,
                                      .certainty = TFR_BY_VALUE,
                                      .when = when,
                                      .path = path_of(values, step) });
    return true;
}

/* ---- texts around identifiers ------------------------------------------------------------------
 */

static bool in_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' ||
           c == '/' || c == '.' || c == '_' || c == '-' || c == '*' || c == '+';
}

/* Cuts off what stands behind the last separators: paths, keys, versions, wildcards. */
static bool use_shorter(struct values *values, const char *text, size_t len, uint32_t step)
{
    for (int cuts = 0; cuts < CUTS; cuts++) {
        while (len > 0 && text[len - 1] != '/' && text[len - 1] != ':')
            len--;
        if (len < TFR_SHORTEST + 1)
            return false;
        len--;
        if (use(values, tfr_owner_of(values->owners, text, len), step, true))
            return true;
    }
    return false;
}

/* A token, and what is left of it without a scheme, a port, a path, a tag or a trailing wildcard.
 */
static void use_token(struct values *values, const char *text, size_t len, uint32_t step)
{
    const char *end = text + len;
    const char *scheme = memchr(text, ':', len);
    size_t host = 0;

    if (use(values, tfr_owner_of(values->owners, text, len), step, true))
        return;
    if (len > 4 && memcmp(text, "arn:", 4) == 0) {
        (void)use_shorter(values, text, len, step);
        return;
    }
    if (scheme != NULL && end - scheme > 3 && memcmp(scheme, "://", 3) == 0) {
        if (use_shorter(values, text, len, step))
            return;
        text = scheme + 3;
    }
    while (text + host < end && text[host] != ':' && text[host] != '/')
        host++;
    if (memchr(text, '.', host) == NULL)
        return; /* no host in front */
    if (!use(values, tfr_owner_of(values->owners, text, (size_t)(end - text)), step, true))
        (void)use_shorter(values, text, (size_t)(end - text), step);
}

/* The colon of JSON is a token of its own, and "value" says nothing. */
static bool is_hint(const char *word, size_t len)
{
    const char first = len > 0 ? word[0] : ':';

    return ((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z')) &&
           (len != 5 || memcmp(word, "value", 5) != 0);
}

/* Words of a text; one before a name tells what the name means: "ClusterName", "shop-production".
 * In "name": "ORDERS_TABLE", "value": "shop-orders" that is the one before "value". */
static void use_tokens(struct values *values, const char *text, size_t len, uint32_t step)
{
    const char *before = NULL;
    size_t before_len = 0;
    size_t at = 0;

    while (at < len) {
        size_t end = at;

        while (end < len && in_token(text[end]))
            end++;
        if (end - at >= TFR_SHORTEST) {
            use_token(values, text + at, end - at, step);
            if (before != NULL)
                (void)use(
                    values,
                    tfr_owner_of_name(values->owners, before, before_len, text + at, end - at),
                    step, true);
        }
        if (is_hint(text + at, end - at)) {
            before = text + at;
            before_len = end - at;
        }
        at = end + 1;
    }
}

/* ---- base64 ------------------------------------------------------------------------------------
 */

static int digit_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* What machines run at their first start stands in user_data, mostly as base64. */
static void use_user_data(struct values *values, const struct tfr_value *value, uint32_t step)
{
    struct tfr_buf plain = { 0 };
    uint32_t bits = 0;
    int have = 0;

    for (uint32_t i = 0; i < value->count && value->text[i] != '='; i++) {
        const int digit = digit_of(value->text[i]);

        if (digit < 0) { /* it is plain, and was looked through */
            tfr_buf_fini(&plain);
            return;
        }
        bits = (bits << 6 | (uint32_t)digit) & 0xffffff;
        have += 6;
        if (have >= 8) {
            have -= 8;
            tfr_buf_putc(&plain, (char)(bits >> have & 0xff));
        }
    }
    use_tokens(values, tfr_buf_text(&plain), plain.len, step);
    tfr_buf_fini(&plain);
}

/* ---- values ------------------------------------------------------------------------------------
 */

/* The step that has a name: list places have none. */
static const struct tfr_sym *named_step(const struct values *values, uint32_t step)
{
    uint32_t at = step + 1;

    while (at != 0 && values->steps[at - 1].name == NULL)
        at = values->steps[at - 1].before;
    return at != 0 ? values->steps[at - 1].name : NULL;
}

static bool is_label(const struct values *values, uint32_t step)
{
    uint32_t at = step + 1;

    while (values->steps[at - 1].before != 0)
        at = values->steps[at - 1].before;
    return tfr_sym_is(values->steps[at - 1].name, "tags") ||
           tfr_sym_is(values->steps[at - 1].name, "labels");
}

static void use_text(struct values *values, const struct tfr_value *value, uint32_t step)
{
    const struct tfr_sym *name = named_step(values, step);

    if (value->count < TFR_SHORTEST)
        return;
    if (use(values, tfr_owner_of(values->owners, value->text, value->count), step, false))
        return;
    if (name != NULL && !is_label(values, step) &&
        use(values,
            tfr_owner_of_name(values->owners, name->text, name->len, value->text, value->count),
            step, false))
        return;
    /* Embedded documents, and URLs around a host: only they can hold an identifier among other
     * things. */
    if (value->text[0] == '{' || value->text[0] == '[' || memchr(value->text, ' ', value->count) ||
        memchr(value->text, '/', value->count) || memchr(value->text, '"', value->count) ||
        memchr(value->text, ':', value->count))
        use_tokens(values, value->text, value->count, step);
    if (name != NULL && strncmp(name->text, "user_data", strlen("user_data")) == 0)
        use_user_data(values, value, step);
}

static void push(struct values *values, const struct tfr_value *value, struct step step)
{
    /* Numbers, truths, short texts and what is empty name nobody. */
    if (value->kind < TFR_STRING || value->count < (value->kind == TFR_STRING ? TFR_SHORTEST : 1U))
        return;
    if (values->step_count == values->step_cap)
        values->steps = tfr_grow(values->steps, &values->step_cap, values->step_count + 1,
                                 sizeof *values->steps);
    values->steps[values->step_count++] = step;
    if (values->todo_count == values->todo_cap)
        values->todo =
            tfr_grow(values->todo, &values->todo_cap, values->todo_count + 1, sizeof *values->todo);
    values->todo[values->todo_count++] = (struct place){ value, (uint32_t)values->step_count - 1 };
}

static bool is_own(const struct values *values, const struct tfr_resource *resource,
                   const struct tfr_sym *name)
{
    const size_t count = resource->mode == TFR_MANAGED ? OWN : 2;

    if (name == values->own[OWN])
        return !tfr_borrows_arn(resource);
    for (size_t i = 0; i < count; i++) {
        if (values->own[i] == name)
            return true;
    }
    return false;
}

static void use_all(struct values *values, const struct tfr_value *object)
{
    const struct tfr_resource *resource = values->builder->graph->nodes[values->from].resource;

    values->step_count = 0;
    for (uint32_t i = 0; object->kind == TFR_OBJECT && i < object->count; i++) {
        if (!is_own(values, resource, object->members[i].name))
            push(values, &object->members[i].value, (struct step){ object->members[i].name, 0, 0 });
    }
    while (values->todo_count > 0) {
        const struct place place = values->todo[--values->todo_count];
        const struct tfr_value *value = place.value;

        if (value->kind == TFR_STRING)
            use_text(values, value, place.step);
        for (uint32_t i = 0; value->kind == TFR_LIST && i < value->count; i++)
            push(values, &value->items[i], (struct step){ NULL, i, place.step + 1 });
        for (uint32_t i = 0; value->kind == TFR_OBJECT && i < value->count; i++)
            push(values, &value->members[i].value,
                 (struct step){ value->members[i].name, 0, place.step + 1 });
    }
}

static void use_node(struct values *values, tfr_node_id node)
{
    const struct tfr_node *of = &values->builder->graph->nodes[node];
    const struct tfr_resource *resource = of->resource;

    values->from = node;
    if (resource->before.kind == TFR_OBJECT &&
        resource->before.members == resource->after.members) {
        values->when = of->when; /* unchanged: one look for both times */
        use_all(values, &resource->after);
        return;
    }
    values->when = TFR_BEFORE;
    use_all(values, &resource->before);
    values->when =
        of->when == TFR_BOTH && resource->action == TFR_ACTION_NONE ? TFR_BOTH : TFR_AFTER;
    use_all(values, &resource->after);
}

void tfr_graph_add_values(struct tfr_graph_builder *builder)
{
    struct values values = { .builder = builder };
    const uint32_t count = builder->graph->node_count;

    values.owners = tfr_owners_build(builder->graph);
    for (size_t i = 0; i <= OWN; i++) {
        const char *name = i < OWN ? own_names[i] : "arn";

        values.own[i] = tfr_names_find(builder->graph->document->names, name, strlen(name));
    }
    for (tfr_node_id i = 0; i < count; i++) {
        if (builder->graph->nodes[i].resource != NULL)
            use_node(&values, i);
    }
    tfr_owners_free(values.owners);
    tfr_free(values.todo);
    tfr_free(values.steps);
    tfr_free(values.trail);
    tfr_buf_fini(&values.text);
}
