/* SPDX-License-Identifier: Apache-2.0 */
/* What documents tell together. Every question is sorting and one pass: linear but for the sorting.
 */
#include "report/audit_store.h"

#include <stdlib.h>
#include <string.h>

static const char *address_of(const struct tfr_audit_store *store,
                              const struct tfr_fleet_fact *fact)
{
    return store->addresses[fact->address]->text;
}

const char *tfr_across_title(enum tfr_across_kind kind)
{
    static const char *const titles[] = {
        "one object, managed in two states",
        "a plan destroys what another state holds",
        "a plan makes what another document has or makes under this name",
        "an output that is read from another state does not exist there",
        "an older copy of a state: a rollback?",
        "two copies of one serial that differ",
        "networks that overlap",
        "a state refers to objects of another one",
    };

    return titles[kind];
}

const char *tfr_across_name(enum tfr_across_kind kind)
{
    static const char *const names[] = {
        "managed-twice", "destroyed-elsewhere",  "name-taken", "missing-output", "rollback",
        "fork",          "overlapping-networks", "uses"
    };

    return names[kind];
}

/* ---- answers -----------------------------------------------------------------------------------
 */

struct tfr_across *tfr_audit_store_say(struct tfr_audit_store *store, enum tfr_across_kind kind,
                                       uint32_t a, uint32_t b)
{
    struct tfr_across *across;

    store->out = tfr_grow(store->out, &store->out_cap, store->out_count + 1, sizeof *store->out);
    across = &store->out[store->out_count++];
    *across = (struct tfr_across){
        .kind = kind, .a = store->documents[a].name, .b = store->documents[b].name, .count = 1
    };
    return across;
}

