/* SPDX-License-Identifier: Apache-2.0 */
/* Looking into values. */
#include "planparse/planparse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct tfr_value tfr_absent = { .kind = TFR_ABSENT };

/* What the members of an unknown or sensitive whole look like when the whole has no members of its
 * own. */
static const struct tfr_value unknown = { .kind = TFR_UNKNOWN };
static const struct tfr_value secret_unknown = { .kind = TFR_UNKNOWN, .sensitive = true };

static const struct tfr_value *inside(const struct tfr_value *value)
{
    if (value->kind != TFR_UNKNOWN)
        return &tfr_absent;
    return value->sensitive ? &secret_unknown : &unknown;
}

const struct tfr_value *tfr_value_hashed(const struct tfr_value *value, const char *name,
                                         size_t len, uint32_t hash)
{
    uint32_t at;

    if (value->kind != TFR_OBJECT)
        return inside(value);
    if (value->count == 0)
        return &tfr_absent;
    at = tfr_layout_find(value->object->layout, name, len, hash);
    return at < value->count ? tfr_member_value(value, at) : &tfr_absent;
}

const struct tfr_value *tfr_value_member(const struct tfr_value *value, const struct tfr_sym *name)
{
    uint32_t at;

    if (value->kind != TFR_OBJECT)
        return inside(value);
    if (value->count == 0)
        return &tfr_absent;
    at = tfr_layout_place(value->object->layout, name);
    return at < value->count ? tfr_member_value(value, at) : &tfr_absent;
}

struct tfr_making tfr_making_begin(struct tfr_arena *arena, size_t most)
{
    return (struct tfr_making){ .arena = arena,
                                .object = tfr_arena_alloc(arena, tfr_object_size(most)),
                                .names = tfr_malloc((most + 1) * sizeof(const struct tfr_sym *)) };
}

void tfr_making_add(struct tfr_making *making, const struct tfr_sym *name, struct tfr_value value)
{
    making->names[making->count] = name;
    making->object->values[making->count++] = value;
}

struct tfr_value tfr_making_end(struct tfr_making *making)
{
    const struct tfr_value out = { .kind = TFR_OBJECT,
                                   .count = making->count,
                                   .object = making->count > 0 ? making->object : NULL };

    making->object->layout = tfr_layout_new(making->arena, making->names, making->count);
    tfr_free(making->names);
    return out;
}

const struct tfr_value *tfr_value_item(const struct tfr_value *value, size_t index)
{
    if (value->kind != TFR_LIST)
        return inside(value);
    return index < value->count ? &value->items[index] : &tfr_absent;
}

static bool read_index(const char *step, size_t len, size_t *out)
{
    size_t index = 0;

    if (len == 0 || len > 9)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (step[i] < '0' || step[i] > '9')
            return false;
        index = index * 10 + (size_t)(step[i] - '0');
    }
    *out = index;
    return true;
}

const struct tfr_value *tfr_value_path(const struct tfr_value *value, const char *path)
{
    while (*path != '\0') {
        const char *dot = strchr(path, '.');
        size_t len = dot != NULL ? (size_t)(dot - path) : strlen(path);
        size_t index;

        if (value->kind == TFR_LIST && read_index(path, len, &index)) {
            value = tfr_value_item(value, index);
        } else {
            if (value->kind == TFR_LIST && value->count == 1)
                value = &value->items[0];
            value = tfr_value_named(value, path, len);
        }
        path += len + (dot != NULL);
    }
    return value;
}

bool tfr_value_true(const struct tfr_value *value)
{
    return (value->kind == TFR_BOOL && value->truth) || tfr_value_is(value, "true");
}

bool tfr_value_missing(const struct tfr_value *value)
{
    return value->kind == TFR_NULL || value->kind == TFR_ABSENT;
}

bool tfr_value_is_blank(const struct tfr_value *value)
{
    return tfr_value_missing(value) ||
           ((value->kind == TFR_STRING || tfr_value_is_container(value)) && value->count == 0);
}

/* Digits alone, few enough for any number of them to fit: what most numbers are. */
#define PLAIN_DIGITS 18

static bool read_plain(const struct tfr_value *value, long long *out)
{
    long long number = 0;

    for (uint32_t i = 0; i < value->count; i++) {
        const char digit = value->text[i];

        if (digit < '0' || digit > '9' || i == PLAIN_DIGITS)
            return false;
        number = number * 10 + (digit - '0');
    }
    *out = number;
    return true;
}

bool tfr_value_integer(const struct tfr_value *value, long long *out)
{
    long long number;
    char *end;

    if ((value->kind != TFR_NUMBER && value->kind != TFR_STRING) || value->count == 0)
        return false;
    if (read_plain(value, out))
        return true;
    errno = 0;
    number = strtoll(value->text, &end, 10);
    if (errno != 0 || end != value->text + value->count || value->text[0] == ' ')
        return false;
    *out = number;
    return true;
}

/* ---- comparing ---------------------------------------------------------------------------------
 */

/* A decimal taken apart: digits without leading and trailing zeros, and the power of ten behind the
 * first digit. */
struct decimal {
    bool negative;
    const char *text;
    size_t len;
    size_t first;  /* first digit that is not 0 */
    size_t digits; /* how many from there to the last that is not 0 */
    long long scale;
};

