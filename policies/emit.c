/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything is written before what points to it, under a running number: t7 a list of texts, v8
 * values, p9 a path ... A number of 0 stands for NULL.
 */
#include "policies/emit.h"

#include <inttypes.h>
#include <string.h>

#define MAX_CONTAINERS 4096 /* lists and maps of one value */

struct emitter {
    FILE *out;
    unsigned next;
};

static void put(struct emitter *emitter, const char *text)
{
    (void)fputs(text, emitter->out);
}

static void put_text(struct emitter *emitter, const char *text, size_t len)
{
    put(emitter, "\"");
    for (size_t i = 0; i < len; i++) {
        const unsigned char byte = (unsigned char)text[i];

        if (byte < 0x20 || byte >= 0x7f || byte == '"' || byte == '\\' || byte == '?')
            (void)fprintf(emitter->out, "\\%03o", byte);
        else
            (void)fputc(byte, emitter->out);
    }
    put(emitter, "\"");
}

static void put_string(struct emitter *emitter, const char *text)
{
    if (text == NULL)
        put(emitter, "NULL");
    else
        put_text(emitter, text, strlen(text));
}

static void put_ref(struct emitter *emitter, const char *prefix, unsigned number)
{
    if (number == 0)
        put(emitter, "NULL");
    else
        (void)fprintf(emitter->out, "%s%u", prefix, number);
}

static unsigned emit_texts(struct emitter *emitter, const char *const *texts, size_t count)
{
    const unsigned number = ++emitter->next;

    (void)fprintf(emitter->out, "static const char *const t%u[] = { ", number);
    for (size_t i = 0; i < count; i++) {
        put_string(emitter, texts[i]);
        put(emitter, ", ");
    }
    put(emitter, "NULL };\n");
    return number;
}

/* A list that ends with NULL; 0 for NULL itself. */
static unsigned emit_list(struct emitter *emitter, const char *const *texts)
{
    size_t count = 0;

    if (texts == NULL)
        return 0;
    while (texts[count] != NULL)
        count++;
    return emit_texts(emitter, texts, count);
}

/* ---- values ---- */

static bool is_container(const struct tfr_value *value)
{
    return tfr_value_is_container(value) && value->count > 0;
}

static const struct tfr_value *child(const struct tfr_value *value, uint32_t index)
{
    return value->kind == TFR_LIST ? &value->items[index] : &value->members[index].value;
}

static void put_value(struct emitter *emitter, const struct tfr_value *value, unsigned number)
{
    static const char *const kinds[] = { "TFR_ABSENT", "TFR_NULL",   "TFR_UNKNOWN", "TFR_BOOL",
                                         "TFR_NUMBER", "TFR_STRING", "TFR_LIST",    "TFR_OBJECT" };

    (void)fprintf(emitter->out, "{ .kind = %s, .truth = %d, .count = %" PRIu32, kinds[value->kind],
                  value->kind == TFR_BOOL && value->truth, value->count);
    if (value->kind == TFR_NUMBER || value->kind == TFR_STRING) {
        put(emitter, ", .text = ");
        put_text(emitter, value->text, value->count);
    } else if (is_container(value)) {
        (void)fprintf(emitter->out, ", .%s = v%u", value->kind == TFR_LIST ? "items" : "members",
                      number);
    }
    put(emitter, " }");
}

static void emit_names(struct emitter *emitter, const struct tfr_value *map, unsigned number)
{
    for (uint32_t i = 0; map->kind == TFR_OBJECT && i < map->count; i++) {
        const struct tfr_sym *name = map->members[i].name;

        (void)fprintf(emitter->out,
                      "static const struct { uint32_t id, len; char text[%" PRIu32
                      "]; } s%u_%" PRIu32 " = { 0, %" PRIu32 ", ",
                      name->len + 1, number, i, name->len);
        put_text(emitter, name->text, name->len);
        put(emitter, " };\n");
    }
}

