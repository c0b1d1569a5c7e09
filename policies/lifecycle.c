/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lifecycle rules that delete what people keep in a bucket: a rule for all objects that expires
 * them, on a bucket that an application or a CDN works with, without versions. Rules stand in a
 * resource of their own, or in the bucket itself (old providers).
 */
#include "policies/lifecycle.h"

#include "policies/wires.h"

#include <string.h>

/* Content that stays this long is seldom missed, days. */
#define LONG_KEPT 365

/* What the rules of one bucket do. */
struct rules {
    enum tfr_truth_value expires; /* everything in it */
    long long days;               /* of TFR_YES: the shortest */
};

static const char *const bucket_types[] = { "aws_s3_bucket", NULL };
static const char *const versioning_types[] = { "aws_s3_bucket_versioning", NULL };
static const char *const logging_types[] = { "aws_s3_bucket_logging", NULL };
static const char *const cdn_types[] = { "aws_cloudfront_distribution", NULL };
static const char *const task_types[] = { "aws_ecs_task_definition", NULL };
static const char *const function_types[] = { "aws_lambda_function", NULL };

/* ---- rules -------------------------------------------------------------------------------------
 */

static enum tfr_truth_value says_something(const struct tfr_value *value)
{
    if (value->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    return tfr_value_is_blank(value) ? TFR_NO : TFR_YES;
}

/* A filter that lets only some objects through. */
static enum tfr_truth_value is_limited(const struct tfr_value *rule)
{
    static const char *const limits[] = {
        "prefix", "tag", "tags", "and", "object_size_greater_than", "object_size_less_than"
    };
    const struct tfr_value *filter = tfr_value_get(rule, "filter");
    enum tfr_truth_value answer = says_something(tfr_value_get(rule, "prefix"));

    answer = tfr_truth_either(answer, says_something(tfr_value_get(rule, "tags")));
    if (filter->kind == TFR_UNKNOWN)
        return tfr_truth_either(answer, TFR_MAYBE);
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        answer = tfr_truth_either(answer, says_something(tfr_value_path(filter, limits[i])));
    return answer;
}

static enum tfr_truth_value is_on(const struct tfr_value *rule)
{
    const struct tfr_value *status = tfr_value_get(rule, "status");
    const struct tfr_value *enabled = tfr_value_get(rule, "enabled");

    if (status->kind == TFR_UNKNOWN || enabled->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    return tfr_value_is(status, "Enabled") || tfr_value_true(enabled) ? TFR_YES : TFR_NO;
}

static void add_rule(struct rules *rules, const struct tfr_value *rule)
{
    const struct tfr_value *days = tfr_value_path(rule, "expiration.days");
    const enum tfr_truth_value limited = is_limited(rule);
    enum tfr_truth_value answer = TFR_NO;
    long long number = 0;

    if (days->kind == TFR_UNKNOWN)
        answer = TFR_MAYBE;
    else if (tfr_value_integer(days, &number) && number > 0)
        answer = TFR_YES;
    answer = tfr_truth_both(answer, is_on(rule));
    answer = tfr_truth_both(answer, limited == TFR_MAYBE ? TFR_MAYBE
                                    : limited == TFR_YES ? TFR_NO
                                                         : TFR_YES);
    if (answer == TFR_YES && (rules->expires != TFR_YES || number < rules->days))
        rules->days = number;
    rules->expires = tfr_truth_either(rules->expires, answer);
}

static struct rules read_rules(const struct tfr_value *list)
{
    struct rules rules = { TFR_NO, 0 };

