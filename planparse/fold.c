/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/fold.h"

#include <string.h>

/* One value to copy: from where, with which masks, to where. */
struct tfr_fold_task {
    const struct tfr_value *from, *unknown, *sensitive;
    struct tfr_value *to;
    bool secret; /* something above is marked sensitive */
};

static void push(struct tfr_folder *folder, struct tfr_fold_task task)
{
    folder->tasks =
        tfr_grow(folder->tasks, &folder->task_cap, folder->task_count + 1, sizeof *folder->tasks);
    folder->tasks[folder->task_count++] = task;
}

static bool is_true(const struct tfr_value *mask)
{
    return mask->kind == TFR_BOOL && mask->truth;
}

/* ---- members of masks --------------------------------------------------------------------------
 */

/* Objects are looked up by name id, so that no document makes this quadratic. */
static void index_mask(struct tfr_mask_index *index, const struct tfr_value *mask)
{
    for (uint32_t i = 0; mask->kind == TFR_OBJECT && i < mask->count; i++) {
        const uint32_t id = tfr_member_name(mask, i)->id;

        if (id >= index->cap) {
            const size_t old = index->cap;

            index->at = tfr_grow(index->at, &index->cap, (size_t)id + 1, sizeof *index->at);
            memset(index->at + old, 0, (index->cap - old) * sizeof *index->at);
        }
        index->at[id] = i + 1;
    }
}

static void clear_index(struct tfr_mask_index *index, const struct tfr_value *mask)
{
    for (uint32_t i = 0; mask->kind == TFR_OBJECT && i < mask->count; i++)
        index->at[tfr_member_name(mask, i)->id] = 0;
}

static const struct tfr_value *indexed(const struct tfr_mask_index *index,
                                       const struct tfr_value *mask, const struct tfr_sym *name)
{
    if (name->id >= index->cap || index->at[name->id] == 0)
        return &tfr_absent;
    return tfr_member_value(mask, index->at[name->id] - 1);
}

/* @return whether a part of a mask marks; what is in it is put on the stack */
static bool part_marks(struct tfr_folder *folder, const struct tfr_value *part)
{
    if (tfr_value_is_container(part) && part->count > 0)
        push(folder, (struct tfr_fold_task){ .from = part });
    return is_true(part);
}

bool tfr_mask_marks_inside(struct tfr_folder *folder, const struct tfr_value *mask)
{
    const size_t base = folder->task_count;
    bool marks = part_marks(folder, mask);

    while (!marks && folder->task_count > base) {
        const struct tfr_value *at = folder->tasks[--folder->task_count].from;

        for (uint32_t i = 0; i < at->count && !marks; i++)
            marks = part_marks(folder, &tfr_value_children(at)[i]);
    }
    folder->task_count = base;
    return marks;
}

/* ---- one level ---------------------------------------------------------------------------------
 */

static void fold_list(struct tfr_folder *folder, const struct tfr_fold_task *task)
{
    const uint32_t count = task->from->count;
    struct tfr_value *items = tfr_arena_alloc(folder->arena, count * sizeof *items);

    task->to->items = items;
    for (uint32_t i = 0; i < count; i++) {
        push(folder,
             (struct tfr_fold_task){
                 .from = &task->from->items[i],
                 .unknown = task->unknown->kind == TFR_LIST ? tfr_value_item(task->unknown, i)
                                                            : &tfr_absent,
                 .sensitive = task->sensitive->kind == TFR_LIST ? tfr_value_item(task->sensitive, i)
                                                                : &tfr_absent,
                 .to = &items[i],
                 .secret = task->secret,
             });
    }
}

/* Members that only the mask of unknowns knows: Terraform drops them from the value. */
static uint32_t count_dropped(struct tfr_folder *folder, const struct tfr_value *from,
                              const struct tfr_value *unknown)
{
    struct tfr_mask_index *index = &folder->index[0];
    uint32_t dropped = 0;

    /* What `from` has is taken out of the index; what stays and marks something was dropped. */
    for (uint32_t i = 0; from->kind == TFR_OBJECT && i < from->count; i++) {
        const uint32_t id = tfr_member_name(from, i)->id;

        if (id < index->cap)
            index->at[id] = 0;
    }
    for (uint32_t i = 0; unknown->kind == TFR_OBJECT && i < unknown->count; i++) {
        const struct tfr_member member = tfr_member_at(unknown, i);

        if (index->at[member.name->id] == 0)
            continue;
        if (tfr_mask_marks(folder, member.value))
            dropped++;
        else
            index->at[member.name->id] = 0;
    }
    return dropped;
}

