/* SPDX-License-Identifier: Apache-2.0 */
/* What single statements of a policy document allow. */
#include "policies/statements.h"
#include "policies/iam_document.h"
#include "policies/wires.h"
#include "policies/workload_roles.h"

#include <string.h>
#include <strings.h>

enum answer { NO, YES, MAYBE };

enum wanted { PUBLIC, ADMIN, SERVICE_WIDE };

struct look {
    const struct tfr_input *in;
    enum wanted wanted;
    enum answer answer;
    const char *what; /* of YES */
};

static void note(struct look *look, enum answer answer, const char *what)
{
    if (answer == YES && look->answer != YES) {
        look->answer = YES;
        look->what = what;
    } else if (answer == MAYBE && look->answer == NO) {
        look->answer = MAYBE;
    }
}

static enum answer both(enum answer a, enum answer b)
{
    if (a == NO || b == NO)
        return NO;
    return a == YES && b == YES ? YES : MAYBE;
}

/* A member that is a text or a list of texts: does one of them satisfy `is`? */
static enum answer any(const struct tfr_value *value, bool (*is)(const struct tfr_value *text))
{
    enum answer answer = NO;

    if (value->kind == TFR_UNKNOWN)
        return MAYBE;
    if (value->kind == TFR_STRING)
        return is(value) ? YES : NO;
    for (uint32_t i = 0; value->kind == TFR_LIST && i < value->count && answer != YES; i++) {
        const enum answer one = any(&value->items[i], is);

        answer = one != NO ? one : answer;
    }
    return answer;
}

static bool is_star(const struct tfr_value *text)
{
    return tfr_value_is(text, "*") || tfr_value_is(text, "*:*");
}

/* s3:*: every action of a service that keeps data, in whatever case it is written */
static bool is_data_service(const struct tfr_value *text)
{
    static const char *const services[] = {
        "s3:*", "sqs:*", "sns:*", "dynamodb:*", "secretsmanager:*", "kms:*", "rds:*", "ssm:*"
    };

    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (strcasecmp(text->text, services[i]) == 0)
            return true;
    }
    return false;
}

static bool is_broad_policy(const struct tfr_value *arn)
{
    static const char *const names[] = { "/AdministratorAccess", "/IAMFullAccess",
                                         "/PowerUserAccess" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const size_t len = strlen(names[i]);

        if (arn->kind == TFR_STRING && arn->count >= len &&
            strcmp(arn->text + arn->count - len, names[i]) == 0)
            return true;
    }
    return false;
}

/* ---- conditions --------------------------------------------------------------------------------
 */

/* Condition keys that only some callers can satisfy. */
static bool narrows(const char *key)
{
    static const char *const keys[] = {
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:sourcevpce",
        "aws:sourcevpc",
        "aws:sourceip",
        "aws:sourceowner",
        "kms:calleraccount",
        "kms:viaservice",
        "sts:externalid",
        "aws:vpcsourceip",
        "lambda:functionurlauthtype",
        "aws:sourceorgpaths",
        "aws:userid",
        "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
        "elasticfilesystem:accesspointarn",
        "elasticfilesystem:accessedviamounttarget",
    };

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcasecmp(key, keys[i]) == 0)
            return true;
    }
    return false;
}

/* {"StringEquals": {"aws:SourceArn": ...}}; of a data source [{"variable": "aws:SourceArn" ...}] */
static enum answer is_narrowed(const struct tfr_statement *statement)
{
    const struct tfr_value *condition = tfr_statement_get(statement, TFR_STATEMENT_CONDITION);

    if (condition->kind == TFR_UNKNOWN)
        return MAYBE;
    for (uint32_t i = 0; condition->kind == TFR_OBJECT && i < condition->count; i++) {
        const struct tfr_value *block = tfr_member_value(condition, i);

        for (uint32_t k = 0; block->kind == TFR_OBJECT && k < block->count; k++) {
            if (narrows(tfr_member_name(block, k)->text))
                return YES;
        }
    }
    for (uint32_t i = 0; condition->kind == TFR_LIST && i < condition->count; i++) {
        const struct tfr_value *key = tfr_value_get(&condition->items[i], "variable");

        if (key->kind == TFR_STRING && narrows(key->text))
            return YES;
    }
    return NO;
}

