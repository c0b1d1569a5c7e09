/* SPDX-License-Identifier: Apache-2.0 */
/* The types that a condition names: as they are written, and as Checkov reads them. */
#include "policies/compile.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct names {
    const char **at;
    size_t count, cap;
};

static void add_name(struct names *names, const char *name)
{
    names->at = tfr_grow(names->at, &names->cap, names->count + 1, sizeof(char *));
    names->at[names->count++] = name;
}

static bool has_tag(const char *const *tags, const char *wanted, size_t len)
{
    for (; tags != NULL && *tags != NULL; tags++) {
        if (strlen(*tags) == len && memcmp(*tags, wanted, len) == 0)
            return true;
    }
    return false;
}

static bool row_is_wanted(const struct tfr_type_row *row, const char *tags)
{
    if (tags == NULL)
        return true;
    while (*tags != '\0') {
        const size_t len = strcspn(tags, ",");

        if (has_tag(row->tags, tags, len) || has_tag(row->unless_tags, tags, len))
            return true;
        tags += len + (tags[len] == ',');
    }
    return false;
}

static bool add_list(struct tfr_compiler *compiler, const struct tfr_yaml *node, const char *text,
                     struct names *names)
{
    const char *colon = strchr(text, ':');
    const size_t len = colon != NULL ? (size_t)(colon - text) : strlen(text);

    for (uint32_t i = 0; i < compiler->list_count; i++) {
        const struct tfr_type_list *list = compiler->lists[i];

        if (strlen(list->name) != len || memcmp(list->name, text, len) != 0)
            continue;
        for (uint32_t row = 0; row < list->count; row++) {
            if (list->rows != NULL
                    ? row_is_wanted(&list->rows[row], colon != NULL ? colon + 1 : NULL)
                    : colon == NULL)
                add_name(names, tfr_type_list_type(list, row));
        }
        return true;
    }
    return tfr_yaml_fail(compiler->err, &compiler->file, node, "there is no such type list");
}

static const char *provider_named(struct tfr_compiler *compiler, const char *name)
{
    struct tfr_buf text = { 0 };
    char *type;

    tfr_buf_printf(&text, "provider.%s", name);
    type = tfr_arena_text(compiler->file.arena, tfr_buf_text(&text), text.len);
    tfr_buf_fini(&text);
    for (char *at = type; *at != '\0'; at++)
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
    return type;
}

/* What the word `provider` means: the configurations of the policy's provider, or of all. */
static const char *provider_type(struct tfr_compiler *compiler)
{
    static const char *const names[][2] = { { "azure", "provider.azurerm" },
                                            { "gcp", "provider.google" } };

    if (compiler->provider == NULL)
        return "provider";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcasecmp(compiler->provider, names[i][0]) == 0)
            return names[i][1];
    }
    return provider_named(compiler, compiler->provider);
}

static bool add_type(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                     struct tfr_type_set *out, struct names *names)
{
    const char *text = node->text;

    if (node->kind != TFR_YAML_SCALAR || node->len == 0)
        return tfr_yaml_fail(compiler->err, &compiler->file, node, "a type is a text");
    if (strcmp(text, "@stateful") == 0)
        out->classes = 0x1f;
    else if (strncmp(text, "@stateful:D", 11) == 0 && text[11] >= '1' && text[11] <= '5')
        out->classes |= (uint8_t)(1u << (text[11] - '1'));
    if (text[0] == '@')
        return add_list(compiler, node, text + 1, names);
    if (strcmp(text, "all") == 0 || strcmp(text, "All") == 0)
        out->all = true;
    else if (strcmp(text, "taggable") == 0)
        out->taggable = true;
    else
        add_name(names, strcmp(text, "provider") == 0 ? provider_type(compiler) : text);
    return true;
}

uint32_t tfr_sort_types(const char **names, uint32_t count)
{
    uint32_t kept = 0;

    qsort(names, count, sizeof *names, tfr_by_text);
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
            names[kept++] = names[i];
    }
    return kept;
}

static bool is_word(const struct tfr_yaml *node, const char *word)
{
    return node->kind == TFR_YAML_SCALAR && strcasecmp(node->text, word) == 0;
}