static void emit_container(struct emitter *emitter, const struct tfr_value *value, unsigned number,
                           unsigned first_child)
{
    const bool list = value->kind == TFR_LIST;

    emit_names(emitter, value, number);
    (void)fprintf(emitter->out, "static const struct %s v%u[] = {\n",
                  list ? "tfr_value" : "tfr_member", number);
    for (uint32_t i = 0; i < value->count; i++) {
        const struct tfr_value *one = child(value, i);

        if (!list)
            (void)fprintf(emitter->out, "{ (const struct tfr_sym *)&s%u_%" PRIu32 ", ", number, i);
        put_value(emitter, one, is_container(one) ? first_child++ : 0);
        put(emitter, list ? ",\n" : " },\n");
    }
    put(emitter, "};\n");
}

/* Containers in breadth-first order, written backwards: inner ones first. @return the number of the
 * outermost */
static unsigned emit_value(struct emitter *emitter, const struct tfr_value *value)
{
    const struct tfr_value *queue[MAX_CONTAINERS];
    unsigned first[MAX_CONTAINERS];
    const unsigned base = emitter->next + 1;
    unsigned count = 0;

    if (!is_container(value))
        return 0;
    queue[count++] = value;
    for (unsigned i = 0; i < count; i++) {
        first[i] = base + count;
        for (uint32_t k = 0; k < queue[i]->count; k++) {
            if (is_container(child(queue[i], k)) && count < MAX_CONTAINERS)
                queue[count++] = child(queue[i], k);
        }
    }
    emitter->next += count;
    for (unsigned i = count; i-- > 0;)
        emit_container(emitter, queue[i], base + i, first[i]);
    return base;
}

/* ---- paths, types, lists ---- */

static unsigned emit_path(struct emitter *emitter, const struct tfr_path *path)
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
    put_string(emitter, path->text);
    (void)fprintf(emitter->out, ", st%u, %u, %u, %d, %d, %" PRIu32 " } };\n", number,
                  path->step_count, path->side, path->star, path->jsonpath, path->slot);
    return number;
}

static unsigned emit_types(struct emitter *emitter, const struct tfr_type_set *types)
{
    return types->count > 0 ? emit_texts(emitter, types->names, types->count) : 0;
}

static void put_types(struct emitter *emitter, const struct tfr_type_set *types, unsigned number)
{
    put(emitter, "{ ");
    put_ref(emitter, "t", number);
    (void)fprintf(emitter->out, ", %" PRIu32 ", %d, %d, %u, NULL, 0, false }", types->count,
                  types->all, types->taggable, types->classes);
}

static unsigned emit_guards(struct emitter *emitter, const struct tfr_type_row *row)
{
    const unsigned number = ++emitter->next;

    (void)fprintf(emitter->out, "static const struct tfr_guard gd%u[] = {\n", number);
    for (uint32_t i = 0; i < row->guard_count; i++) {
        put(emitter, "{ ");
        put_string(emitter, row->guards[i].path);
        put(emitter, ", ");
        put_value(emitter, &row->guards[i].value, 0);
        put(emitter, " },\n");
    }
    put(emitter, "};\n");
    return number;
}

struct row_ids {
    unsigned tags, unless_tags, guards;
};

static void emit_type_list(struct emitter *emitter, const struct tfr_type_list *list)
{
    struct row_ids *ids = tfr_calloc(list->count + 1, sizeof *ids);

    for (uint32_t i = 0; i < list->count; i++) {
        const struct tfr_type_row *row = &list->rows[i];

        ids[i].tags = emit_list(emitter, row->tags);
        ids[i].unless_tags = emit_list(emitter, row->unless_tags);
        ids[i].guards = row->guard_count > 0 ? emit_guards(emitter, row) : 0;
    }
    (void)fprintf(emitter->out, "static const struct tfr_type_row rows_%s[] = {\n", list->name);
    for (uint32_t i = 0; i < list->count; i++) {
        put(emitter, "{ ");
        put_string(emitter, list->rows[i].type);
        put(emitter, ", ");
        put_ref(emitter, "t", ids[i].tags);
        put(emitter, ", ");
        put_string(emitter, list->rows[i].unless);
        put(emitter, ", ");
        put_ref(emitter, "t", ids[i].unless_tags);
        put(emitter, ", ");
        put_ref(emitter, "gd", ids[i].guards);
        (void)fprintf(emitter->out, ", %" PRIu32 " },\n", list->rows[i].guard_count);
    }
    (void)fprintf(emitter->out,
                  "};\nstatic const struct tfr_type_list list_%s = { \"%s\", rows_%s, %" PRIu32
                  " };\n",
                  list->name, list->name, list->name, list->count);
    tfr_free(ids);
}

