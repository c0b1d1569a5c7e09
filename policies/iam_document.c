/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/iam_document.h"

#include "policies/glob.h"
#include "policies/links.h"
#include "policies/wires.h"

#include <stdio.h>
#include <string.h>

/* ---- finding it --------------------------------------------------------------------------------
 */

void tfr_iam_document_in(const struct tfr_input *in, const struct tfr_value *text,
                         const char *because, struct tfr_iam_document *out)
{
    const struct tfr_value *json = tfr_input_enter(in, text);

    *out = (struct tfr_iam_document){ .statements = &tfr_absent };
    if (text->kind == TFR_UNKNOWN)
        out->because = because;
    else if (!tfr_value_is_container(json))
        out->missing = true;
    else
        out->statements = tfr_input_get(in, json, "Statement");
}

/* What a data source adds to its own statements: texts of others, merged. */
static bool is_merged(const struct tfr_resource *data)
{
    static const char *const others[] = { "source_json", "override_json", "source_policy_documents",
                                          "override_policy_documents" };

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const struct tfr_value *value = tfr_value_get(&data->after, others[i]);

        if (!tfr_value_missing(value) && !(value->kind == TFR_LIST && value->count == 0))
            return true;
    }
    return false;
}

static void look_into_data(const struct tfr_input *in, const struct tfr_resource *resource,
                           const char *attribute, struct tfr_iam_document *out)
{
    struct tfr_links links;

    tfr_links_of(in, resource, attribute, "data.aws_iam_policy_document", &links);
    out->because = links.because;
    if (links.count != 1 || links.open || links.others)
        return;
    out->data = links.at[0];
    out->statements = tfr_value_get(&out->data->after, "statement");
    if (out->statements->kind == TFR_LIST && !is_merged(out->data))
        out->because = NULL;
}

void tfr_iam_document_of(const struct tfr_input *in, const struct tfr_resource *resource,
                         const char *attribute, enum tfr_when when, struct tfr_iam_document *out)
{
    const struct tfr_value *values = when == TFR_BEFORE ? &resource->before : &resource->after;
    const struct tfr_value *text = tfr_input_get(in, values, attribute);

    tfr_iam_document_in(in, text, attribute, out);
    if (out->because == NULL)
        return;
    if (tfr_wires_written(in, resource, attribute))
        look_into_data(in, resource, attribute, out);
    else
        *out = (struct tfr_iam_document){ .statements = &tfr_absent, .missing = true };
}

/* ---- statements --------------------------------------------------------------------------------
 */

uint32_t tfr_statement_count(const struct tfr_iam_document *document)
{
    if (document->statements->kind == TFR_LIST)
        return document->statements->count;
    return document->statements->kind == TFR_ABSENT ? 0 : 1;
}

struct tfr_statement tfr_statement_at(const struct tfr_input *in,
                                      const struct tfr_iam_document *document, uint32_t index)
{
    const struct tfr_value *all = document->statements;

    return (struct tfr_statement){ .in = in,
                                   .value = all->kind == TFR_LIST ? &all->items[index] : all,
                                   .data = document->data,
                                   .index = index };
}

static const char *const names[][2] = {
    [TFR_STATEMENT_EFFECT] = { "Effect", "effect" },
    [TFR_STATEMENT_ACTION] = { "Action", "actions" },
    [TFR_STATEMENT_NOT_ACTION] = { "NotAction", "not_actions" },
    [TFR_STATEMENT_RESOURCE] = { "Resource", "resources" },
    [TFR_STATEMENT_NOT_RESOURCE] = { "NotResource", "not_resources" },
    [TFR_STATEMENT_CONDITION] = { "Condition", "condition" },
    [TFR_STATEMENT_PRINCIPAL] = { "Principal", "principals" },
    [TFR_STATEMENT_NOT_PRINCIPAL] = { "NotPrincipal", "not_principals" },
};

const struct tfr_value *tfr_statement_get(const struct tfr_statement *statement,
                                          enum tfr_statement_field field)
{
    const bool data = statement->data != NULL;
    const struct tfr_value *value =
        tfr_input_get(statement->in, statement->value, names[field][data ? 1 : 0]);

    if (tfr_value_missing(value) || (data && value->kind == TFR_LIST && value->count == 0))
        return &tfr_absent;
    return value;
}

bool tfr_statement_allows(const struct tfr_statement *statement)
{
    const struct tfr_value *effect = tfr_statement_get(statement, TFR_STATEMENT_EFFECT);

    return tfr_value_is(effect, "Allow") || (effect->kind == TFR_ABSENT && statement->data != NULL);
}

static enum tfr_truth_value not(enum tfr_truth_value truth) {
    return truth == TFR_MAYBE ? TFR_MAYBE
           : truth == TFR_YES ? TFR_NO
                              : TFR_YES;
}

