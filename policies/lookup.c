/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/lookup.h"

#include <string.h>

#define uthash_malloc(size) tfr_malloc(size)
#define uthash_free(memory, size) tfr_free(memory)
#define uthash_fatal(message) tfr_oom()
#define HASH_FUNCTION(key, len, hash) ((hash) = (unsigned)tfr_hash(key, len))
#include <uthash.h>

struct row {
    const void *what;
    UT_hash_handle hh;
};

struct tfr_lookup {
    struct row *table;
};

static struct row *find(const struct tfr_lookup *lookup, const char *text, size_t len)
{
    struct row *row;

    HASH_FIND(hh, lookup->table, text, len, row);
    return row;
}

static void add(struct tfr_lookup *lookup, const struct tfr_value *text, struct row *row)
{
    HASH_ADD_KEYPTR(hh, lookup->table, text->text, text->count, row);
}

static void drop(struct tfr_lookup *lookup, struct row *row)
{
    HASH_DEL(lookup->table, row);
}

void tfr_lookup_add(struct tfr_lookup **lookup, const struct tfr_value *text, const void *what)
{
    struct row *row;

    if (text->kind != TFR_STRING || text->count == 0)
        return;
    if (*lookup == NULL)
        *lookup = tfr_calloc(1, sizeof **lookup);
    if (find(*lookup, text->text, text->count) != NULL)
        return;
    row = tfr_calloc(1, sizeof *row);
    row->what = what;
    add(*lookup, text, row);
}

const void *tfr_lookup_text(const struct tfr_lookup *lookup, const char *text, size_t len)
{
    const struct row *row = lookup != NULL && len > 0 ? find(lookup, text, len) : NULL;

    return row != NULL ? row->what : NULL;
}

const void *tfr_lookup_find(const struct tfr_lookup *lookup, const struct tfr_value *text)
{
    return text->kind == TFR_STRING ? tfr_lookup_text(lookup, text->text, text->count) : NULL;
}

void tfr_lookup_free(struct tfr_lookup *lookup)
{
    if (lookup == NULL)
        return;
    while (lookup->table != NULL) {
        struct row *row = lookup->table;

        drop(lookup, row);
        tfr_free(row);
    }
    tfr_free(lookup);
}
