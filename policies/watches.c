/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/watches.h"

#include "policies/context.h"
#include "policies/keys.h"
#include "policies/wires.h"

#include <string.h>

/* Dimensions of metrics, and the attribute that holds what they say. */
static const struct meaning {
    const char *space, *dimension; /* the namespace of the metric */
    const char *type, *attribute;
} meanings[] = {
    { "AWS/SQS", "QueueName", "aws_sqs_queue", "name" },
    { "AWS/ECS", "ClusterName", "aws_ecs_cluster", "name" },
    { "AWS/ECS", "ServiceName", "aws_ecs_service", "name" },
    { "ECS/ContainerInsights", "ClusterName", "aws_ecs_cluster", "name" },
    { "ECS/ContainerInsights", "ServiceName", "aws_ecs_service", "name" },
    { "AWS/RDS", "DBInstanceIdentifier", "aws_db_instance", "identifier" },
    { "AWS/RDS", "DBInstanceIdentifier", "aws_rds_cluster_instance", "identifier" },
    { "AWS/RDS", "DBClusterIdentifier", "aws_rds_cluster", "cluster_identifier" },
    { "AWS/ElastiCache", "CacheClusterId", "aws_elasticache_cluster", "cluster_id" },
    { "AWS/ElastiCache", "CacheClusterId", "aws_elasticache_replication_group", "member_clusters" },
    { "AWS/ElastiCache", "ReplicationGroupId", "aws_elasticache_replication_group",
      "replication_group_id" },
    { "AWS/ApplicationELB", "LoadBalancer", "aws_lb", "arn_suffix" },
    { "AWS/ApplicationELB", "LoadBalancer", "aws_alb", "arn_suffix" },
    { "AWS/ApplicationELB", "TargetGroup", "aws_lb_target_group", "arn_suffix" },
    { "AWS/ApplicationELB", "TargetGroup", "aws_alb_target_group", "arn_suffix" },
    { "AWS/NetworkELB", "LoadBalancer", "aws_lb", "arn_suffix" },
    { "AWS/NetworkELB", "LoadBalancer", "aws_alb", "arn_suffix" },
    { "AWS/NetworkELB", "TargetGroup", "aws_lb_target_group", "arn_suffix" },
    { "AWS/NetworkELB", "TargetGroup", "aws_alb_target_group", "arn_suffix" },
    { "AWS/Lambda", "FunctionName", "aws_lambda_function", "function_name" },
    { "AWS/DynamoDB", "TableName", "aws_dynamodb_table", "name" },
    { "AWS/CloudFront", "DistributionId", "aws_cloudfront_distribution", "id" },
    { "AWS/NATGateway", "NatGatewayId", "aws_nat_gateway", "id" },
    { "AWS/EC2", "InstanceId", "aws_instance", "id" },
    { "AWS/EC2", "AutoScalingGroupName", "aws_autoscaling_group", "name" },
    { "AWS/SNS", "TopicName", "aws_sns_topic", "name" },
    { "AWS/Kinesis", "StreamName", "aws_kinesis_stream", "name" },
    { "AWS/S3", "BucketName", "aws_s3_bucket", "bucket" },
    { "AWS/ES", "DomainName", "aws_opensearch_domain", "domain_name" },
    { "AWS/ES", "DomainName", "aws_elasticsearch_domain", "domain_name" },
    { "AWS/EFS", "FileSystemId", "aws_efs_file_system", "id" },
    { "AWS/States", "StateMachineArn", "aws_sfn_state_machine", "arn" },
    { "AWS/Events", "RuleName", "aws_cloudwatch_event_rule", "name" },
    { "AWS/WAFV2", "WebACL", "aws_wafv2_web_acl", "name" },
    { "AWS/Firehose", "DeliveryStreamName", "aws_kinesis_firehose_delivery_stream", "name" },
    { "AWS/AmazonMQ", "Broker", "aws_mq_broker", "broker_name" },
    { "AWS/Kafka", "Cluster Name", "aws_msk_cluster", "cluster_name" },
};

#define MEANINGS (sizeof meanings / sizeof meanings[0])

/* What this document holds of the objects that a dimension may name. */
struct holding {
    bool any;
    const char *unknown; /* one whose attribute is known after the apply */
};

struct search {
    const struct tfr_input *in;
    struct holding holdings[MEANINGS];
    struct tfr_keys *keys; /* space: the type */
    struct tfr_watch *found;
    size_t count, cap;
    const struct tfr_resource *alarm;
    const char *path; /* where the dimensions stand: "dimensions", "metric_query.0" */
    const struct tfr_value *space, *metric;
};

/* ---- objects by what dimensions call them ------------------------------------------------------
 */

