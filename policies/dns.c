/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DNS records that point to something that the plan destroys. Hosts and addresses of objects are
 * compared as DNS compares them: case and a dot at the end do not matter.
 */
#include "policies/dns.h"

#include "policies/keys.h"
#include "policies/wires.h"

#include <string.h>

/* Attributes that hold the host or the address under which an object is reached. */
static const struct face {
    const char *type, *path;
} faces[] = {
    { "aws_lb", "dns_name" },
    { "aws_alb", "dns_name" },
    { "aws_elb", "dns_name" },
    { "aws_cloudfront_distribution", "domain_name" },
    { "aws_s3_bucket", "bucket_domain_name" },
    { "aws_s3_bucket", "bucket_regional_domain_name" },
    { "aws_s3_bucket", "website_endpoint" },
    { "aws_s3_bucket_website_configuration", "website_endpoint" },
    { "aws_eip", "public_ip" },
    { "aws_instance", "public_ip" },
    { "aws_instance", "public_dns" },
    { "aws_api_gateway_domain_name", "regional_domain_name" },
    { "aws_api_gateway_domain_name", "cloudfront_domain_name" },
    { "aws_apigatewayv2_domain_name", "domain_name_configuration.0.target_domain_name" },
    { "aws_globalaccelerator_accelerator", "dns_name" },
    { "aws_elastic_beanstalk_environment", "cname" },
    { "aws_apprunner_service", "service_url" },
    { "aws_db_instance", "address" },
    { "aws_rds_cluster", "endpoint" },
    { "aws_rds_cluster", "reader_endpoint" },
    { "aws_elasticache_replication_group", "primary_endpoint_address" },
    { "aws_route53_record", "fqdn" },
};

#define FACES (sizeof faces / sizeof faces[0])

struct survey {
    const struct tfr_input *in;
    struct tfr_findings_builder *out;
    struct tfr_keys *hosts;
    const char *types[FACES + 1];
};

/* What the targets of one record are. */
struct targets {
    const struct tfr_resource *live, *gone;
    const char *open;
};

/* ---- hosts -------------------------------------------------------------------------------------
 */

