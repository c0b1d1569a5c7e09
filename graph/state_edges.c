/* SPDX-License-Identifier: Apache-2.0 */
/* Edges that a state states. Its depends_on lists are closures over blocks, so they are reduced
 * first. They also tell what the configuration cannot: on what an object stood before. */
#include "graph/build.h"

#include <stdlib.h>
#include <string.h>

/* A depends_on list without what others of it reach. */
struct reduced {
    struct tfr_paths of;
    const struct tfr_sym **at;
    uint32_t count;
    size_t cap;
};

struct reduction {
    struct tfr_graph *graph;
    struct tfr_graph_builder *builder;
    tfr_node_id *needs; /* by name id of a block: the node that has its list + 1, TFR_NO_NODE: there
                           is none, 0: not asked for yet */
    uint32_t *stamp;    /* by name id of a block: the last list or node that has it */
    uint32_t stamps;
    size_t cap;          /* entries of these */
    struct reduced last; /* instances of one block mostly have one list */
    uint32_t *moved;     /* by name id of a block: the first node that has left it + 1 */
    uint32_t *next_moved;
    struct tfr_loose_edge *known; /* what the configuration says of the node at hand */
    uint32_t known_count;
    const struct tfr_sym *left, *right; /* module paths that were compared last */
    uint32_t common;                    /* steps that both begin with */
};

/* ---- lists -------------------------------------------------------------------------------------
 */

/* The depends_on list of a block: that of its first instance that has one. */
static struct tfr_paths needs_of(struct reduction *reduction, const struct tfr_sym *block)
{
    const struct tfr_graph *graph = reduction->graph;
    tfr_node_id *needs = &reduction->needs[block->id];
    tfr_node_id node = *needs == 0 ? tfr_graph_first_in_block(graph, block) : TFR_NO_NODE;

    for (; node != TFR_NO_NODE && *needs == 0; node = tfr_graph_next_in_block(graph, node)) {
        const struct tfr_resource *state = tfr_graph_state_of(graph, node);

        if (state != NULL && state->depends_on.count > 0)
            *needs = node + 1;
    }
    if (*needs == 0)
        *needs = TFR_NO_NODE;
    return *needs != TFR_NO_NODE ? tfr_graph_state_of(graph, *needs - 1)->depends_on
                                 : (struct tfr_paths){ 0 };
}

static bool same_list(struct tfr_paths a, struct tfr_paths b)
{
    return a.count == b.count && (a.count == 0 || a.at == b.at ||
                                  memcmp(a.at, b.at, a.count * sizeof(struct tfr_sym *)) == 0);
}

/* Objects that are not there yet and data sources have no list: what the configuration says of the
 * first instance stands for it. */
static void stamp_configured(struct reduction *reduction, const struct tfr_sym *block,
                             uint32_t stamp)
{
    const tfr_node_id node = tfr_graph_first_in_block(reduction->graph, block);
    const struct tfr_loose_edge *row;
    uint32_t count;

    if (node == TFR_NO_NODE || needs_of(reduction, block).count > 0)
        return;
    row = tfr_configured(reduction->builder, node, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_sym *target = reduction->graph->nodes[row[i].to].block;

        if (target != NULL && target != block)
            reduction->stamp[target->id] = stamp;
    }
}

static void reduce(struct reduction *reduction, struct tfr_paths needs)
{
    struct reduced *last = &reduction->last;
    const uint32_t stamp = ++reduction->stamps;

    if (same_list(last->of, needs))
        return;
    last->of = needs;
    last->count = 0;
    for (uint32_t i = 0; i < needs.count; i++) {
        const struct tfr_paths below = needs_of(reduction, needs.at[i]);

        for (uint32_t j = 0; j < below.count; j++) {
            if (below.at[j] != needs.at[i])
                reduction->stamp[below.at[j]->id] = stamp;
        }
        stamp_configured(reduction, needs.at[i], stamp);
    }
    for (uint32_t i = 0; i < needs.count; i++) {
        if (reduction->stamp[needs.at[i]->id] == stamp)
            continue;
        last->at = tfr_grow(last->at, &last->cap, (size_t)last->count + 1, sizeof *last->at);
        last->at[last->count++] = needs.at[i];
    }
}

