/* SPDX-License-Identifier: Apache-2.0 */
/* One attribute condition in Checkov's mode: an unknown value is the text of its reference, and
 * some texts count as not worked out yet. */
#include "policies/context.h"

#include <string.h>

/* Texts that Checkov takes for something it has not worked out yet. */
static bool is_unrendered(const struct tfr_value *value)
{
    static const char *const starts[] = { "var.",    "local.",     "module.",     "data.",
                                          "aws_",    "azurerm_",   "azuread_",    "digitalocean_",
                                          "google_", "github_",    "kubernetes_", "linode_",
                                          "oci_",    "openstack_", "yandex_",     "lookup(",
                                          "list(",   "file(" };

    if (value->kind != TFR_STRING)
        return false;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (value->text[0] == starts[i][0] &&
            strncmp(value->text, starts[i], strlen(starts[i])) == 0)
            return true;
    }
    return strstr(value->text, "${") != NULL;
}

static bool is_variable(const char *text)
{
    return strncmp(text, "var.", 4) == 0 || strncmp(text, "local.", 6) == 0;
}

/* Skips steps that are numbers or stars. */
static const char *next_name(const char *at, size_t *len)
{
    for (;;) {
        at += *at == '.';
        *len = strcspn(at, ".");
        if (*len == 0 || (strspn(at, "0123456789") < *len && !(*len == 1 && *at == '*')))
            return at;
        at += *len;
    }
}

/* The same names in the same order: what configuration calls alias.0.name is alias.name here. */
static bool same_names(const char *written, const char *path)
{
    for (;;) {
        size_t a, b;

        written = next_name(written, &a);
        path = next_name(path, &b);
        if (a != b || memcmp(written, path, a) != 0)
            return false;
        if (a == 0)
            return true;
        written += a;
        path += b;
    }
}

/* The first reference that is no variable takes the place of a value that is not known or not set.
 */
static const char *injected(struct tfr_context *ctx, const struct tfr_subject *subject,
                            const char *path)
{
    const struct tfr_unresolved *unresolved;
    struct tfr_edges edges;
    uint32_t count = 0;

    if (ctx->graph == NULL || subject->node == TFR_NO_NODE)
        return NULL;
    edges = tfr_graph_dependencies(ctx->graph, subject->node);
    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_edge *edge = tfr_edge_at(&edges, i);

        if (edge->path != NULL && edge->reference != NULL && !is_variable(edge->reference->text) &&
            same_names(edge->path->text, path))
            return edge->reference->text;
    }
    unresolved = tfr_graph_unresolved_of(ctx->graph, subject->node, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (unresolved[i].path != NULL && unresolved[i].reference != NULL &&
            !is_variable(unresolved[i].reference->text) &&
            same_names(unresolved[i].path->text, path))
            return unresolved[i].reference->text;
    }
    return NULL;
}

/* A reference in place of something above the path leaves even its existence open. */
static const char *unrendered_parent(struct tfr_context *ctx, const struct tfr_subject *subject,
                                     const struct tfr_path *path)
{
    const struct tfr_step *first = &path->steps[0];
    const struct tfr_value *value;
    struct tfr_value text = { .kind = TFR_STRING };
    char name[128];

    if (path->step_count < 2 || first->len >= sizeof name || path->side != TFR_SIDE_CURRENT)
        return NULL;
    memcpy(name, path->text, first->len);
    name[first->len] = '\0';
    value = tfr_value_get(subject->values, name);
    if (value->kind == TFR_STRING)
        return is_unrendered(value) ? value->text : NULL;
    if (value->kind != TFR_UNKNOWN && !tfr_value_missing(value))
        return NULL;
    text.text = injected(ctx, subject, name);
    return text.text != NULL && is_unrendered(&text) ? text.text : NULL;
}

/* Its maps hold line numbers and never equal one of a policy. */
static bool is_map_question(const struct tfr_condition *leaf, const struct tfr_value *value)
{
    if (leaf->op == TFR_OP_EQUALS || leaf->op == TFR_OP_EQUALS_IGNORE_CASE)
        return value->kind == TFR_OBJECT;
    return leaf->op == TFR_OP_CONTAINS && value->kind == TFR_LIST;
}

struct tfr_truth tfr_checkov_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                   const struct tfr_condition *leaf, const struct tfr_value *value)
{
    const bool unset = value->kind == TFR_UNKNOWN || tfr_value_missing(value);
    const char *text =
        unset && !leaf->path->jsonpath ? injected(ctx, subject, leaf->path->text) : NULL;
    const bool asks_value = leaf->op != TFR_OP_EXISTS && leaf->op != TFR_OP_ANY;
    const bool empty = leaf->value.kind == TFR_STRING && leaf->value.count == 0;
    const char *parent = unrendered_parent(ctx, subject, leaf->path);

    if (parent != NULL && !empty)
        return (struct tfr_truth){ TFR_MAYBE, parent };
    if (text != NULL)
        value = tfr_text_value(ctx, text);
    else if (unset)
        value = &tfr_absent;
    if (value->kind == TFR_NUMBER && strchr(value->text, '.') == NULL &&
        strpbrk(value->text, "eE") != NULL)
        value = tfr_text_value(ctx, value->text); /* 1e+20 is a text for the reader of Checkov */
    if (leaf->value.kind == TFR_OBJECT && is_map_question(leaf, value))
        return tfr_truth_of(leaf->negate);
    if (asks_value && !empty && is_unrendered(value))
        return (struct tfr_truth){ TFR_MAYBE, value->text };
    return tfr_operator_truth(ctx, subject, leaf, value);
}
