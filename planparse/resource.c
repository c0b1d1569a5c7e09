/* SPDX-License-Identifier: Apache-2.0 */
/* One object: its identity, as every kind of document writes it. */
#include "planparse/reader.h"

#include <string.h>

bool tfr_resource_is_live(const struct tfr_resource *resource)
{
    if (resource->deposed != NULL)
        return false;
    switch (resource->action) {
    case TFR_ACTION_DELETE:
    case TFR_ACTION_FORGET:
        return false;
    case TFR_ACTION_OTHER:
        return resource->creates || (!resource->deletes && !resource->forgets);
    default:
        return true;
    }
}

bool tfr_resource_is_gone(const struct tfr_resource *resource)
{
    return (resource->deletes || resource->forgets) && !resource->creates;
}

bool tfr_resource_is_destroyed(const struct tfr_resource *resource)
{
    return resource->deletes && !resource->creates;
}

bool tfr_resource_is_replaced(const struct tfr_resource *resource)
{
    return resource->deletes && resource->creates;
}

const struct tfr_value *tfr_resource_values(const struct tfr_resource *resource)
{
    return tfr_resource_is_live(resource) ? &resource->after : &resource->before;
}

/* ---- reading -----------------------------------------------------------------------------------
 */

bool tfr_reader_wrong(struct tfr_error *err, const char *path, const char *want)
{
    (void)tfr_fail(err, TFR_E_SCHEMA, "input.schema", "%s is expected here", want);
    (void)snprintf(err->path, sizeof err->path, "%s", path);
    return tfr_fail_hint(err, "this is not what terraform show -json writes");
}

struct tfr_resource *tfr_resource_add(struct tfr_reader *reader, struct tfr_list *list,
                                      struct tfr_error *err)
{
    struct tfr_resource *resource;

    if (list->count >= reader->max_resources) {
        (void)tfr_fail(err, TFR_E_LIMIT, "input.limit.resources",
                       "the document holds more than %llu resources",
                       (unsigned long long)reader->max_resources);
        (void)tfr_fail_hint(err, "--max-resources raises this limit");
        return NULL;
    }
    resource = tfr_list_add(list, sizeof *resource);
    resource->offset = tfr_json_offset(reader->json);
    return resource;
}

static bool read_mode(const struct tfr_value *value, enum tfr_mode *out)
{
    if (tfr_value_is(value, "managed"))
        *out = TFR_MANAGED;
    else if (tfr_value_is(value, "data"))
        *out = TFR_DATA;
    else if (tfr_value_is(value, "ephemeral"))
        *out = TFR_EPHEMERAL;
    else
        return false;
    return true;
}

/* index: a whole number (written as 0 or, by hand, 0.0) or a text. */
static bool read_key(struct tfr_reader *reader, const struct tfr_value *value, struct tfr_key *out)
{
    *out = (struct tfr_key){ 0 };
    if (tfr_value_missing(value))
        return true;
    if (value->kind == TFR_STRING) {
        out->kind = TFR_KEY_TEXT;
        out->text = tfr_reader_name(reader, value);
        return true;
    }
    out->kind = TFR_KEY_INDEX;
    return value->kind == TFR_NUMBER && tfr_value_integer(value, &out->index);
}

static bool same(const char *text, size_t len, const struct tfr_sym *sym)
{
    return sym != NULL && sym->len == len && memcmp(sym->text, text, len) == 0;
}

/* The address and the members beside it must tell the same: a mask over what is really destroyed
 * would be a lie. The text of a key is compared by the escapes that both writers of addresses
 * share. */
static bool agrees(const struct tfr_resource *resource, const struct tfr_address *parts)
{
    const char *text = resource->address->text;
    const struct tfr_key *key = &resource->key;

    if (parts->mode != resource->mode ||
        !same(text + parts->type_at, parts->type_len, resource->type) ||
        !same(text + parts->name_at, parts->name_len, resource->name))
        return false;
    if (resource->module == NULL ? parts->module_len > 0
                                 : !same(text, parts->module_len, resource->module))
        return false;
    if (parts->key.kind == TFR_KEY_INDEX && parts->key.index == -1)
        return true; /* [*]: not yet expanded */
    if (parts->key.kind != key->kind)
        return false;
    if (key->kind == TFR_KEY_INDEX)
        return parts->key.index == key->index;
    if (key->kind == TFR_KEY_TEXT && memchr(text + parts->key_at, '\\', parts->key_len) == NULL &&
        strstr(text, "${") == NULL && strstr(text, "%{") == NULL)
        return same(text + parts->key_at, parts->key_len, key->text);
    return true;
}

