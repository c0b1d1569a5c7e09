/* SPDX-License-Identifier: Apache-2.0 */
/* Following references: through inputs of modules to their callers, through outputs into them. */
#include "graph/config.h"

#include <string.h>

uint32_t tfr_config_depth(const struct tfr_config_module *module)
{
    uint32_t depth = 0;

    for (; module->parent != NULL; module = module->parent)
        depth++;
    return depth;
}

static void push(struct tfr_ref_walk *walk, struct tfr_ref_work work)
{
    if (work.count == 0)
        return;
    walk->todo = tfr_grow(walk->todo, &walk->todo_cap, walk->todo_count + 1, sizeof *walk->todo);
    walk->todo[walk->todo_count++] = work;
}

const struct tfr_sym *tfr_config_absolute(struct tfr_graph *graph,
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

static void follow_variable(struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                            const struct tfr_ref *ref)
{
    const struct tfr_config_module *module = work->module;
    const struct tfr_expression *expression;
    struct tfr_ref_work next = *work;
    uint32_t at = 0;

    if (module->parent == NULL) {
        const struct tfr_sym *name =
            tfr_names_find(walk->builder->graph->document->names, ref->text, ref->block_len);
        const tfr_node_id node =
            name != NULL ? tfr_graph_find(walk->builder->graph, name) : TFR_NO_NODE;

        if (node != TFR_NO_NODE)
            tfr_link_node(walk, work, node);
        return;
    }
    if (module->call == NULL)
        return;
    next.module = module->parent;
    next.scope = tfr_config_depth(module->parent) < work->scope ? tfr_config_depth(module->parent)
                                                                : work->scope;
    next.depends_on = false;
    next.match = TFR_MATCH_ALL;
    while ((expression = find_expression(module->call->expressions, ref->text + ref->name_at,
                                         ref->name_len, &at)) != NULL) {
        next.references = expression->references;
        next.count = expression->reference_count;
        push(walk, next);
    }
}

const struct tfr_config_call *tfr_config_find_call(const struct tfr_config_module *module,
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
static void link_whole_module(struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
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
            tfr_link_block(walk, work,
                           tfr_config_absolute(graph, at, at->resources[i].address->text,
                                               at->resources[i].address->len),
                           false);
        for (uint32_t i = 0; i < at->call_count; i++) {
            todo = tfr_grow(todo, &cap, count + 1, sizeof *todo);
            todo[count++] = at->calls[i].module;
        }
    }
    tfr_free(todo);
}

static void follow_output(struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                          const struct tfr_config_output *output,
                          const struct tfr_config_module *module)
{
    struct tfr_ref_work next = *work;

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

static void follow_module(struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                          const struct tfr_ref *ref)
{
    const struct tfr_config_call *call = tfr_config_find_call(work->module, ref);

    if (call == NULL) {
        tfr_link_nowhere(walk, work->as_written);
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
static bool pairs(const struct tfr_ref_work *work, uint32_t from)
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
static struct tfr_ref_work choose(const struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                                  const struct tfr_ref *ref, bool paired)
{
    struct tfr_ref_work next = *work;
    const uint32_t depth = tfr_config_depth(work->module);

    if (ref->key_len > 0) {
        next.match = TFR_MATCH_LITERAL;
        next.literal =
            tfr_graph_name(walk->builder->graph, ref->text + ref->key_at - 1, ref->key_len + 2);
    } else if (paired) {
        next.match = TFR_MATCH_PAIR;
        /* The keys are those of the block itself, or of the module call whose input is being read.
         */
        next.pair_step = depth == walk->own_scope ? TFR_OWN_KEY : depth;
    } else if (ref->kind == TFR_REF_MODULE || work->match == TFR_MATCH_ALL) {
        return next;
    }
    if (ref->kind == TFR_REF_MODULE)
        next.match_step = depth;
    return next;
}

static void follow_head(struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                        const struct tfr_sym *head, bool paired)
{
    struct tfr_ref ref;
    struct tfr_ref_work next;
    const struct tfr_sym *block;

    tfr_ref_parse(head->text, head->len, &ref);
    next = choose(walk, work, &ref, paired);
    if (next.as_written == NULL)
        next.as_written = head;
    switch (ref.kind) {
    case TFR_REF_RESOURCE:
    case TFR_REF_DATA:
        block = tfr_config_absolute(walk->builder->graph, work->module, ref.text, ref.block_len);
        tfr_link_block(walk, &next, block,
                       ref.key_len > 0 || (paired && next.match == TFR_MATCH_PAIR));
        break;
    case TFR_REF_VAR:
        follow_variable(walk, &next, &ref);
        break;
    case TFR_REF_MODULE:
        follow_module(walk, &next, &ref);
        break;
    case TFR_REF_LOCAL:
        tfr_link_nowhere(walk, head);
        break;
    default:
        break;
    }
}

static void follow_all(struct tfr_ref_walk *walk)
{
    while (walk->todo_count > 0 && walk->budget > 0) {
        const struct tfr_ref_work work = walk->todo[--walk->todo_count];
        const bool paired = pairs(&work, 0);
        uint32_t at = 0;

        walk->budget--;
        while (at < work.count) {
            follow_head(walk, &work, work.references[at], paired);
            at += work.depends_on ? 1 : tfr_ref_group(work.references, work.count, at);
        }
    }
    if (walk->todo_count > 0) /* more than any sane configuration: said, not dropped */
        tfr_link_nowhere(walk, walk->todo[walk->todo_count - 1].references[0]);
    walk->todo_count = 0;
}
void tfr_follow(struct tfr_ref_walk *walk, const struct tfr_config_module *module,
                const struct tfr_expression *expression)
{
    walk->path = expression->path;
    walk->own_scope = tfr_config_depth(module);
    walk->budget = 100000;
    push(walk, (struct tfr_ref_work){ .module = module,
                                      .references = expression->references,
                                      .count = expression->reference_count,
                                      .scope = tfr_config_depth(module) });
    follow_all(walk);
}

void tfr_follow_depends_on(struct tfr_ref_walk *walk, const struct tfr_config_module *module,
                           const struct tfr_config_module *owner, struct tfr_paths depends_on)
{
    walk->path = NULL;
    walk->own_scope = tfr_config_depth(owner);
    walk->budget = 100000;
    push(walk, (struct tfr_ref_work){ .module = module,
                                      .references = depends_on.at,
                                      .count = depends_on.count,
                                      .scope = tfr_config_depth(module),
                                      .depends_on = true });
    follow_all(walk);
}
