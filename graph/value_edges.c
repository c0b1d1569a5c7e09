/* SPDX-License-Identifier: Apache-2.0 */
/* Edges that only values show: an identifier of one object stands in an attribute of another. */
#include "graph/config.h"
#include "graph/values.h"

#include <string.h>

/* What the name of an attribute says of the values below it, bits. */
enum { OWN_OF_ALL = 1, OWN_OF_MANAGED = 2, ARN = 4, LABEL = 8 };

/* Attributes that repeat what the object itself or its provider is, not what it uses. The first two
 * hold for data sources too, which look for others by the rest; what is managed is called so
 * itself, or answers to it. */
static const struct {
    const char *name;
    uint8_t says;
} words[] = {
    { "id", OWN_OF_ALL },
    { "tags_all", OWN_OF_ALL },
    { "region", OWN_OF_ALL },
    { "owner_id", OWN_OF_ALL },
    { "registry_id", OWN_OF_ALL },
    { "name", OWN_OF_MANAGED },
    { "domain_name", OWN_OF_MANAGED },
    { "aliases", OWN_OF_MANAGED },
    { "subject_alternative_names", OWN_OF_MANAGED },
    { "domain_validation_options", OWN_OF_MANAGED },
    { "arn", ARN },
    { "tags", LABEL },
    { "labels", LABEL },
};

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
    const struct tfr_sym *name; /* of the step, or of the last one above that is no place */
};

/* What is known of a text wherever it stands. */
struct known {
    const char *text;
    uint32_t owned; /* see tfr_owned() */
    bool barren;    /* nothing that stands inside of it is owned */
};

/* Texts that were looked at lately: most come again within few objects, and then as the same bytes
 * in memory. A power of two. */
#define KNOWN 1024

struct values {
    struct tfr_graph_builder *builder;
    struct tfr_owners *owners;
    struct tfr_mentions mentions; /* scratch */
    struct level *levels;
    size_t level_count, level_cap;
    struct step step;           /* of the value at hand, below the last level */
    const struct tfr_sym *name; /* of it, or of the last step above that is no place */
    const struct tfr_sym *path; /* of it; NULL: not asked for yet */
    struct tfr_buf text;        /* scratch */
    uint8_t *said;              /* by name id: what the name says */
    uint32_t said_count;
    tfr_node_id from;
    uint8_t when;
    struct known known[KNOWN]; /* by where the text stands */
};

/* ---- edges -------------------------------------------------------------------------------------
 */

static void add_step(struct tfr_buf *text, struct step step)
{
    if (text->len > 0)
        tfr_buf_putc(text, '.');
    if (step.name != NULL) {
        tfr_buf_add(text, step.name->text, step.name->len);
        return;
    }
    tfr_buf_add_count(text, step.place);
}

static const struct tfr_sym *make_path(struct values *values)
{
    if (values->level_count == 0)
        return values->step.name;
    tfr_buf_reset(&values->text);
    for (size_t i = 0; i < values->level_count; i++)
        add_step(&values->text, values->levels[i].step);
    add_step(&values->text, values->step);
    return tfr_graph_name(values->builder->graph, tfr_buf_text(&values->text), values->text.len);
}

/* The path of the value at hand. */
static const struct tfr_sym *path_of(struct values *values)
{
    if (values->path == NULL)
        values->path = make_path(values);
    return values->path;
}

static void use(struct values *values, tfr_node_id owner, enum tfr_origin origin)
{
    struct tfr_loose_edge edge = { .from = values->from & TFR_MOST_NODES,
                                   .when = values->when & 3U,
                                   .certainty = TFR_BY_VALUE,
                                   .origin = origin & 15U };

    /* Paths are names, so none is made for what is no edge. */
    if (owner == values->from || (edge.when & values->builder->graph->nodes[owner].when) == 0)
        return;
    edge.path = tfr_name_number(path_of(values));
    tfr_graph_add_edge(values->builder->graph, &values->builder->shown, &edge, owner);
}

