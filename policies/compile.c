/* SPDX-License-Identifier: Apache-2.0 */
/* Condition trees, paths and type lists. */
#include "policies/compile.h"

#include <stdlib.h>
#include <string.h>

#define MAX_WHERE 64

/* A map that is being compiled: its kids are appended first, then itself. */
struct frame {
    const struct tfr_yaml *kids; /* list, or a single map */
    uint32_t next;
    uint32_t first; /* where its kids begin in the output */
    uint8_t kind;
};

struct waiting {
    const struct tfr_yaml *node;
    struct tfr_graph_condition *graph;
};

struct tree {
    struct tfr_compiler *compiler;
    struct frame frames[TFR_YAML_DEPTH];
    size_t depth;
    struct tfr_condition *at;
    size_t count, cap;
    struct waiting where[MAX_WHERE];
    size_t where_count;
};

bool tfr_compile_texts(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                       const char *const **out)
{
    const char **texts;

    if (node == NULL)
        return true;
    if (node->kind == TFR_YAML_MAP)
        return tfr_yaml_fail(compiler->err, &compiler->file, node,
                             "must be a text or a list of texts");
    texts = tfr_arena_zalloc(compiler->file.arena, (node->count + 2) * sizeof(char *));
    if (node->kind == TFR_YAML_SCALAR)
        texts[0] = node->text;
    for (uint32_t i = 0; node->kind == TFR_YAML_LIST && i < node->count; i++) {
        if (node->items[i]->kind != TFR_YAML_SCALAR)
            return tfr_yaml_fail(compiler->err, &compiler->file, node->items[i], "must be a text");
        texts[i] = node->items[i]->text;
    }
    *out = texts;
    return true;
}

/* ---- paths ---- */

const struct tfr_path *tfr_compile_path(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                                        const char *text)
{
    struct tfr_path *path = tfr_arena_zalloc(compiler->file.arena, sizeof *path);
    struct tfr_step steps[TFR_PATH_STEPS];

    if (strncmp(text, "before:", 7) == 0)
        path->side = TFR_SIDE_BEFORE, text += 7;
    else if (strncmp(text, "after:", 6) == 0)
        path->side = TFR_SIDE_AFTER, text += 6;
    path->text = text;
    if (*text == '\0' || strlen(text) > 4096) {
        (void)tfr_yaml_fail(compiler->err, &compiler->file, node,
                            "an attribute path has 1 to 4096 bytes");
        return NULL;
    }
    for (size_t at = 0;; at++) {
        const size_t len = strcspn(text + at, ".");
        const bool star = len == 1 && text[at] == '*';

        if (path->step_count == TFR_PATH_STEPS) {
            (void)tfr_yaml_fail(compiler->err, &compiler->file, node,
                                "an attribute path has at most %d steps", TFR_PATH_STEPS);
            return NULL;
        }
        steps[path->step_count] = (struct tfr_step){ .at = (uint16_t)at, .len = (uint16_t)len };
        if (star && at > 0)
            steps[path->step_count].kind = TFR_STEP_STAR, path->star = true;
        else if (len > 0 && strspn(text + at, "0123456789") >= len)
            steps[path->step_count].kind = TFR_STEP_INDEX;
        path->step_count++;
        at += len;
        if (text[at] == '\0')
            break;
    }
    path->steps = tfr_arena_copy(compiler->file.arena, steps, path->step_count * sizeof steps[0]);
    path->slot = compiler->path_slots;
    compiler->path_slots += tfr_path_slots(path->step_count);
    return path;
}

/* ---- trees ---- */

#define ANY_ACTION UINT16_MAX /* while an `and` or `or` is worked out */

/* The key that makes a map complex: the first of and, or, not that is there and not empty. */
static const struct tfr_yaml *complex_kids(const struct tfr_yaml *node, uint8_t *kind)
{
    static const char *const keys[] = { "and", "or", "not" };

    for (uint8_t i = 0; i < 3; i++) {
        const struct tfr_yaml *kids = tfr_yaml_get(node, keys[i]);

        if (kids != NULL && kids->kind != TFR_YAML_SCALAR && kids->count > 0) {
            *kind = i;
            return kids;
        }
    }
    return NULL;
}

static bool push_complex(struct tree *tree, const struct tfr_yaml *node,
                         const struct tfr_yaml *kids, uint8_t kind)
{
    static const char *const keys[] = { "and",
                                        "or",
                                        "not",
                                        "cond_type",
                                        "resource_types",
                                        "operator",
                                        "attribute",
                                        "value",
                                        "connected_resource_types",
                                        NULL };

    if (!tfr_yaml_known_keys(&tree->compiler->file, node, keys, tree->compiler->err))
        return false;
    if (kind == TFR_COND_NOT && kids->kind == TFR_YAML_LIST && kids->count != 1)
        return tfr_yaml_fail(tree->compiler->err, &tree->compiler->file, kids,
                             "not has exactly one condition");
    tree->frames[tree->depth++] =
        (struct frame){ .kids = kids, .first = (uint32_t)tree->count, .kind = kind };
    return true;
}

