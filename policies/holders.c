/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects that stay and still hold an identity of one that the plan destroys. The graph knows who
 * held it before the apply; what is asked here is whether the value stays, and whether it is an
 * identity for sure: a name that people choose is one only where the attribute's own name says so.
 */
#include "policies/holders.h"

#include "policies/wires.h"

#include <stdlib.h>
#include <string.h>

/* Attributes that name their object in the whole world, or within its account. */
static const char *const identities[] = {
    "arn",
    "id",
    "url",
    "self_link",
    "endpoint",
    "dns_name",
    "address",
    "invoke_arn",
    "repository_url",
    "primary_endpoint_address",
    "reader_endpoint",
    "configuration_endpoint_address",
};

/* Attributes that hold a name: an identity only where the attribute that holds it says whose. */
static const char *const names[] = { "name",          "bucket",
                                     "identifier",    "cluster_identifier",
                                     "function_name", "replication_group_id" };

/* Shorter texts meet by accident, bytes. */
#define SHORTEST 8

/* Only in the state: nothing real goes away with them. */
static bool is_imaginary(const struct tfr_resource *resource)
{
    static const char *const providers[] = { "random", "null",     "time",     "tls",
                                             "local",  "template", "external", "terraform" };
    const char *provider = resource->provider != NULL ? resource->provider->text : "";
    const char *last = strrchr(provider, '/');

    last = last != NULL ? last + 1 : provider;
    for (size_t i = 0; i < sizeof providers / sizeof providers[0]; i++) {
        const size_t len = strlen(providers[i]);

        if (strcmp(last, providers[i]) == 0 ||
            (strncmp(resource->type->text, providers[i], len) == 0 &&
             resource->type->text[len] == '_'))
            return true;
    }
    return false;
}

/* ---- is it an identity -------------------------------------------------------------------------
 */

static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

/* The whole text, or a word of it: queue/jobs is not in queue/jobs-dead. */
static bool holds(const struct tfr_value *value, const struct tfr_value *identity)
{
    const char *end;

    if (value->kind != TFR_STRING || identity->kind != TFR_STRING || identity->count < SHORTEST)
        return false;
    end = value->text + value->count;
    for (const char *at = value->text; (size_t)(end - at) >= identity->count; at++) {
        at = strstr(at, identity->text);
        if (at == NULL)
            return false;
        if ((at == value->text || !in_word(at[-1])) &&
            (at + identity->count == end || !in_word(at[identity->count])))
            return true;
    }
    return false;
}

/* The id repeats what somebody wrote into another attribute: bucket, name, family. */
static bool is_chosen(const struct tfr_value *object, const struct tfr_value *identity)
{
    if (memchr(identity->text, ':', identity->count) != NULL)
        return false;
    for (uint32_t i = 0; i < object->count; i++) {
        const char *name = tfr_member_name(object, i)->text;
        const size_t len = strlen(name);
        bool made = len > 3 && strcmp(name + len - 3, "_id") == 0;

        if (made || !tfr_value_equal(tfr_member_value(object, i), identity))
            continue;
        for (size_t k = 0; k < sizeof identities / sizeof identities[0]; k++)
            made = made || strcmp(name, identities[k]) == 0;
        if (!made)
            return true;
    }
    return false;
}

/* The last word of a type, "bucket" of aws_s3_bucket, stands in the name of the attribute. */
static bool is_typed(const struct tfr_resource *gone, const struct tfr_sym *path)
{
    const char *word = strrchr(gone->type->text, '_');
    const char *attribute = strrchr(path->text, '.');

    while (attribute != NULL && attribute > path->text && attribute[1] >= '0' &&
           attribute[1] <= '9') {
        do
            attribute--;
        while (attribute > path->text && *attribute != '.');
    }
    return word != NULL && strstr(attribute != NULL ? attribute : path->text, word + 1) != NULL;
}

static const char *name_in(const struct tfr_resource *gone, const struct tfr_edge *edge,
                           const struct tfr_value *value)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct tfr_value *name = tfr_value_get(&gone->before, names[i]);

        if (name->kind == TFR_STRING && name->count >= SHORTEST && tfr_value_equal(name, value) &&
            edge->origin == TFR_ORIGIN_VALUE && is_typed(gone, edge->path))
            return names[i];
    }
    return NULL;
}

