/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attribute paths and attribute conditions. A path is looked up as Checkov sees an object: maps as
 * dotted keys (a key may hold dots itself), a list with exactly one map is that map, other lists
 * have numbers. `*` is any number, or nothing.
 */
#include "policies/config.h"
#include "policies/context.h"

#include <string.h>

#define MAX_PLACES 4096 /* values looked at for one path; stars over huge lists end here */

/* ---- JSON texts ---- */

static bool looks_like_json(const struct tfr_value *value)
{
    const char *at = value->text;

    if (value->kind != TFR_STRING)
        return false;
    at += strspn(at, " \t\r\n");
    return *at == '{' || *at == '[';
}

const struct tfr_value *tfr_attribute_enter(struct tfr_context *ctx, const struct tfr_value *value)
{
    return looks_like_json(value) ? tfr_document_parse(ctx->document, value) : value;
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
        push(walk, &value->items[0], place->step, place->stars);
    } else if (value->kind == TFR_OBJECT) {
        enter_object(walk, place);
    } else if (value->kind == TFR_LIST && walk->path->steps[place->step].kind == TFR_STEP_INDEX) {
        enter_index(walk, place);
    } else if (walk->ctx->mode != TFR_MODE_CHECKOV && looks_like_json(value)) {
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

static const struct tfr_value *side_of(const struct tfr_subject *subject, enum tfr_side side)
{
    if (side == TFR_SIDE_BEFORE)
        return &subject->resource->before;
    return side == TFR_SIDE_AFTER ? &subject->resource->after : subject->values;
}

/* Most paths have one step: nothing is to be walked. */
static bool is_member(const struct tfr_path *path, const struct tfr_value *root)
{
    return path->step_count == 1 && root->kind == TFR_OBJECT && !path->jsonpath &&
           path->text[0] != '_';
}

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
    const struct tfr_value *root = side_of(subject, side);
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
    const struct tfr_value *root = side_of(subject, side);
    const struct tfr_value *member;
    struct tfr_matches matches;
    struct tfr_said *said;

    if (is_member(path, root)) {
        member = tfr_path_only_member(ctx, path, root, &said);
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

/* The same first step: what configuration and values have in common. */
static bool is_about(const struct tfr_sym *written, const struct tfr_path *path)
{
    const size_t len = path->steps[0].len;

    return written != NULL && written->len >= len && memcmp(written->text, path->text, len) == 0 &&
           (written->len == len || written->text[len] == '.');
}

static const struct tfr_edge *reference_edge(const struct tfr_context *ctx,
                                             const struct tfr_subject *subject,
                                             const struct tfr_path *path)
{
    struct tfr_edges edges;

    if (ctx->graph == NULL || subject->node == TFR_NO_NODE)
        return NULL;
    edges = tfr_graph_dependencies(ctx->graph, subject->node);
    for (uint32_t i = 0; i < edges.count; i++) {
        if (tfr_edge_at(&edges, i)->origin == TFR_ORIGIN_REFERENCE &&
            is_about(tfr_edge_at(&edges, i)->path, path))
            return tfr_edge_at(&edges, i);
    }
    return NULL;
}

const char *tfr_attribute_because(struct tfr_context *ctx, const struct tfr_subject *subject,
                                  const struct tfr_path *path)
{
    const struct tfr_unresolved *unresolved = NULL;
    const struct tfr_edge *edge = reference_edge(ctx, subject, path);
    uint32_t count = 0;

    if (ctx->graph != NULL && subject->node != TFR_NO_NODE)
        unresolved = tfr_graph_unresolved_of(ctx->graph, subject->node, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (is_about(unresolved[i].path, path) && unresolved[i].reference != NULL)
            return unresolved[i].reference->text;
    }
    if (edge != NULL && edge->reference != NULL)
        return edge->reference->text;
    if (edge != NULL)
        return tfr_graph_node(ctx->graph, edge->to)->address->text;
    return path->text;
}

/* An attribute that refers to another object will have a value, though nobody knows which. */
static struct tfr_truth unknown_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                      const struct tfr_condition *leaf, bool parent)
{
    struct tfr_truth truth = { TFR_MAYBE, NULL };

    if (leaf->op == TFR_OP_ANY)
        return tfr_truth_of(true);
    if (leaf->op == TFR_OP_EXISTS && !parent && reference_edge(ctx, subject, leaf->path) != NULL)
        return tfr_truth_of(!leaf->negate);
    truth.because = tfr_attribute_because(ctx, subject, leaf->path);
    return truth;
}

/* `contains` reads a text as JSON first, with single quotes for double ones: Python's lists become
 * lists. */
static const struct tfr_value *read_as_json(struct tfr_context *ctx, const struct tfr_value *value)
{
    struct tfr_value quoted = *value;
    const struct tfr_value *read;
    char *text;

    if (!looks_like_json(value))
        return value;
    if (memchr(value->text, '\'', value->count) == NULL) {
        read = tfr_document_parse(ctx->document, value);
    } else {
        text = tfr_arena_text(&ctx->scratch, value->text, value->count);
        for (uint32_t i = 0; i < value->count; i++)
            text[i] = text[i] == '\'' ? '"' : text[i];
        quoted.text = text;
        read = tfr_document_parse(ctx->document, &quoted);
    }
    return read->kind == TFR_ABSENT ? value : read;
}

/* Whether something is there, and how many items it has, is known of a list with unknown items. */
static bool needs_items(const struct tfr_condition *leaf, const struct tfr_value *value)
{
    return leaf->op != TFR_OP_EXISTS && (leaf->op != TFR_OP_IS_EMPTY || value->kind == TFR_UNKNOWN);
}

/* Maps that were no text hold where they stand as well: the name of a JSON file below a root, which
 * cannot be asked for what is no text. */
static enum tfr_truth_value contains_in_places(const struct tfr_condition *leaf,
                                               const struct tfr_value *value)
{
    if (!tfr_value_is_placed(value))
        return TFR_NO;
    if (leaf->value.kind != TFR_STRING)
        return TFR_BROKEN;
    return strstr(".json", leaf->value.text) != NULL || strcmp(leaf->value.text, "/") == 0 ? TFR_YES
                                                                                           : TFR_NO;
}

struct tfr_truth tfr_operator_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                    const struct tfr_condition *leaf, const struct tfr_value *value)
{
    struct tfr_truth truth = { TFR_NO, NULL };
    const struct tfr_value *read = value;
    struct tfr_value plain, wanted;
    char number[TFR_PROFILE_DIGITS];

