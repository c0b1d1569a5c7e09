/* SPDX-License-Identifier: Apache-2.0 */
/* From a referrer to instances: which keys and module instances belong together. */
#include "graph/config.h"

#include <stdlib.h>
#include <string.h>

/* What a reference names: a block, and how its instances are chosen. */
struct target {
    const struct tfr_ref_work *work;
    const struct tfr_sym *block;
    uint32_t depth;  /* module steps */
    size_t local_at; /* of TYPE.NAME in the block's name */
    struct tfr_choice own;
    bool relaxed; /* equal keys do not hold: all of them instead */
};

/* Where to look for one referrer: the module steps that are settled. */
struct place {
    struct tfr_buf module; /* those steps, keys and all */
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

static const struct tfr_sym *own_key(struct tfr_graph *graph, const struct tfr_resource *resource)
{
    const size_t len = resource->address->len;
    const char *text = resource->address->text;
    struct tfr_address parts;

    if (!tfr_address_parse(text, len, &parts) || parts.key.kind == TFR_KEY_NONE)
        return NULL;
    return tfr_graph_name(graph, text + parts.block_end, len - parts.block_end);
}

/* The key of a module step of an object, brackets and all; NULL if it has none. */
static const struct tfr_sym *module_key(struct tfr_graph *graph,
                                        const struct tfr_resource *resource, uint32_t step)
{
    size_t key_at;
    size_t end;

    if (resource == NULL || resource->module == NULL)
        return NULL;
    end = tfr_graph_module_prefix(resource->module, step + 1, &key_at);
    return key_at < end ? tfr_graph_name(graph, resource->module->text + key_at, end - key_at)
                        : NULL;
}

/* The key that a choice means for this referrer; NULL: any. */
static const struct tfr_sym *wanted(struct tfr_graph *graph, const struct target *target,
                                    struct tfr_choice choice, const struct tfr_resource *from)
{
    if (choice.match == TFR_MATCH_LITERAL)
        return choice.literal;
    if (choice.match == TFR_MATCH_ALL || target->relaxed || from == NULL)
        return NULL;
    return choice.pair_step == TFR_OWN_KEY ? own_key(graph, from)
                                           : module_key(graph, from, choice.pair_step);
}

/* ---- one referrer ------------------------------------------------------------------------------
 */

/* Goes down the block's path as far as the keys are settled. */
static void settle(struct tfr_graph *graph, const struct target *target,
                   const struct tfr_resource *from, struct place *place)
{
    const struct tfr_ref_work *work = target->work;
    size_t ignored;
    size_t at = 0;

    *place = (struct place){ 0 };
    if (work->scope > 0) {
        if (from == NULL || from->module == NULL)
            return; /* a provider or output in a module: any of its instances */
        tfr_buf_add(&place->module, from->module->text,
                    tfr_graph_module_prefix(from->module, work->scope, &ignored));
        place->steps = work->scope;
        at = tfr_graph_module_prefix(target->block, work->scope, &ignored);
    }
    for (; place->steps < target->depth; place->steps++) {
        const struct tfr_sym *key =
            wanted(graph, target, tfr_choice_at(work->steps, place->steps), from);
        const size_t end = tfr_graph_module_prefix(target->block, place->steps + 1, &ignored);

        if (key == NULL)
            return;
        tfr_buf_add(&place->module, target->block->text + at, end - at);
        tfr_buf_add(&place->module, key->text, key->len);
        at = end;
    }
    place->key = wanted(graph, target, target->own, from);
    place->settled = place->key != NULL;
}

static tfr_node_id node_at(const struct tfr_graph *graph, const struct target *target,
                           const struct place *place, const char *key, size_t len)
{
    struct tfr_buf text = { 0 };
    const struct tfr_sym *address;

    tfr_buf_add(&text, tfr_buf_text(&place->module), place->module.len);
    if (place->module.len > 0)
        tfr_buf_putc(&text, '.');
    tfr_buf_puts(&text, target->block->text + target->local_at);
    tfr_buf_add(&text, key, len);
    address = tfr_names_find(graph->document->names, text.data, text.len);
    tfr_buf_fini(&text);
    return address != NULL ? tfr_graph_find(graph, address) : TFR_NO_NODE;
}

/* Whether an instance fits the choices beyond the settled steps. */
static bool fits(struct tfr_graph *graph, const struct target *target, const struct place *place,
                 const struct tfr_resource *from, const struct tfr_resource *to)
{
    const struct tfr_sym *key;

    for (uint32_t step = place->steps; step < target->depth; step++) {
        key = wanted(graph, target, tfr_choice_at(target->work->steps, step), from);
        if (key != NULL && module_key(graph, to, step) != key)
            return false;
    }
    key = wanted(graph, target, target->own, from);
    return key == NULL || own_key(graph, to) == key;
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

static void keep(struct tfr_ref_walk *walk, tfr_node_id node)
{
    walk->found =
        tfr_grow(walk->found, &walk->found_cap, walk->found_count + 1, sizeof *walk->found);
    walk->found[walk->found_count++] = node;
}

/* Finds what one referrer means. @return the group, if it is meant as a whole */
static const struct tfr_sym *find(struct tfr_ref_walk *walk, const struct target *target,
                                  const struct tfr_resource *from, struct place *place)
{
    struct tfr_graph *graph = walk->builder->graph;
    const struct tfr_sym *name;
    struct tfr_group group;

    walk->found_count = 0;
    settle(graph, target, from, place);
    if (place->settled) {
        const tfr_node_id node = node_at(graph, target, place, place->key->text, place->key->len);

        if (node != TFR_NO_NODE)
            keep(walk, node);
        return NULL;
    }
    name = tfr_group_name(walk->builder, target->block, tfr_buf_text(&place->module),
                          place->module.len, place->steps);
    group = tfr_group_at(walk->builder, name);
    if (!has_choice(target, place))
        return name;
    for (tfr_node_id node; (node = tfr_group_next(walk->builder, &group)) != TFR_NO_NODE;) {
        if (fits(graph, target, place, from, graph->nodes[node].resource))
            keep(walk, node);
    }
    return NULL;
}

/* ---- equal keys --------------------------------------------------------------------------------
 */

static bool is_meant_later(const struct tfr_graph *graph, tfr_node_id node)
{
    return graph->document->kind != TFR_PLAN || (graph->nodes[node].when & TFR_AFTER) != 0;
}

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

/* Whether the same block has an instance with the number behind this one's, at its own key or at a
 * module step. */
static bool has_next(struct tfr_ref_walk *walk, const struct tfr_resource *resource, uint32_t step,
                     long long number)
{
    const struct tfr_graph *graph = walk->builder->graph;
    const bool own = step == TFR_OWN_KEY;
    const struct tfr_sym *text = own ? resource->address : resource->module;
    const char *bracket = text != NULL ? strrchr(text->text, '[') : NULL;
    struct tfr_buf next = { 0 };
    const struct tfr_sym *name;
    tfr_node_id node = TFR_NO_NODE;
    size_t key_at;

    if (own ? bracket == NULL : text == NULL)
        return false; /* a document whose parts disagree */
    key_at = own ? (size_t)(bracket - text->text) : 0;
    if (!own)
        (void)tfr_graph_module_prefix(text, step + 1, &key_at);
    tfr_buf_add(&next, text->text, key_at);
    tfr_buf_printf(&next, "[%lld]", number);
    name = own ? tfr_names_find(graph->document->names, next.data, next.len)
               : tfr_group_name(walk->builder, resource->block, next.data, next.len, step + 1);
    if (name != NULL && own) {
        node = tfr_graph_find(graph, name);
    } else if (name != NULL) {
        struct tfr_group group = tfr_group_at(walk->builder, name);

        node = tfr_group_next(walk->builder, &group);
    }
    tfr_buf_fini(&next);
    return node != TFR_NO_NODE && is_meant_later(graph, node);
}

static bool same_length(struct tfr_ref_walk *walk, struct tfr_choice choice,
                        const struct tfr_resource *source, const struct tfr_resource *other,
                        uint32_t step)
{
    struct tfr_graph *graph = walk->builder->graph;
    const struct tfr_sym *key =
        step == TFR_OWN_KEY ? own_key(graph, other) : module_key(graph, other, step);
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
    const struct tfr_graph *graph = walk->builder->graph;
    const struct tfr_resource *source = graph->nodes[from].resource;
    const struct tfr_resource *other;
    struct place place;
    struct tfr_group group = tfr_group_at(walk->builder, find(walk, target, source, &place));
    const tfr_node_id of_group = tfr_group_next(walk->builder, &group);

    tfr_buf_fini(&place.module);
    if (of_group != TFR_NO_NODE)
        keep(walk, of_group);
    if (walk->found_count == 0 || !is_meant_later(graph, walk->found[0]))
        return false;
    other = graph->nodes[walk->found[0]].resource;
    for (const struct tfr_step_choice *at = target->work->steps; at != NULL; at = at->before) {
        if (!same_length(walk, at->choice, source, other, at->step))
            return false;
    }
    return same_length(walk, target->own, source, other, TFR_OWN_KEY);
}

/* ---- edges -------------------------------------------------------------------------------------
 */

static void add_edge(const struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                     tfr_node_id from, tfr_node_id to, enum tfr_certainty certainty)
{
    struct tfr_graph *graph = walk->builder->graph;
    const struct tfr_found_edge edge = {
        .from = from,
        .to = to,
        .origin = (uint8_t)walk->origin,
        .certainty = (uint8_t)certainty,
        .when = graph->nodes[from].when & graph->nodes[to].when,
        .path = walk->path,
        .reference = work->as_written,
    };

    if (from != to && edge.when != 0)
        tfr_graph_add_edge(walk->builder, &edge);
}

/* How many instances of the referrer's block mean the same group. */
static uint32_t count_referrers(struct tfr_ref_walk *walk, const struct tfr_resource *from,
                                uint32_t scope)
{
    size_t ignored;
    const bool inside = scope > 0 && from->module != NULL;
    const size_t len = inside ? tfr_graph_module_prefix(from->module, scope, &ignored) : 0;

    return tfr_group_at(walk->builder,
                        tfr_group_name(walk->builder, walk->from_block,
                                       inside ? from->module->text : "", len, inside ? scope : 0))
        .size;
}

static void link_one(struct tfr_ref_walk *walk, const struct target *target, tfr_node_id from)
{
    const struct tfr_ref_work *work = target->work;
    struct tfr_graph *graph = walk->builder->graph;
    const struct tfr_resource *source = graph->nodes[from].resource;
    struct place place;
    const struct tfr_sym *whole = find(walk, target, source, &place);
    struct tfr_group group = tfr_group_at(walk->builder, whole);
    uint32_t alive = 0;

    if (group.size > 1 && source != NULL && walk->from_block != NULL &&
        (uint64_t)group.size * count_referrers(walk, source, work->scope) > TFR_PAIRS_DRAWN) {
        add_edge(walk, work, from, tfr_group_hub(walk->builder, whole, target->block, place.steps),
                 TFR_OVER_APPROXIMATE);
        tfr_buf_fini(&place.module);
        return;
    }
    for (tfr_node_id node; (node = tfr_group_next(walk->builder, &group)) != TFR_NO_NODE;)
        keep(walk, node);
    for (size_t i = 0; i < walk->found_count; i++)
        alive += is_meant_later(graph, walk->found[i]);
    for (size_t i = 0; i < walk->found_count; i++)
        add_edge(walk, work, from, walk->found[i],
                 !work->wide && (place.settled || alive <= 1) ? TFR_EXACT : TFR_OVER_APPROXIMATE);
    tfr_buf_fini(&place.module);
}

/* By the name itself: what else a document says of the module may disagree with it. */
static void find_depth(struct target *target)
{
    struct tfr_address parts;
    size_t ignored;

    if (!tfr_address_parse(target->block->text, target->block->len, &parts) ||
        parts.module_len == 0)
        return;
    while (tfr_graph_module_prefix(target->block, target->depth, &ignored) < parts.module_len)
        target->depth++;
    target->local_at = parts.module_len + 1;
}

void tfr_link_block(struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                    const struct tfr_sym *block, struct tfr_choice own)
{
    struct tfr_graph *graph = walk->builder->graph;
    const tfr_node_id first = tfr_graph_first_in_block(graph, block);
    struct target target = { .work = work, .block = block, .own = own };
    tfr_node_id from;

    if (first == TFR_NO_NODE)
        return; /* no instance: count 0, or not yet created and not planned */
    find_depth(&target);
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
        add_edge(walk, work, walk->from, to, TFR_EXACT);
        return;
    }
    for (tfr_node_id from = tfr_graph_first_in_block(graph, walk->from_block); from != TFR_NO_NODE;
         from = tfr_graph_next_in_block(graph, from))
        add_edge(walk, work, from, to, TFR_EXACT);
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
}