/* Where Checkov sees the word `provider` it reads provider.SCOPE and nothing else. It sees it as an
 * item of a list, and anywhere in a text: resource_types: provider.aws is provider.SCOPE to it. */
static bool has_provider_word(const struct tfr_yaml *node)
{
    const struct tfr_yaml *first = node->kind == TFR_YAML_LIST ? node->items[0] : node;

    if (is_word(first, "all") || is_word(first, "taggable"))
        return false;
    if (node->kind == TFR_YAML_SCALAR)
        return strstr(node->text, "provider") != NULL;
    for (uint32_t i = 0; i < node->count; i++) {
        if (strcmp(node->items[i]->text, "provider") == 0)
            return true;
    }
    return false;
}

static void add_checkov_types(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                              struct tfr_type_set *out)
{
    const char **names;

    if (out->all || out->count == 0 || !has_provider_word(node))
        return;
    names = tfr_arena_alloc(compiler->file.arena, sizeof(char *));
    names[0] = provider_named(compiler, compiler->provider != NULL ? compiler->provider : "");
    out->checkov = names;
    out->checkov_count = 1;
}

bool tfr_compile_types(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                       struct tfr_type_set *out)
{
    struct names names = { 0 };
    bool ok = true;

    out->all = node == NULL || (node->kind == TFR_YAML_LIST && node->count == 0);
    if (node != NULL && node->kind == TFR_YAML_LIST) {
        for (uint32_t i = 0; ok && i < node->count; i++)
            ok = add_type(compiler, node->items[i], out, &names);
    } else if (node != NULL) {
        ok = add_type(compiler, node, out, &names);
    }
    if (names.count > 0) {
        out->count = tfr_sort_types(names.at, (uint32_t)names.count);
        out->names = tfr_arena_copy(compiler->file.arena, names.at, out->count * sizeof(char *));
    }
    tfr_free(names.at);
    if (ok && node != NULL)
        add_checkov_types(compiler, node, out);
    return ok;
}

/* ---- unions of types ---- */

static const char **add_names(const char **at, const char *const *names, uint32_t count)
{
    if (count > 0)
        memcpy(at, names, count * sizeof *names);
    return at + count;
}

static const char **add_set(const char **at, const struct tfr_type_set *types, bool checkov)
{
    if (checkov && types->checkov != NULL)
        return add_names(at, types->checkov, types->checkov_count);
    return add_names(at, types->names, types->count);
}

/* @return how many; as Checkov has them, or as they are written */
static uint32_t gather_names(const struct tfr_block *block, bool others, bool checkov,
                             const char **names)
{
    const char **at = names;

    for (uint32_t i = 0; i < block->count; i++) {
        at = add_set(at, &block->at[i].types, checkov);
        if (others)
            at = add_set(at, &block->at[i].other_types, checkov);
    }
    return tfr_sort_types(names, (uint32_t)(at - names));
}

void tfr_gather_types(const struct tfr_block *block, bool others, struct tfr_arena *arena,
                      struct tfr_type_set *out)
{
    const char **names;
    size_t count = 1;
    bool differs = false;

    for (uint32_t i = 0; i < block->count; i++) {
        const struct tfr_condition *node = &block->at[i];

        count += node->types.count + node->types.checkov_count + node->other_types.count +
                 node->other_types.checkov_count;
        out->taggable =
            out->taggable || node->types.taggable || (others && node->other_types.taggable);
        out->scoped = out->scoped || node->kind == TFR_COND_FILTER ||
                      (node->kind > TFR_COND_NOT && node->types.all);
        out->classes |= node->types.classes | (others ? node->other_types.classes : 0);
        differs = differs || node->types.checkov != NULL || node->other_types.checkov != NULL;
    }
    names = tfr_arena_zalloc(arena, count * sizeof(char *));
    out->names = names;
    out->count = gather_names(block, others, false, names);
    if (differs) {
        names = tfr_arena_zalloc(arena, count * sizeof(char *));
        out->checkov = names;
        out->checkov_count = gather_names(block, others, true, names);
    }
}
