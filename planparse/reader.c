/* SPDX-License-Identifier: Apache-2.0 */
/* From a text to a document: the shape of the root, and how a document is put together at the end.
 */
#include "planparse/reader.h"

#include <stdlib.h>
#include <string.h>

/* ---- helpers of all handlers -------------------------------------------------------------------
 */

void *tfr_list_add(struct tfr_list *list, size_t size)
{
    list->at = tfr_grow(list->at, &list->cap, list->count + 1, size);
    return memset((char *)list->at + list->count++ * size, 0, size);
}

void *tfr_list_end(struct tfr_list *list, struct tfr_arena *arena, size_t size)
{
    void *at = list->count > 0 ? tfr_arena_copy(arena, list->at, list->count * size) : NULL;

    tfr_free(list->at);
    *list = (struct tfr_list){ 0 };
    return at;
}

const struct tfr_sym *tfr_reader_text(struct tfr_reader *reader, const char *text, size_t len)
{
    return tfr_names_get(reader->document->names, text, len);
}

const struct tfr_sym *tfr_reader_name(struct tfr_reader *reader, const struct tfr_value *value)
{
    return value->kind == TFR_STRING ? tfr_reader_text(reader, value->text, value->count) : NULL;
}

const struct tfr_sym *tfr_reader_address(struct tfr_reader *reader, const struct tfr_value *value)
{
    return value->kind == TFR_STRING
               ? tfr_names_get_rare(reader->document->names, value->text, value->count)
               : NULL;
}

struct tfr_paths tfr_reader_names(struct tfr_reader *reader, const struct tfr_value *list)
{
    const struct tfr_sym **at;
    struct tfr_paths paths = { 0 };

    if (list->kind != TFR_LIST || list->count == 0)
        return paths;
    at = tfr_arena_alloc(&reader->document->arena, list->count * sizeof(const struct tfr_sym *));
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i].kind == TFR_STRING)
            at[paths.count++] = tfr_reader_name(reader, &list->items[i]);
    }
    paths.at = at;
    return paths;
}

struct tfr_value tfr_reader_copy(struct tfr_reader *reader, const struct tfr_value *value)
{
    return tfr_fold(&reader->folder, value, &tfr_absent, &tfr_absent);
}

void tfr_reader_note(struct tfr_reader *reader, const char *code, const char *message)
{
    *(struct tfr_note *)tfr_list_add(&reader->notes, sizeof(struct tfr_note)) =
        (struct tfr_note){ .code = code, .message = message };
}

/* ---- members of the root -----------------------------------------------------------------------
 */

static bool see_member(void *ctx, const struct tfr_sym *name, struct tfr_error *err)
{
    (void)err;
    tfr_kind_see(ctx, name);
    return true;
}

static bool take_format_version(void *ctx, const struct tfr_sym *name,
                                const struct tfr_value *value, struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;

    (void)name;
    reader->document->format_version = tfr_reader_name(reader, value);
    return value->kind == TFR_STRING || tfr_reader_wrong(err, "", "a text");
}

static bool take_product_version(void *ctx, const struct tfr_sym *name,
                                 const struct tfr_value *value, struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;

    (void)name;
    (void)err;
    reader->document->product_version = tfr_reader_name(reader, value);
    return true;
}

static bool take_timestamp(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                           struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;

    (void)name;
    (void)err;
    reader->document->timestamp = tfr_reader_name(reader, value);
    return true;
}

static bool take_flag(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                      struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    const enum tfr_tristate said = value->truth ? TFR_TRUE : TFR_FALSE;

    if (value->kind == TFR_NULL)
        return true;
    if (value->kind != TFR_BOOL)
        return tfr_reader_wrong(err, "", "true or false");
    if (tfr_sym_is(name, "applyable"))
        reader->document->applyable = said;
    else if (tfr_sym_is(name, "complete"))
        reader->document->complete = said;
    else
        reader->document->errored = said;
    return true;
}

