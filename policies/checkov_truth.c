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
    return strstr(value->text, "${") != NULL && tfr_checkov_has_variable(value->text);
}

/* The step `policy` of a policy: its text is read before it is looked at. */
static bool is_policy_text(struct tfr_context *ctx, const struct tfr_subject *subject,
                           const struct tfr_value *value, const char *step, size_t len)
{
    const struct tfr_sym *type = subject->resource->type;

    return len == 6 && memcmp(step, "policy", len) == 0 && type->len >= len &&
           memcmp(type->text + type->len - len, "policy", len) == 0 &&
           tfr_document_parse(ctx->document, value)->kind != TFR_ABSENT;
}

/* A text above the path, or at it if it is `whole`, that is not worked out yet: even whether
 * something is there is open then. NULL if there is none. */
static const char *unrendered_above(struct tfr_context *ctx, const struct tfr_subject *subject,
                                    const char *path, bool whole)
{
    const char *from = path;

    for (const char *end = path;; from = ++end) {
        const struct tfr_value *value;

        end += strcspn(end, ".");
        if (*end == '\0' && !whole)
            return NULL;
        value = tfr_value_path(subject->values,
                               tfr_arena_text(&ctx->scratch, path, (size_t)(end - path)));
        if (is_unrendered(value) &&
            !is_policy_text(ctx, subject, value, from, (size_t)(end - from)))
            return value->text;
        if (*end == '\0')
            return NULL;
    }
}

static bool holds_map(const struct tfr_value *value)
{
    for (uint32_t i = 0; value->kind == TFR_LIST && i < value->count; i++) {
        if (tfr_value_is_placed(&value->items[i]))
            return true;
    }
    return tfr_value_is_placed(value);
}

/* Its maps hold line numbers and never equal one of a policy. */
static bool is_map_question(const struct tfr_condition *leaf, const struct tfr_value *value)
{
    switch (leaf->op) {
    case TFR_OP_EQUALS:
    case TFR_OP_EQUALS_IGNORE_CASE:
        return holds_map(value);
    case TFR_OP_WITHIN:
        return holds_map(value) && leaf->value.kind == TFR_LIST;
    case TFR_OP_INTERSECTS:
        return value->kind == TFR_LIST && holds_map(value) && leaf->value.kind == TFR_LIST;
    default:
        return leaf->op == TFR_OP_CONTAINS && value->kind == TFR_LIST && holds_map(value) &&
               leaf->value.kind == TFR_OBJECT;
    }
}

/* A text is compared with what Python writes for a map, and its maps hold where they stand. */
static const struct tfr_value *text_of_maps(struct tfr_context *ctx, const struct tfr_value *value)
{
    static const char places[] = "'__file__': '/plan.json', '__startline__': 1, "
                                 "'__endline__': 1, 'start_line': 0, 'end_line': 0";
    struct tfr_buf text = { 0 };
    struct tfr_value *out = tfr_arena_zalloc(&ctx->scratch, sizeof *out);

    tfr_python_str_of_maps(&text, value, places);
    out->kind = TFR_STRING;
    out->count = (uint32_t)text.len;
    out->text = tfr_arena_text(&ctx->scratch, tfr_buf_text(&text), text.len);
    tfr_buf_fini(&text);
    return out;
}

static bool asks_text(enum tfr_operator op)
{
    return op == TFR_OP_REGEX_MATCH || op == TFR_OP_GREATER_THAN ||
           op == TFR_OP_GREATER_THAN_OR_EQUAL || op == TFR_OP_LESS_THAN ||
           op == TFR_OP_LESS_THAN_OR_EQUAL;
}

static bool asks_value(const struct tfr_condition *leaf)
{
    return leaf->op != TFR_OP_EXISTS && leaf->op != TFR_OP_ANY;
}

static bool wants_nothing(const struct tfr_condition *leaf)
{
    return leaf->value.kind == TFR_STRING && leaf->value.count == 0;
}

/* More than one value may be found. */
static bool several(const struct tfr_condition *leaf)
{
    return leaf->path->jsonpath || leaf->path->star;
}

/* A text that looks like one to be worked out, and is asked for all the same. */
static bool is_settled(struct tfr_context *ctx, const struct tfr_subject *subject,
                       const struct tfr_condition *leaf, const struct tfr_value *value)
{
    const char *dot = strrchr(leaf->path->text, '.');
    const char *step = dot != NULL ? dot + 1 : leaf->path->text;

    return several(leaf) ? is_unrendered(&leaf->value)
                         : is_policy_text(ctx, subject, value, step, strlen(step));
}

bool tfr_checkov_is_open(struct tfr_context *ctx, const struct tfr_subject *subject,
                         const struct tfr_condition *leaf, struct tfr_truth *out)
{
    const bool whole = several(leaf) && asks_value(leaf);
    const char *text;

    if (wants_nothing(leaf) || leaf->path->side != TFR_SIDE_CURRENT)
        return false;
    text = unrendered_above(ctx, subject, leaf->path->text, whole);
    if (text != NULL)
        *out = (struct tfr_truth){ TFR_MAYBE, text };
    return text != NULL;
}

struct tfr_truth tfr_checkov_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                   const struct tfr_condition *leaf, const struct tfr_value *value)
{
    if (value->kind == TFR_UNKNOWN || tfr_value_missing(value))
        value = &tfr_absent;
    if (is_map_question(leaf, value))
        return tfr_truth_of(leaf->negate);
    if (asks_value(leaf) && !wants_nothing(leaf) && is_unrendered(value) &&
        !is_settled(ctx, subject, leaf, value))
        return (struct tfr_truth){ TFR_MAYBE, value->text };
    if (leaf->op == TFR_OP_EQUALS_IGNORE_CASE && !wants_nothing(leaf) && is_unrendered(value))
        return tfr_truth_of(!leaf->negate); /* it has no word for open there */
    if (asks_text(leaf->op) && holds_map(value))
        value = text_of_maps(ctx, value);
    return tfr_operator_truth(ctx, subject, leaf, value);
}
