/* SPDX-License-Identifier: Apache-2.0 */
/* Alarms, scaling targets, event targets and permissions about something that is not there. */
#include "policies/alarms.h"

#include "policies/keys.h"
#include "policies/watches.h"
#include "policies/wires.h"

#include <string.h>

/* ---- alarms ------------------------------------------------------------------------------------
 */

static const struct tfr_watch *first_of(const struct tfr_watch *at, size_t count,
                                        enum tfr_watch_state state)
{
    for (size_t i = 0; i < count; i++) {
        if (at[i].state == state)
            return &at[i];
    }
    return NULL;
}

/* All watches of one alarm. */
static void judge_alarm(struct tfr_findings_builder *out, const struct tfr_watch *at, size_t count)
{
    const struct tfr_watch *gone = first_of(at, count, TFR_WATCH_GONE);
    const struct tfr_watch *open = first_of(at, count, TFR_WATCH_OPEN);
    const struct tfr_watch *missing = first_of(at, count, TFR_WATCH_MISSING);

    if (gone != NULL) {
        tfr_findings_add(out, at->alarm, "%s %s is %s, which this plan destroys", gone->dimension,
                         tfr_findings_show(out, gone->dimension, gone->value),
                         gone->target->address->text);
    } else if (open != NULL) {
        tfr_findings_undecided(out, at->alarm, open->because,
                               "what it watches is known after the apply");
    } else if (missing != NULL) {
        tfr_findings_add(out, at->alarm, "%s %s is nothing that this state holds",
                         missing->dimension,
                         tfr_findings_show(out, missing->dimension, missing->value));
        tfr_finding_lower(out, 1);
    } else if (first_of(at, count, TFR_WATCH_LIVE) != NULL) {
        tfr_findings_pass(out, at->alarm);
    }
}

static void look_at_alarms(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_watches *watches = tfr_input_watches(in);
    size_t end;

    for (size_t first = 0; first < watches->count; first = end) {
        end = first + 1;
        while (end < watches->count && watches->at[end].alarm == watches->at[first].alarm)
            end++;
        judge_alarm(out, &watches->at[first], end - first);
    }
}

/* ---- what acts on one object -------------------------------------------------------------------
 */

/* How an object is named by what acts on it: the text before its name or ARN. */
static const struct spelling {
    const char *before;
    const char *type, *attribute;
} spellings[] = {
    { "table/", "aws_dynamodb_table", "name" },
    { "cluster:", "aws_rds_cluster", "cluster_identifier" },
    { "replication-group/", "aws_elasticache_replication_group", "replication_group_id" },
    { "function:", "aws_lambda_function", "function_name" },
    { "service/", "aws_ecs_service", "name" }, /* with the cluster's name before its own */
    { "", "aws_lambda_function", "function_name" },
    { "", "aws_lambda_function", "arn" },
    { "", "aws_msk_cluster", "arn" },
    { "", "aws_sqs_queue", "arn" },
    { "", "aws_sns_topic", "arn" },
    { "", "aws_sfn_state_machine", "arn" },
    { "", "aws_ecs_cluster", "arn" },
    { "", "aws_kinesis_stream", "arn" },
};

#define SPELLINGS (sizeof spellings / sizeof spellings[0])

static const struct aim {
    const char *type, *attribute;
} aims[] = {
    { "aws_appautoscaling_target", "resource_id" },
    { "aws_cloudwatch_event_target", "arn" },
    { "aws_lambda_permission", "function_name" },
};

struct search {
    const struct tfr_input *in;
    struct tfr_findings_builder *out;
    struct tfr_keys *keys;       /* NULL: nobody asked for an object yet */
    const char *open[SPELLINGS]; /* an object whose name is known after the apply */
};

/* The name of the cluster that a service runs in, and a slash. @return false if it is not known */
static bool add_cluster(const struct search *search, struct tfr_buf *text,
                        const struct tfr_resource *service)
{
    static const char *const types[] = { "aws_ecs_cluster", NULL };
    const struct tfr_value *cluster = tfr_value_get(tfr_resource_values(service), "cluster");
    const struct tfr_resource *one = NULL;
    struct tfr_wires wires;

    if (cluster->kind == TFR_UNKNOWN) {
        tfr_wires_of(search->in, service, "cluster", types, &wires);
        one = tfr_wires_one(&wires);
        cluster = one != NULL ? tfr_value_get(&one->after, "name") : cluster;
    }
    return tfr_add_cluster(text, cluster);
}

