/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/operators.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum relation { EQUAL, GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL };

struct question;

/* How an operator is asked. */
struct row {
    enum tfr_truth_value (*ask)(const struct question *question);
    enum relation relation;                                       /* of compared() and counted() */
    bool (*count)(const struct tfr_value *value, long long *out); /* of counted() */
};

struct question {
    const struct row *row;
    const struct tfr_value *value;  /* texts that are booleans are booleans */
    const struct tfr_value *wanted; /* of the policy */
    struct tfr_regex *regex;
};

static enum tfr_truth_value truth(bool yes)
{
    return yes ? TFR_YES : TFR_NO;
}

static bool is_text(const struct tfr_value *value)
{
    return value->kind == TFR_STRING;
}

static bool has_part(const struct tfr_value *text, const struct tfr_value *part)
{
    if (part->count > text->count)
        return false;
    for (uint32_t i = 0; i + part->count <= text->count; i++) {
        if (memcmp(text->text + i, part->text, part->count) == 0)
            return true;
    }
    return false;
}

/* str(a) against str(b), as strcmp. */
static int compare_texts(const struct tfr_value *a, const struct tfr_value *b, bool ignore_case)
{
    struct tfr_buf left = { 0 }, right = { 0 };
    size_t len;
    const char *x = tfr_python_text(a, &left, &len), *y = tfr_python_text(b, &right, &len);
    const int order = ignore_case ? strcasecmp(x, y) : strcmp(x, y);

    tfr_buf_fini(&left);
    tfr_buf_fini(&right);
    return order;
}

static enum tfr_truth_value equals(const struct question *q)
{
    if (q->value->kind == TFR_BOOL && q->wanted->kind == TFR_BOOL)
        return truth(q->value->truth == q->wanted->truth);
    if (tfr_value_missing(q->value) && q->wanted->kind == TFR_BOOL)
        return TFR_NO; /* None is neither */
    if (q->value->kind == TFR_BOOL || q->wanted->kind == TFR_BOOL)
        return truth(compare_texts(q->value, q->wanted, true) == 0);
    if (q->value->kind == q->wanted->kind && tfr_value_is_container(q->value))
        return truth(tfr_value_equal(q->value, q->wanted));
    if (is_text(q->value) && is_text(q->wanted))
        return truth(q->value->count == q->wanted->count &&
                     memcmp(q->value->text, q->wanted->text, q->value->count) == 0);
    return truth(compare_texts(q->value, q->wanted, false) == 0);
}

static enum tfr_truth_value equals_ignore_case(const struct question *q)
{
    return truth(compare_texts(q->value, q->wanted, true) == 0);
}

static enum tfr_truth_value regex_match(const struct question *q)
{
    struct tfr_buf room = { 0 };
    enum tfr_truth_value result;
    const char *text;
    size_t len;

    if (!is_text(q->wanted))
        return TFR_NO;
    text = tfr_python_text(q->value, &room, &len);
    result = tfr_regex_match(q->regex, q->wanted->text, text, len);
    tfr_buf_fini(&room);
    return result;
}

static enum tfr_truth_value exists(const struct question *q)
{
    return truth(!tfr_value_missing(q->value));
}

static enum tfr_truth_value any(const struct question *q)
{
    (void)q;
    return TFR_YES;
}

static bool list_has(const struct tfr_value *list, const struct tfr_value *wanted)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (tfr_python_equal(&list->items[i], wanted))
            return true;
    }
    return false;
}

static bool map_has_key(const struct tfr_value *map, const struct tfr_value *wanted)
{
    for (uint32_t i = 0; is_text(wanted) && i < map->count; i++) {
        const struct tfr_sym *name = tfr_member_name(map, i);

        if (name->len == wanted->count && memcmp(name->text, wanted->text, name->len) == 0)
            return true;
    }
    return false;
}

/* Python's `wanted in value`; numbers and booleans hold nothing and raise. */
static enum tfr_truth_value holds(const struct tfr_value *value, const struct tfr_value *wanted)
{
    switch (value->kind) {
    case TFR_STRING:
        return is_text(wanted) ? truth(has_part(value, wanted)) : TFR_BROKEN;
    case TFR_LIST:
        return truth(list_has(value, wanted));
    case TFR_OBJECT:
        return tfr_value_is_container(wanted) ? TFR_BROKEN : truth(map_has_key(value, wanted));
    default:
        return TFR_BROKEN;
    }
}

static bool is_word(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && memcmp(text, word, len) == 0;
}

/* A text that JSON reads as a number, boolean or null holds nothing; a quoted one is what stands
 * between the quotes. */
