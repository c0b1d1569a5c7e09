/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/yaml.h"

#include "policies/scalar.h"

#include <errno.h>
#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One open list or map. */
struct level {
    struct tfr_yaml *node;
    const struct tfr_yaml **items;
    size_t count, cap;
    const char *anchor;
};

struct anchor {
    const char *name;
    const struct tfr_yaml *node; /* NULL while it is still open */
};

struct reader {
    const struct tfr_yaml_file *file;
    struct tfr_error *err;
    struct level levels[TFR_YAML_DEPTH];
    size_t depth;
    struct anchor *anchors;
    size_t anchor_count, anchor_cap;
    const struct tfr_yaml **documents;
    size_t document_count, document_cap;
    const struct tfr_yaml *root; /* of the document being read */
};

bool tfr_yaml_fail(struct tfr_error *err, const struct tfr_yaml_file *file,
                   const struct tfr_yaml *node, const char *format, ...)
{
    const bool first = err->code == TFR_OK;
    char text[sizeof err->msg];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    (void)tfr_fail(err, TFR_E_SCHEMA, "policy.schema", "%s", text);
    if (first && node != NULL) {
        err->line = node->line;
        err->column = node->column;
    }
    tfr_fail_file(err, file->name);
    return false;
}

static bool fail_limit(struct reader *reader, const struct tfr_yaml *node, const char *what,
                       unsigned limit)
{
    const bool first = reader->err->code == TFR_OK;

    (void)tfr_fail(reader->err, TFR_E_LIMIT, "policy.limit", "%s than %u", what, limit);
    if (first && node != NULL) {
        reader->err->line = node->line;
        reader->err->column = node->column;
    }
    tfr_fail_file(reader->err, reader->file->name);
    return false;
}

static struct tfr_yaml *new_node(struct reader *reader, enum tfr_yaml_kind kind,
                                 struct fy_token *token)
{
    struct tfr_yaml *node = tfr_arena_zalloc(reader->file->arena, sizeof *node);
    const struct fy_mark *mark = token != NULL ? fy_token_start_mark(token) : NULL;

    node->kind = kind;
    node->weight = 1;
    if (mark != NULL) {
        node->line = (uint32_t)mark->line + 1;
        node->column = (uint32_t)mark->column + 1;
    }
    return node;
}

static void remember(struct reader *reader, const char *name, const struct tfr_yaml *node)
{
    if (name == NULL)
        return;
    reader->anchors = tfr_grow(reader->anchors, &reader->anchor_cap, reader->anchor_count + 1,
                               sizeof *reader->anchors);
    reader->anchors[reader->anchor_count++] = (struct anchor){ name, node };
}

static const char *token_text(struct reader *reader, struct fy_token *token)
{
    size_t len = 0;
    const char *text = token != NULL ? fy_token_get_text(token, &len) : NULL;

    return text != NULL ? tfr_arena_text(reader->file->arena, text, len) : NULL;
}

static bool add(struct reader *reader, const struct tfr_yaml *node)
{
    struct level *level;

    if (reader->depth == 0) {
        reader->root = node;
        return true;
    }
    level = &reader->levels[reader->depth - 1];
    level->items = tfr_grow(level->items, &level->cap, level->count + 1, sizeof(struct tfr_yaml *));
    level->items[level->count++] = node;
    level->node->weight += node->weight;
    if (level->node->weight > TFR_YAML_NODES)
        return fail_limit(reader, node, "more nodes", TFR_YAML_NODES);
    if (level->node->kind == TFR_YAML_MAP && level->count % 2 == 1 && node->kind != TFR_YAML_SCALAR)
        return tfr_yaml_fail(reader->err, reader->file, node, "a key must be a text");
    return true;
}

static bool open_level(struct reader *reader, enum tfr_yaml_kind kind, struct fy_token *start,
                       struct fy_token *anchor)
{
    struct tfr_yaml *node = new_node(reader, kind, start);

    if (reader->depth == TFR_YAML_DEPTH)
        return fail_limit(reader, node, "nested deeper", TFR_YAML_DEPTH);
    reader->levels[reader->depth++] =
        (struct level){ .node = node, .anchor = token_text(reader, anchor) };
    return true;
}

