/* SPDX-License-Identifier: Apache-2.0 */
/* Which documents are one state: copies of it, older ones, the same in another form. */
#include "report/audit_store.h"

#include <stdlib.h>
#include <string.h>

/* ---- one state in several documents ------------------------------------------------------------
 */

/* The document that stands for all of one state. */
static uint32_t head_of(struct tfr_audit_store *store, uint32_t document)
{
    struct tfr_fleet_document *all = store->documents;

    while (all[document].group != document) {
        all[document].group = all[all[document].group].group; /* half the way for the next one */
        document = all[document].group;
    }
    return document;
}

/* Two lineages are two states, whatever they hold. */
static void join(struct tfr_audit_store *store, uint32_t a, uint32_t b)
{
    struct tfr_fleet_document *all = store->documents;
    const uint32_t x = head_of(store, a);
    const uint32_t y = head_of(store, b);
    const uint32_t head = x < y ? x : y;

    if (x == y || (all[x].group_lineage != 0 && all[y].group_lineage != 0 &&
                   all[x].group_lineage != all[y].group_lineage))
        return;
    all[head].group_lineage = all[x].group_lineage | all[y].group_lineage; /* one, or both equal */
    all[x].group = all[y].group = head;
}

/* Documents without lineage: what `show -json` writes does not have it. One object under one
 * address in two of them is taken for one state. */
static void join_by_objects(struct tfr_audit_store *store)
{
    const struct tfr_fleet_fact *held = store->held.at;
    size_t first = 0;

    for (size_t i = 1; i < store->held.count; i++) {
        if (held[i].hash != held[first].hash) {
            first = i;
            continue;
        }
        if (held[i].address == held[first].address)
            join(store, held[first].document, held[i].document);
        if (held[i].address == held[i - 1].address)
            join(store, held[i - 1].document, held[i].document);
    }
}

static int by_lineage(const void *a, const void *b)
{
    const struct tfr_fleet_document *x = *(const struct tfr_fleet_document *const *)a;
    const struct tfr_fleet_document *y = *(const struct tfr_fleet_document *const *)b;

    if (x->lineage != y->lineage)
        return x->lineage < y->lineage ? -1 : 1;
    if (x->serial != y->serial)
        return x->serial > y->serial ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* ---- older ones --------------------------------------------------------------------------------
 */

static void say_copy(struct tfr_audit_store *store, const struct tfr_fleet_document *newest,
                     struct tfr_fleet_document *other)
{
    const bool same_serial = other->serial == newest->serial;
    struct tfr_buf detail = { 0 };
    struct tfr_across *across;

    other->is_copy = true;
    if (same_serial && other->digest == newest->digest)
        return;
    across = tfr_audit_store_say(store, same_serial ? TFR_ACROSS_FORK : TFR_ACROSS_ROLLBACK,
                                 (uint32_t)(other - store->documents),
                                 (uint32_t)(newest - store->documents));
    tfr_buf_printf(&detail, "serial %lld, the other one %lld", other->serial, newest->serial);
    across->detail = tfr_arena_text(store->arena, detail.data, detail.len);
    tfr_buf_fini(&detail);
}

void tfr_audit_store_find_copies(struct tfr_audit_store *store)
{
    const size_t count = store->document_count;
    struct tfr_fleet_document **order = tfr_calloc(count, sizeof *order);
    const struct tfr_fleet_document *newest = NULL;

    for (size_t i = 0; i < count; i++) {
        store->documents[i].group = (uint32_t)i;
        store->documents[i].group_lineage = store->documents[i].lineage;
        order[i] = &store->documents[i];
    }
    if (count > 0)
        qsort(order, count, sizeof *order, by_lineage);
    for (size_t i = 0; i < count; i++) {
        if (order[i]->lineage == 0)
            continue;
        if (i > 0 && order[i - 1]->lineage == order[i]->lineage)
            join(store, (uint32_t)(order[i - 1] - store->documents),
                 (uint32_t)(order[i] - store->documents));
        if (order[i]->serial < 0)
            continue;
        if (newest == NULL || newest->lineage != order[i]->lineage)
            newest = order[i];
        else
            say_copy(store, newest, order[i]);
    }
    join_by_objects(store);
    for (size_t i = 0; i < count; i++)
        store->documents[i].group = head_of(store, (uint32_t)i);
    tfr_free(order);
}