static bool is_json_atom(const char *text, size_t len)
{
    const char *end = text + len;

    while (text < end && isspace((unsigned char)*text))
        text++;
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    if (is_word(text, (size_t)(end - text), "null") ||
        is_word(text, (size_t)(end - text), "true") || is_word(text, (size_t)(end - text), "false"))
        return true;
    text += text < end && *text == '-';
    if (text == end || !isdigit((unsigned char)*text))
        return false;
    text += *text == '0' ? 1 : strspn(text, "0123456789");
    if (text + 1 < end && *text == '.' && isdigit((unsigned char)text[1]))
        text += 1 + strspn(text + 1, "0123456789");
    if (text + 1 < end && (*text == 'e' || *text == 'E')) {
        text += 1 + (text[1] == '+' || text[1] == '-');
        if (!isdigit((unsigned char)*text))
            return false;
        text += strspn(text, "0123456789");
    }
    return text == end;
}

static enum tfr_truth_value map_contains(const struct question *q)
{
    enum tfr_truth_value result = holds(q->value, q->wanted);

    for (uint32_t i = 0; i < q->value->count && result == TFR_NO; i++) {
        const struct tfr_value *one = tfr_member_value(q->value, i);

        if (is_text(one) || tfr_value_is_container(one))
            result = holds(one, q->wanted);
    }
    return result;
}

static enum tfr_truth_value contains(const struct question *q)
{
    struct tfr_value inner = *q->value;

    if (tfr_value_missing(q->value))
        return tfr_value_is_container(q->wanted) ? TFR_BROKEN : TFR_NO;
    if (q->value->kind == TFR_OBJECT)
        return map_contains(q);
    if (is_text(q->value) && is_json_atom(q->value->text, q->value->count))
        return TFR_BROKEN;
    if (is_text(q->value) && inner.count >= 2 && (inner.text[0] == '"' || inner.text[0] == '\'') &&
        inner.text[inner.count - 1] == inner.text[0]) {
        inner.text++;
        inner.count -= 2;
    }
    return holds(&inner, q->wanted);
}

static enum tfr_truth_value within(const struct question *q)
{
    if (q->wanted->kind == TFR_LIST) {
        for (uint32_t i = 0; i < q->wanted->count; i++) {
            if (tfr_python_equal(q->value, &q->wanted->items[i]))
                return TFR_YES;
        }
        return TFR_NO;
    }
    if (is_text(q->wanted))
        return is_text(q->value) ? truth(has_part(q->wanted, q->value)) : TFR_BROKEN;
    if (q->wanted->kind == TFR_OBJECT && !tfr_value_is_container(q->value))
        return truth(map_has_key(q->wanted, q->value));
    return TFR_BROKEN;
}

static enum tfr_truth_value starting_with(const struct question *q)
{
    if (is_text(q->value) && !is_text(q->wanted))
        return TFR_BROKEN;
    return truth(is_text(q->value) && q->value->count >= q->wanted->count &&
                 memcmp(q->value->text, q->wanted->text, q->wanted->count) == 0);
}

static enum tfr_truth_value ending_with(const struct question *q)
{
    if (is_text(q->value) && !is_text(q->wanted))
        return TFR_BROKEN;
    return truth(is_text(q->value) && q->value->count >= q->wanted->count &&
                 memcmp(q->value->text + q->value->count - q->wanted->count, q->wanted->text,
                        q->wanted->count) == 0);
}

/* -1, 0, 1. Zero and what is no number compare as text: that is what Checkov does. */
static int order_of(const struct question *q)
{
    double x = 0, y = 0;
    const bool numbers = tfr_python_float(q->value, &x) && tfr_python_float(q->wanted, &y);
    int order;

    if (numbers && x != 0.0 && y != 0.0)
        return (x > y) - (x < y);
    order = compare_texts(q->value, q->wanted, false);
    return (order > 0) - (order < 0);
}

static bool stands(enum relation relation, int order)
{
    switch (relation) {
    case EQUAL:
        return order == 0;
    case GREATER:
        return order > 0;
    case GREATER_OR_EQUAL:
        return order >= 0;
    case LESS:
        return order < 0;
    default:
        return order <= 0;
    }
}

static enum tfr_truth_value compared(const struct question *q)
{
    return truth(!tfr_value_missing(q->value) && stands(q->row->relation, order_of(q)));
}

/* Characters, not bytes. */
static long long characters(const struct tfr_value *value)
{
    long long count = 0;

    for (uint32_t i = 0; i < value->count; i++)
        count += ((unsigned char)value->text[i] & 0xC0u) != 0x80u;
    return count;
}

