/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/caches.h"

#include "policies/context.h"
#include "policies/env_names.h"

#include <string.h>
#include <strings.h>

/* ---- caches ------------------------------------------------------------------------------------
 */

const char *const tfr_cache_types[] = { "aws_elasticache_replication_group",
                                        "aws_elasticache_cluster",
                                        "aws_elasticache_serverless_cache", "aws_memorydb_cluster",
                                        NULL };

static bool is_redis(const struct tfr_value *values)
{
    return !tfr_value_is(tfr_value_get(values, "engine"), "memcached");
}

static void add_hosts(struct tfr_lookup **lookup, const struct tfr_resource *cache,
                      const struct tfr_value *values)
{
    static const char *const hosts[] = {
        "primary_endpoint_address",  "reader_endpoint_address",   "configuration_endpoint_address",
        "configuration_endpoint",    "cache_nodes.0.address",     "endpoint.0.address",
        "reader_endpoint.0.address", "cluster_endpoint.0.address"
    };

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
        tfr_lookup_add(lookup, tfr_value_path(values, hosts[i]), cache);
}

static void find_caches(const struct tfr_input *in, struct tfr_caches *out)
{
    const struct tfr_resource_run brokers = tfr_input_type(in, "aws_mq_broker");

    for (const char *const *type = tfr_cache_types; *type != NULL; type++) {
        const struct tfr_resource_run run = tfr_input_type(in, *type);

        for (uint32_t i = 0; i < run.count; i++) {
            const struct tfr_value *values = tfr_resource_values(run.at[i]);

            if (!is_redis(values))
                continue;
            if (tfr_resource_is_live(run.at[i])) {
                add_hosts(&out->hosts, run.at[i], values);
                out->live++;
            } else if (tfr_resource_is_destroyed(run.at[i])) {
                add_hosts(&out->gone_hosts, run.at[i], values);
            }
        }
    }
    for (uint32_t i = 0; i < brokers.count; i++)
        out->brokers += tfr_resource_is_live(brokers.at[i]);
}

const struct tfr_caches *tfr_input_caches(const struct tfr_input *in)
{
    struct tfr_context *ctx = in->ctx;

    if (ctx->caches == NULL) {
        ctx->caches = tfr_calloc(1, sizeof *ctx->caches);
        find_caches(in, ctx->caches);
    }
    return ctx->caches;
}

void tfr_caches_free(struct tfr_caches *caches)
{
    if (caches == NULL)
        return;
    tfr_lookup_free(caches->hosts);
    tfr_lookup_free(caches->gone_hosts);
    tfr_free(caches);
}

const struct tfr_resource *tfr_caches_find(const struct tfr_lookup *hosts,
                                           const struct tfr_url *url)
{
    return tfr_lookup_text(hosts, url->host, url->host_len);
}

/* ---- variables ---------------------------------------------------------------------------------
 */

static bool has_word(const char *name, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (tfr_text_holds(name, *words))
            return true;
    }
    return false;
}

static bool names_address(const char *name)
{
    static const char *const ends[] = { "URL",    "URI",   "HOST",    "HOSTS",  "ENDPOINT", "ADDR",
                                        "SERVER", "NODES", "ADDRESS", "BROKER", "BACKEND" };
    const size_t len = strlen(name);

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        const size_t end = strlen(ends[i]);

        if (len >= end && strcasecmp(name + len - end, ends[i]) == 0)
            return true;
    }
    return false;
}

/* Empty, switched off, or the machine's own: no address of a cache. */
static bool is_nothing(const struct tfr_value *value, const struct tfr_url *url)
{
    static const char *const nothing[] = { "localhost", "127.0.0.1", "false", "none",
                                           "null",      "memory",    "0" };

    if (value->kind != TFR_STRING)
        return tfr_value_missing(value);
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++) {
        if (url->host_len == strlen(nothing[i]) &&
            strncasecmp(url->host, nothing[i], url->host_len) == 0)
            return true;
    }
    return value->count == 0;
}

static void add_address(struct tfr_cache_use *use, struct tfr_cache_address *list,
                        const struct tfr_caches *caches, bool subject,
                        struct tfr_cache_address address)
{
    const struct tfr_value *name = address.name, *value = address.value;