/* A text or a list of texts: is one of them it? */
static enum tfr_truth_value one_of(const struct tfr_value *value, const void *wanted,
                                   enum tfr_truth_value (*is)(const char *text, const void *wanted))
{
    enum tfr_truth_value truth = TFR_NO;

    if (value->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    if (value->kind == TFR_STRING)
        return is(value->text, wanted);
    for (uint32_t i = 0; value->kind == TFR_LIST && i < value->count && truth != TFR_YES; i++) {
        const struct tfr_value *item = &value->items[i];

        if (item->kind == TFR_UNKNOWN)
            truth = TFR_MAYBE;
        else if (item->kind == TFR_STRING)
            truth = tfr_truth_either(truth, is(item->text, wanted));
    }
    return truth;
}

static enum tfr_truth_value is_action(const char *pattern, const void *action)
{
    return tfr_glob_action(pattern, action) ? TFR_YES : TFR_NO;
}

enum tfr_truth_value tfr_statement_action(const struct tfr_statement *statement, const char *action)
{
    const struct tfr_value *actions = tfr_statement_get(statement, TFR_STATEMENT_ACTION);
    const struct tfr_value *others = tfr_statement_get(statement, TFR_STATEMENT_NOT_ACTION);

    if (statement->value->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    if (actions->kind != TFR_ABSENT || others->kind == TFR_ABSENT)
        return one_of(actions, action, is_action);
    return not(one_of(others, action, is_action));
}

/* ---- principals --------------------------------------------------------------------------------
 */

typedef void visit_principal(void *ctx, const char *kind, const struct tfr_value *text);

static void visit_texts(const struct tfr_value *texts, const char *kind, visit_principal *visit,
                        void *ctx)
{
    for (uint32_t i = 0; texts->kind == TFR_LIST && i < texts->count; i++)
        visit(ctx, kind, &texts->items[i]);
    if (texts->kind == TFR_STRING || texts->kind == TFR_UNKNOWN)
        visit(ctx, kind, texts);
}

void tfr_statement_principals(const struct tfr_statement *statement, visit_principal *visit,
                              void *ctx)
{
    const struct tfr_value *all = tfr_statement_get(statement, TFR_STATEMENT_PRINCIPAL);

    if (all->kind == TFR_STRING || all->kind == TFR_UNKNOWN)
        visit(ctx, NULL, all);
    for (uint32_t i = 0; all->kind == TFR_OBJECT && i < all->count; i++)
        visit_texts(tfr_member_value(all, i), tfr_member_name(all, i)->text, visit, ctx);
    for (uint32_t i = 0; all->kind == TFR_LIST && i < all->count; i++) {
        const struct tfr_value *kind = tfr_value_get(&all->items[i], "type");
        const bool star = tfr_value_is(kind, "*");

        visit_texts(tfr_value_get(&all->items[i], "identifiers"),
                    kind->kind == TFR_STRING && !star ? kind->text : NULL, visit, ctx);
    }
}

struct principals {
    const struct tfr_value *role;
    enum tfr_truth_value named, account;
};

/* arn:aws:iam::123456789012:root, or the number alone */
static bool is_account(const char *text)
{
    const size_t len = strlen(text);

    if (strspn(text, "0123456789") == len)
        return len == 12;
    return strncmp(text, "arn:", 4) == 0 && len > 5 && strcmp(text + len - 5, ":root") == 0;
}

static bool is_same_account(const char *text, const char *arn)
{
    const char *number = strstr(text, "::");
    const char *own = strstr(arn, "::");

    number = number != NULL ? number + 2 : text;
    return own != NULL && strncmp(number, own + 2, 12) == 0;
}

static void see_role(struct principals *principals, const struct tfr_value *text)
{
    const struct tfr_value *arn = tfr_value_get(principals->role, "arn");
    const struct tfr_value *name = tfr_value_get(principals->role, "name");
    const char *tail = strrchr(text->text, '/');

    if (is_account(text->text)) {
        if (arn->kind != TFR_STRING)
            principals->account = tfr_truth_either(principals->account, TFR_MAYBE);
        else if (is_same_account(text->text, arn->text))
            principals->account = TFR_YES;
    } else if (tfr_value_equal(text, arn) ||
               (arn->kind != TFR_STRING && tail != NULL && tfr_value_is(name, tail + 1))) {
        principals->named = TFR_YES;
    }
}

static void see_principal(void *ctx, const char *kind, const struct tfr_value *text)
{
    struct principals *principals = ctx;

    if (text->kind == TFR_UNKNOWN)
        principals->named = tfr_truth_either(principals->named, TFR_MAYBE);
    else if (tfr_value_is(text, "*"))
        principals->named = TFR_YES;
    else if (kind != NULL && strcmp(kind, "AWS") == 0 && text->kind == TFR_STRING)
        see_role(principals, text);
}

/* ---- one question ------------------------------------------------------------------------------
 */

static enum tfr_truth_value overlaps(const char *pattern, const void *ctx)
{
    const struct tfr_iam_question *question = ctx;