/* ---- texts -------------------------------------------------------------------------------------
 */

static uint8_t said_by(const struct values *values, const struct tfr_sym *name)
{
    return name->id < values->said_count ? values->said[name->id] : 0;
}

static bool is_label(const struct values *values)
{
    const struct step top = values->level_count > 0 ? values->levels[0].step : values->step;

    return (said_by(values, top.name) & LABEL) != 0;
}

/* The one object that all of a text means. */
static tfr_node_id owner_of_whole(const struct values *values, uint32_t owned)
{
    const tfr_node_id owner = tfr_owner_of(values->owners, owned);

    if (owned == 0 || owner != TFR_NO_NODE || is_label(values))
        return owner;
    return tfr_owner_of_name(values->owners, owned, values->name->text, values->name->len);
}

/* Embedded documents, and URLs around a host: only they can hold an identifier among other things.
 */
static bool may_hold(const char *text, size_t len)
{
    return text[0] == '{' || text[0] == '[' || memchr(text, ' ', len) != NULL ||
           memchr(text, '/', len) != NULL || memchr(text, '"', len) != NULL ||
           memchr(text, ':', len) != NULL;
}

static struct known *know(struct values *values, const struct tfr_value *value)
{
    const uint64_t place = (uint64_t)(uintptr_t)value->text * 0x9e3779b97f4a7c15U;
    struct known *known = &values->known[(size_t)(place >> 40) & (KNOWN - 1)];

    if (known->text != value->text)
        *known = (struct known){ .text = value->text,
                                 .owned = tfr_owned(values->owners, value->text, value->count) };
    return known;
}

/* What machines run at their first start is mostly base64. */
static bool is_user_data(const struct tfr_sym *name)
{
    return name->len >= strlen("user_data") &&
           memcmp(name->text, "user_data", strlen("user_data")) == 0;
}

static void use_mentions(struct values *values, struct known *known, const struct tfr_value *value)
{
    struct tfr_mentions *mentions = &values->mentions;

    mentions->count = 0;
    if (!known->barren && may_hold(value->text, value->count))
        tfr_find_mentions(mentions, value->text, value->count);
    known->barren = mentions->count == 0;
    if (is_user_data(values->name))
        tfr_find_mentions_in_base64(mentions, value->text, value->count);
    for (size_t i = 0; i < mentions->count; i++)
        use(values, mentions->at[i], TFR_ORIGIN_DOCUMENT);
}

static void use_known(struct values *values, struct known *known, const struct tfr_value *value)
{
    const tfr_node_id owner = owner_of_whole(values, known->owned);

    values->path = NULL;
    if (owner != TFR_NO_NODE)
        use(values, owner, TFR_ORIGIN_VALUE);
    else
        use_mentions(values, known, value);
}

static void use_text(struct values *values, const struct tfr_value *value)
{
    struct known *known = know(values, value);

    /* Most texts come again and are nobody's. */
    if (known->owned != 0 || !known->barren || is_user_data(values->name))
        use_known(values, known, value);
}

/* ---- values ------------------------------------------------------------------------------------
 */

/* Numbers, truths, short texts and what is empty name nobody. */
static bool may_name(const struct tfr_value *value)
{
    static const uint32_t least[] = { UINT32_MAX,     UINT32_MAX,      UINT32_MAX,
                                      UINT32_MAX,     UINT32_MAX,      [TFR_STRING] = TFR_SHORTEST,
                                      [TFR_LIST] = 1, [TFR_OBJECT] = 1 };

    return value->count >= least[value->kind];
}

static void enter(struct values *values, const struct tfr_value *value)
{
    values->levels = tfr_grow(values->levels, &values->level_cap, values->level_count + 1,
                              sizeof *values->levels);
    values->levels[values->level_count++] =
        (struct level){ value, value->count, values->step, values->name };
}

