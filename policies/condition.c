/* SPDX-License-Identifier: Apache-2.0 */
/* One loop over a condition tree in postfix order: Kleene's and, or, not. */
#include "policies/context.h"

#include <string.h>

/* Conditions of an `or` of changes that are worth a look at all of them together. */
#define GATED_LEAST 4

struct tfr_truth tfr_truth_not(struct tfr_truth truth)
{
    if (truth.is == TFR_YES)
        truth.is = TFR_NO;
    else if (truth.is == TFR_NO)
        truth.is = TFR_YES;
    return truth;
}

/* True if a text holds the type, with `data.` before that of a data source. */
static bool text_has_type(const char *text, const struct tfr_resource *resource)
{
    for (const char *at = text; (at = strstr(at, resource->type->text)) != NULL; at++) {
        if (resource->mode != TFR_DATA || (at - text >= 5 && memcmp(at - 5, "data.", 5) == 0))
            return true;
    }
    return false;
}

static bool type_is_within(const struct tfr_subject *subject, const struct tfr_value *wanted)
{
    const struct tfr_sym *type = subject->resource->type;

    if (wanted->kind == TFR_STRING)
        return text_has_type(wanted->text, subject->resource);
    for (uint32_t i = 0; wanted->kind == TFR_LIST && i < wanted->count; i++) {
        const struct tfr_value *item = &wanted->items[i];
        const char *name = item->kind == TFR_STRING ? item->text : "";
        const bool data = strncmp(name, "data.", 5) == 0;

        if (data == (subject->resource->mode == TFR_DATA) &&
            tfr_sym_is(type, data ? name + 5 : name))
            return true;
    }
    return false;
}

/* The same for all objects of a type. */
static bool is_of_types(struct tfr_context *ctx, const struct tfr_subject *subject,
                        const struct tfr_condition *leaf)
{
    const struct tfr_resource *resource = subject->resource;
    bool known = false;
    uint8_t *answer =
        tfr_context_recall(ctx, leaf, resource->type, (uint8_t)resource->mode, &known);

    if (!known)
        *answer = type_is_within(subject, &leaf->value) ? TFR_ANSWER_YES : TFR_ANSWER_NO;
    return *answer == TFR_ANSWER_YES;
}

/* Checkov's filters know no text that is still to be worked out, and nothing is within nothing. */
static struct tfr_truth filter_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                     const struct tfr_condition *leaf)
{
    const struct tfr_value *value;

    if (strcmp(leaf->path->text, "resource_type") == 0)
        return tfr_truth_of(is_of_types(ctx, subject, leaf));
    if (ctx->mode != TFR_MODE_CHECKOV)
        return tfr_attribute_truth(ctx, subject, leaf);
    value = tfr_attribute_first(ctx, subject, leaf->path);
    return tfr_checkov_is_falsy(value) ? tfr_truth_of(false)
                                       : tfr_operator_truth(ctx, subject, leaf, value);
}

/* An allow-list fails every other type; a deny-list says nothing of them. Inside of other
 * conditions Checkov looks for the object in a list of names, where it never is. */
static struct tfr_truth resource_truth(const struct tfr_context *ctx,
                                       const struct tfr_subject *subject,
                                       const struct tfr_condition *leaf)
{
    const bool checkov = ctx->mode == TFR_MODE_CHECKOV;
    const bool inside = ctx->policy->program->definition.count > 1;
    const char *provider = ctx->policy->program->provider;
    const bool named = tfr_type_set_has(ctx->index, &leaf->types, subject->resource, provider) &&
                       !tfr_type_set_is_everything(ctx->index, &leaf->types, provider);

    if (checkov && inside)
        return tfr_truth_of(leaf->negate);
    if (checkov && leaf->negate && !named)
        return (struct tfr_truth){ TFR_BROKEN, NULL };
    return tfr_truth_of(named != leaf->negate);
}

static struct tfr_truth leaf_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                   const struct tfr_condition *leaf)
{
    switch (leaf->kind) {
    case TFR_COND_ATTRIBUTE:
        return tfr_attribute_truth(ctx, subject, leaf);
    case TFR_COND_FILTER:
        return filter_truth(ctx, subject, leaf);
    case TFR_COND_RESOURCE:
        return resource_truth(ctx, subject, leaf);
    case TFR_COND_CHANGE:
        return tfr_change_truth(ctx, subject, leaf->change);
    case TFR_COND_GRAPH:
        return tfr_graph_truth(ctx, subject, leaf->graph);
    case TFR_COND_CLASS:
        return tfr_class_truth(ctx, subject, leaf);
    case TFR_COND_GUARDED:
        return tfr_guarded_truth(ctx, subject, leaf);
    default: /* TFR_COND_ANY */
        if (leaf->negate && ctx->mode == TFR_MODE_CHECKOV)
            return (struct tfr_truth){ TFR_BROKEN, NULL };
        return tfr_truth_of(true);
    }
}