/* The identity that the value holds, NULL if it is none for sure. */
static const char *identity_in(const struct tfr_resource *gone, const struct tfr_edge *edge,
                               const struct tfr_value *value)
{
    for (size_t i = 0; i < sizeof identities / sizeof identities[0]; i++) {
        const struct tfr_value *identity = tfr_value_get(&gone->before, identities[i]);

        if (!holds(value, identity))
            continue;
        if (!is_chosen(&gone->before, identity) ||
            (edge->origin == TFR_ORIGIN_VALUE && is_typed(gone, edge->path)))
            return identities[i];
    }
    return name_in(gone, edge, value);
}

/* ---- who holds it ------------------------------------------------------------------------------
 */

struct held {
    const struct tfr_resource *holder, *gone;
    const struct tfr_edge *edge;
    const char *identity; /* the attribute of `gone` */
    bool sure;            /* else known after the apply */
};

struct look {
    const struct tfr_input *in;
    struct held *at;
    size_t count, cap;
};

/* What the list around a path holds after the apply; absent if there is no list. */
static const struct tfr_value *list_around(const struct tfr_resource *holder, const char *path)
{
    const char *last = strrchr(path, '.');
    const struct tfr_value *list = &tfr_absent;
    struct tfr_buf text = { 0 };

    if (last == NULL || last[1] < '0' || last[1] > '9')
        return list;
    tfr_buf_add(&text, path, (size_t)(last - path));
    list = tfr_value_path(&holder->after, tfr_buf_text(&text));
    tfr_buf_fini(&text);
    return list;
}

/* It is there after the apply, in its place or in another one of its list. */
static bool stays(const struct held *held)
{
    const char *path = held->edge->path->text;
    const struct tfr_value *list = list_around(held->holder, path);

    if (identity_in(held->gone, held->edge, tfr_value_path(&held->holder->after, path)) != NULL)
        return true;
    for (uint32_t i = 0; list->kind == TFR_LIST && i < list->count; i++) {
        if (identity_in(held->gone, held->edge, &list->items[i]) != NULL)
            return true;
    }
    return false;
}

/* What is unknown after the apply could be the old identity still, unless it is clear what it will
 * be made of. */
static bool may_stay(const struct look *look, const struct held *held)
{
    const tfr_node_id node = tfr_graph_node_of(look->in->graph, held->holder);
    const char *path = held->edge->path->text;
    struct tfr_edges edges;
    const struct tfr_unresolved *unresolved;
    uint32_t count = 0;
    bool explained = false;

    if (tfr_value_path(&held->holder->after, path)->kind != TFR_UNKNOWN || node == TFR_NO_NODE)
        return false;
    edges = tfr_graph_dependencies(look->in->graph, node);
    for (uint32_t i = 0; i < edges.count; i++)
        explained = explained || (tfr_edge_at(&edges, i)->origin == TFR_ORIGIN_REFERENCE &&
                                  tfr_path_begins(tfr_edge_at(&edges, i)->path, path));
    unresolved = tfr_graph_unresolved_of(look->in->graph, node, &count);
    for (uint32_t i = 0; i < count; i++)
        explained = explained && !tfr_path_begins(unresolved[i].path, path);
    return !explained;
}

/* Words for people, and what only makes Terraform do something again. */
static bool is_remark(const struct tfr_sym *path)
{
    static const char *const remarks[] = { "tags",     "tags_all",         "labels", "description",
                                           "triggers", "triggers_replace", "keepers" };

    for (size_t i = 0; i < sizeof remarks / sizeof remarks[0]; i++) {
        if (tfr_path_begins(path, remarks[i]))
            return true;
    }
    return false;
}

/* Edges are sorted by the other end: one entry for each holder, a sure one if there is one.
 * @return true if it is held, or may be */
