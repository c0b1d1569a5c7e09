/* SPDX-License-Identifier: Apache-2.0 */
/* Objects by a text of theirs: names, identifiers, what people write instead of a reference. */
#ifndef TFR_POLICIES_KEYS_H
#define TFR_POLICIES_KEYS_H

#include "policies/analyser.h"

struct tfr_keys; /* yours, end it with tfr_keys_free() */

/* One object under a text; several may share it. */
struct tfr_key_entry {
    const struct tfr_resource *resource;
    const struct tfr_key_entry *next;
};

/* @param scratch takes the entries and copies of the texts */
struct tfr_keys *tfr_keys_new(struct tfr_arena *scratch);
void tfr_keys_free(struct tfr_keys *keys);
/* Files an object under a text. `space` keeps kinds of texts apart, such as "QueueName". */
void tfr_keys_add(struct tfr_keys *keys, const char *space, const char *text, size_t len,
                  const struct tfr_resource *resource);
/* The objects under a text, the last one first, or NULL. */
const struct tfr_key_entry *tfr_keys_find(const struct tfr_keys *keys, const char *space,
                                          const char *text, size_t len);

#endif
