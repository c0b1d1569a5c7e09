/* SPDX-License-Identifier: Apache-2.0 */
/* What the members of `show -json` states and of prior_state mean. */
#include "planparse/build.h"
#include "planparse/reader.h"

#include <string.h>

/* The change of the current object at an address, NULL if there is none (yet). */
static struct tfr_resource *change_at(struct tfr_reader *reader, const struct tfr_sym *address)
{
    if (address->id >= reader->current_cap || reader->current[address->id] == 0)
        return NULL;
    return (struct tfr_resource *)reader->changes.at + (reader->current[address->id] - 1);
}

static bool is_text(const struct tfr_value *value, const struct tfr_sym *sym)
{
    return value->kind == TFR_STRING && sym != NULL && value->count == sym->len &&
           memcmp(value->text, sym->text, sym->len) == 0;
}

/* The same for a value. Both lists are in one order: mostly it is the next change, or the next but
 * one or two that the state does not know. */
static struct tfr_resource *change_of(struct tfr_reader *reader, const struct tfr_value *address)
{
    struct tfr_resource *changes = reader->changes.at;
    struct tfr_resource *found = NULL;

    /* The one behind it is asked for next: it was read long ago. */
    if (reader->at_change + 2 < reader->changes.count)
        TFR_PREFETCH(changes[reader->at_change + 2].address->text);
    for (size_t i = reader->at_change; i < reader->changes.count && i < reader->at_change + 4;
         i++) {
        if (is_text(address, changes[i].address) &&
            change_at(reader, changes[i].address) == &changes[i]) {
            reader->at_change = i;
            return &changes[i];
        }
    }
    if (address->kind == TFR_STRING)
        found = change_at(reader, tfr_reader_address(reader, address));
    if (found != NULL)
        reader->at_change = (size_t)(found - changes);
    return found;
}

/* What a change holds as `before` need not be read twice, and a deposed object is told of by its
 * own change. Terraform writes the address before the values, and the changes before the state. */
static bool unneeded(void *ctx, const struct tfr_builder *sofar, const struct tfr_sym *name)
{
    struct tfr_reader *reader = ctx;
    const struct tfr_value *address;

    if (reader->changes.count == 0 ||
        (name->id != TFR_M_VALUES && name->id != TFR_M_SENSITIVE_VALUES))
        return false;
    address = tfr_builder_member(sofar, TFR_M_ADDRESS);
    if (address->kind != TFR_STRING || address->count == 0)
        return false;
    if (tfr_builder_member(sofar, TFR_M_INDEX)->kind != TFR_ABSENT &&
        address->text[address->count - 1] != ']')
        return false; /* of 0.12: the key is not in the address yet */
    return change_of(reader, address) != NULL;
}

/* @return whether an object of the state says the same of itself as its change does */
static bool says_the_same(const struct tfr_members *members, const struct tfr_resource *change)
{
    return !change->address_disagrees && is_text(members->at[TFR_M_TYPE], change->type) &&
           is_text(members->at[TFR_M_NAME], change->name) &&
           is_text(members->at[TFR_M_PROVIDER_NAME], change->provider) &&
           tfr_value_is(members->at[TFR_M_MODE], change->mode == TFR_DATA ? "data" : "managed") &&
           members->at[TFR_M_DEPOSED]->kind == TFR_ABSENT &&
           members->at[TFR_M_DEPOSED_KEY]->kind == TFR_ABSENT;
}

/* What the state adds to what a change says. */
static void read_state_of(struct tfr_reader *reader, const struct tfr_members *members,
                          struct tfr_resource *out)
{
    out->tainted = out->tainted || tfr_value_true(members->at[TFR_M_TAINTED]);
    out->depends_on = tfr_reader_names(reader, members->at[TFR_M_DEPENDS_ON]);
}

bool tfr_take_state_resource(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                             struct tfr_error *err)
{
    struct tfr_reader *reader = ctx;
    struct tfr_resource *resource;
    const struct tfr_value *values;
    struct tfr_members members;

    (void)name;
    if (value->kind != TFR_OBJECT)
        return tfr_reader_wrong(err, "", "an object");
    tfr_members_of(value, &members);
    values = members.at[TFR_M_VALUES];
    if (values->kind != TFR_OBJECT && !tfr_value_missing(values))
        return tfr_reader_wrong(err, "values", "an object");
    reader->has_prior = true;
    resource = change_of(reader, members.at[TFR_M_ADDRESS]);
    if (resource != NULL && says_the_same(&members, resource)) {
        resource->in_state = true;
        read_state_of(reader, &members, resource);
        return true;
    }
    resource = tfr_resource_add(reader, &reader->prior, err);
    if (resource == NULL || !tfr_resource_identity(reader, &members, resource, err))
        return false;
    if (members.at[TFR_M_DEPOSED_KEY]->kind == TFR_STRING)
        resource->deposed = tfr_reader_name(reader, members.at[TFR_M_DEPOSED_KEY]);
    read_state_of(reader, &members, resource);
    /* What a change holds as `before` need not be kept twice. */
    if (resource->deposed == NULL && change_at(reader, resource->address) != NULL)
        return true;
    resource->after =
        tfr_fold(&reader->folder, values, &tfr_absent, members.at[TFR_M_SENSITIVE_VALUES]);
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

/* ---- objects that have a change ----------------------------------------------------------------
 */

/* Changes of deposed objects by their keys, those of one key as a chain. */
struct deposed {
    uint32_t *first; /* by name id: index of a change + 1 */
    uint32_t *next;  /* by change: likewise */
};

static void chain_deposed(const struct tfr_reader *reader, struct deposed *out)
{
    const struct tfr_resource *changes = reader->changes.at;

    out->first = tfr_calloc(tfr_names_count(reader->document->names), sizeof *out->first);
    out->next = tfr_calloc(reader->changes.count, sizeof *out->next);
    for (uint32_t i = 0; i < reader->changes.count; i++) {
        if (changes[i].deposed == NULL)
            continue;
        out->next[i] = out->first[changes[i].deposed->id];
        out->first[changes[i].deposed->id] = i + 1;
    }
}

static struct tfr_resource *deposed_change(struct tfr_reader *reader, struct deposed *deposed,
                                           const struct tfr_resource *prior)
{
    struct tfr_resource *changes = reader->changes.at;
    uint32_t at;

    if (deposed->first == NULL)
        chain_deposed(reader, deposed);
    at = deposed->first[prior->deposed->id];
    while (at != 0 && changes[at - 1].address != prior->address)
        at = deposed->next[at - 1];
    return at != 0 ? &changes[at - 1] : NULL;
}

void tfr_state_link(struct tfr_reader *reader)
{
    struct tfr_resource *prior = reader->prior.at;
    struct deposed deposed = { 0 };
    size_t kept = 0;

    for (size_t i = 0; i < reader->prior.count; i++) {
        struct tfr_resource *change = prior[i].deposed == NULL
                                          ? change_at(reader, prior[i].address)
                                          : deposed_change(reader, &deposed, &prior[i]);

        if (change == NULL) {
            prior[kept++] = prior[i];
            continue;
        }
        change->in_state = true;
        change->tainted = change->tainted || prior[i].tainted;
        change->depends_on = prior[i].depends_on;
    }
    reader->prior.count = kept;
    tfr_free(deposed.first);
    tfr_free(deposed.next);
}
