/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variables of containers and functions whose value is a secret: by its form, as the password of an
 * address, by the name of the variable, or because the configuration marks it. No value leaves.
 */
#include "policies/secret_variables.h"

#include "policies/containers.h"
#include "policies/env_names.h"
#include "policies/secret_forms.h"
#include "policies/wires.h"

#include <string.h>
#include <strings.h>

#define MOST 8     /* variables that are told */
#define LONGEST 64 /* bytes of a name that are told */

struct told {
    const struct tfr_value *name, *container; /* container NULL: of a function */
    const char *what;                         /* its form, or NULL */
};

struct look {
    const struct tfr_input *in;
    const struct tfr_resource *resource;
    const char *path; /* where its variables stand */
    struct told told[MOST];
    uint32_t count;      /* of them, more than MOST perhaps */
    const char *form;    /* of one of them */
    bool later;          /* one with the name of a secret gets its value from the apply */
    const char *because; /* not NULL: not all of them are known; what will decide it */
};

/* ---- one variable ------------------------------------------------------------------------------
 */

static void tell(struct look *look, const struct tfr_env *env, const char *what)
{
    const struct told told = { env->name, env->container, what };
    uint32_t at = look->count++;

    /* One of a known form comes first: it is what is the matter. */
    if (what != NULL && look->form == NULL) {
        look->form = what;
        if (at < MOST)
            look->told[at] = look->told[0];
        at = 0;
    }
    if (at < MOST)
        look->told[at] = told;
}

/* What the text names is there, or looked up. */
static bool names_one(const struct look *look, const struct tfr_value *value)
{
    const struct tfr_named *named = tfr_input_named(look->in, value->text, value->count);

    return tfr_named_find(named, TFR_NAMED_SECRET, TFR_NAMED_LIVE | TFR_NAMED_READ,
                          TFR_NAMED_OWN | TFR_NAMED_NAME | TFR_NAMED_ID) != NULL;
}

/* The name of a secret, the path of a parameter, a switch: no secret themselves. */
static bool could_be_one(const struct look *look, const struct tfr_value *value)
{
    static const char *const starts[] = { "arn:",       "/", "projects/",           "ssm:",
                                          "{{resolve:", "$", "@Microsoft.KeyVault(" };
    static const char *const words[] = { "true", "false",    "yes",     "no",
                                         "none", "disabled", "enabled", "null" };

    if (tfr_value_is_blank(value) || tfr_secret_is_placeholder(value))
        return false;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (strncmp(value->text, starts[i], strlen(starts[i])) == 0)
            return false;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcasecmp(value->text, words[i]) == 0)
            return false;
    }
    return !names_one(look, value);
}

static void look_at(struct look *look, const struct tfr_env *env)
{
    const struct tfr_env_name *name = tfr_input_env_name(look->in, env->name);
    const char *form;

    if (name->open)
        return;
    if (env->value->kind == TFR_UNKNOWN)
        look->later = look->later || name->secret;
    if (env->value->kind != TFR_STRING)
        return;
    form = tfr_secret_form(env->value);
    if (form != NULL || tfr_secret_in_address(env->value) ||
        ((name->secret || (env->value->sensitive && !env->name->sensitive)) &&
         could_be_one(look, env->value)))
        tell(look, env, form);
}

/* ---- where variables stand ---------------------------------------------------------------------
 */

/* Blocks with a name and a value. */
static void look_at_pairs(struct look *look, const struct tfr_value *container,
                          const struct tfr_value *list)
{
    for (uint32_t i = 0; list->kind == TFR_LIST && i < list->count; i++) {
        const struct tfr_env env = { container, tfr_input_get(look->in, &list->items[i], "name"),
                                     tfr_input_get(look->in, &list->items[i], "value") };

        if (env.name->kind == TFR_STRING)
            look_at(look, &env);
    }
}

