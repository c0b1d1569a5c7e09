/* SPDX-License-Identifier: Apache-2.0 */
/* Members of objects by the names that paths ask for. */
#include "policies/context.h"

#include <string.h>

/* What is known of the name that some steps of a path make. */
struct tfr_name_slot {
    const struct tfr_sym *name; /* NULL: the document has no such name */
    uint32_t names;             /* how many it had when it was asked: JSON texts bring more */
    uint32_t place;             /* where it stood last: most objects of a type share a layout */
    /* Of the first slot of a path: tfr_name_bit() of all that the path may begin with, and how many
     * names the document had then. */
    uint32_t first_names;
    uint64_t first_bits;
    struct tfr_said said; /* of a path with one step */
};

static struct tfr_name_slot *slots_of(struct tfr_context *ctx, const struct tfr_path *path)
{
    if (ctx->slots == NULL)
        ctx->slots = tfr_arena_zalloc(&ctx->batch,
                                      (ctx->policy->program->path_slots + 1u) * sizeof *ctx->slots);
    return &ctx->slots[path->slot];
}

static struct tfr_name_slot *slot_of(struct tfr_context *ctx, const struct tfr_path *path,
                                     uint32_t first, uint32_t last)
{
    const uint32_t before = tfr_path_slots(path->step_count) -
                            tfr_path_slots(path->step_count - first); /* of earlier first steps */

    return slots_of(ctx, path) + before + (last - first);
}

static void find_name(const struct tfr_names *names, const struct tfr_path *path, uint32_t first,
                      uint32_t last, struct tfr_name_slot *slot)
{
    const struct tfr_step *from = &path->steps[first], *to = &path->steps[last];
    uint32_t count;

    if (slot->name != NULL)
        return;
    count = names != NULL ? tfr_names_count(names) : 0;
    if (slot->names == count)
        return;
    slot->names = count;
    slot->name =
        tfr_names_find(names, path->text + from->at, (size_t)(to->at + to->len - from->at));
}

static const struct tfr_value *member_at(struct tfr_name_slot *slot, const struct tfr_value *object)
{
    const struct tfr_layout *layout;

    if (slot->name == NULL || object->count == 0)
        return NULL;
    layout = object->object->layout;
    if (slot->place >= object->count || layout->names[slot->place] != slot->name)
        slot->place = tfr_layout_place(layout, slot->name);
    return slot->place < object->count ? tfr_member_value(object, slot->place) : NULL;
}

const struct tfr_value *tfr_path_member(struct tfr_context *ctx, const struct tfr_path *path,
                                        uint32_t first, uint32_t last,
                                        const struct tfr_value *object)
{
    struct tfr_name_slot *slot = slot_of(ctx, path, first, last);

    find_name(ctx->document->names, path, first, last, slot);
    return member_at(slot, object);
}

const struct tfr_value *tfr_path_only_member(struct tfr_context *ctx, const struct tfr_path *path,
                                             const struct tfr_value *object, struct tfr_said **said)
{
    struct tfr_name_slot *slot = slots_of(ctx, path);

    find_name(ctx->document->names, path, 0, 0, slot);
    *said = &slot->said;
    return member_at(slot, object);
}

/* The bits of all names that a path may begin with. */
static uint64_t first_bits(struct tfr_context *ctx, const struct tfr_path *path)
{
    const struct tfr_names *names = ctx->document->names;
    const uint32_t count = names != NULL ? tfr_names_count(names) : 0;
    struct tfr_name_slot *first = slot_of(ctx, path, 0, 0);

    if (first->first_names == count)
        return first->first_bits;
    first->first_names = count;
    first->first_bits = 0;
    for (uint32_t last = 0; last < path->step_count; last++) {
        struct tfr_name_slot *slot = slot_of(ctx, path, 0, last);

        find_name(names, path, 0, last, slot);
        if (slot->name != NULL)
            first->first_bits |= tfr_name_bit(slot->name);
    }
    return first->first_bits;
}

bool tfr_path_is_of_names(const struct tfr_path *path)
{
    return !path->jsonpath && path->text[0] != '_' && path->steps[0].kind == TFR_STEP_NAME;
}

void tfr_path_first_names(struct tfr_context *ctx, const struct tfr_path *path, uint64_t *bits)
{
    for (uint32_t last = 0; last < path->step_count; last++) {
        struct tfr_name_slot *slot = slot_of(ctx, path, 0, last);

        find_name(ctx->document->names, path, 0, last, slot);
        if (slot->name != NULL)
            bits[slot->name->id / 64u] |= (uint64_t)1 << slot->name->id % 64u;
    }
}

bool tfr_path_may_enter(struct tfr_context *ctx, const struct tfr_path *path,
                        const struct tfr_differing *attributes)
{
    if (!tfr_path_is_of_names(path))
        return true;
    if ((first_bits(ctx, path) & attributes->bits) == 0)
        return false;
    for (uint32_t last = 0; last < path->step_count; last++) {
        const struct tfr_sym *name = slot_of(ctx, path, 0, last)->name;

        for (uint32_t i = 0; name != NULL && i < attributes->count; i++) {
            if (attributes->at[i] == name)
                return true;
        }
    }
    return false;
}

const struct tfr_value *tfr_path_root(const struct tfr_document *document,
                                      const struct tfr_value *object, const struct tfr_sym *path)
{
    const char *dot = memchr(path->text, '.', path->len);

    /* A name that the document does not have is no member; of what is unknown it is unknown too. */
    return tfr_value_member(object, dot == NULL ? path
                                                : tfr_names_find(document->names, path->text,
                                                                 (size_t)(dot - path->text)));
}
