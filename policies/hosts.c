/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/hosts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Bytes of a name without the dot that ends a full one. */
static size_t length_of(const char *name)
{
    const size_t len = strlen(name);

    return len > 0 && name[len - 1] == '.' ? len - 1 : len;
}

bool tfr_host_covers(const char *pattern, const char *host)
{
    const size_t len = length_of(pattern), host_len = length_of(host);

    if (len == host_len && strncasecmp(pattern, host, len) == 0)
        return true;
    if (len > 2 && strncmp(pattern, "*.", 2) == 0) {
        const char *dot = memchr(host, '.', host_len);

        return dot != NULL && dot > host && (size_t)(host + host_len - dot) == len - 1 &&
               strncasecmp(pattern + 1, dot, len - 1) == 0;
    }
    return false;
}

/* IPv6 addresses in brackets are not taken apart. */
static bool in_host(char c)
{
    const unsigned letter = (unsigned)(c | ('a' ^ 'A')) - 'a';

    return letter < 26 || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '*';
}

static size_t host_span(const char *text)
{
    size_t len = 0;

    while (in_host(text[len]))
        len++;
    return len;
}

bool tfr_url_parse(const char *text, struct tfr_url *out)
{
    const char *mark = strstr(text, "://");
    const char *at, *sign;

    *out = (struct tfr_url){ .scheme = text, .port = -1 };
    if (mark != NULL && strcspn(text, "/?#@ ") > (size_t)(mark - text)) {
        out->scheme_len = (size_t)(mark - text);
        text = mark + 3;
    }
    at = text + strcspn(text, "/?# ");
    /* The last @ before the path ends the user. */
    sign = memchr(text, '@', (size_t)(at - text));
    while (sign != NULL) {
        out->user = true;
        text = sign + 1;
        sign = memchr(text, '@', (size_t)(at - text));
    }
    out->host = text;
    out->host_len = host_span(text);
    if (text[out->host_len] == ':' && strspn(text + out->host_len + 1, "0123456789") > 0)
        out->port = strtoll(text + out->host_len + 1, NULL, 10);
    return out->host_len > 0 && strchr(":/?#", text[out->host_len]) != NULL;
}

bool tfr_url_scheme_is(const struct tfr_url *url, const char *scheme)
{
    return strlen(scheme) == url->scheme_len &&
           strncasecmp(url->scheme, scheme, url->scheme_len) == 0;
}

bool tfr_text_holds(const char *text, const char *word)
{
    const size_t len = strlen(word);
    const char other = (char)(word[0] ^ ('a' ^ 'A')); /* words begin with a letter */

    for (; *text != '\0'; text++) {
        if ((*text == word[0] || *text == other) && strncasecmp(text, word, len) == 0)
            return true;
    }
    return false;
}
