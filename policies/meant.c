/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/meant.h"

#include "policies/wires.h"

#include <string.h>

#define MOST 16 /* names of one object that are told apart */

/* What an attribute of an object names by identity. */
struct name {
    const struct tfr_sym *type, *block;
    const char *root; /* the attribute: the first step of a path */
    size_t root_len;
};

struct tfr_by_value {
    uint32_t count;
    struct name at[MOST];
};

static bool is_of_root(const struct name *name, const struct tfr_sym *path)
{
    return tfr_path_begins_with(path, name->root, name->root_len);
}

static void add_name(struct tfr_by_value *named, const struct tfr_node *to,
                     const struct tfr_sym *path)
{
    for (uint32_t i = 0; i < named->count; i++) {
        if (named->at[i].block == to->block && is_of_root(&named->at[i], path))
            return;
    }
    if (named->count < MOST)
        named->at[named->count++] = (struct name){ .type = to->resource->type,
                                                   .block = to->block,
                                                   .root = path->text,
                                                   .root_len = strcspn(path->text, ".") };
}

/* By values that are known: what is not may name anybody. */
static const void *find_names(const struct tfr_input *in, const struct tfr_resource *from)
{
    const struct tfr_value *values = tfr_resource_values(from);
    const struct tfr_edges edges =
        tfr_graph_dependencies(in->graph, tfr_graph_node_of(in->graph, from));
    struct tfr_by_value named = { 0 };

    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_edge *edge = tfr_edge_at(&edges, i);
        const struct tfr_node *to = tfr_graph_node(in->graph, edge->to);

        if (edge->certainty == TFR_BY_VALUE && edge->path != NULL && to->resource != NULL &&
            !tfr_value_has_unknown(tfr_path_root(in->document, values, edge->path)))
            add_name(&named, to, edge->path);
    }
    return tfr_arena_copy(in->scratch, &named,
                          offsetof(struct tfr_by_value, at) + named.count * sizeof *named.at);
}

/* Whether others are named in the place of the end of an edge. */
static bool names_others(const struct tfr_by_value *named, const struct tfr_edge *edge,
                         const struct tfr_node *to)
{
    for (uint32_t i = 0; i < named->count; i++) {
        const struct name *name = &named->at[i];

        if (edge->path == NULL ? name->block == to->block
                               : name->type == to->resource->type && is_of_root(name, edge->path))
            return true;
    }
    return false;
}

/* The first edge to a node; edges are sorted by the other end. */
static uint32_t find_edge(const struct tfr_edges *edges, tfr_node_id to)
{
    uint32_t low = 0, high = edges->count;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (tfr_edge_at(edges, middle)->to < to)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The attribute is there, and there is nothing in it. */
static bool is_empty(const struct tfr_resource *from, const struct tfr_edge *edge)
{
    const struct tfr_value *value;

    if (edge->origin != TFR_ORIGIN_REFERENCE || edge->path == NULL)
        return false;
    value = tfr_value_path(tfr_resource_values(from), edge->path->text);
    return value->kind != TFR_ABSENT && tfr_value_is_blank(value);
}

static bool is_meant(struct tfr_context *ctx, const struct tfr_resource *from,
                     const struct tfr_edge *edge)
{
    const struct tfr_input in = tfr_context_input(ctx);

    if (edge->certainty == TFR_BY_VALUE)
        return true;
    if (is_empty(from, edge))
        return false;
    return edge->certainty != TFR_OVER_APPROXIMATE ||
           !names_others(tfr_context_find(&in, &ctx->by_value, from, find_names), edge,
                         tfr_graph_node(ctx->graph, edge->to));
}

bool tfr_is_ruled_out(struct tfr_context *ctx, tfr_node_id from, tfr_node_id to)
{
    const struct tfr_resource *user = tfr_graph_object(ctx->graph, from);
    const struct tfr_edges edges = tfr_graph_dependencies(ctx->graph, from);
    bool direct = false; /* else its block stands between, for all of its instances */

    if (user == NULL || tfr_graph_object(ctx->graph, to) == NULL)
        return false;
    for (uint32_t i = find_edge(&edges, to); i < edges.count; i++) {
        const struct tfr_edge *edge = tfr_edge_at(&edges, i);

        if (edge->to != to)
            break;
        if (is_meant(ctx, user, edge))
            return false;
        direct = true;
    }
    return direct;
}