/* The next value of a level that may name somebody, from the last on; NULL: none is left. */
static const struct tfr_value *next_value(struct values *values, struct level *level)
{
    const struct tfr_value *of = level->value;

    while (level->left > 0) {
        const uint32_t at = --level->left;
        const struct tfr_value *value = &tfr_value_children(of)[at];

        if (!may_name(value))
            continue;
        values->step = of->kind == TFR_LIST ? (struct step){ NULL, at }
                                            : (struct step){ tfr_member_name(of, at), 0 };
        values->name = of->kind == TFR_LIST ? level->name : values->step.name;
        return value;
    }
    return NULL;
}

static void use_container(struct values *values, const struct tfr_value *container)
{
    enter(values, container);
    while (values->level_count > 0) {
        const struct tfr_value *value =
            next_value(values, &values->levels[values->level_count - 1]);

        if (value == NULL)
            values->level_count--;
        else if (value->kind == TFR_STRING)
            use_text(values, value);
        else
            enter(values, value);
    }
}

/* From the last value to the first: names of paths are made in the order in which they are asked
 * for, and edges are sorted by that.
 * @param own what attributes say that are the object's own */
static void use_all(struct values *values, const struct tfr_value *object, uint8_t own)
{
    for (uint32_t i = object->kind == TFR_OBJECT ? object->count : 0; i-- > 0;) {
        const struct tfr_value *value = tfr_member_value(object, i);

        if (!may_name(value) || (said_by(values, tfr_member_name(object, i)) & own) != 0)
            continue;
        values->name = tfr_member_name(object, i);
        values->step = (struct step){ values->name, 0 };
        if (value->kind == TFR_STRING)
            use_text(values, value);
        else
            use_container(values, value);
    }
}

static void use_node(struct values *values, tfr_node_id node)
{
    const struct tfr_node *of = &values->builder->graph->nodes[node];
    const struct tfr_resource *resource = of->resource;
    const uint8_t own =
        (uint8_t)(OWN_OF_ALL | (resource->mode == TFR_MANAGED ? OWN_OF_MANAGED : 0) |
                  (tfr_borrows_arn(resource) ? 0 : ARN));

    values->from = node;
    if (resource->before.kind == TFR_OBJECT && resource->before.object == resource->after.object) {
        values->when = of->when; /* unchanged: one look for both times */
        use_all(values, &resource->after, own);
        return;
    }
    values->when = TFR_BEFORE;
    use_all(values, &resource->before, own);
    values->when =
        of->when == TFR_BOTH && resource->action == TFR_ACTION_NONE ? TFR_BOTH : TFR_AFTER;
    use_all(values, &resource->after, own);
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

static void listen(struct values *values)
{
    const struct tfr_names *names = values->builder->graph->document->names;

    values->said_count = tfr_names_count(names);
    values->said = tfr_calloc(values->said_count, sizeof *values->said);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const struct tfr_sym *name = tfr_names_find(names, words[i].name, strlen(words[i].name));

        if (name != NULL)
            values->said[name->id] |= words[i].says;
    }
}

void tfr_graph_add_values(struct tfr_graph_builder *builder)
{
    struct values *values = tfr_calloc(1, sizeof *values);
    const uint32_t count = builder->graph->node_count;

    values->builder = builder;
    values->owners = tfr_find_identities(builder);
    tfr_mentions_init(&values->mentions, values->owners);
    listen(values);
    for (tfr_node_id i = 0; i < count; i++) {
        tfr_fetch_ahead(builder->graph, i);
        if (builder->graph->nodes[i].resource == NULL)
            continue;
        tfr_hide_dynamic(builder, i);
        use_node(values, i);
    }
    tfr_owners_free(values->owners);
    tfr_mentions_fini(&values->mentions);
    tfr_free(values->levels);
    tfr_free(values->said);
    tfr_buf_fini(&values->text);
    tfr_free(values);
}
