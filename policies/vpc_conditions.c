/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/vpc_conditions.h"

#include "policies/iam_document.h"
#include "policies/links.h"
#include "policies/lookup.h"
#include "policies/wires.h"

#include <string.h>
#include <strings.h>

struct look {
    const struct tfr_input *in;
    struct tfr_lookup *ids, *old_ids; /* of live endpoints; of all as they were */
    struct tfr_lookup *of_vpc;        /* VPCs that are here, or whose endpoints are */
    struct tfr_lookup *served;        /* "VPC, service" and "service" of live endpoints */
    bool some_unknown;                /* of a live endpoint it is not known yet what it serves */
    bool asked;                       /* a condition on a VPC or an endpoint is there */
    const char *what;                 /* of a finding */
    const char *service;              /* of it */
    const char *because;              /* not NULL: undecided */
};

/* ---- endpoints ---------------------------------------------------------------------------------
 */

static struct tfr_value make_key(const struct look *look, const char *vpc, const char *service,
                                 size_t len)
{
    struct tfr_buf text = { 0 };
    struct tfr_value key = { .kind = TFR_STRING };

    tfr_buf_puts(&text, vpc);
    tfr_buf_putc(&text, '\n');
    tfr_buf_add(&text, service, len);
    key.count = (uint32_t)text.len;
    key.text = tfr_arena_text(look->in->scratch, text.data, text.len);
    tfr_buf_fini(&text);
    return key;
}

/* com.amazonaws.eu-west-1.sqs serves sqs; com.amazonaws.eu-west-1.ecr.api serves ecr. */
static void add_services(struct look *look, const struct tfr_resource *endpoint)
{
    const struct tfr_value *name = tfr_value_get(&endpoint->after, "service_name");
    const struct tfr_value *vpc = tfr_value_get(&endpoint->after, "vpc_id");
    const char *at = name->text;

    if (name->kind != TFR_STRING || vpc->kind != TFR_STRING) {
        look->some_unknown = true;
        return;
    }
    while (*at != '\0') {
        const size_t len = strcspn(at, ".");
        const struct tfr_value of_vpc = make_key(look, vpc->text, at, len);
        const struct tfr_value of_any = make_key(look, "", at, len);

        tfr_lookup_add(&look->served, &of_vpc, endpoint);
        tfr_lookup_add(&look->served, &of_any, endpoint);
        at += len + (at[len] == '.');
    }
}

static void index_networks(struct look *look)
{
    const struct tfr_resource_run vpcs = tfr_input_type(look->in, "aws_vpc");
    const struct tfr_resource_run endpoints = tfr_input_type(look->in, "aws_vpc_endpoint");

    for (uint32_t i = 0; i < vpcs.count; i++)
        tfr_lookup_add(&look->of_vpc, tfr_value_get(tfr_resource_values(vpcs.at[i]), "id"),
                       vpcs.at[i]);
    for (uint32_t i = 0; i < endpoints.count; i++) {
        const struct tfr_resource *endpoint = endpoints.at[i];

        tfr_lookup_add(&look->of_vpc, tfr_value_get(tfr_resource_values(endpoint), "vpc_id"),
                       endpoint);
        tfr_lookup_add(&look->old_ids, tfr_value_get(&endpoint->before, "id"), endpoint);
        if (!tfr_resource_is_live(endpoint))
            continue;
        tfr_lookup_add(&look->ids, tfr_value_get(&endpoint->after, "id"), endpoint);
        add_services(look, endpoint);
    }
}

/* Does a call to the service from the VPC go through an endpoint? Of a VPC of which nothing is here
 * the endpoints lie elsewhere, too. */
static enum tfr_truth_value has_endpoint(const struct look *look, const struct tfr_value *vpc,
                                         const char *service)
{
    const struct tfr_value key = make_key(look, vpc->text, service, strlen(service));

    if (tfr_lookup_find(look->served, &key) != NULL)
        return TFR_YES;
    return look->some_unknown || tfr_lookup_find(look->of_vpc, vpc) == NULL ? TFR_MAYBE : TFR_NO;
}

