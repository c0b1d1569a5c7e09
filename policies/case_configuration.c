/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration of a case: blocks and module calls, as the addresses of its resources want
 * them. */
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
    struct tfr_arena *arena;
    struct module modules[MAX_MODULES];
    int module_count;
};

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
                (struct module){ .path = tfr_arena_text(writer->arena, path.data, path.len),
                                 .name = tfr_arena_text(writer->arena, name, name_len),
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
        tfr_json_add_text(out, node->text);
    for (uint32_t i = 0; node->kind == TFR_YAML_LIST && i < node->count; i++) {
        tfr_buf_puts(out, i > 0 ? "," : "");
        tfr_json_add_text(out, node->items[i]->kind == TFR_YAML_SCALAR ? node->items[i]->text : "");
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
    tfr_json_add_member(out, "depends_on", tfr_yaml_get(node, "depends_on"));
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
        tfr_json_add_key(out, outputs->items[2 * i]->text);
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

void tfr_case_configuration(struct tfr_arena *arena, const struct tfr_yaml *one,
                            struct tfr_buf *out)
{
    struct writer *writer = tfr_arena_zalloc(arena, sizeof *writer);

    writer->arena = arena;
    writer->module_count = 1;
    writer->modules[0] = (struct module){ .path = "", .parent = -1 };
    add_blocks(writer, tfr_yaml_get(one, "resources"));
    for (int i = writer->module_count; i-- > 1;) {
        struct module *module = &writer->modules[i];
        struct tfr_buf *calls = &writer->modules[module->parent].calls;

        tfr_buf_puts(calls, calls->len > 0 ? "," : "");
        tfr_json_add_key(calls, module->name);
        tfr_buf_printf(calls, "{\"source\":\"./%s\",", module->name);
        if (module->counted)
            tfr_buf_puts(calls, "\"count_expression\":{},");
        tfr_buf_puts(calls, "\"module\":");
        add_module(calls, module);
        tfr_buf_puts(calls, "}}");
    }
    tfr_buf_puts(out, ",\"configuration\":{\"root_module\":");
    add_module(out, &writer->modules[0]);
    add_outputs(out, tfr_yaml_get(one, "outputs"));
    tfr_buf_puts(out, "}}");
    for (int i = 0; i < writer->module_count; i++) {
        tfr_buf_fini(&writer->modules[i].resources);
        tfr_buf_fini(&writer->modules[i].calls);
    }
}
