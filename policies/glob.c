/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/glob.h"

#include <stdint.h>
#include <string.h>

/* How far both have come together: all places of `b` that go with one place of `a`, ascending. */
struct places {
    uint16_t at[TFR_GLOB_LONGEST + 1];
    size_t count;
};

static void add(struct places *to, size_t place)
{
    if (to->count == 0 || to->at[to->count - 1] != place)
        to->at[to->count++] = (uint16_t)place;
}

/* `a` goes on by a letter: a star of `b` takes it, or has ended before; what fits goes on too. */
static void step(char letter, const char *b, const struct places *from, struct places *to)
{
    to->count = 0;
    for (size_t i = 0; i < from->count; i++) {
        size_t j = from->at[i];

        for (; b[j] == '*'; j++)
            add(to, j);
        /* what the stars lead to may be listed as well */
        while (i + 1 < from->count && from->at[i + 1] <= j)
            i++;
        if (b[j] != '\0' && (b[j] == letter || b[j] == '?' || letter == '?'))
            add(to, j + 1);
    }
}

/* A star of `a` takes any part of `b`: everything behind the first place. */
static void spread(struct places *places, size_t b_len)
{
    const size_t first = places->at[0];

    places->count = 0;
    for (size_t j = first; j <= b_len; j++)
        places->at[places->count++] = (uint16_t)j;
}

/* What stands before the first star of either, or behind the last one, decides most pairs. */
static bool ends_fit(const char *a, size_t a_len, const char *b, size_t b_len)
{
    for (size_t i = 0; i < a_len && i < b_len && a[i] != '*' && b[i] != '*'; i++) {
        if (a[i] != b[i] && a[i] != '?' && b[i] != '?')
            return false;
    }
    for (size_t i = 1; i <= a_len && i <= b_len && a[a_len - i] != '*' && b[b_len - i] != '*';
         i++) {
        if (a[a_len - i] != b[b_len - i] && a[a_len - i] != '?' && b[b_len - i] != '?')
            return false;
    }
    return true;
}

/* Both are walked at once, keeping the few places that are still possible. */
static bool meet(const char *a, const char *b, size_t b_len)
{
    struct places places[2];
    struct places *from = &places[0], *to = &places[1];

    from->count = 0;
    add(from, 0);
    for (; *a != '\0' && from->count > 0; a++) {
        struct places *const last = from;

        if (*a == '*') {
            if (a[1] == '\0')
                return true;
            spread(from, b_len);
            continue;
        }
        step(*a, b, from, to);
        from = to;
        to = last;
    }
    for (size_t i = 0; i < from->count; i++) {
        if (b[from->at[i] + strspn(b + from->at[i], "*")] == '\0')
            return true;
    }
    return false;
}

bool tfr_glob_overlaps(const char *a, const char *b)
{
    const size_t a_len = strlen(a), b_len = strlen(b);

    if (strcmp(a, b) == 0 || strcmp(a, "*") == 0 || strcmp(b, "*") == 0)
        return true;
    if (a_len > TFR_GLOB_LONGEST || b_len > TFR_GLOB_LONGEST)
        return true;
    return ends_fit(a, a_len, b, b_len) && meet(a, b, b_len);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same(char a, char b, bool any_case)
{
    return a == b || (any_case && lower(a) == lower(b));
}

/* A star of `text` is a letter like any other, which only a star matches. */
static bool match(const char *pattern, const char *text, bool any_case)
{
    const char *star = NULL;
    const char *again = NULL;

    while (*text != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            again = text;
        } else if (*text != '*' && (*pattern == '?' || same(*pattern, *text, any_case))) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star + 1;
            text = ++again;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

bool tfr_glob_covers(const char *wide, const char *narrow)
{
    return strlen(wide) <= TFR_GLOB_LONGEST && match(wide, narrow, false);
}

bool tfr_glob_action(const char *pattern, const char *action)
{
    return match(pattern, action, true);
}
