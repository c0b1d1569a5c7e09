/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a reference leads for Checkov: of all objects of a type and a name, in whatever module, to
 * the one whose address begins most like that of the referrer, with the same key if one has it.
 * Facts: _find_vertex_with_best_match() in checkov/terraform/graph_builder/local_graph.py of 3.3.
 */
#include "policies/checkov_written.h"
#include "policies/tables.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct target {
    const struct tfr_resource *resource;
    size_t place;  /* in the document */
    uint32_t next; /* of the same group: its place among all + 1; 0: the last one */
};

/* Objects of one type and name. */
struct group {
    struct group_key {
        uint32_t mode, type, name; /* the last two by number */
    } key;
    uint32_t first, last, count;
    bool is_listed; /* struct first is there for all of them */
    UT_hash_handle hh;
};

/* Of all objects of a type and name in modules whose path begins alike: the first one. */
struct first {
    struct first_key {
        uint64_t begin; /* the type and name, and how the path begins */
        uint64_t key;   /* with this key, or ANY_KEY */
    } key;
    const struct tfr_resource *resource;
    UT_hash_handle hh;
};
#define ANY_KEY 2u /* is no key: they are 0 or odd */

struct tfr_targets {
    struct target *at; /* in document order */
    uint32_t count;
    struct group *groups;
    struct first *firsts;
    struct tfr_arena *arena; /* takes them */
};

/* ---- keys ---- */

struct span {
    const char *at;
    size_t len;
};

/* What follows the last occurrence of a part of a text. */
static struct span behind(const char *text, const char *part, size_t len)
{
    const char *end = text + strlen(text), *found = end - len;

    while (found > text && ((len > 0 && *found != *part) || memcmp(found, part, len) != 0))
        found--;
    return (struct span){ found + len, (size_t)(end - found) - len };
}

static bool strip(struct span *span, const char *open, const char *close)
{
    const size_t len = strlen(open);

    if (span->len < 2 * len || memcmp(span->at, open, len) != 0 ||
        memcmp(span->at + span->len - len, close, len) != 0)
        return false;
    span->at += len;
    span->len -= 2 * len;
    return true;
}

/* The key of an address, as it is read there: with a text as key anywhere in it, all behind the
 * first. @return a number that tells keys apart; 0: none */
static uint64_t key_of(const char *address)
{
    const char *quoted = strstr(address, "[\""), *last = strrchr(address, '[');
    const char *from = address;
    struct span key;
    uint64_t hash = 14695981039346656037u;

    if (last == NULL)
        return 0;
    if (quoted == NULL) {
        quoted = last;
        for (const char *at = address; at < last; at++)
            from = *at == '[' ? at + 1 : from;
    }
    key = behind(address, from, (size_t)(quoted - from));
    while (strip(&key, "[\"", "\"]"))
        continue;
    while (strip(&key, "[", "]"))
        continue;
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.at[i]) * 1099511628211u;
    return hash | 1;
}

/* ---- order ---- */

/* The length of a step of a module path, its key and the dot behind it left out. */
static size_t step_len(const char *path)
{
    size_t len = strlen("module.");
    bool quotes = false;

    for (; path[len] != '\0' && (quotes || path[len] != '.'); len++) {
        if (path[len] == '"' && path[len - 1] != '\\')
            quotes = !quotes;
    }
    return len;
}

/* The root comes first, what a module calls before the module. */
static int compare_modules(const struct tfr_sym *a, const struct tfr_sym *b)
{
    const char *x = a != NULL ? a->text : "", *y = b != NULL ? b->text : "";

    if (a == b)
        return 0;
    if (a == NULL || b == NULL)
        return a == NULL ? -1 : 1;
    while (*x != '\0' && *y != '\0') {
        const size_t x_len = step_len(x), y_len = step_len(y);
        const int order = memcmp(x, y, x_len < y_len ? x_len : y_len);

        if (order != 0 || x_len != y_len)
            return order != 0 ? order : (x_len < y_len ? -1 : 1);
        x += x_len + (x[x_len] == '.');
        y += y_len + (y[y_len] == '.');
    }
    return *x == '\0' ? 1 : -1;
}