    if (tfr_glob_covers(pattern, question->arn))
        return TFR_YES;
    if (!tfr_glob_overlaps(pattern, question->arn))
        return TFR_NO;
    return question->vague ? TFR_MAYBE : TFR_YES;
}

static enum tfr_truth_value covers(const char *pattern, const void *ctx)
{
    const struct tfr_iam_question *question = ctx;

    return tfr_glob_covers(pattern, question->arn) ? TFR_YES : TFR_NO;
}

/* The resources of a data source that are not known yet: those they refer to. */
static enum tfr_truth_value refers(const struct tfr_input *in,
                                   const struct tfr_statement *statement,
                                   const struct tfr_resource *object)
{
    const tfr_node_id node = tfr_graph_node_of(in->graph, statement->data);
    const struct tfr_edges edges = tfr_graph_dependencies(in->graph, node);
    enum tfr_truth_value truth = TFR_NO;
    char path[48];
    uint32_t count;
    const struct tfr_unresolved *unresolved = tfr_graph_unresolved_of(in->graph, node, &count);

    (void)snprintf(path, sizeof path, "statement.%u.resources", statement->index);
    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_resource *to =
            tfr_graph_node(in->graph, tfr_edge_at(&edges, i)->to)->resource;

        if (!tfr_path_begins(tfr_edge_at(&edges, i)->path, path))
            continue;
        if (object != NULL && to == object)
            return tfr_edge_at(&edges, i)->certainty == TFR_OVER_APPROXIMATE ? TFR_MAYBE : TFR_YES;
        /* Of another kind of object, or of one that the question does not name. */
        if (object == NULL ||
            (to != NULL && to->type == object->type && to->block == object->block))
            truth = TFR_MAYBE;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (tfr_path_begins(unresolved[i].path, path) ||
            tfr_sym_is(unresolved[i].path, "statement"))
            truth = TFR_MAYBE;
    }
    return truth;
}

static enum tfr_truth_value about_resource(const struct tfr_input *in,
                                           const struct tfr_statement *statement,
                                           const struct tfr_iam_question *question, bool surely)
{
    const struct tfr_value *resources = tfr_statement_get(statement, TFR_STATEMENT_RESOURCE);
    const struct tfr_value *others = tfr_statement_get(statement, TFR_STATEMENT_NOT_RESOURCE);
    enum tfr_truth_value truth;

    if (others->kind != TFR_ABSENT)
        return not(one_of(others, question, surely ? overlaps : covers));
    if (resources->kind == TFR_ABSENT)
        return TFR_YES;
    truth = one_of(resources, question, surely ? covers : overlaps);
    if (truth == TFR_MAYBE && statement->data != NULL && !surely)
        truth = refers(in, statement, question->object);
    return truth;
}

static bool is_conditional(const struct tfr_statement *statement)
{
    const struct tfr_value *condition = tfr_statement_get(statement, TFR_STATEMENT_CONDITION);

    return condition->kind == TFR_UNKNOWN || condition->count > 0;
}

static void ask_statement(const struct tfr_input *in, const struct tfr_statement *statement,
                          const struct tfr_iam_question *question, struct tfr_iam_answer *out)
{
    const bool allows = tfr_statement_allows(statement);
    struct principals who = { question->role, TFR_NO, TFR_NO };
    enum tfr_truth_value truth = tfr_statement_action(statement, question->action);

    if (truth == TFR_NO)
        return; /* most statements: what they are about does not matter */
    truth = tfr_truth_both(truth, about_resource(in, statement, question, !allows));
    if (question->of_object)
        tfr_statement_principals(statement, see_principal, &who);
    if (!allows) {
        /* A condition may not hold, and who is left out by NotPrincipal cannot be told. */
        if (question->of_object)
            truth = tfr_truth_both(truth, who.named);
        if (truth == TFR_YES && !is_conditional(statement))
            out->deny = TFR_YES;
        return;
    }
    if (question->of_object && who.named != TFR_YES && who.account != TFR_NO && truth != TFR_NO)
        out->delegated = true;
    if (question->of_object)
        truth = tfr_truth_both(truth, tfr_truth_either(who.named, who.account));
    out->allow = tfr_truth_either(out->allow, truth);
}

void tfr_iam_ask(const struct tfr_input *in, const struct tfr_iam_document *document,
                 const struct tfr_iam_question *question, struct tfr_iam_answer *out)
{
    const uint32_t count = tfr_statement_count(document);

    *out = (struct tfr_iam_answer){ TFR_NO, TFR_NO, false, NULL };
    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_statement statement = tfr_statement_at(in, document, i);

        ask_statement(in, &statement, question, out);
    }
    if (document->because != NULL)
        out->allow = tfr_truth_either(out->allow, TFR_MAYBE);
    if (out->allow == TFR_MAYBE)
        out->because = document->because != NULL ? document->because
                       : document->data != NULL  ? document->data->address->text
                                                 : "the policy document";
}
