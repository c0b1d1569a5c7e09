/* SPDX-License-Identifier: Apache-2.0 */
/* Edges that only values show: an identifier of one object stands in an attribute of another. */
#include "graph/build.h"

#include <string.h>

/* Attributes that name their own object, and how much they do: an ARN can be nobody else's, while
 * the endpoint of a subscription is the queue it feeds. Names are not among them: too many things
 * share one. */
static const struct {
    const char *name;
    uint8_t rank;
} identities[] = {
    { "arn", 3 },
    { "id", 2 },
    { "self_link", 2 },
    { "url", 2 },
    { "dns_name", 1 },
    { "endpoint", 1 },
    { "address", 1 },
    { "fqdn", 1 },
    { "domain_name", 1 },
    { "invoke_arn", 1 },
    { "repository_url", 1 },
    { "hosted_zone_id", 1 },
    { "primary_endpoint_address", 1 },
    { "reader_endpoint", 1 },
    { "configuration_endpoint_address", 1 },
};

/* Shorter texts meet by accident, bytes. */
#define SHORTEST 8

struct owner {
    const char *text; /* NULL: a free slot */
    uint32_t len;
    uint8_t rank;
    tfr_node_id node; /* TFR_NO_NODE: several unrelated objects have it */
    uint64_t hash;
};

/* A value that is still to be looked through, and the path to it. */
struct place {
    const struct tfr_value *value;
    const struct tfr_sym *path;
};

struct values {
    struct tfr_graph_builder *builder;
    struct owner *owners;
    size_t mask, count;
    struct place *todo;
    size_t todo_count, todo_cap;
    tfr_node_id from;
    uint8_t when;
};

/* ---- who owns which text -----------------------------------------------------------------------
 */

static struct owner *find_owner(const struct values *values, const char *text, size_t len)
{
    const uint64_t hash = tfr_hash(text, len);
    size_t i = (size_t)hash & values->mask;

    while (values->owners[i].text != NULL &&
           (values->owners[i].hash != hash || values->owners[i].len != len ||
            memcmp(values->owners[i].text, text, len) != 0))
        i = (i + 1) & values->mask;
    values->owners[i].hash = hash;
    return &values->owners[i];
}

static void make_room(struct values *values)
{
    struct owner *old = values->owners;
    const size_t old_size = old != NULL ? values->mask + 1 : 0;

    if (old != NULL && values->count * 4 < old_size * 3)
        return;
    values->mask = old_size == 0 ? 1023 : old_size * 2 - 1;
    values->owners = tfr_calloc(values->mask + 1, sizeof *old);
    for (size_t i = 0; i < old_size; i++) {
        if (old[i].text != NULL)
            *find_owner(values, old[i].text, old[i].len) = old[i];
    }
    tfr_free(old);
}

static bool starts_with(const struct tfr_sym *text, const struct tfr_sym *start)
{
    return text->len > start->len && memcmp(text->text, start->text, start->len) == 0;
}

/* aws_s3_bucket_versioning has the id of its aws_s3_bucket: the bucket owns it. */
static tfr_node_id elder(const struct tfr_graph *graph, tfr_node_id a, tfr_node_id b)
{
    const struct tfr_resource *x = graph->nodes[a].resource;
    const struct tfr_resource *y = graph->nodes[b].resource;

    if (a == b || starts_with(y->type, x->type))
        return a;
    if (starts_with(x->type, y->type))
        return b;
    /* One object described twice: the managed one counts, not a data source that looks it up. */
    if (x->type == y->type && x->mode != y->mode)
        return x->mode == TFR_MANAGED ? a : b;
    return TFR_NO_NODE;
}

/* Numbers, addresses of networks, plain words of policies: texts that many things share. */
static bool is_telling(const struct tfr_value *value)
{
    bool letter = false;

    if (value->kind != TFR_STRING || value->count < SHORTEST || value->count > 2048)
        return false;
    for (uint32_t i = 0; i < value->count; i++) {
        const char c = value->text[i];

        letter = letter || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (c == ' ' || c == '"' || (unsigned char)c < 0x20)
            return false;
    }
    return letter;
}

static void own(struct values *values, tfr_node_id node, const struct tfr_value *value,
                uint8_t rank)
{
    struct owner *owner;

    if (!is_telling(value))
        return;
    make_room(values);
    owner = find_owner(values, value->text, value->count);
    if (owner->text == NULL) {
        owner->text = value->text;
        owner->len = value->count;
        values->count++;
    }
    if (rank > owner->rank) {
        owner->node = node;
        owner->rank = rank;
    } else if (rank == owner->rank && owner->node != TFR_NO_NODE) {
        owner->node = elder(values->builder->graph, owner->node, node);
    }
}

static void own_all(struct values *values, tfr_node_id node, const struct tfr_value *object)
{
    for (size_t i = 0; i < sizeof identities / sizeof identities[0]; i++)
        own(values, node, tfr_value_get(object, identities[i].name), identities[i].rank);
}

/* ---- who uses it -------------------------------------------------------------------------------
 */

