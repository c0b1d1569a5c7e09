/* SPDX-License-Identifier: Apache-2.0 */
/* What the environment of a workload implies. The name of a variable says what kind of thing its
 * value is; the value, where it is known, has the last word. */
#include "policies/containers.h"
#include "policies/context.h"
#include "policies/env_names.h"
#include "policies/links.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *type;
    const char *arn;     /* what an ARN of it begins with, behind the partition */
    const char *pattern; /* of the ARN that a name makes */
    bool by_name;        /* a variable that is called so may hold its name */
} kinds[TFR_NEED_KINDS] = {
    [TFR_NEED_BUCKET] = { "aws_s3_bucket", "s3:::", "arn:*:s3:::%s", true },
    [TFR_NEED_QUEUE] = { "aws_sqs_queue", "sqs:", "arn:*:sqs:*:*:%s", true },
    [TFR_NEED_TOPIC] = { "aws_sns_topic", "sns:", "arn:*:sns:*:*:%s", false },
    [TFR_NEED_TABLE] = { "aws_dynamodb_table", "dynamodb:", "arn:*:dynamodb:*:*:table/%s", true },
    [TFR_NEED_STREAM] = { "aws_kinesis_stream", "kinesis:", "arn:*:kinesis:*:*:stream/%s", true },
    [TFR_NEED_SECRET] = { "aws_secretsmanager_secret",
                          "secretsmanager:", "arn:*:secretsmanager:*:*:secret:%s*", true },
};

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
    const struct tfr_env_name *name;
    const struct tfr_named *named; /* what the value names, or NULL */
    const char *behind;            /* the partition, if the value is an ARN; else "" */
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

static bool is_named(const struct variable *variable, enum tfr_need_kind kind)
{
    return tfr_env_name_is_of(variable->name->holds, (enum tfr_named_kind)kind);
}

/* The live object that the value names. */
static const struct tfr_resource *find_named(const struct variable *variable,
                                             enum tfr_need_kind kind, unsigned ways)
{
    const struct tfr_named *found =
        tfr_named_find(variable->named, (enum tfr_named_kind)kind, TFR_NAMED_LIVE, ways);

    return found != NULL ? found->resource : NULL;
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
    const struct tfr_resource *called = find_named(variable, kind, TFR_NAMED_NAME | TFR_NAMED_ID);

    need->object = find_named(variable, kind, TFR_NAMED_OWN);
    if (need->object == NULL && called != NULL && kinds[kind].by_name && is_named(variable, kind))
        need->object = called;
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

    if (!is_named(variable, kind) &&
        !tfr_env_name_is_of(variable->name->may_hold, (enum tfr_named_kind)kind))
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
    const bool known = env->value->kind == TFR_STRING;
    const bool later = env->value->kind == TFR_UNKNOWN && env->container == NULL;
    const struct variable variable = {
        .env = env,
        .name = tfr_input_env_name(search->in, env->name),
        .named = known ? tfr_input_named(search->in, env->value->text, env->value->count) : NULL,
        .behind = known ? behind_partition(env->value->text) : "",
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

static const void *find_needs(const struct tfr_input *in, const struct tfr_resource *resource)
{
    const struct tfr_workload *workload = tfr_workload_of(in, resource);
    struct search search = { .in = in, .workload = workload };
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
    const struct tfr_needs *needs =
        tfr_context_find(in, &in->ctx->needs, workload->resource, find_needs);

    return *needs;
}
