/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything is written before what points to it, under a running number: t7 a list of texts, v8
 * values, p9 a path ... A number of 0 stands for NULL.
 */
#include "policies/emit.h"
#include "policies/emit_values.h"

#include <inttypes.h>

/* ---- paths, types, lists ---- */

static unsigned emit_path(struct tfr_emitter *emitter, const struct tfr_path *path)
{
    unsigned number;

    if (path == NULL)
        return 0;
    number = ++emitter->next;
    (void)fprintf(emitter->out, "static const struct tfr_step st%u[] = { ", number);
    for (uint16_t i = 0; i < path->step_count; i++)
        (void)fprintf(emitter->out, "{ %u, %u, %u }, ", path->steps[i].at, path->steps[i].len,
                      path->steps[i].kind);
    (void)fprintf(emitter->out, "};\nstatic const struct tfr_path p%u[] = { { ", number);
    tfr_put_string(emitter, path->text);
    (void)fprintf(emitter->out, ", st%u, %u, %u, %d, %d, %" PRIu32 " } };\n", number,
                  path->step_count, path->side, path->star, path->jsonpath, path->slot);
    return number;
}

static unsigned emit_types(struct tfr_emitter *emitter, const struct tfr_type_set *types)
{
    return types->count > 0 ? tfr_emit_texts(emitter, types->names, types->count) : 0;
}

static void put_types(struct tfr_emitter *emitter, const struct tfr_type_set *types,
                      unsigned number)
{
    tfr_put(emitter, "{ ");
    tfr_put_ref(emitter, "t", number);
    (void)fprintf(emitter->out, ", %" PRIu32 ", %d, %d, %u, NULL, 0, false }", types->count,
                  types->all, types->taggable, types->classes);
}

static unsigned emit_guards(struct tfr_emitter *emitter, const struct tfr_type_row *row)
{
    const unsigned number = ++emitter->next;

    (void)fprintf(emitter->out, "static const struct tfr_guard gd%u[] = {\n", number);
    for (uint32_t i = 0; i < row->guard_count; i++) {
        tfr_put(emitter, "{ ");
        tfr_put_string(emitter, row->guards[i].path);
        tfr_put(emitter, ", ");
        tfr_put_value(emitter, &row->guards[i].value, 0);
        tfr_put(emitter, " },\n");
    }
    tfr_put(emitter, "};\n");
    return number;
}

struct row_ids {
    unsigned tags, unless_tags, guards;
};

/* @return bytes of a field for each type; 0: the list says something of one of them */
static size_t width_of_types(const struct tfr_type_list *list)
{
    size_t width = 0;

    for (uint32_t i = 0; i < list->count; i++) {
        const struct tfr_type_row *row = &list->rows[i];
        const size_t len = strlen(row->type) + 1;

        if (row->tags != NULL || row->unless != NULL || row->guard_count > 0)
            return 0;
        width = len > width ? len : width;
    }
    return width;
}

static void emit_mere_types(struct tfr_emitter *emitter, const struct tfr_type_list *list,
                            size_t width)
{
    (void)fprintf(emitter->out, "static const char types_%s[][%zu] = {\n", list->name, width);
    for (uint32_t i = 0; i < list->count; i++) {
        tfr_put_string(emitter, list->rows[i].type);
        tfr_put(emitter, ",\n");
    }
    (void)fprintf(emitter->out,
                  "};\nstatic const struct tfr_type_list list_%s = { \"%s\", NULL, %" PRIu32
                  ", %zu, types_%s[0] };\n",
                  list->name, list->name, list->count, width, list->name);
}

