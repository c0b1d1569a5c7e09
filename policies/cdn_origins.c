/* SPDX-License-Identifier: Apache-2.0 */
/* Buckets behind a distribution: how it signs its requests, and whether the bucket's policy and key
 * let it read. */
#include "policies/cdn_origins.h"
#include "policies/glob.h"
#include "policies/iam_document.h"
#include "policies/lookup.h"
#include "policies/wires.h"

#include <string.h>
#include <strings.h>

struct look {
    const struct tfr_input *in;
    const struct tfr_lookup *buckets;    /* by name */
    const struct tfr_lookup *identities; /* by path */
    const char *stray; /* a bucket policy of whichever bucket: what will decide it */
    const struct tfr_resource *cdn, *bucket, *identity;
    bool legacy; /* it reads by an origin access identity */
    uint32_t origins;
    const char *unreadable, *bypassed, *unknown;
    const struct tfr_resource *found; /* the bucket of the fault */
};

/* ---- whom a statement lets read ----------------------------------------------------------------
 */

struct readers {
    const struct look *look;
    enum tfr_truth_value service; /* the distribution's service, or everybody */
    enum tfr_truth_value identity;
    bool everybody;
};

static void see_principal(void *ctx, const char *kind, const struct tfr_value *text)
{
    struct readers *readers = ctx;
    const struct tfr_resource *identity = readers->look->identity;
    enum tfr_truth_value is_it = TFR_NO;

    if (kind == NULL || tfr_value_is(text, "*")) {
        readers->everybody = true;
        return;
    }
    if (strcmp(kind, "Service") == 0) {
        is_it = tfr_value_is(text, "cloudfront.amazonaws.com") ? TFR_YES
                : text->kind == TFR_UNKNOWN                    ? TFR_MAYBE
                                                               : TFR_NO;
        readers->service = tfr_truth_either(readers->service, is_it);
        return;
    }
    if (text->kind != TFR_STRING) {
        is_it = TFR_MAYBE;
    } else if (strcmp(kind, "CanonicalUser") == 0 ||
               strstr(text->text, "CloudFront Origin Access Identity") != NULL) {
        const struct tfr_value *own =
            identity != NULL ? tfr_value_get(&identity->after, "iam_arn") : &tfr_absent;
        const struct tfr_value *user = identity != NULL
                                           ? tfr_value_get(&identity->after, "s3_canonical_user_id")
                                           : &tfr_absent;

        if (own->kind != TFR_STRING || user->kind != TFR_STRING)
            is_it = TFR_MAYBE;
        else
            is_it = tfr_value_equal(own, text) || tfr_value_equal(user, text) ? TFR_YES : TFR_NO;
    }
    readers->identity = tfr_truth_either(readers->identity, is_it);
}

static enum tfr_truth_value is_source(const struct tfr_value *pattern, const struct tfr_value *arn)
{
    enum tfr_truth_value answer = TFR_NO;

    for (uint32_t i = 0; pattern->kind == TFR_LIST && i < pattern->count; i++)
        answer = tfr_truth_either(answer, is_source(&pattern->items[i], arn));
    if (pattern->kind == TFR_LIST)
        return answer;
    if (pattern->kind != TFR_STRING || arn->kind != TFR_STRING)
        return TFR_MAYBE;
    return tfr_glob_covers(pattern->text, arn->text) ? TFR_YES : TFR_NO;
}

