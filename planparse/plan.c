/* SPDX-License-Identifier: Apache-2.0 */
/* What the members of a plan mean: changes, drift, outputs, variables, checks. */
#include "planparse/reader.h"

#include <string.h>

/* ---- actions -----------------------------------------------------------------------------------
 */

static const struct {
    enum tfr_action action;
    const char *first, *second; /* second: NULL if there is one only */
} actions[] = {
    { TFR_ACTION_NO_OP, "no-op", NULL },
    { TFR_ACTION_CREATE, "create", NULL },
    { TFR_ACTION_READ, "read", NULL },
    { TFR_ACTION_UPDATE, "update", NULL },
    { TFR_ACTION_DELETE, "delete", NULL },
    { TFR_ACTION_FORGET, "forget", NULL },
    { TFR_ACTION_DELETE_CREATE, "delete", "create" },
    { TFR_ACTION_CREATE_DELETE, "create", "delete" },
    { TFR_ACTION_CREATE_FORGET, "create", "forget" },
    { TFR_ACTION_CREATE_FORGET, "forget", "create" },
};

static enum tfr_action name_action(const struct tfr_value *list)
{
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        const uint32_t count = actions[i].second != NULL ? 2 : 1;

        if (list->count == count && tfr_value_is(&list->items[0], actions[i].first) &&
            (count == 1 || tfr_value_is(&list->items[1], actions[i].second)))
            return actions[i].action;
    }
    return TFR_ACTION_OTHER;
}

static bool read_actions(const struct tfr_value *list, struct tfr_resource *out,
                         struct tfr_error *err)
{
    if (tfr_value_missing(list) || (list->kind == TFR_LIST && list->count == 0)) {
        /* made by hand: nobody knows what happens to it */
        out->action = TFR_ACTION_OTHER;
        return true;
    }
    if (list->kind != TFR_LIST)
        return tfr_reader_wrong(err, "change.actions", "a list of actions");
    for (uint32_t i = 0; i < list->count; i++) {
        const struct tfr_value *item = &list->items[i];

        if (item->kind != TFR_STRING)
            return tfr_reader_wrong(err, "change.actions", "a list of texts");
        out->creates = out->creates || tfr_value_is(item, "create");
        out->deletes = out->deletes || tfr_value_is(item, "delete");
        out->forgets = out->forgets || tfr_value_is(item, "forget");
    }
    out->action = name_action(list);
    return true;
}

/* ---- paths -------------------------------------------------------------------------------------
 */

/* ["ingress", 0, "cidr_blocks"] becomes ingress.0.cidr_blocks; a step through a set (an object)
 * becomes "*". */
static const struct tfr_sym *path_text(struct tfr_reader *reader, const struct tfr_value *path)
{
    struct tfr_buf text = { 0 };
    const struct tfr_sym *sym;

    for (uint32_t i = 0; path->kind == TFR_LIST && i < path->count; i++) {
        const struct tfr_value *step = &path->items[i];

        if (i > 0)
            tfr_buf_putc(&text, '.');
        if (step->kind == TFR_STRING || step->kind == TFR_NUMBER)
            tfr_buf_add(&text, step->text, step->count);
        else
            tfr_buf_putc(&text, '*');
    }
    sym = tfr_reader_text(reader, tfr_buf_text(&text), text.len);
    tfr_buf_fini(&text);
    return sym;
}

static struct tfr_paths read_replace_paths(struct tfr_reader *reader, const struct tfr_value *list)
{
    struct tfr_paths paths = { 0 };
    const struct tfr_sym **at;

    if (list->kind != TFR_LIST || list->count == 0)
        return paths;
    at = tfr_arena_alloc(&reader->document->arena, list->count * sizeof(const struct tfr_sym *));
    for (uint32_t i = 0; i < list->count; i++)
        at[i] = path_text(reader, &list->items[i]);
    paths.at = at;
    paths.count = list->count;
    return paths;
}

/* ---- values ------------------------------------------------------------------------------------
 */

/* Terraform writes null for "there was nothing": the model says absent. */
static struct tfr_value absent_if_null(struct tfr_value value)
{
    return value.kind == TFR_NULL ? tfr_absent : value;
}