static void look_at_containers(struct look *look, const struct tfr_workload *workload)
{
    const struct tfr_value *all = workload->containers;

    look->path = "container_definitions";
    look->because = workload->because;
    for (uint32_t i = 0; all->kind == TFR_LIST && i < all->count; i++)
        look_at_pairs(look, &all->items[i], tfr_input_get(look->in, &all->items[i], "environment"));
}

/* A value that is known later may be the name of a secret, if one is referred to. */
static bool names_secret(const struct look *look)
{
    static const char *const types[] = { "aws_secretsmanager_secret",
                                         "aws_secretsmanager_secret_version",
                                         "aws_ssm_parameter",
                                         "azurerm_key_vault",
                                         "azurerm_key_vault_secret",
                                         "google_secret_manager_secret",
                                         NULL };
    struct tfr_wires wires;

    tfr_wires_of(look->in, look->resource, look->path, types, &wires);
    return wires.count > 0 || wires.opaque != NULL;
}

static void look_at_members(struct look *look, const struct tfr_value *container,
                            const struct tfr_value *map)
{
    for (uint32_t i = 0; map->kind == TFR_OBJECT && i < map->count; i++) {
        const struct tfr_sym *sym = tfr_member_name(map, i);
        struct tfr_value *name = tfr_arena_zalloc(look->in->scratch, sizeof *name);
        const struct tfr_env env = { container, name, tfr_member_value(map, i) };

        *name = (struct tfr_value){
            .kind = TFR_STRING, .sensitive = map->sensitive, .count = sym->len, .text = sym->text
        };
        look_at(look, &env);
    }
}

static void look_at_map(struct look *look, const struct tfr_value *map)
{
    look_at_members(look, NULL, map);
    if (map->kind == TFR_UNKNOWN && tfr_wires_written(look->in, look->resource, look->path))
        look->because = look->path;
    if (look->later && look->count == 0 && names_secret(look))
        look->because = look->path;
}

static void look_at_maps(struct look *look)
{
    static const struct {
        const char *type, *top, *path;
    } maps[] = {
        { "aws_lambda_function", "environment", "environment.variables" },
        { "aws_apprunner_service", "source_configuration",
          "source_configuration.image_repository.image_configuration.runtime_environment_"
          "variables" },
        { "aws_apprunner_service", "source_configuration",
          "source_configuration.code_repository.code_configuration.code_configuration_values."
          "runtime_environment_variables" },
        { "google_cloudfunctions_function", "environment_variables", "environment_variables" },
        { "google_cloudfunctions2_function", "service_config",
          "service_config.environment_variables" },
        { "azurerm_linux_web_app", "app_settings", "app_settings" },
        { "azurerm_windows_web_app", "app_settings", "app_settings" },
        { "azurerm_linux_function_app", "app_settings", "app_settings" },
        { "azurerm_windows_function_app", "app_settings", "app_settings" },
    };

    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        if (!tfr_sym_is(look->resource->type, maps[i].type))
            continue;
        look->path = maps[i].top;
        look_at_map(look, tfr_value_path(&look->resource->after, maps[i].path));
    }
}

/* Containers that stand in blocks: variables as blocks, or as a map. */
static void look_at_blocks(struct look *look)
{
    static const struct {
        const char *type, *top, *containers, *pairs, *map;
    } blocks[] = {
        { "google_cloud_run_v2_service", "template", "template.containers", "env", NULL },
        { "google_cloud_run_v2_job", "template", "template.template.containers", "env", NULL },
        { "google_cloud_run_service", "template", "template.spec.containers", "env", NULL },
        { "azurerm_container_app", "template", "template.container", "env", NULL },
        { "azurerm_container_app", "template", "template.init_container", "env", NULL },
        { "azurerm_container_group", "container", "container", NULL, "environment_variables" },
        { "azurerm_container_group", "init_container", "init_container", NULL,
          "environment_variables" },
    };

    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        const struct tfr_value *all = tfr_value_path(&look->resource->after, blocks[i].containers);

        if (!tfr_sym_is(look->resource->type, blocks[i].type))
            continue;
        look->path = blocks[i].top;
        for (uint32_t k = 0; all->kind == TFR_LIST && k < all->count; k++) {
            const struct tfr_value *one = &all->items[k];

            if (blocks[i].pairs != NULL)
                look_at_pairs(look, one, tfr_input_get(look->in, one, blocks[i].pairs));
            else
                look_at_members(look, one, tfr_input_get(look->in, one, blocks[i].map));
        }
        look_at_map(look, all->kind == TFR_UNKNOWN ? all : &tfr_absent);
    }
}

