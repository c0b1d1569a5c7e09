/* SPDX-License-Identifier: Apache-2.0 */
/* Which attributes Checkov takes for changed: it compares what a plan writes before and after,
 * where what is not known is missing, or null in a list. */
#include "policies/context.h"

#define MOST_DEEP 64 /* deeper values count as changed */

static bool same(const struct tfr_value *before, const struct tfr_value *after, int depth);

static bool same_lists(const struct tfr_value *before, const struct tfr_value *after, int depth)
{
    static const struct tfr_value null = { .kind = TFR_NULL };

    for (uint32_t i = 0; i < before->count; i++) {
        const struct tfr_value *item = &after->items[i];

        if (!same(&before->items[i], item->kind == TFR_UNKNOWN ? &null : item, depth + 1))
            return false;
    }
    return true;
}

static bool same_maps(const struct tfr_value *before, const struct tfr_value *after, int depth)
{
    uint32_t known = 0;

    for (uint32_t i = 0; i < after->count; i++) {
        const struct tfr_member member = tfr_member_at(after, i);

        if (member.value->kind == TFR_UNKNOWN)
            continue;
        known++;
        if (!same(tfr_value_member(before, member.name), member.value, depth + 1))
            return false;
    }
    return known == before->count;
}

static bool same(const struct tfr_value *before, const struct tfr_value *after, int depth)
{
    if (!tfr_value_is_container(before) || before->kind != after->kind)
        return tfr_value_equal(before, after);
    if (depth == MOST_DEEP)
        return false;
    if (before->kind == TFR_OBJECT)
        return same_maps(before, after, depth);
    return before->count == after->count && same_lists(before, after, depth);
}

bool tfr_checkov_is_same(const struct tfr_value *before, const struct tfr_value *after)
{
    if (after->kind == TFR_UNKNOWN || tfr_value_missing(after))
        return tfr_value_missing(before);
    return same(before, after, 0);
}