static int by_rank(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int by_fact(const void *a, const void *b)
{
    const struct tfr_fleet_fact *x = a;
    const struct tfr_fleet_fact *y = b;
    int order;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    order = by_rank(x->document, y->document);
    return order != 0 ? order : by_rank(x->address, y->address);
}

static size_t part_of(const struct tfr_fleet_fact *fact)
{
    return (size_t)(fact->hash >> 56);
}

/* Hashes are spread evenly: facts are put in place by the first byte, and each part is sorted. That
 * takes no second array, as qsort() of the whole would. */
static void sort_facts(struct tfr_fleet_facts *list)
{
    size_t next[256] = { 0 };
    size_t end[256];
    size_t sum = 0;

    for (size_t i = 0; i < list->count; i++)
        next[part_of(&list->at[i])]++;
    for (size_t part = 0; part < 256; part++) {
        sum += next[part];
        end[part] = sum;
        next[part] = sum - next[part];
    }
    for (size_t part = 0; part < 256; part++) {
        while (next[part] < end[part]) {
            struct tfr_fleet_fact *here = &list->at[next[part]];
            const size_t home = part_of(here);
            struct tfr_fleet_fact other;

            if (home == part) {
                next[part]++;
                continue;
            }
            other = list->at[next[home]];
            list->at[next[home]++] = *here;
            *here = other;
        }
    }
    for (size_t part = 0, from = 0; part < 256; from = end[part++]) {
        if (end[part] - from > 1)
            qsort(list->at + from, end[part] - from, sizeof *list->at, by_fact);
    }
}

/* End of the facts with the hash of the one at `from`. */
static size_t run_end(const struct tfr_fleet_facts *list, size_t from)
{
    size_t end = from + 1;

    while (end < list->count && list->at[end].hash == list->at[from].hash)
        end++;
    return end;
}

/* Two documents of one state: a copy, or the same in another form. Where one of them has no
 * lineage, the same address of the same object is enough. */
static bool same_state(const struct tfr_audit_store *store, const struct tfr_fleet_fact *x,
                       const struct tfr_fleet_fact *y)
{
    const struct tfr_fleet_document *a = &store->documents[x->document];
    const struct tfr_fleet_document *b = &store->documents[y->document];

    return a->group == b->group ||
           ((a->lineage == 0 || b->lineage == 0) && x->address == y->address);
}

/* What one document has at two addresses names no single object. */
static bool is_ambiguous(const struct tfr_fleet_facts *held, size_t from, size_t end)
{
    for (size_t i = from + 1; i < end; i++) {
        if (held->at[i].document == held->at[i - 1].document)
            return true;
    }
    return false;
}

static void find_twice(struct tfr_audit_store *store)
{
    const struct tfr_fleet_facts *held = &store->held;

    for (size_t from = 0, end; from < held->count; from = end) {
        const struct tfr_fleet_fact *first = &held->at[from];

        end = run_end(held, from);
        if (is_ambiguous(held, from, end))
            continue;
        for (size_t i = from + 1; i < end; i++) {
            const struct tfr_fleet_fact *other = &held->at[i];
            struct tfr_across *across;

            if (same_state(store, first, other))
                continue;
            across = tfr_audit_store_say(store, TFR_ACROSS_TWICE, first->document, other->document);
            across->address_a = address_of(store, first);
            across->address_b = address_of(store, other);
        }
    }
}

static void find_destroyed(struct tfr_audit_store *store)
{
    const struct tfr_fleet_facts *held = &store->held;
    const struct tfr_fleet_facts *gone = &store->destroyed;
    size_t from = 0;

    for (size_t i = 0; i < gone->count; i++) {
        while (from < held->count && held->at[from].hash < gone->at[i].hash)
            from++;
        if (from == held->count || held->at[from].hash != gone->at[i].hash ||
            is_ambiguous(held, from, run_end(held, from)))
            continue;
        for (size_t k = from; k < held->count && held->at[k].hash == gone->at[i].hash; k++) {
            struct tfr_across *across;

            if (held->at[k].address == gone->at[i].address)
                continue; /* its own state */
            across = tfr_audit_store_say(store, TFR_ACROSS_DESTROYED, gone->at[i].document,
                                         held->at[k].document);
            across->address_a = address_of(store, &gone->at[i]);
            across->address_b = address_of(store, &held->at[k]);
            break; /* in more states than one: that is said elsewhere */
        }
    }
}

/* Who has the name: a state, else the first plan that makes it. */
static const struct tfr_fleet_fact *owner_of(const struct tfr_fleet_facts *named, size_t from,
                                             size_t end)
{
    for (size_t i = from; i < end; i++) {
        if (!named->at[i].made)
            return &named->at[i];
    }
    return &named->at[from];
}

/* Under one address it may be the same object: a plan, and the state after it. */
static void find_names(struct tfr_audit_store *store)
{
    const struct tfr_fleet_facts *named = &store->named;

    for (size_t from = 0, end; from < named->count; from = end) {
        const struct tfr_fleet_fact *owner;

        end = run_end(named, from);
        owner = owner_of(named, from, end);
        for (size_t i = from; i < end; i++) {
            const struct tfr_fleet_fact *other = &named->at[i];
            struct tfr_across *across;

            if (!other->made || other->address == owner->address ||
                other->document == owner->document)
                continue;
            across = tfr_audit_store_say(store, TFR_ACROSS_NAME, other->document, owner->document);
            across->address_a = address_of(store, other);
            across->address_b = address_of(store, owner);
        }
    }
}

/* ---- uses --------------------------------------------------------------------------------------
 */

struct pair {
    uint32_t from, to;
    uint32_t address_from, address_to;
};

static int by_pair(const void *a, const void *b)
{
    const struct pair *x = a;
    const struct pair *y = b;
    int order = by_rank(x->from, y->from);

    if (order == 0)
        order = by_rank(x->to, y->to);
    if (order == 0)
        order = by_rank(x->address_from, y->address_from);
    return order != 0 ? order : by_rank(x->address_to, y->address_to);
}

/* The state that holds an object, if the one that uses it does not hold it too (or is a copy of one
 * that does). The first by name stands for all copies. */
static const struct tfr_fleet_fact *holder_of(const struct tfr_audit_store *store, size_t from,
                                              size_t end, const struct tfr_fleet_fact *use)
{
    const struct tfr_fleet_facts *known = &store->known;
    const uint32_t group = store->documents[use->document].group;

    for (size_t i = from; i < end; i++) {
        if (store->documents[known->at[i].document].group == group)
            return NULL;
    }
    return from < end ? &known->at[from] : NULL;
}

static void say_pairs(struct tfr_audit_store *store, struct pair *pairs, size_t count)
{
    if (count > 0)
        qsort(pairs, count, sizeof *pairs, by_pair);
    for (size_t i = 0; i < count; i++) {
        struct tfr_across *across;

        if (i > 0 && pairs[i].from == pairs[i - 1].from && pairs[i].to == pairs[i - 1].to) {
            store->out[store->out_count - 1].count++;
            continue;
        }
        across = tfr_audit_store_say(store, TFR_ACROSS_USES, pairs[i].from, pairs[i].to);
        across->address_a = store->addresses[pairs[i].address_from]->text;
        across->address_b = store->addresses[pairs[i].address_to]->text;
    }
}

static void find_uses(struct tfr_audit_store *store)
{
    const struct tfr_fleet_facts *known = &store->known;
    const struct tfr_fleet_facts *uses = &store->uses;
    struct pair *pairs = NULL;
    size_t count = 0;
    size_t cap = 0;
    size_t from = 0;
    size_t end = 0;

    for (size_t i = 0; i < uses->count; i++) {
        const struct tfr_fleet_fact *holder;

        if (i == 0 || uses->at[i].hash != uses->at[i - 1].hash) {
            from = end;
            while (from < known->count && known->at[from].hash < uses->at[i].hash)
                from++;
            end = from < known->count && known->at[from].hash == uses->at[i].hash
                      ? run_end(known, from)
                      : from;
        }
        holder = holder_of(store, from, end, &uses->at[i]);
        if (holder == NULL)
            continue;
        pairs = tfr_grow(pairs, &cap, count + 1, sizeof *pairs);
        pairs[count++] = (struct pair){ uses->at[i].document, holder->document, uses->at[i].address,
                                        holder->address };
    }
    say_pairs(store, pairs, count);
    tfr_free(pairs);
}

/* ---- networks ----------------------------------------------------------------------------------
 */

static int by_range(const void *a, const void *b)
{
    const struct tfr_fleet_network *x = a;
    const struct tfr_fleet_network *y = b;
    int order;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->last != y->last)
        return x->last > y->last ? -1 : 1;
    order = by_rank(x->document, y->document);
    return order != 0 ? order : strcmp(x->address, y->address);
}

