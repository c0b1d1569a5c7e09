/* SPDX-License-Identifier: Apache-2.0 */
/* yajl events, the path to them, and what is done with each value. */
#include "planparse/json.h"

#include "planparse/build.h"
#include "planparse/text.h"

#include <string.h>
#include <yajl/yajl_parse.h>

/* One open object or array on the way that shapes describe. */
struct frame {
    const struct tfr_shape *shape;
    const struct tfr_sym *key; /* objects: the current member */
    uint64_t seen;             /* bit i: fields[i] was there */
    uint64_t index;            /* arrays: the current item */
};

/* What happens to the value that comes next. */
struct next {
    tfr_take *take;
    const struct tfr_shape *enter;
};

struct tfr_json {
    yajl_handle yajl;
    void *ctx;
    const struct tfr_shape *root;
    struct tfr_names *names;
    struct tfr_error *err; /* during a feed */
    struct frame *frames;
    size_t frame_count, frame_cap;
    uint32_t max_depth;
    uint32_t depth;      /* open containers of all kinds */
    uint32_t skip_depth; /* depth at which stepping over began, 0: not stepping over */
    tfr_take *taker;     /* of the value that is being built */
    struct tfr_builder builder;
    struct tfr_text text;
    uint64_t base;  /* offset of the piece that is being fed */
    uint64_t start; /* offset of the value that is being handed over */
    bool done;
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

static void fill_path(const struct tfr_json *json, struct tfr_error *err)
{
    struct tfr_buf path = { 0 };

    if (err->path[0] != '\0')
        return;
    for (size_t i = 0; i < json->frame_count; i++) {
        const struct frame *frame = &json->frames[i];

        if (frame->shape->array)
            tfr_buf_printf(&path, "[%llu]", (unsigned long long)frame->index);
        else if (frame->key != NULL)
            add_path_key(&path, frame->key);
    }
    if (json->taker != NULL)
        tfr_builder_path(&json->builder, &path);
    if (path.len >= sizeof err->path) /* keep the tail: it is nearest to the break */
        (void)snprintf(err->path, sizeof err->path, "...%s",
                       path.data + path.len - sizeof err->path + 4);
    else
        (void)snprintf(err->path, sizeof err->path, "%s", tfr_buf_text(&path));
    tfr_buf_fini(&path);
}

static struct frame *top(struct tfr_json *json)
{
    return &json->frames[json->frame_count - 1];
}

/* ---- what comes next ---------------------------------------------------------------------------
 */

static struct next next_of(struct tfr_json *json)
{
    struct frame *frame;

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

/* A second member of the document's own structure could hide the first: refused. */
static bool twice(struct tfr_json *json)
{
    (void)tfr_fail(json->err, TFR_E_SYNTAX, "input.duplicate-key",
                   "a member stands twice in one object: the second would hide the first");
    (void)tfr_fail_hint(json->err, "this is not what terraform show -json writes");
    return false;
}

static bool hand_over(struct tfr_json *json)
{
    tfr_take *take = json->taker;
    const struct tfr_sym *name = top(json)->shape->array ? NULL : top(json)->key;
    const bool refused = json->builder.structural_twice && !top(json)->shape->values;
    const bool ok =
        refused ? twice(json) : take(json->ctx, name, tfr_builder_root(&json->builder), json->err);

    if (!ok)
        fill_path(json, json->err);
    json->taker = NULL;
    tfr_builder_reset(&json->builder);
    moved_on(json);
    return ok;
}

static bool put_scalar(struct tfr_json *json, struct tfr_value value)
{
    struct next next;

    if (json->skip_depth > 0)
        return true;
    if (json->taker != NULL) {
        tfr_builder_put(&json->builder, value);
        return true;
    }
    next = next_of(json);
    if (next.take != NULL) {
        json->start = here(json);
        json->taker = next.take;
        tfr_builder_put(&json->builder, value);
        return hand_over(json);
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
        fill_path(json, json->err);
        return false;
    }
    json->frames =
        tfr_grow(json->frames, &json->frame_cap, json->frame_count + 1, sizeof *json->frames);
    json->frames[json->frame_count++] = (struct frame){ .shape = shape };
    return true;
}

static bool open_container(struct tfr_json *json, bool array)
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
    if (json->taker != NULL) {
        tfr_builder_open(&json->builder, array);
        return true;
    }
    next = next_of(json);
    if (next.take != NULL) {
        json->start = here(json) - 1;
        json->taker = next.take;
        tfr_builder_open(&json->builder, array);
        return true;
    }
    if (next.enter != NULL)
        return enter(json, next.enter, array);
    json->skip_depth = json->depth;
    return true;
}

static bool close_container(struct tfr_json *json)
{
    const uint32_t depth = json->depth--;

    if (json->skip_depth > 0) {
        if (json->skip_depth == depth) {
            json->skip_depth = 0;
            moved_on(json);
        }
        return true;
    }
    if (json->taker != NULL) {
        tfr_builder_close(&json->builder);
        return !tfr_builder_is_done(&json->builder) || hand_over(json);
    }
    if (top(json)->shape->leave != NULL)
        top(json)->shape->leave(json->ctx);
    json->frame_count--;
    moved_on(json);
    json->done = json->frame_count == 0;
    return !json->done; /* stops yajl here: what follows is another document or noise */
}

/* A second member of the document's own structure could hide the first: refused. */
static bool note_field(struct tfr_json *json, struct frame *frame)
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

/* ---- yajl --------------------------------------------------------------------------------------
 */

static int on_null(void *ctx)
{
    return put_scalar(ctx, (struct tfr_value){ .kind = TFR_NULL });
}

static int on_boolean(void *ctx, int truth)
{
    return put_scalar(ctx, (struct tfr_value){ .kind = TFR_BOOL, .truth = truth != 0 });
}

static int on_text(struct tfr_json *json, enum tfr_kind kind, const char *text, size_t len)
{
    struct tfr_value value = { .kind = (uint8_t)kind, .count = (uint32_t)len };

    if (len > UINT32_MAX - 1)
        return tfr_fail(json->err, TFR_E_LIMIT, "input.limit.string",
                        "a string is longer than 4 GiB");
    if (json->skip_depth == 0)
        value.text = tfr_builder_text(&json->builder, text, len);
    return put_scalar(json, value);
}

static int on_number(void *ctx, const char *text, size_t len)
{
    return on_text(ctx, TFR_NUMBER, text, len);
}

static int on_string(void *ctx, const unsigned char *text, size_t len)
{
    return on_text(ctx, TFR_STRING, (const char *)text, len);
}

static int on_key(void *ctx, const unsigned char *text, size_t len)
{
    struct tfr_json *json = ctx;
    struct frame *frame;

    if (json->skip_depth > 0)
        return 1;
    if (json->taker != NULL) {
        tfr_builder_key(&json->builder, tfr_names_get(json->names, (const char *)text, len));
        return 1;
    }
    frame = top(json);
    frame->key = tfr_names_get(json->names, (const char *)text, len);
    if (frame->shape->member != NULL && !frame->shape->member(json->ctx, frame->key, json->err))
        return 0;
    return note_field(json, frame);
}

static int on_open_object(void *ctx)
{
    return open_container(ctx, false);
}

static int on_open_array(void *ctx)
{
    return open_container(ctx, true);
}

static int on_close(void *ctx)
{
    return close_container(ctx);
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_open_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_close,
    .yajl_start_array = on_open_array,
    .yajl_end_array = on_close,
};

/* yajl 2.1.0 never checks malloc, so it gets an allocator that cannot return NULL. */
static void *take_memory(void *ctx, size_t size)
{
    (void)ctx;
    return tfr_malloc(size);
}

static void *move_memory(void *ctx, void *old, size_t size)
{
    (void)ctx;
    return tfr_realloc(old, size);
}

static void give_memory(void *ctx, void *memory)
{
    (void)ctx;
    tfr_free(memory);
}

static yajl_alloc_funcs allocator = { take_memory, move_memory, give_memory, NULL };

/* ---- the text ----------------------------------------------------------------------------------
 */

struct tfr_json *tfr_json_new(const struct tfr_shape *root, void *ctx, struct tfr_names *names,
                              const struct tfr_limits *limits)
{
    struct tfr_json *json = tfr_calloc(1, sizeof *json);

    json->root = root;
    json->ctx = ctx;
    json->names = names;
    json->max_depth = limits->depth > 0 ? limits->depth : 512;
    json->text.max_string = limits->string_bytes > 0 ? limits->string_bytes : (uint64_t)64 << 20;
    json->yajl = yajl_alloc(&callbacks, &allocator, json);
    /* tfr_text_check() looks at UTF-8 more strictly than yajl does. */
    (void)yajl_config(json->yajl, yajl_dont_validate_strings, 1);
    return json;
}

void tfr_json_free(struct tfr_json *json)
{
    if (json == NULL)
        return;
    yajl_free(json->yajl);
    tfr_builder_fini(&json->builder);
    tfr_free(json->frames);
    tfr_free(json);
}

/* yajl's own words, without the text around (which could be a secret). */
static void syntax_error(struct tfr_json *json, struct tfr_error *err)
{
    unsigned char *said = yajl_get_error(json->yajl, 0, NULL, 0);
    char line[160];
    size_t len;

    (void)snprintf(line, sizeof line, "%s", (const char *)said);
    yajl_free_error(json->yajl, said);
    len = strcspn(line, "\n");
    line[len] = '\0';
    (void)tfr_fail(err, TFR_E_SYNTAX, "input.syntax", "this is not JSON: %s", line);
    (void)tfr_fail_hint(err, "make the document again: terraform show -json tfplan > plan.json");
}

bool tfr_json_feed(struct tfr_json *json, const char *bytes, size_t len, size_t *consumed,
                   struct tfr_error *err)
{
    const struct tfr_text before = json->text;
    struct tfr_error bad_text = { 0 };
    size_t good = len;
    size_t used;
    yajl_status status;

