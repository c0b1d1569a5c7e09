/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions beside one another that cannot hold together, or of which one always holds. */
#include "policies/lint.h"
#include "policies/operators.h"

#include <string.h>

#define MOST_KIDS 64 /* conditions of one block that are compared */

/* An attribute condition, and what a `not` above makes of it. */
struct leaf {
    const struct tfr_condition *node;
    bool negate;
};

static bool is_plain(const struct tfr_condition *node)
{
    return node->kind == TFR_COND_ATTRIBUTE && !node->path->jsonpath && !node->path->star;
}

static bool is_same_place(const struct tfr_condition *a, const struct tfr_condition *b)
{
    if (a->path->side != b->path->side || strcmp(a->path->text, b->path->text) != 0 ||
        a->types.count != b->types.count)
        return false;
    for (uint32_t i = 0; i < a->types.count; i++) {
        if (strcmp(a->types.names[i], b->types.names[i]) != 0)
            return false;
    }
    return true;
}

/* One is true only where the other is not. */
static bool are_opposite(const struct leaf *a, const struct leaf *b)
{
    return a->node->op == b->node->op && a->negate != b->negate &&
           tfr_value_equal(&a->node->value, &b->node->value);
}

static bool asks(const struct leaf *leaf, enum tfr_operator op, bool negate)
{
    return leaf->node->op == op && leaf->negate == negate;
}

static bool is_lower_bound(const struct leaf *leaf)
{
    return asks(leaf, TFR_OP_GREATER_THAN, false) ||
           asks(leaf, TFR_OP_GREATER_THAN_OR_EQUAL, false);
}

static bool is_upper_bound(const struct leaf *leaf)
{
    return asks(leaf, TFR_OP_LESS_THAN, false) || asks(leaf, TFR_OP_LESS_THAN_OR_EQUAL, false);
}

/* A number that is to be above one bound and below a lower one. */
static bool is_empty_range(const struct leaf *low, const struct leaf *high)
{
    const bool closed = low->node->op == TFR_OP_GREATER_THAN_OR_EQUAL &&
                        high->node->op == TFR_OP_LESS_THAN_OR_EQUAL;
    double from, to;

    return is_lower_bound(low) && is_upper_bound(high) && low->node->value.kind == TFR_NUMBER &&
           high->node->value.kind == TFR_NUMBER && tfr_python_float(&low->node->value, &from) &&
           tfr_python_float(&high->node->value, &to) && (closed ? from > to : from >= to);
}

/* An attribute that is to be two things, or something and nothing. */
static bool are_exclusive(const struct leaf *a, const struct leaf *b)
{
    if (!asks(a, TFR_OP_EQUALS, false))
        return is_empty_range(a, b) || is_empty_range(b, a);
    return (asks(b, TFR_OP_EQUALS, false) && !tfr_value_equal(&a->node->value, &b->node->value)) ||
           (asks(b, TFR_OP_EXISTS, true) && !tfr_value_is_blank(&a->node->value));
}

/* Leaves right below the node `at`, first one last; a `not` with a leaf in it is one too. */
static uint32_t leaves_of(const struct tfr_block *block, uint32_t at, struct leaf *leaves)
{
    uint32_t count = 0;

    for (uint32_t kid = at, left = block->at[at].size - 1; left > 0 && count < MOST_KIDS;) {
        const struct tfr_condition *node = &block->at[kid - 1];
        const bool is_not = node->kind == TFR_COND_NOT && node->size == 2;
        const struct tfr_condition *inner = is_not ? &block->at[kid - 2] : node;

        if (is_plain(inner))
            leaves[count++] = (struct leaf){ inner, inner->negate != is_not };
        kid -= node->size;
        left -= node->size;
    }
    return count;
}

bool tfr_lint_contradicts(const struct tfr_block *block, uint32_t at)
{
    struct leaf leaves[MOST_KIDS];
    const uint32_t count = leaves_of(block, at, leaves);
    const bool is_and = block->at[at].kind == TFR_COND_AND;

    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (is_same_place(leaves[i].node, leaves[k].node) &&
                (are_opposite(&leaves[i], &leaves[k]) ||
                 (is_and && (are_exclusive(&leaves[i], &leaves[k]) ||
                             are_exclusive(&leaves[k], &leaves[i])))))
                return true;
        }
    }
    return false;
}
