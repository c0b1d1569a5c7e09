/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/likeness.h"

#include <string.h>

/* Attributes that must be known for likeness to mean anything, and how many of a hundred must
 * agree. */
#define KNOWN_LEAST 5
#define AGREE_PERCENT 90

/* Places for the attributes of one object, by name: a power of two. */
#define PLACES 256

/* An attribute in short: values that are equal have the same hash. */
struct tfr_trait {
    uint32_t name; /* its number */
    uint32_t hash;
};

/* What the deleted object says under a name. */
struct place {
    uint32_t name; /* its number and one; 0: nothing */
    uint32_t hash;
    bool shared; /* by several names: then nothing is known */
};

struct tfr_likeness {
    struct tfr_arena *arena;
    const struct tfr_sym *tags_all; /* the name, NULL if the document has none */
    const struct tfr_value *gone;
    struct place places[PLACES];
};

struct tally {
    uint32_t known, same;
};

static bool is_empty(const struct tfr_value *value)
{
    return tfr_value_is_blank(value) || (value->kind == TFR_BOOL && !value->truth);
}

/* Attributes that differ and are enough to say that it is another object, whatever the rest says.
 */
static bool is_unlike(struct tally so_far, uint32_t attributes)
{
    return (uint64_t)(so_far.known - so_far.same) * 100 >
           (uint64_t)attributes * (100 - AGREE_PERCENT);
}

static enum tfr_alike decide(struct tally tally)
{
    if (tally.known < KNOWN_LEAST)
        return tally.same == tally.known ? TFR_TOO_LITTLE : TFR_OTHER;
    return (uint64_t)tally.same * 100 >= (uint64_t)tally.known * AGREE_PERCENT ? TFR_ALIKE
                                                                               : TFR_OTHER;
}

/* ---- in full -----------------------------------------------------------------------------------
 */

static enum tfr_alike compare(const struct tfr_likeness *likeness, const struct tfr_value *after)
{
    struct tally tally = { 0, 0 };

    for (uint32_t i = 0; i < after->count && !is_unlike(tally, after->count); i++) {
        const struct tfr_sym *name = tfr_member_name(after, i);
        const struct tfr_value *value = tfr_member_value(after, i);
        bool same;

        if (is_empty(value) || name == likeness->tags_all)
            continue;
        same = tfr_value_equal(value, tfr_value_member(likeness->gone, name));
        if (!same && tfr_value_has_unknown(value))
            continue;
        tally.known++;
        tally.same += same;
    }
    return decide(tally);
}

/* ---- in short ----------------------------------------------------------------------------------
 *
 * Most objects are others, and that shows by hashes. They never deny a likeness that is there: what
 * they let pass is compared in full.
 */

static uint32_t hash_of(const struct tfr_value *value)
{
    uint32_t hash = 0;

    switch (value->kind) {
    case TFR_STRING:
        hash = (uint32_t)tfr_hash_ends(value->text, value->count);
        break;
    case TFR_BOOL:
        hash = value->truth;
        break;
    case TFR_LIST:
    case TFR_OBJECT:
        hash = value->count;
        break;
    default: /* one number may be written in several ways */
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
            traits[likely->count++] = (struct tfr_trait){ name->id, hash_of(value) };
    }
    likely->traits = traits;
}

static bool may_be_same(const struct tfr_likeness *likeness, struct tfr_trait trait)
{
    const struct place *place = &likeness->places[trait.name & (PLACES - 1)];

    return place->shared || (place->name == trait.name + 1 && place->hash == trait.hash);
}

/* What differs from one object, names and identifiers, differs from most: it is moved to the front,
 * so that it is looked at first. */
static bool may_be_alike(const struct tfr_likeness *likeness, struct tfr_likely *likely)
{
    const uint32_t attributes = likely->made->after.count;
    struct tally tally = { 0, 0 };

    for (uint32_t i = 0; i < likely->count && !is_unlike(tally, attributes); i++) {
        const struct tfr_trait trait = likely->traits[i];

        if (may_be_same(likeness, trait)) {
            tally.same++;
        } else {
            likely->traits[i] = likely->traits[tally.known - tally.same];
            likely->traits[tally.known - tally.same] = trait;
        }
        tally.known++;
    }
    return decide(tally) != TFR_OTHER;
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
    memset(likeness->places, 0, sizeof likeness->places);
    for (uint32_t i = 0; gone->kind == TFR_OBJECT && i < gone->count; i++) {
        const uint32_t name = tfr_member_name(gone, i)->id;
        struct place *place = &likeness->places[name & (PLACES - 1)];

        place->shared = place->name != 0;
        place->name = name + 1;
        place->hash = hash_of(tfr_member_value(gone, i));
    }
}

enum tfr_alike tfr_likeness_of(struct tfr_likeness *likeness, struct tfr_likely *likely)
{
    if (likely->made->after.kind != TFR_OBJECT)
        return TFR_TOO_LITTLE;
    if (likely->traits == NULL)
        find_traits(likeness, likely);
    return may_be_alike(likeness, likely) ? compare(likeness, &likely->made->after) : TFR_OTHER;
}
