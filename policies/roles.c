/* SPDX-License-Identifier: Apache-2.0 */
/* Which policies a role has: gathered from the role, its inline policies and its attachments. */
#include "policies/roles.h"

#include "policies/aws_managed.h"
#include "policies/context.h"
#include "policies/lookup.h"
#include "policies/wires.h"

#include <string.h>

struct tfr_roles {
    const struct tfr_input *in; /* while it is made */
    struct tfr_role *at;
    uint32_t count;
    struct tfr_lookup *by_address, *by_arn, *by_name;
    struct tfr_lookup *policies;       /* aws_iam_policy by ARN */
    struct tfr_lookup *read;           /* data sources that read a policy, by ARN */
    struct tfr_lookup *own;            /* "role, policy" of everything that gives a role a policy */
    const struct tfr_grant *strays[4]; /* of a new role, nobody knows which */
    struct tfr_arena arena;
};

static struct tfr_value text_value(const char *text, size_t len)
{
    return (struct tfr_value){ .kind = TFR_STRING, .count = (uint32_t)len, .text = text };
}

static const struct tfr_value *values_at(const struct tfr_resource *resource, enum tfr_when when)
{
    if (resource->deposed != NULL)
        return &tfr_absent;
    if (when == TFR_BEFORE)
        return &resource->before;
    return tfr_resource_is_live(resource) ? &resource->after : &tfr_absent;
}

/* What does not change has one tree of values for both times. */
static bool is_unchanged(const struct tfr_resource *resource)
{
    return resource->action == TFR_ACTION_NO_OP && resource->deposed == NULL &&
           resource->before.kind == TFR_OBJECT && resource->after.kind == TFR_OBJECT &&
           resource->before.object == resource->after.object;
}

/* ---- which role is named -----------------------------------------------------------------------
 */

const struct tfr_role *tfr_role_of(const struct tfr_input *in, const struct tfr_resource *resource)
{
    const struct tfr_roles *roles = tfr_roles_of(in);

    return tfr_lookup_text(roles->by_address, resource->address->text, resource->address->len);
}

static bool is_new(const struct tfr_role *role)
{
    return tfr_value_get(&role->resource->after, "arn")->kind == TFR_UNKNOWN;
}

static const struct tfr_role *find_role(const struct tfr_roles *roles,
                                        const struct tfr_value *value)
{
    const struct tfr_role *role = tfr_lookup_find(roles->by_arn, value);
    const char *tail = strrchr(value->text, '/');

    if (role != NULL)
        return role;
    if (strncmp(value->text, "arn:", 4) != 0)
        return tfr_lookup_find(roles->by_name, value);
    /* An ARN that is put together from a name: the role itself has none yet. */
    role = tail != NULL ? tfr_lookup_text(roles->by_name, tail + 1, strlen(tail + 1)) : NULL;
    return role != NULL && is_new(role) ? role : NULL;
}

static void name_value(const struct tfr_input *in, const struct tfr_resource *resource,
                       const char *attribute, const struct tfr_value *value,
                       struct tfr_role_name *out)
{
    const struct tfr_roles *roles = tfr_roles_of(in);
    struct tfr_links links;

    *out = (struct tfr_role_name){ .none = tfr_value_is_blank(value) };
    if (out->none)
        return;
    if (value->kind == TFR_STRING) {
        out->at[0] = find_role(roles, value);
        out->count = out->at[0] != NULL;
        out->elsewhere = out->count == 0;
        return;
    }
    tfr_links_of(in, resource, attribute, "aws_iam_role", &links);
    for (uint32_t i = 0; i < links.count; i++) {
        out->at[out->count] = tfr_lookup_text(roles->by_address, links.at[i]->address->text,
                                              links.at[i]->address->len);
        out->count += out->at[out->count] != NULL;
    }
    if (links.open || links.others || out->count == 0)
        out->because = links.because;
}

void tfr_role_named(const struct tfr_input *in, const struct tfr_resource *resource,
                    const char *attribute, enum tfr_when when, struct tfr_role_name *out)
{
    name_value(in, resource, attribute, tfr_value_path(values_at(resource, when), attribute), out);
    out->when = when;
}

/* ---- grants ------------------------------------------------------------------------------------
 */

static void push(struct tfr_roles *roles, const struct tfr_grant **list,
                 const struct tfr_grant *grant)
{
    struct tfr_grant *copy = tfr_arena_copy(&roles->arena, grant, sizeof *grant);

    copy->next = *list;
    *list = copy;
}

