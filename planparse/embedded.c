/* SPDX-License-Identifier: Apache-2.0 */
/* JSON inside of strings: policies, container definitions. */
#include "planparse/fold.h"
#include "planparse/json.h"

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

static bool looks_like_json(const char *text, size_t len)
{
    size_t i = 0;

    while (i < len && (text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r'))
        i++;
    return i < len && (text[i] == '{' || text[i] == '[');
}

const struct tfr_value *tfr_text_parse(struct tfr_arena *arena, struct tfr_names *names,
                                       const char *text, size_t len, bool sensitive)
{
    const struct tfr_limits limits = { 0 };
    struct embedded embedded = { .folder = { .arena = arena } };
    struct tfr_error err = { 0 };
    struct tfr_json *json;
    struct tfr_value *out = NULL;
    size_t used = 0;

    if (!looks_like_json(text, len))
        return &tfr_absent;
    json = tfr_json_new(&root_shape, &embedded, names, &limits);
    if (tfr_json_feed(json, "[", 1, &used, &err) && tfr_json_feed(json, text, len, &used, &err) &&
        used == len && tfr_json_feed(json, "]", 1, &used, &err) && tfr_json_is_done(json)) {
        if (sensitive)
            tfr_fold_mark(&embedded.folder, &embedded.value);
        out = tfr_arena_copy(arena, &embedded.value, sizeof *out);
    }
    tfr_json_free(json);
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
