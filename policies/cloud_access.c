/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the code of a service or function refers to (buckets, topics, subscriptions, secrets,
 * databases behind the proxy), the account that it runs as, and the roles that this document grants
 * to the account: on the object, or on the whole project. What is granted elsewhere is not seen: an
 * account that has stood before, and of which this document grants nothing, leaves it undecided.
 */
#include "policies/cloud_access.h"

#include "policies/keys.h"
#include "policies/lookup.h"
#include "policies/wires.h"

#include <string.h>

#define ACCOUNT "google_service_account"
#define MOST 8           /* objects that are told */
#define MOST_GRANTS 1000 /* of one account that are looked at */

struct kind {
    const char *types[2];  /* of the object */
    const char *grants[3]; /* what grants a role on it; none: projects alone do */
    const char *policy[2]; /* what replaces all grants on it */
    const char *path;      /* of a grant: what names the object */
    const char *name;      /* of the object: what it is named by, beside its id */
    const char *fits;      /* how the roles begin that will do */
    bool editor;           /* roles/editor will do as well */
};

static const struct kind kinds[] = {
    { { "google_storage_bucket" },
      { "google_storage_bucket_iam_member", "google_storage_bucket_iam_binding" },
      { "google_storage_bucket_iam_policy" },
      "bucket",
      "name",
      "roles/storage.",
      true },
    { { "google_pubsub_topic" },
      { "google_pubsub_topic_iam_member", "google_pubsub_topic_iam_binding" },
      { "google_pubsub_topic_iam_policy" },
      "topic",
      "name",
      "roles/pubsub.",
      true },
    { { "google_pubsub_subscription" },
      { "google_pubsub_subscription_iam_member", "google_pubsub_subscription_iam_binding" },
      { "google_pubsub_subscription_iam_policy" },
      "subscription",
      "name",
      "roles/pubsub.",
      true },
    { { "google_secret_manager_secret" },
      { "google_secret_manager_secret_iam_member", "google_secret_manager_secret_iam_binding" },
      { "google_secret_manager_secret_iam_policy" },
      "secret_id",
      "secret_id",
      "roles/secretmanager.",
      false },
    { { "google_sql_database_instance" }, { NULL }, { NULL }, NULL, NULL, "roles/cloudsql.", true },
};
#define KINDS (sizeof kinds / sizeof kinds[0])

/* On the project, or on what it lies in. */
static const char *const wide[] = { "google_project_iam_member",
                                    "google_project_iam_binding",
                                    "google_folder_iam_member",
                                    "google_folder_iam_binding",
                                    "google_organization_iam_member",
                                    "google_organization_iam_binding",
                                    NULL };
static const char *const wide_policies[] = { "google_project_iam_policy",
                                             "google_folder_iam_policy",
                                             "google_organization_iam_policy", NULL };

/* Where a type keeps what it is given, and its account. */
static const struct {
    const char *type, *root, *account;
} services[] = {
    { "google_cloud_run_v2_service", "template", "template.0.service_account" },
    { "google_cloudfunctions2_function", "service_config",
      "service_config.0.service_account_email" },
};

#define SERVICES (sizeof services / sizeof services[0])

struct survey {
    const struct tfr_input *in;
    struct tfr_keys *keys;       /* grants by a member, accounts by their address */
    struct tfr_lookup *accounts; /* struct held, by the address of the account */
    struct tfr_lookup *objects;  /* what is granted to others, by the address of the object */
    bool wide_policy;            /* all grants of a project stand in one place */
    const char *wide_open;       /* a grant of a project may be anybody's: what decides it */
};

/* What an account is granted. */
struct held {
    const struct tfr_key_entry *written; /* by who names it as a text */
    struct tfr_wires referring[2];       /* by who refers to it */
};

/* One service. */
struct look {
    struct survey *survey;
    const struct tfr_resource *service, *account;
    const struct held *held;
    const struct tfr_resource *lacks[MOST];
    uint32_t count;
    const char *because;
};

/* ---- grants ------------------------------------------------------------------------------------
 */

static bool begins(const struct tfr_value *value, const char *start)
{
    return value->kind == TFR_STRING && strncmp(value->text, start, strlen(start)) == 0;
}

static bool is_one_of(const struct tfr_resource *resource, const char *const *types)
{
    while (*types != NULL && !tfr_sym_is(resource->type, *types))
        types++;
    return *types != NULL;
}

/* It shows that there is something, and nothing of what is in it. */
static bool looks_only(const char *role)
{
    return (strstr(role, "iewer") != NULL && strstr(role, "bject") == NULL) ||
           strstr(role, "secretVersion") != NULL || strstr(role, "instanceUser") != NULL;
}

