/* SPDX-License-Identifier: Apache-2.0 */
/* The graph as a whole: building it, and looking at its edges. */
#include "graph/config.h"

#include <stdlib.h>
#include <string.h>

/* ---- building ----------------------------------------------------------------------------------
 */

void tfr_graph_add_edge(struct tfr_graph_builder *builder, struct tfr_edge edge)
{
    struct tfr_edge_list *edges = &builder->edges;

    edges->at = tfr_grow(edges->at, &edges->cap, edges->count + 1, sizeof *edges->at);
    edges->at[edges->count++] = edge;
}

void tfr_graph_add_unresolved(struct tfr_graph_builder *builder, tfr_node_id from,
                              const struct tfr_sym *path, const struct tfr_sym *reference)
{
    struct tfr_unresolved_list *list = &builder->unresolved;

    list->at = tfr_grow(list->at, &list->cap, list->count + 1, sizeof *list->at);
    list->at[list->count++] = (struct tfr_unresolved){ from, path, reference };
}

const struct tfr_resource *tfr_graph_state_of(const struct tfr_graph *graph, tfr_node_id node)
{
    const struct tfr_resource *resource = graph->nodes[node].resource;

    if (resource == NULL)
        return NULL;
    if (graph->document->kind != TFR_PLAN || resource->action == TFR_ACTION_NONE)
        return resource;
    return resource->prior;
}

static int compare_syms(const struct tfr_sym *a, const struct tfr_sym *b)
{
    const uint32_t x = a != NULL ? a->id + 1 : 0;
    const uint32_t y = b != NULL ? b->id + 1 : 0;

    return x < y ? -1 : x > y;
}

/* Name ids follow the order of the document, so this order does too. */
static int compare_edges(const void *left, const void *right)
{
    const struct tfr_edge *a = left;
    const struct tfr_edge *b = right;

    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    if (a->origin != b->origin)
        return a->origin < b->origin ? -1 : 1;
    return compare_syms(a->path, b->path);
}

static bool same_edge(const struct tfr_edge *a, const struct tfr_edge *b)
{
    return a->from == b->from && a->to == b->to && a->origin == b->origin && a->path == b->path;
}

/* Order tells nothing beside another edge between the two. */
static bool is_mere_order(const struct tfr_edge *kept, const struct tfr_edge *edge)
{
    return edge->origin == TFR_ORIGIN_ORDER && kept->from == edge->from && kept->to == edge->to;
}

/* Makes one of edges that differ in time or certainty alone. */
static void finish_edges(struct tfr_graph *graph, struct tfr_edge_list *list)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (list->at[i].when == 0 || /* what the configuration names now and did not before */
            (kept > 0 && is_mere_order(&list->at[kept - 1], &list->at[i])))
            continue;
        if (kept > 0 && same_edge(&list->at[kept - 1], &list->at[i])) {
            struct tfr_edge *edge = &list->at[kept - 1];

            edge->when |= list->at[i].when;
            if (list->at[i].certainty < edge->certainty)
                edge->certainty = list->at[i].certainty;
            continue;
        }
        list->at[kept++] = list->at[i];
    }
    graph->edges = tfr_realloc(list->at, kept * sizeof *list->at);
    graph->edge_count = (uint32_t)kept;
}

static void finish_rows(struct tfr_graph *graph)
{
    const size_t nodes = graph->node_count;
    uint32_t *place = tfr_calloc(nodes + 1, sizeof *place);

    graph->out_start = tfr_calloc(nodes + 1, sizeof *graph->out_start);
    graph->in_start = tfr_calloc(nodes + 1, sizeof *graph->in_start);
    graph->out = tfr_calloc(graph->edge_count, sizeof(struct tfr_edge *));
    graph->in = tfr_calloc(graph->edge_count, sizeof(struct tfr_edge *));
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        graph->out_start[graph->edges[i].from + 1]++;
        graph->in_start[graph->edges[i].to + 1]++;
        graph->out[i] = &graph->edges[i];
    }
    for (size_t i = 0; i < nodes; i++) {
        graph->out_start[i + 1] += graph->out_start[i];
        graph->in_start[i + 1] += graph->in_start[i];
    }
    memcpy(place, graph->in_start, (nodes + 1) * sizeof *place);
    /* Edges are sorted by source, so each row of `in` is sorted by source, too. */
    for (uint32_t i = 0; i < graph->edge_count; i++)
        graph->in[place[graph->edges[i].to]++] = &graph->edges[i];
    tfr_free(place);
}

