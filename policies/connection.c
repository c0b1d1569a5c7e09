/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies with connections work on sets: every block gives the objects that pass, fail or are
 * undecided, and and/or combine these sets as Checkov does (an object that a connection touches
 * takes over the failure of the other end).
 */
#include "policies/compile.h"
#include "policies/evaluate.h"

#include <string.h>

/* One byte per object that the policy is about. */
enum mark { IN_NONE, IN_PASSED = 1, IN_FAILED = 2, IN_UNKNOWN = 4 };

struct sets {
    uint8_t *marks;
    const char **because; /* of the unknown ones */
};

struct work {
    struct tfr_context *ctx;
    struct tfr_resource_run
        objects; /* of the types that the policy names: marks are by place here */
    size_t count;
    uint8_t *scope; /* one per object, in Checkov's mode: it looks at nothing else; or NULL */
    bool lost;      /* Checkov would have raised an exception for one object and lost all results */
    struct tfr_arena arena;
};

/* Who is not among the objects has the place 0. */
static uint32_t place(const struct work *work, const struct tfr_resource *resource)
{
    const struct tfr_resources *all = &work->ctx->document->changes;

    return resource >= all->at && resource < all->at + all->count
               ? work->ctx->places[resource - all->at]
               : 0;
}

static size_t slot(const struct work *work, const struct tfr_resource *resource)
{
    return place(work, resource) - 1;
}

static struct sets new_sets(struct work *work)
{
    return (struct sets){ tfr_arena_zalloc(&work->arena, work->count + 1),
                          tfr_arena_zalloc(&work->arena, (work->count + 1) * sizeof(char *)) };
}

static bool is_ours(const struct work *work, const struct tfr_resource *resource)
{
    return place(work, resource) > 0 && tfr_resource_is_live(resource) && !resource->duplicate &&
           (work->scope == NULL || work->scope[slot(work, resource)] != 0);
}

/* ---- children without a connection: one object at a time ---- */

/* Of all leaves. Those without types add none, unless all are such. */
static void gather_types(const struct tfr_block *block, struct tfr_type_set *out,
                         struct tfr_arena *arena)
{
    const char **names;
    size_t count = 0;

    for (uint32_t i = 0; i < block->count; i++)
        count += block->at[i].types.count;
    names = tfr_arena_alloc(arena, (count + 1) * sizeof(char *));
    out->names = names;
    for (uint32_t i = 0; i < block->count; i++) {
        const struct tfr_type_set *types = &block->at[i].types;

        out->taggable = out->taggable || types->taggable;
        out->classes |= types->classes;
        for (uint32_t k = 0; k < types->count; k++)
            names[out->count++] = types->names[k];
    }
    out->count = tfr_sort_types(names, out->count);
    out->all = out->count == 0 && !out->taggable;
}

static void run_plain(struct work *work, const struct tfr_block *block, struct sets *sets)
{
    struct tfr_type_set types = { 0 };
    struct tfr_resource_run run;

    gather_types(block, &types, &work->arena);
    run = tfr_type_index_select(work->ctx->index, &types, work->ctx->policy->program->provider,
                                &work->arena);
    for (uint32_t i = 0; i < run.count; i++) {
        struct tfr_subject subject;
        struct tfr_truth truth;

        if (!is_ours(work, run.at[i]))
            continue;
        subject = tfr_subject_of(work->ctx, run.at[i]);
        truth = tfr_block_truth(work->ctx, &subject, block);
        if (truth.is == TFR_BROKEN) {
            work->lost = work->lost || block->count > 1;
            continue;
        }
        sets->marks[slot(work, run.at[i])] |=
            truth.is == TFR_YES ? IN_PASSED : (truth.is == TFR_NO ? IN_FAILED : IN_UNKNOWN);
        if (truth.is == TFR_MAYBE)
            sets->because[slot(work, run.at[i])] =
                truth.because != NULL
                    ? tfr_arena_text(&work->arena, truth.because, strlen(truth.because))
                    : NULL;
        tfr_arena_reset(&work->ctx->scratch);
    }
}