static void file_value(struct search *search, const struct meaning *meaning,
                       const struct tfr_resource *resource, const struct tfr_value *value)
{
    if (value->kind == TFR_STRING)
        tfr_keys_add(search->keys, meaning->type, value->text, value->count, resource);
    for (uint32_t i = 0; value->kind == TFR_LIST && i < value->count; i++) {
        if (value->items[i].kind == TFR_STRING)
            tfr_keys_add(search->keys, meaning->type, value->items[i].text, value->items[i].count,
                         resource);
    }
}

static void file(struct search *search, size_t number, bool again)
{
    const struct meaning *meaning = &meanings[number];
    const struct tfr_resource_run run = tfr_input_type(search->in, meaning->type);
    struct holding *holding = &search->holdings[number];

    for (uint32_t i = 0; i < run.count; i++) {
        const struct tfr_value *values = tfr_resource_values(run.at[i]);
        const struct tfr_value *value;

        tfr_input_fetch(search->in, &run, i, meaning->attribute);
        if (run.at[i]->deposed != NULL)
            continue;
        holding->any = true;
        if (again && values->settled)
            continue;
        value = tfr_input_get(search->in, values, meaning->attribute);
        if (tfr_resource_is_live(run.at[i]) && tfr_value_has_unknown(value))
            holding->unknown = run.at[i]->address->text;
        if (!again)
            file_value(search, meaning, run.at[i], value);
    }
}

static void file_all(struct search *search)
{
    for (size_t i = 0; i < MEANINGS; i++) {
        bool again = false;

        for (size_t k = 0; k < i; k++)
            again = again || (strcmp(meanings[k].type, meanings[i].type) == 0 &&
                              strcmp(meanings[k].attribute, meanings[i].attribute) == 0);
        file(search, i, again);
    }
}

/* The members of a replication group are called GROUP-001, or GROUP-0001-001. */
static const struct tfr_key_entry *find_group(const struct search *search,
                                              const struct tfr_value *value)
{
    static const char group[] = "aws_elasticache_replication_group";
    size_t len = value->count;
    const struct tfr_key_entry *found = NULL;

    for (int step = 0; step < 2 && found == NULL; step++) {
        while (len > 0 && value->text[len - 1] >= '0' && value->text[len - 1] <= '9')
            len--;
        if (len == 0 || value->text[len - 1] != '-')
            return NULL;
        found = tfr_keys_find(search->keys, group, value->text, --len);
    }
    return found;
}

/* ---- one dimension -----------------------------------------------------------------------------
 */

static bool is_about(const struct search *search, const struct meaning *meaning,
                     const struct tfr_sym *dimension)
{
    return tfr_value_is(search->space, meaning->space) &&
           (dimension == NULL || tfr_sym_is(dimension, meaning->dimension));
}

static struct tfr_watch *add(struct search *search, const struct tfr_sym *dimension,
                             enum tfr_watch_state state)
{
    struct tfr_watch *watch;

    search->found = tfr_grow(search->found, &search->cap, search->count + 1, sizeof *search->found);
    watch = &search->found[search->count++];
    *watch = (struct tfr_watch){ .alarm = search->alarm,
                                 .dimension = dimension != NULL ? dimension->text : NULL,
                                 .types = "",
                                 .state = state,
                                 .value = &tfr_absent,
                                 .metric = search->metric };
    return watch;
}

/* The types of which an unknown dimension may name one. */
static const char *types_of(const struct search *search, const struct tfr_sym *dimension)
{
    struct tfr_buf text = { 0 };
    const char *copy;

    tfr_buf_putc(&text, ' ');
    for (size_t i = 0; i < MEANINGS; i++) {
        if (is_about(search, &meanings[i], dimension))
            tfr_buf_printf(&text, "%s ", meanings[i].type);
    }
    copy = tfr_arena_text(search->in->scratch, tfr_buf_text(&text), text.len);
    tfr_buf_fini(&text);
    return copy;
}

/* A value that is known after the apply: what the code refers to. */
static void follow(struct search *search, const struct tfr_sym *dimension)
{
    const char *because = NULL;
    bool found = false;

    for (size_t i = 0; i < MEANINGS; i++) {
        const char *const types[] = { meanings[i].type, NULL };
        struct tfr_wires wires;

        if (!is_about(search, &meanings[i], dimension))
            continue;
        tfr_wires_of(search->in, search->alarm, search->path, types, &wires);
        for (uint32_t k = 0; k < wires.count; k++)
            add(search, dimension, TFR_WATCH_LIVE)->target = wires.at[k];
        found = found || wires.count > 0;
        because = wires.opaque != NULL ? wires.opaque : because;
    }
    if (because != NULL) {
        struct tfr_watch *watch = add(search, dimension, TFR_WATCH_OPEN);

        watch->because = because;
        watch->types = types_of(search, dimension);
    } else if (!found) {
        add(search, dimension, TFR_WATCH_FOREIGN);
    }
}