static int by_text(const void *a, const void *b)
{
    const struct tfr_yaml *const *left = a, *const *right = b;
    const int order = strcmp((*left)->text, (*right)->text);

    return order != 0 ? order : ((*left)->line > (*right)->line) - ((*left)->line < (*right)->line);
}

static bool no_double_keys(struct reader *reader, const struct level *level)
{
    const size_t count = level->count / 2;
    const struct tfr_yaml **keys = tfr_malloc((count + 1) * sizeof(struct tfr_yaml *));
    bool ok = true;

    for (size_t i = 0; i < count; i++)
        keys[i] = level->items[2 * i];
    qsort(keys, count, sizeof(struct tfr_yaml *), by_text);
    for (size_t i = 1; i < count && ok; i++) {
        if (strcmp(keys[i - 1]->text, keys[i]->text) == 0)
            ok = tfr_yaml_fail(reader->err, reader->file, keys[i],
                               "the key %.60s stands here twice", keys[i]->text);
    }
    tfr_free(keys);
    return ok;
}

static const struct tfr_sym *lone_name(struct tfr_arena *arena, const char *text, uint32_t len)
{
    struct tfr_sym *sym = tfr_arena_zalloc(arena, sizeof *sym + len + 1);

    sym->len = len;
    memcpy(sym->text, text, len);
    return sym;
}

static void set_list(struct tfr_arena *arena, struct tfr_yaml *node)
{
    struct tfr_value *items = tfr_arena_zalloc(arena, (node->count + 1) * sizeof *items);

    for (uint32_t i = 0; i < node->count; i++)
        items[i] = node->items[i]->value;
    node->value.kind = TFR_LIST;
    node->value.count = node->count;
    node->value.items = items;
}

static void set_map(struct tfr_arena *arena, struct tfr_yaml *node)
{
    struct tfr_making making = tfr_making_begin(arena, node->count);

    for (uint32_t i = 0; i < node->count; i++)
        tfr_making_add(&making, lone_name(arena, node->items[2 * i]->text, node->items[2 * i]->len),
                       node->items[2 * i + 1]->value);
    node->value = tfr_making_end(&making);
}

static bool close_level(struct reader *reader)
{
    struct level *level = &reader->levels[--reader->depth];
    struct tfr_yaml *node = level->node;
    struct tfr_arena *arena = reader->file->arena;
    bool ok = true;

    if (level->count > 0)
        node->items = tfr_arena_copy(arena, level->items, level->count * sizeof(struct tfr_yaml *));
    node->count = (uint32_t)(node->kind == TFR_YAML_MAP ? level->count / 2 : level->count);
    if (node->kind == TFR_YAML_MAP) {
        ok = no_double_keys(reader, level);
        set_map(arena, node);
    } else {
        set_list(arena, node);
    }
    tfr_free(level->items);
    level->items = NULL;
    remember(reader, level->anchor, node);
    return ok && add(reader, node);
}

static bool is_quoted(struct fy_token *token)
{
    return token != NULL && (fy_token_scalar_style(token) == FYSS_SINGLE_QUOTED ||
                             fy_token_scalar_style(token) == FYSS_DOUBLE_QUOTED);
}

/* JSON knows numbers that YAML 1.1 takes for texts: 1e5. */
static bool is_json_number(const struct reader *reader, const struct tfr_value *value)
{
    const size_t len = strlen(reader->file->name);
    char *end;

    if (len < 5 || strcmp(reader->file->name + len - 5, ".json") != 0 ||
        value->kind != TFR_STRING || value->text[strspn(value->text, "0123456789.eE+-")] != '\0')
        return false;
    (void)strtod(value->text, &end);
    return value->count > 0 && *end == '\0';
}

/* What a tag of YAML itself says the text is: "str", "int", "float", "bool", "null"; "" without. */
static const char *kind_of_tag(struct reader *reader, struct fy_token *tag)
{
    static const char yaml[] = "tag:yaml.org,2002:";
    const char *text = token_text(reader, tag);

    return text != NULL && strncmp(text, yaml, strlen(yaml)) == 0 ? text + strlen(yaml) : "";
}

/* 5 is 5.0 where it is said to be a float. */
static void set_fraction(struct reader *reader, struct tfr_value *value)
{
    struct tfr_buf text = { 0 };

    if (value->kind != TFR_NUMBER || strchr(value->text, '.') != NULL)
        return;
    tfr_buf_printf(&text, "%s.0", value->text);
    value->text = tfr_arena_text(reader->file->arena, text.data, text.len);
    value->count = (uint32_t)text.len;
    tfr_buf_fini(&text);
}

