/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What workloads are made of: containers of task definitions, functions, and their environment; and
 * what that environment implies: the buckets, queues, tables ... that a workload cannot do without.
 */
#ifndef TFR_POLICIES_CONTAINERS_H
#define TFR_POLICIES_CONTAINERS_H

#include "policies/named.h"
#include "policies/roles.h"

/* One workload: an aws_ecs_task_definition or an aws_lambda_function. */
struct tfr_workload {
    const struct tfr_resource *resource;
    bool function;
    bool has_keys; /* keys of the application's own stand in its environment or secrets: it does not
                      use its role */
    uint32_t env_count;
    const struct tfr_env *env; /* its variables, in document order; helpers at the side of an
                                  application (agents, proxies, log routers) are left out */
    const struct tfr_value *containers; /* of a task: the list of definitions */
    const char *because; /* not NULL: the environment is known after the apply, or cannot be read;
                            what will decide it */
    const struct tfr_role_name *role; /* that it runs as, after the apply */
};
/* Found once for a document. */
const struct tfr_workload *tfr_workload_of(const struct tfr_input *in,
                                           const struct tfr_resource *resource);
/* The attribute that holds the role of a workload. */
const char *tfr_workload_role_path(const struct tfr_workload *workload);
/* The live workloads among the subjects of the policy. Arena of `in->scratch`. */
struct tfr_workloads {
    const struct tfr_workload *const *at;
    uint32_t count;
};
struct tfr_workloads tfr_input_workloads(const struct tfr_input *in);

/* One variable: of a container, or of a function (container NULL). */
struct tfr_env {
    const struct tfr_value *container;
    const struct tfr_value *name;  /* TFR_STRING */
    const struct tfr_value *value; /* may be unknown; absent: a secret, injected by reference */
};
/* Calls `visit` for every variable. */
void tfr_workload_each_env(const struct tfr_workload *workload,
                           void (*visit)(void *ctx, const struct tfr_env *env), void *ctx);
/* True if a command, entry point or image of the container holds the word. */
bool tfr_container_runs(const struct tfr_value *container, const char *word);
/* A worker framework that reads a broker of its own choice, which is not SQS. */
bool tfr_container_reads_other_broker(const struct tfr_value *container);
/* Fargate runs it: its own compatibilities say so, or a live service does. */
bool tfr_task_on_fargate(const struct tfr_input *in, const struct tfr_resource *task);

/* What a task is for: a web task has a load balancer, a worker is called one or runs one. */
enum tfr_shape { TFR_SHAPE_UNKNOWN, TFR_SHAPE_WEB, TFR_SHAPE_WORKER };
enum tfr_shape tfr_container_shape(const struct tfr_input *in, const struct tfr_resource *task,
                                   const struct tfr_value *container);

/* ---- needs -------------------------------------------------------------------------------------
 */

enum tfr_need_kind {
    TFR_NEED_BUCKET = TFR_NAMED_BUCKET,
    TFR_NEED_QUEUE = TFR_NAMED_QUEUE,
    TFR_NEED_TOPIC = TFR_NAMED_TOPIC,
    TFR_NEED_TABLE = TFR_NAMED_TABLE,
    TFR_NEED_STREAM = TFR_NAMED_STREAM,
    TFR_NEED_SECRET = TFR_NAMED_SECRET,
    TFR_NEED_KINDS
};

struct tfr_need {
    enum tfr_need_kind kind;
    struct tfr_env env;
    const struct tfr_resource *object; /* the live object of this document that is meant, or NULL */
    const char *arn;     /* a pattern, "*" where a part is not known; NULL: nothing is known */
    bool certain;        /* value or reference say so; else the name of the variable alone does */
    bool vague;          /* the name in `arn` is not known yet */
    const char *because; /* not NULL: which object is meant is known later */
};
struct tfr_needs {
    const struct tfr_need *at;
    uint32_t count;
};
/* What the environment of a live workload implies: found once for a document. */
struct tfr_needs tfr_workload_needs(const struct tfr_input *in,
                                    const struct tfr_workload *workload);

/* Fills in `arn` and `vague` of a need whose object is known. */
void tfr_need_set_arn(const struct tfr_input *in, struct tfr_need *need);

#endif