static bool take_raw_version(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                             struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;

    (void)name;
    (void)err;
    if (value->kind != TFR_NUMBER || !tfr_value_integer(value, &reader->raw_version))
        reader->raw_version = -1;
    return true;
}

static bool take_serial(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                        struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;

    (void)name;
    (void)err;
    if (!tfr_value_integer(value, &reader->document->serial))
        reader->document->serial = -1;
    return true;
}

static bool take_lineage(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                         struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;

    (void)name;
    (void)err;
    reader->document->lineage = tfr_reader_name(reader, value);
    return true;
}

/* meta of an encrypted document: members are key_provider.TYPE.NAME; only the types are said. */
static bool take_key_provider(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                              struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    const char *type = strncmp(name->text, "key_provider.", 13) == 0 ? name->text + 13 : NULL;

    (void)value;
    (void)err;
    if (type != NULL && reader->key_providers == NULL)
        reader->key_providers = tfr_reader_text(reader, type, strcspn(type, "."));
    return true;
}

static const struct tfr_shape changes_shape = { .array = true, .each = tfr_take_change };
static const struct tfr_shape drift_shape = { .array = true,
                                              .nullable = true,
                                              .each = tfr_take_drift };
static const struct tfr_shape deferred_shape = { .array = true,
                                                 .nullable = true,
                                                 .each = tfr_take_deferred };
static const struct tfr_shape outputs_shape = { .nullable = true, .each = tfr_take_output_change };
static const struct tfr_shape variables_shape = { .nullable = true, .each = tfr_take_variable };
static const struct tfr_shape checks_shape = { .array = true,
                                               .nullable = true,
                                               .each = tfr_take_check };
static const struct tfr_shape relevant_shape = { .array = true,
                                                 .nullable = true,
                                                 .each = tfr_take_relevant };
static const struct tfr_shape raw_resources_shape = { .array = true,
                                                      .nullable = true,
                                                      .each = tfr_take_raw_resource };
static const struct tfr_shape raw_outputs_shape = { .nullable = true, .each = tfr_take_raw_output };
static const struct tfr_shape meta_shape = { .nullable = true, .each = take_key_provider };

static const struct tfr_field root_fields[] = {
    { "format_version", take_format_version, NULL },
    { "plan_format_version", take_format_version, NULL },
    { "terraform_version", take_product_version, NULL },
    { "variables", NULL, &variables_shape },
    { "resource_changes", NULL, &changes_shape },
    { "resource_drift", NULL, &drift_shape },
    { "deferred_changes", NULL, &deferred_shape },
    { "output_changes", NULL, &outputs_shape },
    { "prior_state", NULL, &tfr_state_shape },
    { "configuration", NULL, &tfr_configuration_shape },
    { "relevant_attributes", NULL, &relevant_shape },
    { "checks", NULL, &checks_shape },
    { "timestamp", take_timestamp, NULL },
    { "applyable", take_flag, NULL },
    { "complete", take_flag, NULL },
    { "errored", take_flag, NULL },
    { "values", NULL, &tfr_state_values_shape },
    { "version", take_raw_version, NULL },
    { "serial", take_serial, NULL },
    { "lineage", take_lineage, NULL },
    { "resources", NULL, &raw_resources_shape },
    { "outputs", NULL, &raw_outputs_shape },
    { "meta", NULL, &meta_shape },
    { NULL, NULL, NULL },
};
static const struct tfr_shape root_shape = { .fields = root_fields, .member = see_member };

/* ---- the reader --------------------------------------------------------------------------------
 */