static void emit_type_list(struct tfr_emitter *emitter, const struct tfr_type_list *list)
{
    const size_t width = width_of_types(list);
    struct row_ids *ids;

    if (width > 0) {
        emit_mere_types(emitter, list, width);
        return;
    }
    ids = tfr_calloc(list->count + 1, sizeof *ids);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct tfr_type_row *row = &list->rows[i];

        ids[i].tags = tfr_emit_list(emitter, row->tags);
        ids[i].unless_tags = tfr_emit_list(emitter, row->unless_tags);
        ids[i].guards = row->guard_count > 0 ? emit_guards(emitter, row) : 0;
    }
    (void)fprintf(emitter->out, "static const struct tfr_type_row rows_%s[] = {\n", list->name);
    for (uint32_t i = 0; i < list->count; i++) {
        tfr_put(emitter, "{ ");
        tfr_put_string(emitter, list->rows[i].type);
        tfr_put(emitter, ", ");
        tfr_put_ref(emitter, "t", ids[i].tags);
        tfr_put(emitter, ", ");
        tfr_put_string(emitter, list->rows[i].unless);
        tfr_put(emitter, ", ");
        tfr_put_ref(emitter, "t", ids[i].unless_tags);
        tfr_put(emitter, ", ");
        tfr_put_ref(emitter, "gd", ids[i].guards);
        (void)fprintf(emitter->out, ", %" PRIu32 " },\n", list->rows[i].guard_count);
    }
    (void)fprintf(emitter->out,
                  "};\nstatic const struct tfr_type_list list_%s = { \"%s\", rows_%s, %" PRIu32
                  ", 0, NULL };\n",
                  list->name, list->name, list->name, list->count);
    tfr_free(ids);
}

/* ---- conditions ---- */

struct condition_ids {
    unsigned types, other_types, path, value, unset, change, graph, params;
};

static unsigned emit_change(struct tfr_emitter *emitter, const struct tfr_change_condition *change)
{
    const unsigned reasons = tfr_emit_list(emitter, change->reasons);
    const unsigned replaced = tfr_emit_list(emitter, change->replaced_by);
    const unsigned path = emit_path(emitter, change->path);
    const unsigned was = tfr_emit_value(emitter, &change->was);
    const unsigned became = tfr_emit_value(emitter, &change->became);
    const unsigned weaker = tfr_emit_value(emitter, &change->weaker);
    const unsigned number = ++emitter->next;

    (void)fprintf(emitter->out,
                  "static const struct tfr_change_condition ch%u[] = { { .actions = %u, .how = %u, "
                  ".deposed = %u, "
                  ".tainted = %u, .moved = %u, .importing = %u, .reasons = ",
                  number, change->actions, change->how, change->deposed, change->tainted,
                  change->moved, change->importing);
    tfr_put_ref(emitter, "t", reasons);
    tfr_put(emitter, ", .replaced_by = ");
    tfr_put_ref(emitter, "t", replaced);
    tfr_put(emitter, ", .path = ");
    tfr_put_ref(emitter, "p", path);
    tfr_put(emitter, ", .was = ");
    tfr_put_value(emitter, &change->was, was);
    tfr_put(emitter, ", .became = ");
    tfr_put_value(emitter, &change->became, became);
    tfr_put(emitter, ", .weaker = ");
    tfr_put_value(emitter, &change->weaker, weaker);
    tfr_put(emitter, " } };\n");
    return number;
}

static unsigned emit_params(struct tfr_emitter *emitter, const struct tfr_condition *node)
{
    const unsigned number = ++emitter->next;

    (void)fprintf(emitter->out, "static const struct tfr_param pa%u[] = { ", number);
    for (uint32_t i = 0; i < node->param_count; i++) {
        tfr_put(emitter, "{ ");
        tfr_put_string(emitter, node->params[i].key);
        tfr_put(emitter, ", ");
        tfr_put_string(emitter, node->params[i].value);
        tfr_put(emitter, " }, ");
    }
    tfr_put(emitter, "};\n");
    return number;
}