/* Is it the id of an endpoint that is there? */
static enum tfr_truth_value is_endpoint(const struct look *look, const struct tfr_value *id,
                                        const char *service)
{
    const struct tfr_value key = make_key(look, "", service, strlen(service));

    if (tfr_lookup_find(look->ids, id) != NULL)
        return TFR_YES;
    if (tfr_lookup_find(look->old_ids, id) != NULL || tfr_lookup_find(look->served, &key) != NULL)
        return TFR_NO;
    return TFR_MAYBE;
}

/* ---- one condition -----------------------------------------------------------------------------
 */

enum key { OTHER, VPC, ENDPOINT };

static enum key key_of(const char *name)
{
    if (strcasecmp(name, "aws:SourceVpc") == 0)
        return VPC;
    return strcasecmp(name, "aws:SourceVpce") == 0 ? ENDPOINT : OTHER;
}

static enum tfr_truth_value holds(const struct look *look, enum key key,
                                  const struct tfr_value *value, const char *service)
{
    if (value->kind != TFR_STRING || strpbrk(value->text, "*?$") != NULL)
        return TFR_MAYBE;
    return key == VPC ? has_endpoint(look, value, service) : is_endpoint(look, value, service);
}

static enum tfr_truth_value one_holds(const struct look *look, enum key key,
                                      const struct tfr_value *values, const char *service)
{
    enum tfr_truth_value truth = TFR_NO;

    if (values->kind != TFR_LIST)
        return holds(look, key, values, service);
    for (uint32_t i = 0; i < values->count; i++)
        truth = tfr_truth_either(truth, holds(look, key, &values->items[i], service));
    return truth;
}

static void look_at_service(struct look *look, enum key key, const struct tfr_value *values,
                            const char *service)
{
    const enum tfr_truth_value truth = one_holds(look, key, values, service);

    look->asked = true;
    if (truth == TFR_NO && look->what == NULL) {
        look->what = key == VPC ? "the VPC has no endpoint" : "it is no endpoint of this document";
        look->service = service;
    } else if (truth == TFR_MAYBE && look->because == NULL) {
        look->because = key == VPC ? "the endpoints of the VPC" : "the id of the endpoint";
    }
}

/* sqs of sqs:SendMessage */
static const char *service_of(const struct look *look, const char *action)
{
    const size_t len = strcspn(action, ":");

    return action[len] == ':' ? tfr_arena_text(look->in->scratch, action, len) : NULL;
}

static void look_at_condition(struct look *look, const struct tfr_statement *statement,
                              enum key key, const struct tfr_value *values)
{
    const struct tfr_value *actions = tfr_statement_get(statement, TFR_STATEMENT_ACTION);
    const uint32_t count = actions->kind == TFR_LIST ? actions->count : 1;

    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_value *action = actions->kind == TFR_LIST ? &actions->items[i] : actions;
        const char *service = action->kind == TFR_STRING ? service_of(look, action->text) : NULL;

        if (service != NULL && strcmp(service, "*") != 0) {
            look_at_service(look, key, values, service);
        } else if (look->because == NULL) {
            look->asked = true;
            look->because = "the services it is about";
        }
    }
}

/* An Allow that holds only with the key, a Deny that holds without it. */
static bool is_binding(const struct tfr_statement *statement, const char *test)
{
    static const char *const wants[] = { "StringEquals", "StringLike", "StringEqualsIgnoreCase",
                                         "ForAnyValue:StringEquals", "ForAnyValue:StringLike" };
    static const char *const refuses[] = { "StringNotEquals", "StringNotLike",
                                           "StringNotEqualsIfExists", "StringNotLikeIfExists" };
    const bool allows = tfr_statement_allows(statement);
    const size_t count =
        allows ? sizeof wants / sizeof wants[0] : sizeof refuses / sizeof refuses[0];

    for (size_t i = 0; i < count; i++) {
        if (strcmp(test, allows ? wants[i] : refuses[i]) == 0)
            return true;
    }
    return false;
}

/* ---- statements --------------------------------------------------------------------------------
 */

struct found {
    enum key key;
    const char *test;
    const struct tfr_value *values;
    uint32_t others; /* further keys: all must hold */
};

static void note(struct found *found, const char *test, const char *name,
                 const struct tfr_value *values)
{
    const enum key key = key_of(name);

    if (key == OTHER || found->key != OTHER) {
        found->others++;
        return;
    }
    found->key = key;
    found->test = test;
    found->values = values;
}

