/* SPDX-License-Identifier: Apache-2.0 */
/* What the configuration writes where a secret belongs. No value leaves this file. */
#include "policies/secret_literals.h"

#include "policies/context.h"
#include "policies/secret_forms.h"
#include "policies/wires.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What an expression gives. */
enum gives { NOTHING_PLAIN, OPEN_VARIABLE, OPEN_DEFAULT, LITERAL };

struct look {
    const struct tfr_input *in;
    struct tfr_findings_builder *out;
};

/* ---- names and values --------------------------------------------------------------------------
 */

static const char *last_step(const struct tfr_sym *path)
{
    const char *dot = strrchr(path->text, '.');

    return dot != NULL ? dot + 1 : path->text;
}

/* Asked of every expression of the configuration: most steps have another length. */
#define NAME(name) name, sizeof name - 1
static bool is_password(const char *step)
{
    static const struct {
        const char *text;
        size_t len;
    } names[] = {
        { NAME("password") },
        { NAME("password_wo") },
        { NAME("master_password") },
        { NAME("master_password_wo") },
        { NAME("master_user_password") },
        { NAME("admin_password") },
        { NAME("admin_user_password") },
        { NAME("administrator_login_password") },
        { NAME("administrator_password") },
        { NAME("root_password") },
        { NAME("auth_token") },
        { NAME("secret_string") },
        { NAME("secret_string_wo") },
        { NAME("client_secret") },
    };
    const size_t len = strlen(step);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (len == names[i].len && memcmp(step, names[i].text, len) == 0)
            return true;
    }
    return false;
}

/* A parameter that is encrypted: what it holds is a secret, whatever the attribute is called. */
static bool is_secure_parameter(const struct tfr_config_resource *block)
{
    return tfr_sym_is(block->type, "aws_ssm_parameter") &&
           tfr_value_is(tfr_block_constant(block, "type"), "SecureString");
}

/* Parameters are often made with anything, and filled by hand. */
#define SHORTEST_SECRET 8
static bool is_filled_in_later(const struct tfr_value *value)
{
    return value->kind == TFR_STRING &&
           (value->count < SHORTEST_SECRET || strchr(value->text, ' ') != NULL ||
            strncasecmp(value->text, "changeme", 8) == 0);
}

static bool is_literal(const struct tfr_value *value)
{
    return value->kind == TFR_STRING && value->count > 0 && !tfr_secret_is_placeholder(value);
}

static bool is_secret_key(const struct tfr_value *value)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

    return value->kind == TFR_STRING && value->count == 40 &&
           strspn(value->text, letters) == value->count && strstr(value->text, "EXAMPLE") == NULL;
}

/* ---- variables ---------------------------------------------------------------------------------
 */

static const struct tfr_config_variable *find_variable(const struct tfr_config_module *module,
                                                       const char *name)
{
    for (uint32_t i = 0; i < module->variable_count; i++) {
        if (tfr_sym_is(module->variables[i].name, name))
            return &module->variables[i];
    }
    return NULL;
}

/* The one variable that an expression is, NULL if it is more. */
static const char *only_variable(const struct tfr_expression *expression)
{
    const char *name = expression->reference_count == 1 ? expression->references[0]->text : "";

    return strncmp(name, "var.", 4) == 0 && strpbrk(name + 4, ".[") == NULL ? name + 4 : NULL;
}

static const struct tfr_expression *passed(const struct tfr_config_module *module, const char *name)
{
    for (uint32_t i = 0; i < module->call->expressions.count; i++) {
        if (tfr_sym_is(module->call->expressions.at[i].path, name))
            return &module->call->expressions.at[i];
    }
    return NULL;
}

/* A root variable: its default stands in the code, if that is what it is. */
static enum gives judge_root(const struct tfr_document *document,
                             const struct tfr_config_variable *variable)
{
    for (size_t i = 0; i < document->variable_count; i++) {
        const struct tfr_variable *given = &document->variables[i];

        if (given->name == variable->name && is_literal(&variable->fallback) &&
            tfr_value_equal(&given->value, &variable->fallback))
            return OPEN_DEFAULT;
        if (given->name == variable->name && tfr_value_missing(&given->value))
            return NOTHING_PLAIN;
    }
    return variable->sensitive ? NOTHING_PLAIN : OPEN_VARIABLE;
}

/* Follows a variable up through the calls of modules. */
static enum gives follow(const struct tfr_document *document,
                         const struct tfr_config_module *module,
                         const struct tfr_expression *expression)
{
    while (expression != NULL) {
        const char *name = only_variable(expression);
        const struct tfr_config_variable *variable;

        if (is_literal(&expression->constant))
            return LITERAL;
        variable = name != NULL ? find_variable(module, name) : NULL;
        if (variable == NULL)
            return NOTHING_PLAIN;
        if (module->parent == NULL)
            return judge_root(document, variable);
        expression = passed(module, name);
        if (expression == NULL)
            return is_literal(&variable->fallback) ? OPEN_DEFAULT : NOTHING_PLAIN;
        module = module->parent;
    }
    return NOTHING_PLAIN;
}

