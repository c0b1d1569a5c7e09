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

/* Copies without underscores and a leading plus; false if it does not fit, or if no digit stands
 * where a number begins. */
static bool plain_digits(const char *text, char *out, size_t size)
{
    size_t len = 0;

    if (!isdigit((unsigned char)text[*text == '+' || *text == '-']) && *text != '.')
        return false;
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

/* 1:30 is ninety: digits to the base of 60. @param digits without a sign
 * @return the bytes that were read, 0: none */
static size_t read_sixties(const char *digits, bool zero_first, long long *out)
{
    const char *at = digits + strspn(digits, "0123456789");
    size_t count = 0;

    if (at == digits || at - digits > 9 || (!zero_first && digits[0] == '0'))
        return 0;
    *out = strtoll(digits, NULL, 10);
    while (*at == ':' && count < 4) {
        const size_t len = strspn(at + 1, "0123456789");

        if (len == 0 || len > 2 || (len == 2 && at[1] > '5'))
            return 0;
        *out = *out * 60 + strtoll(at + 1, NULL, 10);
        at += 1 + len;
        count++;
    }
    return count > 0 ? (size_t)(at - digits) : 0;
}

static void set_long(struct tfr_arena *arena, long long number, bool negative,
                     struct tfr_value *out)
{
    char decimal[32];

    (void)snprintf(decimal, sizeof decimal, "%lld", negative ? -number : number);
    set_number(arena, decimal, strlen(decimal), out);
}

static bool integer(struct tfr_arena *arena, const char *text, struct tfr_value *out)
{
    char digits[64];
    const char *body;
    long long number = 0;
    bool negative;

    if (!plain_digits(text, digits, sizeof digits))
        return false;
    negative = digits[0] == '-';
    body = digits + negative;
    if (body[0] == '0' && body[1] == 'x' && all_in(body + 2, "0123456789abcdefABCDEF"))
        set_long(arena, strtoll(body, NULL, 16), negative, out);
    else if (body[0] == '0' && body[1] == 'b' && all_in(body + 2, "01"))
        set_long(arena, strtoll(body + 2, NULL, 2), negative, out);
    else if (body[0] == '0' && all_in(body, "01234567"))
        set_long(arena, strtoll(body, NULL, 8), negative, out);
    else if (body[0] != '0' && all_in(body, "0123456789"))
        set_number(arena, digits, strlen(digits), out);
    else if (read_sixties(body, false, &number) == strlen(body))
        set_long(arena, number, negative, out);
    else
        return false;
    return true;
}

/* What Python writes with a digit at both sides of the dot. */
static void set_float(struct tfr_arena *arena, const char *digits, struct tfr_value *out)
{
    const char *dot = strchr(digits, '.');
    char text[72];

    (void)snprintf(text, sizeof text, "%.*s%s.%s%s", (int)(dot - digits), digits,
                   dot == digits ? "0" : "", isdigit((unsigned char)dot[1]) ? "" : "0", dot + 1);
    set_number(arena, text, strlen(text), out);
}

/* 1:30.5 is ninety and a half. */
static bool sixties(struct tfr_arena *arena, const char *digits, struct tfr_value *out)
{
    const bool negative = digits[0] == '-';
    char text[72];
    long long number = 0;
    const size_t len = read_sixties(digits + negative, true, &number);
    const char *rest = digits + negative + len;

    if (len == 0 || *rest != '.' || rest[1 + strspn(rest + 1, "0123456789")] != '\0')
        return false;
    (void)snprintf(text, sizeof text, "%s%lld%s", negative ? "-" : "", number, rest);
    set_float(arena, text, out);
    return true;
}

/* PyYAML wants a dot, a digit before it if there is a sign, and a sign behind the e: 1e3 is a text.
 */
static bool floating(struct tfr_arena *arena, const char *text, struct tfr_value *out)
{
    char digits[64];
    const char *at;

    if (!plain_digits(text, digits, sizeof digits) || strchr(digits, '.') == NULL)
        return false;
    if (sixties(arena, digits, out))
        return true;
    at = digits + (digits[0] == '-');
    at += strspn(at, "0123456789");
    if (*at != '.' || (at == digits && !isdigit((unsigned char)at[1])))
        return false;
    at += 1 + strspn(at + 1, "0123456789");
    if ((at[0] == 'e' || at[0] == 'E') && (at[1] == '+' || at[1] == '-'))
        at += isdigit((unsigned char)at[2]) ? 2 + strspn(at + 2, "0123456789") : 0;
    if (*at != '\0')
        return false;
    set_float(arena, digits, out);
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
