/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether buckets let those in that are to write logs there. Who writes, and what it needs:
 * balancers and S3 a statement for their service (S3 may have an access control list instead), a
 * CDN with logging_config access control lists that are not switched off.
 */
#include "policies/log_delivery.h"

#include "policies/iam_document.h"
#include "policies/wires.h"

#include <stdlib.h>
#include <string.h>

static const char *const bucket_types[] = { "aws_s3_bucket", NULL };
static const char *const policy_types[] = { "aws_s3_bucket_policy", NULL };
static const char *const acl_types[] = { "aws_s3_bucket_acl", NULL };
static const char *const ownership_types[] = { "aws_s3_bucket_ownership_controls", NULL };

enum writer { BALANCER, NETWORK_BALANCER, BUCKET, CDN };

/* Services of which statements are searched; ACCOUNT: an account is named, as balancers in old
 * regions need it. */
enum { ELB, ACCOUNT, S3, DELIVERY, SERVICES };

struct delivery {
    const struct tfr_resource *bucket, *producer;
    enum writer writer;
};

struct survey {
    const struct tfr_input *in;
    struct tfr_findings_builder *out;
    struct delivery *at;
    size_t count, cap;
    const char *opaque_policy, *opaque_acl, *opaque_ownership;
};

/* What a bucket allows. */
struct bucket {
    enum tfr_truth_value put[SERVICES]; /* a statement lets the service put objects */
    enum tfr_truth_value log_acl;       /* the list for logs of S3 */
    enum tfr_truth_value acls;          /* lists are not switched off */
    bool acls_told;                     /* somebody says so */
};

/* ---- statements --------------------------------------------------------------------------------
 */

/* A text, or one of a list of texts, satisfies `is`. */
static enum tfr_truth_value any(const struct tfr_value *value, bool (*is)(const char *text))
{
    enum tfr_truth_value answer = TFR_NO;

    if (value->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    if (value->kind == TFR_STRING)
        return is(value->text) ? TFR_YES : TFR_NO;
    for (uint32_t i = 0; value->kind == TFR_LIST && i < value->count; i++) {
        const struct tfr_value *item = &value->items[i];

        answer = tfr_truth_either(answer, item->kind == TFR_UNKNOWN                    ? TFR_MAYBE
                                          : item->kind == TFR_STRING && is(item->text) ? TFR_YES
                                                                                       : TFR_NO);
    }
    return answer;
}

static bool is_put(const char *action)
{
    static const char *const actions[] = { "*", "s3:*", "s3:Put*", "s3:PutObject",
                                           "s3:PutObject*" };

    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(action, actions[i]) == 0)
            return true;
    }
    return false;
}

static bool is_elb(const char *service)
{
    return strcmp(service, "logdelivery.elasticloadbalancing.amazonaws.com") == 0 ||
           strcmp(service, "logdelivery.elb.amazonaws.com") == 0;
}

static bool is_s3(const char *service)
{
    return strcmp(service, "logging.s3.amazonaws.com") == 0;
}

static bool is_delivery(const char *service)
{
    return strcmp(service, "delivery.logs.amazonaws.com") == 0;
}

static bool is_everybody(const char *principal)
{
    return strcmp(principal, "*") == 0;
}

/* 127311923021, arn:aws:iam::127311923021:root */
static bool is_account(const char *principal)
{
    return strspn(principal, "0123456789") == 12 || strstr(principal, ":root") != NULL;
}

static bool (*const is_principal[SERVICES])(const char *) = {
    [ELB] = is_elb, [ACCOUNT] = is_account, [S3] = is_s3, [DELIVERY] = is_delivery
};

static void see_principal(void *ctx, const char *kind, const struct tfr_value *text)
{
    enum tfr_truth_value *found = ctx;
    const enum tfr_truth_value all = any(text, is_everybody);
    const bool service = kind != NULL && strcmp(kind, "Service") == 0;
    const bool account = kind != NULL && strcmp(kind, "AWS") == 0;

    for (int i = 0; i < SERVICES; i++) {
        if (kind == NULL || account)
            found[i] = tfr_truth_either(found[i], all);
        if (account ? i == ACCOUNT : service && i != ACCOUNT)
            found[i] = tfr_truth_either(found[i], any(text, is_principal[i]));
    }
}

