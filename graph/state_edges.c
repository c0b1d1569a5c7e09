/* SPDX-License-Identifier: Apache-2.0 */
/* Edges that a state states. Its depends_on lists are closures over blocks, so they are reduced
 * first. */
#include "graph/build.h"

#include <stdlib.h>
#include <string.h>

struct reduction {
    struct tfr_graph *graph;
    struct tfr_graph_builder *builder;
    uint32_t *reached; /* by name id of a block: the node whose dependencies reach it through
                          another + 1 */
    size_t reached_cap;
    struct tfr_edge *known; /* edges of configuration, sorted by from and to */
    size_t known_count;
};

static int by_ends(const void *left, const void *right)
{
    const struct tfr_edge *a = left;
    const struct tfr_edge *b = right;

    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->to < b->to ? -1 : a->to > b->to;
}

/* The depends_on list of a block: that of its first instance that has one. */
static struct tfr_paths needs_of(const struct tfr_graph *graph, const struct tfr_sym *block)
{
    tfr_node_id node = tfr_graph_first_in_block(graph, block);

    for (; node != TFR_NO_NODE; node = tfr_graph_next_in_block(graph, node)) {
        const struct tfr_resource *state = tfr_graph_state_of(graph, node);

        if (state != NULL && state->depends_on.count > 0)
            return state->depends_on;
    }
    return (struct tfr_paths){ 0 };
}

/* Marks what the dependencies of `node` depend on themselves. */
static void mark_reached(struct reduction *reduction, tfr_node_id node, struct tfr_paths needs)
{
    for (uint32_t i = 0; i < needs.count; i++) {
        const struct tfr_paths below = needs_of(reduction->graph, needs.at[i]);

        for (uint32_t j = 0; j < below.count; j++) {
            if (below.at[j] != needs.at[i])
                reduction->reached[below.at[j]->id] = node + 1;
        }
    }
}

static bool is_known(const struct reduction *reduction, tfr_node_id from, tfr_node_id to)
{
    const struct tfr_edge key = { .from = from, .to = to };

    return reduction->known_count > 0 &&
           bsearch(&key, reduction->known, reduction->known_count, sizeof key, by_ends) != NULL;
}

static uint32_t common_steps(const struct tfr_resource *a, const struct tfr_resource *b)
{
    uint32_t steps = 0;
    size_t at = 0;

    /* Steps of the paths without keys that are the same. */
    while (a->module_block != NULL && b->module_block != NULL) {
        size_t ignored;
        const size_t end = tfr_graph_module_prefix(a->module_block, steps + 1, &ignored);

        if (end == at || tfr_graph_module_prefix(b->module_block, steps + 1, &ignored) != end ||
            memcmp(a->module_block->text, b->module_block->text, end) != 0)
            break;
        at = end;
        steps++;
    }
    return steps;
}

static void link_block(struct reduction *reduction, tfr_node_id from, const struct tfr_sym *block)
{
    struct tfr_graph *graph = reduction->graph;
    const struct tfr_resource *source = graph->nodes[from].resource;

    /* The configuration tells which instances are meant; the state knows blocks only. */
    for (tfr_node_id to = tfr_graph_first_in_block(graph, block); to != TFR_NO_NODE;
         to = tfr_graph_next_in_block(graph, to)) {
        if (is_known(reduction, from, to))
            return;
    }
    for (tfr_node_id to = tfr_graph_first_in_block(graph, block); to != TFR_NO_NODE;
         to = tfr_graph_next_in_block(graph, to)) {
        const struct tfr_resource *target = graph->nodes[to].resource;
        const uint8_t when = graph->nodes[from].when & graph->nodes[to].when;

        if (to == from || when == 0 ||
            !tfr_graph_same_module(source, target, common_steps(source, target)))
            continue;
        tfr_graph_add_edge(reduction->builder, (struct tfr_edge){ .from = from,
                                                                  .to = to,
                                                                  .origin = TFR_ORIGIN_STATE,
                                                                  .certainty = TFR_OVER_APPROXIMATE,
                                                                  .when = when });
    }
}

static void add_node(struct reduction *reduction, tfr_node_id node)
{
    const struct tfr_resource *state = tfr_graph_state_of(reduction->graph, node);

    if (state == NULL || (reduction->graph->nodes[node].when & TFR_BEFORE) == 0)
        return;
    mark_reached(reduction, node, state->depends_on);
    for (uint32_t i = 0; i < state->depends_on.count; i++) {
        const struct tfr_sym *block = state->depends_on.at[i];

        if (reduction->reached[block->id] != node + 1)
            link_block(reduction, node, block);
    }
}

void tfr_graph_add_state(struct tfr_graph_builder *builder)
{
    struct reduction reduction = { .graph = builder->graph, .builder = builder };

    reduction.reached =
        tfr_calloc(tfr_names_count(builder->graph->document->names), sizeof *reduction.reached);
    reduction.known_count = builder->edges.count;
    reduction.known = tfr_calloc(reduction.known_count, sizeof *reduction.known);
    if (reduction.known_count > 0) {
        memcpy(reduction.known, builder->edges.at, reduction.known_count * sizeof *reduction.known);
        qsort(reduction.known, reduction.known_count, sizeof *reduction.known, by_ends);
    }
    for (tfr_node_id node = 0; node < builder->graph->node_count; node++)
        add_node(&reduction, node);
    tfr_free(reduction.reached);
    tfr_free(reduction.known);
}
