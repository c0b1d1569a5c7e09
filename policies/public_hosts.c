/* SPDX-License-Identifier: Apache-2.0 */
/* Hosts in variables such as CDN_BASE_URL, against zones, records and aliases. */
#include "policies/public_hosts.h"
#include "policies/containers.h"
#include "policies/hosts.h"
#include "policies/lookup.h"
#include "policies/wires.h"

#include <string.h>
#include <strings.h>

static const char *const zone_types[] = { "aws_route53_zone", NULL };

/* What this document says of names: all of them in lower case, without a dot at the end. */
struct names {
    const struct tfr_input *in;
    struct tfr_lookup *zones;     /* to their resource */
    struct tfr_lookup *served;    /* records, aliases; wildcards as they are written */
    struct tfr_lookup *delegated; /* to servers of elsewhere */
    struct tfr_lookup *kept;      /* addresses of zones whose records are kept here */
    const char *stray;            /* a record whose name is not known yet: what will decide it */
};

/* ---- names -------------------------------------------------------------------------------------
 */

/* A name in the form that the tables have. Arena of `in->scratch`. */
static const struct tfr_value *plain(const struct tfr_input *in, const char *name, const char *zone)
{
    struct tfr_value *value = tfr_arena_zalloc(in->scratch, sizeof *value);
    const size_t len = strlen(name), zone_len = zone != NULL ? strlen(zone) + 1 : 0;
    char *text = tfr_arena_alloc(in->scratch, len + zone_len + 1);

    memcpy(text, name, len + 1);
    if (zone != NULL) {
        text[len] = '.';
        memcpy(text + len + 1, zone, zone_len);
    }
    value->kind = TFR_STRING;
    value->text = text;
    value->count = (uint32_t)(len + zone_len);
    for (uint32_t i = 0; i < value->count; i++) {
        if (text[i] >= 'A' && text[i] <= 'Z')
            text[i] = (char)(text[i] - 'A' + 'a');
    }
    if (value->count > 0 && text[value->count - 1] == '.')
        text[--value->count] = '\0';
    return value;
}

static void add(const struct tfr_input *in, struct tfr_lookup **lookup,
                const struct tfr_value *name, const char *zone, const struct tfr_resource *what)
{
    if (name->kind == TFR_STRING)
        tfr_lookup_add(lookup, plain(in, name->text, zone), what);
}

static void add_zones(struct names *names, const char *type)
{
    const struct tfr_resource_run zones = tfr_input_type(names->in, type);

    for (uint32_t i = 0; i < zones.count; i++) {
        const struct tfr_resource *zone = zones.at[i];

        if (zone->mode == TFR_DATA || tfr_resource_is_live(zone))
            add(names->in, &names->zones, tfr_value_get(&zone->after, "name"), NULL, zone);
    }
}

static bool is_of_certificate(const struct names *names, const struct tfr_resource *record)
{
    static const char *const types[] = { "aws_acm_certificate", NULL };
    struct tfr_wires wires;

    tfr_wires_of(names->in, record, "name", types, &wires);
    return wires.count > 0;
}

static struct tfr_value address_of(const struct tfr_resource *resource)
{
    return (struct tfr_value){ .kind = TFR_STRING,
                               .text = resource->address->text,
                               .count = resource->address->len };
}

static void add_record(struct names *names, const struct tfr_resource *record)
{
    const struct tfr_value *name = tfr_value_get(&record->after, "name");
    const bool servers = tfr_value_is(tfr_value_get(&record->after, "type"), "NS");
    struct tfr_lookup **lookup = servers ? &names->delegated : &names->served;
    struct tfr_wires zones;

    /* What proves that a certificate is ours is no host. */
    if (name->kind == TFR_UNKNOWN && names->stray == NULL && !is_of_certificate(names, record)) {
        static const char *const none[] = { NULL };

        tfr_wires_of(names->in, record, "name", none, &zones);
        names->stray = zones.opaque != NULL ? zones.opaque : record->address->text;
    }
    add(names->in, lookup, name, NULL, record);
    add(names->in, lookup, tfr_value_get(&record->after, "fqdn"), NULL, record);
    tfr_wires_of(names->in, record, "zone_id", zone_types, &zones);
    for (uint32_t i = 0; i < zones.count; i++) {
        const struct tfr_value *zone = tfr_value_get(&zones.at[i]->after, "name");
        const struct tfr_value address = address_of(zones.at[i]);

        tfr_lookup_add(&names->kept, &address, record);
        if (zone->kind == TFR_STRING)
            add(names->in, lookup, name, zone->text, record);
    }
}

/* Objects that answer to names of their own choice. */
static void add_aliases(struct names *names)
{
    static const char *const kinds[][2] = {
        { "aws_cloudfront_distribution", "aliases" },
        { "aws_api_gateway_domain_name", "domain_name" },
        { "aws_apigatewayv2_domain_name", "domain_name" },
        { "aws_apprunner_custom_domain_association", "domain_name" },
        { "aws_amplify_domain_association", "domain_name" },
        { "aws_cognito_user_pool_domain", "domain" },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct tfr_resource_run run = tfr_input_type(names->in, kinds[i][0]);

        for (uint32_t k = 0; k < run.count; k++) {
            const struct tfr_value *value = tfr_value_get(&run.at[k]->after, kinds[i][1]);

            if (!tfr_resource_is_live(run.at[k]))
                continue;
            add(names->in, &names->served, value, NULL, run.at[k]);
            for (uint32_t n = 0; value->kind == TFR_LIST && n < value->count; n++)
                add(names->in, &names->served, &value->items[n], NULL, run.at[k]);
            if (tfr_value_has_unknown(value) && names->stray == NULL &&
                tfr_wires_written(names->in, run.at[k], kinds[i][1]))
                names->stray = kinds[i][1];
        }
    }
}

