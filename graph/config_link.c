/* SPDX-License-Identifier: Apache-2.0 */
/* From a referrer to instances: which keys and module instances belong together. */
#include "graph/config.h"

#include <stdlib.h>
#include <string.h>

/* What a reference names: a block, and how its instances are chosen. */
struct target {
    const struct tfr_ref_work *work;
    const struct tfr_sym *block;
    uint32_t depth;   /* module steps */
    size_t scope_end; /* bytes of those that the referrer shares */
    size_t local_at;  /* of TYPE.NAME in the block's name */
    struct tfr_choice own;
    bool relaxed; /* equal keys do not hold: all of them instead */
};

/* Where to look for one referrer: the module steps that are settled. */
struct place {
    uint32_t module;  /* TFR_NO_MODULE: no object lies there */
    const char *path; /* of it, keys and all */
    size_t path_len;  /* bytes */
    uint32_t steps;
    const struct tfr_sym *key; /* of the instance itself, NULL if it has none */
    bool settled;              /* all steps and the key: one instance */
};

struct tfr_choice tfr_choice_at(const struct tfr_step_choice *steps, uint32_t step)
{
    while (steps != NULL && steps->step != step)
        steps = steps->before;
    return steps != NULL ? steps->choice : (struct tfr_choice){ .match = TFR_MATCH_ALL };
}

/* ---- keys --------------------------------------------------------------------------------------
 */

static bool is_object(const struct tfr_ref_walk *walk, tfr_node_id node)
{
    return walk->builder->graph->nodes[node].resource != NULL;
}

/* The key that a choice means for this referrer; NULL: any. */
static const struct tfr_sym *wanted(struct tfr_ref_walk *walk, const struct target *target,
                                    struct tfr_choice choice, tfr_node_id from)
{
    if (choice.match == TFR_MATCH_LITERAL)
        return choice.literal;
    if (choice.match == TFR_MATCH_ALL || target->relaxed || !is_object(walk, from))
        return NULL;
    return choice.pair_step == TFR_OWN_KEY ? tfr_own_key(walk, from)
                                           : tfr_module_key(walk, from, choice.pair_step);
}

/* ---- one referrer ------------------------------------------------------------------------------
 */

/* One step further down, with a key. */
static void go_down(struct tfr_ref_walk *walk, struct place *place, const char *step, size_t len,
                    const struct tfr_sym *key)
{
    struct tfr_buf *path = &walk->module;
    size_t from;

    if (place->path != path->data) {
        tfr_buf_reset(path);
        tfr_buf_add(path, place->path, place->path_len);
    }
    from = path->len;
    tfr_buf_add(path, step, len);
    tfr_buf_add(path, key->text, key->len);
    place->path = path->data;
    place->path_len = path->len;
    if (place->module != TFR_NO_MODULE)
        place->module =
            tfr_module_below(walk->builder, place->module, path->data + from, path->len - from);
    place->steps++;
}

/* Goes down the block's path as far as the keys are settled. */
static void settle(struct tfr_ref_walk *walk, const struct target *target, tfr_node_id from,
                   struct place *place)
{
    const struct tfr_ref_work *work = target->work;
    size_t ignored;
    size_t at = 0;

    *place = (struct place){ .module = TFR_ROOT, .path = "" };
    if (work->scope > 0) {
        const struct tfr_module *module;

        if (!is_object(walk, from))
            return; /* a provider or output in a module: any of its instances */
        place->module = tfr_module_of(walk->builder, from);
        if (place->module == TFR_ROOT)
            return; /* an object whose parts disagree */
        place->module = tfr_module_above(walk->builder, place->module, work->scope);
        module = tfr_module_at(walk->builder, place->module);
        place->path = module->path->text;
        place->path_len = module->len;
        place->steps = work->scope;
        at = target->scope_end;
    }
    while (place->steps < target->depth) {
        const struct tfr_sym *key =
            wanted(walk, target, tfr_choice_at(work->steps, place->steps), from);
        const size_t end = tfr_graph_module_step(target->block, at, &ignored);

        if (key == NULL)
            return;
        go_down(walk, place, target->block->text + at, end - at, key);
        at = end;
    }
    place->key = wanted(walk, target, target->own, from);
    place->settled = place->key != NULL;
}

