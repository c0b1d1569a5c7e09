/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of instances and of the modules they lie in. */
#include "graph/config.h"

#include <string.h>

static const struct tfr_sym no_key; /* looked at: there is none */

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
        return &no_key;
    at = written_key(resource);
    if (at == 0) {
        if (!tfr_address_parse(address->text, address->len, &parts) ||
            parts.key.kind == TFR_KEY_NONE)
            return &no_key;
        at = parts.block_end;
    }
    return tfr_graph_name(graph, address->text + at, address->len - at);
}

const struct tfr_sym *tfr_own_key(struct tfr_ref_walk *walk, tfr_node_id node)
{
    struct tfr_graph *graph = walk->builder->graph;
    const struct tfr_sym **key;

    if (node >= walk->own_keys_cap) {
        const size_t old = walk->own_keys_cap;

        walk->own_keys = tfr_grow((void *)walk->own_keys, &walk->own_keys_cap, graph->node_count,
                                  sizeof(struct tfr_sym *));
        memset((void *)(walk->own_keys + old), 0,
               (walk->own_keys_cap - old) * sizeof(struct tfr_sym *));
    }
    key = &walk->own_keys[node];
    if (*key == NULL)
        *key = find_own_key(graph, node);
    return *key != &no_key ? *key : NULL;
}

const struct tfr_sym *tfr_module_key(const struct tfr_ref_walk *walk, tfr_node_id node,
                                     uint32_t step)
{
    const uint32_t module = tfr_module_of(walk->builder, node);

    return tfr_module_at(walk->builder, tfr_module_above(walk->builder, module, step + 1))->key;
}