static void give(struct tfr_roles *roles, const struct tfr_role_name *name, enum tfr_when when,
                 struct tfr_grant *grant)
{
    if (name->because != NULL)
        grant->maybe = name->because;
    else if (name->count > 1)
        grant->maybe = name->at[0]->resource->address->text;
    for (uint32_t i = 0; i < name->count; i++)
        push(roles, &roles->at[name->at[i] - roles->at].grants[when], grant);
    if (name->count == 0 && name->because != NULL)
        push(roles, &roles->strays[when], grant);
}

static void read_policy(struct tfr_roles *roles, const struct tfr_resource *policy,
                        enum tfr_when when, struct tfr_grant *out)
{
    out->text = policy;
    tfr_iam_document_of(roles->in, policy, "policy", when, &out->document);
}

/* The policy that an attribute of `out->from` names by its ARN. */
static void read_named_policy(struct tfr_roles *roles, const char *attribute,
                              const struct tfr_value *arn, struct tfr_grant *out)
{
    const struct tfr_resource *read = tfr_lookup_find(roles->read, arn);
    struct tfr_links links;

    if (arn->kind == TFR_STRING)
        out->managed = tfr_aws_managed_find(arn->text);
    if (out->managed != NULL) {
        out->document.because = NULL;
        out->arn = arn->text;
    } else if (read != NULL) {
        tfr_iam_document_in(roles->in, tfr_input_get(roles->in, &read->after, "policy"), attribute,
                            &out->document);
    } else if (arn->kind == TFR_UNKNOWN) {
        tfr_links_of(roles->in, out->from, attribute, "aws_iam_policy", &links);
        out->document.because = links.because;
        if (links.count == 1 && !links.open && !links.others)
            read_policy(roles, links.at[0], TFR_AFTER, out);
    }
}

static void read_policy_at(struct tfr_roles *roles, const char *attribute,
                           const struct tfr_value *arn, enum tfr_when when, struct tfr_grant *out)
{
    const struct tfr_resource *policy = tfr_lookup_find(roles->policies, arn);
    const enum tfr_when other = when == TFR_BEFORE ? TFR_AFTER : TFR_BEFORE;

    *out = (struct tfr_grant){ .from = out->from };
    out->document = (struct tfr_iam_document){ .statements = &tfr_absent, .because = attribute };
    if (policy != NULL)
        read_policy(roles, policy, values_at(policy, when)->kind == TFR_OBJECT ? when : other, out);
    else
        read_named_policy(roles, attribute, arn, out);
}

/* "role, policy". @return false if one of them is not known */
static bool make_pair(struct tfr_buf *out, const struct tfr_value *role,
                      const struct tfr_value *policy)
{
    if (role->kind != TFR_STRING || policy->kind != TFR_STRING)
        return false;
    tfr_buf_puts(out, role->text);
    tfr_buf_putc(out, '\n');
    tfr_buf_puts(out, policy->text);
    return true;
}

static void remember(struct tfr_roles *roles, const struct tfr_value *role,
                     const struct tfr_value *policy)
{
    struct tfr_buf pair = { 0 };

    if (make_pair(&pair, role, policy))
        *tfr_lookup_place(&roles->own, pair.data, pair.len, &roles->arena) = roles;
    tfr_buf_fini(&pair);
}

/* A role lists what it has at the moment, whoever gave it. What an object of this document gives
 * counts as that object says, not as it was. */
static bool is_own(const struct tfr_roles *roles, const struct tfr_value *role,
                   const struct tfr_value *policy)
{
    struct tfr_buf pair = { 0 };
    const bool found =
        make_pair(&pair, role, policy) && tfr_lookup_text(roles->own, pair.data, pair.len) != NULL;

    tfr_buf_fini(&pair);
    return found;
}

/* ---- one object --------------------------------------------------------------------------------
 *
 * What does not change is asked for TFR_AFTER alone, and gives at both times.
 */

static void add_inline(struct tfr_roles *roles, const struct tfr_resource *resource,
                       enum tfr_when when)
{
    const struct tfr_value *values = values_at(resource, when);
    struct tfr_grant grant = { .from = resource };
    struct tfr_role_name name;

    if (values->kind != TFR_OBJECT)
        return;
    remember(roles, tfr_input_get(roles->in, values, "role"),
             tfr_input_get(roles->in, values, "name"));
    read_policy(roles, resource, when, &grant);
    name_value(roles->in, resource, "role", tfr_input_get(roles->in, values, "role"), &name);
    give(roles, &name, when, &grant);
    if (is_unchanged(resource))
        give(roles, &name, TFR_BEFORE, &grant);
}