static tfr_node_id node_at(struct tfr_ref_walk *walk, const struct target *target,
                           const struct place *place)
{
    const struct tfr_graph *graph = walk->builder->graph;
    struct tfr_buf *text = &walk->address;
    const struct tfr_sym *address;

    tfr_buf_reset(text);
    tfr_buf_add(text, place->path, place->path_len);
    if (place->path_len > 0)
        tfr_buf_putc(text, '.');
    tfr_buf_add(text, target->block->text + target->local_at,
                target->block->len - target->local_at);
    tfr_buf_add(text, place->key->text, place->key->len);
    address = tfr_names_find(graph->document->names, text->data, text->len);
    return address != NULL ? tfr_graph_find(graph, address) : TFR_NO_NODE;
}

/* Whether an instance fits the choices beyond the settled steps.
 * @param own the key that it is to have, NULL: any */
static bool fits(struct tfr_ref_walk *walk, const struct target *target, const struct place *place,
                 const struct tfr_sym *own, tfr_node_id from, tfr_node_id to)
{
    if (own != NULL && tfr_own_key(walk, to) != own)
        return false;
    for (uint32_t step = place->steps; step < target->depth; step++) {
        const struct tfr_sym *key =
            wanted(walk, target, tfr_choice_at(target->work->steps, step), from);

        if (key != NULL && tfr_module_key(walk, to, step) != key)
            return false;
    }
    return true;
}

static bool chooses(const struct target *target, struct tfr_choice choice)
{
    return choice.match == TFR_MATCH_LITERAL ||
           (choice.match == TFR_MATCH_PAIR && !target->relaxed);
}

static bool has_choice(const struct target *target, const struct place *place)
{
    for (uint32_t step = place->steps; step < target->depth; step++) {
        if (chooses(target, tfr_choice_at(target->work->steps, step)))
            return true;
    }
    return chooses(target, target->own);
}

static bool is_meant_later(const struct tfr_graph *graph, tfr_node_id node)
{
    return graph->document->kind != TFR_PLAN || (graph->nodes[node].when & TFR_AFTER) != 0;
}

static void forget_found(struct tfr_ref_walk *walk)
{
    walk->found_count = 0;
    walk->found_later = 0;
    walk->found_group = 0;
}

static void keep(struct tfr_ref_walk *walk, tfr_node_id node)
{
    walk->found =
        tfr_grow(walk->found, &walk->found_cap, walk->found_count + 1, sizeof *walk->found);
    walk->found[walk->found_count++] = node;
    walk->found_later += is_meant_later(walk->builder->graph, node);
}

/* Referrers of one module mean the same group: it is laid out once. */
static void keep_group(struct tfr_ref_walk *walk, uint32_t number)
{
    struct tfr_group group = tfr_group_at(walk->builder, number);

    if (walk->found_group == number)
        return;
    forget_found(walk);
    for (tfr_node_id node; (node = tfr_group_next(walk->builder, &group)) != TFR_NO_NODE;)
        keep(walk, node);
    walk->found_group = number;
}

/* Of so many instances the one with a key is found by looking at them all. */
#define FEW 16

/* Finds what one referrer means.
 * @return the group, if it is meant as a whole, and then it is not kept yet; or 0 */
static uint32_t find(struct tfr_ref_walk *walk, const struct target *target, tfr_node_id from,
                     struct place *place)
{
    const struct tfr_sym *own;
    uint32_t number;
    struct tfr_group group;

    settle(walk, target, from, place);
    number = tfr_group_of(walk->builder, target->block, place->module, place->steps);
    group = tfr_group_at(walk->builder, number);
    if (place->settled && group.size > FEW) {
        const tfr_node_id node = node_at(walk, target, place);

        forget_found(walk);
        if (node != TFR_NO_NODE)
            keep(walk, node);
        return 0;
    }
    if (number != 0 && !has_choice(target, place))
        return number;
    forget_found(walk);
    own = wanted(walk, target, target->own, from);
    for (tfr_node_id node; (node = tfr_group_next(walk->builder, &group)) != TFR_NO_NODE;) {
        if (fits(walk, target, place, own, from, node))
            keep(walk, node);
    }
    return 0;
}

/* ---- equal keys --------------------------------------------------------------------------------
 */

static bool has_pair(const struct target *target)
{
    for (const struct tfr_step_choice *at = target->work->steps; at != NULL; at = at->before) {
        if (at->choice.match == TFR_MATCH_PAIR)
            return true;
    }
    return target->own.match == TFR_MATCH_PAIR;
}

