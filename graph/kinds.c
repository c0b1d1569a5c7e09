/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of things, as the names of types and attributes tell them: "aws_db_subnet_group" and
 * "DBSubnetGroupName" both speak of a "subnet_group". */
#include "graph/values.h"

#include <string.h>

/* Words that say little alone: subnet_group, not group. */
static bool is_weak(const char *word, size_t len)
{
    static const char *const weak[] = { "group", "policy",  "set",     "rule", "version",
                                        "pool",  "account", "profile", "zone", "configuration" };

    for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++) {
        if (strlen(weak[i]) == len && memcmp(weak[i], word, len) == 0)
            return true;
    }
    return false;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

size_t tfr_flatten_words(const char *text, size_t len, char out[TFR_HINT_SIZE])
{
    size_t at = 0;

    for (size_t i = 0; i < len && at + 2 < TFR_HINT_SIZE; i++) {
        const bool begins = is_upper(text[i]) && i > 0 &&
                            (is_lower(text[i - 1]) ||
                             (is_upper(text[i - 1]) && i + 1 < len && is_lower(text[i + 1])));

        if ((begins || (!is_upper(text[i]) && !is_lower(text[i]))) && at > 0 && out[at - 1] != '_')
            out[at++] = '_';
        if (is_upper(text[i]))
            out[at++] = (char)(text[i] - 'A' + 'a');
        else if (is_lower(text[i]))
            out[at++] = text[i];
    }
    return at;
}

static size_t word_start(const char *text, size_t end)
{
    while (end > 0 && text[end - 1] != '_')
        end--;
    return end;
}

size_t tfr_kind_at(const char *text, size_t end, const char **kind)
{
    size_t from = word_start(text, end);

    if (end - from > 3 && text[end - 1] == 's' && text[end - 2] != 's')
        end--;
    if (from > 1 && is_weak(text + from, end - from))
        from = word_start(text, from - 1);
    *kind = text + from;
    return end - from;
}