static enum answer negate(enum answer answer)
{
    return answer == MAYBE ? MAYBE : answer == YES ? NO : YES;
}

/* ---- statements --------------------------------------------------------------------------------
 */

static void see_principal(void *ctx, const char *kind, const struct tfr_value *text)
{
    enum answer *answer = ctx;
    const enum answer one = any(text, is_star);

    if (kind == NULL || strcmp(kind, "AWS") == 0 || strcmp(kind, "*") == 0)
        *answer = one == YES || *answer == NO ? one : *answer;
}

/* All but a few are everybody, too. */
static enum answer is_for_everybody(const struct tfr_statement *statement)
{
    enum answer answer = NO;

    if (tfr_statement_get(statement, TFR_STATEMENT_NOT_PRINCIPAL)->kind != TFR_ABSENT)
        return YES;
    tfr_statement_principals(statement, see_principal, &answer);
    return answer;
}

static void look_at_statement(struct look *look, const struct tfr_statement *statement)
{
    const struct tfr_value *action;
    enum answer everywhere;

    if (statement->value->kind == TFR_UNKNOWN) {
        note(look, MAYBE, NULL);
        return;
    }
    if (!tfr_statement_allows(statement))
        return;
    if (look->wanted == PUBLIC) {
        note(look, both(is_for_everybody(statement), negate(is_narrowed(statement))),
             "a statement allows it to everybody, without a condition that narrows it");
        return;
    }
    action = tfr_statement_get(statement, TFR_STATEMENT_ACTION);
    everywhere = any(tfr_statement_get(statement, TFR_STATEMENT_RESOURCE), is_star);
    if (look->wanted == ADMIN) {
        note(look, both(any(action, is_star), everywhere),
             "a statement allows every action on every resource");
    } else {
        note(look, both(any(action, is_data_service), everywhere),
             "a statement allows every action of a service that keeps data, on every resource");
        if (tfr_statement_get(statement, TFR_STATEMENT_NOT_ACTION)->kind != TFR_ABSENT)
            note(look, everywhere,
                 "a statement allows everything but a few actions, on every resource");
    }
}

/* What is asked of statements needs a star that stands alone, or begins "*:*", or those whom it is
 * not for. Most texts have none and are not read; an escaped one may hide behind any backslash. */
static bool may_hold(const struct look *look, const struct tfr_value *text)
{
    return text->kind != TFR_STRING || strstr(text->text, "\"*") != NULL ||
           strchr(text->text, '\\') != NULL ||
           (look->wanted == PUBLIC && strstr(text->text, "\"NotP") != NULL);
}

static void look_at_statements(struct look *look, const struct tfr_iam_document *document)
{
    for (uint32_t i = 0; i < tfr_statement_count(document); i++) {
        const struct tfr_statement statement = tfr_statement_at(look->in, document, i);

        look_at_statement(look, &statement);
    }
    if (document->because != NULL)
        note(look, MAYBE, NULL);
}

static void look_at_document(struct look *look, const struct tfr_value *text)
{
    struct tfr_iam_document document;

    if (tfr_value_missing(text) || (text->kind != TFR_UNKNOWN && !may_hold(look, text)))
        return;
    tfr_iam_document_in(look->in, text, "policy", &document);
    look_at_statements(look, &document);
}

/* A text that is not known yet may come from a data source that tells its statements. */
static void look_at_attribute(struct look *look, const struct tfr_resource *resource,
                              const char *attribute)
{
    const struct tfr_value *text = tfr_input_get(look->in, &resource->after, attribute);
    struct tfr_iam_document document;

    if (text->kind != TFR_UNKNOWN) {
        look_at_document(look, text);
    } else if (tfr_wires_written(look->in, resource, attribute)) {
        tfr_iam_document_of(look->in, resource, attribute, TFR_AFTER, &document);
        look_at_statements(look, &document);
    }
}

/* ---- what is no policy document ----------------------------------------------------------------
 */

static bool is_public_acl(const struct tfr_value *text)
{
    return tfr_value_is(text, "public-read") || tfr_value_is(text, "public-read-write") ||
           tfr_value_is(text, "authenticated-read");
}

static bool is_all_users(const struct tfr_value *text)
{
    return tfr_value_is(text, "http://acs.amazonaws.com/groups/global/AllUsers") ||
           tfr_value_is(text, "http://acs.amazonaws.com/groups/global/AuthenticatedUsers");
}

