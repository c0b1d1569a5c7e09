/* SPDX-License-Identifier: Apache-2.0 */
/* What loads but is probably not meant: missing texts, conditions that cannot fail or cannot pass.
 */
#include "policies/policies.h"
#include "policies/program.h"

#include <string.h>

static size_t say(FILE *out, const struct tfr_policy *policy, const char *what)
{
    (void)fprintf(out, "%s: %s: %s\n", policy->source, policy->id, what);
    return 1;
}

/* Always true: the operator any, and an or that holds one. Always false: its negation. */
static bool is_constant(const struct tfr_condition *node)
{
    return node->kind == TFR_COND_ANY ||
           (node->kind == TFR_COND_ATTRIBUTE && node->op == TFR_OP_ANY);
}

static bool is_empty_list(const struct tfr_condition *node)
{
    return node->kind == TFR_COND_ATTRIBUTE && node->value.kind == TFR_LIST &&
           node->value.count == 0 && (node->op == TFR_OP_WITHIN || node->op == TFR_OP_INTERSECTS);
}

static bool needs_value(const struct tfr_condition *node)
{
    return node->kind == TFR_COND_ATTRIBUTE && node->op != TFR_OP_EXISTS &&
           node->op != TFR_OP_ANY && node->op != TFR_OP_IS_EMPTY && node->op != TFR_OP_IS_TRUE;
}

static size_t lint_conditions(const struct tfr_policy *policy, FILE *out)
{
    const struct tfr_block *block = &policy->program->definition;
    const struct tfr_condition *root = &block->at[block->count - 1];
    size_t count = 0;

    if (is_constant(root))
        count += say(out, policy, "the definition is always true: it can never fail");
    for (uint32_t i = 0; i < block->count; i++) {
        const struct tfr_condition *node = &block->at[i];

        if (root->kind == TFR_COND_OR && is_constant(node) && i + 1 < block->count)
            count += say(out, policy, "one branch of or is always true");
        if (is_empty_list(node))
            count += say(out, policy,
                         "a condition compares with an empty list: its answer never changes");
        if (needs_value(node) && node->value.kind == TFR_ABSENT)
            count += say(out, policy, "a condition compares with a value but names none");
        if (node->kind == TFR_COND_CHANGE && !policy->program->plans)
            count += say(out, policy, "change conditions are never true of states");
    }
    return count;
}

size_t tfr_policies_lint(const struct tfr_policies *policies, FILE *out)
{
    size_t count = 0;

    for (size_t i = 0; i < tfr_policies_count(policies); i++) {
        const struct tfr_policy *policy = tfr_policies_at(policies, i);

        if (policy->why == NULL)
            count += say(out, policy, "metadata has no why");
        if (policy->fix == NULL)
            count += say(out, policy, "metadata has no fix");
        count += lint_conditions(policy, out);
    }
    return count;
}