static struct tfr_condition *append(struct tree *tree)
{
    tree->at = tfr_grow(tree->at, &tree->cap, tree->count + 1, sizeof *tree->at);
    tree->at[tree->count] = (struct tfr_condition){ .size = 1 };
    return &tree->at[tree->count++];
}

/* The changes that a condition can be true of: one of these words must hold of the object. */
static uint16_t needed_words(const struct tfr_change_condition *change)
{
    if (change->tainted == TFR_TRUE)
        return TFR_CHANGE_TAINTED;
    if (change->importing == TFR_TRUE)
        return TFR_CHANGE_IMPORT;
    return change->moved == TFR_TRUE ? TFR_CHANGE_MOVE : change->actions;
}

static bool add_leaf(struct tree *tree, const struct tfr_yaml *node)
{
    const struct tfr_yaml *where = NULL;
    struct tfr_condition *leaf = append(tree);

    if (!tfr_compile_leaf(tree->compiler, node, leaf, &where))
        return false;
    leaf->actions = leaf->change != NULL ? needed_words(leaf->change) : 0;
    if (where == NULL)
        return true;
    if (tree->where_count == MAX_WHERE)
        return tfr_yaml_fail(tree->compiler->err, &tree->compiler->file, where,
                             "more than %d where in one policy", MAX_WHERE);
    tree->where[tree->where_count++] =
        (struct waiting){ where, (struct tfr_graph_condition *)(uintptr_t)leaf->graph };
    return true;
}

static bool enter(struct tree *tree, const struct tfr_yaml *node)
{
    const struct tfr_yaml *kids;
    uint8_t kind = 0;

    if (node->kind != TFR_YAML_MAP)
        return tfr_yaml_fail(tree->compiler->err, &tree->compiler->file, node,
                             "a condition is a map");
    kids = complex_kids(node, &kind);
    return kids != NULL ? push_complex(tree, node, kids, kind) : add_leaf(tree, node);
}

/* An `and` is true of what all its kids can be true of, an `or` of what any can. Words that stand
 * beside others cannot be held against them: those of one kid must hold, and say enough. */
static uint16_t join_actions(const struct tfr_condition *node, uint16_t sum, uint16_t kid)
{
    if (node->kind == TFR_COND_AND && sum != ANY_ACTION && (sum & TFR_CHANGE_BESIDE) != 0)
        return sum;
    if (node->kind == TFR_COND_AND && kid != ANY_ACTION && (kid & TFR_CHANGE_BESIDE) != 0)
        return kid;
    if (node->kind == TFR_COND_AND)
        return sum & kid;
    return node->kind == TFR_COND_OR ? sum | kid : ANY_ACTION;
}

static void adopt_kids(struct tree *tree, uint32_t place)
{
    struct tfr_condition *node = &tree->at[place];
    uint16_t actions = node->kind == TFR_COND_AND ? ANY_ACTION : 0;

    for (uint32_t end = place, first = place + 1 - node->size; end > first;) {
        struct tfr_condition *kid = &tree->at[end - 1];

        kid->up = place - (end - 1);
        actions = join_actions(node, actions, kid->actions != 0 ? kid->actions : ANY_ACTION);
        end -= kid->size;
    }
    node->actions = actions != ANY_ACTION ? actions : 0;
}

static bool close_frame(struct tree *tree)
{
    const struct frame frame = tree->frames[--tree->depth];
    struct tfr_condition *node = append(tree);

    node->kind = frame.kind;
    node->size = (uint32_t)tree->count - frame.first;
    adopt_kids(tree, (uint32_t)tree->count - 1);
    return true;
}

static bool step(struct tree *tree)
{
    struct frame *top = &tree->frames[tree->depth - 1];

    if (top->kids->kind == TFR_YAML_MAP && top->next == 0) {
        top->next = 1;
        return enter(tree, top->kids);
    }
    if (top->kids->kind == TFR_YAML_LIST && top->next < top->kids->count)
        return enter(tree, top->kids->items[top->next++]);
    return close_frame(tree);
}

static bool compile_tree(struct tree *tree, const struct tfr_yaml *node, struct tfr_block *out)
{
    bool ok;

    tree->count = 0;
    ok = enter(tree, node);
    while (ok && tree->depth > 0)
        ok = step(tree);
    if (ok) {
        out->at =
            tfr_arena_copy(tree->compiler->file.arena, tree->at, tree->count * sizeof *tree->at);
        out->count = (uint32_t)tree->count;
    }
    return ok;
}