static void find_condition(const struct tfr_statement *statement, struct found *found)
{
    const struct tfr_value *all = tfr_statement_get(statement, TFR_STATEMENT_CONDITION);

    for (uint32_t i = 0; all->kind == TFR_OBJECT && i < all->count; i++) {
        const struct tfr_value *block = tfr_member_value(all, i);

        for (uint32_t k = 0; block->kind == TFR_OBJECT && k < block->count; k++)
            note(found, tfr_member_name(all, i)->text, tfr_member_name(block, k)->text,
                 tfr_member_value(block, k));
    }
    for (uint32_t i = 0; all->kind == TFR_LIST && i < all->count; i++) {
        const struct tfr_value *test = tfr_value_get(&all->items[i], "test");
        const struct tfr_value *name = tfr_value_get(&all->items[i], "variable");

        if (test->kind == TFR_STRING && name->kind == TFR_STRING)
            note(found, test->text, name->text, tfr_value_get(&all->items[i], "values"));
    }
}

static void look_at_statement(struct look *look, const struct tfr_statement *statement)
{
    struct found found = { .key = OTHER };

    find_condition(statement, &found);
    if (found.key == OTHER || !is_binding(statement, found.test))
        return;
    /* What a Deny with several keys refuses is what breaks all of them: other ways are open. */
    if (!tfr_statement_allows(statement) && found.others > 0)
        return;
    look_at_condition(look, statement, found.key, found.values);
}

/* ---- the analyser ------------------------------------------------------------------------------
 */

/* A text that is known later may hold such a condition if it refers to a network, or to something
 * that the document does not show. */
static bool may_be_about(const struct tfr_input *in, const struct tfr_resource *policy)
{
    const tfr_node_id node = tfr_graph_node_of(in->graph, policy);
    const struct tfr_edges edges = tfr_graph_dependencies(in->graph, node);
    uint32_t count;
    const struct tfr_unresolved *unresolved = tfr_graph_unresolved_of(in->graph, node, &count);

    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_resource *to =
            tfr_graph_node(in->graph, tfr_edge_at(&edges, i)->to)->resource;

        if (to != NULL && tfr_path_begins(tfr_edge_at(&edges, i)->path, "policy") &&
            (tfr_sym_is(to->type, "aws_vpc") || tfr_sym_is(to->type, "aws_vpc_endpoint")))
            return true;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (tfr_path_begins(unresolved[i].path, "policy"))
            return true;
    }
    return false;
}

static void look_at(struct look *look, struct tfr_findings_builder *out,
                    const struct tfr_resource *policy)
{
    struct tfr_iam_document document;
    uint32_t count;

    look->asked = false;
    look->what = look->because = NULL;
    tfr_iam_document_of(look->in, policy, "policy", TFR_AFTER, &document);
    count = tfr_statement_count(&document);
    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_statement statement = tfr_statement_at(look->in, &document, i);

        look_at_statement(look, &statement);
    }
    if (document.because != NULL && look->what == NULL && may_be_about(look->in, policy)) {
        look->asked = true;
        look->because = document.because;
    }
    if (!look->asked)
        return;
    if (look->what != NULL) {
        tfr_findings_add(out, policy,
                         "a statement holds only for calls through an endpoint for %s, and %s",
                         look->service, look->what);
        tfr_finding_evidence(out, TFR_EVIDENCE_ABSENCE, policy->address->text, "policy",
                             "no live aws_vpc_endpoint fits the condition");
    } else if (look->because != NULL) {
        tfr_findings_undecided(out, policy, look->because,
                               "whether its condition on a VPC can hold is not said here");
    } else {
        tfr_findings_pass(out, policy);
    }
}

void tfr_check_vpc_conditions(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run subjects = tfr_input_subjects(in);
    struct look look = { .in = in };

    index_networks(&look);
    for (uint32_t i = 0; i < subjects.count; i++) {
        if (tfr_resource_is_live(subjects.at[i]) && !subjects.at[i]->duplicate)
            look_at(&look, out, subjects.at[i]);
    }
    tfr_lookup_free(look.ids);
    tfr_lookup_free(look.old_ids);
    tfr_lookup_free(look.of_vpc);
    tfr_lookup_free(look.served);
}
