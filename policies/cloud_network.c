/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/cloud_network.h"

#include "policies/wires.h"

#define DATABASE "google_sql_database_instance"

/* What answers inside of a VPC alone; a database does if it has no public address. */
static const char *const stores[] = { "google_redis_instance",
                                      "google_redis_cluster",
                                      "google_memcache_instance",
                                      "google_memorystore_instance",
                                      DATABASE,
                                      NULL };

/* The proxy of Cloud Run brings its connections along. */
static bool has_proxy(const struct tfr_resource *service)
{
    const struct tfr_value *volumes = tfr_value_path(&service->after, "template.0.volumes");

    for (uint32_t i = 0; volumes->kind == TFR_LIST && i < volumes->count; i++) {
        if (!tfr_value_is_blank(tfr_value_get(&volumes->items[i], "cloud_sql_instance")))
            return true;
    }
    return false;
}

static bool is_private(const struct tfr_resource *store)
{
    const struct tfr_value *public = &tfr_absent;

    if (!tfr_sym_is(store->type, DATABASE))
        return true;
    public = tfr_value_path(tfr_resource_values(store), "settings.ip_configuration.ipv4_enabled");
    return public->kind == TFR_BOOL && !public->truth;
}

static const struct tfr_resource *find_store(const struct tfr_input *in,
                                             const struct tfr_resource *service)
{
    const bool proxy = has_proxy(service);
    struct tfr_wires wires;

    tfr_wires_of(in, service, "template.0.containers", stores, &wires);
    for (uint32_t i = 0; i < wires.count; i++) {
        if (is_private(wires.at[i]) && !(proxy && tfr_sym_is(wires.at[i]->type, DATABASE)))
            return wires.at[i];
    }
    return NULL;
}

static void look_at(const struct tfr_input *in, const struct tfr_resource *service,
                    struct tfr_findings_builder *out)
{
    const struct tfr_value *way = tfr_value_path(&service->after, "template.0.vpc_access");
    const struct tfr_resource *store = find_store(in, service);

    if (store == NULL || (way->kind != TFR_UNKNOWN && !tfr_value_is_blank(way))) {
        tfr_findings_pass(out, service);
    } else if (way->kind == TFR_UNKNOWN && tfr_wires_written(in, service, "template")) {
        tfr_findings_undecided(out, service, "template.vpc_access",
                               "whether it has a way into the network shows after the apply");
    } else {
        tfr_findings_add(out, service, "it is given %s, which answers in its VPC alone",
                         store->address->text);
        tfr_finding_evidence(out, TFR_EVIDENCE_ATTRIBUTE, service->address->text,
                             "template.vpc_access", "not set");
    }
}

void tfr_check_cloud_network(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run run = tfr_input_subjects(in);

    for (uint32_t i = 0; i < run.count; i++) {
        if (tfr_resource_is_live(run.at[i]) && !run.at[i]->duplicate)
            look_at(in, run.at[i], out);
    }
}
