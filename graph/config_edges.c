/* SPDX-License-Identifier: Apache-2.0 */
/* Edges that the configuration states: who refers, and where its expressions are. */
#include "graph/config.h"

#include <string.h>

static const struct tfr_choice all = { .match = TFR_MATCH_ALL };
static const struct tfr_choice own = { .match = TFR_MATCH_PAIR, .pair_step = TFR_OWN_KEY };

/* The node of a provider's configuration: neighbours mostly have the same. */
static tfr_node_id provider_node(struct tfr_ref_walk *walk, const struct tfr_sym *key)
{
    struct tfr_graph *graph = walk->builder->graph;
    struct tfr_buf text = { 0 };
    const struct tfr_sym *address;

    if (key == NULL || walk->provider == key)
        return key != NULL ? walk->provider_node : TFR_NO_NODE;
    tfr_buf_printf(&text, "provider.%s", key->text);
    address = tfr_names_find(graph->document->names, text.data, text.len);
    tfr_buf_fini(&text);
    walk->provider = key;
    walk->provider_node = address != NULL ? tfr_graph_find(graph, address) : TFR_NO_NODE;
    return walk->provider_node;
}

static void link_provider(struct tfr_ref_walk *walk, const struct tfr_config_resource *resource)
{
    const struct tfr_ref_work work = { .count = 0 };
    const tfr_node_id node = provider_node(walk, resource->provider_key);

    if (node == TFR_NO_NODE)
        return;
    walk->origin = TFR_ORIGIN_PROVIDER;
    walk->path = NULL;
    tfr_link_node(walk, &work, node);
}

/* count, for_each and depends_on of every module call around a block hold for it too. */
static void follow_calls(struct tfr_ref_walk *walk, const struct tfr_config_module *module)
{
    walk->origin = TFR_ORIGIN_MODULE;
    for (const struct tfr_config_module *at = module; at->parent != NULL && at->call != NULL;
         at = at->parent) {
        if (at->call->count.path != NULL)
            tfr_follow(walk, at->parent, &at->call->count, all);
        if (at->call->for_each.path != NULL)
            tfr_follow_for_each(
                walk, at->parent, &at->call->for_each,
                (struct tfr_choice){ .match = TFR_MATCH_PAIR, .pair_step = at->parent->depth });
        tfr_follow_depends_on(walk, at->parent, at->call->depends_on);
    }
}

static void follow_resource(struct tfr_ref_walk *walk, const struct tfr_config_module *module,
                            const struct tfr_config_resource *resource)
{
    struct tfr_graph *graph = walk->builder->graph;

    walk->from_block =
        tfr_config_absolute(walk, module, resource->address->text, resource->address->len);
    if (tfr_graph_first_in_block(graph, walk->from_block) == TFR_NO_NODE)
        return;
    walk->origin = TFR_ORIGIN_REFERENCE;
    for (uint32_t i = 0; i < resource->expressions.count; i++)
        tfr_follow(walk, module, &resource->expressions.at[i], own);
    tfr_hide_dynamic_later(walk->builder, walk->from_block, resource);
    if (resource->count.path != NULL)
        tfr_follow(walk, module, &resource->count, all);
    if (resource->for_each.path != NULL)
        tfr_follow_for_each(walk, module, &resource->for_each, own);
    walk->origin = TFR_ORIGIN_DEPENDS_ON;
    tfr_follow_depends_on(walk, module, resource->depends_on);
    follow_calls(walk, module);
    link_provider(walk, resource);
}

static void follow_root_outputs(struct tfr_ref_walk *walk, const struct tfr_config_module *root)
{
    struct tfr_graph *graph = walk->builder->graph;
    struct tfr_buf text = { 0 };

    walk->from_block = NULL;
    for (uint32_t i = 0; i < root->output_count; i++) {
        const struct tfr_sym *address;

        tfr_buf_reset(&text);
        tfr_buf_printf(&text, "output.%s", root->outputs[i].name->text);
        address = tfr_names_find(graph->document->names, text.data, text.len);
        walk->from = address != NULL ? tfr_graph_find(graph, address) : TFR_NO_NODE;
        if (walk->from == TFR_NO_NODE)
            continue;
        walk->origin = TFR_ORIGIN_REFERENCE;
        tfr_follow(walk, root, &root->outputs[i].expression, all);
        walk->origin = TFR_ORIGIN_DEPENDS_ON;
        tfr_follow_depends_on(walk, root, root->outputs[i].depends_on);
    }
    tfr_buf_fini(&text);
}

static const struct tfr_config_module *module_at(const struct tfr_config_module *root,
                                                 const struct tfr_sym *path)
{
    const struct tfr_config_module *at = root;
    size_t from = 0;

    while (path != NULL && from < path->len && at != NULL) {
        const char *step = path->text + from;
        struct tfr_ref ref = { 0 };
        const struct tfr_config_call *call;

        if (strncmp(step, "module.", strlen("module.")) != 0)
            return NULL;
        ref.text = step + strlen("module.");
        ref.name_len = strcspn(ref.text, ".");
        call = tfr_config_find_call(at, &ref);
        at = call != NULL ? call->module : NULL;
        from += strlen("module.") + ref.name_len + 1;
    }
    return at;
}

static void follow_providers(struct tfr_ref_walk *walk, const struct tfr_config_module *root)
{
    struct tfr_graph *graph = walk->builder->graph;
    struct tfr_buf text = { 0 };

    walk->from_block = NULL;
    walk->origin = TFR_ORIGIN_REFERENCE;
    for (size_t i = 0; i < graph->document->provider_count; i++) {
        const struct tfr_config_provider *provider = &graph->document->providers[i];
        const struct tfr_config_module *module = module_at(root, provider->module_address);
        const struct tfr_sym *address;

        tfr_buf_reset(&text);
        tfr_buf_printf(&text, "provider.%s", provider->key->text);
        address = tfr_names_find(graph->document->names, text.data, text.len);
        walk->from = address != NULL ? tfr_graph_find(graph, address) : TFR_NO_NODE;
        for (uint32_t j = 0;
             walk->from != TFR_NO_NODE && module != NULL && j < provider->expressions.count; j++)
            tfr_follow(walk, module, &provider->expressions.at[j], all);
    }
    tfr_buf_fini(&text);
}

void tfr_graph_add_references(struct tfr_graph_builder *builder)
{
    const struct tfr_config_module *root = builder->graph->document->configuration;
    struct tfr_ref_walk walk = { .builder = builder };
    const struct tfr_config_module **todo = NULL;
    size_t count = 0;
    size_t cap = 0;

    if (root == NULL) {
        if (builder->graph->document->kind == TFR_PLAN)
            tfr_hide_all(builder);
        return;
    }
    builder->config_cap = tfr_names_count(builder->graph->document->names);
    builder->config_of =
        tfr_calloc(builder->config_cap, sizeof(const struct tfr_config_resource *));
    todo = tfr_grow(todo, &cap, 1, sizeof *todo);
    todo[count++] = root;
    while (count > 0) {
        const struct tfr_config_module *module = todo[--count];

        for (uint32_t i = 0; i < module->resource_count; i++)
            follow_resource(&walk, module, &module->resources[i]);
        for (uint32_t i = 0; i < module->call_count; i++) {
            todo = tfr_grow(todo, &cap, count + 1, sizeof *todo);
            todo[count++] = module->calls[i].module;
        }
    }
    follow_root_outputs(&walk, root);
    follow_providers(&walk, root);
    tfr_free(todo);
    tfr_ref_walk_fini(&walk);
}
