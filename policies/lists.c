/* SPDX-License-Identifier: Apache-2.0 */
/* Type lists (policies/data/) and the conditions that ask them. */
#include "policies/config.h"
#include "policies/context.h"

#include <string.h>

/* @return where the type stands, `count` if it does not */
static uint32_t find_type(const struct tfr_type_list *list, const char *type)
{
    uint32_t low = 0, high = list->count;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = strcmp(tfr_type_list_type(list, middle), type);

        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return list->count;
}

const struct tfr_type_row *tfr_type_list_row(const struct tfr_type_list *list, const char *type)
{
    const uint32_t at = list->rows != NULL ? find_type(list, type) : list->count;

    return at < list->count ? &list->rows[at] : NULL;
}

bool tfr_type_list_has(const struct tfr_type_list *list, const char *type)
{
    return find_type(list, type) < list->count;
}

const char *const *tfr_type_row_tags(const struct tfr_type_row *row, const struct tfr_value *values)
{
    const struct tfr_value *unless;

    if (row == NULL)
        return NULL;
    if (row->unless == NULL)
        return row->tags;
    unless = tfr_value_path(values, row->unless);
    if (tfr_value_is_blank(unless))
        return row->tags;
    return row->unless_tags;
}

static bool is_tag(const struct tfr_value *value, const char *tag)
{
    return value->kind == TFR_STRING && strcmp(value->text, tag) == 0;
}

const struct tfr_type_row *tfr_context_type_row(struct tfr_context *ctx,
                                                const struct tfr_type_list *list,
                                                const struct tfr_sym *type)
{
    struct tfr_row_memo *memo = &ctx->rows[type->id % TFR_ROW_MEMO];

    if (memo->type != type || memo->list != list)
        *memo =
            (struct tfr_row_memo){ type, list, tfr_config_type_row(ctx->config, list, type->text) };
    return memo->row;
}

static bool has_wanted_tag(const struct tfr_value *wanted, const char *const *tags)
{
    for (; tags != NULL && *tags != NULL; tags++) {
        if (is_tag(wanted, *tags))
            return true;
        for (uint32_t i = 0; wanted->kind == TFR_LIST && i < wanted->count; i++) {
            if (is_tag(&wanted->items[i], *tags))
                return true;
        }
    }
    return false;
}

enum tfr_type_answer tfr_class_of_type(struct tfr_context *ctx, const struct tfr_sym *type,
                                       const struct tfr_condition *leaf)
{
    bool known = false;
    uint8_t *answer = tfr_context_recall(ctx, leaf, type, TFR_MANAGED, &known);
    const struct tfr_type_row *row;

    if (known)
        return (enum tfr_type_answer) * answer;
    row = tfr_context_type_row(ctx, leaf->list, type);
    if (row != NULL && row->unless != NULL)
        *answer = TFR_ANSWER_EACH;
    else
        *answer = has_wanted_tag(&leaf->value, tfr_type_row_tags(row, NULL)) ? TFR_ANSWER_YES
                                                                             : TFR_ANSWER_NO;
    return (enum tfr_type_answer) * answer;
}

struct tfr_truth tfr_class_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                 const struct tfr_condition *leaf)
{
    const struct tfr_brief *brief = tfr_context_brief(ctx, subject->resource);
    const struct tfr_sym *type = brief != NULL ? brief->type : subject->resource->type;
    const enum tfr_type_answer answer = tfr_class_of_type(ctx, type, leaf);

    if (answer != TFR_ANSWER_EACH)
        return tfr_truth_of(answer == TFR_ANSWER_YES);
    return tfr_truth_of(
        has_wanted_tag(&leaf->value, tfr_type_row_tags(tfr_context_type_row(ctx, leaf->list, type),
                                                       subject->values)));
}

struct tfr_truth tfr_guarded_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                   const struct tfr_condition *leaf)
{
    const struct tfr_resource *resource = subject->resource;
    const struct tfr_type_row *row = tfr_context_type_row(ctx, leaf->list, resource->type);
    const struct tfr_value *values =
        resource->action == TFR_ACTION_NONE ? subject->values : &resource->before;

    for (uint32_t i = 0; row != NULL && i < row->guard_count; i++) {
        const struct tfr_value *have = tfr_value_path(values, row->guards[i].path);

        if (tfr_operator_apply(TFR_OP_EQUALS, have, &row->guards[i].value, NULL) == TFR_YES)
            return tfr_truth_of(true);
    }
    return tfr_truth_of(false);
}
