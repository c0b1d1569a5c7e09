/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/execution_role.h"

#include "policies/containers.h"
#include "policies/lookup.h"
#include "policies/roles.h"
#include "policies/wires.h"

#include <string.h>

/* ---- what is found of one task -----------------------------------------------------------------
 */

struct look {
    const struct tfr_input *in;
    struct tfr_findings_builder *out;
    bool secrets; /* else images and logs */
    struct tfr_lookup *kept, *keys, *repositories;
    /* of the task that is looked at now */
    const struct tfr_resource *task;
    bool fargate;
    struct tfr_role_name role;
    uint32_t asked;
    const char *lacks;             /* the first action that is refused */
    const char *for_what;          /* a clause */
    const struct tfr_value *name;  /* of the secret, or NULL */
    const struct tfr_value *where; /* the container */
    const char *because;
};

struct want {
    const char *action, *arn;
    const struct tfr_resource *object;
    const char *for_what;
};

static void ask(struct look *look, const struct want *want)
{
    const struct tfr_iam_question question = { .action = want->action,
                                               .arn = want->arn,
                                               .object = want->object };
    struct tfr_permission permission = { TFR_NO, NULL, NULL };

    look->asked++;
    if (!look->role.none)
        tfr_named_may(look->in, &look->role, &question, &permission);
    if (permission.is == TFR_NO && look->lacks == NULL) {
        look->lacks = want->action;
        look->for_what = want->for_what;
    } else if (permission.is == TFR_MAYBE && look->because == NULL) {
        look->because = permission.because != NULL ? permission.because : "execution_role_arn";
    }
}

static const char *format(struct look *look, const char *start, const char *middle, size_t len,
                          const char *end)
{
    const size_t before = strlen(start), behind = strlen(end);
    char *text = tfr_arena_alloc(look->in->scratch, before + len + behind + 1);

    memcpy(text, start, before);
    memcpy(text + before, middle, len);
    memcpy(text + before + len, end, behind + 1);
    return text;
}

/* ---- secrets -----------------------------------------------------------------------------------
 */

/* The place behind so many colons, or the end. */
static const char *behind_colons(const char *text, int colons)
{
    while (*text != '\0' && colons > 0)
        colons -= *text++ == ':';
    return text;
}