static bool take_scalar(struct reader *reader, struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    struct tfr_yaml *node = new_node(reader, TFR_YAML_SCALAR, token);
    size_t len = 0;
    const char *text = token != NULL ? fy_token_get_text(token, &len) : "";
    const char *kind = kind_of_tag(reader, event->scalar.tag);
    const bool bare = token == NULL || fy_token_scalar_style(token) == FYSS_PLAIN;
    const bool plain = *kind != '\0' ? strcmp(kind, "str") != 0 : bare;

    if (text == NULL)
        text = "";
    if (len > TFR_YAML_SCALAR_BYTES)
        return fail_limit(reader, node, "a text has more bytes", TFR_YAML_SCALAR_BYTES);
    node->text = tfr_arena_text(reader->file->arena, text, len);
    node->len = (uint32_t)len;
    if (is_quoted(token))
        node->column--; /* the token begins behind the quote */
    if (plain) {
        if (!tfr_scalar_value(reader->file->arena, node->text, len, &node->value)) {
            if (!reader->file->days)
                return tfr_yaml_fail(reader->err, reader->file, node,
                                     "dates and infinities have no JSON form; put it in quotes");
            node->value = (struct tfr_value){ .kind = TFR_STRING,
                                              .count = (uint32_t)len,
                                              .text = node->text };
        }
        if (is_json_number(reader, &node->value))
            node->value.kind = TFR_NUMBER;
        if (strcmp(kind, "float") == 0)
            set_fraction(reader, &node->value);
    } else {
        node->value.kind = TFR_STRING;
        node->value.text = node->text;
        node->value.count = node->len;
    }
    remember(reader, token_text(reader, event->scalar.anchor), node);
    return add(reader, node);
}

static bool take_alias(struct reader *reader, struct fy_event *event)
{
    const char *name = token_text(reader, event->alias.anchor);
    struct tfr_yaml *place = new_node(reader, TFR_YAML_SCALAR, event->alias.anchor);

    if (place->column > 1)
        place->column--; /* the token begins behind the star */
    for (size_t i = reader->anchor_count; name != NULL && i > 0; i--) {
        if (strcmp(reader->anchors[i - 1].name, name) == 0)
            return add(reader, reader->anchors[i - 1].node);
    }
    return tfr_yaml_fail(reader->err, reader->file, place,
                         "an alias must name an anchor that ends before it");
}

static bool end_document(struct reader *reader)
{
    reader->anchor_count = 0;
    if (reader->root == NULL)
        return true;
    reader->documents = tfr_grow(reader->documents, &reader->document_cap,
                                 reader->document_count + 1, sizeof(struct tfr_yaml *));
    reader->documents[reader->document_count++] = reader->root;
    reader->root = NULL;
    return true;
}

static bool take(struct reader *reader, struct fy_event *event)
{
    switch (event->type) {
    case FYET_SCALAR:
        return take_scalar(reader, event);
    case FYET_ALIAS:
        return take_alias(reader, event);
    case FYET_SEQUENCE_START:
        return open_level(reader, TFR_YAML_LIST, event->sequence_start.sequence_start,
                          event->sequence_start.anchor);
    case FYET_MAPPING_START:
        return open_level(reader, TFR_YAML_MAP, event->mapping_start.mapping_start,
                          event->mapping_start.anchor);
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        return close_level(reader);
    case FYET_DOCUMENT_END:
        return end_document(reader);
    default:
        return true;
    }
}

static void fail_syntax(struct reader *reader, struct fy_diag *diag)
{
    void *state = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(diag, &state);
    const bool fresh = reader->err->code == TFR_OK;

    (void)tfr_fail(reader->err, TFR_E_SYNTAX, "policy.syntax", "not YAML: %s",
                   first != NULL && first->msg != NULL ? first->msg : "it cannot be parsed");
    if (fresh && first != NULL && first->line > 0) {
        reader->err->line = (uint64_t)first->line;
        reader->err->column = (uint64_t)(first->column > 0 ? first->column : 1);
    }
    tfr_fail_file(reader->err, reader->file->name);
}