/* ---- objects that moved ------------------------------------------------------------------------
 */

/* The block that an object lay in before; NULL if it did not move from one to another. */
static const struct tfr_sym *left_block(struct tfr_graph *graph,
                                        const struct tfr_resource *resource)
{
    struct tfr_buf text = { 0 };
    const struct tfr_sym *block;

    if (resource == NULL || resource->previous_address == NULL)
        return NULL;
    tfr_address_block(&text, resource->previous_address->text, resource->previous_address->len);
    block = tfr_graph_name(graph, tfr_buf_text(&text), text.len);
    tfr_buf_fini(&text);
    return block != resource->block ? block : NULL;
}

/* States that were written before a move name the block that was left. */
static void find_moved(struct reduction *reduction)
{
    struct tfr_graph *graph = reduction->graph;

    for (uint32_t i = graph->node_count; i-- > 0;) {
        const struct tfr_sym *block = left_block(graph, graph->nodes[i].resource);

        if (block == NULL || block->id >= reduction->cap)
            continue;
        reduction->next_moved[i] = reduction->moved[block->id];
        reduction->moved[block->id] = i + 1;
    }
}

/* ---- edges -------------------------------------------------------------------------------------
 */

/* Steps of two paths without keys that are the same. */
static uint32_t count_common(const struct tfr_sym *a, const struct tfr_sym *b)
{
    uint32_t steps = 0;
    size_t at = 0;

    while (at < a->len && at < b->len) {
        size_t ignored;
        const size_t end = tfr_graph_module_step(a, at, &ignored);

        if ((a != b && tfr_graph_module_step(b, at, &ignored) != end) ||
            memcmp(a->text + at, b->text + at, end - at) != 0)
            break;
        at = end;
        steps++;
    }
    return steps;
}

static uint32_t common_steps(struct reduction *reduction, const struct tfr_sym *a,
                             const struct tfr_sym *b)
{
    if (a == NULL || b == NULL)
        return 0;
    if (a != reduction->left || b != reduction->right) {
        reduction->left = a;
        reduction->right = b;
        reduction->common = count_common(a, b);
    }
    return reduction->common;
}

static void add_edge(struct reduction *reduction, const struct tfr_loose_edge *like, tfr_node_id to)
{
    tfr_graph_add_edge(reduction->graph, &reduction->builder->stated, like, to);
}

/* Edges to what a state means by a block. */
static void link_block(struct reduction *reduction, const struct tfr_loose_edge *like,
                       const struct tfr_sym *block)
{
    struct tfr_graph_builder *builder = reduction->builder;
    const struct tfr_graph *graph = reduction->graph;
    const struct tfr_resource *source = graph->nodes[like->from].resource;
    const tfr_node_id first = tfr_graph_first_in_block(graph, block);
    struct tfr_group group;
    uint32_t steps;
    uint32_t module;
    uint32_t number;

    if (first == TFR_NO_NODE)
        return;
    steps =
        common_steps(reduction, source->module_block, graph->nodes[first].resource->module_block);
    module = tfr_module_above(builder, tfr_module_of(builder, like->from), steps);
    number = tfr_group_of(builder, block, module, steps);
    group = tfr_group_at(builder, number);
    if (tfr_makes_many_pairs(builder, group.size, source->block, like->from, steps)) {
        add_edge(reduction, like, tfr_group_hub(builder, number, block, steps));
        return;
    }
    for (tfr_node_id to; (to = tfr_group_next(builder, &group)) != TFR_NO_NODE;)
        add_edge(reduction, like, to);
}

/*
 * The configuration tells of the time after. What a managed object depended on before is in its
 * state. Of an imported one no state tells: it stood, and nobody says on what else.
 */
