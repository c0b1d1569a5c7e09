/* SPDX-License-Identifier: Apache-2.0 */
/* What became of the objects of a state: two states of one thing, held side by side. */
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>

/* An object or output of one of the states. */
struct thing {
    const struct tfr_resource *resource; /* NULL: an output */
    const char *address;
    const char *deposed; /* "": the current object */
    const struct tfr_value *values;
    uint64_t identity; /* with its type; 0: not known */
    bool paired;
};

struct things {
    struct thing *at;
    size_t count, cap;
};

struct comparison {
    struct tfr_arena *arena;
    struct tfr_object_diff *at;
    size_t count, cap, unchanged;
};

/* ---- what there is -----------------------------------------------------------------------------
 */

/* Within one state the id is enough to know an object again; across states only tfr_identity_hash()
 * is. */
static uint64_t identity_of(const struct tfr_resource *resource)
{
    const struct tfr_value *id = tfr_value_get(&resource->after, "id");
    uint64_t hash = tfr_identity_hash(&resource->after);

    if (hash == 0 && id->kind == TFR_STRING && id->count > 0)
        hash = tfr_hash_stable(0, id->text, id->count);
    return hash != 0 ? tfr_hash_stable(hash, resource->type->text, resource->type->len) : 0;
}

static struct thing *add(struct things *things)
{
    things->at = tfr_grow(things->at, &things->cap, things->count + 1, sizeof *things->at);
    things->at[things->count] = (struct thing){ .deposed = "" };
    return &things->at[things->count++];
}

static int by_address(const void *a, const void *b)
{
    const struct thing *x = a;
    const struct thing *y = b;
    int order = (x->resource == NULL) - (y->resource == NULL);

    if (order == 0)
        order = strcmp(x->address, y->address);
    return order != 0 ? order : strcmp(x->deposed, y->deposed);
}

static struct things things_of(const struct tfr_document *state)
{
    struct things things = { 0 };

    for (size_t i = 0; i < state->changes.count; i++) {
        const struct tfr_resource *resource = &state->changes.at[i];
        struct thing *thing;

        if (resource->mode != TFR_MANAGED || resource->duplicate)
            continue;
        thing = add(&things);
        thing->resource = resource;
        thing->address = resource->address->text;
        thing->deposed = resource->deposed != NULL ? resource->deposed->text : "";
        thing->values = &resource->after;
        thing->identity = identity_of(resource);
    }
    for (size_t i = 0; i < state->output_count; i++) {
        struct thing *thing = add(&things);

        thing->address = state->outputs[i].name->text;
        thing->values = &state->outputs[i].after;
    }
    if (things.count > 0)
        qsort(things.at, things.count, sizeof *things.at, by_address);
    return things;
}

/* ---- which attributes differ -------------------------------------------------------------------
 */

/* Two values of one path that are still to be compared. */
struct place {
    const struct tfr_value *old, *now;
    const char *path; /* arena; "": the whole */
};

struct places {
    struct tfr_arena *arena;
    struct place *todo;
    size_t todo_count, todo_cap;
    const char **found;
    size_t found_count, found_cap;
};

static void look_below(struct places *places, const struct place *at, const char *step,
                       const struct tfr_value *old, const struct tfr_value *now)
{
    struct tfr_buf path = { 0 };

    if ((tfr_value_missing(old) && tfr_value_missing(now)) || tfr_value_equal(old, now))
        return;
    tfr_buf_printf(&path, "%s%s%s", at->path, at->path[0] != '\0' ? "." : "", step);
    places->todo =
        tfr_grow(places->todo, &places->todo_cap, places->todo_count + 1, sizeof *places->todo);
    places->todo[places->todo_count++] =
        (struct place){ old, now, tfr_arena_text(places->arena, path.data, path.len) };
    tfr_buf_fini(&path);
}

/* By text: the name is of the other document. */
static const struct tfr_value *member_of(const struct tfr_value *object, const struct tfr_sym *name)
{
    return tfr_value_named(object, name->text, name->len);
}