/* Does the condition on AWS:SourceArn, if there is one, let this distribution through? */
static enum tfr_truth_value fits_source(const struct tfr_statement *statement,
                                        const struct tfr_value *arn)
{
    const struct tfr_value *condition = tfr_statement_get(statement, TFR_STATEMENT_CONDITION);
    enum tfr_truth_value answer = TFR_YES;

    if (condition->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    for (uint32_t i = 0; condition->kind == TFR_LIST && i < condition->count; i++) {
        const struct tfr_value *name = tfr_value_get(&condition->items[i], "variable");

        if (name->kind == TFR_STRING && strcasecmp(name->text, "aws:SourceArn") == 0)
            answer = tfr_truth_both(answer,
                                    is_source(tfr_value_get(&condition->items[i], "values"), arn));
    }
    for (uint32_t i = 0; condition->kind == TFR_OBJECT && i < condition->count; i++) {
        const struct tfr_value *test = tfr_member_value(condition, i);

        for (uint32_t k = 0; test->kind == TFR_OBJECT && k < test->count; k++) {
            if (strcasecmp(tfr_member_name(test, k)->text, "aws:SourceArn") == 0)
                answer = tfr_truth_both(answer, is_source(tfr_member_value(test, k), arn));
        }
    }
    return answer;
}

/* Does the document let the distribution do it? */
static enum tfr_truth_value lets(const struct look *look, const struct tfr_iam_document *document,
                                 const char *action, bool *everybody)
{
    const struct tfr_value *arn = tfr_value_get(&look->cdn->after, "arn");
    enum tfr_truth_value answer = document->because != NULL ? TFR_MAYBE : TFR_NO;
    const uint32_t count = tfr_statement_count(document);

    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_statement statement = tfr_statement_at(look->in, document, i);
        struct readers readers = { look, TFR_NO, TFR_NO, false };
        enum tfr_truth_value one = tfr_statement_action(&statement, action);

        if (!tfr_statement_allows(&statement) || one == TFR_NO)
            continue;
        tfr_statement_principals(&statement, see_principal, &readers);
        *everybody = *everybody || readers.everybody;
        if (readers.everybody)
            readers.service = readers.identity = TFR_YES;
        one = tfr_truth_both(one, look->legacy ? readers.identity : readers.service);
        answer = tfr_truth_either(answer, tfr_truth_both(one, fits_source(&statement, arn)));
    }
    return answer;
}

/* ---- the bucket --------------------------------------------------------------------------------
 */

static void note(struct look *look, const char **slot, const char *text)
{
    if (*slot != NULL)
        return;
    *slot = text;
    look->found = look->bucket;
}

/* Objects that belong to the bucket. */
static void companions(const struct look *look, const char *const *types, struct tfr_wires *out)
{
    tfr_wires_to(look->in, look->bucket, "bucket", types, out);
}

static enum tfr_truth_value bucket_lets(const struct look *look, bool *everybody,
                                        const char **because)
{
    static const char *const types[] = { "aws_s3_bucket_policy", NULL };
    struct tfr_iam_document document;
    struct tfr_wires policies;
    enum tfr_truth_value answer = TFR_NO;

    companions(look, types, &policies);
    for (uint32_t i = 0; i < policies.count; i++) {
        tfr_iam_document_of(look->in, policies.at[i], "policy", TFR_AFTER, &document);
        answer = tfr_truth_either(answer, lets(look, &document, "s3:GetObject", everybody));
        if (document.because != NULL)
            *because = document.because;
    }
    tfr_iam_document_of(look->in, look->bucket, "policy", TFR_AFTER, &document);
    if (!document.missing && policies.count == 0)
        answer = lets(look, &document, "s3:GetObject", everybody);
    if (policies.count == 0 && answer == TFR_NO && look->stray != NULL) {
        *because = look->stray;
        return TFR_MAYBE;
    }
    return answer;
}