/* One answer for everything that overlaps in a row: the widest, the first other one, how many. */
static void find_networks(struct tfr_audit_store *store)
{
    const struct tfr_fleet_network *at = store->networks;
    size_t end;

    if (store->network_count > 0)
        qsort(store->networks, store->network_count, sizeof *at, by_range);
    for (size_t from = 0; from < store->network_count; from = end) {
        const struct tfr_fleet_network *other = NULL;
        struct tfr_across *across;
        uint64_t last = at[from].last;
        uint64_t count = 0;

        for (end = from + 1; end < store->network_count && at[end].first <= last; end++) {
            last = at[end].last > last ? at[end].last : last;
            if (store->documents[at[end].document].group ==
                    store->documents[at[from].document].group ||
                (strcmp(at[end].address, at[from].address) == 0 &&
                 strcmp(at[end].range, at[from].range) == 0))
                continue;
            other = other != NULL ? other : &at[end];
            count++;
        }
        if (other == NULL)
            continue;
        across = tfr_audit_store_say(store, TFR_ACROSS_NETWORK, at[from].document, other->document);
        across->address_a = at[from].address;
        across->address_b = other->address;
        across->detail = at[from].range;
        across->count = count;
    }
}

/* ---- outputs -----------------------------------------------------------------------------------
 */

