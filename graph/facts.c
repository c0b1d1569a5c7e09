/* SPDX-License-Identifier: Apache-2.0 */
/* What a document tells that other documents may be held against: identities as hashes, names of
 * outputs, ranges of networks. */
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>

/* A growing array of one kind of facts. */
struct grown {
    void *at;
    size_t count, cap;
};

/* A value that is still to be looked into. */
struct todo {
    const struct tfr_value **at;
    size_t count, cap;
};

static void *add(struct grown *list, size_t size)
{
    list->at = tfr_grow(list->at, &list->cap, list->count + 1, size);
    return memset((char *)list->at + list->count++ * size, 0, size);
}

static const void *end(struct grown *list, struct tfr_arena *arena, size_t size)
{
    const void *at = list->count > 0 ? tfr_arena_copy(arena, list->at, list->count * size) : NULL;

    tfr_free(list->at);
    return at;
}

/* ---- identities --------------------------------------------------------------------------------
 */

static bool begins(const struct tfr_value *text, const char *with)
{
    const size_t len = strlen(with);

    return text->count >= len && memcmp(text->text, with, len) == 0;
}

/* vpc-0a1b2c3d: a word, a hyphen, eight or more hexadecimal digits. */
static bool is_short_id(const struct tfr_value *text)
{
    const char *hyphen = memchr(text->text, '-', text->count);
    const char *end = text->text + text->count;

    if (hyphen == NULL || hyphen == text->text || end - hyphen < 9)
        return false;
    return strspn(hyphen + 1, "0123456789abcdef") == (size_t)(end - hyphen - 1);
}

/* Texts that name one object in the whole world; names such as "main" do not. */
static bool is_identity(const struct tfr_value *text)
{
    static const char *const starts[] = { "arn:", "/subscriptions/", "projects/",
                                          "https://www.googleapis.com/" };

    if (text->kind != TFR_STRING || text->sensitive || text->count < 11)
        return false;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (begins(text, starts[i]))
            return true;
    }
    return is_short_id(text);
}

static uint64_t hash_of(const struct tfr_value *text)
{
    return tfr_hash_stable(0, text->text, text->count);
}

/* The most telling identity of an object; absent if it has none. */
static const struct tfr_value *identity(const struct tfr_value *values)
{
    static const char *const names[] = { "arn", "self_link", "id" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct tfr_value *value = tfr_value_get(values, names[i]);

        if (is_identity(value))
            return value;
    }
    return &tfr_absent;
}

uint64_t tfr_identity_hash(const struct tfr_value *values)
{
    const struct tfr_value *known = identity(values);

    return known->kind != TFR_ABSENT ? hash_of(known) : 0;
}

static void add_object(struct grown *list, const struct tfr_resource *resource,
                       const struct tfr_value *values)
{
    const struct tfr_value *known = identity(values);
    const struct tfr_value *id = tfr_value_get(values, "id");
    struct tfr_identity_fact *fact;

    if (known->kind == TFR_ABSENT)
        return;
    fact = add(list, sizeof *fact);
    fact->address = resource->address->text;
    fact->object = tfr_hash_stable(hash_of(known), resource->type->text, resource->type->len);
    fact->identity = hash_of(known);
    fact->id = is_identity(id) && id != known ? hash_of(id) : 0;
}

static void find_objects(const struct tfr_document *document, struct tfr_facts *out)
{
    const bool is_plan = document->kind == TFR_PLAN;
    struct grown list = { 0 };

    for (size_t i = 0; i < document->changes.count; i++) {
        const struct tfr_resource *resource = &document->changes.at[i];

        if (resource->mode == TFR_MANAGED && resource->deposed == NULL &&
            (!is_plan || resource->deletes))
            add_object(&list, resource, is_plan ? &resource->before : &resource->after);
    }
    out->object_count = list.count;
    out->objects = end(&list, out->arena, sizeof *out->objects);
}

/* ---- uses --------------------------------------------------------------------------------------
 */

static void add_use(struct grown *uses, const struct tfr_value *text, const char *address)
{
    struct tfr_use_fact *use = add(uses, sizeof *use);

    use->identity = hash_of(text);
    use->address = address;
}

static void push(struct todo *todo, const struct tfr_value *value)
{
    todo->at = tfr_grow(todo->at, &todo->cap, todo->count + 1, sizeof *todo->at);
    todo->at[todo->count++] = value;
}

