/* SPDX-License-Identifier: Apache-2.0 */
/* What the environment of a workload implies. The name of a variable says what kind of thing its
 * value is; the value, where it is known, has the last word. */
#include "policies/containers.h"
#include "policies/context.h"
#include "policies/hosts.h"
#include "policies/links.h"
#include "policies/lookup.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Names of variables, in either case. */
struct word {
    const char *text;
    uint8_t len;        /* 0: there is none */
    bool before, after; /* other letters may stand there */
};
#define IS(text)                            \
    {                                       \
        text, sizeof text - 1, false, false \
    }
#define ENDS(text)                         \
    {                                      \
        text, sizeof text - 1, true, false \
    }
#define BEGINS(text)                       \
    {                                      \
        text, sizeof text - 1, false, true \
    }
#define HOLDS(text)                       \
    {                                     \
        text, sizeof text - 1, true, true \
    }

static const struct {
    const char *type;
    const char *arn;        /* what an ARN of it begins with, behind the partition */
    const char *pattern;    /* of the ARN that a name makes */
    struct word names[6];   /* of variables */
    struct word weak;       /* the same, but only with a value that fits */
    const char *own[4];     /* attributes that name it, and nothing else */
    const char *by_name[2]; /* attributes that a variable of such a name may hold */
} kinds[TFR_NEED_KINDS] = {
    [TFR_NEED_BUCKET] = { "aws_s3_bucket",
                          "s3:::",
                          "arn:*:s3:::%s",
                          { HOLDS("S3_BUCKET"), ENDS("_BUCKET"), ENDS("_BUCKET_NAME"), IS("BUCKET"),
                            IS("BUCKET_NAME") },
                          { .text = NULL },
                          { "arn" },
                          { "bucket", "id" } },
    [TFR_NEED_QUEUE] = { "aws_sqs_queue",
                         "sqs:",
                         "arn:*:sqs:*:*:%s",
                         { ENDS("QUEUE_URL"), ENDS("QUEUE_NAME"), ENDS("QUEUE_ARN") },
                         BEGINS("SQS_"),
                         { "arn", "url", "id" },
                         { "name" } },
    [TFR_NEED_TOPIC] = { "aws_sns_topic",
                         "sns:",
                         "arn:*:sns:*:*:%s",
                         { ENDS("TOPIC_ARN") },
                         { .text = NULL },
                         { "arn", "id" },
                         { NULL } },
    [TFR_NEED_TABLE] = { "aws_dynamodb_table",
                         "dynamodb:",
                         "arn:*:dynamodb:*:*:table/%s",
                         { ENDS("TABLE"), ENDS("TABLE_NAME") },
                         BEGINS("DYNAMODB_"),
                         { "arn" },
                         { "name", "id" } },
    [TFR_NEED_STREAM] = { "aws_kinesis_stream",
                          "kinesis:",
                          "arn:*:kinesis:*:*:stream/%s",
                          { ENDS("STREAM_NAME"), ENDS("STREAM_ARN") },
                          { .text = NULL },
                          { "arn", "id" },
                          { "name" } },
    [TFR_NEED_SECRET] = { "aws_secretsmanager_secret",
                          "secretsmanager:",
                          "arn:*:secretsmanager:*:*:secret:%s*",
                          { ENDS("SECRET_ARN"), ENDS("SECRET_ID"), ENDS("_SECRET_NAME") },
                          { .text = NULL },
                          { "arn", "id" },
                          { "name" } },
};

struct tfr_named_objects {
    struct tfr_lookup *by_text;
};

/* ---- objects -----------------------------------------------------------------------------------
 */

/* What a text names: objects of each kind, by what nothing else is called, and by a name. Most
 * texts name one. */
enum naming { OWN, BY_NAME };
struct named {
    const struct tfr_resource *resource;
    const struct named *next;
    uint8_t kind, naming;
};

static const struct tfr_resource *find_named(const struct named *named, enum naming naming,
                                             enum tfr_need_kind kind)
{
    for (; named != NULL; named = named->next) {
        if (named->naming == naming && named->kind == kind)
            return named->resource;
    }
    return NULL;
}

/* The first object that is called so keeps the name. */
static void add_name(const struct tfr_input *in, enum tfr_need_kind kind, enum naming naming,
                     const struct tfr_value *text, const struct tfr_resource *resource)
{
    struct named named = { .resource = resource, .kind = (uint8_t)kind, .naming = (uint8_t)naming };
    const void **place;

    if (text->kind != TFR_STRING || text->count == 0)
        return;
    place = tfr_lookup_place(&in->ctx->objects->by_text, text->text, text->count, NULL);
    named.next = *place;
    if (find_named(named.next, naming, kind) == NULL)
        *place = tfr_arena_copy(&in->ctx->kept, &named, sizeof named);
}

static void add_object(const struct tfr_input *in, enum tfr_need_kind kind,
                       const struct tfr_resource *resource)
{
    const struct tfr_value *values = &resource->after;

    for (size_t i = 0; i < 4 && kinds[kind].own[i] != NULL; i++)
        add_name(in, kind, OWN, tfr_input_get(in, values, kinds[kind].own[i]), resource);
    for (size_t i = 0; i < 2 && kinds[kind].by_name[i] != NULL; i++)
        add_name(in, kind, BY_NAME, tfr_input_get(in, values, kinds[kind].by_name[i]), resource);
}

/* Files the objects of the document, once. */
static void file_objects(const struct tfr_input *in)
{
    if (in->ctx->objects != NULL)
        return;
    in->ctx->objects = tfr_calloc(1, sizeof *in->ctx->objects);
    for (int kind = 0; kind < TFR_NEED_KINDS; kind++) {
        const struct tfr_resource_run run = tfr_input_type(in, kinds[kind].type);

        for (uint32_t i = 0; i < run.count; i++) {
            tfr_input_fetch(in, &run, i, kinds[kind].own[0]);
            if (tfr_resource_is_live(run.at[i]))
                add_object(in, (enum tfr_need_kind)kind, run.at[i]);
        }
    }
}

