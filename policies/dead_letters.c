/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dead letter queues: which queues are one, and whether they can do their job. A redrive policy
 * stands in the queue or in a resource of its own.
 */
#include "policies/dead_letters.h"

#include "policies/context.h"
#include "policies/keys.h"
#include "policies/wires.h"

#include <string.h>

/* What a queue keeps messages for when nobody says, seconds. */
#define DEFAULT_RETENTION 345600
/* The most that SQS takes. */
#define LONGEST_RETENTION 1209600
/* Fewer attempts give a passing fault no chance, more keep a bad message in the way. */
#define FEWEST_ATTEMPTS 2
#define MOST_ATTEMPTS 20

static const char *const queue_types[] = { "aws_sqs_queue", NULL };
static const char *const allow_types[] = { "aws_sqs_queue_redrive_allow_policy", NULL };

bool tfr_is_dead_letter_edge(const struct tfr_edge *edge)
{
    return tfr_path_begins(edge->path, "redrive_policy") ||
           tfr_path_begins(edge->path, "dead_letter_config") ||
           (edge->path != NULL && strstr(edge->path->text, ".dead_letter_config") != NULL) ||
           tfr_path_begins(edge->path, "destination_config.0.on_failure");
}

bool tfr_takes_dead_letters(const struct tfr_input *in, const struct tfr_resource *queue)
{
    const tfr_node_id node = tfr_graph_node_of(in->graph, queue);
    struct tfr_edges edges = { 0 };

    if (node != TFR_NO_NODE)
        edges = tfr_graph_dependants(in->graph, node);
    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_edge *edge = tfr_edge_at(&edges, i);
        const struct tfr_resource *from;

        if (!tfr_edge_is_use(edge, TFR_AFTER) || !tfr_is_dead_letter_edge(edge))
            continue;
        from = tfr_graph_node(in->graph, edge->from)->resource;
        if (from != NULL && tfr_resource_is_live(from))
            return true;
    }
    return false;
}

/* ---- one redrive policy ------------------------------------------------------------------------
 */

struct redrive {
    const struct tfr_input *in;
    struct tfr_findings_builder *out;
    const struct tfr_resource *holder; /* where the policy stands */
    const struct tfr_resource *source; /* the queue whose messages go; NULL: not in here */
    const struct tfr_resource *target; /* NULL: not in here */
    const struct tfr_value *arn, *attempts;
    struct tfr_buf problems;
    bool grave;       /* one of them stops failed messages, or loses them */
    const char *open; /* what will decide it */
};

static void problem(struct redrive *redrive, bool grave, const char *text)
{
    tfr_buf_printf(&redrive->problems, "%s%s", redrive->problems.len > 0 ? "; " : "", text);
    redrive->grave = redrive->grave || grave;
}

/* Account and region of arn:aws:sqs:REGION:ACCOUNT:NAME; 0 if it is none. */
static size_t place_len(const struct tfr_value *arn)
{
    const char *colon = arn->kind == TFR_STRING ? strchr(arn->text, ':') : NULL;

    for (int i = 1; i < 5 && colon != NULL; i++)
        colon = strchr(colon + 1, ':');
    return colon != NULL ? (size_t)(colon - arn->text) : 0;
}

static void compare_places(struct redrive *redrive)
{
    const struct tfr_value *own = redrive->source != NULL
                                      ? tfr_input_get(redrive->in, &redrive->source->after, "arn")
                                      : &tfr_absent;
    const size_t len = place_len(own);

    if (len > 0 && place_len(redrive->arn) > 0 &&
        (place_len(redrive->arn) != len || memcmp(own->text, redrive->arn->text, len) != 0))
        problem(redrive, true, "the dead letter queue is in another account or region");
}

static void compare_kinds(struct redrive *redrive)
{
    const struct tfr_value *source =
        tfr_input_get(redrive->in, &redrive->source->after, "fifo_queue");
    const struct tfr_value *target =
        tfr_input_get(redrive->in, &redrive->target->after, "fifo_queue");

    if (source->kind == TFR_UNKNOWN || target->kind == TFR_UNKNOWN)
        redrive->open = "fifo_queue";
    else if (tfr_value_true(source) != tfr_value_true(target))
        problem(redrive, true, "of queue and dead letter queue only one is FIFO");
}

static bool retention_of(const struct tfr_input *in, const struct tfr_resource *queue,
                         long long *out)
{
    const struct tfr_value *value = tfr_input_get(in, &queue->after, "message_retention_seconds");

    *out = DEFAULT_RETENTION;
    return tfr_value_missing(value) || tfr_value_integer(value, out);
}

