/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/lookup.h"

#include <string.h>

/* Keys are borrowed, and nothing is removed. */
struct item {
    const char *text;
    size_t len;
    const void *what;
};

struct tfr_lookup {
    struct tfr_slot *slots;
    size_t mask; /* slots - 1 */
    struct item *items;
    size_t count, cap;
};

/* The slot of a text, or the free one where it would stand. */
static struct tfr_slot *find(const struct tfr_lookup *lookup, const char *text, size_t len,
                             uint32_t hash)
{
    for (size_t i = hash & lookup->mask;; i = (i + 1) & lookup->mask) {
        struct tfr_slot *slot = &lookup->slots[i];
        const struct item *item;

        if (slot->place == 0)
            return slot;
        item = &lookup->items[slot->place - 1];
        if (slot->hash == hash && item->len == len && memcmp(item->text, text, len) == 0)
            return slot;
    }
}

/* So many texts fill three quarters of the slots at most. */
static bool has_slots(const struct tfr_lookup *lookup, size_t count)
{
    return count * 4 <= (lookup->mask + 1) * 3;
}

void tfr_lookup_expect(struct tfr_lookup **out, size_t count)
{
    struct tfr_lookup *lookup = tfr_calloc(1, sizeof *lookup);

    lookup->mask = 63;
    while (!has_slots(lookup, count))
        lookup->mask = lookup->mask * 2 + 1;
    lookup->slots = tfr_calloc(lookup->mask + 1, sizeof *lookup->slots);
    lookup->items = tfr_grow(NULL, &lookup->cap, count, sizeof *lookup->items);
    *out = lookup;
}

const void **tfr_lookup_place(struct tfr_lookup **place, const char *text, size_t len,
                              struct tfr_arena *copies)
{
    const uint32_t hash = (uint32_t)tfr_hash(text, len);
    struct tfr_lookup *lookup;
    struct tfr_slot *slot;

    if (*place == NULL)
        tfr_lookup_expect(place, 1);
    lookup = *place;
    slot = find(lookup, text, len, hash);
    if (slot->place != 0)
        return &lookup->items[slot->place - 1].what;
    if (copies != NULL)
        text = tfr_arena_text(copies, text, len);
    lookup->items = tfr_grow(lookup->items, &lookup->cap, lookup->count + 1, sizeof *lookup->items);
    lookup->items[lookup->count++] = (struct item){ text, len, NULL };
    *slot = (struct tfr_slot){ hash, (uint32_t)lookup->count };
    if (!has_slots(lookup, lookup->count))
        lookup->mask = tfr_slots_double(&lookup->slots, lookup->mask);
    return &lookup->items[lookup->count - 1].what;
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
    const struct tfr_slot *slot;

    if (lookup == NULL)
        return NULL;
    slot = find(lookup, text, len, (uint32_t)tfr_hash(text, len));
    return slot->place != 0 ? lookup->items[slot->place - 1].what : NULL;
}

const void *tfr_lookup_find(const struct tfr_lookup *lookup, const struct tfr_value *text)
{
    return text->kind == TFR_STRING ? tfr_lookup_text(lookup, text->text, text->count) : NULL;
}

void tfr_lookup_free(struct tfr_lookup *lookup)
{
    if (lookup == NULL)
        return;
    tfr_free(lookup->slots);
    tfr_free(lookup->items);
    tfr_free(lookup);
}
