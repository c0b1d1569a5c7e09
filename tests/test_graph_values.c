/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers and names that stand in values: which are edges, and which only look like it. */
#include "graph_world.h"

/* What a.a holds, what b.b has, and what comes of it. */
struct row {
    const char *holds; /* members of a.a */
    const char *has;   /* members of b.b */
    const char *type;  /* of b.b */
    int origin;        /* enum tfr_origin, -1: no edge */
    const char *path;
};

#define NO (-1)
#define VALUE TFR_ORIGIN_VALUE
#define TEXT TFR_ORIGIN_DOCUMENT

static void holds(void **state)
{
    const struct row *row = *state;
    struct tfr_buf text = { 0 };
    struct world world;
    const struct tfr_edge *found;
    char owner[64];

    (void)snprintf(owner, sizeof owner, "%s.b", row->type);
    tfr_buf_printf(&text,
                   "{\"format_version\":\"1.0\",\"values\":{\"root_module\":{\"resources\":["
                   "{\"address\":\"a_a.a\",\"mode\":\"managed\",\"type\":\"a_a\",\"name\":\"a\","
                   "\"values\":{%s}},{\"address\":\"%s\",\"mode\":\"managed\",\"type\":\"%s\","
                   "\"name\":\"b\",\"values\":{%s}}]}}}",
                   row->holds, owner, row->type, row->has);
    world = build(tfr_buf_text(&text));
    found = edge(&world, "a_a.a", owner);
    if (row->origin == NO) {
        assert_null(found);
    } else {
        assert_non_null(found);
        assert_int_equal(found->origin, row->origin);
        assert_int_equal(found->certainty, TFR_BY_VALUE);
        assert_string_equal(found->path->text, row->path);
    }
    end(&world);
    tfr_buf_fini(&text);
}

/* ---- several owners ----------------------------------------------------------------------------
 */

static void a_name_that_two_of_a_kind_have_is_nobodys(void **state)
{
    struct world world =
        build(STATE(OBJECT("a_a.a", "a_a", "a", "\"cluster\":\"shop-main\"", "") "," OBJECT(
            "x_cluster.b", "x_cluster", "b", "\"name\":\"shop-main\"",
            "") "," OBJECT("y_cluster.c", "y_cluster", "c", "\"name\":\"shop-main\"", "")));

    (void)state;
    assert_null(edge(&world, "a_a.a", "x_cluster.b"));
    assert_null(edge(&world, "a_a.a", "y_cluster.c"));
    end(&world);
}

/* A bucket and what is set on it share an id; in whatever order they stand, it is the bucket's. */
static void an_id_that_parts_share_is_the_wholes(void **state)
{
    struct world world =
        build(STATE(OBJECT("a_a.a", "a_a", "a", "\"v\":\"shop-media\"", "") "," OBJECT(
            "x_bucket_policy.p", "x_bucket_policy", "p", "\"id\":\"shop-media\"",
            "") "," OBJECT("x_bucket_acl.c", "x_bucket_acl", "c", "\"id\":\"shop-media\"",
                           "") "," OBJECT("x_bucket.b", "x_bucket", "b", "\"id\":\"shop-media\"",
                                          "")));

    (void)state;
    assert_non_null(edge(&world, "a_a.a", "x_bucket.b"));
    assert_null(edge(&world, "a_a.a", "x_bucket_policy.p"));
    end(&world);
}

static void an_id_that_parts_share_without_a_whole_is_nobodys(void **state)
{
    struct world world =
        build(STATE(OBJECT("a_a.a", "a_a", "a", "\"v\":\"shop-media\"", "") "," OBJECT(
            "x_bucket_policy.p", "x_bucket_policy", "p", "\"id\":\"shop-media\"",
            "") "," OBJECT("x_bucket_acl.c", "x_bucket_acl", "c", "\"id\":\"shop-media\"", "")));

    (void)state;
    assert_null(edge(&world, "a_a.a", "x_bucket_policy.p"));
    assert_null(edge(&world, "a_a.a", "x_bucket_acl.c"));
    end(&world);
}

