/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/likeness.h"

#include <string.h>

/* Attributes that must be known for likeness to mean anything, and how many of a hundred must
 * agree. */
#define KNOWN_LEAST 5
#define AGREE_PERCENT 90

/* Two objects that are held against each other. */
struct look {
    struct tfr_likeness *likeness;
    const struct tfr_value *before, *after;
    uint32_t known, same;
};

void tfr_likeness_init(struct tfr_likeness *likeness, const struct tfr_names *names)
{
    *likeness =
        (struct tfr_likeness){ .tags_all = tfr_names_find(names, "tags_all", strlen("tags_all")) };
}

/* Attributes that differ and are enough to say that it is another object, whatever the rest says.
 */
static bool is_unlike(const struct look *look)
{
    return (look->known - look->same) * 100 > look->after->count * (100 - AGREE_PERCENT);
}

static bool is_empty(const struct tfr_value *value)
{
    return tfr_value_is_blank(value) || (value->kind == TFR_BOOL && !value->truth);
}

/* The same member of the old object: documents write members in one order, in which those that are
 * not known yet stand last. @param place where it may be, and then where it is */
static const struct tfr_value *counterpart(const struct tfr_value *object, uint32_t *place,
                                           const struct tfr_sym *name)
{
    if (object->kind != TFR_OBJECT)
        return tfr_value_member(object, name);
    if (*place < object->count && object->members[*place].name == name)
        return &object->members[*place].value;
    for (uint32_t i = 0; i < object->count; i++) {
        if (object->members[i].name == name) {
            *place = i;
            return &object->members[i].value;
        }
    }
    return &tfr_absent;
}

static bool is_same(const struct tfr_value *value, const struct tfr_value *other)
{
    if (value->kind != TFR_STRING) /* as most are */
        return tfr_value_equal(value, other);
    return other->kind == TFR_STRING && value->count == other->count &&
           memcmp(value->text, other->text, value->count) == 0;
}

/* @return whether the attribute is another one */
static bool compare_one(struct look *look, struct tfr_telling *at)
{
    const struct tfr_sym *name = look->after->members[at->after].name;
    const struct tfr_value *value = &look->after->members[at->after].value;
    bool same;

    if (value->kind == TFR_UNKNOWN || is_empty(value) || name == look->likeness->tags_all)
        return false;
    same = is_same(value, counterpart(look->before, &at->before, name));
    if (!same && tfr_value_is_container(value) && tfr_value_has_unknown(value))
        return false;
    look->known++;
    look->same += same;
    return !same;
}

/* What told the last ones apart mostly tells these apart, without a look at all the rest. */
static bool is_told_apart(struct look *look)
{
    struct tfr_likeness *likeness = look->likeness;

    for (uint32_t i = 0; i < likeness->telling_count && !is_unlike(look); i++) {
        if (likeness->telling[i].after < look->after->count)
            (void)compare_one(look, &likeness->telling[i]);
    }
    return is_unlike(look);
}

/* It goes to the front; the one that told nothing for the longest time makes room. */
static void note_telling(struct tfr_likeness *likeness, struct tfr_telling telling)
{
    uint32_t at = 0;

    while (at < likeness->telling_count && likeness->telling[at].after != telling.after)
        at++;
    if (at == likeness->telling_count) {
        likeness->telling_count += likeness->telling_count < TFR_TELLING;
        at = likeness->telling_count - 1;
    }
    memmove(likeness->telling + 1, likeness->telling, at * sizeof *likeness->telling);
    likeness->telling[0] = telling;
}

enum tfr_alike tfr_likeness_of(struct tfr_likeness *likeness, const struct tfr_value *before,
                               const struct tfr_value *after)
{
    struct look look = { .likeness = likeness, .before = before, .after = after };
    struct tfr_telling at = { 0, 0 };

    if (after->kind != TFR_OBJECT)
        return TFR_TOO_LITTLE_KNOWN;
    if (is_told_apart(&look))
        return TFR_UNLIKE;
    look.known = look.same = 0;
    for (; at.after < after->count && !is_unlike(&look); at.after++, at.before++) {
        if (compare_one(&look, &at))
            note_telling(likeness, at);
    }
    if (look.known >= KNOWN_LEAST)
        return look.same * 100 >= look.known * AGREE_PERCENT ? TFR_ALIKE : TFR_UNLIKE;
    return look.same == look.known ? TFR_TOO_LITTLE_KNOWN : TFR_UNLIKE;
}
