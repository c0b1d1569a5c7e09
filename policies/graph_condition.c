/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Graph conditions: who is at the other end of an edge. Counts are kept as an interval: neighbours
 * whose `where` is undecided may or may not count, and a reference that leads nowhere may be one
 * more. The answer is given when no choice changes it.
 */
#include "policies/join.h"
#include "policies/meant.h"

#include <string.h>

/* Edges that reach a node lie far from each other. */
#define FETCH_AHEAD 4

struct count {
    uint32_t sure, maybe;
    const char *because;
};

static struct tfr_truth within_bounds(const struct tfr_graph_condition *graph,
                                      const struct count *count)
{
    const uint32_t least = count->sure, most = count->sure + count->maybe;
    const bool low = least >= graph->at_least && least <= graph->at_most;

    if (count->maybe == 0 || (least >= graph->at_least && most <= graph->at_most))
        return tfr_truth_of(low);
    if (most < graph->at_least || least > graph->at_most)
        return tfr_truth_of(false);
    return (struct tfr_truth){ TFR_MAYBE, count->because };
}

static bool path_fits(const struct tfr_graph_condition *graph, const struct tfr_sym *at)
{
    if (graph->paths == NULL)
        return true;
    for (const char *const *path = graph->paths; *path != NULL; path++) {
        const size_t len = strlen(*path);

        if (at != NULL && at->len >= len && memcmp(at->text, *path, len) == 0 &&
            (at->len == len || at->text[len] == '.'))
            return true;
    }
    return false;
}

/* What most neighbours are: not live, or of a type of which is remembered that it is not meant. */
static bool is_surely_none(struct tfr_context *ctx, const struct tfr_graph_condition *graph,
                           const struct tfr_brief *brief)
{
    const struct tfr_type_memo *memo;

    if ((brief->is & TFR_BRIEF_LIVE) == 0)
        return true;
    memo = tfr_context_memo(ctx, &graph->types, brief->type);
    return tfr_memo_is_of(memo, &graph->types, brief->type, brief->mode) &&
           memo->answer == TFR_ANSWER_NO;
}

/* The object of a node, NULL if it does not live on or is none of the types. */
static const struct tfr_resource *live_neighbour(struct tfr_context *ctx, tfr_node_id node,
                                                 const struct tfr_graph_condition *graph)
{
    const struct tfr_brief *brief = tfr_briefs_at(tfr_context_briefs(ctx), node);
    const struct tfr_resource *resource;

    if (brief != NULL && is_surely_none(ctx, graph, brief))
        return NULL;
    resource = tfr_graph_object(ctx->graph, node);
    if (resource == NULL || (brief == NULL && !tfr_resource_is_live(resource)))
        return NULL;
    return tfr_context_has_type(ctx, &graph->types, resource, NULL) ? resource : NULL;
}

static void add_neighbour(struct tfr_context *ctx, const struct tfr_graph_condition *graph,
                          const struct tfr_resource *resource, struct count *count)
{
    const struct tfr_subject other = tfr_subject_of(ctx, resource);
    const struct tfr_truth truth = tfr_block_truth(ctx, &other, &graph->where);

    count->sure += truth.is == TFR_YES;
    count->maybe += truth.is == TFR_MAYBE;
    if (truth.is == TFR_MAYBE)
        count->because = truth.because;
}

/* ---- references that lead nowhere ---- */

/* All of the document, in their order. */
static void list_open(struct tfr_context *ctx)
{
    uint32_t count = 0;
    const struct tfr_unresolved *all = tfr_graph_unresolved(ctx->graph, &count);
    const struct tfr_briefs *briefs = tfr_context_briefs(ctx);

    ctx->open = tfr_arena_alloc(&ctx->kept, (count + 1u) * sizeof *ctx->open);
    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_brief *brief = tfr_briefs_at(briefs, all[i].from);
        const struct tfr_resource *resource = NULL;

        if (brief != NULL && (brief->is & (TFR_BRIEF_LIVE | TFR_BRIEF_SETTLED)) != TFR_BRIEF_LIVE)
            continue; /* most are known */
        resource = tfr_graph_object(ctx->graph, all[i].from);
        if (resource != NULL && all[i].path != NULL &&
            (brief != NULL || tfr_resource_is_live(resource)) &&
            tfr_value_has_unknown(
                tfr_path_root(ctx->document, tfr_resource_values(resource), all[i].path)))
            ctx->open[ctx->open_count++] = (struct tfr_open){ &all[i], resource };
    }
}