/* ---- conditions ---- */

struct condition_ids {
    unsigned types, other_types, path, value, change, graph, params;
};

static unsigned emit_change(struct emitter *emitter, const struct tfr_change_condition *change)
{
    const unsigned reasons = emit_list(emitter, change->reasons);
    const unsigned replaced = emit_list(emitter, change->replaced_by);
    const unsigned path = emit_path(emitter, change->path);
    const unsigned was = emit_value(emitter, &change->was);
    const unsigned became = emit_value(emitter, &change->became);
    const unsigned weaker = emit_value(emitter, &change->weaker);
    const unsigned number = ++emitter->next;

    (void)fprintf(emitter->out,
                  "static const struct tfr_change_condition ch%u[] = { { .actions = %u, .how = %u, "
                  ".deposed = %u, "
                  ".tainted = %u, .moved = %u, .importing = %u, .reasons = ",
                  number, change->actions, change->how, change->deposed, change->tainted,
                  change->moved, change->importing);
    put_ref(emitter, "t", reasons);
    put(emitter, ", .replaced_by = ");
    put_ref(emitter, "t", replaced);
    put(emitter, ", .path = ");
    put_ref(emitter, "p", path);
    put(emitter, ", .was = ");
    put_value(emitter, &change->was, was);
    put(emitter, ", .became = ");
    put_value(emitter, &change->became, became);
    put(emitter, ", .weaker = ");
    put_value(emitter, &change->weaker, weaker);
    put(emitter, " } };\n");
    return number;
}

static unsigned emit_params(struct emitter *emitter, const struct tfr_condition *node)
{
    const unsigned number = ++emitter->next;

    (void)fprintf(emitter->out, "static const struct tfr_param pa%u[] = { ", number);
    for (uint32_t i = 0; i < node->param_count; i++) {
        put(emitter, "{ ");
        put_string(emitter, node->params[i].key);
        put(emitter, ", ");
        put_string(emitter, node->params[i].value);
        put(emitter, " }, ");
    }
    put(emitter, "};\n");
    return number;
}

static void put_condition(struct emitter *emitter, const struct tfr_condition *node,
                          const struct condition_ids *ids)
{
    (void)fprintf(emitter->out,
                  "{ .kind = %u, .op = %u, .negate = %d, .actions = %u, .size = %" PRIu32
                  ", .up = %" PRIu32 ", .types = ",
                  node->kind, node->op, node->negate, node->actions, node->size, node->up);
    put_types(emitter, &node->types, ids->types);
    put(emitter, ", .other_types = ");
    put_types(emitter, &node->other_types, ids->other_types);
    put(emitter, ", .path = ");
    put_ref(emitter, "p", ids->path);
    put(emitter, ", .value = ");
    put_value(emitter, &node->value, ids->value);
    put(emitter, ", .change = ");
    put_ref(emitter, "ch", ids->change);
    put(emitter, ", .graph = ");
    put_ref(emitter, "gr", ids->graph);
    if (node->list != NULL)
        (void)fprintf(emitter->out, ", .list = &list_%s", node->list->name);
    put(emitter, ", .name = ");
    put_string(emitter, node->name);
    put(emitter, ", .params = ");
    put_ref(emitter, "pa", ids->params);
    (void)fprintf(emitter->out, ", .param_count = %" PRIu32 " },\n", node->param_count);
}

static unsigned put_block(struct emitter *emitter, const struct tfr_block *block,
                          const struct condition_ids *ids)
{
    const unsigned number = ++emitter->next;

    (void)fprintf(emitter->out, "static const struct tfr_condition c%u[] = {\n", number);
    for (uint32_t i = 0; i < block->count; i++)
        put_condition(emitter, &block->at[i], &ids[i]);
    put(emitter, "};\n");
    return number;
}

static void emit_parts(struct emitter *emitter, const struct tfr_condition *node,
                       struct condition_ids *ids)
{
    ids->types = emit_types(emitter, &node->types);
    ids->other_types = emit_types(emitter, &node->other_types);
    ids->path = emit_path(emitter, node->path);
    ids->value = emit_value(emitter, &node->value);
    ids->change = node->change != NULL ? emit_change(emitter, node->change) : 0;
    ids->params = node->param_count > 0 ? emit_params(emitter, node) : 0;
}