/* [3] becomes 4; -1 for keys that are texts. */
static long long number_behind(const char *key)
{
    return key[0] == '[' && key[1] >= '0' && key[1] <= '9' ? atoll(key + 1) + 1 : -1;
}

static void add_number(struct tfr_buf *text, long long number)
{
    tfr_buf_putc(text, '[');
    tfr_buf_add_count(text, (uint64_t)number);
    tfr_buf_putc(text, ']');
}

/* The instance of the same block with another number for its own key. */
static tfr_node_id with_number(struct tfr_ref_walk *walk, const struct tfr_sym *address,
                               long long number)
{
    const struct tfr_graph *graph = walk->builder->graph;
    const char *bracket = strrchr(address->text, '[');
    const struct tfr_sym *name;

    if (bracket == NULL)
        return TFR_NO_NODE; /* a document whose parts disagree */
    tfr_buf_reset(&walk->address);
    tfr_buf_add(&walk->address, address->text, (size_t)(bracket - address->text));
    add_number(&walk->address, number);
    name = tfr_names_find(graph->document->names, walk->address.data, walk->address.len);
    return name != NULL ? tfr_graph_find(graph, name) : TFR_NO_NODE;
}

/* The first instance of the same block below a module step with another number for its key. */
static tfr_node_id below_number(struct tfr_ref_walk *walk, const struct tfr_resource *resource,
                                uint32_t module, uint32_t step, long long number)
{
    struct tfr_graph_builder *builder = walk->builder;
    struct tfr_group group;
    uint32_t above;
    size_t from;
    size_t key_at;

    if (resource->module == NULL)
        return TFR_NO_NODE;
    above = tfr_module_at(builder, tfr_module_above(builder, module, step + 1))->above;
    from = tfr_module_at(builder, above)->len;
    (void)tfr_graph_module_prefix(resource->module, step + 1, &key_at);
    tfr_buf_reset(&walk->address);
    tfr_buf_add(&walk->address, resource->module->text + from, key_at - from);
    add_number(&walk->address, number);
    module = tfr_module_below(builder, above, walk->address.data, walk->address.len);
    group = tfr_group_at(builder, tfr_group_of(builder, resource->block, module, step + 1));
    return tfr_group_next(builder, &group);
}

/* Whether the same block has an instance with the number behind this one's, at its own key or at a
 * module step. */
static bool has_next(struct tfr_ref_walk *walk, tfr_node_id of, uint32_t step, long long number)
{
    const struct tfr_graph *graph = walk->builder->graph;
    const struct tfr_resource *resource = graph->nodes[of].resource;
    const tfr_node_id node =
        step == TFR_OWN_KEY
            ? with_number(walk, resource->address, number)
            : below_number(walk, resource, tfr_module_of(walk->builder, of), step, number);

    return node != TFR_NO_NODE && is_meant_later(graph, node);
}

static bool same_length(struct tfr_ref_walk *walk, struct tfr_choice choice, tfr_node_id source,
                        tfr_node_id other, uint32_t step)
{
    const struct tfr_sym *key =
        step == TFR_OWN_KEY ? tfr_own_key(walk, other) : tfr_module_key(walk, other, step);
    const long long number = key != NULL ? number_behind(key->text) : -1;

    return choice.match != TFR_MATCH_PAIR || number < 0 ||
           has_next(walk, source, choice.pair_step, number) == has_next(walk, other, step, number);
}

/*
 * [each.key] and [count.index] show as the bare block beside them; an index that is worked out, as
 * in [count.index % 2], shows the same. They mean equal keys only if every referrer has its pair,
 * and, by number, if both sides are of one length.
 */
static bool is_paired(struct tfr_ref_walk *walk, const struct target *target, tfr_node_id from)
{
    struct place place;
    const uint32_t whole = find(walk, target, from, &place);
    struct tfr_group group = tfr_group_at(walk->builder, whole);
    tfr_node_id other;

    if (whole != 0) { /* one of them tells of all, and there may be many */
        forget_found(walk);
        keep(walk, tfr_group_next(walk->builder, &group));
    }
    if (walk->found_count == 0 || !is_meant_later(walk->builder->graph, walk->found[0]))
        return false;
    other = walk->found[0];
    for (const struct tfr_step_choice *at = target->work->steps; at != NULL; at = at->before) {
        if (!same_length(walk, at->choice, from, other, at->step))
            return false;
    }
    return same_length(walk, target->own, from, other, TFR_OWN_KEY);
}

/* ---- edges -------------------------------------------------------------------------------------
 */