/* ---- blocks ------------------------------------------------------------------------------------
 */

static const struct tfr_resource *first_instance(const struct look *look,
                                                 const struct tfr_config_module *module,
                                                 const struct tfr_config_resource *block)
{
    struct tfr_buf name = { 0 };
    const struct tfr_sym *sym;

    if (module->path != NULL)
        tfr_buf_printf(&name, "%s.", module->path->text);
    tfr_buf_puts(&name, block->address->text);
    sym = tfr_names_find(look->in->document->names, name.data, name.len);
    tfr_buf_fini(&name);
    return sym != NULL ? tfr_type_index_first(look->in->ctx->index, sym) : NULL;
}

static void report(const struct look *look, const struct tfr_resource *resource,
                   const struct tfr_sym *path, enum gives gives)
{
    static const uint8_t advice[TFR_ENVIRONMENT_COUNT] = { TFR_P2, TFR_P2, TFR_P2 };
    static const char *const words[] = {
        [LITERAL] = "stands in the code",
        [OPEN_DEFAULT] = "is the default of a variable, which stands in the code",
        [OPEN_VARIABLE] = "comes from a variable that is not marked sensitive",
    };

    tfr_findings_add(look->out, resource, "its %s %s", path->text, words[gives]);
    if (gives == OPEN_DEFAULT)
        tfr_finding_lower(look->out, 1);
    if (gives == OPEN_VARIABLE)
        tfr_finding_severity(look->out, advice);
    tfr_finding_evidence(look->out, TFR_EVIDENCE_ATTRIBUTE, resource->address->text, path->text,
                         gives == OPEN_VARIABLE ? "plans and logs show the value"
                                                : "a constant of the configuration");
}

static void look_at_block(const struct look *look, const struct tfr_config_module *module,
                          const struct tfr_config_resource *block)
{
    const struct tfr_resource *resource;
    const struct tfr_sym *path = NULL;
    const bool secure = is_secure_parameter(block);
    enum gives worst = NOTHING_PLAIN;
    bool asked = false;

    for (uint32_t i = 0; i < block->expressions.count && worst != LITERAL; i++) {
        const struct tfr_expression *expression = &block->expressions.at[i];
        const char *step = last_step(expression->path);
        enum gives gives = NOTHING_PLAIN;

        if (strncmp(expression->path->text, "provisioner/", 12) == 0)
            continue;
        if (is_password(step)) {
            asked = true;
            gives = follow(look->in->document, module, expression);
        } else if (secure && (strcmp(step, "value") == 0 || strcmp(step, "value_wo") == 0)) {
            asked = true;
            if (!is_filled_in_later(&expression->constant))
                gives = follow(look->in->document, module, expression);
        } else if (strncmp(step, "user_data", 9) == 0) {
            asked = true;
            gives = tfr_secret_is_key(&expression->constant) ? LITERAL : NOTHING_PLAIN;
        }
        if (gives > worst) {
            worst = gives;
            path = expression->path;
        }
    }
    resource = asked && block->mode == TFR_MANAGED ? first_instance(look, module, block) : NULL;
    if (resource == NULL)
        return;
    if (worst == NOTHING_PLAIN)
        tfr_findings_pass(look->out, resource);
    else
        report(look, resource, path, worst);
}

static void look_at_providers(const struct look *look)
{
    const struct tfr_document *document = look->in->document;

    for (size_t i = 0; i < document->provider_count; i++) {
        const struct tfr_config_provider *provider = &document->providers[i];

        for (uint32_t k = 0; k < provider->expressions.count; k++) {
            const struct tfr_expression *expression = &provider->expressions.at[k];
            const char *step = last_step(expression->path);

            if (!(strcmp(step, "access_key") == 0 && tfr_secret_is_key(&expression->constant)) &&
                !(strcmp(step, "secret_key") == 0 && is_secret_key(&expression->constant)))
                continue;
            tfr_findings_add(look->out, NULL, "the provider's %s stands in the code", step);
            tfr_finding_about(look->out, provider->key->text);
            break;
        }
    }
}

void tfr_check_secret_literals(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct look look = { in, out };
    const struct tfr_config_module **todo = NULL;
    size_t count = 0, cap = 0;

    if (in->document->configuration == NULL)
        return;
    look_at_providers(&look);
    todo = tfr_grow(todo, &cap, 1, sizeof(struct tfr_config_module *));
    todo[count++] = in->document->configuration;
    while (count > 0) {
        const struct tfr_config_module *module = todo[--count];

        for (uint32_t i = 0; i < module->resource_count; i++)
            look_at_block(&look, module, &module->resources[i]);
        todo = tfr_grow(todo, &cap, count + module->call_count, sizeof(struct tfr_config_module *));
        for (uint32_t i = 0; i < module->call_count; i++)
            todo[count++] = module->calls[i].module;
    }
    tfr_free(todo);
}
