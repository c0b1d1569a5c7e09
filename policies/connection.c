/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the blocks of a policy with connections combine: and/or join sets as Checkov does (an object
 * that a connection touches takes over the failure of the other end).
 */
#include "policies/connection.h"

#include <string.h>

static bool has_connection(const struct tfr_block *block)
{
    for (uint32_t i = 0; i < block->count; i++) {
        if (block->at[i].kind == TFR_COND_CONNECTION)
            return true;
    }
    return false;
}

static void merge(struct tfr_sets_work *work, struct tfr_sets *into, const struct tfr_sets *from)
{
    for (size_t i = 0; i < work->count; i++)
        into->marks[i] |= from->marks[i];
    for (size_t i = 0; from->because != NULL && i < work->count; i++) {
        if (tfr_sets_because(into, i) == NULL)
            tfr_sets_say(work, into, i, from->because[i]);
    }
}

static bool is_type_filter(const struct tfr_condition *node)
{
    return node->kind == TFR_COND_FILTER && strcmp(node->path->text, "resource_type") == 0;
}

/* A filter leaves others without a result. One of types looks at nothing else of an object. */
static void apply_filter(struct tfr_sets_work *work, const struct tfr_block *filter,
                         struct tfr_sets *sets)
{
    const bool types = filter->count == 1 && is_type_filter(&filter->at[0]);

    for (size_t i = 0; i < work->count; i++) {
        struct tfr_subject subject;
        struct tfr_truth truth;

        if (sets->marks[i] == TFR_IN_NONE)
            continue;
        subject = types ? (struct tfr_subject){ .resource = work->objects.at[i] }
                        : tfr_subject_of(work->ctx, work->objects.at[i]);
        truth = tfr_block_truth(work->ctx, &subject, filter);
        work->lost = work->lost || truth.is == TFR_BROKEN;
        if (truth.is != TFR_YES)
            sets->marks[i] = TFR_IN_NONE;
    }
}

/* One mark per object: and: failed, then unknown, then passed. or: passed, then unknown, then
 * failed. */
static void settle(struct tfr_sets_work *work, struct tfr_sets *sets, bool is_and)
{
    for (size_t i = 0; i < work->count; i++) {
        const uint8_t marks = sets->marks[i];

        if (is_and)
            sets->marks[i] = marks & TFR_IN_FAILED
                                 ? TFR_IN_FAILED
                                 : (marks & TFR_IN_UNKNOWN ? TFR_IN_UNKNOWN : marks);
        else
            sets->marks[i] = marks & TFR_IN_PASSED
                                 ? TFR_IN_PASSED
                                 : (marks & TFR_IN_UNKNOWN ? TFR_IN_UNKNOWN : marks);
    }
}

struct level {
    struct tfr_block block;
    struct tfr_sets sets;     /* what it says so far */
    struct tfr_sets excluded; /* what its connections see */
    uint32_t kid;             /* which child is next, in passes */
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

/* @return true if types are named */
static bool mark_types(struct tfr_sets_work *work, const struct tfr_type_set *types, uint8_t *marks)
{
    const char *provider = work->ctx->policy->program->provider;
    const struct tfr_resource_run run =
        tfr_type_index_select(work->ctx->index, types, provider, &work->arena);
    const bool named = types->count > 0 || types->taggable ||
                       tfr_type_set_has_scope(work->ctx->index, types, provider);

    for (uint32_t i = 0; named && i < run.count; i++) {
        if (tfr_sets_has(work, run.at[i]))
            marks[tfr_sets_place(work, run.at[i])] = 1;
    }
    return named;
}

/* The leaves that count stand beside a connection, at any depth. @return true if they name types */
static bool mark_scope(struct tfr_sets_work *work, const struct tfr_block *root, uint8_t *marks,
                       bool others)
{
    struct tfr_block *open = tfr_arena_alloc(&work->arena, (root->count + 1) * sizeof *open);
    struct tfr_block *kids = tfr_arena_alloc(&work->arena, MAX_KIDS * sizeof *kids);
    uint32_t depth = 1;
    bool named = false;

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
            named = mark_types(work, &leaf->types, marks) || named;
            if (others && leaf->kind == TFR_COND_CONNECTION)
                named = mark_types(work, &leaf->other_types, marks) || named;
        }
    }
    return named;
}

