/* SPDX-License-Identifier: Apache-2.0 */
/* Names of hosts: in URLs, certificates and DNS; and of the variables that hold them. */
#ifndef TFR_POLICIES_HOSTS_H
#define TFR_POLICIES_HOSTS_H

#include <stdbool.h>
#include <stddef.h>

/* True if a name of a certificate, alias or record is this host, or a wildcard of one label that
 * covers it. Case and a dot at the end do not matter. */
bool tfr_host_covers(const char *pattern, const char *host);

/* A URL, or a host with or without a port; borrowed from its text. */
struct tfr_url {
    const char *scheme; /* "redis" without "://"; scheme_len 0: there is none */
    size_t scheme_len;
    bool user; /* a user or password stands before the host */
    const char *host;
    size_t host_len;
    long long port; /* -1: none is written */
};
/* @return false if there is no host in it */
bool tfr_url_parse(const char *text, struct tfr_url *out);
bool tfr_url_scheme_is(const struct tfr_url *url, const char *scheme);

/* True if a text holds a word, in whatever case: names of variables. The word begins with a letter.
 */
bool tfr_text_holds(const char *text, const char *word);

#endif
