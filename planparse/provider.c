/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Configurations of providers: their expressions, and each as an object that policies look at like
 * any other: constants are its values, and what is written as a reference is unknown.
 */
#include "planparse/reader.h"

#include <string.h>

/* Parts of the names of arguments that are secrets, though no document marks them. */
static const char *const secret_parts[] = { "key",  "secret", "token",      "pass", "credential",
                                            "cert", "auth",   "connection", "sas_" };

static bool is_secret(const struct tfr_sym *name)
{
    for (size_t i = 0; name != NULL && i < sizeof secret_parts / sizeof secret_parts[0]; i++) {
        if (strstr(name->text, secret_parts[i]) != NULL)
            return true;
    }
    return false;
}

/* ---- arguments as values ---- */

/* A value of the copy that may still hold expressions, and the argument that it is part of. */
struct open {
    struct tfr_value *value;
    const struct tfr_sym *name;
    bool is_item; /* {} is a block with nothing in it, not a call of a function */
};

static void push(struct tfr_list *stack, const struct tfr_value *value, const struct tfr_sym *name,
                 bool is_item)
{
    /* The document's own arena: we made these arrays, nobody has seen them yet. */
    *(struct open *)tfr_list_add(stack, sizeof(struct open)) =
        (struct open){ (struct tfr_value *)(uintptr_t)value, name, is_item };
}

static void push_parts(struct tfr_list *stack, const struct tfr_value *value,
                       const struct tfr_sym *name)
{
    for (uint32_t i = 0; value->kind == TFR_OBJECT && i < value->count; i++)
        push(stack, tfr_member_value(value, i), tfr_member_name(value, i), false);
    for (uint32_t i = 0; value->kind == TFR_LIST && i < value->count; i++)
        push(stack, &value->items[i], name, true);
}

static struct tfr_value value_of(const struct tfr_value *expression)
{
    const struct tfr_value *constant = tfr_value_get(expression, "constant_value");
    const struct tfr_value unknown = { .kind = TFR_UNKNOWN };

    return constant->kind != TFR_ABSENT ? *constant : unknown;
}

static struct tfr_value read_arguments(struct tfr_reader *reader,
                                       const struct tfr_value *expressions)
{
    struct tfr_value out = tfr_reader_copy(reader, expressions);
    struct tfr_list stack = { 0 };

    if (out.kind != TFR_OBJECT)
        return (struct tfr_value){ .kind = TFR_OBJECT };
    out.settled = false;
    push_parts(&stack, &out, NULL);
    while (stack.count > 0) {
        const struct open open = ((struct open *)stack.at)[--stack.count];

        if (!tfr_is_expression(open.value) || (open.is_item && open.value->count == 0)) {
            open.value->settled = false; /* what it holds may become unknown */
            push_parts(&stack, open.value, open.name);
            continue;
        }
        *open.value = value_of(open.value);
        if (is_secret(open.name))
            tfr_fold_mark(&reader->folder, open.value);
    }
    tfr_free(stack.at);
    return out;
}

/* The alias is an argument as well, though it stands beside the others. */
static void add_alias(struct tfr_reader *reader, struct tfr_value *arguments,
                      const struct tfr_sym *alias)
{
    struct tfr_making making;

    if (alias == NULL || tfr_value_get(arguments, "alias")->kind != TFR_ABSENT)
        return;
    making = tfr_making_begin(&reader->document->arena, arguments->count + 1);
    for (uint32_t i = 0; i < arguments->count; i++)
        tfr_making_add(&making, tfr_member_name(arguments, i), *tfr_member_value(arguments, i));
    tfr_making_add(
        &making, tfr_reader_text(reader, "alias", 5),
        (struct tfr_value){ .kind = TFR_STRING, .count = alias->len, .text = alias->text });
    *arguments = tfr_making_end(&making);
}

/* ---- the object ---- */

/* What the document calls it, or what its key begins with: aws of module.a:aws.east. */
static const struct tfr_sym *name_of(struct tfr_reader *reader,
                                     const struct tfr_config_provider *provider)
{
    const char *colon = strrchr(provider->key->text, ':');
    const char *name = colon != NULL ? colon + 1 : provider->key->text;

    return provider->name != NULL ? provider->name
                                  : tfr_reader_text(reader, name, strcspn(name, "."));
}

static const struct tfr_sym *joined(struct tfr_reader *reader, const char *first,
                                    const struct tfr_sym *second)
{
    struct tfr_buf text = { 0 };
    const struct tfr_sym *sym;

    tfr_buf_printf(&text, "%s.", first);
    tfr_buf_add(&text, second->text, second->len);
    sym = tfr_reader_text(reader, text.data, text.len);
    tfr_buf_fini(&text);
    return sym;
}

static void add_object(struct tfr_reader *reader, const struct tfr_config_provider *provider,
                       const struct tfr_value *expressions)
{
    const struct tfr_sym *name = name_of(reader, provider);
    struct tfr_resource *out = tfr_list_add(&reader->provider_objects, sizeof *out);

    out->mode = TFR_PROVIDER;
    out->type = joined(reader, "provider", name);
    out->name = provider->alias != NULL ? provider->alias : tfr_reader_text(reader, "default", 7);
    out->address = joined(reader, name->text, out->name);
    out->module = out->module_block = provider->module_address;
    if (out->module != NULL)
        out->address = joined(reader, out->module->text, out->address);
    out->block = out->address;
    out->provider = provider->full_name;
    out->after = read_arguments(reader, expressions);
    add_alias(reader, &out->after, provider->alias);
}

bool tfr_take_provider(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                       struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_config_provider *out = tfr_list_add(&reader->providers, sizeof *out);
    const struct tfr_value *expressions = tfr_value_get(value, "expressions");

    (void)err;
    out->key = name;
    out->name = tfr_reader_name(reader, tfr_value_get(value, "name"));
    out->full_name = tfr_reader_name(reader, tfr_value_get(value, "full_name"));
    out->alias = tfr_reader_name(reader, tfr_value_get(value, "alias"));
    out->module_address = tfr_reader_name(reader, tfr_value_get(value, "module_address"));
    out->version = tfr_reader_name(reader, tfr_value_get(value, "version_constraint"));
    out->expressions = tfr_read_expressions(reader, expressions, &tfr_absent);
    add_object(reader, out, expressions);
    return true;
}
