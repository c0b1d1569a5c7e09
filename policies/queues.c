/* SPDX-License-Identifier: Apache-2.0 */
/* Who fills a queue and who empties it. Evidence is graded: an event source mapping reads the
 * queue; a worker that has its URL may read it, unless it is built on a framework that reads
 * another broker. */
#include "policies/queues.h"

#include "policies/containers.h"
#include "policies/dead_letters.h"
#include "policies/iam_document.h"

#include <string.h>

/* What is known of the users of one queue. */
struct users {
    const struct tfr_edge *producer, *strong, *weak_env, *weak_grant; /* the first of each kind */
    bool lets_in;       /* its own policy allows somebody to send */
    bool dead_letters;  /* another queue, function or rule sends its failures here */
    bool named_outside; /* a root output names it */
    const char *opaque; /* a reference that could still make somebody a user */
};

struct look {
    const struct tfr_input *in;
    uint8_t *grants; /* of a policy, by its node: many queues stand in one */
};

/* ---- types and the attribute that makes them users ----------------------------------------------
 */

enum role { PRODUCER, CONSUMER };

#define TYPE(name) name, sizeof name - 1
static const struct {
    const char *type;
    size_t len;       /* of its name */
    const char *path; /* the edge's attribute begins with it; NULL: any */
    enum role role;
} known[] = {
    { TYPE("aws_lambda_event_source_mapping"), "event_source_arn", CONSUMER },
    { TYPE("aws_pipes_pipe"), "source", CONSUMER },
    { TYPE("aws_autoscaling_lifecycle_hook"), "notification_target_arn", PRODUCER },
    { TYPE("aws_lambda_function_event_invoke_config"), "destination_config.0.on_success",
      PRODUCER },
    { TYPE("aws_pipes_pipe"), "target", PRODUCER },
    { TYPE("aws_sns_topic_subscription"), "endpoint", PRODUCER },
    { TYPE("aws_s3_bucket_notification"), "queue", PRODUCER },
    { TYPE("aws_cloudwatch_event_target"), "arn", PRODUCER },
    { TYPE("aws_scheduler_schedule"), "target", PRODUCER },
    { TYPE("aws_sfn_state_machine"), "definition", PRODUCER },
    { TYPE("aws_api_gateway_integration"), NULL, PRODUCER },
    { TYPE("aws_apigatewayv2_integration"), NULL, PRODUCER },
    { TYPE("aws_lambda_function"), "environment", PRODUCER },
    { TYPE("aws_iot_topic_rule"), "sqs", PRODUCER },
};

static bool begins(const struct tfr_sym *text, const char *start)
{
    return text != NULL && strncmp(text->text, start, strlen(start)) == 0;
}

/* True if an environment value of the container is an identifier of the queue. */
static bool knows(const struct tfr_input *in, const struct tfr_value *container,
                  const struct tfr_value *queue)
{
    const struct tfr_value *const identities[] = {
        tfr_input_get(in, queue, "url"),
        tfr_input_get(in, queue, "id"),
        tfr_input_get(in, queue, "arn"),
        tfr_input_get(in, queue, "name"),
    };
    const struct tfr_value *list = tfr_input_get(in, container, "environment");

    for (uint32_t i = 0; list->kind == TFR_LIST && i < list->count; i++) {
        const struct tfr_value *value = tfr_input_get(in, &list->items[i], "value");

        for (size_t k = 0; k < sizeof identities / sizeof identities[0]; k++) {
            if (identities[k]->kind == TFR_STRING && value->kind == TFR_STRING &&
                identities[k]->count == value->count && tfr_value_equal(identities[k], value))
                return true;
        }
    }
    return false;
}

static void add(const struct tfr_edge **slot, const struct tfr_edge *edge)
{
    if (*slot == NULL)
        *slot = edge;
}

