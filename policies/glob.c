/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/glob.h"

#include <string.h>

/* row[j] says whether what is left of `a` and `b` from j on have a text in common. */
static void fill_row(const char *a, const char *b, const bool *below, bool *row)
{
    for (size_t j = strlen(b) + 1; j-- > 0;) {
        const bool step = b[j] != '\0' && (*a == b[j] || *a == '?' || b[j] == '?');

        if (*a == '*')
            row[j] = below[j] || (b[j] != '\0' && row[j + 1]);
        else if (b[j] == '*')
            row[j] = row[j + 1] || below[j];
        else
            row[j] = step && below[j + 1];
    }
}

static void fill_last(const char *b, bool *row)
{
    row[strlen(b)] = true;
    for (size_t j = strlen(b); j-- > 0;)
        row[j] = b[j] == '*' && row[j + 1];
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

static bool common_text(const char *a, const char *b)
{
    bool rows[2][TFR_GLOB_LONGEST + 2] = { { false } };
    size_t i = strlen(a);

    fill_last(b, rows[i % 2]);
    while (i-- > 0)
        fill_row(a + i, b, rows[(i + 1) % 2], rows[i % 2]);
    return rows[0][0];
}

bool tfr_glob_overlaps(const char *a, const char *b)
{
    const size_t a_len = strlen(a), b_len = strlen(b);

    if (strcmp(a, b) == 0 || strcmp(a, "*") == 0 || strcmp(b, "*") == 0)
        return true;
    if (a_len > TFR_GLOB_LONGEST || b_len > TFR_GLOB_LONGEST)
        return true;
    return ends_fit(a, a_len, b, b_len) && common_text(a, b);
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