static bool add(struct look *look, const struct tfr_resource *gone, const struct tfr_edge *edge)
{
    const struct tfr_resource *holder = tfr_graph_node(look->in->graph, edge->from)->resource;
    struct held held = { .holder = holder, .gone = gone, .edge = edge };
    struct held *last = look->count > 0 ? &look->at[look->count - 1] : NULL;

    if ((edge->origin != TFR_ORIGIN_VALUE && edge->origin != TFR_ORIGIN_DOCUMENT) ||
        edge->path == NULL || holder == NULL || holder->mode != TFR_MANAGED ||
        !tfr_resource_is_live(holder) || is_imaginary(holder) || is_remark(edge->path))
        return false;
    held.identity = identity_in(gone, edge, tfr_value_path(&holder->before, edge->path->text));
    if (held.identity == NULL)
        return false;
    held.sure = stays(&held);
    if (!held.sure && !may_stay(look, &held))
        return false;
    if (last != NULL && last->holder == holder && last->gone == gone) {
        *last = held.sure && !last->sure ? held : *last;
        return true;
    }
    look->at = tfr_grow(look->at, &look->cap, look->count + 1, sizeof *look->at);
    look->at[look->count++] = held;
    return true;
}

/* ---- answers -----------------------------------------------------------------------------------
 */

/* A permission for something that is gone allows nothing, and a picture of it shows nothing: they
 * are only left over. */
static bool is_left_over(const struct held *held)
{
    static const char end[] = "_policy";
    const struct tfr_resource *holder = held->holder;

    if (tfr_sym_is(holder->type, "aws_lambda_permission"))
        return tfr_path_begins(held->edge->path, "source_arn");
    return tfr_sym_is(holder->type, "aws_cloudwatch_dashboard") ||
           strncmp(holder->type->text, "aws_iam_", strlen("aws_iam_")) == 0 ||
           (holder->type->len >= sizeof end &&
            strcmp(holder->type->text + holder->type->len - strlen(end), end) == 0);
}

/* Sure ones first, so that the first of a holder says what is the matter. */
static int by_holder(const void *a, const void *b)
{
    const struct held *x = a, *y = b;

    if (x->holder != y->holder)
        return x->holder < y->holder ? -1 : 1;
    if (x->sure != y->sure)
        return x->sure ? -1 : 1;
    return (x->gone > y->gone) - (x->gone < y->gone);
}

static void report(const struct look *look, struct tfr_findings_builder *out, size_t first,
                   size_t end)
{
    const struct held *held = &look->at[first];
    const char *path = held->edge->path->text;
    const char *gone = held->gone->address->text;
    size_t more = 0;

    for (size_t i = first + 1; i < end; i++)
        more += look->at[i].sure;
    if (!held->sure) {
        tfr_findings_undecided(out, held->holder, path,
                               "whether it still holds the %s of %s, which this plan destroys, is "
                               "known after the apply",
                               held->identity, gone);
        return;
    }
    tfr_findings_add(out, held->holder, "%s still holds the %s of %s, which this plan destroys",
                     path, held->identity, gone);
    for (size_t i = first; i <= first + more; i++)
        tfr_finding_edge(out, look->in->graph, look->at[i].edge);
    if (is_left_over(held))
        tfr_finding_lower(out, 2);
}

static bool is_destroyed(const struct tfr_resource *resource)
{
    return resource->deposed == NULL && resource->mode == TFR_MANAGED &&
           tfr_resource_is_destroyed(resource) && !is_imaginary(resource) &&
           resource->before.kind == TFR_OBJECT;
}

void tfr_check_holders(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run changed = tfr_input_changed(in);
    struct look look = { .in = in };
    size_t end;

    for (uint32_t i = 0; i < changed.count; i++) {
        const struct tfr_resource *gone = changed.at[i];
        const tfr_node_id node =
            is_destroyed(gone) ? tfr_graph_node_of(in->graph, gone) : TFR_NO_NODE;
        struct tfr_edges edges;
        bool held = false;

        if (node == TFR_NO_NODE)
            continue;
        edges = tfr_graph_dependants(in->graph, node);
        for (uint32_t k = 0; k < edges.count; k++)
            held = add(&look, gone, tfr_edge_at(&edges, k)) || held;
        if (!held)
            tfr_findings_pass(out, gone);
    }
    if (look.count > 0)
        qsort(look.at, look.count, sizeof *look.at, by_holder);
    for (size_t first = 0; first < look.count; first = end) {
        end = first + 1;
        while (end < look.count && look.at[end].holder == look.at[first].holder)
            end++;
        report(&look, out, first, end);
    }
    tfr_free(look.at);
}
