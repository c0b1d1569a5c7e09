/* SPDX-License-Identifier: Apache-2.0 */
/* Which objects an attribute names. */
#include "policies/wires.h"

#include "policies/context.h"

#include <string.h>

enum tfr_truth_value tfr_truth_both(enum tfr_truth_value a, enum tfr_truth_value b)
{
    if (a == TFR_NO || b == TFR_NO)
        return TFR_NO;
    return a == TFR_YES && b == TFR_YES ? TFR_YES : TFR_MAYBE;
}

enum tfr_truth_value tfr_truth_either(enum tfr_truth_value a, enum tfr_truth_value b)
{
    if (a == TFR_YES || b == TFR_YES)
        return TFR_YES;
    return a == TFR_NO && b == TFR_NO ? TFR_NO : TFR_MAYBE;
}

/* An edge about the path, and the object of one of the types at its other end, which is there. */
struct end {
    const struct tfr_edge *edge;
    const struct tfr_resource *other;
};

/* Which edges are looked at. */
struct wanted {
    const struct tfr_resource *self;
    struct end *ends;
    uint32_t count;
    bool up;           /* the other end is where they come from */
    const char *block; /* the last one that stands for many objects, or NULL */
    const char *const *types;
    const struct tfr_sym *last; /* the type that was looked at last: most neighbours are alike */
    bool last_is_one;           /* of the types */
};

static bool is_type(struct wanted *wanted, const struct tfr_sym *type)
{
    if (wanted->last == type)
        return wanted->last_is_one;
    wanted->last = type;
    wanted->last_is_one = false;
    for (const char *const *one = wanted->types; *one != NULL && !wanted->last_is_one; one++)
        wanted->last_is_one = tfr_sym_is(type, *one);
    return wanted->last_is_one;
}

/* What the first step of a path holds: "origin" of "origin.0.domain_name". */
static const struct tfr_value *top_of(const struct tfr_resource *resource, const char *path)
{
    const size_t len = strcspn(path, ".");

    return len < 128 ? tfr_value_named(tfr_resource_values(resource), path, len) : &tfr_absent;
}

/* Edges are sorted by the other end, so one object stands in one run. */
static void take(struct tfr_wires *out, const struct tfr_resource *resource, bool exact)
{
    if (out->count > 0 && out->at[out->count - 1] == resource) {
        out->exact = out->exact || (exact && out->count == 1);
        return;
    }
    out->exact = exact && (out->exact || out->count == 0);
    out->at[out->count++] = resource;
}

/* What an unknown value stands for is not known itself: of `new ? a.arn : b.arn`, the one whose
 * identity is still to come. */
static bool is_new(const struct tfr_resource *resource)
{
    static const char *const identities[] = { "id", "arn", "name" };
    const struct tfr_value *values = tfr_resource_values(resource);

    for (size_t i = 0; !values->settled && i < sizeof identities / sizeof identities[0]; i++) {
        if (tfr_value_get(values, identities[i])->kind == TFR_UNKNOWN)
            return true;
    }
    return false;
}

/* An identity that shows as an edge wherever it stands; shorter ones do not. */
static bool is_telling(const struct tfr_resource *resource)
{
    const struct tfr_value *id = tfr_value_get(tfr_resource_values(resource), "id");

    return id->kind == TFR_STRING && id->count >= 8;
}

enum follow { VALUES, REFERENCES, VALUES_AND_NEW, WHAT_VALUES_HIDE };

/* @param from, to the ends of the edge */
static bool follows(enum follow follow, const struct tfr_edge *edge,
                    const struct tfr_resource *from, const struct tfr_resource *to)
{
    if (edge->certainty == TFR_BY_VALUE)
        return follow != REFERENCES;
    switch (follow) {
    case VALUES:
        return false;
    case REFERENCES:
        return true;
    case VALUES_AND_NEW:
        return is_new(to);
    default:
        return !is_telling(to) || tfr_value_has_unknown(top_of(from, edge->path->text));
    }
}

static bool is_there(const struct tfr_resource *resource)
{
    return resource->deposed == NULL &&
           (resource->mode == TFR_DATA || tfr_resource_is_live(resource));
}

/* The object of a node if it is of the types and there; what its brief says is enough for most. */
static const struct tfr_resource *find_other(const struct tfr_input *in, struct wanted *wanted,
                                             tfr_node_id node)
{
    const struct tfr_brief *brief = tfr_briefs_at(tfr_context_briefs(in->ctx), node);
    const struct tfr_resource *resource = NULL;

    if (brief != NULL && !is_type(wanted, brief->type))
        return NULL;
    if (brief != NULL && (brief->is & TFR_BRIEF_LIVE) != 0)
        return tfr_graph_object(in->graph, node);
    resource = tfr_graph_node(in->graph, node)->resource;
    return resource != NULL && is_type(wanted, resource->type) && is_there(resource) ? resource
                                                                                     : NULL;
}