/* Nothing of that name is found: what objects of this type tell. */
static void look_around(const struct search *search, const struct meaning *meaning,
                        struct tfr_watch *watch)
{
    const struct holding *holding = &search->holdings[meaning - meanings];

    if (holding->unknown != NULL) {
        watch->state = TFR_WATCH_OPEN;
        watch->because = holding->unknown;
    } else if (holding->any && watch->state == TFR_WATCH_FOREIGN) {
        watch->state = TFR_WATCH_MISSING;
    }
}

static void look_up(struct search *search, const struct tfr_sym *dimension,
                    const struct tfr_value *value)
{
    struct tfr_watch *watch = add(search, dimension, TFR_WATCH_FOREIGN);

    watch->value = value;
    for (size_t i = 0; i < MEANINGS && watch->state != TFR_WATCH_LIVE; i++) {
        const struct tfr_key_entry *entry = NULL;

        if (!is_about(search, &meanings[i], dimension))
            continue;
        entry = tfr_keys_find(search->keys, meanings[i].type, value->text, value->count);
        if (entry == NULL && strcmp(meanings[i].attribute, "member_clusters") == 0)
            entry = find_group(search, value);
        for (; entry != NULL && watch->state != TFR_WATCH_LIVE; entry = entry->next) {
            const bool destroyed = tfr_resource_is_destroyed(entry->resource);

            watch->target = entry->resource;
            watch->state = destroyed ? TFR_WATCH_GONE : TFR_WATCH_LIVE;
        }
        if (watch->target == NULL)
            look_around(search, &meanings[i], watch);
    }
    if (watch->state == TFR_WATCH_OPEN)
        watch->types = types_of(search, dimension);
}

static bool has_meaning(const struct search *search, const struct tfr_sym *dimension)
{
    for (size_t i = 0; i < MEANINGS; i++) {
        if (is_about(search, &meanings[i], dimension))
            return true;
    }
    return false;
}

/* ---- one alarm ---------------------------------------------------------------------------------
 */

static void look_at_metric(struct search *search, const struct tfr_value *metric, const char *path)
{
    const struct tfr_value *dimensions = tfr_value_get(metric, "dimensions");

    search->path = path;
    search->space = tfr_value_get(metric, "namespace");
    search->metric = tfr_value_get(metric, "metric_name");
    if (dimensions->kind == TFR_UNKNOWN && has_meaning(search, NULL))
        follow(search, NULL);
    for (uint32_t i = 0; dimensions->kind == TFR_OBJECT && i < dimensions->count; i++) {
        const struct tfr_sym *dimension = tfr_member_name(dimensions, i);
        const struct tfr_value *value = tfr_member_value(dimensions, i);

        if (!has_meaning(search, dimension))
            continue;
        if (value->kind == TFR_UNKNOWN)
            follow(search, dimension);
        else if (value->kind == TFR_STRING)
            look_up(search, dimension, value);
    }
}

static void look_at_alarm(struct search *search)
{
    const struct tfr_value *after = &search->alarm->after;
    const struct tfr_value *queries = tfr_value_get(after, "metric_query");

    look_at_metric(search, after, "dimensions");
    for (uint32_t i = 0; queries->kind == TFR_LIST && i < queries->count; i++)
        look_at_metric(search, tfr_value_path(&queries->items[i], "metric.0"), "metric_query");
}

static const struct tfr_watches *find_watches(const struct tfr_input *in)
{
    const struct tfr_resource_run alarms = tfr_input_type(in, "aws_cloudwatch_metric_alarm");
    struct tfr_watches *out = tfr_arena_zalloc(in->scratch, sizeof *out);
    struct search search = { .in = in };

    if (alarms.count == 0)
        return out;
    search.keys = tfr_keys_new(in->scratch);
    file_all(&search);
    for (uint32_t i = 0; i < alarms.count; i++) {
        search.alarm = alarms.at[i];
        if (tfr_resource_is_live(search.alarm))
            look_at_alarm(&search);
    }
    tfr_keys_free(search.keys);
    out->count = search.count;
    if (search.count > 0)
        out->at = tfr_arena_copy(in->scratch, search.found, search.count * sizeof *search.found);
    tfr_free(search.found);
    return out;
}

const struct tfr_watches *tfr_input_watches(const struct tfr_input *in)
{
    if (in->ctx->watches == NULL) {
        const struct tfr_input kept = tfr_context_keep(in);

        in->ctx->watches = find_watches(&kept);
    }
    return in->ctx->watches;
}

bool tfr_watch_may_be(const struct tfr_watch *watch, const char *type)
{
    const size_t len = strlen(type);

    if (watch->state != TFR_WATCH_OPEN)
        return false;
    for (const char *at = strstr(watch->types, type); at != NULL; at = strstr(at + 1, type)) {
        if (at[-1] == ' ' && at[len] == ' ')
            return true;
    }
    return false;
}