/* ---- answers -----------------------------------------------------------------------------------
 */

static void add_name(struct tfr_buf *text, const struct tfr_value *name, const char *instead)
{
    if (name->sensitive)
        tfr_buf_puts(text, instead);
    else
        tfr_buf_add_safe(text, name->text, name->count < LONGEST ? name->count : LONGEST);
}

/* Of the first one, and how many there are. */
static void say_which(const struct look *look, struct tfr_buf *text)
{
    add_name(text, look->told[0].name, "a variable");
    if (look->form == NULL && look->count > 1)
        tfr_buf_printf(text, " and %u more", look->count - 1);
    tfr_buf_puts(text, look->form != NULL ? " holds" : look->count > 1 ? " stand" : " stands");
}

static void witness(const struct look *look, struct tfr_findings_builder *out)
{
    for (uint32_t i = 0; i < look->count && i < MOST; i++) {
        const struct told *told = &look->told[i];
        const struct tfr_value *container =
            told->container != NULL ? tfr_value_get(told->container, "name") : &tfr_absent;
        struct tfr_buf note = { 0 };

        add_name(&note, told->name, "marked sensitive");
        if (container->kind == TFR_STRING) {
            tfr_buf_puts(&note, " of container ");
            add_name(&note, container, "(sensitive)");
        }
        if (told->what != NULL)
            tfr_buf_printf(&note, ": %s", told->what);
        tfr_finding_evidence(out, TFR_EVIDENCE_ATTRIBUTE, look->resource->address->text, look->path,
                             tfr_buf_text(&note));
        tfr_buf_fini(&note);
    }
}

static void report(const struct look *look, struct tfr_findings_builder *out)
{
    static const uint8_t worst[TFR_ENVIRONMENT_COUNT] = { TFR_P0, TFR_P0, TFR_P0 };
    struct tfr_buf text = { 0 };

    say_which(look, &text);
    if (look->form != NULL)
        tfr_findings_add(out, look->resource, "%s %s in the plain environment", tfr_buf_text(&text),
                         look->form);
    else
        tfr_findings_add(out, look->resource, "%s in the plain environment: %s",
                         tfr_buf_text(&text),
                         look->count > 1 ? "secrets, by their names or values"
                                         : "a secret, by its name or value");
    if (look->form != NULL)
        tfr_finding_severity(out, worst);
    witness(look, out);
    tfr_buf_fini(&text);
}

static void judge(const struct look *look, struct tfr_findings_builder *out)
{
    if (look->count > 0) {
        report(look, out);
    } else if (look->because != NULL) {
        tfr_findings_undecided(out, look->resource, look->because,
                               "what stands in its environment shows after the apply");
    } else if (look->later) {
        tfr_findings_add(out, look->resource,
                         "a variable with the name of a secret gets its value from this apply");
        tfr_finding_evidence(out, TFR_EVIDENCE_ATTRIBUTE, look->resource->address->text, look->path,
                             "known after apply");
    } else {
        tfr_findings_pass(out, look->resource);
    }
}

void tfr_check_secret_variables(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run run = tfr_input_subjects(in);

    for (uint32_t i = 0; i < run.count; i++) {
        struct look look = { .in = in, .resource = run.at[i] };

        if (!tfr_resource_is_live(run.at[i]) || run.at[i]->duplicate)
            continue;
        if (tfr_sym_is(run.at[i]->type, "aws_ecs_task_definition"))
            look_at_containers(&look, tfr_workload_of(in, run.at[i]));
        else
            look_at_maps(&look);
        look_at_blocks(&look);
        judge(&look, out);
    }
}
