/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/index.h"
#include "policies/config.h"
#include "policies/context.h"

#include <string.h>
#include <strings.h>

#define EVERY_PROVIDER \
    "provider" /* as a type: those of all providers; Checkov knows no such type */

/* Rows of one mode: of type symbol S stand at[start[S]] .. at[start[S + 1]]. */
struct rows {
    uint32_t *start;
    uint32_t types; /* symbols of types are below it */
    const struct tfr_resource **at;
};

struct tfr_type_index {
    const struct tfr_document *document;
    const struct tfr_config *config; /* or NULL */
    enum tfr_policy_mode mode;
    uint32_t symbols;
    struct rows managed, data; /* providers have types of their own and are with the managed */
    const struct tfr_resource **all; /* managed ones, and behind them those of providers */
    uint32_t all_count, provider_count;
    const struct tfr_resource **first; /* by the id of the block's name; NULL: nobody asked yet */
};

/* The object at a place: changes first, then providers. */
static const struct tfr_resource *object_at(const struct tfr_document *document, size_t place)
{
    return place < document->changes.count
               ? &document->changes.at[place]
               : &document->provider_objects.at[place - document->changes.count];
}

#define NO_TYPE UINT32_MAX /* an ephemeral object: of no type */

/* What is asked of all objects again and again. */
struct kind {
    uint32_t type; /* symbol */
    uint8_t mode;  /* enum tfr_mode */
};

/* The one look at each object. */
static struct kind *look_at_all(struct tfr_type_index *index)
{
    const size_t count = tfr_object_places(index->document);
    struct kind *kinds = tfr_malloc((count + 1) * sizeof *kinds);

    for (size_t i = 0; i < count; i++) {
        const struct tfr_resource *resource = object_at(index->document, i);

        kinds[i] = (struct kind){ resource->mode == TFR_EPHEMERAL ? NO_TYPE : resource->type->id,
                                  (uint8_t)resource->mode };
    }
    return kinds;
}

static bool stands_in(const struct kind *kind, bool data)
{
    return kind->type != NO_TYPE && (kind->mode == TFR_DATA) == data;
}

/* @param types all numbers of types are below it */
static void build(struct rows *rows, const struct tfr_document *document, const struct kind *kinds,
                  uint32_t types, bool data)
{
    const size_t count = tfr_object_places(document);

    rows->types = types;
    rows->start = tfr_calloc((size_t)types + 2, sizeof *rows->start);
    for (size_t i = 0; i < count; i++) {
        if (stands_in(&kinds[i], data))
            rows->start[kinds[i].type + 1]++;
    }
    for (uint32_t i = 0; i <= types; i++)
        rows->start[i + 1] += rows->start[i];
    rows->at = tfr_malloc(((size_t)rows->start[types] + 1) * sizeof(struct tfr_resource *));
    /* From the last one: what begins a row then ends where it began. */
    for (size_t i = count; i-- > 0;) {
        if (stands_in(&kinds[i], data))
            rows->at[--rows->start[kinds[i].type + 1]] = object_at(document, i);
    }
    memmove(rows->start, rows->start + 1, ((size_t)types + 1) * sizeof *rows->start);
}

size_t tfr_object_places(const struct tfr_document *document)
{
    return document->changes.count + document->provider_objects.count;
}

struct tfr_type_index *tfr_type_index_new(const struct tfr_document *document,
                                          const struct tfr_config *config)
{
    struct tfr_type_index *index = tfr_calloc(1, sizeof *index);
    struct kind *kinds;
    uint32_t types = 0;

    index->document = document;
    index->config = config;
    index->symbols = document->names != NULL ? tfr_names_count(document->names) : 0;
    index->all = tfr_malloc((tfr_object_places(document) + 1) * sizeof(struct tfr_resource *));
    kinds = look_at_all(index);
    for (size_t i = 0; i < tfr_object_places(document); i++) {
        if (kinds[i].type != NO_TYPE && kinds[i].type >= types)
            types = kinds[i].type + 1;
    }
    build(&index->managed, document, kinds, types, false);
    build(&index->data, document, kinds, types, true);
    for (size_t i = 0; i < document->changes.count; i++) {
        if (kinds[i].mode == TFR_MANAGED)
            index->all[index->all_count++] = &document->changes.at[i];
    }
    tfr_free(kinds);
    for (; index->provider_count < document->provider_objects.count; index->provider_count++)
        index->all[index->all_count + index->provider_count] =
            &document->provider_objects.at[index->provider_count];
    return index;
}

