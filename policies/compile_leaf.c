/* SPDX-License-Identifier: Apache-2.0 */
/* The leaves of a condition tree: what stands in one map with cond_type. */
#include "policies/compile.h"
#include "policies/jsonpath.h"
#include "policies/operators.h"
#include "policies/words.h"

#include <string.h>

static bool fail_at(struct tfr_compiler *compiler, const struct tfr_yaml *node, const char *what)
{
    return tfr_yaml_fail(compiler->err, &compiler->file, node, "%s", what);
}

/* The text of a key that must be there. */
static const char *need_text(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                             const char *key)
{
    const struct tfr_yaml *value = tfr_yaml_get(node, key);

    if (value != NULL && value->kind == TFR_YAML_SCALAR && value->len > 0)
        return value->text;
    (void)tfr_yaml_fail(compiler->err, &compiler->file, value != NULL ? value : node,
                        "%s must be a text", key);
    return NULL;
}

static bool known(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                  const char *const *keys)
{
    return tfr_yaml_known_keys(&compiler->file, node, keys, compiler->err);
}

/* All operators that Checkov has share one set of keys: it ignores those that an operator does not
 * use. */
static const char *const checkov_keys[] = {
    "cond_type", "resource_types", "connected_resource_types", "attribute", "operator", "value",
    NULL
};

static bool attribute_operator(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                               struct tfr_condition *out, bool *jsonpath)
{
    const char *text = need_text(compiler, node, "operator");
    const char *near;

    if (text == NULL)
        return false;
    *jsonpath = strncmp(text, "jsonpath_", 9) == 0;
    if (*jsonpath)
        text += 9;
    if (tfr_operator_parse(text, &out->op, &out->negate))
        return true;
    (void)fail_at(compiler, tfr_yaml_get(node, "operator"), "unknown operator");
    near = tfr_operator_nearest(text);
    return near != NULL ? tfr_fail_hint(compiler->err, "did you mean %s?", near) : false;
}

static bool is_jsonpath(struct tfr_compiler *compiler, const char *text)
{
    struct tfr_jsonpath *path = tfr_arena_alloc(compiler->file.arena, sizeof *path);

    return tfr_jsonpath_parse(compiler->file.arena, text, path);
}

/* A number or a boolean as a pattern is its text, as Python writes it. */
static void set_pattern(struct tfr_value *value)
{
    if (value->kind == TFR_BOOL) {
        value->text = value->truth ? "True" : "False";
        value->count = value->truth ? 4 : 5;
        value->kind = TFR_STRING;
    } else if (value->kind == TFR_NUMBER) {
        value->kind = TFR_STRING;
    }
}

static bool compile_attribute(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                              struct tfr_condition *out)
{
    static const char *const keys[] = { "cond_type",
                                        "resource_types",
                                        "connected_resource_types",
                                        "attribute",
                                        "operator",
                                        "value",
                                        "unset",
                                        NULL };
    const struct tfr_yaml *value = tfr_yaml_get(node, "value");
    const struct tfr_yaml *unset = tfr_yaml_get(node, "unset");
    const char *text;
    struct tfr_path *path;
    bool jsonpath = false;

    if (!known(compiler, node, keys) || !attribute_operator(compiler, node, out, &jsonpath))
        return false;
    text = need_text(compiler, node, "attribute");
    if (text == NULL)
        return false;
    path = (struct tfr_path *)(uintptr_t)tfr_compile_path(compiler, tfr_yaml_get(node, "attribute"),
                                                          text);
    if (path == NULL)
        return false;
    path->jsonpath = jsonpath;
    if (jsonpath && !is_jsonpath(compiler, text))
        return fail_at(compiler, tfr_yaml_get(node, "attribute"), "not a JSONPath of this dialect");
    out->path = path;
    if (value != NULL)
        out->value = value->value;
    if (unset != NULL)
        out->unset = unset->value;
    if (out->op == TFR_OP_REGEX_MATCH)
        set_pattern(&out->value);
    if (out->op == TFR_OP_REGEX_MATCH && out->value.kind != TFR_STRING)
        return fail_at(compiler, value != NULL ? value : node,
                       "the value must be a regular expression");
    if (out->op == TFR_OP_REGEX_MATCH && tfr_regex_check(out->value.text) != NULL)
        return fail_at(compiler, value, tfr_regex_check(out->value.text));
    return tfr_compile_types(compiler, tfr_yaml_get(node, "resource_types"), &out->types);
}