static void put_condition(struct tfr_emitter *emitter, const struct tfr_condition *node,
                          const struct condition_ids *ids)
{
    (void)fprintf(emitter->out,
                  "{ .kind = %u, .op = %u, .negate = %d, .actions = %u, .size = %" PRIu32
                  ", .up = %" PRIu32 ", .types = ",
                  node->kind, node->op, node->negate, node->actions, node->size, node->up);
    put_types(emitter, &node->types, ids->types);
    tfr_put(emitter, ", .other_types = ");
    put_types(emitter, &node->other_types, ids->other_types);
    tfr_put(emitter, ", .path = ");
    tfr_put_ref(emitter, "p", ids->path);
    tfr_put(emitter, ", .value = ");
    tfr_put_value(emitter, &node->value, ids->value);
    tfr_put(emitter, ", .unset = ");
    tfr_put_value(emitter, &node->unset, ids->unset);
    tfr_put(emitter, ", .change = ");
    tfr_put_ref(emitter, "ch", ids->change);
    tfr_put(emitter, ", .graph = ");
    tfr_put_ref(emitter, "gr", ids->graph);
    if (node->list != NULL)
        (void)fprintf(emitter->out, ", .list = &list_%s", node->list->name);
    tfr_put(emitter, ", .name = ");
    tfr_put_string(emitter, node->name);
    tfr_put(emitter, ", .params = ");
    tfr_put_ref(emitter, "pa", ids->params);
    (void)fprintf(emitter->out, ", .param_count = %" PRIu32 " },\n", node->param_count);
}

static unsigned put_block(struct tfr_emitter *emitter, const struct tfr_block *block,
                          const struct condition_ids *ids)
{
    const unsigned number = ++emitter->next;

    (void)fprintf(emitter->out, "static const struct tfr_condition c%u[] = {\n", number);
    for (uint32_t i = 0; i < block->count; i++)
        put_condition(emitter, &block->at[i], &ids[i]);
    tfr_put(emitter, "};\n");
    return number;
}

static void emit_parts(struct tfr_emitter *emitter, const struct tfr_condition *node,
                       struct condition_ids *ids)
{
    ids->types = emit_types(emitter, &node->types);
    ids->other_types = emit_types(emitter, &node->other_types);
    ids->path = emit_path(emitter, node->path);
    ids->value = tfr_emit_value(emitter, &node->value);
    ids->unset = tfr_emit_value(emitter, &node->unset);
    ids->change = node->change != NULL ? emit_change(emitter, node->change) : 0;
    ids->params = node->param_count > 0 ? emit_params(emitter, node) : 0;
}

/* A block that holds no graph condition. */
static unsigned emit_where(struct tfr_emitter *emitter, const struct tfr_block *block)
{
    struct condition_ids *ids;
    unsigned number;

    if (block->count == 0)
        return 0;
    ids = tfr_calloc(block->count, sizeof *ids);
    for (uint32_t i = 0; i < block->count; i++)
        emit_parts(emitter, &block->at[i], &ids[i]);
    number = put_block(emitter, block, ids);
    tfr_free(ids);
    return number;
}

static void put_block_ref(struct tfr_emitter *emitter, const struct tfr_block *block,
                          unsigned number)
{
    tfr_put(emitter, "{ ");
    tfr_put_ref(emitter, "c", number);
    (void)fprintf(emitter->out, ", %" PRIu32 " }", block->count);
}

static unsigned emit_graph(struct tfr_emitter *emitter, const struct tfr_graph_condition *graph)
{
    const unsigned types = emit_types(emitter, &graph->types),
                   paths = tfr_emit_list(emitter, graph->paths);
    const unsigned path = emit_path(emitter, graph->path), other = emit_path(emitter, graph->other);
    const unsigned where = emit_where(emitter, &graph->where);
    const unsigned number = ++emitter->next;

    (void)fprintf(
        emitter->out,
        "static const struct tfr_graph_condition gr%u[] = { { .op = %u, .direction = %u, .depth = "
        "%" PRIu32 ", .at_least = %" PRIu32 "u, .at_most = %" PRIu32 "u, .types = ",
        number, graph->op, graph->direction, graph->depth, graph->at_least, graph->at_most);
    put_types(emitter, &graph->types, types);
    tfr_put(emitter, ", .paths = ");
    tfr_put_ref(emitter, "t", paths);
    tfr_put(emitter, ", .path = ");
    tfr_put_ref(emitter, "p", path);
    tfr_put(emitter, ", .other = ");
    tfr_put_ref(emitter, "p", other);
    tfr_put(emitter, ", .where = ");
    put_block_ref(emitter, &graph->where, where);
    tfr_put(emitter, " } };\n");
    return number;
}

