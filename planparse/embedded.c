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

static bool looks_like_json(const struct tfr_value *value)
{
    size_t i = 0;

    if (value->kind != TFR_STRING)
        return false;
    while (i < value->count && (value->text[i] == ' ' || value->text[i] == '\n' ||
                                value->text[i] == '\t' || value->text[i] == '\r'))
        i++;
    return i < value->count && (value->text[i] == '{' || value->text[i] == '[');
}

const struct tfr_value *tfr_document_parse(struct tfr_document *document,
                                           const struct tfr_value *value)
{
    const struct tfr_limits limits = { 0 };
    struct embedded embedded = { .folder = { .arena = &document->arena } };
    struct tfr_error err = { 0 };
    struct tfr_json *json;
    struct tfr_value *out = NULL;
    size_t used = 0;

    if (!looks_like_json(value))
        return &tfr_absent;
    json = tfr_json_new(&root_shape, &embedded, document->names, &limits);
    if (tfr_json_feed(json, "[", 1, &used, &err) &&
        tfr_json_feed(json, value->text, value->count, &used, &err) && used == value->count &&
        tfr_json_feed(json, "]", 1, &used, &err) && tfr_json_is_done(json)) {
        if (value->sensitive)
            tfr_fold_mark(&embedded.folder, &embedded.value);
        out = tfr_arena_copy(&document->arena, &embedded.value, sizeof *out);
    }
    tfr_json_free(json);
    tfr_folder_fini(&embedded.folder);
    return out != NULL ? out : &tfr_absent;
}
