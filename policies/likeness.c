/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/likeness.h"

#include <string.h>

/* Attributes that must be known for likeness to mean anything, and how many of a hundred must
 * agree. */
#define KNOWN_LEAST 5
#define AGREE_PERCENT 90

/* Places for the attributes of one object, by name: a power of two. */
#define PLACES 512

/* A known attribute of what is made, in short: values that are equal have the same hash. */
struct tfr_trait {
    uint32_t name; /* its number */
    uint32_t hash;
    uint32_t at; /* where it stands in the object */
};

/* What the deleted object says under a name. */
struct place {
    uint32_t round; /* of the object that said it */
    uint32_t name;  /* its number */
    uint32_t hash;
    bool shared; /* by several names: then nothing is known */
};

struct tfr_likeness {
    struct tfr_arena *arena;
    const struct tfr_sym *tags_all; /* the name, NULL if the document has none */
    const struct tfr_value *gone;
    uint32_t round; /* of `gone`, from 1 */
    struct place places[PLACES];
};

static bool is_empty(const struct tfr_value *value)
{
    return tfr_value_is_blank(value) || (value->kind == TFR_BOOL && !value->truth);
}

/* How many of so many known attributes may differ. What is not known yet never agrees with what
 * was, and counts for nothing. */
static uint32_t most_differing(uint32_t known)
{
    return known < KNOWN_LEAST ? 0 : (uint32_t)((uint64_t)known * (100 - AGREE_PERCENT) / 100);
}

/* ---- in short ----------------------------------------------------------------------------------
 *
 * Most objects are others, and that shows by hashes. They never deny a likeness that is there: what
 * they let pass is compared in full.
 */

/* One number may be written in several ways: digits that count are the same in all of them. */
static uint32_t hash_of_number(const struct tfr_value *value)
{
    uint32_t hash = 0, kept = 0;

    for (uint32_t i = 0; i < value->count && (value->text[i] | 0x20) != 'e'; i++) {
        const uint32_t digit = (uint32_t)(unsigned char)value->text[i] - '0';

        if (digit > 9)
            continue;
        hash = hash * 31 + digit; /* nothing as long as it is 0 */
        if (digit > 0)
            kept = hash;
    }
    return kept;
}

static uint32_t hash_of(const struct tfr_value *value)
{
    uint32_t hash = 0;

    switch (value->kind) {
    case TFR_STRING:
        hash = (uint32_t)tfr_hash_ends(value->text, value->count);
        break;
    case TFR_NUMBER:
        hash = hash_of_number(value);
        break;
    case TFR_BOOL:
        hash = value->truth;
        break;
    case TFR_LIST:
    case TFR_OBJECT:
        hash = value->count;
        break;
    default:
        break;
    }
    return hash << 4 | value->kind;
}

static void find_traits(const struct tfr_likeness *likeness, struct tfr_likely *likely)
{
    const struct tfr_value *after = &likely->made->after;
    struct tfr_trait *traits =
        tfr_arena_alloc(likeness->arena, ((size_t)after->count + 1) * sizeof *traits);

    for (uint32_t i = 0; i < after->count; i++) {
        const struct tfr_sym *name = tfr_member_name(after, i);
        const struct tfr_value *value = tfr_member_value(after, i);

        if (!is_empty(value) && name != likeness->tags_all && !tfr_value_has_unknown(value))
            traits[likely->count++] = (struct tfr_trait){ name->id, hash_of(value), i };
    }
    likely->traits = traits;
}

static bool may_be_same(const struct tfr_likeness *likeness, const struct tfr_trait *trait)
{
    const struct place *place = &likeness->places[trait->name & (PLACES - 1)];

    return place->round == likeness->round &&
           (place->shared || (place->name == trait->name && place->hash == trait->hash));
}

static bool is_same(const struct tfr_likeness *likeness, const struct tfr_likely *likely,
                    const struct tfr_trait *trait)
{
    const struct tfr_member member = tfr_member_at(&likely->made->after, trait->at);

    return tfr_value_equal(member.value, tfr_value_member(likeness->gone, member.name));
}

/* What differs from one object, names and identifiers, differs from most: it is moved to the front,
 * so that it is looked at first. */
static void move_to(struct tfr_trait *traits, uint32_t to, uint32_t from)
{
    const struct tfr_trait trait = traits[from];

    traits[from] = traits[to];
    traits[to] = trait;
}

static bool is_alike(const struct tfr_likeness *likeness, struct tfr_likely *likely)
{
    const uint32_t most = most_differing(likely->count);
    uint32_t differing = 0;

    for (uint32_t i = 0; i < likely->count && differing <= most; i++) {
        if (!may_be_same(likeness, &likely->traits[i]))
            move_to(likely->traits, differing++, i);
    }
    for (uint32_t i = differing; i < likely->count && differing <= most; i++) {
        if (!is_same(likeness, likely, &likely->traits[i]))
            move_to(likely->traits, differing++, i);
    }
    return differing <= most;
}

struct tfr_likeness *tfr_likeness_new(const struct tfr_names *names, struct tfr_arena *arena)
{
    struct tfr_likeness *likeness = tfr_arena_zalloc(arena, sizeof *likeness);

    likeness->arena = arena;
    likeness->tags_all = tfr_names_find(names, "tags_all", strlen("tags_all"));
    return likeness;
}

void tfr_likeness_begin(struct tfr_likeness *likeness, const struct tfr_value *gone)
{
    likeness->gone = gone;
    likeness->round++;
    for (uint32_t i = 0; gone->kind == TFR_OBJECT && i < gone->count; i++) {
        const uint32_t name = tfr_member_name(gone, i)->id;
        struct place *place = &likeness->places[name & (PLACES - 1)];

        place->shared = place->round == likeness->round;
        place->round = likeness->round;
        place->name = name;
        place->hash = hash_of(tfr_member_value(gone, i));
    }
}

enum tfr_alike tfr_likeness_of(struct tfr_likeness *likeness, struct tfr_likely *likely)
{
    if (likely->traits == NULL && likely->made->after.kind == TFR_OBJECT)
        find_traits(likeness, likely);
    if (likely->traits != NULL && !is_alike(likeness, likely))
        return TFR_OTHER;
    return likely->count < KNOWN_LEAST ? TFR_TOO_LITTLE : TFR_ALIKE;
}
