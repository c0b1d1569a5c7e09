/* SPDX-License-Identifier: Apache-2.0 */
/* State files as they lie in a backend: format 4. */
#include "planparse/reader.h"

#include <string.h>

/* ---- values ------------------------------------------------------------------------------------
 */

/* Attributes of dynamic type are written as {"value": V, "type": T}; T is a type as JSON: a word or
 * a pair. */
static bool is_dynamic(const struct tfr_value *value)
{
    const struct tfr_value *type = tfr_value_get(value, "type");

    if (value->kind != TFR_OBJECT || value->count != 2 ||
        tfr_value_get(value, "value")->kind == TFR_ABSENT)
        return false;
    if (type->kind == TFR_LIST)
        return type->count >= 2 && type->items[0].kind == TFR_STRING;
    return tfr_value_is(type, "string") || tfr_value_is(type, "number") ||
           tfr_value_is(type, "bool") || tfr_value_is(type, "dynamic");
}

/* One step of a sensitive path: {"type":"get_attr","value":"a"} or
 * {"type":"index","value":{"value":0,...}}. */
static struct tfr_value *step_into(struct tfr_value *at, const struct tfr_value *step)
{
    const struct tfr_value *key = tfr_value_get(step, "value");
    long long index;

    if (key->kind == TFR_OBJECT)
        key = tfr_value_get(key, "value");
    if (at->kind == TFR_LIST) {
        if (!tfr_value_integer(key, &index) || index < 0 || index >= (long long)at->count)
            return NULL;
        return (struct tfr_value *)&at->items[index];
    }
    if (at->kind != TFR_OBJECT || key->kind != TFR_STRING)
        return NULL;
    for (uint32_t i = 0; i < at->count; i++) {
        if (tfr_member_name(at, i)->len == key->count &&
            memcmp(tfr_member_name(at, i)->text, key->text, key->count) == 0)
            return (struct tfr_value *)tfr_member_value(at, i);
    }
    return NULL;
}

/* Marks what one path names. A path that leads nowhere (a set, an older schema) marks as deep as it
 * leads: rather too much than too little. */
static void mark_path(struct tfr_reader *reader, struct tfr_value *root,
                      const struct tfr_value *path)
{
    struct tfr_value *at = root;

    for (uint32_t i = 0; path->kind == TFR_LIST && i < path->count; i++) {
        struct tfr_value *below = step_into(at, &path->items[i]);

        if (below == NULL)
            break;
        at = below;
    }
    if (at != root || path->kind != TFR_LIST || path->count == 0)
        tfr_fold_mark(&reader->folder, at);
}

static void unwrap(struct tfr_value *attributes)
{
    for (uint32_t i = 0; attributes->kind == TFR_OBJECT && i < attributes->count; i++) {
        struct tfr_value *value = (struct tfr_value *)tfr_member_value(attributes, i);

        if (is_dynamic(value))
            *value = *tfr_value_get(value, "value");
    }
}

static void read_attributes(struct tfr_reader *reader, const struct tfr_value *instance,
                            struct tfr_resource *out)
{
    const struct tfr_value *attributes = tfr_value_get(instance, "attributes");
    const struct tfr_value *paths = tfr_value_get(instance, "sensitive_attributes");

    if (attributes->kind != TFR_OBJECT)
        attributes = tfr_value_get(instance, "attributes_flat");
    out->after = tfr_reader_copy(reader, attributes);
    for (uint32_t i = 0; paths->kind == TFR_LIST && i < paths->count; i++)
        mark_path(reader, &out->after, &paths->items[i]);
    unwrap(&out->after);
}

/* ---- identity ----------------------------------------------------------------------------------
 */

/* module.a.provider["registry.terraform.io/hashicorp/aws"].east: the part in quotes; provider.aws:
 * the name. */