/* ---- connections ---- */

struct ends {
    const struct tfr_condition *leaf;
    const struct sets *excluded;
    struct sets *out;
};

static void touch(struct work *work, const struct ends *ends, const struct tfr_resource *from,
                  const struct tfr_resource *to)
{
    const uint8_t marks =
        ends->excluded->marks[slot(work, from)] | ends->excluded->marks[slot(work, to)];
    const uint8_t mark =
        marks & IN_FAILED ? IN_FAILED : (marks & IN_UNKNOWN ? IN_UNKNOWN : IN_PASSED);
    const char *because = ends->excluded->because[slot(work, from)];

    if (because == NULL)
        because = ends->excluded->because[slot(work, to)];
    ends->out->marks[slot(work, from)] |= mark;
    ends->out->marks[slot(work, to)] |= mark;
    if (mark == IN_UNKNOWN)
        ends->out->because[slot(work, from)] = ends->out->because[slot(work, to)] = because;
}

/* ---- which edges Checkov has ---- */

/* The reference names the other end itself: type.name or data.type.name, not through a module or a
 * variable. */
static bool names_directly(const struct tfr_sym *reference, const struct tfr_resource *to)
{
    const char *at = reference != NULL ? reference->text : "";
    const bool data = strncmp(at, "data.", 5) == 0;

    if (data != (to->mode == TFR_DATA))
        return false;
    at += data ? 5 : 0;
    if (strncmp(at, to->type->text, to->type->len) != 0 || at[to->type->len] != '.')
        return false;
    at += to->type->len + 1;
    return strncmp(at, to->name->text, to->name->len) == 0 &&
           (at[to->name->len] == '\0' || at[to->name->len] == '.' || at[to->name->len] == '[');
}

/* One destination per reference: the instance with the same key, else the first one, whatever the
 * index said. */
static const struct tfr_resource *destination(struct work *work, const struct tfr_resource *from,
                                              const struct tfr_resource *to)
{
    const char *bracket = strrchr(from->address->text, '[');
    struct tfr_buf address = { 0 };
    const struct tfr_sym *same = NULL;
    tfr_node_id node = TFR_NO_NODE;

    if (to->key.kind == TFR_KEY_NONE)
        return to;
    if (from->key.kind != TFR_KEY_NONE && bracket != NULL) {
        tfr_buf_printf(&address, "%s%s", to->block->text, bracket);
        same = tfr_names_find(work->ctx->document->names, tfr_buf_text(&address), address.len);
        tfr_buf_fini(&address);
    }
    if (same != NULL)
        node = tfr_graph_find(work->ctx->graph, same);
    if (node != TFR_NO_NODE && tfr_graph_node(work->ctx->graph, node)->resource != NULL)
        return tfr_graph_node(work->ctx->graph, node)->resource;
    return tfr_type_index_first(work->ctx->index, to->block);
}

/* The other end of an edge, NULL if it does not count in this mode. */
static const struct tfr_resource *other_end(struct work *work, const struct tfr_edge *edge,
                                            const struct tfr_resource *from)
{
    const struct tfr_resource *to = tfr_graph_node(work->ctx->graph, edge->to)->resource;

    if ((edge->when & TFR_AFTER) == 0 || to == NULL)
        return NULL;
    if (work->ctx->mode == TFR_MODE_CHECKOV) {
        if (edge->origin != TFR_ORIGIN_REFERENCE || from->module_block != to->module_block ||
            !names_directly(edge->reference, to))
            return NULL;
        to = destination(work, from, to);
    }
    return to != NULL && is_ours(work, to) ? to : NULL;
}

