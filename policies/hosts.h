/* SPDX-License-Identifier: Apache-2.0 */
/* Names of hosts: in URLs, certificates and DNS. */
#ifndef TFR_POLICIES_HOSTS_H
#define TFR_POLICIES_HOSTS_H

#include <stdbool.h>
#include <stddef.h>

/* True if a name of a certificate, alias or record is this host, or a wildcard of one label that
 * covers it. Case and a dot at the end do not matter. */
bool tfr_host_covers(const char *pattern, const char *host);

#endif
