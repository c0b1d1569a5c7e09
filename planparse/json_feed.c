/* SPDX-License-Identifier: Apache-2.0 */
/* Text in, events out: what yajl lets pass is checked before it, and its words become errors. */
#include "planparse/json_events.h"

#include <stddef.h>
#include <string.h>

/* yajl begins anew at the start of a string with each piece of it: beyond this size pieces are
 * gathered first, bytes. */
#define HOLD ((uint64_t)256 * 1024)

/* ---- yajl --------------------------------------------------------------------------------------
 */

static int on_null(void *ctx)
{
    return tfr_json_scalar(ctx, (struct tfr_value){ .kind = TFR_NULL });
}

static int on_boolean(void *ctx, int truth)
{
    return tfr_json_scalar(ctx, (struct tfr_value){ .kind = TFR_BOOL, .truth = truth != 0 });
}

static int on_text(struct tfr_json *json, enum tfr_kind kind, const char *text, size_t len)
{
    struct tfr_value value = { .kind = (uint8_t)kind, .count = (uint32_t)len };

    if (len > UINT32_MAX - 1)
        return tfr_fail(json->err, TFR_E_LIMIT, "input.limit.string",
                        "a string is longer than 4 GiB");
    if (json->skip_depth == 0)
        value.text = tfr_builder_text(&json->builder, text, len);
    return tfr_json_scalar(json, value);
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
    return tfr_json_key(ctx, (const char *)text, len);
}

static int on_open_object(void *ctx)
{
    return tfr_json_open(ctx, false);
}

static int on_open_array(void *ctx)
{
    return tfr_json_open(ctx, true);
}