static void follow_edges(struct work *work, const struct ends *ends,
                         const struct tfr_resource *from, const struct tfr_type_set *others)
{
    const struct tfr_graph *graph = work->ctx->graph;
    const tfr_node_id node = tfr_graph_node_of(graph, from);
    struct tfr_edges edges;

    if (node == TFR_NO_NODE)
        return;
    edges = tfr_graph_dependencies(graph, node);
    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_resource *to = other_end(work, edges.at[i], from);

        if (to != NULL &&
            tfr_type_set_has(work->ctx->index, others, to, work->ctx->policy->program->provider))
            touch(work, ends, from, to);
    }
}

/* Who has no edge at all: fails `exists`. An unresolved reference of its own leaves that open. */
static void mark_alone(struct work *work, const struct ends *ends,
                       const struct tfr_resource *resource)
{
    const size_t at = slot(work, resource);
    const tfr_node_id node = tfr_graph_node_of(work->ctx->graph, resource);
    const struct tfr_unresolved *open;
    uint32_t count = 0;

    if (ends->out->marks[at] != IN_NONE)
        return;
    open = node != TFR_NO_NODE ? tfr_graph_unresolved_of(work->ctx->graph, node, &count) : NULL;
    ends->out->marks[at] = IN_FAILED;
    if (work->ctx->mode == TFR_MODE_CHECKOV || ends->leaf->op == TFR_OP_ONE_EXISTS)
        return;
    for (uint32_t i = 0; i < count; i++) {
        if (open[i].reference == NULL || open[i].path == NULL)
            continue;
        ends->out->marks[at] = IN_UNKNOWN;
        ends->out->because[at] = open[i].reference->text;
        return;
    }
}

static void swap_sets(struct work *work, struct sets *sets)
{
    for (size_t i = 0; i < work->count; i++) {
        const uint8_t marks = sets->marks[i];

        sets->marks[i] = (uint8_t)((marks & IN_UNKNOWN) | (marks & IN_PASSED ? IN_FAILED : 0) |
                                   (marks & IN_FAILED ? IN_PASSED : 0));
    }
}

static void run_connection(struct work *work, const struct tfr_condition *leaf,
                           const struct sets *excluded, struct sets *sets)
{
    const char *provider = work->ctx->policy->program->provider;
    const struct tfr_resource_run a =
        tfr_type_index_select(work->ctx->index, &leaf->types, provider, &work->arena);
    const struct tfr_resource_run b =
        tfr_type_index_select(work->ctx->index, &leaf->other_types, provider, &work->arena);
    const struct ends ends = { leaf, excluded, sets };

    for (uint32_t i = 0; i < a.count; i++) {
        if (is_ours(work, a.at[i]))
            follow_edges(work, &ends, a.at[i], &leaf->other_types);
    }
    for (uint32_t i = 0; i < b.count; i++) {
        if (is_ours(work, b.at[i]))
            follow_edges(work, &ends, b.at[i], &leaf->types);
    }
    for (uint32_t i = 0; i < a.count; i++) {
        if (is_ours(work, a.at[i]))
            mark_alone(work, &ends, a.at[i]);
    }
    for (uint32_t i = 0; i < b.count; i++) {
        if (is_ours(work, b.at[i]))
            mark_alone(work, &ends, b.at[i]);
    }
    if (leaf->negate)
        swap_sets(work, sets);
    for (size_t i = 0; leaf->op == TFR_OP_ONE_EXISTS && i < work->count; i++) {
        if (sets->marks[i] & IN_PASSED)
            sets->marks[i] &= (uint8_t)~IN_FAILED;
    }
}

/* ---- blocks ---- */

static bool has_connection(const struct tfr_block *block)
{
    for (uint32_t i = 0; i < block->count; i++) {
        if (block->at[i].kind == TFR_COND_CONNECTION)
            return true;
    }
    return false;
}

static void merge(struct work *work, struct sets *into, const struct sets *from)
{
    for (size_t i = 0; i < work->count; i++) {
        into->marks[i] |= from->marks[i];
        if (into->because[i] == NULL)
            into->because[i] = from->because[i];
    }
}

