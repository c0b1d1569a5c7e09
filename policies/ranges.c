/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges of whole numbers: 80, "1024-65535", "*". */
#include "policies/operators.h"

#include <string.h>

/* One thing that a policy wants, as Python has it after int() of texts and whole numbers. */
struct wish {
    enum { RANGE, WHOLE, FRACTION, NOTHING, NEVER } is;
    long long low, high; /* of a range; a whole number is both */
    double fraction;
};

static uint32_t dashes(const struct tfr_value *value)
{
    uint32_t count = 0;

    for (uint32_t i = 0; value->kind == TFR_STRING && i < value->count; i++)
        count += value->text[i] == '-';
    return count;
}

/* The numbers at both sides of the only dash. */
static void read_ends(const struct tfr_value *value, struct tfr_whole *from, struct tfr_whole *to)
{
    const size_t at = (size_t)((const char *)memchr(value->text, '-', value->count) - value->text);

    *from = tfr_python_int_text(value->text, at);
    *to = tfr_python_int_text(value->text + at + 1, value->count - at - 1);
}

/* @return false if Python raises: a text with two dashes is no range */
static bool read_wish(const struct tfr_value *wanted, struct wish *out)
{
    const uint32_t count = dashes(wanted);
    struct tfr_whole from, to;

    *out = (struct wish){ .is = NEVER };
    if (count == 1) {
        read_ends(wanted, &from, &to);
        if (from.is && to.is)
            *out = (struct wish){ .is = RANGE, .low = from.value, .high = to.value };
        return true;
    }
    if (wanted->kind == TFR_NUMBER && strpbrk(wanted->text, ".eE") != NULL) {
        out->is = tfr_python_float(wanted, &out->fraction) ? FRACTION : NEVER;
    } else if (!tfr_value_is_container(wanted)) {
        from = tfr_python_int(wanted);
        *out = (struct wish){ from.is ? WHOLE : NOTHING, from.value, from.value, 0 };
    }
    return count == 0;
}

static bool range_meets(const struct tfr_value *value, const struct wish *wish)
{
    struct tfr_whole from, to;

    read_ends(value, &from, &to);
    if (!from.is || !to.is)
        return false;
    if (wish->is == FRACTION)
        return (double)from.value <= wish->fraction && wish->fraction <= (double)to.value;
    return (wish->is == RANGE || wish->is == WHOLE) && from.value <= wish->high &&
           wish->low <= to.value;
}

static bool meets(const struct tfr_value *value, const struct wish *wish)
{
    struct tfr_whole one;

    if (value->kind == TFR_STRING && value->count == 1 && value->text[0] == '*')
        return true;
    if (dashes(value) == 1)
        return range_meets(value, wish);
    one = tfr_python_int(value);
    if (wish->is == NOTHING || !one.is)
        return wish->is == NOTHING && !one.is;
    if (wish->is == FRACTION)
        return (double)one.value == wish->fraction;
    return (wish->is == RANGE || wish->is == WHOLE) && wish->low <= one.value &&
           one.value <= wish->high;
}

/* What is no range and can be none meets nothing, not even "*". */
static bool counts(const struct wish *wish, const struct tfr_value *wanted)
{
    return wish->is != NEVER || dashes(wanted) == 0;
}

static bool any_meets(const struct tfr_value *value, const struct wish *wish)
{
    if (value->kind != TFR_LIST)
        return meets(value, wish);
    for (uint32_t i = 0; i < value->count; i++) {
        if (meets(&value->items[i], wish))
            return true;
    }
    return false;
}

enum tfr_truth_value tfr_ranges_meet(const struct tfr_value *value, const struct tfr_value *wanted)
{
    const bool list = wanted->kind == TFR_LIST;
    const uint32_t count = list ? wanted->count : 1;
    bool found = false;

    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_value *one = list ? &wanted->items[i] : wanted;
        struct wish wish;

        if (!read_wish(one, &wish))
            return TFR_BROKEN;
        found = found || (counts(&wish, one) && any_meets(value, &wish));
    }
    return found ? TFR_YES : TFR_NO;
}