static void file_objects(struct search *search, size_t number)
{
    const struct spelling *spelling = &spellings[number];
    const bool service = strcmp(spelling->before, "service/") == 0;
    const struct tfr_resource_run run = tfr_input_type(search->in, spelling->type);
    struct tfr_buf text = { 0 };

    for (uint32_t i = 0; i < run.count; i++) {
        const struct tfr_value *values = tfr_resource_values(run.at[i]);
        const struct tfr_value *name = tfr_input_get(search->in, values, spelling->attribute);

        tfr_input_fetch(search->in, &run, i, spelling->attribute);
        if (run.at[i]->deposed != NULL)
            continue;
        tfr_buf_reset(&text);
        tfr_buf_puts(&text, spelling->before);
        if (name->kind == TFR_UNKNOWN || (service && !add_cluster(search, &text, run.at[i]))) {
            search->open[number] = run.at[i]->address->text;
            continue;
        }
        if (name->kind != TFR_STRING)
            continue;
        tfr_buf_add(&text, name->text, name->count);
        tfr_keys_add(search->keys, "", tfr_buf_text(&text), text.len, run.at[i]);
    }
    tfr_buf_fini(&text);
}

/* A document without anything that acts needs no names of what it could act on. */
static const struct tfr_keys *keys_of(struct search *search)
{
    if (search->keys == NULL) {
        search->keys = tfr_keys_new(search->in->scratch);
        for (size_t i = 0; i < SPELLINGS; i++)
            file_objects(search, i);
    }
    return search->keys;
}

/* A live object if there is one, else one that goes, else NULL. */
static const struct tfr_resource *find(struct search *search, const struct tfr_value *value)
{
    const struct tfr_keys *keys = keys_of(search);
    const struct tfr_key_entry *entry = tfr_keys_find(keys, "", value->text, value->count);
    const struct tfr_resource *found = NULL;
    const char *cut = strstr(value->text, "/index/");

    if (entry == NULL && cut == NULL && strncmp(value->text, "cluster:", 8) != 0)
        cut = strrchr(value->text, ':'); /* the qualifier of a function */
    if (entry == NULL && cut != NULL)
        entry = tfr_keys_find(keys, "", value->text, (size_t)(cut - value->text));
    for (; entry != NULL && (found == NULL || tfr_resource_is_destroyed(found));
         entry = entry->next)
        found = entry->resource;
    return found;
}

/* A name of which nothing is found. It is missing where the state holds objects of its kind. */
static void judge_missing(const struct search *search, const struct tfr_resource *actor,
                          const struct aim *aim, const struct tfr_value *value)
{
    size_t i = 0;

    while (i < SPELLINGS &&
           (spellings[i].before[0] == '\0' ||
            strncmp(value->text, spellings[i].before, strlen(spellings[i].before)) != 0))
        i++;
    if (i == SPELLINGS || tfr_input_type(search->in, spellings[i].type).count == 0)
        return;
    if (search->open[i] != NULL) {
        tfr_findings_undecided(search->out, actor, search->open[i],
                               "what it acts on is known after the apply");
        return;
    }
    tfr_findings_add(search->out, actor, "%s %s is nothing that this state holds", aim->attribute,
                     tfr_findings_show(search->out, aim->attribute, value));
    tfr_finding_lower(search->out, 1);
}

static void follow(struct search *search, const struct tfr_resource *actor, const struct aim *aim)
{
    const char *types[SPELLINGS + 1] = { NULL };
    struct tfr_wires wires;

    for (size_t i = 0; i < SPELLINGS; i++)
        types[i] = spellings[i].type;
    tfr_wires_of(search->in, actor, aim->attribute, types, &wires);
    if (wires.count > 0)
        tfr_findings_pass(search->out, actor);
    else if (wires.opaque != NULL)
        tfr_findings_undecided(search->out, actor, wires.opaque,
                               "what it acts on is known after the apply");
}

static void look_at_actor(struct search *search, const struct tfr_resource *actor,
                          const struct aim *aim)
{
    const struct tfr_value *value = tfr_value_get(&actor->after, aim->attribute);
    const struct tfr_resource *target = NULL;

    if (value->kind == TFR_UNKNOWN) {
        follow(search, actor, aim);
        return;
    }
    if (value->kind != TFR_STRING)
        return;
    target = find(search, value);
    if (target != NULL && tfr_resource_is_destroyed(target)) {
        tfr_findings_add(search->out, actor, "%s names %s, which this plan destroys",
                         aim->attribute, target->address->text);
    } else if (target != NULL) {
        tfr_findings_pass(search->out, actor);
    } else {
        judge_missing(search, actor, aim, value);
    }
}

void tfr_check_aimless(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    struct search search = { .in = in, .out = out };

    look_at_alarms(in, out);
    for (size_t i = 0; i < sizeof aims / sizeof aims[0]; i++) {
        const struct tfr_resource_run run = tfr_input_type(in, aims[i].type);

        for (uint32_t k = 0; k < run.count; k++) {
            if (tfr_resource_is_live(run.at[k]))
                look_at_actor(&search, run.at[k], &aims[i]);
        }
    }
    tfr_keys_free(search.keys);
}
