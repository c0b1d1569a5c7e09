/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/connection.h"

#include "policies/compile.h"
#include "policies/meant.h"

#include <string.h>

/* Who is not looked at has the place 0. */
static uint32_t place(const struct tfr_sets_work *work, const struct tfr_resource *resource)
{
    const size_t at = tfr_object_place(work->ctx->document, resource);

    return at != SIZE_MAX ? work->ctx->places[at] : 0;
}

size_t tfr_sets_place(const struct tfr_sets_work *work, const struct tfr_resource *resource)
{
    return place(work, resource) - 1;
}

struct tfr_sets tfr_sets_new(struct tfr_sets_work *work)
{
    return (struct tfr_sets){ tfr_arena_zalloc(&work->arena, work->count + 1), NULL };
}

void tfr_sets_say(struct tfr_sets_work *work, struct tfr_sets *sets, size_t at, const char *because)
{
    if (sets->because == NULL && because != NULL)
        sets->because = tfr_arena_zalloc(&work->arena, work->count * sizeof(char *));
    if (sets->because != NULL)
        sets->because[at] = because;
}

bool tfr_sets_has(const struct tfr_sets_work *work, const struct tfr_resource *resource)
{
    const uint32_t at = place(work, resource);

    return at > 0 && (work->scope == NULL || work->scope[at - 1] != 0);
}

/* ---- children without a connection: one object at a time ---- */

void tfr_sets_plain(struct tfr_sets_work *work, const struct tfr_block *block,
                    struct tfr_sets *sets)
{
    struct tfr_type_set types = { 0 };
    struct tfr_resource_run run;

    /* Leaves without types add none, unless all are such. */
    tfr_gather_types(block, false, &work->arena, &types);
    types.all = types.count == 0 && !types.taggable;
    run = tfr_type_index_select(work->ctx->index, &types, work->ctx->policy->program->provider,
                                &work->arena);
    for (uint32_t i = 0; i < run.count; i++) {
        struct tfr_subject subject;
        struct tfr_truth truth;

        if (!tfr_sets_has(work, run.at[i]))
            continue;
        subject = tfr_subject_of(work->ctx, run.at[i]);
        truth = tfr_block_truth(work->ctx, &subject, block);
        if (truth.is == TFR_BROKEN) {
            work->lost = work->lost || block->count > 1;
            continue;
        }
        sets->marks[tfr_sets_place(work, run.at[i])] |=
            truth.is == TFR_YES ? TFR_IN_PASSED
                                : (truth.is == TFR_NO ? TFR_IN_FAILED : TFR_IN_UNKNOWN);
        if (truth.is == TFR_MAYBE)
            tfr_sets_say(work, sets, tfr_sets_place(work, run.at[i]),
                         truth.because != NULL
                             ? tfr_arena_text(&work->arena, truth.because, strlen(truth.because))
                             : NULL);
        tfr_arena_reset(&work->ctx->scratch);
    }
}

/* ---- connections ---- */

struct ends {
    const struct tfr_condition *leaf;
    const struct tfr_sets *excluded;
    struct tfr_sets *out;
};

static void touch(struct tfr_sets_work *work, const struct ends *ends,
                  const struct tfr_resource *from, const struct tfr_resource *to)
{
    const size_t a = tfr_sets_place(work, from), b = tfr_sets_place(work, to);
    const uint8_t marks = ends->excluded->marks[a] | ends->excluded->marks[b];
    const uint8_t mark = marks & TFR_IN_FAILED
                             ? TFR_IN_FAILED
                             : (marks & TFR_IN_UNKNOWN ? TFR_IN_UNKNOWN : TFR_IN_PASSED);
    const char *because = tfr_sets_because(ends->excluded, a);

    if (because == NULL)
        because = tfr_sets_because(ends->excluded, b);
    ends->out->marks[a] |= mark;
    ends->out->marks[b] |= mark;
    if (mark != TFR_IN_UNKNOWN)
        return;
    tfr_sets_say(work, ends->out, a, because);
    tfr_sets_say(work, ends->out, b, because);
}

/* ---- which edges Checkov has ---- */

/* Known without a look at the object. */
static bool is_left_out(const struct tfr_sets_work *work, tfr_node_id node)
{
    return node < work->ctx->document->changes.count && work->ctx->places[node] == 0;
}

static const struct tfr_resource *true_end(struct tfr_sets_work *work, const struct tfr_edge *edge)
{
    const struct tfr_resource *to;

    if (is_left_out(work, edge->to) || !tfr_edge_is_use(edge, TFR_AFTER))
        return NULL;
    to = tfr_graph_object(work->ctx->graph, edge->to);
    if (to == NULL || !tfr_sets_has(work, to))
        return NULL;
    return tfr_is_ruled_out(work->ctx, edge->from, edge->to) ? NULL : to;
}

/* The other end of an edge, NULL if it does not count in this mode. */
static const struct tfr_resource *other_end(struct tfr_sets_work *work, const struct tfr_edge *edge,
                                            const struct tfr_resource *from)
{
    const struct tfr_resource *to;

    if (work->ctx->mode != TFR_MODE_CHECKOV)
        return true_end(work, edge);
    to = tfr_checkov_end(work->ctx, from, edge);
    return to != NULL && tfr_sets_has(work, to) ? to : NULL;
}

/* A connection that stands alone and names types at one end only: Checkov sees edges among those.
 */
