/* SPDX-License-Identifier: Apache-2.0 */
/* Which attributes name their own object, and which texts are telling enough to be owned. */
#include "graph/values.h"

#include <string.h>

#define ARN 3

/* Attributes that name their own object, and how much they do: an ARN can be nobody else's, while
 * the endpoint of a subscription is the queue it feeds. */
static const struct {
    const char *name;
    uint8_t rank;
} identities[] = {
    { "arn", ARN },
    { "id", 2 },
    { "self_link", 2 },
    { "url", 2 },
    { "dns_name", 1 },
    { "endpoint", 1 },
    { "address", 1 },
    { "fqdn", 1 },
    { "domain_name", 0 }, /* a record of that name goes before it */
    { "bucket_domain_name", 1 },
    { "bucket_regional_domain_name", 1 },
    { "invoke_arn", 1 },
    { "invoke_url", 1 },
    { "execution_arn", 1 },
    { "qualified_arn", 1 },
    { "stream_arn", 1 },
    { "arn_suffix", 1 },
    { "repository_url", 1 },
    { "login_server", 1 },
    { "vault_uri", 1 },
    { "connection_name", 1 },
    { "hosted_zone_id", 1 },
    { "primary_endpoint_address", 1 },
    { "reader_endpoint", 1 },
    { "configuration_endpoint_address", 1 },
};

/* Names that people give. Many things share one, so it counts only where what stands beside it says
 * which kind of thing is meant. */
static const char *const names[] = { "name",          "identifier", "cluster_identifier",
                                     "function_name", "family",     "replication_group_id" };

/* What autoscaling calls otherwise than its ARN does, and before which name (ResourceId of
 * RegisterScalableTarget): table/orders, cluster:main, service/CLUSTER/api. */
static const struct {
    const char *type, *before, *name;
} scaled[] = {
    { "aws_ecs_service", "service/", "name" },
    { "aws_dynamodb_table", "table/", "name" },
    { "aws_rds_cluster", "cluster:", "cluster_identifier" },
};

#define IDENTITIES (sizeof identities / sizeof identities[0])
#define NAMES (sizeof names / sizeof names[0])
#define SCALED (sizeof scaled / sizeof scaled[0])

/* Layouts whose wanted members are remembered: a power of two. */
#define LAYOUTS 256

/* The members of all objects of a layout that are called like an identity or a name. */
struct wanted {
    const struct tfr_layout *layout; /* NULL: none yet */
    uint32_t count;
    struct {
        uint32_t place; /* among the members */
        uint32_t which; /* in `identities`, or beyond them in `names` */
    } at[IDENTITIES + NAMES];
};

struct finder {
    const struct tfr_graph *graph;
    const struct tfr_graph_builder *builder;
    uint32_t cluster; /* the path of what a service says of its cluster, as edges have it */
    struct tfr_owners *owners;
    uint8_t *called; /* by name id: index in `identities`, or beyond them in `names`, + 1 */
    uint32_t called_count;
    struct wanted *wanted;                /* by where the layout lies */
    const struct tfr_sym *scaled[SCALED]; /* their types; NULL: no object has it */
    struct tfr_buf text;                  /* scratch */
};

/* ---- texts -------------------------------------------------------------------------------------
 */

/* What is long enough for a text that is owned, and not too long. */
static bool has_size(const struct tfr_value *value)
{
    return value->kind == TFR_STRING && value->count >= TFR_SHORTEST && value->count <= TFR_LONGEST;
}

static bool is_letter(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}

/* Whether one of eight bytes is a quote or less: that borrows from its high bit. */
static bool has_low(const char *text)
{
    const uint64_t ones = 0x0101010101010101U;
    uint64_t word;

    memcpy(&word, text, sizeof word);
    return ((word - ones * ('"' + 1)) & ~word & ones << 7) != 0;
}

/* @param value of eight bytes or more */
static bool has_blank_or_quote(const struct tfr_value *value)
{
    bool low = has_low(value->text + value->count - 8);

    for (uint32_t i = 0; i + 8 < value->count; i += 8)
        low |= has_low(value->text + i);
    for (uint32_t i = 0; low && i < value->count; i++) {
        if ((unsigned char)value->text[i] <= ' ' || value->text[i] == '"')
            return true;
    }
    return false;
}

static bool has_letter(const struct tfr_value *value)
{
    for (uint32_t i = 0; i < value->count; i++) {
        if (is_letter(value->text[i]))
            return true;
    }
    return false;
}

/* Not numbers, addresses of networks, plain words of policies: texts that many things share. */
static bool is_telling(const struct tfr_value *value)
{
    return has_letter(value) && !has_blank_or_quote(value);
}

