/* SPDX-License-Identifier: Apache-2.0 */
/* JSON inside of strings: policies, container definitions. */
#include "planparse/fold.h"
#include "planparse/json.h"
#include "planparse/quick.h"
#include "planparse/reader.h"
#include "planparse/text.h"

#define uthash_malloc(size) tfr_malloc(size)
#define uthash_free(memory, size) tfr_free(memory)
#define uthash_fatal(message) tfr_oom()
#define HASH_FUNCTION(key, len, hash) ((hash) = (unsigned)tfr_hash(key, len))
#include <uthash.h>

/* Of a text that is not left to the parser: levels, and bytes. */
#define LEVELS 100
#define LONGEST ((size_t)1 << 20)

struct embedded {
    struct tfr_folder folder;
    struct tfr_value value;
};

static bool take_root(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                      struct tfr_error *err)
{
    struct embedded *embedded = ctx;

    (void)name;
    (void)err;
    embedded->value = tfr_fold(&embedded->folder, value, &tfr_absent, &tfr_absent);
    return true;
}

/* A text of JSON is an object or an array here; it is read as the one item of an array around it.
 */
static const struct tfr_shape root_shape = { .array = true, .values = true, .each = take_root };

static size_t white_run(const char *text, size_t len)
{
    size_t i = 0;

    while (i < len && (text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r'))
        i++;
    return i;
}

/* What reads texts beside the parser; it learns from one for the next. */
struct swift {
    struct tfr_builder builder;
    struct tfr_quick quick;
};

static void swift_init(struct swift *swift, struct tfr_names *names)
{
    *swift = (struct swift){ .builder = { .names = names }, .quick = { .max_levels = LEVELS } };
}

static void swift_fini(struct swift *swift)
{
    tfr_builder_fini(&swift->builder);
    tfr_order_fini(&swift->quick.order);
}

/* @return false: in doubt, the parser shall look */
static bool parse_quickly(struct embedded *embedded, struct swift *swift, const char *text,
                          size_t len)
{
    struct tfr_text check = { .max_string = len + 1 };
    struct tfr_error err = { 0 };
    size_t used = 0;
    bool ok;

    swift->quick.builder = &swift->builder;
    ok = len <= LONGEST && tfr_text_check(&check, text, len, &err) &&
         tfr_quick_value(&swift->quick, text, len, &used) &&
         used + white_run(text + used, len - used) == len;
    if (ok)
        embedded->value = tfr_fold(&embedded->folder, tfr_builder_root(&swift->builder),
                                   &tfr_absent, &tfr_absent);
    tfr_builder_reset(&swift->builder);
    return ok;
}

/* The array around the text is the parser's own. */
static bool parse(struct embedded *embedded, struct tfr_names *names, const char *text, size_t len)
{
    const struct tfr_limits limits = { 0 };
    struct tfr_json *json = tfr_json_new(&root_shape, embedded, names, &limits);
    struct tfr_error err = { 0 };
    size_t used = 0;
    const bool ok = tfr_json_feed(json, "[", 1, &used, &err) &&
                    tfr_json_feed(json, text, len, &used, &err) && used == len &&
                    tfr_json_feed(json, "]", 1, &used, &err) && tfr_json_is_done(json);

    tfr_json_free(json);
    return ok;
}

static const struct tfr_value *parse_text(struct tfr_arena *arena, struct swift *swift,
                                          const char *text, size_t len, bool sensitive)
{
    struct embedded embedded = { .folder = { .arena = arena, .names = swift->builder.names } };
    const size_t start = white_run(text, len);
    struct tfr_value *out = NULL;

    if (start == len || (text[start] != '{' && text[start] != '['))
        return &tfr_absent;
    if (parse_quickly(&embedded, swift, text + start, len - start) ||
        parse(&embedded, swift->builder.names, text, len)) {
        if (sensitive)
            tfr_fold_mark(&embedded.folder, &embedded.value);
        out = tfr_arena_copy(arena, &embedded.value, sizeof *out);
    }
    tfr_folder_fini(&embedded.folder);
    return out != NULL ? out : &tfr_absent;
}

const struct tfr_value *tfr_text_parse(struct tfr_arena *arena, struct tfr_names *names,
                                       const char *text, size_t len, bool sensitive)
{
    const struct tfr_value *value;
    struct swift swift;

    swift_init(&swift, names);
    value = parse_text(arena, &swift, text, len, sensitive);
    swift_fini(&swift);
    return value;
}

/* ---- of a document -----------------------------------------------------------------------------
 */

/* A text that was parsed. Values share texts, and a sensitive one may share it with one that is
 * not: what was read from it must not. */
struct parsed {
    struct parsed_key {
        const char *text;
        size_t len_and_sensitive; /* len * 2 + sensitive: no padding in a key */
    } key;
    const struct tfr_value *value;
    UT_hash_handle hh;
};

struct tfr_embedded {
    struct swift swift;
    struct parsed *parsed;
};

static struct parsed *find_parsed(const struct tfr_embedded *embedded, const struct parsed_key *key)
{
    struct parsed *found;

    HASH_FIND(hh, embedded->parsed, key, sizeof *key, found);
    return found;
}

static void add_parsed(struct tfr_embedded *embedded, struct parsed *parsed)
{
    HASH_ADD(hh, embedded->parsed, key, sizeof parsed->key, parsed);
}

const struct tfr_value *tfr_document_parse(struct tfr_document *document,
                                           const struct tfr_value *value)
{
    struct tfr_embedded *embedded = document->embedded;
    struct parsed_key key;
    struct parsed *parsed;

    if (value->kind != TFR_STRING)
        return &tfr_absent;
    if (embedded == NULL) {
        embedded = document->embedded = tfr_calloc(1, sizeof *embedded);
        swift_init(&embedded->swift, document->names);
    }
    key = (struct parsed_key){ value->text, (size_t)value->count * 2 + value->sensitive };
    parsed = find_parsed(embedded, &key);
    if (parsed == NULL) {
        parsed = tfr_arena_zalloc(&document->arena, sizeof *parsed);
        parsed->key = key;
        parsed->value = parse_text(&document->arena, &embedded->swift, value->text, value->count,
                                   value->sensitive);
        add_parsed(embedded, parsed);
    }
    return parsed->value;
}

void tfr_embedded_free(struct tfr_embedded *embedded)
{
    if (embedded == NULL)
        return;
    HASH_CLEAR(hh, embedded->parsed);
    swift_fini(&embedded->swift);
    tfr_free(embedded);
}
