/* SPDX-License-Identifier: Apache-2.0 */
/* Edges that the configuration states: references and depends_on, through module inputs and
 * outputs. */
#include "graph/build.h"
#include "graph/refs.h"

#include <string.h>

/* How the instance of the target is chosen. */
enum match {
    MATCH_ALL,
    MATCH_LITERAL, /* a key is written: aws_x.y[0], module.m["a"] */
    MATCH_PAIR,    /* [each.key] or [count.index]: the same key as the referrer */
};

/* A reference array that is to be followed in a module. */
struct work {
    const struct tfr_config_module *module;
    const struct tfr_sym *const *references;
    uint32_t count;
    uint32_t scope;                /* module steps that referrer and target share by now */
    enum match match;              /* of the module step that was taken last */
    uint32_t match_step;           /* which step of the target's module path it chooses by */
    uint32_t pair_step;            /* MATCH_PAIR: the referrer's module step, or OWN_KEY */
    const struct tfr_sym *literal; /* MATCH_LITERAL: brackets and all */
    const struct tfr_sym *as_written;
    bool depends_on; /* entries are whole subjects: module.m means everything in it */
};

#define OWN_KEY UINT32_MAX

/* What is followed for one expression of one block. */
struct walk {
    struct tfr_graph_builder *builder;
    const struct tfr_sym *const *blocks; /* of the referrer */
    const struct tfr_sym *from_block;    /* block whose instances refer; NULL: `from` is one node */
    tfr_node_id from;
    uint32_t own_scope; /* module steps of the referrer */
    enum tfr_origin origin;
    const struct tfr_sym *path;
    struct work *todo;
    size_t todo_count, todo_cap;
    uint32_t budget; /* steps left: a guard against cycles, which no valid configuration has */
};

static uint32_t depth_of(const struct tfr_config_module *module)
{
    uint32_t depth = 0;

    for (; module->parent != NULL; module = module->parent)
        depth++;
    return depth;
}

static void push(struct walk *walk, struct work work)
{
    if (work.count == 0)
        return;
    walk->todo = tfr_grow(walk->todo, &walk->todo_cap, walk->todo_count + 1, sizeof *walk->todo);
    walk->todo[walk->todo_count++] = work;
}

/* ---- edges between instances -------------------------------------------------------------------
 */

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
static const struct tfr_sym *wanted_key(const struct walk *walk, const struct work *work,
                                        const struct tfr_resource *from, bool *any)
{
    struct tfr_graph *graph = walk->builder->graph;

    *any = work->match == MATCH_ALL || from == NULL;
    if (work->match == MATCH_LITERAL) {
        *any = false;
        return work->literal;
    }
    if (*any)
        return NULL;
    return work->pair_step == OWN_KEY ? key_text(graph, from)
                                      : module_key(graph, from, work->pair_step);
}

static enum tfr_certainty certainty_of(const struct work *work, bool expanded)
{
    return work->match == MATCH_ALL && expanded ? TFR_OVER_APPROXIMATE : TFR_EXACT;
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

static void add_edge(const struct walk *walk, const struct work *work, tfr_node_id from,
                     tfr_node_id to, bool expanded)
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

/* All instances of `block` that `from` can mean. */
static void link_one(const struct walk *walk, const struct work *work, tfr_node_id from,
                     const struct tfr_sym *block, bool own_key)
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

