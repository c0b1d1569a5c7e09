/* SPDX-License-Identifier: Apache-2.0 */
/* Attribute conditions: what an operator says of the values at a path. */
#include "policies/config.h"
#include "policies/context.h"
#include "policies/wires.h"

#include <string.h>

/* The same first step: what configuration and values have in common. */
static bool is_about(const struct tfr_sym *written, const struct tfr_path *path)
{
    const size_t len = path->steps[0].len;

    return written != NULL && written->len >= len && memcmp(written->text, path->text, len) == 0 &&
           (written->len == len || written->text[len] == '.');
}

static const struct tfr_edge *reference_edge(const struct tfr_context *ctx,
                                             const struct tfr_subject *subject,
                                             const struct tfr_path *path)
{
    struct tfr_edges edges;

    if (ctx->graph == NULL || subject->node == TFR_NO_NODE)
        return NULL;
    edges = tfr_graph_dependencies(ctx->graph, subject->node);
    for (uint32_t i = 0; i < edges.count; i++) {
        if (tfr_edge_at(&edges, i)->origin == TFR_ORIGIN_REFERENCE &&
            is_about(tfr_edge_at(&edges, i)->path, path))
            return tfr_edge_at(&edges, i);
    }
    return NULL;
}

const char *tfr_attribute_because(struct tfr_context *ctx, const struct tfr_subject *subject,
                                  const struct tfr_path *path)
{
    const struct tfr_unresolved *unresolved = NULL;
    const struct tfr_edge *edge = reference_edge(ctx, subject, path);
    uint32_t count = 0;

    if (ctx->graph != NULL && subject->node != TFR_NO_NODE)
        unresolved = tfr_graph_unresolved_of(ctx->graph, subject->node, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (is_about(unresolved[i].path, path) && unresolved[i].reference != NULL)
            return unresolved[i].reference->text;
    }
    if (edge != NULL && edge->reference != NULL)
        return edge->reference->text;
    if (edge != NULL)
        return tfr_graph_node(ctx->graph, edge->to)->address->text;
    return path->text;
}

/* An attribute that refers to another object will have a value, though nobody knows which. */
static struct tfr_truth unknown_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                      const struct tfr_condition *leaf, bool parent)
{
    struct tfr_truth truth = { TFR_MAYBE, NULL };

    if (leaf->op == TFR_OP_ANY)
        return tfr_truth_of(true);
    if ((leaf->op == TFR_OP_EXISTS || leaf->op == TFR_OP_IS_EMPTY) && !parent &&
        reference_edge(ctx, subject, leaf->path) != NULL)
        return tfr_truth_of((leaf->op == TFR_OP_EXISTS) != leaf->negate);
    truth.because = tfr_attribute_because(ctx, subject, leaf->path);
    return truth;
}

/* `contains` reads a text as JSON first, with single quotes for double ones: Python's lists become
 * lists. */
static const struct tfr_value *read_as_json(struct tfr_context *ctx, const struct tfr_value *value)
{
    struct tfr_value quoted = *value;
    const struct tfr_value *read;
    char *text;

    if (!tfr_value_looks_like_json(value))
        return value;
    if (memchr(value->text, '\'', value->count) == NULL) {
        read = tfr_document_parse(ctx->document, value);
    } else {
        text = tfr_arena_text(&ctx->scratch, value->text, value->count);
        for (uint32_t i = 0; i < value->count; i++)
            text[i] = text[i] == '\'' ? '"' : text[i];
        quoted.text = text;
        read = tfr_document_parse(ctx->document, &quoted);
    }
    return read->kind == TFR_ABSENT ? value : read;
}

/* Whether something is there, and how many items it has, is known of a list with unknown items. */
static bool needs_items(const struct tfr_condition *leaf, const struct tfr_value *value)
{
    return leaf->op != TFR_OP_EXISTS && (leaf->op != TFR_OP_IS_EMPTY || value->kind == TFR_UNKNOWN);
}

/* Maps that were no text hold where they stand as well: the name of a JSON file below a root, which
 * cannot be asked for what is no text. */
