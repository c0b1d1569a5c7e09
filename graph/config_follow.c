/* SPDX-License-Identifier: Apache-2.0 */
/* Following references: through inputs of modules to their callers, through outputs into them. */
#include "graph/config.h"

#include <string.h>

/* ---- what is to be followed, each once ---------------------------------------------------------
 */

static bool same_choice(struct tfr_choice a, struct tfr_choice b)
{
    return a.match == b.match && (a.match != TFR_MATCH_PAIR || a.pair_step == b.pair_step) &&
           (a.match != TFR_MATCH_LITERAL || a.literal == b.literal);
}

static bool same_work(const struct tfr_ref_work *a, const struct tfr_ref_work *b)
{
    const struct tfr_step_choice *x = a->steps;
    const struct tfr_step_choice *y = b->steps;

    if (a->references != b->references || a->scope != b->scope || a->wide != b->wide ||
        a->depends_on != b->depends_on || a->chained != b->chained ||
        !same_choice(a->each, b->each))
        return false;
    while (x != NULL && y != NULL && x->step == y->step && same_choice(x->choice, y->choice)) {
        x = x->before;
        y = y->before;
    }
    return x == y;
}

/* What was followed for expressions before stays where it is until it is written over. */
static bool is_free(const struct tfr_ref_walk *walk, const struct tfr_seen *seen)
{
    return seen->round != walk->round;
}

static size_t slot_of(const struct tfr_ref_walk *walk, const struct tfr_ref_work *work)
{
    size_t at = (size_t)tfr_hash(&work->references, sizeof work->references) & walk->seen_mask;

    while (!is_free(walk, &walk->seen[at]) && !same_work(&walk->seen[at].work, work))
        at = (at + 1) & walk->seen_mask;
    return at;
}

static void make_room(struct tfr_ref_walk *walk)
{
    struct tfr_seen *old = walk->seen;
    const size_t size = old != NULL ? walk->seen_mask + 1 : 0;

    if (old != NULL && (walk->seen_count + 1) * 4 < size * 3)
        return;
    walk->seen_mask = size == 0 ? 15 : size * 2 - 1;
    walk->seen = tfr_calloc(walk->seen_mask + 1, sizeof *walk->seen);
    for (size_t i = 0; i < size; i++) {
        if (!is_free(walk, &old[i]))
            walk->seen[slot_of(walk, &old[i].work)] = old[i];
    }
    tfr_free(old);
}

/* Modules that hand on each other's outputs in several ways would be followed as often as there are
 * ways. */
static bool is_new(struct tfr_ref_walk *walk, const struct tfr_ref_work *work)
{
    size_t at;

    make_room(walk);
    at = slot_of(walk, work);
    if (!is_free(walk, &walk->seen[at]))
        return false;
    walk->seen[at] = (struct tfr_seen){ *work, walk->round };
    walk->seen_count++;
    return true;
}

static void push_first(struct tfr_ref_walk *walk, struct tfr_ref_work work)
{
    if (work.count == 0)
        return;
    walk->todo = tfr_grow(walk->todo, &walk->todo_cap, walk->todo_count + 1, sizeof *walk->todo);
    walk->todo[walk->todo_count++] = work;
}

