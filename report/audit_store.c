/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the facts out of lines. */
#include "report/audit_store.h"

#include <stdlib.h>
#include <string.h>

struct tfr_audit_store *tfr_audit_store_new(struct tfr_arena *arena)
{
    struct tfr_audit_store *store = tfr_calloc(1, sizeof *store);

    store->arena = arena;
    store->names = tfr_names_new(arena);
    return store;
}

void tfr_audit_store_free(struct tfr_audit_store *store)
{
    if (store == NULL)
        return;
    tfr_names_free(store->names);
    tfr_free(store->addresses);
    tfr_free(store->documents);
    tfr_free(store->held.at);
    tfr_free(store->destroyed.at);
    tfr_free(store->known.at);
    tfr_free(store->uses.at);
    tfr_free(store->named.at);
    tfr_free(store->networks);
    tfr_free(store->remotes);
    tfr_free(store->out);
    tfr_free(store);
}

/* ---- taking ------------------------------------------------------------------------------------
 */

static const struct tfr_sym *keep_sym(struct tfr_audit_store *store, const char *text)
{
    return tfr_names_get(store->names, text, strlen(text));
}

static const char *keep(struct tfr_audit_store *store, const char *text)
{
    return keep_sym(store, text)->text;
}

static uint32_t this_document(const struct tfr_audit_store *store)
{
    return (uint32_t)(store->document_count - 1);
}

static void add_fact(struct tfr_audit_store *store, struct tfr_fleet_facts *list,
                     const struct tfr_audit_fact *fact, size_t which)
{
    if (fact->hash[which] == 0)
        return;
    list->at = tfr_grow(list->at, &list->cap, list->count + 1, sizeof *list->at);
    list->at[list->count++] =
        (struct tfr_fleet_fact){ .hash = fact->hash[which],
                                 .address = keep_sym(store, fact->address)->id,
                                 .document = this_document(store) & INT32_MAX,
                                 .made = fact->made ? 1 : 0 };
}

static void add_facts(struct tfr_audit_store *store, struct tfr_fleet_facts *list,
                      const struct tfr_audit_facts *facts, size_t which)
{
    for (size_t i = 0; i < facts->count; i++)
        add_fact(store, list, &facts->at[i], which);
}

static const char **keep_texts(struct tfr_audit_store *store, const char *const *texts,
                               size_t count)
{
    const char **kept = count > 0 ? tfr_arena_alloc(store->arena, count * sizeof *kept) : NULL;

    for (size_t i = 0; i < count; i++)
        kept[i] = keep(store, texts[i]);
    return kept;
}

static void add_remote(struct tfr_audit_store *store, const struct tfr_audit_fact *fact)
{
    struct tfr_fleet_remote *remote;

    if (fact->text == NULL)
        return;
    store->remotes =
        tfr_grow(store->remotes, &store->remote_cap, store->remote_count + 1, sizeof *remote);
    remote = &store->remotes[store->remote_count++];
    *remote = (struct tfr_fleet_remote){ .address = keep(store, fact->address),
                                         .place = keep(store, fact->text),
                                         .document = this_document(store),
                                         .output_count = fact->output_count };
    remote->outputs = keep_texts(store, fact->outputs, fact->output_count);
}

/* 10.20.0.0/16. @return false if it is no IPv4 range */
static bool parse_range(const char *text, uint64_t *first, uint64_t *last)
{
    unsigned a;
    unsigned b;
    unsigned c;
    unsigned d;
    unsigned bits;
    char more;

    if (sscanf(text, "%3u.%3u.%3u.%3u/%2u%c", &a, &b, &c, &d, &bits, &more) != 5 || a > 255 ||
        b > 255 || c > 255 || d > 255 || bits > 32)
        return false;
    *first = ((uint64_t)a << 24 | b << 16 | c << 8 | d) & ~(((uint64_t)1 << (32 - bits)) - 1);
    *last = *first + ((uint64_t)1 << (32 - bits)) - 1;
    return true;
}

static void add_network(struct tfr_audit_store *store, const struct tfr_audit_fact *fact)
{
    struct tfr_fleet_network network = { .address = keep(store, fact->address),
                                         .document = this_document(store) };

    if (fact->text == NULL || !parse_range(fact->text, &network.first, &network.last))
        return;
    network.range = keep(store, fact->text);
    store->networks =
        tfr_grow(store->networks, &store->network_cap, store->network_count + 1, sizeof network);
    store->networks[store->network_count++] = network;
}

