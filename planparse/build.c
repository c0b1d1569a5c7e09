/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/build.h"

#include <string.h>

const char *tfr_builder_text(struct tfr_builder *builder, const char *text, size_t len)
{
    return tfr_arena_text(&builder->scratch, text, len);
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
    struct tfr_value *items = tfr_arena_alloc(&builder->scratch, count * sizeof *items);

    for (size_t i = 0; i < count; i++)
        items[i] = builder->pending[first + i].value;
    return (struct tfr_value){ .kind = TFR_LIST, .count = (uint32_t)count, .items = items };
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

static bool is_among(const struct tfr_member *members, size_t from, size_t to,
                     const struct tfr_sym *name)
{
    while (from < to && members[from].name != name)
        from++;
    return from < to;
}

/* Copies members so that of several with one name the last stays, at its own place. `members` has
 * room for all of them. @return where the copy begins */
static size_t keep_last_of_few(struct tfr_builder *builder, size_t first, size_t count,
                               struct tfr_member *members)
{
    uint64_t maybe[4] = { 0 }; /* by a part of the name's id: there may be one */
    size_t at = count;

    for (size_t i = count; i-- > 0;) {
        const struct tfr_member *member = &builder->pending[first + i];
        const uint32_t id = member->name->id;
        const uint64_t bit = (uint64_t)1 << (id & 63);
        uint64_t *word = &maybe[id >> 6 & 3];

        if ((*word & bit) != 0 && is_among(members, at, count, member->name)) {
            builder->duplicates++;
            continue;
        }
        *word |= bit;
        members[--at] = *member;
    }
    return at;
}

static size_t keep_last_of_many(struct tfr_builder *builder, size_t first, size_t count,
                                struct tfr_member *members)
{
    size_t at = count;

    if (++builder->serial == 0) { /* wrapped after 4 billion objects */
        memset(builder->last_seen, 0, builder->last_seen_cap * sizeof *builder->last_seen);
        builder->serial = 1;
    }
    for (size_t i = count; i-- > 0;) {
        const struct tfr_member *member = &builder->pending[first + i];

        if (seen(builder, member->name))
            builder->duplicates++;
        else
            members[--at] = *member;
    }
    return at;
}

static struct tfr_value make_object(struct tfr_builder *builder, size_t first, bool distinct)
{
    const size_t count = builder->pending_count - first;
    struct tfr_member *members = tfr_arena_alloc(&builder->scratch, count * sizeof *members);
    size_t at = 0;

    if (distinct && count > 0)
        memcpy(members, builder->pending + first, count * sizeof *members);
    else if (!distinct)
        at = count <= FEW ? keep_last_of_few(builder, first, count, members)
                          : keep_last_of_many(builder, first, count, members);

    return (struct tfr_value){ .kind = TFR_OBJECT,
                               .count = (uint32_t)(count - at),
                               .members = members + at };
}

void tfr_builder_close(struct tfr_builder *builder, bool distinct)
{
    const struct tfr_open *open = &builder->open[builder->open_count - 1];
    const struct tfr_sym *key = open->key;
    const size_t first = open->first;
    const uint64_t duplicates = builder->duplicates;
    const struct tfr_value value =
        open->array ? make_list(builder, first) : make_object(builder, first, distinct);

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
    return &builder->pending[0].value;
}

const struct tfr_value *tfr_builder_member(const struct tfr_builder *builder, uint32_t name_id)
{
    for (size_t i = builder->pending_count; builder->open_count == 1 && i-- > 0;) {
        const struct tfr_member *member = &builder->pending[i];

        if (member->name != NULL && member->name->id == name_id)
            return &member->value;
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