static void read_names(const struct tfr_input *in, struct names *out)
{
    const struct tfr_resource_run records = tfr_input_type(in, "aws_route53_record");

    out->in = in;
    add_zones(out, "aws_route53_zone");
    add_zones(out, "data.aws_route53_zone");
    if (out->zones == NULL)
        return;
    for (uint32_t i = 0; i < records.count; i++) {
        if (tfr_resource_is_live(records.at[i]))
            add_record(out, records.at[i]);
    }
    add_aliases(out);
}

/* ---- one host ----------------------------------------------------------------------------------
 */

static const void *find(const struct tfr_lookup *lookup, const char *text, const char *prefix)
{
    char name[300];

    if (strlen(text) + strlen(prefix) >= sizeof name)
        return NULL;
    (void)snprintf(name, sizeof name, "%s%s", prefix, text);
    return tfr_lookup_text(lookup, name, strlen(name));
}

enum served { FOREIGN, SERVED, NOT_SERVED, PERHAPS };

static enum served is_served(const struct names *names, const char *host)
{
    const struct tfr_resource *zone = NULL;
    struct tfr_value address;

    if (find(names->served, host, "") != NULL)
        return SERVED;
    for (const char *at = host; at != NULL && zone == NULL; at = strchr(at, '.')) {
        at += *at == '.';
        if (at != host && find(names->served, at, "*.") != NULL)
            return SERVED;
        zone = find(names->zones, at, "");
        if (zone == NULL && find(names->delegated, at, "") != NULL)
            return FOREIGN;
    }
    if (zone == NULL)
        return FOREIGN;
    /* Of a zone that was only looked up this state answers for names if it keeps records there. */
    address = address_of(zone);
    if (zone->mode != TFR_MANAGED && tfr_lookup_find(names->kept, &address) == NULL)
        return PERHAPS;
    return names->stray != NULL ? PERHAPS : NOT_SERVED;
}

/* ---- variables ---------------------------------------------------------------------------------
 */

struct look {
    const struct names *names;
    uint32_t hosts;
    const char *unknown;
    const char *variable, *host; /* not served; arena of scratch */
};

static bool ends(const char *text, const char *end)
{
    const size_t len = strlen(text), end_len = strlen(end);

    return len >= end_len && strcasecmp(text + len - end_len, end) == 0;
}

static bool is_public(const char *name)
{
    return ends(name, "BASE_URL") || ends(name, "PUBLIC_URL") || ends(name, "_ORIGIN") ||
           strncasecmp(name, "CDN_", 4) == 0;
}

static void look_at_host(struct look *look, const char *variable, const char *host)
{
    switch (is_served(look->names, host)) {
    case SERVED:
        look->hosts++;
        break;
    case PERHAPS:
        look->hosts++;
        if (look->unknown == NULL)
            look->unknown = look->names->stray != NULL ? look->names->stray : variable;
        break;
    case NOT_SERVED:
        look->hosts++;
        if (look->host == NULL) {
            look->variable = variable;
            look->host = host;
        }
        break;
    default:
        break;
    }
}

static void look_at_variable(void *ctx, const struct tfr_env *env)
{
    struct look *look = ctx;
    const struct tfr_value *host;
    struct tfr_url url;

    if (!is_public(env->name->text) || env->value->kind == TFR_ABSENT || env->value->sensitive)
        return;
    if (env->value->kind == TFR_UNKNOWN && look->unknown == NULL)
        look->unknown = env->name->text;
    if (env->value->kind != TFR_STRING || !tfr_url_parse(env->value->text, &url) ||
        memchr(url.host, '.', url.host_len) == NULL)
        return;
    host = plain(look->names->in, tfr_arena_text(look->names->in->scratch, url.host, url.host_len),
                 NULL);
    look_at_host(look, env->name->text, host->text);
}

static void judge(const struct look *look, const struct tfr_workload *workload,
                  struct tfr_findings_builder *out)
{
    const struct tfr_value value = { .kind = TFR_STRING,
                                     .text = look->host,
                                     .count =
                                         look->host != NULL ? (uint32_t)strlen(look->host) : 0 };

    if (look->host != NULL)
        tfr_findings_add(out, workload->resource,
                         "%s names %s, and no record and no distribution has that name",
                         look->variable, tfr_findings_show(out, look->variable, &value));
    else if (look->unknown != NULL || workload->because != NULL)
        tfr_findings_undecided(out, workload->resource,
                               look->unknown != NULL ? look->unknown : workload->because,
                               "whether its public hosts have names shows later");
    else if (look->hosts > 0)
        tfr_findings_pass(out, workload->resource);
}

void tfr_check_public_hosts(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_workloads workloads = tfr_input_workloads(in);
    struct names names = { 0 };

    if (workloads.count > 0)
        read_names(in, &names);
    for (uint32_t i = 0; names.zones != NULL && i < workloads.count; i++) {
        struct look look = { .names = &names };

        tfr_workload_each_env(workloads.at[i], look_at_variable, &look);
        judge(&look, workloads.at[i], out);
    }
    tfr_lookup_free(names.zones);
    tfr_lookup_free(names.served);
    tfr_lookup_free(names.delegated);
    tfr_lookup_free(names.kept);
}
