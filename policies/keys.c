/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/keys.h"

#include <string.h>

#define uthash_malloc(size) tfr_malloc(size)
#define uthash_free(memory, size) tfr_free(memory)
#define uthash_fatal(message) tfr_oom()
#define HASH_FUNCTION(key, len, hash) ((hash) = (unsigned)tfr_hash(key, len))
#include <uthash.h>

struct bucket {
    char *key; /* space, newline, text */
    size_t len;
    const struct tfr_key_entry *first;
    UT_hash_handle hh;
};

struct tfr_keys {
    struct tfr_arena *scratch;
    struct bucket *table;
};

struct tfr_keys *tfr_keys_new(struct tfr_arena *scratch)
{
    struct tfr_keys *keys = tfr_calloc(1, sizeof *keys);

    keys->scratch = scratch;
    return keys;
}

static struct bucket *find(const struct tfr_keys *keys, const char *key, size_t len)
{
    struct bucket *found;

    HASH_FIND(hh, keys->table, key, len, found);
    return found;
}

static void add(struct tfr_keys *keys, struct bucket *bucket)
{
    HASH_ADD_KEYPTR(hh, keys->table, bucket->key, bucket->len, bucket);
}

static void drop(struct tfr_keys *keys, struct bucket *bucket)
{
    HASH_DEL(keys->table, bucket);
}

void tfr_keys_free(struct tfr_keys *keys)
{
    if (keys == NULL)
        return;
    while (keys->table != NULL)
        drop(keys, keys->table);
    tfr_free(keys);
}

static char *make_key(const struct tfr_keys *keys, const char *space, const char *text, size_t len)
{
    const size_t space_len = strlen(space);
    char *key = tfr_arena_alloc(keys->scratch, space_len + 1 + len);

    memcpy(key, space, space_len);
    key[space_len] = '\n';
    memcpy(key + space_len + 1, text, len);
    return key;
}

void tfr_keys_add(struct tfr_keys *keys, const char *space, const char *text, size_t len,
                  const struct tfr_resource *resource)
{
    char *key = make_key(keys, space, text, len);
    const size_t key_len = strlen(space) + 1 + len;
    struct bucket *bucket = find(keys, key, key_len);
    struct tfr_key_entry *entry = tfr_arena_alloc(keys->scratch, sizeof *entry);

    if (bucket == NULL) {
        bucket = tfr_arena_zalloc(keys->scratch, sizeof *bucket);
        bucket->key = key;
        bucket->len = key_len;
        add(keys, bucket);
    }
    *entry = (struct tfr_key_entry){ resource, bucket->first };
    bucket->first = entry;
}

const struct tfr_key_entry *tfr_keys_find(const struct tfr_keys *keys, const char *space,
                                          const char *text, size_t len)
{
    const struct bucket *bucket =
        find(keys, make_key(keys, space, text, len), strlen(space) + 1 + len);

    return bucket != NULL ? bucket->first : NULL;
}