static unsigned emit_block(struct tfr_emitter *emitter, const struct tfr_block *block)
{
    struct condition_ids *ids;
    unsigned number;

    if (block->count == 0)
        return 0;
    ids = tfr_calloc(block->count, sizeof *ids);
    for (uint32_t i = 0; i < block->count; i++) {
        emit_parts(emitter, &block->at[i], &ids[i]);
        if (block->at[i].graph != NULL)
            ids[i].graph = emit_graph(emitter, block->at[i].graph);
    }
    number = put_block(emitter, block, ids);
    tfr_free(ids);
    return number;
}

/* ---- policies ---- */

static void put_severity(struct tfr_emitter *emitter, const uint8_t severity[TFR_ENVIRONMENT_COUNT])
{
    (void)fprintf(emitter->out, "{ %u, %u, %u }", severity[0], severity[1], severity[2]);
}

static unsigned emit_adjust(struct tfr_emitter *emitter, const struct tfr_program *program)
{
    unsigned *blocks = tfr_calloc(program->adjust_count + 1, sizeof *blocks);
    unsigned number;

    for (uint32_t i = 0; i < program->adjust_count; i++)
        blocks[i] = emit_block(emitter, &program->adjust[i].when);
    number = ++emitter->next;
    (void)fprintf(emitter->out, "static const struct tfr_adjust ad%u[] = {\n", number);
    for (uint32_t i = 0; i < program->adjust_count; i++) {
        const struct tfr_adjust *one = &program->adjust[i];

        tfr_put(emitter, "{ ");
        put_block_ref(emitter, &one->when, blocks[i]);
        (void)fprintf(emitter->out, ", %u, %d, ", one->lower, one->has_severity);
        put_severity(emitter, one->severity);
        tfr_put(emitter, ", ");
        tfr_put_string(emitter, one->note);
        tfr_put(emitter, " },\n");
    }
    tfr_put(emitter, "};\n");
    tfr_free(blocks);
    return number;
}

static unsigned emit_message(struct tfr_emitter *emitter, const struct tfr_program *program)
{
    unsigned *paths = tfr_calloc(program->message_count + 1, sizeof *paths);
    unsigned number;

    for (uint32_t i = 0; i < program->message_count; i++)
        paths[i] = emit_path(emitter, program->message[i].path);
    number = ++emitter->next;
    (void)fprintf(emitter->out, "static const struct tfr_template_part m%u[] = {\n", number);
    for (uint32_t i = 0; i < program->message_count; i++) {
        (void)fprintf(emitter->out, "{ %u, ", program->message[i].field);
        tfr_put_string(emitter, program->message[i].text);
        tfr_put(emitter, ", ");
        tfr_put_ref(emitter, "p", paths[i]);
        tfr_put(emitter, " },\n");
    }
    tfr_put(emitter, "};\n");
    tfr_free(paths);
    return number;
}