/* An object of this type, live or gone, on one side of another: one that says `value` there, or any
 * if `attribute` is NULL. */
static bool has_neighbour(const struct tfr_input *in, const struct tfr_resource *resource,
                          enum tfr_direction direction, const char *type, const char *attribute,
                          const struct tfr_value *value)
{
    struct tfr_nodes nodes = { 0 };
    bool found = false;

    tfr_graph_neighbours(in->graph, tfr_graph_node_of(in->graph, resource), direction, TFR_BOTH,
                         &nodes);
    for (uint32_t i = 0; i < nodes.count && !found; i++) {
        const struct tfr_resource *other = tfr_graph_node(in->graph, nodes.at[i])->resource;

        found = other != NULL && tfr_sym_is(other->type, type) &&
                (attribute == NULL ||
                 tfr_value_equal(tfr_value_get(&other->before, attribute), value) ||
                 tfr_value_equal(tfr_value_get(&other->after, attribute), value));
    }
    tfr_nodes_fini(&nodes);
    return found;
}

/* Where a policy or list of its own stands beside a queue, topic or bucket, their attribute says
 * the same again. */
static bool is_mirror(const struct tfr_input *in, const struct tfr_resource *resource,
                      const char *attribute)
{
    static const struct {
        const char *type, *attribute, *beside;
    } mirrors[] = {
        { "aws_sqs_queue", "policy", "aws_sqs_queue_policy" },
        { "aws_sns_topic", "policy", "aws_sns_topic_policy" },
        { "aws_s3_bucket", "policy", "aws_s3_bucket_policy" },
        { "aws_s3_bucket", "grant", "aws_s3_bucket_acl" },
    };

    for (size_t i = 0; i < sizeof mirrors / sizeof mirrors[0]; i++) {
        if (tfr_sym_is(resource->type, mirrors[i].type) &&
            strcmp(attribute, mirrors[i].attribute) == 0 &&
            has_neighbour(in, resource, TFR_UP, mirrors[i].beside, NULL, NULL))
            return true;
    }
    return false;
}

static enum answer grants_all(const struct tfr_value *grants, const char *uri)
{
    enum answer answer = NO;

    for (uint32_t i = 0; grants->kind == TFR_LIST && i < grants->count && answer != YES; i++) {
        const enum answer one = any(tfr_value_path(&grants->items[i], uri), is_all_users);

        answer = one != NO ? one : answer;
    }
    return answer;
}

static void look_at_acl(struct look *look, const struct tfr_value *values)
{
    note(look, any(tfr_value_get(values, "acl"), is_public_acl), "its canned ACL is public");
    note(look, grants_all(tfr_value_path(values, "access_control_policy.grant"), "grantee.uri"),
         "a grant of its ACL is for everybody");
}

/* Until provider 4 a bucket said itself who may use it. */
static void look_at_bucket(struct look *look, const struct tfr_resource *bucket)
{
    const struct tfr_value *acl = tfr_input_get(look->in, &bucket->after, "acl");
    const struct tfr_value *grants = tfr_input_get(look->in, &bucket->after, "grant");

    if (acl->kind == TFR_STRING)
        look_at_acl(look, &bucket->after);
    if (grants_all(grants, "uri") == YES && !is_mirror(look->in, bucket, "grant"))
        note(look, YES, "a grant of its ACL is for everybody");
}

/* A permission of a function: principal "*" without a source. */
static void look_at_permission(struct look *look, const struct tfr_value *values)
{
    static const char *const sources[] = { "source_arn", "source_account", "principal_org_id" };

    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        if (!tfr_value_is_blank(tfr_value_get(values, sources[i])))
            return;
    }
    if (tfr_value_is(tfr_value_get(values, "function_url_auth_type"), "AWS_IAM"))
        return;
    note(look, any(tfr_value_get(values, "principal"), is_star),
         "everybody may call it: no source is named");
}

static const char broad[] = "it attaches a managed policy that allows nearly everything";

/* An ARN that is not known yet is that of a policy which this document makes: its text is looked at
 * there. */
