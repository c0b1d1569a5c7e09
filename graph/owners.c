/* SPDX-License-Identifier: Apache-2.0 */
/* Who owns which identifier: texts that name one object, and names that do beside the kind of thing
 * they name. */
#include "graph/values.h"

#include <string.h>

#define ARN 3

/* Attributes that name their own object, and how much they do: an ARN can be nobody else's, while
 * the endpoint of a subscription is the queue it feeds. */
static const struct {
    const char *name;
    uint8_t rank;
} identities[] = {
    { "arn", ARN },
    { "id", 2 },
    { "self_link", 2 },
    { "url", 2 },
    { "dns_name", 1 },
    { "endpoint", 1 },
    { "address", 1 },
    { "fqdn", 1 },
    { "domain_name", 0 }, /* a record of that name goes before it */
    { "bucket_domain_name", 1 },
    { "bucket_regional_domain_name", 1 },
    { "invoke_arn", 1 },
    { "invoke_url", 1 },
    { "execution_arn", 1 },
    { "qualified_arn", 1 },
    { "stream_arn", 1 },
    { "arn_suffix", 1 },
    { "repository_url", 1 },
    { "login_server", 1 },
    { "vault_uri", 1 },
    { "connection_name", 1 },
    { "hosted_zone_id", 1 },
    { "primary_endpoint_address", 1 },
    { "reader_endpoint", 1 },
    { "configuration_endpoint_address", 1 },
};

/* Names that people give. Many things share one, so it counts only where what stands beside it says
 * which kind of thing is meant. */
static const char *const names[] = { "name",          "identifier", "cluster_identifier",
                                     "function_name", "family",     "replication_group_id" };

#define IDENTITIES (sizeof identities / sizeof identities[0])
#define NAMES (sizeof names / sizeof names[0])

/* Bits that say of most texts at once that nobody owns them: a power of two. */
#define SIEVE_BITS ((size_t)1 << 20)

/* A hint longer than this is no attribute, bytes. */
#define HINT_SIZE 128

struct owner {
    const char *text;
    const char *kind; /* of a name: "cluster"; NULL: an identifier */
    uint32_t len, kind_len;
    tfr_node_id node; /* of all that have it, the one with the shortest type */
    uint16_t common;  /* what the types of all that have it begin with, bytes */
    uint8_t rank;
    bool twice; /* two objects of the same kind have it */
};

/* Open addressing, at most three quarters full, nothing ever removed. */
struct slot {
    uint32_t hash;  /* its low half */
    uint32_t place; /* of the owner + 1, 0: free */
};

struct tfr_owners {
    const struct tfr_graph *graph;
    struct owner *at;
    size_t count, cap;
    struct slot *slots;
    size_t mask;
    uint64_t *sieve; /* SIEVE_BITS */
    uint8_t *wanted; /* by name id: index in `identities`, or beyond them in `names`, + 1 */
    uint32_t wanted_count;
};

/* ---- the table ---------------------------------------------------------------------------------
 */

/* What is looked for. */
struct key {
    const char *text, *kind;
    uint32_t len, kind_len;
    uint32_t hash;
};

static bool same(const struct owner *owner, const struct key *key)
{
    return owner->len == key->len && owner->kind_len == key->kind_len &&
           memcmp(owner->text, key->text, key->len) == 0 &&
           (key->kind_len == 0 || memcmp(owner->kind, key->kind, key->kind_len) == 0);
}

static struct slot *slot_of(const struct tfr_owners *owners, const struct key *key)
{
    size_t i = key->hash & owners->mask;

    while (owners->slots[i].place != 0 && (owners->slots[i].hash != key->hash ||
                                           !same(&owners->at[owners->slots[i].place - 1], key)))
        i = (i + 1) & owners->mask;
    return &owners->slots[i];
}

static void make_room(struct tfr_owners *owners)
{
    struct slot *old = owners->slots;
    const size_t size = old != NULL ? owners->mask + 1 : 0;

    if (owners->count >= UINT32_MAX / 4 * 3)
        tfr_oom();
    if (old != NULL && owners->count * 4 < size * 3)
        return;
    owners->mask = size == 0 ? 1023 : size * 2 - 1;
    owners->slots = tfr_calloc(owners->mask + 1, sizeof *old);
    for (size_t i = 0; i < size; i++) {
        size_t at = old[i].hash & owners->mask;

        if (old[i].place == 0)
            continue;
        while (owners->slots[at].place != 0)
            at = (at + 1) & owners->mask;
        owners->slots[at] = old[i];
    }
    tfr_free(old);
}