const struct tfr_open *tfr_context_open(struct tfr_context *ctx, uint32_t *count)
{
    if (ctx->open == NULL)
        list_open(ctx);
    *count = ctx->open_count;
    return ctx->open;
}

bool tfr_context_is_open(struct tfr_context *ctx)
{
    if (ctx->open == NULL)
        list_open(ctx);
    for (uint32_t i = 0; i < ctx->open_count; i++) {
        if (ctx->open[i].resource->mode != TFR_PROVIDER)
            return true;
    }
    return false;
}

/* The first one of an object of these types. */
static const char *find_opaque(struct tfr_context *ctx, const struct tfr_graph_condition *graph)
{
    if (ctx->open == NULL)
        list_open(ctx);
    for (uint32_t i = 0; i < ctx->open_count; i++) {
        const struct tfr_unresolved *open = ctx->open[i].reference;

        if (path_fits(graph, open->path) &&
            tfr_context_has_type(ctx, &graph->types, ctx->open[i].resource, NULL))
            return open->reference != NULL ? open->reference->text : open->path->text;
    }
    return NULL;
}

/* The same for every subject of a policy: worked out once. */
static const char *opaque_of(struct tfr_context *ctx, const struct tfr_graph_condition *graph)
{
    const char *because;

    for (uint32_t i = 0; i < ctx->opaque_count; i++) {
        if (ctx->opaque[i].condition == graph)
            return ctx->opaque[i].because;
    }
    because = find_opaque(ctx, graph);
    if (ctx->opaque_count < TFR_OPAQUE_MEMO) {
        ctx->opaque[ctx->opaque_count].condition = graph;
        ctx->opaque[ctx->opaque_count++].because = because;
    }
    return because;
}

/* Objects at the other end of direct edges. */
struct neighbourhood {
    struct tfr_context *ctx;
    const struct tfr_graph_condition *graph;
    bool up;
    bool loosely;     /* whatever may be meant counts */
    tfr_node_id seen; /* edges are sorted by the other end */
    struct count count;
};

/* More than any bound of the condition: counting on would change nothing. */
static bool is_decided(const struct neighbourhood *at)
{
    const uint32_t most =
        at->graph->at_most > at->graph->at_least && at->graph->at_most != UINT32_MAX
            ? at->graph->at_most
            : at->graph->at_least;

    return at->count.sure > most;
}

/* @param path_edge the one of two edges through a block that carries the path, NULL: `edge` itself
 */
static void count_one(struct neighbourhood *at, const struct tfr_edge *edge,
                      const struct tfr_edge *path_edge)
{
    const tfr_node_id other = at->up ? edge->from : edge->to;
    const struct tfr_resource *resource;

    if (other == at->seen || !tfr_edge_is_use(edge, TFR_AFTER))
        return;
    resource = live_neighbour(at->ctx, other, at->graph);
    if (resource == NULL || !path_fits(at->graph, path_edge != NULL ? path_edge->path : edge->path))
        return;
    at->seen = other;
    if (!at->loosely && path_edge == NULL && edge->certainty != TFR_BY_VALUE &&
        tfr_is_ruled_out(at->ctx, edge->from, edge->to))
        return;
    add_neighbour(at->ctx, at->graph, resource, &at->count);
}

