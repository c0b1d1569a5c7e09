/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the settings of an app of Azure name, and whether its identity may use it. Asked are apps
 * that have an identity and no keys of their own; what others in a directory, or in other states,
 * may give the identity is not in the document.
 */
#include "policies/app_access.h"

#include "policies/keys.h"
#include "policies/secret_forms.h"
#include "policies/wires.h"

#include <string.h>
#include <strings.h>

/* What an app may need, and what the data roles of it are called. */
static const struct kind {
    const char *types[4];    /* that settings name */
    const char *owner;       /* where its data roles are given as well; the first type itself */
    const char *attribute;   /* that names the owner */
    const char *role, *word; /* how a data role begins, and what stands in it */
} kinds[] = {
    { { "azurerm_storage_account", "azurerm_storage_container" },
      "azurerm_storage_account",
      "storage_account",
      "Storage ",
      "Data" },
    { { "azurerm_key_vault", "azurerm_key_vault_secret" },
      "azurerm_key_vault",
      "key_vault_id",
      "Key Vault ",
      "" },
    { { "azurerm_servicebus_namespace", "azurerm_servicebus_queue", "azurerm_servicebus_topic" },
      "azurerm_servicebus_namespace",
      "namespace_id",
      "Azure Service Bus Data ",
      "" },
};

#define MOST 64 /* grants of an identity that are looked at */
#define STORAGE (&kinds[0])
#define VAULT (&kinds[1])

/* What none of its identities may use. */
struct lack {
    const struct tfr_resource *of;
    const struct kind *kind;
    bool maybe; /* of something else it shows later */
};

struct app {
    const struct tfr_input *in;
    const struct grants *grants;
    const struct tfr_resource *resource;
    const char *settings;                   /* the attribute that holds them */
    const struct tfr_resource **identities; /* the app itself, and identities that it is given */
    uint32_t identity_count;
    bool keys;           /* of an account or a bus stand in its settings, or may */
    bool secret;         /* it comes as somebody else */
    const char *because; /* not NULL: which identities it has shows later */
};

/* What gives an identity something. */
struct given {
    const struct tfr_resource *at[MOST];
    uint32_t count;
    bool maybe; /* and perhaps others */
};

/* Assignments and policies by the principals that they name. */
struct grants {
    struct tfr_keys *keys;
    struct given **given; /* by the node of the identity; NULL: not looked for yet */
    const char *opaque;   /* an assignment to somebody that the document does not show */
};

/* What one identity may do with one object. */
struct question {
    const struct kind *kind;
    const struct tfr_resource *target, *owner; /* owner NULL: it is not in the document */
    const struct tfr_resource *group;          /* the resource group of the owner, or NULL */
};

/* ---- keys --------------------------------------------------------------------------------------
 */

static bool begins(const char *text, const char *start)
{
    return strncasecmp(text, start, strlen(start)) == 0;
}

/* CONNECTION_STRING, STORAGE_KEY, SAS_TOKEN; not KEYVAULT_URI. */
static bool speaks_of_keys(const char *text)
{
    if (begins(text, "APPINSIGHTS") || begins(text, "APPLICATIONINSIGHTS"))
        return false;
    for (; *text != '\0'; text++) {
        if (begins(text, "CONNECTION") || begins(text, "SAS") ||
            (begins(text, "KEY") && !begins(text, "KEYVAULT") && !begins(text, "KEY_VAULT")))
            return true;
    }
    return false;
}

static void take_setting(struct app *app, const char *name, const struct tfr_value *value)
{
    app->secret = app->secret || begins(name, "AZURE_CLIENT_SECRET");
    app->keys = app->keys || speaks_of_keys(name) || tfr_secret_form(value) != NULL;
}

static void read_settings(struct app *app)
{
    const struct tfr_value *settings = tfr_value_get(&app->resource->after, "app_settings");
    const struct tfr_value *all = tfr_value_path(&app->resource->after, "template.container");

    for (uint32_t i = 0; settings->kind == TFR_OBJECT && i < settings->count; i++)
        take_setting(app, tfr_member_name(settings, i)->text, tfr_member_value(settings, i));
    for (uint32_t i = 0; all->kind == TFR_LIST && i < all->count; i++) {
        const struct tfr_value *list = tfr_input_get(app->in, &all->items[i], "env");

        for (uint32_t k = 0; list->kind == TFR_LIST && k < list->count; k++) {
            const struct tfr_value *name = tfr_input_get(app->in, &list->items[k], "name");

            if (name->kind == TFR_STRING)
                take_setting(app, name->text, tfr_input_get(app->in, &list->items[k], "value"));
        }
    }
}

