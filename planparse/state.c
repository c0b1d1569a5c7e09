/* SPDX-License-Identifier: Apache-2.0 */
/* What the members of `show -json` states and of prior_state mean. */
#include "planparse/build.h"
#include "planparse/reader.h"

/* The change of the current object at an address, NULL if there is none (yet). */
static struct tfr_resource *change_at(struct tfr_reader *reader, const struct tfr_sym *address)
{
    if (address->id >= reader->current_cap || reader->current[address->id] == 0)
        return NULL;
    return (struct tfr_resource *)reader->changes.at + (reader->current[address->id] - 1);
}

/* What a change holds as `before` need not be read twice, and a deposed object is told of by its
 * own change. Terraform writes the address before the values, and the changes before the state. */
static bool unneeded(void *ctx, const struct tfr_builder *sofar, const struct tfr_sym *name)
{
    struct tfr_reader *reader = ctx;
    const struct tfr_value *address;

    if (reader->changes.count == 0 || !tfr_sym_is(name, "values"))
        return false;
    address = tfr_builder_member(sofar, "address");
    if (address->kind != TFR_STRING || address->count == 0)
        return false;
    if (tfr_builder_member(sofar, "index")->kind != TFR_ABSENT &&
        address->text[address->count - 1] != ']')
        return false; /* of 0.12: the key is not in the address yet */
    return change_at(reader, tfr_reader_name(reader, address)) != NULL;
}

bool tfr_take_state_resource(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                             struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_resource *resource = tfr_resource_add(reader, &reader->prior, err);
    const struct tfr_value *values = tfr_value_get(value, "values");
    const struct tfr_value *deposed = tfr_value_get(value, "deposed_key");

    (void)name;
    if (resource == NULL || !tfr_resource_identity(reader, value, resource, err))
        return false;
    if (values->kind != TFR_OBJECT && !tfr_value_missing(values))
        return tfr_reader_wrong(err, "values", "an object");
    if (deposed->kind == TFR_STRING)
        resource->deposed = tfr_reader_name(reader, deposed);
    resource->tainted = tfr_value_true(tfr_value_get(value, "tainted"));
    resource->depends_on = tfr_reader_names(reader, tfr_value_get(value, "depends_on"));
    /* What a change holds as `before` need not be kept twice. */
    if (resource->deposed == NULL && change_at(reader, resource->address) != NULL)
        return true;
    resource->after =
        tfr_fold(&reader->folder, values, &tfr_absent, tfr_value_get(value, "sensitive_values"));
    return true;
}

bool tfr_take_state_output(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                           struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_output *output;

    (void)err;
    output = tfr_list_add(&reader->state_outputs, sizeof *output);
    output->name = name;
    output->sensitive = tfr_value_true(tfr_value_get(value, "sensitive"));
    output->after = tfr_reader_copy(reader, tfr_value_get(value, "value"));
    if (output->sensitive)
        tfr_fold_mark(&reader->folder, &output->after);
    return true;
}

static const struct tfr_shape resources_shape = {
    .array = true, .nullable = true, .each = tfr_take_state_resource, .unneeded = unneeded
};
static const struct tfr_shape child_modules_shape;
static const struct tfr_field module_fields[] = {
    { "resources", NULL, &resources_shape },
    { "child_modules", NULL, &child_modules_shape },
    { NULL, NULL, NULL },
};
static const struct tfr_shape module_shape = { .nullable = true, .fields = module_fields };
static const struct tfr_shape child_modules_shape = { .array = true,
                                                      .nullable = true,
                                                      .every = &module_shape };
static const struct tfr_shape outputs_shape = { .nullable = true, .each = tfr_take_state_output };
static const struct tfr_field values_fields[] = {
    { "outputs", NULL, &outputs_shape },
    { "root_module", NULL, &module_shape },
    { NULL, NULL, NULL },
};
const struct tfr_shape tfr_state_values_shape = { .nullable = true, .fields = values_fields };
static const struct tfr_field state_fields[] = {
    { "values", NULL, &tfr_state_values_shape },
    { NULL, NULL, NULL },
};
const struct tfr_shape tfr_state_shape = { .nullable = true, .fields = state_fields };

void tfr_state_link(struct tfr_reader *reader)
{
    struct tfr_resource *prior = reader->prior.at;

    for (size_t i = 0; i < reader->prior.count; i++) {
        struct tfr_resource *change =
            prior[i].deposed == NULL ? change_at(reader, prior[i].address) : NULL;

        if (change == NULL)
            continue;
        prior[i].after = tfr_absent;
        change->tainted = change->tainted || prior[i].tainted;
    }
}