void tfr_audit_store_add(struct tfr_audit_store *store, const char *name,
                         const struct tfr_audit_record *record)
{
    struct tfr_fleet_document *document;

    store->documents = tfr_grow(store->documents, &store->document_cap, store->document_count + 1,
                                sizeof *store->documents);
    document = &store->documents[store->document_count++];
    *document = (struct tfr_fleet_document){ .name = name,
                                             .lineage = record->lineage,
                                             .digest = record->digest,
                                             .serial = record->serial,
                                             .output_count = record->output_count,
                                             .is_plan = record->is_plan };
    document->outputs = keep_texts(store, record->outputs, record->output_count);
    add_facts(store, &store->held, &record->objects, 0);
    add_facts(store, &store->known, &record->objects, 1);
    add_facts(store, &store->known, &record->objects, 2);
    add_facts(store, &store->destroyed, &record->destroyed, 0);
    add_facts(store, &store->uses, &record->uses, 0);
    add_facts(store, &store->named, &record->names, 0);
    for (size_t i = 0; i < record->networks.count; i++)
        add_network(store, &record->networks.at[i]);
    for (size_t i = 0; i < record->remotes.count; i++)
        add_remote(store, &record->remotes.at[i]);
}

/* ---- numbers -----------------------------------------------------------------------------------
 */

static int by_name(const void *a, const void *b)
{
    const struct tfr_fleet_document *x = a;
    const struct tfr_fleet_document *y = b;
    const int order = strcmp(x->name, y->name);

    if (order != 0)
        return order;
    if (x->serial != y->serial)
        return x->serial < y->serial ? -1 : 1;
    return x->digest < y->digest ? -1 : x->digest > y->digest;
}

static void renumber(struct tfr_fleet_facts *list, const uint32_t *documents,
                     const uint32_t *addresses)
{
    for (size_t i = 0; i < list->count; i++) {
        list->at[i].document = documents[list->at[i].document] & INT32_MAX;
        list->at[i].address = addresses[list->at[i].address];
    }
}

/* @return by number among the lines; yours: tfr_free() */
static uint32_t *rank_documents(struct tfr_audit_store *store)
{
    uint32_t *rank = tfr_calloc(store->document_count, sizeof *rank);

    for (size_t i = 0; i < store->document_count; i++)
        store->documents[i].number = (uint32_t)i;
    if (store->document_count > 0)
        qsort(store->documents, store->document_count, sizeof *store->documents, by_name);
    for (size_t i = 0; i < store->document_count; i++)
        rank[store->documents[i].number] = (uint32_t)i;
    return rank;
}

static int by_text(const void *a, const void *b)
{
    return strcmp((*(const struct tfr_sym *const *)a)->text,
                  (*(const struct tfr_sym *const *)b)->text);
}

/* The texts stay: the table makes room for what is to come. */
static void end_names(struct tfr_audit_store *store)
{
    store->address_count = tfr_names_count(store->names);
    store->addresses = tfr_malloc(store->address_count * sizeof *store->addresses);
    for (uint32_t i = 0; i < store->address_count; i++)
        store->addresses[i] = tfr_names_at(store->names, i);
    tfr_names_free(store->names);
    store->names = NULL;
}

/* @return by id; yours: tfr_free() */
static uint32_t *rank_addresses(struct tfr_audit_store *store)
{
    uint32_t *rank = tfr_calloc(store->address_count, sizeof *rank);

    if (store->address_count > 0)
        qsort(store->addresses, store->address_count, sizeof(struct tfr_sym *), by_text);
    for (size_t i = 0; i < store->address_count; i++)
        rank[store->addresses[i]->id] = (uint32_t)i;
    return rank;
}

void tfr_audit_store_rank(struct tfr_audit_store *store)
{
    struct tfr_fleet_facts *lists[] = { &store->held, &store->destroyed, &store->known,
                                        &store->uses, &store->named };
    uint32_t *documents;
    uint32_t *addresses;

    end_names(store);
    documents = rank_documents(store);
    addresses = rank_addresses(store);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        renumber(lists[i], documents, addresses);
    for (size_t i = 0; i < store->network_count; i++)
        store->networks[i].document = documents[store->networks[i].document];
    for (size_t i = 0; i < store->remote_count; i++)
        store->remotes[i].document = documents[store->remotes[i].document];
    tfr_free(documents);
    tfr_free(addresses);
}

static void drop(const struct tfr_audit_store *store, struct tfr_fleet_facts *list)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (!store->documents[list->at[i].document].is_copy)
            list->at[kept++] = list->at[i];
    }
    list->count = kept;
}

void tfr_audit_store_drop_copies(struct tfr_audit_store *store)
{
    struct tfr_fleet_facts *lists[] = { &store->held, &store->known, &store->uses, &store->named };
    size_t kept = 0;

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        drop(store, lists[i]);
    for (size_t i = 0; i < store->network_count; i++) {
        if (!store->documents[store->networks[i].document].is_copy)
            store->networks[kept++] = store->networks[i];
    }
    store->network_count = kept;
    kept = 0;
    for (size_t i = 0; i < store->remote_count; i++) {
        if (!store->documents[store->remotes[i].document].is_copy)
            store->remotes[kept++] = store->remotes[i];
    }
    store->remote_count = kept;
}