/* What is read holds no unknown yet, and may share what was written twice. */
static bool same_values(const struct tfr_value *a, const struct tfr_value *b)
{
    return (a->kind == TFR_OBJECT && b->kind == TFR_OBJECT && a->count == b->count &&
            a->object == b->object) ||
           tfr_value_equal(a, b);
}

/* In most plans most resources do not change: they keep one tree for before and after. */
static bool unchanged(struct tfr_reader *reader, const struct tfr_members *change)
{
    const struct tfr_value *was = change->at[TFR_M_BEFORE_SENSITIVE];
    const struct tfr_value *will = change->at[TFR_M_AFTER_SENSITIVE];

    return !tfr_mask_marks(&reader->folder, change->at[TFR_M_AFTER_UNKNOWN]) &&
           (was->kind == TFR_ABSENT ? will->kind == TFR_ABSENT : same_values(was, will)) &&
           same_values(change->at[TFR_M_BEFORE], change->at[TFR_M_AFTER]);
}

static void read_values(struct tfr_reader *reader, const struct tfr_members *change,
                        struct tfr_resource *out)
{
    out->before = absent_if_null(tfr_fold(&reader->folder, change->at[TFR_M_BEFORE], &tfr_absent,
                                          change->at[TFR_M_BEFORE_SENSITIVE]));
    if (out->action == TFR_ACTION_NO_OP && unchanged(reader, change))
        out->after = out->before;
    else
        out->after = absent_if_null(tfr_fold(&reader->folder, change->at[TFR_M_AFTER],
                                             change->at[TFR_M_AFTER_UNKNOWN],
                                             change->at[TFR_M_AFTER_SENSITIVE]));
}

static bool is_values(const struct tfr_value *value)
{
    return value->kind == TFR_OBJECT || tfr_value_missing(value);
}

static bool read_change(struct tfr_reader *reader, const struct tfr_value *value,
                        struct tfr_resource *out, struct tfr_error *err)
{
    struct tfr_members object;
    struct tfr_members change;
    const struct tfr_value *importing;

    if (value->kind != TFR_OBJECT)
        return tfr_reader_wrong(err, "", "an object");
    tfr_members_of(value, &object);
    tfr_members_of(object.at[TFR_M_CHANGE], &change);
    if (!tfr_resource_identity(reader, &object, out, err))
        return false;
    if (object.at[TFR_M_CHANGE]->kind != TFR_OBJECT)
        return tfr_reader_wrong(err, "change", "an object");
    if (!read_actions(change.at[TFR_M_ACTIONS], out, err))
        return false;
    if (!is_values(change.at[TFR_M_BEFORE]))
        return tfr_reader_wrong(err, "change.before", "an object or null");
    if (!is_values(change.at[TFR_M_AFTER]))
        return tfr_reader_wrong(err, "change.after", "an object or null");
    out->previous_address = tfr_reader_name(reader, object.at[TFR_M_PREVIOUS_ADDRESS]);
    out->action_reason = tfr_reader_name(reader, object.at[TFR_M_ACTION_REASON]);
    out->replace_paths = read_replace_paths(reader, change.at[TFR_M_REPLACE_PATHS]);
    importing = change.at[TFR_M_IMPORTING];
    out->importing = importing->kind == TFR_OBJECT;
    out->import_unknown = tfr_value_true(tfr_value_get(importing, "unknown"));
    out->generated_config = change.at[TFR_M_GENERATED_CONFIG]->kind == TFR_STRING;
    read_values(reader, &change, out);
    return true;
}

/* ---- lists of changes --------------------------------------------------------------------------
 */

static uint32_t *current_slot(struct tfr_reader *reader, const struct tfr_sym *address)
{
    if (address->id >= reader->current_cap) {
        const size_t old = reader->current_cap;

        reader->current = tfr_grow(reader->current, &reader->current_cap, (size_t)address->id + 1,
                                   sizeof *reader->current);
        memset(reader->current + old, 0, (reader->current_cap - old) * sizeof *reader->current);
    }
    return &reader->current[address->id];
}

bool tfr_take_change(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                     struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_resource *resource = tfr_resource_add(reader, &reader->changes, err);

    (void)name;
    if (resource == NULL || !read_change(reader, value, resource, err))
        return false;
    if (resource->deposed == NULL) {
        uint32_t *slot = current_slot(reader, resource->address);

        resource->duplicate = *slot != 0;
        *slot = (uint32_t)reader->changes.count;
    }
    return true;
}

