/* SPDX-License-Identifier: Apache-2.0 */
/* References that a document does not show: inside of dynamic blocks, of conditions, triggers and
 * imports, and all of them where there is no configuration. What such an attribute will be is
 * unknown; what it refers to is unresolved. */
#include "graph/config.h"

#include <string.h>

static bool begins_with(const struct tfr_expressions *expressions, const struct tfr_sym *name)
{
    for (uint32_t i = 0; i < expressions->count; i++) {
        const struct tfr_sym *path = expressions->at[i].path;

        if (path->len >= name->len && memcmp(path->text, name->text, name->len) == 0 &&
            (path->len == name->len || path->text[name->len] == '.'))
            return true;
    }
    return false;
}

/* A block is a list of objects. One that the provider works out is unknown as a whole. */
static bool is_block(const struct tfr_value *value)
{
    return value->kind == TFR_LIST && value->count > 0 && value->items[0].kind == TFR_OBJECT &&
           tfr_value_has_unknown(value);
}

static void add(struct tfr_graph_builder *builder, tfr_node_id node, const struct tfr_sym *path,
                const char *reference)
{
    tfr_graph_add_unresolved(
        builder, node, path,
        tfr_names_get(builder->graph->document->names, reference, strlen(reference)));
}

/* What is there later is not what was there before: of it something may be unknown. */
static bool is_changed(const struct tfr_resource *object)
{
    return object != NULL && object->after.kind == TFR_OBJECT && !object->after.settled &&
           (object->before.kind != TFR_OBJECT || object->before.object != object->after.object);
}

static void hide_dynamic(struct tfr_graph_builder *builder, tfr_node_id node,
                         const struct tfr_config_resource *resource)
{
    const struct tfr_value *after = &builder->graph->nodes[node].resource->after;

    for (uint32_t i = 0; i < after->count; i++) {
        const struct tfr_member member = tfr_member_at(after, i);

        if (is_block(member.value) && !begins_with(&resource->expressions, member.name))
            add(builder, node, member.name, "a dynamic block");
    }
}

void tfr_hide_dynamic(struct tfr_graph_builder *builder, tfr_node_id node)
{
    const struct tfr_node *at = &builder->graph->nodes[node];

    if (is_changed(at->resource) && at->block->id < builder->config_cap &&
        builder->config_of[at->block->id] != NULL &&
        tfr_graph_find(builder->graph, at->address) == node)
        hide_dynamic(builder, node, builder->config_of[at->block->id]);
}

void tfr_hide_dynamic_later(struct tfr_graph_builder *builder, const struct tfr_sym *block,
                            const struct tfr_config_resource *resource)
{
    const struct tfr_graph *graph = builder->graph;

    if (builder->config_of[block->id] == NULL) {
        builder->config_of[block->id] = resource;
        return;
    }
    /* A configuration that has a block twice. */
    for (tfr_node_id node = tfr_graph_first_in_block(graph, block); node != TFR_NO_NODE;
         node = tfr_graph_next_in_block(graph, node)) {
        if (is_changed(graph->nodes[node].resource))
            hide_dynamic(builder, node, resource);
    }
}

/* Providers make these up; no configuration refers to others by them. */
static bool is_made_up(const struct tfr_sym *name)
{
    return tfr_sym_is(name, "id") || tfr_sym_is(name, "arn") || tfr_sym_is(name, "tags_all");
}

void tfr_hide_all(struct tfr_graph_builder *builder)
{
    const struct tfr_graph *graph = builder->graph;
    const uint32_t count = tfr_graph_node_count(graph);

    for (tfr_node_id node = 0; node < count; node++) {
        const struct tfr_resource *object = tfr_graph_node(graph, node)->resource;
        const struct tfr_value *after = object != NULL ? &object->after : &tfr_absent;

        for (uint32_t i = 0; after->kind == TFR_OBJECT && i < after->count; i++) {
            if (!is_made_up(tfr_member_name(after, i)) &&
                tfr_value_has_unknown(tfr_member_value(after, i)))
                add(builder, node, tfr_member_name(after, i),
                    "the configuration, which is not here");
        }
    }
}

static void hide_block(struct tfr_graph_builder *builder, const struct tfr_sym *block,
                       const char *reference)
{
    const struct tfr_graph *graph = builder->graph;

    for (tfr_node_id node = tfr_graph_first_in_block(graph, block); node != TFR_NO_NODE;
         node = tfr_graph_next_in_block(graph, node))
        add(builder, node, NULL, reference);
}

void tfr_hide_lifecycle(struct tfr_graph_builder *builder)
{
    const struct tfr_graph *graph = builder->graph;
    const struct tfr_document *document = graph->document;

    for (size_t i = 0; i < document->check_count; i++) {
        const struct tfr_sym *address = document->checks[i].address;
        tfr_node_id node;

        if (address == NULL)
            continue;
        node = tfr_graph_find(graph, address);
        if (tfr_graph_first_in_block(graph, address) != TFR_NO_NODE)
            hide_block(builder, address, "a condition");
        else if (node != TFR_NO_NODE && !tfr_sym_is(document->checks[i].kind, "var"))
            add(builder, node, NULL, "a condition");
    }
    for (tfr_node_id node = 0; node < graph->node_count; node++) {
        const struct tfr_resource *object = graph->nodes[node].resource;

        if (object == NULL)
            continue;
        if (tfr_sym_is(object->action_reason, "replace_by_triggers"))
            add(builder, node, NULL, "replace_triggered_by");
        if (object->import_unknown)
            add(builder, node, NULL, "the id of an import");
    }
}
