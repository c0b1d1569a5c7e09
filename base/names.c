/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* uthash's bookkeeping is 56 bytes per entry; names are many and small, so this one table is open
 * addressing. */

#define MOST 3000000000U /* names: three quarters of as many slots as a hash tells apart */

/* Names that were asked for lately: documents repeat types, modules and providers from one object
 * to the next, and to find them here costs no keyed hash. */
#define RECENT 1024

struct tfr_names {
    struct tfr_arena *arena;
    const struct tfr_sym *recent[RECENT]; /* by tfr_hash_ends(); NULL: none yet */
    struct tfr_slot *slots;
    size_t mask;           /* slots - 1 */
    struct tfr_sym **syms; /* by id */
    size_t sym_cap;
    uint32_t count;
    struct layouts {
        struct tfr_slot *slots; /* NULL: nobody asked for one yet */
        size_t mask;            /* slots - 1 */
        const struct tfr_layout **at;
        size_t count, cap;
    } layouts;
};

static uint64_t key[3];
static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static atomic_bool key_drawn; /* costs less to ask than pthread_once() */

static void draw_key(void)
{
    if (getrandom(key, sizeof key, 0) != (ssize_t)sizeof key) {
        /* No entropy: better a weak key than no start. Only speed under attack depends on it. */
        key[0] = (uint64_t)(uintptr_t)&key;
        key[1] = (uint64_t)clock();
        key[2] = key[0] * 0x9e3779b97f4a7c15U ^ key[1];
    }
    atomic_store_explicit(&key_drawn, true, memory_order_release);
}

static uint64_t rotate(uint64_t x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

/* Both halves of a product, in one. */
static uint64_t mix(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 wide;
    const wide product = (wide)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    const uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
    const uint64_t left = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
    const uint64_t right = (a & UINT32_MAX) * (b >> 32) + (left & UINT32_MAX);

    return (right << 32 | (low & UINT32_MAX)) ^
           ((a >> 32) * (b >> 32) + (left >> 32) + (right >> 32));
#endif
}

static uint64_t read_64(const unsigned char *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    return word;
}

static uint64_t read_32(const unsigned char *at)
{
    uint32_t word;

    memcpy(&word, at, sizeof word);
    return word;
}

/* wyhash (Wang Yi) in the form in which Go hashes the keys of its maps: every word is multiplied by
 * what only this process knows. */
uint64_t tfr_hash(const void *data, size_t len)
{
    const unsigned char *at = data;
    size_t left = len;
    uint64_t first = 0;
    uint64_t last = 0;
    uint64_t hash;

    if (!atomic_load_explicit(&key_drawn, memory_order_acquire))
        (void)pthread_once(&key_once, draw_key);
    hash = key[0];
    for (; left > 16; left -= 16, at += 16)
        hash = mix(read_64(at) ^ key[1], read_64(at + 8) ^ hash);
    /* Both ends of what is left; they may overlap. */
    if (left >= 8) {
        first = read_64(at);
        last = read_64(at + left - 8);
    } else if (left >= 4) {
        first = read_32(at);
        last = read_32(at + left - 4);
    } else if (left > 0) {
        first = (uint64_t)at[0] << 16 | (uint64_t)at[left / 2] << 8 | at[left - 1];
    }
    return mix(key[2] ^ len, mix(first ^ key[1], last ^ hash));
}

/* FNV-1a, 64 bit. */
#define FNV_BASIS 0xcbf29ce484222325U
#define FNV_PRIME 0x100000001b3U

uint64_t tfr_hash_stable(uint64_t seed, const void *data, size_t len)
{
    const unsigned char *at = data;
    uint64_t hash = seed ^ FNV_BASIS;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ at[i]) * FNV_PRIME;
    return hash;
}