/* A reference to a key of what is asked about, or to a variable that may be one. */
static bool refers_to_key(const char *text)
{
    if (strncmp(text, "azurerm_", strlen("azurerm_")) == 0 && !begins(text, "azurerm_storage_") &&
        !begins(text, "azurerm_servicebus_"))
        return false;
    return speaks_of_keys(text);
}

static void read_references(struct app *app)
{
    const struct tfr_config_resource *block =
        tfr_blocks_find(tfr_input_blocks(app->in), app->resource);

    for (uint32_t i = 0; block != NULL && i < block->expressions.count; i++) {
        const struct tfr_expression *one = &block->expressions.at[i];

        for (uint32_t k = 0; k < one->reference_count; k++)
            app->keys = app->keys || refers_to_key(one->references[k]->text);
    }
}

/* What an app is given beside its settings: keys of an account, connection strings, secrets. */
static void read_keys(struct app *app)
{
    static const char *const others[] = { "storage_account_access_key", "connection_string",
                                          "secret" };

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const struct tfr_value *value = tfr_value_get(&app->resource->after, others[i]);

        app->keys = app->keys || !tfr_value_is_blank(value);
    }
    read_settings(app);
    read_references(app);
}

/* ---- identities --------------------------------------------------------------------------------
 */

/* @return false: it has none, or one of elsewhere, and is not asked */
static bool find_identities(struct app *app)
{
    static const char *const types[] = { "azurerm_user_assigned_identity", NULL };
    const struct tfr_value *type = tfr_value_path(&app->resource->after, "identity.type");
    struct tfr_wires wires;

    tfr_wires_of(app->in, app->resource, "identity", types, &wires);
    app->identities =
        tfr_arena_alloc(app->in->scratch, (wires.count + 1) * sizeof *app->identities);
    if (type->kind == TFR_STRING && strstr(type->text, "SystemAssigned") != NULL)
        app->identities[app->identity_count++] = app->resource;
    for (uint32_t i = 0; i < wires.count; i++) {
        if (wires.at[i]->mode != TFR_MANAGED)
            return false;
        app->identities[app->identity_count++] = wires.at[i];
    }
    app->because = wires.opaque;
    if (type->kind == TFR_STRING && strstr(type->text, "UserAssigned") != NULL &&
        wires.count == 0 && wires.opaque == NULL)
        return false;
    return app->identity_count > 0;
}

/* Who gives rights to a principal, and where it stands. */
static const struct {
    const char *type, *attribute;
} givers[] = {
    { "azurerm_role_assignment", "principal_id" },
    { "azurerm_key_vault_access_policy", "object_id" },
    { "azurerm_key_vault", "access_policy" },
    { "azuread_group_member", "member_object_id" },
    { "azuread_group", "members" },
};

static void file_principal(struct tfr_keys *keys, const struct tfr_resource *resource,
                           const struct tfr_value *principal)
{
    if (principal->kind == TFR_STRING)
        tfr_keys_add(keys, "principal", principal->text, principal->count, resource);
}

static void file_grants(const struct tfr_input *in, struct tfr_keys *keys)
{
    for (size_t k = 0; k < sizeof givers / sizeof givers[0]; k++) {
        const struct tfr_resource_run run = tfr_input_type(in, givers[k].type);

        for (uint32_t i = 0; i < run.count; i++) {
            const struct tfr_value *value =
                tfr_input_get(in, &run.at[i]->after, givers[k].attribute);

            if (!tfr_resource_is_live(run.at[i]))
                continue;
            file_principal(keys, run.at[i], value);
            for (uint32_t m = 0; value->kind == TFR_LIST && m < value->count; m++) {
                const struct tfr_value *item = &value->items[m];

                file_principal(keys, run.at[i],
                               item->kind == TFR_OBJECT ? tfr_value_get(item, "object_id") : item);
            }
        }
    }
}

/* ---- roles -------------------------------------------------------------------------------------
 */

static bool is_data_role(const struct kind *kind, const struct tfr_value *name)
{
    if (name->kind != TFR_STRING)
        return true; /* by its number, or known later */
    return strncmp(name->text, kind->role, strlen(kind->role)) == 0 &&
           strstr(name->text, kind->word) != NULL &&
           strcmp(name->text, "Key Vault Contributor") != 0 &&
           strcmp(name->text, "Key Vault Reader") != 0;
}