struct tfr_reader *tfr_reader_new(const char *name, const char *member,
                                  const struct tfr_read_options *options)
{
    struct tfr_reader *reader = tfr_calloc(1, sizeof *reader);
    struct tfr_document *document = tfr_calloc(1, sizeof *document);

    document->names = tfr_names_new(&document->arena);
    tfr_members_name(document->names);
    document->name = tfr_arena_text(&document->arena, name, strlen(name));
    if (member != NULL)
        document->member = tfr_arena_text(&document->arena, member, strlen(member));
    document->serial = -1;
    reader->document = document;
    reader->folder.arena = &document->arena;
    reader->folder.names = document->names;
    reader->folder.recent = tfr_calloc(TFR_RECENT_TEXTS, sizeof *reader->folder.recent);
    reader->raw_version = -1;
    reader->max_resources = options->limits.resources > 0 ? options->limits.resources : 10000000;
    reader->json = tfr_json_new(&root_shape, reader, document->names, &options->limits);
    tfr_json_time(reader->json, options->timing);
    if (options->see_all)
        tfr_json_see_all(reader->json);
    return reader;
}

void tfr_reader_free(struct tfr_reader *reader)
{
    struct tfr_list *lists[] = {
        &reader->changes,   &reader->drift,     &reader->deferred,      &reader->prior,
        &reader->outputs,   &reader->variables, &reader->checks,        &reader->relevant,
        &reader->providers, &reader->notes,     &reader->state_outputs, &reader->provider_objects,
        &reader->places,    &reader->found
    };

    for (size_t i = 0; i < reader->open_modules.count; i++) {
        struct tfr_open_module *open = (struct tfr_open_module *)reader->open_modules.at + i;

        tfr_free(open->resources.at);
        tfr_free(open->outputs.at);
        tfr_free(open->variables.at);
        tfr_free(open->calls.at);
    }
    tfr_free(reader->open_modules.at);
    for (size_t i = 0; i < reader->known_modules.count; i++)
        tfr_free(((struct tfr_known_module *)reader->known_modules.at)[i].text);
    tfr_free(reader->known_modules.at);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        tfr_free(lists[i]->at);
    tfr_free(reader->current);
    tfr_free(reader->spelling);
    tfr_buf_fini(&reader->text);
    tfr_free(reader->folder.recent);
    tfr_folder_fini(&reader->folder);
    tfr_json_free(reader->json);
    tfr_document_free(reader->document);
    tfr_free(reader);
}

/* A document of somebody else fails first on a member that only looks like one of ours: then say
 * what it is. */
static void blame_kind(struct tfr_reader *reader, struct tfr_error *err)
{
    struct tfr_error kind = { 0 };

    if (err->code != TFR_E_SCHEMA || tfr_kind_is_ours(reader) || tfr_kind_decide(reader, &kind))
        return;
    memcpy(kind.file, err->file, sizeof kind.file);
    *err = kind;
}

bool tfr_reader_feed(struct tfr_reader *reader, const char *bytes, size_t len, size_t *consumed,
                     struct tfr_error *err)
{
    if (tfr_json_feed(reader->json, bytes, len, consumed, err))
        return true;
    blame_kind(reader, err);
    return false;
}

bool tfr_reader_is_done(const struct tfr_reader *reader)
{
    return tfr_json_is_done(reader->json);
}

/* ---- the document ------------------------------------------------------------------------------
 */

static void mark_sensitive_variables(struct tfr_reader *reader)
{
    const struct tfr_config_module *root = reader->document->configuration;
    struct tfr_variable *variables = reader->variables.at;
    bool *sensitive = tfr_calloc(tfr_names_count(reader->document->names), sizeof *sensitive);

    for (uint32_t i = 0; root != NULL && i < root->variable_count; i++)
        sensitive[root->variables[i].name->id] |= root->variables[i].sensitive;
    for (size_t i = 0; i < reader->variables.count; i++) {
        if (sensitive[variables[i].name->id])
            tfr_fold_mark(&reader->folder, &variables[i].value);
    }
    tfr_free(sensitive);
}

static bool version_at_least(const struct tfr_sym *version, long minor)
{
    return version != NULL && strncmp(version->text, "1.", 2) == 0 &&
           strtol(version->text + 2, NULL, 10) >= minor;
}

/* Terraform writes applyable from 1.8 on and OpenTofu never does; else the providers' registry is a
 * hint. */
