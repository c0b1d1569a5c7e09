/* SPDX-License-Identifier: Apache-2.0 */
/* The document of a case: resources in short form become what `terraform show -json` would print.
 */
#include "policies/cases.h"

#include <string.h>

struct writer {
    const struct tfr_yaml_file *file;
    struct tfr_error *err;
    struct tfr_buf *out;
};

static bool fail_at(struct writer *writer, const struct tfr_yaml *node, const char *what)
{
    return tfr_yaml_fail(writer->err, writer->file, node, "%s", what);
}

/* ---- one resource ---- */

static const char *default_actions(const struct tfr_yaml *before, const struct tfr_yaml *after,
                                   bool unknown)
{
    if (before == NULL)
        return "[\"create\"]";
    if (after == NULL)
        return "[\"delete\"]";
    return unknown || !tfr_value_equal(&before->value, &after->value) ? "[\"update\"]"
                                                                      : "[\"no-op\"]";
}

/* "ingress.0.cidr" as a list of steps, numbers as numbers. */
static void add_steps(struct tfr_buf *out, const char *path)
{
    tfr_buf_putc(out, '[');
    for (const char *at = path; *at != '\0';) {
        const size_t len = strcspn(at, ".");

        if (at != path)
            tfr_buf_putc(out, ',');
        if (len > 0 && strspn(at, "0123456789") == len)
            tfr_buf_add(out, at, len);
        else
            tfr_json_string(out, at, len);
        at += len + (at[len] == '.');
    }
    tfr_buf_putc(out, ']');
}

static void add_replace_paths(struct tfr_buf *out, const struct tfr_yaml *node)
{
    if (node == NULL || node->kind != TFR_YAML_LIST)
        return;
    tfr_buf_puts(out, ",\"replace_paths\":[");
    for (uint32_t i = 0; i < node->count; i++) {
        tfr_buf_puts(out, i > 0 ? "," : "");
        add_steps(out, node->items[i]->kind == TFR_YAML_SCALAR ? node->items[i]->text : "");
    }
    tfr_buf_putc(out, ']');
}

/* mode, type, name and index out of the address */
static bool add_identity(struct writer *writer, const struct tfr_yaml *node,
                         struct tfr_address *parts)
{
    const struct tfr_yaml *address = tfr_yaml_get(node, "address");
    struct tfr_buf *out = writer->out;
    const char *provider;

    if (address == NULL || address->kind != TFR_YAML_SCALAR ||
        !tfr_address_parse(address->text, address->len, parts))
        return fail_at(writer, address != NULL ? address : node,
                       "a resource of a case needs an address");
    tfr_buf_puts(out, "{\"address\":");
    tfr_json_add_text(out, address->text);
    if (parts->module_len > 0) {
        tfr_buf_puts(out, ",\"module_address\":");
        tfr_json_string(out, address->text, parts->module_len);
    }
    tfr_buf_printf(out, ",\"mode\":\"%s\",\"type\":", parts->mode == TFR_DATA ? "data" : "managed");
    tfr_json_string(out, address->text + parts->type_at, parts->type_len);
    tfr_buf_puts(out, ",\"name\":");
    tfr_json_string(out, address->text + parts->name_at, parts->name_len);
    if (parts->key.kind == TFR_KEY_INDEX)
        tfr_buf_printf(out, ",\"index\":%lld", parts->key.index);
    if (parts->key.kind == TFR_KEY_TEXT)
        tfr_buf_printf(out, ",\"index\":\"%.*s\"", (int)parts->key_len,
                       address->text + parts->key_at);
    provider = strncmp(address->text + parts->type_at, "google_", 7) == 0 ? "google" : NULL;
    if (strncmp(address->text + parts->type_at, "azurerm_", 8) == 0)
        provider = "azurerm";
    if (provider == NULL)
        provider = strncmp(address->text + parts->type_at, "aws_", 4) == 0 ? "aws" : "null";
    tfr_buf_printf(out, ",\"provider_name\":\"registry.terraform.io/hashicorp/%s\"", provider);
    return true;
}

static void add_change(struct writer *writer, const struct tfr_yaml *node)
{
    const struct tfr_yaml *before = tfr_yaml_get(node, "before"),
                          *after = tfr_yaml_get(node, "after");
    const struct tfr_yaml *unknown = tfr_yaml_get(node, "unknown"),
                          *actions = tfr_yaml_get(node, "actions");
    const struct tfr_yaml *sensitive = tfr_yaml_get(node, "sensitive"),
                          *importing = tfr_yaml_get(node, "importing");
    struct tfr_buf *out = writer->out;

    tfr_buf_puts(out, ",\"change\":{\"actions\":");
    if (actions != NULL)
        tfr_json_value(out, &actions->value);
    else
        tfr_buf_puts(out, default_actions(before, after, unknown != NULL));
    tfr_buf_puts(out, ",\"before\":");
    tfr_json_value(out, before != NULL ? &before->value : &tfr_absent);
    tfr_buf_puts(out, ",\"after\":");
    tfr_json_value(out, after != NULL ? &after->value : &tfr_absent);
    tfr_json_add_member(out, "after_unknown", unknown);
    tfr_json_add_member(out, "before_sensitive", sensitive);
    tfr_json_add_member(out, "after_sensitive", sensitive);
    add_replace_paths(out, tfr_yaml_get(node, "replace_paths"));
    if (importing != NULL && !tfr_value_true(&importing->value))
        tfr_json_add_member(out, "importing", importing);
    else if (importing != NULL)
        tfr_buf_puts(out, ",\"importing\":{\"id\":\"an-id\"}");
    tfr_buf_putc(out, '}');
}