void tfr_named_objects_free(struct tfr_named_objects *objects)
{
    if (objects == NULL)
        return;
    tfr_lookup_free(objects->by_text);
    tfr_free(objects);
}

/* ---- one variable ------------------------------------------------------------------------------
 */

struct search {
    const struct tfr_input *in; /* with a scratch that is kept */
    const struct tfr_workload *workload;
    struct tfr_need *at;
    size_t count, cap;
};

struct variable {
    const struct tfr_env *env;
    const char *name;
    size_t name_len;
    const struct named *named; /* what the value names, or NULL */
    const char *behind;        /* the partition, if the value is an ARN; else "" */
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

static bool fits(const struct word *word, const struct variable *variable)
{
    const char *name = variable->name;

    if (word->len == 0 || variable->name_len < word->len)
        return false;
    if (word->before && word->after)
        return tfr_text_holds(name, word->text);
    if (!word->after && !word->before && variable->name_len != word->len)
        return false;
    name += word->before ? variable->name_len - word->len : 0;
    return strncasecmp(name, word->text, word->len) == 0;
}

static bool is_named(const struct variable *variable, enum tfr_need_kind kind)
{
    for (size_t i = 0; i < 6; i++) {
        if (fits(&kinds[kind].names[i], variable))
            return true;
    }
    return false;
}

static const char *behind_partition(const char *text)
{
    const char *at = strncmp(text, "arn:", 4) == 0 ? strchr(text + 4, ':') : NULL;

    return at != NULL ? at + 1 : "";
}

/* Copies bytes of a set to `out`, which holds `most` and a NUL, and goes on behind them. @return
 * false if there is none */
static bool read_part(const char **at, const char *set, size_t most, char *out)
{
    size_t len = strspn(*at, set);

    len = len < most ? len : most;
    memcpy(out, *at, len);
    out[len] = '\0';
    *at += len;
    return len > 0;
}

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* https://sqs.REGION.amazonaws.com/ACCOUNT/NAME */
static const char *arn_of_queue_url(const struct search *search, const char *text)
{
    char region[41], account[13], name[81], arn[200];
    const char *at = strstr(text, "://sqs.");

    if (at == NULL || strstr(text, ".amazonaws.com") == NULL)
        return NULL;
    at += strlen("://sqs.");
    if (!read_part(&at, LOWER DIGITS "-", sizeof region - 1, region) || *at != '.' || at[1] == '/')
        return NULL;
    at += strcspn(at, "/");
    if (*at++ != '/' || !read_part(&at, DIGITS, sizeof account - 1, account) || *at++ != '/' ||
        !read_part(&at, LOWER UPPER DIGITS "_.-", sizeof name - 1, name))
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
                       const struct variable *variable, struct tfr_need *need)
{
    const char *text = variable->env->value->text;
    const struct named *named = variable->named;

    if (named != NULL)
        need->object = find_named(named, OWN, kind);
    if (named != NULL && need->object == NULL && find_named(named, BY_NAME, kind) != NULL &&
        is_named(variable, kind))
        need->object = find_named(named, BY_NAME, kind);
    if (need->object != NULL)
        tfr_need_set_arn(search->in, need);
    else if (*variable->behind != '\0' &&
             strncmp(variable->behind, kinds[kind].arn, strlen(kinds[kind].arn)) == 0)
        need->arn = text;
    else if (kind == TFR_NEED_QUEUE)
        need->arn = arn_of_queue_url(search, text);
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
                       const struct variable *variable, struct tfr_need *need)
{
    const char *text = variable->env->value->text;

    need->certain = is_certain(search, kind, variable, need);
    if (!need->certain && is_named(variable, kind) && !is_foreign_url(text))
        need->arn = format_arn(search->in, kinds[kind].pattern, plain_name(search, text));
    return need->arn != NULL;
}

/* A value of a function that is known later: what the variables refer to, if it is one thing. */
static bool is_referred(const struct search *search, enum tfr_need_kind kind,
                        const struct variable *variable, struct tfr_need *need)
{
    struct tfr_links links;

    if (!is_named(variable, kind) && !fits(&kinds[kind].weak, variable))
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
    const bool later = env->value->kind == TFR_UNKNOWN && env->container == NULL;
    const struct variable variable = {
        .env = env,
        .name = env->name->text,
        .name_len = strlen(env->name->text),
        .named = tfr_lookup_find(search->in->ctx->objects->by_text, env->value),
        .behind = env->value->kind == TFR_STRING ? behind_partition(env->value->text) : "",
    };

    if (!later && is_nothing(env->value))
        return;
    for (int kind = 0; kind < TFR_NEED_KINDS; kind++) {
        struct tfr_need need = { .kind = (enum tfr_need_kind)kind, .env = *env };

        if (later ? !is_referred(search, need.kind, &variable, &need)
                  : !is_implied(search, need.kind, &variable, &need))
            continue;
        need.env.name = tfr_arena_copy(search->in->scratch, env->name, sizeof *env->name);
        search->at = tfr_grow(search->at, &search->cap, search->count + 1, sizeof *search->at);
        search->at[search->count++] = need;
        return;
    }
}

static const struct tfr_needs *find_needs(const struct tfr_input *in,
                                          const struct tfr_workload *workload)
{
    struct search search = { .in = in, .workload = workload };
    struct tfr_needs *needs = tfr_arena_zalloc(in->scratch, sizeof *needs);

    file_objects(in);
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