static struct key key_of(const char *text, size_t len)
{
    return (
        struct key){ .text = text, .len = (uint32_t)len, .hash = (uint32_t)tfr_hash(text, len) };
}

static struct key key_of_kind(struct key name, const char *kind, size_t kind_len)
{
    name.kind = kind;
    name.kind_len = (uint32_t)kind_len;
    if (kind_len > 0)
        name.hash ^= (uint32_t)tfr_hash(kind, kind_len) * 3;
    return name;
}

/* A bit of the sieve. Both ends of a text and its length tell most texts apart; where they do not,
 * the table does. At least TFR_SHORTEST bytes. */
static size_t sieve_bit(const char *text, size_t len)
{
    uint64_t first;
    uint64_t last;

    memcpy(&first, text, sizeof first);
    memcpy(&last, text + len - sizeof last, sizeof last);
    first = (first ^ len) * 0x9e3779b97f4a7c15U;
    first = (first ^ first >> 29 ^ last) * 0xc2b2ae3d27d4eb4fU;
    return (size_t)(first >> 32) & (SIEVE_BITS - 1);
}

bool tfr_may_be_owned(const struct tfr_owners *owners, const char *text, size_t len)
{
    const size_t bit = len >= TFR_SHORTEST ? sieve_bit(text, len) : 0;

    return len >= TFR_SHORTEST && (owners->sieve[bit / 64] >> bit % 64 & 1) != 0;
}

static void mark_owned(struct tfr_owners *owners, const char *text, size_t len)
{
    const size_t bit = sieve_bit(text, len);

    owners->sieve[bit / 64] |= (uint64_t)1 << bit % 64;
}

/* ---- kinds of things ---------------------------------------------------------------------------
 */

/* Words that say little alone: subnet_group, not group. */
static bool is_weak(const char *word, size_t len)
{
    static const char *const weak[] = { "group", "policy",  "set",     "rule", "version",
                                        "pool",  "account", "profile", "zone", "configuration" };

    for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++) {
        if (strlen(weak[i]) == len && memcmp(weak[i], word, len) == 0)
            return true;
    }
    return false;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* "DBSubnetGroups" and "db-subnet-groups" become "db_subnet_groups". */
static size_t flatten(const char *text, size_t len, char out[HINT_SIZE])
{
    size_t at = 0;

    for (size_t i = 0; i < len && at + 2 < HINT_SIZE; i++) {
        const bool begins = is_upper(text[i]) && i > 0 &&
                            (is_lower(text[i - 1]) ||
                             (is_upper(text[i - 1]) && i + 1 < len && is_lower(text[i + 1])));

        if ((begins || (!is_upper(text[i]) && !is_lower(text[i]))) && at > 0 && out[at - 1] != '_')
            out[at++] = '_';
        if (is_upper(text[i]))
            out[at++] = (char)(text[i] - 'A' + 'a');
        else if (is_lower(text[i]))
            out[at++] = text[i];
    }
    return at;
}

static size_t word_start(const char *text, size_t end)
{
    while (end > 0 && text[end - 1] != '_')
        end--;
    return end;
}

/* The kind that the word ending at `end` tells, with the word before it if it says little alone. */
static size_t kind_at(const char *text, size_t end, const char **kind)
{
    size_t from = word_start(text, end);

    if (end - from > 3 && text[end - 1] == 's' && text[end - 2] != 's')
        end--;
    if (from > 1 && is_weak(text + from, end - from))
        from = word_start(text, from - 1);
    *kind = text + from;
    return end - from;
}

/* ---- who owns ----------------------------------------------------------------------------------
 */

static uint16_t common_start(const struct tfr_sym *a, const struct tfr_sym *b)
{
    uint16_t len = 0;

    while (len < a->len && len < b->len && len < UINT16_MAX && a->text[len] == b->text[len])
        len++;
    return len;
}

/* aws_s3_bucket_versioning has the id of its aws_s3_bucket: the bucket owns it, in whatever order
 * they come. Unrelated objects that share a text, and two of a kind, own nothing. */
static void share(const struct tfr_graph *graph, struct owner *owner, tfr_node_id node)
{
    const struct tfr_resource *old = graph->nodes[owner->node].resource;
    const struct tfr_resource *new = graph->nodes[node].resource;
    const uint16_t common = common_start(old->type, new->type);

    if (node == owner->node)
        return;
    owner->common = common < owner->common ? common : owner->common;
    if (new->type->len < old->type->len) {
        owner->node = node;
        owner->twice = false;
    } else if (new->type == old->type &&new->mode == old->mode) {
        owner->twice = true;
    } else if (new->type == old->type &&new->mode == TFR_MANAGED) {
        /* One object described twice: the managed one counts, not a data source that looks it up.
         */
        owner->node = node;
        owner->twice = false;
    }
}

