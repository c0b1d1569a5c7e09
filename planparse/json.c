/* SPDX-License-Identifier: Apache-2.0 */
/* Events, the path to them, and what is done with each value. */
#include "planparse/json_events.h"

/* What happens to the value that comes next. */
struct next {
    tfr_take *take;
    const struct tfr_shape *enter;
};

/* ---- where we are ------------------------------------------------------------------------------
 */

uint64_t tfr_json_offset(const struct tfr_json *json)
{
    return json->start;
}

uint64_t tfr_json_bytes(const struct tfr_json *json)
{
    return json->text.offset;
}

uint64_t tfr_json_duplicates(const struct tfr_json *json)
{
    return json->builder.duplicates;
}

bool tfr_json_is_done(const struct tfr_json *json)
{
    return json->done;
}

static uint64_t here(const struct tfr_json *json)
{
    return json->base + yajl_get_bytes_consumed(json->yajl);
}

const char *tfr_json_left(const struct tfr_json *json, size_t *len)
{
    const uint64_t start = json->frames[json->frame_count - 1].start;

    *len = (size_t)(here(json) - start);
    return start >= json->memory_from ? json->memory + (start - json->memory_from) : NULL;
}

static void add_path_key(struct tfr_buf *out, const struct tfr_sym *key)
{
    bool plain = key->len > 0;

    for (uint32_t i = 0; i < key->len && plain; i++) {
        const char c = key->text[i];

        plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '_' || c == '-';
    }
    if (plain) {
        tfr_buf_printf(out, "%s%s", out->len > 0 ? "." : "", key->text);
        return;
    }
    tfr_buf_puts(out, "[\"");
    tfr_buf_add_safe(out, key->text, key->len);
    tfr_buf_puts(out, "\"]");
}

/* A handler may have said where in its value it is wrong: that comes last. */
void tfr_json_place(struct tfr_json *json, struct tfr_error *err)
{
    struct tfr_buf path = { 0 };

    if (json->placed)
        return;
    json->placed = true;
    for (size_t i = 0; i < json->frame_count; i++) {
        const struct tfr_json_frame *frame = &json->frames[i];

        if (frame->shape->array)
            tfr_buf_printf(&path, "[%llu]", (unsigned long long)frame->index);
        else if (frame->key != NULL)
            add_path_key(&path, frame->key);
    }
    if (json->taker != NULL)
        tfr_builder_path(&json->builder, &path);
    if (err->path[0] != '\0')
        tfr_buf_printf(&path, "%s%s", path.len > 0 && err->path[0] != '[' ? "." : "", err->path);
    if (path.len >= sizeof err->path) /* keep the tail: it is nearest to the break */
        (void)snprintf(err->path, sizeof err->path, "...%s",
                       path.data + path.len - sizeof err->path + 4);
    else
        (void)snprintf(err->path, sizeof err->path, "%s", tfr_buf_text(&path));
    tfr_buf_fini(&path);
}

static struct tfr_json_frame *top(struct tfr_json *json)
{
    return &json->frames[json->frame_count - 1];
}

/* ---- what comes next ---------------------------------------------------------------------------
 */

static struct next next_of(struct tfr_json *json)
{
    struct tfr_json_frame *frame;

    if (json->frame_count == 0)
        return (struct next){ .enter = json->root };
    frame = top(json);
    if (frame->shape->fields != NULL && frame->key != NULL) {
        for (const struct tfr_field *field = frame->shape->fields; field->name != NULL; field++) {
            if (tfr_sym_is(frame->key, field->name))
                return (struct next){ field->take, field->enter };
        }
    }
    return (struct next){ frame->shape->each, frame->shape->every };
}

static bool wrong_type(struct tfr_json *json, const char *want)
{
    (void)tfr_fail(json->err, TFR_E_SCHEMA, "input.schema", "%s is expected here", want);
    (void)tfr_fail_hint(json->err, "this is not what terraform show -json writes");
    return false;
}

/* A value has ended: arrays move on. */
static void moved_on(struct tfr_json *json)
{
    if (json->frame_count > 0 && top(json)->shape->array)
        top(json)->index++;
}