/* A role that a project made itself, and one of an agent or a worker, holds who knows what. */
static enum tfr_truth_value fits(const struct kind *kind, const struct tfr_value *role)
{
    static const char *const broad[] = { "gent",     "worker",   "builder",   "firebase",
                                         "dataflow", "dataproc", "appengine", "roles/viewer" };

    if (!begins(role, "roles/"))
        return TFR_MAYBE;
    if (tfr_value_is(role, "roles/owner") || (kind->editor && tfr_value_is(role, "roles/editor")))
        return TFR_YES;
    if (begins(role, kind->fits))
        return looks_only(role->text) ? TFR_NO : TFR_YES;
    for (size_t i = 0; i < sizeof broad / sizeof broad[0]; i++) {
        if (strstr(role->text, broad[i]) != NULL)
            return TFR_MAYBE;
    }
    return TFR_NO;
}

/* "shop-media", or the last part of "projects/shop/topics/orders". */
static bool is_named(const struct tfr_value *text, const struct tfr_value *name)
{
    const char *last;

    if (text->kind != TFR_STRING || name->kind != TFR_STRING)
        return false;
    last = strrchr(text->text, '/');
    return strcmp(text->text, name->text) == 0 ||
           (last != NULL && strcmp(last + 1, name->text) == 0);
}

static enum tfr_truth_value is_on(const struct look *look, const struct kind *kind,
                                  const struct tfr_resource *grant,
                                  const struct tfr_resource *object)
{
    const struct tfr_input *in = look->survey->in;
    const struct tfr_value *text = &tfr_absent;
    struct tfr_wires wires;

    if (is_one_of(grant, wide))
        return TFR_YES;
    if (!is_one_of(grant, kind->grants))
        return TFR_NO;
    text = tfr_value_get(tfr_resource_values(grant), kind->path);
    if (is_named(text, tfr_value_get(tfr_resource_values(object), kind->name)))
        return TFR_YES;
    tfr_wires_of(in, grant, kind->path, kind->types, &wires);
    for (uint32_t i = 0; i < wires.count; i++) {
        if (wires.at[i] == object)
            return wires.exact ? TFR_YES : TFR_MAYBE;
    }
    return wires.opaque != NULL ? TFR_MAYBE : TFR_NO;
}

static enum tfr_truth_value grants(const struct look *look, const struct kind *kind,
                                   const struct tfr_resource *grant,
                                   const struct tfr_resource *object)
{
    const struct tfr_value *values = tfr_resource_values(grant);
    enum tfr_truth_value answer = fits(kind, tfr_value_get(values, "role"));

    if (answer != TFR_NO)
        answer = tfr_truth_both(answer, is_on(look, kind, grant, object));
    if (answer == TFR_YES && !tfr_value_is_blank(tfr_value_get(values, "condition")))
        answer = TFR_MAYBE;
    return answer;
}

/* Those that name the account. */
static enum tfr_truth_value account_may(const struct look *look, const struct kind *kind,
                                        const struct tfr_resource *object)
{
    const struct held *held = look->held;
    enum tfr_truth_value answer = TFR_NO;
    uint32_t left = MOST_GRANTS;

    for (const struct tfr_key_entry *at = held->written; at != NULL && left > 0;
         at = at->next, left--)
        answer = tfr_truth_either(answer, grants(look, kind, at->resource, object));
    for (size_t i = 0; i < 2; i++) {
        for (uint32_t k = 0; k < held->referring[i].count && left > 0; k++, left--)
            answer = tfr_truth_either(answer, grants(look, kind, held->referring[i].at[k], object));
    }
    return left > 0 ? answer : tfr_truth_either(answer, TFR_MAYBE);
}

/* A group, or a member that the document does not show, may hold the account. */
static enum tfr_truth_value member_is_it(const struct look *look, const struct tfr_resource *grant,
                                         const struct tfr_value *member, const char *path)
{
    static const char *const none[] = { NULL };
    struct tfr_wires wires;

    if (begins(member, "allUsers") || begins(member, "allAuthenticatedUsers"))
        return TFR_YES;
    if (begins(member, "group:") || begins(member, "domain:") || begins(member, "principalSet:") ||
        begins(member, "project"))
        return TFR_MAYBE;
    if (member->kind != TFR_UNKNOWN)
        return TFR_NO;
    tfr_wires_of(look->survey->in, grant, path, none, &wires);
    return wires.opaque != NULL ? TFR_MAYBE : TFR_NO;
}

static enum tfr_truth_value grant_is_for_all(const struct look *look,
                                             const struct tfr_resource *grant)
{
    const struct tfr_value *values = tfr_resource_values(grant);
    const struct tfr_value *members = tfr_value_get(values, "members");
    enum tfr_truth_value answer =
        member_is_it(look, grant, tfr_value_get(values, "member"), "member");

    if (members->kind == TFR_UNKNOWN)
        answer = tfr_truth_either(answer, member_is_it(look, grant, members, "members"));
    for (uint32_t i = 0; members->kind == TFR_LIST && i < members->count; i++)
        answer = tfr_truth_either(answer, member_is_it(look, grant, &members->items[i], "members"));
    return answer;
}