static void find_uses(struct todo *todo, struct grown *uses, const struct tfr_value *values,
                      const char *address)
{
    push(todo, values);
    while (todo->count > 0) {
        const struct tfr_value *value = todo->at[--todo->count];

        if (is_identity(value))
            add_use(uses, value, address);
        for (uint32_t i = 0; value->kind == TFR_LIST && i < value->count; i++)
            push(todo, &value->items[i]);
        for (uint32_t i = 0; value->kind == TFR_OBJECT && i < value->count; i++)
            push(todo, tfr_member_value(value, i));
    }
}

static int by_identity(const void *a, const void *b)
{
    const struct tfr_use_fact *x = a;
    const struct tfr_use_fact *y = b;

    if (x->identity != y->identity)
        return x->identity < y->identity ? -1 : 1;
    return strcmp(x->address, y->address);
}

static int by_hash(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* The identities of the document's own objects, sorted; yours: tfr_free(). */
static uint64_t *own_identities(const struct tfr_facts *facts, size_t *count)
{
    uint64_t *own = tfr_calloc(2 * facts->object_count, sizeof *own);

    *count = 0;
    for (size_t i = 0; i < facts->object_count; i++) {
        own[(*count)++] = facts->objects[i].identity;
        if (facts->objects[i].id != 0)
            own[(*count)++] = facts->objects[i].id;
    }
    if (*count > 0)
        qsort(own, *count, sizeof *own, by_hash);
    return own;
}

/* Each identity of another document's object once, with the first address that has it among its
 * attributes. */
static void find_all_uses(const struct tfr_document *document, struct tfr_facts *out)
{
    struct grown list = { 0 };
    struct todo todo = { 0 };
    struct tfr_use_fact *uses;
    size_t kept = 0;
    size_t own_count;
    uint64_t *own = own_identities(out, &own_count);

    for (size_t i = 0; i < document->changes.count && document->kind != TFR_PLAN; i++) {
        const struct tfr_resource *resource = &document->changes.at[i];

        if (resource->mode == TFR_MANAGED)
            find_uses(&todo, &list, &resource->after, resource->address->text);
    }
    uses = list.at;
    if (list.count > 0)
        qsort(uses, list.count, sizeof *uses, by_identity);
    for (size_t i = 0; i < list.count; i++) {
        if ((kept == 0 || uses[i].identity != uses[kept - 1].identity) &&
            (own_count == 0 ||
             bsearch(&uses[i].identity, own, own_count, sizeof *own, by_hash) == NULL))
            uses[kept++] = uses[i];
    }
    list.count = kept;
    out->use_count = kept;
    out->uses = end(&list, out->arena, sizeof *out->uses);
    tfr_free(own);
    tfr_free(todo.at);
}

/* ---- names and networks ------------------------------------------------------------------------
 */

/* Types whose name may stand once in the whole world, or a whole organisation. */
static const struct {
    const char *type, *attribute;
} named[] = {
    { "aws_s3_bucket", "bucket" },
    { "azurerm_storage_account", "name" },
    { "google_storage_bucket", "name" },
    { "google_project", "project_id" },
};

static const struct {
    const char *type, *attribute;
} networks[] = {
    { "aws_vpc", "cidr_block" },
    { "azurerm_virtual_network", "address_space" },
    { "google_compute_subnetwork", "ip_cidr_range" },
};

static bool is_new(const struct tfr_resource *resource)
{
    return resource->creates && !resource->deletes;
}

static void find_names(const struct tfr_document *document, struct tfr_facts *out)
{
    struct grown list = { 0 };

    for (size_t i = 0; i < document->changes.count; i++) {
        const struct tfr_resource *resource = &document->changes.at[i];

        for (size_t k = 0; k < sizeof named / sizeof named[0]; k++) {
            const struct tfr_value *name = tfr_value_get(&resource->after, named[k].attribute);
            struct tfr_name_fact *fact;

            if (!tfr_sym_is(resource->type, named[k].type) || name->kind != TFR_STRING ||
                name->sensitive || (document->kind == TFR_PLAN && !is_new(resource)))
                continue;
            fact = add(&list, sizeof *fact);
            fact->address = resource->address->text;
            fact->name = tfr_hash_stable(k + 1, name->text, name->count);
            fact->made = document->kind == TFR_PLAN;
        }
    }
    out->name_count = list.count;
    out->names = end(&list, out->arena, sizeof *out->names);
}

/* 10.20.0.0/16, and nothing that could be something else. */
static void add_network(struct grown *list, const struct tfr_resource *resource,
                        const struct tfr_value *range)
{
    struct tfr_network_fact *fact;

    if (range->kind != TFR_STRING || range->sensitive || range->count > 18 ||
        strspn(range->text, "0123456789./") != range->count ||
        memchr(range->text, '/', range->count) == NULL)
        return;
    fact = add(list, sizeof *fact);
    fact->address = resource->address->text;
    fact->range = range->text;
}

static void find_networks(const struct tfr_document *document, struct tfr_facts *out)
{
    struct grown list = { 0 };

    for (size_t i = 0; i < document->changes.count; i++) {
        const struct tfr_resource *resource = &document->changes.at[i];

        for (size_t k = 0; k < sizeof networks / sizeof networks[0]; k++) {
            const struct tfr_value *range = tfr_value_get(&resource->after, networks[k].attribute);

            if (!tfr_sym_is(resource->type, networks[k].type) || resource->mode != TFR_MANAGED)
                continue;
            add_network(&list, resource, range);
            for (uint32_t j = 0; range->kind == TFR_LIST && j < range->count; j++)
                add_network(&list, resource, &range->items[j]);
        }
    }
    out->network_count = list.count;
    out->networks = end(&list, out->arena, sizeof *out->networks);
}

/* ---- outputs of other states -------------------------------------------------------------------
 */

/* Where a backend keeps the state: what its name ends with in a copy of the bucket or folder. */
static const struct tfr_value *place_of(const struct tfr_value *values)
{
    static const char *const names[] = { "key", "path", "prefix" };
    const struct tfr_value *config = tfr_value_get(values, "config");

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct tfr_value *place = tfr_value_get(config, names[i]);

        if (place->kind == TFR_STRING && !place->sensitive && place->count <= 1024)
            return place;
    }
    return &tfr_absent;
}

