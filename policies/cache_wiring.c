/* SPDX-License-Identifier: Apache-2.0 */
/* What containers say of a cache or broker, against the caches that there are. */
#include "policies/cache_wiring.h"
#include "policies/caches.h"
#include "policies/stores.h"

#include <string.h>
#include <strings.h>

enum wanted { NO_ADDRESS, NO_CACHE, MISMATCH };

struct look {
    const struct tfr_input *in;
    const struct tfr_caches *caches;
    const struct tfr_blocks *blocks;
    struct tfr_lookup *records;  /* names of DNS records, and of services in the mesh */
    struct tfr_lookup *siblings; /* images of containers that have the address of a cache */
    enum wanted wanted;
    /* of one task */
    const struct tfr_workload *workload;
    bool served; /* a live service runs it */
    uint32_t looked;
    const char *wrong, *unknown;
    const struct tfr_value *variable;
    const struct tfr_resource *cache;
    unsigned lower;
};

static void fail(struct look *look, const char *what, const struct tfr_cache_address *address,
                 const struct tfr_resource *cache)
{
    if (look->wrong != NULL && look->lower == 0)
        return;
    look->wrong = what;
    look->variable = address != NULL ? address->name : NULL;
    look->cache = cache;
    look->lower = 0;
}

static void doubt(struct look *look, const char *because)
{
    if (look->unknown == NULL)
        look->unknown = because;
}

/* ---- TFR-WIR-010 -------------------------------------------------------------------------------
 */

/* The image without tag and digest. */
static struct tfr_value image_of(const struct tfr_value *container)
{
    struct tfr_value image = *tfr_value_get(container, "image");
    const char *name;

    if (image.kind != TFR_STRING)
        return tfr_absent;
    image.count = (uint32_t)strcspn(image.text, "@");
    name = strrchr(image.text, '/');
    name = name != NULL && name < image.text + image.count ? name : image.text;
    if (memchr(name, ':', (size_t)(image.text + image.count - name)) != NULL)
        image.count =
            (uint32_t)((const char *)memchr(name, ':', (size_t)(image.text + image.count - name)) -
                       image.text);
    return image;
}

static void look_for_address(struct look *look, const struct tfr_cache_use *use)
{
    const struct tfr_value image = image_of(use->container);
    const bool sibling = image.kind == TFR_STRING &&
                         tfr_lookup_text(look->siblings, image.text, image.count) != NULL;

    if (!look->served)
        return;
    if (use->count > 0) {
        look->looked++;
    } else if ((use->framework || sibling) && use->more) {
        doubt(look, "environmentFiles");
    } else if (use->framework) {
        fail(look, "runs a worker framework, and no variable tells it where its broker is", NULL,
             NULL);
    } else if (sibling && look->wrong == NULL) {
        look->wrong = "runs the image of a container that has the address of the cache, and has "
                      "none itself";
        look->lower = 1;
    }
}

/* ---- TFR-WIR-011 -------------------------------------------------------------------------------
 */

static bool is_beside(const struct look *look, const struct tfr_value *container,
                      const struct tfr_url *url)
{
    const struct tfr_value *all = look->workload->containers;
    const struct tfr_value *extra = tfr_value_get(container, "extraHosts");

    for (uint32_t i = 0; all->kind == TFR_LIST && i < all->count; i++) {
        const struct tfr_value *name = tfr_value_get(&all->items[i], "name");

        if (name->kind == TFR_STRING && name->count == url->host_len &&
            strncmp(name->text, url->host, url->host_len) == 0)
            return true;
    }
    for (uint32_t i = 0; extra->kind == TFR_LIST && i < extra->count; i++) {
        const struct tfr_value *name = tfr_value_get(&extra->items[i], "hostname");

        if (name->kind == TFR_STRING && name->count == url->host_len &&
            strncmp(name->text, url->host, url->host_len) == 0)
            return true;
    }
    return false;
}

static bool is_aws_cache(const struct tfr_url *url)
{
    static const char end[] = ".amazonaws.com";
    const size_t len = sizeof end - 1;
    char host[256];

    if (url->host_len <= len || url->host_len >= sizeof host ||
        strncmp(url->host + url->host_len - len, end, len) != 0)
        return false;
    memcpy(host, url->host, url->host_len);
    host[url->host_len] = '\0';
    return strstr(host, ".cache.") != NULL || strstr(host, ".memorydb.") != NULL;
}

static void look_at_host(struct look *look, const struct tfr_cache_use *use,
                         const struct tfr_cache_address *address)
{
    const struct tfr_url *url = &address->url;
    const struct tfr_resource *gone = tfr_caches_find(look->caches->gone_hosts, url);

    if (tfr_caches_find(look->caches->hosts, url) != NULL || is_beside(look, use->container, url) ||
        tfr_lookup_text(look->records, url->host, url->host_len) != NULL)
        return;
    if (gone != NULL)
        fail(look, "names a cache that this plan takes away", address, gone);
    else if (memchr(url->host, '.', url->host_len) == NULL)
        fail(look, "names a host that nothing here answers to", address, NULL);
    else if (is_aws_cache(url))
        doubt(look, address->name->text);
}