static void add_edges(const struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                      tfr_node_id from, enum tfr_certainty certainty, const tfr_node_id *to,
                      size_t count)
{
    const struct tfr_loose_edge edge = {
        .from = from & TFR_MOST_NODES,
        .when = walk->builder->graph->nodes[from].when & 3U,
        .certainty = certainty & 3U,
        .origin = walk->origin & 15U,
        .path = tfr_name_number(walk->path),
        .reference = tfr_name_number(work->as_written),
    };

    for (size_t i = 0; i < count; i++)
        tfr_graph_add_edge(walk->builder->graph, &walk->builder->configured, &edge, to[i]);
}

/* Whether the referrer and all that mean the same group make too many pairs with it. */
static bool is_for_hub(struct tfr_ref_walk *walk, tfr_node_id from, uint32_t scope, uint32_t size)
{
    return walk->from_block != NULL && is_object(walk, from) &&
           tfr_makes_many_pairs(walk->builder, size, walk->from_block, from, scope);
}

static void link_one(struct tfr_ref_walk *walk, const struct target *target, tfr_node_id from)
{
    const struct tfr_ref_work *work = target->work;
    struct place place;
    const uint32_t whole = find(walk, target, from, &place);
    bool exact;

    if (whole != 0 &&
        is_for_hub(walk, from, work->scope, tfr_group_at(walk->builder, whole).size)) {
        const tfr_node_id hub = tfr_group_hub(walk->builder, whole, target->block, place.steps);

        add_edges(walk, work, from, TFR_OVER_APPROXIMATE, &hub, 1);
        return;
    }
    if (whole != 0)
        keep_group(walk, whole);
    exact = !work->wide && (place.settled || walk->found_later <= 1);
    add_edges(walk, work, from, exact ? TFR_EXACT : TFR_OVER_APPROXIMATE, walk->found,
              walk->found_count);
}

static void find_depth(struct target *target, const struct tfr_config_module *module)
{
    if (!module->well_named)
        return; /* in the root, or nowhere */
    target->depth = module->depth;
    target->local_at = module->path->len + 1;
    while (module->depth > target->work->scope)
        module = module->parent;
    target->scope_end = module->path != NULL ? module->path->len : 0;
}

void tfr_link_block(struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                    const struct tfr_config_module *module, const char *text, size_t len,
                    struct tfr_choice own)
{
    struct tfr_graph *graph = walk->builder->graph;
    const struct tfr_sym *block = tfr_config_absolute(walk, module, text, len);
    const tfr_node_id first = tfr_graph_first_in_block(graph, block);
    struct target target = { .work = work, .block = block, .own = own };
    tfr_node_id from;

    if (first == TFR_NO_NODE)
        return; /* no instance: count 0, or not yet created and not planned */
    find_depth(&target, module);
    if (walk->from_block == NULL) {
        link_one(walk, &target, walk->from);
        return;
    }
    for (from = tfr_graph_first_in_block(graph, walk->from_block);
         from != TFR_NO_NODE && !target.relaxed && has_pair(&target);
         from = tfr_graph_next_in_block(graph, from)) {
        if (is_meant_later(graph, from))
            target.relaxed = !is_paired(walk, &target, from);
    }
    for (from = tfr_graph_first_in_block(graph, walk->from_block); from != TFR_NO_NODE;
         from = tfr_graph_next_in_block(graph, from)) {
        if (is_meant_later(graph, from))
            link_one(walk, &target, from);
    }
}

void tfr_link_node(const struct tfr_ref_walk *walk, const struct tfr_ref_work *work, tfr_node_id to)
{
    struct tfr_graph *graph = walk->builder->graph;

    if (walk->from_block == NULL) {
        add_edges(walk, work, walk->from, TFR_EXACT, &to, 1);
        return;
    }
    for (tfr_node_id from = tfr_graph_first_in_block(graph, walk->from_block); from != TFR_NO_NODE;
         from = tfr_graph_next_in_block(graph, from))
        add_edges(walk, work, from, TFR_EXACT, &to, 1);
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

void tfr_ref_walk_fini(struct tfr_ref_walk *walk)
{
    tfr_free(walk->todo);
    tfr_free(walk->seen);
    tfr_free(walk->found);
    tfr_arena_free(&walk->arena);
    tfr_buf_fini(&walk->module);
    tfr_buf_fini(&walk->address);
    tfr_free((void *)walk->own_keys);
}