static void add_statement(struct bucket *bucket, const struct tfr_statement *statement)
{
    const enum tfr_truth_value put =
        any(tfr_statement_get(statement, TFR_STATEMENT_ACTION), is_put);
    enum tfr_truth_value found[SERVICES] = { TFR_NO, TFR_NO, TFR_NO, TFR_NO };

    if (!tfr_statement_allows(statement))
        return;
    tfr_statement_principals(statement, see_principal, found);
    for (int i = 0; i < SERVICES; i++)
        bucket->put[i] = tfr_truth_either(bucket->put[i], tfr_truth_both(put, found[i]));
}

static void open_all(struct bucket *bucket)
{
    for (int i = 0; i < SERVICES; i++)
        bucket->put[i] = tfr_truth_either(bucket->put[i], TFR_MAYBE);
}

static void add_policy(const struct survey *survey, struct bucket *bucket,
                       const struct tfr_resource *resource)
{
    struct tfr_iam_document document;

    tfr_iam_document_of(survey->in, resource, "policy", TFR_AFTER, &document);
    if (document.because != NULL)
        open_all(bucket);
    for (uint32_t i = 0; i < tfr_statement_count(&document); i++) {
        const struct tfr_statement statement = tfr_statement_at(survey->in, &document, i);

        add_statement(bucket, &statement);
    }
}

/* ---- lists -------------------------------------------------------------------------------------
 */

static bool is_log_acl(const char *acl)
{
    return strcmp(acl, "log-delivery-write") == 0 ||
           strcmp(acl, "http://acs.amazonaws.com/groups/s3/LogDelivery") == 0;
}

static void add_grants(struct bucket *bucket, const struct tfr_value *grants, const char *uri)
{
    if (grants->kind == TFR_UNKNOWN)
        bucket->log_acl = tfr_truth_either(bucket->log_acl, TFR_MAYBE);
    for (uint32_t i = 0; grants->kind == TFR_LIST && i < grants->count; i++)
        bucket->log_acl = tfr_truth_either(bucket->log_acl,
                                           any(tfr_value_path(&grants->items[i], uri), is_log_acl));
}

static bool is_acl_ownership(const char *ownership)
{
    return strcmp(ownership, "BucketOwnerPreferred") == 0 || strcmp(ownership, "ObjectWriter") == 0;
}

static void read_policies(const struct survey *survey, const struct tfr_resource *resource,
                          struct bucket *bucket)
{
    struct tfr_wires wires;

    if (survey->opaque_policy != NULL)
        open_all(bucket);
    /* One that nobody writes is made by the provider, of the policy below. */
    add_policy(survey, bucket, resource);
    tfr_wires_to(survey->in, resource, "bucket", policy_types, &wires);
    for (uint32_t i = 0; i < wires.count; i++)
        add_policy(survey, bucket, wires.at[i]);
}

static void read_acls(const struct survey *survey, const struct tfr_resource *resource,
                      struct bucket *bucket)
{
    const struct tfr_value *inner = tfr_value_get(&resource->after, "acl");
    struct tfr_wires wires;

    if (inner->kind != TFR_UNKNOWN || tfr_wires_written(survey->in, resource, "acl"))
        bucket->log_acl = any(inner, is_log_acl);
    if (survey->opaque_acl != NULL)
        bucket->log_acl = tfr_truth_either(bucket->log_acl, TFR_MAYBE);
    tfr_wires_to(survey->in, resource, "bucket", acl_types, &wires);
    for (uint32_t i = 0; i < wires.count; i++) {
        const struct tfr_value *acl = tfr_value_get(&wires.at[i]->after, "acl");

        bucket->log_acl = tfr_truth_either(bucket->log_acl, any(acl, is_log_acl));
        add_grants(bucket, tfr_value_path(&wires.at[i]->after, "access_control_policy.0.grant"),
                   "grantee.0.uri");
    }
}