void tfr_type_index_free(struct tfr_type_index *index)
{
    if (index == NULL)
        return;
    tfr_free(index->managed.start);
    tfr_free(index->managed.at);
    tfr_free(index->data.start);
    tfr_free(index->data.at);
    tfr_free(index->all);
    tfr_free(index->first);
    tfr_free(index);
}

void tfr_type_index_set_mode(struct tfr_type_index *index, enum tfr_policy_mode mode)
{
    index->mode = mode;
}

struct tfr_resource_run tfr_type_index_get(const struct tfr_type_index *index, const char *type)
{
    const bool data = strncmp(type, "data.", 5) == 0;
    const struct rows *rows = data ? &index->data : &index->managed;
    const char *name = data ? type + 5 : type;
    const struct tfr_sym *sym = index->document->names != NULL
                                    ? tfr_names_find(index->document->names, name, strlen(name))
                                    : NULL;
    struct tfr_resource_run run = { NULL, 0 };

    if (strcmp(type, EVERY_PROVIDER) == 0 && index->mode != TFR_MODE_CHECKOV)
        return (struct tfr_resource_run){ index->all + index->all_count, index->provider_count };
    if (sym == NULL || sym->id >= rows->types)
        return run;
    run.at = rows->at + rows->start[sym->id];
    run.count = rows->start[sym->id + 1] - rows->start[sym->id];
    return run;
}

static void find_first(struct tfr_type_index *index)
{
    const struct tfr_resources *changes = &index->document->changes;

    index->first = tfr_calloc((size_t)index->symbols + 1, sizeof(struct tfr_resource *));
    for (size_t i = 0; i < changes->count; i++) {
        const struct tfr_resource *change = &changes->at[i];

        if (change->block->id < index->symbols && index->first[change->block->id] == NULL &&
            tfr_resource_is_live(change))
            index->first[change->block->id] = change;
    }
}

const struct tfr_resource *tfr_type_index_first(struct tfr_type_index *index,
                                                const struct tfr_sym *block)
{
    if (index->first == NULL)
        find_first(index);
    return block->id < index->symbols ? index->first[block->id] : NULL;
}

static const char *provider_prefix(const char *provider)
{
    static const char *const pairs[][2] = { { "azure", "azurerm_" }, { "gcp", "google_" } };

    for (size_t i = 0; i < 2; i++) {
        if (strcasecmp(provider, pairs[i][0]) == 0)
            return pairs[i][1];
    }
    return NULL;
}

/* Checkov has lists of types for three providers; for it, all of another one are all objects. */
static bool is_listed(const char *provider)
{
    return provider != NULL &&
           (strcasecmp(provider, "aws") == 0 || strcasecmp(provider, "azure") == 0 ||
            strcasecmp(provider, "gcp") == 0);
}

bool tfr_type_set_is_everything(const struct tfr_type_index *index,
                                const struct tfr_type_set *types, const char *provider)
{
    const bool other = types->taggable && provider != NULL; /* of which it has no list either */

    return (types->all || other) && index->mode == TFR_MODE_CHECKOV && !is_listed(provider);
}

bool tfr_type_set_has_scope(const struct tfr_type_index *index, const struct tfr_type_set *types,
                            const char *provider)
{
    return (types->all || types->scoped) && index->mode == TFR_MODE_CHECKOV && is_listed(provider);
}

static bool is_of_provider(const struct tfr_resource *resource, const char *provider)
{
    const char *prefix;
    size_t len;

    if (provider == NULL)
        return true;
    prefix = provider_prefix(provider);
    if (prefix != NULL)
        return strncmp(resource->type->text, prefix, strlen(prefix)) == 0;
    len = strlen(provider);
    return strncasecmp(resource->type->text, provider, len) == 0 &&
           resource->type->text[len] == '_';
}

