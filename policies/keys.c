/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/keys.h"

#include "policies/lookup.h"

struct tfr_keys {
    struct tfr_arena *scratch;
    struct tfr_lookup *by_key;
    struct tfr_buf key; /* space, newline, text */
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
    tfr_lookup_free(keys->by_key);
    tfr_buf_fini(&keys->key);
    tfr_free(keys);
}

static void make_key(struct tfr_keys *keys, const char *space, const char *text, size_t len)
{
    tfr_buf_reset(&keys->key);
    tfr_buf_puts(&keys->key, space);
    tfr_buf_putc(&keys->key, '\n');
    tfr_buf_add(&keys->key, text, len);
}

void tfr_keys_add(struct tfr_keys *keys, const char *space, const char *text, size_t len,
                  const struct tfr_resource *resource)
{
    struct tfr_key_entry *entry = tfr_arena_alloc(keys->scratch, sizeof *entry);
    const void **first;

    make_key(keys, space, text, len);
    first = tfr_lookup_place(&keys->by_key, keys->key.data, keys->key.len, keys->scratch);
    *entry = (struct tfr_key_entry){ resource, *first };
    *first = entry;
}

const struct tfr_key_entry *tfr_keys_find(struct tfr_keys *keys, const char *space,
                                          const char *text, size_t len)
{
    make_key(keys, space, text, len);
    return tfr_lookup_text(keys->by_key, keys->key.data, keys->key.len);
}
