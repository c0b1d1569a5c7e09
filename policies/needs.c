/* SPDX-License-Identifier: Apache-2.0 */
/* What the environment of a workload implies. The name of a variable says what kind of thing its
 * value is; the value, where it is known, has the last word. */
#include "policies/containers.h"
#include "policies/context.h"
#include "policies/glob.h"
#include "policies/links.h"
#include "policies/lookup.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *type;
    const char *arn;        /* what an ARN of it begins with, behind the partition */
    const char *pattern;    /* of the ARN that a name makes */
    const char *names[6];   /* of variables, in either case */
    const char *weak;       /* the same, but only with a value that fits */
    const char *own[4];     /* attributes that name it, and nothing else */
    const char *by_name[2]; /* attributes that a variable of such a name may hold */
} kinds[TFR_NEED_KINDS] = {
    [TFR_NEED_BUCKET] = { "aws_s3_bucket",
                          "s3:::",
                          "arn:*:s3:::%s",
                          { "*S3_BUCKET*", "*_BUCKET", "*_BUCKET_NAME", "BUCKET", "BUCKET_NAME" },
                          NULL,
                          { "arn" },
                          { "bucket", "id" } },
    [TFR_NEED_QUEUE] = { "aws_sqs_queue",
                         "sqs:",
                         "arn:*:sqs:*:*:%s",
                         { "*QUEUE_URL", "*QUEUE_NAME", "*QUEUE_ARN" },
                         "SQS_*",
                         { "arn", "url", "id" },
                         { "name" } },
    [TFR_NEED_TOPIC] = { "aws_sns_topic",
                         "sns:",
                         "arn:*:sns:*:*:%s",
                         { "*TOPIC_ARN" },
                         NULL,
                         { "arn", "id" },
                         { NULL } },
    [TFR_NEED_TABLE] = { "aws_dynamodb_table",
                         "dynamodb:",
                         "arn:*:dynamodb:*:*:table/%s",
                         { "*TABLE", "*TABLE_NAME" },
                         "DYNAMODB_*",
                         { "arn" },
                         { "name", "id" } },
    [TFR_NEED_STREAM] = { "aws_kinesis_stream",
                          "kinesis:",
                          "arn:*:kinesis:*:*:stream/%s",
                          { "*STREAM_NAME", "*STREAM_ARN" },
                          NULL,
                          { "arn", "id" },
                          { "name" } },
    [TFR_NEED_SECRET] = { "aws_secretsmanager_secret",
                          "secretsmanager:",
                          "arn:*:secretsmanager:*:*:secret:%s*",
                          { "*SECRET_ARN", "*SECRET_ID", "*_SECRET_NAME" },
                          NULL,
                          { "arn", "id" },
                          { "name" } },
};

struct tfr_named_objects {
    struct tfr_lookup *own[TFR_NEED_KINDS], *by_name[TFR_NEED_KINDS];
};

/* ---- objects -----------------------------------------------------------------------------------
 */

static void add_all(struct tfr_lookup **lookup, const struct tfr_resource *resource,
                    const char *const *attributes, size_t count)
{
    for (size_t i = 0; i < count && attributes[i] != NULL; i++)
        tfr_lookup_add(lookup, tfr_value_get(&resource->after, attributes[i]), resource);
}

static const struct tfr_named_objects *objects_of(const struct tfr_input *in)
{
    struct tfr_named_objects *objects = in->ctx->objects;

    if (objects != NULL)
        return objects;
    objects = tfr_calloc(1, sizeof *objects);
    in->ctx->objects = objects;
    for (size_t kind = 0; kind < TFR_NEED_KINDS; kind++) {
        const struct tfr_resource_run run = tfr_input_type(in, kinds[kind].type);

        for (uint32_t i = 0; i < run.count; i++) {
            if (!tfr_resource_is_live(run.at[i]))
                continue;
            add_all(&objects->own[kind], run.at[i], kinds[kind].own, 4);
            add_all(&objects->by_name[kind], run.at[i], kinds[kind].by_name, 2);
        }
    }
    return objects;
}

