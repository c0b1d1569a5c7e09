/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What loads but is probably not meant: missing texts, conditions that cannot fail or cannot pass,
 * attributes that a type does not have. A `where` is read like the rest: its conditions are about
 * the types that its graph condition looks at.
 */
#include "policies/lint.h"
#include "policies/context.h"
#include "policies/yaml.h"

#include <string.h>

/* Where a block stands, and what its conditions are about. */
struct place {
    const struct tfr_policy *policy;
    const char *inside;               /* "in where: ", or "" for the definition */
    const struct tfr_type_set *types; /* of conditions that name none; or NULL */
    FILE *out;
};

static size_t say(const struct place *place, const char *what)
{
    (void)fprintf(place->out, "%s: %s: %s%s\n", place->policy->source, place->policy->id,
                  place->inside, what);
    return 1;
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
static bool first_name(const char *path, char *out, size_t size)
{
    const char *at = path + (strncmp(path, "$.", 2) == 0 ? 2 : 0);
    const size_t len = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_");

    if (len == 0 || len >= size || at[0] == '_' || at[len - 1] == '_' ||
        (at[len] != '\0' && at[len] != '.' && at[len] != '['))
        return false;
    memcpy(out, at, len);
    out[len] = '\0';
    return strcmp(out, "provisioner") != 0 && strcmp(out, "resource_type") != 0;
}

/* A name that none of the types has; one type that is not known leaves it open. */
static size_t lint_name(const struct place *place, const char *path,
                        const struct tfr_type_set *types)
{
    const struct tfr_type_list *list = tfr_builtin_list("attributes");
    const char *near = NULL;
    char name[128];

    if (types == NULL || types->count == 0 || types->all || types->taggable ||
        !first_name(path, name, sizeof name))
        return 0;
    for (uint32_t i = 0; i < types->count; i++) {
        const struct tfr_type_row *row = tfr_type_list_row(list, types->names[i]);

        if (row == NULL || is_one_of(row->tags, name))
            return 0;
        near = near != NULL ? near : tfr_nearest(name, row->tags);
    }
    (void)fprintf(place->out, "%s: %s: %s%s has no attribute %s", place->policy->source,
                  place->policy->id, place->inside, types->names[0], name);
    if (near != NULL)
        (void)fprintf(place->out, "; did you mean %s?", near);
    (void)fputc('\n', place->out);
    return 1;
}

/* What a condition of this place is about; NULL: anything. */
static const struct tfr_type_set *types_of(const struct place *place,
                                           const struct tfr_condition *node)
{
    return node->types.count > 0 ? &node->types : place->types;
}

/* Attributes that a graph condition names: its own object's, or those of the other end. */
static size_t lint_graph_names(const struct place *place, const struct tfr_condition *node)
{
    const struct tfr_graph_condition *graph = node->graph;
    const struct tfr_type_set *own = types_of(place, node);
    const bool refers = graph->op == TFR_GRAPH_DEPENDENCIES;
    size_t count = 0;

    if (graph->path != NULL)
        count += lint_name(place, graph->path->text,
                           graph->op == TFR_GRAPH_JOINED ? own : &graph->types);
    if (graph->other != NULL)
        count += lint_name(place, graph->other->text, &graph->types);
    for (const char *const *path = graph->paths; path != NULL && *path != NULL; path++)
        count += lint_name(place, *path, refers ? own : &graph->types);
    return count;
}

static size_t lint_names(const struct place *place, const struct tfr_condition *node)
{
    if (node->kind == TFR_COND_GRAPH)
        return lint_graph_names(place, node);
    if (node->kind == TFR_COND_CHANGE && node->change->path != NULL)
        return lint_name(place, node->change->path->text, types_of(place, node));
    if (node->kind != TFR_COND_ATTRIBUTE && node->kind != TFR_COND_FILTER)
        return 0;
    return lint_name(place, node->path->text, types_of(place, node));
}

/* ---- conditions ---- */

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

/* `provider` are those of all providers. */
static bool is_same_type(const char *a, const char *b)
{
    if (strcmp(a, "provider") == 0 || strcmp(b, "provider") == 0)
        return strncmp(a, "provider", 8) == 0 && strncmp(b, "provider", 8) == 0;
    return strcmp(a, b) == 0;
}

/* A condition that names types, of which those that are looked at are none. */
static bool is_about_others(const struct place *place, const struct tfr_condition *node)
{
    const struct tfr_type_set *looked_at = place->types;

    if (looked_at == NULL || looked_at->count == 0 || looked_at->all || looked_at->taggable ||
        node->kind != TFR_COND_ATTRIBUTE || node->types.count == 0 || node->types.taggable)
        return false;
    for (uint32_t i = 0; i < node->types.count; i++) {
        for (uint32_t k = 0; k < looked_at->count; k++) {
            if (is_same_type(node->types.names[i], looked_at->names[k]))
                return false;
        }
    }
    return true;
}

/* Bounds that every number of objects is within, or none. */
static size_t lint_bounds(const struct place *place, const struct tfr_graph_condition *graph)
{
    if (graph->op == TFR_GRAPH_UNREFERENCED || graph->op == TFR_GRAPH_REACHABLE)
        return 0;
    if (graph->at_least > graph->at_most)
        return say(place, "at_least is above at_most: it is never true");
    if (graph->at_least == 0 && graph->at_most == UINT32_MAX)
        return say(place, "at_least 0 holds for every number: it is always true");
    return 0;
}

static size_t lint_condition(const struct place *place, const struct tfr_block *block, uint32_t at)
{
    const struct tfr_condition *node = &block->at[at];
    size_t count = 0;

    if (block->at[block->count - 1].kind == TFR_COND_OR && is_constant(node) &&
        at + 1 < block->count)
        count += say(place, "one branch of or is always true");
    if (is_empty_list(node))
        count += say(place, "a condition compares with an empty list: its answer never changes");
    if (needs_value(node) && node->value.kind == TFR_ABSENT)
        count += say(place, "a condition compares with a value but names none");
    if (node->kind <= TFR_COND_OR && tfr_lint_contradicts(block, at))
        count += say(place, node->kind == TFR_COND_AND
                                ? "conditions of an and exclude one another: it is never true"
                                : "conditions of an or are opposites: it is always true");
    if (node->kind == TFR_COND_CHANGE && !place->policy->program->plans)
        count += say(place, "change conditions are never true of states");
    if (is_about_others(place, node))
        count += say(place, "a condition names types that are not looked at here");
    if (node->kind == TFR_COND_GRAPH)
        count += lint_bounds(place, node->graph);
    return count + lint_names(place, node);
}

static size_t lint_block(const struct place *place, const struct tfr_block *block)
{
    size_t count = 0;

    for (uint32_t i = 0; i < block->count; i++)
        count += lint_condition(place, block, i);
    return count;
}

/* ---- where ---- */

enum answer { OPEN, ALWAYS, NEVER };

static enum answer leaf_answer(const struct tfr_condition *node)
{
    if (is_constant(node))
        return node->negate ? NEVER : ALWAYS;
    if (is_empty_list(node))
        return node->negate ? ALWAYS : NEVER;
    return OPEN;
}

/* Of an and: never if one is never, always if all are always; of an or the other way round. */
static enum answer join(const struct tfr_block *block, const enum answer *answers, uint32_t at)
{
    const bool is_and = block->at[at].kind == TFR_COND_AND;
    const enum answer decisive = is_and ? NEVER : ALWAYS;
    enum answer sum = is_and ? ALWAYS : NEVER;

    if (tfr_lint_contradicts(block, at))
        return decisive;
    for (uint32_t kid = at, left = block->at[at].size - 1; left > 0;) {
        const enum answer one = answers[kid - 1];

        if (one == decisive)
            return decisive;
        if (one == OPEN)
            sum = OPEN;
        left -= block->at[kid - 1].size;
        kid -= block->at[kid - 1].size;
    }
    return sum;
}

static enum answer not_answer(enum answer answer)
{
    return answer == OPEN ? OPEN : (answer == ALWAYS ? NEVER : ALWAYS);
}

/* What a block says of every object alike. */
static enum answer block_answer(const struct tfr_block *block)
{
    enum answer *answers = tfr_calloc(block->count, sizeof *answers);
    enum answer answer;

    for (uint32_t i = 0; i < block->count; i++) {
        const struct tfr_condition *node = &block->at[i];

        if (node->kind == TFR_COND_NOT)
            answers[i] = not_answer(answers[i - 1]);
        else
            answers[i] = node->kind <= TFR_COND_OR ? join(block, answers, i) : leaf_answer(node);
    }
    answer = answers[block->count - 1];
    tfr_free(answers);
    return answer;
}

static size_t lint_where(const struct place *around, const struct tfr_graph_condition *graph)
{
    const struct place place = { around->policy, "in where: ", &graph->types, around->out };
    const size_t count = lint_block(&place, &graph->where);
    const enum answer answer = graph->where.count > 0 ? block_answer(&graph->where) : OPEN;

    if (count > 0 || answer == OPEN) /* a condition in it has said why already */
        return count;
    return say(&place, answer == ALWAYS ? "it is always true: it leaves nobody out"
                                        : "it is never true: it finds nobody");
}

/* A block, and the `where` of its graph conditions: those hold none themselves. */
static size_t lint_all(const struct place *place, const struct tfr_block *block)
{
    size_t count = lint_block(place, block);

    for (uint32_t i = 0; i < block->count; i++) {
        if (block->at[i].kind == TFR_COND_GRAPH)
            count += lint_where(place, block->at[i].graph);
    }
    return count;
}

/* ---- policies ---- */

static size_t lint_policy(const struct tfr_policy *policy, FILE *out)
{
    const struct tfr_program *program = policy->program;
    const struct place definition = { policy, "", NULL, out };
    const struct place when = { policy, "in applies_when: ", &program->subjects, out };
    const struct place adjust = { policy, "in adjust: ", &program->subjects, out };
    size_t count = 0;

    if (policy->why == NULL)
        count += say(&definition, "metadata has no why");
    if (policy->fix == NULL)
        count += say(&definition, "metadata has no fix");
    if (is_constant(&program->definition.at[program->definition.count - 1]))
        count += say(&definition, "the definition is always true: it can never fail");
    count += lint_all(&definition, &program->definition);
    count += lint_all(&when, &program->when);
    for (uint32_t i = 0; i < program->adjust_count; i++)
        count += lint_all(&adjust, &program->adjust[i].when);
    return count;
}

size_t tfr_policies_lint(const struct tfr_policies *policies, FILE *out)
{
    size_t count = 0;

    for (size_t i = 0; i < tfr_policies_count(policies); i++)
        count += lint_policy(tfr_policies_at(policies, i), out);
    return count;
}
