/* SPDX-License-Identifier: Apache-2.0 */
/* What variables name, against what the plan takes away. */
#include "policies/env_objects.h"
#include "policies/containers.h"
#include "policies/env_names.h"
#include "policies/hosts.h"
#include "policies/wires.h"

#include <string.h>

/* Kinds of objects whose names variables hold. An identity names its object wherever it stands; a
 * name does only in a variable that speaks of such things. */
static const enum tfr_named_kind kinds[] = { TFR_NAMED_QUEUE, TFR_NAMED_BUCKET, TFR_NAMED_TABLE,
                                             TFR_NAMED_TOPIC, TFR_NAMED_STREAM, TFR_NAMED_SECRET };
#define KINDS (sizeof kinds / sizeof kinds[0])

#define IDENTITY (TFR_NAMED_OWN | TFR_NAMED_ADDRESS)
#define STAYS (TFR_NAMED_LIVE | TFR_NAMED_READ)

struct look {
    const struct tfr_input *in;
    const char *family; /* of the workload, or its name */
    uint32_t known;
    const char *unknown;
    const char *variable; /* of what is taken away */
    const struct tfr_resource *gone_object;
};

/* The object that a text, or the host in it, identifies; NULL if there is none. */
static const struct tfr_named *find(const struct tfr_named *named, const struct tfr_named *host,
                                    unsigned states)
{
    const struct tfr_named *found = tfr_named_find(named, TFR_NAMED_KINDS, states, IDENTITY);

    return found != NULL ? found : tfr_named_find(host, TFR_NAMED_KINDS, states, IDENTITY);
}

/* The name at the end of an ARN or a queue's URL, or the whole text. */
static const char *name_in(const char *text)
{
    const char *name = text;

    if (strncmp(text, "arn:", 4) != 0 && strncmp(text, "https://sqs.", 12) != 0)
        return text;
    for (const char *at = text; *at != '\0'; at++) {
        if ((*at == '/' || *at == ':') && at[1] != '\0')
            name = at + 1;
    }
    return name;
}

/* How far two names are alike, up to the last separator that they share. */
static size_t shared(const char *a, const char *b)
{
    size_t len = 0;

    for (size_t i = 0; a[i] != '\0' && a[i] == b[i]; i++) {
        if (a[i] == '-' || a[i] == '_' || a[i] == '/')
            len = i;
    }
    return len;
}

/* A family of names that says whose they are. */
#define TELLING_PREFIX 8

/* @param named what is called by the name */
static void look_at_name(struct look *look, const char *variable, const char *name,
                         const struct tfr_named *named, enum tfr_named_kind kind)
{
    const struct tfr_named *gone = tfr_named_find(named, kind, TFR_NAMED_GONE, TFR_NAMED_NAME);

    if (tfr_named_find(named, kind, STAYS, TFR_NAMED_NAME) != NULL) {
        look->known++;
    } else if (gone != NULL) {
        look->variable = variable;
        look->gone_object = gone->resource;
    } else if (look->unknown == NULL && look->family != NULL &&
               shared(name, look->family) >= TELLING_PREFIX &&
               tfr_named_count(look->in, kind, STAYS) > 0) {
        look->unknown = variable;
    }
}

/* What the host in a text names, where that is not the whole text; or NULL. */
static const struct tfr_named *find_host(const struct look *look, const struct tfr_value *text)
{
    struct tfr_url url;

    if (!tfr_url_parse(text->text, &url) || url.host_len == text->count)
        return NULL;
    return tfr_input_named(look->in, url.host, url.host_len);
}

static void look_at_variable(void *ctx, const struct tfr_env *env)
{
    struct look *look = ctx;
    const char *variable = env->name->text, *name;
    const struct tfr_value *text = env->value;
    const struct tfr_named *named, *host, *gone;
    uint8_t speaks_of;

    if (text->kind != TFR_STRING || text->count == 0 || look->gone_object != NULL)
        return;
    named = tfr_input_named(look->in, text->text, text->count);
    host = find_host(look, text);
    if (find(named, host, STAYS) != NULL) {
        look->known++;
        return;
    }
    gone = find(named, host, TFR_NAMED_GONE);
    speaks_of = tfr_input_env_name(look->in, env->name)->speaks_of;
    name = name_in(text->text);
    if (name != text->text)
        named = tfr_input_named(look->in, name, strlen(name));
    for (size_t i = 0; i < KINDS; i++) {
        /* A new object of the same name has the address of the old one. */
        if (gone != NULL && gone->kind == kinds[i] &&
            tfr_named_find(named, kinds[i], STAYS, TFR_NAMED_NAME) != NULL)
            gone = NULL;
        if (gone == NULL && tfr_env_name_is_of(speaks_of, kinds[i]))
            look_at_name(look, variable, name, named, kinds[i]);
    }
    if (gone != NULL) {
        look->variable = variable;
        look->gone_object = gone->resource;
    }
}

/* ---- what ECS injects --------------------------------------------------------------------------
 */

