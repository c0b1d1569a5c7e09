/* SPDX-License-Identifier: Apache-2.0 */
/* What Checkov finds in a text: something between `${` and `}` that is to be worked out. Its reader
 * knows quotes and brackets; facts: checkov/common/util/parser_utils.py of 3.3. */
#include "policies/context.h"

#include <string.h>

#define MOST_OPEN \
    256 /* brackets and quotes within each other; what lies deeper is not told apart */

struct scan {
    char open[MOST_OPEN]; /* what is open: ${ as '$', and { [ ( " ' */
    size_t depth;
    bool dollar;  /* the last character was a dollar that counts */
    bool escaped; /* a backslash came, in quotes */
};

static char top(const struct scan *scan)
{
    return scan->depth > 0 ? scan->open[scan->depth - 1] : '\0';
}

static bool in_quotes(const struct scan *scan)
{
    return top(scan) == '"' || top(scan) == '\'';
}

static void push(struct scan *scan, char what)
{
    if (scan->depth < MOST_OPEN)
        scan->open[scan->depth++] = what;
}

static void take_quote(struct scan *scan, char quote)
{
    if (scan->escaped)
        return;
    if (top(scan) == quote)
        scan->depth--;
    else
        push(scan, quote);
}

/* Brackets that open and close, and quotes. */
static void take_bracket(struct scan *scan, char c)
{
    static const char opening[] = "{[(", closing[] = "}])";
    const char *closes = strchr(closing, c);

    if (c == '"' || c == '\'')
        take_quote(scan, c);
    else if (closes != NULL && top(scan) == opening[closes - closing])
        scan->depth--;
    else if (strchr(opening, c) != NULL && !in_quotes(scan))
        push(scan, c);
    scan->escaped = false;
}

bool tfr_checkov_has_variable(const char *text)
{
    struct scan scan = { .depth = 0 };

    for (; *text != '\0'; text++) {
        if (*text == '$') {
            scan.dollar = !scan.dollar; /* of two, none counts */
        } else if (*text == '{' && scan.dollar) {
            push(&scan, '$');
            scan.dollar = false;
        } else if (*text == '\\' && in_quotes(&scan)) {
            scan.escaped = true;
        } else if (top(&scan) == '$' && (*text == '}' || *text == '?')) {
            return true;
        } else {
            scan.dollar = false;
            take_bracket(&scan, *text);
        }
    }
    return false;
}