static bool has_output(const struct tfr_fleet_document *document, const char *name)
{
    for (size_t i = 0; i < document->output_count; i++) {
        if (strcmp(document->outputs[i], name) == 0)
            return true;
    }
    return false;
}

/* Every ending of a document's name behind a slash or colon, to the document; two of one ending: to
 * none. */
struct endings {
    struct tfr_names *names;
    uint32_t *document; /* by id: number + 1, UINT32_MAX for several */
    size_t count, cap;
};

static void add_ending(struct endings *endings, const char *text, uint32_t document)
{
    const struct tfr_sym *sym = tfr_names_get(endings->names, text, strlen(text));

    while (endings->count <= sym->id) {
        endings->document = tfr_grow(endings->document, &endings->cap, endings->count + 1,
                                     sizeof *endings->document);
        endings->document[endings->count++] = 0;
    }
    endings->document[sym->id] =
        endings->document[sym->id] == 0 ? document + 1 : (uint32_t)UINT32_MAX;
}

static void add_endings(struct endings *endings, const struct tfr_audit_store *store)
{
    for (size_t i = 0; i < store->document_count; i++) {
        const char *name = store->documents[i].name;

        if (store->documents[i].is_plan)
            continue;
        add_ending(endings, name, (uint32_t)i);
        for (const char *at = strpbrk(name, "/:"); at != NULL; at = strpbrk(at + 1, "/:"))
            add_ending(endings, at + 1, (uint32_t)i);
    }
}

static void find_outputs(struct tfr_audit_store *store)
{
    struct endings endings = { .names = tfr_names_new(store->arena) };

    if (store->remote_count > 0)
        add_endings(&endings, store);
    for (size_t i = 0; i < store->remote_count; i++) {
        const struct tfr_fleet_remote *remote = &store->remotes[i];
        const struct tfr_sym *sym =
            tfr_names_find(endings.names, remote->place, strlen(remote->place));
        const uint32_t found = sym != NULL ? endings.document[sym->id] : 0;

        for (size_t k = 0; found != 0 && found != UINT32_MAX && k < remote->output_count; k++) {
            struct tfr_across *across;

            if (has_output(&store->documents[found - 1], remote->outputs[k]))
                continue;
            across = tfr_audit_store_say(store, TFR_ACROSS_OUTPUT, remote->document, found - 1);
            across->address_a = remote->address;
            across->detail = remote->outputs[k];
        }
    }
    tfr_names_free(endings.names);
    tfr_free(endings.document);
}

/* ---- the whole ---------------------------------------------------------------------------------
 */

static int by_text(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

static int by_answer(const void *a, const void *b)
{
    const struct tfr_across *x = a;
    const struct tfr_across *y = b;
    int order = (int)x->kind - (int)y->kind;

    if (order == 0)
        order = by_text(x->a, y->a);
    if (order == 0)
        order = by_text(x->address_a, y->address_a);
    if (order == 0)
        order = by_text(x->b, y->b);
    if (order == 0)
        order = by_text(x->address_b, y->address_b);
    return order != 0 ? order : by_text(x->detail, y->detail);
}

struct tfr_across *tfr_audit_store_answer(struct tfr_audit_store *store, size_t *count)
{
    tfr_audit_store_rank(store);
    sort_facts(&store->held);
    sort_facts(&store->destroyed);
    sort_facts(&store->known);
    sort_facts(&store->uses);
    sort_facts(&store->named);
    tfr_audit_store_find_copies(store);
    tfr_audit_store_drop_copies(store);
    find_twice(store);
    find_destroyed(store);
    find_names(store);
    find_uses(store);
    find_networks(store);
    find_outputs(store);
    *count = store->out_count;
    if (store->out_count == 0)
        return NULL;
    qsort(store->out, store->out_count, sizeof *store->out, by_answer);
    return tfr_arena_copy(store->arena, store->out, store->out_count * sizeof *store->out);
}