/* The key that objects are encrypted with: its policy has to let CloudFront decrypt. */
static void look_at_key(struct look *look)
{
    static const char *const types[] = { "aws_s3_bucket_server_side_encryption_configuration",
                                         NULL };
    static const char *const keys[] = { "aws_kms_key", NULL };
    static const char *const separate[] = { "aws_kms_key_policy", NULL };
    struct tfr_iam_document document;
    struct tfr_wires rules, found, policies;
    bool everybody = false;

    companions(look, types, &rules);
    if (tfr_wires_one(&rules) == NULL || look->legacy)
        return;
    tfr_wires_of(look->in, rules.at[0], "rule", keys, &found);
    if (tfr_wires_one(&found) == NULL || found.at[0]->mode != TFR_MANAGED)
        return;
    tfr_wires_to(look->in, found.at[0], "key_id", separate, &policies);
    tfr_iam_document_of(look->in, policies.count > 0 ? policies.at[0] : found.at[0], "policy",
                        TFR_AFTER, &document);
    switch (lets(look, &document, "kms:Decrypt", &everybody)) {
    case TFR_NO:
        note(look, &look->unreadable,
             "the policy of the key that encrypts the bucket does not let "
             "cloudfront.amazonaws.com decrypt");
        break;
    case TFR_MAYBE:
        note(look, &look->unknown,
             document.because != NULL ? document.because : "the policy of the bucket's key");
        break;
    default:
        break;
    }
}

static bool is_shut(const struct look *look)
{
    static const char *const types[] = { "aws_s3_bucket_public_access_block", NULL };
    struct tfr_wires blocks;

    companions(look, types, &blocks);
    return tfr_wires_one(&blocks) != NULL &&
           tfr_value_true(tfr_value_get(&blocks.at[0]->after, "restrict_public_buckets"));
}

static void look_at_unsigned(struct look *look)
{
    if (look->bucket != NULL && is_shut(look))
        note(look, &look->unreadable,
             "it asks the bucket without a signature, and the bucket is "
             "closed to the public");
    else
        note(look, &look->bypassed,
             "it asks the bucket without a signature: nobody may read the "
             "bucket, or everybody may, past the CDN");
}

static void look_at_signed(struct look *look)
{
    const char *because = "the bucket's policy";
    bool everybody = false;

    if (look->bucket == NULL) {
        note(look, &look->unknown, "the bucket's policy, which is not in this document");
        return;
    }
    switch (bucket_lets(look, &everybody, &because)) {
    case TFR_NO:
        note(look, &look->unreadable,
             look->legacy
                 ? "no statement of the bucket's policy lets its origin access identity "
                   "read objects"
                 : "no statement of the bucket's policy lets cloudfront.amazonaws.com read "
                   "objects for this distribution");
        break;
    case TFR_MAYBE:
        note(look, &look->unknown, because);
        break;
    default:
        look_at_key(look);
        break;
    }
}

/* ---- origins -----------------------------------------------------------------------------------
 */

/* The name of the bucket in BUCKET.s3.REGION.amazonaws.com; 0: it is no bucket. Its website is an
 * ordinary host. */
static size_t bucket_name(const struct tfr_value *domain)
{
    const char *at = domain->kind == TFR_STRING ? strstr(domain->text, ".s3") : NULL;
    const char *end = ".amazonaws.com";

    if (at == NULL || (at[3] != '.' && at[3] != '-') || strncmp(at, ".s3-website", 11) == 0 ||
        domain->count < strlen(end) || strcmp(domain->text + domain->count - strlen(end), end) != 0)
        return 0;
    return (size_t)(at - domain->text);
}

static bool has_block(const struct tfr_value *origin, const char *name)
{
    const struct tfr_value *block = tfr_value_get(origin, name);

    return block->kind == TFR_LIST && block->count > 0;
}

static bool is_said(const struct tfr_value *value)
{
    return value->kind == TFR_UNKNOWN || (value->kind == TFR_STRING && value->count > 0);
}

/* @return false if the origin is no bucket, as far as can be told */
static bool find_bucket(struct look *look, const struct tfr_value *origin, uint32_t origins)
{
    static const char *const types[] = { "aws_s3_bucket", NULL };
    const struct tfr_value *domain = tfr_value_get(origin, "domain_name");
    const size_t len = bucket_name(domain);
    struct tfr_wires wires;

    look->bucket = len > 0 ? tfr_lookup_text(look->buckets, domain->text, len) : NULL;
    if (domain->kind == TFR_STRING)
        return len > 0;
    tfr_wires_of(look->in, look->cdn, "origin", types, &wires);
    if (origins == 1 && tfr_wires_one(&wires) != NULL && wires.at[0]->mode == TFR_MANAGED)
        look->bucket = wires.at[0];
    if (look->bucket == NULL && (wires.count > 0 || has_block(origin, "s3_origin_config")))
        note(look, &look->unknown, wires.opaque != NULL ? wires.opaque : "origin.domain_name");
    return look->bucket != NULL;
}