static void look_at_task(const struct tfr_input *in, const struct tfr_resource *queue,
                         const struct tfr_edge *edge, struct users *users)
{
    const struct tfr_resource *task = tfr_graph_node(in->graph, edge->from)->resource;
    const struct tfr_value *text = tfr_input_get(in, &task->after, "container_definitions");
    const struct tfr_value *containers;

    if (!begins(edge->path, "container_definitions"))
        return;
    if (text->kind == TFR_UNKNOWN) {
        /* The reference is there; which container has it, and as what, is known after the apply. */
        add(&users->producer, edge);
        add(&users->strong, edge);
        return;
    }
    containers = tfr_document_parse(in->document, text);
    for (uint32_t i = 0; containers->kind == TFR_LIST && i < containers->count; i++) {
        const struct tfr_value *container = &containers->items[i];
        enum tfr_shape shape;

        if (!knows(in, container, &queue->after))
            continue;
        shape = tfr_container_shape(in, task, container);
        if (shape != TFR_SHAPE_WORKER)
            add(&users->producer, edge);
        if (shape != TFR_SHAPE_WEB)
            add(tfr_container_reads_other_broker(container) ? &users->weak_env : &users->strong,
                edge);
    }
}

/* ---- grants -------------------------------------------------------------------------------------
 */

static bool allows(const struct tfr_statement *statement, const char *action)
{
    return tfr_statement_allows(statement) && tfr_statement_action(statement, action) == TFR_YES;
}

/* What a policy grants, whatever queue is asked about: a bit for each. */
enum { READ = 1, OPEN = 2, SENDS = 4, RECEIVES = 8 };

static uint8_t read_policy(const struct tfr_input *in, const struct tfr_resource *policy)
{
    struct tfr_iam_document document;
    uint8_t grants = READ;
    uint32_t count;

    tfr_iam_document_of(in, policy, "policy", TFR_AFTER, &document);
    if (document.because != NULL)
        grants |= OPEN;
    count = tfr_statement_count(&document);
    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_statement statement = tfr_statement_at(in, &document, i);

        if (allows(&statement, "sqs:SendMessage"))
            grants |= SENDS;
        if (allows(&statement, "sqs:ReceiveMessage"))
            grants |= RECEIVES;
    }
    return grants;
}

static void look_at_policy(const struct look *look, const struct tfr_edge *edge,
                           struct users *users)
{
    const struct tfr_resource *policy = tfr_graph_node(look->in->graph, edge->from)->resource;
    uint8_t *grants = &look->grants[edge->from];

    if (*grants == 0)
        *grants = read_policy(look->in, policy);
    if ((*grants & OPEN) != 0)
        users->opaque = edge->reference != NULL ? edge->reference->text : policy->address->text;
    if ((*grants & SENDS) != 0)
        add(&users->producer, edge);
    if ((*grants & RECEIVES) != 0 && !tfr_sym_is(policy->type, "aws_sqs_queue_policy"))
        add(&users->weak_grant, edge);
}

/* ---- one queue ----------------------------------------------------------------------------------
 */

static void look_at_known(const struct tfr_edge *edge, const struct tfr_resource *user,
                          struct users *users)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (user->type->len != known[i].len || !tfr_sym_is(user->type, known[i].type) ||
            (known[i].path != NULL && !begins(edge->path, known[i].path)))
            continue;
        add(known[i].role == CONSUMER ? &users->strong : &users->producer, edge);
    }
}

void tfr_queue_service_users(const struct tfr_input *in, const struct tfr_resource *queue,
                             bool *filled, bool *emptied)
{
    const struct tfr_edges edges =
        tfr_graph_dependants(in->graph, tfr_graph_node_of(in->graph, queue));
    struct users users = { 0 };

    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_resource *user =
            tfr_graph_node(in->graph, tfr_edge_at(&edges, i)->from)->resource;

        if (user != NULL && tfr_edge_is_use(tfr_edge_at(&edges, i), TFR_AFTER) &&
            tfr_resource_is_live(user))
            look_at_known(tfr_edge_at(&edges, i), user, &users);
    }
    *filled = users.producer != NULL;
    *emptied = users.strong != NULL;
}

static void look_at_edge(const struct look *look, const struct tfr_resource *queue,
                         const struct tfr_edge *edge, struct users *users)
{
    const struct tfr_node *node = tfr_graph_node(look->in->graph, edge->from);
    const struct tfr_resource *user = node->resource;

    if (!tfr_edge_is_use(edge, TFR_AFTER))
        return;
    if (node->kind == TFR_NODE_OUTPUT)
        users->named_outside = true;
    if (user == NULL || node->kind != TFR_NODE_RESOURCE || !tfr_resource_is_live(user))
        return;
    if (tfr_is_dead_letter_edge(edge))
        users->dead_letters = true;
    else if (tfr_sym_is(user->type, "aws_ecs_task_definition"))
        look_at_task(look->in, queue, edge, users);
    else if (tfr_sym_is(user->type, "aws_iam_role_policy") ||
             tfr_sym_is(user->type, "aws_iam_policy") ||
             tfr_sym_is(user->type, "aws_sqs_queue_policy"))
        look_at_policy(look, edge, users);
    else
        look_at_known(edge, user, users);
}