static int compare_unresolved(const void *left, const void *right)
{
    const struct tfr_unresolved *a = left;
    const struct tfr_unresolved *b = right;

    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return compare_syms(a->path, b->path) != 0 ? compare_syms(a->path, b->path)
                                               : compare_syms(a->reference, b->reference);
}

static void finish_unresolved(struct tfr_graph *graph, struct tfr_unresolved_list *list)
{
    size_t kept = 0;

    if (list->count > 0)
        qsort(list->at, list->count, sizeof *list->at, compare_unresolved);
    for (size_t i = 0; i < list->count; i++) {
        if (kept == 0 || compare_unresolved(&list->at[kept - 1], &list->at[i]) != 0)
            list->at[kept++] = list->at[i];
    }
    graph->unresolved = list->at;
    graph->unresolved_count = (uint32_t)kept;
}

/* Edges of one source are few: first by source in one pass, then each source by itself. */
void tfr_graph_sort_edges(struct tfr_graph_builder *builder)
{
    struct tfr_edge_list *list = &builder->edges;
    const size_t nodes = builder->graph->node_count;
    size_t *start = tfr_calloc(nodes + 2, sizeof *start); /* of a source, two places on */
    struct tfr_edge *sorted = tfr_malloc(list->count * sizeof *sorted);

    for (size_t i = 0; i < list->count; i++)
        start[list->at[i].from + 2]++;
    for (size_t i = 1; i < nodes; i++)
        start[i + 1] += start[i];
    for (size_t i = 0; i < list->count; i++)
        sorted[start[list->at[i].from + 1]++] = list->at[i];
    for (size_t i = 0; i < nodes; i++) { /* now one place on is where the next source begins */
        const size_t count = start[i + 1] - start[i];

        if (count > 1)
            qsort(sorted + start[i], count, sizeof *sorted, compare_edges);
    }
    tfr_free(list->at);
    tfr_free(start);
    list->at = sorted;
    list->cap = list->count;
}

struct tfr_graph *tfr_graph_build(struct tfr_document *document)
{
    struct tfr_graph *graph = tfr_calloc(1, sizeof *graph);
    struct tfr_graph_builder builder = { .graph = graph };

    graph->document = document;
    tfr_graph_add_nodes(&builder);
    tfr_graph_add_references(&builder);
    tfr_hide_lifecycle(&builder);
    tfr_graph_sort_edges(&builder);
    tfr_graph_add_state(&builder);
    tfr_groups_free(&builder);
    tfr_graph_add_values(&builder);
    tfr_graph_sort_edges(&builder);
    finish_edges(graph, &builder.edges);
    finish_rows(graph);
    finish_unresolved(graph, &builder.unresolved);
    return graph;
}

void tfr_graph_free(struct tfr_graph *graph)
{
    if (graph == NULL)
        return;
    tfr_free(graph->nodes);
    tfr_free(graph->edges);
    tfr_free(graph->out);
    tfr_free(graph->in);
    tfr_free(graph->out_start);
    tfr_free(graph->in_start);
    tfr_free(graph->unresolved);
    tfr_free(graph->by_address);
    tfr_free(graph->by_block);
    tfr_free(graph->next);
    tfr_free(graph->by_resource);
    tfr_free(graph);
}

/* ---- looking -----------------------------------------------------------------------------------
 */

uint32_t tfr_graph_node_count(const struct tfr_graph *graph)
{
    return graph->node_count;
}

uint32_t tfr_graph_edge_count(const struct tfr_graph *graph)
{
    return graph->edge_count;
}