static bool run(struct reader *reader, struct fy_parser *parser, struct fy_diag *diag)
{
    struct fy_event *event;
    bool ok = true, ended = false;

    while (ok && (event = fy_parser_parse(parser)) != NULL) {
        ended = event->type == FYET_STREAM_END;
        ok = take(reader, event);
        fy_parser_event_free(parser, event);
    }
    if (ok && !ended) {
        fail_syntax(reader, diag);
        ok = false;
    }
    return ok;
}

static void no_output(struct fy_diag *diag, void *user, const char *buf, size_t len)
{
    (void)diag;
    (void)user;
    (void)buf;
    (void)len;
}

static bool parse(struct reader *reader, const char *text, size_t len)
{
    struct fy_diag_cfg diag_cfg = { .output_fn = no_output,
                                    .level = FYET_ERROR,
                                    .module_mask = ~0U };
    struct fy_diag *diag = fy_diag_create(&diag_cfg);
    struct fy_parse_cfg cfg = { .flags = FYPCF_COLLECT_DIAG | FYPCF_QUIET | FYPCF_JSON_NONE,
                                .diag = diag };
    struct fy_parser *parser = fy_parser_create(&cfg);
    bool ok;

    if (diag == NULL || parser == NULL)
        tfr_oom();
    fy_diag_set_collect_errors(diag, true);
    ok = fy_parser_set_string(parser, text, len) == 0 && run(reader, parser, diag);
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    return ok;
}

/* libfyaml 0.7.12 never returns from a directive with bytes that are no UTF-8. */
static bool is_text(const struct reader *reader, const char *text, size_t len)
{
    const size_t good = tfr_utf8_span(text, len);

    if (good == len && memchr(text, '\0', len) == NULL)
        return true;
    return tfr_yaml_fail(reader->err, reader->file, NULL, "not a text file in UTF-8");
}

bool tfr_yaml_read(const struct tfr_yaml_file *file, const char *text, size_t len,
                   const struct tfr_yaml *const **out, size_t *count, struct tfr_error *err)
{
    struct reader reader = { .file = file, .err = err };
    bool ok = true;

    if (len > 0)
        ok = is_text(&reader, text, len) && parse(&reader, text, len);
    for (size_t i = 0; i < reader.depth; i++)
        tfr_free(reader.levels[i].items);
    if (ok) {
        *count = reader.document_count;
        *out = tfr_arena_copy(file->arena,
                              reader.documents != NULL ? (const void *)reader.documents : "",
                              reader.document_count * sizeof(struct tfr_yaml *));
    }
    tfr_free(reader.documents);
    tfr_free(reader.anchors);
    return ok;
}

static bool slurp(FILE *stream, char *text, size_t size, size_t *len)
{
    *len = fread(text, 1, size, stream);
    return ferror(stream) == 0;
}

bool tfr_yaml_read_path(const struct tfr_yaml_file *file, const char *path,
                        const struct tfr_yaml *const **out, size_t *count, struct tfr_error *err)
{
    FILE *stream = fopen(path, "rb");
    struct stat info;
    char *text;
    size_t size, len = 0;
    bool ok;

    if (stream == NULL || fstat(fileno(stream), &info) != 0 || !S_ISREG(info.st_mode)) {
        (void)tfr_fail(err, TFR_E_IO, "policy.io", "cannot be read: %s",
                       stream == NULL ? strerror(errno) : "not a regular file");
        tfr_fail_file(err, file->name);
        if (stream != NULL)
            (void)fclose(stream);
        return false;
    }
    if (info.st_size > TFR_YAML_FILE_BYTES) {
        (void)fclose(stream);
        (void)tfr_fail(err, TFR_E_LIMIT, "policy.limit", "larger than %d bytes",
                       TFR_YAML_FILE_BYTES);
        tfr_fail_file(err, file->name);
        return false;
    }
    size = (size_t)info.st_size;
    text = tfr_malloc(size + 1);
    ok = slurp(stream, text, size, &len);
    (void)fclose(stream);
    if (!ok) {
        (void)tfr_fail(err, TFR_E_IO, "policy.io", "cannot be read");
        tfr_fail_file(err, file->name);
    } else {
        ok = tfr_yaml_read(file, text, len, out, count, err);
    }
    tfr_free(text);
    return ok;
}