static void a_name_means_the_kind_that_the_attribute_says(void **state)
{
    struct world world =
        build(STATE(OBJECT("a_a.a", "a_a", "a", "\"cluster_name\":\"shop-main\"", "") "," OBJECT(
            "x_cluster.b", "x_cluster", "b", "\"name\":\"shop-main\"",
            "") "," OBJECT("y_queue.c", "y_queue", "c", "\"name\":\"shop-main\"", "")));

    (void)state;
    assert_non_null(edge(&world, "a_a.a", "x_cluster.b"));
    assert_null(edge(&world, "a_a.a", "y_queue.c"));
    end(&world);
}

static void the_arn_of_an_event_target_is_the_targets(void **state)
{
    struct world world = build(STATE(OBJECT(
        "aws_cloudwatch_event_target.a", "aws_cloudwatch_event_target", "a",
        "\"arn\":\"arn:aws:sqs:eu:1:jobs\"",
        "") "," OBJECT("aws_sqs_queue.b", "aws_sqs_queue", "b", "\"arn\":\"arn:aws:sqs:eu:1:jobs\"",
                       "") "," OBJECT("a_a.c", "a_a", "c", "\"v\":\"arn:aws:sqs:eu:1:jobs\"", "")));

    (void)state;
    assert_non_null(edge(&world, "aws_cloudwatch_event_target.a", "aws_sqs_queue.b"));
    assert_non_null(edge(&world, "a_a.c", "aws_sqs_queue.b"));
    end(&world);
}

/* A certificate that was replaced and could not be destroyed: users of the old ARN use the deposed
 * object, what both share is the current one's. */
static void a_deposed_object_owns_what_it_alone_has(void **state)
{
    struct world world = build(
        "{\"format_version\":\"1.2\",\"resource_changes\":["
        "{\"address\":\"c_c.c\",\"mode\":\"managed\",\"type\":\"c_c\",\"name\":\"c\",\"change\":{"
        "\"actions\":[\"no-op\"],\"before\":{\"arn\":\"arn:new\",\"url\":\"https://shared\"},"
        "\"after\":{\"arn\":\"arn:new:1\",\"url\":\"https://shared\"}}},"
        "{\"address\":\"c_c.c\",\"mode\":\"managed\",\"type\":\"c_c\",\"name\":\"c\",\"deposed\":"
        "\"0a0b0c0d\",\"change\":{\"actions\":[\"delete\"],\"before\":{\"arn\":\"arn:old:1\","
        "\"url\":\"https://shared\"},\"after\":null}},"
        "{\"address\":\"a_a.old\",\"mode\":\"managed\",\"type\":\"a_a\",\"name\":\"old\","
        "\"change\":{"
        "\"actions\":[\"no-op\"],\"before\":{\"v\":\"arn:old:1\"},\"after\":{\"v\":\"arn:old:1\"}}}"
        ","
        "{\"address\":\"a_a.both\",\"mode\":\"managed\",\"type\":\"a_a\",\"name\":\"both\","
        "\"change\":{"
        "\"actions\":[\"no-op\"],\"before\":{\"v\":\"https://shared\"},\"after\":{\"v\":"
        "\"https://shared\"}}}]}");
    const struct tfr_edges edges = tfr_graph_dependencies(world.graph, node(&world, "a_a.old"));

    (void)state;
    assert_int_equal(edges.count, 1);
    assert_string_equal(
        tfr_graph_node(world.graph, tfr_edge_at(&edges, 0)->to)->resource->deposed->text,
        "0a0b0c0d");
    assert_int_equal(tfr_edge_at(&edges, 0)->when, TFR_BEFORE);
    assert_non_null(edge(&world, "a_a.both", "c_c.c"));
    end(&world);
}

/* ---- rows --------------------------------------------------------------------------------------
 */

