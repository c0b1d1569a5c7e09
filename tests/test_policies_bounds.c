/* SPDX-License-Identifier: Apache-2.0 */
/* Analysers that hold many things against many others stop somewhere, and say that they did; those
 * that are asked about types they were not made for answer all the same. */
#include "policies/analyser.h"
#include "tests/judging.h"
#include "tests/policy_texts.h"

/* ---- plans -------------------------------------------------------------------------------------
 */

static void begin(struct tfr_buf *plan)
{
    tfr_buf_puts(plan, "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.0\","
                       "\"planned_values\":{},\"resource_changes\":[");
}

/* @param values of the object, with single quotes for double ones */
static void add(struct tfr_buf *plan, const char *type, unsigned index, const char *values)
{
    if (plan->data[plan->len - 1] != '[')
        tfr_buf_putc(plan, ',');
    tfr_buf_printf(plan,
                   "{\"address\":\"%s.x[%u]\",\"mode\":\"managed\",\"type\":\"%s\",\"name\":\"x\","
                   "\"index\":%u,\"change\":{\"actions\":[\"no-op\"],",
                   type, index, type, index);
    for (int twice = 0; twice < 2; twice++) {
        tfr_buf_puts(plan, twice == 0 ? "\"before\":{" : ",\"after\":{");
        for (const char *at = values; *at != '\0'; at++)
            tfr_buf_putc(plan, *at == '\'' ? '"' : *at);
        tfr_buf_putc(plan, '}');
    }
    tfr_buf_puts(plan, ",\"after_unknown\":{}}}");
}

/* Judges a plan by the policies that are there. */
static void finish(struct tfr_buf *plan, struct judged *judged)
{
    const struct tfr_read_options options = { .piece = 0 };
    const struct tfr_sink sink = { .ctx = judged, .document = judge };

    tfr_buf_puts(plan, "]}");
    tfr_read_memory("test", plan->data, plan->len, &options, &sink);
    assert_non_null(judged->document);
    tfr_buf_fini(plan);
}

static struct judged run(struct tfr_buf *plan, const char *policy)
{
    struct judged judged = { .policies = tfr_policies_new() };
    struct tfr_error err = { 0 };

    tfr_policies_add_builtin(judged.policies);
    assert_true(tfr_policies_select(judged.policies, &policy, 1, NULL, 0, &err));
    finish(plan, &judged);
    return judged;
}

static void end(struct judged *judged)
{
    tfr_findings_fini(&judged->findings);
    tfr_graph_free(judged->graph);
    tfr_document_free(judged->document);
    tfr_policies_free(judged->policies);
}

/* ---- rules of one security group ---------------------------------------------------------------
 */

#define LB "arn:aws:elasticloadbalancing:eu-west-1:123456789012:"

/* A service behind a balancer whose group has so many rules, the last of which lets it in.
 * @param inside whether they stand in blocks of the group itself */
static struct judged run_rules(unsigned count, bool inside)
{
    static const char rule[] = "'from_port':%u,'to_port':%u,'protocol':'tcp',"
                               "'cidr_blocks':['0.0.0.0/0']";
    struct tfr_buf plan = { 0 }, group = { 0 }, one = { 0 };

    begin(&plan);
    add(&plan, "aws_lb_target_group", 0,
        "'arn':'" LB
        "targetgroup/a/1','target_type':'ip','health_check':[{'port':'traffic-port'}]");
    add(&plan, "aws_lb", 0,
        "'arn':'" LB "loadbalancer/app/a/1','load_balancer_type':'application',"
        "'security_groups':['sg-0balance']");
    add(&plan, "aws_lb_listener", 0,
        "'arn':'" LB "listener/app/a/1/2','load_balancer_arn':'" LB "loadbalancer/app/a/1',"
        "'default_action':[{'type':'forward','target_group_arn':'" LB "targetgroup/a/1'}]");
    add(&plan, "aws_ecs_service", 0,
        "'network_configuration':[{'security_groups':['sg-0service0']}],'load_balancer':[{"
        "'target_group_arn':'" LB "targetgroup/a/1','container_name':'a','container_port':8000}]");
    add(&plan, "aws_security_group", 0,
        "'id':'sg-0balance','ingress':[],'egress':[{'from_port':0,'to_port':0,'protocol':'-1',"
        "'cidr_blocks':['0.0.0.0/0']}]");
    tfr_buf_puts(&group, "'id':'sg-0service0','egress':[],'ingress':[");
    for (unsigned i = 0; i < count; i++) {
        const unsigned port = i + 1 < count ? 10000 + i : 8000;

        tfr_buf_reset(&one);
        tfr_buf_printf(&one, rule, port, port);
        if (inside) {
            tfr_buf_printf(&group, "%s{%s}", i > 0 ? "," : "", tfr_buf_text(&one));
            continue;
        }
        tfr_buf_puts(&one, ",'type':'ingress','security_group_id':'sg-0service0'");
        add(&plan, "aws_security_group_rule", i, tfr_buf_text(&one));
    }
    tfr_buf_puts(&group, "]");
    add(&plan, "aws_security_group", 1, tfr_buf_text(&group));
    tfr_buf_fini(&group);
    tfr_buf_fini(&one);
    return run(&plan, "TFR-WIR-019");
}

