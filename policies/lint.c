/* SPDX-License-Identifier: Apache-2.0 */
/* What loads but is probably not meant: missing texts, conditions that cannot fail or cannot pass,
 * attributes that a type does not have. */
#include "policies/context.h"
#include "policies/yaml.h"

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

/* ---- names of attributes ---- */

static bool is_one_of(const char *const *words, const char *word)
{
    for (; *words != NULL; words++) {
        if (strcmp(*words, word) == 0)
            return true;
    }
    return false;
}

/* The part of a path that names an attribute. @return false for what Checkov adds (`__address__`,
 * `references_`), and for a JSONPath that does not begin with a name */
static bool first_name(const struct tfr_path *path, char *out, size_t size)
{
    const char *at = path->text + (strncmp(path->text, "$.", 2) == 0 ? 2 : 0);
    const size_t len = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_");

    if (len == 0 || len >= size || at[0] == '_' || at[len - 1] == '_' ||
        (at[len] != '\0' && at[len] != '.' && at[len] != '['))
        return false;
    memcpy(out, at, len);
    out[len] = '\0';
    return strcmp(out, "provisioner") != 0 && strcmp(out, "resource_type") != 0;
}

/* A name that none of the types has; one type that is not known leaves it open. */
static size_t lint_name(const struct tfr_policy *policy, const struct tfr_condition *node,
                        FILE *out)
{
    const struct tfr_type_list *list = tfr_builtin_list("attributes");
    const char *near = NULL;
    char name[128];

    if (node->types.count == 0 ||
        (node->kind != TFR_COND_ATTRIBUTE && node->kind != TFR_COND_FILTER) ||
        !first_name(node->path, name, sizeof name))
        return 0;
    for (uint32_t i = 0; i < node->types.count; i++) {
        const struct tfr_type_row *row = tfr_type_list_row(list, node->types.names[i]);

        if (row == NULL || is_one_of(row->tags, name))
            return 0;
        near = near != NULL ? near : tfr_nearest(name, row->tags);
    }
    (void)fprintf(out, "%s: %s: %s has no attribute %s", policy->source, policy->id,
                  node->types.names[0], name);
    if (near != NULL)
        (void)fprintf(out, "; did you mean %s?", near);
    (void)fputc('\n', out);
    return 1;
}

static size_t lint_names(const struct tfr_policy *policy, const struct tfr_block *block, FILE *out)
{
    size_t count = 0;

    for (uint32_t i = 0; i < block->count; i++)
        count += lint_name(policy, &block->at[i], out);
    return count;
}

/* ---- texts and conditions ---- */

/* ---- conditions that say the opposite of one another ---- */

#define MOST_KIDS 64 /* conditions of one block that are compared */

static bool is_plain(const struct tfr_condition *node)
{
    return node->kind == TFR_COND_ATTRIBUTE && !node->path->jsonpath && !node->path->star;
}

static bool is_same_question(const struct tfr_condition *a, const struct tfr_condition *b)
{
    if (a->path->side != b->path->side || strcmp(a->path->text, b->path->text) != 0 ||
        a->op != b->op || a->types.count != b->types.count)
        return false;
    for (uint32_t i = 0; i < a->types.count; i++) {
        if (strcmp(a->types.names[i], b->types.names[i]) != 0)
            return false;
    }
    return true;
}

/* One is true only where the other is not. */
static bool are_opposite(const struct tfr_condition *a, const struct tfr_condition *b)
{
    return is_same_question(a, b) && a->negate != b->negate &&
           tfr_value_equal(&a->value, &b->value);
}

/* An attribute that is to be two things. */
static bool are_exclusive(const struct tfr_condition *a, const struct tfr_condition *b)
{
    return is_same_question(a, b) && a->op == TFR_OP_EQUALS && !a->negate && !b->negate &&
           !tfr_value_equal(&a->value, &b->value);
}

/* Leaves right below the node `at`, first one last. */
static uint32_t leaves_of(const struct tfr_block *block, uint32_t at,
                          const struct tfr_condition **leaves)
{
    uint32_t count = 0;

    for (uint32_t kid = at, left = block->at[at].size - 1; left > 0 && count < MOST_KIDS;) {
        const struct tfr_condition *node = &block->at[kid - 1];

        if (is_plain(node))
            leaves[count++] = node;
        kid -= node->size;
        left -= node->size;
    }
    return count;
}

static size_t lint_pairs(const struct tfr_policy *policy, const struct tfr_block *block,
                         uint32_t at, FILE *out)
{
    const struct tfr_condition *leaves[MOST_KIDS];
    const uint32_t count = leaves_of(block, at, leaves);
    const bool is_and = block->at[at].kind == TFR_COND_AND;

    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (are_opposite(leaves[i], leaves[k]) ||
                (is_and && are_exclusive(leaves[i], leaves[k])))
                return say(out, policy,
                           is_and ? "conditions of an and exclude one another: it is never true"
                                  : "conditions of an or are opposites: it is always true");
        }
    }
    return 0;
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
        if (node->kind == TFR_COND_AND || node->kind == TFR_COND_OR)
            count += lint_pairs(policy, block, i, out);
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
        count += lint_names(policy, &policy->program->when, out);
        count += lint_names(policy, &policy->program->definition, out);
    }
    return count;
}