static void compare_members(struct places *places, const struct place *at)
{
    for (uint32_t i = 0; i < at->now->count; i++) {
        const struct tfr_member member = tfr_member_at(at->now, i);

        look_below(places, at, member.name->text, member_of(at->old, member.name), member.value);
    }
    for (uint32_t i = 0; i < at->old->count; i++) {
        const struct tfr_member member = tfr_member_at(at->old, i);

        if (member_of(at->now, member.name)->kind == TFR_ABSENT)
            look_below(places, at, member.name->text, member.value, &tfr_absent);
    }
}

/* The keys of a sensitive map are not told. A list may be a set, so that it differs as a whole; a
 * block that stands once is entered. */
static void compare_place(struct places *places, const struct place *at)
{
    const bool open = !at->old->sensitive && !at->now->sensitive;

    if (open && at->old->kind == TFR_OBJECT && at->now->kind == TFR_OBJECT) {
        compare_members(places, at);
    } else if (open && at->old->kind == TFR_LIST && at->now->kind == TFR_LIST &&
               at->old->count == 1 && at->now->count == 1 && at->old->items[0].kind == TFR_OBJECT &&
               at->now->items[0].kind == TFR_OBJECT) {
        look_below(places, at, "0", &at->old->items[0], &at->now->items[0]);
    } else {
        places->found = tfr_grow(places->found, &places->found_cap, places->found_count + 1,
                                 sizeof *places->found);
        places->found[places->found_count++] = at->path;
    }
}

static void compare_values(struct tfr_arena *arena, const struct tfr_value *old,
                           const struct tfr_value *now, struct tfr_object_diff *out)
{
    struct places places = { .arena = arena };
    const struct place whole = { old, now, "" };

    if (!tfr_value_equal(old, now))
        compare_place(&places, &whole);
    while (places.todo_count > 0) {
        const struct place at = places.todo[--places.todo_count];

        compare_place(&places, &at);
    }
    if (places.found_count > 0) {
        qsort(places.found, places.found_count, sizeof *places.found, tfr_by_text);
        out->attributes =
            tfr_arena_copy(arena, places.found, places.found_count * sizeof *places.found);
    }
    out->attribute_count = places.found_count;
    tfr_free(places.todo);
    tfr_free(places.found);
}

/* ---- which object became which -----------------------------------------------------------------
 */

static const char *keep(const struct comparison *comparison, const char *text)
{
    return tfr_arena_text(comparison->arena, text, strlen(text));
}

static void tell(struct comparison *comparison, enum tfr_object_change change,
                 const struct thing *old, const struct thing *now)
{
    const struct thing *shown = now != NULL ? now : old;
    struct tfr_object_diff diff = { .change = change };

    if (change == TFR_OBJECT_CHANGED || change == TFR_OBJECT_MOVED)
        compare_values(comparison->arena, old->values, now->values, &diff);
    if (change == TFR_OBJECT_CHANGED && diff.attribute_count == 0) {
        comparison->unchanged++;
        return;
    }
    diff.is_output = shown->resource == NULL;
    diff.address = keep(comparison, shown->address);
    diff.deposed = shown->deposed[0] != '\0' ? keep(comparison, shown->deposed) : NULL;
    diff.old_address = change == TFR_OBJECT_MOVED ? keep(comparison, old->address) : NULL;
    comparison->at = tfr_grow(comparison->at, &comparison->cap, comparison->count + 1, sizeof diff);
    comparison->at[comparison->count++] = diff;
}

static bool is_another(const struct thing *old, const struct thing *now)
{
    return old->identity != 0 && now->identity != 0 && old->identity != now->identity;
}

/* What both states have under one address. */
static void pair_addresses(struct comparison *comparison, struct things *old, struct things *now)
{
    size_t i = 0;
    size_t k = 0;

    while (i < old->count && k < now->count) {
        struct thing *x = &old->at[i];
        struct thing *y = &now->at[k];
        const int order = by_address(x, y);

        if (order == 0) {
            x->paired = y->paired = true;
            tell(comparison, is_another(x, y) ? TFR_OBJECT_REPLACED : TFR_OBJECT_CHANGED, x, y);
        }
        i += order <= 0;
        k += order >= 0;
    }
}

