/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/lookup.h"

#include <string.h>

/* A power of two of rows with linear probing, at most three quarters full. Nothing is removed, and
 * keys are borrowed: one row is all that a text costs. */
struct row {
    const char *text; /* NULL: free */
    uint32_t len, hash;
    const void *what;
};

struct tfr_lookup {
    struct row *rows;
    size_t mask; /* rows - 1 */
    size_t count;
};

/* The row of a text, or the free one where it would stand. */
static struct row *find(const struct tfr_lookup *lookup, const char *text, size_t len,
                        uint32_t hash)
{
    for (size_t i = hash & lookup->mask;; i = (i + 1) & lookup->mask) {
        struct row *row = &lookup->rows[i];

        if (row->text == NULL ||
            (row->hash == hash && row->len == len && memcmp(row->text, text, len) == 0))
            return row;
    }
}

static void grow(struct tfr_lookup *lookup)
{
    struct row *old = lookup->rows;
    const size_t old_count = old != NULL ? lookup->mask + 1 : 0;

    lookup->mask = (old_count > 0 ? old_count * 4 : 64) - 1;
    lookup->rows = tfr_calloc(lookup->mask + 1, sizeof *old);
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].text != NULL)
            *find(lookup, old[i].text, old[i].len, old[i].hash) = old[i];
    }
    tfr_free(old);
}

const void **tfr_lookup_place(struct tfr_lookup **lookup, const char *text, size_t len,
                              struct tfr_arena *copies)
{
    const uint32_t hash = (uint32_t)tfr_hash(text, len);
    struct row *row;

    if (*lookup == NULL)
        *lookup = tfr_calloc(1, sizeof **lookup);
    if ((*lookup)->rows == NULL || (*lookup)->count * 4 > (*lookup)->mask * 3)
        grow(*lookup);
    row = find(*lookup, text, len, hash);
    if (row->text == NULL) {
        if (copies != NULL)
            text = tfr_arena_text(copies, text, len);
        *row = (struct row){ text, (uint32_t)len, hash, NULL };
        (*lookup)->count++;
    }
    return &row->what;
}

void tfr_lookup_add(struct tfr_lookup **lookup, const struct tfr_value *text, const void *what)
{
    const void **place;

    if (text->kind != TFR_STRING || text->count == 0)
        return;
    place = tfr_lookup_place(lookup, text->text, text->count, NULL);
    if (*place == NULL)
        *place = what;
}

const void *tfr_lookup_text(const struct tfr_lookup *lookup, const char *text, size_t len)
{
    if (lookup == NULL)
        return NULL;
    return find(lookup, text, len, (uint32_t)tfr_hash(text, len))->what;
}

const void *tfr_lookup_find(const struct tfr_lookup *lookup, const struct tfr_value *text)
{
    return text->kind == TFR_STRING ? tfr_lookup_text(lookup, text->text, text->count) : NULL;
}

void tfr_lookup_free(struct tfr_lookup *lookup)
{
    if (lookup == NULL)
        return;
    tfr_free(lookup->rows);
    tfr_free(lookup);
}