void tfr_named_objects_free(struct tfr_named_objects *objects)
{
    for (size_t kind = 0; objects != NULL && kind < TFR_NEED_KINDS; kind++) {
        tfr_lookup_free(objects->own[kind]);
        tfr_lookup_free(objects->by_name[kind]);
    }
    tfr_free(objects);
}

/* ---- one variable ------------------------------------------------------------------------------
 */

struct search {
    const struct tfr_input *in;
    const struct tfr_workload *workload;
    const struct tfr_named_objects *objects;
    struct tfr_need *at;
    size_t count, cap;
};

static const char *format_arn(const struct tfr_input *in, const char *format, const char *name)
{
    struct tfr_buf text = { 0 };
    const char *copy;

    /* One %s, from the table above. */
    for (const char *at = format; *at != '\0'; at++) {
        if (at[0] == '%' && at[1] == 's') {
            tfr_buf_puts(&text, name);
            at++;
        } else {
            tfr_buf_putc(&text, *at);
        }
    }
    copy = tfr_arena_text(in->scratch, text.data, text.len);
    tfr_buf_fini(&text);
    return copy;
}

void tfr_need_set_arn(const struct tfr_input *in, struct tfr_need *need)
{
    const struct tfr_value *values = &need->object->after;
    const struct tfr_value *arn = tfr_value_get(values, "arn");
    const struct tfr_value *name =
        tfr_value_get(values, need->kind == TFR_NEED_BUCKET ? "bucket" : "name");

    need->vague = arn->kind != TFR_STRING && name->kind != TFR_STRING;
    if (arn->kind == TFR_STRING)
        need->arn = arn->text;
    else
        need->arn = format_arn(in, kinds[need->kind].pattern, need->vague ? "*" : name->text);
}

static bool is_named(const char *name, enum tfr_need_kind kind)
{
    for (size_t i = 0; i < 6 && kinds[kind].names[i] != NULL; i++) {
        if (tfr_glob_action(kinds[kind].names[i], name))
            return true;
    }
    return false;
}

static bool is_weakly_named(const char *name, enum tfr_need_kind kind)
{
    return kinds[kind].weak != NULL && tfr_glob_action(kinds[kind].weak, name);
}

static const char *behind_partition(const char *text)
{
    const char *at = strncmp(text, "arn:", 4) == 0 ? strchr(text + 4, ':') : NULL;

    return at != NULL ? at + 1 : "";
}

/* https://sqs.REGION.amazonaws.com/ACCOUNT/NAME */
static bool read_queue_url(const char *text, char *region, char *account, char *name)
{
    const char *host = strstr(text, "://sqs.");

    return host != NULL && strstr(text, ".amazonaws.com") != NULL &&
           sscanf(host, "://sqs.%40[a-z0-9-].%*[^/]/%12[0-9]/%80[A-Za-z0-9_.-]", region, account,
                  name) == 3;
}

static const char *arn_of_queue_url(const struct search *search, const char *text)
{
    char region[48], account[16], name[96], arn[200];

    if (!read_queue_url(text, region, account, name))
        return NULL;
    (void)snprintf(arn, sizeof arn, "arn:*:sqs:%s:%s:%s", region, account, name);
    return tfr_arena_text(search->in->scratch, arn, strlen(arn));
}

static bool is_nothing(const struct tfr_value *value)
{
    static const char *const words[] = { "", "false", "true", "none", "null", "disabled" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (tfr_value_is(value, words[i]))
            return true;
    }
    return value->kind != TFR_STRING || strstr(value->text, "localhost") != NULL ||
           strspn(value->text, "0123456789") == value->count;
}

