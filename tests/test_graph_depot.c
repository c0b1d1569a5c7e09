/* SPDX-License-Identifier: Apache-2.0 */
/* The depot stack, planned and applied by Terraform: which instance refers to which, as the
 * comments in its code say. */
#include "graph_world.h"

#define DOCUMENTS TFREADY_SOURCE_DIR "/testdata/graph/"

/* One question to the graph of the first plan. */
struct row {
    const char *from, *to;
    const char *path; /* of the edge, NULL: none */
    enum tfr_origin origin;
    int certainty; /* enum tfr_certainty, -1: there is no such edge */
};

static struct world create, unchanged, deposed;

static int set_up(void **state)
{
    (void)state;
    create = world_open(DOCUMENTS "depot-create.plan.json", NULL);
    unchanged = world_open(DOCUMENTS "depot-unchanged.plan.json", NULL);
    deposed = world_open(DOCUMENTS "depot-deposed.plan.json", NULL);
    return 0;
}

static int tear_down(void **state)
{
    struct world *const worlds[] = { &create, &unchanged, &deposed };

    (void)state;
    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++)
        end(worlds[i]);
    return 0;
}

static void holds(void **state)
{
    const struct row *row = *state;
    const struct tfr_edge *found = edge_from(&create, row->from, row->to, row->origin);

    if (row->certainty < 0) {
        assert_null(found);
        return;
    }
    assert_non_null(found);
    assert_int_equal(found->certainty, row->certainty);
    if (row->path != NULL)
        assert_string_equal(found->path->text, row->path);
}

static void values_that_point_at_each_other_are_a_cycle(void **state)
{
    const char *left = "aws_sqs_queue.left";
    const char *right = "aws_sqs_queue.right";

    (void)state;
    assert_non_null(edge_from(&unchanged, left, right, TFR_ORIGIN_VALUE));
    assert_non_null(edge_from(&unchanged, right, left, TFR_ORIGIN_VALUE));
}

static void a_policy_of_four_thousand_characters_is_read_to_its_end(void **state)
{
    const char *policy = "aws_iam_policy.long";
    const struct tfr_resource *resource =
        tfr_graph_node(unchanged.graph, node(&unchanged, policy))->resource;

    (void)state;
    assert_true(tfr_value_get(&resource->after, "policy")->count > 4000);
    assert_non_null(edge_from(&unchanged, policy, "aws_sqs_queue.trigger", TFR_ORIGIN_DOCUMENT));
}

static tfr_node_id find_deposed(const struct world *world, const char *address)
{
    for (tfr_node_id i = 0; i < tfr_graph_node_count(world->graph); i++) {
        const struct tfr_node *at = tfr_graph_node(world->graph, i);

        if (at->resource != NULL && at->resource->deposed != NULL &&
            strcmp(at->address->text, address) == 0)
            return i;
    }
    fail_msg("nothing deposed at %s", address);
    return TFR_NO_NODE;
}

static void a_deposed_object_keeps_what_it_depended_on(void **state)
{
    const tfr_node_id old = find_deposed(&deposed, "module.edge.aws_acm_certificate.edge");
    const struct tfr_edges edges = tfr_graph_dependencies(deposed.graph, old);
    bool found = false;

    (void)state;
    assert_int_equal(tfr_graph_node(deposed.graph, old)->when, TFR_BEFORE);
    for (uint32_t i = 0; i < edges.count; i++)
        found = found ||
                tfr_edge_at(&edges, i)->to == node(&deposed, "module.access.aws_iam_role.edge");
    assert_true(found);
}

static bool is_hidden(const struct world *world, const char *address, const char *reference)
{
    uint32_t count;
    const struct tfr_unresolved *all =
        tfr_graph_unresolved_of(world->graph, node(world, address), &count);

    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(all[i].reference->text, reference) == 0)
            return true;
    }
    return false;
}

static void what_no_plan_shows_is_said_to_be_hidden(void **state)
{
    (void)state;
    assert_true(is_hidden(&create, "aws_dynamodb_table.dynamic", "a dynamic block"));
    assert_true(is_hidden(&create, "aws_sqs_queue.guarded", "a condition"));
    assert_true(is_hidden(&create, "check.keys", "a condition"));
    assert_false(is_hidden(&create, "aws_sqs_queue.left", "a condition"));
}

/* ---- rows --------------------------------------------------------------------------------------
 */

