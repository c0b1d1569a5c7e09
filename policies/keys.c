/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/keys.h"

#include "policies/lookup.h"

#include <string.h>

/* Names of one kind. There are few kinds, so they stand in a list. */
struct space {
    const char *name;
    struct tfr_lookup *by_text;
};

struct tfr_keys {
    struct tfr_arena *scratch;
    struct space *spaces;
    size_t count, cap;
};

struct tfr_keys *tfr_keys_new(struct tfr_arena *scratch)
{
    struct tfr_keys *keys = tfr_calloc(1, sizeof *keys);

    keys->scratch = scratch;
    return keys;
}

void tfr_keys_free(struct tfr_keys *keys)
{
    if (keys == NULL)
        return;
    for (size_t i = 0; i < keys->count; i++)
        tfr_lookup_free(keys->spaces[i].by_text);
    tfr_free(keys->spaces);
    tfr_free(keys);
}

/* @return NULL if nothing was added to it */
static struct space *find_space(const struct tfr_keys *keys, const char *name)
{
    for (size_t i = keys->count; i-- > 0;) {
        if (keys->spaces[i].name == name || strcmp(keys->spaces[i].name, name) == 0)
            return &keys->spaces[i];
    }
    return NULL;
}

void tfr_keys_add(struct tfr_keys *keys, const char *space, const char *text, size_t len,
                  const struct tfr_resource *resource)
{
    struct tfr_key_entry *entry = tfr_arena_alloc(keys->scratch, sizeof *entry);
    struct space *in = find_space(keys, space);
    const void **first;

    if (in == NULL) {
        keys->spaces = tfr_grow(keys->spaces, &keys->cap, keys->count + 1, sizeof *keys->spaces);
        in = &keys->spaces[keys->count++];
        *in = (struct space){ .name = space };
    }
    first = tfr_lookup_place(&in->by_text, text, len, keys->scratch);
    *entry = (struct tfr_key_entry){ resource, *first };
    *first = entry;
}

const struct tfr_key_entry *tfr_keys_find(const struct tfr_keys *keys, const char *space,
                                          const char *text, size_t len)
{
    const struct space *in = find_space(keys, space);

    return in != NULL ? tfr_lookup_text(in->by_text, text, len) : NULL;
}