/* The value says what it is: an ARN, the URL of a queue, an identifier of an object. */
static bool is_certain(const struct search *search, enum tfr_need_kind kind,
                       const struct tfr_env *env, struct tfr_need *need)
{
    const char *behind = behind_partition(env->value->text);
    const char *url_arn =
        kind == TFR_NEED_QUEUE ? arn_of_queue_url(search, env->value->text) : NULL;

    need->object = tfr_lookup_find(search->objects->own[kind], env->value);
    if (need->object == NULL && is_named(env->name->text, kind))
        need->object = tfr_lookup_find(search->objects->by_name[kind], env->value);
    if (need->object != NULL)
        tfr_need_set_arn(search->in, need);
    else if (strncmp(behind, kinds[kind].arn, strlen(kinds[kind].arn)) == 0)
        need->arn = env->value->text;
    else
        need->arn = url_arn;
    return need->arn != NULL;
}

static const char *plain_name(const struct search *search, const char *text)
{
    const char *from = strncmp(text, "s3://", 5) == 0 ? text + 5 : text;

    return tfr_arena_text(search->in->scratch, from, strcspn(from, "/"));
}

/* Another store or broker: redis://, https://storage... */
static bool is_foreign_url(const char *text)
{
    return strstr(text, "://") != NULL && strncmp(text, "s3://", 5) != 0;
}

static bool is_implied(const struct search *search, enum tfr_need_kind kind,
                       const struct tfr_env *env, struct tfr_need *need)
{
    if (is_nothing(env->value))
        return false;
    need->certain = is_certain(search, kind, env, need);
    if (!need->certain && is_named(env->name->text, kind) && !is_foreign_url(env->value->text))
        need->arn =
            format_arn(search->in, kinds[kind].pattern, plain_name(search, env->value->text));
    return need->arn != NULL;
}

/* A value of a function that is known later: what the variables refer to, if it is one thing. */
static bool is_referred(const struct search *search, enum tfr_need_kind kind,
                        const struct tfr_env *env, struct tfr_need *need)
{
    struct tfr_links links;

    if (env->value->kind != TFR_UNKNOWN || env->container != NULL ||
        !(is_named(env->name->text, kind) || is_weakly_named(env->name->text, kind)))
        return false;
    tfr_links_of(search->in, search->workload->resource, "environment", kinds[kind].type, &links);
    if (links.count != 1 || links.open) {
        need->because = links.because;
        return true;
    }
    need->certain = true;
    need->object = links.at[0];
    tfr_need_set_arn(search->in, need);
    return true;
}

static void look_at(void *ctx, const struct tfr_env *env)
{
    struct search *search = ctx;

    for (int kind = 0; kind < TFR_NEED_KINDS; kind++) {
        struct tfr_need need = { .kind = (enum tfr_need_kind)kind, .env = *env };
        struct tfr_value *name;

        if (!is_implied(search, need.kind, env, &need) &&
            !is_referred(search, need.kind, env, &need))
            continue;
        name = tfr_arena_copy(search->in->scratch, env->name, sizeof *env->name);
        need.env.name = name;
        search->at = tfr_grow(search->at, &search->cap, search->count + 1, sizeof *search->at);
        search->at[search->count++] = need;
        return;
    }
}

static const struct tfr_needs *find_needs(const struct tfr_input *in,
                                          const struct tfr_workload *workload)
{
    struct search search = { .in = in, .workload = workload, .objects = objects_of(in) };
    struct tfr_needs *needs = tfr_arena_zalloc(in->scratch, sizeof *needs);

    tfr_workload_each_env(workload, look_at, &search);
    needs->count = (uint32_t)search.count;
    if (search.count > 0)
        needs->at = tfr_arena_copy(in->scratch, search.at, search.count * sizeof *search.at);
    tfr_free(search.at);
    return needs;
}

struct tfr_needs tfr_workload_needs(const struct tfr_input *in, const struct tfr_workload *workload)
{
    const size_t place = tfr_object_place(in->document, workload->resource);
    struct tfr_context *ctx = in->ctx;

    if (ctx->needs == NULL)
        ctx->needs = tfr_arena_zalloc(&ctx->kept,
                                      (tfr_object_places(in->document) + 1) * sizeof *ctx->needs);
    if (ctx->needs[place] == NULL) {
        const struct tfr_input kept = tfr_context_keep(in);

        ctx->needs[place] = find_needs(&kept, workload);
    }
    return *ctx->needs[place];
}