#define GATE(site, bay) "module.site[\"" site "\"].module.bay[\"" bay "\"].module.gate."
#define NO (-1)
#define REF TFR_ORIGIN_REFERENCE
#define ROW(label, ...)                                 \
    {                                                   \
        label, holds, NULL, NULL, (void *)&(struct row) \
        {                                               \
            __VA_ARGS__                                 \
        }                                               \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_that_point_at_each_other_are_a_cycle),
        cmocka_unit_test(a_policy_of_four_thousand_characters_is_read_to_its_end),
        cmocka_unit_test(a_deposed_object_keeps_what_it_depended_on),
        cmocka_unit_test(what_no_plan_shows_is_said_to_be_hidden),
        ROW("count.index means the same number", "aws_nat_gateway.out[1]", "aws_eip.nat[1]",
            "allocation_id", REF, TFR_EXACT),
        ROW("count.index means no other number", "aws_nat_gateway.out[1]", "aws_eip.nat[0]", NULL,
            REF, NO),
        ROW("[0] means the first", "aws_nat_gateway.out[1]", "aws_subnet.yard[0]", "subnet_id", REF,
            TFR_EXACT),
        ROW("[0] means no other", "aws_nat_gateway.out[1]", "aws_subnet.yard[1]", NULL, REF, NO),
        ROW("a worked out index means any", "aws_route_table_association.yard[3]",
            "aws_route_table.yard[1]", "route_table_id", REF, TFR_OVER_APPROXIMATE),
        ROW("a worked out index loses none", "aws_route_table_association.yard[3]",
            "aws_route_table.yard[0]", "route_table_id", REF, TFR_OVER_APPROXIMATE),
        ROW("a splat means all", "aws_db_subnet_group.depot", "aws_subnet.yard[3]", "subnet_ids",
            REF, TFR_OVER_APPROXIMATE),
        ROW("a splat over one means that one", "aws_elasticache_replication_group.depot",
            "aws_security_group.one[0]", "security_group_ids", REF, TFR_EXACT),
        ROW("each.key means the same key", "aws_sns_topic_subscription.site[\"north\"]",
            "aws_sns_topic.site[\"north\"]", "topic_arn", REF, TFR_EXACT),
        ROW("each.key means no other key", "aws_sns_topic_subscription.site[\"north\"]",
            "aws_sns_topic.site[\"south\"]", NULL, REF, NO),
        ROW("a key chooses the instance of a module", "aws_sns_topic_subscription.site[\"north\"]",
            "module.site[\"north\"].aws_sqs_queue.site", "endpoint", REF, TFR_OVER_APPROXIMATE),
        ROW("a key chooses no other instance", "aws_sns_topic_subscription.site[\"north\"]",
            "module.site[\"south\"].aws_sqs_queue.site", NULL, REF, NO),
        ROW("nor anything deeper in it", "aws_sns_topic_subscription.site[\"north\"]",
            GATE("south", "a") "aws_iam_role.gate", NULL, REF, NO),
        ROW("a module named as a whole comes first", "aws_sns_topic_subscription.site[\"north\"]",
            GATE("north", "b") "aws_ssm_parameter.gate", "endpoint", TFR_ORIGIN_ORDER,
            TFR_OVER_APPROXIMATE),
        ROW("a written key holds three modules deep", "aws_cloudwatch_metric_alarm.south",
            GATE("south", "b") "aws_iam_role.gate", "alarm_description", REF, TFR_OVER_APPROXIMATE),
        ROW("a written key means no other", "aws_cloudwatch_metric_alarm.south",
            GATE("north", "a") "aws_iam_role.gate", NULL, REF, NO),
        ROW("three modules up to the root, by the outer key",
            GATE("south", "b") "aws_iam_role_policy.gate", "aws_sns_topic.site[\"south\"]",
            "policy", REF, TFR_EXACT),
        ROW("not by another outer key", GATE("south", "b") "aws_iam_role_policy.gate",
            "aws_sns_topic.site[\"north\"]", NULL, REF, NO),
        ROW("two modules up, by both keys", GATE("south", "b") "aws_ssm_parameter.gate",
            "module.site[\"south\"].aws_dynamodb_table.lock[\"b\"]", "value", REF, TFR_EXACT),
        ROW("not by another inner key", GATE("south", "b") "aws_ssm_parameter.gate",
            "module.site[\"south\"].aws_dynamodb_table.lock[\"a\"]", NULL, REF, NO),
        ROW("not in the other site", GATE("south", "b") "aws_ssm_parameter.gate",
            "module.site[\"north\"].aws_dynamodb_table.lock[\"b\"]", NULL, REF, NO),
        ROW("up to one object of the root", GATE("north", "a") "aws_iam_role_policy.gate",
            "aws_kms_key.depot", "policy", REF, TFR_EXACT),
        ROW("a provider uses a module's output", "provider.aws.edge",
            "module.access.aws_iam_role.edge", "assume_role.0.role_arn", REF, TFR_EXACT),
        ROW("another module uses that provider", "module.edge.aws_acm_certificate.edge",
            "provider.aws.edge", NULL, TFR_ORIGIN_PROVIDER, TFR_EXACT),
        ROW("depends_on means a whole module", "aws_s3_bucket.last",
            "module.access.aws_iam_role.edge", NULL, TFR_ORIGIN_DEPENDS_ON, TFR_EXACT),
        ROW("depends_on of a module holds inside", "module.plain[1].aws_sqs_queue.plain",
            "aws_s3_bucket.last", NULL, TFR_ORIGIN_MODULE, TFR_EXACT),
        ROW("count of a module holds inside", "module.plain[1].aws_sqs_queue.plain",
            "aws_eip.nat[0]", "count", TFR_ORIGIN_MODULE, TFR_OVER_APPROXIMATE),
        ROW("a data source waits for the apply", "data.terraform_remote_state.other",
            "aws_sqs_queue.trigger", NULL, TFR_ORIGIN_DEPENDS_ON, TFR_EXACT),
        ROW("and is used in it", "aws_ssm_parameter.read", "data.terraform_remote_state.other",
            "value", REF, TFR_EXACT),
        ROW("an output shows a module", "output.south", GATE("south", "a") "aws_iam_role.gate",
            "value", REF, TFR_OVER_APPROXIMATE),
        ROW("an output shows no other", "output.south", GATE("north", "a") "aws_iam_role.gate",
            NULL, REF, NO),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