    if (needs_items(leaf, value) && tfr_value_has_unknown(value)) {
        truth = (struct tfr_truth){ TFR_MAYBE, tfr_attribute_because(ctx, subject, leaf->path) };
        return truth;
    }
    if (leaf->op == TFR_OP_CONTAINS)
        read = read_as_json(ctx, value);
    plain = tfr_context_value(ctx, read);
    wanted = ctx->mode == TFR_MODE_CHECKOV
                 ? leaf->value
                 : tfr_profile_value(tfr_config_profile(ctx->config), &leaf->value, number);
    truth.is = tfr_operator_apply(leaf->op, &plain, &wanted, ctx->regex);
    if (leaf->op == TFR_OP_CONTAINS && ctx->mode == TFR_MODE_CHECKOV && truth.is == TFR_NO)
        truth.is = contains_in_places(leaf, value);
    if (truth.is == TFR_BROKEN && ctx->mode != TFR_MODE_CHECKOV)
        truth.is = TFR_NO;
    if (truth.is == TFR_MAYBE)
        truth.because = leaf->path->text;
    return leaf->negate ? tfr_truth_not(truth) : truth;
}

/* Several matches: one is enough, or (not_contains, jsonpath_) all are needed. In their order, as
 * Checkov stops at the first that decides and is lost at the first that raises. */
static struct tfr_truth combine(struct tfr_truth sum, struct tfr_truth one, bool all)
{
    const enum tfr_truth_value decisive = all ? TFR_NO : TFR_YES;

    if (sum.is == decisive || sum.is == TFR_BROKEN)
        return sum;
    if (one.is == decisive)
        return tfr_truth_of(!all);
    if (one.is == TFR_BROKEN)
        return one;
    return sum.is == TFR_MAYBE ? sum : one;
}

static struct tfr_truth value_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                    const struct tfr_condition *leaf, const struct tfr_value *value,
                                    bool parent_unknown)
{
    if (ctx->mode == TFR_MODE_CHECKOV)
        return tfr_checkov_truth(ctx, subject, leaf, value);
    if (value->kind == TFR_UNKNOWN)
        return unknown_truth(ctx, subject, leaf, parent_unknown);
    return tfr_operator_truth(ctx, subject, leaf, value);
}

/* What is not there answers the same for every object: found out once. */
static struct tfr_truth absent_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                     const struct tfr_condition *leaf)
{
    bool known = false;
    uint8_t *answer = tfr_context_recall(ctx, leaf, NULL, 0, &known);
    struct tfr_truth truth;

    if (known && *answer != TFR_ANSWER_EACH)
        return tfr_truth_of(*answer == TFR_ANSWER_YES);
    *answer = TFR_ANSWER_EACH;
    truth = value_truth(ctx, subject, leaf, &tfr_absent, false);
    if (!known && ctx->mode != TFR_MODE_CHECKOV && (truth.is == TFR_YES || truth.is == TFR_NO))
        *tfr_context_recall(ctx, leaf, NULL, 0, &known) =
            truth.is == TFR_YES ? TFR_ANSWER_YES : TFR_ANSWER_NO;
    return truth;
}

/* Many objects hold the same as the one that was asked before them. */
static struct tfr_truth member_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                     const struct tfr_condition *leaf, const struct tfr_value *root)
{
    struct tfr_said *said;
    const struct tfr_value *member = tfr_path_only_member(ctx, leaf->path, root, &said);
    struct tfr_truth truth;

    if (member == NULL)
        return absent_truth(ctx, subject, leaf);
    if (memcmp(&said->of, member, sizeof *member) == 0)
        return tfr_truth_of(said->yes);
    truth = value_truth(ctx, subject, leaf, tfr_value_collapsed(member), false);
    if (ctx->mode != TFR_MODE_CHECKOV && (truth.is == TFR_YES || truth.is == TFR_NO))
        *said = (struct tfr_said){ *member, truth.is == TFR_YES };
    return truth;
}

struct tfr_truth tfr_attribute_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                     const struct tfr_condition *leaf)
{
    const bool all = tfr_attribute_asks_all(leaf);
    const struct tfr_value *root = side_of(subject, (enum tfr_side)leaf->path->side);
    struct tfr_truth sum = tfr_truth_of(all);
    struct tfr_matches matches;

    if (ctx->mode == TFR_MODE_CHECKOV && tfr_checkov_is_open(ctx, subject, leaf, &sum))
        return sum;
    if (is_member(leaf->path, root))
        return member_truth(ctx, subject, leaf, root);
    tfr_attribute_find(ctx, subject, leaf->path, &matches);
    if (matches.broken && ctx->mode == TFR_MODE_CHECKOV)
        return (struct tfr_truth){ TFR_BROKEN, NULL };
    if (matches.count == 0)
        return absent_truth(ctx, subject, leaf);
    for (uint32_t i = 0; i < matches.count; i++)
        sum = combine(sum, value_truth(ctx, subject, leaf, matches.at[i], matches.parent_unknown),
                      all);
    return sum;
}
