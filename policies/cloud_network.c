/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/cloud_network.h"

#include "policies/lookup.h"
#include "policies/wires.h"

#include <string.h>

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

/* ---- stores by their addresses -----------------------------------------------------------------
 */

/* States show no references, but all addresses. */
static struct tfr_lookup *file_addresses(const struct tfr_input *in)
{
    static const char *const attributes[] = { "host", "private_ip_address" };
    struct tfr_lookup *hosts = NULL;

    for (size_t i = 0; stores[i] != NULL; i++) {
        const struct tfr_resource_run run = tfr_input_type(in, stores[i]);

        for (uint32_t k = 0; k < run.count; k++) {
            for (size_t a = 0; a < 2 && tfr_resource_is_live(run.at[k]); a++)
                tfr_lookup_add(&hosts, tfr_value_get(tfr_resource_values(run.at[k]), attributes[a]),
                               run.at[k]);
        }
    }
    return hosts;
}

/* "redis://10.1.2.3:6379/0" */
static const struct tfr_resource *find_in_text(const struct tfr_lookup *hosts,
                                               const struct tfr_value *text)
{
    static const char digits[] = "0123456789.";
    const char *at = text->kind == TFR_STRING ? text->text : "";

    while (*at != '\0') {
        const size_t len = strspn(at, digits);
        const struct tfr_resource *store = len > 0 ? tfr_lookup_text(hosts, at, len) : NULL;

        if (store != NULL && is_private(store))
            return store;
        at += len;
        at += strcspn(at, digits);
    }
    return NULL;
}

static const struct tfr_resource *find_by_address(const struct tfr_lookup *hosts,
                                                  const struct tfr_resource *service)
{
    const struct tfr_value *all = tfr_value_path(&service->after, "template.0.containers");
    const struct tfr_resource *store = NULL;

    for (uint32_t i = 0; hosts != NULL && all->kind == TFR_LIST && i < all->count; i++) {
        const struct tfr_value *list = tfr_value_get(&all->items[i], "env");

        for (uint32_t k = 0; list->kind == TFR_LIST && k < list->count && store == NULL; k++)
            store = find_in_text(hosts, tfr_value_get(&list->items[k], "value"));
    }
    return store;
}

/* ---- one service -------------------------------------------------------------------------------
 */

static const struct tfr_resource *find_store(const struct tfr_input *in,
                                             const struct tfr_lookup *hosts,
                                             const struct tfr_resource *service)
{
    const bool proxy = has_proxy(service);
    struct tfr_wires wires;

    tfr_wires_of(in, service, "template.0.containers", stores, &wires);
    for (uint32_t i = 0; i < wires.count; i++) {
        if (is_private(wires.at[i]) && !(proxy && tfr_sym_is(wires.at[i]->type, DATABASE)))
            return wires.at[i];
    }
    return find_by_address(hosts, service);
}

/* How much of a path is about one block `env`: template.0.containers.0.env.3, else 0. */
static size_t env_len(const struct tfr_sym *path)
{
    static const char start[] = "template.0.containers.", env[] = ".env.";
    const char *at = strncmp(path->text, start, sizeof start - 1) == 0
                         ? strstr(path->text + sizeof start - 1, env)
                         : NULL;

    if (at == NULL)
        return 0;
    at += sizeof env - 1;
    return (size_t)(at - path->text) + strspn(at, "0123456789");
}

/* How many blocks the configuration shows: what it says of one stands together. */
static uint32_t count_written(const struct tfr_config_resource *block)
{
    const char *last = "";
    size_t last_len = 0;
    uint32_t count = 0;

    for (uint32_t i = 0; i < block->expressions.count; i++) {
        const struct tfr_sym *path = block->expressions.at[i].path;
        const size_t len = env_len(path);

        if (len > 0 && (len != last_len || strncmp(last, path->text, len) != 0)) {
            last = path->text;
            last_len = len;
            count++;
        }
    }
    return count;
}

/* A variable is not known, and there are more than the configuration shows: a dynamic block writes
 * them. */
static bool hides_variables(const struct tfr_input *in, const struct tfr_resource *service)
{
    const struct tfr_config_resource *block = tfr_blocks_find(tfr_input_blocks(in), service);
    const struct tfr_value *all = tfr_value_path(&service->after, "template.0.containers");
    uint32_t there = 0;
    bool unknown = false;

    for (uint32_t i = 0; all->kind == TFR_LIST && i < all->count; i++) {
        const struct tfr_value *list = tfr_value_get(&all->items[i], "env");

        there += list->kind == TFR_LIST ? list->count : 0;
        for (uint32_t k = 0; list->kind == TFR_LIST && k < list->count && !unknown; k++)
            unknown = tfr_value_get(&list->items[k], "value")->kind == TFR_UNKNOWN;
    }
    return unknown && (block == NULL || there > count_written(block));
}

/* One of the stores of this document that answers inside of a VPC alone, or NULL. */
static const struct tfr_resource *any_private(const struct tfr_input *in)
{
    for (size_t i = 0; stores[i] != NULL; i++) {
        const struct tfr_resource_run run = tfr_input_type(in, stores[i]);

        for (uint32_t k = 0; k < run.count; k++) {
            if (tfr_resource_is_live(run.at[k]) && is_private(run.at[k]))
                return run.at[k];
        }
    }
    return NULL;
}

struct survey {
    const struct tfr_input *in;
    struct tfr_lookup *hosts;
    const struct tfr_resource *some; /* store, or NULL: there is none */
};

static void look_at(const struct survey *survey, const struct tfr_resource *service,
                    struct tfr_findings_builder *out)
{
    const struct tfr_input *in = survey->in;
    const struct tfr_value *way = tfr_value_path(&service->after, "template.0.vpc_access");
    const struct tfr_resource *store = find_store(in, survey->hosts, service);
    const bool none = way->kind != TFR_UNKNOWN && tfr_value_is_blank(way);

    if (none && store == NULL && survey->some != NULL && hides_variables(in, service)) {
        tfr_findings_undecided(out, service, "a dynamic block",
                               "whether a variable names a private store shows after the apply");
    } else if (store == NULL || (way->kind != TFR_UNKNOWN && !none)) {
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
    struct survey survey = { .in = in };

    if (run.count == 0)
        return;
    survey.hosts = file_addresses(in);
    survey.some = any_private(in);
    for (uint32_t i = 0; i < run.count; i++) {
        if (tfr_resource_is_live(run.at[i]) && !run.at[i]->duplicate)
            look_at(&survey, run.at[i], out);
    }
    tfr_lookup_free(survey.hosts);
}