    if (list->kind == TFR_UNKNOWN)
        rules.expires = TFR_MAYBE;
    for (uint32_t i = 0; list->kind == TFR_LIST && i < list->count; i++)
        add_rule(&rules, &list->items[i]);
    return rules;
}

/* ---- the bucket --------------------------------------------------------------------------------
 */

struct look {
    const struct tfr_input *in;
    struct tfr_findings_builder *out;
    const char *opaque_user; /* a user of buckets that cannot be told */
    const char *opaque_versions;
};

static bool is_used(const struct look *look, const struct tfr_resource *bucket, const char *path,
                    const char *const *types)
{
    struct tfr_wires wires;

    tfr_wires_to(look->in, bucket, path, types, &wires);
    return wires.count > 0;
}

/* An application or a CDN works with it, and no logs are written to it. */
static enum tfr_truth_value keeps_data(const struct look *look, const struct tfr_resource *bucket)
{
    if (is_used(look, bucket, "target_bucket", logging_types))
        return TFR_NO;
    if (is_used(look, bucket, "origin", cdn_types) ||
        is_used(look, bucket, "container_definitions", task_types) ||
        is_used(look, bucket, "environment", function_types))
        return TFR_YES;
    return look->opaque_user != NULL ? TFR_MAYBE : TFR_NO;
}

static enum tfr_truth_value keeps_versions(const struct look *look,
                                           const struct tfr_resource *bucket)
{
    const struct tfr_value *inner = tfr_value_path(&bucket->after, "versioning.enabled");
    enum tfr_truth_value answer = tfr_value_true(inner) ? TFR_YES : TFR_NO;
    struct tfr_wires wires;

    tfr_wires_to(look->in, bucket, "bucket", versioning_types, &wires);
    for (uint32_t i = 0; i < wires.count; i++) {
        const struct tfr_value *status =
            tfr_value_path(&wires.at[i]->after, "versioning_configuration.status");

        if (status->kind == TFR_UNKNOWN)
            answer = tfr_truth_either(answer, TFR_MAYBE);
        else if (tfr_value_is(status, "Enabled"))
            answer = TFR_YES;
    }
    return answer == TFR_NO && look->opaque_versions != NULL ? TFR_MAYBE : answer;
}

static void judge(const struct look *look, const struct tfr_resource *subject,
                  const struct tfr_resource *bucket, const struct rules *rules)
{
    static const uint8_t advice[TFR_ENVIRONMENT_COUNT] = { TFR_P2, TFR_P2, TFR_P2 };
    const enum tfr_truth_value data = keeps_data(look, bucket);
    const enum tfr_truth_value versions = keeps_versions(look, bucket);

    if (data == TFR_NO)
        return;
    if (rules->expires == TFR_NO || versions == TFR_YES) {
        tfr_findings_pass(look->out, subject);
    } else if (rules->expires == TFR_YES && versions == TFR_NO && data == TFR_YES) {
        tfr_findings_add(look->out, subject,
                         "every object of %s is deleted after %lld days, and no version is kept",
                         bucket->address->text, rules->days);
        if (rules->days >= LONG_KEPT)
            tfr_finding_severity(look->out, advice);
    } else {
        tfr_findings_undecided(look->out, subject,
                               rules->expires == TFR_MAYBE ? "rule"
                               : versions == TFR_MAYBE     ? "versioning"
                                                           : look->opaque_user,
                               "whether content is deleted for good is known after the apply");
    }
}

/* Rules of their own resource. */
static void look_at_rules(const struct look *look, const struct tfr_resource *lifecycle)
{
    const struct rules rules = read_rules(tfr_value_get(&lifecycle->after, "rule"));
    struct tfr_wires wires;

    tfr_wires_of(look->in, lifecycle, "bucket", bucket_types, &wires);
    if (wires.opaque != NULL && rules.expires != TFR_NO)
        tfr_findings_undecided(look->out, lifecycle, wires.opaque,
                               "which bucket it is about is known after the apply");
    else if (wires.count > 0 && wires.at[0]->mode == TFR_MANAGED)
        judge(look, lifecycle, wires.at[0], &rules);
}

void tfr_check_expiring_content(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run run = tfr_input_subjects(in);
    struct look look = { .in = in, .out = out };

    look.opaque_user = tfr_wires_opaque(in, "container_definitions", task_types);
    if (look.opaque_user == NULL)
        look.opaque_user = tfr_wires_opaque(in, "environment", function_types);
    if (look.opaque_user == NULL)
        look.opaque_user = tfr_wires_opaque(in, "origin", cdn_types);
    look.opaque_versions = tfr_wires_opaque(in, "bucket", versioning_types);
    for (uint32_t i = 0; i < run.count; i++) {
        const struct tfr_resource *subject = run.at[i];
        struct rules rules;

        if (!tfr_resource_is_live(subject))
            continue;
        if (!tfr_sym_is(subject->type, "aws_s3_bucket")) {
            look_at_rules(&look, subject);
            continue;
        }
        rules = read_rules(tfr_value_get(&subject->after, "lifecycle_rule"));
        /* Newer providers repeat here what a resource of its own says. */
        if (rules.expires == TFR_YES)
            judge(&look, subject, subject, &rules);
    }
}