/* The object itself, what it lies in, or something that only a text names. */
static enum tfr_truth_value reaches(const struct tfr_input *in, const struct tfr_resource *from,
                                    const char *attribute, const struct question *question)
{
    static const char *const types[] = {
        "azurerm_storage_account",      "azurerm_storage_container", "azurerm_storage_queue",
        "azurerm_storage_table",        "azurerm_key_vault",         "azurerm_key_vault_secret",
        "azurerm_servicebus_namespace", "azurerm_servicebus_queue",  "azurerm_servicebus_topic",
        "azurerm_resource_group",       "azurerm_subscription",      NULL
    };
    struct tfr_wires wires;

    tfr_wires_of(in, from, attribute, types, &wires);
    for (uint32_t i = 0; i < wires.count; i++) {
        const struct tfr_resource *one = wires.at[i];

        if (one == question->target || one == question->owner || one == question->group ||
            tfr_sym_is(one->type, "azurerm_subscription"))
            return TFR_YES;
        /* A part of it: which one the app means is not known. */
        if (strncmp(one->type->text, "azurerm_storage_", strlen("azurerm_storage_")) == 0 &&
            tfr_sym_is(question->target->type, "azurerm_storage_account") &&
            !tfr_sym_is(one->type, "azurerm_storage_account"))
            return TFR_YES;
    }
    return wires.count == 0 ? TFR_MAYBE : TFR_NO;
}

/* One object that names an identity. */
static enum tfr_truth_value gives(const struct app *app, const struct tfr_resource *grant,
                                  const struct question *question)
{
    if (tfr_sym_is(grant->type, "azurerm_key_vault"))
        return grant == question->owner ? TFR_YES : TFR_NO;
    if (tfr_sym_is(grant->type, "azurerm_key_vault_access_policy"))
        return reaches(app->in, grant, "key_vault_id", question);
    if (tfr_sym_is(grant->type, "azurerm_role_assignment"))
        return is_data_role(question->kind, tfr_value_get(&grant->after, "role_definition_name"))
                   ? reaches(app->in, grant, "scope", question)
                   : TFR_NO;
    return TFR_MAYBE; /* a group of a directory */
}

static void take_grant(struct given *given, const struct tfr_resource *grant)
{
    if (given->count == MOST)
        given->maybe = true;
    else
        given->at[given->count++] = grant;
}

/* Those that refer to an identity, and those that hold the number of its principal. */
static void collect(const struct app *app, const struct tfr_resource *identity, struct given *given)
{
    const struct tfr_value *principal = tfr_value_path(&identity->after, "principal_id");

    if (principal->kind == TFR_ABSENT)
        principal = tfr_value_path(&identity->after, "identity.principal_id");
    for (size_t k = 0; k < sizeof givers / sizeof givers[0]; k++) {
        const char *const types[] = { givers[k].type, NULL };
        struct tfr_wires wires;

        tfr_wires_to(app->in, identity, givers[k].attribute, types, &wires);
        for (uint32_t i = 0; i < wires.count; i++)
            take_grant(given, wires.at[i]);
        given->maybe = given->maybe || wires.opaque != NULL;
    }
    if (principal->kind == TFR_STRING) {
        const struct tfr_key_entry *entry =
            tfr_keys_find(app->grants->keys, "principal", principal->text, principal->count);

        for (; entry != NULL && !given->maybe; entry = entry->next)
            take_grant(given, entry->resource);
    } else if (principal->kind != TFR_UNKNOWN) {
        given->maybe = true;
    }
}

/* Found once for an identity: many apps may share it. */
static const struct given *given_of(const struct app *app, const struct tfr_resource *identity)
{
    struct given **at = &app->grants->given[tfr_graph_node_of(app->in->graph, identity)];

    if (*at == NULL) {
        *at = tfr_arena_zalloc(app->in->scratch, sizeof **at);
        collect(app, identity, *at);
    }
    return *at;
}

static enum tfr_truth_value is_given(const struct app *app, const struct tfr_resource *identity,
                                     const struct question *question)
{
    const struct given *given = given_of(app, identity);
    enum tfr_truth_value answer = given->maybe ? TFR_MAYBE : TFR_NO;

    for (uint32_t i = 0; i < given->count && answer != TFR_YES; i++)
        answer = tfr_truth_either(answer, gives(app, given->at[i], question));
    return answer;
}

static const struct tfr_resource *first_of(const struct tfr_input *in,
                                           const struct tfr_resource *from, const char *attribute,
                                           const char *type)
{
    const char *const types[] = { type, NULL };
    struct tfr_wires wires;

    tfr_wires_of(in, from, attribute, types, &wires);
    return wires.count > 0 ? wires.at[0] : NULL;
}