#define AZURE "/subscriptions/1/resourceGroups/shop/providers"
#define QUEUE \
    "\"arn\":\"arn:aws:sqs:eu-west-1:123456789012:jobs\",\"id\":\"https://sqs.eu/123/jobs\""
#define ROW(label, ...)                                 \
    {                                                   \
        label, holds, NULL, NULL, (void *)&(struct row) \
        {                                               \
            __VA_ARGS__                                 \
        }                                               \
    }

static const struct CMUnitTest names[] = {
    ROW("a name beside its kind", "\"cluster\":\"shop-main\"", "\"name\":\"shop-main\"",
        "x_cluster", VALUE, "cluster"),
    ROW("a plural, a list, a kind of two words", "\"db_subnet_groups\":[\"shop-main\"]",
        "\"name\":\"shop-main\"", "x_subnet_group", VALUE, "db_subnet_groups.0"),
    ROW("a dimension of an alarm", "\"dimensions\":{\"DBInstanceIdentifier\":\"shop-main\"}",
        "\"identifier\":\"shop-main\"", "aws_db_instance", VALUE,
        "dimensions.DBInstanceIdentifier"),
    ROW("an attribute that says no kind", "\"title\":\"shop-main\"", "\"name\":\"shop-main\"",
        "x_cluster", NO, NULL),
    ROW("an attribute of another kind", "\"queue\":\"shop-main\"", "\"name\":\"shop-main\"",
        "x_cluster", NO, NULL),
    ROW("half of a kind", "\"security_group\":\"shop-main\"", "\"name\":\"shop-main\"",
        "x_subnet_group", NO, NULL),
    ROW("a single word", "\"cluster\":\"production\"", "\"name\":\"production\"", "x_cluster", NO,
        NULL),
    ROW("a short name", "\"cluster\":\"api-1\"", "\"name\":\"api-1\"", "x_cluster", NO, NULL),
    ROW("a number", "\"cluster\":\"123456789012\"", "\"name\":\"123456789012\"", "x_cluster", NO,
        NULL),
    ROW("the region that an object lies in", "\"region\":\"eu-west-1\"", "\"id\":\"eu-west-1\"",
        "x_region", NO, NULL),
    ROW("the account that an object belongs to", "\"owner_id\":\"123456789012\"",
        "\"id\":\"123456789012\"", "x_caller", NO, NULL),
    ROW("a boolean", "\"cluster\":true", "\"name\":\"true\"", "x_cluster", NO, NULL),
    ROW("a range of addresses", "\"network\":\"10.20.30.0/24\"", "\"name\":\"10.20.30.0/24\"",
        "x_network", NO, NULL),
    ROW("a tag", "\"tags\":{\"cluster\":\"shop-main\"}", "\"name\":\"shop-main\"", "x_cluster", NO,
        NULL),
    ROW("an id that is a mere name, in a tag", "\"tags\":{\"Name\":\"shop-main\"}",
        "\"id\":\"shop-main\",\"name\":\"shop-main\"", "x_subnet_group", NO, NULL),
    ROW("an id that is a mere name, beside its kind", "\"role\":\"shop-main\"",
        "\"id\":\"shop-main\",\"name\":\"shop-main\"", "x_role", VALUE, "role"),
    ROW("what it is called itself", "\"name\":\"shop-main\"", "\"id\":\"shop-main\"", "x_cluster",
        NO, NULL),
    ROW("what stands under another name, too",
        "\"cluster_name\":\"shop-main\",\"note\":\"shop-main\"", "\"name\":\"shop-main\"",
        "x_cluster", VALUE, "cluster_name"),
    ROW("a part of a longer name", "\"cluster\":\"shop-main-2\"", "\"name\":\"shop-main\"",
        "x_cluster", NO, NULL),
};

