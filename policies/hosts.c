/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/hosts.h"

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
