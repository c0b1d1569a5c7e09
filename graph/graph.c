/* SPDX-License-Identifier: Apache-2.0 */
/* The graph as a whole: building it, and looking at its edges. */
#include "graph/config.h"

/* ---- building ----------------------------------------------------------------------------------
 */

const struct tfr_resource *tfr_graph_state_of(const struct tfr_graph *graph, tfr_node_id node)
{
    const struct tfr_resource *resource = graph->nodes[node].resource;

    if (resource == NULL)
        return NULL;
    if (graph->document->kind != TFR_PLAN || resource->action == TFR_ACTION_NONE)
        return resource;
    return resource->in_state ? resource : NULL;
}

struct tfr_graph *tfr_graph_build(struct tfr_document *document)
{
    struct tfr_graph *graph = tfr_calloc(1, sizeof *graph);
    struct tfr_graph_builder builder = { .graph = graph };

    graph->document = document;
    tfr_graph_add_nodes(&builder);
    tfr_graph_add_references(&builder);
    tfr_hide_lifecycle(&builder);
    tfr_graph_sort_configured(&builder);
    tfr_graph_add_state(&builder);
    tfr_groups_free(&builder);
    tfr_modules_free(&builder);
    tfr_graph_add_values(&builder);
    tfr_free((void *)builder.config_of);
    tfr_graph_finish_edges(&builder);
    tfr_graph_finish_unresolved(&builder);
    tfr_graph_finish_nodes(graph);
    return graph;
}

void tfr_graph_free(struct tfr_graph *graph)
{
    if (graph == NULL)
        return;
    tfr_free(graph->nodes);
    tfr_free(graph->edges);
    tfr_free(graph->in);
    tfr_free(graph->out_start);
    tfr_free(graph->in_start);
    tfr_free(graph->unresolved);
    tfr_free(graph->unresolved_start);
    tfr_free(graph->by_address);
    tfr_free(graph->by_block);
    tfr_free(graph->next);
    tfr_free(graph->by_resource);
    tfr_free(graph->providers);
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
    const struct tfr_resources *providers = &document->provider_objects;
    uint32_t node = 0;

    if (changes->count > 0 && resource >= changes->at && resource < changes->at + changes->count)
        return (tfr_node_id)(resource - changes->at);
    if (prior->count > 0 && resource >= prior->at && resource < prior->at + prior->count)
        node = graph->by_resource[resource - prior->at];
    else if (providers->count > 0 && resource >= providers->at &&
             resource < providers->at + providers->count)
        node = graph->by_resource[prior->count + (size_t)(resource - providers->at)];
    return node != 0 ? node - 1 : TFR_NO_NODE;
}

const struct tfr_resource *tfr_graph_object(const struct tfr_graph *graph, tfr_node_id id)
{
    const struct tfr_resources *changes = &graph->document->changes;
    const uint32_t provider = id - graph->first_provider;

    if (id < changes->count)
        return &changes->at[id];
    if (id < graph->first_provider || provider >= graph->provider_count)
        return graph->nodes[id].resource;
    return &graph->document->provider_objects.at[graph->providers[provider]];
}

struct tfr_edges tfr_graph_dependencies(const struct tfr_graph *graph, tfr_node_id node)
{
    const uint32_t from = graph->out_start[node];

    return (struct tfr_edges){ graph->edges + from, NULL, graph->out_start[node + 1] - from };
}

struct tfr_edges tfr_graph_dependants(const struct tfr_graph *graph, tfr_node_id node)
{
    const uint32_t from = graph->in_start[node];

    return (struct tfr_edges){ graph->edges, graph->in + from, graph->in_start[node + 1] - from };
}

const struct tfr_unresolved *tfr_graph_unresolved(const struct tfr_graph *graph, uint32_t *count)
{
    *count = graph->unresolved_count;
    return graph->unresolved;
}

const struct tfr_unresolved *tfr_graph_unresolved_of(const struct tfr_graph *graph,
                                                     tfr_node_id node, uint32_t *count)
{
    const uint32_t start = graph->unresolved_start[node];

    *count = graph->unresolved_start[node + 1] - start;
    return *count > 0 ? &graph->unresolved[start] : NULL;
}

size_t tfr_graph_bytes(const struct tfr_graph *graph)
{
    const struct tfr_document *document = graph->document;
    const size_t resources = document->prior.count + 2 * document->provider_objects.count;

    return sizeof *graph + graph->node_cap * sizeof *graph->nodes +
           graph->edge_count * (sizeof *graph->edges + sizeof *graph->in) +
           graph->unresolved_count * sizeof *graph->unresolved +
           graph->sym_cap * (sizeof *graph->by_address + sizeof *graph->by_block) +
           ((size_t)graph->node_count + 1) * 3 * sizeof *graph->out_start +
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
