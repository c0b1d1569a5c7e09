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

static bool read_mode(const struct tfr_value *value, struct tfr_resource *out)
{
    if (tfr_value_is(value, "managed"))
        out->mode = TFR_MANAGED;
    else if (tfr_value_is(value, "data"))
        out->mode = TFR_DATA;
    else if (tfr_value_is(value, "ephemeral"))
        out->mode = TFR_EPHEMERAL;
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

/* ---- blocks ------------------------------------------------------------------------------------
 */

static const struct tfr_sym *without_keys(struct tfr_reader *reader, const struct tfr_sym *address)
{
    if (memchr(address->text, '[', address->len) == NULL)
        return address;
    tfr_buf_reset(&reader->text);
    tfr_address_block(&reader->text, address->text, address->len);
    return tfr_reader_text(reader, tfr_buf_text(&reader->text), reader->text.len);
}

void tfr_resource_blocks(struct tfr_reader *reader, struct tfr_resource *resource)
{
    resource->block = without_keys(reader, resource->address);
    resource->module_block =
        resource->module != NULL ? without_keys(reader, resource->module) : NULL;
}

/* The same for an address that is_spelled_out(). */
static void blocks_of_parts(struct tfr_reader *reader, struct tfr_resource *resource)
{
    struct tfr_last_object *last = &reader->last;

    resource->module_block = resource->module == NULL ? NULL
                             : resource->module == last->module
                                 ? last->module_block
                                 : without_keys(reader, resource->module);
    if (resource->key.kind == TFR_KEY_NONE && resource->module == resource->module_block) {
        resource->block = resource->address;
    } else if (last->block != NULL && resource->module_block == last->module_block &&
               resource->type == last->type && resource->name == last->name &&
               resource->mode == last->mode) {
        resource->block = last->block;
    } else {
        tfr_buf_reset(&reader->text);
        tfr_address_add_block(&reader->text, resource->module_block, resource->mode, resource->type,
                              resource->name);
        resource->block = tfr_reader_text(reader, reader->text.data, reader->text.len);
    }
    *last = (struct tfr_last_object){ .module = resource->module,
                                      .module_block = resource->module_block,
                                      .type = resource->type,
                                      .name = resource->name,
                                      .block = resource->block,
                                      .mode = resource->mode };
}

/* ---- addresses that are written as their parts say ---------------------------------------------
 */

/* What is known of a name's text. */
enum { IDENTIFIER_ASKED = 1, IDENTIFIER = 2, MODULE_ASKED = 4, MODULE = 8 };

static uint8_t *spelling_of(struct tfr_reader *reader, const struct tfr_sym *sym)
{
    if (sym->id >= reader->spelling_cap) {
        const size_t old = reader->spelling_cap;

        reader->spelling = tfr_grow(reader->spelling, &reader->spelling_cap, (size_t)sym->id + 1,
                                    sizeof *reader->spelling);
        memset(reader->spelling + old, 0, reader->spelling_cap - old);
    }
    return &reader->spelling[sym->id];
}

static bool is_identifier(struct tfr_reader *reader, const struct tfr_sym *sym)
{
    uint8_t *known = spelling_of(reader, sym);

    if ((*known & IDENTIFIER_ASKED) == 0)
        *known |=
            IDENTIFIER_ASKED | (tfr_address_is_identifier(sym->text, sym->len) ? IDENTIFIER : 0);
    return (*known & IDENTIFIER) != 0;
}

static bool is_module(struct tfr_reader *reader, const struct tfr_sym *sym)
{
    uint8_t *known = spelling_of(reader, sym);

    if ((*known & MODULE_ASKED) == 0)
        *known |= MODULE_ASKED | (tfr_address_is_module(sym->text, sym->len) ? MODULE : 0);
    return (*known & MODULE) != 0;
}

/* Moves over a text. @return false if something else stands there */
static bool pass(const char **at, const char *end, const char *text, size_t len)
{
    if ((size_t)(end - *at) < len || memcmp(*at, text, len) != 0)
        return false;
    *at += len;
    return true;
}

static bool pass_sym(const char **at, const char *end, const struct tfr_sym *sym)
{
    return pass(at, end, sym->text, sym->len);
}

/* [0], [1] ... with nothing behind. Others, with a sign or of many digits, are no plain ones. */
static bool is_plain_index(const char *at, const char *end, long long index)
{
    long long there = 0;

    if (end - at < 3 || end - at > 12 || *at++ != '[' || *--end != ']' ||
        (*at == '0' && end - at > 1))
        return false;
    for (; at < end && *at >= '0' && *at <= '9'; at++)
        there = there * 10 + (*at - '0');
    return at == end && there == index;
}

/* The key as it is written when nothing in it has to be escaped, and the end of the address. */
static bool is_plain_key(const char *at, const char *end, const struct tfr_key *key)
{
    switch (key->kind) {
    case TFR_KEY_NONE:
        return at == end;
    case TFR_KEY_INDEX:
        return is_plain_index(at, end, key->index);
    default:
        return key->text->text[strcspn(key->text->text, "\\\"$%")] == '\0' &&
               strlen(key->text->text) == key->text->len && pass(&at, end, "[\"", 2) &&
               pass_sym(&at, end, key->text) && pass(&at, end, "\"]", 2) && at == end;
    }
}

/* Nearly all addresses are their parts, put together plainly: to see that is cheaper than to take
 * them apart. */
static bool is_spelled_out(struct tfr_reader *reader, const struct tfr_resource *resource)
{
    const char *at = resource->address->text;
    const char *end = at + resource->address->len;
    const char *prefix = tfr_address_mode(resource->mode);

    if (resource->type == NULL || resource->name == NULL ||
        !is_identifier(reader, resource->type) || !is_identifier(reader, resource->name))
        return false;
    if (resource->module != NULL &&
        (!is_module(reader, resource->module) || !pass_sym(&at, end, resource->module) ||
         !pass(&at, end, ".", 1)))
        return false;
    /* Without a mode, "data" and "module" would mean something else in the place of a type. */
    if (tfr_sym_is(resource->type, "data") || tfr_sym_is(resource->type, "ephemeral") ||
        tfr_sym_is(resource->type, "module"))
        return false;
    return pass(&at, end, prefix, strlen(prefix)) && pass_sym(&at, end, resource->type) &&
           pass(&at, end, ".", 1) && pass_sym(&at, end, resource->name) &&
           is_plain_key(at, end, &resource->key);
}

/* ---- addresses that have to be taken apart -----------------------------------------------------
 */

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

static void read_parts(struct tfr_reader *reader, const struct tfr_members *members,
                       struct tfr_resource *out)
{
    const bool in_state = members->at[TFR_M_CHANGE]->kind == TFR_ABSENT;
    struct tfr_address parts;

    if (!tfr_address_parse(out->address->text, out->address->len, &parts)) {
        out->address_disagrees = true;
        return;
    }
    if (in_state && parts.key.kind == TFR_KEY_NONE)
        add_left_out_key(reader, out, &parts);
    fill_from_address(reader, &parts, out);
    if (tfr_value_missing(members->at[TFR_M_MODE]))
        out->mode = parts.mode;
    /* State JSON has no module_address: there the address is all that tells. */
    if (out->module == NULL && parts.module_len > 0 && in_state)
        out->module = tfr_reader_text(reader, out->address->text, parts.module_len);
    out->address_disagrees = out->address_disagrees || !agrees(out, &parts);
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

bool tfr_resource_identity(struct tfr_reader *reader, const struct tfr_members *members,
                           struct tfr_resource *out, struct tfr_error *err)
{
    const struct tfr_value *mode = members->at[TFR_M_MODE];

    out->address = tfr_reader_address(reader, members->at[TFR_M_ADDRESS]);
    out->type = tfr_reader_name(reader, members->at[TFR_M_TYPE]);
    out->name = tfr_reader_name(reader, members->at[TFR_M_NAME]);
    out->provider = tfr_reader_name(reader, members->at[TFR_M_PROVIDER_NAME]);
    out->deposed = tfr_reader_name(reader, members->at[TFR_M_DEPOSED]);
    out->module = tfr_reader_name(reader, members->at[TFR_M_MODULE_ADDRESS]);
    if (out->address == NULL || out->address->len == 0)
        out->address = type_and_name(reader, out);
    if (out->address == NULL) {
        /* Nothing better to call it by; the report says that it is not written as Terraform writes.
         */
        out->address = out->type != NULL ? out->type : tfr_reader_text(reader, "unnamed", 7);
        out->address_disagrees = true;
    }
    if (!tfr_value_missing(mode) && !read_mode(mode, out))
        out->address_disagrees = true;
    if (!read_key(reader, members->at[TFR_M_INDEX], &out->key))
        return tfr_reader_wrong(err, "index", "a whole number or a text");
    if (!out->address_disagrees && !tfr_value_missing(mode) && is_spelled_out(reader, out)) {
        blocks_of_parts(reader, out);
        return true;
    }
    read_parts(reader, members, out);
    if (out->type == NULL)
        out->type = tfr_reader_text(reader, "", 0);
    if (out->name == NULL)
        out->name = tfr_reader_text(reader, "", 0);
    tfr_resource_blocks(reader, out);
    return true;
}