static void attach(struct tfr_roles *roles, const struct tfr_resource *resource,
                   const char *attribute, const struct tfr_value *role, enum tfr_when when)
{
    const struct tfr_value *arn = tfr_input_get(roles->in, values_at(resource, when), "policy_arn");
    struct tfr_role_name name;
    struct tfr_grant grant = { .from = resource };

    remember(roles, role, arn);
    name_value(roles->in, resource, attribute, role, &name);
    read_policy_at(roles, "policy_arn", arn, when, &grant);
    give(roles, &name, when, &grant);
    if (!is_unchanged(resource))
        return;
    /* the policy itself may change */
    read_policy_at(roles, "policy_arn", arn, TFR_BEFORE, &grant);
    give(roles, &name, TFR_BEFORE, &grant);
}

static void add_attachment(struct tfr_roles *roles, const struct tfr_resource *resource,
                           enum tfr_when when)
{
    const struct tfr_value *values = values_at(resource, when);

    if (values->kind == TFR_OBJECT)
        attach(roles, resource, "role", tfr_input_get(roles->in, values, "role"), when);
}

static void add_attachment_to_all(struct tfr_roles *roles, const struct tfr_resource *resource,
                                  enum tfr_when when)
{
    const struct tfr_value *names = tfr_input_get(roles->in, values_at(resource, when), "roles");

    if (names->kind == TFR_UNKNOWN)
        attach(roles, resource, "roles", names, when);
    for (uint32_t i = 0; names->kind == TFR_LIST && i < names->count; i++)
        attach(roles, resource, "roles", &names->items[i], when);
}

/* A list of all that a role may have attached is attached itself. */
static void add_exclusive(struct tfr_roles *roles, const struct tfr_resource *resource,
                          enum tfr_when when)
{
    const struct tfr_value *values = values_at(resource, when);
    const struct tfr_value *arns = tfr_input_get(roles->in, values, "policy_arns");
    struct tfr_grant grant = { .from = resource };
    struct tfr_role_name name;

    for (uint32_t i = 0; arns->kind == TFR_LIST && i < arns->count; i++) {
        read_policy_at(roles, "policy_arns", &arns->items[i], when, &grant);
        name_value(roles->in, resource, "role_name", tfr_input_get(roles->in, values, "role_name"),
                   &name);
        give(roles, &name, when, &grant);
        if (!is_unchanged(resource))
            continue;
        read_policy_at(roles, "policy_arns", &arns->items[i], TFR_BEFORE, &grant);
        give(roles, &name, TFR_BEFORE, &grant);
    }
}

static void add_of_role(struct tfr_roles *roles, struct tfr_role *role, enum tfr_when when)
{
    const struct tfr_resource *resource = role->resource;
    const struct tfr_value *values = values_at(resource, when);
    const struct tfr_value *name = tfr_input_get(roles->in, values, "name");
    const struct tfr_value *texts = tfr_input_get(roles->in, values, "inline_policy");
    const struct tfr_value *arns = tfr_input_get(roles->in, values, "managed_policy_arns");
    const struct tfr_value *boundary = tfr_input_get(roles->in, values, "permissions_boundary");
    struct tfr_grant grant = { .from = resource };

    for (uint32_t i = 0; texts->kind == TFR_LIST && i < texts->count; i++) {
        if (is_own(roles, name, tfr_input_get(roles->in, &texts->items[i], "name")))
            continue;
        tfr_iam_document_in(roles->in, tfr_input_get(roles->in, &texts->items[i], "policy"),
                            "inline_policy", &grant.document);
        push(roles, &role->grants[when], &grant);
    }
    for (uint32_t i = 0; arns->kind == TFR_LIST && i < arns->count; i++) {
        if (is_own(roles, name, &arns->items[i]))
            continue;
        read_policy_at(roles, "managed_policy_arns", &arns->items[i], when, &grant);
        push(roles, &role->grants[when], &grant);
    }
    if ((arns->kind == TFR_UNKNOWN &&
         tfr_wires_written(roles->in, resource, "managed_policy_arns")) ||
        (texts->kind == TFR_UNKNOWN && tfr_wires_written(roles->in, resource, "inline_policy"))) {
        grant = (struct tfr_grant){ .from = resource };
        grant.document = (struct tfr_iam_document){ .statements = &tfr_absent,
                                                    .because = "managed_policy_arns" };
        push(roles, &role->grants[when], &grant);
    }
    if (!tfr_value_is_blank(boundary)) {
        grant = (struct tfr_grant){ .from = resource };
        read_policy_at(roles, "permissions_boundary", boundary, when, &grant);
        role->boundary[when] = tfr_arena_copy(&roles->arena, &grant, sizeof grant);
    }
}

