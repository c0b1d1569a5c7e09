/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a reference leads for Checkov: of all objects of a type and a name, in whatever module, to
 * the one whose address begins most like that of the referrer, with the same key if one has it.
 * Facts: _find_vertex_with_best_match() in checkov/terraform/graph_builder/local_graph.py of 3.3.
 */
#include "policies/checkov_written.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct target {
    const struct tfr_resource *resource;
    size_t place; /* in the document */
    uint64_t key; /* what its key is told by */
};

struct tfr_targets {
    struct target *at; /* by mode, type and name, then as Checkov has read them */
    size_t count;
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

    while (found > text && memcmp(found, part, len) != 0)
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

static int compare_names(const struct tfr_resource *a, const struct tfr_resource *b)
{
    if (a->mode != b->mode)
        return a->mode < b->mode ? -1 : 1;
    if (a->type != b->type)
        return a->type->id < b->type->id ? -1 : 1;
    return a->name == b->name ? 0 : (a->name->id < b->name->id ? -1 : 1);
}

static int compare_targets(const void *a, const void *b)
{
    const struct target *x = a, *y = b;
    int order = compare_names(x->resource, y->resource);

    if (order == 0)
        order = compare_modules(x->resource->module, y->resource->module);
    return order != 0 ? order : (x->place < y->place ? -1 : 1);
}

/* ---- the best ---- */

static struct tfr_targets *make_targets(struct tfr_context *ctx)
{
    const struct tfr_resource_run all = tfr_all_objects(ctx->document, &ctx->kept);
    struct tfr_targets *targets = tfr_arena_zalloc(&ctx->kept, sizeof *targets);

    targets->at = tfr_arena_alloc(&ctx->kept, (all.count + 1) * sizeof *targets->at);
    for (uint32_t i = 0; i < all.count; i++) {
        const struct tfr_resource *one = all.at[i];

        if (tfr_resource_is_live(one) && one->mode != TFR_PROVIDER)
            targets->at[targets->count++] =
                (struct target){ one, tfr_object_place(ctx->document, one),
                                 key_of(one->address->text) };
    }
    if (targets->count > 0)
        qsort(targets->at, targets->count, sizeof *targets->at, compare_targets);
    return targets;
}

static size_t find_first(const struct tfr_targets *targets, const struct tfr_resource *resource)
{
    size_t low = 0, high = targets->count;

    while (low < high) {
        const size_t middle = (low + high) / 2;

        if (compare_names(targets->at[middle].resource, resource) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The length of what two addresses of modules begin with alike, counted in whole steps. */
static size_t common(const struct tfr_resource *a, const struct tfr_resource *b)
{
    const char *x = a->address->text, *y = b->address->text;
    size_t len = 0;

    if (a->module == NULL || b->module == NULL)
        return 0;
    for (;;) {
        const size_t step = strcspn(x + len, ".");

        if (strcspn(y + len, ".") != step || memcmp(x + len, y + len, step) != 0)
            return len;
        len += step + 1;
        if (x[len - 1] == '\0' || y[len - 1] == '\0')
            return len;
    }
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

bool tfr_checkov_links(struct tfr_context *ctx, const struct tfr_resource *from,
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

const struct tfr_resource *tfr_checkov_target(struct tfr_context *ctx,
                                              const struct tfr_resource *from,
                                              const struct tfr_resource *to)
{
    const uint64_t key = key_of(from->address->text);
    const struct tfr_resource *best = NULL;
    size_t longest = 0, len = 0;
    bool same_key = false;

    if (ctx->targets == NULL)
        ctx->targets = make_targets(ctx);
    for (size_t i = find_first(ctx->targets, to), first = i; i < ctx->targets->count; i++) {
        const struct target *one = &ctx->targets->at[i];

        if (compare_names(one->resource, to) != 0)
            break;
        if (i == first || one->resource->module != one[-1].resource->module)
            len = common(from, one->resource); /* the same for all of a module */
        if (best == NULL || len > longest) {
            best = one->resource;
            longest = len;
            same_key = one->key == key;
        } else if (len == longest && !same_key && one->key == key) {
            best = one->resource;
            same_key = true;
        }
    }
    return best;
}