static struct count count_neighbours(struct tfr_context *ctx, const struct tfr_subject *subject,
                                     const struct tfr_graph_condition *graph, bool up, bool loosely)
{
    struct neighbourhood at = {
        .ctx = ctx, .graph = graph, .up = up, .loosely = loosely, .seen = TFR_NO_NODE
    };
    const struct tfr_edges edges = up ? tfr_graph_dependants(ctx->graph, subject->node)
                                      : tfr_graph_dependencies(ctx->graph, subject->node);
    const struct tfr_briefs *briefs = tfr_context_briefs(ctx);

    for (uint32_t i = 0; i < edges.count && !is_decided(&at); i++) {
        const tfr_node_id other = up ? tfr_edge_at(&edges, i)->from : tfr_edge_at(&edges, i)->to;
        const struct tfr_brief *brief = tfr_briefs_at(briefs, other);
        struct tfr_edges behind = { 0 };

        if (up && i + FETCH_AHEAD < edges.count)
            TFR_PREFETCH(tfr_edge_at(&edges, i + FETCH_AHEAD));
        if (brief != NULL && is_surely_none(ctx, graph, brief))
            continue;
        if (brief == NULL && tfr_graph_node(ctx->graph, other)->kind == TFR_NODE_BLOCK)
            behind = up ? tfr_graph_dependants(ctx->graph, other)
                        : tfr_graph_dependencies(ctx->graph, other);
        else
            count_one(&at, tfr_edge_at(&edges, i), NULL);
        for (uint32_t j = 0; j < behind.count && !is_decided(&at); j++)
            count_one(&at, tfr_edge_at(&behind, j),
                      up ? tfr_edge_at(&behind, j) : tfr_edge_at(&edges, i));
    }
    return at.count;
}

static void add_opaque(struct tfr_context *ctx, const struct tfr_graph_condition *graph,
                       struct count *count)
{
    const char *because = opaque_of(ctx, graph);

    if (because == NULL)
        return;
    count->maybe++;
    count->because = because;
}

static bool is_in_output(const struct tfr_context *ctx, const struct tfr_subject *subject)
{
    const struct tfr_edges edges = tfr_graph_dependants(ctx->graph, subject->node);

    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_edge *edge = tfr_edge_at(&edges, i);

        if (tfr_edge_is_use(edge, TFR_AFTER) &&
            tfr_graph_node(ctx->graph, edge->from)->kind == TFR_NODE_OUTPUT)
            return true;
    }
    return false;
}

static struct tfr_truth unreferenced(struct tfr_context *ctx, const struct tfr_subject *subject,
                                     const struct tfr_graph_condition *graph)
{
    struct count count = count_neighbours(ctx, subject, graph, true, true);

    if (count.sure > 0 || is_in_output(ctx, subject))
        return tfr_truth_of(false);
    add_opaque(ctx, graph, &count);
    return count.maybe > 0 ? (struct tfr_truth){ TFR_MAYBE, count.because } : tfr_truth_of(true);
}

static struct tfr_truth neighbours(struct tfr_context *ctx, const struct tfr_subject *subject,
                                   const struct tfr_graph_condition *graph, bool up)
{
    struct count count = count_neighbours(ctx, subject, graph, up, false);
    uint32_t opaque = 0;

    if (up) {
        add_opaque(ctx, graph, &count);
    } else {
        const struct tfr_unresolved *own =
            tfr_graph_unresolved_of(ctx->graph, subject->node, &opaque);

        for (uint32_t i = 0; i < opaque; i++) {
            if (!path_fits(graph, own[i].path))
                continue;
            count.maybe++;
            count.because =
                own[i].reference != NULL ? own[i].reference->text : "an unresolved reference";
        }
    }
    return within_bounds(graph, &count);
}

static struct tfr_nodes reach(struct tfr_context *ctx, const struct tfr_subject *subject,
                              const struct tfr_graph_condition *graph)
{
    const struct tfr_walk walk = { .direction = (enum tfr_direction)graph->direction,
                                   .when = TFR_AFTER,
                                   .depth = graph->depth,
                                   .resources_only = true };
    struct tfr_nodes nodes = { NULL, 0 };

    tfr_graph_reach(ctx->graph, subject->node, &walk, &nodes);
    return nodes;
}

static struct tfr_truth reachable(struct tfr_context *ctx, const struct tfr_subject *subject,
                                  const struct tfr_graph_condition *graph)
{
    struct tfr_nodes nodes = reach(ctx, subject, graph);
    struct count count = { 0, 0, NULL };
    uint32_t opaque = 0;
    const struct tfr_unresolved *own = tfr_graph_unresolved_of(ctx->graph, subject->node, &opaque);

    for (uint32_t i = 0; i < nodes.count && count.sure == 0; i++) {
        const struct tfr_resource *resource = live_neighbour(ctx, nodes.at[i], graph);

        if (resource != NULL)
            add_neighbour(ctx, graph, resource, &count);
    }
    tfr_nodes_fini(&nodes);
    if (count.sure > 0)
        return tfr_truth_of(true);
    if (graph->direction != TFR_UP && opaque > 0) {
        count.maybe++;
        count.because =
            own[0].reference != NULL ? own[0].reference->text : "an unresolved reference";
    }
    return count.maybe > 0 ? (struct tfr_truth){ TFR_MAYBE, count.because } : tfr_truth_of(false);
}