/* A filter leaves others without a result. */
static void apply_filter(struct work *work, const struct tfr_block *filter, struct sets *sets)
{
    for (size_t i = 0; i < work->count; i++) {
        struct tfr_subject subject;

        if (sets->marks[i] == IN_NONE)
            continue;
        subject = tfr_subject_of(work->ctx, work->objects.at[i]);
        if (tfr_block_truth(work->ctx, &subject, filter).is != TFR_YES)
            sets->marks[i] = IN_NONE;
    }
}

/* One mark per object: and: failed, then unknown, then passed. or: passed, then unknown, then
 * failed. */
static void settle(struct work *work, struct sets *sets, bool is_and)
{
    for (size_t i = 0; i < work->count; i++) {
        const uint8_t marks = sets->marks[i];

        if (is_and)
            sets->marks[i] =
                marks & IN_FAILED ? IN_FAILED : (marks & IN_UNKNOWN ? IN_UNKNOWN : marks);
        else
            sets->marks[i] =
                marks & IN_PASSED ? IN_PASSED : (marks & IN_UNKNOWN ? IN_UNKNOWN : marks);
    }
}

struct level {
    struct tfr_block block;
    struct sets sets;     /* what it says so far */
    struct sets excluded; /* what its connections see */
    uint32_t kid;         /* which child is next, in passes */
    uint8_t pass; /* 0: plain children, 1 and 2: connections and nested blocks, those that touch a
                     filtered type last, 3: filters */
};

#define MAX_LEVELS 64
#define FILTERS 3 /* the last pass */

/* The kids of the root of a block, first one first. */
static uint32_t list_kids(const struct tfr_block *block, struct tfr_block *kids, uint32_t most)
{
    uint32_t count = 0, end = block->count - 1;

    while (end > 0) {
        const uint32_t size = block->at[end - 1].size;

        if (count < most)
            kids[count++] = (struct tfr_block){ block->at + end - size, size };
        end -= size;
    }
    for (uint32_t i = 0; i < count / 2; i++) {
        const struct tfr_block kept = kids[i];

        kids[i] = kids[count - 1 - i];
        kids[count - 1 - i] = kept;
    }
    return count;
}

#define MAX_KIDS 256

/* ---- what Checkov looks at: objects that connections and attributes beside them name ---- */

static void mark_types(struct work *work, const struct tfr_type_set *types, uint8_t *marks)
{
    const struct tfr_resource_run run = tfr_type_index_select(
        work->ctx->index, types, work->ctx->policy->program->provider, &work->arena);

    for (uint32_t i = 0; types->count + types->taggable > 0 && i < run.count; i++)
        marks[slot(work, run.at[i])] = 1;
}

/* The leaves that count stand beside a connection, at any depth. */
static void mark_scope(struct work *work, const struct tfr_block *root, uint8_t *marks, bool others)
{
    struct tfr_block *open = tfr_arena_alloc(&work->arena, (root->count + 1) * sizeof *open);
    struct tfr_block *kids = tfr_arena_alloc(&work->arena, MAX_KIDS * sizeof *kids);
    uint32_t depth = 1;

    open[0] = *root;
    while (depth > 0) {
        const struct tfr_block block = open[--depth];
        const uint32_t count = list_kids(&block, kids, MAX_KIDS);

        for (uint32_t i = 0; i < count; i++) {
            const struct tfr_condition *leaf = &kids[i].at[kids[i].count - 1];

            if (kids[i].count > 1 && has_connection(&kids[i]))
                open[depth++] = kids[i];
            if (leaf->kind != TFR_COND_CONNECTION && leaf->kind != TFR_COND_ATTRIBUTE)
                continue;
            mark_types(work, &leaf->types, marks);
            if (others && leaf->kind == TFR_COND_CONNECTION)
                mark_types(work, &leaf->other_types, marks);
        }
    }
}

