/* SPDX-License-Identifier: Apache-2.0 */
/* Module instances. The path module.a["x"].module.b[0] has two steps; a number stands for each
 * beginning of a path that an object lies in, so that they are compared without their texts. */
#include "graph/build.h"

#include <string.h>

struct tfr_modules {
    struct tfr_module *at; /* the first one is the root */
    size_t count, cap;
    uint32_t *of_node;      /* by node of a resource */
    struct tfr_pairs below; /* of a number and the name id of a step */
};

/* ---- texts -------------------------------------------------------------------------------------
 */

/* End of the step that begins at `at`; where its key begins (its end if it has none). */
static size_t one_step(const char *text, size_t len, size_t at, size_t *key_at)
{
    at += strlen("module.");
    while (at < len && text[at] != '.' && text[at] != '[')
        at++;
    *key_at = at;
    if (at >= len || text[at] != '[')
        return at < len ? at : len;
    return tfr_address_key_end(text, len, at);
}

size_t tfr_graph_module_step(const struct tfr_sym *module, size_t at, size_t *key_at)
{
    return one_step(module->text, module->len, at > 0 ? at + 1 : at, key_at);
}

size_t tfr_graph_module_prefix(const struct tfr_sym *module, uint32_t steps, size_t *key_at)
{
    size_t at = 0;

    *key_at = 0;
    for (uint32_t i = 0; i < steps && at < module->len; i++)
        at = tfr_graph_module_step(module, at, key_at);
    return at < module->len ? at : module->len;
}

/* ---- numbers -----------------------------------------------------------------------------------
 */

static uint32_t step_down(struct tfr_graph *graph, struct tfr_modules *modules, uint32_t above,
                          const struct tfr_sym *path, size_t from, size_t end, size_t key_at)
{
    const struct tfr_sym *step = tfr_graph_name(graph, path->text + from, end - from);
    uint32_t *slot = tfr_pair(&modules->below, above, step->id);
    struct tfr_module module = { .above = above, .path = path, .len = (uint32_t)end };

    if (*slot != 0)
        return *slot;
    module.steps = modules->at[above].steps + 1;
    if (key_at < end)
        module.key = tfr_graph_name(graph, path->text + key_at, end - key_at);
    *slot = (uint32_t)modules->count;
    modules->at = tfr_grow(modules->at, &modules->cap, modules->count + 1, sizeof *modules->at);
    modules->at[modules->count++] = module;
    return *slot;
}

static uint32_t number_of(struct tfr_graph *graph, struct tfr_modules *modules,
                          const struct tfr_sym *path)
{
    uint32_t module = TFR_ROOT;
    size_t at = 0;

    /* An empty path is a step, too: whoever writes it does not mean the root. */
    do {
        size_t key_at = path->len;
        const size_t end = path->len > 0 ? tfr_graph_module_step(path, at, &key_at) : 0;

        module = step_down(graph, modules, module, path, at, end, key_at);
        at = end;
    } while (at < path->len);
    return module;
}

static struct tfr_modules *modules_of(struct tfr_graph_builder *builder)
{
    struct tfr_graph *graph = builder->graph;
    struct tfr_modules *modules = builder->modules;
    const struct tfr_sym *last = NULL;
    uint32_t number = TFR_ROOT;

    if (modules != NULL)
        return modules;
    modules = builder->modules = tfr_calloc(1, sizeof *modules);
    modules->at = tfr_grow(NULL, &modules->cap, 1, sizeof *modules->at);
    modules->at[modules->count++] = (struct tfr_module){ 0 };
    modules->of_node = tfr_calloc(graph->node_count, sizeof *modules->of_node);
    for (uint32_t i = 0; i < graph->node_count; i++) {
        const struct tfr_resource *resource = graph->nodes[i].resource;

        if (resource == NULL || resource->module == NULL)
            continue;
        if (resource->module != last)
            number = number_of(graph, modules, resource->module);
        last = resource->module;
        modules->of_node[i] = number;
    }
    return modules;
}

uint32_t tfr_module_of(struct tfr_graph_builder *builder, tfr_node_id node)
{
    return modules_of(builder)->of_node[node];
}

const struct tfr_module *tfr_module_at(const struct tfr_graph_builder *builder, uint32_t module)
{
    return &builder->modules->at[module];
}

uint32_t tfr_module_above(const struct tfr_graph_builder *builder, uint32_t module, uint32_t steps)
{
    while (tfr_module_at(builder, module)->steps > steps)
        module = tfr_module_at(builder, module)->above;
    return module;
}

uint32_t tfr_module_below(struct tfr_graph_builder *builder, uint32_t module, const char *step,
                          size_t len)
{
    const struct tfr_sym *name = tfr_names_find(builder->graph->document->names, step, len);
    const uint32_t below =
        name != NULL ? tfr_pair_find(&modules_of(builder)->below, module, name->id) : 0;

    return below != 0 ? below : TFR_NO_MODULE;
}

void tfr_modules_free(struct tfr_graph_builder *builder)
{
    if (builder->modules == NULL)
        return;
    tfr_free(builder->modules->at);
    tfr_free(builder->modules->of_node);
    tfr_pairs_fini(&builder->modules->below);
    tfr_free(builder->modules);
    builder->modules = NULL;
}