static void rules_of_a_group_are_held_against_a_service_up_to_a_thousand(void **state)
{
    (void)state;
    for (int inside = 0; inside < 2; inside++) {
        struct judged judged = run_rules(1000, inside != 0);

        assert_int_equal(judged.findings.row_count, 1);
        assert_int_equal(judged.findings.rows[0].result, TFR_PASS);
        end(&judged);
        judged = run_rules(1001, inside != 0);
        assert_int_equal(judged.findings.row_count, 1);
        assert_int_equal(judged.findings.rows[0].result, TFR_UNDECIDED);
        assert_int_equal(judged.findings.at[0].state, TFR_STATE_UNDECIDED);
        assert_non_null(judged.findings.at[0].undecided_because);
        end(&judged);
    }
}

/* ---- roles and queues --------------------------------------------------------------------------
 */

#define QUEUE "arn:aws:sqs:eu-west-1:123456789012:"
#define ALLOW(action) \
    "'{\\'Version\\':\\'2012-10-17\\',\\'Statement\\':[{\\'Effect\\':\\'Allow\\'," action "}]}'"

/* Two tasks that may only empty the queues, which both name. Of all roles the last one fills them.
 */
static struct judged run_queues(unsigned queues, unsigned roles)
{
    struct tfr_buf plan = { 0 }, values = { 0 };

    begin(&plan);
    for (unsigned i = 0; i < roles; i++) {
        tfr_buf_reset(&values);
        tfr_buf_printf(
            &values,
            "'name':'r%u','id':'r%u','arn':'arn:aws:iam::123456789012:role/r%u',"
            "'assume_role_policy':" ALLOW("\\'Action\\':\\'sts:AssumeRole\\',\\'Principal\\':{"
                                          "\\'Service\\':\\'ecs-tasks.amazonaws.com\\'}"),
            i, i, i);
        add(&plan, "aws_iam_role", i, tfr_buf_text(&values));
    }
    add(&plan, "aws_iam_role_policy", 0,
        "'name':'p','role':'r0','policy':" ALLOW(
            "\\'Action\\':[\\'sqs:ReceiveMessage\\',\\'sqs:DeleteMessage\\'],"
            "\\'Resource\\':\\'*\\'"));
    tfr_buf_reset(&values);
    tfr_buf_printf(&values,
                   "'name':'q','role':'r%u','policy':" ALLOW(
                       "\\'Action\\':\\'sqs:SendMessage\\',\\'Resource\\':\\'*\\'"),
                   roles - 1);
    add(&plan, "aws_iam_role_policy", 1, tfr_buf_text(&values));
    for (unsigned i = 0; i < queues; i++) {
        tfr_buf_reset(&values);
        tfr_buf_printf(&values,
                       "'name':'queue-%u','arn':'" QUEUE "queue-%u',"
                       "'id':'https://sqs.eu-west-1.amazonaws.com/123456789012/queue-%u'",
                       i, i, i);
        add(&plan, "aws_sqs_queue", i, tfr_buf_text(&values));
    }
    for (unsigned task = 0; task < 2; task++) {
        tfr_buf_reset(&values);
        tfr_buf_printf(&values,
                       "'family':'t%u','requires_compatibilities':['FARGATE'],"
                       "'task_role_arn':'arn:aws:iam::123456789012:role/r0',"
                       "'container_definitions':'[{\\'name\\':\\'a\\',\\'image\\':\\'i:1\\',"
                       "\\'environment\\':[",
                       task);
        for (unsigned i = 0; i < queues; i++)
            tfr_buf_printf(&values,
                           "%s{\\'name\\':\\'Q%u_QUEUE_ARN\\',\\'value\\':\\'" QUEUE "queue-%u\\'}",
                           i > 0 ? "," : "", i, i);
        tfr_buf_puts(&values, "]}]'");
        add(&plan, "aws_ecs_task_definition", task, tfr_buf_text(&values));
    }
    tfr_buf_fini(&values);
    return run(&plan, "TFR-WIR-002");
}