/* An `and` says nothing when no object is of the types that its leaves are about. */
static bool is_about_nothing(struct work *work, const struct tfr_block *block)
{
    uint8_t *marks;

    if (work->scope == NULL || block->at[block->count - 1].kind != TFR_COND_AND)
        return false;
    marks = tfr_arena_zalloc(&work->arena, work->count + 1);
    mark_scope(work, block, marks, false);
    for (size_t i = 0; i < work->count; i++) {
        if (marks[i] != 0 && is_ours(work, work->objects.at[i]))
            return false;
    }
    return true;
}

static void open_level(struct work *work, struct level *level, const struct tfr_block *block)
{
    *level = (struct level){ .block = *block, .sets = new_sets(work), .excluded = new_sets(work) };
}

static void take_result(struct work *work, struct level *level, const struct sets *result)
{
    merge(work, &level->sets, result);
    if (level->block.at[level->block.count - 1].kind == TFR_COND_AND)
        merge(work, &level->excluded, result);
}

static void one_kid(struct work *work, struct level *level, const struct tfr_block *kid)
{
    struct sets result;

    if (level->pass == FILTERS) {
        apply_filter(work, kid, &level->sets);
        return;
    }
    result = new_sets(work);
    if (level->pass == 0 && work->scope != NULL && kid->count == 1 &&
        kid->at[0].kind == TFR_COND_RESOURCE)
        return; /* not asked beside a connection */
    if (level->pass == 0)
        run_plain(work, kid, &result);
    else
        run_connection(work, &kid->at[0], &level->excluded, &result);
    take_result(work, level, &result);
}

static bool names_filtered(const struct tfr_type_set *types, const struct tfr_value *wanted)
{
    for (uint32_t i = 0; i < types->count; i++) {
        for (uint32_t k = 0; wanted->kind == TFR_LIST && k < wanted->count; k++) {
            if (tfr_value_is(&wanted->items[k], types->names[i]))
                return true;
        }
        if (tfr_value_is(wanted, types->names[i]))
            return true;
    }
    return false;
}

static bool is_type_filter(const struct tfr_condition *node)
{
    return node->kind == TFR_COND_FILTER && strcmp(node->path->text, "resource_type") == 0;
}

static bool touches(const struct tfr_block *kid, const struct tfr_value *wanted)
{
    for (uint32_t k = 0; k < kid->count; k++) {
        if (names_filtered(&kid->at[k].types, wanted) ||
            names_filtered(&kid->at[k].other_types, wanted))
            return true;
    }
    return false;
}

static uint8_t pass_of(const struct tfr_block *kid, const struct tfr_block *kids, uint32_t count)
{
    if (kid->at[kid->count - 1].kind == TFR_COND_FILTER)
        return FILTERS;
    if (!has_connection(kid))
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_condition *filter = &kids[i].at[kids[i].count - 1];

        if (is_type_filter(filter) && touches(kid, &filter->value))
            return 2;
    }
    return 1;
}

/* Moves to the next kid of this pass; false when all passes are over. */
static bool next_kid(struct work *work, struct level *level, struct tfr_block *out)
{
    struct tfr_block kids[MAX_KIDS];
    const uint32_t count = list_kids(&level->block, kids, MAX_KIDS);

    for (; level->pass <= FILTERS; level->pass++, level->kid = 0) {
        if (level->pass == FILTERS && level->kid == 0)
            settle(work, &level->sets,
                   level->block.at[level->block.count - 1].kind == TFR_COND_AND);
        while (level->kid < count) {
            *out = kids[level->kid++];
            if (pass_of(out, kids, count) == level->pass)
                return true;
        }
    }
    return false;
}

static struct sets run_blocks(struct work *work, const struct tfr_block *root)
{
    struct level *levels = tfr_arena_alloc(&work->arena, MAX_LEVELS * sizeof *levels);
    size_t depth = 1;