static enum tfr_truth_value find_others(const struct look *look, const struct kind *kind,
                                        const struct tfr_resource *object)
{
    const struct tfr_input *in = look->survey->in;
    enum tfr_truth_value answer = TFR_NO;
    struct tfr_wires wires;

    if (kind->path == NULL)
        return TFR_NO;
    tfr_wires_to(in, object, kind->path, kind->policy, &wires);
    if (wires.count > 0 || wires.opaque != NULL)
        return TFR_MAYBE;
    tfr_wires_to(in, object, kind->path, kind->grants, &wires);
    for (uint32_t i = 0; i < wires.count && answer != TFR_YES; i++)
        answer = tfr_truth_either(answer, grant_is_for_all(look, wires.at[i]));
    return wires.opaque != NULL ? tfr_truth_either(answer, TFR_MAYBE) : answer;
}

/* Those on the object that name others: found once for an object. */
static enum tfr_truth_value others_may(const struct look *look, const struct kind *kind,
                                       const struct tfr_resource *object)
{
    static const enum tfr_truth_value answers[] = { TFR_YES, TFR_NO, TFR_MAYBE };
    const void **place =
        tfr_lookup_place(&look->survey->objects, object->address->text, object->address->len, NULL);

    if (*place == NULL) {
        const enum tfr_truth_value answer = find_others(look, kind, object);

        *place = answer == TFR_YES ? &answers[0] : answer == TFR_NO ? &answers[1] : &answers[2];
    }
    return *(const enum tfr_truth_value *)*place;
}

/* ---- needs -------------------------------------------------------------------------------------
 */

static void look_at_object(struct look *look, const struct kind *kind,
                           const struct tfr_resource *object, bool sure)
{
    enum tfr_truth_value answer = account_may(look, kind, object);

    if (answer != TFR_YES)
        answer = tfr_truth_either(answer, others_may(look, kind, object));
    if (answer == TFR_YES)
        return;
    if (answer == TFR_NO && sure && !look->survey->wide_policy && look->survey->wide_open == NULL) {
        if (look->count < MOST)
            look->lacks[look->count] = object;
        look->count++;
    } else if (look->because == NULL) {
        look->because =
            look->survey->wide_open != NULL ? look->survey->wide_open : object->address->text;
    }
}

static void look_at_kind(struct look *look, const struct kind *kind, const char *path)
{
    struct tfr_wires wires;

    tfr_wires_of(look->survey->in, look->service, path, kind->types, &wires);
    for (uint32_t i = 0; i < wires.count; i++)
        look_at_object(look, kind, wires.at[i], wires.exact);
}

/* ---- one service -------------------------------------------------------------------------------
 */

static const struct tfr_resource *find_account(const struct survey *survey,
                                               const struct tfr_resource *service, const char *path)
{
    static const char *const types[] = { ACCOUNT, NULL };
    const struct tfr_value *text = tfr_value_path(&service->after, path);
    const struct tfr_key_entry *named = NULL;
    struct tfr_wires wires;

    if (text->kind == TFR_STRING)
        named = tfr_keys_find(survey->keys, ACCOUNT, text->text, text->count);
    if (named != NULL)
        return named->resource;
    tfr_wires_of(survey->in, service, path, types, &wires);
    return tfr_wires_one(&wires);
}

static const struct held *find_held(const struct survey *survey, const struct tfr_resource *account)
{
    const struct tfr_value *email = tfr_value_get(tfr_resource_values(account), "email");
    struct held *held = tfr_arena_zalloc(survey->in->scratch, sizeof *held);
    const char *types[2 * KINDS + sizeof wide / sizeof wide[0]];
    size_t count = 0;

    for (size_t i = 0; i < KINDS; i++) {
        for (size_t k = 0; kinds[i].grants[k] != NULL; k++)
            types[count++] = kinds[i].grants[k];
    }
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        types[count++] = wide[i];
    tfr_wires_to(survey->in, account, "member", types, &held->referring[0]);
    tfr_wires_to(survey->in, account, "members", types, &held->referring[1]);
    if (email->kind == TFR_STRING)
        held->written = tfr_keys_find(survey->keys, "member", email->text, email->count);
    return held;
}

/* Found once for an account. */
static const struct held *held_by(struct survey *survey, const struct tfr_resource *account)
{
    const void **place =
        tfr_lookup_place(&survey->accounts, account->address->text, account->address->len, NULL);

    if (*place == NULL)
        *place = find_held(survey, account);
    return *place;
}