/* As DNS compares it. A balancer answers under dualstack.NAME as well. */
static void fold(struct tfr_buf *out, const struct tfr_value *host)
{
    static const char prefix[] = "dualstack.";
    size_t from = 0, end = host->count;

    tfr_buf_reset(out);
    if (end > 0 && host->text[end - 1] == '.')
        end--;
    if (end > strlen(prefix) && strncmp(host->text, prefix, strlen(prefix)) == 0)
        from = strlen(prefix);
    for (size_t i = from; i < end; i++) {
        const char c = host->text[i];

        tfr_buf_putc(out, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
}

static void file_hosts(struct survey *survey)
{
    const struct tfr_resource_run buckets = tfr_input_type(survey->in, "aws_s3_bucket");
    struct tfr_buf text = { 0 };

    for (size_t i = 0; i < FACES; i++) {
        const struct tfr_resource_run run = tfr_input_type(survey->in, faces[i].type);

        survey->types[i] = faces[i].type;
        for (uint32_t k = 0; k < run.count; k++) {
            const struct tfr_value *host =
                tfr_value_path(tfr_resource_values(run.at[k]), faces[i].path);

            if (run.at[k]->deposed != NULL || host->kind != TFR_STRING || host->count == 0)
                continue;
            fold(&text, host);
            tfr_keys_add(survey->hosts, "", tfr_buf_text(&text), text.len, run.at[k]);
        }
    }
    for (uint32_t i = 0; i < buckets.count; i++) {
        const struct tfr_value *name = tfr_value_get(tfr_resource_values(buckets.at[i]), "bucket");

        if (buckets.at[i]->deposed == NULL && name->kind == TFR_STRING)
            tfr_keys_add(survey->hosts, "bucket", name->text, name->count, buckets.at[i]);
    }
    tfr_buf_fini(&text);
}

/* ---- one record --------------------------------------------------------------------------------
 */

static void take(const struct tfr_key_entry *entry, const struct tfr_resource *record,
                 struct targets *targets)
{
    const struct tfr_resource *live = NULL, *gone = NULL;

    for (; entry != NULL; entry = entry->next) {
        if (entry->resource == record)
            continue;
        live = tfr_resource_is_destroyed(entry->resource) ? live : entry->resource;
        gone = tfr_resource_is_destroyed(entry->resource) ? entry->resource : gone;
    }
    if (live != NULL)
        targets->live = live;
    else if (gone != NULL)
        targets->gone = gone;
}

static void look_up(const struct survey *survey, const struct tfr_resource *record,
                    const struct tfr_value *host, struct targets *targets)
{
    struct tfr_buf text = { 0 };

    fold(&text, host);
    take(tfr_keys_find(survey->hosts, "", tfr_buf_text(&text), text.len), record, targets);
    tfr_buf_fini(&text);
}

/* What is known after the apply: what the code refers to. */
static void follow(const struct survey *survey, const struct tfr_resource *record, const char *path,
                   struct targets *targets)
{
    struct tfr_wires wires;

    tfr_wires_of(survey->in, record, path, survey->types, &wires);
    if (wires.count > 0)
        targets->live = wires.at[0];
    else if (wires.opaque != NULL)
        targets->open = wires.opaque;
}

/* A website in a bucket answers under the name of the record, which is the name of the bucket; the
 * target is the same for all of a region. */
static void look_at_website(const struct survey *survey, const struct tfr_resource *record,
                            const struct tfr_value *host, struct targets *targets)
{
    const struct tfr_value *name = tfr_value_get(&record->after, "fqdn");

    if (strncmp(host->text, "s3-website", strlen("s3-website")) != 0)
        return;
    if (name->kind != TFR_STRING)
        name = tfr_value_get(&record->after, "name");
    if (name->kind == TFR_STRING)
        take(tfr_keys_find(survey->hosts, "bucket", name->text, name->count), record, targets);
}

static struct targets targets_of(const struct survey *survey, const struct tfr_resource *record)
{
    const struct tfr_value *alias = tfr_value_path(&record->after, "alias.0.name");
    const struct tfr_value *records = tfr_value_get(&record->after, "records");
    struct targets targets = { NULL, NULL, NULL };

    if (alias->kind == TFR_STRING) {
        look_up(survey, record, alias, &targets);
        look_at_website(survey, record, alias, &targets);
    } else if (alias->kind == TFR_UNKNOWN) {
        follow(survey, record, "alias", &targets);
    }
    if (tfr_value_has_unknown(records))
        follow(survey, record, "records", &targets);
    for (uint32_t i = 0; records->kind == TFR_LIST && i < records->count; i++) {
        if (records->items[i].kind == TFR_STRING)
            look_up(survey, record, &records->items[i], &targets);
    }
    return targets;
}

/* Other types hold texts, or names of other services. */
static bool points_to_hosts(const struct tfr_resource *record)
{
    static const char *const types[] = { "A", "AAAA", "CNAME" };
    const struct tfr_value *type = tfr_value_get(&record->after, "type");

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (tfr_value_is(type, types[i]))
            return true;
    }
    return false;
}

void tfr_check_dangling_records(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run run = tfr_input_type(in, "aws_route53_record");
    struct survey survey = { .in = in, .out = out, .hosts = tfr_keys_new(in->scratch) };

    if (run.count > 0)
        file_hosts(&survey);
    for (uint32_t i = 0; i < run.count; i++) {
        struct targets targets;

        if (!tfr_resource_is_live(run.at[i]) || !points_to_hosts(run.at[i]))
            continue;
        targets = targets_of(&survey, run.at[i]);
        if (targets.gone != NULL)
            tfr_findings_add(out, run.at[i], "it points to %s, which this plan destroys",
                             targets.gone->address->text);
        else if (targets.open != NULL)
            tfr_findings_undecided(out, run.at[i], targets.open,
                                   "what it points to is known after the apply");
        else if (targets.live != NULL)
            tfr_findings_pass(out, run.at[i]);
    }
    tfr_keys_free(survey.hosts);
}