/* At this end Checkov takes words for names of types. */
static bool compile_other_types(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                                struct tfr_type_set *out)
{
    const char *provider = compiler->provider;
    struct tfr_type_set written = { 0 };
    bool ok;

    if (!tfr_compile_types(compiler, node, out))
        return false;
    if (out->checkov == NULL)
        return true;
    compiler->provider = NULL;
    ok = tfr_compile_types(compiler, node, &written);
    compiler->provider = provider;
    out->checkov = written.names;
    out->checkov_count = written.count;
    return ok;
}

static bool compile_connection(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                               struct tfr_condition *out)
{
    const char *text = need_text(compiler, node, "operator");

    if (text == NULL || !known(compiler, node, checkov_keys))
        return false;
    out->op = TFR_OP_EXISTS;
    out->negate = strcmp(text, "not_exists") == 0;
    if (strcmp(text, "one_exists") == 0)
        out->op = TFR_OP_ONE_EXISTS;
    else if (strcmp(text, "exists") != 0 && !out->negate)
        return fail_at(compiler, tfr_yaml_get(node, "operator"),
                       "a connection has the operators exists, not_exists and one_exists");
    return tfr_compile_types(compiler, tfr_yaml_get(node, "resource_types"), &out->types) &&
           compile_other_types(compiler, tfr_yaml_get(node, "connected_resource_types"),
                               &out->other_types);
}

static bool compile_filter(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                           struct tfr_condition *out)
{
    const struct tfr_yaml *value = tfr_yaml_get(node, "value");
    const char *text = need_text(compiler, node, "operator");
    const char *attribute = need_text(compiler, node, "attribute");

    if (text == NULL || attribute == NULL || !known(compiler, node, checkov_keys))
        return false;
    if (strcmp(text, "within") != 0)
        return fail_at(compiler, tfr_yaml_get(node, "operator"),
                       "a filter has the operator within only");
    if (value == NULL || value->kind == TFR_YAML_MAP)
        return fail_at(compiler, value != NULL ? value : node,
                       "the value must be a list or a text");
    out->op = TFR_OP_WITHIN;
    out->value = value->value;
    out->path = tfr_compile_path(compiler, node, attribute);
    return out->path != NULL;
}

static bool compile_resource(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                             struct tfr_condition *out)
{
    const char *text = need_text(compiler, node, "operator");

    if (text == NULL || !known(compiler, node, checkov_keys))
        return false;
    out->op = TFR_OP_EXISTS;
    out->negate = strcmp(text, "not_exists") == 0;
    if (!out->negate && strcmp(text, "exists") != 0)
        return fail_at(compiler, tfr_yaml_get(node, "operator"),
                       "a resource condition has the operators exists and not_exists");
    if (tfr_yaml_get(node, "resource_types") == NULL)
        return fail_at(compiler, node, "a resource condition needs resource_types");
    return tfr_compile_types(compiler, tfr_yaml_get(node, "resource_types"), &out->types);
}

static bool change_actions(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                           uint16_t *out)
{
    const char *const *words = NULL;

    if (!tfr_compile_texts(compiler, node, &words))
        return false;
    for (; words != NULL && *words != NULL; words++) {
        const uint16_t bits = tfr_change_word_parse(*words);

        if (bits == 0)
            return fail_at(compiler, node, "unknown action");
        *out |= bits;
    }
    return true;
}

/* true, false or not said */
static bool tristate(struct tfr_compiler *compiler, const struct tfr_yaml *node, uint8_t *out)
{
    if (node == NULL)
        return true;
    if (node->value.kind != TFR_BOOL)
        return fail_at(compiler, node, "must be true or false");
    *out = node->value.truth ? TFR_TRUE : TFR_FALSE;
    return true;
}

static bool change_how(struct tfr_compiler *compiler, const struct tfr_yaml *node, uint8_t *out)
{
    static const char *const words[] = { "changed", "decreased", "increased", "removed", "added" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const struct tfr_yaml *value = tfr_yaml_get(node, words[i]);

        if (value == NULL)
            continue;
        if (value->value.kind != TFR_BOOL || !value->value.truth)
            return fail_at(compiler, value, "must be true");
        *out |= (uint8_t)(1u << i);
    }
    return true;
}

static bool change_values(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                          struct tfr_change_condition *change)
{
    const struct tfr_yaml *was = tfr_yaml_get(node, "was"), *became = tfr_yaml_get(node, "became");
    const struct tfr_yaml *weaker = tfr_yaml_get(node, "weaker");
    const struct tfr_yaml *attribute = tfr_yaml_get(node, "attribute");
    const bool asks = was != NULL || became != NULL || weaker != NULL || change->how != 0;

    if (was != NULL)
        change->was = was->value;
    if (became != NULL)
        change->became = became->value;
    if (weaker != NULL && weaker->kind != TFR_YAML_LIST)
        return fail_at(compiler, weaker, "weaker must be a list, strongest first");
    if (weaker != NULL)
        change->weaker = weaker->value;
    if (asks != (attribute != NULL))
        return fail_at(compiler, node, "attribute and what became of it belong together");
    if (attribute == NULL)
        return true;
    change->path =
        tfr_compile_path(compiler, attribute, attribute->text != NULL ? attribute->text : "");
    return change->path != NULL;
}

