/* SPDX-License-Identifier: Apache-2.0 */
/* Who is watched by an alarm, and who is not. */
#include "policies/alarms.h"

#include "policies/dead_letters.h"
#include "policies/watches.h"

#include <string.h>

/* What an alarm says of a node: a bit for each. */
enum { WATCHED = 1, WATCHED_FOR_MESSAGES = 2, DEAD_LETTERS = 4 };

struct survey {
    const struct tfr_input *in;
    struct tfr_findings_builder *out;
    const struct tfr_watches *watches;
    uint8_t *marks; /* by node */
};

/* A message in a dead letter queue shows in either. */
static bool is_about_messages(const struct tfr_value *metric)
{
    return tfr_value_is(metric, "ApproximateNumberOfMessagesVisible") ||
           tfr_value_is(metric, "ApproximateAgeOfOldestMessage") || metric->kind == TFR_UNKNOWN;
}

static void begin(struct survey *survey, const struct tfr_input *in,
                  struct tfr_findings_builder *out)
{
    *survey = (struct survey){ .in = in, .out = out };
    survey->marks = tfr_arena_zalloc(in->scratch, (size_t)tfr_graph_node_count(in->graph) + 1);
    survey->watches = tfr_input_watches(in);
    for (size_t i = 0; i < survey->watches->count; i++) {
        const struct tfr_watch *watch = &survey->watches->at[i];
        const tfr_node_id node = watch->state == TFR_WATCH_LIVE
                                     ? tfr_graph_node_of(in->graph, watch->target)
                                     : TFR_NO_NODE;

        if (node == TFR_NO_NODE)
            continue;
        survey->marks[node] |= WATCHED;
        if (is_about_messages(watch->metric))
            survey->marks[node] |= WATCHED_FOR_MESSAGES;
    }
}

static void mark_dead_letters(struct survey *survey)
{
    const struct tfr_resource_run queues = tfr_input_type(survey->in, "aws_sqs_queue");

    for (uint32_t i = 0; i < queues.count; i++) {
        const tfr_node_id node = tfr_graph_node_of(survey->in->graph, queues.at[i]);

        if (node != TFR_NO_NODE && tfr_takes_dead_letters(survey->in, queues.at[i]))
            survey->marks[node] |= DEAD_LETTERS;
    }
}

static uint8_t marks_of(const struct survey *survey, const struct tfr_resource *resource)
{
    const tfr_node_id node = tfr_graph_node_of(survey->in->graph, resource);

    return node != TFR_NO_NODE ? survey->marks[node] : 0;
}

/* An alarm that may be about any object of this type, NULL if there is none. */
static const char *open_watch(const struct survey *survey, const char *type)
{
    for (size_t i = 0; i < survey->watches->count; i++) {
        if (tfr_watch_may_be(&survey->watches->at[i], type))
            return survey->watches->at[i].because;
    }
    return NULL;
}

/* ---- resources without alarm -------------------------------------------------------------------
 */

#define OF_BALANCERS \
    "HTTPCode_ELB_5XX_Count, HTTPCode_Target_5XX_Count, UnHealthyHostCount, TargetResponseTime"

static const struct watched_class {
    const char *type, *what, *wanted;
} classes[] = {
    { "aws_db_instance", "database", "CPUUtilization, FreeStorageSpace, DatabaseConnections" },
    { "aws_lb", "load balancer", OF_BALANCERS },
    { "aws_alb", "load balancer", OF_BALANCERS },
    { "aws_ecs_service", "service", "CPUUtilization, MemoryUtilization, RunningTaskCount" },
    { "aws_elasticache_replication_group", "cache",
      "EngineCPUUtilization, DatabaseMemoryUsagePercentage, Evictions" },
    { "aws_sqs_queue", "queue", "ApproximateAgeOfOldestMessage" },
};

static void report_class(struct survey *survey, const struct watched_class *class,
                         const struct tfr_resource *const *bare, size_t count, size_t all)
{
    const char *open = open_watch(survey, class->type);
    struct tfr_buf note = { 0 };

    if (open != NULL) {
        tfr_findings_undecided(survey->out, NULL, open,
                               "whether an alarm watches each %s is known after the apply",
                               class->what);
        tfr_finding_about(survey->out, class->type);
    } else {
        tfr_findings_add(survey->out, NULL, "no alarm watches %zu of %zu %s%s", count, all,
                         class->what, all == 1 ? "" : "s");
        tfr_finding_about(survey->out, class->type);
        tfr_buf_printf(&note, "worth an alarm: %s", class->wanted);
        tfr_finding_evidence(survey->out, TFR_EVIDENCE_ABSENCE, class->type, NULL,
                             tfr_buf_text(&note));
        tfr_buf_fini(&note);
    }
    for (size_t i = 0; i < count; i++)
        tfr_finding_member(survey->out, bare[i]->address->text);
}

static void look_at_class(struct survey *survey, const struct watched_class *class)
{
    const struct tfr_resource_run run = tfr_input_type(survey->in, class->type);
    const struct tfr_resource **bare =
        tfr_arena_alloc(survey->in->scratch, (run.count + 1) * sizeof *bare);
    size_t count = 0, all = 0;

    for (uint32_t i = 0; i < run.count; i++) {
        const uint8_t marks = marks_of(survey, run.at[i]);

        /* What dead letter queues want is another policy's. */
        if (!tfr_resource_is_live(run.at[i]) || (marks & DEAD_LETTERS) != 0)
            continue;
        all++;
        if ((marks & WATCHED) != 0)
            tfr_findings_pass(survey->out, run.at[i]);
        else
            bare[count++] = run.at[i];
    }
    if (count > 0)
        report_class(survey, class, bare, count, all);
}

void tfr_check_unwatched(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    struct survey survey;

    begin(&survey, in, out);
    mark_dead_letters(&survey);
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        look_at_class(&survey, &classes[i]);
}

void tfr_check_unwatched_dead_letters(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run queues = tfr_input_type(in, "aws_sqs_queue");
    struct survey survey;
    const char *open;

    begin(&survey, in, out);
    mark_dead_letters(&survey);
    open = open_watch(&survey, "aws_sqs_queue");
    for (uint32_t i = 0; i < queues.count; i++) {
        const uint8_t marks = marks_of(&survey, queues.at[i]);

        if (!tfr_resource_is_live(queues.at[i]) || (marks & DEAD_LETTERS) == 0)
            continue;
        if ((marks & WATCHED_FOR_MESSAGES) != 0)
            tfr_findings_pass(out, queues.at[i]);
        else if (open != NULL)
            tfr_findings_undecided(out, queues.at[i], open,
                                   "whether an alarm watches it is known after the apply");
        else
            tfr_findings_add(out, queues.at[i],
                             (marks & WATCHED) != 0
                                 ? "its alarm is not about the messages that wait in it"
                                 : "no alarm tells that a message has failed");
    }
}
