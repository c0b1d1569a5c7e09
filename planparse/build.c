/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/build.h"

#include <string.h>

const char *tfr_builder_text(struct tfr_builder *builder, const char *text, size_t len)
{
    return tfr_arena_text(&builder->scratch, text, len);
}

void tfr_builder_grow(struct tfr_builder *builder)
{
    builder->pending = tfr_grow(builder->pending, &builder->pending_cap, builder->pending_cap + 1,
                                sizeof *builder->pending);
    builder->keys =
        tfr_realloc(builder->keys, builder->pending_cap * sizeof(const struct tfr_sym *));
}

/* Whether the innermost container is the value itself, or what Terraform nests in it before the
 * values of attributes begin. */
static bool is_structural(const struct tfr_builder *builder)
{
    for (size_t i = 1; i < builder->open_count; i++) {
        const struct tfr_open *open = &builder->open[i];

        if (!builder->open[i - 1].array && !tfr_sym_is(open->key, "change") &&
            !tfr_sym_is(open->key, "resource_change") && !tfr_sym_is(open->key, "instances"))
            return false;
    }
    return true;
}

void tfr_builder_open(struct tfr_builder *builder, bool array)
{
    builder->open =
        tfr_grow(builder->open, &builder->open_cap, builder->open_count + 1, sizeof *builder->open);
    builder->open[builder->open_count++] =
        (struct tfr_open){ .first = builder->pending_count, .key = builder->key, .array = array };
    builder->key = NULL;
}

static struct tfr_value make_list(struct tfr_builder *builder, size_t first)
{
    const size_t count = builder->pending_count - first;

    return (struct tfr_value){ .kind = TFR_LIST,
                               .count = (uint32_t)count,
                               .items = count > 0 ? tfr_arena_copy(&builder->scratch,
                                                                   builder->pending + first,
                                                                   count * sizeof *builder->pending)
                                                  : NULL };
}

/* Marks a name as seen in the object `serial`. True if it was seen there before. */
static bool seen(struct tfr_builder *builder, const struct tfr_sym *name)
{
    if (name->id >= builder->last_seen_cap) {
        const size_t old = builder->last_seen_cap;

        builder->last_seen = tfr_grow(builder->last_seen, &builder->last_seen_cap,
                                      (size_t)name->id + 1, sizeof *builder->last_seen);
        memset(builder->last_seen + old, 0,
               (builder->last_seen_cap - old) * sizeof *builder->last_seen);
    }
    if (builder->last_seen[name->id] == builder->serial)
        return true;
    builder->last_seen[name->id] = builder->serial;
    return false;
}

/* Objects of more members mark their names in a table for all names. */
#define FEW 64

static bool is_among(const struct tfr_sym *const *keys, size_t from, size_t to,
                     const struct tfr_sym *name)
{
    while (from < to && keys[from] != name)
        from++;
    return from < to;
}

static void move_child(struct tfr_builder *builder, size_t from, size_t to)
{
    builder->keys[to] = builder->keys[from];
    builder->pending[to] = builder->pending[from];
}

/* Moves the members from `first` on to the end, so that of several with one name the last stays, in
 * their order. @return where they begin then */
static size_t keep_last_of_few(struct tfr_builder *builder, size_t first)
{
    uint64_t maybe[4] = { 0 }; /* by a part of the name's id: there may be one */
    const size_t end = builder->pending_count;
    size_t at = end;

    for (size_t i = end; i-- > first;) {
        const struct tfr_sym *name = builder->keys[i];
        const uint64_t bit = (uint64_t)1 << (name->id & 63);
        uint64_t *word = &maybe[name->id >> 6 & 3];

        if ((*word & bit) != 0 && is_among(builder->keys, at, end, name)) {
            builder->duplicates++;
            continue;
        }
        *word |= bit;
        move_child(builder, i, --at);
    }
    return at;
}