static const struct tfr_sym *provider_name(struct tfr_reader *reader, const struct tfr_value *value)
{
    const struct tfr_sym *whole = tfr_reader_name(reader, value);
    const char *open;
    const char *close;
    const char *dot;

    if (whole == NULL)
        return NULL;
    open = strstr(whole->text, "[\"");
    close = open != NULL ? strchr(open + 2, '"') : NULL;
    if (close != NULL)
        return tfr_reader_text(reader, open + 2, (size_t)(close - open - 2));
    open = strstr(whole->text, "provider.");
    if (open == NULL)
        return NULL;
    open += strlen("provider.");
    dot = strchr(open, '.');
    return tfr_reader_text(reader, open, dot != NULL ? (size_t)(dot - open) : strlen(open));
}

static const struct tfr_sym *make_address(struct tfr_reader *reader,
                                          const struct tfr_resource *resource)
{
    struct tfr_buf text = { 0 };
    const struct tfr_sym *sym;

    tfr_address_add_block(&text, resource->module, resource->mode, resource->type, resource->name);
    tfr_address_add_key(&text, &resource->key);
    sym = tfr_reader_text(reader, tfr_buf_text(&text), text.len);
    tfr_buf_fini(&text);
    return sym;
}

static bool read_instance_key(struct tfr_reader *reader, const struct tfr_value *value,
                              struct tfr_key *out, struct tfr_error *err)
{
    *out = (struct tfr_key){ 0 };
    if (tfr_value_missing(value))
        return true;
    if (value->kind == TFR_STRING) {
        *out = (struct tfr_key){ .kind = TFR_KEY_TEXT, .text = tfr_reader_name(reader, value) };
        return true;
    }
    out->kind = TFR_KEY_INDEX;
    return (value->kind == TFR_NUMBER && tfr_value_integer(value, &out->index)) ||
           tfr_reader_wrong(err, "index_key", "a whole number or a text");
}

static bool read_instance(struct tfr_reader *reader, const struct tfr_resource *common,
                          const struct tfr_value *instance, struct tfr_error *err)
{
    struct tfr_resource *out = tfr_resource_add(reader, &reader->changes, err);
    const uint64_t offset = out != NULL ? out->offset : 0;
    const struct tfr_value *needs = tfr_value_get(instance, "dependencies");

    if (out == NULL)
        return false;
    if (instance->kind != TFR_OBJECT)
        return tfr_reader_wrong(err, "instances", "a list of objects");
    *out = *common;
    out->offset = offset;
    if (!read_instance_key(reader, tfr_value_get(instance, "index_key"), &out->key, err))
        return false;
    out->address = make_address(reader, out);
    tfr_resource_blocks(reader, out);
    out->deposed = tfr_reader_name(reader, tfr_value_get(instance, "deposed"));
    out->tainted = tfr_value_is(tfr_value_get(instance, "status"), "tainted");
    out->depends_on = tfr_reader_names(
        reader, needs->kind == TFR_LIST ? needs : tfr_value_get(instance, "depends_on"));
    read_attributes(reader, instance, out);
    return true;
}

bool tfr_take_raw_resource(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                           struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    const struct tfr_value *instances = tfr_value_get(value, "instances");
    struct tfr_resource common = { 0 };

    (void)name;
    if (value->kind != TFR_OBJECT)
        return tfr_reader_wrong(err, "", "an object");
    common.type = tfr_reader_name(reader, tfr_value_get(value, "type"));
    common.name = tfr_reader_name(reader, tfr_value_get(value, "name"));
    common.module = tfr_reader_name(reader, tfr_value_get(value, "module"));
    common.provider = provider_name(reader, tfr_value_get(value, "provider"));
    if (common.provider == NULL && !tfr_value_missing(tfr_value_get(value, "provider")))
        return tfr_reader_wrong(err, "provider", "the address of a provider");
    common.mode = tfr_value_is(tfr_value_get(value, "mode"), "data") ? TFR_DATA : TFR_MANAGED;
    if (common.type == NULL || common.name == NULL)
        return tfr_reader_wrong(err, "type", "a text");
    if (instances->kind != TFR_LIST)
        return tfr_reader_wrong(err, "instances", "a list of objects");
    for (uint32_t i = 0; i < instances->count; i++) {
        if (!read_instance(reader, &common, &instances->items[i], err))
            return false;
    }
    reader->raw_objects = true;
    return true;
}

bool tfr_take_raw_output(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                         struct tfr_error *err)
{
    return tfr_take_state_output(ctx, name, value, err);
}