static void emit_program(struct tfr_emitter *emitter, const struct tfr_program *program,
                         size_t index)
{
    const unsigned definition = emit_block(emitter, &program->definition);
    const unsigned when = emit_block(emitter, &program->when);
    const unsigned types = emit_types(emitter, &program->subjects);
    const unsigned adjust = program->adjust_count > 0 ? emit_adjust(emitter, program) : 0;
    const unsigned message = program->message_count > 0 ? emit_message(emitter, program) : 0;
    const unsigned suppresses = tfr_emit_list(emitter, program->suppresses);
    const unsigned when_cosmetic = tfr_emit_list(emitter, program->suppresses_when_cosmetic);

    (void)fprintf(emitter->out,
                  "static const struct tfr_program program%zu = { .definition = ", index);
    put_block_ref(emitter, &program->definition, definition);
    tfr_put(emitter, ", .when = ");
    put_block_ref(emitter, &program->when, when);
    tfr_put(emitter, ", .subjects = ");
    put_types(emitter, &program->subjects, types);
    (void)fprintf(emitter->out,
                  ", .violation = %d, .connected = %d, .objects = %u, .plans = %d, .states = %d, "
                  ".provider = ",
                  program->violation, program->connected, program->objects, program->plans,
                  program->states);
    tfr_put_string(emitter, program->provider);
    (void)fprintf(emitter->out, ", .cosmetic = %d, .suppresses = ", program->cosmetic);
    tfr_put_ref(emitter, "t", suppresses);
    tfr_put(emitter, ", .suppresses_when_cosmetic = ");
    tfr_put_ref(emitter, "t", when_cosmetic);
    tfr_put(emitter, ", .adjust = ");
    tfr_put_ref(emitter, "ad", adjust);
    (void)fprintf(emitter->out,
                  ", .adjust_count = %" PRIu32 ", .message = ", program->adjust_count);
    tfr_put_ref(emitter, "m", message);
    (void)fprintf(emitter->out, ", .message_count = %" PRIu32 ", .path_slots = %" PRIu32 " };\n",
                  program->message_count, program->path_slots);
}

static void emit_policy(struct tfr_emitter *emitter, const struct tfr_policy *policy, size_t index)
{
    const unsigned maps_to = tfr_emit_list(emitter, policy->maps_to);

    emit_program(emitter, policy->program, index);
    (void)fprintf(emitter->out, "static const struct tfr_policy policy%zu = { .id = ", index);
    tfr_put_string(emitter, policy->id);
    tfr_put(emitter, ", .title = ");
    tfr_put_string(emitter, policy->title);
    (void)fprintf(emitter->out, ", .category = %d, .severity = ", (int)policy->category);
    put_severity(emitter, policy->severity);
    tfr_put(emitter, ",\n.why = ");
    tfr_put_string(emitter, policy->why);
    tfr_put(emitter, ", .fix = ");
    tfr_put_string(emitter, policy->fix);
    tfr_put(emitter, ", .verify = ");
    tfr_put_string(emitter, policy->verify);
    tfr_put(emitter, ", .maps_to = ");
    tfr_put_ref(emitter, "t", maps_to);
    (void)fprintf(emitter->out, ", .source = \"built-in\", .program = &program%zu };\n", index);
}

void tfr_emit(FILE *out, const struct tfr_policies *policies,
              const struct tfr_type_list *const *lists, uint32_t list_count)
{
    struct tfr_emitter emitter = { .out = out };
    const size_t count = tfr_policies_count(policies);

    tfr_put(&emitter, "/* SPDX-License-Identifier: Apache-2.0 */\n/* Made by tfready-policyc from "
                      "policies/catalog/ and "
                      "policies/data/. Not edited. */\n#include \"policies/program.h\"\n\n");
    for (uint32_t i = 0; i < list_count; i++)
        emit_type_list(&emitter, lists[i]);
    for (size_t i = 0; i < count; i++)
        emit_policy(&emitter, tfr_policies_at(policies, i), i);
    tfr_put(&emitter, "\nconst struct tfr_policy *const tfr_builtin_policies[] = {\n");
    for (size_t i = 0; i < count; i++)
        (void)fprintf(out, "&policy%zu,\n", i);
    (void)fprintf(out, "NULL };\nconst uint32_t tfr_builtin_policy_count = %zu;\n", count);
    tfr_put(&emitter, "const struct tfr_type_list *const tfr_builtin_lists[] = {\n");
    for (uint32_t i = 0; i < list_count; i++)
        (void)fprintf(out, "&list_%s,\n", lists[i]->name);
    (void)fprintf(out, "NULL };\nconst uint32_t tfr_builtin_list_count = %" PRIu32 ";\n",
                  list_count);
}