static bool compile_change(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                           struct tfr_condition *out)
{
    static const char *const keys[] = { "cond_type",   "resource_types", "actions", "reasons",
                                        "replaced_by", "attribute",      "changed", "decreased",
                                        "increased",   "removed",        "added",   "was",
                                        "became",      "weaker",         "deposed", "tainted",
                                        "moved",       "importing",      NULL };
    struct tfr_change_condition *change = tfr_arena_zalloc(compiler->file.arena, sizeof *change);

    out->change = change;
    return known(compiler, node, keys) &&
           change_actions(compiler, tfr_yaml_get(node, "actions"), &change->actions) &&
           tfr_compile_texts(compiler, tfr_yaml_get(node, "reasons"), &change->reasons) &&
           tfr_compile_texts(compiler, tfr_yaml_get(node, "replaced_by"), &change->replaced_by) &&
           tristate(compiler, tfr_yaml_get(node, "deposed"), &change->deposed) &&
           tristate(compiler, tfr_yaml_get(node, "tainted"), &change->tainted) &&
           tristate(compiler, tfr_yaml_get(node, "moved"), &change->moved) &&
           tristate(compiler, tfr_yaml_get(node, "importing"), &change->importing) &&
           change_how(compiler, node, &change->how) && change_values(compiler, node, change) &&
           tfr_compile_types(compiler, tfr_yaml_get(node, "resource_types"), &out->types);
}

static bool number(struct tfr_compiler *compiler, const struct tfr_yaml *node, uint32_t *out)
{
    long long value = 0;

    if (node == NULL)
        return true;
    if (node->value.kind != TFR_NUMBER || !tfr_value_integer(&node->value, &value) || value < 0 ||
        value > UINT32_MAX - 1)
        return fail_at(compiler, node, "must be a number, 0 or more");
    *out = (uint32_t)value;
    return true;
}

static bool graph_path(struct tfr_compiler *compiler, const struct tfr_yaml *node, const char *key,
                       const struct tfr_path **out)
{
    const struct tfr_yaml *value = tfr_yaml_get(node, key);

    if (value == NULL)
        return true;
    *out = tfr_compile_path(compiler, value, value->text != NULL ? value->text : "");
    return *out != NULL;
}

static bool graph_words(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                        struct tfr_graph_condition *graph)
{
    const char *text = need_text(compiler, node, "operator");
    const struct tfr_yaml *direction = tfr_yaml_get(node, "direction");

    if (text == NULL)
        return false;
    if (!tfr_graph_operator_parse(text, &graph->op))
        return fail_at(compiler, tfr_yaml_get(node, "operator"),
                       "unknown operator of a graph condition");
    graph->direction = TFR_DOWN;
    if (direction != NULL &&
        !tfr_direction_parse(direction->text != NULL ? direction->text : "", &graph->direction))
        return fail_at(compiler, direction, "direction is up, down or around");
    graph->depth = graph->op == TFR_GRAPH_DISTINCT ? 1 : 0;
    graph->at_most = UINT32_MAX;
    graph->at_least = tfr_yaml_get(node, "at_most") != NULL ? 0 : 1;
    return number(compiler, tfr_yaml_get(node, "depth"), &graph->depth) &&
           number(compiler, tfr_yaml_get(node, "at_least"), &graph->at_least) &&
           number(compiler, tfr_yaml_get(node, "at_most"), &graph->at_most);
}

static bool graph_needs(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                        const struct tfr_graph_condition *graph)
{
    if (graph->op >= TFR_GRAPH_REACHABLE && tfr_yaml_get(node, "types") == NULL)
        return fail_at(compiler, node, "this graph operator needs types");
    if (graph->op >= TFR_GRAPH_DISTINCT && graph->path == NULL)
        return fail_at(compiler, node, "this graph operator needs attribute");
    if (graph->op == TFR_GRAPH_JOINED && graph->other == NULL)
        return fail_at(compiler, node, "joined needs other: the attribute of the second type");
    return true;
}