    open_level(work, &levels[0], root);
    for (;;) {
        struct level *top = &levels[depth - 1];
        struct tfr_block kid;

        if (!next_kid(work, top, &kid)) {
            if (is_about_nothing(work, &top->block))
                memset(top->sets.marks, IN_NONE, work->count);
            if (--depth == 0)
                return top->sets;
            take_result(work, &levels[depth - 1], &top->sets);
        } else if (top->pass > 0 && top->pass < FILTERS && kid.count > 1 && depth < MAX_LEVELS) {
            open_level(work, &levels[depth], &kid);
            depth++;
        } else {
            one_kid(work, top, &kid);
        }
    }
}

static void report(struct work *work, struct tfr_findings_builder *out, const struct sets *sets)
{
    for (size_t i = 0; i < work->count; i++) {
        struct tfr_truth truth = { TFR_YES, sets->because[i] };
        struct tfr_subject subject;
        struct tfr_truth applies;

        if (sets->marks[i] == IN_NONE)
            continue;
        truth.is = sets->marks[i] & IN_FAILED ? TFR_NO
                                              : (sets->marks[i] & IN_UNKNOWN ? TFR_MAYBE : TFR_YES);
        if (truth.is == TFR_MAYBE && truth.because == NULL)
            truth.because = "an unknown value of what it is connected to";
        subject = tfr_subject_of(work->ctx, work->objects.at[i]);
        applies = tfr_block_truth(work->ctx, &subject, &work->ctx->policy->program->when);
        if (applies.is == TFR_YES)
            tfr_record(work->ctx, out, &subject, truth);
        else if (applies.is == TFR_MAYBE)
            tfr_record(work->ctx, out, &subject, applies);
        tfr_arena_reset(&work->ctx->scratch);
    }
}

static bool is_about_all(const struct tfr_block *root)
{
    for (uint32_t i = 0; i < root->count; i++) {
        const struct tfr_condition *leaf = &root->at[i];

        if (leaf->kind > TFR_COND_NOT && leaf->kind != TFR_COND_FILTER &&
            (leaf->types.all || leaf->other_types.all))
            return true;
    }
    return false;
}

/* All that a leaf names, by either end. */
static void open_objects(struct work *work)
{
    const struct tfr_resources *all = &work->ctx->document->changes;
    const struct tfr_program *program = work->ctx->policy->program;

    work->objects = is_about_all(&program->definition)
                        ? tfr_all_objects(work->ctx->document, &work->arena)
                        : tfr_type_index_select(work->ctx->index, &program->subjects,
                                                program->provider, &work->arena);
    work->count = work->objects.count;
    if (work->ctx->places == NULL)
        work->ctx->places = tfr_calloc(all->count + 1, sizeof *work->ctx->places);
    for (uint32_t i = 0; i < work->objects.count; i++)
        work->ctx->places[work->objects.at[i] - all->at] = i + 1;
}

static void close_objects(struct work *work)
{
    for (uint32_t i = 0; i < work->objects.count; i++)
        work->ctx->places[work->objects.at[i] - work->ctx->document->changes.at] = 0;
}

void tfr_evaluate_connected(struct tfr_context *ctx, struct tfr_findings_builder *out)
{
    struct work work = { .ctx = ctx };
    const struct tfr_block *root = &ctx->policy->program->definition;
    struct sets sets;

    if (ctx->graph == NULL)
        return;
    open_objects(&work);
    if (root->count == 1) {
        const struct sets nothing = new_sets(&work);

        sets = new_sets(&work);
        run_connection(&work, &root->at[0], &nothing, &sets);
        settle(&work, &sets, true);
    } else {
        if (ctx->mode == TFR_MODE_CHECKOV) {
            uint8_t *scope = tfr_arena_zalloc(&work.arena, work.count + 1);

            mark_scope(&work, root, scope, true);
            work.scope = scope;
        }
        sets = run_blocks(&work, root);
    }
    if (!work.lost)
        report(&work, out, &sets);
    close_objects(&work);
    tfr_arena_free(&work.arena);
}
