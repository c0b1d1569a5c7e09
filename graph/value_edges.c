/* SPDX-License-Identifier: Apache-2.0 */
/* Edges that only values show: an identifier of one object stands in an attribute of another. */
#include "graph/values.h"

#include <limits.h>
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

/* What the name of an attribute says of the values below it, bits. */
enum { OWN_OF_ALL = 1, OWN_OF_MANAGED = 2, ARN = 4, LABEL = 8 };

/* One step of the path to a value: a name, or a place in a list. */
struct step {
    const struct tfr_sym *name; /* NULL: a place */
    uint32_t place;
};

/* A list or an object on the way to the value at hand. */
struct level {
    const struct tfr_value *value;
    uint32_t left; /* its values that are still to be looked at: the first so many */
    struct step step;
};

struct values {
    struct tfr_graph_builder *builder;
    struct tfr_owners *owners;
    struct level *levels;
    size_t level_count, level_cap;
    struct step step;    /* of the value at hand, below the last level */
    struct tfr_buf text; /* scratch */
    uint8_t *said;       /* by name id: what the name says */
    uint32_t said_count;
    bool token[UCHAR_MAX + 1]; /* by byte: part of an identifier */
    tfr_node_id from;
    uint8_t when;
};

/* ---- edges -------------------------------------------------------------------------------------
 */

static void add_step(struct tfr_buf *text, struct step step)
{
    char digits[16];
    size_t at = sizeof digits;

    if (text->len > 0)
        tfr_buf_putc(text, '.');
    if (step.name != NULL) {
        tfr_buf_add(text, step.name->text, step.name->len);
        return;
    }
    do {
        digits[--at] = (char)('0' + step.place % 10);
        step.place /= 10;
    } while (step.place > 0);
    tfr_buf_add(text, digits + at, sizeof digits - at);
}

/* The path of the value at hand. */
static const struct tfr_sym *path_of(struct values *values)
{
    if (values->level_count == 0)
        return values->step.name;
    tfr_buf_reset(&values->text);
    for (size_t i = 0; i < values->level_count; i++)
        add_step(&values->text, values->levels[i].step);
    add_step(&values->text, values->step);
    return tfr_graph_name(values->builder->graph, tfr_buf_text(&values->text), values->text.len);
}

/* @return true if somebody owns it */
static bool use(struct values *values, tfr_node_id owner, bool inside)
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
                                      .path = path_of(values) });
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
static bool use_shorter(struct values *values, const char *text, size_t len)
{
    for (int cuts = 0; cuts < CUTS; cuts++) {
        while (len > 0 && text[len - 1] != '/' && text[len - 1] != ':')
            len--;
        if (len < TFR_SHORTEST + 1)
            return false;
        len--;
        if (use(values, tfr_owner_of(values->owners, text, len), true))
            return true;
    }
    return false;
}

/* A token, and what is left of it without a scheme, a port, a path, a tag or a trailing wildcard.
 */
