/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges of whole numbers: 80, "1024-65535", "*". */
#include "policies/operators.h"

#include <string.h>

static bool is_range(const struct tfr_value *value, struct tfr_whole *from, struct tfr_whole *to)
{
    const char *dash = value->kind == TFR_STRING ? memchr(value->text, '-', value->count) : NULL;

    if (dash == NULL ||
        memchr(dash + 1, '-', value->count - (size_t)(dash + 1 - value->text)) != NULL)
        return false;
    *from = tfr_python_int_text(value->text, (size_t)(dash - value->text));
    *to = tfr_python_int_text(dash + 1, value->count - (size_t)(dash + 1 - value->text));
    return true;
}

static bool ranges_meet(const struct tfr_value *value, const struct tfr_value *wanted)
{
    struct tfr_whole from = { 0 }, to = { 0 }, low = { 0 }, high = { 0 };
    const bool range = is_range(wanted, &low, &high);
    const struct tfr_whole one = tfr_python_int(wanted);

    if (range && (!low.is || !high.is))
        return false;
    if (value->kind == TFR_STRING && value->count == 1 && value->text[0] == '*')
        return true;
    if (is_range(value, &from, &to)) {
        if (!from.is || !to.is || (!range && !one.is))
            return false;
        return range ? from.value <= high.value && low.value <= to.value
                     : from.value <= one.value && one.value <= to.value;
    }
    from = tfr_python_int(value);
    if (range)
        return from.is && low.value <= from.value && from.value <= high.value;
    return from.is == one.is && (!from.is || from.value == one.value);
}

static bool range_in_any(const struct tfr_value *value, const struct tfr_value *wanted)
{
    if (wanted->kind != TFR_LIST)
        return ranges_meet(value, wanted);
    for (uint32_t i = 0; i < wanted->count; i++) {
        if (ranges_meet(value, &wanted->items[i]))
            return true;
    }
    return false;
}

bool tfr_ranges_meet(const struct tfr_value *value, const struct tfr_value *wanted)
{
    if (value->kind != TFR_LIST)
        return range_in_any(value, wanted);
    for (uint32_t i = 0; i < value->count; i++) {
        if (range_in_any(&value->items[i], wanted))
            return true;
    }
    return false;
}
