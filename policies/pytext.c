/* SPDX-License-Identifier: Apache-2.0 */
/* Texts and equality as Python has them: policies of users rely on both. */
#include "policies/operators.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define INT_TEXT 128 /* bytes of a text that may be a whole number */
#define DEPTH 64     /* levels that are written; what lies deeper is "..." */

struct tfr_value tfr_python_value(const struct tfr_value *value)
{
    struct tfr_value out = *value;

    if (value->kind != TFR_STRING || (value->count != 4 && value->count != 5))
        return out;
    if (strcasecmp(value->text, "true") == 0) {
        out.kind = TFR_BOOL;
        out.truth = true;
    } else if (strcasecmp(value->text, "false") == 0) {
        out.kind = TFR_BOOL;
        out.truth = false;
    }
    return out;
}

static bool is_float_text(const struct tfr_value *value)
{
    return strpbrk(value->text, ".eE") != NULL;
}

/* The shortest digits that read back as the same number, in Python's form. */
static void add_float(struct tfr_buf *out, double number)
{
    char text[64];
    int precision = 1;
    const int size = (number == 0.0) ? 0 : (int)floor(log10(fabs(number)));

    do {
        (void)snprintf(text, sizeof text, "%.*e", precision - 1, number);
        precision++;
    } while (precision <= 17 && strtod(text, NULL) != number);
    if (size >= -4 && size < 16) {
        const int decimals = precision - 2 - size;

        (void)snprintf(text, sizeof text, "%.*f", decimals > 1 ? decimals : 1, number);
    }
    tfr_buf_puts(out, text);
}

static void add_number(struct tfr_buf *out, const struct tfr_value *value)
{
    if (is_float_text(value))
        add_float(out, strtod(value->text, NULL));
    else
        tfr_buf_add(out, value->text, value->count);
}

static void add_quoted(struct tfr_buf *out, const char *text, size_t len)
{
    const bool single = memchr(text, '\'', len) != NULL && memchr(text, '"', len) == NULL;
    const char quote = single ? '"' : '\'';

    tfr_buf_putc(out, quote);
    for (size_t i = 0; i < len; i++) {
        if (text[i] == quote || text[i] == '\\') {
            tfr_buf_putc(out, '\\');
            tfr_buf_putc(out, text[i]);
        } else if (text[i] == '\n') {
            tfr_buf_puts(out, "\\n");
        } else {
            tfr_buf_putc(out, text[i]);
        }
    }
    tfr_buf_putc(out, quote);
}

static void add_scalar(struct tfr_buf *out, const struct tfr_value *value, bool quoted)
{
    switch (value->kind) {
    case TFR_BOOL:
        tfr_buf_puts(out, value->truth ? "True" : "False");
        break;
    case TFR_NUMBER:
        add_number(out, value);
        break;
    case TFR_STRING:
        if (quoted)
            add_quoted(out, value->text, value->count);
        else
            tfr_buf_add(out, value->text, value->count);
        break;
    default:
        tfr_buf_puts(out, "None");
    }
}

struct open {
    const struct tfr_value *value;
    uint32_t next;
};

/* Writes what stands before the next child and returns it; NULL at the end. */
static const struct tfr_value *next_child(struct tfr_buf *out, struct open *top, const char *places)
{
    const bool list = top->value->kind == TFR_LIST;
    const uint32_t at = top->next++;

    if (at == 0)
        tfr_buf_putc(out, list ? '[' : '{');
    if (at == top->value->count) {
        if (!list && places != NULL) {
            tfr_buf_puts(out, at > 0 ? ", " : "");
            tfr_buf_puts(out, places);
        }
        tfr_buf_putc(out, list ? ']' : '}');
        return NULL;
    }
    if (at > 0)
        tfr_buf_puts(out, ", ");
    if (list)
        return &top->value->items[at];
    add_quoted(out, tfr_member_name(top->value, at)->text, tfr_member_name(top->value, at)->len);
    tfr_buf_puts(out, ": ");
    return tfr_member_value(top->value, at);
}

void tfr_python_str(struct tfr_buf *out, const struct tfr_value *value)
{
    tfr_python_str_of_maps(out, value, NULL);
}