/* A single word, such as "production", is nobody's own. */
static bool is_compound(const struct tfr_value *value)
{
    for (uint32_t i = 0; i < value->count; i++) {
        if (!is_letter(value->text[i]))
            return true;
    }
    return false;
}

/* ---- attributes --------------------------------------------------------------------------------
 */

static void find_in_layout(const struct finder *finder, const struct tfr_layout *layout,
                           struct wanted *out)
{
    out->layout = layout;
    out->count = 0;
    for (uint32_t i = 0; i < layout->count; i++) {
        const uint32_t id = layout->names[i]->id;

        if (id >= finder->called_count || finder->called[id] == 0)
            continue;
        out->at[out->count].place = i;
        out->at[out->count++].which = finder->called[id] - 1U;
    }
}

static const struct wanted *wanted_in(const struct finder *finder, const struct tfr_layout *layout)
{
    const uint64_t place = (uint64_t)(uintptr_t)layout * 0x9e3779b97f4a7c15U;
    struct wanted *wanted = &finder->wanted[(size_t)(place >> 40) & (LAYOUTS - 1)];

    if (wanted->layout != layout)
        find_in_layout(finder, layout, wanted);
    return wanted;
}

/* An id that is the name its user chose names things of other kinds as well: whole environments are
 * called alike. A path, such as /ecs/api, or a domain is nobody's but its own. */
static bool is_mere_name(const struct wanted *wanted, const struct tfr_value *object,
                         const struct tfr_value *id)
{
    if (memchr(id->text, '/', id->count) != NULL || memchr(id->text, '.', id->count) != NULL)
        return false;
    for (uint32_t i = 0; i < wanted->count; i++) {
        const struct tfr_value *name = tfr_member_value(object, wanted->at[i].place);

        if (wanted->at[i].which >= IDENTITIES && name->kind == TFR_STRING &&
            name->count == id->count && memcmp(name->text, id->text, id->count) == 0)
            return true;
    }
    return false;
}

bool tfr_borrows_arn(const struct tfr_resource *resource)
{
    return tfr_sym_is(resource->type, "aws_cloudwatch_event_target");
}

/* What an attribute says of another object, though it is called like an identity. */
static bool is_anothers(const struct wanted *wanted, const struct tfr_resource *resource,
                        const struct tfr_value *object, size_t which, const struct tfr_value *value)
{
    /* A certificate is for a domain and does not answer to it. */
    if (identities[which].rank == 0 && strstr(resource->type->text, "certificate") != NULL)
        return true;
    if (identities[which].rank == ARN)
        return tfr_borrows_arn(resource);
    /* It is called as what it scales. */
    if (tfr_sym_is(resource->type, "aws_appautoscaling_target"))
        return true;
    return is_mere_name(wanted, object, value);
}

static void own_name(struct finder *finder, tfr_node_id node, const struct tfr_value *value)
{
    const struct tfr_sym *type = finder->graph->nodes[node].resource->type;
    const char *kind;
    const size_t kind_len = tfr_kind_at(type->text, type->len, &kind);

    if (kind_len > 0)
        tfr_own_name(finder->owners, node, value, kind, kind_len);
    else /* a type without a word: it is of no kind */
        tfr_own(finder->owners, node, value, 1);
}

static void own_member(struct finder *finder, tfr_node_id node, const struct wanted *wanted,
                       size_t which, const struct tfr_value *object, const struct tfr_value *value)
{
    const struct tfr_resource *resource = finder->graph->nodes[node].resource;

    if (!has_size(value) || !is_telling(value))
        return;
    if (which >= IDENTITIES) {
        if (resource->deposed == NULL && is_compound(value))
            own_name(finder, node, value);
        return;
    }
    if (!is_anothers(wanted, resource, object, which, value))
        tfr_own(finder->owners, node, value, identities[which].rank);
}

static void own_all(struct finder *finder, tfr_node_id node, const struct tfr_value *object)
{
    const struct wanted *wanted;

    if (object->kind != TFR_OBJECT || object->count == 0)
        return;
    wanted = wanted_in(finder, object->object->layout);
    for (uint32_t i = 0; i < wanted->count; i++)
        own_member(finder, node, wanted, wanted->at[i].which, object,
                   tfr_member_value(object, wanted->at[i].place));
}

/* ---- what is scaled ----------------------------------------------------------------------------
 */