static void set_times(struct reduction *reduction, tfr_node_id node,
                      const struct tfr_resource *state)
{
    const struct tfr_graph *graph = reduction->graph;
    const uint32_t stamp = ++reduction->stamps;

    if (graph->document->kind != TFR_PLAN || state == NULL || state->mode == TFR_DATA ||
        graph->nodes[node].resource->importing)
        return;
    for (uint32_t i = 0; i < state->depends_on.count; i++) {
        reduction->stamp[state->depends_on.at[i]->id] = stamp;
        for (uint32_t at = reduction->moved[state->depends_on.at[i]->id]; at != 0;
             at = reduction->next_moved[at - 1])
            reduction->stamp[graph->nodes[at - 1].block->id] = stamp;
    }
    for (uint32_t i = 0; i < reduction->known_count; i++) {
        struct tfr_loose_edge *edge = &reduction->known[i];
        const struct tfr_sym *block = graph->nodes[edge->to].block;

        if (block != NULL && reduction->stamp[block->id] != stamp)
            edge->when &= TFR_AFTER;
    }
}

/* Blocks that the configuration's edges of this node lead to: it tells which instances are meant,
 * while the state knows blocks only. */
static uint32_t stamp_known(struct reduction *reduction)
{
    const uint32_t stamp = ++reduction->stamps;

    for (uint32_t i = 0; i < reduction->known_count; i++) {
        const struct tfr_sym *block = reduction->graph->nodes[reduction->known[i].to].block;

        if (block != NULL)
            reduction->stamp[block->id] = stamp;
    }
    return stamp;
}

static void add_node(struct reduction *reduction, tfr_node_id node)
{
    const struct tfr_resource *state = tfr_graph_state_of(reduction->graph, node);
    const struct tfr_loose_edge edge = { .from = node & TFR_MOST_NODES,
                                         .when = reduction->graph->nodes[node].when & 3U,
                                         .certainty = TFR_OVER_APPROXIMATE,
                                         .origin = TFR_ORIGIN_STATE };
    uint32_t known;

    if ((edge.when & TFR_BEFORE) == 0)
        return;
    set_times(reduction, node, state);
    if (state == NULL || state->depends_on.count == 0)
        return;
    reduce(reduction, state->depends_on);
    known = stamp_known(reduction);
    for (uint32_t i = 0; i < reduction->last.count; i++) {
        const struct tfr_sym *block = reduction->last.at[i];

        if (reduction->stamp[block->id] != known)
            link_block(reduction, &edge, block);
        for (uint32_t at = reduction->moved[block->id]; at != 0;
             at = reduction->next_moved[at - 1]) {
            if (reduction->stamp[reduction->graph->nodes[at - 1].block->id] != known)
                add_edge(reduction, &edge, at - 1);
        }
    }
}

void tfr_graph_add_state(struct tfr_graph_builder *builder)
{
    struct tfr_graph *graph = builder->graph;
    const uint32_t nodes = graph->node_count;
    struct reduction reduction = { .graph = graph,
                                   .builder = builder,
                                   .cap = tfr_names_count(graph->document->names) };

    reduction.needs = tfr_calloc(reduction.cap, sizeof *reduction.needs);
    reduction.stamp = tfr_calloc(reduction.cap, sizeof *reduction.stamp);
    reduction.moved = tfr_calloc(reduction.cap, sizeof *reduction.moved);
    reduction.next_moved = tfr_calloc(nodes, sizeof *reduction.next_moved);
    find_moved(&reduction);
    /* Nodes that are made on the way stand for blocks and have no state. */
    for (tfr_node_id node = 0; node < nodes; node++) {
        reduction.known = tfr_configured(builder, node, &reduction.known_count);
        add_node(&reduction, node);
    }
    tfr_free(reduction.needs);
    tfr_free(reduction.stamp);
    tfr_free(reduction.moved);
    tfr_free(reduction.next_moved);
    tfr_free((void *)reduction.last.at);
}
