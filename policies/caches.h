/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Redis and Valkey of a document, by the hosts that they answer to, and what containers say of
 * them: addresses of caches and brokers in variables, and worker frameworks that need one.
 */
#ifndef TFR_POLICIES_CACHES_H
#define TFR_POLICIES_CACHES_H

#include "policies/containers.h"
#include "policies/hosts.h"
#include "policies/lookup.h"
#include "policies/wires.h"

/* Ends with NULL. */
extern const char *const tfr_cache_types[];

struct tfr_caches {
    struct tfr_lookup *hosts;      /* of live ones, to their resource */
    struct tfr_lookup *gone_hosts; /* of those that the plan takes away */
    uint32_t live;
    uint32_t brokers; /* live ones of Amazon MQ */
};
/* Found once for a document. Borrowed. */
const struct tfr_caches *tfr_input_caches(const struct tfr_input *in);
void tfr_caches_free(struct tfr_caches *caches);
const struct tfr_resource *tfr_caches_find(const struct tfr_lookup *hosts,
                                           const struct tfr_url *url);

/* A variable that holds the address of a cache or broker. */
struct tfr_cache_address {
    const struct tfr_value *name;
    const struct tfr_value *value; /* absent: a secret, injected by reference */
    struct tfr_url url;            /* of a value that is known */
    bool known;
};

/* What one container says. */
struct tfr_cache_use {
    const struct tfr_value *container;
    const struct tfr_cache_address *addresses;
    uint32_t count;
    bool framework;   /* it runs a worker framework that reads a broker */
    bool more;        /* files give it further variables */
    bool credentials; /* other variables hold a password or user */
    bool tls_switch;  /* another variable turns encryption on or off */
};

/* What the containers of a task say. */
struct tfr_cache_task {
    bool served;                      /* a live service runs it */
    const struct tfr_cache_use *uses; /* one for each container */
    uint32_t count;
};
/* Found once for a document. Borrowed. */
const struct tfr_cache_task *tfr_cache_task_of(const struct tfr_input *in,
                                               const struct tfr_workload *workload);

#endif
