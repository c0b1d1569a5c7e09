/* SPDX-License-Identifier: Apache-2.0 */
/* Who owns which text: as an identifier, which names one object, or as a name, which does beside
 * the kind of thing that is called so. */
#include "graph/values.h"

#include <string.h>

/* The object that has a text; of several the one with the shortest type. */
struct claim {
    tfr_node_id node;  /* TFR_NO_NODE: none */
    uint32_t type_len; /* of its type, bytes */
    uint16_t common;   /* what the types of all that have it begin with, bytes */
    uint8_t rank;
    bool twice; /* two objects of the same kind have it */
};

struct owned {
    const char *text;
    uint32_t len;
    uint32_t kind;           /* of the first that is called so: its number + 1; 0: nobody is */
    struct claim identifier; /* the one that it identifies */
    struct claim name;       /* the one of that kind that is called so */
};

/* What is to be said of a text. */
struct saying {
    const char *text, *kind; /* kind: NULL: it is an identifier */
    uint32_t len, kind_len;
    uint32_t hash;
    tfr_node_id node;
    uint8_t rank;
};

/* So many at once: the table has come nearer by the time that the first is looked up. */
#define SAYINGS 16

struct tfr_owners {
    const struct tfr_graph *graph;
    struct owned *at;
    size_t count, cap;
    struct claim *names; /* of texts with more kinds than one; the first one is none */
    size_t name_count, name_cap;
    struct tfr_pairs by_kind; /* of a text and a kind: its claim in `names` */
    struct tfr_names *kinds;
    struct tfr_arena arena; /* of these, and of texts that are copied */
    struct tfr_slot *slots;
    size_t mask;     /* slots - 1 */
    uint64_t *sieve; /* bits that say of most texts at once that nobody owns them */
    size_t sieve_mask;
    struct saying said[SAYINGS];
    size_t said_count;
};

/* ---- texts -------------------------------------------------------------------------------------
 */

/* A bit of the sieve. Both ends of a text and its length tell most texts apart; where they do not,
 * the table does. At least TFR_SHORTEST bytes. */
static size_t sieve_bit(const struct tfr_owners *owners, const char *text, size_t len)
{
    uint64_t first;
    uint64_t last;

    memcpy(&first, text, sizeof first);
    memcpy(&last, text + len - sizeof last, sizeof last);
    first = (first ^ len) * 0x9e3779b97f4a7c15U;
    first = (first ^ first >> 29 ^ last) * 0xc2b2ae3d27d4eb4fU;
    return (size_t)(first >> 32) & owners->sieve_mask;
}

static struct tfr_slot *slot_of(const struct tfr_owners *owners, uint32_t hash, const char *text,
                                size_t len)
{
    size_t i = hash & owners->mask;

    for (;; i = (i + 1) & owners->mask) {
        struct tfr_slot *slot = &owners->slots[i];
        const struct owned *owned;

        if (slot->place == 0)
            return slot;
        if (slot->hash != hash)
            continue;
        owned = &owners->at[slot->place - 1];
        /* What comes twice in a document is mostly kept once. */
        if (owned->len == len && (owned->text == text || memcmp(owned->text, text, len) == 0))
            return slot;
    }
}

/* The number of a text, which is owned from now on. */
static uint32_t take_text(struct tfr_owners *owners, const struct saying *saying)
{
    struct tfr_slot *slot = slot_of(owners, saying->hash, saying->text, saying->len);
    const size_t bit = sieve_bit(owners, saying->text, saying->len);

    if (slot->place != 0)
        return slot->place;
    if (owners->count >= UINT32_MAX / 4 * 3)
        tfr_oom();
    owners->at = tfr_grow(owners->at, &owners->cap, owners->count + 1, sizeof *owners->at);
    owners->at[owners->count++] = (struct owned){ .text = saying->text,
                                                  .len = saying->len,
                                                  .identifier = { .node = TFR_NO_NODE },
                                                  .name = { .node = TFR_NO_NODE } };
    *slot = (struct tfr_slot){ saying->hash, (uint32_t)owners->count };
    owners->sieve[bit / 64] |= (uint64_t)1 << bit % 64;
    if (owners->count * 4 > (owners->mask + 1) * 3)
        owners->mask = tfr_slots_double(&owners->slots, owners->mask);
    return (uint32_t)owners->count;
}

/* ---- claims ------------------------------------------------------------------------------------
 */