bool tfr_take_drift(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                    struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_resource *resource = tfr_resource_add(reader, &reader->drift, err);

    (void)name;
    return resource != NULL && read_change(reader, value, resource, err);
}

bool tfr_take_deferred(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                       struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_resource *resource = tfr_resource_add(reader, &reader->deferred, err);

    (void)name;
    if (resource == NULL)
        return false;
    if (!read_change(reader, tfr_value_get(value, "resource_change"), resource, err))
        return false;
    resource->deferred_reason = tfr_reader_name(reader, tfr_value_get(value, "reason"));
    return true;
}

/* ---- the rest of a plan ------------------------------------------------------------------------
 */

bool tfr_take_output_change(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                            struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_output *output = tfr_list_add(&reader->outputs, sizeof *output);
    struct tfr_resource change = { 0 };
    struct tfr_members members;

    output->name = name;
    if (value->kind != TFR_OBJECT)
        return tfr_reader_wrong(err, "", "an object");
    tfr_members_of(value, &members);
    if (members.at[TFR_M_CHANGE]->kind == TFR_OBJECT) /* as the documentation draws it */
        tfr_members_of(members.at[TFR_M_CHANGE], &members);
    if (!read_actions(members.at[TFR_M_ACTIONS], &change, err))
        return false;
    output->action = change.action;
    read_values(reader, &members, &change);
    output->before = change.before;
    output->after = change.after;
    output->sensitive = tfr_value_true(members.at[TFR_M_AFTER_SENSITIVE]) ||
                        tfr_value_true(members.at[TFR_M_BEFORE_SENSITIVE]);
    return true;
}

bool tfr_take_variable(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                       struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_variable *variable = tfr_list_add(&reader->variables, sizeof *variable);

    (void)err;
    variable->name = name;
    variable->value = tfr_reader_copy(reader, tfr_value_get(value, "value"));
    return true;
}

static enum tfr_check_status read_status(const struct tfr_value *value)
{
    if (tfr_value_is(value, "pass"))
        return TFR_CHECK_PASS;
    if (tfr_value_is(value, "fail"))
        return TFR_CHECK_FAIL;
    return tfr_value_is(value, "error") ? TFR_CHECK_ERROR : TFR_CHECK_UNKNOWN;
}

/* Messages of every instance, in order. */
static void read_problems(struct tfr_reader *reader, const struct tfr_value *instances,
                          struct tfr_check *out)
{
    struct tfr_list texts = { 0 };

    for (uint32_t i = 0; instances->kind == TFR_LIST && i < instances->count; i++) {
        const struct tfr_value *problems = tfr_value_get(&instances->items[i], "problems");

        for (uint32_t j = 0; problems->kind == TFR_LIST && j < problems->count; j++) {
            const struct tfr_value *message = tfr_value_get(&problems->items[j], "message");
            const struct tfr_sym *text = tfr_reader_name(reader, message);

            if (text != NULL)
                *(const struct tfr_sym **)tfr_list_add(&texts, sizeof text) = text;
        }
    }
    out->problem_count = (uint32_t)texts.count;
    out->problems = tfr_list_end(&texts, &reader->document->arena, sizeof(const struct tfr_sym *));
}

bool tfr_take_check(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                    struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_check *check = tfr_list_add(&reader->checks, sizeof *check);
    const struct tfr_value *address = tfr_value_get(value, "address");

    (void)name;
    (void)err;
    check->address = tfr_reader_name(reader, tfr_value_get(address, "to_display"));
    check->kind = tfr_reader_name(reader, tfr_value_get(address, "kind"));
    if (check->address == NULL)
        check->address = tfr_reader_text(reader, "", 0);
    check->status = read_status(tfr_value_get(value, "status"));
    read_problems(reader, tfr_value_get(value, "instances"), check);
    return true;
}

bool tfr_take_relevant(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                       struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_relevant *relevant = tfr_list_add(&reader->relevant, sizeof *relevant);
    const struct tfr_value *path = tfr_value_get(value, "attribute");

    (void)name;
    relevant->address = tfr_reader_name(reader, tfr_value_get(value, "resource"));
    if (relevant->address == NULL)
        return tfr_reader_wrong(err, "resource", "a text");
    if (path->kind == TFR_LIST && path->count > 0)
        relevant->attribute = path_text(reader, path);
    return true;
}