static bool compile_graph(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                          struct tfr_condition *out, const struct tfr_yaml **where)
{
    static const char *const keys[] = { "cond_type", "resource_types", "operator",  "types",
                                        "paths",     "where",          "at_least",  "at_most",
                                        "direction", "depth",          "attribute", "other",
                                        NULL };
    struct tfr_graph_condition *graph = tfr_arena_zalloc(compiler->file.arena, sizeof *graph);

    out->graph = graph;
    *where = tfr_yaml_get(node, "where");
    return known(compiler, node, keys) && graph_words(compiler, node, graph) &&
           tfr_compile_types(compiler, tfr_yaml_get(node, "types"), &graph->types) &&
           tfr_compile_texts(compiler, tfr_yaml_get(node, "paths"), &graph->paths) &&
           graph_path(compiler, node, "attribute", &graph->path) &&
           graph_path(compiler, node, "other", &graph->other) &&
           graph_needs(compiler, node, graph) &&
           tfr_compile_types(compiler, tfr_yaml_get(node, "resource_types"), &out->types);
}

static bool compile_class(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                          struct tfr_condition *out)
{
    static const char *const keys[] = { "cond_type", "resource_types", "list", "value", NULL };
    const struct tfr_yaml *value = tfr_yaml_get(node, "value");
    const char *name = "stateful";

    if (!known(compiler, node, keys))
        return false;
    if (tfr_yaml_get(node, "list") != NULL)
        name = need_text(compiler, node, "list");
    for (uint32_t i = 0; name != NULL && i < compiler->list_count; i++) {
        if (strcmp(compiler->lists[i]->name, name) == 0)
            out->list = compiler->lists[i];
    }
    if (out->list == NULL)
        return fail_at(compiler, node, "there is no such type list");
    if (out->kind == TFR_COND_CLASS && (value == NULL || value->kind == TFR_YAML_MAP))
        return fail_at(compiler, node, "value must be a tag or a list of tags");
    if (value != NULL)
        out->value = value->value;
    return tfr_compile_types(compiler, tfr_yaml_get(node, "resource_types"), &out->types);
}

static bool compile_inputs(struct tfr_compiler *compiler, const struct tfr_yaml *inputs,
                           struct tfr_condition *out)
{
    struct tfr_param *params;

    if (inputs == NULL)
        return true;
    if (inputs->kind != TFR_YAML_MAP)
        return fail_at(compiler, inputs, "inputs must be a map");
    params = tfr_arena_zalloc(compiler->file.arena, (inputs->count + 1) * sizeof *params);
    for (uint32_t i = 0; i < inputs->count; i++) {
        const struct tfr_yaml *value = inputs->items[2 * i + 1];

        if (value->kind != TFR_YAML_SCALAR)
            return fail_at(compiler, value, "an input is a text");
        params[i] = (struct tfr_param){ inputs->items[2 * i]->text, value->text };
    }
    out->params = params;
    out->param_count = inputs->count;
    return true;
}

static bool compile_analyser(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                             struct tfr_condition *out)
{
    static const char *const keys[] = { "cond_type", "resource_types", "name", "inputs", NULL };

    if (!known(compiler, node, keys))
        return false;
    out->name = need_text(compiler, node, "name");
    if (out->name == NULL)
        return false;
    if (compiler->knows_analyser != NULL && !compiler->knows_analyser(out->name))
        return fail_at(compiler, tfr_yaml_get(node, "name"), "there is no such analyser");
    return compile_inputs(compiler, tfr_yaml_get(node, "inputs"), out) &&
           tfr_compile_types(compiler, tfr_yaml_get(node, "resource_types"), &out->types);
}

bool tfr_compile_leaf(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                      struct tfr_condition *out, const struct tfr_yaml **where)
{
    const struct tfr_yaml *kind = tfr_yaml_get(node, "cond_type");

    out->size = 1;
    out->kind = TFR_COND_ANY;
    if (kind == NULL) {
        out->op = TFR_OP_ANY;
        out->negate =
            tfr_yaml_get(node, "attribute") == NULL; /* the form that Checkov cannot evaluate */
        return known(compiler, node, checkov_keys) &&
               tfr_compile_types(compiler, tfr_yaml_get(node, "resource_types"), &out->types);
    }
    if (kind->text == NULL || !tfr_condition_kind_parse(kind->text, &out->kind))
        return fail_at(compiler, kind, "unknown cond_type");
    switch (out->kind) {
    case TFR_COND_ATTRIBUTE:
        return compile_attribute(compiler, node, out);
    case TFR_COND_CONNECTION:
        return compile_connection(compiler, node, out);
    case TFR_COND_FILTER:
        return compile_filter(compiler, node, out);
    case TFR_COND_RESOURCE:
        return compile_resource(compiler, node, out);
    case TFR_COND_CHANGE:
        return compile_change(compiler, node, out);
    case TFR_COND_GRAPH:
        return compile_graph(compiler, node, out, where);
    case TFR_COND_ANALYSER:
        return compile_analyser(compiler, node, out);
    default:
        return compile_class(compiler, node, out);
    }
}