static bool has_marks(const uint8_t *marks, size_t count)
{
    return memchr(marks, 1, count) != NULL;
}

/* Everything, where no object is of the types that stand before a connection, or none is named. */
static uint8_t *scope_of(struct tfr_sets_work *work, const struct tfr_block *root)
{
    uint8_t *scope = tfr_arena_zalloc(&work->arena, work->count + 1);
    const bool about = mark_scope(work, root, scope, false);

    if ((about && !has_marks(scope, work->count)) || !mark_scope(work, root, scope, true))
        memset(scope, 1, work->count);
    return scope;
}

/* An `and` says nothing when no object is of the types that its leaves are about. */
static bool is_about_nothing(struct tfr_sets_work *work, const struct tfr_block *block)
{
    uint8_t *marks;

    if (work->scope == NULL || block->at[block->count - 1].kind != TFR_COND_AND)
        return false;
    marks = tfr_arena_zalloc(&work->arena, work->count + 1);
    return mark_scope(work, block, marks, false) && !has_marks(marks, work->count);
}

static void open_level(struct tfr_sets_work *work, struct level *level,
                       const struct tfr_block *block)
{
    *level = (struct level){ .block = *block,
                             .sets = tfr_sets_new(work),
                             .excluded = tfr_sets_new(work) };
}

static void take_result(struct tfr_sets_work *work, struct level *level,
                        const struct tfr_sets *result)
{
    merge(work, &level->sets, result);
    if (level->block.at[level->block.count - 1].kind == TFR_COND_AND)
        merge(work, &level->excluded, result);
}

static void one_kid(struct tfr_sets_work *work, struct level *level, const struct tfr_block *kid)
{
    struct tfr_sets result;

    if (level->pass == FILTERS) {
        apply_filter(work, kid, &level->sets);
        return;
    }
    result = tfr_sets_new(work);
    if (level->pass == 0 && work->scope != NULL && kid->count == 1 &&
        kid->at[0].kind == TFR_COND_RESOURCE)
        return; /* not asked beside a connection */
    if (level->pass == 0)
        tfr_sets_plain(work, kid, &result);
    else
        tfr_sets_connected(work, &kid->at[0], &level->excluded, &result);
    take_result(work, level, &result);
}

static bool names_filtered(const struct tfr_type_index *index, const struct tfr_type_set *types,
                           const struct tfr_value *wanted)
{
    uint32_t count;
    const char *const *names = tfr_type_set_names(index, types, &count);

    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; wanted->kind == TFR_LIST && k < wanted->count; k++) {
            if (tfr_value_is(&wanted->items[k], names[i]))
                return true;
        }
        if (tfr_value_is(wanted, names[i]))
            return true;
    }
    return false;
}

static bool touches(const struct tfr_type_index *index, const struct tfr_block *kid,
                    const struct tfr_value *wanted)
{
    for (uint32_t k = 0; k < kid->count; k++) {
        if (names_filtered(index, &kid->at[k].types, wanted) ||
            names_filtered(index, &kid->at[k].other_types, wanted))
            return true;
    }
    return false;
}

static uint8_t pass_of(const struct tfr_type_index *index, const struct tfr_block *kid,
                       const struct tfr_block *kids, uint32_t count)
{
    if (kid->at[kid->count - 1].kind == TFR_COND_FILTER)
        return FILTERS;
    if (!has_connection(kid))
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_condition *filter = &kids[i].at[kids[i].count - 1];

        if (is_type_filter(filter) && touches(index, kid, &filter->value))
            return 2;
    }
    return 1;
}

/* Moves to the next kid of this pass; false when all passes are over. */
static bool next_kid(struct tfr_sets_work *work, struct level *level, struct tfr_block *out)
{
    struct tfr_block kids[MAX_KIDS];
    const uint32_t count = list_kids(&level->block, kids, MAX_KIDS);

    for (; level->pass <= FILTERS; level->pass++, level->kid = 0) {
        if (level->pass == FILTERS && level->kid == 0)
            settle(work, &level->sets,
                   level->block.at[level->block.count - 1].kind == TFR_COND_AND);
        while (level->kid < count) {
            *out = kids[level->kid++];
            if (pass_of(work->ctx->index, out, kids, count) == level->pass)
                return true;
        }
    }
    return false;
}