/* A block that holds no graph condition. */
static unsigned emit_where(struct emitter *emitter, const struct tfr_block *block)
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

static void put_block_ref(struct emitter *emitter, const struct tfr_block *block, unsigned number)
{
    put(emitter, "{ ");
    put_ref(emitter, "c", number);
    (void)fprintf(emitter->out, ", %" PRIu32 " }", block->count);
}

static unsigned emit_graph(struct emitter *emitter, const struct tfr_graph_condition *graph)
{
    const unsigned types = emit_types(emitter, &graph->types),
                   paths = emit_list(emitter, graph->paths);
    const unsigned path = emit_path(emitter, graph->path), other = emit_path(emitter, graph->other);
    const unsigned where = emit_where(emitter, &graph->where);
    const unsigned number = ++emitter->next;

    (void)fprintf(
        emitter->out,
        "static const struct tfr_graph_condition gr%u[] = { { .op = %u, .direction = %u, .depth = "
        "%" PRIu32 ", .at_least = %" PRIu32 "u, .at_most = %" PRIu32 "u, .types = ",
        number, graph->op, graph->direction, graph->depth, graph->at_least, graph->at_most);
    put_types(emitter, &graph->types, types);
    put(emitter, ", .paths = ");
    put_ref(emitter, "t", paths);
    put(emitter, ", .path = ");
    put_ref(emitter, "p", path);
    put(emitter, ", .other = ");
    put_ref(emitter, "p", other);
    put(emitter, ", .where = ");
    put_block_ref(emitter, &graph->where, where);
    put(emitter, " } };\n");
    return number;
}

static unsigned emit_block(struct emitter *emitter, const struct tfr_block *block)
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

static void put_severity(struct emitter *emitter, const uint8_t severity[TFR_ENVIRONMENT_COUNT])
{
    (void)fprintf(emitter->out, "{ %u, %u, %u }", severity[0], severity[1], severity[2]);
}

static unsigned emit_adjust(struct emitter *emitter, const struct tfr_program *program)
{
    unsigned *blocks = tfr_calloc(program->adjust_count + 1, sizeof *blocks);
    unsigned number;

    for (uint32_t i = 0; i < program->adjust_count; i++)
        blocks[i] = emit_block(emitter, &program->adjust[i].when);
    number = ++emitter->next;
    (void)fprintf(emitter->out, "static const struct tfr_adjust ad%u[] = {\n", number);
    for (uint32_t i = 0; i < program->adjust_count; i++) {
        const struct tfr_adjust *one = &program->adjust[i];

        put(emitter, "{ ");
        put_block_ref(emitter, &one->when, blocks[i]);
        (void)fprintf(emitter->out, ", %u, %d, ", one->lower, one->has_severity);
        put_severity(emitter, one->severity);
        put(emitter, ", ");
        put_string(emitter, one->note);
        put(emitter, " },\n");
    }
    put(emitter, "};\n");
    tfr_free(blocks);
    return number;
}

static unsigned emit_message(struct emitter *emitter, const struct tfr_program *program)
{
    unsigned *paths = tfr_calloc(program->message_count + 1, sizeof *paths);
    unsigned number;

    for (uint32_t i = 0; i < program->message_count; i++)
        paths[i] = emit_path(emitter, program->message[i].path);
    number = ++emitter->next;
    (void)fprintf(emitter->out, "static const struct tfr_template_part m%u[] = {\n", number);
    for (uint32_t i = 0; i < program->message_count; i++) {
        (void)fprintf(emitter->out, "{ %u, ", program->message[i].field);
        put_string(emitter, program->message[i].text);
        put(emitter, ", ");
        put_ref(emitter, "p", paths[i]);
        put(emitter, " },\n");
    }
    put(emitter, "};\n");
    tfr_free(paths);
    return number;
}

