/* SPDX-License-Identifier: Apache-2.0 */
/* What variables name, against what the plan takes away. */
#include "policies/env_objects.h"
#include "policies/containers.h"
#include "policies/hosts.h"
#include "policies/lookup.h"
#include "policies/wires.h"

#include <string.h>
#include <strings.h>

/* ---- kinds -------------------------------------------------------------------------------------
 */

/* An identity names its object wherever it stands; a name does only in a variable that speaks of
 * such things. */
static const struct kind {
    const char *type, *data;
    const char *identities[4];
    const char *name;
    const char *words[3]; /* of variables */
} kinds[] = {
    { "aws_sqs_queue", "data.aws_sqs_queue", { "url", "id", "arn" }, "name", { "QUEUE", "SQS" } },
    { "aws_s3_bucket",
      "data.aws_s3_bucket",
      { "arn", "bucket_domain_name", "bucket_regional_domain_name" },
      "bucket",
      { "BUCKET" } },
    { "aws_dynamodb_table", "data.aws_dynamodb_table", { "arn" }, "name", { "TABLE", "DYNAMODB" } },
    { "aws_sns_topic", "data.aws_sns_topic", { "arn" }, "name", { "TOPIC" } },
    { "aws_kinesis_stream", "data.aws_kinesis_stream", { "arn" }, "name", { "STREAM" } },
    { "aws_secretsmanager_secret",
      "data.aws_secretsmanager_secret",
      { "arn", "id" },
      "name",
      { "SECRET" } },
    { "aws_db_instance", "data.aws_db_instance", { "address", "endpoint", "arn" }, NULL, { NULL } },
    { "aws_rds_cluster",
      "data.aws_rds_cluster",
      { "endpoint", "reader_endpoint", "arn" },
      NULL,
      { NULL } },
    { "aws_db_proxy", "data.aws_db_proxy", { "endpoint", "arn" }, NULL, { NULL } },
};
#define KINDS (sizeof kinds / sizeof kinds[0])

/* Objects by what names them. */
struct table {
    struct tfr_lookup *identities;
    struct tfr_lookup *names[KINDS];
    uint32_t count;
    uint32_t kinds[KINDS]; /* objects of each kind */
};

static void add(const struct tfr_input *in, struct table *table, size_t kind,
                const struct tfr_resource *resource, const struct tfr_value *values)
{
    table->count++;
    table->kinds[kind]++;
    for (size_t i = 0; i < 4 && kinds[kind].identities[i] != NULL; i++)
        tfr_lookup_add(&table->identities, tfr_input_get(in, values, kinds[kind].identities[i]),
                       resource);
    if (kinds[kind].name != NULL)
        tfr_lookup_add(&table->names[kind], tfr_input_get(in, values, kinds[kind].name), resource);
}

static void table_fini(struct table *table)
{
    tfr_lookup_free(table->identities);
    for (size_t i = 0; i < KINDS; i++)
        tfr_lookup_free(table->names[i]);
}

static void read_objects(const struct tfr_input *in, struct table *live, struct table *gone)
{
    for (size_t i = 0; i < KINDS; i++) {
        const struct tfr_resource_run run = tfr_input_type(in, kinds[i].type);
        const struct tfr_resource_run data = tfr_input_type(in, kinds[i].data);

        for (uint32_t k = 0; k < run.count; k++) {
            tfr_input_fetch(in, &run, k, kinds[i].identities[0]);
            if (tfr_resource_is_live(run.at[k]))
                add(in, live, i, run.at[k], &run.at[k]->after);
            else if (tfr_resource_is_destroyed(run.at[k]))
                add(in, gone, i, run.at[k], &run.at[k]->before);
        }
        for (uint32_t k = 0; k < data.count; k++)
            add(in, live, i, data.at[k], &data.at[k]->after);
    }
}

/* ---- one variable ------------------------------------------------------------------------------
 */

struct look {
    const struct table *live, *gone;
    const char *family; /* of the workload, or its name */
    uint32_t known;
    const char *unknown;
    const char *variable; /* of what is taken away */
    const struct tfr_resource *gone_object;
};

/* @param url of the value; host_len 0: it is none */
static const void *find(const struct tfr_lookup *lookup, const struct tfr_value *value,
                        const struct tfr_url *url)
{
    const void *found = tfr_lookup_find(lookup, value);

    return found != NULL ? found : tfr_lookup_text(lookup, url->host, url->host_len);
}

