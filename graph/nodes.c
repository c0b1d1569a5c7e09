/* SPDX-License-Identifier: Apache-2.0 */
/* Which nodes there are. */
#include "graph/build.h"

#include <string.h>

/* Records ahead of the one at hand whose addresses are asked for. */
#define AHEAD 8

void tfr_graph_fit(struct tfr_graph *graph)
{
    const size_t need = tfr_names_count(graph->document->names);
    const size_t old = graph->sym_cap;
    size_t cap = old;

    if (need <= old)
        return;
    graph->by_address = tfr_grow(graph->by_address, &cap, need, sizeof *graph->by_address);
    memset(graph->by_address + old, 0, (cap - old) * sizeof *graph->by_address);
    graph->by_block = tfr_realloc(graph->by_block, cap * sizeof *graph->by_block);
    memset(graph->by_block + old, 0, (cap - old) * sizeof *graph->by_block);
    graph->sym_cap = cap;
}

const struct tfr_sym *tfr_graph_name(struct tfr_graph *graph, const char *text, size_t len)
{
    const struct tfr_sym *sym = tfr_names_get(graph->document->names, text, len);

    tfr_graph_fit(graph);
    return sym;
}

static void reserve(struct tfr_graph *graph, size_t count)
{
    const size_t cap = graph->node_cap;

    graph->nodes = tfr_grow(graph->nodes, &graph->node_cap, count, sizeof *graph->nodes);
    if (graph->node_cap != cap)
        graph->next = tfr_realloc(graph->next, graph->node_cap * sizeof *graph->next);
}

tfr_node_id tfr_graph_add_node(struct tfr_graph *graph, const struct tfr_node *node)
{
    if (graph->node_count >= TFR_MOST_NODES)
        tfr_oom();
    reserve(graph, (size_t)graph->node_count + 1);
    graph->nodes[graph->node_count] = *node;
    graph->next[graph->node_count] = 0;
    return graph->node_count++;
}

tfr_node_id tfr_graph_first_in_block(const struct tfr_graph *graph, const struct tfr_sym *block)
{
    return block->id < graph->sym_cap && graph->by_block[block->id] != 0
               ? graph->by_block[block->id] - 1
               : TFR_NO_NODE;
}

tfr_node_id tfr_graph_next_in_block(const struct tfr_graph *graph, tfr_node_id node)
{
    return graph->next[node] != 0 ? graph->next[node] - 1 : TFR_NO_NODE;
}

static enum tfr_when when_of(const struct tfr_document *document,
                             const struct tfr_resource *resource)
{
    if (document->kind != TFR_PLAN)
        return TFR_BOTH;
    if (resource->action ==
        TFR_ACTION_NONE) /* an object of prior_state that the plan leaves alone */
        return TFR_BOTH;
    if (!tfr_resource_is_live(resource))
        return TFR_BEFORE;
    return resource->action == TFR_ACTION_CREATE && !resource->importing ? TFR_AFTER : TFR_BOTH;
}

static void add_resource(struct tfr_graph *graph, const struct tfr_resource *resource)
{
    const struct tfr_node node = {
        .address = resource->address,
        .resource = resource,
        .block = resource->block,
        .kind = resource->mode == TFR_DATA ? TFR_NODE_DATA : TFR_NODE_RESOURCE,
        .when = (uint8_t)when_of(graph->document, resource),
    };
    const tfr_node_id id = tfr_graph_add_node(graph, &node);

    if (resource->deposed != NULL || graph->by_address[resource->address->id] != 0)
        return;
    graph->by_address[resource->address->id] = id + 1;
}

/* Addresses lie wherever names do. */
static void fetch_address(const struct tfr_resources *resources, size_t at)
{
    if (at < resources->count)
        tfr_prefetch(resources->at[at].address, sizeof *resources->at[at].address);
}

static void add_named(struct tfr_graph *graph, enum tfr_node_kind kind, const char *prefix,
                      const struct tfr_sym *name, enum tfr_when when)
{
    struct tfr_buf text = { 0 };
    struct tfr_node node = { .kind = (uint8_t)kind, .when = (uint8_t)when };
    tfr_node_id id;

    tfr_buf_puts(&text, prefix);
    tfr_buf_add(&text, name->text, name->len);
    node.address = tfr_graph_name(graph, text.data, text.len);
    tfr_buf_fini(&text);
    if (graph->by_address[node.address->id] != 0)
        return;
    id = tfr_graph_add_node(graph, &node);
    graph->by_address[node.address->id] = id + 1;
}

static enum tfr_when output_when(const struct tfr_output *output)
{
    if (output->action == TFR_ACTION_CREATE)
        return TFR_AFTER;
    return output->action == TFR_ACTION_DELETE ? TFR_BEFORE : TFR_BOTH;
}

static void add_outputs(struct tfr_graph *graph)
{
    const struct tfr_document *document = graph->document;
    const struct tfr_config_module *root = document->configuration;

    for (size_t i = 0; i < document->output_count; i++)
        add_named(graph, TFR_NODE_OUTPUT, "output.", document->outputs[i].name,
                  output_when(&document->outputs[i]));
    for (uint32_t i = 0; root != NULL && i < root->output_count; i++)
        add_named(graph, TFR_NODE_OUTPUT, "output.", root->outputs[i].name, TFR_BOTH);
}

