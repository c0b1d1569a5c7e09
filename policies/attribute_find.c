/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands at an attribute path. A path is looked up as Checkov sees an object: maps as
 * dotted keys (a key may hold dots itself), a list with exactly one map is that map, other lists
 * have numbers. `*` is any number, or nothing.
 */
#include "policies/context.h"

#include <string.h>

#define MAX_PLACES 4096 /* values looked at for one path; stars over huge lists end here */

/* ---- JSON texts ---- */

bool tfr_value_looks_like_json(const struct tfr_value *value)
{
    const char *at = value->text;

    if (value->kind != TFR_STRING)
        return false;
    at += strspn(at, " \t\r\n");
    return *at == '{' || *at == '[';
}

const struct tfr_value *tfr_attribute_enter(struct tfr_context *ctx, const struct tfr_value *value)
{
    return tfr_value_looks_like_json(value) ? tfr_document_parse(ctx->document, value) : value;
}

/* ---- walking ---- */

enum star_use { STARS_OPEN, STARS_NUMBER, STARS_NOTHING };

struct place {
    const struct tfr_value *value;
    uint16_t step;
    uint8_t stars; /* enum star_use: in Checkov's mode all stars are the same */
};

/* Made once: most paths need little of it. */
struct tfr_walk_room {
    struct place stack[MAX_PLACES + 1];
    const struct tfr_value *found[MAX_PLACES + 1];
};

struct walk {
    struct tfr_context *ctx;
    const struct tfr_path *path;
    struct tfr_walk_room *room;
    uint32_t depth, visited;
    struct tfr_matches *out;
};

static void push(struct walk *walk, const struct tfr_value *value, size_t step, uint8_t stars)
{
    if (walk->visited == MAX_PLACES)
        return;
    walk->room->stack[walk->depth++] = (struct place){ value, (uint16_t)step, stars };
    walk->visited++;
}

/* Members whose name is the text of one or more steps. */
static void enter_object(struct walk *walk, const struct place *place)
{
    for (uint32_t last = walk->path->step_count; last-- > place->step;) {
        const struct tfr_value *member =
            tfr_path_member(walk->ctx, walk->path, place->step, last, place->value);

        if (member != NULL)
            push(walk, member, last + 1, place->stars);
    }
}

static bool may_use(const struct walk *walk, const struct place *place, enum star_use use)
{
    return walk->ctx->mode != TFR_MODE_CHECKOV || place->stars == STARS_OPEN || place->stars == use;
}

static void enter_star(struct walk *walk, const struct place *place)
{
    const struct tfr_value *value = place->value;

    if (value->kind == TFR_LIST && !tfr_value_collapses(value) &&
        may_use(walk, place, STARS_NUMBER)) {
        for (uint32_t i = value->count; i-- > 0;)
            push(walk, &value->items[i], place->step + 1u, STARS_NUMBER);
    }
    if (may_use(walk, place, STARS_NOTHING))
        push(walk, value, place->step + 1u, STARS_NOTHING);
}

static void enter_index(struct walk *walk, const struct place *place)
{
    const struct tfr_step *step = &walk->path->steps[place->step];
    size_t index = 0;

    if (step->len > 8)
        return;
    for (uint16_t i = 0; i < step->len; i++)
        index = index * 10 + (size_t)(walk->path->text[step->at + i] - '0');
    if (index < place->value->count)
        push(walk, &place->value->items[index], place->step + 1u, place->stars);
}

/* `.0` of a list of one block is the block, unless the block has a member of that name. Checkov
 * finds nothing. */
static bool is_only_item(const struct walk *walk, const struct place *place)
{
    const struct tfr_step *step = &walk->path->steps[place->step];

    return walk->ctx->mode != TFR_MODE_CHECKOV && step->kind == TFR_STEP_INDEX && step->len == 1 &&
           walk->path->text[step->at] == '0' &&
           tfr_path_member(walk->ctx, walk->path, place->step, place->step,
                           &place->value->items[0]) == NULL;
}

static void visit(struct walk *walk, const struct place *place)
{
    const struct tfr_value *value = place->value;

    if (place->step == walk->path->step_count) {
        walk->room->found[walk->out->count++] = tfr_value_collapsed(value);
    } else if (value->kind == TFR_UNKNOWN) {
        walk->room->found[walk->out->count++] = value;
        walk->out->parent_unknown = true;
    } else if (walk->path->steps[place->step].kind == TFR_STEP_STAR) {
        enter_star(walk, place);
    } else if (tfr_value_collapses(value)) {
        push(walk, &value->items[0], place->step + (is_only_item(walk, place) ? 1u : 0u),
             place->stars);
    } else if (value->kind == TFR_OBJECT) {
        enter_object(walk, place);
    } else if (value->kind == TFR_LIST && walk->path->steps[place->step].kind == TFR_STEP_INDEX) {
        enter_index(walk, place);
    } else if (walk->ctx->mode != TFR_MODE_CHECKOV && tfr_value_looks_like_json(value)) {
        push(walk, tfr_document_parse(walk->ctx->document, value), place->step, place->stars);
    }
}

/* ---- attributes that Checkov adds ---- */

const struct tfr_value *tfr_text_value(struct tfr_context *ctx, const char *text)
{
    struct tfr_value *value = tfr_arena_zalloc(&ctx->scratch, sizeof *value);

    value->kind = TFR_STRING;
    value->text = text;
    value->count = (uint32_t)strlen(text);
    return value;
}

static const struct tfr_value *list_value(struct tfr_context *ctx, const struct tfr_value *items,
                                          uint32_t count)
{
    struct tfr_value *value = tfr_arena_zalloc(&ctx->scratch, sizeof *value);

    if (count == 1)
        return items;
    value->kind = TFR_LIST;
    value->items = items;
    value->count = count;
    return value;
}