const struct tfr_node *tfr_graph_node(const struct tfr_graph *graph, tfr_node_id id)
{
    return &graph->nodes[id];
}

tfr_node_id tfr_graph_find(const struct tfr_graph *graph, const struct tfr_sym *address)
{
    return address->id < graph->sym_cap && graph->by_address[address->id] != 0
               ? graph->by_address[address->id] - 1
               : TFR_NO_NODE;
}

tfr_node_id tfr_graph_node_of(const struct tfr_graph *graph, const struct tfr_resource *resource)
{
    const struct tfr_document *document = graph->document;
    const struct tfr_resources *changes = &document->changes;
    const struct tfr_resources *prior = &document->prior;
    uint32_t node = 0;

    if (changes->count > 0 && resource >= changes->at && resource < changes->at + changes->count)
        node = graph->by_resource[resource - changes->at];
    else if (prior->count > 0 && resource >= prior->at && resource < prior->at + prior->count)
        node = graph->by_resource[changes->count + (size_t)(resource - prior->at)];
    return node != 0 ? node - 1 : TFR_NO_NODE;
}

struct tfr_edges tfr_graph_dependencies(const struct tfr_graph *graph, tfr_node_id node)
{
    const uint32_t from = graph->out_start[node];

    return (struct tfr_edges){ (const struct tfr_edge *const *)graph->out + from,
                               graph->out_start[node + 1] - from };
}

struct tfr_edges tfr_graph_dependants(const struct tfr_graph *graph, tfr_node_id node)
{
    const uint32_t from = graph->in_start[node];

    return (struct tfr_edges){ (const struct tfr_edge *const *)graph->in + from,
                               graph->in_start[node + 1] - from };
}

const struct tfr_unresolved *tfr_graph_unresolved(const struct tfr_graph *graph, uint32_t *count)
{
    *count = graph->unresolved_count;
    return graph->unresolved;
}

const struct tfr_unresolved *tfr_graph_unresolved_of(const struct tfr_graph *graph,
                                                     tfr_node_id node, uint32_t *count)
{
    uint32_t low = 0;
    uint32_t high = graph->unresolved_count;
    uint32_t end;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (graph->unresolved[middle].from < node)
            low = middle + 1;
        else
            high = middle;
    }
    end = low;
    while (end < graph->unresolved_count && graph->unresolved[end].from == node)
        end++;
    *count = end - low;
    return end > low ? &graph->unresolved[low] : NULL;
}

size_t tfr_graph_bytes(const struct tfr_graph *graph)
{
    const struct tfr_document *document = graph->document;
    const size_t resources = document->changes.count + document->prior.count;

    return sizeof *graph + graph->node_cap * sizeof *graph->nodes +
           graph->edge_count * (sizeof *graph->edges + 2 * sizeof *graph->out) +
           graph->unresolved_count * sizeof *graph->unresolved +
           graph->sym_cap * (sizeof *graph->by_address + sizeof *graph->by_block) +
           ((size_t)graph->node_count + 1) * 2 * sizeof *graph->out_start +
           graph->node_count * sizeof *graph->next + resources * sizeof *graph->by_resource;
}

/* ---- words -------------------------------------------------------------------------------------
 */

const char *tfr_node_kind_name(enum tfr_node_kind kind)
{
    static const char *const names[] = { "resource", "data",     "module", "output",
                                         "variable", "provider", "block",  "check" };

    return names[kind];
}

const char *tfr_origin_name(enum tfr_origin origin)
{
    static const char *const names[] = { "reference", "depends_on", "state", "module",
                                         "order",     "provider",   "value", "document" };

    return names[origin];
}

const char *tfr_certainty_name(enum tfr_certainty certainty)
{
    static const char *const names[] = { "exact", "over-approximate", "by value" };

    return names[certainty];
}

const char *tfr_when_name(enum tfr_when when)
{
    static const char *const names[] = { "never", "before", "after", "both" };

    return names[when];
}
