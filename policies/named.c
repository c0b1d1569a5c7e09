/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/named.h"

#include "policies/context.h"
#include "policies/lookup.h"

#define OWN TFR_NAMED_OWN
#define ADDRESS TFR_NAMED_ADDRESS
#define NAME TFR_NAMED_NAME
#define ID TFR_NAMED_ID
#define ATTRIBUTES 5

/* What names an object of each kind. An `id` stands behind what it mostly repeats. */
static const struct {
    const char *type, *data;
    struct attribute {
        const char *name;
        uint8_t as;
    } attributes[ATTRIBUTES];
} kinds[TFR_NAMED_KINDS] = {
    [TFR_NAMED_BUCKET] = { "aws_s3_bucket",
                           "data.aws_s3_bucket",
                           { { "arn", OWN },
                             { "bucket_domain_name", ADDRESS },
                             { "bucket_regional_domain_name", ADDRESS },
                             { "bucket", NAME },
                             { "id", ID } } },
    [TFR_NAMED_QUEUE] = { "aws_sqs_queue",
                          "data.aws_sqs_queue",
                          { { "arn", OWN }, { "url", OWN }, { "id", OWN }, { "name", NAME } } },
    [TFR_NAMED_TOPIC] = { "aws_sns_topic",
                          "data.aws_sns_topic",
                          { { "arn", OWN }, { "id", OWN }, { "name", NAME } } },
    [TFR_NAMED_TABLE] = { "aws_dynamodb_table",
                          "data.aws_dynamodb_table",
                          { { "arn", OWN }, { "name", NAME }, { "id", ID } } },
    [TFR_NAMED_STREAM] = { "aws_kinesis_stream",
                           "data.aws_kinesis_stream",
                           { { "arn", OWN }, { "id", OWN }, { "name", NAME } } },
    [TFR_NAMED_SECRET] = { "aws_secretsmanager_secret",
                           "data.aws_secretsmanager_secret",
                           { { "arn", OWN }, { "id", OWN }, { "name", NAME } } },
    [TFR_NAMED_DATABASE] = { "aws_db_instance",
                             "data.aws_db_instance",
                             { { "arn", OWN }, { "address", ADDRESS }, { "endpoint", ADDRESS } } },
    [TFR_NAMED_DATABASE_CLUSTER] = { "aws_rds_cluster",
                                     "data.aws_rds_cluster",
                                     { { "arn", OWN },
                                       { "endpoint", ADDRESS },
                                       { "reader_endpoint", ADDRESS } } },
    [TFR_NAMED_DATABASE_PROXY] = { "aws_db_proxy",
                                   "data.aws_db_proxy",
                                   { { "arn", OWN }, { "endpoint", ADDRESS } } },
    [TFR_NAMED_PARAMETER] = { "aws_ssm_parameter",
                              "data.aws_ssm_parameter",
                              { { "arn", OWN }, { "name", NAME } } },
};

struct tfr_named_objects {
    struct tfr_lookup *by_text;
    uint32_t counts[TFR_NAMED_KINDS][TFR_NAMED_GONE + 1]; /* by state */
};

/* Files an object under a text in those ways in which no earlier one of its kind and state has it.
 */
static void add_text(const struct tfr_input *in, const struct tfr_value *text,
                     struct tfr_named named)
{
    const void **place =
        tfr_lookup_place(&in->ctx->objects->by_text, text->text, text->count, NULL);

    named.next = *place;
    for (const struct tfr_named *at = named.next; at != NULL; at = at->next) {
        if (at->kind == named.kind && at->state == named.state)
            named.as &= (uint8_t)~at->as;
    }
    if (named.as != 0)
        *place = tfr_arena_copy(&in->ctx->kept, &named, sizeof named);
}

static void add_object(const struct tfr_input *in, enum tfr_named_kind kind, uint8_t state,
                       const struct tfr_resource *resource)
{
    const struct tfr_value *values = state == TFR_NAMED_GONE ? &resource->before : &resource->after;
    struct tfr_named named = { .resource = resource, .kind = (uint8_t)kind, .state = state };
    const char *last = NULL;

    in->ctx->objects->counts[kind][state]++;
    for (size_t i = 0; i < ATTRIBUTES && kinds[kind].attributes[i].name != NULL; i++) {
        const struct tfr_value *text = tfr_input_get(in, values, kinds[kind].attributes[i].name);

        if (text->kind != TFR_STRING || text->count == 0 || text->text == last)
            continue;
        last = text->text;
        named.as = kinds[kind].attributes[i].as;
        add_text(in, text, named);
    }
}

static void add_kind(const struct tfr_input *in, enum tfr_named_kind kind)
{
    const struct tfr_resource_run run = tfr_input_type(in, kinds[kind].type);
    const struct tfr_resource_run data = tfr_input_type(in, kinds[kind].data);

    for (uint32_t i = 0; i < run.count; i++) {
        tfr_input_fetch(in, &run, i, kinds[kind].attributes[0].name);
        if (tfr_resource_is_live(run.at[i]))
            add_object(in, kind, TFR_NAMED_LIVE, run.at[i]);
        else if (tfr_resource_is_destroyed(run.at[i]))
            add_object(in, kind, TFR_NAMED_GONE, run.at[i]);
    }
    for (uint32_t i = 0; i < data.count; i++)
        add_object(in, kind, TFR_NAMED_READ, data.at[i]);
}

/* About as many texts as are filed. */
static size_t count_texts(const struct tfr_input *in)
{
    size_t count = 0;

    for (int kind = 0; kind < TFR_NAMED_KINDS; kind++)
        count += (size_t)3 * tfr_input_type(in, kinds[kind].type).count;
    return count;
}

static const struct tfr_named_objects *objects_of(const struct tfr_input *in)
{
    if (in->ctx->objects == NULL) {
        in->ctx->objects = tfr_calloc(1, sizeof *in->ctx->objects);
        tfr_lookup_expect(&in->ctx->objects->by_text, count_texts(in));
        for (int kind = 0; kind < TFR_NAMED_KINDS; kind++)
            add_kind(in, (enum tfr_named_kind)kind);
    }
    return in->ctx->objects;
}

const struct tfr_named *tfr_input_named(const struct tfr_input *in, const char *text, size_t len)
{
    return tfr_lookup_text(objects_of(in)->by_text, text, len);
}

const struct tfr_named *tfr_named_find(const struct tfr_named *named, enum tfr_named_kind kind,
                                       unsigned states, unsigned ways)
{
    const struct tfr_named *found = NULL;

    for (; named != NULL; named = named->next) {
        if ((named->kind == kind || kind == TFR_NAMED_KINDS) && (named->state & states) != 0 &&
            (named->as & ways) != 0)
            found = named; /* what was filed first stands last */
    }
    return found;
}

uint32_t tfr_named_count(const struct tfr_input *in, enum tfr_named_kind kind, unsigned states)
{
    uint32_t count = 0;

    for (unsigned state = 1; state <= TFR_NAMED_GONE; state *= 2)
        count += (states & state) != 0 ? objects_of(in)->counts[kind][state] : 0;
    return count;
}

void tfr_named_objects_free(struct tfr_named_objects *objects)
{
    if (objects == NULL)
        return;
    tfr_lookup_free(objects->by_text);
    tfr_free(objects);
}
