/* SPDX-License-Identifier: Apache-2.0 */
/* The document of a case: resources in short form become what `terraform show -json` would print.
 */
#include "policies/cases.h"

#include <string.h>

#define MAX_MODULES 64

/* One module of the configuration; parents come before their children. */
struct module {
    const char *path; /* without keys; "" for the root */
    const char *name;
    bool counted;
    int parent;
    struct tfr_buf resources, calls;
};

struct writer {
    const struct tfr_yaml_file *file;
    struct tfr_error *err;
    struct tfr_buf *out;
    struct module modules[MAX_MODULES];
    int module_count;
};

static void add_text(struct tfr_buf *out, const char *text)
{
    tfr_json_string(out, text, strlen(text));
}

static void add_key(struct tfr_buf *out, const char *key)
{
    add_text(out, key);
    tfr_buf_putc(out, ':');
}

static void add_member(struct tfr_buf *out, const char *key, const struct tfr_yaml *node)
{
    if (node == NULL)
        return;
    tfr_buf_putc(out, ',');
    add_key(out, key);
    tfr_json_value(out, &node->value);
}

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
    add_text(out, address->text);
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
    add_member(out, "after_unknown", unknown);
    add_member(out, "before_sensitive", sensitive);
    add_member(out, "after_sensitive", sensitive);
    add_replace_paths(out, tfr_yaml_get(node, "replace_paths"));
    if (importing != NULL && !tfr_value_true(&importing->value))
        add_member(out, "importing", importing);
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
        add_member(writer->out, "values", tfr_yaml_get(node, "after"));
        add_member(writer->out, "sensitive_values", tfr_yaml_get(node, "sensitive"));
        add_member(writer->out, "tainted", tfr_yaml_get(node, "tainted"));
        add_member(writer->out, "depends_on", tfr_yaml_get(node, "depends_on"));
        add_member(writer->out, "deposed_key", tfr_yaml_get(node, "deposed"));
    } else {
        add_member(writer->out, "deposed", tfr_yaml_get(node, "deposed"));
        add_member(writer->out, "previous_address", tfr_yaml_get(node, "previous_address"));
        add_member(writer->out, "action_reason", tfr_yaml_get(node, "reason"));
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

/* ---- configuration ---- */

static int find_module(struct writer *writer, const char *path)
{
    for (int i = 0; i < writer->module_count; i++) {
        if (strcmp(writer->modules[i].path, path) == 0)
            return i;
    }
    return -1;
}

/* The module with this path (keys are dropped), with all its parents. */
static int module_of(struct writer *writer, const char *address, size_t len)
{
    struct tfr_buf path = { 0 };
    int parent = 0;

    for (size_t at = 0; at < len;) {
        const char *name = address + at + strlen("module.");
        const size_t name_len = strcspn(name, ".[");
        size_t end = at + strlen("module.") + name_len;
        const bool counted = address[end] == '[';
        int own;

        if (counted)
            end += strcspn(address + end, "]") + 1;
        tfr_buf_printf(&path, "%smodule.%.*s", path.len > 0 ? "." : "", (int)name_len, name);
        own = find_module(writer, tfr_buf_text(&path));
        if (own < 0 && writer->module_count < MAX_MODULES) {
            own = writer->module_count++;
            writer->modules[own] =
                (struct module){ .path = tfr_arena_text(writer->file->arena, path.data, path.len),
                                 .name = tfr_arena_text(writer->file->arena, name, name_len),
                                 .counted = counted,
                                 .parent = parent };
        }
        parent = own < 0 ? 0 : own;
        at = end + 1;
    }
    tfr_buf_fini(&path);
    return parent;
}

static void add_references(struct tfr_buf *out, const struct tfr_yaml *node)
{
    tfr_buf_puts(out, "{\"references\":[");
    if (node->kind == TFR_YAML_SCALAR)
        add_text(out, node->text);
    for (uint32_t i = 0; node->kind == TFR_YAML_LIST && i < node->count; i++) {
        tfr_buf_puts(out, i > 0 ? "," : "");
        add_text(out, node->items[i]->kind == TFR_YAML_SCALAR ? node->items[i]->text : "");
    }
    tfr_buf_puts(out, "]}");
}

/* One path below a block: "b.0.c" -> "b":[{"c":{...}}] */
static void add_path(struct tfr_buf *out, const char *path, const struct tfr_yaml *node)
{
    size_t open = 0;

    for (const char *at = path; *at != '\0';) {
        const size_t len = strcspn(at, ".");

        if (strspn(at, "0123456789") < len) {
            if (at != path) {
                tfr_buf_puts(out, "[{");
                open++;
            }
            tfr_json_string(out, at, len);
            tfr_buf_putc(out, ':');
        }
        at += len + (at[len] == '.');
    }
    add_references(out, node);
    while (open-- > 0)
        tfr_buf_puts(out, "}]");
}

/* Paths with the same first step share one block. */
static void add_expressions(struct tfr_buf *out, const struct tfr_yaml *map)
{
    bool first = true;

    for (uint32_t i = 0; map != NULL && map->kind == TFR_YAML_MAP && i < map->count; i++) {
        const char *path = map->items[2 * i]->text;
        const size_t len = strcspn(path, ".");
        bool earlier = false, inner = true;

        for (uint32_t k = 0; k < i && !earlier; k++) {
            const char *other = map->items[2 * k]->text;

            earlier = strncmp(other, path, len) == 0 && other[len] == '.' && path[len] == '.';
        }
        if (earlier)
            continue;
        tfr_buf_puts(out, first ? "" : ",");
        first = false;
        if (path[len] == '\0') {
            add_path(out, path, map->items[2 * i + 1]);
            continue;
        }
        tfr_json_string(out, path, len);
        tfr_buf_puts(out, ":[{");
        for (uint32_t k = i; k < map->count; k++) {
            const char *other = map->items[2 * k]->text;

            if (strncmp(other, path, len) != 0 || other[len] != '.')
                continue;
            tfr_buf_puts(out, inner ? "" : ",");
            inner = false;
            other += len + 1;
            if (strspn(other, "0123456789") == strcspn(other, "."))
                other += strcspn(other, ".") + 1;
            add_path(out, other, map->items[2 * k + 1]);
        }
        tfr_buf_puts(out, "}]");
    }
}

static bool is_configured(const struct tfr_yaml *node)
{
    const struct tfr_yaml *said = tfr_yaml_get(node, "configured");

    if (said != NULL)
        return tfr_value_true(&said->value);
    return tfr_yaml_get(node, "after") != NULL && tfr_yaml_get(node, "deposed") == NULL;
}

/* Instances of one block give one block: the first of them. */
static bool is_first_of_block(const struct tfr_yaml *list, uint32_t index,
                              const struct tfr_buf *block)
{
    bool first = true;

    for (uint32_t i = 0; i < index && first; i++) {
        const struct tfr_yaml *address = tfr_yaml_get(list->items[i], "address");
        struct tfr_buf other = { 0 };

        tfr_address_block(&other, address->text, address->len);
        first = strcmp(tfr_buf_text(&other), tfr_buf_text(block)) != 0 ||
                !is_configured(list->items[i]);
        tfr_buf_fini(&other);
    }
    return first;
}

static void add_block(struct writer *writer, const struct tfr_yaml *node, struct tfr_buf *out,
                      const struct tfr_address *parts)
{
    const char *text = tfr_yaml_get(node, "address")->text;

    tfr_buf_puts(out, out->len > 0 ? "," : "");
    tfr_buf_puts(out, "{\"address\":");
    tfr_json_string(out, text + parts->module_len + (parts->module_len > 0),
                    parts->block_end - parts->module_len - (parts->module_len > 0));
    tfr_buf_printf(out, ",\"mode\":\"%s\",\"type\":", parts->mode == TFR_DATA ? "data" : "managed");
    tfr_json_string(out, text + parts->type_at, parts->type_len);
    tfr_buf_puts(out, ",\"name\":");
    tfr_json_string(out, text + parts->name_at, parts->name_len);
    tfr_buf_puts(out, ",\"schema_version\":0,\"expressions\":{");
    add_expressions(out, tfr_yaml_get(node, "references"));
    tfr_buf_putc(out, '}');
    if (parts->key.kind == TFR_KEY_INDEX)
        tfr_buf_puts(out, ",\"count_expression\":{}");
    if (parts->key.kind == TFR_KEY_TEXT)
        tfr_buf_puts(out, ",\"for_each_expression\":{}");
    add_member(out, "depends_on", tfr_yaml_get(node, "depends_on"));
    tfr_buf_putc(out, '}');
    (void)writer;
}

static void add_blocks(struct writer *writer, const struct tfr_yaml *list)
{
    for (uint32_t i = 0; list != NULL && i < list->count; i++) {
        const struct tfr_yaml *address = tfr_yaml_get(list->items[i], "address");
        struct tfr_address parts;
        struct tfr_buf block = { 0 };

        if (!is_configured(list->items[i]) ||
            !tfr_address_parse(address->text, address->len, &parts))
            continue;
        tfr_address_block(&block, address->text, address->len);
        if (is_first_of_block(list, i, &block)) {
            const int module = module_of(writer, address->text, parts.module_len);

            add_block(writer, list->items[i], &writer->modules[module].resources, &parts);
        }
        tfr_buf_fini(&block);
    }
}

static void add_outputs(struct tfr_buf *out, const struct tfr_yaml *outputs)
{
    tfr_buf_puts(out, ",\"outputs\":{");
    for (uint32_t i = 0; outputs != NULL && outputs->kind == TFR_YAML_MAP && i < outputs->count;
         i++) {
        tfr_buf_puts(out, i > 0 ? "," : "");
        add_key(out, outputs->items[2 * i]->text);
        tfr_buf_puts(out, "{\"expression\":");
        add_references(out, outputs->items[2 * i + 1]);
        tfr_buf_putc(out, '}');
    }
    tfr_buf_putc(out, '}');
}

static void add_module(struct tfr_buf *out, const struct module *module)
{
    tfr_buf_printf(out, "{\"resources\":[%s],\"module_calls\":{%s}",
                   tfr_buf_text(&module->resources), tfr_buf_text(&module->calls));
}

static void add_configuration(struct writer *writer, const struct tfr_yaml *one)
{
    writer->module_count = 1;
    writer->modules[0] = (struct module){ .path = "", .parent = -1 };
    add_blocks(writer, tfr_yaml_get(one, "resources"));
    for (int i = writer->module_count; i-- > 1;) {
        struct module *module = &writer->modules[i];
        struct tfr_buf *calls = &writer->modules[module->parent].calls;

        tfr_buf_puts(calls, calls->len > 0 ? "," : "");
        add_key(calls, module->name);
        tfr_buf_printf(calls, "{\"source\":\"./%s\",", module->name);
        if (module->counted)
            tfr_buf_puts(calls, "\"count_expression\":{},");
        tfr_buf_puts(calls, "\"module\":");
        add_module(calls, module);
        tfr_buf_puts(calls, "}}");
    }
    tfr_buf_puts(writer->out, ",\"configuration\":{\"root_module\":");
    add_module(writer->out, &writer->modules[0]);
    add_outputs(writer->out, tfr_yaml_get(one, "outputs"));
    tfr_buf_puts(writer->out, "}}");
    for (int i = 0; i < writer->module_count; i++) {
        tfr_buf_fini(&writer->modules[i].resources);
        tfr_buf_fini(&writer->modules[i].calls);
    }
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
        add_member(writer->out, "values", before);
        add_member(writer->out, "tainted", tfr_yaml_get(list->items[i], "tainted"));
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
        add_configuration(writer, one);
    if (tfr_yaml_get(plan, "prior_state") == NULL)
        add_prior_state(writer, resources);
    for (uint32_t i = 0; plan != NULL && plan->kind == TFR_YAML_MAP && i < plan->count; i++)
        add_member(writer->out, plan->items[2 * i]->text, plan->items[2 * i + 1]);
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