/* A standard queue counts from when the message was first sent, the move is no new start. */
static void compare_retention(struct redrive *redrive)
{
    long long source = 0, target = 0;

    if (tfr_value_true(tfr_input_get(redrive->in, &redrive->source->after, "fifo_queue")))
        return;
    if (!retention_of(redrive->in, redrive->source, &source) ||
        !retention_of(redrive->in, redrive->target, &target))
        redrive->open = "message_retention_seconds";
    else if (target <= source && target < LONGEST_RETENTION)
        problem(redrive, true,
                "the dead letter queue keeps messages no longer than the queue does, counted from "
                "when they were sent");
}

static void look_at_attempts(struct redrive *redrive)
{
    long long attempts = 0;

    if (!tfr_value_integer(redrive->attempts, &attempts))
        redrive->open = "maxReceiveCount";
    else if (attempts < FEWEST_ATTEMPTS)
        problem(redrive, false, "one failed attempt is enough to give a message up");
    else if (attempts > MOST_ATTEMPTS)
        problem(redrive, false, "a bad message is tried more than 20 times");
}

/* ---- what the dead letter queue allows ---------------------------------------------------------
 */

static void read_allowance(struct redrive *redrive, const struct tfr_value *text)
{
    const struct tfr_value *allowance, *permission, *sources, *own;
    bool found = false;

    if (text->kind == TFR_UNKNOWN) {
        redrive->open = "redrive_allow_policy";
        return;
    }
    if (text->kind != TFR_STRING || text->count == 0)
        return;
    allowance = tfr_document_parse(redrive->in->document, text);
    permission = tfr_value_get(allowance, "redrivePermission");
    sources = tfr_value_get(allowance, "sourceQueueArns");
    own = tfr_input_get(redrive->in, &redrive->source->after, "arn");
    if (tfr_value_is(permission, "denyAll"))
        problem(redrive, true, "the dead letter queue takes messages of no queue");
    if (!tfr_value_is(permission, "byQueue"))
        return;
    for (uint32_t i = 0; sources->kind == TFR_LIST && i < sources->count; i++)
        found = found || tfr_value_equal(&sources->items[i], own);
    if (own->kind == TFR_UNKNOWN)
        redrive->open = "redrive_allow_policy";
    else if (!found)
        problem(redrive, true, "the dead letter queue takes messages of other queues only");
}

/* Many queues may share a dead letter queue. */
static const void *find_allowances(const struct tfr_input *in, const struct tfr_resource *queue)
{
    struct tfr_wires *wires = tfr_arena_alloc(in->scratch, sizeof *wires);

    tfr_wires_to(in, queue, "queue_url", allow_types, wires);
    return wires;
}

static void look_at_allowance(struct redrive *redrive)
{
    const struct tfr_wires *wires = NULL;

    if (tfr_input_get(redrive->in, &redrive->target->after, "redrive_allow_policy")->kind !=
            TFR_UNKNOWN ||
        tfr_wires_written(redrive->in, redrive->target, "redrive_allow_policy"))
        read_allowance(redrive,
                       tfr_input_get(redrive->in, &redrive->target->after, "redrive_allow_policy"));
    wires = tfr_context_find(redrive->in, &redrive->in->ctx->allowances, redrive->target,
                             find_allowances);
    for (uint32_t i = 0; i < wires->count; i++)
        read_allowance(redrive, tfr_value_get(&wires->at[i]->after, "redrive_allow_policy"));
}

/* ---- answers -----------------------------------------------------------------------------------
 */

static void judge(struct redrive *redrive)
{
    const struct tfr_resource *subject =
        redrive->source != NULL ? redrive->source : redrive->holder;

    if (redrive->problems.len > 0) {
        tfr_findings_add(redrive->out, subject, "%s", tfr_buf_text(&redrive->problems));
        if (redrive->target != NULL)
            tfr_finding_evidence(redrive->out, TFR_EVIDENCE_EDGE, redrive->target->address->text,
                                 NULL, "its dead letter queue");
        if (!redrive->grave)
            tfr_finding_lower(redrive->out, 1);
    } else if (redrive->open != NULL) {
        tfr_findings_undecided(redrive->out, subject, redrive->open,
                               "whether its dead letter queue can do its job cannot be told yet");
    } else {
        tfr_findings_pass(redrive->out, subject);
    }
    tfr_buf_fini(&redrive->problems);
}

