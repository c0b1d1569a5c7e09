/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <string.h>

/* With fewer names a walk is as fast; more do not fit into a byte. */
#define FEWEST 6U
#define MOST 254U

static void index_names(struct tfr_arena *arena, struct tfr_layout *layout)
{
    uint32_t room = 16;
    uint8_t *places;

    if (layout->count < FEWEST || layout->count > MOST)
        return;
    while (room < layout->count * 2)
        room *= 2;
    places = tfr_arena_zalloc(arena, room);
    for (uint32_t i = 0; i < layout->count; i++) {
        const struct tfr_sym *name = layout->names[i];
        uint32_t at = tfr_layout_hash(name->text, name->len) & (room - 1);

        while (places[at] != 0)
            at = (at + 1) & (room - 1);
        places[at] = (uint8_t)(i + 1);
    }
    layout->places = places;
    layout->mask = room - 1;
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
    return name->len == len && memcmp(name->text, text, len) == 0;
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
    for (; layout->places[at] != 0; at = (at + 1) & layout->mask) {
        if (is_name(layout->names[layout->places[at] - 1], text, len))
            return layout->places[at] - 1U;
    }
    return layout->count;
}

uint32_t tfr_layout_place(const struct tfr_layout *layout, const struct tfr_sym *name)
{
    uint32_t at = 0;

    if (layout->mask == 0) {
        while (at < layout->count && layout->names[at] != name)
            at++;
        return at;
    }
    at = tfr_layout_hash(name->text, name->len) & layout->mask;
    for (; layout->places[at] != 0; at = (at + 1) & layout->mask) {
        if (layout->names[layout->places[at] - 1] == name)
            return layout->places[at] - 1U;
    }
    return layout->count;
}