        if (to != TFR_NO_NODE) {
            add_edge(walk, work, from, to, expanded);
            return;
        }
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

static void link_block(const struct walk *walk, const struct work *work,
                       const struct tfr_sym *block, bool own_key)
{
    struct tfr_graph *graph = walk->builder->graph;

    if (tfr_graph_first_in_block(graph, block) == TFR_NO_NODE)
        return; /* no instance: count 0, or not yet created and not planned */
    if (walk->from_block == NULL) {
        link_one(walk, work, walk->from, block, own_key);
        return;
    }
    for (tfr_node_id from = tfr_graph_first_in_block(graph, walk->from_block); from != TFR_NO_NODE;
         from = tfr_graph_next_in_block(graph, from)) {
        if (graph->nodes[from].when & TFR_AFTER || graph->document->kind != TFR_PLAN)
            link_one(walk, work, from, block, own_key);
    }
}

static void link_node(const struct walk *walk, const struct work *work, tfr_node_id to)
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

static void note_unresolved(const struct walk *walk, const struct tfr_sym *reference)
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

/* ---- following ---------------------------------------------------------------------------------
 */

static const struct tfr_sym *absolute(struct tfr_graph *graph,
                                      const struct tfr_config_module *module, const char *text,
                                      size_t len)
{
    struct tfr_buf out = { 0 };
    const struct tfr_sym *sym;

    if (module->path != NULL)
        tfr_buf_printf(&out, "%s.", module->path->text);
    tfr_buf_add(&out, text, len);
    sym = tfr_graph_name(graph, tfr_buf_text(&out), out.len);
    tfr_buf_fini(&out);
    return sym;
}

static const struct tfr_expression *find_expression(struct tfr_expressions expressions,
                                                    const char *name, size_t len, uint32_t *from)
{
    for (; *from < expressions.count; (*from)++) {
        const struct tfr_sym *path = expressions.at[*from].path;

        /* An input may be an object: its parts stand as NAME.key. */
        if (path->len >= len && memcmp(path->text, name, len) == 0 &&
            (path->len == len || path->text[len] == '.'))
            return &expressions.at[(*from)++];
    }
    return NULL;
}

static void follow_variable(struct walk *walk, const struct work *work, const struct tfr_ref *ref)
{
    const struct tfr_config_module *module = work->module;
    const struct tfr_expression *expression;
    struct work next = *work;
    uint32_t at = 0;

    if (module->parent == NULL) {
        const struct tfr_sym *name =
            tfr_names_find(walk->builder->graph->document->names, ref->text, ref->block_len);
        const tfr_node_id node =
            name != NULL ? tfr_graph_find(walk->builder->graph, name) : TFR_NO_NODE;

        if (node != TFR_NO_NODE)
            link_node(walk, work, node);
        return;
    }
    if (module->call == NULL)
        return;
    next.module = module->parent;
    next.scope = depth_of(module->parent) < work->scope ? depth_of(module->parent) : work->scope;
    next.depends_on = false;
    next.match = MATCH_ALL;
    while ((expression = find_expression(module->call->expressions, ref->text + ref->name_at,
                                         ref->name_len, &at)) != NULL) {
        next.references = expression->references;
        next.count = expression->reference_count;
        push(walk, next);
    }
}

static const struct tfr_config_call *find_call(const struct tfr_config_module *module,
                                               const struct tfr_ref *ref)
{
    for (uint32_t i = 0; i < module->call_count; i++) {
        const struct tfr_sym *name = module->calls[i].name;

        if (name->len == ref->name_len &&
            memcmp(name->text, ref->text + ref->name_at, name->len) == 0)
            return &module->calls[i];
    }
    return NULL;
}

/* Everything in a module: what depends_on a module means. */
static void link_whole_module(struct walk *walk, const struct work *work,
                              const struct tfr_config_module *module)
{
    struct tfr_graph *graph = walk->builder->graph;
    const struct tfr_config_module **todo = NULL;
    size_t count = 0;
    size_t cap = 0;

    todo = tfr_grow(todo, &cap, 1, sizeof *todo);
    todo[count++] = module;
    while (count > 0) {
        const struct tfr_config_module *at = todo[--count];

        for (uint32_t i = 0; i < at->resource_count; i++)
            link_block(
                walk, work,
                absolute(graph, at, at->resources[i].address->text, at->resources[i].address->len),
                false);
        for (uint32_t i = 0; i < at->call_count; i++) {
            todo = tfr_grow(todo, &cap, count + 1, sizeof *todo);
            todo[count++] = at->calls[i].module;
        }
    }
    tfr_free(todo);
}

static void follow_output(struct walk *walk, const struct work *work,
                          const struct tfr_config_output *output,
                          const struct tfr_config_module *module)
{
    struct work next = *work;

    next.module = module;
    next.depends_on = false;
    next.references = output->expression.references;
    next.count = output->expression.reference_count;
    push(walk, next);
    next.references = output->depends_on.at;
    next.count = output->depends_on.count;
    next.depends_on = true;
    push(walk, next);
}

static void follow_module(struct walk *walk, const struct work *work, const struct tfr_ref *ref)
{
    const struct tfr_config_call *call = find_call(work->module, ref);

    if (call == NULL) {
        note_unresolved(walk, work->as_written);
        return;
    }
    if (ref->out_len == 0 && work->depends_on) {
        link_whole_module(walk, work, call->module);
        return;
    }
    for (uint32_t i = 0; i < call->module->output_count; i++) {
        const struct tfr_config_output *output = &call->module->outputs[i];

        if (ref->out_len == 0 ||
            (output->name->len == ref->out_len &&
             memcmp(output->name->text, ref->text + ref->out_at, ref->out_len) == 0))
            follow_output(walk, work, output, call->module);
    }
}

/* each.* and count.* in an expression stand for the for_each and count of what it belongs to; in an
 * input of a module those of the call. Those arrays are followed with the block or call itself, so
 * nothing is lost here. */
static bool pairs(const struct work *work, uint32_t from)
{
    for (uint32_t i = from; i < work->count; i++) {
        struct tfr_ref ref;

        tfr_ref_parse(work->references[i]->text, work->references[i]->len, &ref);
        if ((ref.kind == TFR_REF_EACH && ref.name_len == 3) || ref.kind == TFR_REF_COUNT)
            return true;
    }
    return false;
}

/* Chooses how the instances of this head are told apart. */
static struct work choose(const struct walk *walk, const struct work *work,
                          const struct tfr_ref *ref, bool paired)
{
    struct work next = *work;
    const uint32_t depth = depth_of(work->module);

    if (ref->key_len > 0) {
        next.match = MATCH_LITERAL;
        next.literal =
            tfr_graph_name(walk->builder->graph, ref->text + ref->key_at - 1, ref->key_len + 2);
    } else if (paired) {
        next.match = MATCH_PAIR;
        /* The keys are those of the block itself, or of the module call whose input is being read.
         */
        next.pair_step = depth == walk->own_scope ? OWN_KEY : depth;
    } else if (ref->kind == TFR_REF_MODULE || work->match == MATCH_ALL) {
        return next;
    }
    if (ref->kind == TFR_REF_MODULE)
        next.match_step = depth;
    return next;
}

static void follow_head(struct walk *walk, const struct work *work, const struct tfr_sym *head,
                        bool paired)
{
    struct tfr_ref ref;
    struct work next;
    const struct tfr_sym *block;

    tfr_ref_parse(head->text, head->len, &ref);
    next = choose(walk, work, &ref, paired);
    if (next.as_written == NULL)
        next.as_written = head;
    switch (ref.kind) {
    case TFR_REF_RESOURCE:
    case TFR_REF_DATA:
        block = absolute(walk->builder->graph, work->module, ref.text, ref.block_len);
        link_block(walk, &next, block, ref.key_len > 0 || (paired && next.match == MATCH_PAIR));
        break;
    case TFR_REF_VAR:
        follow_variable(walk, &next, &ref);
        break;
    case TFR_REF_MODULE:
        follow_module(walk, &next, &ref);
        break;
    case TFR_REF_LOCAL:
        note_unresolved(walk, head);
        break;
    default:
        break;
    }
}

static void follow_all(struct walk *walk)
{
    while (walk->todo_count > 0 && walk->budget > 0) {
        const struct work work = walk->todo[--walk->todo_count];
        const bool paired = pairs(&work, 0);
        uint32_t at = 0;

        walk->budget--;
        while (at < work.count) {
            follow_head(walk, &work, work.references[at], paired);
            at += work.depends_on ? 1 : tfr_ref_group(work.references, work.count, at);
        }
    }
    walk->todo_count = 0;
}

/* ---- who refers --------------------------------------------------------------------------------
 */

static void follow(struct walk *walk, const struct tfr_config_module *module,
                   const struct tfr_expression *expression)
{
    walk->path = expression->path;
    walk->own_scope = depth_of(module);
    walk->budget = 100000;
    push(walk, (struct work){ .module = module,
                              .references = expression->references,
                              .count = expression->reference_count,
                              .scope = depth_of(module) });
    follow_all(walk);
}

static void follow_depends_on(struct walk *walk, const struct tfr_config_module *module,
                              const struct tfr_config_module *owner, struct tfr_paths depends_on)
{
    walk->path = NULL;
    walk->own_scope = depth_of(owner);
    walk->budget = 100000;
    push(walk, (struct work){ .module = module,
                              .references = depends_on.at,
                              .count = depends_on.count,
                              .scope = depth_of(module),
                              .depends_on = true });
    follow_all(walk);
}

static const struct tfr_config_provider *find_provider(const struct tfr_document *document,
                                                       const struct tfr_sym *key, size_t *index)
{
    for (size_t i = 0; key != NULL && i < document->provider_count; i++) {
        if (document->providers[i].key == key) {
            *index = i;
            return &document->providers[i];
        }
    }
    return NULL;
}

static void link_provider(struct walk *walk, const struct tfr_config_resource *resource)
{
    struct tfr_graph *graph = walk->builder->graph;
    struct tfr_buf text = { 0 };
    const struct tfr_sym *address;
    const struct work work = { .match = MATCH_ALL };
    size_t index;

    if (find_provider(graph->document, resource->provider_key, &index) == NULL)
        return;
    tfr_buf_printf(&text, "provider.%s", resource->provider_key->text);
    address = tfr_names_find(graph->document->names, text.data, text.len);
    tfr_buf_fini(&text);
    if (address == NULL || tfr_graph_find(graph, address) == TFR_NO_NODE)
        return;
    walk->origin = TFR_ORIGIN_PROVIDER;
    walk->path = NULL;
    link_node(walk, &work, tfr_graph_find(graph, address));
}

/* count, for_each and depends_on of every module call around a block hold for it too. */
static void follow_calls(struct walk *walk, const struct tfr_config_module *module)
{
    walk->origin = TFR_ORIGIN_MODULE;
    for (const struct tfr_config_module *at = module; at->parent != NULL && at->call != NULL;
         at = at->parent) {
        if (at->call->count.path != NULL)
            follow(walk, at->parent, &at->call->count);
        if (at->call->for_each.path != NULL)
            follow(walk, at->parent, &at->call->for_each);
        follow_depends_on(walk, at->parent, module, at->call->depends_on);
    }
}

static void follow_resource(struct walk *walk, const struct tfr_config_module *module,
                            const struct tfr_config_resource *resource)
{
    struct tfr_graph *graph = walk->builder->graph;

    walk->from_block = absolute(graph, module, resource->address->text, resource->address->len);
    if (tfr_graph_first_in_block(graph, walk->from_block) == TFR_NO_NODE)
        return;
    walk->origin = TFR_ORIGIN_REFERENCE;
    for (uint32_t i = 0; i < resource->expressions.count; i++)
        follow(walk, module, &resource->expressions.at[i]);
    if (resource->count.path != NULL)
        follow(walk, module, &resource->count);
    if (resource->for_each.path != NULL)
        follow(walk, module, &resource->for_each);
    walk->origin = TFR_ORIGIN_DEPENDS_ON;
    follow_depends_on(walk, module, module, resource->depends_on);
    follow_calls(walk, module);
    link_provider(walk, resource);
}

static void follow_root_outputs(struct walk *walk, const struct tfr_config_module *root)
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
        follow(walk, root, &root->outputs[i].expression);
        walk->origin = TFR_ORIGIN_DEPENDS_ON;
        follow_depends_on(walk, root, root, root->outputs[i].depends_on);
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
        call = find_call(at, &ref);
        at = call != NULL ? call->module : NULL;
        from += strlen("module.") + ref.name_len + 1;
    }
    return at;
}

static void follow_providers(struct walk *walk, const struct tfr_config_module *root)
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
            follow(walk, module, &provider->expressions.at[j]);
    }
    tfr_buf_fini(&text);
}

void tfr_graph_add_references(struct tfr_graph_builder *builder)
{
    const struct tfr_config_module *root = builder->graph->document->configuration;
    struct walk walk = { .builder = builder };
    const struct tfr_config_module **todo = NULL;
    size_t count = 0;
    size_t cap = 0;

    if (root == NULL)
        return;
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
    tfr_free(walk.todo);
}