static enum tfr_truth_value may_use(const struct app *app, const struct kind *kind,
                                    const struct tfr_resource *target)
{
    struct question question = { .kind = kind, .target = target };
    enum tfr_truth_value answer = TFR_NO;

    question.owner = target;
    if (!tfr_sym_is(target->type, kind->owner)) {
        question.owner = first_of(app->in, target, kind->attribute, kind->owner);
        if (question.owner == NULL && kind == STORAGE)
            question.owner = first_of(app->in, target, "storage_account_id", kind->owner);
        if (question.owner == NULL && kind == STORAGE)
            question.owner = first_of(app->in, target, "storage_account_name", kind->owner);
    }
    if (question.owner == NULL || question.owner->mode != TFR_MANAGED)
        return TFR_YES; /* it is elsewhere, and so are its assignments */
    question.group =
        first_of(app->in, question.owner, "resource_group_name", "azurerm_resource_group");
    for (uint32_t i = 0; i < app->identity_count; i++)
        answer = tfr_truth_either(answer, is_given(app, app->identities[i], &question));
    return answer;
}

/* ---- answers -----------------------------------------------------------------------------------
 */

/* The first object that none of its identities may use, at one attribute. */
static void look_at(const struct app *app, const struct kind *kind, const char *attribute,
                    struct lack *lack)
{
    struct tfr_wires wires;

    tfr_wires_of(app->in, app->resource, attribute, kind->types, &wires);
    for (uint32_t i = 0; i < wires.count && lack->of == NULL; i++) {
        const enum tfr_truth_value may =
            wires.at[i]->mode == TFR_MANAGED ? may_use(app, kind, wires.at[i]) : TFR_YES;

        lack->maybe = lack->maybe || may == TFR_MAYBE;
        if (may == TFR_NO)
            *lack = (struct lack){ wires.at[i], kind, lack->maybe };
    }
}

static struct lack find_lack(const struct app *app)
{
    struct lack lack = { NULL, NULL, false };

    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        if (app->secret || (app->keys && &kinds[k] != VAULT))
            continue;
        look_at(app, &kinds[k], app->settings, &lack);
        if (&kinds[k] == VAULT)
            look_at(app, &kinds[k], "secret", &lack);
    }
    return lack;
}

static void judge(const struct app *app, struct tfr_findings_builder *out)
{
    const struct tfr_value *settings = tfr_value_get(&app->resource->after, app->settings);
    const char *because = app->because != NULL ? app->because : app->grants->opaque;
    const struct lack lack = find_lack(app);

    if (settings->kind == TFR_UNKNOWN && tfr_wires_written(app->in, app->resource, app->settings)) {
        tfr_findings_undecided(out, app->resource, app->settings,
                               "what its settings name shows after the apply");
    } else if (lack.of != NULL && because == NULL) {
        tfr_findings_add(out, app->resource,
                         "its settings name %s, and its identity has no data role on it",
                         lack.of->address->text);
        tfr_finding_evidence(out, TFR_EVIDENCE_ABSENCE, lack.of->address->text, NULL,
                             "no assignment or access policy gives its identity a data role here");
        if (lack.kind == STORAGE)
            tfr_finding_lower(out, 1); /* it may only make public addresses of it */
    } else if (lack.of != NULL || lack.maybe) {
        tfr_findings_undecided(out, app->resource, because != NULL ? because : "a role assignment",
                               "whether its identity may use what its settings name shows after "
                               "the apply");
    } else {
        tfr_findings_pass(out, app->resource);
    }
}

void tfr_check_app_access(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    static const char *const roles[] = { "azurerm_role_assignment", NULL };
    const struct tfr_resource_run run = tfr_input_subjects(in);
    struct grants known = { 0 };

    if (run.count == 0)
        return;
    known.keys = tfr_keys_new(in->scratch);
    known.given =
        tfr_arena_zalloc(in->scratch, (tfr_graph_node_count(in->graph) + 1) * sizeof *known.given);
    known.opaque = tfr_wires_opaque(in, "principal_id", roles);
    file_grants(in, known.keys);
    for (uint32_t i = 0; i < run.count; i++) {
        struct app app = {
            .in = in, .grants = &known, .resource = run.at[i], .settings = "app_settings"
        };

        if (!tfr_resource_is_live(run.at[i]) || run.at[i]->duplicate || !find_identities(&app))
            continue;
        if (tfr_sym_is(run.at[i]->type, "azurerm_container_app"))
            app.settings = "template";
        read_keys(&app);
        judge(&app, out);
    }
    tfr_keys_free(known.keys);
}