static const struct CMUnitTest texts[] = {
    ROW("the image of a container",
        "\"container_definitions\":\"[{\\\"image\\\":\\\"1.dkr.ecr.eu.amazonaws.com/shop/"
        "api:1.8\\\"}]\"",
        "\"repository_url\":\"1.dkr.ecr.eu.amazonaws.com/shop/api\"", "x_repository", TEXT,
        "container_definitions"),
    ROW("another image that begins alike",
        "\"container_definitions\":\"[{\\\"image\\\":\\\"1.dkr.ecr.eu.amazonaws.com/shop/"
        "api-old:1\\\"}]\"",
        "\"repository_url\":\"1.dkr.ecr.eu.amazonaws.com/shop/api\"", "x_repository", NO, NULL),
    ROW("the environment of a container",
        "\"container_definitions\":\"[{\\\"environment\\\":[{\\\"name\\\":\\\"Q\\\",\\\"value\\\":"
        "\\\"https://sqs.eu/123/jobs\\\"}]}]\"",
        QUEUE, "x_queue", TEXT, "container_definitions"),
    ROW("a table in the environment, by name",
        "\"container_definitions\":\"[{\\\"environment\\\":[{\\\"name\\\":\\\"ORDERS_TABLE\\\","
        "\\\"value\\\":"
        "\\\"shop-orders\\\"}]}]\"",
        "\"id\":\"shop-orders\",\"name\":\"shop-orders\"", "x_table", TEXT,
        "container_definitions"),
    ROW("a host in a URL of the environment",
        "\"container_definitions\":\"[{\\\"value\\\":\\\"postgres://u:p@db.shop.internal:5432/"
        "shop\\\"}]\"",
        "\"address\":\"db.shop.internal\"", "x_instance", TEXT, "container_definitions"),
    ROW("a host behind a scheme", "\"url_of\":\"redis://cache.shop.internal:6379/0\"",
        "\"primary_endpoint_address\":\"cache.shop.internal\"", "x_cache", TEXT, "url_of"),
    ROW("one key of a secret",
        "\"container_definitions\":\"[{\\\"secrets\\\":[{\\\"valueFrom\\\":\\\"arn:aws:"
        "secretsmanager:"
        "eu:1:secret:db-AbCdEf:password::\\\"}]}]\"",
        "\"arn\":\"arn:aws:secretsmanager:eu:1:secret:db-AbCdEf\"", "x_secret", TEXT,
        "container_definitions"),
    ROW("the log group of a container",
        "\"container_definitions\":\"[{\\\"logConfiguration\\\":{\\\"options\\\":{\\\"awslogs-"
        "group\\\":"
        "\\\"/ecs/shop-api\\\"}}}]\"",
        "\"id\":\"/ecs/shop-api\"", "x_log_group", TEXT, "container_definitions"),
    ROW("a policy on everything in a bucket",
        "\"policy\":\"{\\\"Resource\\\":\\\"arn:aws:s3:::uploads/images/*\\\"}\"",
        "\"arn\":\"arn:aws:s3:::uploads\"", "x_bucket", TEXT, "policy"),
    ROW("a policy on an index of a table",
        "\"policy\":\"{\\\"Resource\\\":\\\"arn:aws:dynamodb:eu:1:table/orders/index/by-day\\\"}\"",
        "\"arn\":\"arn:aws:dynamodb:eu:1:table/orders\"", "x_table", TEXT, "policy"),
    ROW("the blobs of an account of Azure",
        "\"target_resource_id\":\"" AZURE "/Microsoft.Storage/storageAccounts/media/blobServices/"
        "default\"",
        "\"id\":\"" AZURE "/Microsoft.Storage/storageAccounts/media\"", "x_account", TEXT,
        "target_resource_id"),
    ROW("what lies in a group of Azure is not the group",
        "\"target_resource_id\":\"" AZURE "/Microsoft.Storage/storageAccounts/media\"",
        "\"id\":\"/subscriptions/1/resourceGroups/shop\"", "x_group", NO, NULL),
    ROW("a policy on a queue that begins alike",
        "\"policy\":\"{\\\"Resource\\\":\\\"arn:aws:sqs:eu-west-1:123456789012:jobs-dead\\\"}\"",
        QUEUE, "x_queue", NO, NULL),
    ROW("a state machine",
        "\"definition\":\"{\\\"States\\\":{\\\"Send\\\":{\\\"Parameters\\\":{\\\"QueueUrl\\\":"
        "\\\"https://sqs.eu/123/jobs\\\"}}}}\"",
        QUEUE, "x_queue", TEXT, "definition"),
    ROW("the target of a rule", "\"arn_of\":\"arn:aws:sqs:eu-west-1:123456789012:jobs\"", QUEUE,
        "x_queue", VALUE, "arn_of"),
    ROW("a dashboard, by name",
        "\"dashboard_body\":\"{\\\"metrics\\\":[[\\\"AWS/ECS\\\",\\\"CPU\\\",\\\"ClusterName\\\","
        "\\\"shop-main\\\"]]}\"",
        "\"name\":\"shop-main\"", "x_cluster", TEXT, "dashboard_body"),
    ROW("a dashboard about another kind",
        "\"dashboard_body\":\"{\\\"metrics\\\":[[\\\"AWS/SQS\\\",\\\"Age\\\",\\\"QueueName\\\","
        "\\\"shop-main\\\"]]}\"",
        "\"name\":\"shop-main\"", "x_cluster", NO, NULL),
    ROW("a name with a number between it and its kind",
        "\"dashboard_body\":\"{\\\"metrics\\\":[[\\\"ClusterName\\\",\\\"300\\\","
        "\\\"shop-main\\\"]]}\"",
        "\"name\":\"shop-main\"", "x_cluster", TEXT, "dashboard_body"),
    ROW("a name behind one of another kind",
        "\"dashboard_body\":\"{\\\"metrics\\\":[[\\\"QueueName\\\",\\\"shop-main\\\","
        "\\\"ClusterName\\\",\\\"shop-main\\\"]]}\"",
        "\"name\":\"shop-main\"", "x_cluster", TEXT, "dashboard_body"),
    ROW("user data in clear", "\"user_data\":\"#!/bin/sh\\nexport Q=https://sqs.eu/123/jobs\\n\"",
        QUEUE, "x_queue", TEXT, "user_data"),
    ROW("user data in base64",
        "\"user_data_base64\":\"IyEvYmluL3NoCmV4cG9ydCBRPWh0dHBzOi8vc3FzLmV1LzEyMy9qb2JzCg==\"",
        QUEUE, "x_queue", TEXT, "user_data_base64"),
    ROW("user data that stood elsewhere before",
        "\"user_data_base64\":\"IyEvYmluL3NoCmV4cG9ydCBRPWh0dHBzOi8vc3FzLmV1LzEyMy9qb2JzCg==\","
        "\"v\":\"IyEvYmluL3NoCmV4cG9ydCBRPWh0dHBzOi8vc3FzLmV1LzEyMy9qb2JzCg==\"",
        QUEUE, "x_queue", TEXT, "user_data_base64"),
    ROW("base64 elsewhere is no text",
        "\"v\":\"IyEvYmluL3NoCmV4cG9ydCBRPWh0dHBzOi8vc3FzLmV1LzEyMy9qb2JzCg==\"", QUEUE, "x_queue",
        NO, NULL),
};

int main(void)
{
    const struct CMUnitTest owners[] = {
        cmocka_unit_test(a_name_that_two_of_a_kind_have_is_nobodys),
        cmocka_unit_test(a_name_means_the_kind_that_the_attribute_says),
        cmocka_unit_test(an_id_that_parts_share_is_the_wholes),
        cmocka_unit_test(an_id_that_parts_share_without_a_whole_is_nobodys),
        cmocka_unit_test(the_arn_of_an_event_target_is_the_targets),
        cmocka_unit_test(a_deposed_object_owns_what_it_alone_has),
    };
    int failed = cmocka_run_group_tests(owners, NULL, NULL);

    failed += cmocka_run_group_tests(names, NULL, NULL);
    return failed + cmocka_run_group_tests(texts, NULL, NULL);
}