static bool is_in_sight(struct tfr_sets_work *work, const struct tfr_condition *leaf,
                        const struct tfr_resource *resource)
{
    const char *provider = work->ctx->policy->program->provider;
    const struct tfr_type_set *named;
    bool every;

    if (work->ctx->mode != TFR_MODE_CHECKOV || work->scope != NULL)
        return true;
    every = tfr_type_set_is_everything(work->ctx->index, &leaf->types, provider);
    named = every ? &leaf->other_types : &leaf->types;
    return every == tfr_type_set_is_everything(work->ctx->index, &leaf->other_types, provider) ||
           tfr_type_set_has(work->ctx->index, named, resource, provider);
}

static void follow_edges(struct tfr_sets_work *work, const struct ends *ends,
                         const struct tfr_resource *from, const struct tfr_type_set *others)
{
    const struct tfr_graph *graph = work->ctx->graph;
    const tfr_node_id node = tfr_graph_node_of(graph, from);
    struct tfr_edges edges;

    if (node == TFR_NO_NODE || !is_in_sight(work, ends->leaf, from))
        return;
    edges = tfr_graph_dependencies(graph, node);
    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_resource *to = other_end(work, tfr_edge_at(&edges, i), from);

        if (to != NULL && is_in_sight(work, ends->leaf, to) &&
            tfr_context_has_type(work->ctx, others, to, work->ctx->policy->program->provider))
            touch(work, ends, from, to);
    }
}

/* Who has no edge at all: fails `exists`. An unresolved reference of its own leaves that open, if
 * there are `others` that it may lead to. */
static void mark_alone(struct tfr_sets_work *work, const struct ends *ends,
                       const struct tfr_resource *resource, bool others)
{
    const size_t at = tfr_sets_place(work, resource);
    const struct tfr_unresolved *open;
    tfr_node_id node;
    uint32_t count = 0;

    if (ends->out->marks[at] != TFR_IN_NONE)
        return;
    ends->out->marks[at] = TFR_IN_FAILED;
    if (work->ctx->mode == TFR_MODE_CHECKOV || ends->leaf->op == TFR_OP_ONE_EXISTS || !others)
        return;
    node = tfr_graph_node_of(work->ctx->graph, resource);
    open = node != TFR_NO_NODE ? tfr_graph_unresolved_of(work->ctx->graph, node, &count) : NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (open[i].reference == NULL || open[i].path == NULL)
            continue;
        ends->out->marks[at] = TFR_IN_UNKNOWN;
        tfr_sets_say(work, ends->out, at, open[i].reference->text);
        return;
    }
}

static void swap_sets(struct tfr_sets_work *work, struct tfr_sets *sets)
{
    for (size_t i = 0; i < work->count; i++) {
        const uint8_t marks = sets->marks[i];

        sets->marks[i] =
            (uint8_t)((marks & TFR_IN_UNKNOWN) | (marks & TFR_IN_PASSED ? TFR_IN_FAILED : 0) |
                      (marks & TFR_IN_FAILED ? TFR_IN_PASSED : 0));
    }
}

/* While the edges of one object are followed, those of a later one are fetched. */
static void fetch_ahead(const struct tfr_sets_work *work, const struct tfr_resource_run *run,
                        uint32_t at)
{
    const tfr_node_id node =
        at + 4 < run->count ? tfr_graph_node_of(work->ctx->graph, run->at[at + 4]) : TFR_NO_NODE;

    if (node != TFR_NO_NODE)
        TFR_PREFETCH(tfr_graph_dependencies(work->ctx->graph, node).edges);
}

/* From either end to the other one. */
static void follow_all(struct tfr_sets_work *work, const struct ends *ends,
                       const struct tfr_resource_run *a, const struct tfr_resource_run *b)
{
    const struct tfr_condition *leaf = ends->leaf;

    for (uint32_t i = 0; i < a->count; i++) {
        fetch_ahead(work, a, i);
        if (tfr_sets_has(work, a->at[i]))
            follow_edges(work, ends, a->at[i], &leaf->other_types);
    }
    for (uint32_t i = 0; i < b->count; i++) {
        fetch_ahead(work, b, i);
        /* For Checkov one that is at both ends refers from the first. */
        if (tfr_sets_has(work, b->at[i]) &&
            (work->ctx->mode != TFR_MODE_CHECKOV ||
             !tfr_type_set_has(work->ctx->index, &leaf->types, b->at[i],
                               work->ctx->policy->program->provider)))
            follow_edges(work, ends, b->at[i], &leaf->types);
    }
}

void tfr_sets_connected(struct tfr_sets_work *work, const struct tfr_condition *leaf,
                        const struct tfr_sets *excluded, struct tfr_sets *sets)
{
    const char *provider = work->ctx->policy->program->provider;
    const struct tfr_resource_run a =
        tfr_type_index_select(work->ctx->index, &leaf->types, provider, &work->arena);
    const struct tfr_resource_run b =
        tfr_type_index_select(work->ctx->index, &leaf->other_types, provider, &work->arena);
    const struct ends ends = { leaf, excluded, sets };

    /* Most documents have objects at one end only of most connections. */
    if (work->everything || (a.count > 0 && b.count > 0))
        follow_all(work, &ends, &a, &b);
    for (uint32_t i = 0; i < a.count; i++) {
        if (tfr_sets_has(work, a.at[i]))
            mark_alone(work, &ends, a.at[i], b.count > 0);
    }
    for (uint32_t i = 0; i < b.count; i++) {
        if (tfr_sets_has(work, b.at[i]))
            mark_alone(work, &ends, b.at[i], a.count > 0);
    }
    if (leaf->negate)
        swap_sets(work, sets);
    for (size_t i = 0; leaf->op == TFR_OP_ONE_EXISTS && i < work->count; i++) {
        if (sets->marks[i] & TFR_IN_PASSED)
            sets->marks[i] &= (uint8_t)~TFR_IN_FAILED;
    }
}