static void add_remote(struct grown *list, const struct tfr_resource *resource,
                       const struct tfr_value *place, const struct tfr_value *outputs,
                       struct tfr_arena *arena)
{
    struct tfr_remote_fact *fact = add(list, sizeof *fact);
    const char **names = tfr_arena_alloc(arena, outputs->count * sizeof *names);

    for (uint32_t i = 0; i < outputs->count; i++)
        names[i] = tfr_member_name(outputs, i)->text;
    fact->address = resource->address->text;
    fact->place = place->text;
    fact->outputs = names;
    fact->output_count = outputs->count;
}

static void find_remotes(const struct tfr_document *document, struct tfr_facts *out)
{
    struct grown list = { 0 };

    for (size_t i = 0; i < document->changes.count; i++) {
        const struct tfr_resource *resource = &document->changes.at[i];
        const struct tfr_value *outputs = tfr_value_get(&resource->after, "outputs");
        const struct tfr_value *place = place_of(&resource->after);

        if (resource->mode == TFR_DATA && tfr_sym_is(resource->type, "terraform_remote_state") &&
            place->kind != TFR_ABSENT && outputs->kind == TFR_OBJECT)
            add_remote(&list, resource, place, outputs, out->arena);
    }
    out->remote_count = list.count;
    out->remotes = end(&list, out->arena, sizeof *out->remotes);
}

/* ---- the whole ---------------------------------------------------------------------------------
 */

static uint64_t digest_of(const struct tfr_document *document)
{
    uint64_t digest = 0;

    for (size_t i = 0; i < document->changes.count; i++) {
        const struct tfr_resource *resource = &document->changes.at[i];
        const uint64_t seed = tfr_identity_hash(&resource->after);

        digest += tfr_hash_stable(seed, resource->address->text, resource->address->len);
    }
    return digest;
}

void tfr_facts_of(const struct tfr_document *document, struct tfr_arena *arena,
                  struct tfr_facts *out)
{
    *out = (struct tfr_facts){ .arena = arena, .digest = digest_of(document) };
    find_objects(document, out);
    find_all_uses(document, out);
    find_names(document, out);
    find_networks(document, out);
    if (document->kind != TFR_PLAN)
        find_remotes(document, out);
}

bool tfr_resource_since(const struct tfr_resource *resource, char day[11])
{
    static const char *const names[] = { "create_date",  "created_at",    "creation_date",
                                         "created_time", "creation_time", "create_time",
                                         "created_date", "launch_time",   "creation_timestamp",
                                         "time_created" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct tfr_value *value = tfr_value_get(tfr_resource_values(resource), names[i]);

        if (value->kind != TFR_STRING || value->sensitive || value->count < 10 ||
            strspn(value->text, "0123456789-") < 10)
            continue;
        memcpy(day, value->text, 10);
        day[10] = '\0';
        return true;
    }
    return false;
}