static void look_for_cache(struct look *look, const struct tfr_cache_use *use)
{
    for (uint32_t i = 0; i < use->count; i++) {
        look->looked++;
        if (use->addresses[i].known)
            look_at_host(look, use, &use->addresses[i]);
        else if (look->caches->live == 0 && use->addresses[i].value->kind != TFR_STRING)
            doubt(look, use->addresses[i].name->text);
    }
    if (!look->served || use->count > 0 || !use->framework || look->caches->live > 0 ||
        look->caches->brokers > 0)
        return;
    if (use->more)
        doubt(look, "environmentFiles");
    else
        fail(look, "runs a worker framework, and there is no broker: no cache, no address of one",
             NULL, NULL);
}

/* ---- TFR-WIR-012 -------------------------------------------------------------------------------
 */

static enum tfr_truth_value is_encrypted(const struct tfr_resource *cache)
{
    const bool memory = tfr_sym_is(cache->type, "aws_memorydb_cluster");
    const struct tfr_value *on =
        tfr_value_get(&cache->after, memory ? "tls_enabled" : "transit_encryption_enabled");

    if (tfr_sym_is(cache->type, "aws_elasticache_serverless_cache"))
        return TFR_YES;
    if (on->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    if (tfr_value_missing(on))
        return memory ? TFR_YES : TFR_NO;
    if (!tfr_value_true(on))
        return TFR_NO;
    return tfr_value_is(tfr_value_get(&cache->after, "transit_encryption_mode"), "preferred")
               ? TFR_BROKEN /* both ways are right */
               : TFR_YES;
}

static void look_at_scheme(struct look *look, const struct tfr_cache_use *use,
                           const struct tfr_cache_address *address,
                           const struct tfr_resource *cache)
{
    const bool plain =
        tfr_url_scheme_is(&address->url, "redis") || tfr_url_scheme_is(&address->url, "valkey");
    const bool tls =
        tfr_url_scheme_is(&address->url, "rediss") || tfr_url_scheme_is(&address->url, "valkeys");
    const enum tfr_truth_value encrypted = is_encrypted(cache);

    if (!plain && !tls)
        return;
    if (encrypted == TFR_MAYBE || (use->tls_switch && encrypted != TFR_BROKEN)) {
        doubt(look, encrypted == TFR_MAYBE ? "transit_encryption_enabled" : address->name->text);
        return;
    }
    if (encrypted == TFR_YES && plain)
        fail(look, "speaks plain text (redis://) to a cache that wants TLS (rediss://)", address,
             cache);
    else if (encrypted == TFR_NO && tls)
        fail(look, "speaks TLS (rediss://) to a cache that does not", address, cache);
}

static void look_at_rest(struct look *look, const struct tfr_cache_use *use,
                         const struct tfr_cache_address *address, const struct tfr_resource *cache)
{
    const struct tfr_value *token = tfr_value_get(&cache->after, "auth_token");
    const struct tfr_value *reader = tfr_value_get(&cache->after, "reader_endpoint_address");
    const long long port = tfr_store_port(look->blocks, cache);
    const bool url = address->url.scheme_len > 0;
    const long long own = address->url.port >= 0 ? address->url.port : url ? 6379 : -1;

    if (port >= 0 && own >= 0 && port != own &&
        !tfr_sym_is(cache->type, "aws_elasticache_serverless_cache"))
        fail(look, "names another port than the cache listens on", address, cache);
    if (url && !address->url.user && !use->credentials && token->kind == TFR_STRING &&
        token->count > 0)
        fail(look, "has no password, and the cache wants one (auth_token)", address, cache);
    if (tfr_text_holds(address->name->text, "BROKER") && reader->kind == TFR_STRING &&
        reader->count == address->url.host_len &&
        strncmp(reader->text, address->url.host, reader->count) == 0)
        fail(look, "makes a broker of an endpoint that only reads", address, cache);
}

static void look_for_mismatch(struct look *look, const struct tfr_cache_use *use)
{
    for (uint32_t i = 0; i < use->count; i++) {
        const struct tfr_cache_address *address = &use->addresses[i];
        const struct tfr_resource *cache =
            address->known ? tfr_caches_find(look->caches->hosts, &address->url) : NULL;

        if (cache == NULL)
            continue;
        look->looked++;
        look_at_scheme(look, use, address, cache);
        look_at_rest(look, use, address, cache);
    }
}

/* ---- tasks -------------------------------------------------------------------------------------
 */

/* Containers that are not known yet: what they refer to tells. */
static void look_at_references(struct look *look)
{
    struct tfr_wires wires;

    tfr_wires_of(look->in, look->workload->resource, "container_definitions", tfr_cache_types,
                 &wires);
    if (wires.count > 0 && look->wanted != MISMATCH)
        look->looked++;
    else if (wires.opaque != NULL || wires.count > 0)
        doubt(look, look->workload->because);
}

static void look_at_task(struct look *look)
{
    const struct tfr_cache_task *task;

    if (look->wanted != NO_CACHE && look->caches->live == 0)
        return;
    task = tfr_cache_task_of(look->in, look->workload);
    look->served = task->served;
    if (look->workload->because != NULL)
        look_at_references(look);
    for (uint32_t i = 0; i < task->count; i++) {
        if (look->wanted == NO_ADDRESS)
            look_for_address(look, &task->uses[i]);
        else if (look->wanted == NO_CACHE)
            look_for_cache(look, &task->uses[i]);
        else
            look_for_mismatch(look, &task->uses[i]);
    }
}

static void judge(const struct look *look, struct tfr_findings_builder *out)
{
    const struct tfr_resource *task = look->workload->resource;

    if (look->wrong != NULL && look->variable != NULL)
        tfr_findings_add(out, task, "%s %s", look->variable->text, look->wrong);
    else if (look->wrong != NULL)
        tfr_findings_add(out, task, "a container %s", look->wrong);
    else if (look->unknown != NULL)
        tfr_findings_undecided(out, task, look->unknown,
                               "how it finds its cache or broker shows later");
    else if (look->looked > 0)
        tfr_findings_pass(out, task);
    if (look->wrong != NULL && look->lower > 0)
        tfr_finding_lower(out, look->lower);
    if (look->wrong != NULL && look->cache != NULL)
        tfr_finding_evidence(out, TFR_EVIDENCE_ATTRIBUTE, look->cache->address->text, NULL, NULL);
}

/* ---- what is read once -------------------------------------------------------------------------
 */

static void add_names(struct look *look)
{
    const struct tfr_resource_run records = tfr_input_type(look->in, "aws_route53_record");
    const struct tfr_resource_run services = tfr_input_type(look->in, "aws_ecs_service");

    for (uint32_t i = 0; i < records.count; i++) {
        if (!tfr_resource_is_live(records.at[i]))
            continue;
        tfr_lookup_add(&look->records, tfr_value_get(&records.at[i]->after, "name"), records.at[i]);
        tfr_lookup_add(&look->records, tfr_value_get(&records.at[i]->after, "fqdn"), records.at[i]);
    }
    for (uint32_t i = 0; i < services.count; i++) {
        const struct tfr_value *mesh =
            tfr_value_path(&services.at[i]->after, "service_connect_configuration.service");

        for (uint32_t k = 0; mesh->kind == TFR_LIST && k < mesh->count; k++) {
            tfr_lookup_add(&look->records, tfr_value_path(&mesh->items[k], "client_alias.dns_name"),
                           services.at[i]);
            tfr_lookup_add(&look->records, tfr_value_get(&mesh->items[k], "discovery_name"),
                           services.at[i]);
        }
    }
}

/* Images of containers of live services that have the address of a live cache. */
static void add_siblings(struct look *look, const struct tfr_workload *workload)
{
    const struct tfr_cache_task *task;

    if (workload->containers->kind != TFR_LIST)
        return;
    task = tfr_cache_task_of(look->in, workload);
    for (uint32_t i = 0; task->served && i < task->count; i++) {
        const struct tfr_cache_use *use = &task->uses[i];
        const struct tfr_value image = image_of(use->container);

        for (uint32_t k = 0; k < use->count; k++) {
            if (use->addresses[k].known &&
                tfr_caches_find(look->caches->hosts, &use->addresses[k].url) != NULL)
                tfr_lookup_add(&look->siblings, &image, workload->resource);
        }
    }
}

static bool read_wanted(const struct tfr_input *in, enum wanted *out)
{
    const char *find = tfr_input_param(in, "find");

    if (find != NULL && strcmp(find, "no_address") == 0)
        *out = NO_ADDRESS;
    else if (find != NULL && strcmp(find, "no_cache") == 0)
        *out = NO_CACHE;
    else if (find != NULL && strcmp(find, "mismatch") == 0)
        *out = MISMATCH;
    else
        return false;
    return true;
}

void tfr_check_cache_wiring(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_workloads workloads = tfr_input_workloads(in);
    struct look all = { .in = in };

    if (!read_wanted(in, &all.wanted) || workloads.count == 0)
        return;
    all.caches = tfr_input_caches(in);
    all.blocks = tfr_input_blocks(in);
    add_names(&all);
    for (uint32_t i = 0; all.wanted == NO_ADDRESS && i < workloads.count; i++)
        add_siblings(&all, workloads.at[i]);
    for (uint32_t i = 0; i < workloads.count; i++) {
        struct look look = all;

        look.workload = workloads.at[i];
        look_at_task(&look);
        judge(&look, out);
    }
    tfr_lookup_free(all.records);
    tfr_lookup_free(all.siblings);
}