bool tfr_add_cluster(struct tfr_buf *text, const struct tfr_value *cluster)
{
    const char *last = cluster->kind == TFR_STRING ? strrchr(cluster->text, '/') : NULL;

    if (cluster->kind == TFR_UNKNOWN)
        return false;
    tfr_buf_puts(text, cluster->kind != TFR_STRING ? "default"
                       : last != NULL              ? last + 1
                                                   : cluster->text);
    tfr_buf_putc(text, '/');
    return true;
}

/* The cluster of a service. One that is made with it has no ARN yet; its name is known. */
static const struct tfr_value *cluster_of(const struct finder *finder, tfr_node_id node,
                                          const struct tfr_value *object)
{
    const struct tfr_value *cluster = tfr_value_get(object, "cluster");
    tfr_node_id one = TFR_NO_NODE;
    uint32_t count;
    const struct tfr_loose_edge *edges = tfr_configured(finder->builder, node, &count);

    if (cluster->kind != TFR_UNKNOWN)
        return cluster;
    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_node *to = &finder->graph->nodes[edges[i].to];

        if (edges[i].path != finder->cluster || edges[i].to == one || to->resource == NULL ||
            !tfr_sym_is(to->resource->type, "aws_ecs_cluster"))
            continue;
        if (one != TFR_NO_NODE)
            return cluster; /* one of several */
        one = edges[i].to;
    }
    return one == TFR_NO_NODE ? cluster
                              : tfr_value_get(&finder->graph->nodes[one].resource->after, "name");
}

static void own_scaled(struct finder *finder, tfr_node_id node, const struct tfr_value *object)
{
    const struct tfr_sym *type = finder->graph->nodes[node].resource->type;
    const struct tfr_value *name;
    size_t i = 0;

    while (i < SCALED && finder->scaled[i] != type)
        i++;
    if (i == SCALED || object->kind != TFR_OBJECT)
        return;
    name = tfr_value_get(object, scaled[i].name);
    tfr_buf_reset(&finder->text);
    tfr_buf_puts(&finder->text, scaled[i].before);
    if (name->kind != TFR_STRING ||
        (i == 0 && !tfr_add_cluster(&finder->text, cluster_of(finder, node, object))))
        return;
    tfr_buf_add(&finder->text, name->text, name->count);
    if (finder->text.len >= TFR_SHORTEST && finder->text.len <= TFR_LONGEST)
        tfr_own_copy(finder->owners, node, tfr_buf_text(&finder->text), finder->text.len, 1);
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

static void find_called(struct finder *finder)
{
    const struct tfr_names *all = finder->graph->document->names;
    const struct tfr_sym *cluster = tfr_names_find(all, "cluster", strlen("cluster"));

    finder->cluster = cluster != NULL ? cluster->id + 1 : 0;
    finder->called_count = tfr_names_count(all);
    finder->called = tfr_calloc((size_t)finder->called_count + 1, sizeof *finder->called);
    for (size_t i = 0; i < IDENTITIES + NAMES; i++) {
        const char *name = i < IDENTITIES ? identities[i].name : names[i - IDENTITIES];
        const struct tfr_sym *sym = tfr_names_find(all, name, strlen(name));

        if (sym != NULL)
            finder->called[sym->id] = (uint8_t)(i + 1);
    }
    for (size_t i = 0; i < SCALED; i++)
        finder->scaled[i] = tfr_names_find(all, scaled[i].type, strlen(scaled[i].type));
}

/* @return true if there are others, deposed or not */
static bool own_nodes(struct finder *finder, bool deposed)
{
    const struct tfr_graph *graph = finder->graph;
    bool others = false;

    for (tfr_node_id i = 0; i < graph->node_count; i++) {
        const struct tfr_resource *resource = graph->nodes[i].resource;

        tfr_fetch_ahead(graph, i);
        if (resource == NULL)
            continue;
        if ((resource->deposed != NULL) != deposed) {
            others = true;
            continue;
        }
        own_all(finder, i, &resource->before);
        own_scaled(finder, i, &resource->before);
        if (resource->after.object == resource->before.object)
            continue;
        own_all(finder, i, &resource->after);
        own_scaled(finder, i, &resource->after);
    }
    return others;
}

struct tfr_owners *tfr_find_identities(const struct tfr_graph_builder *builder)
{
    struct finder finder = { .graph = builder->graph,
                             .builder = builder,
                             .owners = tfr_owners_new(builder->graph) };

    finder.wanted = tfr_calloc(LAYOUTS, sizeof *finder.wanted);
    find_called(&finder);
    if (own_nodes(&finder, false))
        (void)own_nodes(&finder, true);
    tfr_owners_settle(finder.owners);
    tfr_free(finder.wanted);
    tfr_free(finder.called);
    tfr_buf_fini(&finder.text);
    return finder.owners;
}