static void add_variables(struct tfr_graph *graph)
{
    const struct tfr_document *document = graph->document;
    const struct tfr_config_module *root = document->configuration;

    for (size_t i = 0; i < document->variable_count; i++)
        add_named(graph, TFR_NODE_VARIABLE, "var.", document->variables[i].name, TFR_BOTH);
    for (uint32_t i = 0; root != NULL && i < root->variable_count; i++)
        add_named(graph, TFR_NODE_VARIABLE, "var.", root->variables[i].name, TFR_BOTH);
}

/* Blocks of their own; conditions of resources and outputs belong to those. */
static void add_checks(struct tfr_graph *graph)
{
    const struct tfr_document *document = graph->document;

    for (size_t i = 0; i < document->check_count; i++) {
        if (document->checks[i].address != NULL && tfr_sym_is(document->checks[i].kind, "check"))
            add_named(graph, TFR_NODE_CHECK, "", document->checks[i].address, TFR_AFTER);
    }
}

/* A module is there when something lies in it; after the apply if something there lives on. */
static void add_module(struct tfr_graph *graph, const struct tfr_node *of)
{
    const struct tfr_sym *module = of->resource->module;
    uint32_t *slot = module != NULL ? &graph->by_address[module->id] : NULL;

    if (slot == NULL)
        return;
    if (*slot == 0) {
        const struct tfr_node node = { .address = module, .kind = TFR_NODE_MODULE };

        *slot = tfr_graph_add_node(graph, &node) + 1;
    }
    graph->nodes[*slot - 1].when |= of->when;
}

/* Chains the instances of each block: from the last node back, so that walks see document order. */
static void chain_blocks(struct tfr_graph *graph)
{
    for (uint32_t i = graph->node_count; i-- > 0;) {
        const struct tfr_node *node = &graph->nodes[i];

        if (node->resource == NULL || graph->by_address[node->address->id] != i + 1)
            continue; /* deposed, or a duplicate */
        graph->next[i] = graph->by_block[node->block->id];
        graph->by_block[node->block->id] = i + 1;
    }
}

/* Each with the object that stands for it; of two with one key the first. */
static void add_providers(struct tfr_graph *graph)
{
    const struct tfr_document *document = graph->document;
    uint32_t *by_provider = graph->by_resource + document->prior.count;

    graph->first_provider = graph->node_count;
    graph->providers = tfr_calloc(document->provider_count + 1, sizeof *graph->providers);
    for (size_t i = 0; i < document->provider_count; i++) {
        add_named(graph, TFR_NODE_PROVIDER, "provider.", document->providers[i].key, TFR_BOTH);
        if (graph->node_count - graph->first_provider == graph->provider_count)
            continue;
        graph->providers[graph->provider_count++] = (uint32_t)i;
        by_provider[i] = graph->node_count;
    }
}

void tfr_graph_add_nodes(struct tfr_graph_builder *builder)
{
    struct tfr_graph *graph = builder->graph;
    const struct tfr_document *document = graph->document;
    const size_t total = document->prior.count + document->provider_objects.count;
    uint32_t resources;

    tfr_graph_fit(graph);
    reserve(graph, document->changes.count + document->prior.count);
    graph->by_resource = tfr_calloc(total, sizeof *graph->by_resource);
    for (size_t i = 0; i < document->changes.count; i++) {
        fetch_address(&document->changes, i + AHEAD);
        add_resource(graph, &document->changes.at[i]);
    }
    for (size_t i = 0; i < document->prior.count; i++) {
        const struct tfr_resource *prior = &document->prior.at[i];
        const uint32_t known = graph->by_address[prior->address->id];

        fetch_address(&document->prior, i + AHEAD);
        if (prior->deposed != NULL) /* nothing happens to it */
            continue;
        if (known != 0) {
            graph->by_resource[i] = known;
            continue;
        }
        graph->by_resource[i] = graph->node_count + 1;
        add_resource(graph, prior);
    }
    resources = graph->node_count;
    chain_blocks(graph);
    for (uint32_t i = 0; i < resources; i++) {
        const struct tfr_node node = graph->nodes[i];

        add_module(graph, &node);
    }
    add_outputs(graph);
    add_variables(graph);
    add_checks(graph);
    add_providers(graph);
}

void tfr_graph_finish_nodes(struct tfr_graph *graph)
{
    graph->node_cap = graph->node_count;
    graph->sym_cap = tfr_names_count(graph->document->names);
    graph->nodes = tfr_realloc(graph->nodes, graph->node_cap * sizeof *graph->nodes);
    graph->next = tfr_realloc(graph->next, graph->node_cap * sizeof *graph->next);
    graph->by_address = tfr_realloc(graph->by_address, graph->sym_cap * sizeof *graph->by_address);
    graph->by_block = tfr_realloc(graph->by_block, graph->sym_cap * sizeof *graph->by_block);
}
