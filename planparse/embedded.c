/* SPDX-License-Identifier: Apache-2.0 */
/* JSON inside of strings: policies, container definitions. */
#include "planparse/fold.h"
#include "planparse/json.h"
#include "planparse/quick.h"
#include "planparse/text.h"

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

/* @return false: in doubt, the parser shall look */
static bool parse_quickly(struct embedded *embedded, struct tfr_names *names, const char *text,
                          size_t len)
{
    struct tfr_text check = { .max_string = len + 1 };
    struct tfr_builder builder = { 0 };
    struct tfr_quick quick = { .builder = &builder, .names = names, .max_levels = LEVELS };
    struct tfr_error err = { 0 };
    size_t used = 0;
    const bool ok = len <= LONGEST && tfr_text_check(&check, text, len, &err) &&
                    tfr_quick_value(&quick, text, len, &used) &&
                    used + white_run(text + used, len - used) == len;

    if (ok)
        embedded->value =
            tfr_fold(&embedded->folder, tfr_builder_root(&builder), &tfr_absent, &tfr_absent);
    tfr_builder_fini(&builder);
    tfr_order_fini(&quick.order);
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

const struct tfr_value *tfr_text_parse(struct tfr_arena *arena, struct tfr_names *names,
                                       const char *text, size_t len, bool sensitive)
{
    struct embedded embedded = { .folder = { .arena = arena } };
    const size_t start = white_run(text, len);
    struct tfr_value *out = NULL;

    if (start == len || (text[start] != '{' && text[start] != '['))
        return &tfr_absent;
    if (parse_quickly(&embedded, names, text + start, len - start) ||
        parse(&embedded, names, text, len)) {
        if (sensitive)
            tfr_fold_mark(&embedded.folder, &embedded.value);
        out = tfr_arena_copy(arena, &embedded.value, sizeof *out);
    }
    tfr_folder_fini(&embedded.folder);
    return out != NULL ? out : &tfr_absent;
}

const struct tfr_value *tfr_document_parse(struct tfr_document *document,
                                           const struct tfr_value *value)
{
    if (value->kind != TFR_STRING)
        return &tfr_absent;
    return tfr_text_parse(&document->arena, document->names, value->text, value->count,
                          value->sensitive);
}