/* Of one name. */
static int by_module(const void *a, const void *b)
{
    const struct target *x = a, *y = b;
    const int order = compare_modules(x->resource->module, y->resource->module);

    return order != 0 ? order : (x->place < y->place ? -1 : 1);
}

/* ---- objects of one type and name ---- */

static struct group *find_group(const struct tfr_targets *targets, struct group_key key)
{
    struct group *found;

    HASH_FIND(hh, targets->groups, &key, sizeof key, found);
    return found;
}

static struct group *add_group(struct tfr_targets *targets, struct group_key key)
{
    struct group *group = tfr_arena_zalloc(targets->arena, sizeof *group);

    group->key = key;
    HASH_ADD(hh, targets->groups, key, sizeof group->key, group);
    return group;
}

static struct group_key group_of(const struct tfr_resource *resource)
{
    return (struct group_key){ resource->mode, resource->type->id, resource->name->id };
}

static bool is_of_group(const struct tfr_resource *resource, const struct group *group)
{
    const struct group_key key = group_of(resource);

    return memcmp(&key, &group->key, sizeof key) == 0;
}

static void add_target(struct tfr_targets *targets, struct group *group,
                       const struct tfr_resource *resource, size_t place)
{
    targets->at[targets->count++] = (struct target){ .resource = resource, .place = place };
    if (group->count++ == 0)
        group->first = targets->count;
    else
        targets->at[group->last - 1].next = targets->count;
    group->last = targets->count;
}

static struct tfr_targets *make_targets(struct tfr_context *ctx)
{
    const struct tfr_resource_run all = tfr_all_objects(ctx->document, &ctx->kept);
    struct tfr_targets *targets = tfr_arena_zalloc(&ctx->kept, sizeof *targets);
    struct group *group = NULL; /* the last one: instances stand side by side */

    targets->arena = &ctx->kept;
    targets->at = tfr_arena_alloc(&ctx->kept, (all.count + 1) * sizeof *targets->at);
    for (uint32_t i = 0; i < all.count; i++) {
        const struct tfr_resource *one = all.at[i];

        if (!tfr_resource_is_live(one) || one->mode == TFR_PROVIDER)
            continue;
        if (group == NULL || !is_of_group(one, group))
            group = find_group(targets, group_of(one));
        if (group == NULL)
            group = add_group(targets, group_of(one));
        add_target(targets, group, one, tfr_object_place(ctx->document, one));
    }
    return targets;
}

/* The reference names the object itself: type.name or data.type.name, not through a module or a
 * variable. @param bare and without a text for a key, which it takes for part of the name */
static bool names(const struct tfr_sym *reference, const struct tfr_resource *to, bool bare)
{
    const char *at = reference->text;
    const bool data = strncmp(at, "data.", 5) == 0;

    if (data != (to->mode == TFR_DATA))
        return false;
    at += data ? 5 : 0;
    if (strncmp(at, to->type->text, to->type->len) != 0 || at[to->type->len] != '.')
        return false;
    at += to->type->len + 1;
    if (strncmp(at, to->name->text, to->name->len) != 0)
        return false;
    at += to->name->len;
    return *at == '\0' || *at == '.' || (*at == '[' && (!bare || isdigit((unsigned char)at[1])));
}

/* True if an edge between two objects is one for Checkov, which follows neither variables nor
 * outputs and takes a key that is a text for part of a name. */
static bool is_link(struct tfr_context *ctx, const struct tfr_resource *from,
                    const struct tfr_edge *edge, const struct tfr_resource *to)
{
    struct tfr_written written;

    if (edge->reference == NULL || !names(edge->reference, to, false))
        return false;
    if (names(edge->reference, to, true))
        return true;
    written = tfr_written_of(ctx, from);
    for (uint32_t i = 0; i < written.count; i++) {
        const struct tfr_expression *one = &written.at[i];

        for (uint32_t k = 0; one->path == edge->path && k < one->reference_count; k++) {
            if (names(one->references[k], to, true))
                return true;
        }
    }
    return false;
}

/* ---- paths that begin alike ----
 *
 * They are compared step by step, from dot to dot, so that what counts is the longest beginning
 * that the referrer's path shares with that of any target. A resource of the root shares nothing.
 */