/* As written in change.actions; a list of one is its item. */
static const struct tfr_value *change_actions(struct tfr_context *ctx,
                                              const struct tfr_resource *resource)
{
    static const char *const words[][2] = {
        [TFR_ACTION_NO_OP] = { "no-op", NULL },
        [TFR_ACTION_CREATE] = { "create", NULL },
        [TFR_ACTION_READ] = { "read", NULL },
        [TFR_ACTION_UPDATE] = { "update", NULL },
        [TFR_ACTION_DELETE] = { "delete", NULL },
        [TFR_ACTION_DELETE_CREATE] = { "delete", "create" },
        [TFR_ACTION_CREATE_DELETE] = { "create", "delete" },
        [TFR_ACTION_FORGET] = { "forget", NULL },
        [TFR_ACTION_CREATE_FORGET] = { "create", "forget" },
        [TFR_ACTION_OTHER] = { NULL, NULL },
    };
    struct tfr_value *items = tfr_arena_zalloc(&ctx->scratch, 2 * sizeof *items);
    uint32_t count = 0;

    for (; count < 2 && words[resource->action][count] != NULL; count++)
        items[count] = *tfr_text_value(ctx, words[resource->action][count]);
    return list_value(ctx, items, count);
}

static const struct tfr_value *change_keys(struct tfr_context *ctx,
                                           const struct tfr_resource *resource)
{
    const struct tfr_value *before = &resource->before;
    const uint32_t most = before->kind == TFR_OBJECT ? before->count : 0;
    struct tfr_value *items = tfr_arena_zalloc(&ctx->scratch, (most + 1) * sizeof *items);
    uint32_t count = 0;

    for (uint32_t i = 0; i < most; i++) {
        const struct tfr_member member = tfr_member_at(before, i);
        const struct tfr_value *after = tfr_value_member(&resource->after, member.name);

        if (ctx->mode == TFR_MODE_CHECKOV ? tfr_checkov_is_same(member.value, after)
                                          : tfr_value_equal(member.value, after))
            continue;
        items[count].kind = TFR_STRING;
        items[count].text = member.name->text;
        items[count++].count = member.name->len;
    }
    return list_value(ctx, items, count);
}

static const struct tfr_value *added_attribute(struct tfr_context *ctx,
                                               const struct tfr_resource *resource,
                                               const char *name, size_t len)
{
    if (len == 11 && memcmp(name, "__address__", len) == 0)
        return tfr_text_value(ctx, resource->address->text);
    if (len == 18 && memcmp(name, "__change_actions__", len) == 0)
        return resource->action == TFR_ACTION_NONE ? NULL : change_actions(ctx, resource);
    if (len == 15 && memcmp(name, "__change_keys__", len) == 0)
        return resource->action == TFR_ACTION_NONE ? NULL : change_keys(ctx, resource);
    return NULL;
}

/* ---- public ---- */

/* For Checkov a star is one if no space stands before the first, and something does. */
static bool is_no_star(const struct tfr_context *ctx, const struct tfr_path *path)
{
    return ctx->mode == TFR_MODE_CHECKOV && path->star &&
           path->text + strcspn(path->text, " ") < strstr(path->text, ".*");
}

static void find(struct tfr_context *ctx, const struct tfr_subject *subject,
                 const struct tfr_path *path, enum tfr_side side, struct tfr_matches *out)
{
    struct walk walk = { .ctx = ctx, .path = path, .out = out };
    const struct tfr_value *root = tfr_subject_side(subject, side);
    const struct tfr_value *added = NULL;

    if (path->jsonpath) {
        tfr_jsonpath_find(ctx, subject->resource, root, path, out);
        return;
    }
    *out = (struct tfr_matches){ .at = NULL };
    if (is_no_star(ctx, path))
        return;
    if (ctx->room == NULL)
        ctx->room = tfr_malloc(sizeof *ctx->room);
    walk.room = ctx->room;
    walk.visited = path->star ? 0 : MAX_PLACES - 64;
    if (path->text[0] == '_')
        added = added_attribute(ctx, subject->resource, path->text, path->steps[0].len);
    push(&walk, added != NULL ? added : root, added != NULL ? 1 : 0, STARS_OPEN);
    while (walk.depth > 0) {
        const struct place place = walk.room->stack[--walk.depth];

        visit(&walk, &place);
    }
    if (out->count > 0)
        out->at = tfr_arena_copy(&ctx->scratch, walk.room->found, out->count * sizeof *out->at);
}

void tfr_attribute_find(struct tfr_context *ctx, const struct tfr_subject *subject,
                        const struct tfr_path *path, struct tfr_matches *out)
{
    find(ctx, subject, path, (enum tfr_side)path->side, out);
}

const struct tfr_value *tfr_attribute_side(struct tfr_context *ctx,
                                           const struct tfr_subject *subject,
                                           const struct tfr_path *path, enum tfr_side side)
{
    const struct tfr_value *root = tfr_subject_side(subject, side);
    const struct tfr_value *member;
    struct tfr_matches matches;

    if (tfr_path_is_member(path, root)) {
        member = tfr_path_member(ctx, path, 0, 0, root);
        return member != NULL ? tfr_value_collapsed(member) : &tfr_absent;
    }
    find(ctx, subject, path, side, &matches);
    return matches.count > 0 ? matches.at[0] : &tfr_absent;
}

const struct tfr_value *tfr_attribute_first(struct tfr_context *ctx,
                                            const struct tfr_subject *subject,
                                            const struct tfr_path *path)
{
    return tfr_attribute_side(ctx, subject, path, (enum tfr_side)path->side);
}