static int on_close(void *ctx)
{
    return tfr_json_close(ctx);
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
static yajl_alloc_funcs allocator = { tfr_take_memory, tfr_move_memory, tfr_give_memory, NULL };

/* ---- the text ----------------------------------------------------------------------------------
 */

static void new_parser(struct tfr_json *json)
{
    if (json->yajl != NULL)
        yajl_free(json->yajl);
    json->yajl = yajl_alloc(&callbacks, &allocator, json);
    /* tfr_text_check() looks at UTF-8 more strictly than yajl does. */
    (void)yajl_config(json->yajl, yajl_dont_validate_strings, 1);
}

struct tfr_json *tfr_json_new(const struct tfr_shape *root, void *ctx, struct tfr_names *names,
                              const struct tfr_limits *limits)
{
    struct tfr_json *json = tfr_calloc(1, sizeof *json);

    json->root = root;
    json->ctx = ctx;
    json->names = names;
    json->max_depth = limits->depth > 0 ? limits->depth : 512;
    json->text.max_string = limits->string_bytes > 0 ? limits->string_bytes : (uint64_t)64 << 20;
    json->builder.names = names;
    json->quick.builder = &json->builder;
    json->quick.ctx = ctx;
    new_parser(json);
    return json;
}

void tfr_json_see_all(struct tfr_json *json)
{
    json->see_all = true;
}

void tfr_json_time(struct tfr_json *json, struct tfr_timing *timing)
{
    json->timing = timing;
}

void tfr_json_free(struct tfr_json *json)
{
    if (json == NULL)
        return;
    yajl_free(json->yajl);
    tfr_builder_fini(&json->builder);
    tfr_order_fini(&json->quick.order);
    tfr_buf_fini(&json->held);
    tfr_free(json->frames);
    tfr_free(json);
}

/* yajl stands behind the character that it does not want, or on it. */
static bool is_behind(const char *said, char last)
{
    return strstr(said, "invalid char in json text") != NULL ||
           (strstr(said, "parse error") == said && strchr(",:[]{}", last) != NULL);
}

/* yajl's own words, without the text around (which could be a secret). `bytes` end where yajl
 * stopped,
 * `*used` bytes on: moved to the place of the error. */
static void syntax_error(struct tfr_json *json, const char *bytes, size_t *used,
                         struct tfr_error *err)
{
    unsigned char *said = yajl_get_error(json->yajl, 0, NULL, 0);
    char line[160];
    size_t len;

    (void)snprintf(line, sizeof line, "%s", (const char *)said);
    yajl_free_error(json->yajl, said);
    len = strcspn(line, "\n");
    line[len] = '\0';
    if (*used > 0 && is_behind(line, bytes[*used - 1]))
        (*used)--;
    (void)tfr_fail(err, TFR_E_SYNTAX, "input.syntax", "this is not JSON: %s", line);
    (void)tfr_fail_hint(err, "make the document again: terraform show -json tfplan > plan.json");
}

/* ---- beside yajl ------------------------------------------------------------------------------
 */

/* Smaller members go through yajl: to leave it and come back costs as much, bytes. */
#define WORTH_IT 256

bool tfr_json_skims(struct tfr_json *json)
{
    const size_t at = yajl_get_bytes_consumed(json->yajl);
    const size_t rest = json->piece_len - at;
    size_t used;

    if (json->see_all || rest < WORTH_IT)
        return false;
    memset(&json->skim, 0, offsetof(struct tfr_skim, open));
    json->skim.max_levels = json->max_depth - json->depth;
    if (json->skim.max_levels == 0 ||
        tfr_skim(&json->skim, json->piece + at, WORTH_IT, &used) != TFR_SKIM_MORE)
        return false;
    memset(&json->skim, 0, offsetof(struct tfr_skim, open));
    json->skim.max_levels = json->max_depth - json->depth;
    json->skimming = true;
    return true;
}

/* yajl cannot be told to leave out a part: a new one is led to where the text stands, and what it
 * tells on the way is not listened to. `way`: open containers and what stands in the last one. */
static void lead_parser(struct tfr_json *json, const struct tfr_buf *way)
{
    new_parser(json);
    json->depth = 0; /* counted again on the way */
    json->skip_depth = UINT32_MAX;
    (void)yajl_parse(json->yajl, (const unsigned char *)way->data, way->len);
    json->skip_depth = 0;
}

static void add_frame(const struct tfr_json *json, size_t index, struct tfr_buf *way)
{
    tfr_buf_puts(way, json->frames[index].shape->array ? "[" : "{\"\":");
}

/* To where the skimmer stands. */
static void lead_into_member(struct tfr_json *json)
{
    struct tfr_buf way = { 0 };

    for (size_t i = 0; i + 1 < json->frame_count; i++)
        add_frame(json, i, &way);
    if (json->taker != NULL)
        add_frame(json, json->frame_count - 1, &way);
    tfr_buf_putc(&way, '{');
    tfr_skim_so_far(&json->skim, &way);
    lead_parser(json, &way);
    if (json->skim.levels > 0)
        json->skip_depth = json->depth - json->skim.levels + 1;
    json->skimming = false;
    tfr_buf_fini(&way);
}

/* Behind an item or a member. */
static void lead_behind_value(struct tfr_json *json)
{
    struct tfr_buf way = { 0 };

    for (size_t i = 0; i < json->frame_count; i++)
        add_frame(json, i, &way);
    tfr_buf_puts(&way, "\"\"");
    lead_parser(json, &way);
    tfr_buf_fini(&way);
}

/* @return true if yajl goes on at `*at`, false if the piece is over */
static bool step_over(struct tfr_json *json, const char *bytes, size_t len, size_t *at)
{
    const struct tfr_skim before = json->skim;
    const char *stage = tfr_timing_enter(json->timing, "skim");
    size_t used;
    const enum tfr_skim_result result = tfr_skim(&json->skim, bytes + *at, len - *at, &used);

    (void)tfr_timing_enter(json->timing, stage);
    switch (result) {
    case TFR_SKIM_MORE:
        *at = len;
        return false;
    case TFR_SKIM_DONE:
        *at += used;
        lead_into_member(json);
        tfr_json_stepped(json);
        return true;
    default: /* yajl has the say, and the words */
        json->skim = before;
        lead_into_member(json);
        return true;
    }
}

/* @param used where yajl stands, bytes */
static yajl_status feed_parser(struct tfr_json *json, const struct tfr_text *before,
                               const char *bytes, size_t len, size_t *used)
{
    const char *stage = tfr_timing_enter(json->timing, "parse");
    yajl_status status;
    size_t at = 0;

    json->memory = bytes;
    json->memory_from = before->offset;
    do {
        status = yajl_status_ok;
        json->jumped = false;
        if (json->skimming && !step_over(json, bytes, len, &at))
            break;
        json->base = before->offset + at;
        json->piece = bytes + at;
        json->piece_len = len - at;
        if (json->piece_len == 0)
            break;
        status = yajl_parse(json->yajl, (const unsigned char *)json->piece, json->piece_len);
        if (json->jumped) {
            at += json->jump;
            if (json->err->code != TFR_OK)
                break;
            lead_behind_value(json);
        } else {
            at += status == yajl_status_ok ? json->piece_len : yajl_get_bytes_consumed(json->yajl);
        }
        if (at > len)
            at = len;
    } while (json->skimming || json->jumped);
    (void)tfr_timing_enter(json->timing, stage);
    *used = at;
    return status;
}

/* Feeds text that is good but for what `json->bad` says of the byte behind it. `before`: its start.
 */
static bool parse(struct tfr_json *json, const struct tfr_text *before, const char *bytes,
                  size_t len, size_t *used, struct tfr_error *err)
{
    yajl_status status;

    json->err = err;
    status = feed_parser(json, before, bytes, len, used);
    json->text.offset = before->offset + *used;
    if (json->done && err->code == TFR_OK)
        return true;
    if (err->code == TFR_OK && status != yajl_status_ok)
        syntax_error(json, bytes, used, err);
    else if (err->code == TFR_OK && json->bad.code != TFR_OK)
        *err = json->bad;
    if (err->code == TFR_OK)
        return true;
    tfr_text_place(before, bytes, len, *used, err);
    tfr_json_place(json, err);
    return false;
}

/* Keeps a piece that ends inside of a long string; of what is kept already only one that lies
 * inside of it from end to end, so that one string at a time is kept. @return false if it does not
 */
static bool hold(struct tfr_json *json, const struct tfr_text *before, const char *bytes,
                 size_t len)
{
    if (json->skimming || !json->text.in_string || json->text.string < HOLD ||
        (json->held.len > 0 && json->text.string < len))
        return false;
    if (json->held.len == 0)
        json->held_start = *before;
    tfr_buf_add(&json->held, bytes, len);
    return true;
}

bool tfr_json_feed(struct tfr_json *json, const char *bytes, size_t len, size_t *consumed,
                   struct tfr_error *err)
{
    const struct tfr_text before = json->text;
    const size_t held = json->held.len;
    size_t good = len;
    const char *stage;
    size_t used;
    bool ok;

    *consumed = 0;
    if (json->done)
        return true;
    /* Only what is good text reaches the parser; the document may end before the bad part. */
    stage = tfr_timing_enter(json->timing, "text check");
    ok = tfr_text_check(&json->text, bytes, len, &json->bad);
    (void)tfr_timing_enter(json->timing, stage);
    if (!ok) {
        good = (size_t)(json->bad.offset - before.offset);
    } else if (hold(json, &before, bytes, len)) {
        *consumed = len;
        return true;
    }
    if (held == 0)
        return parse(json, &before, bytes, good, consumed, err);
    tfr_buf_add(&json->held, bytes, good);
    ok = parse(json, &json->held_start, json->held.data, json->held.len, &used, err);
    *consumed = used > held ? used - held : 0;
    tfr_buf_fini(&json->held);
    return ok;
}

bool tfr_json_finish(struct tfr_json *json, struct tfr_error *err)
{
    if (json->done)
        return true;
    (void)tfr_fail(err, TFR_E_SYNTAX, "input.truncated", "the document ends in the middle");
    (void)tfr_fail_hint(err, "it was cut short: did the disk fill up, or the command that wrote it "
                             "fail?");
    tfr_text_place(&json->text, NULL, 0, 0, err);
    tfr_json_place(json, err);
    return false;
}