/* Elements of a policy value seen as a set: a list's items, a map's keys, or characters. */
static bool set_has(const struct tfr_value *set, const struct tfr_value *one)
{
    if (set->kind == TFR_LIST) {
        for (uint32_t i = 0; i < set->count; i++) {
            if (tfr_python_equal(one, &set->items[i]))
                return true;
        }
        return false;
    }
    if (is_text(set))
        return is_text(one) && characters(one) == 1 && has_part(set, one);
    return map_has_key(set, one);
}

/* Python's sets hold no lists and no maps. */
static bool is_no_set(const struct tfr_value *value)
{
    for (uint32_t i = 0; value->kind == TFR_LIST && i < value->count; i++) {
        if (tfr_value_is_container(&value->items[i]))
            return true;
    }
    return false;
}

/* A policy's value that is no list, text or map cannot be asked for what it holds. */
static bool is_unasked(const struct tfr_value *wanted)
{
    return (!tfr_value_is_container(wanted) && !is_text(wanted)) || is_no_set(wanted);
}

static bool has_keys(const struct tfr_value *set, const struct tfr_value *map)
{
    for (uint32_t i = 0; i < map->count; i++) {
        const struct tfr_sym *name = tfr_member_name(map, i);
        const struct tfr_value key = { .kind = TFR_STRING,
                                       .text = name->text,
                                       .count = (uint32_t)name->len };

        if (!set_has(set, &key))
            return false;
    }
    return true;
}

static enum tfr_truth_value subset(const struct question *q)
{
    if (is_unasked(q->wanted) || is_no_set(q->value))
        return TFR_BROKEN;
    if (q->value->kind == TFR_OBJECT)
        return truth(!tfr_value_is_placed(q->value) && has_keys(q->wanted, q->value));
    if (q->value->kind != TFR_LIST)
        return truth(set_has(q->wanted, q->value));
    for (uint32_t i = 0; i < q->value->count; i++) {
        if (!set_has(q->wanted, &q->value->items[i]))
            return TFR_NO;
    }
    return TFR_YES;
}

/* A map is never empty for Checkov: it keeps the place it came from in each. */
static enum tfr_truth_value is_empty(const struct question *q)
{
    return truth((is_text(q->value) || tfr_value_is_container(q->value)) &&
                 !tfr_value_is_placed(q->value) && q->value->count == 0);
}

static enum tfr_truth_value is_true(const struct question *q)
{
    return truth(q->value->kind == TFR_BOOL && q->value->truth);
}

static bool length_of(const struct tfr_value *value, long long *out)
{
    if (is_text(value))
        *out = characters(value);
    else if (value->kind == TFR_LIST)
        *out = value->count;
    else if (value->kind == TFR_OBJECT)
        *out = 1;
    else
        return false;
    return true;
}

static bool words_of(const struct tfr_value *value, long long *out)
{
    bool inside = false;
    long long count = 0;

    if (!is_text(value))
        return false;
    for (uint32_t i = 0; i < value->count; i++) {
        const bool space = isspace((unsigned char)value->text[i]) != 0;

        count += !space && !inside;
        inside = !space;
    }
    *out = count;
    return true;
}

/* How a count of the value stands to the wanted one; false if either has none. */
static enum tfr_truth_value counted(const struct question *q)
{
    const struct tfr_whole want = tfr_python_int(q->wanted);
    long long have = 0;

    if (!q->row->count(q->value, &have) || !want.is)
        return TFR_NO;
    return truth(stands(q->row->relation, (have > want.value) - (have < want.value)));
}

/* Is one item of a list, or one key of a map, among what the policy wants? */
static enum tfr_truth_value item_in(const struct tfr_value *item, const struct tfr_value *wanted)
{
    if (wanted->kind == TFR_LIST)
        return truth(list_has(wanted, item));
    return tfr_value_is_container(item) ? TFR_BROKEN : truth(map_has_key(wanted, item));
}

/* Does any character of a text stand among what the policy wants? */
static bool character_in(const struct tfr_value *text, const struct tfr_value *wanted)
{
    for (uint32_t at = 0, next; at < text->count; at = next) {
        struct tfr_value one = { .kind = TFR_STRING, .text = text->text + at };

        for (next = at + 1;
             next < text->count && ((unsigned char)text->text[next] & 0xC0u) == 0x80u;)
            next++;
        one.count = next - at;
        if (item_in(&one, wanted) == TFR_YES)
            return true;
    }
    return false;
}

static enum tfr_truth_value intersects(const struct question *q)
{
    enum tfr_truth_value result = TFR_NO;