/* Blocks that may use an object show no path of their own. */
static void sift(const struct tfr_input *in, const struct tfr_edges *edges, const char *path,
                 struct wanted *wanted)
{
    const size_t len = strlen(path);
    const struct tfr_sym *last = NULL;
    bool about = false;

    wanted->ends = tfr_arena_alloc(in->scratch, (edges->count + 1) * sizeof *wanted->ends);
    for (uint32_t i = 0; i < edges->count; i++) {
        const struct tfr_edge *edge = tfr_edge_at(edges, i);
        const tfr_node_id node = wanted->up ? edge->from : edge->to;
        const struct tfr_resource *other;

        if (edge->path != last) { /* edges to objects of one kind are about one attribute */
            last = edge->path;
            about = tfr_path_begins_with(last, path, len);
        }
        if (!about && !wanted->up)
            continue;
        if (node >= in->document->changes.count && /* known without a look at the node */
            tfr_graph_node(in->graph, node)->kind == TFR_NODE_BLOCK) {
            wanted->block = tfr_graph_node(in->graph, node)->address->text;
            continue;
        }
        other = about && tfr_edge_is_use(edge, TFR_AFTER) ? find_other(in, wanted, node) : NULL;
        if (other != NULL)
            wanted->ends[wanted->count++] = (struct end){ edge, other };
    }
}

static void collect(const struct wanted *wanted, enum follow follow, struct tfr_wires *out)
{
    const struct tfr_resource *self = wanted->self;

    out->count = 0;
    out->exact = false;
    for (uint32_t i = 0; i < wanted->count; i++) {
        const struct tfr_edge *edge = wanted->ends[i].edge;
        const struct tfr_resource *other = wanted->ends[i].other;

        if (follows(follow, edge, wanted->up ? other : self, wanted->up ? self : other))
            take(out, other, edge->certainty != TFR_OVER_APPROXIMATE);
    }
}

void tfr_wires_of(const struct tfr_input *in, const struct tfr_resource *from, const char *path,
                  const char *const *types, struct tfr_wires *out)
{
    const tfr_node_id node = tfr_graph_node_of(in->graph, from);
    const struct tfr_value *top = top_of(from, path);
    const bool open = tfr_value_has_unknown(top);
    struct wanted wanted = { .self = from, .types = types };
    const struct tfr_unresolved *unresolved = NULL;
    struct tfr_edges edges;
    uint32_t count = 0;

    *out = (struct tfr_wires){ 0 };
    if (node == TFR_NO_NODE || tfr_value_missing(top))
        return;
    edges = tfr_graph_dependencies(in->graph, node);
    sift(in, &edges, path, &wanted);
    out->at = tfr_arena_alloc(in->scratch, (wanted.count + 1) * sizeof(struct tfr_resource *));
    collect(&wanted, open ? VALUES_AND_NEW : VALUES, out);
    if (out->count == 0)
        collect(&wanted, REFERENCES, out);
    if (!open)
        return;
    out->opaque = wanted.block;
    unresolved = tfr_graph_unresolved_of(in->graph, node, &count);
    for (uint32_t i = 0; i < count && out->opaque == NULL; i++) {
        if (tfr_path_begins(unresolved[i].path, path))
            out->opaque = unresolved[i].reference->text;
    }
}

void tfr_wires_to(const struct tfr_input *in, const struct tfr_resource *to, const char *path,
                  const char *const *types, struct tfr_wires *out)
{
    const tfr_node_id node = tfr_graph_node_of(in->graph, to);
    struct wanted wanted = { .self = to, .up = true, .types = types };
    struct tfr_edges edges;

    *out = (struct tfr_wires){ 0 };
    if (node == TFR_NO_NODE)
        return;
    edges = tfr_graph_dependants(in->graph, node);
    sift(in, &edges, path, &wanted);
    out->opaque = wanted.block;
    out->at = tfr_arena_alloc(in->scratch, (wanted.count + 1) * sizeof(struct tfr_resource *));
    collect(&wanted, WHAT_VALUES_HIDE, out);
}

const char *tfr_wires_opaque(const struct tfr_input *in, const char *path, const char *const *types)
{
    for (; *types != NULL; types++) {
        const struct tfr_resource_run run = tfr_input_type(in, *types);

        for (uint32_t i = 0; i < run.count; i++) {
            struct tfr_wires wires;
            static const char *const none[] = { NULL };

            if (!tfr_resource_is_live(run.at[i]) || tfr_resource_values(run.at[i])->settled)
                continue;
            tfr_wires_of(in, run.at[i], path, none, &wires);
            if (wires.opaque != NULL)
                return wires.opaque;
        }
    }
    return NULL;
}

