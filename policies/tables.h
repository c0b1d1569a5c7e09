/* SPDX-License-Identifier: Apache-2.0 */
/* uthash with memory that is never NULL, and a hash that no document can make slow. */
#ifndef TFR_POLICIES_TABLES_H
#define TFR_POLICIES_TABLES_H

#include "base/base.h"

#define uthash_malloc(size) tfr_malloc(size)
#define uthash_free(memory, size) tfr_free(memory)
#define uthash_fatal(message) tfr_oom()
#define HASH_FUNCTION(key, len, hash) ((hash) = (unsigned)tfr_hash(key, len))
#include <uthash.h>

#endif