/* ---- making it ---------------------------------------------------------------------------------
 */

static void each(struct tfr_roles *roles, const char *type,
                 void (*add)(struct tfr_roles *, const struct tfr_resource *, enum tfr_when))
{
    const struct tfr_resource_run run = tfr_input_type(roles->in, type);

    for (uint32_t i = 0; i < run.count; i++) {
        if (!is_unchanged(run.at[i]))
            add(roles, run.at[i], TFR_BEFORE);
        add(roles, run.at[i], TFR_AFTER);
    }
}

static void index_roles(struct tfr_roles *roles)
{
    const struct tfr_resource_run run = tfr_input_type(roles->in, "aws_iam_role");

    roles->at = tfr_arena_zalloc(&roles->arena, (run.count + 1) * sizeof *roles->at);
    roles->count = run.count;
    for (uint32_t i = 0; i < run.count; i++) {
        const struct tfr_resource *resource = run.at[i];
        const struct tfr_value address =
            text_value(resource->address->text, resource->address->len);

        tfr_input_fetch(roles->in, &run, i, "arn");
        roles->at[i].resource = resource;
        if (resource->deposed != NULL || resource->duplicate)
            continue;
        tfr_lookup_add(&roles->by_address, &address, &roles->at[i]);
        for (enum tfr_when when = TFR_BEFORE; when <= TFR_AFTER; when++) {
            const struct tfr_value *values = values_at(resource, when);

            tfr_lookup_add(&roles->by_arn, tfr_input_get(roles->in, values, "arn"), &roles->at[i]);
            tfr_lookup_add(&roles->by_name, tfr_input_get(roles->in, values, "name"),
                           &roles->at[i]);
        }
    }
}

static void index_policies(struct tfr_roles *roles)
{
    const struct tfr_resource_run run = tfr_input_type(roles->in, "aws_iam_policy");
    const struct tfr_resources *prior = &roles->in->document->prior;

    for (uint32_t i = 0; i < run.count; i++) {
        if (run.at[i]->deposed != NULL)
            continue;
        tfr_lookup_add(&roles->policies, tfr_input_get(roles->in, &run.at[i]->before, "arn"),
                       run.at[i]);
        tfr_lookup_add(&roles->policies, tfr_input_get(roles->in, &run.at[i]->after, "arn"),
                       run.at[i]);
    }
    for (size_t i = 0; i < prior->count; i++) {
        if (prior->at[i].mode == TFR_DATA && tfr_sym_is(prior->at[i].type, "aws_iam_policy"))
            tfr_lookup_add(&roles->read, tfr_input_get(roles->in, &prior->at[i].after, "arn"),
                           &prior->at[i]);
    }
}

struct tfr_roles *tfr_roles_of(const struct tfr_input *in)
{
    struct tfr_roles *roles = in->ctx->roles;

    if (roles != NULL)
        return roles;
    roles = tfr_calloc(1, sizeof *roles);
    in->ctx->roles = roles;
    roles->in = in;
    index_roles(roles);
    index_policies(roles);
    each(roles, "aws_iam_role_policy", add_inline);
    each(roles, "aws_iam_role_policy_attachment", add_attachment);
    each(roles, "aws_iam_policy_attachment", add_attachment_to_all);
    each(roles, "aws_iam_role_policy_attachments_exclusive", add_exclusive);
    for (uint32_t i = 0; i < roles->count; i++) {
        add_of_role(roles, &roles->at[i], TFR_BEFORE);
        add_of_role(roles, &roles->at[i], TFR_AFTER);
    }
    roles->in = NULL;
    return roles;
}

void tfr_roles_free(struct tfr_roles *roles)
{
    if (roles == NULL)
        return;
    tfr_lookup_free(roles->by_address);
    tfr_lookup_free(roles->by_arn);
    tfr_lookup_free(roles->by_name);
    tfr_lookup_free(roles->policies);
    tfr_lookup_free(roles->read);
    tfr_lookup_free(roles->own);
    tfr_arena_free(&roles->arena);
    tfr_free(roles);
}

const struct tfr_grant *tfr_roles_strays(const struct tfr_input *in, const struct tfr_role *role,
                                         enum tfr_when when)
{
    return is_new(role) ? tfr_roles_of(in)->strays[when] : NULL;
}
