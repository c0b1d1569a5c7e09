/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers are written as their bytes, texts and lists behind their length: nothing runs together.
 */
#include "policies/question.h"

#include <string.h>

#define NOTHING UINT32_MAX /* the length of what is not there */

static void put(struct tfr_buf *out, uint32_t number)
{
    tfr_buf_add(out, (const char *)&number, sizeof number);
}

static void put_bytes(struct tfr_buf *out, const char *text, uint32_t len)
{
    put(out, len);
    tfr_buf_add(out, text, len);
}

static void put_text(struct tfr_buf *out, const char *text)
{
    if (text == NULL)
        put(out, NOTHING);
    else
        put_bytes(out, text, (uint32_t)strlen(text));
}

/* A list that ends with NULL, or NULL. */
static void put_texts(struct tfr_buf *out, const char *const *texts)
{
    for (; texts != NULL && *texts != NULL; texts++)
        put_text(out, *texts);
    put(out, NOTHING);
}

/* Whether it is scoped follows from the conditions. */
static void put_types(struct tfr_buf *out, const struct tfr_type_set *types)
{
    put(out, types->count);
    for (uint32_t i = 0; i < types->count; i++)
        put_text(out, types->names[i]);
    put(out, types->all);
    put(out, types->taggable);
    put(out, types->classes);
    put(out, types->checkov != NULL);
    put(out, types->checkov_count);
    for (uint32_t i = 0; i < types->checkov_count; i++)
        put_text(out, types->checkov[i]);
}

static void put_path(struct tfr_buf *out, const struct tfr_path *path)
{
    put_text(out, path != NULL ? path->text : NULL);
    if (path == NULL)
        return;
    put(out, path->side);
    put(out, path->jsonpath);
}

/* A container is its kind and count, and what it holds somewhere behind: the count says how much.
 */
static void put_value(struct tfr_buf *out, const struct tfr_value *value)
{
    const struct tfr_value **todo = NULL;
    size_t count = 0, cap = 0;

    for (;;) {
        put(out, value->kind);
        put(out, value->kind == TFR_BOOL && value->truth);
        if (value->kind == TFR_NUMBER || value->kind == TFR_STRING)
            put_bytes(out, value->text, value->count);
        if (tfr_value_is_container(value)) {
            put(out, value->count);
            todo = tfr_grow(todo, &cap, count + value->count, sizeof(struct tfr_value *));
        }
        for (uint32_t i = 0; tfr_value_is_container(value) && i < value->count; i++) {
            if (value->kind == TFR_OBJECT)
                put_bytes(out, tfr_member_name(value, i)->text, tfr_member_name(value, i)->len);
            todo[count++] =
                value->kind == TFR_OBJECT ? tfr_member_value(value, i) : &value->items[i];
        }
        if (count == 0)
            break;
        value = todo[--count];
    }
    tfr_free(todo);
}

static void put_change(struct tfr_buf *out, const struct tfr_change_condition *change)
{
    put(out, change->actions);
    put(out, change->how);
    put(out, change->deposed);
    put(out, change->tainted);
    put(out, change->moved);
    put(out, change->importing);
    put(out, change->reasons != NULL);
    put_texts(out, change->reasons);
    put(out, change->replaced_by != NULL);
    put_texts(out, change->replaced_by);
    put_path(out, change->path);
    put_value(out, &change->was);
    put_value(out, &change->became);
    put_value(out, &change->weaker);
}

/* What every condition has but its graph part; lists are constants, so the same one is in the same
 * place. */
static void put_condition(struct tfr_buf *out, const struct tfr_condition *node)
{
    put(out, node->kind);
    put(out, node->op);
    put(out, node->negate);
    put(out, node->size);
    put_types(out, &node->types);
    put_types(out, &node->other_types);
    put_path(out, node->path);
    put_value(out, &node->value);
    put_value(out, &node->unset);
    put(out, node->change != NULL);
    if (node->change != NULL)
        put_change(out, node->change);
    tfr_buf_add(out, (const char *)&node->list, sizeof node->list);
    put_text(out, node->name);
    put(out, node->param_count);
    for (uint32_t i = 0; i < node->param_count; i++) {
        put_text(out, node->params[i].key);
        put_text(out, node->params[i].value);
    }
}

static void put_graph(struct tfr_buf *out, const struct tfr_graph_condition *graph)
{
    put(out, graph->op);
    put(out, graph->direction);
    put(out, graph->depth);
    put(out, graph->at_least);
    put(out, graph->at_most);
    put_types(out, &graph->types);
    put(out, graph->paths != NULL);
    put_texts(out, graph->paths);
    put_path(out, graph->path);
    put_path(out, graph->other);
    put(out, graph->where.count);
    for (uint32_t i = 0; i < graph->where.count; i++) /* no graph condition stands in it */
        put_condition(out, &graph->where.at[i]);
}

static void put_block(struct tfr_buf *out, const struct tfr_block *block)
{
    put(out, block->count);
    for (uint32_t i = 0; i < block->count; i++) {
        put_condition(out, &block->at[i]);
        put(out, block->at[i].graph != NULL);
        if (block->at[i].graph != NULL)
            put_graph(out, block->at[i].graph);
    }
}

static void put_saying(struct tfr_buf *out, const struct tfr_program *program)
{
    put(out, program->message_count);
    for (uint32_t i = 0; i < program->message_count; i++) {
        put(out, program->message[i].field);
        put_text(out, program->message[i].text);
        put_path(out, program->message[i].path);
    }
    put(out, program->adjust_count);
    for (uint32_t i = 0; i < program->adjust_count; i++) {
        const struct tfr_adjust *adjust = &program->adjust[i];

        put_block(out, &adjust->when);
        put(out, adjust->lower);
        put(out, adjust->has_severity);
    }
}

void tfr_question_write(struct tfr_buf *out, const struct tfr_program *program)
{
    put_block(out, &program->definition);
    put_block(out, &program->when);
    put_types(out, &program->subjects);
    put(out, program->violation);
    put(out, program->objects);
    put_text(out, program->provider);
    put_saying(out, program);
}
