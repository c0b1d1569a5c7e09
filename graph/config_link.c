/* SPDX-License-Identifier: Apache-2.0 */
/* From a referrer to instances: which keys and module instances belong together. */
#include "graph/config.h"

#include <string.h>

static const struct tfr_sym *key_text(struct tfr_graph *graph, const struct tfr_resource *resource)
{
    const size_t at = resource->address->len;
    const char *text = resource->address->text;
    struct tfr_address parts;

    if (!tfr_address_parse(text, at, &parts) || parts.key.kind == TFR_KEY_NONE)
        return NULL;
    return tfr_graph_name(graph, text + parts.block_end, at - parts.block_end);
}

/* The key of a module step of an object, brackets and all; NULL if it has none. */
static const struct tfr_sym *module_key(struct tfr_graph *graph,
                                        const struct tfr_resource *resource, uint32_t step)
{
    size_t key_at;
    size_t end;

    if (resource->module == NULL)
        return NULL;
    end = tfr_graph_module_prefix(resource->module, step + 1, &key_at);
    return key_at < end ? tfr_graph_name(graph, resource->module->text + key_at, end - key_at)
                        : NULL;
}

/* What a target's key must be; `*any` when every key will do. */
static const struct tfr_sym *wanted_key(const struct tfr_ref_walk *walk,
                                        const struct tfr_ref_work *work,
                                        const struct tfr_resource *from, bool *any)
{
    struct tfr_graph *graph = walk->builder->graph;

    *any = work->match == TFR_MATCH_ALL || from == NULL;
    if (work->match == TFR_MATCH_LITERAL) {
        *any = false;
        return work->literal;
    }
    if (*any)
        return NULL;
    return work->pair_step == TFR_OWN_KEY ? key_text(graph, from)
                                          : module_key(graph, from, work->pair_step);
}

static enum tfr_certainty certainty_of(const struct tfr_ref_work *work, bool expanded)
{
    return work->match == TFR_MATCH_ALL && expanded ? TFR_OVER_APPROXIMATE : TFR_EXACT;
}

static enum tfr_when edge_when(const struct tfr_graph *graph, tfr_node_id from, tfr_node_id to,
                               const struct tfr_sym *to_block)
{
    const struct tfr_node *a = &graph->nodes[from];
    const struct tfr_node *b = &graph->nodes[to];
    const struct tfr_resource *state;
    unsigned when = a->when & b->when;

    if ((when & TFR_BEFORE) == 0 || graph->document->kind != TFR_PLAN || to_block == NULL)
        return (enum tfr_when)when;
    /* The configuration tells of the time after. What a managed object depended on before is in its
     * state. */
    state = tfr_graph_state_of(graph, from);
    if (state == NULL || state->mode == TFR_DATA)
        return (enum tfr_when)when;
    for (uint32_t i = 0; i < state->depends_on.count; i++) {
        if (state->depends_on.at[i] == to_block)
            return (enum tfr_when)when;
    }
    return (enum tfr_when)(when & TFR_AFTER);
}

static void add_edge(const struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                     tfr_node_id from, tfr_node_id to, bool expanded)
{
    struct tfr_graph *graph = walk->builder->graph;
    const struct tfr_resource *target = graph->nodes[to].resource;
    const struct tfr_edge edge = {
        .from = from,
        .to = to,
        .origin = (uint8_t)walk->origin,
        .certainty = (uint8_t)certainty_of(work, expanded),
        .when = (uint8_t)edge_when(graph, from, to, target != NULL ? target->block : NULL),
        .path = walk->path,
        .reference = work->as_written,
    };

    if (from != to && edge.when != 0)
        tfr_graph_add_edge(walk->builder, edge);
}

/* The instance of `block` with this key in the module instance of `source`, by its address: pairing
 * a hundred thousand keys with a hundred thousand must not walk all instances for each. TFR_NO_NODE
 * if it lies elsewhere. */
static tfr_node_id paired_node(struct tfr_graph *graph, const struct tfr_resource *source,
                               const struct tfr_sym *block, uint32_t scope,
                               const struct tfr_sym *key)
{
    struct tfr_address parts;
    struct tfr_buf text = { 0 };
    const struct tfr_sym *address;
    size_t local;
    size_t ignored;

    if (!tfr_address_parse(block->text, block->len, &parts))
        return TFR_NO_NODE;
    local = parts.module_len > 0 ? parts.module_len + 1 : 0;
    if (source->module != NULL && scope > 0) {
        const size_t prefix = tfr_graph_module_prefix(source->module, scope, &ignored);

        tfr_buf_add(&text, source->module->text, prefix);
        tfr_buf_putc(&text, '.');
    }
    tfr_buf_add(&text, block->text + local, block->len - local);
    tfr_buf_add(&text, key->text, key->len);
    address = tfr_names_find(graph->document->names, text.data, text.len);
    tfr_buf_fini(&text);
    return address != NULL ? tfr_graph_find(graph, address) : TFR_NO_NODE;
}

static uint32_t module_steps(const struct tfr_sym *block)
{
    const char *at = block->text;
    uint32_t steps = 0;

    while (strncmp(at, "module.", strlen("module.")) == 0) {
        at += strlen("module.");
        at += strcspn(at, ".");
        at += *at == '.';
        steps++;
    }
    return steps;
}