static void answer(const struct look *look, struct tfr_findings_builder *out)
{
    const struct tfr_resource *account = look->account;
    const struct held *held = look->held;
    const bool is_new = account->mode == TFR_MANAGED && account->before.kind != TFR_OBJECT;
    const bool is_granted =
        held->written != NULL || held->referring[0].count > 0 || held->referring[1].count > 0;

    if (look->count > 0 && (is_new || is_granted)) {
        tfr_findings_add(out, look->service, "its account %s has no role on %s",
                         account->address->text, look->lacks[0]->address->text);
        for (uint32_t i = 0; i < look->count && i < MOST; i++)
            tfr_finding_evidence(out, TFR_EVIDENCE_ATTRIBUTE, look->lacks[i]->address->text, NULL,
                                 "no grant for the account");
    } else if (look->count > 0 || look->because != NULL) {
        tfr_findings_undecided(out, look->service,
                               look->because != NULL ? look->because : account->address->text,
                               "what its account may do cannot be told from this document");
    } else {
        tfr_findings_pass(out, look->service);
    }
}

/* One that runs as the account of nobody in particular, or of elsewhere, is not asked. */
static void look_at(struct survey *survey, const struct tfr_resource *service,
                    struct tfr_findings_builder *out)
{
    struct look look = { .survey = survey, .service = service };
    size_t at = 0;

    while (at < SERVICES && !tfr_sym_is(service->type, services[at].type))
        at++;
    if (at == SERVICES)
        return;
    look.account = find_account(survey, service, services[at].account);
    if (look.account == NULL)
        return;
    look.held = held_by(survey, look.account);
    for (size_t i = 0; i < KINDS; i++) {
        const bool database = kinds[i].path == NULL;

        if (!database || at == 0)
            look_at_kind(&look, &kinds[i], database ? "template.0.volumes" : services[at].root);
    }
    answer(&look, out);
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

static void file_member(struct survey *survey, const struct tfr_resource *grant,
                        const struct tfr_value *member)
{
    static const char start[] = "serviceAccount:";
    const size_t len = sizeof start - 1;

    if (begins(member, start))
        tfr_keys_add(survey->keys, "member", member->text + len, member->count - len, grant);
}

static void file_grants(struct survey *survey, const char *const *types)
{
    for (; *types != NULL; types++) {
        const struct tfr_resource_run run = tfr_input_type(survey->in, *types);

        for (uint32_t i = 0; i < run.count; i++) {
            const struct tfr_value *values = tfr_resource_values(run.at[i]);
            const struct tfr_value *members = tfr_value_get(values, "members");

            if (!tfr_resource_is_live(run.at[i]))
                continue;
            file_member(survey, run.at[i], tfr_value_get(values, "member"));
            for (uint32_t k = 0; members->kind == TFR_LIST && k < members->count; k++)
                file_member(survey, run.at[i], &members->items[k]);
        }
    }
}

static void file_accounts(struct survey *survey, const char *type)
{
    const struct tfr_resource_run run = tfr_input_type(survey->in, type);

    for (uint32_t i = 0; i < run.count; i++) {
        const struct tfr_value *email = tfr_value_get(tfr_resource_values(run.at[i]), "email");

        if (email->kind == TFR_STRING &&
            (run.at[i]->mode == TFR_DATA || tfr_resource_is_live(run.at[i])))
            tfr_keys_add(survey->keys, ACCOUNT, email->text, email->count, run.at[i]);
    }
}

static bool is_any_live(const struct tfr_input *in, const char *const *types)
{
    for (; *types != NULL; types++) {
        const struct tfr_resource_run run = tfr_input_type(in, *types);

        for (uint32_t i = 0; i < run.count; i++) {
            if (tfr_resource_is_live(run.at[i]))
                return true;
        }
    }
    return false;
}

static void make_survey(struct survey *survey)
{
    for (size_t i = 0; i < KINDS; i++)
        file_grants(survey, kinds[i].grants);
    file_grants(survey, wide);
    file_accounts(survey, "data." ACCOUNT);
    file_accounts(survey, ACCOUNT); /* the last one counts */
    survey->wide_policy = is_any_live(survey->in, wide_policies);
    survey->wide_open = tfr_wires_opaque(survey->in, "member", wide);
    if (survey->wide_open == NULL)
        survey->wide_open = tfr_wires_opaque(survey->in, "members", wide);
}

void tfr_check_cloud_access(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run run = tfr_input_subjects(in);
    struct survey survey = { .in = in };

    if (run.count == 0)
        return;
    survey.keys = tfr_keys_new(in->scratch);
    make_survey(&survey);
    for (uint32_t i = 0; i < run.count; i++) {
        if (tfr_resource_is_live(run.at[i]) && !run.at[i]->duplicate)
            look_at(&survey, run.at[i], out);
    }
    tfr_keys_free(survey.keys);
    tfr_lookup_free(survey.accounts);
    tfr_lookup_free(survey.objects);
}