static void use_token(struct values *values, const char *text, size_t len)
{
    const char *end = text + len;
    const char *scheme = memchr(text, ':', len);
    size_t host = 0;

    if (use(values, tfr_owner_of(values->owners, text, len), true))
        return;
    if (len > 4 && memcmp(text, "arn:", 4) == 0) {
        (void)use_shorter(values, text, len);
        return;
    }
    if (scheme != NULL && end - scheme > 3 && memcmp(scheme, "://", 3) == 0) {
        if (use_shorter(values, text, len))
            return;
        text = scheme + 3;
    }
    while (text + host < end && text[host] != ':' && text[host] != '/')
        host++;
    if (memchr(text, '.', host) == NULL)
        return; /* no host in front */
    if (!use(values, tfr_owner_of(values->owners, text, (size_t)(end - text)), true))
        (void)use_shorter(values, text, (size_t)(end - text));
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
static void use_tokens(struct values *values, const char *text, size_t len)
{
    const char *before = NULL;
    size_t before_len = 0;
    size_t at = 0;

    while (at < len) {
        size_t end = at;

        while (end < len && values->token[(unsigned char)text[end]])
            end++;
        if (end - at >= TFR_SHORTEST) {
            use_token(values, text + at, end - at);
            if (before != NULL)
                (void)use(
                    values,
                    tfr_owner_of_name(values->owners, before, before_len, text + at, end - at),
                    true);
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
static void use_user_data(struct values *values, const struct tfr_value *value)
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
    use_tokens(values, tfr_buf_text(&plain), plain.len);
    tfr_buf_fini(&plain);
}

/* ---- values ------------------------------------------------------------------------------------
 */

/* The step that has a name: list places have none. */
static const struct tfr_sym *named_step(const struct values *values)
{
    const struct tfr_sym *name = values->step.name;

    for (size_t i = values->level_count; name == NULL && i > 0; i--)
        name = values->levels[i - 1].step.name;
    return name;
}

static uint8_t said_by(const struct values *values, const struct tfr_sym *name)
{
    return name->id < values->said_count ? values->said[name->id] : 0;
}

static bool is_label(const struct values *values)
{
    const struct step top = values->level_count > 0 ? values->levels[0].step : values->step;

    return (said_by(values, top.name) & LABEL) != 0;
}

/* @return true if somebody owns all of the text */
static bool use_whole(struct values *values, const struct tfr_value *value)
{
    const struct tfr_sym *name = named_step(values);

    if (!tfr_may_be_owned(values->owners, value->text, value->count))
        return false;
    if (use(values, tfr_owner_of(values->owners, value->text, value->count), false))
        return true;
    return name != NULL && !is_label(values) &&
           use(values,
               tfr_owner_of_name(values->owners, name->text, name->len, value->text, value->count),
               false);
}

/* Embedded documents, and URLs around a host: only they can hold an identifier among other things.
 */
static bool may_hold(const char *text, size_t len)
{
    return text[0] == '{' || text[0] == '[' || memchr(text, ' ', len) != NULL ||
           memchr(text, '/', len) != NULL || memchr(text, '"', len) != NULL ||
           memchr(text, ':', len) != NULL;
}

static void use_text(struct values *values, const struct tfr_value *value)
{
    const struct tfr_sym *name;

    if (use_whole(values, value))
        return;
    if (may_hold(value->text, value->count))
        use_tokens(values, value->text, value->count);
    name = named_step(values);
    if (name != NULL && strncmp(name->text, "user_data", strlen("user_data")) == 0)
        use_user_data(values, value);
}

static void look_at(struct values *values, const struct tfr_value *value, struct step step)
{
    /* Numbers, truths, short texts and what is empty name nobody. */
    if (value->kind < TFR_STRING || value->count < (value->kind == TFR_STRING ? TFR_SHORTEST : 1U))
        return;
    if (value->kind == TFR_STRING) {
        values->step = step;
        use_text(values, value);
        return;
    }
    if (values->level_count == values->level_cap)
        values->levels = tfr_grow(values->levels, &values->level_cap, values->level_count + 1,
                                  sizeof *values->levels);
    values->levels[values->level_count++] = (struct level){ value, value->count, step };
}

static bool is_own(const struct values *values, const struct tfr_resource *resource,
                   const struct tfr_sym *name)
{
    const uint8_t said = said_by(values, name);

    return (said & OWN_OF_ALL) != 0 ||
           ((said & OWN_OF_MANAGED) != 0 && resource->mode == TFR_MANAGED) ||
           ((said & ARN) != 0 && !tfr_borrows_arn(resource));
}

/* From the last value to the first: names of paths are made in the order in which they are asked
 * for, and edges are sorted by that. */
static void use_all(struct values *values, const struct tfr_value *object)
{
    const struct tfr_resource *resource = values->builder->graph->nodes[values->from].resource;

    for (uint32_t i = object->kind == TFR_OBJECT ? object->count : 0; i-- > 0;) {
        const struct tfr_member *member = &object->members[i];

        if (is_own(values, resource, member->name))
            continue;
        look_at(values, &member->value, (struct step){ member->name, 0 });
        while (values->level_count > 0) {
            struct level *level = &values->levels[values->level_count - 1];
            const struct tfr_value *of = level->value;
            const uint32_t at = level->left - 1;

            if (level->left == 0) {
                values->level_count--;
                continue;
            }
            level->left--;
            if (of->kind == TFR_LIST)
                look_at(values, &of->items[at], (struct step){ NULL, at });
            else
                look_at(values, &of->members[at].value, (struct step){ of->members[at].name, 0 });
        }
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

static void say(struct values *values, const char *text, uint8_t said)
{
    const struct tfr_sym *name =
        tfr_names_find(values->builder->graph->document->names, text, strlen(text));

    if (name != NULL)
        values->said[name->id] |= said;
}

static void start(struct values *values)
{
    values->owners = tfr_owners_build(values->builder->graph);
    values->said_count = tfr_names_count(values->builder->graph->document->names);
    values->said = tfr_calloc(values->said_count, sizeof *values->said);
    for (size_t i = 0; i < OWN; i++)
        say(values, own_names[i], i < 2 ? OWN_OF_ALL : OWN_OF_MANAGED);
    say(values, "arn", ARN);
    say(values, "tags", LABEL);
    say(values, "labels", LABEL);
    for (int c = CHAR_MIN; c <= CHAR_MAX; c++)
        values->token[(unsigned char)c] = in_token((char)c);
}

void tfr_graph_add_values(struct tfr_graph_builder *builder)
{
    struct values values = { .builder = builder };
    const uint32_t count = builder->graph->node_count;

    start(&values);
    for (tfr_node_id i = 0; i < count; i++) {
        if (builder->graph->nodes[i].resource != NULL)
            use_node(&values, i);
    }
    tfr_owners_free(values.owners);
    tfr_free(values.levels);
    tfr_free(values.said);
    tfr_buf_fini(&values.text);
}