static void read_decimal(const struct tfr_value *value, struct decimal *out)
{
    long long exponent = 0;
    size_t at = 0;
    size_t mantissa = value->count;
    size_t point = SIZE_MAX;
    size_t last = 0;
    bool found = false;

    *out = (struct decimal){ .text = value->text };
    out->negative = value->count > 0 && value->text[0] == '-';
    for (at = 0; at < value->count; at++) {
        if (value->text[at] == 'e' || value->text[at] == 'E') {
            mantissa = at;
            errno = 0;
            exponent = strtoll(value->text + at + 1, NULL, 10);
            break;
        }
        if (value->text[at] == '.')
            point = at;
        if (value->text[at] >= '1' && value->text[at] <= '9') {
            if (!found)
                out->first = at;
            found = true;
            last = at;
        }
    }
    if (!found)
        return; /* zero: no digits, no sign */
    if (point == SIZE_MAX)
        point = mantissa;
    out->len = last + 1 - out->first;
    out->digits = out->len - (point > out->first && point < last ? 1 : 0);
    out->scale = exponent + (point > out->first ? (long long)(point - out->first)
                                                : (long long)point - (long long)out->first + 1);
}

static bool numbers_equal(const struct tfr_value *a, const struct tfr_value *b)
{
    struct decimal x;
    struct decimal y;
    size_t i = 0;
    size_t j = 0;

    if (a->count == b->count && memcmp(a->text, b->text, a->count) == 0)
        return true;
    read_decimal(a, &x);
    read_decimal(b, &y);
    if (x.digits == 0 || y.digits == 0)
        return x.digits == y.digits;
    if (x.negative != y.negative || x.digits != y.digits || x.scale != y.scale)
        return false;
    for (size_t n = 0; n < x.digits; n++, i++, j++) {
        i += x.text[x.first + i] == '.';
        j += y.text[y.first + j] == '.';
        if (x.text[x.first + i] != y.text[y.first + j])
            return false;
    }
    return true;
}

struct pair {
    const struct tfr_value *a, *b;
};

struct pairs {
    struct pair *at;
    size_t count, cap;
};

static void push_pair(struct pairs *pairs, const struct tfr_value *a, const struct tfr_value *b)
{
    pairs->at = tfr_grow(pairs->at, &pairs->cap, pairs->count + 1, sizeof *pairs->at);
    pairs->at[pairs->count++] = (struct pair){ a, b };
}

static bool scalars_equal(const struct tfr_value *a, const struct tfr_value *b)
{
    if (a->kind != b->kind || a->kind == TFR_UNKNOWN)
        return false;
    switch (a->kind) {
    case TFR_BOOL:
        return a->truth == b->truth;
    case TFR_NUMBER:
        return numbers_equal(a, b);
    case TFR_STRING:
        return a->count == b->count && memcmp(a->text, b->text, a->count) == 0;
    default:
        return true;
    }
}

/* Containers wait on the stack, which most values never need. */
static bool compare_pair(struct pairs *pairs, const struct tfr_value *a, const struct tfr_value *b)
{
    if (!tfr_value_is_container(a))
        return scalars_equal(a, b);
    if (a->kind != b->kind || a->count != b->count)
        return false;
    if (a->count > 0)
        push_pair(pairs, a, b);
    return true;
}

/* Objects with other names, or the same in another order. */
static bool objects_equal(struct pairs *pairs, const struct tfr_value *a, const struct tfr_value *b)
{
    bool equal = true;

    for (uint32_t i = 0; equal && i < a->count; i++) {
        const struct tfr_member member = tfr_member_at(a, i);

        /* by text: the other one may be of another document */
        equal = compare_pair(pairs, member.value,
                             tfr_value_named(b, member.name->text, member.name->len));
    }
    return equal;
}

/* Two lists of one length, or two objects with as many members. */
static bool level_equal(struct pairs *pairs, const struct tfr_value *a, const struct tfr_value *b)
{
    const struct tfr_value *left = tfr_value_children(a), *right = tfr_value_children(b);
    bool equal = true;

    if (a == b)
        return !tfr_value_has_unknown(a);
    if (a->kind == TFR_OBJECT && a->count > 0 && a->object->layout != b->object->layout)
        return objects_equal(pairs, a, b);
    for (uint32_t i = 0; equal && i < a->count; i++)
        equal = compare_pair(pairs, &left[i], &right[i]);
    return equal;
}

bool tfr_value_equal(const struct tfr_value *a, const struct tfr_value *b)
{
    struct pairs pairs = { 0 };
    bool equal;

    if (!tfr_value_is_container(a))
        return scalars_equal(a, b);
    equal = a->kind == b->kind && a->count == b->count && level_equal(&pairs, a, b);
    while (equal && pairs.count > 0) {
        const struct pair at = pairs.at[--pairs.count];

        equal = level_equal(&pairs, at.a, at.b);
    }
    tfr_free(pairs.at);
    return equal;
}

bool tfr_value_holds_unknown(const struct tfr_value *value)
{
    struct pairs todo = { 0 };
    bool found = false;

    while (!found) {
        for (uint32_t i = 0; !found && i < value->count; i++) {
            const struct tfr_value *one = &tfr_value_children(value)[i];

            found = one->kind == TFR_UNKNOWN;
            if (tfr_value_is_container(one) && one->count > 0 && !one->settled)
                push_pair(&todo, one, NULL);
        }
        if (todo.count == 0)
            break;
        value = todo.at[--todo.count].a;
    }
    tfr_free(todo.at);
    return found;
}