static void look_at_attachment(struct look *look, const struct tfr_resource *attachment)
{
    const struct tfr_value *arn = tfr_input_get(look->in, &attachment->after, "policy_arn");

    if (arn->kind != TFR_UNKNOWN ||
        !has_neighbour(look->in, attachment, TFR_DOWN, "aws_iam_policy", NULL, NULL))
        note(look, any(arn, is_broad_policy), broad);
}

/* What a role says of the policies that it has. Those that stand in objects of their own are told
 * there: the role shows them as it was read, and still does when they go. */
static void look_at_role(struct look *look, const struct tfr_resource *role)
{
    const struct tfr_value *arns = tfr_input_get(look->in, &role->after, "managed_policy_arns");
    const struct tfr_value *policies = tfr_input_get(look->in, &role->after, "inline_policy");

    if (arns->kind == TFR_UNKNOWN && tfr_wires_written(look->in, role, "managed_policy_arns"))
        note(look, MAYBE, NULL);
    for (uint32_t i = 0; arns->kind == TFR_LIST && i < arns->count; i++) {
        const enum answer answer = any(&arns->items[i], is_broad_policy);

        if (answer != YES ||
            !has_neighbour(look->in, role, TFR_UP, "aws_iam_role_policy_attachment", "policy_arn",
                           &arns->items[i]))
            note(look, answer, broad);
    }
    for (uint32_t i = 0; policies->kind == TFR_LIST && i < policies->count; i++) {
        const struct tfr_value *text = tfr_value_get(&policies->items[i], "policy");
        const struct tfr_value *name = tfr_value_get(&policies->items[i], "name");

        if (text->kind != TFR_STRING ||
            (may_hold(look, text) &&
             !has_neighbour(look->in, role, TFR_UP, "aws_iam_role_policy", "name", name)))
            look_at_document(look, text);
    }
}

static void look_at(struct look *look, const struct tfr_resource *resource)
{
    static const char *const attributes[] = { "policy", "assume_role_policy", "access_policy" };
    const struct tfr_value *values = &resource->after;
    const bool is_role = tfr_sym_is(resource->type, "aws_iam_role");
    const struct tfr_value *text;

    if (tfr_sym_is(resource->type, "aws_s3_bucket_acl"))
        look_at_acl(look, values);
    if (tfr_sym_is(resource->type, "aws_s3_bucket"))
        look_at_bucket(look, resource);
    if (tfr_sym_is(resource->type, "aws_lambda_permission"))
        look_at_permission(look, values);
    if (tfr_sym_is(resource->type, "aws_iam_role_policy_attachment"))
        look_at_attachment(look, resource);
    if (is_role && look->wanted != PUBLIC)
        look_at_role(look, resource);
    /* Who may take a role is one question, what it may do another. */
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        if (is_role && look->wanted != PUBLIC && i == 1)
            continue;
        text = tfr_input_get(look->in, values, attributes[i]);
        if (text->kind == TFR_STRING && may_hold(look, text) &&
            is_mirror(look->in, resource, attributes[i]))
            continue;
        look_at_attribute(look, resource, attributes[i]);
    }
}

/* ---- the analyser ------------------------------------------------------------------------------
 */

static bool read_wanted(const struct tfr_input *in, enum wanted *out)
{
    const char *find = tfr_input_param(in, "find");

    if (find != NULL && strcmp(find, "public") == 0)
        *out = PUBLIC;
    else if (find != NULL && strcmp(find, "admin") == 0)
        *out = ADMIN;
    else if (find != NULL && strcmp(find, "service_wide") == 0)
        *out = SERVICE_WIDE;
    else
        return false;
    return true;
}

void tfr_check_statements(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run subjects = tfr_input_subjects(in);
    struct look look = { .in = in };

    if (!read_wanted(in, &look.wanted))
        return;
    for (uint32_t i = 0; i < subjects.count; i++) {
        const struct tfr_resource *resource = subjects.at[i];

        if (!tfr_resource_is_live(resource))
            continue;
        look.answer = NO;
        look_at(&look, resource);
        if (look.answer == NO) {
            tfr_findings_pass(out, resource);
        } else if (look.answer == MAYBE) {
            tfr_findings_undecided(out, resource, "the policy document",
                                   "what its statements allow shows after the apply");
        } else {
            tfr_findings_add(out, resource, "%s", look.what);
            if (look.wanted == ADMIN && !tfr_serves_workload(in, resource))
                tfr_finding_lower(out, 1);
        }
    }
}