/* Checkov has a list. */
static bool is_taggable(const struct tfr_type_index *index, const struct tfr_resource *resource)
{
    const struct tfr_value *values = tfr_resource_values(resource);

    if (index->mode == TFR_MODE_CHECKOV)
        return tfr_type_list_has(tfr_builtin_list("taggable"), resource->type->text);
    return tfr_value_get(values, "tags")->kind != TFR_ABSENT ||
           tfr_value_get(values, "labels")->kind != TFR_ABSENT;
}

static bool is_wanted_class(const struct tfr_type_set *types, const struct tfr_type_row *row)
{
    return row != NULL && (types->classes >> (row->tags[0][1] - '1') & 1) != 0;
}

/* As strcmp of a name in a set against a type, whose name there begins with data. if it is one of
 * data sources. */
static int compare_name(const char *name, const char *type, bool data)
{
    const int order = data ? strncmp(name, "data.", 5) : 0;

    return order != 0 ? order : strcmp(data ? name + 5 : name, type);
}

const char *const *tfr_type_set_names(const struct tfr_type_index *index,
                                      const struct tfr_type_set *types, uint32_t *count)
{
    const bool checkov = index->mode == TFR_MODE_CHECKOV && types->checkov != NULL;

    *count = checkov ? types->checkov_count : types->count;
    return checkov ? types->checkov : types->names;
}