static bool add_resource(struct writer *writer, const struct tfr_yaml *node, bool state)
{
    static const char *const keys[] = { "address",    "before",        "after",
                                        "unknown",    "sensitive",     "actions",
                                        "reason",     "replace_paths", "previous_address",
                                        "deposed",    "importing",     "tainted",
                                        "references", "depends_on",    "configured",
                                        NULL };
    struct tfr_address parts;

    if (node->kind != TFR_YAML_MAP)
        return fail_at(writer, node, "a resource of a case is a map");
    if (!tfr_yaml_known_keys(writer->file, node, keys, writer->err) ||
        !add_identity(writer, node, &parts))
        return false;
    if (state) {
        tfr_json_add_member(writer->out, "values", tfr_yaml_get(node, "after"));
        tfr_json_add_member(writer->out, "sensitive_values", tfr_yaml_get(node, "sensitive"));
        tfr_json_add_member(writer->out, "tainted", tfr_yaml_get(node, "tainted"));
        tfr_json_add_member(writer->out, "depends_on", tfr_yaml_get(node, "depends_on"));
        tfr_json_add_member(writer->out, "deposed_key", tfr_yaml_get(node, "deposed"));
    } else {
        tfr_json_add_member(writer->out, "deposed", tfr_yaml_get(node, "deposed"));
        tfr_json_add_member(writer->out, "previous_address",
                            tfr_yaml_get(node, "previous_address"));
        tfr_json_add_member(writer->out, "action_reason", tfr_yaml_get(node, "reason"));
        add_change(writer, node);
    }
    tfr_buf_putc(writer->out, '}');
    return true;
}

static bool add_resources(struct writer *writer, const struct tfr_yaml *list, bool state)
{
    if (list != NULL && list->kind != TFR_YAML_LIST)
        return fail_at(writer, list, "resources must be a list");
    for (uint32_t i = 0; list != NULL && i < list->count; i++) {
        if (i > 0)
            tfr_buf_putc(writer->out, ',');
        if (!add_resource(writer, list->items[i], state))
            return false;
    }
    return true;
}

/* ---- the whole ---- */

static void add_prior_state(struct writer *writer, const struct tfr_yaml *list)
{
    bool first = true;

    tfr_buf_puts(writer->out, ",\"prior_state\":{\"format_version\":\"1.0\",\"values\":{\"root_"
                              "module\":{\"resources\":[");
    for (uint32_t i = 0; list != NULL && i < list->count; i++) {
        const struct tfr_yaml *before = tfr_yaml_get(list->items[i], "before");
        struct tfr_address parts;

        if (before == NULL || tfr_yaml_get(list->items[i], "deposed") != NULL)
            continue;
        tfr_buf_puts(writer->out, first ? "" : ",");
        first = false;
        (void)!add_identity(writer, list->items[i], &parts);
        tfr_json_add_member(writer->out, "values", before);
        tfr_json_add_member(writer->out, "tainted", tfr_yaml_get(list->items[i], "tainted"));
        tfr_buf_putc(writer->out, '}');
    }
    tfr_buf_puts(writer->out, "]}}}");
}

/* A member that `plan` gives itself is not written from the short form. */
static bool add_plan(struct writer *writer, const struct tfr_yaml *one)
{
    const struct tfr_yaml *plan = tfr_yaml_get(one, "plan"),
                          *resources = tfr_yaml_get(one, "resources");

    tfr_buf_puts(writer->out, "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.0\","
                              "\"planned_values\":{\"root_module\":{}},\"resource_changes\":[");
    if (!add_resources(writer, resources, false))
        return false;
    tfr_buf_puts(writer->out, "],\"resource_drift\":[");
    if (!add_resources(writer, tfr_yaml_get(one, "drift"), false))
        return false;
    tfr_buf_putc(writer->out, ']');
    if (tfr_yaml_get(plan, "configuration") == NULL)
        tfr_case_configuration(writer->file->arena, one, writer->out);
    if (tfr_yaml_get(plan, "prior_state") == NULL)
        add_prior_state(writer, resources);
    for (uint32_t i = 0; plan != NULL && plan->kind == TFR_YAML_MAP && i < plan->count; i++)
        tfr_json_add_member(writer->out, plan->items[2 * i]->text, plan->items[2 * i + 1]);
    tfr_buf_putc(writer->out, '}');
    return true;
}

static bool add_state(struct writer *writer, const struct tfr_yaml *one)
{
    tfr_buf_puts(
        writer->out,
        "{\"format_version\":\"1.0\",\"terraform_version\":\"1.11.0\",\"values\":{\"root_module\":"
        "{\"resources\":[");
    if (!add_resources(writer, tfr_yaml_get(one, "resources"), true))
        return false;
    tfr_buf_puts(writer->out, "]}}}");
    return true;
}

bool tfr_case_document(const struct tfr_yaml_file *file, const struct tfr_yaml *one,
                       struct tfr_buf *out, struct tfr_error *err)
{
    struct writer *writer = tfr_arena_zalloc(file->arena, sizeof *writer);
    const struct tfr_yaml *document = tfr_yaml_get(one, "document"),
                          *kind = tfr_yaml_get(one, "kind");

    writer->file = file;
    writer->err = err;
    writer->out = out;
    if (document != NULL) {
        tfr_json_value(out, &document->value);
        return true;
    }
    if (kind != NULL && tfr_value_is(&kind->value, "state"))
        return add_state(writer, one);
    return add_plan(writer, one);
}
