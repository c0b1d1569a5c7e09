/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/stores.h"

#include <string.h>

/* ---- kinds -------------------------------------------------------------------------------------
 */

struct kind {
    const char *type, *groups;
    const char *subnets; /* the attribute with subnets, or with the name of a group of them */
    const char *engine;  /* the attribute that decides the port; NULL: `port` is it */
    int port;
};

static const struct kind kinds[] = {
    { "aws_db_instance", "vpc_security_group_ids", "db_subnet_group_name", "engine", -1 },
    { "aws_rds_cluster", "vpc_security_group_ids", "db_subnet_group_name", "engine", -1 },
    { "aws_db_proxy", "vpc_security_group_ids", "vpc_subnet_ids", "engine_family", -1 },
    { "aws_docdb_cluster", "vpc_security_group_ids", "db_subnet_group_name", NULL, 27017 },
    { "aws_neptune_cluster", "vpc_security_group_ids", "neptune_subnet_group_name", NULL, 8182 },
    { "aws_elasticache_replication_group", "security_group_ids", "subnet_group_name", NULL, 6379 },
    { "aws_elasticache_cluster", "security_group_ids", "subnet_group_name", "engine", -1 },
    { "aws_elasticache_serverless_cache", "security_group_ids", "subnet_ids", "engine", -1 },
    { "aws_memorydb_cluster", "security_group_ids", "subnet_group_name", NULL, 6379 },
    { "aws_mq_broker", "security_groups", "subnet_ids", "engine_type", -1 },
    { "aws_opensearch_domain", "vpc_options.security_group_ids", "vpc_options", NULL, 443 },
    { "aws_elasticsearch_domain", "vpc_options.security_group_ids", "vpc_options", NULL, 443 },
    { "aws_efs_mount_target", "security_groups", "subnet_id", NULL, 2049 },
};

const char *const tfr_store_types[] = { "aws_db_instance",
                                        "aws_rds_cluster",
                                        "aws_db_proxy",
                                        "aws_docdb_cluster",
                                        "aws_neptune_cluster",
                                        "aws_elasticache_replication_group",
                                        "aws_elasticache_cluster",
                                        "aws_elasticache_serverless_cache",
                                        "aws_memorydb_cluster",
                                        "aws_mq_broker",
                                        "aws_opensearch_domain",
                                        "aws_elasticsearch_domain",
                                        NULL };

static const struct kind *kind_of(const struct tfr_resource *store)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (tfr_sym_is(store->type, kinds[i].type))
            return &kinds[i];
    }
    return NULL;
}

/* ---- port --------------------------------------------------------------------------------------
 */

static const struct {
    const char *start; /* of the engine's name */
    int port;
} engines[] = {
    { "postgres", 5432 },   { "aurora-postgresql", 5432 },
    { "POSTGRESQL", 5432 }, { "mysql", 3306 },
    { "mariadb", 3306 },    { "aurora", 3306 },
    { "MYSQL", 3306 },      { "sqlserver", 1433 },
    { "SQLSERVER", 1433 },  { "oracle", 1521 },
    { "redis", 6379 },      { "valkey", 6379 },
    { "memcached", 11211 }, { "ActiveMQ", 61617 },
    { "RabbitMQ", 5671 },
};

static int port_of_engine(const struct tfr_value *engine)
{
    for (size_t i = 0; engine->kind == TFR_STRING && i < sizeof engines / sizeof engines[0]; i++) {
        if (strncmp(engine->text, engines[i].start, strlen(engines[i].start)) == 0)
            return engines[i].port;
    }
    return -1;
}

/* No store of AWS listens below. */
#define LOWEST_PORT 1024

long long tfr_store_port(const struct tfr_blocks *blocks, const struct tfr_resource *store)
{
    const struct kind *kind = kind_of(store);
    const struct tfr_config_resource *block = tfr_blocks_find(blocks, store);
    const struct tfr_value *port = tfr_value_get(&store->after, "port");
    long long number;

    if (kind == NULL)
        return -1;
    if (tfr_value_integer(port, &number) && number >= LOWEST_PORT)
        return number;
    if (port->kind == TFR_UNKNOWN && tfr_block_writes(block, "port"))
        return -1;
    return kind->engine == NULL ? kind->port
                                : port_of_engine(tfr_value_get(&store->after, kind->engine));
}

/* ---- where it lies -----------------------------------------------------------------------------
 */

static const char *const subnet_types[] = { "aws_subnet", NULL };
static const char *const subnet_group_types[] = {
    "aws_db_subnet_group",      "aws_elasticache_subnet_group", "aws_memorydb_subnet_group",
    "aws_neptune_subnet_group", "aws_docdb_subnet_group",       NULL
};

bool tfr_store_end(const struct tfr_input *in, const struct tfr_resource *store,
                   struct tfr_end *out)
{
    const struct kind *kind = kind_of(store);
    struct tfr_wires groups;

    if (kind == NULL)
        return false;
    if (strcmp(kind->subnets, "vpc_options") == 0) {
        const struct tfr_value *options = tfr_value_get(&store->after, "vpc_options");

        if (tfr_value_missing(options) || (options->kind == TFR_LIST && options->count == 0))
            return false;
    }
    tfr_end_of(in, store, kind->groups, out);
    tfr_wires_of(in, store, kind->subnets, subnet_types, &out->subnets);
    if (out->subnets.count > 0)
        return true;
    tfr_wires_of(in, store, kind->subnets, subnet_group_types, &groups);
    if (tfr_wires_one(&groups) != NULL)
        tfr_wires_of(in, groups.at[0], "subnet_ids", subnet_types, &out->subnets);
    return true;
}

/* ---- names -------------------------------------------------------------------------------------
 */

/* A host without the port that may stand behind it. */
static bool holds_host(const struct tfr_value *text, const struct tfr_value *host)
{
    char name[256];
    size_t len;

    if (host->kind != TFR_STRING || text->kind != TFR_STRING)
        return false;
    len = strcspn(host->text, ":");
    if (len < 8 || len >= sizeof name || memchr(host->text, '.', len) == NULL)
        return false;
    memcpy(name, host->text, len);
    name[len] = '\0';
    return strstr(text->text, name) != NULL;
}

bool tfr_store_is_in(const struct tfr_resource *store, const struct tfr_value *text)
{
    static const char *const names[] = { "address",
                                         "endpoint",
                                         "reader_endpoint",
                                         "primary_endpoint_address",
                                         "reader_endpoint_address",
                                         "configuration_endpoint_address",
                                         "configuration_endpoint",
                                         "cluster_address",
                                         "dns_name" };
    /* Blocks that hold an address each. */
    static const char *const blocks[] = { "cache_nodes", "cluster_endpoint", "endpoint" };

    if (text->kind != TFR_STRING)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (holds_host(text, tfr_value_get(&store->after, names[i])))
            return true;
    }
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        const struct tfr_value *block = tfr_value_get(&store->after, blocks[i]);

        if (tfr_value_is_container(block) && holds_host(text, tfr_value_path(block, "0.address")))
            return true;
    }
    return false;
}

bool tfr_reference_is_address(const struct tfr_sym *reference)
{
    static const char *const words[] = { "endpoint", "address", "host",  "url",
                                         "uri",      "dns",     "broker" };

    const char *last = reference != NULL ? strrchr(reference->text, '.') : NULL;

    /* The object's own name stands before its attribute: only what comes last counts. */
    for (size_t i = 0; last != NULL && i < sizeof words / sizeof words[0]; i++) {
        if (strstr(last, words[i]) != NULL)
            return true;
    }
    return false;
}