    *consumed = 0;
    if (json->done)
        return true;
    /* Only what is good text reaches the parser; the document may end before the bad part. */
    if (!tfr_text_check(&json->text, bytes, len, &bad_text))
        good = (size_t)(bad_text.offset - before.offset);
    json->err = err;
    json->base = before.offset;
    status = yajl_parse(json->yajl, (const unsigned char *)bytes, good);
    used = status == yajl_status_ok ? good : yajl_get_bytes_consumed(json->yajl);
    if (used > good)
        used = good;
    *consumed = used;
    json->text.offset = before.offset + used;
    if (json->done && err->code == TFR_OK)
        return true;
    if (err->code == TFR_OK && status != yajl_status_ok)
        syntax_error(json, err);
    else if (err->code == TFR_OK && bad_text.code != TFR_OK)
        *err = bad_text;
    if (err->code == TFR_OK)
        return true;
    tfr_text_place(&before, bytes, len, used, err);
    fill_path(json, err);
    return false;
}

bool tfr_json_finish(struct tfr_json *json, struct tfr_error *err)
{
    if (json->done)
        return true;
    (void)tfr_fail(err, TFR_E_SYNTAX, "input.truncated", "the document ends in the middle");
    (void)tfr_fail_hint(err, "it was cut short: did the disk fill up, or the command that wrote it "
                             "fail?");
    tfr_text_place(&json->text, NULL, 0, 0, err);
    fill_path(json, err);
    return false;
}