/* The queue that the policy names. */
static void find_target(struct redrive *redrive, struct tfr_keys *arns)
{
    const struct tfr_key_entry *entry = NULL;
    struct tfr_wires wires;

    if (redrive->arn->kind == TFR_STRING) {
        entry = tfr_keys_find(arns, "arn", redrive->arn->text, redrive->arn->count);
        redrive->target = entry != NULL ? entry->resource : NULL;
        if (entry == NULL)
            redrive->open = "deadLetterTargetArn";
        return;
    }
    tfr_wires_of(redrive->in, redrive->holder, "redrive_policy", queue_types, &wires);
    redrive->target = tfr_wires_one(&wires);
    if (redrive->target == NULL)
        redrive->open = wires.opaque != NULL ? wires.opaque : "redrive_policy";
}

static void look_at(struct redrive *redrive, struct tfr_keys *arns, const struct tfr_value *text)
{
    const struct tfr_value *policy = &tfr_absent;

    if (text->kind == TFR_STRING)
        policy = tfr_document_parse(redrive->in->document, text);
    if (text->kind == TFR_STRING && policy->kind != TFR_OBJECT)
        redrive->open = "redrive_policy";
    redrive->arn = tfr_input_get(redrive->in, policy, "deadLetterTargetArn");
    redrive->attempts = tfr_input_get(redrive->in, policy, "maxReceiveCount");
    look_at_attempts(redrive);
    compare_places(redrive);
    find_target(redrive, arns);
    if (redrive->target != NULL && tfr_resource_is_destroyed(redrive->target)) {
        problem(redrive, true, "this plan destroys its dead letter queue");
    } else if (redrive->target != NULL && redrive->source != NULL) {
        compare_kinds(redrive);
        compare_retention(redrive);
        look_at_allowance(redrive);
    }
    judge(redrive);
}

static void look_at_queue(const struct tfr_input *in, struct tfr_findings_builder *out,
                          struct tfr_keys *arns, const struct tfr_resource *queue)
{
    const struct tfr_value *text = tfr_input_get(in, &queue->after, "redrive_policy");
    struct redrive redrive = { .in = in, .out = out, .holder = queue, .source = queue };

    /* One that nobody writes is made by a resource of its own, or by nobody. */
    if (text->kind == TFR_UNKNOWN ? tfr_wires_written(in, queue, "redrive_policy")
                                  : text->kind == TFR_STRING && text->count > 0)
        look_at(&redrive, arns, text);
}

static void look_at_redrive(const struct tfr_input *in, struct tfr_findings_builder *out,
                            struct tfr_keys *arns, const struct tfr_resource *holder)
{
    struct redrive redrive = { .in = in, .out = out, .holder = holder };
    struct tfr_wires wires;

    tfr_wires_of(in, holder, "queue_url", queue_types, &wires);
    redrive.source = tfr_wires_one(&wires);
    if (redrive.source != NULL && redrive.source->mode != TFR_MANAGED)
        redrive.source = NULL;
    if (redrive.source != NULL &&
        tfr_value_get(&redrive.source->after, "redrive_policy")->kind == TFR_STRING)
        return; /* refreshed: the queue tells it itself */
    look_at(&redrive, arns, tfr_value_get(&holder->after, "redrive_policy"));
}

void tfr_check_dead_letters(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run queues = tfr_input_type(in, "aws_sqs_queue");
    const struct tfr_resource_run redrives = tfr_input_type(in, "aws_sqs_queue_redrive_policy");
    struct tfr_keys *arns = tfr_keys_new(in->scratch);

    for (uint32_t i = 0; i < queues.count; i++) {
        const struct tfr_value *arn = tfr_input_get(in, tfr_resource_values(queues.at[i]), "arn");

        tfr_input_fetch(in, &queues, i, "arn");
        if (arn->kind == TFR_STRING && queues.at[i]->deposed == NULL)
            tfr_keys_add(arns, "arn", arn->text, arn->count, queues.at[i]);
    }
    for (uint32_t i = 0; i < queues.count; i++) {
        if (tfr_resource_is_live(queues.at[i]))
            look_at_queue(in, out, arns, queues.at[i]);
    }
    for (uint32_t i = 0; i < redrives.count; i++) {
        if (tfr_resource_is_live(redrives.at[i]))
            look_at_redrive(in, out, arns, redrives.at[i]);
    }
    tfr_keys_free(arns);
}