/* All instances of `block` that `from` can mean. */
static void link_one(const struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                     tfr_node_id from, const struct tfr_sym *block, bool own_key)
{
    struct tfr_graph *graph = walk->builder->graph;
    const struct tfr_resource *source = graph->nodes[from].resource;
    const tfr_node_id first = tfr_graph_first_in_block(graph, block);
    bool any;
    const struct tfr_sym *key = wanted_key(walk, work, source, &any);
    const bool expanded =
        first != TFR_NO_NODE && tfr_graph_next_in_block(graph, first) != TFR_NO_NODE;

    if (!any && own_key && key != NULL && source != NULL) {
        const tfr_node_id to = paired_node(graph, source, block, work->scope, key);

        if (to != TFR_NO_NODE)
            add_edge(walk, work, from, to, expanded);
        /* Where all module steps are shared the address says it all; else the key may lie
         * elsewhere. */
        if (to != TFR_NO_NODE || module_steps(block) == work->scope)
            return;
    }
    for (tfr_node_id to = first; to != TFR_NO_NODE; to = tfr_graph_next_in_block(graph, to)) {
        const struct tfr_resource *target = graph->nodes[to].resource;

        if (source != NULL && !tfr_graph_same_module(source, target, work->scope))
            continue;
        if (!any) {
            const struct tfr_sym *have =
                own_key ? key_text(graph, target) : module_key(graph, target, work->match_step);

            if (have != key)
                continue;
        }
        add_edge(walk, work, from, to, expanded);
    }
}

/* Beyond this many pairs the edges of a reference from all instances to all instances go through
 * one node. */
#define PAIRS_DRAWN 65536

static uint64_t count_instances(const struct tfr_graph *graph, const struct tfr_sym *block)
{
    uint64_t count = 0;

    for (tfr_node_id node = tfr_graph_first_in_block(graph, block); node != TFR_NO_NODE;
         node = tfr_graph_next_in_block(graph, node))
        count++;
    return count;
}

/* The node that stands for all instances of a block: aws_x.y[*]. Made once, with an edge to each of
 * them. */
static tfr_node_id block_node(const struct tfr_ref_walk *walk, const struct tfr_sym *block)
{
    struct tfr_graph *graph = walk->builder->graph;
    struct tfr_buf text = { 0 };
    struct tfr_node node = { .kind = TFR_NODE_BLOCK, .when = TFR_BOTH };
    tfr_node_id hub;

    tfr_buf_printf(&text, "%s[*]", block->text);
    node.address = tfr_graph_name(graph, text.data, text.len);
    tfr_buf_fini(&text);
    hub = tfr_graph_find(graph, node.address);
    if (hub != TFR_NO_NODE)
        return hub;
    hub = tfr_graph_add_node(graph, &node);
    graph->by_address[node.address->id] = hub + 1;
    for (tfr_node_id to = tfr_graph_first_in_block(graph, block); to != TFR_NO_NODE;
         to = tfr_graph_next_in_block(graph, to))
        tfr_graph_add_edge(walk->builder, (struct tfr_edge){ .from = hub,
                                                             .to = to,
                                                             .origin = TFR_ORIGIN_REFERENCE,
                                                             .certainty = TFR_OVER_APPROXIMATE,
                                                             .when = graph->nodes[to].when });
    return hub;
}

static bool is_too_many(const struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                        const struct tfr_sym *block)
{
    const struct tfr_graph *graph = walk->builder->graph;

    return walk->from_block != NULL && work->match == TFR_MATCH_ALL &&
           count_instances(graph, walk->from_block) * count_instances(graph, block) > PAIRS_DRAWN;
}

void tfr_link_block(const struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                    const struct tfr_sym *block, bool own_key)
{
    struct tfr_graph *graph = walk->builder->graph;

    if (tfr_graph_first_in_block(graph, block) == TFR_NO_NODE)
        return; /* no instance: count 0, or not yet created and not planned */
    if (walk->from_block == NULL) {
        link_one(walk, work, walk->from, block, own_key);
        return;
    }
    if (is_too_many(walk, work, block)) {
        tfr_link_node(walk, work, block_node(walk, block));
        return;
    }
    for (tfr_node_id from = tfr_graph_first_in_block(graph, walk->from_block); from != TFR_NO_NODE;
         from = tfr_graph_next_in_block(graph, from)) {
        if (graph->nodes[from].when & TFR_AFTER || graph->document->kind != TFR_PLAN)
            link_one(walk, work, from, block, own_key);
    }
}

void tfr_link_node(const struct tfr_ref_walk *walk, const struct tfr_ref_work *work, tfr_node_id to)
{
    struct tfr_graph *graph = walk->builder->graph;

    if (walk->from_block == NULL) {
        add_edge(walk, work, walk->from, to, false);
        return;
    }
    for (tfr_node_id from = tfr_graph_first_in_block(graph, walk->from_block); from != TFR_NO_NODE;
         from = tfr_graph_next_in_block(graph, from))
        add_edge(walk, work, from, to, false);
}

void tfr_link_nowhere(const struct tfr_ref_walk *walk, const struct tfr_sym *reference)
{
    struct tfr_graph *graph = walk->builder->graph;

    if (walk->from_block == NULL) {
        tfr_graph_add_unresolved(walk->builder, walk->from, walk->path, reference);
        return;
    }
    for (tfr_node_id from = tfr_graph_first_in_block(graph, walk->from_block); from != TFR_NO_NODE;
         from = tfr_graph_next_in_block(graph, from))
        tfr_graph_add_unresolved(walk->builder, from, walk->path, reference);
}
