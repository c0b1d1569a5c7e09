/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/scalar.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_one_of(const char *text, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcmp(text, words[i]) == 0)
            return true;
    }
    return false;
}

static bool all_in(const char *text, const char *set)
{
    return *text != '\0' && text[strspn(text, set)] == '\0';
}

/* year-month-day, with or without a time: a date for PyYAML */
static bool is_date(const char *text)
{
    static const char form[] = "dddd-";
    size_t dashes = 0;

    for (size_t i = 0; i < 5; i++) {
        if (form[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != '-')
            return false;
    }
    for (const char *at = text; *at != '\0'; at++) {
        if (strchr("0123456789-:.TtZz+ ", *at) == NULL)
            return false;
        dashes += *at == '-';
    }
    return dashes >= 2 && isdigit((unsigned char)text[5]);
}

static void set_number(struct tfr_arena *arena, const char *text, size_t len, struct tfr_value *out)
{
    out->kind = TFR_NUMBER;
    out->text = tfr_arena_text(arena, text, len);
    out->count = (uint32_t)len;
}

/* Copies without underscores and a leading plus; false if it does not fit. */
static bool plain_digits(const char *text, char *out, size_t size)
{
    size_t len = 0;

    for (text += *text == '+'; *text != '\0'; text++) {
        if (*text == '_')
            continue;
        if (len + 1 == size)
            return false;
        out[len++] = *text;
    }
    out[len] = '\0';
    return len > 0;
}

static bool integer(struct tfr_arena *arena, const char *text, struct tfr_value *out)
{
    char digits[64], decimal[32];
    const char *body;
    int base = 0;

    if (!plain_digits(text, digits, sizeof digits))
        return false;
    body = digits + (digits[0] == '-');
    if (body[0] == '0' && body[1] == 'x' && all_in(body + 2, "0123456789abcdefABCDEF"))
        base = 16;
    else if (body[0] == '0' && body[1] != '\0' && all_in(body, "01234567"))
        base = 8;
    else if (strcmp(body, "0") == 0 || (body[0] != '0' && all_in(body, "0123456789")))
        base = 10;
    if (base == 0)
        return false;
    if (base == 10) {
        set_number(arena, digits, strlen(digits), out);
        return true;
    }
    (void)snprintf(decimal, sizeof decimal, "%lld", strtoll(digits, NULL, base));
    set_number(arena, decimal, strlen(decimal), out);
    return true;
}

/* PyYAML wants a dot, and a sign behind the e: 1e3 is a string. */
static bool floating(struct tfr_arena *arena, const char *text, struct tfr_value *out)
{
    char digits[64];
    const char *at;
    char *end;

    if (!plain_digits(text, digits, sizeof digits) || strchr(digits, '.') == NULL)
        return false;
    at = digits + (digits[0] == '-');
    if (!isdigit((unsigned char)at[0]) && !(at[0] == '.' && isdigit((unsigned char)at[1])))
        return false;
    if (at[strspn(at, "0123456789.eE+-")] != '\0')
        return false;
    at = strpbrk(at, "eE");
    if (at != NULL && at[1] != '+' && at[1] != '-')
        return false;
    (void)strtod(digits, &end);
    if (*end != '\0')
        return false;
    set_number(arena, digits, strlen(digits), out);
    return true;
}

bool tfr_scalar_value(struct tfr_arena *arena, const char *text, size_t len, struct tfr_value *out)
{
    static const char *const nulls[] = { "", "~", "null", "Null", "NULL", NULL };
    static const char *const yes[] = { "yes",  "Yes", "YES", "true", "True",
                                       "TRUE", "on",  "On",  "ON",   NULL };
    static const char *const no[] = { "no",    "No",  "NO",  "false", "False",
                                      "FALSE", "off", "Off", "OFF",   NULL };
    static const char *const unfit[] = { ".inf", ".Inf", ".INF", "-.inf",
                                         ".nan", ".NaN", ".NAN", NULL };

    if (strlen(text) == len && (is_one_of(text, unfit) || (len >= 8 && is_date(text))))
        return false;
    if (is_one_of(text, nulls) && strlen(text) == len) {
        out->kind = TFR_NULL;
    } else if (is_one_of(text, yes) || is_one_of(text, no)) {
        out->kind = TFR_BOOL;
        out->truth = is_one_of(text, yes);
    } else if (!integer(arena, text, out) && !floating(arena, text, out)) {
        out->kind = TFR_STRING;
        out->text = text;
        out->count = (uint32_t)len;
    }
    return true;
}