/* How many different values; unknown ones may be equal to a known one or not. */
static struct tfr_truth distinct(struct tfr_context *ctx, const struct tfr_subject *subject,
                                 const struct tfr_graph_condition *graph)
{
    struct tfr_nodes nodes = reach(ctx, subject, graph);
    const struct tfr_value **values =
        tfr_arena_alloc(&ctx->scratch, (nodes.count + 1) * sizeof(struct tfr_value *));
    const bool direct = graph->direction == TFR_DOWN && graph->depth == 1;
    struct count count = { 0, 0, NULL };

    for (uint32_t i = 0; i < nodes.count && count.sure <= graph->at_least; i++) {
        const struct tfr_resource *resource = live_neighbour(ctx, nodes.at[i], graph);
        struct tfr_subject other;
        const struct tfr_value *value;
        bool known = false;

        if (resource == NULL || (direct && tfr_is_ruled_out(ctx, subject->node, nodes.at[i])))
            continue;
        other = tfr_subject_of(ctx, resource);
        if (tfr_block_truth(ctx, &other, &graph->where).is == TFR_NO)
            continue;
        value = tfr_attribute_first(ctx, &other, graph->path);
        if (tfr_value_has_unknown(value)) {
            count.maybe++;
            count.because = tfr_attribute_because(ctx, &other, graph->path);
            continue;
        }
        for (uint32_t k = 0; k < count.sure && !known; k++)
            known = tfr_python_equal(values[k], value);
        if (!known && !tfr_value_is_blank(value))
            values[count.sure++] = value;
    }
    tfr_nodes_fini(&nodes);
    return within_bounds(graph, &count);
}

/* Objects of a second type whose attribute has the same value; what is unknown on either side may
 * be equal or not. */
static struct tfr_truth joined(struct tfr_context *ctx, const struct tfr_subject *subject,
                               const struct tfr_graph_condition *graph)
{
    const struct tfr_value *own = tfr_attribute_first(ctx, subject, graph->path);
    const struct tfr_join *join = tfr_join_get(ctx, graph);
    uint32_t open_count;
    const struct tfr_resource *open = tfr_join_unknown(join, &open_count);
    struct count count = { 0, 0, NULL };

    if (tfr_value_is_blank(own))
        return within_bounds(graph, &count);
    if (tfr_value_has_unknown(own)) {
        count.maybe = tfr_join_count(join);
        count.because = tfr_attribute_because(ctx, subject, graph->path);
        return within_bounds(graph, &count);
    }
    for (const struct tfr_join_row *row = tfr_join_find(join, own); row != NULL; row = row->next)
        add_neighbour(ctx, graph, row->resource, &count);
    if (open != NULL && count.maybe == 0) {
        const struct tfr_subject other = tfr_subject_of(ctx, open);

        count.because = tfr_attribute_because(ctx, &other, graph->other);
    }
    count.maybe += open_count;
    return within_bounds(graph, &count);
}

struct tfr_truth tfr_graph_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                 const struct tfr_graph_condition *graph)
{
    if (ctx->graph == NULL || subject->node == TFR_NO_NODE)
        return (struct tfr_truth){ TFR_MAYBE, "the graph" };
    switch (graph->op) {
    case TFR_GRAPH_UNREFERENCED:
        return unreferenced(ctx, subject, graph);
    case TFR_GRAPH_DEPENDANTS:
        return neighbours(ctx, subject, graph, true);
    case TFR_GRAPH_DEPENDENCIES:
        return neighbours(ctx, subject, graph, false);
    case TFR_GRAPH_REACHABLE:
        return reachable(ctx, subject, graph);
    case TFR_GRAPH_DISTINCT:
        return distinct(ctx, subject, graph);
    default:
        return joined(ctx, subject, graph);
    }
}