/* Checkov looks for a JSONPath before it asks for the type. */
static bool cannot_find(struct tfr_context *ctx, const struct tfr_subject *subject,
                        const struct tfr_path *path)
{
    struct tfr_matches matches = { .at = NULL };

    if (path->jsonpath)
        tfr_attribute_find(ctx, subject, path, &matches);
    return matches.broken;
}

/* Inside and, or, not an attribute condition is false of types that it does not name, as it is for
 * Checkov. */
static struct tfr_truth typed_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                    const struct tfr_condition *leaf)
{
    struct tfr_truth truth;

    if (leaf->kind != TFR_COND_ATTRIBUTE || (leaf->types.all && ctx->mode != TFR_MODE_CHECKOV) ||
        tfr_context_has_type(ctx, &leaf->types, subject->resource, ctx->policy->program->provider))
        return leaf_truth(ctx, subject, leaf);
    if (ctx->mode != TFR_MODE_CHECKOV)
        return tfr_truth_of(false);
    if (tfr_checkov_is_open(ctx, subject, leaf, &truth))
        return truth;
    if (cannot_find(ctx, subject, leaf->path))
        return (struct tfr_truth){ TFR_BROKEN, NULL };
    if (tfr_attribute_asks_all(leaf)) /* it asks for the type before it asks for all */
        return tfr_truth_of(false);
    truth = leaf_truth(ctx, subject, leaf);
    return truth.is == TFR_MAYBE ? truth : tfr_truth_of(false);
}

static bool decides(const struct tfr_condition *node, struct tfr_truth kid)
{
    if (node->kind == TFR_COND_NOT)
        return false;
    return kid.is == TFR_BROKEN || kid.is == (node->kind == TFR_COND_AND ? TFR_NO : TFR_YES);
}

/* The kids of node `at`, of which none has decided, last one first: each ends where the next one
 * begins. The first that is open is the answer. */
static struct tfr_truth join(const struct tfr_block *block, const struct tfr_truth *truths,
                             uint32_t at)
{
    struct tfr_truth answer = tfr_truth_of(block->at[at].kind == TFR_COND_AND);

    if (block->at[at].kind == TFR_COND_NOT)
        return tfr_truth_not(truths[at - 1]);
    for (uint32_t kid = at, left = block->at[at].size - 1; left > 0;) {
        const uint32_t size = block->at[kid - 1].size;

        if (truths[kid - 1].is == TFR_MAYBE)
            answer = truths[kid - 1];
        kid -= size;
        left -= size;
    }
    return answer;
}

/* The first kid that decides, or that raises in Checkov, is the answer of the node that it stands
 * in: those behind it are not asked. */
static struct tfr_truth tree_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                   const struct tfr_block *block)
{
    struct tfr_truth *truths = tfr_arena_alloc(&ctx->scratch, block->count * sizeof *truths);

    for (uint32_t i = 0; i < block->count; i++) {
        const struct tfr_condition *at = block->at;

        truths[i] =
            at[i].kind <= TFR_COND_NOT ? join(block, truths, i) : typed_truth(ctx, subject, &at[i]);
        while (at[i].up > 0 && i + at[i].up < block->count &&
               decides(&at[i + at[i].up], truths[i])) {
            truths[i + at[i].up] = truths[i];
            i += at[i].up;
        }
    }
    return truths[block->count - 1];
}

uint16_t tfr_block_words(const struct tfr_block *block)
{
    const uint16_t actions = block->count > 0 ? block->at[block->count - 1].actions : 0;

    return actions != 0 ? actions : UINT16_MAX;
}

struct tfr_truth tfr_block_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                 const struct tfr_block *block)
{
    const struct tfr_condition *root = block->at;

    if (block->count == 0)
        return tfr_truth_of(true);
    root += block->count - 1;
    if (root->actions != 0 && ctx->mode != TFR_MODE_CHECKOV &&
        (subject->words & root->actions) == 0)
        return tfr_truth_of(false);
    if (root->kind == TFR_COND_OR && root->actions != 0 && block->count >= GATED_LEAST &&
        ctx->mode != TFR_MODE_CHECKOV && tfr_gate_is_shut(ctx, subject, block))
        return tfr_truth_of(false);
    return block->count == 1 ? leaf_truth(ctx, subject, root) : tree_truth(ctx, subject, block);
}