static uint16_t common_start(const struct tfr_sym *a, const struct tfr_sym *b)
{
    uint16_t len = 0;

    if (a == b)
        return a->len < UINT16_MAX ? (uint16_t)a->len : UINT16_MAX;
    while (len < a->len && len < b->len && len < UINT16_MAX && a->text[len] == b->text[len])
        len++;
    return len;
}

static void give(const struct tfr_graph *graph, struct claim *claim, tfr_node_id node)
{
    claim->node = node;
    claim->type_len = graph->nodes[node].resource->type->len;
    claim->twice = false;
}

/* aws_s3_bucket_versioning has the id of its aws_s3_bucket: the bucket owns it, in whatever order
 * they come. Unrelated objects that share a text, and two of a kind, own nothing. */
static void share(const struct tfr_graph *graph, struct claim *claim, tfr_node_id node)
{
    const struct tfr_resource *old = graph->nodes[claim->node].resource;
    const struct tfr_resource *new = graph->nodes[node].resource;
    const uint16_t common = common_start(old->type, new->type);

    if (node == claim->node)
        return;
    claim->common = common < claim->common ? common : claim->common;
    if (new->type->len < old->type->len)
        give(graph, claim, node);
    else if (new->type == old->type &&new->mode == old->mode)
        claim->twice = true;
    else if (new->type == old->type &&new->mode == TFR_MANAGED)
        /* One object described twice: the managed one counts, not a data source that looks it up.
         */
        give(graph, claim, node);
}

/* Deposed objects are what is left of one that was replaced: only what nobody else has is theirs.
 */
static void claim_for(const struct tfr_graph *graph, struct claim *claim, tfr_node_id node,
                      uint8_t rank)
{
    const struct tfr_resource *resource = graph->nodes[node].resource;

    if (claim->node != TFR_NO_NODE && (resource->deposed != NULL || rank < claim->rank))
        return;
    if (claim->node != TFR_NO_NODE && rank == claim->rank) {
        share(graph, claim, node);
        return;
    }
    give(graph, claim, node);
    claim->rank = rank;
    claim->common = claim->type_len < UINT16_MAX ? (uint16_t)claim->type_len : UINT16_MAX;
}

/* Who is called so and is of a kind; one more of that kind if there is none. */
static struct claim *take_name(struct tfr_owners *owners, uint32_t number, uint32_t kind)
{
    struct owned *owned = &owners->at[number - 1];
    uint32_t *name;

    if (owned->kind == 0)
        owned->kind = kind + 1;
    if (owned->kind == kind + 1)
        return &owned->name;
    name = tfr_pair(&owners->by_kind, number, kind);
    if (*name == 0) {
        owners->names = tfr_grow(owners->names, &owners->name_cap, owners->name_count + 1,
                                 sizeof *owners->names);
        *name = (uint32_t)owners->name_count;
        owners->names[owners->name_count++] = (struct claim){ .node = TFR_NO_NODE };
    }
    return &owners->names[*name];
}

static void hear(struct tfr_owners *owners, const struct saying *saying)
{
    const uint32_t number = take_text(owners, saying);
    struct claim *claim = &owners->at[number - 1].identifier;

    if (saying->kind != NULL)
        claim = take_name(owners, number,
                          tfr_names_get(owners->kinds, saying->kind, saying->kind_len)->id);
    claim_for(owners->graph, claim, saying->node, saying->rank);
}

void tfr_owners_settle(struct tfr_owners *owners)
{
    for (size_t i = 0; i < owners->said_count; i++)
        hear(owners, &owners->said[i]);
    owners->said_count = 0;
}

static void say(struct tfr_owners *owners, struct saying saying)
{
    saying.hash = (uint32_t)tfr_hash(saying.text, saying.len);
    tfr_prefetch(&owners->slots[saying.hash & owners->mask], sizeof *owners->slots);
    owners->said[owners->said_count++] = saying;
    if (owners->said_count == SAYINGS)
        tfr_owners_settle(owners);
}

void tfr_own(struct tfr_owners *owners, tfr_node_id node, const struct tfr_value *text,
             uint8_t rank)
{
    say(owners,
        (struct saying){ .text = text->text, .len = text->count, .node = node, .rank = rank });
}

void tfr_own_copy(struct tfr_owners *owners, tfr_node_id node, const char *text, size_t len,
                  uint8_t rank)
{
    say(owners, (struct saying){ .text = tfr_arena_text(&owners->arena, text, len),
                                 .len = (uint32_t)len,
                                 .node = node,
                                 .rank = rank });
}