/* TFR_NO_NODE: several unrelated objects have it. */
static tfr_node_id node_in(const struct tfr_owners *owners, const struct slot *slot)
{
    const struct owner *owner = slot->place != 0 ? &owners->at[slot->place - 1] : NULL;

    if (owner == NULL || owner->twice ||
        owner->common < owners->graph->nodes[owner->node].resource->type->len)
        return TFR_NO_NODE;
    return owner->node;
}

/* Numbers, addresses of networks, plain words of policies: texts that many things share. */
static bool is_telling(const struct tfr_value *value)
{
    unsigned char letters = 0;
    unsigned char others = 0;

    if (value->kind != TFR_STRING || value->count < TFR_SHORTEST || value->count > 2048)
        return false;
    for (uint32_t i = 0; i < value->count; i++) { /* without a way out: many bytes at once */
        const unsigned char c = (unsigned char)value->text[i];

        letters |= (unsigned char)((c | 0x20) - 'a') < 26;
        others |= c <= ' ' || c == '"';
    }
    return letters != 0 && others == 0;
}

/* A single word, such as "production", is nobody's own. */
static bool is_compound(const struct tfr_value *value)
{
    for (uint32_t i = 0; i < value->count; i++) {
        if (!is_upper(value->text[i]) && !(value->text[i] >= 'a' && value->text[i] <= 'z'))
            return true;
    }
    return false;
}

static void add_owner(struct tfr_owners *owners, struct slot *slot, const struct key *key)
{
    owners->at = tfr_grow(owners->at, &owners->cap, owners->count + 1, sizeof *owners->at);
    owners->at[owners->count++] = (struct owner){ .text = key->text,
                                                  .kind = key->kind,
                                                  .len = key->len,
                                                  .kind_len = key->kind_len,
                                                  .node = TFR_NO_NODE };
    *slot = (struct slot){ key->hash, (uint32_t)owners->count };
    mark_owned(owners, key->text, key->len);
}

/* Deposed objects are what is left of one that was replaced: only what nobody else has is theirs.
 */
static void own(struct tfr_owners *owners, tfr_node_id node, const struct key *key, uint8_t rank)
{
    const struct tfr_resource *resource = owners->graph->nodes[node].resource;
    const bool deposed = resource->deposed != NULL;
    struct owner *owner;
    struct slot *slot;

    make_room(owners);
    slot = slot_of(owners, key);
    if (slot->place == 0)
        add_owner(owners, slot, key);
    else if (deposed || rank < owners->at[slot->place - 1].rank)
        return;
    owner = &owners->at[slot->place - 1];
    if (owner->node != TFR_NO_NODE && rank == owner->rank) {
        share(owners->graph, owner, node);
        return;
    }
    owner->rank = rank;
    owner->node = node;
    owner->twice = false;
    owner->common = resource->type->len < UINT16_MAX ? (uint16_t)resource->type->len : UINT16_MAX;
}

/* Index in `identities`, or beyond them in `names`, + 1; 0: no such member. */
static size_t wanted_of(const struct tfr_owners *owners, const struct tfr_sym *name)
{
    return name->id < owners->wanted_count ? owners->wanted[name->id] : 0;
}

/* An id that is the name its user chose names things of other kinds as well: whole environments are
 * called alike. A path, such as /ecs/api, or a domain is nobody's but its own. */
static bool is_mere_name(const struct tfr_owners *owners, const struct tfr_value *object,
                         const struct tfr_value *id)
{
    if (memchr(id->text, '/', id->count) != NULL || memchr(id->text, '.', id->count) != NULL)
        return false;
    for (uint32_t i = 0; i < object->count; i++) {
        const struct tfr_value *name = &object->members[i].value;

        if (name->kind == TFR_STRING && name->count == id->count &&
            wanted_of(owners, object->members[i].name) > IDENTITIES &&
            memcmp(name->text, id->text, id->count) == 0)
            return true;
    }
    return false;
}

bool tfr_borrows_arn(const struct tfr_resource *resource)
{
    return tfr_sym_is(resource->type, "aws_cloudwatch_event_target");
}

/* What an attribute says of another object, though it is called like an identity. */
static bool is_anothers(const struct tfr_owners *owners, const struct tfr_resource *resource,
                        const struct tfr_value *object, size_t which, const struct tfr_value *value)
{
    /* A certificate is for a domain and does not answer to it. */
    if (identities[which].rank == 0 && strstr(resource->type->text, "certificate") != NULL)
        return true;
    if (identities[which].rank == ARN)
        return tfr_borrows_arn(resource);
    return is_mere_name(owners, object, value);
}