static bool has_name(const struct tfr_type_index *index, const struct tfr_type_set *types,
                     const char *type, bool data)
{
    uint32_t low = 0, high = 0;
    const char *const *names = tfr_type_set_names(index, types, &high);

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = compare_name(names[middle], type, data);

        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* All of a document are its resources; a list of what is allowed or forbidden that names providers
 * is about those too. */
static bool names_providers(const struct tfr_type_set *types)
{
    for (uint32_t i = 0; i < types->count; i++) {
        const char *name = types->names[i];

        if (strncmp(name, EVERY_PROVIDER ".", strlen(EVERY_PROVIDER ".")) == 0 ||
            strcmp(name, EVERY_PROVIDER) == 0)
            return true;
    }
    return false;
}

static bool has_provider(const struct tfr_type_index *index, const struct tfr_type_set *types,
                         const struct tfr_resource *resource)
{
    if (types->all)
        return names_providers(types);
    return has_name(index, types, resource->type->text, false) ||
           (index->mode != TFR_MODE_CHECKOV && has_name(index, types, EVERY_PROVIDER, false));
}

bool tfr_type_set_has(const struct tfr_type_index *index, const struct tfr_type_set *types,
                      const struct tfr_resource *resource, const char *provider)
{
    const bool data = resource->mode == TFR_DATA;

    if (tfr_type_set_is_everything(index, types, provider))
        return true;
    if (resource->mode == TFR_PROVIDER)
        return has_provider(index, types, resource);
    if (types->all)
        return !data && is_of_provider(resource, provider);
    if (!data && tfr_type_set_has_scope(index, types, provider) &&
        is_of_provider(resource, provider))
        return true;
    if (types->taggable && !data && is_taggable(index, resource) &&
        is_of_provider(resource, provider))
        return true;
    if (types->classes != 0 && !data &&
        is_wanted_class(types, tfr_config_stateful(index->config, resource->type->text)))
        return true;
    return has_name(index, types, resource->type->text, data);
}

struct tfr_resource_run tfr_all_objects(const struct tfr_document *document,
                                        struct tfr_arena *scratch)
{
    const size_t count = tfr_object_places(document);
    const struct tfr_resource **at =
        tfr_arena_alloc(scratch, (count + 1) * sizeof(struct tfr_resource *));
    struct tfr_resource_run run = { at, 0 };

    for (size_t i = 0; i < count; i++) {
        const struct tfr_resource *resource = object_at(document, i);

        if (!resource->duplicate)
            at[run.count++] = resource;
    }
    return run;
}

static struct tfr_resource_run filter_all(const struct tfr_type_index *index,
                                          const struct tfr_type_set *types, const char *provider,
                                          struct tfr_arena *scratch)
{
    const size_t count = tfr_object_places(index->document);
    const bool data = types->count > 0 || tfr_type_set_has_scope(index, types, provider);
    const struct tfr_resource **at =
        tfr_arena_alloc(scratch, (count + 1) * sizeof(struct tfr_resource *));
    struct tfr_resource_run run = { at, 0 };

    for (size_t i = 0; i < count; i++) {
        const struct tfr_resource *resource = object_at(index->document, i);

        if (resource->mode != TFR_EPHEMERAL && (data || resource->mode != TFR_DATA) &&
            tfr_type_set_has(index, types, resource, provider))
            at[run.count++] = resource;
    }
    return run;
}

/* The names of the set, and the user's types of its classes. */
static const char *const *with_own(const struct tfr_type_index *index,
                                   const struct tfr_type_set *types, struct tfr_arena *scratch,
                                   uint32_t *count)
{
    uint32_t own = 0;
    const struct tfr_type_row *rows = tfr_config_stateful_rows(index->config, &own);
    const char *const *said = tfr_type_set_names(index, types, count);
    const char **names;

    if (own == 0 || types->classes == 0)
        return said;
    names = tfr_arena_alloc(scratch, (*count + own) * sizeof *names);
    if (*count > 0)
        memcpy(names, said, *count * sizeof *names);
    for (uint32_t i = 0; i < own; i++) {
        if (is_wanted_class(types, &rows[i]))
            names[(*count)++] = rows[i].type;
    }
    return names;
}

#define WORD_BITS 64u

/* Objects of several runs in document order, each once: one bit for each place. */
static struct tfr_resource_run merge(const struct tfr_document *document,
                                     const struct tfr_resource_run *parts, uint32_t part_count,
                                     struct tfr_arena *scratch)
{
    const size_t words = tfr_object_places(document) / WORD_BITS + 1;
    uint64_t *bits = tfr_arena_zalloc(scratch, words * sizeof *bits);
    const struct tfr_resource **at;
    struct tfr_resource_run run = { NULL, 0 };
    size_t total = 0;

    for (uint32_t i = 0; i < part_count; i++) {
        for (uint32_t k = 0; k < parts[i].count; k++) {
            const size_t place = tfr_object_place(document, parts[i].at[k]);

            bits[place / WORD_BITS] |= (uint64_t)1 << place % WORD_BITS;
        }
        total += parts[i].count;
    }
    at = tfr_arena_alloc(scratch, (total + 1) * sizeof(struct tfr_resource *));
    for (size_t i = 0; i < words; i++) {
        for (size_t k = i * WORD_BITS; bits[i] != 0; bits[i] >>= 1u, k++) {
            if ((bits[i] & 1u) != 0)
                at[run.count++] = object_at(document, k);
        }
    }
    run.at = at;
    return run;
}

struct tfr_resource_run tfr_type_index_select(const struct tfr_type_index *index,
                                              const struct tfr_type_set *types,
                                              const char *provider, struct tfr_arena *scratch)
{
    struct tfr_resource_run run = { index->all, index->all_count };
    struct tfr_resource_run *parts;
    const char *const *names;
    uint32_t name_count = 0, part_count = 0;

    if (tfr_type_set_is_everything(index, types, provider))
        return tfr_all_objects(index->document, scratch);
    if (types->all && names_providers(types))
        run.count += index->provider_count;
    if (types->all && provider == NULL)
        return run;
    if (types->all || types->taggable || tfr_type_set_has_scope(index, types, provider))
        return filter_all(index, types, provider, scratch);
    names = with_own(index, types, scratch, &name_count);
    parts = tfr_arena_alloc(scratch, (name_count + 1) * sizeof *parts);
    for (uint32_t i = 0; i < name_count; i++) {
        const struct tfr_resource_run part = tfr_type_index_get(index, names[i]);

        if (part.count > 0)
            parts[part_count++] = part;
    }
    if (part_count == 0)
        return (struct tfr_resource_run){ NULL, 0 };
    return part_count == 1 ? parts[0] : merge(index->document, parts, part_count, scratch);
}
