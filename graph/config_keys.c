/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of instances and of the modules they lie in. */
#include "graph/config.h"

#include <string.h>

/* Nodes ahead of the one at hand whose addresses are asked for, and what of each, bytes. */
#define AHEAD 8
#define FETCHED 128

/* Where the key begins that ends an address, by what the document says of it beside: mostly that is
 * enough, as long as nothing in it is escaped. 0: it is not. */
static size_t written_key(const struct tfr_resource *resource)
{
    const struct tfr_sym *address = resource->address;
    const struct tfr_sym *key = resource->key.text;
    const size_t len = resource->key.kind == TFR_KEY_TEXT ? key->len + strlen("[\"\"]") : 0;
    const char *at;

    if (resource->address_disagrees || resource->key.kind == TFR_KEY_NONE || len >= address->len)
        return 0;
    if (resource->key.kind == TFR_KEY_INDEX) {
        at = strrchr(address->text, '[');
        return at != NULL ? (size_t)(at - address->text) : 0;
    }
    at = address->text + (address->len - len);
    return at[0] == '[' && at[1] == '"' && memcmp(at + 2, key->text, key->len) == 0
               ? address->len - len
               : 0;
}

static const struct tfr_sym *find_own_key(struct tfr_graph *graph, tfr_node_id node)
{
    const struct tfr_resource *resource = graph->nodes[node].resource;
    const struct tfr_sym *address = resource->address;
    struct tfr_address parts;
    size_t at;

    if (address->len == 0 || address->text[address->len - 1] != ']')
        return NULL;
    at = written_key(resource);
    if (at == 0) {
        if (!tfr_address_parse(address->text, address->len, &parts) ||
            parts.key.kind == TFR_KEY_NONE)
            return NULL;
        at = parts.block_end;
    }
    return tfr_graph_name(graph, address->text + at, address->len - at);
}

/* Those of all instances, in the order in which they lie: one after the other, wherever it is, each
 * would be waited for. */
static void find_own_keys(struct tfr_ref_walk *walk)
{
    struct tfr_graph *graph = walk->builder->graph;

    walk->own_keys = tfr_calloc(graph->node_count, sizeof(struct tfr_sym *));
    for (tfr_node_id node = 0; node < graph->node_count; node++) {
        if (node + AHEAD < graph->node_count)
            tfr_prefetch(graph->nodes[node + AHEAD].address, FETCHED);
        if (graph->nodes[node].resource != NULL)
            walk->own_keys[node] = find_own_key(graph, node);
    }
}

const struct tfr_sym *tfr_own_key(struct tfr_ref_walk *walk, tfr_node_id node)
{
    if (walk->own_keys == NULL)
        find_own_keys(walk);
    return walk->own_keys[node];
}

const struct tfr_sym *tfr_module_key(const struct tfr_ref_walk *walk, tfr_node_id node,
                                     uint32_t step)
{
    const uint32_t module = tfr_module_of(walk->builder, node);

    return tfr_module_at(walk->builder, tfr_module_above(walk->builder, module, step + 1))->key;
}