/* Adds what was dropped, and marks something, behind the `own` members of an object. */
static void add_dropped(struct tfr_folder *folder, const struct tfr_fold_task *task, uint32_t own,
                        const struct tfr_sym **names, struct tfr_object *object)
{
    uint32_t at = own;

    for (uint32_t i = 0; i < task->unknown->count; i++) {
        const struct tfr_member member = tfr_member_at(task->unknown, i);

        if (folder->index[0].at[member.name->id] == 0)
            continue;
        names[at] = member.name;
        push(folder, (struct tfr_fold_task){
                         .from = &tfr_absent,
                         .unknown = member.value,
                         .sensitive = indexed(&folder->index[1], task->sensitive, member.name),
                         .to = &object->values[at++],
                         .secret = task->secret,
                     });
    }
}

/* An object with what was dropped from it. */
static const struct tfr_layout *fold_dropped(struct tfr_folder *folder,
                                             const struct tfr_fold_task *task, uint32_t own,
                                             uint32_t dropped, struct tfr_object *object)
{
    const struct tfr_sym **names =
        tfr_malloc(((size_t)own + dropped) * sizeof(const struct tfr_sym *));
    const struct tfr_layout *layout;

    for (uint32_t i = 0; i < own; i++)
        names[i] = tfr_member_name(task->from, i);
    add_dropped(folder, task, own, names, object);
    layout = tfr_names_layout(folder->names, names, own + dropped);
    tfr_free(names);
    return layout;
}

static void fold_object(struct tfr_folder *folder, const struct tfr_fold_task *task)
{
    const struct tfr_value *from = task->from;
    const uint32_t own = from->kind == TFR_OBJECT ? from->count : 0;
    const size_t first = folder->task_count;
    struct tfr_object *object = NULL;
    uint32_t dropped;

    index_mask(&folder->index[0], task->unknown);
    index_mask(&folder->index[1], task->sensitive);
    for (uint32_t i = 0; i < own; i++) {
        const struct tfr_member member = tfr_member_at(from, i);

        push(folder, (struct tfr_fold_task){
                         .from = member.value,
                         .unknown = indexed(&folder->index[0], task->unknown, member.name),
                         .sensitive = indexed(&folder->index[1], task->sensitive, member.name),
                         .secret = task->secret,
                     });
    }
    dropped = count_dropped(folder, from, task->unknown);
    if (own + dropped > 0)
        object = tfr_arena_alloc(folder->arena, tfr_object_size((size_t)own + dropped));
    for (uint32_t i = 0; i < own; i++)
        folder->tasks[first + i].to = &object->values[i];
    if (dropped > 0)
        object->layout = fold_dropped(folder, task, own, dropped, object);
    else if (own > 0)
        object->layout = from->object->layout;
    clear_index(&folder->index[0], task->unknown);
    clear_index(&folder->index[1], task->sensitive);
    task->to->kind = TFR_OBJECT;
    task->to->count = own + dropped;
    task->to->object = object;
}

/* ---- without masks -----------------------------------------------------------------------------
 */

/* Longer texts seldom come twice, bytes. */
#define LONGEST 256

static const char *keep_text(struct tfr_folder *folder, const char *text, size_t len)
{
    struct tfr_recent_text *recent;

    if (folder->recent == NULL || len > LONGEST)
        return tfr_arena_text(folder->arena, text, len);
    recent = &folder->recent[tfr_hash_ends(text, len) & (TFR_RECENT_TEXTS - 1)];
    if (recent->text == NULL || recent->len != len || memcmp(recent->text, text, len) != 0)
        *recent = (struct tfr_recent_text){ tfr_arena_text(folder->arena, text, len), len };
    return recent->text;
}

static inline void copy_text(struct tfr_folder *folder, struct tfr_value *to)
{
    if (to->kind == TFR_STRING || to->kind == TFR_NUMBER)
        to->text = keep_text(folder, to->text, to->count);
}