static struct tfr_sets run_blocks(struct tfr_sets_work *work, const struct tfr_block *root)
{
    struct level *levels = tfr_arena_alloc(&work->arena, MAX_LEVELS * sizeof *levels);
    size_t depth = 1;

    open_level(work, &levels[0], root);
    for (;;) {
        struct level *top = &levels[depth - 1];
        struct tfr_block kid;

        if (!next_kid(work, top, &kid)) {
            if (is_about_nothing(work, &top->block))
                memset(top->sets.marks, TFR_IN_NONE, work->count);
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

static struct tfr_truth truth_of_marks(uint8_t marks, const char *because)
{
    if (marks & TFR_IN_FAILED)
        return (struct tfr_truth){ TFR_NO, NULL };
    if ((marks & TFR_IN_UNKNOWN) == 0)
        return (struct tfr_truth){ TFR_YES, NULL };
    return (struct tfr_truth){ TFR_MAYBE, because != NULL
                                              ? because
                                              : "an unknown value of what it is connected to" };
}

static void add_answers(struct tfr_sets_work *work, struct tfr_answers *out,
                        const struct tfr_sets *sets)
{
    const struct tfr_block *when = &work->ctx->policy->program->when;

    tfr_answers_open(out, work->count);
    for (size_t i = 0; i < work->count; i++) {
        const struct tfr_resource *resource = work->objects.at[i];
        struct tfr_truth applies = tfr_truth_of(true);

        if (sets->marks[i] == TFR_IN_NONE)
            continue;
        if (when->count > 0) {
            const struct tfr_subject subject = tfr_subject_of(work->ctx, resource);

            applies = tfr_block_truth(work->ctx, &subject, when);
        }
        if (applies.is == TFR_YES)
            tfr_answers_add(out, resource,
                            truth_of_marks(sets->marks[i], tfr_sets_because(sets, i)));
        else if (applies.is == TFR_MAYBE)
            tfr_answers_add(out, resource, applies);
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
static void open_objects(struct tfr_sets_work *work)
{
    const struct tfr_document *document = work->ctx->document;
    const struct tfr_program *program = work->ctx->policy->program;

    work->everything = is_about_all(&program->definition);
    work->objects = work->everything ? tfr_all_objects(document, &work->arena)
                                     : tfr_type_index_select(work->ctx->index, &program->subjects,
                                                             program->provider, &work->arena);
    work->count = work->objects.count;
    if (work->ctx->places == NULL)
        work->ctx->places = tfr_calloc(tfr_object_places(document) + 1, sizeof *work->ctx->places);
    for (uint32_t i = 0; i < work->objects.count; i++) {
        const struct tfr_resource *resource = work->objects.at[i];

        if (tfr_context_sees(work->ctx, resource) && !resource->duplicate)
            work->ctx->places[tfr_object_place(document, resource)] = i + 1;
    }
}

static void close_objects(struct tfr_sets_work *work)
{
    for (uint32_t i = 0; i < work->objects.count; i++)
        work->ctx->places[tfr_object_place(work->ctx->document, work->objects.at[i])] = 0;
}

void tfr_ask_connected(struct tfr_context *ctx, struct tfr_answers *out)
{
    struct tfr_sets_work work = { .ctx = ctx };
    const struct tfr_block *root = &ctx->policy->program->definition;
    struct tfr_sets sets;

    if (ctx->graph == NULL)
        return;
    open_objects(&work);
    if (work.count == 0) {
        tfr_arena_free(&work.arena);
        return;
    }
    if (root->count == 1) {
        const struct tfr_sets nothing = tfr_sets_new(&work);

        sets = tfr_sets_new(&work);
        tfr_sets_connected(&work, &root->at[0], &nothing, &sets);
        settle(&work, &sets, true);
    } else {
        if (ctx->mode == TFR_MODE_CHECKOV)
            work.scope = scope_of(&work, root);
        sets = run_blocks(&work, root);
    }
    if (!work.lost)
        add_answers(&work, out, &sets);
    close_objects(&work);
    tfr_arena_free(&work.arena);
}