static const struct tfr_sym *below(struct values *values, const struct tfr_sym *path,
                                   const char *step, size_t len)
{
    struct tfr_buf text = { 0 };
    const struct tfr_sym *sym;

    if (path != NULL) {
        tfr_buf_add(&text, path->text, path->len);
        tfr_buf_putc(&text, '.');
    }
    tfr_buf_add(&text, step, len);
    sym = tfr_graph_name(values->builder->graph, tfr_buf_text(&text), text.len);
    tfr_buf_fini(&text);
    return sym;
}

static void use(struct values *values, const char *text, size_t len, const struct tfr_sym *path,
                bool inside)
{
    struct tfr_graph *graph = values->builder->graph;
    const struct owner *owner;
    uint8_t when;

    if (len < SHORTEST || values->count == 0)
        return;
    owner = find_owner(values, text, len);
    if (owner->text == NULL || owner->node == TFR_NO_NODE || owner->node == values->from)
        return;
    when = values->when & graph->nodes[owner->node].when;
    if (when != 0)
        tfr_graph_add_edge(
            values->builder,
            (struct tfr_edge){ .from = values->from,
                               .to = owner->node,
                               .origin = inside ? TFR_ORIGIN_DOCUMENT : TFR_ORIGIN_VALUE,
                               .certainty = TFR_BY_VALUE,
                               .when = when,
                               .path = path });
}

static bool in_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' ||
           c == '/' || c == '.' || c == '_' || c == '-' || c == '*' || c == '+';
}

/* A token, and what is left of it without a port, a path or a trailing wildcard. */
static void use_token(struct values *values, const char *text, size_t len,
                      const struct tfr_sym *path)
{
    const char *host = len > 3 ? memchr(text, ':', len) : NULL;

    use(values, text, len, path, true);
    if (len > 2 && memcmp(text + len - 2, "/*", 2) == 0)
        use(values, text, len - 2, path, true);
    else if (len > 2 && memcmp(text + len - 2, ":*", 2) == 0)
        use(values, text, len - 2, path, true);
    if (host != NULL && (size_t)(host - text) + 3 < len && memcmp(host, "://", 3) == 0) {
        const size_t from = (size_t)(host - text) + 3;
        size_t end = from;

        while (end < len && text[end] != ':' && text[end] != '/')
            end++;
        use(values, text + from, end - from, path, true);
    }
}

static void use_tokens(struct values *values, const struct tfr_value *value,
                       const struct tfr_sym *path)
{
    uint32_t at = 0;

    while (at < value->count) {
        uint32_t end = at;

        while (end < value->count && in_token(value->text[end]))
            end++;
        if (end - at >= SHORTEST)
            use_token(values, value->text + at, end - at, path);
        at = end + 1;
    }
}

static void use_text(struct values *values, const struct place *place)
{
    const struct tfr_value *value = place->value;

    if (value->count < SHORTEST)
        return;
    use(values, value->text, value->count, place->path, false);
    /* Embedded documents, and URLs around a host: only they can hold an identifier among other
     * things. */
    if (value->text[0] == '{' || value->text[0] == '[' || memchr(value->text, ' ', value->count) ||
        memchr(value->text, '/', value->count) || memchr(value->text, '"', value->count))
        use_tokens(values, value, place->path);
}

static void push(struct values *values, const struct tfr_value *value, const struct tfr_sym *path)
{
    values->todo =
        tfr_grow(values->todo, &values->todo_cap, values->todo_count + 1, sizeof *values->todo);
    values->todo[values->todo_count++] = (struct place){ value, path };
}

/* Attributes that repeat what the object itself or its provider is, not what it uses. */
static bool is_own(const struct tfr_sym *name)
{
    return tfr_sym_is(name, "id") || tfr_sym_is(name, "arn") || tfr_sym_is(name, "tags_all");
}

static void use_all(struct values *values, const struct tfr_value *object)
{
    char digits[16];

    for (uint32_t i = 0; object->kind == TFR_OBJECT && i < object->count; i++) {
        if (!is_own(object->members[i].name))
            push(values, &object->members[i].value, object->members[i].name);
    }
    while (values->todo_count > 0) {
        const struct place place = values->todo[--values->todo_count];
        const struct tfr_value *value = place.value;

        if (value->kind == TFR_STRING)
            use_text(values, &place);
        for (uint32_t i = 0; value->kind == TFR_LIST && i < value->count; i++) {
            const int len = snprintf(digits, sizeof digits, "%u", i);

            push(values, &value->items[i], below(values, place.path, digits, (size_t)len));
        }
        for (uint32_t i = 0; value->kind == TFR_OBJECT && i < value->count; i++) {
            const struct tfr_sym *name = value->members[i].name;

            push(values, &value->members[i].value,
                 below(values, place.path, name->text, name->len));
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

void tfr_graph_add_values(struct tfr_graph_builder *builder)
{
    struct values values = { .builder = builder };
    const uint32_t count = builder->graph->node_count;

    for (tfr_node_id i = 0; i < count; i++) {
        const struct tfr_resource *resource = builder->graph->nodes[i].resource;

        if (resource == NULL || resource->deposed != NULL)
            continue;
        own_all(&values, i, &resource->before);
        own_all(&values, i, &resource->after);
    }
    for (tfr_node_id i = 0; i < count && values.count > 0; i++) {
        if (builder->graph->nodes[i].resource != NULL)
            use_node(&values, i);
    }
    tfr_free(values.owners);
    tfr_free(values.todo);
}