/* A member whose name is one of `identities` or, beyond them, of `names`. */
static void own_member(struct tfr_owners *owners, tfr_node_id node, size_t which,
                       const struct tfr_value *object, const struct tfr_value *value)
{
    const struct tfr_resource *resource = owners->graph->nodes[node].resource;
    const char *kind;
    struct key key;
    size_t kind_len;

    if (!is_telling(value))
        return;
    if (which < IDENTITIES) {
        if (is_anothers(owners, resource, object, which, value))
            return;
        key = key_of(value->text, value->count);
        own(owners, node, &key, identities[which].rank);
    } else if (resource->deposed == NULL && is_compound(value)) {
        kind_len = kind_at(resource->type->text, resource->type->len, &kind);
        key = key_of_kind(key_of(value->text, value->count), kind, kind_len);
        own(owners, node, &key, 1);
    }
}

static void own_all(struct tfr_owners *owners, tfr_node_id node, const struct tfr_value *object)
{
    for (uint32_t i = 0; object->kind == TFR_OBJECT && i < object->count; i++) {
        const size_t which = wanted_of(owners, object->members[i].name);

        if (which != 0)
            own_member(owners, node, which - 1, object, &object->members[i].value);
    }
}

static void find_wanted(struct tfr_owners *owners)
{
    const struct tfr_names *all = owners->graph->document->names;

    owners->wanted_count = tfr_names_count(all);
    owners->wanted = tfr_calloc((size_t)owners->wanted_count + 1, sizeof *owners->wanted);
    for (size_t i = 0; i < IDENTITIES + NAMES; i++) {
        const char *name = i < IDENTITIES ? identities[i].name : names[i - IDENTITIES];
        const struct tfr_sym *sym = tfr_names_find(all, name, strlen(name));

        if (sym != NULL)
            owners->wanted[sym->id] = (uint8_t)(i + 1);
    }
}

/* @return true if there are others, deposed or not */
static bool own_nodes(struct tfr_owners *owners, bool deposed)
{
    const struct tfr_graph *graph = owners->graph;
    bool others = false;

    for (tfr_node_id i = 0; i < graph->node_count; i++) {
        const struct tfr_resource *resource = graph->nodes[i].resource;

        if (resource == NULL)
            continue;
        if ((resource->deposed != NULL) != deposed) {
            others = true;
            continue;
        }
        own_all(owners, i, &resource->before);
        if (resource->after.members != resource->before.members)
            own_all(owners, i, &resource->after);
    }
    return others;
}

struct tfr_owners *tfr_owners_build(const struct tfr_graph *graph)
{
    struct tfr_owners *owners = tfr_calloc(1, sizeof *owners);

    owners->graph = graph;
    owners->sieve = tfr_calloc(SIEVE_BITS / 64, sizeof *owners->sieve);
    find_wanted(owners);
    make_room(owners);
    if (own_nodes(owners, false))
        (void)own_nodes(owners, true);
    return owners;
}

void tfr_owners_free(struct tfr_owners *owners)
{
    tfr_free(owners->at);
    tfr_free(owners->slots);
    tfr_free(owners->sieve);
    tfr_free(owners->wanted);
    tfr_free(owners);
}

/* ---- asking ------------------------------------------------------------------------------------
 */

tfr_node_id tfr_owner_of(const struct tfr_owners *owners, const char *text, size_t len)
{
    struct key key;

    if (len > UINT32_MAX || !tfr_may_be_owned(owners, text, len))
        return TFR_NO_NODE;
    key = key_of(text, len);
    return node_in(owners, slot_of(owners, &key));
}

tfr_node_id tfr_owner_of_name(const struct tfr_owners *owners, const char *hint, size_t hint_len,
                              const char *name, size_t len)
{
    char flat[HINT_SIZE];
    struct key plain;
    size_t flat_len;

    if (len > HINT_SIZE || hint_len >= HINT_SIZE || !tfr_may_be_owned(owners, name, len))
        return TFR_NO_NODE;
    plain = key_of(name, len);
    flat_len = flatten(hint, hint_len, flat);
    for (size_t end = 1; end <= flat_len; end++) {
        const struct slot *slot;
        const char *kind;
        struct key key;

        if ((end < flat_len && flat[end] != '_') || flat[end - 1] == '_')
            continue;
        key.kind_len = (uint32_t)kind_at(flat, end, &kind);
        key = key_of_kind(plain, kind, key.kind_len);
        slot = slot_of(owners, &key);
        if (slot->place != 0)
            return node_in(owners, slot);
    }
    return TFR_NO_NODE;
}