static void go_on_two(uint64_t hashes[2], const void *data, size_t len)
{
    const unsigned char *at = data;
    uint64_t one = hashes[0];
    uint64_t two = hashes[1];

    for (; len >= 8; len -= 8, at += 8) { /* a loop that compilers unroll */
        for (size_t i = 0; i < 8; i++) {
            one = (one ^ at[i]) * FNV_PRIME;
            two = (two ^ at[i]) * FNV_PRIME;
        }
    }
    for (size_t i = 0; i < len; i++) {
        one = (one ^ at[i]) * FNV_PRIME;
        two = (two ^ at[i]) * FNV_PRIME;
    }
    hashes[0] = one;
    hashes[1] = two;
}

void tfr_hash_stable_two(uint64_t seeds[2], const void *data, size_t len)
{
    seeds[0] ^= FNV_BASIS;
    seeds[1] ^= FNV_BASIS;
    go_on_two(seeds, data, len);
}

void tfr_hash_trail_start(struct tfr_hash_trail *trail, const uint64_t seeds[2])
{
    trail->text = "";
    trail->steps = 0;
    trail->at[0][0] = seeds[0] ^ FNV_BASIS;
    trail->at[0][1] = seeds[1] ^ FNV_BASIS;
}

void tfr_hash_trail_next(struct tfr_hash_trail *trail, const char *text, size_t len,
                         uint64_t hashes[2])
{
    const size_t steps = len / 8 < TFR_TRAIL_STEPS ? len / 8 : TFR_TRAIL_STEPS;
    const size_t most = steps < trail->steps ? steps : trail->steps;
    size_t at = 0;

    while (at < most && memcmp(text + 8 * at, trail->text + 8 * at, 8) == 0)
        at++;
    memcpy(hashes, trail->at[at], sizeof trail->at[at]);
    while (at < steps) {
        go_on_two(hashes, text + 8 * at, 8);
        at++;
        memcpy(trail->at[at], hashes, sizeof trail->at[at]);
    }
    go_on_two(hashes, text + 8 * steps, len - 8 * steps);
    trail->text = text;
    trail->steps = steps;
}

uint64_t tfr_hash_ends(const char *text, size_t len)
{
    uint64_t first = 0;
    uint64_t last = 0;

    if (len >= sizeof first) {
        memcpy(&first, text, sizeof first);
        memcpy(&last, text + len - sizeof last, sizeof last);
    } else {
        for (size_t i = 0; i < len; i++)
            first = first << 8 | (unsigned char)text[i];
    }
    first = (first ^ rotate(last, 23) ^ len) * 0x9e3779b97f4a7c15U;
    return ((first ^ first >> 32) * 0xc2b2ae3d27d4eb4fU) >> 40;
}

struct tfr_names *tfr_names_new(struct tfr_arena *arena)
{
    struct tfr_names *names = tfr_calloc(1, sizeof *names);

    names->arena = arena;
    names->mask = 255;
    names->slots = tfr_calloc(names->mask + 1, sizeof *names->slots);
    return names;
}

void tfr_names_free(struct tfr_names *names)
{
    if (names == NULL)
        return;
    tfr_free(names->slots);
    tfr_free(names->syms);
    tfr_free(names->layouts.slots);
    tfr_free(names->layouts.at);
    tfr_free(names);
}

static struct tfr_slot *find_slot(const struct tfr_names *names, uint32_t hash, const char *text,
                                  size_t len)
{
    size_t i = hash & names->mask;

    for (;; i = (i + 1) & names->mask) {
        struct tfr_slot *slot = &names->slots[i];
        const struct tfr_sym *sym;

        if (slot->place == 0)
            return slot;
        if (slot->hash != hash)
            continue;
        sym = names->syms[slot->place - 1];
        if (sym->len == len && memcmp(sym->text, text, len) == 0)
            return slot;
    }
}

size_t tfr_slots_double(struct tfr_slot **slots, size_t mask)
{
    struct tfr_slot *old = *slots;
    const size_t wide = mask * 2 + 1;

    *slots = tfr_calloc(wide + 1, sizeof *old);
    for (size_t i = 0; i <= mask; i++) {
        size_t at = old[i].hash & wide;

        if (old[i].place == 0)
            continue;
        while ((*slots)[at].place != 0)
            at = (at + 1) & wide;
        (*slots)[at] = old[i];
    }
    tfr_free(old);
    return wide;
}