/* What is in a list or object, copied already; containers in it are put on the stack. */
static void copy_children(struct tfr_folder *folder, struct tfr_value *children, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct tfr_value *child = &children[i];

        child->settled = child->kind >= TFR_LIST;
        if (child->kind < TFR_LIST)
            copy_text(folder, child);
        else if (child->count > 0)
            push(folder, (struct tfr_fold_task){ .to = child });
    }
}

/* Takes over what a list or object holds, which is something. */
static void copy_level(struct tfr_folder *folder, struct tfr_value *value)
{
    if (value->kind == TFR_LIST) {
        struct tfr_value *items =
            tfr_arena_copy(folder->arena, value->items, value->count * sizeof *items);

        value->items = items;
        copy_children(folder, items, value->count);
    } else {
        struct tfr_object *object =
            tfr_arena_copy(folder->arena, value->object, tfr_object_size(value->count));

        value->object = object;
        copy_children(folder, object->values, value->count);
    }
}

/* Copies all of a value. */
static void copy(struct tfr_folder *folder, const struct tfr_value *from, struct tfr_value *to)
{
    const size_t base = folder->task_count;

    *to = *from;
    copy_children(folder, to, 1);
    while (folder->task_count > base)
        copy_level(folder, folder->tasks[--folder->task_count].to);
}

/* ---- with masks --------------------------------------------------------------------------------
 */

static void fold_one(struct tfr_folder *folder, struct tfr_fold_task task)
{
    if (task.unknown == &tfr_absent && task.sensitive == &tfr_absent && !task.secret) {
        copy(folder, task.from, task.to);
        return;
    }
    task.secret = task.secret || is_true(task.sensitive);
    *task.to = *task.from;
    task.to->sensitive = task.secret;
    task.to->settled = task.unknown == &tfr_absent && task.from->kind >= TFR_LIST;
    if (is_true(task.unknown)) {
        *task.to = (struct tfr_value){ .kind = TFR_UNKNOWN, .sensitive = task.secret };
        return;
    }
    switch (task.from->kind) {
    case TFR_NUMBER:
    case TFR_STRING:
        copy_text(folder, task.to);
        break;
    case TFR_LIST:
        fold_list(folder, &task);
        break;
    case TFR_OBJECT:
        fold_object(folder, &task);
        break;
    case TFR_ABSENT:
        if (task.unknown->kind == TFR_OBJECT)
            fold_object(folder, &task);
        else if (tfr_mask_marks(folder, task.unknown))
            task.to->kind = TFR_UNKNOWN;
        break;
    default:
        break;
    }
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

struct tfr_value tfr_fold(struct tfr_folder *folder, const struct tfr_value *value,
                          const struct tfr_value *unknown, const struct tfr_value *sensitive)
{
    struct tfr_value out = { 0 };

    /* Most masks mark nothing; an absent value with a mask of objects is one only if it does. */
    if (!tfr_mask_marks(folder, unknown))
        unknown = &tfr_absent;
    if (!tfr_mask_marks(folder, sensitive))
        sensitive = &tfr_absent;
    fold_one(folder, (struct tfr_fold_task){ value, unknown, sensitive, &out, false });
    while (folder->task_count > 0)
        fold_one(folder, folder->tasks[--folder->task_count]);
    return out;
}

void tfr_fold_mark(struct tfr_folder *folder, struct tfr_value *value)
{
    push(folder, (struct tfr_fold_task){ .to = value });
    while (folder->task_count > 0) {
        struct tfr_value *at = folder->tasks[--folder->task_count].to;

        at->sensitive = true;
        /* The document's own arena: we made these arrays, nobody has seen them yet. */
        for (uint32_t i = 0; tfr_value_is_container(at) && i < at->count; i++)
            push(folder,
                 (struct tfr_fold_task){ .to = (struct tfr_value *)&tfr_value_children(at)[i] });
    }
}

void tfr_folder_fini(struct tfr_folder *folder)
{
    tfr_free(folder->tasks);
    tfr_free(folder->index[0].at);
    tfr_free(folder->index[1].at);
    *folder = (struct tfr_folder){ 0 };
}