static enum tfr_truth_value contains_in_places(const struct tfr_condition *leaf,
                                               const struct tfr_value *value)
{
    if (!tfr_value_is_placed(value))
        return TFR_NO;
    if (leaf->value.kind != TFR_STRING)
        return TFR_BROKEN;
    return strstr(".json", leaf->value.text) != NULL || strcmp(leaf->value.text, "/") == 0 ? TFR_YES
                                                                                           : TFR_NO;
}

struct tfr_truth tfr_operator_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                    const struct tfr_condition *leaf, const struct tfr_value *value)
{
    struct tfr_truth truth = { TFR_NO, NULL };
    const struct tfr_value *read = value;
    struct tfr_value plain, wanted;
    char number[TFR_PROFILE_DIGITS];

    if (needs_items(leaf, value) && tfr_value_has_unknown(value)) {
        truth = (struct tfr_truth){ TFR_MAYBE, tfr_attribute_because(ctx, subject, leaf->path) };
        return truth;
    }
    if (leaf->op == TFR_OP_CONTAINS)
        read = read_as_json(ctx, value);
    plain = tfr_context_value(ctx, read);
    wanted = ctx->mode == TFR_MODE_CHECKOV
                 ? leaf->value
                 : tfr_profile_value(tfr_config_profile(ctx->config), &leaf->value, number);
    truth.is = tfr_operator_apply(leaf->op, &plain, &wanted, ctx->regex);
    if (leaf->op == TFR_OP_CONTAINS && ctx->mode == TFR_MODE_CHECKOV && truth.is == TFR_NO)
        truth.is = contains_in_places(leaf, value);
    if (truth.is == TFR_BROKEN && ctx->mode != TFR_MODE_CHECKOV)
        truth.is = TFR_NO;
    if (truth.is == TFR_MAYBE)
        truth.because = leaf->path->text;
    return leaf->negate ? tfr_truth_not(truth) : truth;
}

/* Several matches: one is enough, or (not_contains, jsonpath_) all are needed. In their order, as
 * Checkov stops at the first that decides and is lost at the first that raises. */
static struct tfr_truth combine(struct tfr_truth sum, struct tfr_truth one, bool all)
{
    const enum tfr_truth_value decisive = all ? TFR_NO : TFR_YES;

    if (sum.is == decisive || sum.is == TFR_BROKEN)
        return sum;
    if (one.is == decisive)
        return tfr_truth_of(!all);
    if (one.is == TFR_BROKEN)
        return one;
    return sum.is == TFR_MAYBE ? sum : one;
}

/* The next step of a path that is no place in a list, NULL behind the last one. A bracket of a
 * JSONPath ends it. */
static const char *next_name(const char *at, size_t *len)
{
    for (; *at != '\0' && *at != '['; at += *len + (at[*len] == '.')) {
        *len = strcspn(at, ".[");
        if (*at != '*' && strspn(at, "0123456789") < *len)
            return at;
    }
    return NULL;
}

/* One of them leads to the other, or to something in it. */
static bool is_on_the_way(const struct tfr_sym *written, const struct tfr_path *path)
{
    size_t a_len = 0, b_len = 0;
    const char *a = next_name(written->text, &a_len);
    const char *b = next_name(path->text, &b_len);

    while (a != NULL && b != NULL) {
        if (a_len != b_len || memcmp(a, b, a_len) != 0)
            return false;
        a = next_name(a + a_len + (a[a_len] == '.'), &a_len);
        b = next_name(b + b_len + (b[b_len] == '.'), &b_len);
    }
    return true;
}

/* A dynamic block writes it, of which the document shows nothing. */
static bool is_hidden(const struct tfr_context *ctx, const struct tfr_subject *subject,
                      const struct tfr_path *path)
{
    const struct tfr_unresolved *unresolved = NULL;
    uint32_t count = 0;

    if (ctx->graph != NULL && subject->node != TFR_NO_NODE)
        unresolved = tfr_graph_unresolved_of(ctx->graph, subject->node, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (unresolved[i].reference != NULL &&
            tfr_sym_is(unresolved[i].reference, "a dynamic block") &&
            is_on_the_way(unresolved[i].path, path))
            return true;
    }
    return false;
}