static size_t keep_last_of_many(struct tfr_builder *builder, size_t first)
{
    size_t at = builder->pending_count;

    if (++builder->serial == 0) { /* wrapped after 4 billion objects */
        memset(builder->last_seen, 0, builder->last_seen_cap * sizeof *builder->last_seen);
        builder->serial = 1;
    }
    for (size_t i = builder->pending_count; i-- > first;) {
        if (seen(builder, builder->keys[i]))
            builder->duplicates++;
        else
            move_child(builder, i, --at);
    }
    return at;
}

static struct tfr_value make_object(struct tfr_builder *builder, size_t first,
                                    const struct tfr_layout *layout)
{
    size_t count = builder->pending_count - first;
    struct tfr_object *object;

    if (count == 0)
        return (struct tfr_value){ .kind = TFR_OBJECT };
    if (layout == NULL) {
        first = count <= FEW ? keep_last_of_few(builder, first) : keep_last_of_many(builder, first);
        count = builder->pending_count - first;
        layout = tfr_names_layout(builder->names, builder->keys + first, (uint32_t)count);
    }
    object = tfr_arena_alloc(&builder->scratch, tfr_object_size(count));
    object->layout = layout;
    memcpy(object->values, builder->pending + first, count * sizeof *builder->pending);
    return (struct tfr_value){ .kind = TFR_OBJECT, .count = (uint32_t)count, .object = object };
}

void tfr_builder_close(struct tfr_builder *builder, const struct tfr_layout *layout)
{
    const struct tfr_open *open = &builder->open[builder->open_count - 1];
    const struct tfr_sym *key = open->key;
    const size_t first = open->first;
    const uint64_t duplicates = builder->duplicates;
    const struct tfr_value value =
        open->array ? make_list(builder, first) : make_object(builder, first, layout);

    builder->structural_twice =
        builder->structural_twice || (builder->duplicates > duplicates && is_structural(builder));
    builder->open_count--;
    builder->pending_count = first;
    builder->key = key;
    tfr_builder_put(builder, value);
    builder->key = NULL;
}

const struct tfr_value *tfr_builder_root(const struct tfr_builder *builder)
{
    return &builder->pending[0];
}

const struct tfr_value *tfr_builder_member(const struct tfr_builder *builder, uint32_t name_id)
{
    for (size_t i = builder->pending_count; builder->open_count == 1 && i-- > 0;) {
        if (builder->keys[i] != NULL && builder->keys[i]->id == name_id)
            return &builder->pending[i];
    }
    return &tfr_absent;
}

void tfr_builder_reset(struct tfr_builder *builder)
{
    tfr_arena_reset(&builder->scratch);
    builder->pending_count = 0;
    builder->open_count = 0;
    builder->structural_twice = false;
    builder->key = NULL;
}

void tfr_builder_fini(struct tfr_builder *builder)
{
    tfr_arena_free(&builder->scratch);
    tfr_free(builder->keys);
    tfr_free(builder->pending);
    tfr_free(builder->open);
    tfr_free(builder->last_seen);
    *builder = (struct tfr_builder){ 0 };
}

static void add_key(struct tfr_buf *out, const struct tfr_sym *key)
{
    tfr_buf_putc(out, '.');
    tfr_buf_add_safe(out, key->text, key->len);
}

void tfr_builder_path(const struct tfr_builder *builder, struct tfr_buf *out)
{
    for (size_t i = 0; i < builder->open_count; i++) {
        const struct tfr_open *open = &builder->open[i];
        const bool last = i + 1 == builder->open_count;
        const size_t end = last ? builder->pending_count : builder->open[i + 1].first;

        if (open->array)
            tfr_buf_printf(out, "[%zu]", end - open->first);
        else if (last && builder->key != NULL)
            add_key(out, builder->key);
        else if (!last && builder->open[i + 1].key != NULL)
            add_key(out, builder->open[i + 1].key);
    }
}