void tfr_python_str_of_maps(struct tfr_buf *out, const struct tfr_value *value, const char *places)
{
    struct open stack[DEPTH];
    size_t depth = 1;

    if (!tfr_value_is_container(value)) {
        add_scalar(out, value, false);
        return;
    }
    stack[0] = (struct open){ value, 0 };
    while (depth > 0) {
        const struct tfr_value *child = next_child(out, &stack[depth - 1], places);

        if (child == NULL)
            depth--;
        else if (!tfr_value_is_container(child))
            add_scalar(out, child, true);
        else if (depth < DEPTH)
            stack[depth++] = (struct open){ child, 0 };
        else
            tfr_buf_puts(out, "...");
    }
}

const char *tfr_python_text(const struct tfr_value *value, struct tfr_buf *room, size_t *len)
{
    if (value->kind == TFR_STRING) {
        *len = value->count;
        return value->text;
    }
    if (!tfr_value_is_container(value) && value->kind != TFR_NUMBER) {
        const char *word = value->kind != TFR_BOOL ? "None" : (value->truth ? "True" : "False");

        *len = strlen(word);
        return word;
    }
    tfr_python_str(room, value);
    *len = room->len;
    return tfr_buf_text(room);
}

/* Python reads 1_000 as a thousand. @return false if an underscore stands anywhere but between two
 * digits, or the text is too long for a number */
static bool without_underscores(const char *text, size_t len, char *out, size_t size)
{
    size_t count = 0;

    if (len >= size)
        return false;
    for (size_t i = 0; i < len; i++) {
        const bool between = i > 0 && i + 1 < len && isdigit((unsigned char)text[i - 1]) &&
                             isdigit((unsigned char)text[i + 1]);

        if (text[i] == '_' && !between)
            return false;
        if (text[i] != '_')
            out[count++] = text[i];
    }
    out[count] = '\0';
    return true;
}

bool tfr_python_float(const struct tfr_value *value, double *out)
{
    char digits[INT_TEXT];
    const char *text;
    char *end;

    if (value->kind == TFR_BOOL) {
        *out = value->truth ? 1.0 : 0.0;
        return true;
    }
    if (value->kind != TFR_NUMBER && value->kind != TFR_STRING)
        return false;
    text = value->text;
    if (strlen(text) != value->count || strpbrk(text, "xXpP(") != NULL)
        return false;
    if (strchr(text, '_') != NULL) {
        if (!without_underscores(text, value->count, digits, sizeof digits))
            return false;
        text = digits;
    }
    *out = strtod(text, &end);
    if (end == text)
        return false;
    while (isspace((unsigned char)*end))
        end++;
    return *end == '\0';
}

struct tfr_whole tfr_python_int_text(const char *text, size_t len)
{
    char digits[INT_TEXT];
    struct tfr_whole out = { false, 0 };
    char *end;

    if (len == 0 || !without_underscores(text, len, digits, sizeof digits))
        return out;
    out.value = strtoll(digits, &end, 10);
    while (isspace((unsigned char)*end))
        end++;
    out.is = end != digits && *end == '\0' &&
             isdigit((unsigned char)digits[strcspn(digits, "0123456789")]) != 0;
    return out;
}

struct tfr_whole tfr_python_int(const struct tfr_value *value)
{
    if (value->kind == TFR_BOOL)
        return (struct tfr_whole){ true, value->truth };
    if (value->kind == TFR_NUMBER && strpbrk(value->text, ".eE") != NULL)
        return (struct tfr_whole){ true, (long long)strtod(value->text, NULL) };
    if (value->kind == TFR_NUMBER || value->kind == TFR_STRING)
        return tfr_python_int_text(value->text, value->count);
    return (struct tfr_whole){ false, 0 };
}

bool tfr_python_equal(const struct tfr_value *a, const struct tfr_value *b)
{
    const struct tfr_value left = *a;
    const bool numbers = (left.kind == TFR_NUMBER || left.kind == TFR_BOOL) &&
                         (b->kind == TFR_NUMBER || b->kind == TFR_BOOL);
    double x, y;

    if (numbers && (left.kind == TFR_BOOL || b->kind == TFR_BOOL))
        return tfr_python_float(&left, &x) && tfr_python_float(b, &y) && x == y;
    if (left.kind == TFR_ABSENT || left.kind == TFR_NULL)
        return b->kind == TFR_ABSENT || b->kind == TFR_NULL;
    return tfr_value_equal(&left, b);
}