static struct first *find_begin(const struct tfr_targets *targets, struct first_key key)
{
    struct first *found;

    HASH_FIND(hh, targets->firsts, &key, sizeof key, found);
    return found;
}

static void add_first(struct tfr_targets *targets, struct first *one)
{
    HASH_ADD(hh, targets->firsts, key, sizeof one->key, one);
}

static uint64_t begin_of(const struct group *group, const char *path, size_t len)
{
    return tfr_hash(path, len) ^ group->first * 0x9e3779b97f4a7c15u;
}

static void list_begin(struct tfr_targets *targets, uint64_t begin, uint64_t key,
                       const struct tfr_resource *resource)
{
    const struct first_key wanted = { begin, key };
    struct first *one;

    if (find_begin(targets, wanted) != NULL)
        return;
    one = tfr_arena_zalloc(targets->arena, sizeof *one);
    one->key = wanted;
    one->resource = resource;
    add_first(targets, one);
}

/* The next shorter beginning of a path, without the dot. @return its length; 0 in the end */
static size_t shorten(const char *path, size_t len)
{
    while (len > 0 && path[--len] != '.')
        continue;
    return len;
}

static void list_target(struct tfr_targets *targets, const struct group *group,
                        const struct tfr_resource *resource)
{
    const struct tfr_sym *module = resource->module;
    const uint64_t key = key_of(resource->address->text);
    size_t len = module != NULL ? module->len : 0;

    for (;; len = shorten(module->text, len)) {
        const uint64_t begin = begin_of(group, len > 0 ? module->text : "", len);

        list_begin(targets, begin, ANY_KEY, resource);
        list_begin(targets, begin, key, resource);
        if (len == 0)
            return;
    }
}

/* As Checkov has read them. */
static void list_group(struct tfr_targets *targets, struct group *group)
{
    struct target *all = tfr_arena_alloc(targets->arena, group->count * sizeof *all);
    uint32_t count = 0;

    for (uint32_t at = group->first; at != 0; at = targets->at[at - 1].next)
        all[count++] = targets->at[at - 1];
    qsort(all, count, sizeof *all, by_module);
    for (uint32_t i = 0; i < count; i++)
        list_target(targets, group, all[i].resource);
    group->is_listed = true;
}

/* NULL if nothing is there after the apply. */
static const struct tfr_resource *target_of(struct tfr_context *ctx,
                                            const struct tfr_resource *from,
                                            const struct tfr_resource *to)
{
    const struct tfr_sym *module = from->module;
    struct tfr_targets *targets = ctx->targets;
    const struct first *best = NULL, *same_key;
    size_t len = module != NULL ? module->len : 0;
    struct group *group;
    struct first_key key;

    if (targets == NULL)
        targets = ctx->targets = make_targets(ctx);
    group = find_group(targets, group_of(to));
    if (group == NULL)
        return NULL;
    if (module != NULL && tfr_resource_is_live(from) && is_of_group(from, group))
        return from; /* its address is its own from end to end */
    if (!group->is_listed)
        list_group(targets, group);
    for (;; len = shorten(module->text, len)) {
        key = (struct first_key){ begin_of(group, len > 0 ? module->text : "", len), ANY_KEY };
        best = find_begin(targets, key);
        if (best != NULL || len == 0)
            break;
    }
    key.key = key_of(from->address->text);
    same_key = find_begin(targets, key);
    return same_key != NULL ? same_key->resource : best->resource;
}

const struct tfr_resource *tfr_checkov_end(struct tfr_context *ctx, const struct tfr_resource *from,
                                           const struct tfr_edge *edge)
{
    const struct tfr_resource *to = tfr_graph_object(ctx->graph, edge->to);

    if (to == NULL || (edge->when & TFR_AFTER) == 0 || edge->origin != TFR_ORIGIN_REFERENCE ||
        from->module_block != to->module_block || !is_link(ctx, from, edge, to))
        return NULL;
    return target_of(ctx, from, to);
}

void tfr_targets_free(struct tfr_targets *targets)
{
    if (targets == NULL)
        return;
    HASH_CLEAR(hh, targets->groups);
    HASH_CLEAR(hh, targets->firsts);
}
