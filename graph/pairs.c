/* SPDX-License-Identifier: Apache-2.0 */
/* A number for each pair of numbers. */
#include "graph/build.h"

/* Open addressing, at most three quarters full, nothing ever removed. */
struct tfr_pair_slot {
    uint32_t a, b;
    uint32_t value; /* 0: free */
};

static struct tfr_pair_slot *slot_of(const struct tfr_pairs *pairs, uint32_t a, uint32_t b)
{
    const uint32_t both[] = { a, b };
    size_t i = (size_t)tfr_hash(both, sizeof both) & pairs->mask;

    while (pairs->at[i].value != 0 && (pairs->at[i].a != a || pairs->at[i].b != b))
        i = (i + 1) & pairs->mask;
    return &pairs->at[i];
}

static void make_room(struct tfr_pairs *pairs)
{
    struct tfr_pair_slot *old = pairs->at;
    const size_t size = old != NULL ? pairs->mask + 1 : 0;

    if (old != NULL && (pairs->count + 1) * 4 < size * 3)
        return;
    pairs->mask = size == 0 ? 255 : size * 2 - 1;
    pairs->at = tfr_calloc(pairs->mask + 1, sizeof *pairs->at);
    for (size_t i = 0; i < size; i++) {
        if (old[i].value != 0)
            *slot_of(pairs, old[i].a, old[i].b) = old[i];
    }
    tfr_free(old);
}

uint32_t *tfr_pair(struct tfr_pairs *pairs, uint32_t a, uint32_t b)
{
    struct tfr_pair_slot *slot;

    make_room(pairs);
    slot = slot_of(pairs, a, b);
    if (slot->value == 0) {
        slot->a = a;
        slot->b = b;
        pairs->count++;
    }
    return &slot->value;
}

uint32_t tfr_pair_find(const struct tfr_pairs *pairs, uint32_t a, uint32_t b)
{
    return pairs->at != NULL ? slot_of(pairs, a, b)->value : 0;
}

void tfr_pairs_fini(struct tfr_pairs *pairs)
{
    tfr_free(pairs->at);
    *pairs = (struct tfr_pairs){ 0 };
}