static enum tfr_product product_of(const struct tfr_document *document)
{
    for (size_t i = 0; i < document->changes.count; i++) {
        const struct tfr_sym *provider = document->changes.at[i].provider;

        if (provider != NULL && strncmp(provider->text, "registry.opentofu.org/", 22) == 0)
            return TFR_OPENTOFU;
    }
    if (document->kind == TFR_PLAN && document->applyable == TFR_UNSAID &&
        version_at_least(document->product_version, 8))
        return TFR_OPENTOFU;
    return document->product_version != NULL ? TFR_TERRAFORM : TFR_PRODUCT_UNKNOWN;
}

/* These arrays are large: the document takes them as they are, and they count as its bytes. */
static struct tfr_resources end_resources(struct tfr_document *document, struct tfr_list *list)
{
    struct tfr_resources out = { .count = list->count };

    if (list->count > 0)
        out.at = tfr_realloc(list->at, list->count * sizeof *out.at);
    else
        tfr_free(list->at);
    document->arena.bytes += list->count * sizeof *out.at;
    *list = (struct tfr_list){ 0 };
    return out;
}

static void put_together(struct tfr_reader *reader)
{
    struct tfr_document *document = reader->document;
    struct tfr_arena *arena = &document->arena;
    struct tfr_list *outputs =
        document->kind == TFR_PLAN ? &reader->outputs : &reader->state_outputs;

    mark_sensitive_variables(reader);
    document->bytes = tfr_json_bytes(reader->json);
    document->has_configuration = document->configuration != NULL;
    document->has_prior_state = reader->has_prior;
    if (document->kind == TFR_STATE) { /* a state's objects are what it is about */
        struct tfr_list none = reader->changes;

        reader->changes = reader->prior;
        reader->prior = none;
    } else {
        tfr_state_link(reader);
    }
    document->changes = end_resources(document, &reader->changes);
    document->prior = end_resources(document, &reader->prior);
    document->drift = end_resources(document, &reader->drift);
    document->deferred = end_resources(document, &reader->deferred);
    document->output_count = outputs->count;
    document->outputs = tfr_list_end(outputs, arena, sizeof *document->outputs);
    document->variable_count = reader->variables.count;
    document->variables = tfr_list_end(&reader->variables, arena, sizeof *document->variables);
    document->check_count = reader->checks.count;
    document->checks = tfr_list_end(&reader->checks, arena, sizeof *document->checks);
    document->relevant_count = reader->relevant.count;
    document->relevant = tfr_list_end(&reader->relevant, arena, sizeof *document->relevant);
    document->provider_count = reader->providers.count;
    document->providers = tfr_list_end(&reader->providers, arena, sizeof *document->providers);
    document->provider_objects = end_resources(document, &reader->provider_objects);
    document->product = product_of(document);
    document->refresh_only =
        document->kind == TFR_PLAN && document->drift.count > 0 && document->changes.count == 0;
}

static void add_notes(struct tfr_reader *reader)
{
    struct tfr_document *document = reader->document;

    if (tfr_json_duplicates(reader->json) > 0)
        tfr_reader_note(reader, "duplicate-key",
                        "an object has two members of one name: the last one counts");
    document->note_count = reader->notes.count;
    document->notes = tfr_list_end(&reader->notes, &document->arena, sizeof *document->notes);
}

bool tfr_reader_finish(struct tfr_reader *reader, struct tfr_document **out, struct tfr_error *err)
{
    const bool ok = tfr_json_finish(reader->json, err) && tfr_kind_decide(reader, err);

    if (ok) {
        put_together(reader);
        add_notes(reader);
        *out = reader->document;
        reader->document = NULL;
    }
    tfr_reader_free(reader);
    return ok;
}

void tfr_document_free(struct tfr_document *document)
{
    if (document == NULL)
        return;
    tfr_free((void *)document->changes.at);
    tfr_free((void *)document->prior.at);
    tfr_free((void *)document->drift.at);
    tfr_free((void *)document->deferred.at);
    tfr_free((void *)document->provider_objects.at);
    tfr_embedded_free(document->embedded);
    tfr_names_free(document->names);
    tfr_arena_free(&document->arena);
    tfr_free(document);
}