/* The six characters that the service puts behind a name. */
static bool has_suffix(const char *text, size_t len)
{
    return len > 7 && text[len - 7] == '-' &&
           strspn(text + len - 6,
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") >= 6;
}

static void ask_key(struct look *look, const struct tfr_resource *kept, const char *attribute)
{
    const struct tfr_value *key =
        kept != NULL ? tfr_value_get(&kept->after, attribute) : &tfr_absent;
    const struct tfr_resource *object = tfr_lookup_find(look->keys, key);
    struct want want = { "kms:Decrypt", NULL, object,
                         "and it is encrypted with a key of your own" };
    struct tfr_links links;

    if (key->kind == TFR_UNKNOWN && tfr_wires_written(look->in, kept, attribute)) {
        tfr_links_of(look->in, kept, attribute, "aws_kms_key", &links);
        object = want.object =
            links.count == 1 && !links.open && !links.others ? links.at[0] : NULL;
        if (object == NULL && look->because == NULL)
            look->because = links.because;
    }
    if (object == NULL)
        return; /* the default key, or one of elsewhere, whose policy is not here */
    key = tfr_value_get(&object->after, "arn");
    want.arn = key->kind == TFR_STRING ? key->text : "arn:*:kms:*:*:key/*";
    ask(look, &want);
}

static void ask_secret(struct look *look, const struct tfr_value *from)
{
    const char *service = behind_colons(from->text, 2);
    const bool arn = strncmp(from->text, "arn:", 4) == 0;
    struct want want = { .for_what = "which it injects" };

    if (arn && strncmp(service, "secretsmanager:", 15) == 0) {
        const char *name = behind_colons(from->text, 6);
        const size_t len = (size_t)(name - from->text) + strcspn(name, ":");

        want.action = "secretsmanager:GetSecretValue";
        want.arn = format(look, "", from->text, len, has_suffix(from->text, len) ? "" : "*");
        want.object = tfr_lookup_text(look->kept, from->text, len);
        ask(look, &want);
        ask_key(look, want.object, "kms_key_id");
        return;
    }
    want.action = "ssm:GetParameters";
    want.object = tfr_lookup_find(look->kept, from);
    want.arn = arn ? from->text
                   : format(look, "arn:*:ssm:*:*:parameter/", from->text + (from->text[0] == '/'),
                            strlen(from->text + (from->text[0] == '/')), "");
    ask(look, &want);
    ask_key(look, want.object, "key_id");
}

static void see_secret(struct look *look, const struct tfr_value *container,
                       const struct tfr_value *name, const struct tfr_value *from)
{
    const char *lacked = look->lacks;

    if (from->kind != TFR_STRING || from->count == 0)
        return;
    ask_secret(look, from);
    if (lacked == NULL && look->lacks != NULL) {
        look->name = name;
        look->where = container;
    }
}

static void see_secrets(struct look *look, const struct tfr_value *container)
{
    const struct tfr_value *lists[] = {
        tfr_value_get(container, "secrets"),
        tfr_value_get(tfr_value_get(container, "logConfiguration"), "secretOptions"),
    };
    const struct tfr_value *credentials =
        tfr_value_get(tfr_value_get(container, "repositoryCredentials"), "credentialsParameter");

    for (size_t k = 0; k < 2; k++) {
        for (uint32_t i = 0; lists[k]->kind == TFR_LIST && i < lists[k]->count; i++)
            see_secret(look, container, tfr_value_get(&lists[k]->items[i], "name"),
                       tfr_value_get(&lists[k]->items[i], "valueFrom"));
    }
    see_secret(look, container, NULL, credentials);
}

/* ---- images and logs ---------------------------------------------------------------------------
 */

/* ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG */
static void see_image(struct look *look, const struct tfr_value *image)
{
    static const char *const actions[] = { "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer" };
    const char *host = image->kind == TFR_STRING ? strstr(image->text, ".dkr.ecr.") : NULL;
    const char *name = host != NULL ? strchr(host, '/') : NULL;
    struct want want = { "ecr:GetAuthorizationToken", "*", NULL, "to pull its image" };
    size_t len;

    if (name == NULL || strchr(image->text, '/') != name)
        return;
    name++;
    len = strcspn(name, ":@");
    ask(look, &want);
    want.object =
        tfr_lookup_text(look->repositories, image->text, (size_t)(name - image->text) + len);
    want.arn = format(look, "arn:*:ecr:*:*:repository/", name, len, "");
    for (size_t i = 0; i < 2; i++) {
        want.action = actions[i];
        ask(look, &want);
    }
}

static void see_logs(struct look *look, const struct tfr_value *container)
{
    static const char *const actions[] = { "logs:CreateLogStream", "logs:PutLogEvents" };
    const struct tfr_value *logs = tfr_value_get(container, "logConfiguration");
    const struct tfr_value *group = tfr_value_get(tfr_value_get(logs, "options"), "awslogs-group");
    struct want want = { .for_what = "to write its logs" };

    /* On instances the driver writes with the rights of the instance. */
    if (!look->fargate || !tfr_value_is(tfr_value_get(logs, "logDriver"), "awslogs") ||
        group->kind != TFR_STRING)
        return;
    want.arn = format(look, "arn:*:logs:*:*:log-group:", group->text, group->count, "*");
    for (size_t i = 0; i < 2; i++) {
        want.action = actions[i];
        ask(look, &want);
    }
}

/* What is to be known later cannot ask for more than this. */
static void ask_for_anything(struct look *look, const struct tfr_workload *workload)
{
    static const struct {
        bool secrets;
        const char *action, *arn;
    } all[] = {
        { true, "secretsmanager:GetSecretValue", "arn:*:secretsmanager:*:*:secret:*" },
        { true, "ssm:GetParameters", "arn:*:ssm:*:*:parameter/*" },
        { false, "ecr:GetAuthorizationToken", "*" },
        { false, "ecr:BatchGetImage", "arn:*:ecr:*:*:repository/*" },
        { false, "ecr:GetDownloadUrlForLayer", "arn:*:ecr:*:*:repository/*" },
        { false, "logs:CreateLogStream", "arn:*:logs:*:*:log-group:*" },
        { false, "logs:PutLogEvents", "arn:*:logs:*:*:log-group:*" },
    };

    look->asked = 1;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const struct tfr_iam_question question = { .action = all[i].action,
                                                   .arn = all[i].arn,
                                                   .vague = true };
        struct tfr_permission permission = { TFR_NO, NULL, NULL };

        if (all[i].secrets != look->secrets)
            continue;
        if (!look->role.none)
            tfr_named_may(look->in, &look->role, &question, &permission);
        if (permission.is != TFR_YES)
            look->because = workload->because;
    }
}

