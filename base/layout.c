/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <string.h>

/* With fewer names a walk is as fast. */
#define FEWEST 6U

static uint8_t *index_few(struct tfr_arena *arena, const struct tfr_layout *layout)
{
    uint8_t *places = tfr_arena_zalloc(arena, layout->mask + 1);

    for (uint32_t i = 0; i < layout->count; i++) {
        const struct tfr_sym *name = layout->names[i];
        uint32_t at = tfr_layout_hash(name->text, name->len) & layout->mask;

        while (places[at] != 0)
            at = (at + 1) & layout->mask;
        places[at] = (uint8_t)(i + 1);
    }
    return places;
}

static struct tfr_slot *index_many(struct tfr_arena *arena, const struct tfr_layout *layout)
{
    struct tfr_slot *slots = tfr_arena_zalloc(arena, (layout->mask + (size_t)1) * sizeof *slots);

    for (uint32_t i = 0; i < layout->count; i++) {
        const struct tfr_sym *name = layout->names[i];
        const uint32_t hash = (uint32_t)tfr_hash(name->text, name->len);
        uint32_t at = hash & layout->mask;

        while (slots[at].place != 0)
            at = (at + 1) & layout->mask;
        slots[at] = (struct tfr_slot){ .hash = hash, .place = i + 1 };
    }
    return slots;
}

static void index_names(struct tfr_arena *arena, struct tfr_layout *layout)
{
    uint32_t room = 16;

    if (layout->count < FEWEST || layout->count > UINT32_MAX / 4)
        return;
    while (room < layout->count * 2)
        room *= 2;
    layout->mask = room - 1;
    if (layout->count <= TFR_LAYOUT_PLACES)
        layout->places = index_few(arena, layout);
    else
        layout->slots = index_many(arena, layout);
}

const struct tfr_layout *tfr_layout_new(struct tfr_arena *arena, const struct tfr_sym *const *at,
                                        uint32_t count)
{
    struct tfr_layout *layout =
        tfr_arena_alloc(arena, sizeof *layout + count * sizeof(const struct tfr_sym *));

    layout->count = count;
    layout->mask = 0;
    layout->places = NULL;
    if (count > 0)
        memcpy(layout->names, at, count * sizeof(const struct tfr_sym *));
    index_names(arena, layout);
    return layout;
}

static bool is_name(const struct tfr_sym *name, const char *text, size_t len)
{
    return name->len == len && (name->text == text || memcmp(name->text, text, len) == 0);
}

static uint32_t find_among_many(const struct tfr_layout *layout, const char *text, size_t len)
{
    const uint32_t hash = (uint32_t)tfr_hash(text, len);
    uint32_t at = hash & layout->mask;

    for (; layout->slots[at].place != 0; at = (at + 1) & layout->mask) {
        const uint32_t place = layout->slots[at].place - 1;

        if (layout->slots[at].hash == hash && is_name(layout->names[place], text, len))
            return place;
    }
    return layout->count;
}

uint32_t tfr_layout_find(const struct tfr_layout *layout, const char *text, size_t len,
                         uint32_t hash)
{
    uint32_t at = hash & layout->mask;

    if (layout->mask == 0) {
        while (at < layout->count && !is_name(layout->names[at], text, len))
            at++;
        return at;
    }
    if (layout->count > TFR_LAYOUT_PLACES)
        return find_among_many(layout, text, len);
    for (; layout->places[at] != 0; at = (at + 1) & layout->mask) {
        if (is_name(layout->names[layout->places[at] - 1], text, len))
            return layout->places[at] - 1U;
    }
    return layout->count;
}

uint32_t tfr_layout_place(const struct tfr_layout *layout, const struct tfr_sym *name)
{
    const uint32_t at =
        tfr_layout_find(layout, name->text, name->len, tfr_layout_hash(name->text, name->len));

    return at < layout->count && layout->names[at] == name ? at : layout->count;
}