/* The ARN of a secret, without the field and version that may stand behind it. */
static size_t identity_len(const struct tfr_value *from)
{
    const char *at = from->text;

    if (strncmp(at, "arn:", 4) != 0 || strstr(at, ":secretsmanager:") == NULL)
        return from->count;
    for (int colons = 0; *at != '\0'; at++) {
        if (*at == ':' && ++colons == 7)
            break;
    }
    return (size_t)(at - from->text);
}

static bool is_made_anew(const struct look *look, const struct tfr_named *gone)
{
    const struct tfr_value *name = tfr_value_get(&gone->resource->before, "name");

    return name->kind == TFR_STRING &&
           tfr_named_find(tfr_input_named(look->in, name->text, name->count),
                          (enum tfr_named_kind)gone->kind, STAYS, TFR_NAMED_NAME) != NULL;
}

/* A secret or parameter by its ARN, a parameter by its name as well. */
static const struct tfr_named *find_injected(const struct tfr_named *named, unsigned states)
{
    const struct tfr_named *found = tfr_named_find(named, TFR_NAMED_KINDS, states, IDENTITY);

    return found != NULL ? found
                         : tfr_named_find(named, TFR_NAMED_PARAMETER, states, TFR_NAMED_NAME);
}

static void look_at_injected(struct look *look, const char *what, const struct tfr_value *from)
{
    const struct tfr_named *named, *gone;

    if (from->kind != TFR_STRING || from->count == 0 || look->gone_object != NULL)
        return;
    named = tfr_input_named(look->in, from->text, identity_len(from));
    gone = find_injected(named, TFR_NAMED_GONE);
    if (find_injected(named, STAYS) != NULL) {
        look->known++;
    } else if (gone != NULL && !is_made_anew(look, gone)) {
        look->variable = what;
        look->gone_object = gone->resource;
    }
}

static void look_at_secrets(struct look *look, const struct tfr_value *secrets)
{
    for (uint32_t i = 0; secrets->kind == TFR_LIST && i < secrets->count; i++) {
        const struct tfr_value *name = tfr_value_get(&secrets->items[i], "name");

        look_at_injected(look, name->kind == TFR_STRING ? name->text : "a secret",
                         tfr_value_get(&secrets->items[i], "valueFrom"));
    }
}

/* Without one of them no task starts, whatever the container is for. */
static void look_at_containers(struct look *look, const struct tfr_value *containers)
{
    for (uint32_t i = 0; containers->kind == TFR_LIST && i < containers->count; i++) {
        const struct tfr_value *container = &containers->items[i];

        look_at_secrets(look, tfr_value_get(container, "secrets"));
        look_at_secrets(look, tfr_value_path(container, "logConfiguration.secretOptions"));
        look_at_injected(look, "repositoryCredentials",
                         tfr_value_path(container, "repositoryCredentials.credentialsParameter"));
    }
}

/* ---- answers -----------------------------------------------------------------------------------
 */

static const char *family_of(const struct tfr_workload *workload)
{
    const struct tfr_value *name =
        tfr_value_get(&workload->resource->after, workload->function ? "function_name" : "family");

    return name->kind == TFR_STRING ? name->text : NULL;
}

/* What a text that is not known yet refers to stays: only what is hidden may name what goes. */
static bool is_hidden(const struct tfr_workload *workload)
{
    return workload->because != NULL && strcmp(workload->because, "container_definitions") != 0;
}

static bool goes_anything(const struct tfr_input *in)
{
    for (int kind = 0; kind < TFR_NAMED_KINDS; kind++) {
        if (tfr_named_count(in, (enum tfr_named_kind)kind, TFR_NAMED_GONE) > 0)
            return true;
    }
    return false;
}

static void judge(const struct look *look, const struct tfr_workload *workload,
                  struct tfr_findings_builder *out)
{
    if (look->gone_object != NULL) {
        tfr_findings_add(out, workload->resource, "%s names %s, which this plan takes away",
                         look->variable, look->gone_object->address->text);
        tfr_finding_evidence(out, TFR_EVIDENCE_ACTION, look->gone_object->address->text, NULL,
                             "deleted by this plan");
    } else if (look->unknown != NULL) {
        tfr_findings_undecided(out, workload->resource, look->unknown,
                               "nothing here has the name that it gives; another state may");
    } else if (is_hidden(workload) && goes_anything(look->in)) {
        tfr_findings_undecided(out, workload->resource, workload->because,
                               "whether it names what this plan takes away shows later");
    } else if (look->known > 0 || (workload->because != NULL && goes_anything(look->in))) {
        tfr_findings_pass(out, workload->resource);
    }
}

void tfr_check_env_objects(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_workloads workloads = tfr_input_workloads(in);

    for (uint32_t i = 0; i < workloads.count; i++) {
        struct look look = { .in = in, .family = family_of(workloads.at[i]) };

        tfr_workload_each_env(workloads.at[i], look_at_variable, &look);
        if (!workloads.at[i]->function && workloads.at[i]->containers != NULL)
            look_at_containers(&look, workloads.at[i]->containers);
        judge(&look, workloads.at[i], out);
    }
}