static void read_ownership(const struct survey *survey, const struct tfr_resource *resource,
                           struct bucket *bucket)
{
    struct tfr_wires wires;

    tfr_wires_to(survey->in, resource, "bucket", ownership_types, &wires);
    bucket->acls_told = wires.count > 0;
    for (uint32_t i = 0; i < wires.count; i++)
        bucket->acls = tfr_truth_either(
            bucket->acls,
            any(tfr_value_path(&wires.at[i]->after, "rule.0.object_ownership"), is_acl_ownership));
}

/* ---- who writes where --------------------------------------------------------------------------
 */

static void add_delivery(struct survey *survey, const struct tfr_resource *producer,
                         const char *path, enum writer writer)
{
    struct tfr_wires wires;

    tfr_wires_of(survey->in, producer, path, bucket_types, &wires);
    for (uint32_t i = 0; i < wires.count; i++) {
        if (wires.at[i]->mode != TFR_MANAGED)
            continue; /* who may write there is decided elsewhere */
        survey->at = tfr_grow(survey->at, &survey->cap, survey->count + 1, sizeof *survey->at);
        survey->at[survey->count++] = (struct delivery){ wires.at[i], producer, writer };
    }
}

static void look_at_balancer(struct survey *survey, const struct tfr_resource *balancer)
{
    static const char *const blocks[] = { "access_logs", "connection_logs" };
    const struct tfr_value *kind = tfr_value_get(&balancer->after, "load_balancer_type");
    const enum writer writer = tfr_value_is(kind, "network") || tfr_value_is(kind, "gateway")
                                   ? NETWORK_BALANCER
                                   : BALANCER;

    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        const struct tfr_value *block = tfr_value_get(&balancer->after, blocks[i]);
        const struct tfr_value *enabled = tfr_value_path(block, "0.enabled");

        if (block->kind == TFR_LIST && block->count > 0 &&
            (tfr_value_true(enabled) || enabled->kind == TFR_UNKNOWN))
            add_delivery(survey, balancer, blocks[i], writer);
    }
}

static void find_deliveries(struct survey *survey)
{
    static const char *const balancer_types[] = { "aws_lb", "aws_alb" };
    const struct tfr_resource_run logging = tfr_input_type(survey->in, "aws_s3_bucket_logging");
    const struct tfr_resource_run buckets = tfr_input_type(survey->in, "aws_s3_bucket");
    const struct tfr_resource_run cdns = tfr_input_type(survey->in, "aws_cloudfront_distribution");

    for (size_t k = 0; k < sizeof balancer_types / sizeof balancer_types[0]; k++) {
        const struct tfr_resource_run balancers = tfr_input_type(survey->in, balancer_types[k]);

        for (uint32_t i = 0; i < balancers.count; i++) {
            if (tfr_resource_is_live(balancers.at[i]))
                look_at_balancer(survey, balancers.at[i]);
        }
    }
    for (uint32_t i = 0; i < logging.count; i++) {
        if (tfr_resource_is_live(logging.at[i]))
            add_delivery(survey, logging.at[i], "target_bucket", BUCKET);
    }
    for (uint32_t i = 0; i < buckets.count; i++) {
        if (tfr_resource_is_live(buckets.at[i]) &&
            (tfr_value_get(&buckets.at[i]->after, "logging")->kind != TFR_UNKNOWN ||
             tfr_wires_written(survey->in, buckets.at[i], "logging")))
            add_delivery(survey, buckets.at[i], "logging", BUCKET);
    }
    for (uint32_t i = 0; i < cdns.count; i++) {
        if (tfr_resource_is_live(cdns.at[i]))
            add_delivery(survey, cdns.at[i], "logging_config", CDN);
    }
}

/* ---- answers -----------------------------------------------------------------------------------
 */

/* A list that is switched off refuses the logs when they are set up; where all of it stands
 * already, AWS has taken it. */