static void roles_are_asked_about_queues_of_others_so_often_and_no_more(void **state)
{
    struct judged judged = run_queues(20, 20);

    (void)state;
    assert_int_equal(judged.findings.row_count, 2);
    assert_int_equal(judged.findings.rows[0].result, TFR_PASS);
    end(&judged);
    judged = run_queues(450, 450);
    assert_int_equal(judged.findings.row_count, 2);
    assert_int_equal(judged.findings.rows[0].result, TFR_UNDECIDED);
    assert_string_equal(judged.findings.at[0].undecided_because,
                        "more roles and queues than are held against each other");
    end(&judged);
}

/* ---- more pairs than edges are drawn for ------------------------------------------------------
 */

static void instances_behind_their_block_count_as_those_beside_it(void **state)
{
    struct tfr_buf plan = { 0 };
    struct judged judged;

    (void)state;
    tfr_buf_puts(&plan, "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.0\","
                        "\"configuration\":{\"root_module\":{\"resources\":["
                        "{\"address\":\"aws_subnet.x\",\"mode\":\"managed\","
                        "\"type\":\"aws_subnet\",\"name\":\"x\",\"expressions\":{}},"
                        "{\"address\":\"aws_lb.x\",\"mode\":\"managed\",\"type\":\"aws_lb\","
                        "\"name\":\"x\",\"expressions\":{\"subnets\":{\"references\":["
                        "\"aws_subnet.x\"]}}}]}},\"resource_changes\":[");
    for (unsigned i = 0; i < 300; i++) {
        add(&plan, "aws_subnet", i,
            i % 2 == 0 ? "'availability_zone':'a'" : "'availability_zone':'b'");
        add(&plan, "aws_lb", i, "'name':'l'");
    }
    judged = run(&plan, "TFR-HA-006");
    assert_int_equal(judged.findings.row_count, 300);
    assert_int_equal(judged.findings.count, 0);
    end(&judged);
}

/* ---- types that nobody thought of --------------------------------------------------------------
 */

#define NETWORK "'security_group_ids':['sg-0service0'],'subnet_ids':['subnet-0a']"

/* What analysers look for, and an object of an unknown type that has it all. */
static void add_objects(struct tfr_buf *plan)
{
    add(plan, "aws_db_instance", 0,
        "'address':'main.abc.eu-west-1.rds.amazonaws.com','engine':'postgres','id':'main',"
        "'vpc_security_group_ids':['sg-0service0']");
    add(plan, "aws_security_group", 0, "'id':'sg-0service0','ingress':[],'egress':[]");
    add(plan, "aws_ecs_task_definition", 0,
        "'arn':'arn:aws:ecs:eu-west-1:123456789012:task-definition/a:1','container_definitions':"
        "'[{\\'name\\':\\'a\\',\\'environment\\':[{\\'name\\':\\'DB_HOST\\',\\'value\\':"
        "\\'main.abc.eu-west-1.rds.amazonaws.com\\'}]}]'");
    add(plan, "aws_x", 0,
        "'task_definition':'arn:aws:ecs:eu-west-1:123456789012:task-definition/"
        "a:1','vpc_config':[{" NETWORK "}],'network_configuration':[{" NETWORK
        "}],'policy':'{}','subnets':['subnet-0a']");
}

static void analysers_answer_for_whatever_types_a_policy_names(void **state)
{
    (void)state;
    for (const struct tfr_analyser *at = tfr_analysers; at->name != NULL; at++) {
        struct tfr_buf policy = { 0 }, plan = { 0 };
        struct judged judged = { 0 };

        tfr_buf_printf(&policy,
                       "metadata: {id: A, name: a, category: IAM, severity: P1}\n"
                       "definition: {cond_type: analyser, resource_types: all, name: %s}\n",
                       at->name);
        judged.policies = load_policies(tfr_buf_text(&policy));
        begin(&plan);
        add_objects(&plan);
        finish(&plan, &judged);
        if (strcmp(at->name, "store_reach") == 0) {
            assert_int_equal(judged.findings.count, 1);
            assert_string_equal(judged.findings.at[0].address, "aws_x.x[0]");
        }
        end(&judged);
        tfr_buf_fini(&policy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_of_a_group_are_held_against_a_service_up_to_a_thousand),
        cmocka_unit_test(roles_are_asked_about_queues_of_others_so_often_and_no_more),
        cmocka_unit_test(instances_behind_their_block_count_as_those_beside_it),
        cmocka_unit_test(analysers_answer_for_whatever_types_a_policy_names),
    };

    return cmocka_run_group_tests_name("policies: bounds", tests, NULL, NULL);
}
