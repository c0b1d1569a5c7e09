/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers and names of others inside of texts: embedded documents, URLs, what machines run. */
#include "graph/values.h"

#include <limits.h>
#include <string.h>

/* What of a long identifier is tried: arn:...:table/orders/index/by-day, then without by-day ... */
#define CUTS 8

/* What a byte is in an identifier, bits. */
enum { PART = 1, SEPARATOR = 2 };

/* ---- tokens ------------------------------------------------------------------------------------
 */

/* @return true if somebody owns it */
static bool mention(struct tfr_mentions *mentions, tfr_node_id owner)
{
    if (owner == TFR_NO_NODE)
        return false;
    mentions->at =
        tfr_grow(mentions->at, &mentions->cap, mentions->count + 1, sizeof *mentions->at);
    mentions->at[mentions->count++] = owner;
    return true;
}

static bool mention_text(struct tfr_mentions *mentions, const char *text, size_t len)
{
    const uint32_t owned = tfr_owned(mentions->owners, text, len);

    return mention(mentions, tfr_owner_of(mentions->owners, owned));
}

static bool is_separator(char c)
{
    return c == '/' || c == ':';
}

/* Cuts off what stands behind the last separators: paths, keys, versions, wildcards.
 * @param least what is left has at least so many bytes */
static bool mention_shorter(struct tfr_mentions *mentions, const char *text, size_t len,
                            size_t least)
{
    for (int cuts = 0; cuts < CUTS; cuts++) {
        while (len > 0 && !is_separator(text[len - 1]))
            len--;
        if (len <= least)
            return false;
        len--;
        if (mention_text(mentions, text, len))
            return true;
    }
    return false;
}

/* Where the namespace of Azure begins in
 * /subscriptions/ID/resourceGroups/GROUP/providers/NAMESPACE/ TYPE/NAME/blobServices/default: what
 * is left of it there is no object, but its group. 0: the text is no such path. */
static size_t azure_namespace(const char *text, size_t len)
{
    static const char start[] = "/subscriptions/", middle[] = "/providers/";

    if (len < strlen(start) || memcmp(text, start, strlen(start)) != 0)
        return 0;
    for (size_t i = strlen(start); i + strlen(middle) <= len; i++) {
        if (text[i] == '/' && memcmp(text + i, middle, strlen(middle)) == 0)
            return i + strlen(middle);
    }
    return 0;
}

/* What is left of a token that nobody owns without a scheme, a port, a path, a tag or a trailing
 * wildcard. */
static void mention_part(struct tfr_mentions *mentions, const char *text, size_t len)
{
    const char *end = text + len;
    const char *scheme = memchr(text, ':', len);
    const size_t azure = azure_namespace(text, len);
    size_t host = 0;

    if (azure > 0 || (len > 4 && memcmp(text, "arn:", 4) == 0)) {
        (void)mention_shorter(mentions, text, len, azure > 0 ? azure : TFR_SHORTEST);
        return;
    }
    if (scheme != NULL && end - scheme > 3 && memcmp(scheme, "://", 3) == 0) {
        if (mention_shorter(mentions, text, len, TFR_SHORTEST))
            return;
        text = scheme + 3;
    }
    while (text + host < end && !is_separator(text[host]))
        host++;
    if (memchr(text, '.', host) == NULL)
        return; /* no host in front */
    if (!mention_text(mentions, text, (size_t)(end - text)))
        (void)mention_shorter(mentions, text, (size_t)(end - text), TFR_SHORTEST);
}

/* ---- words before them -------------------------------------------------------------------------
 */

/* The last word of a text that may tell what the next one means. */
struct hint {
    const char *word; /* NULL: none so far */
    size_t len;
    size_t looked; /* bytes of the text that were looked through for it, from its begin */
};

/* The colon of JSON is a token of its own, and "value" says nothing. */
static bool is_hint(const char *word, size_t len)
{
    const char first = len > 0 ? word[0] : ':';

    return ((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z')) &&
           (len != 5 || memcmp(word, "value", 5) != 0);
}

/* Looks back from a token, as few have an owner, and at each byte once. */
static void find_hint(const struct tfr_mentions *mentions, struct hint *hint, const char *text,
                      size_t token)
{
    size_t at = token;

    while (at > hint->looked) {
        const size_t end = at;

        while (at > hint->looked && (mentions->classes[(unsigned char)text[at - 1]] & PART) != 0)
            at--;
        if (is_hint(text + at, end - at)) {
            hint->word = text + at;
            hint->len = end - at;
            break;
        }
        at -= at > hint->looked;
    }
    hint->looked = token;
}

/* Words of a text; one before a name tells what the name means: "ClusterName", "shop-production".
 * In "name": "ORDERS_TABLE", "value": "shop-orders" that is the one before "value". */
void tfr_find_mentions(struct tfr_mentions *mentions, const char *text, size_t len)
{
    struct hint hint = { 0 };
    size_t at = 0;

    while (at < len) {
        const size_t from = at;
        unsigned char class;
        unsigned char classes = 0;
        uint32_t owned;

        /* The NUL behind the text is no part of a token. */
        for (; (class = mentions->classes[(unsigned char)text[at]]) != 0; at++)
            classes |= class;
        if (at - from >= TFR_SHORTEST) {
            owned = tfr_owned(mentions->owners, text + from, at - from);
            if (!mention(mentions, tfr_owner_of(mentions->owners, owned)) &&
                (classes & SEPARATOR) != 0)
                mention_part(mentions, text + from, at - from);
            if (owned != 0) {
                find_hint(mentions, &hint, text, from);
                if (hint.word != NULL)
                    (void)mention(mentions,
                                  tfr_owner_of_name(mentions->owners, owned, hint.word, hint.len));
            }
        }
        at++;
    }
}

/* ---- base64 ------------------------------------------------------------------------------------
 */

static int digit_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

void tfr_find_mentions_in_base64(struct tfr_mentions *mentions, const char *text, size_t len)
{
    struct tfr_buf plain = { 0 };
    uint32_t bits = 0;
    int have = 0;

    for (size_t i = 0; i < len && text[i] != '='; i++) {
        const int digit = digit_of(text[i]);

        if (digit < 0) {
            tfr_buf_fini(&plain);
            return;
        }
        bits = (bits << 6 | (uint32_t)digit) & 0xffffff;
        have += 6;
        if (have >= 8) {
            have -= 8;
            tfr_buf_putc(&plain, (char)(bits >> have & 0xff));
        }
    }
    tfr_find_mentions(mentions, tfr_buf_text(&plain), plain.len);
    tfr_buf_fini(&plain);
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

static bool in_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           is_separator(c) || c == '.' || c == '_' || c == '-' || c == '*' || c == '+';
}

void tfr_mentions_init(struct tfr_mentions *mentions, const struct tfr_owners *owners)
{
    *mentions = (struct tfr_mentions){ .owners = owners };
    for (int c = CHAR_MIN; c <= CHAR_MAX; c++) {
        if (in_token((char)c))
            mentions->classes[(unsigned char)c] = is_separator((char)c) ? PART | SEPARATOR : PART;
    }
}

void tfr_mentions_fini(struct tfr_mentions *mentions)
{
    tfr_free(mentions->at);
}