const struct tfr_sym *tfr_config_absolute(struct tfr_ref_walk *walk,
                                          const struct tfr_config_module *module, const char *text,
                                          size_t len)
{
    struct tfr_graph *graph = walk->builder->graph;
    struct tfr_buf *out = &walk->address;

    if (module->path == NULL)
        return tfr_graph_name(graph, text, len);
    tfr_buf_reset(out);
    tfr_buf_add(out, module->path->text, module->path->len);
    tfr_buf_putc(out, '.');
    tfr_buf_add(out, text, len);
    return tfr_graph_name(graph, out->data, out->len);
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

static void push(struct tfr_ref_walk *walk, struct tfr_ref_work work)
{
    if (work.count > 0 && is_new(walk, &work))
        push_first(walk, work);
}

/* Whether a reference begins with each or count: most names of types that begin so go on. */
static bool may_be_key(const struct tfr_sym *reference)
{
    return reference->len > strlen("count.") &&
           (memcmp(reference->text, "each.", strlen("each.")) == 0 ||
            memcmp(reference->text, "count.", strlen("count.")) == 0);
}

/* Whether each.key or count.index stands in it. What each.value is stands in the for_each, which is
 * followed with the block or the call that it expands. */
static bool has_key(const struct tfr_ref_work *work)
{
    for (uint32_t i = 0; i < work->count; i++) {
        const struct tfr_sym *reference = work->references[i];
        struct tfr_ref ref;

        if (!may_be_key(reference))
            continue;
        tfr_ref_parse(reference->text, reference->len, &ref);
        if (ref.kind == TFR_REF_COUNT || (ref.kind == TFR_REF_EACH && ref.name_len == 3))
            return true;
    }
    return false;
}

/* What makes the instances of a module: whoever uses one of them depends on it. */
static void follow_expansion(struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                             const struct tfr_config_call *call, struct tfr_choice choice)
{
    struct tfr_ref_work next = *work;

    next.depends_on = false;
    next.each = (struct tfr_choice){ .match = TFR_MATCH_ALL };
    next.references = call->count.references;
    next.count = call->count.reference_count;
    push(walk, next);
    next.each = choice;
    next.chained = true;
    next.references = call->for_each.references;
    next.count = call->for_each.reference_count;
    push(walk, next);
}

static void follow_variable(struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                            const struct tfr_ref *ref)
{
    const struct tfr_config_module *module = work->module;
    const struct tfr_expression *expression;
    struct tfr_ref_work next = *work;
    uint32_t depth;
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
    depth = module->parent->depth;
    next.module = module->parent;
    next.depends_on = false;
    next.chained = false;
    /* The call's each.key is the key of the module instance that reads its input: one around the
     * referrer, or one that was chosen on the way. */
    next.each = work->scope > depth
                    ? (struct tfr_choice){ .match = TFR_MATCH_PAIR, .pair_step = depth }
                    : tfr_choice_at(work->steps, depth);
    next.scope = depth < work->scope ? depth : work->scope;
    while (next.steps != NULL && next.steps->step >= depth)
        next.steps = next.steps->before;
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
    const struct tfr_config_module **todo = NULL;
    size_t count = 0;
    size_t cap = 0;

    todo = tfr_grow(todo, &cap, 1, sizeof *todo);
    todo[count++] = module;
    while (count > 0) {
        const struct tfr_config_module *at = todo[--count];

        for (uint32_t i = 0; i < at->resource_count; i++)
            tfr_link_block(walk, work, at, at->resources[i].address->text,
                           at->resources[i].address->len,
                           (struct tfr_choice){ .match = TFR_MATCH_ALL });
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
    next.chained = false;
    next.each = (struct tfr_choice){ .match = TFR_MATCH_ALL };
    next.references = output->expression.references;
    next.count = output->expression.reference_count;
    push(walk, next);
    next.references = output->depends_on.at;
    next.count = output->depends_on.count;
    next.depends_on = true;
    push(walk, next);
}

static void follow_module(struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                          const struct tfr_ref *ref, struct tfr_choice choice)
{
    const struct tfr_config_call *call = tfr_config_find_call(work->module, ref);
    struct tfr_ref_work next = *work;

    if (call == NULL) {
        tfr_link_nowhere(walk, work->as_written);
        return;
    }
    follow_expansion(walk, work, call, choice);
    if (ref->out_len == 0 && work->depends_on) {
        link_whole_module(walk, work, call->module);
        return;
    }
    if (choice.match != TFR_MATCH_ALL) {
        struct tfr_step_choice *step = tfr_arena_alloc(&walk->arena, sizeof *step);

        *step = (struct tfr_step_choice){ work->module->depth, choice, work->steps };
        next.steps = step;
    }
    /* module.m[each.key].out shows as module.m alone: any of its outputs. Terraform waits for
     * everything in the module, then. */
    next.wide = work->wide || (ref->out_len == 0 && call->module->output_count > 1);
    if (ref->out_len == 0) {
        const enum tfr_origin origin = walk->origin;

        walk->origin = TFR_ORIGIN_ORDER;
        link_whole_module(walk, &next, call->module);
        walk->origin = origin;
    }
    for (uint32_t i = 0; i < call->module->output_count; i++) {
        const struct tfr_config_output *output = &call->module->outputs[i];

        if (ref->out_len == 0 ||
            (output->name->len == ref->out_len &&
             memcmp(output->name->text, ref->text + ref->out_at, ref->out_len) == 0))
            follow_output(walk, &next, output, call->module);
    }
}

/* How the instances of this head are told apart. depends_on means whole blocks, keys or not. */
static struct tfr_choice choose(const struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                                const struct tfr_ref *ref, bool paired)
{
    if (work->depends_on)
        return (struct tfr_choice){ .match = TFR_MATCH_ALL };
    if (ref->key_len > 0)
        return (struct tfr_choice){ .match = TFR_MATCH_LITERAL,
                                    .literal = tfr_graph_name(walk->builder->graph,
                                                              ref->text + ref->key_at - 1,
                                                              ref->key_len + 2) };
    return paired ? work->each : (struct tfr_choice){ .match = TFR_MATCH_ALL };
}

static void follow_head(struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                        const struct tfr_sym *head, const struct tfr_ref *ref, bool paired)
{
    struct tfr_ref_work next = *work;

    if (next.as_written == NULL)
        next.as_written = head;
    switch (ref->kind) {
    case TFR_REF_RESOURCE:
    case TFR_REF_DATA:
        tfr_link_block(walk, &next, work->module, ref->text, ref->block_len,
                       choose(walk, work, ref, paired));
        break;
    case TFR_REF_VAR:
        follow_variable(walk, &next, ref);
        break;
    case TFR_REF_MODULE:
        follow_module(walk, &next, ref, choose(walk, work, ref, paired));
        break;
    case TFR_REF_LOCAL:
        tfr_link_nowhere(walk, head);
        break;
    default:
        break;
    }
}

static void follow_one(struct tfr_ref_walk *walk, const struct tfr_ref_work *work, bool cut)
{
    const bool paired = !cut && (work->chained || has_key(work));
    uint32_t at = 0;

    while (at < work->count) {
        const struct tfr_sym *head = work->references[at];
        struct tfr_ref ref;

        tfr_ref_parse(head->text, head->len, &ref);
        if (cut)
            tfr_link_nowhere(walk, head);
        else
            follow_head(walk, work, head, &ref, paired);
        at += work->depends_on ? 1 : tfr_ref_group(&ref, work->references + at, work->count - at);
    }
}

/* More steps than any sane configuration has: what is left is said, not dropped. */
static void follow_all(struct tfr_ref_walk *walk)
{
    walk->round++;
    walk->seen_count = 0;
    while (walk->todo_count > 0) {
        const struct tfr_ref_work work = walk->todo[--walk->todo_count];

        follow_one(walk, &work, walk->budget == 0);
        walk->budget -= walk->budget > 0;
    }
    tfr_arena_reset(&walk->arena);
}

#define MOST_STEPS 100000

static void follow_expression(struct tfr_ref_walk *walk, const struct tfr_config_module *module,
                              const struct tfr_expression *expression, struct tfr_choice each,
                              bool chained)
{
    walk->path = expression->path;
    walk->budget = MOST_STEPS;
    push_first(walk, (struct tfr_ref_work){ .module = module,
                                            .references = expression->references,
                                            .count = expression->reference_count,
                                            .scope = module->depth,
                                            .each = each,
                                            .chained = chained });
    follow_all(walk);
}

void tfr_follow(struct tfr_ref_walk *walk, const struct tfr_config_module *module,
                const struct tfr_expression *expression, struct tfr_choice each)
{
    follow_expression(walk, module, expression, each, false);
}

void tfr_follow_for_each(struct tfr_ref_walk *walk, const struct tfr_config_module *module,
                         const struct tfr_expression *expression, struct tfr_choice each)
{
    follow_expression(walk, module, expression, each, true);
}

void tfr_follow_depends_on(struct tfr_ref_walk *walk, const struct tfr_config_module *module,
                           struct tfr_paths depends_on)
{
    walk->path = NULL;
    walk->budget = MOST_STEPS;
    push_first(walk, (struct tfr_ref_work){ .module = module,
                                            .references = depends_on.at,
                                            .count = depends_on.count,
                                            .scope = module->depth,
                                            .depends_on = true });
    follow_all(walk);
}