static int by_identity(const void *a, const void *b)
{
    const struct thing *x = *(const struct thing *const *)a;
    const struct thing *y = *(const struct thing *const *)b;

    if (x->identity != y->identity)
        return x->identity < y->identity ? -1 : 1;
    return by_address(x, y);
}

/* What has no partner yet and can be known again, by identity; yours: tfr_free(). */
static struct thing **single_ones(struct things *things, size_t *count)
{
    struct thing **out = tfr_calloc(things->count, sizeof *out);

    *count = 0;
    for (size_t i = 0; i < things->count; i++) {
        if (!things->at[i].paired && things->at[i].identity != 0)
            out[(*count)++] = &things->at[i];
    }
    if (*count > 0)
        qsort(out, *count, sizeof *out, by_identity);
    return out;
}

static bool stands_once(struct thing *const *sorted, size_t count, size_t at)
{
    return (at == 0 || sorted[at - 1]->identity != sorted[at]->identity) &&
           (at + 1 == count || sorted[at + 1]->identity != sorted[at]->identity);
}

/* One object under two addresses: moved. */
static void pair_identities(struct comparison *comparison, struct things *old, struct things *now)
{
    size_t old_count;
    size_t now_count;
    struct thing **gone = single_ones(old, &old_count);
    struct thing **come = single_ones(now, &now_count);
    size_t i = 0;
    size_t k = 0;

    while (i < old_count && k < now_count) {
        const uint64_t x = gone[i]->identity;
        const uint64_t y = come[k]->identity;

        if (x == y && stands_once(gone, old_count, i) && stands_once(come, now_count, k)) {
            gone[i]->paired = come[k]->paired = true;
            tell(comparison, TFR_OBJECT_MOVED, gone[i], come[k]);
        }
        i += x <= y;
        k += x >= y;
    }
    tfr_free(gone);
    tfr_free(come);
}

static int by_change(const void *a, const void *b)
{
    const struct tfr_object_diff *x = a;
    const struct tfr_object_diff *y = b;
    int order = (int)x->change - (int)y->change;

    if (order == 0)
        order = (int)x->is_output - (int)y->is_output;
    if (order == 0)
        order = strcmp(x->address, y->address);
    return order != 0
               ? order
               : strcmp(x->deposed != NULL ? x->deposed : "", y->deposed != NULL ? y->deposed : "");
}

void tfr_diff_states(const struct tfr_document *old, const struct tfr_document *now,
                     struct tfr_arena *arena, struct tfr_state_diff *out)
{
    struct comparison comparison = { .arena = arena };
    struct things before = things_of(old);
    struct things after = things_of(now);

    pair_addresses(&comparison, &before, &after);
    pair_identities(&comparison, &before, &after);
    for (size_t i = 0; i < before.count; i++) {
        if (!before.at[i].paired)
            tell(&comparison, TFR_OBJECT_GONE, &before.at[i], NULL);
    }
    for (size_t i = 0; i < after.count; i++) {
        if (!after.at[i].paired)
            tell(&comparison, TFR_OBJECT_APPEARED, NULL, &after.at[i]);
    }
    *out = (struct tfr_state_diff){ .count = comparison.count, .unchanged = comparison.unchanged };
    out->other_lineage = old->lineage != NULL && now->lineage != NULL &&
                         !tfr_sym_is(old->lineage, now->lineage->text);
    out->old_serial = old->serial;
    out->new_serial = now->serial;
    if (comparison.count > 0) {
        qsort(comparison.at, comparison.count, sizeof *comparison.at, by_change);
        out->at = tfr_arena_copy(arena, comparison.at, comparison.count * sizeof *comparison.at);
    }
    tfr_free(comparison.at);
    tfr_free(before.at);
    tfr_free(after.at);
}