/* The name at the end of an ARN or a queue's URL, or the whole text. */
static const char *name_in(const char *text)
{
    const char *name = text;

    if (strncmp(text, "arn:", 4) != 0 && strncmp(text, "https://sqs.", 12) != 0)
        return text;
    for (const char *at = text; *at != '\0'; at++) {
        if ((*at == '/' || *at == ':') && at[1] != '\0')
            name = at + 1;
    }
    return name;
}

static bool speaks_of(const char *variable, size_t kind)
{
    for (size_t i = 0; i < 3 && kinds[kind].words[i] != NULL; i++) {
        if (tfr_text_holds(variable, kinds[kind].words[i]))
            return true;
    }
    return false;
}

/* How far two names are alike, up to the last separator that they share. */
static size_t shared(const char *a, const char *b)
{
    size_t len = 0;

    for (size_t i = 0; a[i] != '\0' && a[i] == b[i]; i++) {
        if (a[i] == '-' || a[i] == '_' || a[i] == '/')
            len = i;
    }
    return len;
}

/* A family of names that says whose they are. */
#define TELLING_PREFIX 8

static void look_at_name(struct look *look, const char *variable, const char *name, size_t kind)
{
    const size_t len = strlen(name);
    const struct tfr_resource *gone = tfr_lookup_text(look->gone->names[kind], name, len);

    if (tfr_lookup_text(look->live->names[kind], name, len) != NULL) {
        look->known++;
    } else if (gone != NULL) {
        look->variable = variable;
        look->gone_object = gone;
    } else if (look->live->kinds[kind] > 0 && look->unknown == NULL && look->family != NULL &&
               shared(name, look->family) >= TELLING_PREFIX) {
        look->unknown = variable;
    }
}

static void look_at_variable(void *ctx, const struct tfr_env *env)
{
    struct look *look = ctx;
    const char *variable = env->name->text, *name;
    const struct tfr_resource *gone;
    struct tfr_url url;

    if (env->value->kind != TFR_STRING || env->value->count == 0 || look->gone_object != NULL)
        return;
    if (!tfr_url_parse(env->value->text, &url))
        url.host_len = 0;
    if (find(look->live->identities, env->value, &url) != NULL) {
        look->known++;
        return;
    }
    gone = find(look->gone->identities, env->value, &url);
    name = name_in(env->value->text);
    for (size_t i = 0; i < KINDS; i++) {
        /* A new object of the same name has the address of the old one. */
        if (gone != NULL && tfr_sym_is(gone->type, kinds[i].type) &&
            tfr_lookup_text(look->live->names[i], name, strlen(name)) != NULL)
            gone = NULL;
        if (gone == NULL && speaks_of(variable, i))
            look_at_name(look, variable, name, i);
    }
    if (gone != NULL) {
        look->variable = variable;
        look->gone_object = gone;
    }
}

static const char *family_of(const struct tfr_workload *workload)
{
    const struct tfr_value *name =
        tfr_value_get(&workload->resource->after, workload->function ? "function_name" : "family");

    return name->kind == TFR_STRING ? name->text : NULL;
}

/* What a text that is not known yet refers to stays: only what is hidden may name what goes. */
static bool is_hidden(const struct tfr_workload *workload)
{
    return workload->because != NULL && strcmp(workload->because, "container_definitions") != 0;
}

static void judge(const struct look *look, const struct tfr_workload *workload,
                  struct tfr_findings_builder *out)
{
    if (look->gone_object != NULL) {
        tfr_findings_add(out, workload->resource, "%s names %s, which this plan takes away",
                         look->variable, look->gone_object->address->text);
        tfr_finding_evidence(out, TFR_EVIDENCE_ACTION, look->gone_object->address->text, NULL,
                             "deleted by this plan");
    } else if (look->unknown != NULL) {
        tfr_findings_undecided(out, workload->resource, look->unknown,
                               "nothing here has the name that it gives; another state may");
    } else if (is_hidden(workload) && look->gone->count > 0) {
        tfr_findings_undecided(out, workload->resource, workload->because,
                               "whether it names what this plan takes away shows later");
    } else if (look->known > 0 || (workload->because != NULL && look->gone->count > 0)) {
        tfr_findings_pass(out, workload->resource);
    }
}

void tfr_check_env_objects(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_workloads workloads = tfr_input_workloads(in);
    struct table live = { 0 }, gone = { 0 };

    if (workloads.count > 0)
        read_objects(in, &live, &gone);
    for (uint32_t i = 0; i < workloads.count; i++) {
        struct look look = { .live = &live, .gone = &gone };

        look.family = family_of(&workloads.at[i]);
        tfr_workload_each_env(&workloads.at[i], look_at_variable, &look);
        judge(&look, &workloads.at[i], out);
    }
    table_fini(&live);
    table_fini(&gone);
}