static void look_at_origin(struct look *look, const struct tfr_value *origin, uint32_t origins)
{
    static const char *const identities[] = { "aws_cloudfront_origin_access_identity", NULL };
    const struct tfr_value *identity =
        tfr_value_path(origin, "s3_origin_config.origin_access_identity");
    struct tfr_wires wires;

    if (has_block(origin, "custom_origin_config") || has_block(origin, "vpc_origin_config") ||
        !find_bucket(look, origin, origins))
        return;
    look->origins++;
    look->legacy = is_said(identity) && !is_said(tfr_value_get(origin, "origin_access_control_id"));
    tfr_wires_of(look->in, look->cdn, "origin", identities, &wires);
    look->identity = identity->kind == TFR_STRING ? tfr_lookup_find(look->identities, identity)
                                                  : tfr_wires_one(&wires);
    if (look->legacy || is_said(tfr_value_get(origin, "origin_access_control_id")))
        look_at_signed(look);
    else
        look_at_unsigned(look);
}

static void judge(const struct look *look, struct tfr_findings_builder *out)
{
    static const uint8_t p1[TFR_ENVIRONMENT_COUNT] = { TFR_P1, TFR_P1, TFR_P1 };

    if (look->unreadable == NULL && look->bypassed == NULL) {
        if (look->unknown != NULL)
            tfr_findings_undecided(out, look->cdn, look->unknown,
                                   "whether it may read its bucket shows later");
        else if (look->origins > 0)
            tfr_findings_pass(out, look->cdn);
        return;
    }
    tfr_findings_add(out, look->cdn, "%s",
                     look->unreadable != NULL ? look->unreadable : look->bypassed);
    if (look->unreadable == NULL)
        tfr_finding_severity(out, p1);
    if (look->found != NULL)
        tfr_finding_evidence(out, TFR_EVIDENCE_ATTRIBUTE, look->found->address->text, "policy",
                             NULL);
}

static struct tfr_lookup *by_text(const struct tfr_input *in, const char *type,
                                  const char *attribute)
{
    const struct tfr_resource_run run = tfr_input_type(in, type);
    struct tfr_lookup *lookup = NULL;

    for (uint32_t i = 0; i < run.count; i++) {
        if (tfr_resource_is_live(run.at[i]))
            tfr_lookup_add(&lookup, tfr_value_get(&run.at[i]->after, attribute), run.at[i]);
    }
    return lookup;
}

void tfr_check_cdn_origins(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    static const char *const policies[] = { "aws_s3_bucket_policy", NULL };
    const struct tfr_resource_run cdns = tfr_input_subjects(in);
    struct tfr_lookup *buckets = NULL, *identities = NULL;
    const char *stray = NULL;

    if (cdns.count == 0)
        return;
    buckets = by_text(in, "aws_s3_bucket", "bucket");
    identities =
        by_text(in, "aws_cloudfront_origin_access_identity", "cloudfront_access_identity_path");
    stray = tfr_wires_opaque(in, "bucket", policies);
    for (uint32_t i = 0; i < cdns.count; i++) {
        struct look look = { .in = in,
                             .buckets = buckets,
                             .identities = identities,
                             .stray = stray,
                             .cdn = cdns.at[i] };
        const struct tfr_value *origins = tfr_value_get(&look.cdn->after, "origin");

        if (!tfr_resource_is_live(look.cdn))
            continue;
        for (uint32_t k = 0; origins->kind == TFR_LIST && k < origins->count; k++)
            look_at_origin(&look, &origins->items[k], origins->count);
        judge(&look, out);
    }
    tfr_lookup_free(buckets);
    tfr_lookup_free(identities);
}