/* ---- tasks -------------------------------------------------------------------------------------
 */

static const char *role_words(const struct look *look)
{
    return look->role.count == 1 ? look->role.at[0]->resource->address->text : "its execution role";
}

static void report(struct look *look)
{
    struct tfr_findings_builder *out = look->out;

    if (look->role.none) {
        tfr_findings_add(out, look->task, "it needs %s %s, and it has no execution role",
                         look->lacks, look->for_what);
        tfr_finding_evidence(out, TFR_EVIDENCE_ABSENCE, look->task->address->text,
                             "execution_role_arn", "execution_role_arn is not set");
        return;
    }
    if (look->name != NULL)
        tfr_findings_add(out, look->task, "%s may not do %s on the secret behind %s, %s",
                         role_words(look), look->lacks, tfr_findings_show(out, "name", look->name),
                         look->for_what);
    else
        tfr_findings_add(out, look->task, "%s may not do %s %s", role_words(look), look->lacks,
                         look->for_what);
    tfr_finding_evidence(out, TFR_EVIDENCE_ABSENCE, role_words(look), NULL,
                         "no policy of the role, and none of the object, allows it");
}

static void answer(struct look *look)
{
    /* Without a role instances pull with their own rights; secrets they cannot inject. */
    if (look->asked == 0 || (look->role.none && !look->secrets && !look->fargate))
        return;
    if (look->lacks != NULL)
        report(look);
    else if (look->because != NULL)
        tfr_findings_undecided(look->out, look->task, look->because,
                               "what its execution role may do shows after the apply");
    else
        tfr_findings_pass(look->out, look->task);
}

static void look_at(struct look *look, const struct tfr_workload *workload)
{
    const struct tfr_value *all = workload->containers;

    look->task = workload->resource;
    look->fargate = tfr_task_on_fargate(look->in, look->task);
    look->asked = 0;
    look->lacks = look->because = NULL;
    look->name = look->where = NULL;
    tfr_role_named(look->in, look->task, "execution_role_arn", TFR_AFTER, &look->role);
    if (workload->because != NULL)
        ask_for_anything(look, workload);
    for (uint32_t i = 0; all->kind == TFR_LIST && i < all->count; i++) {
        if (look->secrets) {
            see_secrets(look, &all->items[i]);
        } else {
            see_image(look, tfr_value_get(&all->items[i], "image"));
            see_logs(look, &all->items[i]);
        }
    }
    answer(look);
}

/* ---- the analyser ------------------------------------------------------------------------------
 */

static void index_type(const struct tfr_input *in, struct tfr_lookup **lookup, const char *type,
                       const char *const *attributes)
{
    const struct tfr_resource_run run = tfr_input_type(in, type);

    for (uint32_t i = 0; i < run.count; i++) {
        tfr_input_fetch(in, &run, i, attributes[0]);
        for (const char *const *at = attributes; tfr_resource_is_live(run.at[i]) && *at != NULL;
             at++)
            tfr_lookup_add(lookup, tfr_input_get(in, &run.at[i]->after, *at), run.at[i]);
    }
}

void tfr_check_execution_role(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    static const char *const secret[] = { "arn", "id", NULL };
    static const char *const parameter[] = { "arn", "name", NULL };
    static const char *const key[] = { "arn", "key_id", "id", NULL };
    static const char *const repository[] = { "repository_url", NULL };
    const char *what = tfr_input_param(in, "for");
    const struct tfr_workloads workloads = tfr_input_workloads(in);
    struct look look = { .in = in, .out = out };

    look.secrets = what != NULL && strcmp(what, "secrets") == 0;
    index_type(in, &look.kept, "aws_secretsmanager_secret", secret);
    index_type(in, &look.kept, "aws_ssm_parameter", parameter);
    index_type(in, &look.keys, "aws_kms_key", key);
    index_type(in, &look.repositories, "aws_ecr_repository", repository);
    for (uint32_t i = 0; i < workloads.count; i++)
        look_at(&look, workloads.at[i]);
    tfr_lookup_free(look.kept);
    tfr_lookup_free(look.keys);
    tfr_lookup_free(look.repositories);
}
