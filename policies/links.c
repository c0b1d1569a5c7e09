/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/links.h"

#include "policies/wires.h"

#include <string.h>

static bool is_new(const struct tfr_resource *resource)
{
    static const char *const identities[] = { "arn", "id", "name", "url", "json" };

    for (size_t i = 0; !resource->after.settled && i < sizeof identities / sizeof identities[0];
         i++) {
        if (tfr_value_get(&resource->after, identities[i])->kind == TFR_UNKNOWN)
            return true;
    }
    return false;
}

static bool is_type(const struct tfr_resource *resource, const char *type)
{
    const bool data = strncmp(type, "data.", 5) == 0;

    return (resource->mode == TFR_DATA) == data &&
           tfr_sym_is(resource->type, data ? type + 5 : type);
}

static void add(struct tfr_links *out, const struct tfr_resource *resource)
{
    for (uint32_t i = 0; i < out->count; i++) {
        if (out->at[i] == resource)
            return;
    }
    if (out->count == TFR_LINKS)
        out->open = true;
    else
        out->at[out->count++] = resource;
}

/* Variables and module calls are ways to objects, which have edges of their own. */
static void look_at(const struct tfr_input *in, const struct tfr_edge *edge, const char *type,
                    struct tfr_links *out)
{
    const struct tfr_node *node = tfr_graph_node(in->graph, edge->to);

    if (edge->reference != NULL)
        out->because = edge->reference->text;
    if (node->kind == TFR_NODE_BLOCK)
        out->open = true;
    if (node->resource == NULL)
        return;
    if (!is_type(node->resource, type))
        out->others = out->others || tfr_value_has_unknown(&node->resource->after);
    else if (tfr_resource_is_live(node->resource))
        add(out, node->resource);
}

static void keep_new(struct tfr_links *out)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < out->count; i++) {
        if (is_new(out->at[i]))
            out->at[kept++] = out->at[i];
    }
    if (kept > 0)
        out->count = kept;
    else
        out->open = true;
}

void tfr_links_of(const struct tfr_input *in, const struct tfr_resource *resource,
                  const char *attribute, const char *type, struct tfr_links *out)
{
    const tfr_node_id node = tfr_graph_node_of(in->graph, resource);
    const struct tfr_edges edges = tfr_graph_dependencies(in->graph, node);
    uint32_t count;
    const struct tfr_unresolved *unresolved = tfr_graph_unresolved_of(in->graph, node, &count);

    *out = (struct tfr_links){ .because = attribute };
    for (uint32_t i = 0; i < edges.count; i++) {
        if (tfr_edge_is_use(tfr_edge_at(&edges, i), TFR_AFTER) &&
            tfr_path_begins(tfr_edge_at(&edges, i)->path, attribute))
            look_at(in, tfr_edge_at(&edges, i), type, out);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!tfr_path_begins(unresolved[i].path, attribute))
            continue;
        out->open = true;
        out->because = unresolved[i].reference->text;
    }
    keep_new(out);
}
