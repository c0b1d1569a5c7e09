/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of many documents, as audit_store.c takes them and audit_across.c asks them. */
#ifndef TFR_REPORT_AUDIT_STORE_H
#define TFR_REPORT_AUDIT_STORE_H

#include "report/audit.h"

/* A fact of one document. Which members mean what depends on its list. */
struct tfr_fleet_fact {
    uint64_t hash;
    uint32_t address;       /* id of its name */
    uint32_t document : 31; /* its number */
    uint32_t made : 1;      /* names: this plan makes it */
};

struct tfr_fleet_facts {
    struct tfr_fleet_fact *at;
    size_t count, cap;
};

struct tfr_fleet_network {
    uint64_t first, last; /* IPv4 addresses */
    const char *address, *range;
    uint32_t document;
};

struct tfr_fleet_remote {
    const char *address, *place;
    const char **outputs;
    size_t output_count;
    uint32_t document;
};

struct tfr_fleet_document {
    const char *name;
    uint64_t lineage, digest; /* lineage 0: not said */
    long long serial;
    const char **outputs;
    size_t output_count;
    uint32_t number;        /* among the lines */
    uint32_t group;         /* the document that stands for all of one state */
    uint64_t group_lineage; /* of that one: of any of them */
    bool is_plan;
    bool is_copy; /* of a state that is here with a higher serial, or the same once more */
};

struct tfr_audit_store {
    struct tfr_arena *arena;
    struct tfr_names *names; /* addresses: most stand in many states; NULL when all are in */
    const struct tfr_sym **addresses; /* by rank; NULL until all are in */
    uint32_t address_count;
    struct tfr_fleet_document *documents;
    size_t document_count, document_cap;
    struct tfr_fleet_facts held, destroyed; /* by type and identity */
    struct tfr_fleet_facts known, uses;     /* by identity */
    struct tfr_fleet_facts named;
    struct tfr_fleet_network *networks;
    size_t network_count, network_cap;
    struct tfr_fleet_remote *remotes;
    size_t remote_count, remote_cap;
    struct tfr_across *out;
    size_t out_count, out_cap;
};

/* Numbers documents and addresses by their texts: numbers compare as texts, and no answer depends
 * on the order of the lines. */
void tfr_audit_store_rank(struct tfr_audit_store *store);

/* Adds an answer about two documents: count 1, the rest empty. */
struct tfr_across *tfr_audit_store_say(struct tfr_audit_store *store, enum tfr_across_kind kind,
                                       uint32_t a, uint32_t b);

/* Says which documents are older copies of others, and groups all that are one state: by lineage,
 * and what has none by an object that both hold under one address. After sorting `held`. */
void tfr_audit_store_find_copies(struct tfr_audit_store *store);

/* Drops what copies told: their states speak for themselves. */
void tfr_audit_store_drop_copies(struct tfr_audit_store *store);

#endif