void tfr_own_name(struct tfr_owners *owners, tfr_node_id node, const struct tfr_value *text,
                  const char *kind, size_t kind_len)
{
    say(owners, (struct saying){ .text = text->text,
                                 .len = text->count,
                                 .kind = kind,
                                 .kind_len = (uint32_t)kind_len,
                                 .node = node,
                                 .rank = 1 });
}

/* ---- asking ------------------------------------------------------------------------------------
 */

uint32_t tfr_owned(const struct tfr_owners *owners, const char *text, size_t len)
{
    size_t bit;

    if (len < TFR_SHORTEST || len > TFR_LONGEST)
        return 0;
    bit = sieve_bit(owners, text, len);
    if ((owners->sieve[bit / 64] >> bit % 64 & 1) == 0)
        return 0;
    return slot_of(owners, (uint32_t)tfr_hash(text, len), text, len)->place;
}

/* TFR_NO_NODE: several unrelated objects have it. */
static tfr_node_id node_of(const struct claim *claim)
{
    return claim->twice || claim->common < claim->type_len ? TFR_NO_NODE : claim->node;
}

tfr_node_id tfr_owner_of(const struct tfr_owners *owners, uint32_t owned)
{
    return owned != 0 ? node_of(&owners->at[owned - 1].identifier) : TFR_NO_NODE;
}

/* Who is called so and is of a kind; NULL: nobody. */
static const struct claim *find_name(const struct tfr_owners *owners, uint32_t number,
                                     const char *kind, size_t kind_len)
{
    const struct tfr_sym *sym = tfr_names_find(owners->kinds, kind, kind_len);
    const struct owned *owned = &owners->at[number - 1];
    uint32_t name;

    if (sym == NULL || owned->kind == sym->id + 1)
        return sym != NULL ? &owned->name : NULL;
    name = tfr_pair_find(&owners->by_kind, number, sym->id);
    return name != 0 ? &owners->names[name] : NULL;
}

tfr_node_id tfr_owner_of_name(const struct tfr_owners *owners, uint32_t owned, const char *hint,
                              size_t hint_len)
{
    char flat[TFR_HINT_SIZE];
    size_t flat_len;

    if (owned == 0 || owners->at[owned - 1].kind == 0 ||
        owners->at[owned - 1].len > TFR_HINT_SIZE || hint_len >= TFR_HINT_SIZE)
        return TFR_NO_NODE;
    flat_len = tfr_flatten_words(hint, hint_len, flat);
    for (size_t end = 1; end <= flat_len; end++) {
        const struct claim *name;
        const char *kind;
        size_t kind_len;

        if ((end < flat_len && flat[end] != '_') || flat[end - 1] == '_')
            continue;
        kind_len = tfr_kind_at(flat, end, &kind);
        name = find_name(owners, owned, kind, kind_len);
        if (name != NULL)
            return node_of(name);
    }
    return TFR_NO_NODE;
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

/* A power of two. */
static size_t at_least(size_t least, size_t count)
{
    size_t size = least;

    while (size < count)
        size *= 2;
    return size;
}

struct tfr_owners *tfr_owners_new(const struct tfr_graph *graph)
{
    struct tfr_owners *owners = tfr_calloc(1, sizeof *owners);
    /* An object has some two texts of its own. */
    const size_t sieve = at_least(4096, (size_t)graph->node_count * 16);
    const size_t slots = at_least(256, (size_t)graph->node_count * 2);

    owners->graph = graph;
    owners->sieve = tfr_calloc(sieve / 64, sizeof *owners->sieve);
    owners->sieve_mask = sieve - 1;
    owners->slots = tfr_calloc(slots, sizeof *owners->slots);
    owners->mask = slots - 1;
    owners->kinds = tfr_names_new(&owners->arena);
    owners->names = tfr_grow(NULL, &owners->name_cap, 1, sizeof *owners->names);
    owners->names[owners->name_count++] = (struct claim){ .node = TFR_NO_NODE };
    return owners;
}

void tfr_owners_free(struct tfr_owners *owners)
{
    tfr_free(owners->at);
    tfr_free(owners->names);
    tfr_pairs_fini(&owners->by_kind);
    tfr_names_free(owners->kinds);
    tfr_arena_free(&owners->arena);
    tfr_free(owners->slots);
    tfr_free(owners->sieve);
    tfr_free(owners);
}