bool tfr_attribute_is_unset(struct tfr_context *ctx, const struct tfr_subject *subject,
                            const struct tfr_path *path)
{
    const struct tfr_resource *resource = subject->resource;
    const struct tfr_input in = tfr_context_input(ctx);
    const struct tfr_config_resource *block;

    if (resource == NULL ||
        (resource->before.kind == TFR_OBJECT && !tfr_resource_is_replaced(resource)))
        return false; /* it keeps what it has */
    block = tfr_blocks_find(tfr_input_blocks(&in), resource);
    for (uint32_t i = 0; block != NULL && i < block->expressions.count; i++) {
        if (is_on_the_way(block->expressions.at[i].path, path))
            return false;
    }
    return block != NULL && !is_hidden(ctx, subject, path);
}

static struct tfr_truth value_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                    const struct tfr_condition *leaf, const struct tfr_value *value,
                                    bool parent_unknown)
{
    if (ctx->mode == TFR_MODE_CHECKOV)
        return tfr_checkov_truth(ctx, subject, leaf, value);
    if (value->kind == TFR_UNKNOWN && leaf->unset.kind != TFR_ABSENT &&
        tfr_attribute_is_unset(ctx, subject, leaf->path))
        return tfr_operator_truth(ctx, subject, leaf, &leaf->unset);
    if (value->kind == TFR_UNKNOWN)
        return unknown_truth(ctx, subject, leaf, parent_unknown);
    return tfr_operator_truth(ctx, subject, leaf, value);
}

/* What is not there answers the same for every object: found out once. */
static struct tfr_truth absent_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                     const struct tfr_condition *leaf)
{
    bool known = false;
    uint8_t *answer = tfr_context_recall(ctx, leaf, NULL, 0, &known);
    struct tfr_truth truth;

    if (known && *answer != TFR_ANSWER_EACH)
        return tfr_truth_of(*answer == TFR_ANSWER_YES);
    *answer = TFR_ANSWER_EACH;
    truth = value_truth(ctx, subject, leaf, &tfr_absent, false);
    if (!known && ctx->mode != TFR_MODE_CHECKOV && (truth.is == TFR_YES || truth.is == TFR_NO))
        *tfr_context_recall(ctx, leaf, NULL, 0, &known) =
            truth.is == TFR_YES ? TFR_ANSWER_YES : TFR_ANSWER_NO;
    return truth;
}

/* Many objects hold the same as the one that was asked before them. Of what is not known each has
 * its own references. */
static struct tfr_truth member_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                     const struct tfr_condition *leaf, const struct tfr_value *root)
{
    struct tfr_said *said;
    const struct tfr_value *member = tfr_path_only_member(ctx, leaf->path, root, &said);
    struct tfr_truth truth;

    if (member == NULL)
        return absent_truth(ctx, subject, leaf);
    if (memcmp(&said->of, member, sizeof *member) == 0)
        return tfr_truth_of(said->yes);
    truth = value_truth(ctx, subject, leaf, tfr_value_collapsed(member), false);
    if (ctx->mode != TFR_MODE_CHECKOV && member->kind != TFR_UNKNOWN &&
        (truth.is == TFR_YES || truth.is == TFR_NO))
        *said = (struct tfr_said){ *member, truth.is == TFR_YES };
    return truth;
}

struct tfr_truth tfr_attribute_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                     const struct tfr_condition *leaf)
{
    const bool all = tfr_attribute_asks_all(leaf);
    const struct tfr_value *root = tfr_subject_side(subject, (enum tfr_side)leaf->path->side);
    struct tfr_truth sum = tfr_truth_of(all);
    struct tfr_matches matches;

    if (ctx->mode == TFR_MODE_CHECKOV && tfr_checkov_is_open(ctx, subject, leaf, &sum))
        return sum;
    if (tfr_path_is_member(leaf->path, root))
        return member_truth(ctx, subject, leaf, root);
    tfr_attribute_find(ctx, subject, leaf->path, &matches);
    if (matches.broken && ctx->mode == TFR_MODE_CHECKOV)
        return (struct tfr_truth){ TFR_BROKEN, NULL };
    if (matches.count == 0)
        return absent_truth(ctx, subject, leaf);
    for (uint32_t i = 0; i < matches.count; i++)
        sum = combine(sum, value_truth(ctx, subject, leaf, matches.at[i], matches.parent_unknown),
                      all);
    return sum;
}