void tfr_json_stepped(struct tfr_json *json)
{
    if (json->taker != NULL)
        tfr_builder_put(&json->builder, (struct tfr_value){ .kind = TFR_NULL });
    else
        moved_on(json);
}

/* A second member of the document's own structure could hide the first: refused. */
static bool twice(struct tfr_json *json)
{
    (void)tfr_fail(json->err, TFR_E_SYNTAX, "input.duplicate-key",
                   "a member stands twice in one object: the second would hide the first");
    (void)tfr_fail_hint(json->err, "this is not what terraform show -json writes");
    return false;
}

bool tfr_json_hand_over(struct tfr_json *json)
{
    tfr_take *take = json->taker;
    const struct tfr_sym *name = top(json)->shape->array ? NULL : top(json)->key;
    const bool refused = json->builder.structural_twice && !top(json)->shape->values;
    const bool ok =
        refused ? twice(json) : take(json->ctx, name, tfr_builder_root(&json->builder), json->err);

    if (!ok)
        tfr_json_place(json, json->err);
    json->taker = NULL;
    tfr_builder_reset(&json->builder);
    moved_on(json);
    return ok;
}

/* Whether another container follows in the array: `*at` moves to where it begins. */
static bool next_item(const struct tfr_json *json, size_t *at)
{
    bool comma = false;

    for (size_t i = *at; i < json->piece_len; i++) {
        const char c = json->piece[i];

        if (comma && (c == '{' || c == '[')) {
            *at = i;
            return true;
        }
        if (c != ' ' && c != '\n' && c != '\t' && c != '\r' && (comma || c != ','))
            return false;
        comma = comma || c == ',';
    }
    return false;
}

bool tfr_json_takes_quickly(struct tfr_json *json, tfr_take *take)
{
    size_t at = yajl_get_bytes_consumed(json->yajl) - 1;
    bool ok = true;
    size_t used;

    if (json->see_all || json->frame_count == 0 || !top(json)->shape->array)
        return false;
    json->quick.max_levels = json->max_depth - (json->depth - 1);
    json->quick.unneeded = top(json)->shape->unneeded;
    do {
        if (!tfr_quick_value(&json->quick, json->piece + at, json->piece_len - at, &used))
            break;
        json->start = json->base + at;
        json->taker = take;
        at += used;
        json->jump = at;
        json->jumped = true;
        ok = tfr_json_hand_over(json);
    } while (ok && next_item(json, &at));
    return json->jumped;
}

bool tfr_json_scalar(struct tfr_json *json, struct tfr_value value)
{
    struct next next;

    if (json->skip_depth > 0)
        return true;
    if (json->taker != NULL) {
        json->unneeded = false;
        tfr_builder_put(&json->builder, value);
        return true;
    }
    next = next_of(json);
    if (next.take != NULL) {
        json->start = here(json);
        json->taker = next.take;
        tfr_builder_put(&json->builder, value);
        return tfr_json_hand_over(json);
    }
    if (next.enter != NULL && !(value.kind == TFR_NULL && next.enter->nullable))
        return wrong_type(json, next.enter->array ? "an array" : "an object");
    moved_on(json);
    return true;
}

static bool enter(struct tfr_json *json, const struct tfr_shape *shape, bool array)
{
    const struct tfr_sym *name = NULL;

    if (shape->array != array)
        return wrong_type(json, shape->array ? "an array" : "an object");
    if (json->frame_count > 0 && !top(json)->shape->array)
        name = top(json)->key;
    if (shape->enter != NULL && !shape->enter(json->ctx, name, json->err)) {
        tfr_json_place(json, json->err);
        return false;
    }
    json->frames =
        tfr_grow(json->frames, &json->frame_cap, json->frame_count + 1, sizeof *json->frames);
    json->frames[json->frame_count++] =
        (struct tfr_json_frame){ .shape = shape, .start = here(json) - 1 };
    return true;
}