/* A new task definition built from a local may use any queue; nobody can tell before the apply.
 * @return the reference, or NULL: there is none */
static const char *find_opaque(const struct tfr_input *in)
{
    const struct tfr_resource_run tasks = tfr_input_type(in, "aws_ecs_task_definition");

    for (uint32_t i = 0; i < tasks.count; i++) {
        const struct tfr_resource *task = tasks.at[i];
        const struct tfr_unresolved *unresolved;
        uint32_t count;

        if (!tfr_resource_is_live(task) ||
            tfr_input_get(in, &task->after, "container_definitions")->kind != TFR_UNKNOWN)
            continue;
        unresolved = tfr_graph_unresolved_of(in->graph, tfr_graph_node_of(in->graph, task), &count);
        return count > 0 ? unresolved[0].reference->text : task->address->text;
    }
    return NULL;
}

static void evidence(const struct tfr_input *in, struct tfr_findings_builder *out,
                     const struct users *users)
{
    const struct tfr_edge *const edges[] = { users->producer, users->strong, users->weak_env,
                                             users->weak_grant };

    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        if (edges[i] != NULL)
            tfr_finding_edge(out, in->graph, edges[i]);
    }
}

static void judge(const struct tfr_input *in, struct tfr_findings_builder *out,
                  const struct tfr_resource *queue, const struct users *users)
{
    static const uint8_t advice[TFR_ENVIRONMENT_COUNT] = { TFR_P2, TFR_P2, TFR_P2 };
    const bool consumer = users->strong != NULL;
    const bool filled = users->producer != NULL || users->lets_in;

    if (consumer && filled) {
        tfr_findings_pass(out, queue);
        return;
    }
    if (users->opaque != NULL) {
        tfr_findings_undecided(out, queue, users->opaque,
                               "whether anybody fills and empties it shows after the apply");
        return;
    }
    if (users->weak_env != NULL && !consumer)
        tfr_findings_add(out, queue,
                         "its only reader is a worker whose framework reads another broker");
    else if (consumer)
        tfr_findings_add(out, queue, "nothing in this state fills it: its reader idles");
    else if (users->weak_grant != NULL)
        tfr_findings_add(out, queue, "a role may read it, but nothing is configured to");
    else if (filled)
        tfr_findings_add(out, queue,
                         "nothing in this state reads it: messages pile up until they expire");
    else
        tfr_findings_add(out, queue, "nothing in this state fills it and nothing reads it");
    if (users->weak_env == NULL && (consumer || users->weak_grant != NULL))
        tfr_finding_severity(out, advice);
    evidence(in, out, users);
}

void tfr_check_queue_users(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run queues = tfr_input_type(in, "aws_sqs_queue");
    const char *opaque = queues.count > 0 ? find_opaque(in) : NULL;
    struct look look = { .in = in };

    look.grants = tfr_arena_zalloc(in->scratch, (size_t)tfr_graph_node_count(in->graph) + 1);
    for (uint32_t i = 0; i < queues.count; i++) {
        const struct tfr_resource *queue = queues.at[i];
        struct users users = { 0 };
        struct tfr_edges edges;
        tfr_node_id node;

        if (!tfr_resource_is_live(queue))
            continue;
        node = tfr_graph_node_of(in->graph, queue);
        if (node == TFR_NO_NODE)
            continue;
        edges = tfr_graph_dependants(in->graph, node);
        for (uint32_t k = 0; k < edges.count; k++)
            look_at_edge(&look, queue, tfr_edge_at(&edges, k), &users);
        if (users.dead_letters)
            continue; /* emptied by hand: other policies look at it */
        if (users.named_outside) {
            tfr_findings_pass(out, queue);
            continue;
        }
        if (users.opaque == NULL)
            users.opaque = opaque;
        users.lets_in = users.producer == NULL && (read_policy(in, queue) & SENDS) != 0;
        judge(in, out, queue, &users);
    }
}
