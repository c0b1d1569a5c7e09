/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration of a plan: modules, what they declare, and what refers to what. */
#include "planparse/reader.h"

#include <string.h>

/* ---- expressions -------------------------------------------------------------------------------
 */

/* A block or an expression object, and the path to it. */
struct place {
    const struct tfr_value *value;
    const struct tfr_sym *path;
};

bool tfr_is_expression(const struct tfr_value *value)
{
    if (value->kind != TFR_OBJECT)
        return false;
    for (uint32_t i = 0; i < value->count; i++) {
        const struct tfr_member member = tfr_member_at(value, i);

        if (tfr_sym_is(member.name, "references") && member.value->kind == TFR_LIST)
            continue;
        if (!tfr_sym_is(member.name, "constant_value"))
            return false;
    }
    return true;
}

static struct tfr_expression read_expression(struct tfr_reader *reader,
                                             const struct tfr_value *value,
                                             const struct tfr_sym *path)
{
    const struct tfr_paths references =
        tfr_reader_names(reader, tfr_value_get(value, "references"));

    return (struct tfr_expression){
        .path = path,
        .references = references.at,
        .reference_count = references.count,
        .constant = tfr_reader_copy(reader, tfr_value_get(value, "constant_value")),
    };
}

static void push_place(struct tfr_reader *reader, const struct tfr_value *value,
                       const struct tfr_sym *parent, const char *step, size_t len)
{
    struct place *place = tfr_list_add(&reader->places, sizeof *place);
    struct tfr_buf *text = &reader->text;

    tfr_buf_reset(text);
    if (parent != NULL && parent->len > 0) {
        tfr_buf_add(text, parent->text, parent->len);
        tfr_buf_putc(text, '.');
    }
    tfr_buf_add(text, step, len);
    place->value = value;
    place->path = tfr_reader_text(reader, tfr_buf_text(text), text->len);
}

/* Puts the parts of a block on the stack, last first, so that they come off in document order. */
static void push_parts(struct tfr_reader *reader, const struct tfr_value *value,
                       const struct tfr_sym *path)
{
    char digits[16];

    for (uint32_t i = value->count; value->kind == TFR_OBJECT && i-- > 0;) {
        const struct tfr_member member = tfr_member_at(value, i);

        push_place(reader, member.value, path, member.name->text, member.name->len);
    }
    for (uint32_t i = value->count; value->kind == TFR_LIST && i-- > 0;) {
        const int len = snprintf(digits, sizeof digits, "%u", i);

        push_place(reader, &value->items[i], path, digits, (size_t)len);
    }
}

static void walk_all(struct tfr_reader *reader)
{
    while (reader->places.count > 0) {
        const struct place place = ((struct place *)reader->places.at)[--reader->places.count];

        if (tfr_is_expression(place.value))
            *(struct tfr_expression *)tfr_list_add(&reader->found, sizeof(struct tfr_expression)) =
                read_expression(reader, place.value, place.path);
        else
            push_parts(reader, place.value, place.path);
    }
}

static struct tfr_expressions end_walk(struct tfr_reader *reader)
{
    struct tfr_expressions out = { .count = (uint32_t)reader->found.count };

    if (out.count > 0)
        out.at =
            tfr_arena_copy(&reader->document->arena, reader->found.at, out.count * sizeof *out.at);
    reader->found.count = 0;
    return out;
}

struct tfr_expressions tfr_read_expressions(struct tfr_reader *reader,
                                            const struct tfr_value *expressions,
                                            const struct tfr_value *provisioners)
{
    struct tfr_buf *text = &reader->text;

    push_parts(reader, expressions, NULL);
    walk_all(reader);
    for (uint32_t i = 0; provisioners->kind == TFR_LIST && i < provisioners->count; i++) {
        const struct tfr_value *one = &provisioners->items[i];
        const struct tfr_value *type = tfr_value_get(one, "type");

        tfr_buf_reset(text);
        tfr_buf_puts(text, "provisioner/");
        if (type->kind == TFR_STRING)
            tfr_buf_add(text, type->text, type->count);
        push_parts(reader, tfr_value_get(one, "expressions"),
                   tfr_reader_text(reader, tfr_buf_text(text), text->len));
        walk_all(reader);
    }
    return end_walk(reader);
}