    if (is_text(q->wanted))
        return truth(holds(q->value, q->wanted) == TFR_YES);
    if (!tfr_value_is_container(q->wanted))
        return TFR_NO;
    if (is_text(q->value))
        return truth(character_in(q->value, q->wanted));
    for (uint32_t i = 0;
         tfr_value_is_container(q->value) && i < q->value->count && result == TFR_NO; i++) {
        struct tfr_value key = { .kind = TFR_STRING };

        if (q->value->kind == TFR_OBJECT) {
            key.text = tfr_member_name(q->value, i)->text;
            key.count = (uint32_t)tfr_member_name(q->value, i)->len;
        }
        result = item_in(q->value->kind == TFR_OBJECT ? &key : &q->value->items[i], q->wanted);
    }
    return result;
}

static enum tfr_truth_value range_includes(const struct question *q)
{
    return tfr_value_missing(q->value) ? TFR_NO : tfr_ranges_meet(q->value, q->wanted);
}

static bool is_falsy(const struct tfr_value *value)
{
    double number = 1;

    if (value->kind == TFR_NUMBER)
        return tfr_python_float(value, &number) && number == 0.0;
    if (value->kind == TFR_BOOL)
        return !value->truth;
    return tfr_value_missing(value) || value->count == 0;
}

static enum tfr_truth_value cidr_subset(const struct question *q)
{
    if (q->value->kind == TFR_OBJECT)
        return TFR_BROKEN;
    return is_falsy(q->value) ? TFR_NO : tfr_cidr_within(q->value, q->wanted);
}

enum tfr_truth_value tfr_operator_apply(enum tfr_operator op, const struct tfr_value *value,
                                        const struct tfr_value *wanted, struct tfr_regex *regex)
{
    static const struct row rows[] = {
        [TFR_OP_EQUALS] = { .ask = equals },
        [TFR_OP_EQUALS_IGNORE_CASE] = { .ask = equals_ignore_case },
        [TFR_OP_REGEX_MATCH] = { .ask = regex_match },
        [TFR_OP_EXISTS] = { .ask = exists },
        [TFR_OP_ANY] = { .ask = any },
        [TFR_OP_CONTAINS] = { .ask = contains },
        [TFR_OP_WITHIN] = { .ask = within },
        [TFR_OP_STARTING_WITH] = { .ask = starting_with },
        [TFR_OP_ENDING_WITH] = { .ask = ending_with },
        [TFR_OP_GREATER_THAN] = { compared, GREATER, NULL },
        [TFR_OP_GREATER_THAN_OR_EQUAL] = { compared, GREATER_OR_EQUAL, NULL },
        [TFR_OP_LESS_THAN] = { compared, LESS, NULL },
        [TFR_OP_LESS_THAN_OR_EQUAL] = { compared, LESS_OR_EQUAL, NULL },
        [TFR_OP_SUBSET] = { .ask = subset },
        [TFR_OP_IS_EMPTY] = { .ask = is_empty },
        [TFR_OP_LENGTH_EQUALS] = { counted, EQUAL, length_of },
        [TFR_OP_LENGTH_GREATER_THAN] = { counted, GREATER, length_of },
        [TFR_OP_LENGTH_GREATER_THAN_OR_EQUAL] = { counted, GREATER_OR_EQUAL, length_of },
        [TFR_OP_LENGTH_LESS_THAN] = { counted, LESS, length_of },
        [TFR_OP_LENGTH_LESS_THAN_OR_EQUAL] = { counted, LESS_OR_EQUAL, length_of },
        [TFR_OP_IS_TRUE] = { .ask = is_true },
        [TFR_OP_INTERSECTS] = { .ask = intersects },
        [TFR_OP_RANGE_INCLUDES] = { .ask = range_includes },
        [TFR_OP_WORDS_EQUALS] = { counted, EQUAL, words_of },
        [TFR_OP_WORDS_GREATER_THAN] = { counted, GREATER, words_of },
        [TFR_OP_WORDS_GREATER_THAN_OR_EQUAL] = { counted, GREATER_OR_EQUAL, words_of },
        [TFR_OP_WORDS_LESS_THAN] = { counted, LESS, words_of },
        [TFR_OP_WORDS_LESS_THAN_OR_EQUAL] = { counted, LESS_OR_EQUAL, words_of },
        [TFR_OP_CIDR_SUBSET] = { .ask = cidr_subset },
        [TFR_OP_ONE_EXISTS] = { .ask = exists },
    };
    const struct question question = {
        .row = &rows[op], .value = value, .wanted = wanted, .regex = regex
    };

    return rows[op].ask(&question);
}