const struct tfr_resource *tfr_wires_one(const struct tfr_wires *wires)
{
    return wires->count == 1 && wires->exact && wires->opaque == NULL ? wires->at[0] : NULL;
}

bool tfr_wires_written(const struct tfr_input *in, const struct tfr_resource *resource,
                       const char *attribute)
{
    const tfr_node_id node = tfr_graph_node_of(in->graph, resource);
    struct tfr_edges edges = { 0 };
    const struct tfr_unresolved *unresolved = NULL;
    uint32_t count = 0;

    if (node == TFR_NO_NODE)
        return false;
    edges = tfr_graph_dependencies(in->graph, node);
    for (uint32_t i = 0; i < edges.count; i++) {
        if (tfr_path_begins(tfr_edge_at(&edges, i)->path, attribute))
            return true;
    }
    unresolved = tfr_graph_unresolved_of(in->graph, node, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (tfr_path_begins(unresolved[i].path, attribute))
            return true;
    }
    return false;
}

/* ---- blocks of the configuration ---------------------------------------------------------------
 */

struct tfr_blocks {
    const struct tfr_config_resource **at; /* by the id of the block's absolute name */
    uint32_t count;
};

static void add_module(const struct tfr_input *in, struct tfr_blocks *blocks,
                       const struct tfr_config_module *module)
{
    struct tfr_buf text = { 0 };

    for (uint32_t i = 0; i < module->resource_count; i++) {
        const struct tfr_config_resource *resource = &module->resources[i];
        const struct tfr_sym *name;

        tfr_buf_reset(&text);
        if (module->path != NULL) {
            tfr_buf_puts(&text, module->path->text);
            tfr_buf_putc(&text, '.');
        }
        tfr_buf_puts(&text, resource->address->text);
        name = tfr_names_find(in->document->names, tfr_buf_text(&text), text.len);
        if (name != NULL && name->id < blocks->count)
            blocks->at[name->id] = resource;
    }
    tfr_buf_fini(&text);
}

static const struct tfr_blocks *make_blocks(const struct tfr_input *in)
{
    struct tfr_blocks *blocks;
    const struct tfr_config_module **todo = NULL;
    size_t count = 0, cap = 0;

    blocks = tfr_arena_alloc(in->scratch, sizeof *blocks);
    blocks->count = tfr_names_count(in->document->names);
    blocks->at = tfr_arena_zalloc(in->scratch, (blocks->count + 1) * sizeof(void *));
    todo = tfr_grow(todo, &cap, 1, sizeof(struct tfr_config_module *));
    todo[count++] = in->document->configuration;
    for (size_t i = 0; i < count; i++) {
        const struct tfr_config_module *module = todo[i];

        add_module(in, blocks, module);
        for (uint32_t k = 0; k < module->call_count; k++) {
            todo = tfr_grow(todo, &cap, count + 1, sizeof(struct tfr_config_module *));
            todo[count++] = module->calls[k].module;
        }
    }
    tfr_free(todo);
    return blocks;
}

const struct tfr_blocks *tfr_input_blocks(const struct tfr_input *in)
{
    if (in->document->configuration != NULL && in->ctx->blocks == NULL) {
        const struct tfr_input kept = tfr_context_keep(in);

        in->ctx->blocks = make_blocks(&kept);
    }
    return in->ctx->blocks;
}

const struct tfr_config_resource *tfr_blocks_named(const struct tfr_blocks *blocks,
                                                   const struct tfr_sym *block)
{
    return blocks != NULL && block->id < blocks->count ? blocks->at[block->id] : NULL;
}

const struct tfr_config_resource *tfr_blocks_find(const struct tfr_blocks *blocks,
                                                  const struct tfr_resource *resource)
{
    return tfr_blocks_named(blocks, resource->block);
}

const struct tfr_value *tfr_block_constant(const struct tfr_config_resource *block,
                                           const char *path)
{
    for (uint32_t i = 0; block != NULL && i < block->expressions.count; i++) {
        if (tfr_sym_is(block->expressions.at[i].path, path))
            return &block->expressions.at[i].constant;
    }
    return &tfr_absent;
}

bool tfr_block_writes(const struct tfr_config_resource *block, const char *attribute)
{
    for (uint32_t i = 0; block != NULL && i < block->expressions.count; i++) {
        if (tfr_path_begins(block->expressions.at[i].path, attribute))
            return true;
    }
    return false;
}