static void emit_program(struct emitter *emitter, const struct tfr_program *program, size_t index)
{
    const unsigned definition = emit_block(emitter, &program->definition);
    const unsigned when = emit_block(emitter, &program->when);
    const unsigned types = emit_types(emitter, &program->subjects);
    const unsigned adjust = program->adjust_count > 0 ? emit_adjust(emitter, program) : 0;
    const unsigned message = program->message_count > 0 ? emit_message(emitter, program) : 0;
    const unsigned suppresses = emit_list(emitter, program->suppresses);
    const unsigned when_cosmetic = emit_list(emitter, program->suppresses_when_cosmetic);

    (void)fprintf(emitter->out,
                  "static const struct tfr_program program%zu = { .definition = ", index);
    put_block_ref(emitter, &program->definition, definition);
    put(emitter, ", .when = ");
    put_block_ref(emitter, &program->when, when);
    put(emitter, ", .subjects = ");
    put_types(emitter, &program->subjects, types);
    (void)fprintf(emitter->out,
                  ", .violation = %d, .connected = %d, .objects = %u, .plans = %d, .states = %d, "
                  ".provider = ",
                  program->violation, program->connected, program->objects, program->plans,
                  program->states);
    put_string(emitter, program->provider);
    (void)fprintf(emitter->out, ", .cosmetic = %d, .suppresses = ", program->cosmetic);
    put_ref(emitter, "t", suppresses);
    put(emitter, ", .suppresses_when_cosmetic = ");
    put_ref(emitter, "t", when_cosmetic);
    put(emitter, ", .adjust = ");
    put_ref(emitter, "ad", adjust);
    (void)fprintf(emitter->out,
                  ", .adjust_count = %" PRIu32 ", .message = ", program->adjust_count);
    put_ref(emitter, "m", message);
    (void)fprintf(emitter->out, ", .message_count = %" PRIu32 ", .path_slots = %" PRIu32 " };\n",
                  program->message_count, program->path_slots);
}

static void emit_policy(struct emitter *emitter, const struct tfr_policy *policy, size_t index)
{
    const unsigned maps_to = emit_list(emitter, policy->maps_to);

    emit_program(emitter, policy->program, index);
    (void)fprintf(emitter->out, "static const struct tfr_policy policy%zu = { .id = ", index);
    put_string(emitter, policy->id);
    put(emitter, ", .title = ");
    put_string(emitter, policy->title);
    (void)fprintf(emitter->out, ", .category = %d, .severity = ", (int)policy->category);
    put_severity(emitter, policy->severity);
    put(emitter, ",\n.why = ");
    put_string(emitter, policy->why);
    put(emitter, ", .fix = ");
    put_string(emitter, policy->fix);
    put(emitter, ", .verify = ");
    put_string(emitter, policy->verify);
    put(emitter, ", .maps_to = ");
    put_ref(emitter, "t", maps_to);
    (void)fprintf(emitter->out, ", .source = \"built-in\", .program = &program%zu };\n", index);
}

void tfr_emit(FILE *out, const struct tfr_policies *policies,
              const struct tfr_type_list *const *lists, uint32_t list_count)
{
    struct emitter emitter = { .out = out };
    const size_t count = tfr_policies_count(policies);

    put(&emitter, "/* SPDX-License-Identifier: Apache-2.0 */\n/* Made by tfready-policyc from "
                  "policies/catalog/ and "
                  "policies/data/. Not edited. */\n#include \"policies/program.h\"\n\n");
    for (uint32_t i = 0; i < list_count; i++)
        emit_type_list(&emitter, lists[i]);
    for (size_t i = 0; i < count; i++)
        emit_policy(&emitter, tfr_policies_at(policies, i), i);
    put(&emitter, "\nconst struct tfr_policy *const tfr_builtin_policies[] = {\n");
    for (size_t i = 0; i < count; i++)
        (void)fprintf(out, "&policy%zu,\n", i);
    (void)fprintf(out, "NULL };\nconst uint32_t tfr_builtin_policy_count = %zu;\n", count);
    put(&emitter, "const struct tfr_type_list *const tfr_builtin_lists[] = {\n");
    for (uint32_t i = 0; i < list_count; i++)
        (void)fprintf(out, "&list_%s,\n", lists[i]->name);
    (void)fprintf(out, "NULL };\nconst uint32_t tfr_builtin_list_count = %" PRIu32 ";\n",
                  list_count);
}