    if (!subject && caches->hosts == NULL && caches->gone_hosts == NULL)
        return; /* nothing that its value could name */
    if (value->kind == TFR_STRING)
        address.known = tfr_url_parse(value->text, &address.url);
    if (address.known && tfr_caches_find(caches->hosts, &address.url) == NULL &&
        tfr_caches_find(caches->gone_hosts, &address.url) == NULL &&
        (!subject || (address.url.scheme_len == 0 && !names_address(name->text)) ||
         is_nothing(value, &address.url)))
        return;
    if (!address.known && (!subject || !names_address(name->text) ||
                           (value->kind == TFR_STRING && is_nothing(value, &address.url))))
        return;
    list[use->count++] = address;
}

static void add_switch(struct tfr_cache_use *use, const char *name, const struct tfr_env_name *what)
{
    static const char *const secrets[] = { "PASS", "AUTH", "TOKEN", "USER", "CREDENTIAL", NULL };
    static const char *const tls[] = { "TLS", "SSL", NULL };

    if (!what->broker && !what->cache)
        return;
    use->credentials = use->credentials || has_word(name, secrets);
    use->tls_switch = use->tls_switch || has_word(name, tls);
}

static bool runs_rq(const struct tfr_value *command)
{
    for (uint32_t i = 0; command->kind == TFR_LIST && i < command->count; i++) {
        if (tfr_value_is(&command->items[i], "rq"))
            return true;
    }
    return false;
}

static uint32_t count_of(const struct tfr_value *list)
{
    return list->kind == TFR_LIST ? list->count : 0;
}

static void read_container(const struct tfr_input *in, const struct tfr_caches *caches,
                           const struct tfr_value *container, struct tfr_cache_use *out)
{
    const struct tfr_value *lists[] = { tfr_value_get(container, "environment"),
                                        tfr_value_get(container, "secrets") };
    struct tfr_cache_address *addresses = tfr_arena_alloc(
        in->scratch, (count_of(lists[0]) + count_of(lists[1]) + 1) * sizeof *addresses);

    *out = (struct tfr_cache_use){ .container = container, .addresses = addresses };
    out->framework =
        tfr_container_reads_other_broker(container) || runs_rq(tfr_value_get(container, "command"));
    out->more = count_of(tfr_value_get(container, "environmentFiles")) > 0;
    for (size_t k = 0; k < 2; k++) {
        for (uint32_t i = 0; i < count_of(lists[k]); i++) {
            const struct tfr_value *name = tfr_input_get(in, &lists[k]->items[i], "name");
            const struct tfr_value *value =
                k == 0 ? tfr_input_get(in, &lists[k]->items[i], "value") : &tfr_absent;
            const struct tfr_env_name *what;

            if (name->kind != TFR_STRING)
                continue;
            what = tfr_input_env_name(in, name);
            add_switch(out, name->text, what);
            add_address(out, addresses, caches, what->broker,
                        (struct tfr_cache_address){ .name = name, .value = value });
        }
    }
}

/* ---- tasks -------------------------------------------------------------------------------------
 */

static bool is_served(const struct tfr_input *in, const struct tfr_resource *task)
{
    static const char *const types[] = { "aws_ecs_service", NULL };
    struct tfr_wires services;

    tfr_wires_to(in, task, "task_definition", types, &services);
    return services.count > 0;
}

static const void *find_task(const struct tfr_input *in, const struct tfr_resource *resource)
{
    const struct tfr_value *all = tfr_workload_of(in, resource)->containers;
    struct tfr_cache_task *task = tfr_arena_zalloc(in->scratch, sizeof *task);
    struct tfr_cache_use *uses;

    task->count = count_of(all);
    task->served = is_served(in, resource);
    uses = tfr_arena_alloc(in->scratch, (task->count + 1) * sizeof *uses);
    for (uint32_t i = 0; i < task->count; i++)
        read_container(in, tfr_input_caches(in), &all->items[i], &uses[i]);
    task->uses = uses;
    return task;
}

const struct tfr_cache_task *tfr_cache_task_of(const struct tfr_input *in,
                                               const struct tfr_workload *workload)
{
    return tfr_context_find(in, &in->ctx->cache_tasks, workload->resource, find_task);
}