static bool comes_again(struct tfr_json *json, const struct tfr_shape *shape)
{
    const size_t at = yajl_get_bytes_consumed(json->yajl) - 1;
    size_t used;

    if (json->see_all || shape->again == NULL ||
        !shape->again(json->ctx, json->piece + at, json->piece_len - at, &used))
        return false;
    json->jump = at + used;
    json->jumped = true;
    moved_on(json);
    return true;
}

bool tfr_json_open(struct tfr_json *json, bool array)
{
    struct next next;

    if (++json->depth > json->max_depth) {
        (void)tfr_fail(json->err, TFR_E_LIMIT, "input.limit.depth",
                       "JSON is nested deeper than %u levels", json->max_depth);
        (void)tfr_fail_hint(json->err, "--max-depth raises this limit");
        return false;
    }
    if (json->skip_depth > 0)
        return true;
    if (json->taker != NULL && json->unneeded) {
        json->unneeded = false;
        json->skip_depth = json->depth;
        return true;
    }
    if (json->taker != NULL) {
        tfr_builder_open(&json->builder, array);
        return true;
    }
    next = next_of(json);
    if (next.take != NULL) {
        if (tfr_json_takes_quickly(json, next.take))
            return false;
        json->start = here(json) - 1;
        json->taker = next.take;
        tfr_builder_open(&json->builder, array);
        return true;
    }
    if (next.enter != NULL)
        return !comes_again(json, next.enter) && enter(json, next.enter, array);
    json->skip_depth = json->depth;
    return true;
}

bool tfr_json_close(struct tfr_json *json)
{
    const uint32_t depth = json->depth--;

    if (json->skip_depth > 0) {
        if (json->skip_depth == depth) {
            json->skip_depth = 0;
            tfr_json_stepped(json);
        }
        return true;
    }
    if (json->taker != NULL) {
        tfr_builder_close(&json->builder, NULL);
        return !tfr_builder_is_done(&json->builder) || tfr_json_hand_over(json);
    }
    if (top(json)->shape->leave != NULL)
        top(json)->shape->leave(json->ctx);
    json->frame_count--;
    moved_on(json);
    json->done = json->frame_count == 0;
    return !json->done; /* stops yajl here: what follows is another document or noise */
}

/* A second member of the document's own structure could hide the first: refused. */
static bool note_field(struct tfr_json *json, struct tfr_json_frame *frame)
{
    size_t i = 0;

    if (frame->shape->fields == NULL)
        return true;
    for (const struct tfr_field *field = frame->shape->fields; field->name != NULL; field++, i++) {
        if (!tfr_sym_is(frame->key, field->name))
            continue;
        if ((frame->seen >> i & 1) != 0)
            return tfr_fail(json->err, TFR_E_SYNTAX, "input.duplicate-key",
                            "this member stands twice in one object");
        frame->seen |= (uint64_t)1 << i;
    }
    return true;
}

/* A member of an object that is being built. @return false to stop: it is stepped over */
static bool taken_key(struct tfr_json *json, const struct tfr_sym *name)
{
    const struct tfr_shape *shape = top(json)->shape;

    tfr_builder_key(&json->builder, name);
    if (json->see_all || shape->unneeded == NULL || json->builder.open_count != 1 ||
        !shape->unneeded(json->ctx, &json->builder, name))
        return true;
    if (tfr_json_skims(json))
        return false;
    /* It goes through the parser, but nothing is made of it: where a piece ends changes nothing. */
    json->unneeded = true;
    return true;
}

bool tfr_json_key(struct tfr_json *json, const char *text, size_t len)
{
    struct tfr_json_frame *frame;
    struct next next;

    if (json->skip_depth > 0)
        return true;
    if (json->taker != NULL)
        return taken_key(json, tfr_names_get(json->names, text, len));
    frame = top(json);
    frame->key = tfr_names_get(json->names, text, len);
    if (frame->shape->member != NULL && !frame->shape->member(json->ctx, frame->key, json->err))
        return false;
    if (!note_field(json, frame))
        return false;
    next = next_of(json);
    return next.take != NULL || next.enter != NULL || !tfr_json_skims(json);
}