void tfr_resource_blocks(struct tfr_reader *reader, struct tfr_resource *resource)
{
    struct tfr_buf block = { 0 };

    if (memchr(resource->address->text, '[', resource->address->len) == NULL) {
        resource->block = resource->address;
    } else {
        tfr_address_block(&block, resource->address->text, resource->address->len);
        resource->block = tfr_reader_text(reader, tfr_buf_text(&block), block.len);
    }
    tfr_buf_reset(&block);
    resource->module_block = resource->module;
    if (resource->module != NULL && memchr(resource->module->text, '[', resource->module->len)) {
        tfr_address_block(&block, resource->module->text, resource->module->len);
        resource->module_block = tfr_reader_text(reader, tfr_buf_text(&block), block.len);
    }
    tfr_buf_fini(&block);
}

/* Documents made by hand leave members out: what the address says stands in. */
static void fill_from_address(struct tfr_reader *reader, const struct tfr_address *parts,
                              struct tfr_resource *out)
{
    const char *text = out->address->text;

    if (out->type == NULL)
        out->type = tfr_reader_text(reader, text + parts->type_at, parts->type_len);
    if (out->name == NULL)
        out->name = tfr_reader_text(reader, text + parts->name_at, parts->name_len);
}

static const struct tfr_sym *type_and_name(struct tfr_reader *reader,
                                           const struct tfr_resource *resource)
{
    struct tfr_buf text = { 0 };
    const struct tfr_sym *sym = NULL;

    if (resource->type != NULL && resource->name != NULL) {
        tfr_buf_printf(&text, "%s.%s", resource->type->text, resource->name->text);
        sym = tfr_reader_text(reader, text.data, text.len);
    }
    tfr_buf_fini(&text);
    return sym;
}

/* States of Terraform 0.12 leave the key out of the address. */
static void add_left_out_key(struct tfr_reader *reader, struct tfr_resource *out,
                             struct tfr_address *parts)
{
    struct tfr_buf text = { 0 };

    tfr_buf_add(&text, out->address->text, out->address->len);
    tfr_address_add_key(&text, &out->key);
    out->address = tfr_reader_text(reader, tfr_buf_text(&text), text.len);
    if (!tfr_address_parse(out->address->text, out->address->len, parts))
        out->address_disagrees = true;
    tfr_buf_fini(&text);
}

static bool read_parts(struct tfr_reader *reader, const struct tfr_value *value,
                       struct tfr_resource *out, struct tfr_error *err)
{
    const struct tfr_value *mode = tfr_value_get(value, "mode");
    const bool in_state = tfr_value_get(value, "change")->kind == TFR_ABSENT;
    struct tfr_address parts;

    if (!tfr_value_missing(mode) && !read_mode(mode, &out->mode))
        out->address_disagrees = true;
    if (!read_key(reader, tfr_value_get(value, "index"), &out->key))
        return tfr_reader_wrong(err, "index", "a whole number or a text");
    if (!tfr_address_parse(out->address->text, out->address->len, &parts)) {
        out->address_disagrees = true;
        return true;
    }
    if (in_state && parts.key.kind == TFR_KEY_NONE)
        add_left_out_key(reader, out, &parts);
    fill_from_address(reader, &parts, out);
    if (tfr_value_missing(mode))
        out->mode = parts.mode;
    /* State JSON has no module_address: there the address is all that tells. */
    if (out->module == NULL && parts.module_len > 0 && in_state)
        out->module = tfr_reader_text(reader, out->address->text, parts.module_len);
    out->address_disagrees = out->address_disagrees || !agrees(out, &parts);
    return true;
}

bool tfr_resource_identity(struct tfr_reader *reader, const struct tfr_value *value,
                           struct tfr_resource *out, struct tfr_error *err)
{
    if (value->kind != TFR_OBJECT)
        return tfr_reader_wrong(err, "", "an object");
    out->address = tfr_reader_name(reader, tfr_value_get(value, "address"));
    out->type = tfr_reader_name(reader, tfr_value_get(value, "type"));
    out->name = tfr_reader_name(reader, tfr_value_get(value, "name"));
    out->provider = tfr_reader_name(reader, tfr_value_get(value, "provider_name"));
    out->deposed = tfr_reader_name(reader, tfr_value_get(value, "deposed"));
    out->module = tfr_reader_name(reader, tfr_value_get(value, "module_address"));
    if (out->address == NULL || out->address->len == 0)
        out->address = type_and_name(reader, out);
    if (out->address == NULL) {
        /* Nothing better to call it by; the report says that it is not written as Terraform writes.
         */
        out->address = out->type != NULL ? out->type : tfr_reader_text(reader, "unnamed", 7);
        out->address_disagrees = true;
    }
    if (!read_parts(reader, value, out, err))
        return false;
    if (out->type == NULL)
        out->type = tfr_reader_text(reader, "", 0);
    if (out->name == NULL)
        out->name = tfr_reader_text(reader, "", 0);
    tfr_resource_blocks(reader, out);
    return true;
}