const struct tfr_sym *tfr_names_get_rare(struct tfr_names *names, const char *text, size_t len)
{
    const uint32_t hash = (uint32_t)tfr_hash(text, len);
    struct tfr_slot *slot = find_slot(names, hash, text, len);
    struct tfr_sym *sym;

    if (slot->place != 0)
        return names->syms[slot->place - 1];
    if (len > UINT32_MAX || names->count >= MOST)
        tfr_oom();
    sym = tfr_arena_alloc(names->arena, sizeof *sym + len + 1);
    sym->id = names->count++;
    sym->len = (uint32_t)len;
    if (len > 0)
        memcpy(sym->text, text, len);
    sym->text[len] = '\0';
    names->syms = tfr_grow(names->syms, &names->sym_cap, names->count, sizeof(struct tfr_sym *));
    names->syms[sym->id] = sym;
    *slot = (struct tfr_slot){ .hash = hash, .place = names->count };
    if ((size_t)names->count * 4 > (names->mask + 1) * 3)
        names->mask = tfr_slots_double(&names->slots, names->mask);
    return sym;
}

const struct tfr_sym *tfr_names_get(struct tfr_names *names, const char *text, size_t len)
{
    const struct tfr_sym **recent = &names->recent[tfr_hash_ends(text, len) & (RECENT - 1)];

    if (*recent == NULL || (*recent)->len != len || memcmp((*recent)->text, text, len) != 0)
        *recent = tfr_names_get_rare(names, text, len);
    return *recent;
}

const struct tfr_sym *tfr_names_find(const struct tfr_names *names, const char *text, size_t len)
{
    const struct tfr_slot *slot = find_slot(names, (uint32_t)tfr_hash(text, len), text, len);

    return slot->place != 0 ? names->syms[slot->place - 1] : NULL;
}

static struct tfr_slot *find_layout(const struct layouts *layouts, uint32_t hash,
                                    const struct tfr_sym *const *at, uint32_t count)
{
    size_t i = hash & layouts->mask;

    for (;; i = (i + 1) & layouts->mask) {
        struct tfr_slot *slot = &layouts->slots[i];
        const struct tfr_layout *layout;

        if (slot->place == 0)
            return slot;
        layout = layouts->at[slot->place - 1];
        if (slot->hash == hash && layout->count == count &&
            memcmp(layout->names, at, count * sizeof(const struct tfr_sym *)) == 0)
            return slot;
    }
}

const struct tfr_layout *tfr_names_layout(struct tfr_names *names, const struct tfr_sym *const *at,
                                          uint32_t count)
{
    struct layouts *layouts = &names->layouts;
    const uint32_t hash = (uint32_t)tfr_hash(at, count * sizeof(const struct tfr_sym *));
    const struct tfr_layout *layout;
    struct tfr_slot *slot;

    if (layouts->slots == NULL) {
        layouts->mask = 63;
        layouts->slots = tfr_calloc(layouts->mask + 1, sizeof *layouts->slots);
    }
    slot = find_layout(layouts, hash, at, count);
    if (slot->place != 0)
        return layouts->at[slot->place - 1];
    if (layouts->count >= MOST)
        tfr_oom();
    layout = tfr_layout_new(names->arena, at, count);
    layouts->at =
        tfr_grow(layouts->at, &layouts->cap, layouts->count + 1, sizeof(const struct tfr_layout *));
    layouts->at[layouts->count++] = layout;
    *slot = (struct tfr_slot){ .hash = hash, .place = (uint32_t)layouts->count };
    if (layouts->count * 4 > (layouts->mask + 1) * 3)
        layouts->mask = tfr_slots_double(&layouts->slots, layouts->mask);
    return layout;
}

uint32_t tfr_names_count(const struct tfr_names *names)
{
    return names->count;
}

const struct tfr_sym *tfr_names_at(const struct tfr_names *names, uint32_t id)
{
    return names->syms[id];
}