static struct tfr_expression read_one(struct tfr_reader *reader, const struct tfr_value *value,
                                      const char *path)
{
    if (value->kind != TFR_OBJECT)
        return (struct tfr_expression){ 0 };
    return read_expression(reader, value, tfr_reader_text(reader, path, strlen(path)));
}

/* ---- modules -----------------------------------------------------------------------------------
 */

static struct tfr_open_module *open_module(struct tfr_reader *reader)
{
    return (struct tfr_open_module *)reader->open_modules.at + (reader->open_modules.count - 1);
}

void tfr_module_enter(struct tfr_reader *reader, struct tfr_config_module *module,
                      const struct tfr_config_module *parent, const struct tfr_sym *name)
{
    tfr_buf_reset(&reader->text);
    if (parent->path != NULL)
        tfr_buf_printf(&reader->text, "%s.", parent->path->text);
    tfr_buf_printf(&reader->text, "module.%s", name->text);
    module->path = tfr_reader_text(reader, tfr_buf_text(&reader->text), reader->text.len);
    module->parent = parent;
    module->depth = parent->depth + 1;
    module->well_named = (parent->depth == 0 || parent->well_named) &&
                         tfr_address_is_identifier(name->text, name->len);
}

static bool enter_module(void *ctx, const struct tfr_sym *name, struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_arena *arena = &reader->document->arena;
    struct tfr_config_module *module = tfr_arena_zalloc(arena, sizeof *module);

    (void)name;
    (void)err;
    if (reader->open_modules.count > 0) {
        struct tfr_open_module *parent = open_module(reader);

        parent->call.module = module;
        tfr_module_enter(reader, module, parent->module, parent->call.name);
    } else {
        reader->document->configuration = module;
    }
    *(struct tfr_open_module *)tfr_list_add(&reader->open_modules, sizeof(struct tfr_open_module)) =
        (struct tfr_open_module){ .module = module };
    return true;
}

static void leave_module(void *ctx)
{
    struct tfr_reader *reader = ctx;
    struct tfr_arena *arena = &reader->document->arena;
    struct tfr_open_module *open = open_module(reader);
    struct tfr_config_module *module = open->module;

    module->resource_count = (uint32_t)open->resources.count;
    module->resources = tfr_list_end(&open->resources, arena, sizeof *module->resources);
    module->output_count = (uint32_t)open->outputs.count;
    module->outputs = tfr_list_end(&open->outputs, arena, sizeof *module->outputs);
    module->variable_count = (uint32_t)open->variables.count;
    module->variables = tfr_list_end(&open->variables, arena, sizeof *module->variables);
    module->call_count = (uint32_t)open->calls.count;
    module->calls = tfr_list_end(&open->calls, arena, sizeof *module->calls);
    for (uint32_t i = 0; i < module->call_count; i++) {
        /* Made by enter_module() in this arena; const is for those who read the document. */
        if (module->calls[i].module != NULL)
            ((struct tfr_config_module *)module->calls[i].module)->call = &module->calls[i];
    }
    tfr_module_keep(reader);
    reader->open_modules.count--;
}

static bool enter_call(void *ctx, const struct tfr_sym *name, struct tfr_error *err)
{
    (void)err;
    open_module(ctx)->call = (struct tfr_config_call){ .name = name };
    return true;
}

static void leave_call(void *ctx)
{
    struct tfr_reader *reader = ctx;
    struct tfr_open_module *open = open_module(reader);

    if (open->call.module == NULL) /* written without its module: an empty one */
        open->call.module = tfr_arena_zalloc(&reader->document->arena, sizeof *open->call.module);
    *(struct tfr_config_call *)tfr_list_add(&open->calls, sizeof open->call) = open->call;
}

static bool take_source(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                        struct tfr_error *err)
{
    (void)name;
    (void)err;
    open_module(ctx)->call.source = tfr_reader_name(ctx, value);
    return true;
}

static bool take_call_expressions(void *ctx, const struct tfr_sym *name,
                                  const struct tfr_value *value, struct tfr_error *err)
{
    (void)name;
    (void)err;
    open_module(ctx)->call.expressions = tfr_read_expressions(ctx, value, &tfr_absent);
    return true;
}

static bool take_call_count(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                            struct tfr_error *err)
{
    (void)name;
    (void)err;
    open_module(ctx)->call.count = read_one(ctx, value, "count");
    return true;
}

static bool take_call_for_each(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                               struct tfr_error *err)
{
    (void)name;
    (void)err;
    open_module(ctx)->call.for_each = read_one(ctx, value, "for_each");
    return true;
}