static enum tfr_truth_value takes_acls(const struct survey *survey, const struct delivery *delivery,
                                       const struct bucket *bucket)
{
    const struct tfr_resource *cdn = delivery->producer;
    const bool set_up = delivery->bucket->action == TFR_ACTION_CREATE ||
                        (cdn->action != TFR_ACTION_NONE &&
                         !tfr_value_equal(tfr_value_get(&cdn->before, "logging_config"),
                                          tfr_value_get(&cdn->after, "logging_config")));

    if (bucket->acls_told)
        return bucket->acls;
    return set_up && survey->opaque_ownership == NULL ? TFR_NO : TFR_MAYBE;
}

static enum tfr_truth_value may_write(const struct survey *survey, const struct delivery *delivery,
                                      const struct bucket *bucket, const char **what)
{
    switch (delivery->writer) {
    case BALANCER:
        *what = "no statement lets logdelivery.elasticloadbalancing.amazonaws.com put objects";
        return tfr_truth_either(bucket->put[ELB], bucket->put[ACCOUNT]);
    case NETWORK_BALANCER:
        *what = "no statement lets delivery.logs.amazonaws.com put objects";
        return bucket->put[DELIVERY];
    case BUCKET:
        *what = "neither a statement for logging.s3.amazonaws.com nor the list log-delivery-write";
        return tfr_truth_either(bucket->put[S3], bucket->log_acl);
    default:
        *what = "its access control lists are off (object_ownership)";
        return takes_acls(survey, delivery, bucket);
    }
}

static void report(const struct survey *survey, size_t first, size_t end)
{
    const struct tfr_resource *resource = survey->at[first].bucket;
    struct bucket bucket = { .log_acl = TFR_NO };
    struct tfr_buf text = { 0 };
    bool open = false;

    read_policies(survey, resource, &bucket);
    read_acls(survey, resource, &bucket);
    read_ownership(survey, resource, &bucket);
    for (size_t i = first; i < end; i++) {
        const char *what = NULL;
        const enum tfr_truth_value answer = may_write(survey, &survey->at[i], &bucket, &what);

        open = open || answer == TFR_MAYBE;
        if (answer == TFR_NO && (i == first || survey->at[i].writer != survey->at[i - 1].writer))
            tfr_buf_printf(&text, "%s%s cannot write its logs: %s", text.len > 0 ? "; " : "",
                           survey->at[i].producer->address->text, what);
    }
    if (text.len > 0)
        tfr_findings_add(survey->out, resource, "%s", tfr_buf_text(&text));
    else if (open)
        tfr_findings_undecided(survey->out, resource,
                               survey->opaque_policy != NULL ? survey->opaque_policy : "policy",
                               "whether logs may be written to it cannot be told yet");
    else
        tfr_findings_pass(survey->out, resource);
    tfr_buf_fini(&text);
}

static int by_bucket(const void *a, const void *b)
{
    const struct delivery *x = a, *y = b;

    if (x->bucket != y->bucket)
        return x->bucket < y->bucket ? -1 : 1;
    if (x->writer != y->writer)
        return x->writer < y->writer ? -1 : 1;
    return (x->producer > y->producer) - (x->producer < y->producer);
}

void tfr_check_log_delivery(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    struct survey survey = { .in = in, .out = out };
    size_t end;

    find_deliveries(&survey);
    if (survey.count == 0)
        return;
    survey.opaque_policy = tfr_wires_opaque(in, "bucket", policy_types);
    survey.opaque_acl = tfr_wires_opaque(in, "bucket", acl_types);
    survey.opaque_ownership = tfr_wires_opaque(in, "bucket", ownership_types);
    qsort(survey.at, survey.count, sizeof *survey.at, by_bucket);
    for (size_t first = 0; first < survey.count; first = end) {
        end = first + 1;
        while (end < survey.count && survey.at[end].bucket == survey.at[first].bucket)
            end++;
        report(&survey, first, end);
    }
    tfr_free(survey.at);
}