/* `where` blocks see one object and its attributes: nothing that needs the graph again. */
static bool where_is_plain(struct tree *tree, const struct tfr_yaml *node,
                           const struct tfr_block *block)
{
    for (uint32_t i = 0; i < block->count; i++) {
        const uint8_t kind = block->at[i].kind;

        if (kind == TFR_COND_GRAPH || kind == TFR_COND_CONNECTION || kind == TFR_COND_ANALYSER)
            return tfr_yaml_fail(tree->compiler->err, &tree->compiler->file, node,
                                 "where holds conditions about one object only");
    }
    return true;
}

bool tfr_compile_block(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                       struct tfr_block *out)
{
    struct tree tree = { .compiler = compiler };
    bool ok = compile_tree(&tree, node, out);
    const size_t waiting = tree.where_count;

    for (size_t i = 0; ok && i < waiting; i++) {
        ok = compile_tree(&tree, tree.where[i].node, &tree.where[i].graph->where) &&
             where_is_plain(&tree, tree.where[i].node, &tree.where[i].graph->where);
    }
    tfr_free(tree.at);
    return ok;
}

/* ---- type lists ---- */

static int by_type(const void *a, const void *b)
{
    const struct tfr_type_row *left = a, *right = b;

    return strcmp(left->type, right->type);
}

static bool compile_guards(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                           struct tfr_type_row *row)
{
    struct tfr_guard *guards;

    if (node == NULL)
        return true;
    if (node->kind != TFR_YAML_MAP)
        return tfr_yaml_fail(compiler->err, &compiler->file, node, "guards must be a map");
    guards = tfr_arena_zalloc(compiler->file.arena, (node->count + 1) * sizeof *guards);
    for (uint32_t i = 0; i < node->count; i++)
        guards[i] = (struct tfr_guard){ node->items[2 * i]->text, node->items[2 * i + 1]->value };
    row->guards = guards;
    row->guard_count = node->count;
    return true;
}

static bool compile_row(struct tfr_compiler *compiler, const struct tfr_yaml *key,
                        const struct tfr_yaml *node, struct tfr_type_row *row)
{
    static const char *const keys[] = { "tags", "unless", "guards", "note", NULL };
    static const char *const unless_keys[] = { "attribute", "tags", NULL };
    const struct tfr_yaml *unless = tfr_yaml_get(node, "unless");

    row->type = key->text;
    if (node->kind != TFR_YAML_MAP)
        return tfr_yaml_fail(compiler->err, &compiler->file, node, "a type must be a map");
    if (!tfr_yaml_known_keys(&compiler->file, node, keys, compiler->err) ||
        !tfr_compile_texts(compiler, tfr_yaml_get(node, "tags"), &row->tags) ||
        !compile_guards(compiler, tfr_yaml_get(node, "guards"), row))
        return false;
    if (unless == NULL)
        return true;
    if (unless->kind != TFR_YAML_MAP || tfr_yaml_string(tfr_yaml_get(unless, "attribute")) == NULL)
        return tfr_yaml_fail(compiler->err, &compiler->file, unless,
                             "unless needs attribute and tags");
    row->unless = tfr_yaml_string(tfr_yaml_get(unless, "attribute"));
    return tfr_yaml_known_keys(&compiler->file, unless, unless_keys, compiler->err) &&
           tfr_compile_texts(compiler, tfr_yaml_get(unless, "tags"), &row->unless_tags);
}

bool tfr_compile_list(struct tfr_compiler *compiler, const char *name, const struct tfr_yaml *node,
                      struct tfr_type_list *out)
{
    static const char *const keys[] = { "types", NULL };
    const struct tfr_yaml *types = tfr_yaml_get(node, "types");
    struct tfr_type_row *rows;

    if (types == NULL || types->kind != TFR_YAML_MAP)
        return tfr_yaml_fail(compiler->err, &compiler->file, node,
                             "a type list is a map with types");
    if (!tfr_yaml_known_keys(&compiler->file, node, keys, compiler->err))
        return false;
    rows = tfr_arena_zalloc(compiler->file.arena, (types->count + 1) * sizeof *rows);
    for (uint32_t i = 0; i < types->count; i++) {
        if (!compile_row(compiler, types->items[2 * i], types->items[2 * i + 1], &rows[i]))
            return false;
    }
    qsort(rows, types->count, sizeof *rows, by_type);
    *out = (struct tfr_type_list){ .name = name, .rows = rows, .count = types->count };
    return true;
}