static bool take_call_depends_on(void *ctx, const struct tfr_sym *name,
                                 const struct tfr_value *value, struct tfr_error *err)
{
    (void)name;
    (void)err;
    open_module(ctx)->call.depends_on = tfr_reader_names(ctx, value);
    return true;
}

/* ---- what a module declares --------------------------------------------------------------------
 */

static bool take_resource(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                          struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_config_resource *out = tfr_list_add(&open_module(reader)->resources, sizeof *out);

    (void)name;
    out->address = tfr_reader_name(reader, tfr_value_get(value, "address"));
    out->type = tfr_reader_name(reader, tfr_value_get(value, "type"));
    out->name = tfr_reader_name(reader, tfr_value_get(value, "name"));
    if (out->address == NULL || out->type == NULL || out->name == NULL)
        return tfr_reader_wrong(err, "address", "a text");
    if (tfr_value_is(tfr_value_get(value, "mode"), "data"))
        out->mode = TFR_DATA;
    else if (tfr_value_is(tfr_value_get(value, "mode"), "ephemeral"))
        out->mode = TFR_EPHEMERAL;
    out->provider_key = tfr_reader_name(reader, tfr_value_get(value, "provider_config_key"));
    out->expressions = tfr_read_expressions(reader, tfr_value_get(value, "expressions"),
                                            tfr_value_get(value, "provisioners"));
    out->count = read_one(reader, tfr_value_get(value, "count_expression"), "count");
    out->for_each = read_one(reader, tfr_value_get(value, "for_each_expression"), "for_each");
    out->depends_on = tfr_reader_names(reader, tfr_value_get(value, "depends_on"));
    return true;
}

static bool take_output(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                        struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_config_output *out = tfr_list_add(&open_module(reader)->outputs, sizeof *out);

    (void)err;
    out->name = name;
    out->sensitive = tfr_value_true(tfr_value_get(value, "sensitive"));
    out->expression = read_one(reader, tfr_value_get(value, "expression"), "value");
    out->depends_on = tfr_reader_names(reader, tfr_value_get(value, "depends_on"));
    return true;
}

static bool take_declared(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                          struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_config_variable *out = tfr_list_add(&open_module(reader)->variables, sizeof *out);

    (void)err;
    out->name = name;
    out->sensitive = tfr_value_true(tfr_value_get(value, "sensitive"));
    out->fallback = tfr_reader_copy(reader, tfr_value_get(value, "default"));
    if (out->sensitive)
        tfr_fold_mark(&reader->folder, &out->fallback);
    return true;
}

/* ---- shapes ------------------------------------------------------------------------------------
 */

static const struct tfr_shape module_shape;
static const struct tfr_field call_fields[] = {
    { "source", take_source, NULL },
    { "expressions", take_call_expressions, NULL },
    { "count_expression", take_call_count, NULL },
    { "for_each_expression", take_call_for_each, NULL },
    { "depends_on", take_call_depends_on, NULL },
    { "module", NULL, &module_shape },
    { NULL, NULL, NULL },
};
static const struct tfr_shape call_shape = { .fields = call_fields,
                                             .enter = enter_call,
                                             .leave = leave_call };
static const struct tfr_shape calls_shape = { .nullable = true, .every = &call_shape };
static const struct tfr_shape resources_shape = { .array = true,
                                                  .nullable = true,
                                                  .each = take_resource };
static const struct tfr_shape outputs_shape = { .nullable = true, .each = take_output };
static const struct tfr_shape variables_shape = { .nullable = true, .each = take_declared };
static const struct tfr_field module_fields[] = {
    { "outputs", NULL, &outputs_shape },
    { "resources", NULL, &resources_shape },
    { "module_calls", NULL, &calls_shape },
    { "variables", NULL, &variables_shape },
    { NULL, NULL, NULL },
};
static const struct tfr_shape module_shape = {
    .fields = module_fields, .again = tfr_module_again, .enter = enter_module, .leave = leave_module
};
static const struct tfr_shape providers_shape = { .nullable = true, .each = tfr_take_provider };
static const struct tfr_field configuration_fields[] = {
    { "provider_config", NULL, &providers_shape },
    { "root_module", NULL, &module_shape },
    { NULL, NULL, NULL },
};
const struct tfr_shape tfr_configuration_shape = { .nullable = true,
                                                   .fields = configuration_fields };
